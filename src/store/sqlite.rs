//! The store on `SQLite`: how it opens, commits, checkpoints and ends.
//!
//! Invariants: a commit returns after the write-ahead log was flushed (`synchronous=FULL`); checkpoints are ours, not the
//! engine's, because its own hide their errors; every opening starts a new log, so that at most one transaction of a log
//! can ever be torn (see `inspect`). How a folder is made and connected to is in `open`.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{OpenFlags, Transaction, TransactionBehavior};

use super::error::{Result, StoreError};
use super::folder::{Content, DataFolder};
use super::open::OpenOptions;
use super::rows::Db;
use super::{
    Artefact, ArtefactInfo, AuditCheck, AuditHead, CheckReport, Dropped, EachPart, Erasure, Keep, KeyRow, NewRecord,
    Note, NoteName, Part, Reader, Store, Tombstones, Visit, VisitAudit, audit, cabinet, inspect, notes, open, rows,
    schema, tombstones,
};

/// The one writer of a data folder.
#[derive(Debug)]
pub struct SqliteStore {
    db: Db,
    folder: DataFolder,
    data_id: [u8; 16],
    last: u64,
    reserve_bytes: u64,
    checkpoint_pages: u32,
    marked: bool,
    /// Whether the log may hold what was erased.
    to_purge: bool,
}

impl SqliteStore {
    /// Opens the data folder at `path`, or makes it.
    ///
    /// Recovers from a crash or a power cut. Cost: reads the write-ahead log, not the database; damage inside records is
    /// found by the first [`Reader::scan`].
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Missing`], [`StoreError::Newer`], [`StoreError::Foreign`] and
    /// [`StoreError::Damaged`] refuse, and leave database and log as they were. [`StoreError::DiskFull`] when there is
    /// no room even to recover.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self> {
        let folder = DataFolder::open(path, options.create)?;
        match folder.content()? {
            Content::Database => inspect::refuse_unless_whole(&folder)?,
            Content::Nothing if options.create => open::create_database(&folder, options.new_data_id)?,
            Content::Nothing => return Err(StoreError::Missing { path: path.to_owned() }),
        }
        folder.discard_draft()?;
        let mut db = open::connect(&folder, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        open::configure(&db, options.synchronous)?;
        open::refuse_unless_ours(&db)?;
        open::refuse_other_journal(&db)?;
        if folder.left_open()? {
            // Nothing may be changed before all of it is known to be sound: a refusal leaves the files as they were.
            db.check_records()?;
        }
        schema::migrate(&db.path, &mut db.connection)?;
        schema::refuse_altered(&db.path, &db.connection)?;
        let mut store = Self {
            data_id: db.data_id()?,
            last: db.last_sequence()?,
            db,
            folder,
            reserve_bytes: options.reserve_bytes,
            checkpoint_pages: options.checkpoint_pages.max(1),
            marked: true,
            to_purge: false,
        };
        store.recover()?;
        store.complete_list()?;
        match store.restore_reserve() {
            // The reserve is a comfort; a disk too full to hold it can still be read.
            Ok(()) | Err(StoreError::DiskFull { .. }) => Ok(store),
            Err(error) => Err(error),
        }
    }

    /// Brings everything into the database file and starts a new log.
    fn recover(&mut self) -> Result<()> {
        match self.empty_log() {
            Err(StoreError::DiskFull { .. }) if self.folder.reserve_held(self.reserve_bytes) => {
                self.folder.free_reserve()?;
                self.empty_log().map(|_| ())
            }
            other => other.map(|_| ()),
        }
    }

    /// Adds the marks of the database to the list beside it, where they are lacking: a database may have been restored
    /// without the list. A disk without room hinders it, but takes nothing away.
    fn complete_list(&self) -> Result<()> {
        match tombstones::extend_list(&self.folder.erased(), &self.db.tombstones()?) {
            Ok(()) | Err(StoreError::DiskFull { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Copies the log into the database and cuts it to nothing; `false` when a reader still needs it.
    fn empty_log(&mut self) -> Result<bool> {
        if self.checkpoint("FULL")?.busy {
            return Ok(false);
        }
        // From here on the log may be gone, so the marker must be gone before it.
        self.folder.lower_marker()?;
        self.marked = false;
        Ok(!self.checkpoint("TRUNCATE")?.busy)
    }

    fn checkpoint(&self, mode: &str) -> Result<Checkpoint> {
        let ran = self
            .db
            .connection
            .prepare_cached(&format!("PRAGMA wal_checkpoint({mode})"))
            .and_then(|mut s| {
                s.query_row([], |row| {
                    Ok(Checkpoint {
                        busy: row.get::<_, i64>(0)? != 0,
                        waiting_pages: row.get::<_, i64>(1)? - row.get::<_, i64>(2)?,
                    })
                })
            });
        ran.map_err(self.db.error("checkpoint the write-ahead log"))
    }

    /// One durable transaction.
    fn commit<T>(
        &mut self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let error = self.db.error(doing);
        let tx = self
            .db
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&error)?;
        // An error drops the transaction, which rolls it back.
        let done = change(&tx).map_err(&error)?;
        tx.commit().map_err(&error)?;
        match self.after_commit() {
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => {
                tracing::warn!(%error, "what was written is safe; this is tried again after the next write");
                Ok(done)
            }
            Ok(()) => Ok(done),
        }
    }

    /// The group is durable. Guards it, and copies pages over when enough of them wait. What is not fatal undoes nothing: it
    /// is tried again after the next commit.
    fn after_commit(&mut self) -> Result<()> {
        if !self.marked {
            // Where the log's own entry cannot be flushed, nobody knows whether it is there after a power cut.
            let path = self.folder.marker();
            self.folder.raise_marker().map_err(|error| match error {
                StoreError::DiskFull { .. } => error,
                other => StoreError::Failing {
                    path,
                    doing: "guard the write-ahead log",
                    source: other.into(),
                },
            })?;
            self.marked = true;
        }
        if self.checkpoint("NOOP")?.waiting_pages >= i64::from(self.checkpoint_pages) {
            self.checkpoint("PASSIVE")?;
        }
        Ok(())
    }
}

/// What a checkpoint left.
struct Checkpoint {
    busy: bool,
    waiting_pages: i64,
}

impl Reader for SqliteStore {
    fn last_sequence(&self) -> Result<u64> {
        Ok(self.last)
    }

    fn scan(&self, after: u64, visit: Visit<'_>) -> Result<()> {
        self.db.scan(after, visit)
    }

    fn records_of(&self, subject: &str, visit: Visit<'_>) -> Result<()> {
        self.db.records_of(subject, visit)
    }

    fn check(&self) -> Result<CheckReport> {
        self.db.check()
    }

    fn examine(&self, part: Part) -> Result<u64> {
        self.db.examine(part)
    }

    fn audit(&self, before: u64, visit: VisitAudit<'_>) -> Result<()> {
        self.db.audit(before, visit)
    }

    fn check_audit(&self, noted: Option<u64>) -> Result<AuditCheck> {
        self.db.check_audit(noted)
    }

    fn copy_out(&self, each: EachPart<'_>) -> Result<()> {
        self.db.copy_out(each)
    }
}

impl Store for SqliteStore {
    fn append(&mut self, group: &[NewRecord<'_>]) -> Result<u64> {
        if group.is_empty() {
            return Ok(self.last);
        }
        let (data_id, last) = (self.data_id, self.last);
        self.last = self.commit("append a group", |tx| rows::insert_group(tx, data_id, last, group))?;
        Ok(self.last)
    }

    fn forget(&mut self, erasure: &Erasure<'_>) -> Result<u64> {
        // What goes is known again whatever happens between the two.
        tombstones::extend_list(&self.folder.erased(), erasure.tombstones)?;
        let keys = self.db.keys()?;
        let (data_id, last) = (self.data_id, self.last);
        self.last = self.commit("erase", |tx| {
            rows::erase_records(tx, erasure.sequences)?;
            tombstones::insert(tx, erasure.tombstones)?;
            cabinet::remove_keys(tx, &keys, erasure.keys)?;
            if erasure.group.is_empty() {
                rows::insert_gap(tx, last)
            } else {
                rows::insert_group(tx, data_id, last, erasure.group)
            }
        })?;
        self.to_purge = true;
        Ok(self.last)
    }

    fn tombstones(&self) -> Result<Tombstones> {
        let done = self.db.tombstones()?;
        let mut due = tombstones::read_list(&self.folder.erased())?;
        due.retain(|stone| done.binary_search_by_key(&stone.mark, |done| done.mark).is_err());
        Ok(Tombstones { done, due })
    }

    fn purge(&mut self) -> Result<bool> {
        self.to_purge = !self.empty_log()?;
        Ok(!self.to_purge)
    }

    fn is_to_purge(&self) -> bool {
        self.to_purge
    }

    fn put_key(&mut self, key: &KeyRow) -> Result<()> {
        let taken = |existing: &KeyRow| existing.name == key.name || existing.hash == key.hash;
        if self.db.keys()?.iter().any(taken) {
            return Err(StoreError::Exists {
                what: "key",
                name: key.name.clone(),
            });
        }
        self.commit("write a key", |tx| cabinet::insert_key(tx, key))
    }

    fn keys(&self) -> Result<Vec<KeyRow>> {
        self.db.keys()
    }

    fn revoke_key(&mut self, name: &str, at_micros: i64) -> Result<bool> {
        match self.db.keys()?.into_iter().find(|key| key.name == name) {
            None => Ok(false),
            Some(key) if key.revoked_at_micros.is_some() => Ok(true),
            Some(key) => self
                .commit("revoke a key", |tx| cabinet::mark_revoked(tx, key, at_micros))
                .map(|()| true),
        }
    }

    fn put_artefact(&mut self, kind: &str, version: u64, bytes: &[u8], meta: &str, gone: &[u64]) -> Result<()> {
        if self
            .db
            .artefacts(kind)?
            .iter()
            .any(|existing| existing.version == version)
        {
            return Err(StoreError::Exists {
                what: "artefact",
                name: format!("{kind} {version}"),
            });
        }
        self.commit("write an artefact", |tx| {
            for &old in gone {
                cabinet::remove_artefacts(tx, kind, old..=old)?;
            }
            cabinet::insert_artefact(tx, kind, version, bytes, meta)
        })?;
        self.to_purge |= !gone.is_empty();
        Ok(())
    }

    fn artefacts(&self, kind: &str) -> Result<Vec<ArtefactInfo>> {
        self.db.artefacts(kind)
    }

    fn artefact(&self, kind: &str, version: u64) -> Result<Option<Artefact>> {
        self.db.artefact(kind, version)
    }

    fn delete_artefacts_below(&mut self, kind: &str, version: u64) -> Result<u64> {
        let Some(last) = version.checked_sub(1) else {
            return Ok(0);
        };
        let removed = self.commit("delete artefacts", |tx| cabinet::remove_artefacts(tx, kind, 0..=last))?;
        self.to_purge |= removed > 0;
        Ok(removed)
    }

    fn put_notes(&mut self, new: &[Note<'_>], keep: &Keep) -> Result<Dropped> {
        self.commit("write notes", |tx| notes::change(tx, new, keep))
    }

    fn note(&self, name: &NoteName) -> Result<Option<Vec<u8>>> {
        self.db.note(name)
    }

    fn append_audit(&mut self, contents: &[&[u8]]) -> Result<AuditHead> {
        let data_id = self.data_id;
        self.commit("write the audit log", |tx| audit::append(tx, data_id, contents))
    }

    fn data_id(&self) -> [u8; 16] {
        self.data_id
    }

    fn reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(open::connect(&self.folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?))
    }

    fn release_reserve(&mut self) -> Result<()> {
        self.folder.free_reserve()
    }

    fn restore_reserve(&mut self) -> Result<()> {
        if self.reserve_bytes == 0 {
            return self.folder.free_reserve();
        }
        self.folder.take_reserve(self.reserve_bytes)
    }

    fn reserve_held(&self) -> bool {
        self.folder.reserve_held(self.reserve_bytes)
    }

    fn close(mut self: Box<Self>) -> Result<()> {
        self.empty_log()?;
        let error = self.db.error("close the database");
        // The last connection to close tidies up; the folder stays locked until it has.
        let Self { db, folder, .. } = *self;
        db.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
            .map_err(&error)?;
        let closed = db.connection.close().map_err(|(_, e)| error(e));
        drop(folder);
        closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> SqliteStore {
        SqliteStore::open(
            path,
            &OpenOptions {
                reserve_bytes: 4096,
                ..OpenOptions::new([1; 16])
            },
        )
        .unwrap()
    }

    fn record(payload: &[u8]) -> NewRecord<'_> {
        NewRecord {
            payload,
            subjects: &["ana"],
        }
    }

    fn pragma(db: &Db, name: &str) -> i64 {
        db.connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
    }

    #[test]
    fn the_engine_runs_with_the_settings_that_the_promises_rest_on() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        for (name, value) in [
            ("synchronous", 2),
            ("secure_delete", 1),
            ("foreign_keys", 1),
            ("wal_autocheckpoint", 0),
            ("cell_size_check", 1),
            ("temp_store", 2),
            ("application_id", i64::from(schema::APPLICATION_ID)),
            ("user_version", i64::from(schema::CURRENT)),
        ] {
            assert_eq!(pragma(&store.db, name), value, "{name}");
        }
        let mapped = store
            .db
            .connection
            .pragma_query_value(None, "mmap_size", |row| row.get::<_, i64>(0));
        assert!(
            matches!(mapped, Ok(0) | Err(rusqlite::Error::QueryReturnedNoRows)),
            "no memory map: {mapped:?}"
        );
    }

    #[test]
    fn a_full_disk_rolls_back_and_passes() {
        let temp = tempfile::tempdir().unwrap();
        let mut store = open(temp.path());
        store.append(&[record(b"first")]).unwrap();
        let pages = pragma(&store.db, "page_count");
        store
            .db
            .connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .unwrap();
        let big = vec![7; 100_000];
        let refused = store.append(&[record(b"small"), record(&big)]).unwrap_err();
        assert!(matches!(refused, StoreError::DiskFull { .. }), "{refused}");
        assert_eq!(store.last_sequence().unwrap(), 1, "nothing of the group stays");
        assert_eq!(store.check().unwrap().records, 1);
        store
            .db
            .connection
            .pragma_update_and_check(None, "max_page_count", 1 << 30, |_| Ok(()))
            .unwrap();
        assert_eq!(
            store.append(&[record(&big)]).unwrap(),
            2,
            "writing resumes, and no sequence was burnt"
        );
    }

    #[test]
    fn the_log_is_copied_over_when_enough_pages_wait() {
        let temp = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            checkpoint_pages: 20,
            reserve_bytes: 0,
            ..OpenOptions::new([1; 16])
        };
        let mut store = SqliteStore::open(temp.path(), &options).unwrap();
        for _ in 0..200 {
            store.append(&[record(&[1; 3000])]).unwrap();
        }
        let log = store.folder.log().metadata().unwrap().len();
        assert!(log < 40 * 4120, "the log is used again instead of growing: {log} bytes");
    }

    #[test]
    fn the_marker_stands_exactly_while_the_log_counts() {
        let temp = tempfile::tempdir().unwrap();
        let mut store = open(temp.path());
        let marker = store.folder.marker();
        assert!(!marker.exists(), "nothing is acknowledged yet");
        store.append(&[record(b"a")]).unwrap();
        assert!(marker.exists());
        drop(store);
        assert!(marker.exists(), "a crash leaves it");
        let mut store = open(temp.path());
        assert!(!marker.exists(), "recovery has moved everything into the database");
        store.append(&[record(b"b")]).unwrap();
        let log = store.folder.log();
        Box::new(store).close().unwrap();
        assert!(!marker.exists() && !log.exists());
    }
}
