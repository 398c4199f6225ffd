//! Changing the model in use, on the writer's thread: what is to be in use is durable before anybody sees it.

use super::shelf::{choice_kind, kind};
use super::{Choice, Model, Models, ModelsError, meta};
use crate::domain::Timestamp;
use crate::fit::Learnt;
use crate::recommend::Recommender;
use crate::store::Store;
use crate::world::latent::Basis;
use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A model that is not kept yet.
pub struct NewModel {
    pub(super) which: Recommender,
    pub(super) made: Timestamp,
    pub(super) learnt: Option<Learnt>,
    pub(super) basis: Option<Arc<Basis>>,
    /// The basis, encoded; empty without one.
    pub(super) bytes: Vec<u8>,
    /// A few digits that stand for these bytes.
    pub(super) mark: Option<String>,
    /// When somebody had been erased last, as far as it was known when it was begun to be learnt.
    pub(super) erased: Option<Timestamp>,
}

impl NewModel {
    /// A model of people who could answer, of these parts. Cost: encodes the basis.
    pub(super) fn with_basis(made: Timestamp, learnt: Option<Learnt>, basis: Option<Arc<Basis>>) -> Self {
        let bytes = basis.as_ref().map(|basis| basis.encode()).unwrap_or_default();
        let mark = basis.as_ref().map(|_| mark(&bytes));
        Self {
            basis,
            bytes,
            mark,
            ..Self::of(Recommender::Experts, made, learnt)
        }
    }

    /// A model of `which` without a basis.
    pub(super) fn of(which: Recommender, made: Timestamp, learnt: Option<Learnt>) -> Self {
        Self {
            which,
            made,
            learnt,
            basis: None,
            bytes: Vec::new(),
            mark: None,
            erased: None,
        }
    }
}

/// Six hexadecimal digits that stand for an encoded basis.
fn mark(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    encode_string(&digest[..3])
}

/// What is done to the models.
pub enum Change {
    /// Keep another one, and use it unless one is pinned.
    Adopt(Box<NewModel>),
    /// Keep another one, and none of those before: they hold a share of somebody who was erased.
    Replace(Box<NewModel>),
    /// Use what the operator chose among the models of one recommender, at this instant.
    Choose(Recommender, Choice, Timestamp),
}

impl Change {
    /// The same, where somebody may have been erased last at `erased`. A model that was begun before that may hold a share of
    /// them, whatever the clock said meanwhile: it counts as older, so that another one takes its place.
    #[must_use]
    pub(in crate::app) fn knowing(mut self, erased: Option<Timestamp>) -> Self {
        if let (Self::Adopt(new) | Self::Replace(new), Some(erased)) = (&mut self, erased)
            && new.erased < Some(erased)
        {
            new.made = new.made.min(erased.plus_micros(-1));
        }
        self
    }
}

impl Models {
    /// These models after `change`, which is durable on return.
    ///
    /// # Errors
    /// When there is no such model, or the store refuses; nothing was changed then.
    pub(in crate::app) fn after(&self, change: Change, store: &mut dyn Store) -> Result<Self, ModelsError> {
        match change {
            Change::Adopt(new) => self.with(*new, store),
            Change::Replace(new) => self.replaced(*new, store),
            Change::Choose(which, choice, at) => self.chosen(which, choice, at, store),
        }
    }

    fn with(&self, new: NewModel, store: &mut dyn Store) -> Result<Self, ModelsError> {
        let which = new.which;
        let version = self.of(which).next_version(store)?;
        let model = Model {
            version,
            made: new.made,
            learnt: new.learnt,
            terms: new.basis.as_ref().map_or(0, |basis| basis.terms() as u64),
            mark: new.mark,
        };
        let text = meta::encode(&model, which.section());
        store.put_artefact(kind(which), version, &new.bytes, &text, &[])?;
        let mut models = self.clone();
        let shelf = &mut models.shelves[which.place()];
        shelf.keep(model);
        shelf.drop_oldest(store);
        match shelf.wanted() {
            wanted if wanted == version => models.use_version(which, version, new.basis),
            wanted => models.use_version(which, wanted, self.basis.clone()),
        }
        Ok(models)
    }

    fn replaced(&self, new: NewModel, store: &mut dyn Store) -> Result<Self, ModelsError> {
        let (which, basis) = (new.which, new.basis.clone());
        let mut models = self.with(new, store)?;
        let shelf = &mut models.shelves[which.place()];
        let version = shelf.keep_newest_alone(store)?;
        match shelf.wanted() {
            wanted if wanted == version => models.use_version(which, version, basis),
            // What the program ships knows nobody.
            wanted => models.use_version(which, wanted, None),
        }
        Ok(models)
    }

    fn chosen(
        &self,
        which: Recommender,
        choice: Choice,
        at: Timestamp,
        store: &mut dyn Store,
    ) -> Result<Self, ModelsError> {
        let mut models = self.clone();
        let shelf = &mut models.shelves[which.place()];
        let (what, pinned) = match choice {
            Choice::Pin(version) if shelf.has(version) => ("pin", Some(version)),
            Choice::Pin(version) => return Err(ModelsError::Unknown(version)),
            Choice::Unpin => ("unpin", None),
            Choice::Rollback => ("rollback", Some(shelf.before()?)),
        };
        shelf.pin(pinned);
        let version = shelf.wanted();
        let basis = if version == self.of(which).in_use() {
            self.basis.clone()
        } else {
            self.read(store, which, version)?
        };
        let chosen = choice_kind(which);
        let number = store.artefacts(chosen)?.last().map_or(1, |last| last.version + 1);
        store.put_artefact(chosen, number, &[], &meta::choice(what, at, pinned), &[])?;
        models.use_version(which, version, basis);
        Ok(models)
    }
}
