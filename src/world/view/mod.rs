//! Layer 2: what readers see. Rows of nouns with their states, and what is derived from them.
//!
//! A [`View`] is a snapshot: cloning it is a few reference counts, and no later write shows in a clone. It changes only
//! through [`View::update`], slot by slot: what the old state contributed is taken back, what the new one contributes is
//! added, so that the order of updates leaves no trace.

mod belonging;
mod evidence;
mod identity;
mod nodes;
mod read;
mod registers;
mod same;
mod subjects;
mod threads;

pub use belonging::Gift;
pub use evidence::{Contribution, Counts, Evidence, latency_log_minutes};
pub use nodes::{AnswerNode, AskNode, CommunityNode, PersonNode, ProjectNode, QuestionNode, SkillNode, TagNode};
pub use same::Difference;

use super::fold::{Renames, State};
use super::slot::SlotKey;
use super::table::{AnswerIx, AskIx, CommunityIx, PersonIx, ProjectIx, QuestionIx, SkillIx, Table, TagIx};
use super::text::{LabelIndex, NameIndex, TextIndex};
use crate::domain::{Fact, ProposalId, RecommendationId, Timestamp, UnitPath};
use nodes::ProposalRow;
use std::collections::BTreeMap;
use std::sync::Arc;
use subjects::Subjects;

/// A snapshot of everything that answers are computed from.
#[derive(Clone, Default)]
pub struct View {
    /// Accounts of people.
    pub people: Table<PersonIx, PersonNode>,
    /// Skills.
    pub skills: Table<SkillIx, SkillNode>,
    /// Projects.
    pub projects: Table<ProjectIx, ProjectNode>,
    /// Communities.
    pub communities: Table<CommunityIx, CommunityNode>,
    /// Questions.
    pub questions: Table<QuestionIx, QuestionNode>,
    /// Answers.
    pub answers: Table<AnswerIx, AnswerNode>,
    /// Tags and topics of questions.
    pub tags: Table<TagIx, TagNode>,
    /// Invitations to answer.
    pub asks: Table<AskIx, AskNode>,
    /// The words of questions, by row.
    pub texts: TextIndex,
    /// Labels and aliases of skills, by row.
    pub labels: LabelIndex,
    /// Names of people's accounts, by row.
    pub names: NameIndex,
    /// The words of communities, by row: name, description and topics. Sensitive ones are not in it.
    pub community_texts: TextIndex,
    /// The same names and descriptions, their words as they are written: no inflection is taken off.
    pub community_words: TextIndex,
    /// The words of their names alone, as they are written.
    pub community_names: TextIndex,
    /// The words of skills, by row: labels and aliases, for those who remember a part of a name.
    pub skill_texts: TextIndex,
    subjects: Subjects,
    renames: Arc<Renames>,
    proposals: Arc<BTreeMap<ProposalId, ProposalRow>>,
    feedback: Arc<BTreeMap<RecommendationId, Vec<Arc<Fact>>>>,
    newest: Option<Timestamp>,
    answers_counted: u32,
    answerers: Arc<BTreeMap<i32, Counts<PersonIx>>>,
}

impl View {
    /// Shows `state` for the slot `key`; `None` when its facts say nothing any more.
    pub fn update(&mut self, key: &SlotKey, state: Option<State>) {
        match (key, state) {
            (SlotKey::Person(id), Some(State::Person(state))) => self.set_person(id, Some(state)),
            (SlotKey::Person(id), _) => self.set_person(id, None),
            (SlotKey::Identity(low, high), state) => self.set_link(low, high, state.is_some()),
            // Renamed units show in the states of those who bear them; here, for paths that were noted elsewhere.
            (SlotKey::UnitRenames, Some(State::UnitRenames(renames))) => self.renames = Arc::new(renames),
            (SlotKey::UnitRenames, _) => self.renames = Arc::default(),
            (SlotKey::Skill(id), Some(State::Skill(state))) => self.set_skill(id, Some(state)),
            (SlotKey::Skill(id), _) => self.set_skill(id, None),
            (SlotKey::Project(id), Some(State::Project(state))) => self.set_project(id, Some(state)),
            (SlotKey::Project(id), _) => self.set_project(id, None),
            (SlotKey::Community(id), Some(State::Community(state))) => self.set_community(id, Some(state)),
            (SlotKey::Community(id), _) => self.set_community(id, None),
            (SlotKey::Question(id), Some(State::Question(state))) => self.set_question(id, Some(state)),
            (SlotKey::Question(id), _) => self.set_question(id, None),
            (SlotKey::Answer(id), Some(State::Answer(state))) => self.set_answer(id, Some(state)),
            (SlotKey::Answer(id), _) => self.set_answer(id, None),
            (SlotKey::Ask(id), Some(State::Ask(state))) => self.set_ask(id, Some(state)),
            (SlotKey::Ask(id), _) => self.set_ask(id, None),
            (key, state) => self.set_register(key, state),
        }
    }

    /// What the unit that was called `path` at `at` is called now. Cost: every renaming of a unit once.
    pub fn unit_now(&self, path: &UnitPath, at: Timestamp) -> UnitPath {
        self.renames.current(path, at)
    }

    /// Notes the latest instant of a fact that holds: no answer is given as of an earlier one.
    pub fn set_newest(&mut self, newest: Option<Timestamp>) {
        self.newest = newest;
    }
}

#[cfg(test)]
mod tests;
