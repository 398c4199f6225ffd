//! Plans: one fair sharing of many wishes at once. Each is made from one snapshot and asks nothing of the writer, so that
//! a long one makes nobody wait; nothing is sent or assigned.

mod asks;

pub use asks::{AsksRequest, PLANNED_MOST, PlannedAsks};

use crate::recommend::{Idle, Unshared};

/// A wish that cannot be planned for.
fn unshared(id: &str, why: Idle) -> Unshared {
    Unshared { id: id.to_owned(), why }
}
