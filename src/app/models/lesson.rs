//! Learning a model from the organisation's own log: what is needed is read first, then learnt from without the service,
//! and what came out is adopted or refused.
//!
//! Nobody waits for it: the log is read on a connection of its own, and events go on coming in. Only adopting is the
//! writer's work. One lesson at a time. A [`Lesson`] holds nothing of the service, so that a service that stops need not
//! wait for it.

use super::adoption::{Change, NewModel};
use super::verdict::{Reason, Verdict};
use super::{Choice, Models, ModelsError, term_key};
use crate::app::Service;
use crate::app::writer::Job;
use crate::domain::Timestamp;
use crate::fit::{Learner, Learnt, QUESTIONS_MIN, SEED, basis};
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, ExpertsProtocol, History};
use crate::store::StoreError;
use crate::world::latent::{Basis, TermKey};
use crate::world::{Ix as _, View};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::oneshot;

/// Why nothing can be learnt now.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// Another lesson is going on.
    #[error("a model is being learnt already: try again when it is done")]
    Busy,
    /// The service is stopping, or nobody waits any more.
    #[error("the service is stopping; run the command again later")]
    Stopping,
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be put to use.
    #[error(transparent)]
    Models(#[from] ModelsError),
}

/// Held while a lesson is going on.
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(taken: &Arc<AtomicBool>) -> Option<Self> {
        let free = taken.compare_exchange(false, true, Ordering::SeqCst, Ordering::SeqCst);
        free.is_ok().then(|| Self(Arc::clone(taken)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// What a model is learnt from.
pub struct Lesson {
    history: History,
    view: View,
    models: Arc<Models>,
    shipped: ExpertsRecommender,
    key: TermKey,
    now: Timestamp,
    turn: Turn,
}

/// What was learnt, and what is to become of it.
pub struct Proposal {
    verdict: Verdict,
    learnt: Option<Learnt>,
    new: Option<NewModel>,
    before: Arc<Models>,
    _turn: Turn,
}

/// What became of what was learnt.
pub struct FitOutcome {
    /// What was decided.
    pub verdict: Verdict,
    /// What was learnt, taken or not; `None` when there was too little for weights.
    pub learnt: Option<Learnt>,
    /// The models before.
    pub before: Arc<Models>,
    /// The models now.
    pub after: Arc<Models>,
}

impl Lesson {
    /// Learns weights and a basis, and decides. `progress` hears how many past questions were gone through, and of how
    /// many. Cost: that of [`Learner::learn`], on `threads` threads.
    pub fn learn(self, threads: usize, progress: &mut dyn FnMut(usize, usize)) -> Proposal {
        let find = |view: &View| basis(view, self.key, SEED).map(Arc::new);
        let learner = Learner {
            current: self.models.experts(),
            prior: &self.shipped,
            basis: BasisRule::Refreshed(&find),
            since: self.models.learnt_until(),
            threads,
        };
        let learnt = learner.learn(&self.history, &ExpertsProtocol::to_learn(&self.history), progress);
        self.propose(learnt)
    }

    /// Finds a basis, and leaves the weights as they are. Cost: that of [`basis`].
    pub fn basis_alone(self) -> Proposal {
        self.propose(None)
    }

    fn propose(self, learnt: Option<Learnt>) -> Proposal {
        let found = basis(&self.view, self.key, SEED).map(Arc::new);
        let verdict = self.decide(learnt.as_ref(), found.as_ref());
        let new = match verdict {
            Verdict::Adopted => Some(NewModel::of(self.now, learnt.clone(), found)),
            Verdict::BasisAlone(_) => Some(NewModel::of(self.now, self.models.learnt().cloned(), found)),
            Verdict::Refused(_) => None,
        };
        Proposal {
            verdict,
            learnt,
            new,
            before: self.models,
            _turn: self.turn,
        }
    }

    pub(super) fn decide(&self, learnt: Option<&Learnt>, found: Option<&Arc<Basis>>) -> Verdict {
        let in_use = self.models.basis();
        let new_basis = || match (found, in_use) {
            (Some(found), Some(in_use)) => found.encode() != in_use.encode(),
            (found, _) => found.is_some(),
        };
        match learnt {
            Some(learnt) if learnt.check.passed() => Verdict::Adopted,
            // Weights that have had a basis keep it until better ones come: both were measured together.
            Some(learnt) => {
                let check = &learnt.check;
                let reason = if check.says() {
                    Reason::Loses
                } else {
                    Reason::FewNew(check.questions)
                };
                if in_use.is_none() && found.is_some() {
                    Verdict::BasisAlone(reason)
                } else {
                    Verdict::Refused(reason)
                }
            }
            None if found.is_none() => Verdict::Refused(match with_words(&self.view, QUESTIONS_MIN) {
                QUESTIONS_MIN => Reason::NoTerms,
                few => Reason::FewQuestions(few),
            }),
            None if new_basis() => Verdict::BasisAlone(Reason::FewAnswered),
            None => Verdict::Refused(Reason::Same),
        }
    }
}

/// Questions with words, counted up to `most`.
fn with_words(view: &View, most: usize) -> usize {
    let questions = view.questions.iter();
    questions
        .filter(|(ix, _)| view.texts.contains(ix.row()))
        .take(most)
        .count()
}

impl Service {
    /// The models that there are.
    pub fn models(&self) -> Arc<Models> {
        Arc::clone(&self.snapshot().models)
    }

    /// Learns from the whole log, and adopts or refuses. Cost: reads the log, holds its facts a second time, and learns on
    /// `threads` threads; requests and events go on meanwhile, but for the moment in which a new basis is put to use.
    ///
    /// # Errors
    /// When another lesson is going on, or the store refuses.
    pub fn fit(&self, threads: usize, progress: &mut dyn FnMut(usize, usize)) -> Result<FitOutcome, FitError> {
        self.adopt(self.lesson(&|| true)?.learn(threads, progress))
    }

    /// Reads what a model is learnt from, as long as `wanted` says so. Cost: reads the log.
    ///
    /// # Errors
    /// As [`Service::fit`].
    pub fn lesson(&self, wanted: &dyn Fn() -> bool) -> Result<Lesson, FitError> {
        let turn = Turn::take(&self.fitting).ok_or(FitError::Busy)?;
        let shipped = ExpertsRecommender::shipped().map_err(|error| FitError::Models(ModelsError::Shipped(error)))?;
        let reader = self.reader()?.ok_or(FitError::Stopping)?;
        let (now, mut history) = (self.now(), History::default());
        let mut whole = true;
        reader.scan(0, &mut |record| {
            history.push(record.sequence, record.payload, now);
            whole = record.sequence % 1024 != 0 || wanted();
            if whole {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        if !whole {
            return Err(FitError::Stopping);
        }
        let snapshot = self.snapshot();
        Ok(Lesson {
            history,
            view: snapshot.view.clone(),
            models: Arc::clone(&snapshot.models),
            shipped,
            key: term_key(self.data_id),
            now,
            turn,
        })
    }

    /// Puts what was learnt to use, unless it is refused. It is durable and seen by everybody on return.
    ///
    /// # Errors
    /// When the store refuses, or the service is stopping; nothing was changed then.
    pub fn adopt(&self, proposal: Proposal) -> Result<FitOutcome, FitError> {
        let after = match proposal.new {
            Some(new) => self.change_models(Change::Adopt(Box::new(new)))?,
            None => self.models(),
        };
        Ok(FitOutcome {
            verdict: proposal.verdict,
            learnt: proposal.learnt,
            before: proposal.before,
            after,
        })
    }

    /// Puts the model to use that the operator chose. It is durable and seen by everybody on return.
    ///
    /// # Errors
    /// When there is no such model, or the store refuses.
    pub fn choose_model(&self, choice: Choice) -> Result<Arc<Models>, ModelsError> {
        self.change_models(Change::Choose(choice, self.now()))
    }

    /// Whether a model should be learnt now, by itself: there is none and there are enough questions, or the newest is
    /// `days` old. Never with 0 days, and never while one is pinned. Cost: looks at few questions, or at none.
    pub fn refit_due(&self, days: u32) -> bool {
        let snapshot = self.snapshot();
        if days == 0 || snapshot.models.pinned().is_some() {
            return false;
        }
        let newest = snapshot.models.newest_first().next();
        newest.map_or_else(
            || with_words(&snapshot.view, QUESTIONS_MIN) == QUESTIONS_MIN,
            |newest| self.now().minutes_since(newest.made) >= u64::from(days) * 24 * 60,
        )
    }

    fn change_models(&self, change: Change) -> Result<Arc<Models>, ModelsError> {
        let (reply, changed) = oneshot::channel();
        self.send(Job::Models(change, reply));
        changed.blocking_recv().unwrap_or(Err(ModelsError::Stopping))
    }
}
