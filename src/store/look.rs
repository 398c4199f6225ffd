//! Looking without touching: a data folder that nobody owns, or one database file, read and never changed.
//!
//! Invariants: no byte of the database, its log or the marker changes, whatever they hold; nothing is recovered, migrated
//! or repaired. A data folder is locked while it is looked at. Must not know what payloads and subjects mean.

use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::error::{Result, StoreError};
use super::folder::{Content, DataFolder, Lock};
use super::rows::Db;
use super::{KeyRow, Reader, inspect, open, schema};

/// A read-only view of one database.
pub struct Look(Db);

impl Look {
    /// Looks at the data folder `path`, and locks it meanwhile.
    ///
    /// # Errors
    /// What an opening would refuse: [`StoreError::Locked`], [`StoreError::Missing`], [`StoreError::Newer`],
    /// [`StoreError::Foreign`], [`StoreError::Damaged`].
    pub fn at_folder(path: &Path) -> Result<Self> {
        let folder = DataFolder::open(path, false)?;
        if folder.content()? == Content::Nothing {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        inspect::refuse_unless_whole(&folder)?;
        let db = open::connect(&folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        open::refuse_unless_ours(&db)?;
        open::refuse_other_journal(&db)?;
        let look = Self(db);
        look.refuse_altered()?;
        Ok(look)
    }

    /// Looks at the database file `path`, which nobody writes and which has no log beside it.
    pub(super) fn at_file(path: &Path, share: Option<Arc<Lock>>) -> Result<Self> {
        let name = percent_encode(path.as_os_str().as_bytes(), NON_ALPHANUMERIC);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags);
        let connection = opened
            .and_then(|connection| {
                open::harden(&connection)?;
                Ok(connection)
            })
            .map_err(|e| StoreError::sqlite(path, "open the database", e))?;
        let look = Self(Db {
            connection,
            path: path.to_owned(),
            _share: share,
        });
        open::refuse_unless_ours(&look.0)?;
        look.refuse_altered()?;
        Ok(look)
    }

    /// An older schema is whole too: it is migrated when the service opens it.
    fn refuse_altered(&self) -> Result<()> {
        if self.schema()? < schema::CURRENT {
            return Ok(());
        }
        schema::refuse_altered(&self.0.path, &self.0.connection)
    }

    /// What can be read.
    pub fn reader(&self) -> &dyn Reader {
        &self.0
    }

    /// The version of its tables.
    ///
    /// # Errors
    /// When the header cannot be read.
    pub fn schema(&self) -> Result<u32> {
        let read = self
            .0
            .connection
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
        read.map_err(self.0.error("read the header"))
    }

    /// The identity of the data.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it fails its checksum.
    pub fn data_id(&self) -> Result<[u8; 16]> {
        self.0.data_id()
    }

    /// Every key, revoked ones included, ordered by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row fails its checksum.
    pub fn keys(&self) -> Result<Vec<KeyRow>> {
        self.0.keys()
    }
}

/// What the files of a data folder say of themselves, without a lock and without opening the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The size of the database file; `None` when there is none.
    pub database_bytes: Option<u64>,
    /// The size of the write-ahead log; 0 when there is none.
    pub log_bytes: u64,
    /// Whether the log may hold acknowledged records.
    pub marked: bool,
    /// The size of the reserve; `None` when it is not held.
    pub reserve_bytes: Option<u64>,
    /// The version of the tables, as the file's header says it.
    pub schema: Option<u32>,
    /// The newest version that this program reads.
    pub schema_supported: u32,
}

/// Reads what the files of the data folder `path` say of themselves.
///
/// # Errors
/// When they cannot be looked at.
pub fn standing(path: &Path) -> Result<Standing> {
    let database = path.join("antenne.db");
    let length = |name: &str| path.join(name).metadata().ok().map(|meta| meta.len());
    let mut header = [0; 64];
    let read = File::open(&database).and_then(|mut file| file.read_exact(&mut header));
    let whole = match read {
        Ok(()) => true,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(StoreError::io(&database, "read", error));
        }
        Err(_) => false,
    };
    Ok(Standing {
        database_bytes: length("antenne.db"),
        log_bytes: length("antenne.db-wal").unwrap_or(0),
        marked: length("dirty").is_some(),
        reserve_bytes: length("reserve"),
        schema: whole.then(|| u32::from_be_bytes([header[60], header[61], header[62], header[63]])),
        schema_supported: schema::CURRENT,
    })
}
