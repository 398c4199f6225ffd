//! Sharing the people who could co-animate among many communities: what a place is worth, and what one more costs them, in
//! whole numbers.
//!
//! A pair is worth what the one person adds to those who animate the community *now* (`Complement::value`): plans add up
//! worth pair by pair, and do not count how two newcomers would complement each other; sets for one community do. The
//! order of tiers is that of sets. Whole numbers, in thousandths: sums have no rounding, equal states give equal plans.

use super::kinds::{Standing, standing};
use super::set::{Complement, Invited};
use super::{CoAnimators, CoAnimatorsQuery, Move};
use crate::domain::Timestamp;
use crate::pipeline::{Seat, Selector};
use crate::signals::workload::{SLOT_HOURS, Workload};
use crate::world::{PersonIx, View};

/// Whole numbers in one unit of value: the best fit of all is worth 1.
const UNIT: f64 = 1_000.0;
/// What one tier is worth against the next: more than all fit and all complement together, as in sets.
const TIER: f64 = 8.0;
/// The last tier of sets.
const LAST_TIER: u8 = 5;
/// What somebody for a community that would have nobody more is worth: more than all that can be said of a pair.
const FIRST: f64 = 200.0;
/// What each further community costs whoever gets several in one plan, more than the one before: the third one more than a
/// tier, so that the same willing people are not everywhere.
const AGAIN: f64 = 5.0;
/// Communities of one plan after which another one costs no more than the one before.
const AGAIN_MOST: u32 = 10;
/// Places that a plan fills in one community, at most.
const PLACES: usize = 2;

/// Seats everybody by score: those from whom a plan is made.
pub struct ByScore;

impl Selector<CoAnimators> for ByScore {
    fn seats(&self, _: &View, _: &CoAnimatorsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let seat = |turn| Seat {
            wave: 1,
            turn,
            moved_by: None,
        };
        (0..ranked.len()).map(seat).collect()
    }
}

/// What somebody has to give to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A place beside the present animators, worth so much.
    Place(i64),
    /// Nothing before they were asked: they never offered nor animated.
    ToBeAsked,
    /// Nothing here: they would animate for the first time, and nobody who has animated is there to accompany them.
    NeedsCompany,
}

/// The terms on which people are shared, for one community.
pub struct Sharing<'a> {
    view: &'a View,
    query: &'a CoAnimatorsQuery,
    /// Whether nobody animates it whom the rule of its kind names.
    natural_wanted: bool,
    /// Whether somebody who has animated before animates it now and is there: a first-time animator would have company.
    /// Whoever else the plan proposes is no company: they may say no.
    company: bool,
}

impl<'a> Sharing<'a> {
    /// The terms for the query's community. Cost: its animators.
    pub fn of(view: &'a View, query: &'a CoAnimatorsQuery) -> Self {
        let is_natural = |&animator: &PersonIx| standing(view, query, animator) == Standing::Natural;
        Self {
            natural_wanted: !query.animators.iter().any(is_natural),
            company: query.need.has_company(view, query.as_of),
            view,
            query,
        }
    }

    /// What each new animator of the community is worth, the first one first: as many as it lacks, one at least and two
    /// at most.
    pub fn places(&self) -> Vec<i64> {
        let need = &self.query.need;
        let lacks_two = need.people >= 2 || need.hours_short + 1e-6 >= 2.0 * SLOT_HOURS;
        let places = if lacks_two { PLACES } else { 1 };
        [whole(FIRST), 0].into_iter().take(places).collect()
    }

    /// What `person` gives, whose score stands at `fit` in 0..=1 between the least and the most of all candidates. Rises
    /// with the fit, with what they cover, and with their tier. Cost: their profiles, absences and records.
    pub fn gives(&self, person: PersonIx, fit: f64) -> Gives {
        let invited = Invited::of(self.view, self.query, person);
        if invited.slots(&Workload::of(self.view, person, self.query.as_of)) == 0 {
            return Gives::ToBeAsked;
        }
        if invited.first_time && !self.company {
            return Gives::NeedsCompany;
        }
        let before = LAST_TIER.saturating_sub(invited.tier(self.natural_wanted));
        let value = Complement::value(self.view, self.query, person, fit);
        Gives::Place(whole(value + TIER * f64::from(before)))
    }

    /// What each community that the person takes on in one plan costs, as many as they have free slots for at `as_of`,
    /// `most` at most: the share of their hours that is taken before it, and more for each one already. Rises.
    pub fn costs(view: &View, person: PersonIx, as_of: Timestamp, most: usize) -> Vec<i64> {
        let load = Workload::of(view, person, as_of);
        let cost = |more: u32| {
            let taken = load.hours + f64::from(more) * SLOT_HOURS;
            let share = (taken / load.capacity.max(SLOT_HOURS)).min(1.0);
            whole(share + AGAIN * f64::from(more.min(AGAIN_MOST)))
        };
        (0..load.slots().min(most as u32)).map(cost).collect()
    }
}

fn whole(worth: f64) -> i64 {
    (worth * UNIT).round() as i64
}
