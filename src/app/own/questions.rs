//! Questions that wait and that a person could answer: told when they look, sent to nobody.

use super::known;
use crate::app::answers::QueryError;
use crate::app::cards::Card;
use crate::app::reader::{Reader, sees_question, viewer};
use crate::app::service::Service;
use crate::app::snapshot::Snapshot;
use crate::app::triage::{QuestionCard, card};
use crate::domain::{DAY_MICROS, PersonId, QuestionId, Timestamp};
use crate::recommend::{Reason, Tongue};
use crate::signals::{ExpertsQuery, Viewer};
use crate::world::{AskOutcome, PersonIx, QuestionIx, View};
use std::cmp::Reverse;

/// Days after which a question that nobody answered is not shown here any more.
const FRESH_DAYS: i64 = 365;
/// Questions that are looked at: the newest that wait.
const LOOKED_AT: usize = 60;
/// Who comes after so many others by relevance is not told of a question.
const NEAR: usize = 10;

/// A question that the person could answer.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnQuestion {
    /// The question.
    pub question: QuestionCard,
    /// Why, in words to the person, the weightiest first; at least one.
    pub reasons: Vec<Reason>,
}

/// Questions that a person could answer.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnQuestions {
    /// Who.
    pub person: PersonId,
    /// The questions, those nearest to what they know first.
    pub items: Vec<OwnQuestion>,
}

impl Service {
    /// At most `most` open questions that the person called `id` could answer: that they may see, did not ask, did not
    /// turn down, and that nobody answered for a year. Their own choices and limits keep nothing from them: they ask.
    /// Cost: an answer for each of the 60 newest questions that wait.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when nobody of that name is there.
    pub fn own_questions(&self, id: &str, most: usize, tongue: Tongue) -> Result<Card<OwnQuestions>, QueryError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let person = known(view, id)?;
        let reader = Reader {
            person: Some(view.person_id(person).clone()),
            ..Reader::default()
        };
        let look = Look {
            snapshot: &snapshot,
            viewer: viewer(view, Some(&reader)),
            person,
            as_of,
        };
        let mut found: Vec<(usize, Timestamp, QuestionId, OwnQuestion)> = look
            .waiting()
            .into_iter()
            .filter_map(|question| {
                let query = ExpertsQuery::of(view, question, as_of, look.viewer.clone())?;
                let words = (tongue, self.manner);
                let own = snapshot.experts().own_reasons(view, &query, person, words)?;
                let question = card(view, question)?;
                let near = own.place <= NEAR;
                let item = OwnQuestion {
                    question,
                    reasons: own.reasons,
                };
                near.then(|| (own.place, item.question.at, item.question.question.clone(), item))
            })
            .collect();
        found.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        Ok(Card {
            shows: OwnQuestions {
                person: view.person_id(person).clone(),
                items: found.into_iter().take(most).map(|(.., item)| item).collect(),
            },
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// Who looks, and at what.
struct Look<'s> {
    snapshot: &'s Snapshot,
    viewer: Viewer,
    person: PersonIx,
    as_of: Timestamp,
}

impl Look<'_> {
    /// The newest questions that wait for somebody like the person, newest first.
    fn waiting(&self) -> Vec<QuestionIx> {
        let view = &self.snapshot.view;
        let since = self.as_of.plus_micros(-FRESH_DAYS * DAY_MICROS);
        let all = view.questions.iter().filter_map(|(question, node)| {
            let state = node.state.as_deref()?;
            let open = state.closed.is_none() && since < state.at && view.first_answer(question).is_none();
            let theirs = node.asker.map(|asker| view.human(asker)) == Some(self.person);
            (open && !theirs).then_some((Reverse(state.at), &node.id, question))
        });
        let mut newest: Vec<_> = all
            .filter(|&(.., question)| sees_question(view, &self.viewer, question))
            .filter(|&(.., question)| !turned_down(view, question, self.person))
            .collect();
        newest.sort_unstable();
        newest
            .into_iter()
            .take(LOOKED_AT)
            .map(|(.., question)| question)
            .collect()
    }
}

/// Whether the person was asked about `question` and said no, or named somebody else.
fn turned_down(view: &View, question: QuestionIx, person: PersonIx) -> bool {
    let asks = view.questions.get(question).asks.iter();
    asks.filter_map(|&ask| view.asks.get(ask).state.as_deref())
        .filter(|ask| matches!(ask.outcome, AskOutcome::Declined(_) | AskOutcome::Referred(_)))
        .any(|ask| view.person(ask.person.as_str()) == Some(person))
}
