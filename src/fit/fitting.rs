//! Fits on rolling folds: what is learnt from the earlier questions is tried on those that came next.

use super::examples::Example;
use super::softmax::{self, Terms};
use crate::recommend::ExpertsRecommender;
use crate::replay::ndcg10;
use crate::signals::Direction;
use std::ops::RangeInclusive;

/// How strongly weights may be pulled to the prior, the most strongly first.
pub(super) const PULLS: [f64; 9] = [0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1, 0.000_03, 0.000_01];
/// The rolling folds: learnt from the questions before the first share, tried on those up to the second.
const FOLDS: [(f64, f64); 3] = [(0.4, 0.6), (0.6, 0.8), (0.8, 1.0)];

/// What every fit of one learning shares.
#[derive(Clone)]
pub(super) struct Fitting {
    pub(super) names: Vec<&'static str>,
    pub(super) prior: Vec<f64>,
    bounds: Vec<RangeInclusive<f64>>,
    threads: usize,
}

/// What one pull reached.
pub(super) struct Tried {
    pub(super) pull: f64,
    /// Of every example of the folds, in order.
    pub(super) gains: Vec<f64>,
}

impl Tried {
    pub(super) fn mean(&self) -> f64 {
        mean(&self.gains)
    }
}

impl Fitting {
    /// Weights are pulled to those of `prior`, and keep to their directions.
    pub(super) fn of(prior: &ExpertsRecommender, threads: usize) -> Self {
        let (names, prior): (Vec<_>, _) = prior.pipeline().weights().unzip();
        let directions = names.iter().map(|name| ExpertsRecommender::direction(name));
        Self {
            bounds: directions.map(allowed).collect(),
            names,
            prior,
            threads,
        }
    }

    /// The weights that `examples` teach at one pull; the search begins at `start`.
    pub(super) fn fit(&self, examples: &[Example], pull: f64, start: &[f64]) -> Vec<f64> {
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

    /// The same without a signal: it weighs nothing.
    pub(super) fn without(&self, signal: usize) -> Self {
        let mut without = self.clone();
        without.prior[signal] = 0.0;
        without.bounds[signal] = 0.0..=0.0;
        without
    }

    /// What each of `pulls` reaches on the folds, the most strongly first: every example is judged by weights learnt from
    /// the examples before its fold.
    pub(super) fn on_folds(&self, examples: &[Example], pulls: &[f64]) -> Vec<Tried> {
        // Each fold starts from what the stronger pull found.
        let mut found = vec![self.prior.clone(); FOLDS.len()];
        let mut tried = |pull| Tried {
            pull,
            gains: self.folds(examples, pull, &mut found),
        };
        pulls.iter().map(|&pull| tried(pull)).collect()
    }

    /// Learns for every fold, starting from what was `found` there, and judges.
    fn folds(&self, examples: &[Example], pull: f64, found: &mut [Vec<f64>]) -> Vec<f64> {
        let fold = |(&(from, to), found): (&(f64, f64), &mut Vec<f64>)| {
            *found = self.fit(&examples[..place(examples, from)], pull, found);
            gains(&examples[place(examples, from)..place(examples, to)], found)
        };
        FOLDS.iter().zip(found).flat_map(fold).collect()
    }
}

/// The pull that did best; of equal ones the strongest.
pub(super) fn best(tried: &[Tried]) -> &Tried {
    let mut best = &tried[0];
    for other in &tried[1..] {
        if other.mean() > best.mean() {
            best = other;
        }
    }
    best
}

/// How many examples come before the first fold.
pub(super) fn before_folds(examples: &[Example]) -> usize {
    place(examples, FOLDS[0].0)
}

/// How many examples come before the last fold.
pub(super) fn before_last_fold(examples: &[Example]) -> usize {
    place(examples, FOLDS[FOLDS.len() - 1].0)
}

/// The place that lies at `share` of the examples.
fn place(examples: &[Example], share: f64) -> usize {
    (share * examples.len() as f64) as usize
}

/// What a weight may be: signals with a direction keep it, so that more evidence never speaks against anybody.
pub(super) fn allowed(direction: Direction) -> RangeInclusive<f64> {
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

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
