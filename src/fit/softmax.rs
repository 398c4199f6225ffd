//! The listwise softmax (conditional logit), fitted by Newton's method.
//!
//! Loss: the mean over examples of the cross-entropy between softmax(strengths · weights) over the people of the example
//! and the uniform distribution over those who answered, plus pull · |weights − prior|². It is convex: whatever the start,
//! the end is the same. (Z. Cao et al., *Learning to rank: from pairwise to listwise approach*, 2007, with one list of
//! positives; D. McFadden's conditional logit of 1974 when there is one.)

use super::examples::Example;
use super::linear::solve;
use ndarray::{Array1, Array2};
use std::ops::RangeInclusive;
use std::thread;

/// Steps at most; a handful suffices.
const STEPS_MAX: usize = 60;
/// Examples whose sums are taken by one thread at a time. Sums are added up in the order of these groups, so that the
/// number of threads leaves no trace.
const GROUP: usize = 64;

/// People with less of a chance say nothing of how the loss bends; what it is, and where it falls, they do.
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

/// Loss, gradient and Hessian over some examples, each weighing `share`.
struct Sums {
    loss: f64,
    gradient: Array1<f64>,
    hessian: Array2<f64>,
}

/// The weights with the least loss over `examples`, each of which weighs as much as `share` says. Cost: a few passes of
/// people · signals² each.
pub fn fit(examples: &[(&Example, f64)], terms: &Terms<'_>) -> Vec<f64> {
    let signals = terms.prior.len();
    let prior = Array1::from(terms.prior.to_vec());
    let clamp = |w: &mut Array1<f64>| {
        for (w, bounds) in w.iter_mut().zip(terms.bounds) {
            *w = w.clamp(*bounds.start(), *bounds.end());
        }
    };
    let mut weights = Array1::from(terms.start.to_vec());
    clamp(&mut weights);
    let mut sums = total(examples, &weights, &prior, terms);
    for _ in 0..STEPS_MAX {
        // A weight at its bound that would leave it stays there for this step (projected Newton; D. Bertsekas, 1982).
        let held: Vec<bool> = (0..signals)
            .map(|k| {
                let (lo, hi) = (*terms.bounds[k].start(), *terms.bounds[k].end());
                (weights[k] <= lo && sums.gradient[k] >= 0.0) || (weights[k] >= hi && sums.gradient[k] <= 0.0)
            })
            .collect();
        let (mut hessian, mut gradient) = (sums.hessian.clone(), sums.gradient.clone());
        for k in (0..signals).filter(|&k| held[k]) {
            hessian.row_mut(k).fill(0.0);
            hessian.column_mut(k).fill(0.0);
            hessian[[k, k]] = 1.0;
            gradient[k] = 0.0;
        }
        hessian.diag_mut().iter_mut().for_each(|x| *x += 1e-9);
        let Some(step) = solve(&hessian.view(), &gradient) else {
            break;
        };
        let Some((next, next_sums)) = descend(examples, &weights, &step, &sums, &prior, terms, &clamp) else {
            break;
        };
        let gained = sums.loss - next_sums.loss;
        (weights, sums) = (next, next_sums);
        if gained < 1e-8 {
            break;
        }
    }
    weights.to_vec()
}

/// Goes along `step`, half as far each time until the loss falls; `None` when it does not.
fn descend(
    examples: &[(&Example, f64)],
    weights: &Array1<f64>,
    step: &Array1<f64>,
    sums: &Sums,
    prior: &Array1<f64>,
    terms: &Terms<'_>,
    clamp: &dyn Fn(&mut Array1<f64>),
) -> Option<(Array1<f64>, Sums)> {
    let mut far = 1.0;
    for _ in 0..12 {
        let mut next = weights - &(step * far);
        clamp(&mut next);
        let next_sums = total(examples, &next, prior, terms);
        if next_sums.loss < sums.loss {
            return Some((next, next_sums));
        }
        far *= 0.5;
    }
    None
}

fn total(examples: &[(&Example, f64)], weights: &Array1<f64>, prior: &Array1<f64>, terms: &Terms<'_>) -> Sums {
    let signals = weights.len();
    let groups: Vec<&[(&Example, f64)]> = examples.chunks(GROUP).collect();
    let per_thread = groups.len().div_ceil(terms.threads.max(1)).max(1);
    let plain = weights.to_vec();
    let parts: Vec<Sums> = thread::scope(|scope| {
        let workers: Vec<_> = groups
            .chunks(per_thread)
            .map(|groups| {
                let plain = &plain;
                scope.spawn(move || groups.iter().map(|group| group_sums(group, plain)).collect::<Vec<_>>())
            })
            .collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined
            .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let all: f64 = examples
        .iter()
        .map(|(_, share)| share)
        .sum::<f64>()
        .max(f64::MIN_POSITIVE);
    let away = weights - prior;
    let mut sums = Sums {
        loss: terms.pull * away.dot(&away),
        gradient: &away * (2.0 * terms.pull),
        hessian: Array2::eye(signals) * (2.0 * terms.pull),
    };
    for part in parts {
        sums.loss += part.loss / all;
        sums.gradient.scaled_add(1.0 / all, &part.gradient);
        sums.hessian.scaled_add(1.0 / all, &part.hessian);
    }
    sums
}

fn group_sums(group: &[(&Example, f64)], weights: &[f64]) -> Sums {
    let signals = weights.len();
    let mut loss = 0.0;
    let mut gradient = vec![0.0; signals];
    let mut hessian = vec![0.0; signals * signals];
    let mut expected = vec![0.0; signals];
    let mut chances = Vec::new();
    for (example, share) in group {
        let gold = example.gold.iter().filter(|&&gold| gold).count() as f64;
        let log_sum = example.chances(weights, &mut chances);
        expected.fill(0.0);
        for ((row, &chance), &is_gold) in example.rows(signals).zip(&chances).zip(&example.gold) {
            let wanted = if is_gold { 1.0 / gold } else { 0.0 };
            if is_gold {
                let utility: f64 = row.iter().zip(weights).map(|(&x, w)| f64::from(x) * w).sum();
                loss += share * (log_sum - utility) / gold;
            }
            for (n, &x) in row.iter().enumerate() {
                let x = f64::from(x);
                gradient[n] += share * (chance - wanted) * x;
                expected[n] += chance * x;
            }
            if chance > CHANCE_MIN {
                for (n, &a) in row.iter().enumerate() {
                    let weighed = share * chance * f64::from(a);
                    let out = &mut hessian[n * signals..n * signals + n + 1];
                    for (out, &b) in out.iter_mut().zip(row) {
                        *out += weighed * f64::from(b);
                    }
                }
            }
        }
        for n in 0..signals {
            for m in 0..=n {
                hessian[n * signals + m] -= share * expected[n] * expected[m];
            }
        }
    }
    // The lower triangle is enough for the solver, but bounds empty whole rows: both are filled.
    for n in 0..signals {
        for m in 0..n {
            hessian[m * signals + n] = hessian[n * signals + m];
        }
    }
    Sums {
        loss,
        gradient: Array1::from(gradient),
        hessian: Array2::from_shape_vec((signals, signals), hessian).expect("as many numbers as signals squared"),
    }
}

impl Example {
    /// The rows of strengths.
    pub fn rows(&self, signals: usize) -> impl Iterator<Item = &[f32]> {
        self.strengths.chunks_exact(signals)
    }

    /// Fills `chances` with the softmax over the people; returns the logarithm of its denominator.
    pub fn chances(&self, weights: &[f64], chances: &mut Vec<f64>) -> f64 {
        chances.clear();
        let utility = |row: &[f32]| row.iter().zip(weights).map(|(&x, w)| f64::from(x) * w).sum::<f64>();
        chances.extend(self.rows(weights.len()).map(utility));
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
            let mut example = Example {
                strengths,
                gold: vec![false; 10],
            };
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
