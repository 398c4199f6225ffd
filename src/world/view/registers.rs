//! Profiles, descriptions and the many small registers that hang on a person.

use super::View;
use super::nodes::{put, set_member};
use crate::domain::{AskId, CommunityId, ContributionPlace, Fact, FactBody, PersonId, ProjectId, SkillId};
use crate::world::fold::{AskState, CommunityState, PersonState, ProjectState, SkillState, State};
use crate::world::slot::SlotKey;
use crate::world::table::{CommunityIx, Ix as _, PersonIx, SkillIx};
use crate::world::text::Document;
use std::sync::Arc;

/// The payload of a state of one kind.
macro_rules! only {
    ($state:expr, $kind:ident) => {
        match $state {
            Some(State::$kind(value)) => Some(value),
            _ => None,
        }
    };
}

impl View {
    pub(super) fn set_person(&mut self, id: &PersonId, state: Option<Box<PersonState>>) {
        let ix = self.people.intern(id);
        let old = self.people.get(ix).state.clone();
        if old == state {
            return;
        }
        let name = |state: &Option<Box<PersonState>>| state.as_ref().and_then(|s| s.name.clone());
        let (before, after) = (name(&old), name(&state));
        if before != after {
            before.iter().for_each(|name| self.names.remove(name, ix.row()));
            after.iter().for_each(|name| self.names.add(name, ix.row()));
        }
        self.people.get_mut(ix).state = state;
    }

    pub(super) fn set_project(&mut self, id: &ProjectId, state: Option<Box<ProjectState>>) {
        let ix = self.projects.intern(id);
        if let Some(community) = state.as_ref().and_then(|s| s.community.as_ref()) {
            self.communities.intern(community);
        }
        if self.projects.get(ix).state != state {
            self.projects.get_mut(ix).state = state;
        }
    }

    pub(super) fn set_community(&mut self, id: &CommunityId, state: Option<Box<CommunityState>>) {
        let ix = self.communities.intern(id);
        if self.communities.get(ix).state == state {
            return;
        }
        let indexes = [
            &mut self.community_texts,
            &mut self.community_words,
            &mut self.community_names,
        ];
        match state.as_deref().and_then(words_of) {
            Some(documents) => (indexes.into_iter().zip(&documents)).for_each(|(index, it)| index.add(ix.row(), it)),
            None => indexes.into_iter().for_each(|index| _ = index.retract(ix.row())),
        }
        let sensitive = |s: &Option<Box<CommunityState>>| s.as_ref().is_some_and(|s| s.sensitive == Some(true));
        if sensitive(&self.communities.get(ix).state) == sensitive(&state) {
            self.communities.get_mut(ix).state = state;
            return;
        }
        let questions = &self.communities.get(ix).questions;
        let answers: Vec<_> = questions
            .iter()
            .flat_map(|&q| self.questions.get(q).answers.clone())
            .collect();
        answers.iter().for_each(|&answer| self.take_evidence(answer));
        self.communities.get_mut(ix).state = state;
        answers.iter().for_each(|&answer| self.add_evidence(answer));
    }

    pub(super) fn set_skill(&mut self, id: &SkillId, state: Option<Box<SkillState>>) {
        let ix = self.skills.intern(id);
        let old = self.skills.get(ix).clone();
        if old.state == state {
            return;
        }
        for name in old.state.iter().flat_map(|s| names(s)) {
            self.labels.remove(name, ix.row());
        }
        for name in state.iter().flat_map(|s| names(s)) {
            self.labels.add(name, ix.row());
        }
        match state.as_deref().map(words_of_skill) {
            Some(words) => self.skill_texts.add(ix.row(), &words),
            None => _ = self.skill_texts.retract(ix.row()),
        }
        let merged = state
            .as_ref()
            .and_then(|s| s.merged_into.as_ref())
            .map(|into| self.skills.intern(into));
        if let Some(into) = old.merged_into {
            set_member(&mut self.skills.get_mut(into).merged_from, ix, false);
        }
        if let Some(into) = merged {
            set_member(&mut self.skills.get_mut(into).merged_from, ix, true);
        }
        for (state, member) in [(&old.state, false), (&state, true)] {
            for wider in state.iter().flat_map(|s| s.broader.iter().flatten()) {
                let wider = self.skills.intern(wider);
                set_member(&mut self.skills.get_mut(wider).narrower, ix, member);
            }
        }
        let node = self.skills.get_mut(ix);
        (node.state, node.merged_into) = (state, merged);
    }

    pub(super) fn set_ask(&mut self, id: &AskId, state: Option<Box<AskState>>) {
        let ix = self.asks.intern(id);
        let old = self.asks.get(ix).state.clone();
        if old == state {
            return;
        }
        for (state, member) in [(&old, false), (&state, true)] {
            if let Some(state) = state {
                let (person, question) = (
                    self.people.intern(&state.person),
                    self.questions.intern(&state.question),
                );
                set_member(&mut self.people.get_mut(person).asks, ix, member);
                set_member(&mut self.questions.get_mut(question).asks, ix, member);
            }
        }
        self.asks.get_mut(ix).state = state;
    }

    /// The registers that hang on a person, or stand alone.
    pub(super) fn set_register(&mut self, key: &SlotKey, state: Option<State>) {
        match key {
            SlotKey::Assertion(person, skill, origin, by) => {
                let (person, skill) = (self.people.intern(person), self.skills.intern(skill));
                let by = by.as_ref().map(|by| self.people.intern(by));
                put(
                    &mut self.people.get_mut(person).assertions,
                    (skill, *origin, by),
                    only!(state, Assertion),
                );
                self.note_holder(person, skill);
            }
            SlotKey::Interest(person, skill, stance) => {
                let (person, skill) = (self.people.intern(person), self.skills.intern(skill));
                put(
                    &mut self.people.get_mut(person).interests,
                    (skill, *stance),
                    only!(state, Interest),
                );
                self.note_holder(person, skill);
            }
            SlotKey::Participation(person, project, role) => {
                let (person, project) = (self.people.intern(person), self.projects.intern(project));
                let list = &mut self.people.get_mut(person).participations;
                put(list, (project, *role), only!(state, Participation));
                let takes_part = list.iter().any(|((p, _), _)| *p == project);
                set_member(&mut self.projects.get_mut(project).people, person, takes_part);
            }
            SlotKey::Membership(person, community) => {
                let (person, community) = (self.people.intern(person), self.communities.intern(community));
                let membership = only!(state, Membership);
                set_member(
                    &mut self.communities.get_mut(community).members,
                    person,
                    membership.is_some(),
                );
                put(&mut self.people.get_mut(person).memberships, community, membership);
            }
            SlotKey::Record(_) => self.set_record(key, state),
            SlotKey::Proposal(id) => {
                let row = only!(state, Proposal).map(|p| (self.people.intern(&p.person), p));
                match row {
                    Some(row) => Arc::make_mut(&mut self.proposals).insert(id.clone(), row),
                    None => Arc::make_mut(&mut self.proposals).remove(id),
                };
            }
            other => self.set_wish(other, state),
        }
    }

    /// What a person wants or allows.
    fn set_wish(&mut self, key: &SlotKey, state: Option<State>) {
        match key {
            SlotKey::Offer(id) => self.person_mut(id).offer = only!(state, Offer),
            SlotKey::Absence(id) => self.person_mut(id).absences = only!(state, Absence).unwrap_or_default(),
            SlotKey::Capacity(id) => self.person_mut(id).capacity = only!(state, Capacity).unwrap_or_default(),
            SlotKey::Preference(id, purpose) => {
                put(&mut self.person_mut(id).preferences, *purpose, only!(state, Preference));
            }
            SlotKey::Visibility(id, skill) => {
                let skill = self.skills.intern(skill);
                put(&mut self.person_mut(id).visibility, skill, only!(state, Visibility));
            }
            SlotKey::Stand(id, skill) => {
                let skill = self.skills.intern(skill);
                put(&mut self.person_mut(id).stands, skill, only!(state, Stand));
            }
            _ => {}
        }
    }

    /// Facts that stand alone: kept in the order of facts on the person or recommendation they speak about.
    fn set_record(&mut self, key: &SlotKey, state: Option<State>) {
        let SlotKey::Record(event) = key else { return };
        let Some(fact) = only!(state, Record) else {
            self.remove_record(event);
            return;
        };
        let person = match &fact.body {
            FactBody::ContributionRecorded { contribution } => &contribution.person,
            FactBody::AnimationRecorded { person, .. } => person,
            FactBody::FeedbackGiven { recommendation, .. } => {
                let feedback = Arc::make_mut(&mut self.feedback);
                insert(feedback.entry(recommendation.clone()).or_default(), fact);
                return;
            }
            _ => return,
        };
        let community = place_of(&fact).map(|id| self.communities.intern(id));
        let ix = self.people.intern(person);
        let is_new = insert(&mut self.people.get_mut(ix).records, fact);
        if let Some(community) = community.filter(|_| is_new) {
            self.communities.get_mut(community).recorders.add(ix);
        }
    }

    /// Undoing such a fact is rare: every list is looked through.
    fn remove_record(&mut self, event: &crate::domain::EventKey) {
        let found = |(ix, p): (PersonIx, &super::PersonNode)| {
            let fact = p.records.iter().find(|fact| fact.key == *event)?;
            Some((ix, place_of(fact).cloned()))
        };
        let holders: Vec<(PersonIx, Option<CommunityId>)> = self.people.iter().filter_map(found).collect();
        for (ix, community) in holders {
            self.people.get_mut(ix).records.retain(|fact| fact.key != *event);
            if let Some(community) = community {
                let community = self.communities.intern(&community);
                self.communities.get_mut(community).recorders.take(&ix);
            }
        }
        let feedback = Arc::make_mut(&mut self.feedback);
        feedback
            .values_mut()
            .for_each(|list| list.retain(|fact| fact.key != *event));
        feedback.retain(|_, list| !list.is_empty());
    }

    fn person_mut(&mut self, id: &PersonId) -> &mut super::PersonNode {
        let ix = self.people.intern(id);
        self.people.get_mut(ix)
    }

    /// Keeps the skill's list of accounts that have something to do with it.
    fn note_holder(&mut self, person: PersonIx, skill: SkillIx) {
        let node = self.people.get(person);
        let holds = node.assertions.iter().any(|((s, ..), _)| *s == skill)
            || node.interests.iter().any(|((s, _), _)| *s == skill);
        set_member(&mut self.skills.get_mut(skill).people, person, holds);
    }

    /// Whether belonging to `community` says something private.
    pub fn is_sensitive(&self, community: CommunityIx) -> bool {
        self.communities
            .get(community)
            .state
            .as_ref()
            .is_some_and(|s| s.sensitive == Some(true))
    }
}

/// What a community says of itself: inflections taken off and with its topics; as it is written; of that, its name alone.
/// Nothing when belonging to it says something private.
fn words_of(state: &CommunityState) -> Option<[Document; 3]> {
    if state.sensitive == Some(true) {
        return None;
    }
    let name = state.name.as_deref().unwrap_or_default();
    let about = state.description.as_deref().unwrap_or_default();
    let texts = Document::of(name, about, state.language.as_deref()).tagged(state.topics.iter().flatten());
    // No language in particular: no inflection is taken off.
    let as_written = |about| Document::of(name, about, Some("und"));
    Some([texts, as_written(about), as_written("")])
}

/// What a skill is called: labels with the endings of their language off, aliases with those of French and English off,
/// because nobody says which language they are in.
fn words_of_skill(state: &SkillState) -> Document {
    let labels = state
        .labels
        .iter()
        .flatten()
        .map(|(tag, label)| Document::of(label, "", Some(tag)));
    let aliases = state.aliases.iter().flatten();
    let aliases = aliases.flat_map(|alias| ["fr", "en", "und"].map(|tag| Document::of(alias, "", Some(tag))));
    let documents: Vec<Document> = labels.chain(aliases).collect();
    Document::from_terms(documents.iter().flat_map(Document::terms))
}

/// Every name of a skill: labels and aliases.
fn names(skill: &SkillState) -> impl Iterator<Item = &str> {
    let labels = skill.labels.iter().flatten().map(|(_, label)| &**label);
    labels.chain(skill.aliases.iter().flatten().map(|alias| &**alias))
}

/// Puts `fact` into a list in the order of facts; whether it was not there yet.
fn insert(list: &mut Vec<Arc<Fact>>, fact: Arc<Fact>) -> bool {
    let place = list.binary_search_by(|other| other.order(&fact));
    if let Err(place) = place {
        list.insert(place, fact);
    }
    place.is_err()
}

/// The community that a record names.
fn place_of(fact: &Fact) -> Option<&CommunityId> {
    match &fact.body {
        FactBody::ContributionRecorded { contribution } => match &contribution.place {
            ContributionPlace::Community(community) => Some(community),
            ContributionPlace::Project(_) | ContributionPlace::Unspecified => None,
        },
        FactBody::AnimationRecorded { community, .. } => Some(community),
        _ => None,
    }
}
