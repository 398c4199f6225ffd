//! The models of one recommender: those that are kept, and which of them is in use.
//!
//! The newest is in use unless the operator pinned another; weights that the configuration gives stand above all of them.
//! A shelf is a value. Must not know how anything is learnt, nor what a basis is.

use super::meta::{self, Model};
use super::{KEPT, ModelsError, SHIPPED};
use crate::app::service::OpenError;
use crate::domain::{Day, Timestamp};
use crate::fit::{Kept, Learnt, Teachable};
use crate::recommend::{Calibration, Recommender};
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// The kind of artefact that a model of `which` is.
pub(super) const fn kind(which: Recommender) -> &'static str {
    match which {
        Recommender::Experts => "experts-model",
        Recommender::Communities => "communities-model",
        Recommender::CoAnimators => "co-animators-model",
        Recommender::Search => "search-model",
        Recommender::Skills => "skills-model",
    }
}

/// The kind of artefact that a choice among the models of `which` is.
pub(super) const fn choice_kind(which: Recommender) -> &'static str {
    match which {
        Recommender::Experts => "experts-model-choice",
        Recommender::Communities => "communities-model-choice",
        Recommender::CoAnimators => "co-animators-model-choice",
        Recommender::Search => "search-model-choice",
        Recommender::Skills => "skills-model-choice",
    }
}

/// Weights under a name.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    pub(super) name: String,
    pub(super) weights: Vec<(&'static str, f64)>,
    pub(super) calibration: Option<Calibration>,
}

impl Weighed {
    /// The weights of `recommender`, which nobody learnt.
    fn of<R: Teachable>(recommender: &R) -> Self {
        Self {
            name: recommender.model().to_owned(),
            weights: recommender.pipeline().weights().collect(),
            calibration: None,
        }
    }

    /// The recommender that uses them.
    fn recommender<R: Teachable>(&self, name: String) -> R {
        R::taught(&self.weights, name, self.calibration)
    }
}

/// The models of one recommender, and the one in use.
#[derive(Clone)]
pub struct Shelf {
    which: Recommender,
    /// Oldest first.
    kept: Vec<Model>,
    pinned: Option<u64>,
    given: Option<Weighed>,
    shipped: Weighed,
    /// When the weights in TOML were made, given or shipped; when the service was opened, where they do not say.
    dated: Timestamp,
    in_use: u64,
}

impl Shelf {
    /// What `store` holds of `R`'s models, with the weights that `given` names, as TOML, if it does. What the program ships is
    /// in use until [`Shelf::use_version`] says otherwise. A model that this program cannot read is left aside, and the log
    /// says so.
    ///
    /// # Errors
    /// When the store cannot be read, or the given weights are not in order.
    pub(super) fn load<R: Kept>(store: &dyn Store, given: Option<&str>, now: Timestamp) -> Result<Self, OpenError> {
        let shipped = R::shipped()?;
        // Where the file says nothing of this recommender, it reads as the shipped weights: it gives none.
        let given = given.map(R::weighed_by).transpose()?;
        let given = given.filter(|given| given.model() != shipped.model());
        let shipped_weights = Weighed::of(&shipped);
        let names: Vec<&'static str> = shipped_weights.weights.iter().map(|(name, _)| *name).collect();
        let (which, mut kept) = (R::WHICH, Vec::new());
        for info in store.artefacts(kind(which))? {
            if let Some(model) = meta::decode(info.version, &info.meta, which.section(), &names) {
                kept.push(model);
            } else {
                let (recommender, version) = (which.name(), info.version);
                tracing::warn!(
                    recommender,
                    version,
                    "a model is written as this version of antenne cannot read it"
                );
            }
        }
        let choices = store.artefacts(choice_kind(which))?;
        Ok(Self {
            which,
            kept,
            pinned: choices.last().and_then(|last| meta::pinned(&last.meta)),
            given: given.as_ref().map(Weighed::of),
            dated: given.as_ref().unwrap_or(&shipped).made().map_or(now, Day::start),
            shipped: shipped_weights,
            in_use: SHIPPED,
        })
    }

    /// Versions to be tried in turn: the one that is to be in use, then the newest first.
    pub(super) fn wanted_first(&self) -> Vec<u64> {
        let newest_first = self.kept.iter().rev().map(|model| model.version);
        [self.wanted()].into_iter().chain(newest_first).collect()
    }

    /// The version that is to be in use: the pinned one while it is there, the newest otherwise.
    pub(super) fn wanted(&self) -> u64 {
        let newest = self.kept.last().map_or(SHIPPED, |model| model.version);
        let there = |&version: &u64| version == SHIPPED || self.kept(version).is_some();
        self.pinned.filter(there).unwrap_or(newest)
    }

    /// Puts `version` to use.
    pub(super) fn use_version(&mut self, version: u64) {
        self.in_use = version;
    }

    /// Holds `version` in use whatever comes, or the newest again.
    pub(super) fn pin(&mut self, version: Option<u64>) {
        self.pinned = version;
    }

    /// Keeps `model`, which is newer than all others.
    pub(super) fn keep(&mut self, model: Model) {
        self.kept.push(model);
    }

    /// Drops what is older than the newest [`KEPT`] and than a pinned one. That it could not be dropped is no failure.
    pub(super) fn drop_oldest(&mut self, store: &mut dyn Store) {
        let Some(first) = self.kept.len().checked_sub(KEPT).and_then(|n| self.kept.get(n)) else {
            return;
        };
        let first = self
            .pinned
            .filter(|&p| p != SHIPPED)
            .map_or(first.version, |p| p.min(first.version));
        if self.kept.first().is_none_or(|oldest| oldest.version >= first) {
            return;
        }
        match store.delete_artefacts_below(kind(self.which), first) {
            Ok(_) => self.kept.retain(|model| model.version >= first),
            Err(error) => tracing::warn!(%error, "old models are not dropped yet"),
        }
    }

    /// Drops every model but the newest; its version.
    ///
    /// # Errors
    /// When the store refuses.
    pub(super) fn keep_newest_alone(&mut self, store: &mut dyn Store) -> Result<u64, StoreError> {
        let version = self.kept.last().map_or(SHIPPED, |newest| newest.version);
        store.delete_artefacts_below(kind(self.which), version)?;
        self.kept.retain(|model| model.version == version);
        Ok(version)
    }

    /// The version before that in use.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn before(&self) -> Result<u64, ModelsError> {
        let older = self.kept.iter().rev().find(|model| model.version < self.in_use);
        match older {
            Some(model) => Ok(model.version),
            None if self.in_use > SHIPPED => Ok(SHIPPED),
            None => Err(ModelsError::First),
        }
    }

    /// The number that the next model bears: one that this program cannot read has its number, too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn next_version(&self, store: &dyn Store) -> Result<u64, StoreError> {
        let all = store.artefacts(kind(self.which))?;
        Ok(all.last().map_or(1, |last| last.version + 1))
    }

    /// Whether `version` can be put to use.
    pub(super) fn has(&self, version: u64) -> bool {
        version == SHIPPED || self.kept(version).is_some()
    }

    fn kept(&self, version: u64) -> Option<&Model> {
        self.kept.iter().find(|model| model.version == version)
    }

    fn weighed(&self) -> Weighed {
        let learnt = self.kept(self.in_use).and_then(|model| model.learnt.as_ref());
        match (&self.given, learnt) {
            (Some(given), _) => given.clone(),
            (None, Some(learnt)) => Weighed {
                name: learnt.model(),
                weights: learnt.weights.clone(),
                calibration: Some(learnt.calibration),
            },
            (None, None) => self.shipped.clone(),
        }
    }

    /// The recommender in use.
    pub(super) fn recommender<R: Teachable>(&self) -> Arc<R> {
        Arc::new(self.weighed().recommender(self.name()))
    }

    /// The recommender that the program ships.
    pub(super) fn prior<R: Teachable>(&self) -> R {
        self.shipped.recommender(self.shipped.name.clone())
    }

    /// Whose models these are.
    pub fn which(&self) -> Recommender {
        self.which
    }

    /// The name of the model in use, which answers bear: it stands for exactly these weights, and this basis where the
    /// model has one.
    pub fn name(&self) -> String {
        named(&self.weighed().name, self.kept(self.in_use))
    }

    /// The weights in use.
    pub fn weights(&self) -> Vec<(&'static str, f64)> {
        self.weighed().weights
    }

    /// Every model that is kept, newest first; what the program ships is none of them.
    pub fn newest_first(&self) -> impl Iterator<Item = &Model> {
        self.kept.iter().rev()
    }

    /// The version in use; [`SHIPPED`] for what the program ships.
    pub fn in_use(&self) -> u64 {
        self.in_use
    }

    /// The version that the operator pinned.
    pub fn pinned(&self) -> Option<u64> {
        self.pinned
    }

    /// The name of the weights that the configuration gives, which are used instead of learnt ones.
    pub fn given(&self) -> Option<&str> {
        self.given.as_ref().map(|given| given.name.as_str())
    }

    /// The name of `model`'s weights and basis, or of what the program ships.
    pub fn name_of(&self, model: Option<&Model>) -> String {
        let learnt = model.and_then(|model| model.learnt.as_ref());
        named(&learnt.map_or_else(|| self.shipped.name.clone(), Learnt::model), model)
    }

    /// The weights of `model`, or those that the program ships.
    pub fn weights_of<'m>(&'m self, model: Option<&'m Model>) -> &'m [(&'static str, f64)] {
        let learnt = model.and_then(|model| model.learnt.as_ref());
        learnt.map_or(&self.shipped.weights, |learnt| &learnt.weights)
    }

    /// Since when what is in use holds: when the model was made, or the day that its TOML text tells; when the service was
    /// opened, where nobody says.
    pub fn since(&self) -> Timestamp {
        self.kept(self.in_use).map_or(self.dated, |model| model.made)
    }

    /// What the model in use learnt, whether its weights are used or given ones.
    pub(super) fn learnt(&self) -> Option<&Learnt> {
        self.kept(self.in_use)?.learnt.as_ref()
    }

    /// The instant up to which the weights in use were learnt; `None` for weights that no history taught.
    pub(super) fn learnt_until(&self) -> Option<Timestamp> {
        let learnt = self.learnt().filter(|_| self.given.is_none());
        learnt.map(|learnt| learnt.span.1)
    }
}

/// The name of weights with the basis of `model`.
fn named(weights: &str, model: Option<&Model>) -> String {
    match model.and_then(|model| model.mark.as_ref()) {
        Some(mark) => format!("{weights}-{mark}"),
        None => weights.to_owned(),
    }
}
