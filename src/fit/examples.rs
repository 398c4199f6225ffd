//! Past queries as examples: the strengths of those who could have been picked, and who was.

use super::learnable::{Learnable, PastQueryOf, SubjectOf};
use crate::pipeline::{Pipeline, Task};
use crate::replay::{BasisRule, History, PastQuery as _, Protocol as _, replay};
use crate::world::View;

/// One query: a row of strengths for each subject that is considered, or gold; of many, for those whom the pipeline's
/// weights put first.
///
/// Rankings are judged by all of them. Learnt is from those who are considered alone: a gold subject whom no source proposes
/// shows hardly any of the signs by which others were proposed, and would teach that these signs do not count, although it
/// can never be named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// Strengths, subject by subject, in the order of the pipeline's signals.
    pub strengths: Vec<f32>,
    /// Whether each subject is gold.
    pub gold: Vec<bool>,
    /// How many are considered: the first ones.
    pub considered: usize,
}

/// Rows of strengths that are held at once, at most, where there is more to choose from: a third of a gigabyte for eighty
/// signals.
const ROWS_MAX: usize = 1_000_000;
/// Subjects that an example has room for, whatever the number of examples.
const SUBJECTS_MIN: usize = 200;

/// Subjects in each of so many examples of `R`, at most.
pub(super) fn subjects_max<R: Learnable>(examples: usize) -> usize {
    R::SUBJECTS_MAX.min(room(examples))
}

/// Subjects for which each of so many examples has room.
pub(super) fn room(examples: usize) -> usize {
    (ROWS_MAX / examples.max(1)).max(SUBJECTS_MIN)
}

/// How the past is gone through for examples.
pub struct Replaying<'a, R> {
    /// Whose sources propose subjects.
    pub prior: &'a R,
    /// Subjects in an example at most, beside the gold ones; of more, those whom the prior puts first are kept.
    pub subjects_max: usize,
    /// By which basis subjects are read.
    pub basis: &'a BasisRule<'a>,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl Example {
    /// The examples of `queries` of `history`, in their order. Cost: folding the past once, and one ranking a query of the
    /// subjects that are considered.
    pub fn all<R: Learnable>(
        history: &History,
        protocol: &R::Protocol,
        queries: &[&PastQueryOf<R>],
        how: &Replaying<'_, R>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Self> {
        let example = |view: &View, query: &PastQueryOf<R>| Self::of(protocol, how, view, query);
        replay(history, queries, how.basis, how.threads, example, progress)
    }

    /// The example of `query` in `view`, which holds what was known for it; an empty one when it is not understood there.
    pub fn of<R: Learnable>(
        protocol: &R::Protocol,
        how: &Replaying<'_, R>,
        view: &View,
        query: &PastQueryOf<R>,
    ) -> Self {
        let prior = how.prior;
        let Some(understood) = R::understood(view, query) else {
            return Self::default();
        };
        let known = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<_> {
            let mut known: Vec<_> = numbers.filter_map(|n| R::subject(view, protocol.id(n))).collect();
            known.sort_unstable();
            known.dedup();
            known
        };
        let candidates = known(&mut query.candidates());
        let wanted = known(&mut query.gold().iter().copied());
        let considered = prior.considered(view, &understood, &candidates);
        let subjects = considered.iter().chain(&wanted).copied().collect();
        let pipeline = prior.pipeline();
        let measured = pipeline.strengths(view, &understood, subjects);
        let is_gold = |subject: SubjectOf<R>| wanted.binary_search(&subject).is_ok();
        let is_considered = |subject: SubjectOf<R>| considered.binary_search(&subject).is_ok();
        Self::among(view, pipeline, measured, (is_gold, is_considered), how.subjects_max)
    }

    /// An example in which all are considered.
    pub fn whole(strengths: Vec<f32>, gold: Vec<bool>) -> Self {
        Self {
            considered: gold.len(),
            strengths,
            gold,
        }
    }

    /// The example of subjects that were `measured` by `pipeline`, signal by signal: the gold ones, and of more than `most`
    /// those whom its weights put first; those who are considered before the others, and each in the order that breaks ties,
    /// whatever came first.
    pub(super) fn among<T: Task<World = View>>(
        view: &View,
        pipeline: &Pipeline<T>,
        (subjects, columns): (Vec<T::Subject>, Vec<f64>),
        (is_gold, is_considered): (impl Fn(T::Subject) -> bool, impl Fn(T::Subject) -> bool),
        most: usize,
    ) -> Self {
        let rows = subjects.len();
        let gold: Vec<bool> = subjects.iter().map(|&subject| is_gold(subject)).collect();
        let weights: Vec<f64> = pipeline.weights().map(|(_, weight)| weight).collect();
        let utility = |row: usize| -> f64 {
            let parts = weights.iter().zip(columns[row..].iter().step_by(rows));
            parts.map(|(weight, strength)| weight * strength).sum()
        };
        let utilities: Vec<f64> = (0..rows).map(utility).collect();
        let mut kept: Vec<usize> = (0..rows).collect();
        kept.sort_by(|&a, &b| gold[b].cmp(&gold[a]).then(utilities[b].total_cmp(&utilities[a])));
        kept.truncate(most.max(gold.iter().filter(|gold| **gold).count()));
        let is_considered = |row: usize| is_considered(subjects[row]);
        kept.sort_by(|&a, &b| {
            let first = is_considered(b).cmp(&is_considered(a));
            first.then_with(|| T::tie(view, subjects[a], subjects[b]))
        });
        let row = |&row: &usize| columns[row..].iter().step_by(rows).map(|&strength| strength as f32);
        Self {
            strengths: kept.iter().flat_map(row).collect(),
            gold: kept.iter().map(|&row| gold[row]).collect(),
            considered: kept.iter().filter(|&&row| is_considered(row)).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::rfc3339;
    use crate::domain::{DAY_MICROS, Timestamp};
    use crate::recommend::{CommunitiesRecommender, ExpertsRecommender, SearchRecommender};
    use crate::replay::DaysProtocol;
    use serde_json::json;

    /// Ana answers under `rust`, three times in every part of the past; once in each, somebody does who never had before, but
    /// had answered about something else.
    fn one_who_knows_and_many_who_happen_by() -> History {
        let (mut history, mut number) = (History::default(), 0_u64);
        let mut tell = |kind: &str, data: serde_json::Value| {
            let at = rfc3339(Timestamp::from_micros(number.cast_signed() * DAY_MICROS));
            number += 1;
            let event = json!({"id": number.to_string(), "source": "s", "type": kind, "at": at, "data": data});
            history.push(number, event.to_string().as_bytes(), Timestamp::from_micros(i64::MAX));
        };
        let mut answer = |question: String, tag: &str, title: &str, author: &str| {
            tell(
                "question.created",
                json!({"question": question, "asker": "asker", "title": title, "tags": [tag]}),
            );
            tell(
                "answer.created",
                json!({"answer": format!("a-{question}"), "question": question, "author": author}),
            );
        };
        for part in 0..25 {
            answer(format!("m{part}"), "garden", "Watering roses", &format!("p{part}"));
        }
        for part in 0..25 {
            for n in 0..4 {
                let author = if n < 3 { "ana".to_owned() } else { format!("p{part}") };
                answer(format!("r{part}-{n}"), "rust", "Lifetimes of borrows", &author);
            }
        }
        history
    }

    #[test]
    fn whom_no_source_proposes_is_judged_by_and_teaches_nothing() {
        let history = one_who_knows_and_many_who_happen_by();
        let protocol = DaysProtocol::search(&history);
        let queries: Vec<_> = protocol.queries().iter().collect();
        assert!(queries.len() > 5 && queries.iter().any(|query| query.gold().len() > 1));
        let shipped = SearchRecommender::shipped().expect("in order");
        let how = Replaying {
            prior: &shipped,
            subjects_max: 150,
            basis: &BasisRule::Held(None),
            threads: 1,
        };
        let examples = Example::all::<SearchRecommender>(&history, &protocol, &queries, &how, &mut |_, _| {});
        let gold = |of: &[bool]| of.iter().filter(|gold| **gold).count();
        assert!(examples.iter().any(|example| gold(&example.gold) > 1));
        for example in &examples {
            assert_eq!(gold(&example.gold[..example.considered]), 1, "ana alone can be named");
            assert_eq!(
                gold(&example.gold),
                example.gold.len() - example.considered + 1,
                "the others come last"
            );
            let mut chances = Vec::new();
            example.chances(&vec![0.0; example.strengths.len() / example.gold.len()], &mut chances);
            assert_eq!(chances.len(), example.considered);
        }
    }

    #[test]
    fn an_example_has_room_for_all_until_there_are_too_many() {
        let communities = subjects_max::<CommunitiesRecommender>;
        assert_eq!((communities(0), communities(500)), (ROWS_MAX, 2_000));
        assert_eq!(communities(50_000), SUBJECTS_MIN, "however many examples there are");
        let experts = subjects_max::<ExpertsRecommender>;
        assert_eq!((experts(40), experts(5_000)), (150, 150));
    }
}
