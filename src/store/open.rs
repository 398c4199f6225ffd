//! Making a database and connecting to it, and the settings that every connection has.
//!
//! Invariants: a database appears whole or not at all; pages go through writes, never through a memory map; dropping a
//! connection changes no byte; what is not ours, or too new, is refused before anything is written. Must not know when
//! the store commits.

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::{Result, StoreError};
use super::folder::{self, DataFolder};
use super::rows::Db;
use super::{cabinet, schema};

/// How long to wait for a lock of the engine; in one process it is only ever held for an instant.
const PATIENCE: Duration = Duration::from_millis(200);
/// What an emptied write-ahead log may keep of its size, in bytes.
const LOG_BYTES_KEPT: i64 = 64 << 20;

/// When a commit counts as durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// After the device says so. The only setting that keeps the promises of [`super::Store`].
    #[default]
    Full,
    /// When the engine finds it convenient: a power cut may take acknowledged records. It exists so that the power-cut
    /// test can show that it would notice; also of use for a bulk import that can simply be run again.
    Normal,
}

/// How to open a data folder.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Whether to make the folder and the database when there are none.
    pub create: bool,
    /// 128 random bits: the identity of the data, if it is created now.
    pub new_data_id: [u8; 16],
    /// When a commit counts as durable.
    pub synchronous: Synchronous,
    /// Space kept for opt-outs and erasures on a full disk, in bytes; 0 keeps none.
    pub reserve_bytes: u64,
    /// Pages (4 KiB) that the write-ahead log gathers before they are copied into the database.
    pub checkpoint_pages: u32,
}

impl OpenOptions {
    /// What the service runs with: creates, full durability, 8 MiB of reserve, 16 MiB between checkpoints.
    pub fn new(new_data_id: [u8; 16]) -> Self {
        Self {
            create: true,
            new_data_id,
            synchronous: Synchronous::Full,
            reserve_bytes: 8 << 20,
            checkpoint_pages: 4096,
        }
    }
}

/// Builds the database under another name, so that it appears whole or not at all.
pub(super) fn create_database(home: &DataFolder, data_id: [u8; 16]) -> Result<()> {
    home.discard_draft()?;
    let draft = home.draft();
    folder::create_private(&draft).map_err(|e| StoreError::io(&draft, "create", e))?;
    let error = |e| StoreError::sqlite(&draft, "create the database", e);
    let mut connection = Connection::open_with_flags(&draft, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(error)?;
    connection
        .pragma_update(None, "application_id", schema::APPLICATION_ID)
        .map_err(error)?;
    schema::migrate(&draft, &mut connection)?;
    cabinet::insert_data_id(&connection, data_id).map_err(error)?;
    connection.pragma_update(None, "journal_mode", "wal").map_err(error)?;
    connection.close().map_err(|(_, e)| error(e))?;
    home.adopt_draft()
}

/// Opens a connection that shares the folder's lock.
pub(super) fn connect(home: &DataFolder, access: OpenFlags) -> Result<Db> {
    let path = home.database();
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(&path, flags).and_then(|connection| {
        harden(&connection)?;
        Ok(connection)
    });
    match opened {
        Ok(connection) => Ok(Db {
            connection,
            path,
            _share: Some(home.share()),
        }),
        Err(error) => Err(StoreError::sqlite(&path, "open the database", error)),
    }
}

/// The settings of every connection.
pub(super) fn harden(connection: &Connection) -> rusqlite::Result<()> {
    // Dropping a connection must change nothing, least of all after a refusal.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(32);
    for (name, value) in [
        ("mmap_size", 0),
        ("cell_size_check", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        // Of readers, too: a copy that one of them makes inherits it, and must leave nothing behind where the engine moved
        // a row, for whoever erases in a restored copy.
        ("secure_delete", 1),
    ] {
        connection.pragma_update(None, name, value)?;
    }
    Ok(())
}

/// The settings of the one connection that writes.
pub(super) fn configure(db: &Db, synchronous: Synchronous) -> Result<()> {
    let error = db.error("configure the database");
    let connection = &db.connection;
    let level = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", level).map_err(&error)?;
    for (name, value) in [
        ("foreign_keys", 1),
        ("wal_autocheckpoint", 0),
        ("journal_size_limit", LOG_BYTES_KEPT),
    ] {
        connection.pragma_update(None, name, value).map_err(&error)?;
    }
    Ok(())
}

/// The same questions that `inspect` asked the file, now with the log folded in.
pub(super) fn refuse_unless_ours(db: &Db) -> Result<()> {
    let value = |name: &str| {
        let read = db.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        read.map_err(db.error("read the header"))
    };
    schema::refuse_foreign(&db.path, value("application_id")? as u32)?;
    schema::refuse_newer(&db.path, value("user_version")? as u32)
}

/// The journal mode that the engine found in the header; a file that cannot change has none.
pub(super) fn refuse_other_journal(db: &Db) -> Result<()> {
    let mode = db
        .connection
        .pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    match mode.map_err(db.error("read the header"))?.as_str() {
        "wal" => Ok(()),
        other => Err(StoreError::Foreign {
            path: db.path.clone(),
            what: format!("its journal mode is {other}, not wal: another program has changed it"),
            remedy: "restore the newest backup",
        }),
    }
}
