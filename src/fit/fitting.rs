//! Fits on rolling folds: what is learnt from the earlier queries is tried on those that came next.

use super::examples::Example;
use super::mixture::{Choice, Mixture, Tried, mixed};
use super::softmax::{self, Terms};
use super::teachable::Teachable;
use crate::domain::Timestamp;
use crate::signals::Direction;
use std::ops::RangeInclusive;

/// Where the rolling folds lie: learnt from the queries before one share, tried on those up to the next.
const SHARES: [f64; FOLDS + 1] = [0.4, 0.6, 0.8, 1.0];
const FOLDS: usize = 3;

/// The rolling folds of some examples: where each begins, and where the last ends. Queries of one instant are never on both
/// sides of a cut: what is the same past teaches nothing of what comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folds([usize; FOLDS + 1]);

impl Folds {
    /// The number of the last of them.
    pub(super) const LAST: usize = FOLDS - 1;

    /// Of queries at these instants, which ascend.
    pub(super) fn of(instants: &[Timestamp]) -> Self {
        Self(SHARES.map(|share| {
            let mut cut = (share * instants.len() as f64) as usize;
            while 0 < cut && cut < instants.len() && instants[cut - 1] == instants[cut] {
                cut -= 1;
            }
            cut
        }))
    }

    /// How many examples come before the first fold.
    pub(super) fn first(&self) -> usize {
        self.0[0]
    }

    /// How many examples come before the last fold.
    pub(super) fn last(&self) -> usize {
        self.0[Self::LAST]
    }
}

/// What every fit of one learning shares.
#[derive(Clone)]
pub(super) struct Fitting {
    pub(super) names: Vec<&'static str>,
    pub(super) prior: Vec<f64>,
    bounds: Vec<RangeInclusive<f64>>,
    threads: usize,
    worth: Worth,
}

/// What a ranking is worth: the ranks of what is wanted, from 0, and how much is wanted.
pub(super) type Worth = fn(&[usize], usize) -> f64;

impl Fitting {
    /// Weights are pulled to those of `prior`, and keep to their directions.
    pub(super) fn of<R: Teachable>(prior: &R, worth: Worth, threads: usize) -> Self {
        let (names, prior): (Vec<_>, _) = prior.pipeline().weights().unzip();
        let directions = names.iter().map(|name| R::direction(name));
        Self {
            bounds: directions.map(allowed).collect(),
            names,
            prior,
            threads,
            worth,
        }
    }

    /// The weights that `examples` teach at one pull; the search begins at `start`.
    pub(super) fn fit<'e>(
        &self,
        examples: impl IntoIterator<Item = &'e Example>,
        pull: f64,
        start: &[f64],
    ) -> Vec<f64> {
        let weighed: Vec<(&Example, f64)> = examples.into_iter().map(|example| (example, 1.0)).collect();
        let terms = Terms {
            start,
            prior: &self.prior,
            pull,
            bounds: &self.bounds,
            threads: self.threads,
        };
        softmax::fit(&weighed, &terms)
    }

    /// What each of `pulls` reaches, the most strongly first, where every example is judged by weights learnt from those of
    /// other parts: of `parts` parts, that of each example is its place in `part_of`.
    pub(super) fn across(&self, examples: &[Example], part_of: &[usize], parts: usize, pulls: &[f64]) -> Vec<Tried> {
        let mut found = vec![self.prior.clone(); parts];
        let of = |part: usize, own: bool| {
            let all = examples.iter().zip(part_of);
            all.filter(move |(_, of)| (**of == part) == own)
                .map(|(example, _)| example)
        };
        let mut tried = |pull: f64| {
            let mut gains = vec![0.0; examples.len()];
            for (part, found) in found.iter_mut().enumerate() {
                *found = self.fit(of(part, false), pull, found);
                let places = part_of.iter().enumerate().filter(|(_, of)| **of == part);
                let gained = self.gains(of(part, true), found);
                places.zip(gained).for_each(|((place, _), gain)| gains[place] = gain);
            }
            Tried {
                pull,
                gains,
                found: found.clone(),
            }
        };
        pulls.iter().map(|&pull| tried(pull)).collect()
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
    pub(super) fn on_folds(&self, examples: &[Example], folds: &Folds, pulls: &[f64]) -> Vec<Tried> {
        // Each fold starts from what the stronger pull found.
        let mut found = vec![self.prior.clone(); FOLDS];
        let mut tried = |pull| Tried {
            pull,
            gains: self.folds(examples, folds, pull, &mut found),
            found: found.clone(),
        };
        pulls.iter().map(|&pull| tried(pull)).collect()
    }

    /// Learns for every fold, starting from what was `found` there, and judges.
    fn folds(&self, examples: &[Example], folds: &Folds, pull: f64, found: &mut [Vec<f64>]) -> Vec<f64> {
        let fold = |(cut, found): (&[usize], &mut Vec<f64>)| {
            *found = self.fit(&examples[..cut[0]], pull, found);
            self.gains(&examples[cut[0]..cut[1]], found)
        };
        folds.0.windows(2).zip(found).flat_map(fold).collect()
    }

    /// What `mixture` of the pulls that were `tried` on the folds reaches there: of every example of the folds, in order.
    pub(super) fn on_folds_mixed(
        &self,
        examples: &[Example],
        folds: &Folds,
        tried: &[Tried],
        mixture: &Mixture,
    ) -> Vec<f64> {
        let cuts = folds.0.windows(2).enumerate();
        let gains = cuts.map(|(fold, cut)| self.gains(&examples[cut[0]..cut[1]], &mixture.of_fold(tried, fold)));
        gains.flatten().collect()
    }

    /// What the pulls that were `tried` reach on the folds, mixed on each as those before it say by `choice`, on the first as it
    /// does where nothing is known: of every example of the folds, in order. What is judged had no part in what it is judged
    /// by.
    pub(super) fn on_folds_ahead(
        &self,
        examples: &[Example],
        folds: &Folds,
        tried: &[Tried],
        choice: Choice,
    ) -> Vec<f64> {
        let gains = (0..FOLDS).map(|fold| {
            let (from, until) = (folds.0[fold], folds.0[fold + 1]);
            let seen = from - folds.first();
            let before: Vec<Tried> = tried.iter().map(|tried| tried.on(|place| place < seen)).collect();
            let mixture = Mixture::of(&before, choice);
            self.gains(&examples[from..until], &mixture.of_fold(tried, fold))
        });
        gains.flatten().collect()
    }

    /// The weights that `examples` teach at the pulls of `mixture`, mixed.
    pub(super) fn fit_mixed(&self, examples: &[Example], mixture: &Mixture) -> Vec<f64> {
        let mut found = self.prior.clone();
        let learnt = mixture.shares().map(|(pull, share)| {
            // Each search starts from what the stronger pull found.
            found = self.fit(examples, pull, &found);
            (found.clone(), share)
        });
        mixed(learnt, self.prior.len())
    }

    /// What each example's ranking under `weights` is worth; equal scores in the order of subjects.
    pub(super) fn gains<'e>(&self, examples: impl IntoIterator<Item = &'e Example>, weights: &[f64]) -> Vec<f64> {
        let gain = |example: &Example| {
            let scores: Vec<f64> = example.utilities(weights).collect();
            let mut order: Vec<usize> = (0..scores.len()).collect();
            order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
            let relevant: Vec<usize> = (0..order.len()).filter(|&rank| example.gold[order[rank]]).collect();
            (self.worth)(&relevant, relevant.len())
        };
        examples.into_iter().map(gain).collect()
    }
}

/// What a weight may be: signals with a direction keep it, so that more evidence never speaks against anybody.
pub(super) fn allowed(direction: Direction) -> RangeInclusive<f64> {
    match direction {
        Direction::Better => 0.0..=f64::INFINITY,
        Direction::Worse => f64::NEG_INFINITY..=0.0,
        Direction::Either => f64::NEG_INFINITY..=f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folds(days: &[i64]) -> [usize; FOLDS + 1] {
        Folds::of(&days.iter().map(|&day| Timestamp::from_micros(day)).collect::<Vec<_>>()).0
    }

    #[test]
    fn nobody_is_judged_by_what_they_taught() {
        let signals = crate::recommend::SkillsRecommender::shipped().expect("in order");
        let fitting = Fitting::of(&signals, crate::replay::ndcg10, 1);
        let names = fitting.names.len();
        // In each part another signal tells who is wanted, and the first one speaks against them: what the others teach misleads.
        let example = |told: usize, against: usize| {
            let mut strengths = vec![0.0; 2 * names];
            strengths[told] = 1.0;
            strengths[names + against] = 1.0;
            Example::whole(strengths, vec![true, false])
        };
        let examples: Vec<Example> = (0..20).map(|n| example(n % 2, 1 - n % 2)).collect();
        let parts: Vec<usize> = (0..20).map(|n| n % 2).collect();
        let tried = fitting.across(&examples, &parts, 2, &[1e-3]);
        assert_eq!(tried[0].gains.len(), 20);
        assert!(tried[0].mean() < 0.7, "each part was judged by what the other taught");
        let own = fitting.fit(&examples[..1], 1e-3, &fitting.prior);
        assert!(fitting.gains(&examples[..1], &own)[0] > 0.99);
    }

    #[test]
    fn the_folds_are_judged_by_the_mean_of_the_weights() {
        let shipped = crate::recommend::ExpertsRecommender::shipped().expect("in order");
        let fitting = Fitting::of(&shipped, crate::replay::ndcg10, 1);
        let names = fitting.names.len();
        let example = |n: usize| {
            let mut strengths = vec![0.0; 2 * names];
            strengths[n % 3] = 1.0;
            strengths[names + 3] = 1.0;
            Example::whole(strengths, vec![!n.is_multiple_of(5), n.is_multiple_of(5)])
        };
        let examples: Vec<Example> = (0..40).map(example).collect();
        let instants: Vec<Timestamp> = (0..40).map(Timestamp::from_micros).collect();
        let folds = Folds::of(&instants);
        let tried = fitting.on_folds(&examples, &folds, &[0.1, 0.001]);
        let mixture = Mixture::of(&tried, Choice::Mean);
        let gains = fitting.on_folds_mixed(&examples, &folds, &tried, &mixture);
        assert_eq!(gains.len(), examples.len() - folds.first());
        let weak = Mixture::of(&tried[1..], Choice::Mean);
        assert_eq!(
            fitting.on_folds_mixed(&examples, &folds, &tried, &weak),
            tried[1].gains,
            "of one, its own"
        );
        let (strong, free) = (
            fitting.fit(&examples, 0.1, &fitting.prior),
            fitting.fit(&examples, 0.001, &fitting.prior),
        );
        for (signal, weight) in fitting.fit_mixed(&examples, &mixture).into_iter().enumerate() {
            let expected = mixture.share(0.1) * strong[signal] + mixture.share(0.001) * free[signal];
            assert!((weight - expected).abs() < 1e-6, "{}", fitting.names[signal]);
        }
    }

    #[test]
    fn what_is_judged_had_no_part_in_choosing() {
        let shipped = crate::recommend::ExpertsRecommender::shipped().expect("in order");
        let fitting = Fitting::of(&shipped, crate::replay::ndcg10, 1);
        let names = fitting.names.len();
        // The first signal tells who is wanted.
        let example = |_| {
            let mut strengths = vec![0.0; 2 * names];
            strengths[0] = 1.0;
            Example::whole(strengths, vec![true, false])
        };
        let examples: Vec<Example> = (0..10).map(example).collect();
        let folds = Folds::of(&(0..10).map(Timestamp::from_micros).collect::<Vec<_>>());
        assert_eq!((folds.first(), folds.last()), (4, 8));
        // One pull did well on the first fold alone, the other one on what came later; what each found shows which was chosen.
        let tried = |pull, gains: [f64; 6], good: bool| {
            let mut weights = vec![0.0; names];
            weights[0] = if good { 1.0 } else { -1.0 };
            Tried {
                pull,
                gains: gains.to_vec(),
                found: vec![weights; FOLDS],
            }
        };
        let tried = [
            tried(0.3, [1.0, 1.0, 0.5, 0.5, 0.5, 0.5], false),
            tried(0.1, [0.9, 0.9, 1.0, 1.0, 1.0, 1.0], true),
        ];
        let gains = fitting.on_folds_ahead(&examples, &folds, &tried, Choice::Strongest(0.0));
        let worst = crate::replay::ndcg10(&[1], 1);
        let expected = [worst, worst, worst, worst, 1.0, 1.0];
        assert_eq!(
            gains, expected,
            "the strongest first; then the second fold chose for the third, not for itself"
        );
    }

    #[test]
    fn queries_of_one_instant_are_on_one_side_of_a_cut() {
        assert_eq!(folds(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [4, 6, 8, 10]);
        assert_eq!(folds(&[1, 2, 3, 3, 3, 3, 7, 8, 8, 8]), [2, 6, 7, 10]);
        assert_eq!(folds(&[1, 1, 1, 1, 1, 2, 2, 2, 2, 2]), [0, 5, 5, 10]);
        assert_eq!(
            folds(&[1, 1, 1]),
            [0, 0, 0, 3],
            "one past: whatever is tried was learnt from nothing"
        );
        assert_eq!(folds(&[]), [0, 0, 0, 0]);
    }
}
