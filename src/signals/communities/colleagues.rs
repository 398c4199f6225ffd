//! Colleagues who are in it already: of the unit, of a project, of an exchange of questions and answers.

use super::{Communities, Family, NewcomerQuery, Proof};
use crate::domain::UnitPath;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::discretion::openly_helped;
use crate::world::{CommunityIx, PersonIx, View};
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// How somebody knows the newcomer; as a signal, ln(1 + acquaintances of this kind who are in the community). Better;
/// rises with every one of them. Cost: one look-up, after the census. (Homophily of co-workers: M. `McPherson`, L.
/// Smith-Lovin, J. Cook, *Birds of a feather*, 2001.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    /// They work in the newcomer's unit.
    Unit,
    /// They take part in a project of the newcomer.
    Project,
    /// One of them answered a question of the other.
    Exchange,
}

impl Acquaintance {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Unit, Self::Project, Self::Exchange];
}

/// Whom a person knows. Only looked up, never walked: the same people are listed in order beside.
#[derive(Clone, Debug, Default)]
pub struct Acquaintances {
    known: HashMap<PersonIx, [bool; 3]>,
    listed: Vec<PersonIx>,
}

impl Acquaintances {
    /// The acquaintances of `person`; those who answered what they asked without a name only for their `own` eyes. Cost: everybody's unit, and the person's projects, questions and answers.
    pub fn of(view: &View, person: PersonIx, own: bool) -> Self {
        let mut found = Self::default();
        let unit = view.profile(person, |p| p.unit.as_ref());
        if let Some(unit) = unit {
            let mates = view.people.iter().filter(|(_, node)| {
                let of = node.state.as_ref().and_then(|s| s.unit.as_ref());
                of.is_some_and(|of: &UnitPath| of == unit)
            });
            mates.for_each(|(account, _)| found.meet(view, person, account, Acquaintance::Unit));
        }
        for account in view.accounts(person) {
            let node = view.people.get(account);
            for ((project, _), part) in &node.participations {
                let others = view
                    .projects
                    .get(*project)
                    .people
                    .iter()
                    .filter(|_| part.ended.is_none());
                let present = others.filter(|&&other| {
                    let parts = &view.people.get(other).participations;
                    parts.iter().any(|((p, _), part)| p == project && part.ended.is_none())
                });
                present.for_each(|&other| found.meet(view, person, other, Acquaintance::Project));
            }
            let asked = node
                .asked
                .iter()
                .filter(|&&question| own || !view.is_anonymous(question));
            let helpers = asked.flat_map(|&question| view.counted_answers(question));
            helpers.for_each(|(helper, _)| found.meet(view, person, helper, Acquaintance::Exchange));
        }
        for (&helped, _) in view.people.get(person).evidence.helped.iter() {
            if openly_helped(view, person, helped) > 0 {
                found.meet(view, person, helped, Acquaintance::Exchange);
            }
        }
        found.listed.sort_unstable();
        found.listed.dedup();
        found
    }

    /// How the human `other` is known.
    pub fn get(&self, other: PersonIx) -> [bool; 3] {
        self.known.get(&other).copied().unwrap_or_default()
    }

    /// Everybody known, in order of index.
    pub fn listed(&self) -> &[PersonIx] {
        &self.listed
    }

    fn meet(&mut self, view: &View, person: PersonIx, account: PersonIx, how: Acquaintance) {
        let human = view.human(account);
        if human != person {
            self.known.entry(human).or_default()[how as usize] = true;
            self.listed.push(human);
        }
    }
}

impl Signal<Communities> for Acquaintance {
    fn name(&self) -> &'static str {
        match self {
            Self::Unit => "colleagues_unit",
            Self::Project => "colleagues_project",
            Self::Exchange => "colleagues_exchange",
        }
    }

    fn family(&self) -> Family {
        Family::Colleague
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let present = round.query.census.place(community).acquainted[*self as usize];
            *strength = libm::log1p(f64::from(present));
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        if !query.shows(view, community) {
            return Vec::new();
        }
        let known = query.acquaintances.listed().iter().copied();
        let inside = known.filter(|&p| query.acquaintances.get(p)[*self as usize] && view.role(p, community).is_some());
        let named = inside.filter(|&p| query.may_name(view, p));
        let named: BTreeSet<_> = named.map(|p| (view.person_id(p), p)).collect();
        named.into_iter().map(|(_, p)| Proof::Colleague(p)).collect()
    }
}
