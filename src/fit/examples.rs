//! Past questions as examples: the strengths of those who could have answered, and who did.

use crate::pipeline::Pipeline;
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, ExpertsProtocol, History, Query, replay};
use crate::signals::Experts;
use crate::world::View;

/// People in an example at most: those who come later have next to no chance under any weights near these.
const PEOPLE_MAX: usize = 150;

/// One question: a row of strengths for each person whom the sources propose, or who answered; of many, for those whom
/// the pipeline's weights put first.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Strengths, person by person, in the order of the pipeline's signals.
    pub strengths: Vec<f32>,
    /// Whether each person answered.
    pub gold: Vec<bool>,
}

/// How the past is gone through for examples.
pub struct Replaying<'a> {
    /// Whose sources propose people.
    pub prior: &'a ExpertsRecommender,
    /// By which basis subjects are read.
    pub basis: &'a BasisRule<'a>,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl Example {
    /// The examples of `queries` of `history`, in their order. Cost: folding the past once, and one ranking of a few
    /// hundred people a question.
    pub fn all(
        history: &History,
        protocol: &ExpertsProtocol,
        queries: &[&Query],
        how: &Replaying<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Self> {
        let pipeline = how.prior.pipeline();
        let example = |view: &View, query: &Query| Self::of(protocol, pipeline, view, query);
        replay(history, queries, how.basis, how.threads, example, progress)
    }

    /// The example of `query` in `view`, which holds what was known before it.
    pub fn of(protocol: &ExpertsProtocol, pipeline: &Pipeline<Experts>, view: &View, query: &Query) -> Self {
        let understood = query.understood(view);
        let people = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<_> {
            let mut people: Vec<_> = numbers.filter_map(|n| view.person(protocol.id(n))).collect();
            people.sort_unstable();
            people.dedup();
            people
        };
        let allowed = people(&mut query.candidates());
        let answered = people(&mut query.gold.iter().copied());
        let mut subjects = pipeline.candidates(view, &understood);
        subjects.retain(|person| allowed.binary_search(person).is_ok());
        subjects.extend(&answered);
        let (subjects, columns) = pipeline.strengths(view, &understood, subjects);
        let rows = subjects.len();
        let weights: Vec<f64> = pipeline.weights().map(|(_, weight)| weight).collect();
        let is_gold = |row: usize| answered.binary_search(&subjects[row]).is_ok();
        let utility = |row: usize| -> f64 {
            let parts = weights.iter().zip(columns[row..].iter().step_by(rows));
            parts.map(|(weight, strength)| weight * strength).sum()
        };
        let utilities: Vec<f64> = (0..rows).map(utility).collect();
        let mut kept: Vec<usize> = (0..rows).collect();
        kept.sort_by(|&a, &b| is_gold(b).cmp(&is_gold(a)).then(utilities[b].total_cmp(&utilities[a])));
        kept.truncate(PEOPLE_MAX.max(answered.len()));
        kept.sort_unstable();
        let row = |&row: &usize| columns[row..].iter().step_by(rows).map(|&strength| strength as f32);
        Self {
            strengths: kept.iter().flat_map(row).collect(),
            gold: kept.iter().map(|&row| is_gold(row)).collect(),
        }
    }
}
