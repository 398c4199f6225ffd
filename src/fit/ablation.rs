//! What each signal earns: the weights are learnt again without it.

use super::fitting::{Fitting, Folds, best};
use super::learnable::Learnable;
use super::learner::Learner;
use crate::replay::{History, PastQuery as _};

/// The worth of each signal on one organisation's own past.
#[derive(Clone, Debug, PartialEq)]
pub struct Ablation {
    /// Queries on the folds.
    pub questions: usize,
    /// The pull that did best with all signals, and with which all others were learnt too.
    pub pull: f64,
    /// The mean worth of rankings on the folds with all signals: nDCG at 10, where the recommender says nothing else.
    pub all: f64,
    /// The same without each signal, in the order of the pipeline; those of weight 0 that no example shows are the same.
    pub without: Vec<(&'static str, f64)>,
}

impl<R: Learnable> Learner<'_, R> {
    /// What each signal earns on the rolling folds; `None` when there are too few queries. Cost: that of learning, and
    /// three fits a signal.
    pub fn ablate(
        &self,
        history: &History,
        protocol: &R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation> {
        let (queries, examples) = self.examples(history, protocol, progress)?;
        let folds = Folds::of(&queries.iter().map(|query| query.at()).collect::<Vec<_>>());
        let fitting = Fitting::of(self.prior, R::worth, self.threads);
        let tried = fitting.on_folds(&examples, &folds, R::PULLS);
        let best = best(&tried, R::SLACK);
        let without = |signal: usize| {
            let tried = fitting.without(signal).on_folds(&examples, &folds, &[best.pull]);
            (fitting.names[signal], tried[0].mean())
        };
        Some(Ablation {
            questions: best.gains.len(),
            pull: best.pull,
            all: best.mean(),
            without: (0..fitting.names.len()).map(without).collect(),
        })
    }
}
