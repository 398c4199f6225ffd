//! Answers worth thanking: gestures, in no order of worth, one a person, without totals.

use super::months::Span;
use super::own_community;
use super::questions::{asked_at, first_questions};
use crate::app::answers::QueryError;
use crate::app::cards::{Card, CardRequest, Named, named};
use crate::app::service::Service;
use crate::domain::{AnswerId, MemberRole, Purpose, QuestionId, Timestamp};
use crate::recommend::Thanked;
use crate::world::{AnswerIx, CommunityIx, PersonIx, QuestionIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Days of answers that are looked at.
const THANKED_DAYS: i64 = 30;
/// Days after which a question had waited long.
const LONG_DAYS: u64 = 3;
/// Answers that are told at most.
const MOST: usize = 10;

/// An answer worth thanking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorthThanking {
    /// Which.
    pub answer: AnswerId,
    /// To which question.
    pub question: QuestionId,
    /// The question's title.
    pub title: Option<Arc<str>>,
    /// Who gave it.
    pub author: Named,
    /// What for.
    pub thanked: Thanked,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
}

/// Answers worth thanking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thanks {
    /// In the order of identifiers: no order of worth.
    pub items: Vec<WorthThanking>,
}

impl Service {
    /// Answers of the last 30 days worth thanking in the community called `id`, which the reader animates: by people who
    /// allow it, are found by name and do not animate it themselves; one a person. Cost: its questions.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when there is no such community, or the reader does not animate it.
    pub fn thanks(&self, id: &str, request: &CardRequest) -> Result<Card<Thanks>, QueryError> {
        let (snapshot, as_of) = self.state();
        let view = &snapshot.view;
        let (_, community) = own_community(view, request.viewer.as_ref(), id)?;
        Ok(Card {
            shows: Thanks {
                items: worth_thanking(view, community, as_of),
            },
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// An answer that may be thanked.
struct Gesture {
    at: Timestamp,
    author: PersonIx,
    question: QuestionIx,
    answer: AnswerIx,
    thanked: Thanked,
}

/// Answers of the last 30 days worth thanking: the newest of each person, of at most ten people.
pub(super) fn worth_thanking(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<WorthThanking> {
    let lately = Span::ending(as_of, THANKED_DAYS);
    let mut gestures = gestures(view, community);
    gestures.retain(|gesture| lately.holds(gesture.at) && may_be_thanked(view, gesture.author, community, as_of));
    let id = |gesture: &Gesture| &view.answers.get(gesture.answer).id;
    gestures.sort_unstable_by(|a, b| b.at.cmp(&a.at).then_with(|| id(a).cmp(id(b))));
    let mut seen = BTreeSet::new();
    gestures.retain(|gesture| seen.insert(gesture.author));
    let mut told: Vec<WorthThanking> = gestures.iter().take(MOST).map(|gesture| tell(view, gesture)).collect();
    told.sort_unstable_by(|a, b| a.answer.cmp(&b.answer));
    told
}

/// Every answer by another person than the asker that was accepted, was a newcomer's first, or ended a long wait.
fn gestures(view: &View, community: CommunityIx) -> Vec<Gesture> {
    let firsts = first_questions(view, community);
    let mut found = Vec::new();
    for &question in &view.communities.get(community).questions {
        let node = view.questions.get(question);
        let Some((asker, asked)) = node.asker.map(|asker| view.human(asker)).zip(asked_at(view, question)) else {
            continue;
        };
        let first_of_asker = firsts.get(&asker).is_some_and(|(_, first)| *first == question);
        let first = view.first_answer(question);
        for &answer in &node.answers {
            let given = view.answers.get(answer);
            let Some((author, state)) = given.author.map(|author| view.human(author)).zip(given.state.as_ref()) else {
                continue;
            };
            let opens = first == Some(answer);
            let waited = state.at.minutes_since(asked) >= LONG_DAYS * 24 * 60;
            let thanked = match (state.accepted, opens && first_of_asker, opens && waited) {
                (true, ..) => Thanked::Accepted,
                (_, true, _) => Thanked::WelcomedNewcomer,
                (_, _, true) => Thanked::EndedAWait,
                _ => continue,
            };
            let at = state.at;
            found.extend((author != asker).then_some(Gesture {
                at,
                author,
                question,
                answer,
                thanked,
            }));
        }
    }
    found
}

/// Whether somebody agrees to be thanked by name, is still here, and does not animate the community themself.
fn may_be_thanked(view: &View, person: PersonIx, community: CommunityIx, as_of: Timestamp) -> bool {
    let allows = |purpose| view.allows(person, purpose, as_of);
    allows(Purpose::Thanks)
        && allows(Purpose::Search)
        && !view.has_left(person)
        && view.role(person, community) != Some(MemberRole::Animator)
}

fn tell(view: &View, gesture: &Gesture) -> WorthThanking {
    let (asked, given) = (view.questions.get(gesture.question), view.answers.get(gesture.answer));
    WorthThanking {
        answer: given.id.clone(),
        question: asked.id.clone(),
        title: asked.state.as_ref().and_then(|state| state.title.clone()),
        author: named(view, gesture.author),
        thanked: gesture.thanked,
        url: given.state.as_ref().and_then(|state| state.url.clone()),
    }
}
