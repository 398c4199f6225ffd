//! What each signal earns: the weights are learnt again without it.

use super::fitting::{Fitting, Folds};
use super::learnable::{Learnable, QUERIES_MIN};
use super::learner::{Learner, Pile};
use super::mixture::Mixture;
use crate::replay::History;

/// The worth of each signal on one organisation's own past.
#[derive(Clone, Debug, PartialEq)]
pub struct Ablation {
    /// Queries on the folds.
    pub questions: usize,
    /// The pull with the largest share in the weights with all signals, whose shares all others have too; where groups are learnt
    /// apart, that of the one with the most queries.
    pub pull: f64,
    /// The mean worth of rankings on the folds with all signals: nDCG at 10, where the recommender says nothing else.
    pub all: f64,
    /// The same without each signal, in the order of the pipeline; those of weight 0 that no example shows are the same.
    pub without: Vec<(&'static str, f64)>,
}

impl<R: Learnable> Learner<'_, R> {
    /// What each signal earns on the rolling folds; `None` when there are too few queries. Cost: that of learning, and
    /// for each signal three fits a pull that has a share.
    pub fn ablate(
        &self,
        history: &History,
        protocol: &R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation> {
        let (queries, examples) = self.examples(history, protocol, progress)?;
        let fitting = Fitting::of(self.prior, R::worth, self.threads);
        let groups = Pile::by_group::<R>(&queries, examples).into_iter();
        let groups = groups.filter(|group| group.examples.len() >= QUERIES_MIN);
        let tried: Vec<Whole> = groups.map(|group| Whole::of::<R>(&fitting, group)).collect();
        let questions: usize = tried.iter().map(|whole| whole.gains.len()).sum();
        let mean = |sum: f64| sum / questions.max(1) as f64;
        let all: f64 = tried.iter().map(Whole::sum).sum();
        let without = |signal: usize| {
            // The others never heard of it.
            let own = tried
                .iter()
                .find(|whole| whole.group.group == R::group_of(fitting.names[signal]));
            let lost = own.map_or(0.0, |own| own.sum() - own.without(&fitting, signal));
            (fitting.names[signal], mean(all - lost))
        };
        let largest = tried.iter().rev().max_by_key(|whole| whole.gains.len())?;
        Some(Ablation {
            questions,
            pull: largest.mixture.main_pull(),
            all: mean(all),
            without: (0..fitting.names.len()).map(without).collect(),
        })
    }
}

/// One group with all signals.
struct Whole {
    group: Pile,
    folds: Folds,
    mixture: Mixture,
    /// Of every example of its folds.
    gains: Vec<f64>,
}

impl Whole {
    fn of<R: Learnable>(fitting: &Fitting, group: Pile) -> Self {
        let folds = Folds::of(&group.instants);
        let tried = fitting.on_folds(&group.examples, &folds, R::PULLS);
        let mixture = Mixture::of(&tried, R::CHOICE);
        let gains = fitting.on_folds_mixed(&group.examples, &folds, &tried, &mixture);
        Self {
            group,
            folds,
            mixture,
            gains,
        }
    }

    fn sum(&self) -> f64 {
        self.gains.iter().sum()
    }

    /// The sum of the gains without `signal`, at the same pulls.
    fn without(&self, fitting: &Fitting, signal: usize) -> f64 {
        let (fitting, examples) = (fitting.without(signal), &self.group.examples);
        let tried = fitting.on_folds(examples, &self.folds, &self.mixture.pulls());
        let gains = fitting.on_folds_mixed(examples, &self.folds, &tried, &self.mixture);
        gains.iter().sum()
    }
}
