//! Plans: one fair sharing of many wishes at once. Each is made from one snapshot and asks nothing of the writer, so that
//! a long one makes nobody wait; nothing is sent or assigned.

mod asks;
mod co_animators;

pub use asks::{AsksRequest, PLANNED_MOST, PlannedAsks};
pub use co_animators::{CoAnimatorsPlanRequest, PlannedCoAnimators};

use super::recommendations::{name, write_name};
use super::service::Service;
use super::snapshot::Snapshot;
use crate::domain::Timestamp;
use crate::recommend::{Idle, Unshared};
use sha2::{Digest as _, Sha256};

/// A wish that cannot be planned for.
fn unshared(id: &str, why: Idle) -> Unshared {
    Unshared { id: id.to_owned(), why }
}

impl Service {
    /// Gives the proposal of `subjects` for `wish`, a question or a community, a name, and remembers whom it names.
    fn note_planned<'s>(
        &self,
        at: &Snapshot,
        as_of: Timestamp,
        wish: &str,
        subjects: impl Iterator<Item = &'s str> + Clone,
    ) -> String {
        let mut hash = Sha256::new();
        hash.update(self.data_id);
        hash.update(format!("plan\0{}\0{}\0", at.generation, at.models.tag()).as_bytes());
        hash.update(wish.as_bytes());
        for part in subjects.clone() {
            hash.update([0]);
            hash.update(part.as_bytes());
        }
        let name = name(as_of, &hash.finalize().into());
        self.register.note(name, subjects);
        write_name(name)
    }
}
