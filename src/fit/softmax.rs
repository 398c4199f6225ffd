//! The listwise softmax (conditional logit), fitted by Newton's method.
//!
//! Loss: the mean over examples of the cross-entropy between softmax(strengths · weights) over the people of the example
//! and the uniform distribution over those who answered, plus pull · |weights − prior|². It is convex: whatever the start,
//! the end is the same. (Z. Cao et al., *Learning to rank: from pairwise to listwise approach*, 2007, with one list of
//! positives; with one of them, the conditional logit of econometrics.)

use super::examples::Example;
use super::linear::solve;
use ndarray::{Array1, Array2};
use std::ops::RangeInclusive;
use std::thread::{self, ScopedJoinHandle};

/// Steps at most; a handful suffices.
const STEPS_MAX: usize = 60;
/// How often a step is halved until the loss falls.
const HALVINGS_MAX: usize = 12;
/// A step that gains less ends the search.
const GAIN_MIN: f64 = 1e-8;
/// Examples whose sums are taken by one thread at a time. Sums are added up in the order of these groups, so that the
/// number of threads leaves no trace.
const GROUP: usize = 64;
/// People with less of a chance say nothing of how the loss bends; what it is, and where it falls, they do. Left out of both
/// terms of the Hessian, they leave it positive semidefinite: its chances sum to less than 1.
const CHANCE_MIN: f64 = 1e-5;

/// What a fit is held to.
#[derive(Clone, Debug)]
pub struct Terms<'a> {
    /// Where the search starts: near the end it is short. The end does not depend on it.
    pub start: &'a [f64],
    /// Where the weights are pulled to.
    pub prior: &'a [f64],
    /// How much, ≥ 0.
    pub pull: f64,
    /// What each weight may be; it may be one number.
    pub bounds: &'a [RangeInclusive<f64>],
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

/// The weights with the least loss over `examples`, each of which weighs as much as is said beside it. Cost: a few passes
/// of people · signals² each.
pub fn fit(examples: &[(&Example, f64)], terms: &Terms<'_>) -> Vec<f64> {
    let problem = Problem { examples, terms };
    let mut weights = problem.clamped(Array1::from(terms.start.to_vec()));
    let mut sums = problem.sums(&weights);
    for _ in 0..STEPS_MAX {
        let Some((next, next_sums)) = problem.step(&weights, &sums) else {
            break;
        };
        let gained = sums.loss - next_sums.loss;
        (weights, sums) = (next, next_sums);
        if gained < GAIN_MIN {
            break;
        }
    }
    weights.to_vec()
}

/// Loss, gradient and Hessian over some examples.
struct Sums {
    loss: f64,
    gradient: Array1<f64>,
    hessian: Array2<f64>,
}

struct Problem<'a> {
    examples: &'a [(&'a Example, f64)],
    terms: &'a Terms<'a>,
}

impl Problem<'_> {
    /// Weights within their bounds.
    fn clamped(&self, mut weights: Array1<f64>) -> Array1<f64> {
        for (weight, bounds) in weights.iter_mut().zip(self.terms.bounds) {
            *weight = weight.clamp(*bounds.start(), *bounds.end());
        }
        weights
    }

    /// One step of Newton's method, halved until the loss falls; `None` at the end of the way. A weight at its bound that
    /// would leave it stays where it is (projected Newton; D. Bertsekas, 1982).
    fn step(&self, weights: &Array1<f64>, sums: &Sums) -> Option<(Array1<f64>, Sums)> {
        let (mut hessian, mut gradient) = (sums.hessian.clone(), sums.gradient.clone());
        for (k, bounds) in self.terms.bounds.iter().enumerate() {
            let at_low = weights[k] <= *bounds.start() && gradient[k] >= 0.0;
            let at_high = weights[k] >= *bounds.end() && gradient[k] <= 0.0;
            if at_low || at_high {
                hessian.row_mut(k).fill(0.0);
                hessian.column_mut(k).fill(0.0);
                hessian[[k, k]] = 1.0;
                gradient[k] = 0.0;
            }
        }
        // A grain keeps the matrix definite where a signal never differs.
        hessian.diag_mut().iter_mut().for_each(|x| *x += 1e-9);
        let direction = solve(&hessian.view(), &gradient)?;
        let tries = std::iter::successors(Some(1.0), |far| Some(far * 0.5)).take(HALVINGS_MAX);
        let mut reached = tries.map(|far: f64| {
            let next = self.clamped(weights - &(&direction * far));
            let next_sums = self.sums(&next);
            (next, next_sums)
        });
        reached.find(|(_, next)| next.loss < sums.loss)
    }

    /// Loss, gradient and Hessian at `weights`.
    fn sums(&self, weights: &Array1<f64>) -> Sums {
        let groups: Vec<&[(&Example, f64)]> = self.examples.chunks(GROUP).collect();
        let share = groups.len().div_ceil(self.terms.threads.max(1)).max(1);
        let plain = weights.to_vec();
        let work = |groups: &[&[(&Example, f64)]]| -> Vec<Sums> {
            let sums = |group: &&[(&Example, f64)]| Group::of(plain.len()).sums(group, &plain);
            groups.iter().map(sums).collect()
        };
        let parts: Vec<Sums> = thread::scope(|scope| {
            let spawned: Vec<_> = groups
                .chunks(share)
                .map(|groups| scope.spawn(|| work(groups)))
                .collect();
            let joined = spawned.into_iter().map(ScopedJoinHandle::join);
            joined
                .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let all: f64 = self.examples.iter().map(|(_, share)| share).sum();
        let each = 1.0 / all.max(f64::MIN_POSITIVE);
        let pull = self.terms.pull;
        let away = weights - &Array1::from(self.terms.prior.to_vec());
        let mut sums = Sums {
            loss: pull * away.dot(&away),
            gradient: &away * (2.0 * pull),
            hessian: Array2::eye(weights.len()) * (2.0 * pull),
        };
        for part in parts {
            sums.loss += part.loss * each;
            sums.gradient.scaled_add(each, &part.gradient);
            sums.hessian.scaled_add(each, &part.hessian);
        }
        sums
    }
}

/// Sums in the making, over one group of examples.
struct Group {
    signals: usize,
    loss: f64,
    gradient: Vec<f64>,
    /// The lower triangle, row by row of the whole matrix.
    hessian: Vec<f64>,
    /// Σ chance · strength over the people of the example at hand who have a chance.
    expected: Vec<f64>,
}

impl Group {
    fn of(signals: usize) -> Self {
        Self {
            signals,
            loss: 0.0,
            gradient: vec![0.0; signals],
            hessian: vec![0.0; signals * signals],
            expected: vec![0.0; signals],
        }
    }

    fn sums(mut self, group: &[(&Example, f64)], weights: &[f64]) -> Sums {
        let mut chances = Vec::new();
        for &(example, share) in group {
            let log_sum = example.chances(weights, &mut chances);
            self.add(example, share, weights, (&chances, log_sum));
        }
        let signals = self.signals;
        let mut hessian =
            Array2::from_shape_vec((signals, signals), self.hessian).expect("as many numbers as signals squared");
        // Bounds empty whole rows and columns: both triangles are filled.
        for row in 0..signals {
            for column in 0..row {
                hessian[[column, row]] = hessian[[row, column]];
            }
        }
        Sums {
            loss: self.loss,
            gradient: Array1::from(self.gradient),
            hessian,
        }
    }

    fn add(&mut self, example: &Example, share: f64, weights: &[f64], (chances, log_sum): (&[f64], f64)) {
        let gold = example.gold[..example.considered].iter().filter(|&&gold| gold).count() as f64;
        if gold < 1.0 {
            // Nobody is wanted: there is nothing to tell apart.
            return;
        }
        self.expected.fill(0.0);
        // There is a chance for each who is considered, and none for the others.
        for ((row, &chance), &is_gold) in example.rows(self.signals).zip(chances).zip(&example.gold) {
            let wanted = if is_gold { 1.0 / gold } else { 0.0 };
            if is_gold {
                self.loss += share * (log_sum - utility(row, weights)) / gold;
            }
            for (gradient, &x) in self.gradient.iter_mut().zip(row) {
                *gradient += share * (chance - wanted) * f64::from(x);
            }
            if chance > CHANCE_MIN {
                for (expected, &x) in self.expected.iter_mut().zip(row) {
                    *expected += chance * f64::from(x);
                }
                self.bend(share * chance, row);
            }
        }
        for row in 0..self.signals {
            for column in 0..=row {
                self.hessian[row * self.signals + column] -= share * self.expected[row] * self.expected[column];
            }
        }
    }

    /// Adds `by` · x · xᵀ for the strengths x, most of which are 0 and add nothing.
    fn bend(&mut self, by: f64, strengths: &[f32]) {
        for (place, (row, &x)) in self.hessian.chunks_exact_mut(self.signals).zip(strengths).enumerate() {
            if x.abs() < f32::MIN_POSITIVE {
                continue;
            }
            let weighed = by * f64::from(x);
            for (sum, &y) in row[..=place].iter_mut().zip(strengths) {
                *sum += weighed * f64::from(y);
            }
        }
    }
}

fn utility(strengths: &[f32], weights: &[f64]) -> f64 {
    strengths.iter().zip(weights).map(|(&x, w)| f64::from(x) * w).sum()
}

impl Example {
    /// The rows of strengths.
    pub fn rows(&self, signals: usize) -> impl Iterator<Item = &[f32]> {
        self.strengths.chunks_exact(signals)
    }

    /// The score of each person under `weights`.
    pub fn utilities(&self, weights: &[f64]) -> impl Iterator<Item = f64> {
        self.rows(weights.len()).map(|row| utility(row, weights))
    }

    /// Fills `chances` with the softmax over the people who are considered; returns the logarithm of its denominator.
    pub fn chances(&self, weights: &[f64], chances: &mut Vec<f64>) -> f64 {
        chances.clear();
        chances.extend(self.utilities(weights).take(self.considered));
        let most = chances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        chances.iter_mut().for_each(|u| *u = libm::exp(*u - most));
        let sum: f64 = chances.iter().sum();
        chances.iter_mut().for_each(|u| *u /= sum);
        most + libm::log(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are always the same, in 0..1.
    fn draws(mut seed: u64) -> impl FnMut() -> f64 {
        move || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / f64::from(1_u32 << 31)
        }
    }

    /// Ten people a question; one answers, chosen by the softmax of `truth`.
    fn examples(truth: &[f64], count: usize) -> Vec<Example> {
        let mut draw = draws(3);
        let example = |_| {
            let strengths: Vec<f32> = (0..10 * truth.len()).map(|_| draw() as f32).collect();
            let mut example = Example::whole(strengths, vec![false; 10]);
            let mut chances = Vec::new();
            example.chances(truth, &mut chances);
            let mut left = draw();
            let chosen = chances.iter().position(|chance| {
                left -= chance;
                left < 0.0
            });
            example.gold[chosen.unwrap_or(9)] = true;
            example
        };
        (0..count).map(example).collect()
    }

    fn fitted(
        examples: &[Example],
        start: &[f64],
        pull: f64,
        bounds: &[RangeInclusive<f64>],
        threads: usize,
    ) -> Vec<f64> {
        let weighed: Vec<(&Example, f64)> = examples.iter().map(|example| (example, 1.0)).collect();
        let terms = Terms {
            start,
            prior: &[0.0; 3],
            pull,
            bounds,
            threads,
        };
        fit(&weighed, &terms)
    }

    fn free() -> Vec<RangeInclusive<f64>> {
        vec![f64::NEG_INFINITY..=f64::INFINITY; 3]
    }

    #[test]
    fn it_finds_the_weights_that_made_the_choices() {
        let truth = [3.0, -2.0, 0.5];
        let found = fitted(&examples(&truth, 4_000), &[0.0; 3], 0.0, &free(), 2);
        for (found, truth) in found.iter().zip(truth) {
            assert!((found - truth).abs() < 0.25, "{found} is far from {truth}");
        }
    }

    #[test]
    fn people_with_hardly_a_chance_do_not_bend_the_loss_the_wrong_way() {
        // Together they have a chance of a thousandth, and strengths so large that their mean counts.
        let mut strengths = vec![0.0, 0.0];
        strengths.extend([-11.6, 1_000.0].repeat(150));
        let mut gold = vec![false; 151];
        gold[0] = true;
        let example = Example::whole(strengths, gold);
        let sums = Group::of(2).sums(&[(&example, 1.0)], &[1.0, 0.0]);
        assert!(
            sums.loss > 0.0 && sums.gradient[1] > 1.0,
            "they still count where it falls"
        );
        assert!(sums.hessian[[1, 1]] >= 0.0, "{}", sums.hessian[[1, 1]]);
    }

    #[test]
    fn an_example_in_which_nobody_is_wanted_teaches_nothing() {
        let some = examples(&[3.0, -2.0, 0.5], 50);
        let mut more = some.clone();
        more.extend(examples(&[-3.0, 2.0, 4.0], 50).into_iter().map(|example| Example {
            gold: vec![false; 10],
            ..example
        }));
        // What is averaged over twice as many pulls half as much.
        let (alone, beside) = (
            fitted(&some, &[0.0; 3], 0.01, &free(), 1),
            fitted(&more, &[0.0; 3], 0.005, &free(), 1),
        );
        assert!(
            alone.iter().zip(&beside).all(|(a, b)| (a - b).abs() < 1e-3),
            "{alone:?} {beside:?}"
        );
    }

    #[test]
    fn the_end_depends_neither_on_the_start_nor_on_the_threads() {
        let examples = examples(&[3.0, -2.0, 0.5], 300);
        let one = fitted(&examples, &[0.0; 3], 0.001, &free(), 1);
        let bits = |weights: &[f64]| weights.iter().map(|w| w.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&one), bits(&fitted(&examples, &[0.0; 3], 0.001, &free(), 3)));
        let far = fitted(&examples, &[-4.0, 4.0, 4.0], 0.001, &free(), 1);
        assert!(
            one.iter().zip(&far).all(|(a, b)| (a - b).abs() < 1e-3),
            "{one:?} {far:?}"
        );
    }

    #[test]
    fn a_strong_pull_keeps_the_prior_and_bounds_are_kept() {
        let examples = examples(&[3.0, -2.0, 0.5], 300);
        assert!(
            fitted(&examples, &[0.0; 3], 1e4, &free(), 1)
                .iter()
                .all(|w| w.abs() < 1e-3)
        );
        let mut bounds = free();
        bounds[1] = 0.0..=f64::INFINITY;
        let bounded = fitted(&examples, &[0.0; 3], 0.001, &bounds, 1);
        assert!(bounded[1].abs() < f64::EPSILON && bounded[0] > 1.0, "{bounded:?}");
    }
}
