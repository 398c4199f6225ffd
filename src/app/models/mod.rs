//! The models: the weights and the latent basis that answers are computed from, those that were before, and the choice
//! among them.
//!
//! Each recommender has models of its own, on a [`Shelf`]. A model is an artefact of the store that is never overwritten:
//! what is known of it in words ([`meta`]), and of people who could answer also its basis, in bytes. The newest is in use
//! unless the operator pinned another; each choice is an artefact of its own, so that it can be told later what was in use
//! when. Version 0 is what the program ships: its weights, and no basis. Weights that the configuration gives stand above all
//! of them; the basis is taken from the model all the same.
//!
//! [`Models`] is a value: a snapshot holds one, so that an answer is made of one state and one model. Must not know how
//! anything is learnt.

mod adoption;
mod due;
mod known;
mod lesson;
mod meta;
mod shelf;
mod verdict;

pub(super) use adoption::Change;
pub use lesson::{Fate, FitError, FitOutcome, Lesson, Proposal};
pub use meta::Model;
pub use shelf::Shelf;
pub use verdict::{Reason, Verdict};

use super::service::OpenError;
use crate::domain::Timestamp;
use crate::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    SkillsRecommender, WeightsError,
};
use crate::store::{Store, StoreError};
use crate::world::latent::{Basis, BasisError, TermKey};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Models of a recommender that are kept at most, beside an older one that is pinned and those after it.
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

/// The models that there are, and those in use.
#[derive(Clone)]
pub struct Models {
    key: TermKey,
    shelves: [Shelf; Recommender::ALL.len()],
    tag: String,
    basis: Option<Arc<Basis>>,
    experts: Arc<ExpertsRecommender>,
    communities: Arc<CommunitiesRecommender>,
    co_animators: Arc<CoAnimatorsRecommender>,
    skills: Arc<SkillsRecommender>,
    search: Arc<SearchRecommender>,
}

/// Every kind of artefact that models and the choices among them are.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    let kinds = |which| [shelf::kind(which), shelf::choice_kind(which)];
    Recommender::ALL.into_iter().flat_map(kinds)
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
        let shelves = [
            Shelf::load::<ExpertsRecommender>(store, given, now)?,
            Shelf::load::<CommunitiesRecommender>(store, given, now)?,
            Shelf::load::<CoAnimatorsRecommender>(store, given, now)?,
            Shelf::load::<SearchRecommender>(store, given, now)?,
            Shelf::load::<SkillsRecommender>(store, given, now)?,
        ];
        let [experts, communities, co_animators, search, skills] = &shelves;
        let mut models = Self {
            key: term_key(store.data_id()),
            tag: String::new(),
            basis: None,
            experts: experts.recommender(),
            communities: communities.recommender(),
            co_animators: co_animators.recommender(),
            search: search.recommender(),
            skills: skills.recommender(),
            shelves,
        };
        for which in Recommender::ALL {
            models.use_wanted(which, store)?;
        }
        Ok(models)
    }

    /// Puts to use what is to be in use; what comes next, where it cannot be read.
    fn use_wanted(&mut self, which: Recommender, store: &dyn Store) -> Result<(), OpenError> {
        for version in self.of(which).wanted_first() {
            match self.read(store, which, version) {
                Ok(basis) => {
                    self.use_version(which, version, basis);
                    return Ok(());
                }
                Err(ModelsError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::warn!(recommender = which.name(), %error, "another model is used"),
            }
        }
        self.use_version(which, SHIPPED, None);
        Ok(())
    }

    /// Puts `version` to use; for people who could answer, with its basis.
    fn use_version(&mut self, which: Recommender, version: u64, basis: Option<Arc<Basis>>) {
        let shelf = &mut self.shelves[which.place()];
        shelf.use_version(version);
        match which {
            Recommender::Experts => {
                self.experts = shelf.recommender();
                self.basis = basis;
            }
            Recommender::Communities => self.communities = shelf.recommender(),
            Recommender::CoAnimators => self.co_animators = shelf.recommender(),
            Recommender::Search => self.search = shelf.recommender(),
            Recommender::Skills => self.skills = shelf.recommender(),
        }
        self.tag = self.shelves.iter().map(Shelf::name).collect::<Vec<_>>().join(" ");
    }

    /// The basis of `version`; only models of people who could answer have one.
    fn read(&self, store: &dyn Store, which: Recommender, version: u64) -> Result<Option<Arc<Basis>>, ModelsError> {
        if version == SHIPPED {
            return Ok(None);
        }
        let artefact = store.artefact(shelf::kind(which), version)?;
        let artefact = artefact.ok_or(ModelsError::Unknown(version))?;
        if artefact.bytes.is_empty() {
            return Ok(None);
        }
        let basis = Basis::decode(&artefact.bytes, self.key);
        basis
            .map(|basis| Some(Arc::new(basis)))
            .map_err(|error| ModelsError::Unreadable(version, error))
    }

    /// The models of `which`.
    pub fn of(&self, which: Recommender) -> &Shelf {
        &self.shelves[which.place()]
    }

    /// The models of every recommender.
    pub fn shelves(&self) -> impl Iterator<Item = &Shelf> {
        self.shelves.iter()
    }

    /// A text that stands for exactly the models in use, of all recommenders.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The recommender of people who could answer.
    pub fn experts(&self) -> &ExpertsRecommender {
        &self.experts
    }

    /// The recommender of people who could co-animate.
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

    /// The recommender of people who know about something.
    pub fn search(&self) -> &SearchRecommender {
        &self.search
    }

    /// The latent basis in use.
    pub fn basis(&self) -> Option<&Arc<Basis>> {
        self.basis.as_ref()
    }
}

#[cfg(test)]
mod tests;
