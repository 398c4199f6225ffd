//! Learning the weights of a recommender from what happened: the questions that were answered, the communities that people
//! joined, those who began to animate.
//!
//! Everything is chosen on older queries and checked on newer ones: how strongly the weights are pulled to the prior, and
//! whether they are worth taking, by rolling folds. Nobody's future is looked at: each query is replayed from what was known
//! before it.

use super::calibration::calibrate;
use super::examples::{Example, Replaying, subjects_max};
use super::fitting::{Fitting, Folds, best, mean};
use super::learnable::{Learnable, PastQueryOf, QUERIES_MIN};
use super::teachable::Teachable;
use crate::domain::Timestamp;
use crate::recommend::{Calibration, ExpertsRecommender, Weights};
use crate::replay::{BasisRule, History, PastQuery, Protocol as _, bootstrap};
use std::collections::BTreeMap;

/// Queries learnt from at most, evenly spread over the past.
pub(super) const EXAMPLES_MAX: usize = 5_000;
/// Queries newer than the weights in use below which these are held against nothing.
pub const NEWER_MIN: usize = 40;

/// How the weights in use and the new ones did on the newest queries, which neither was learnt from.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Queries.
    pub questions: usize,
    /// Queries below which it says nothing.
    pub questions_min: usize,
    /// Mean worth of the rankings of the weights in use: nDCG at 10, where the recommender says nothing else.
    pub current: f64,
    /// The same of weights learnt the same way from the queries before.
    pub learnt: f64,
    /// The 95 % interval of the mean difference, paired bootstrap.
    pub interval: (f64, f64),
}

impl Check {
    /// Whether the new weights may be taken: they do not lose, and there was enough to tell.
    pub fn passed(&self) -> bool {
        self.says() && self.learnt >= self.current
    }

    /// Whether there were enough queries to tell.
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
    /// The pull that did best on the folds, and the mean worth that each one reached there.
    pub pull: f64,
    /// Each pull that was tried with its figure on the folds.
    pub tried: Vec<(f64, f64)>,
    /// Queries learnt from.
    pub examples: usize,
    /// When the first and the last of them were.
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
    pub fn recommender<R: Teachable>(&self) -> R {
        R::taught(&self.weights, self.model(), Some(self.calibration))
    }
}

/// What learning needs besides the past.
pub struct Learner<'a, R = ExpertsRecommender> {
    /// The weights in use: what the new ones are held against.
    pub current: &'a R,
    /// The shipped weights: what the new ones are pulled to.
    pub prior: &'a R,
    /// By which basis subjects are read.
    pub basis: BasisRule<'a>,
    /// What the weights in use were learnt from ends here: only later questions tell them from the new ones, and there
    /// must be [`NEWER_MIN`] of them. `None` when they were learnt from none of these.
    pub since: Option<Timestamp>,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl<R: Learnable> Learner<'_, R> {
    /// Learns from `queries` of `history`; `None` when there are too few. Cost: folding the past once, and one ranking
    /// of a few hundred people a question, of 5,000 at most.
    pub fn learn(
        &self,
        history: &History,
        protocol: &R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Learnt> {
        let (queries, examples) = self.examples(history, protocol, progress)?;
        let instants: Vec<Timestamp> = queries.iter().map(|query| query.at()).collect();
        Some(self.weigh(&examples, &instants))
    }

    /// The questions learnt from, and the example that each of them is; `None` when there are too few.
    pub(super) fn examples<'q>(
        &self,
        history: &History,
        protocol: &'q R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<(Vec<&'q PastQueryOf<R>>, Vec<Example>)> {
        let queries = self.sample(&protocol.queries().iter().collect::<Vec<_>>());
        if queries.len() < QUERIES_MIN {
            return None;
        }
        let replaying = Replaying {
            prior: self.prior,
            subjects_max: subjects_max::<R>(queries.len()),
            basis: &self.basis,
            threads: self.threads,
        };
        let examples = Example::all(history, protocol, &queries, &replaying, progress);
        Some((queries, examples))
    }

    /// At most [`EXAMPLES_MAX`] of `queries`, evenly spread; a quarter of the places is kept for those that are newer than
    /// the weights in use, so that the check has enough of them.
    fn sample<'q>(&self, queries: &[&'q PastQueryOf<R>]) -> Vec<&'q PastQueryOf<R>> {
        let (older, newer) = queries.split_at(self.since.map_or(0, |since| older_than(queries, since)));
        let places = EXAMPLES_MAX.saturating_sub(older.len()).max(EXAMPLES_MAX / 4);
        let newer = spread(newer, if older.is_empty() { EXAMPLES_MAX } else { places });
        let mut sampled = spread(older, EXAMPLES_MAX - newer.len());
        sampled.extend(newer);
        sampled
    }

    /// Weighs `examples`, whose queries were at these `instants`.
    fn weigh(&self, examples: &[Example], instants: &[Timestamp]) -> Learnt {
        let fitting = Fitting::of(self.prior, R::worth, self.threads);
        let folds = Folds::of(instants);
        let tried = fitting.on_folds(examples, &folds, R::PULLS);
        let best = best(&tried, R::SLACK);
        // The weights in use may have been learnt from what is older.
        let older = (self.since).map_or(0, |since| instants.partition_point(|at| *at <= since));
        let newest_from = folds.first().max(older);
        let (newest, ours) = (&examples[newest_from..], &best.gains[newest_from - folds.first()..]);
        let in_use: BTreeMap<&str, f64> = self.current.pipeline().weights().collect();
        let weight = |name: &&str| in_use.get(name).copied().unwrap_or(0.0);
        let current: Vec<f64> = fitting.names.iter().map(weight).collect();
        let theirs = fitting.gains(newest, &current);
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let (older, last) = examples.split_at(folds.last());
        let weights = fitting.fit(examples, best.pull, &fitting.prior);
        Learnt {
            weights: fitting.names.iter().copied().zip(weights).collect(),
            calibration: calibrate(last, &fitting.fit(older, best.pull, &fitting.prior)),
            pull: best.pull,
            tried: tried.iter().map(|tried| (tried.pull, tried.mean())).collect(),
            examples: examples.len(),
            span: span(instants),
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

/// When the first and the last of queries were.
fn span(instants: &[Timestamp]) -> (Timestamp, Timestamp) {
    let first = instants.first().copied().unwrap_or(Timestamp::from_micros(0));
    (first, instants.last().copied().unwrap_or(first))
}

/// At most `places` of `queries`, evenly spread.
pub(super) fn spread<'q, Q>(queries: &[&'q Q], places: usize) -> Vec<&'q Q> {
    let kept = queries.len().min(places);
    (0..kept).map(|n| queries[n * queries.len() / kept]).collect()
}

/// How many of `queries`, which are in order, are not newer than `since`.
fn older_than(queries: &[&impl PastQuery], since: Timestamp) -> usize {
    let newer = queries.iter().position(|query| query.at() > since);
    newer.unwrap_or(queries.len())
}
