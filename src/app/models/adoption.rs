//! Changing the model in use, on the writer's thread: what is to be in use is durable before anybody sees it.

use super::{CHOICE, Choice, KEPT, KIND, Model, Models, ModelsError, SHIPPED, meta};
use crate::domain::Timestamp;
use crate::fit::Learnt;
use crate::recommend::ExpertsRecommender;
use crate::store::Store;
use crate::world::latent::Basis;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A model that is not kept yet.
pub struct NewModel {
    pub(super) made: Timestamp,
    pub(super) learnt: Option<Learnt>,
    pub(super) basis: Option<Arc<Basis>>,
    /// The basis, encoded; empty without one.
    pub(super) bytes: Vec<u8>,
    /// A few digits that stand for these bytes.
    pub(super) mark: Option<String>,
}

impl NewModel {
    /// A model of these parts. Cost: encodes the basis.
    pub(super) fn of(made: Timestamp, learnt: Option<Learnt>, basis: Option<Arc<Basis>>) -> Self {
        let bytes = basis.as_ref().map(|basis| basis.encode()).unwrap_or_default();
        let mark = basis.as_ref().map(|_| mark(&bytes));
        Self {
            made,
            learnt,
            basis,
            bytes,
            mark,
        }
    }
}

/// Six hexadecimal digits that stand for an encoded basis.
fn mark(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest[..3]
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// What is done to the models.
pub enum Change {
    /// Keep another one, and use it unless one is pinned.
    Adopt(Box<NewModel>),
    /// Use what the operator chose, at this instant.
    Choose(Choice, Timestamp),
}

impl Models {
    /// These models after `change`, which is durable on return.
    ///
    /// # Errors
    /// When there is no such model, or the store refuses; nothing was changed then.
    pub(in crate::app) fn after(&self, change: Change, store: &mut dyn Store) -> Result<Self, ModelsError> {
        match change {
            Change::Adopt(new) => self.with(*new, store),
            Change::Choose(choice, at) => self.chosen(choice, at, store),
        }
    }

    fn with(&self, new: NewModel, store: &mut dyn Store) -> Result<Self, ModelsError> {
        // A model that this program cannot read has its number, too.
        let version = store.artefacts(KIND)?.last().map_or(1, |last| last.version + 1);
        let model = Model {
            version,
            made: new.made,
            learnt: new.learnt,
            terms: new.basis.as_ref().map_or(0, |basis| basis.terms() as u64),
            mark: new.mark,
        };
        store.put_artefact(KIND, version, &new.bytes, &meta::encode(&model))?;
        let mut models = self.copy();
        models.kept.push(model);
        models.drop_oldest(store);
        match models.wanted() {
            wanted if wanted == version => models.use_version(version, new.basis),
            wanted => models.use_version(wanted, self.basis.clone()),
        }
        Ok(models)
    }

    /// Drops what is older than the newest [`KEPT`] and than a pinned one. That it could not be dropped is no failure.
    fn drop_oldest(&mut self, store: &mut dyn Store) {
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
        match store.delete_artefacts_below(KIND, first) {
            Ok(_) => self.kept.retain(|model| model.version >= first),
            Err(error) => tracing::warn!(%error, "old models are not dropped yet"),
        }
    }

    fn chosen(&self, choice: Choice, at: Timestamp, store: &mut dyn Store) -> Result<Self, ModelsError> {
        let mut models = self.copy();
        let (what, pinned) = match choice {
            Choice::Pin(version) if version == SHIPPED || self.kept(version).is_some() => ("pin", Some(version)),
            Choice::Pin(version) => return Err(ModelsError::Unknown(version)),
            Choice::Unpin => ("unpin", None),
            Choice::Rollback => ("rollback", Some(self.before()?)),
        };
        models.pinned = pinned;
        let version = models.wanted();
        let basis = if version == self.in_use {
            self.basis.clone()
        } else {
            self.read(store, version)?
        };
        let number = store.artefacts(CHOICE)?.last().map_or(1, |last| last.version + 1);
        store.put_artefact(CHOICE, number, &[], &meta::choice(what, at, pinned))?;
        models.use_version(version, basis);
        Ok(models)
    }

    /// The version before that in use.
    fn before(&self) -> Result<u64, ModelsError> {
        let older = self.kept.iter().rev().find(|model| model.version < self.in_use);
        match older {
            Some(model) => Ok(model.version),
            None if self.in_use > SHIPPED => Ok(SHIPPED),
            None => Err(ModelsError::First),
        }
    }

    /// The same models, with the same one in use.
    fn copy(&self) -> Self {
        let experts = &self.experts;
        let weights: Vec<_> = experts.pipeline().weights().collect();
        Self {
            key: self.key,
            kept: self.kept.clone(),
            pinned: self.pinned,
            given: self.given.clone(),
            shipped: self.shipped.clone(),
            dated: self.dated,
            in_use: self.in_use,
            basis: self.basis.clone(),
            experts: ExpertsRecommender::learnt(&weights, experts.model().to_owned(), experts.calibration()),
            co_animators: Arc::clone(&self.co_animators),
            communities: Arc::clone(&self.communities),
            skills: Arc::clone(&self.skills),
        }
    }
}
