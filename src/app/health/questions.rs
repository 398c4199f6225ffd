//! How the questions of a community fare: how many were asked, left without an answer, and how long the first answer took.

use super::months::Span;
use crate::domain::{DAY_MICROS, Timestamp};
use crate::world::{AnswerIx, CommunityIx, PersonIx, QuestionIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Counts below this are not told.
pub(super) const FEW: usize = 5;
/// Days in which a question should be answered.
pub(super) const PATIENCE_DAYS: i64 = 7;
/// Days of questions that figures are taken over: those that had their time to be answered.
pub(in crate::app) const WINDOW_DAYS: i64 = 90;

/// How the questions of a span fared. Counts are exact: whoever tells them masks those under five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fares {
    /// How many were asked.
    pub asked: usize,
    /// How many of these got no answer by another person within seven days.
    pub unanswered: usize,
    /// How many people gave a first answer.
    pub first_answerers: usize,
    /// Median of minutes to the first answer, of those that have one; of an even number the later of the two in the middle.
    pub median_minutes: Option<u64>,
}

impl Fares {
    /// How the questions asked in `community` in `span` fared. Cost: the community's questions.
    pub(super) fn of(view: &View, community: CommunityIx, span: Span) -> Self {
        let mut fares = Self::default();
        let (mut minutes, mut answerers) = (Vec::new(), BTreeSet::new());
        for &question in &view.communities.get(community).questions {
            let Some(at) = asked_at(view, question).filter(|&at| span.holds(at)) else {
                continue;
            };
            fares.asked += 1;
            let first = view.first_answer(question);
            let waited = first.and_then(|answer| waited(view, answer, at));
            fares.unanswered += usize::from(!in_time(waited));
            minutes.extend(waited);
            answerers.extend(
                first
                    .and_then(|answer| view.answers.get(answer).author)
                    .map(|author| view.human(author)),
            );
        }
        minutes.sort_unstable();
        fares.first_answerers = answerers.len();
        fares.median_minutes = minutes.get(minutes.len() / 2).copied();
        fares
    }

    /// Those of the 90 days that ended seven days before `as_of`.
    pub(super) fn lately(view: &View, community: CommunityIx, as_of: Timestamp) -> Self {
        Self::of(view, community, lately(as_of))
    }

    /// The share without an answer by another person within seven days, to a hundredth; from five questions on.
    pub fn unanswered_rate(&self) -> Option<f64> {
        let rate = || (self.unanswered as f64 / self.asked as f64 * 100.0).round() / 100.0;
        (self.asked >= FEW).then(rate)
    }

    /// Median of hours to the first answer, to a tenth; from five people who gave one on, so that it is nobody's own.
    pub fn first_answer_hours(&self) -> Option<f64> {
        let hours = |minutes: u64| (minutes as f64 / 6.0).round() / 10.0;
        self.median_minutes.filter(|_| self.first_answerers >= FEW).map(hours)
    }
}

/// The 90 days that ended seven days before `as_of`: each question had its week.
pub(super) const fn lately(as_of: Timestamp) -> Span {
    Span::ending(ripe(as_of), WINDOW_DAYS)
}

/// The last instant at which a question had been asked that had its week by `as_of`.
pub(super) const fn ripe(as_of: Timestamp) -> Timestamp {
    as_of.plus_micros(-PATIENCE_DAYS * DAY_MICROS)
}

/// Share of the people whose first question in `community` was asked in `span` and got an answer by another person within
/// seven days; from five people on.
pub(super) fn newcomers_answered(view: &View, community: CommunityIx, span: Span) -> Option<f64> {
    let firsts = first_questions(view, community);
    let fates = firsts.values().filter(|(at, _)| span.holds(*at));
    let fates: Vec<bool> = fates
        .map(|&(at, question)| in_time(first_wait(view, question, at)))
        .collect();
    let answered = fates.iter().filter(|&&answered| answered).count();
    (fates.len() >= FEW).then(|| (answered as f64 / fates.len() as f64 * 100.0).round() / 100.0)
}

/// The first question of everybody who asked in `community` under their name; of several at one instant the one that sorts first.
pub(super) fn first_questions(view: &View, community: CommunityIx) -> BTreeMap<PersonIx, (Timestamp, QuestionIx)> {
    let mut firsts: BTreeMap<PersonIx, (Timestamp, QuestionIx)> = BTreeMap::new();
    for &question in &view.communities.get(community).questions {
        let Some((asker, at)) = view.shown_asker(question).zip(asked_at(view, question)) else {
            continue;
        };
        let first = firsts.entry(asker).or_insert((at, question));
        let id = |question: QuestionIx| &view.questions.get(question).id;
        if (at, id(question)) < (first.0, id(first.1)) {
            *first = (at, question);
        }
    }
    firsts
}

/// When a question that is there was asked.
pub(super) fn asked_at(view: &View, question: QuestionIx) -> Option<Timestamp> {
    view.questions.get(question).state.as_ref().map(|state| state.at)
}

/// Minutes from the question to the first answer by another person.
pub(super) fn first_wait(view: &View, question: QuestionIx, at: Timestamp) -> Option<u64> {
    waited(view, view.first_answer(question)?, at)
}

fn waited(view: &View, answer: AnswerIx, at: Timestamp) -> Option<u64> {
    Some(view.answers.get(answer).state.as_ref()?.at.minutes_since(at))
}

/// Whether an answer came within the week.
fn in_time(waited: Option<u64>) -> bool {
    waited.is_some_and(|minutes| minutes <= PATIENCE_DAYS as u64 * 24 * 60)
}
