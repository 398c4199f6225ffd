//! The person's own hand: what they allow and what they can give, questions that they could answer, everything that is held
//! about them.
//!
//! Invariants: a person's word is an event of the service's own source, in force before it is acknowledged, and newer than
//! whatever was said before; nothing here is told to anybody but the person, and to whoever acts for them by duty.

mod concluded;
mod export;
mod lines;
mod questions;
mod statement;
mod wishes;

pub use concluded::{Concluded, HeldAsked, HeldInvitation, HeldProposal};
pub use export::{ExportError, Held, HeldPlace, HeldSubject, Invitations, PersonExport, Retained};
pub use questions::{OwnQuestion, OwnQuestions};
pub use statement::StatementError;
pub(super) use statement::{Said, instant, line};
pub use wishes::{PurposeWish, Wish, Wishes};

use super::answers::QueryError;
use crate::world::{PersonIx, View};

/// The human called `id`, by any of their accounts.
fn known(view: &View, id: &str) -> Result<PersonIx, QueryError> {
    view.person(id).ok_or(QueryError::NotFound("person"))
}
