//! Many open questions, shared among those who could answer them.

use super::people::{People, counted};
use super::{Idle, PLANNED_FROM, Spread, Unshared};
use crate::domain::{QuestionId, Timestamp};
use crate::pipeline::flow::{Column, Row, assign};
use crate::recommend::experts::{Candidate, ExpertsRecommender, Pick, Shortlist};
use crate::recommend::tongue::{Manner, Tongue};
use crate::signals::{ExpertsQuery, Sent, Sharing, Viewer, asks_of_week};
use crate::world::{QuestionIx, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a plan is wanted.
#[derive(Clone, Debug)]
pub struct AsksWish {
    /// How many people a question is to have, 1..=3.
    pub people: usize,
    /// The instant as of which it is made.
    pub as_of: Timestamp,
    /// Who reads it.
    pub viewer: Viewer,
    /// The language of the texts.
    pub tongue: Tongue,
    /// How French ones address people.
    pub manner: Manner,
}

/// A question that waits, and those who could answer it.
pub struct OpenQuestion {
    /// Which.
    pub question: QuestionIx,
    /// Those who could answer.
    pub list: Shortlist,
}

/// Whom to ask about one question.
#[derive(Clone, Debug, PartialEq)]
pub struct AsksItem {
    /// The question.
    pub question: QuestionId,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// The people, by relevance; at least one.
    pub picks: Vec<Pick>,
    /// Why there are fewer than wanted, when there are.
    pub fewer: Option<Idle>,
}

/// One sharing of many questions.
#[derive(Clone, Debug, PartialEq)]
pub struct AsksPlan {
    /// The questions that have somebody, those that wait longest first.
    pub items: Vec<AsksItem>,
    /// The others, by identifier.
    pub unassigned: Vec<Unshared>,
    /// How many people were not considered for some question, by code: each once a code.
    pub excluded: BTreeMap<&'static str, usize>,
    /// Invitations of the last seven days, over all who could answer some question: as it is,
    pub before: Spread,
    /// and as it is when all of the plan is sent.
    pub after: Spread,
    /// The weights that were used.
    pub model: String,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

impl OpenQuestion {
    /// Looks for those who could answer `question`; `Err` says why nobody is looked for. Cost: as one answer.
    ///
    /// # Errors
    /// When the question does not wait, or was asked about less than a day ago.
    pub fn of(
        recommender: &ExpertsRecommender,
        view: &View,
        question: QuestionIx,
        wish: &AsksWish,
    ) -> Result<Self, Idle> {
        let state = view.questions.get(question).state.as_ref().ok_or(Idle::NotFound)?;
        if state.closed.is_some() || view.first_answer(question).is_some() {
            return Err(Idle::NotOpen);
        }
        let query = ExpertsQuery::of(view, question, wish.as_of, wish.viewer.clone()).ok_or(Idle::NotFound)?;
        if Sent::of(view, &query).waits(&query) {
            return Err(Idle::AskedLately);
        }
        Ok(Self {
            question,
            list: recommender.shortlist(view, query, PLANNED_FROM),
        })
    }

    /// Why nobody is asked about it, or fewer than wanted, when `asked` people are.
    fn lacks(&self, asked: usize) -> Idle {
        if self.list.people.len() > asked {
            Idle::SharedOut
        } else if self.list.people.is_empty() && self.list.dropped.is_empty() {
            Idle::NobodyKnown
        } else {
            Idle::NobodyAvailable
        }
    }
}

/// Shares `questions`, each once; `unshared` are wishes that nobody was looked for. Exact for the terms of [`Sharing`] and
/// the lists: no other sharing within everybody's limits is worth more. Cost: near the sum of the lists, plus putting the
/// picks into words.
pub fn plan_asks(
    recommender: &ExpertsRecommender,
    view: &View,
    mut questions: Vec<OpenQuestion>,
    mut unshared: Vec<Unshared>,
    wish: &AsksWish,
) -> AsksPlan {
    questions.sort_by(|a, b| {
        let key = |q: &OpenQuestion| (q.list.query.asked_at, &view.questions.get(q.question).id);
        key(a).cmp(&key(b))
    });
    let listed = questions.iter().flat_map(|question| &question.list.people);
    let people = People::of(view, listed.map(|candidate| candidate.person));
    let columns = people.names.iter().map(|&person| Column {
        costs: Sharing::costs(view, person, wish.as_of, questions.len()),
    });
    let columns: Vec<Column> = columns.collect();
    let rows: Vec<Row> = questions.iter().map(|question| row(&people, question, wish)).collect();
    let filled = assign(&rows, &columns).filled;
    let asked = |person| asks_of_week(view, person, wish.as_of);
    let (before, after) = people.spread(asked, &people.given(&filled));
    let mut items = Vec::new();
    for (question, columns) in questions.iter().zip(&filled) {
        let chosen = chosen(&people, question, columns);
        let node = view.questions.get(question.question);
        if chosen.is_empty() {
            unshared.push(Unshared {
                id: node.id.to_string(),
                why: question.lacks(0),
            });
            continue;
        }
        let title = node.state.as_ref().and_then(|state| state.title.clone());
        let called = title.as_deref().unwrap_or(node.id.as_str());
        items.push(AsksItem {
            question: node.id.clone(),
            picks: recommender.told(view, &question.list, called, &chosen, (wish.tongue, wish.manner)),
            fewer: (chosen.len() < wish.people).then(|| question.lacks(chosen.len())),
            title,
        });
    }
    unshared.sort_unstable();
    AsksPlan {
        items,
        unassigned: unshared,
        excluded: excluded(&questions),
        before,
        after,
        model: recommender.model().to_owned(),
        as_of: wish.as_of,
    }
}

/// The row of one question.
fn row(people: &People, question: &OpenQuestion, wish: &AsksWish) -> Row {
    let list = &question.list.people;
    // The one who comes first, animators aside while there is anybody else.
    let best = list.first().map_or(0.0, |candidate| candidate.score);
    let value = |candidate: &Candidate| {
        let value = Sharing::value(best - candidate.score, candidate.precedence);
        (people.column(candidate.person), value)
    };
    Row {
        places: Sharing::places(wish.people),
        values: list.iter().map(value).collect(),
    }
}

/// The places in the question's list of those whom `columns` name, by relevance.
fn chosen(people: &People, question: &OpenQuestion, columns: &[usize]) -> Vec<usize> {
    let list = &question.list.people;
    let is_chosen = |&place: &usize| columns.contains(&people.column(list[place].person));
    let mut places: Vec<usize> = (0..list.len()).filter(is_chosen).collect();
    places.sort_by_key(|&place| list[place].base_rank);
    places
}

/// How many people were dropped for some question, by code.
fn excluded(questions: &[OpenQuestion]) -> BTreeMap<&'static str, usize> {
    let dropped = questions.iter().flat_map(|question| &question.list.dropped);
    counted(dropped.map(|(person, reason)| (*person, reason.code())))
}
