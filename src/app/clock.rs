//! The clock, as a parameter: the service asks whoever started it.

use crate::domain::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}
