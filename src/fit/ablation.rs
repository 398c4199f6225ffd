//! What each signal earns: the weights are learnt again without it.

use super::fitting::{Fitting, PULLS, best};
use super::learner::Learner;
use crate::replay::{ExpertsProtocol, History};

/// The worth of each signal on one organisation's own past.
#[derive(Clone, Debug, PartialEq)]
pub struct Ablation {
    /// Questions on the folds.
    pub questions: usize,
    /// The pull that did best with all signals, and with which all others were learnt too.
    pub pull: f64,
    /// Mean nDCG at 10 on the folds with all signals.
    pub all: f64,
    /// The same without each signal, in the order of the pipeline; those of weight 0 that no example shows are the same.
    pub without: Vec<(&'static str, f64)>,
}

impl Learner<'_> {
    /// What each signal earns on the rolling folds; `None` when there are too few questions. Cost: that of learning, and
    /// three fits a signal.
    pub fn ablate(
        &self,
        history: &History,
        protocol: &ExpertsProtocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Ablation> {
        let (_, examples) = self.examples(history, protocol, progress)?;
        let fitting = Fitting::of(self.prior, self.threads);
        let tried = fitting.on_folds(&examples, &PULLS);
        let best = best(&tried);
        let without = |signal: usize| {
            let tried = fitting.without(signal).on_folds(&examples, &[best.pull]);
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
