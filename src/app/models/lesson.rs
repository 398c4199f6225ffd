//! Learning models from the organisation's own log: what is needed is read first, then learnt from without the service,
//! and what came out is adopted or refused, each recommender on its own.
//!
//! Nobody waits for it: the log is read on a connection of its own, and events go on coming in. Only adopting is the
//! writer's work. One lesson at a time. A [`Lesson`] holds nothing of the service, so that a service that stops need not
//! wait for it.

use super::adoption::{Change, NewModel};
use super::due::with_words;
use super::verdict::{Reason, Verdict};
use super::{Choice, Models, ModelsError, term_key};
use crate::app::Service;
use crate::app::writer::Job;
use crate::domain::Timestamp;
use crate::fit::{Check, Kept, Learnable, Learner, Learnt, QUESTIONS_MIN, SEED, basis};
use crate::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
};
use crate::replay::{
    BasisRule, CoAnimatorsRule, CommunitiesRule, DaysProtocol, ExpertsProtocol, Habits, History, Protocol as _,
};
use crate::store::StoreError;
use crate::world::View;
use crate::world::latent::{Basis, TermKey};
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

/// What models are learnt from.
pub struct Lesson {
    pub(super) history: History,
    view: View,
    pub(super) models: Arc<Models>,
    habits: Habits,
    key: TermKey,
    pub(super) now: Timestamp,
    /// When somebody had been erased last before the view was taken.
    erased: Option<Timestamp>,
    turn: Turn,
}

/// What was learnt, and what is to become of it.
pub struct Proposal {
    each: Vec<(Fate, Option<NewModel>)>,
    /// Whether it takes the place of every model before.
    replaces: bool,
    before: Arc<Models>,
    erased: Option<Timestamp>,
    _turn: Turn,
}

/// What became of what was learnt for one recommender.
#[derive(Clone, Debug)]
pub struct Fate {
    /// Which.
    pub which: Recommender,
    /// What was decided.
    pub verdict: Verdict,
    /// What was learnt, taken or not; `None` when there was too little for weights.
    pub learnt: Option<Learnt>,
}

/// What became of what was learnt.
pub struct FitOutcome {
    /// Recommender by recommender, those that were wanted.
    pub each: Vec<Fate>,
    /// The models before.
    pub before: Arc<Models>,
    /// The models now.
    pub after: Arc<Models>,
}

impl Lesson {
    /// Learns weights for each of `wanted`, and for people who could answer a basis too, and decides. `progress` hears how many
    /// past queries were gone through, and of how many, recommender after recommender. Cost: that of [`Learner::learn`] each,
    /// on `threads` threads.
    pub fn learn(self, wanted: &[Recommender], threads: usize, progress: &mut dyn FnMut(usize, usize)) -> Proposal {
        let mut how = (threads, progress);
        let each = wanted.iter().map(|which| match which {
            Recommender::Experts => {
                let protocol = ExpertsProtocol::to_learn(&self.history);
                self.proposed(self.taught::<ExpertsRecommender>(&protocol, &mut how))
            }
            Recommender::Communities => {
                let rule = CommunitiesRule::to_learn(&self.history, &self.habits);
                let protocol = DaysProtocol::communities_to_learn(&self.history, &rule);
                self.of_days::<CommunitiesRecommender>(&protocol, &mut how)
            }
            Recommender::CoAnimators => {
                let rule = CoAnimatorsRule::to_learn(&self.history, &self.habits);
                let protocol = DaysProtocol::co_animators_to_learn(&self.history, &rule);
                self.of_days::<CoAnimatorsRecommender>(&protocol, &mut how)
            }
            Recommender::Search => {
                let protocol = DaysProtocol::search(&self.history);
                self.of_days::<SearchRecommender>(&protocol, &mut how)
            }
            Recommender::Skills => self.of_links(&mut how),
        });
        let each = each.collect();
        self.proposal(each)
    }

    /// Finds a basis, and leaves all weights as they are. Cost: that of [`basis`].
    pub fn basis_alone(self) -> Proposal {
        let each = vec![self.proposed(None)];
        self.proposal(each)
    }

    fn proposal(self, each: Vec<(Fate, Option<NewModel>)>) -> Proposal {
        Proposal {
            each,
            replaces: false,
            before: self.models,
            erased: self.erased,
            _turn: self.turn,
        }
    }

    /// Finds a basis in what is there now, or none where that is too little, in place of every one before. The weights, which
    /// are numbers over everybody, stay until they are learnt again. Cost: that of [`basis`].
    pub fn after_erasure(self) -> Proposal {
        let which = Recommender::Experts;
        let found = basis(&self.view, self.key, SEED).map(Arc::new);
        let kept = self.models.of(which).learnt().cloned();
        let fate = Fate {
            which,
            verdict: Verdict::BasisAlone(Reason::Erased),
            learnt: None,
        };
        Proposal {
            each: vec![(fate, Some(NewModel::with_basis(self.now, kept, found)))],
            replaces: true,
            before: self.models,
            erased: self.erased,
            _turn: self.turn,
        }
    }

    /// What the queries of `protocol` teach; `None` when they are too few.
    fn taught<R: Kept + Learnable>(
        &self,
        protocol: &R::Protocol,
        (threads, progress): &mut (usize, &mut dyn FnMut(usize, usize)),
    ) -> Option<Learnt> {
        let find = |view: &View| basis(view, self.key, SEED).map(Arc::new);
        let shelf = self.models.of(R::WHICH);
        let learner = Learner {
            current: &*shelf.recommender::<R>(),
            prior: &shelf.prior::<R>(),
            basis: BasisRule::Refreshed(&find),
            since: shelf.learnt_until(),
            threads: *threads,
        };
        learner.learn(&self.history, protocol, progress)
    }

    /// Weights that days teach: taken, or not.
    fn of_days<R: Kept + Learnable<Protocol = DaysProtocol>>(
        &self,
        protocol: &DaysProtocol,
        how: &mut (usize, &mut dyn FnMut(usize, usize)),
    ) -> (Fate, Option<NewModel>) {
        let learnt = self.taught::<R>(protocol, how);
        let verdict = match &learnt {
            Some(learnt) if learnt.check.passed() => Verdict::Adopted,
            Some(learnt) => Verdict::Refused(not_taken(&learnt.check)),
            None => Verdict::Refused(Reason::FewDays(protocol.queries().len())),
        };
        let taken = verdict == Verdict::Adopted;
        let new = taken.then(|| NewModel::of(R::WHICH, self.now, learnt.clone()));
        let which = R::WHICH;
        (Fate { which, verdict, learnt }, new)
    }

    /// Weights of people who could answer, with the basis of today.
    fn proposed(&self, learnt: Option<Learnt>) -> (Fate, Option<NewModel>) {
        let found = basis(&self.view, self.key, SEED).map(Arc::new);
        let verdict = self.decide(learnt.as_ref(), found.as_ref());
        let which = Recommender::Experts;
        let kept = match verdict {
            Verdict::Adopted => Some(learnt.clone()),
            Verdict::BasisAlone(_) => Some(self.models.of(which).learnt().cloned()),
            Verdict::Refused(_) => None,
        };
        let new = kept.map(|learnt| NewModel::with_basis(self.now, learnt, found));
        (Fate { which, verdict, learnt }, new)
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
                let reason = not_taken(&learnt.check);
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

/// Why weights that did not pass `check` did not.
pub(super) fn not_taken(check: &Check) -> Reason {
    if check.says() {
        Reason::Loses
    } else {
        Reason::FewNew(check.questions)
    }
}

impl Service {
    /// The models that there are.
    pub fn models(&self) -> Arc<Models> {
        Arc::clone(&self.snapshot().models)
    }

    /// Learns from the whole log for every recommender, and adopts or refuses. Cost: reads the log, holds its facts a second
    /// time, and learns on `threads` threads; requests and events go on meanwhile, but for the moment in which a new basis is
    /// put to use.
    ///
    /// # Errors
    /// When another lesson is going on, or the store refuses.
    pub fn fit(&self, threads: usize, progress: &mut dyn FnMut(usize, usize)) -> Result<FitOutcome, FitError> {
        self.adopt(self.lesson(&|| true)?.learn(&Recommender::ALL, threads, progress))
    }

    /// Reads what models are learnt from, as long as `wanted` says so. Cost: reads the log.
    ///
    /// # Errors
    /// As [`Service::fit`].
    pub fn lesson(&self, wanted: &dyn Fn() -> bool) -> Result<Lesson, FitError> {
        let mut lesson = self.lesson_of_now()?;
        let reader = self.reader()?.ok_or(FitError::Stopping)?;
        let (now, history) = (lesson.now, &mut lesson.history);
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
        Ok(lesson)
    }

    /// What a basis alone is learnt from: what is there now, without its past. Cost: none to speak of.
    ///
    /// # Errors
    /// As [`Service::fit`].
    pub fn lesson_of_now(&self) -> Result<Lesson, FitError> {
        let turn = Turn::take(&self.fitting).ok_or(FitError::Busy)?;
        // In this order: whoever is erased in between is gone from the view, or noticed when the model is adopted.
        let erased = self.erased_at();
        let (now, snapshot) = (self.now(), self.snapshot());
        Ok(Lesson {
            history: History::default(),
            view: snapshot.view.clone(),
            models: Arc::clone(&snapshot.models),
            habits: self.habits.clone(),
            key: term_key(self.data_id),
            now,
            erased,
            turn,
        })
    }

    /// Whether the models hold a share of somebody who was erased after they were made. It lasts over a restart.
    pub fn erasure_due(&self) -> bool {
        let snapshot = self.snapshot();
        let newest = snapshot.models.of(Recommender::Experts).newest_first().next();
        newest.is_some_and(|newest| self.erased_at().is_some_and(|erased| newest.made < erased))
    }

    /// Puts what was learnt to use, unless it is refused. It is durable and seen by everybody on return.
    ///
    /// # Errors
    /// When the store refuses, or the service is stopping; what was adopted before that, recommender after recommender, stays.
    pub fn adopt(&self, proposal: Proposal) -> Result<FitOutcome, FitError> {
        let mut fates = Vec::new();
        for (fate, new) in proposal.each {
            if let Some(new) = new {
                let new = Box::new(NewModel {
                    erased: proposal.erased,
                    ..new
                });
                self.change_models(if proposal.replaces {
                    Change::Replace(new)
                } else {
                    Change::Adopt(new)
                })?;
            }
            fates.push(fate);
        }
        Ok(FitOutcome {
            each: fates,
            before: proposal.before,
            after: self.models(),
        })
    }

    /// Puts the model of `which` to use that the operator chose. It is durable and seen by everybody on return.
    ///
    /// # Errors
    /// When there is no such model, or the store refuses.
    pub fn choose_model(&self, which: Recommender, choice: Choice) -> Result<Arc<Models>, ModelsError> {
        self.change_models(Change::Choose(which, choice, self.now()))
    }

    fn change_models(&self, change: Change) -> Result<Arc<Models>, ModelsError> {
        let (reply, changed) = oneshot::channel();
        self.send(Job::Models(change, reply));
        changed.blocking_recv().unwrap_or(Err(ModelsError::Stopping))
    }
}
