//! Erasing people: which facts go, which stay without them, and how they are known again.
//!
//! What goes is every event by or about the person, under all their accounts: those that name them, those that say something
//! of their questions, their answers and the invitations sent to them, verdicts on them, and the retractions of all these.
//! Their questions are then as if nobody had told of them: stubs without text or asker, on which others' answers stand. What
//! others were asked and answered stays theirs. Invariants: the World is the one built from the log without these events;
//! marks stand, durably, before anything goes.

mod marks;
mod places;
mod selection;
#[cfg(test)]
mod tests;

pub(super) use marks::{Erasable, Marks};
pub(super) use places::Places;
pub(super) use selection::Selection;

use super::answers::QueryError;
use super::ingest::IngestError;
use super::service::Service;
use super::writer::Job;
use crate::store::StoreError;
use tokio::sync::oneshot;

/// That somebody is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Who: the account that was named.
    pub person: String,
    /// The last sequence of the log.
    pub generation: u64,
}

/// Why somebody is not erased; nothing was changed then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EraseError {
    /// Nobody of that name is there, or was.
    #[error(transparent)]
    NotFound(#[from] QueryError),
    /// The store refuses, or the service is stopping.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

impl From<StoreError> for EraseError {
    fn from(error: StoreError) -> Self {
        Self::Ingest(match error {
            full @ StoreError::DiskFull { .. } => IngestError::DiskFull(full.to_string()),
            other => IngestError::Store(other.to_string()),
        })
    }
}

impl Service {
    /// Erases the person called `id`, with all their accounts: durable, seen by everybody and gone from every file of the
    /// data folder on return, unless somebody still reads an old state; then within a second of their end. Again, it
    /// changes nothing and says the same. On a full disk it uses the space that is held back. Cost, on the writer's thread:
    /// reads the subject index once for each account and four bytes for each record, and overwrites the records found.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn erase_person(&self, id: &str) -> Result<Erased, EraseError> {
        let (reply, erased) = oneshot::channel();
        self.send(Job::Erase(id.to_owned(), reply));
        let erased = erased.blocking_recv().unwrap_or(Err(IngestError::Stopping.into()));
        if let Ok(erased) = &erased {
            // What searches had read of everybody goes, too.
            self.crowd.forget(erased.generation);
        }
        erased
    }
}
