//! What can go wrong in a store, in words for the person who runs it: what, where, and what to do.
//!
//! Messages never carry the content of a record, a key or an artefact. Nothing here knows which engine is underneath;
//! its errors travel as opaque sources.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// The result of every call on a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An engine's own error, kept for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a store refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process (or another handle of this one) owns the data folder.
    #[error("the data folder {path} is in use by {holder}; {remedy}")]
    Locked {
        /// The data folder.
        path: PathBuf,
        /// What the lock file says about its owner.
        holder: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// There is no database where one was expected, and the caller asked not to create one.
    #[error("there is no database in {path}; check the path, or start the service once to create it")]
    Missing {
        /// The data folder.
        path: PathBuf,
    },
    /// The database was written by a newer version of the program; nothing was touched.
    #[error(
        "{path} has schema version {found}, but this program knows versions up to {supported}; \
         run the newer program, or restore a backup made before the upgrade"
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version in the file.
        found: u32,
        /// The newest version that this program can read.
        supported: u32,
    },
    /// The file is whole, as far as can be told, but it is not a database of this program; nothing was touched.
    #[error("{path} is not a database of this program: {what}; {remedy}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        what: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The data is not what was written. Never papered over: the caller must stop.
    #[error("{path} is damaged: {what}; {remedy}")]
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// What is wrong and where: file offset, or table, column and row.
        what: String,
        /// The first record of the log that cannot be trusted, where the damage is in one.
        record: Option<u64>,
        /// What to do about it.
        remedy: &'static str,
    },
    /// No space left. The group was rolled back; reads go on; the same call may be tried again later.
    #[error("the disk that holds {path} is full; nothing was written; free some space and writing resumes by itself")]
    DiskFull {
        /// The file or folder that could not grow.
        path: PathBuf,
    },
    /// A name or version that must be new is taken already; nothing was changed.
    #[error("{what} `{name}` exists already; choose another name")]
    Exists {
        /// The kind of thing: `key`, `artefact`, `backup`.
        what: &'static str,
        /// The name that is taken.
        name: String,
    },
    /// A backup goes into an empty folder only; nothing was changed.
    #[error("the folder {path} is not empty: it holds {holds}; name a new folder, or move what is there away first")]
    NotEmpty {
        /// The data folder.
        path: PathBuf,
        /// One of the things in it.
        holds: String,
    },
    /// A file of the data folder could not be read or written.
    #[error("could not {doing} {path}: {source}; check the permissions and the device")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was being done, as in "could not …".
        doing: &'static str,
        /// The system's own error.
        source: io::Error,
    },
    /// The device failed under the database. What is on disk is unknown until it is read again: the caller must stop.
    #[error("the device failed while the store tried to {doing} in {path}: {source}; check the device, then restart")]
    Failing {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The engine's own error.
        source: Cause,
    },
    /// Anything else that the engine reports. The call had no effect.
    #[error("could not {doing} in {path}: {source}")]
    Engine {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The engine's own error.
        source: Cause,
    },
}

/// The remedy that fits most damage.
pub(super) const RESTORE: &str = "restore the newest backup, or run `antenne verify` for a closer look";

impl StoreError {
    /// Whether the process must stop at once and never retry: after these, memory and disk may disagree.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Failing { .. })
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.into(),
            record: None,
            remedy: RESTORE,
        }
    }

    /// The same error, said to be about record `sequence` unless it is about another one already.
    pub(super) fn at_record(mut self, sequence: u64) -> Self {
        if let Self::Damaged { record, .. } = &mut self {
            record.get_or_insert(sequence);
        }
        self
    }

    /// The first record of the log that cannot be trusted, where the error is about one.
    pub fn record(&self) -> Option<u64> {
        match self {
            Self::Damaged { record, .. } => *record,
            _ => None,
        }
    }

    /// An error of the file system: a full disk is told apart, since it passes.
    pub(super) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path: path.to_owned() },
            _ => Self::Io {
                path: path.to_owned(),
                doing,
                source,
            },
        }
    }

    /// An error of `SQLite`, sorted by what the caller can do about it.
    pub(super) fn sqlite(path: &Path, doing: &'static str, source: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        use rusqlite::ErrorCode as C;
        let path_owned = path.to_owned();
        match &source {
            E::SqliteFailure(cause, _) => match cause.code {
                C::DiskFull => Self::DiskFull { path: path_owned },
                C::DatabaseCorrupt | C::NotADatabase => {
                    Self::damaged(path, format!("the engine could not {doing} ({source})"))
                }
                C::SystemIoFailure => Self::Failing {
                    path: path_owned,
                    doing,
                    source: Box::new(source),
                },
                _ => Self::Engine {
                    path: path_owned,
                    doing,
                    source: Box::new(source),
                },
            },
            E::InvalidColumnType(..) | E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) => {
                Self::damaged(path, format!("a row has a value of the wrong type ({source})"))
            }
            _ => Self::Engine {
                path: path_owned,
                doing,
                source: Box::new(source),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn failure(code: i32) -> StoreError {
        let cause = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        StoreError::sqlite(Path::new("/data/antenne.db"), "append a group", cause)
    }

    #[test]
    fn engine_errors_are_sorted_by_what_the_caller_can_do() {
        assert!(matches!(failure(ffi::SQLITE_FULL), StoreError::DiskFull { .. }));
        assert!(matches!(failure(ffi::SQLITE_BUSY), StoreError::Engine { .. }));
        for code in [
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_READ,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
        ] {
            assert!(failure(code).is_fatal(), "{code} must stop the process");
        }
        assert!(!failure(ffi::SQLITE_FULL).is_fatal(), "a full disk passes");
    }

    #[test]
    fn a_full_disk_is_told_apart_from_other_file_errors() {
        let full = StoreError::io(Path::new("/data"), "write", io::ErrorKind::StorageFull.into());
        assert!(matches!(full, StoreError::DiskFull { .. }));
        let denied = StoreError::io(Path::new("/data"), "write", io::ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, StoreError::Io { .. }));
    }

    #[test]
    fn a_message_says_what_where_and_what_to_do() {
        let text = StoreError::damaged(Path::new("/data/antenne.db"), "record 7 fails its checksum").to_string();
        assert_eq!(
            text,
            "/data/antenne.db is damaged: record 7 fails its checksum; \
             restore the newest backup, or run `antenne verify` for a closer look"
        );
    }
}
