//! What the present animators leave uncovered: people, days and hours that are missing.

use super::cover::Brought;
use super::experience::accompanies;
use crate::domain::{CommunityKind, Timestamp};
use crate::signals::circles::Circle;
use crate::signals::days::Days;
use crate::signals::workload::{SLOT_HOURS, USUAL_HOURS, Workload};
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeMap;

/// Active people for whom a community takes an hour a week more, where no hours were declared.
const PEOPLE_AN_HOUR: usize = 25;

/// One of the present animators.
#[derive(Clone, Debug, PartialEq)]
pub struct Present {
    /// Who.
    pub person: PersonIx,
    /// What animating takes from them.
    pub load: Workload,
    pub(super) brought: Brought,
}

/// What the present animators leave uncovered.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Days of the next 90 on which none of them is there.
    pub days: Days,
    /// Hours a week that such a community takes, as its size tells.
    pub usual_hours: f64,
    /// Hours a week that the community takes: those that its animators give, where these are more.
    pub hours: f64,
    /// Of these, hours that nobody has.
    pub hours_short: f64,
    /// Animators that are missing to the fewest that such a community has.
    pub people: u32,
    /// The present animators, in the order of identifiers.
    pub present: Vec<Present>,
}

impl Need {
    /// What `animators` leave uncovered in `community`. Hours that it takes: those that its animators give, and never less
    /// than one a week and one more for every 25 people in the core or active circle; what an animator gives beyond their
    /// own hours is short. `circles` are those of its people. Cost: the animators, and its people.
    pub fn of(
        view: &View,
        community: CommunityIx,
        (animators, circles): (&[PersonIx], &BTreeMap<PersonIx, Circle>),
        as_of: Timestamp,
    ) -> Self {
        let active = circles.values().filter(|&&circle| circle >= Circle::Active).count();
        let usual_hours = USUAL_HOURS + (active / PEOPLE_AN_HOUR) as f64;
        let present = |&person: &PersonIx| {
            let load = Workload::of(view, person, as_of);
            let brought = Brought::by(view, person, load.given_to(community), as_of);
            Present { person, load, brought }
        };
        let present: Vec<Present> = animators.iter().map(present).collect();
        let hours: f64 = present.iter().map(|one| one.load.hours_in(community)).sum();
        let given: f64 = present.iter().map(|one| one.load.given_to(community)).sum();
        let hours = hours.max(usual_hours);
        let there = present
            .iter()
            .fold(Days::NONE, |days, one| days.union(one.brought.there));
        let kind = view.communities.get(community).state.as_ref().and_then(|s| s.kind);
        Self {
            days: Days::ALL.without(there),
            usual_hours,
            hours,
            hours_short: (hours - given).max(0.0),
            people: fewest(kind).saturating_sub(animators.len() as u32),
            present,
        }
    }

    /// Whether somebody more is needed: animators are missing, nobody is there on some days, or a slot of hours is short.
    pub fn is_open(&self) -> bool {
        self.people > 0 || !self.days.is_empty() || self.lacks_hours()
    }

    /// Whether a slot of hours is short.
    pub fn lacks_hours(&self) -> bool {
        // A hair is added, as where slots are counted.
        self.hours_short + 1e-6 >= SLOT_HOURS
    }

    /// The present animators who could accompany somebody at the beginning: they have animated before, and are there.
    pub fn company(&self, view: &View, as_of: Timestamp) -> impl Iterator<Item = PersonIx> {
        let people = self.present.iter().map(|one| one.person);
        people.filter(move |&person| accompanies(view, person, as_of))
    }

    /// Whether somebody who is away on `away` misses most of the days on which they are needed: of all days ahead, where
    /// somebody is there on each.
    pub(super) fn misses_most(&self, away: Days) -> bool {
        let needed = if self.days.is_empty() { Days::ALL } else { self.days };
        2 * away.and(needed).count() > needed.count()
    }
}

/// The fewest animators that such a community has.
const fn fewest(kind: Option<CommunityKind>) -> u32 {
    match kind {
        Some(CommunityKind::Interest | CommunityKind::Team) => 2,
        _ => 1,
    }
}
