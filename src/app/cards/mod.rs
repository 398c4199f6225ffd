//! Cards: what everybody may read of a person, and of a community.
//!
//! Invariants: a card holds no activity, load or absence of anybody; what the reader may not see is not found, and
//! nothing tells it from what does not exist. A figure about a community is told only when it gives no person away.

mod community;
mod person;

pub use community::{CommunityCard, QuestionFigures};
pub use person::{CardCommunity, CardSkill, PersonCard};

use super::reader::Reader;
use crate::domain::{PersonId, Timestamp};
use crate::recommend::Tongue;
use crate::world::{PersonIx, View};
use std::sync::Arc;

/// What is wanted of a card.
#[derive(Clone, Debug, Default)]
pub struct CardRequest {
    /// The language of skills' labels.
    pub tongue: Tongue,
    /// Who reads it.
    pub viewer: Option<Reader>,
}

/// A card, with what it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Card<T> {
    /// What it shows.
    pub shows: T,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

/// A person, or only the identifier when no name is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
}

/// `person` by name.
pub(super) fn named(view: &View, person: PersonIx) -> Named {
    Named {
        person: view.person_id(person).clone(),
        name: view.name(person).cloned(),
    }
}
