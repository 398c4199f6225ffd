//! Default weights: what several organisations teach together.
//!
//! Each of them weighs the same, however many questions it has. Signals whose direction differs from place to place stay
//! at zero: where there is no history nobody knows which way they point.

use super::examples::{Example, Replaying, subjects_max};
use super::fitting::allowed;
use super::learnable::{Learnable, PastQueryOf};
use super::learner::{EXAMPLES_MAX, spread};
use super::softmax::{self, Terms};
use super::teachable::Teachable;
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, History};
use crate::signals::Direction;

/// How default weights are learnt.
pub struct Joint<'a, R = ExpertsRecommender> {
    /// What they are pulled to, and who proposes people.
    pub prior: &'a R,
    /// How strongly, ≥ 0.
    pub pull: f64,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl<R: Learnable> Joint<'_, R> {
    /// The examples of one organisation: `queries` of `history`, evenly spread when they are many. Cost: folding the past
    /// once, and one ranking of a few hundred people a question.
    pub fn examples(
        &self,
        history: &History,
        protocol: &R::Protocol,
        queries: &[&PastQueryOf<R>],
        basis: &BasisRule<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<Example> {
        let queries = spread(queries, EXAMPLES_MAX);
        let replaying = Replaying {
            prior: self.prior,
            subjects_max: subjects_max::<R>(queries.len()),
            basis,
            threads: self.threads,
        };
        Example::all(history, protocol, &queries, &replaying, progress)
    }
}

impl<R: Teachable> Joint<'_, R> {
    /// Every signal's weight, in the order of the pipeline, that the examples of all `places` teach together.
    pub fn weigh(&self, places: &[&[Example]]) -> Vec<(&'static str, f64)> {
        let named: Vec<(&'static str, f64)> = self.prior.pipeline().weights().collect();
        let bounds = named.iter().map(|(name, _)| match R::direction(name) {
            Direction::Either => 0.0..=0.0,
            direction => allowed(direction),
        });
        let prior: Vec<f64> = named.iter().map(|(_, weight)| *weight).collect();
        let terms = Terms {
            start: &prior,
            prior: &prior,
            pull: self.pull,
            bounds: &bounds.collect::<Vec<_>>(),
            threads: self.threads,
        };
        let shared = |place: &&'_ [Example]| 1.0 / place.len().max(1) as f64;
        let weighed: Vec<(&Example, f64)> = places
            .iter()
            .flat_map(|place| place.iter().map(move |example| (example, shared(place))))
            .collect();
        let names = named.iter().map(|(name, _)| *name);
        names.zip(softmax::fit(&weighed, &terms)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One question about two people of whom the one with `signal` answered.
    fn example(signals: usize, signal: usize) -> Example {
        let mut strengths = vec![0.0; 2 * signals];
        strengths[signal] = 1.0;
        Example::whole(strengths, vec![true, false])
    }

    #[test]
    fn places_weigh_the_same_and_what_differs_between_them_stays_out() {
        let prior = ExpertsRecommender::shipped().unwrap();
        let names: Vec<&str> = prior.pipeline().weights().map(|(name, _)| name).collect();
        let place = |signal: &str, questions: usize| {
            let signal = names.iter().position(|name| *name == signal).unwrap();
            vec![example(names.len(), signal); questions]
        };
        let joint = Joint {
            prior: &prior,
            pull: 0.01,
            threads: 2,
        };
        let (small, large, habit) = (place("similar_max", 10), place("tags_180d", 900), place("newcomer", 50));
        let learnt = joint.weigh(&[&small, &large, &habit]);
        let rise = |name: &str| {
            let place = names.iter().position(|known| *known == name).unwrap();
            assert_eq!(learnt[place].0, name);
            learnt[place].1 - prior.pipeline().weight(name)
        };
        assert!(rise("similar_max") > 0.1, "{learnt:?}");
        let one_person_more = (rise("similar_max") + prior.pipeline().weight("similar_max"))
            - (rise("tags_180d") + prior.pipeline().weight("tags_180d"));
        let apart_before = prior.pipeline().weight("similar_max") - prior.pipeline().weight("tags_180d");
        assert!(one_person_more.abs() <= apart_before.abs() + 1e-9, "{learnt:?}");
        assert!(rise("newcomer").abs() < 1e-12, "{learnt:?}");
        let again = joint.weigh(&[&small, &[&large[..], &large[..]].concat(), &habit]);
        for ((_, a), (_, b)) in learnt.iter().zip(&again) {
            assert!((a - b).abs() < 1e-6, "a place that asks twice as much weighs no more");
        }
    }
}
