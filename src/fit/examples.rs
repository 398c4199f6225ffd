//! Past queries as examples: the strengths of those who could have been picked, and who was.

use super::learnable::{Learnable, PastQueryOf, SubjectOf};
use crate::pipeline::{Pipeline, Task};
use crate::replay::{BasisRule, History, PastQuery as _, Protocol as _, replay};
use crate::world::View;

/// One query: a row of strengths for each subject that is considered, or gold; of many, for those whom the pipeline's
/// weights put first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// Strengths, subject by subject, in the order of the pipeline's signals.
    pub strengths: Vec<f32>,
    /// Whether each subject is gold.
    pub gold: Vec<bool>,
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
        let mut subjects = prior.considered(view, &understood, &candidates);
        subjects.extend(&wanted);
        let pipeline = prior.pipeline();
        let measured = pipeline.strengths(view, &understood, subjects);
        let is_gold = |subject: SubjectOf<R>| wanted.binary_search(&subject).is_ok();
        Self::among(view, pipeline, measured, is_gold, how.subjects_max)
    }

    /// The example of subjects that were `measured` by `pipeline`, signal by signal: the gold ones, and of more than `most`
    /// those whom its weights put first; in the order that breaks ties, whatever came first.
    pub(super) fn among<T: Task<World = View>>(
        view: &View,
        pipeline: &Pipeline<T>,
        (subjects, columns): (Vec<T::Subject>, Vec<f64>),
        is_gold: impl Fn(T::Subject) -> bool,
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
        kept.sort_by(|&a, &b| T::tie(view, subjects[a], subjects[b]));
        let row = |&row: &usize| columns[row..].iter().step_by(rows).map(|&strength| strength as f32);
        Self {
            strengths: kept.iter().flat_map(row).collect(),
            gold: kept.iter().map(|&row| gold[row]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::{CommunitiesRecommender, ExpertsRecommender};

    #[test]
    fn an_example_has_room_for_all_until_there_are_too_many() {
        let communities = subjects_max::<CommunitiesRecommender>;
        assert_eq!((communities(0), communities(500)), (ROWS_MAX, 2_000));
        assert_eq!(communities(50_000), SUBJECTS_MIN, "however many examples there are");
        let experts = subjects_max::<ExpertsRecommender>;
        assert_eq!((experts(40), experts(5_000)), (150, 150));
    }
}
