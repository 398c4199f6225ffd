//! A person as conclusions about their skills see them: everything that does not depend on the skill, worked out once.
//!
//! Who opted out of inference is not looked at at all: every list is empty.

use super::colleagues::{self, Among};
use super::deeds::{self, Deeds};
use super::inferable::{Kind, kind_of};
use super::kin::{self, Below};
use super::neighbours::{self, Near};
use super::places::Places;
use super::{Holdings, Proof, stated_skills};
use crate::domain::{Purpose, Timestamp};
use crate::signals::Viewer;
use crate::signals::statements::{Decision, statement_order};
use crate::world::{PersonIx, SkillIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Whose skills are concluded, as of when, and for whom.
#[derive(Clone, Debug)]
pub struct SkillsQuery {
    /// The human.
    pub person: PersonIx,
    /// As of when.
    pub as_of: Timestamp,
    /// Who reads the answer: what is cited must be visible to them.
    pub viewer: Viewer,
    /// What is stated of them, by identifier, with what it is worth; hidden skills only when they read the answer
    /// themself.
    pub known: Vec<(SkillIx, f64)>,
    /// What they contest: nothing is concluded of it, whatever comes.
    pub contested: BTreeSet<SkillIx>,
    /// What their answers speak of.
    pub deeds: BTreeMap<SkillIx, Deeds>,
    /// What their projects, communities and contributions are about.
    pub places: Places,
    /// What their colleagues have.
    pub colleagues: BTreeMap<SkillIx, Among>,
    /// What goes with what they have.
    pub near: BTreeMap<SkillIx, Near>,
    /// What is broader than what they have.
    pub above: BTreeMap<SkillIx, Below>,
    /// The records of what is stated of them.
    statements: BTreeMap<SkillIx, Vec<Proof>>,
    /// What kind of skill each is of which anything speaks.
    kinds: BTreeMap<SkillIx, Kind>,
}

impl SkillsQuery {
    /// Understands the human `person`. `holdings` may have served others in the same view. Cost: the words of 300
    /// questions, and the skills of those who share one.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp, viewer: Viewer, holdings: &mut Holdings) -> Self {
        let own = viewer.person == Some(person);
        let mut query = Self {
            person,
            as_of,
            viewer,
            known: Vec::new(),
            contested: contested(view, person),
            deeds: BTreeMap::new(),
            places: Places::default(),
            colleagues: BTreeMap::new(),
            near: BTreeMap::new(),
            above: BTreeMap::new(),
            statements: BTreeMap::new(),
            kinds: BTreeMap::new(),
        };
        if view.has_left(person) || !view.allows(person, Purpose::Inference, as_of) {
            return query;
        }
        query.known = stated_skills(view, person, own);
        query.statements = statements(view, person);
        query.deeds = deeds::of(view, person, as_of, &query.viewer);
        query.places = Places::of(view, person, as_of, &query.viewer);
        query.colleagues = colleagues::of(view, person, as_of, &query.viewer, holdings);
        query.near = neighbours::of(view, person, &query.known, holdings);
        query.above = kin::above(view, &query.known);
        query.kinds = query
            .evidenced()
            .map(|skill| (skill, holdings.kind(view, skill)))
            .collect();
        query
    }

    /// Every skill of which anything speaks, one of which several do several times.
    pub fn evidenced(&self) -> impl Iterator<Item = SkillIx> + '_ {
        let Places {
            projects,
            communities,
            gifts,
            ..
        } = &self.places;
        let places = [projects, communities, gifts].into_iter().flat_map(BTreeMap::keys);
        let people = self.colleagues.keys().chain(self.near.keys());
        let skills = self.deeds.keys().chain(places).chain(people).chain(self.above.keys());
        skills.copied()
    }

    /// What kind of skill `skill` is. Cost: one look-up where anything speaks of it.
    pub fn kind(&self, view: &View, skill: SkillIx) -> Kind {
        let known = self.kinds.get(&skill).copied();
        known.unwrap_or_else(|| kind_of(view, skill))
    }

    /// The records of a skill that is stated of the person.
    pub fn statements_of(&self, skill: SkillIx) -> impl Iterator<Item = Proof> + '_ {
        self.statements.get(&skill).into_iter().flatten().copied()
    }

    /// What tells how far the person's command of `skill` goes: as [`Self::own_doing`], but of projects half: one of a project's
    /// topics may be the business of its other people alone. At least 0; rises with each.
    pub fn practice(&self, skill: SkillIx) -> f64 {
        let projects = self.places.projects.get(&skill).map_or(0.0, |told| told.worth);
        self.own_doing(skill) - projects / 2.0
    }

    /// What the person themself did with `skill`: what their answers, projects and contributions are worth, and half of
    /// what their communities are. At least 0; rises with each.
    pub fn own_doing(&self, skill: SkillIx) -> f64 {
        let deeds = self.deeds.get(&skill).map_or(0.0, |deeds| deeds.worth);
        let places = &self.places;
        let [projects, communities, gifts] = [&places.projects, &places.communities, &places.gifts]
            .map(|told| told.get(&skill).map_or(0.0, |told| told.worth));
        deeds + projects + gifts + communities / 2.0
    }
}

/// The skills that one of the person's accounts contests, under the ones that they were merged into.
fn contested(view: &View, person: PersonIx) -> BTreeSet<SkillIx> {
    let decisions = Decision::all(view, person).into_iter();
    let contested = decisions.filter(|(_, decision)| decision.is_contested());
    contested.map(|(root, _)| root).collect()
}

/// What is stated of the person, skill by skill; statements in the order of their skill's and endorser's identifiers.
fn statements(view: &View, person: PersonIx) -> BTreeMap<SkillIx, Vec<Proof>> {
    let accounts = view.accounts(person).map(|account| view.people.get(account));
    let mut stated: Vec<_> = accounts
        .flat_map(|node| node.assertions.iter().map(|(key, _)| *key))
        .collect();
    stated.sort_by(|a, b| statement_order(view, *a, *b));
    let mut found: BTreeMap<SkillIx, Vec<Proof>> = BTreeMap::new();
    for (skill, origin, by) in stated {
        let of = found.entry(view.skill_root(skill)).or_default();
        of.push(Proof::Assertion(skill, origin, by));
    }
    found
}
