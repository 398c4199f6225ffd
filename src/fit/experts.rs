//! Learning the weights of "who could answer" from the questions that were answered.
//!
//! Everything is chosen on older questions and checked on newer ones: how strongly the weights are pulled to the prior by
//! rolling folds, whether they are worth taking on the newest fifth. Nobody's future is looked at: each question is
//! replayed from what was known before it.

use super::calibration::Calibration;
use super::examples::Example;
use super::softmax::{self, Terms};
use crate::domain::Timestamp;
use crate::recommend::{ExpertsRecommender, Weights};
use crate::replay::{BasisRule, ExpertsProtocol, History, Query, bootstrap, ndcg10, replay};
use crate::signals::Direction;
use crate::world::View;
use std::ops::RangeInclusive;

/// Questions learnt from at most, evenly spread over the past.
const EXAMPLES_MAX: usize = 3_000;
/// Questions below which nothing is learnt.
const EXAMPLES_MIN: usize = 40;
/// Questions newer than the weights in use below which these are held against nothing.
pub const NEWER_MIN: usize = 40;
/// How strongly weights may be pulled to the prior, the most strongly first.
const PULLS: [f64; 7] = [0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1];
/// The rolling folds: learnt from the questions before the first share, tried on those up to the second.
const FOLDS: [(f64, f64); 3] = [(0.4, 0.6), (0.6, 0.8), (0.8, 1.0)];

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
    /// of a few hundred people a question, of 3,000 at most.
    pub fn learn(
        &self,
        history: &History,
        protocol: &ExpertsProtocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Learnt> {
        let queries = self.sample(&protocol.queries().iter().collect::<Vec<_>>());
        if queries.len() < EXAMPLES_MIN {
            return None;
        }
        let pipeline = self.prior.pipeline();
        let example = |view: &View, query: &Query| Example::of(protocol, pipeline, view, query);
        let examples = replay(history, &queries, &self.basis, self.threads, example, progress);
        let span = (queries.first()?.at(), queries.last()?.at());
        let older = self.since.map_or(0, |since| older_than(&queries, since));
        Some(self.weigh(&examples, span, older))
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
        let named: Vec<(&'static str, f64)> = self.prior.pipeline().weights().collect();
        let prior: Vec<f64> = named.iter().map(|(_, weight)| *weight).collect();
        let directions = named.iter().map(|(name, _)| ExpertsRecommender::direction(name));
        let fitting = Fitting {
            bounds: directions.map(allowed).collect(),
            prior,
            threads: self.threads,
        };
        let tried = fitting.on_folds(examples);
        let mut best = &tried[0];
        for other in &tried[1..] {
            if mean(&other.1) > mean(&best.1) {
                best = other;
            }
        }
        let (pull, ours) = best;
        let tried_from = place(examples, FOLDS[0].0);
        let newest_from = tried_from.max(older);
        let (newest, ours) = (&examples[newest_from..], &ours[newest_from - tried_from..]);
        let current: Vec<f64> = named.iter().map(|(name, _)| self.current.weight(name)).collect();
        let theirs = gains(newest, &current);
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let (older, last) = examples.split_at(place(examples, FOLDS[FOLDS.len() - 1].0));
        let weights = fitting.fit(examples, *pull, &fitting.prior);
        Learnt {
            weights: named.iter().map(|(name, _)| *name).zip(weights).collect(),
            calibration: Calibration::of(last, &fitting.fit(older, *pull, &fitting.prior)),
            pull: *pull,
            tried: tried.iter().map(|(pull, gains)| (*pull, mean(gains))).collect(),
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

/// What every fit of one learning shares.
struct Fitting {
    prior: Vec<f64>,
    bounds: Vec<RangeInclusive<f64>>,
    threads: usize,
}

impl Fitting {
    fn fit(&self, examples: &[Example], pull: f64, start: &[f64]) -> Vec<f64> {
        let weighed: Vec<(&Example, f64)> = examples.iter().map(|example| (example, 1.0)).collect();
        let terms = Terms {
            start,
            prior: &self.prior,
            pull,
            bounds: &self.bounds,
            threads: self.threads,
        };
        softmax::fit(&weighed, &terms)
    }

    /// For each pull, the gain of every example of the folds, judged by weights learnt from the examples before its fold.
    fn on_folds(&self, examples: &[Example]) -> Vec<(f64, Vec<f64>)> {
        // Each fold starts from what the stronger pull found.
        let mut found = vec![self.prior.clone(); FOLDS.len()];
        let mut tried = |pull| {
            let fold = |(&(from, to), found): (&(f64, f64), &mut Vec<f64>)| {
                *found = self.fit(&examples[..place(examples, from)], pull, found);
                gains(&examples[place(examples, from)..place(examples, to)], found)
            };
            (pull, FOLDS.iter().zip(&mut found).flat_map(fold).collect())
        };
        PULLS.iter().map(|&pull| tried(pull)).collect()
    }
}

/// The place that lies at `share` of the examples.
fn place(examples: &[Example], share: f64) -> usize {
    (share * examples.len() as f64) as usize
}

/// At most `places` of `queries`, evenly spread.
fn spread<'q>(queries: &[&'q Query], places: usize) -> Vec<&'q Query> {
    let kept = queries.len().min(places);
    (0..kept).map(|n| queries[n * queries.len() / kept]).collect()
}

/// How many of `queries`, which are in order, are not newer than `since`.
fn older_than(queries: &[&Query], since: Timestamp) -> usize {
    let newer = queries.iter().position(|query| query.at() > since);
    newer.unwrap_or(queries.len())
}

/// What a weight may be: signals with a direction keep it, so that more evidence never speaks against anybody.
fn allowed(direction: Direction) -> RangeInclusive<f64> {
    match direction {
        Direction::Better => 0.0..=f64::INFINITY,
        Direction::Worse => f64::NEG_INFINITY..=0.0,
        Direction::Either => f64::NEG_INFINITY..=f64::INFINITY,
    }
}

/// nDCG at 10 of each example under `weights`; equal scores in the order of people.
pub(super) fn gains(examples: &[Example], weights: &[f64]) -> Vec<f64> {
    let gain = |example: &Example| {
        let scores: Vec<f64> = example.utilities(weights).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let relevant: Vec<usize> = (0..order.len().min(10))
            .filter(|&rank| example.gold[order[rank]])
            .collect();
        ndcg10(&relevant, example.gold.iter().filter(|&&gold| gold).count())
    };
    examples.iter().map(gain).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
