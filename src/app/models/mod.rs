//! The models: the weights and the latent basis that answers are computed from, those that were before, and the choice
//! among them.
//!
//! A model is an artefact of the store that is never overwritten: what is known of it in words ([`meta`]), and its basis
//! in bytes. The newest is in use unless the operator pinned another; each choice is an artefact of its own, so that it
//! can be told later who was in use when. Version 0 is what the program ships: its weights, and no basis. Weights that the
//! configuration gives stand above all of them; the basis is taken from the model all the same.
//!
//! [`Models`] is a value: a snapshot holds one, so that an answer is made of one state and one model. Must not know how
//! anything is learnt.

mod adoption;
mod lesson;
mod meta;
mod verdict;

pub(super) use adoption::Change;
pub use lesson::{FitError, FitOutcome, Lesson, Proposal};
pub use meta::Model;
pub use verdict::{Reason, Verdict};

use super::service::OpenError;
use crate::domain::{Day, Timestamp};
use crate::fit::Learnt;
use crate::recommend::{
    Calibration, CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, SkillsRecommender, WeightsError,
};
use crate::store::{Store, StoreError};
use crate::world::latent::{Basis, BasisError, TermKey};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The kind of artefact that a model is.
const KIND: &str = "experts-model";
/// The kind of artefact that a choice among models is.
const CHOICE: &str = "experts-model-choice";
/// Models that are kept at most, beside an older one that is pinned and those after it.
const KEPT: usize = 10;
/// The version that the program ships.
pub const SHIPPED: u64 = 0;

/// Why a model cannot be put to use.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is none of that version.
    #[error("there is no model {0}: `antenne models list` shows those that there are")]
    Unknown(u64),
    /// There is none before.
    #[error("what the program ships is in use: there is no model before it")]
    First,
    /// This program cannot read it.
    #[error("model {0} cannot be read ({1}): it may come from a newer version of antenne")]
    Unreadable(u64, BasisError),
    /// The shipped weights are not in order; a test sees to that.
    #[error(transparent)]
    Shipped(#[from] WeightsError),
    /// The service is stopping.
    #[error("the service is stopping; run the command again later")]
    Stopping,
}

/// What the operator wants in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This version, whatever comes.
    Pin(u64),
    /// The newest one again.
    Unpin,
    /// The one before that in use, as if it were pinned.
    Rollback,
}

/// The models that there are, and the one in use.
pub struct Models {
    key: TermKey,
    /// Oldest first.
    kept: Vec<Model>,
    pinned: Option<u64>,
    given: Option<Weighed>,
    shipped: Weighed,
    /// When the weights in TOML were made, given or shipped; when the service was opened, where they do not say.
    dated: Timestamp,
    in_use: u64,
    basis: Option<Arc<Basis>>,
    experts: ExpertsRecommender,
    co_animators: Arc<CoAnimatorsRecommender>,
    communities: Arc<CommunitiesRecommender>,
    skills: Arc<SkillsRecommender>,
}

/// Weights under a name.
#[derive(Clone, Debug)]
struct Weighed {
    name: String,
    weights: Vec<(&'static str, f64)>,
    calibration: Option<Calibration>,
}

impl Weighed {
    fn of(recommender: &ExpertsRecommender) -> Self {
        Self {
            name: recommender.model().to_owned(),
            weights: recommender.pipeline().weights().collect(),
            calibration: recommender.calibration(),
        }
    }
}

/// The key under which terms are hashed in the artefacts of the data called `data_id`: the random identity is secret, so
/// that nobody without the data can try words on a basis.
fn term_key(data_id: [u8; 16]) -> TermKey {
    let mut hash = Sha256::new();
    hash.update(b"latent terms");
    hash.update(data_id);
    let digest: [u8; 32] = hash.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    TermKey(key)
}

impl Models {
    /// What `store` holds, with the weights that the configuration gives, if any, as TOML. A model that this program
    /// cannot read is left aside, and the log says so. Cost: reads one basis.
    ///
    /// # Errors
    /// When the store cannot be read, or the given weights are not in order.
    pub(super) fn load(store: &dyn Store, given: Option<&str>, now: Timestamp) -> Result<Self, OpenError> {
        let co_animators = given.map_or_else(CoAnimatorsRecommender::shipped, CoAnimatorsRecommender::weighed_by)?;
        let communities = given.map_or_else(CommunitiesRecommender::shipped, CommunitiesRecommender::weighed_by)?;
        let skills = given.map_or_else(SkillsRecommender::shipped, SkillsRecommender::weighed_by)?;
        let given = given.map(ExpertsRecommender::weighed_by).transpose()?;
        let shipped = ExpertsRecommender::shipped()?;
        let names: Vec<&'static str> = shipped.pipeline().weights().map(|(name, _)| name).collect();
        let mut kept = Vec::new();
        for info in store.artefacts(KIND)? {
            if let Some(model) = meta::decode(info.version, &info.meta, &names) {
                kept.push(model);
            } else {
                let version = info.version;
                tracing::warn!(version, "a model is written as this version of antenne cannot read it");
            }
        }
        let pinned = store
            .artefacts(CHOICE)?
            .last()
            .and_then(|last| meta::pinned(&last.meta));
        let mut models = Self {
            key: term_key(store.data_id()),
            kept,
            pinned,
            given: given.as_ref().map(Weighed::of),
            shipped: Weighed::of(&shipped),
            dated: given.as_ref().unwrap_or(&shipped).made().map_or(now, Day::start),
            in_use: SHIPPED,
            basis: None,
            experts: shipped,
            co_animators: Arc::new(co_animators),
            communities: Arc::new(communities),
            skills: Arc::new(skills),
        };
        let newest_first = models.kept.iter().rev().map(|model| model.version);
        let wanted: Vec<u64> = [models.wanted()].into_iter().chain(newest_first).collect();
        for version in wanted {
            match models.read(store, version) {
                Ok(basis) => {
                    models.use_version(version, basis);
                    return Ok(models);
                }
                Err(ModelsError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::warn!(%error, "another model is used"),
            }
        }
        models.use_version(SHIPPED, None);
        Ok(models)
    }

    /// The version that is to be in use: the pinned one while it is there, the newest otherwise.
    fn wanted(&self) -> u64 {
        let newest = self.kept.last().map_or(SHIPPED, |model| model.version);
        let there = |&version: &u64| version == SHIPPED || self.kept(version).is_some();
        self.pinned.filter(there).unwrap_or(newest)
    }

    /// Puts `version` to use, with its basis.
    fn use_version(&mut self, version: u64, basis: Option<Arc<Basis>>) {
        let model = self.kept(version);
        let weighed = match (&self.given, model.and_then(|model| model.learnt.as_ref())) {
            (Some(given), _) => given.clone(),
            (None, Some(learnt)) => Weighed {
                name: learnt.model(),
                weights: learnt.weights.clone(),
                calibration: Some(learnt.calibration),
            },
            (None, None) => self.shipped.clone(),
        };
        let name = named(&weighed.name, model);
        self.experts = ExpertsRecommender::learnt(&weighed.weights, name, weighed.calibration);
        self.in_use = version;
        self.basis = basis;
    }

    /// The basis of `version`.
    fn read(&self, store: &dyn Store, version: u64) -> Result<Option<Arc<Basis>>, ModelsError> {
        if version == SHIPPED {
            return Ok(None);
        }
        let artefact = store.artefact(KIND, version)?.ok_or(ModelsError::Unknown(version))?;
        if artefact.bytes.is_empty() {
            return Ok(None);
        }
        let basis = Basis::decode(&artefact.bytes, self.key);
        basis
            .map(|basis| Some(Arc::new(basis)))
            .map_err(|error| ModelsError::Unreadable(version, error))
    }

    fn kept(&self, version: u64) -> Option<&Model> {
        self.kept.iter().find(|model| model.version == version)
    }

    /// The recommender in use.
    pub fn experts(&self) -> &ExpertsRecommender {
        &self.experts
    }

    /// The recommender of people who could co-animate, as the configuration weighs it, or as it is shipped.
    pub fn co_animators(&self) -> &CoAnimatorsRecommender {
        &self.co_animators
    }

    /// The recommender of communities for a person.
    pub fn communities(&self) -> &CommunitiesRecommender {
        &self.communities
    }

    /// The recommender of skills for a person.
    pub fn skills(&self) -> &SkillsRecommender {
        &self.skills
    }

    /// The name of the model in use, which answers bear: it stands for exactly these weights and this basis.
    pub fn name(&self) -> &str {
        self.experts.model()
    }

    /// The latent basis in use.
    pub fn basis(&self) -> Option<&Arc<Basis>> {
        self.basis.as_ref()
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
    fn learnt(&self) -> Option<&Learnt> {
        self.kept(self.in_use)?.learnt.as_ref()
    }

    /// The instant up to which the weights in use were learnt; `None` for weights that no history taught.
    fn learnt_until(&self) -> Option<Timestamp> {
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

#[cfg(test)]
mod tests;
