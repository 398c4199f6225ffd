//! Learning the weights of "who could answer" from the questions that were answered.
//!
//! Everything is chosen on older questions and checked on newer ones: how strongly the weights are pulled to the prior by
//! rolling folds, whether they are worth taking on the newest fifth. Nobody's future is looked at: each question is
//! replayed from what was known before it.

use super::calibration::calibrate;
use super::examples::{Example, Replaying};
use super::fitting::{Fitting, PULLS, before_folds, before_last_fold, best, gains, mean};
use crate::domain::Timestamp;
use crate::recommend::{Calibration, ExpertsRecommender, Weights};
use crate::replay::{BasisRule, ExpertsProtocol, History, Query, bootstrap};

/// Questions learnt from at most, evenly spread over the past.
pub(super) const EXAMPLES_MAX: usize = 5_000;
/// Questions below which nothing is learnt.
const EXAMPLES_MIN: usize = 40;
/// Questions newer than the weights in use below which these are held against nothing.
pub const NEWER_MIN: usize = 40;

/// How the weights in use and the new ones did on the newest questions, which neither was learnt from.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Questions.
    pub questions: usize,
    /// Questions below which it says nothing.
    pub questions_min: usize,
    /// Mean nDCG at 10 of the weights in use.
    pub current: f64,
    /// Mean nDCG at 10 of weights learnt the same way from the questions before.
    pub learnt: f64,
    /// The 95 % interval of the mean difference, paired bootstrap.
    pub interval: (f64, f64),
}

impl Check {
    /// Whether the new weights may be taken: they do not lose, and there was enough to tell.
    pub fn passed(&self) -> bool {
        self.says() && self.learnt >= self.current
    }

    /// Whether there were enough questions to tell.
    pub fn says(&self) -> bool {
        self.questions >= self.questions_min
    }
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// Every signal's weight, in the order of the pipeline.
    pub weights: Vec<(&'static str, f64)>,
    /// How scores become chances here.
    pub calibration: Calibration,
    /// The pull that did best on the folds, and the mean nDCG at 10 that each one reached there.
    pub pull: f64,
    /// Each pull that was tried with its figure on the folds.
    pub tried: Vec<(f64, f64)>,
    /// Questions learnt from.
    pub examples: usize,
    /// When the first and the last of them were asked.
    pub span: (Timestamp, Timestamp),
    /// How it did.
    pub check: Check,
}

impl Learnt {
    /// A short name for exactly these weights.
    pub fn model(&self) -> String {
        format!("learnt-{}", Weights::of_pairs(&self.weights).model())
    }

    /// The recommender that uses them.
    pub fn recommender(&self) -> ExpertsRecommender {
        ExpertsRecommender::learnt(&self.weights, self.model(), Some(self.calibration))
    }
}

/// What learning needs besides the past.
pub struct Learner<'a> {
    /// The weights in use: what the new ones are held against.
    pub current: &'a ExpertsRecommender,
    /// The shipped weights: what the new ones are pulled to.
    pub prior: &'a ExpertsRecommender,
    /// By which basis subjects are read.
    pub basis: BasisRule<'a>,
    /// What the weights in use were learnt from ends here: only later questions tell them from the new ones, and there
    /// must be [`NEWER_MIN`] of them. `None` when they were learnt from none of these.
    pub since: Option<Timestamp>,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl Learner<'_> {
    /// Learns from `queries` of `history`; `None` when there are too few. Cost: folding the past once, and one ranking
    /// of a few hundred people a question, of 5,000 at most.
    pub fn learn(
        &self,
        history: &History,
        protocol: &ExpertsProtocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Learnt> {
        let (queries, examples) = self.examples(history, protocol, progress)?;
        let span = (queries.first()?.at(), queries.last()?.at());
        let older = self.since.map_or(0, |since| older_than(&queries, since));
        Some(self.weigh(&examples, span, older))
    }

    /// The questions learnt from, and the example that each of them is; `None` when there are too few.
    pub(super) fn examples<'q>(
        &self,
        history: &History,
        protocol: &'q ExpertsProtocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<(Vec<&'q Query>, Vec<Example>)> {
        let queries = self.sample(&protocol.queries().iter().collect::<Vec<_>>());
        if queries.len() < EXAMPLES_MIN {
            return None;
        }
        let examples = Example::all(history, protocol, &queries, &self.replaying(), progress);
        Some((queries, examples))
    }

    fn replaying(&self) -> Replaying<'_> {
        Replaying {
            prior: self.prior,
            basis: &self.basis,
            threads: self.threads,
        }
    }

    /// At most [`EXAMPLES_MAX`] of `queries`, evenly spread; a quarter of the places is kept for those that are newer than
    /// the weights in use, so that the check has enough of them.
    fn sample<'q>(&self, queries: &[&'q Query]) -> Vec<&'q Query> {
        let (older, newer) = queries.split_at(self.since.map_or(0, |since| older_than(queries, since)));
        let places = EXAMPLES_MAX.saturating_sub(older.len()).max(EXAMPLES_MAX / 4);
        let newer = spread(newer, if older.is_empty() { EXAMPLES_MAX } else { places });
        let mut sampled = spread(older, EXAMPLES_MAX - newer.len());
        sampled.extend(newer);
        sampled
    }

    /// Weighs `examples`; the weights in use may have been learnt from the first `older` of them.
    fn weigh(&self, examples: &[Example], span: (Timestamp, Timestamp), older: usize) -> Learnt {
        let fitting = Fitting::of(self.prior, self.threads);
        let tried = fitting.on_folds(examples, &PULLS);
        let best = best(&tried);
        let tried_from = before_folds(examples);
        let newest_from = tried_from.max(older);
        let (newest, ours) = (&examples[newest_from..], &best.gains[newest_from - tried_from..]);
        let current: Vec<f64> = fitting.names.iter().map(|name| self.current.weight(name)).collect();
        let theirs = gains(newest, &current);
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let (older, last) = examples.split_at(before_last_fold(examples));
        let weights = fitting.fit(examples, best.pull, &fitting.prior);
        Learnt {
            weights: fitting.names.iter().copied().zip(weights).collect(),
            calibration: calibrate(last, &fitting.fit(older, best.pull, &fitting.prior)),
            pull: best.pull,
            tried: tried.iter().map(|tried| (tried.pull, tried.mean())).collect(),
            examples: examples.len(),
            span,
            check: Check {
                questions: newest.len(),
                questions_min: self.since.map_or(0, |_| NEWER_MIN),
                current: mean(&theirs),
                learnt: mean(ours),
                interval: bootstrap(&differences).unwrap_or_default(),
            },
        }
    }
}

/// At most `places` of `queries`, evenly spread.
pub(super) fn spread<'q>(queries: &[&'q Query], places: usize) -> Vec<&'q Query> {
    let kept = queries.len().min(places);
    (0..kept).map(|n| queries[n * queries.len() / kept]).collect()
}

/// How many of `queries`, which are in order, are not newer than `since`.
fn older_than(queries: &[&Query], since: Timestamp) -> usize {
    let newer = queries.iter().position(|query| query.at() > since);
    newer.unwrap_or(queries.len())
}
