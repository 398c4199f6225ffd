//! Layer 1, read: the state of each slot as a pure function of its facts in their total order.
//!
//! A state holds external identifiers only, so that it can be digested and compared between machines. A state that says
//! nothing is `None`: as if its facts had never been.

mod communities;
mod people;
mod questions;
mod skills;

pub use communities::{
    CommunityState, MembershipState, OfferState, ParticipationState, ProjectState, ProposalState, Stay,
};
pub use people::{CapacityState, Chosen, PersonState};
pub use questions::{AnswerState, AskOutcome, AskState, QuestionState};
pub use skills::{AssertionState, SkillState, Stand};

use super::slot::SlotKey;
use crate::domain::{Audience, DaySpan, Fact, FactBody, Timestamp, UnitPath};
use std::sync::Arc;

/// The facts of one slot in their total order.
pub type History = [Arc<Fact>];

/// One renaming of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rename {
    at: Timestamp,
    from: UnitPath,
    to: UnitPath,
}

/// All renamings of units in their total order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Renames(Vec<Rename>);

impl Renames {
    /// The renamings that `history` says; one that a platform fired twice at one instant counts once.
    pub fn fold(history: &History) -> Self {
        let renames = history.iter().filter_map(|fact| match &fact.body {
            FactBody::UnitRenamed { from, to } => Some(Rename {
                at: fact.at,
                from: from.clone(),
                to: to.clone(),
            }),
            _ => None,
        });
        let mut renames: Vec<Rename> = renames.collect();
        renames.dedup();
        Self(renames)
    }

    /// What `path`, written down at `at`, is called now: renamed by every renaming of that instant or later. What lies
    /// within the new name already stays, so that moving a unit below itself twice is moving it once.
    pub fn current(&self, path: &UnitPath, at: Timestamp) -> UnitPath {
        self.0.iter().filter(|r| r.at >= at).fold(path.clone(), |path, r| {
            if path.is_within(&r.to) {
                path
            } else {
                path.renamed(&r.from, &r.to)
            }
        })
    }
}

/// What a slot shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Person(Box<PersonState>),
    Identity,
    UnitRenames(Renames),
    Skill(Box<SkillState>),
    Assertion(AssertionState),
    Interest(Timestamp),
    Project(Box<ProjectState>),
    Participation(ParticipationState),
    Community(Box<CommunityState>),
    Membership(Box<MembershipState>),
    Question(Box<QuestionState>),
    Answer(Box<AnswerState>),
    Record(Arc<Fact>),
    Offer(Box<OfferState>),
    Proposal(Box<ProposalState>),
    Absence(Vec<DaySpan>),
    Capacity(CapacityState),
    Preference(Vec<Chosen>),
    Visibility(Audience),
    Stand(Stand),
    Ask(Box<AskState>),
}

/// The state of slot `key` under `history`, with unit paths as `renames` call them now.
pub fn resolve(key: &SlotKey, history: &History, renames: &Renames) -> Option<State> {
    match key {
        SlotKey::Person(_) => PersonState::fold(history, renames).map(|s| State::Person(Box::new(s))),
        SlotKey::Identity(..) => {
            last_is(history, |b| matches!(b, FactBody::IdentityLinked { .. })).map(|_| State::Identity)
        }
        SlotKey::UnitRenames => (!history.is_empty()).then(|| State::UnitRenames(Renames::fold(history))),
        SlotKey::Skill(_) => SkillState::fold(history).map(|s| State::Skill(Box::new(s))),
        SlotKey::Assertion(..) => AssertionState::fold(history).map(State::Assertion),
        SlotKey::Interest(..) => {
            last_is(history, |b| matches!(b, FactBody::InterestDeclared { .. })).map(|f| State::Interest(f.at))
        }
        SlotKey::Project(_) => ProjectState::fold(history, renames).map(|s| State::Project(Box::new(s))),
        SlotKey::Participation(..) => ParticipationState::fold(history).map(State::Participation),
        SlotKey::Community(_) => CommunityState::fold(history, renames).map(|s| State::Community(Box::new(s))),
        SlotKey::Membership(..) => MembershipState::fold(history).map(|s| State::Membership(Box::new(s))),
        SlotKey::Question(_) => QuestionState::fold(history).map(|s| State::Question(Box::new(s))),
        SlotKey::Answer(_) => AnswerState::fold(history).map(|s| State::Answer(Box::new(s))),
        SlotKey::Record(_) => history.last().map(|fact| State::Record(Arc::clone(fact))),
        SlotKey::Offer(_) => OfferState::fold(history).map(|s| State::Offer(Box::new(s))),
        SlotKey::Proposal(_) => ProposalState::fold(history).map(|s| State::Proposal(Box::new(s))),
        SlotKey::Absence(_) => people::absences(history).map(State::Absence),
        SlotKey::Capacity(_) => CapacityState::fold(history).map(State::Capacity),
        SlotKey::Preference(..) => people::preferences(history).map(State::Preference),
        SlotKey::Visibility(..) => skills::visibility(history).map(State::Visibility),
        SlotKey::Stand(..) => Stand::fold(history).map(State::Stand),
        SlotKey::Ask(_) => AskState::fold(history).map(|s| State::Ask(Box::new(s))),
    }
}

/// The newest fact, when `wanted` is what it says.
fn last_is(history: &History, wanted: impl Fn(&FactBody) -> bool) -> Option<&Fact> {
    history.last().map(|fact| &**fact).filter(|fact| wanted(&fact.body))
}

#[cfg(test)]
mod tests;
