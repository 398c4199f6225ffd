//! People out of a file that an HR system exports: rows of cells and a mapping become events.
//!
//! Invariants: a row is used or rejected by its line and column, never passed over in silence; the same file twice
//! changes nothing; only what changed since the last file of the same source becomes an event, so that what a person said
//! of themselves elsewhere is never said again over it.
//!
//! Knows nothing of where the log is: whoever reads the file hands in what the source said before ([`History`]).

mod cells;
mod changes;
mod known;
mod mapping;
mod people;
mod table;

pub use changes::Changes;
pub use known::History;
pub use mapping::Mapping;
pub use people::People;
pub use table::{FileError, MAX_FILE_BYTES};

#[cfg(test)]
mod tests;
