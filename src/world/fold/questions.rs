//! Questions, answers and invitations, folded from their facts.

use super::History;
use crate::domain::{CommunityId, DeclineReason, Fact, FactBody, PersonId, QuestionId, QuestionPatch, Text, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question that was asked and not deleted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuestionState {
    /// Who asked. Asked first, asked by: a second creation only changes the text.
    pub asker: PersonId,
    /// When it was first asked.
    pub at: Timestamp,
    /// Whether the asker's name is withheld.
    pub anonymous: bool,
    /// The title.
    pub title: Option<Arc<str>>,
    /// The body.
    pub body: Option<Text>,
    /// Tags.
    pub tags: Option<Vec<Arc<str>>>,
    /// Where it was asked.
    pub community: Option<CommunityId>,
    /// The language that the platform states.
    pub language: Option<Arc<str>>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// When it was first closed, unless reopened since.
    pub closed: Option<Timestamp>,
    /// The sum of the newest vote of each voter.
    pub votes: i64,
}

impl QuestionState {
    /// `None` until the question is created, and once it is deleted: only undoing the deletion brings it back.
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state: Option<Self> = None;
        // An edit may be dated before the creation that came from another source: it is merged by time all the same.
        let mut early = Vec::new();
        for fact in history {
            match (&fact.body, &mut state) {
                (FactBody::QuestionDeleted { .. }, _) => return None,
                (
                    FactBody::QuestionCreated {
                        asker,
                        patch,
                        anonymous,
                        ..
                    },
                    None,
                ) => {
                    let mut new = Self::asked(asker, fact, *anonymous);
                    early.iter().for_each(|p: &&QuestionPatch| new.merge(p));
                    new.merge(patch);
                    state = Some(new);
                }
                (FactBody::QuestionCreated { patch, .. } | FactBody::QuestionEdited { patch, .. }, Some(known)) => {
                    known.merge(patch);
                }
                (FactBody::QuestionEdited { patch, .. }, None) => early.push(patch),
                (FactBody::QuestionClosed { .. }, Some(known)) => {
                    known.closed.get_or_insert(fact.at);
                }
                (FactBody::QuestionReopened { .. }, Some(known)) => known.closed = None,
                _ => {}
            }
        }
        let mut state = state?;
        state.votes = votes(history);
        Some(state)
    }

    fn asked(asker: &PersonId, fact: &Fact, anonymous: bool) -> Self {
        Self {
            asker: asker.clone(),
            at: fact.at,
            anonymous,
            title: None,
            body: None,
            tags: None,
            community: None,
            language: None,
            url: None,
            closed: None,
            votes: 0,
        }
    }

    fn merge(&mut self, patch: &QuestionPatch) {
        patch.title.apply_to(&mut self.title);
        patch.body.apply_to(&mut self.body);
        patch.tags.apply_to(&mut self.tags);
        patch.community.apply_to(&mut self.community);
        patch.language.apply_to(&mut self.language);
        patch.url.apply_to(&mut self.url);
    }
}

/// An answer that was given and not deleted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnswerState {
    /// The question.
    pub question: QuestionId,
    /// Who answered.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// The language it is written in, where that could be told.
    pub language: Option<Arc<str>>,
    /// The first 128 bits of the SHA-256 of its text.
    pub text_hash: Option<[u8; 16]>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Whether it is accepted.
    pub accepted: bool,
    /// The newest published score, else the sum of the newest vote of each voter.
    pub score: i64,
}

impl AnswerState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state: Option<Self> = None;
        let (mut accepted, mut scored) = (false, None);
        for fact in history {
            match &fact.body {
                FactBody::AnswerDeleted { .. } => return None,
                FactBody::AnswerCreated {
                    question,
                    author,
                    body,
                    url,
                    ..
                } if state.is_none() => {
                    state = Some(Self {
                        question: question.clone(),
                        author: author.clone(),
                        at: fact.at,
                        language: body.as_ref().and_then(|text| text.language.clone()),
                        text_hash: body.as_ref().map(|text| text.hash),
                        url: url.clone(),
                        accepted: false,
                        score: 0,
                    });
                }
                FactBody::AnswerAccepted { .. } => accepted = true,
                FactBody::AnswerUnaccepted { .. } => accepted = false,
                FactBody::AnswerScored { score, .. } => scored = Some(*score),
                _ => {}
            }
        }
        let mut state = state?;
        state.accepted = accepted;
        state.score = scored.unwrap_or_else(|| votes(history));
        Some(state)
    }
}

/// The sum of the newest vote of each voter.
fn votes(history: &History) -> i64 {
    let mut newest = BTreeMap::new();
    for fact in history {
        match &fact.body {
            FactBody::VoteAdded { voter, up, .. } => {
                newest.insert(voter, if *up { 1 } else { -1 });
            }
            FactBody::VoteRemoved { voter, .. } => {
                newest.remove(voter);
            }
            _ => {}
        }
    }
    newest.values().sum()
}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AskOutcome {
    /// No word yet.
    Open,
    /// Answered.
    Answered,
    /// Declined, perhaps with a reason.
    Declined(Option<DeclineReason>),
    /// Handed over: "not me, but ask …".
    Referred(PersonId),
}

/// An invitation to answer that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AskState {
    /// About which question.
    pub question: QuestionId,
    /// To whom.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// What became of it last.
    pub outcome: AskOutcome,
}

impl AskState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut sent = None;
        let mut outcome = AskOutcome::Open;
        for fact in history {
            match &fact.body {
                FactBody::AskSent { question, person, .. } if sent.is_none() => {
                    sent = Some((question.clone(), person.clone(), fact.at));
                }
                FactBody::AskAnswered { .. } => outcome = AskOutcome::Answered,
                FactBody::AskDeclined { reason, .. } => outcome = AskOutcome::Declined(*reason),
                FactBody::AskReferred { to, .. } => outcome = AskOutcome::Referred(to.clone()),
                _ => {}
            }
        }
        sent.map(|(question, person, at)| Self {
            question,
            person,
            at,
            outcome,
        })
    }
}
