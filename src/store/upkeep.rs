//! Upkeep of a database: checking it whole, and copying it whole.
//!
//! Invariants: a check changes nothing and stops at the first finding; a backup appears complete and durable or not at
//! all, and is never written over another file. Must not know what payloads and subjects mean.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::error::{Result, StoreError};
use super::rows::{Db, unpack};
use super::subjects::{Cursor, hashes};
use super::{CheckReport, EachPart, folder};

/// The size of a part of a copy.
const PART_BYTES: usize = 1 << 20;
/// What a copy leaves free on the disk: a backup must not be what stops the writing.
const ROOM_LEFT_BYTES: u64 = 64 << 20;

impl Db {
    /// The index must name every record under every subject, and nothing else.
    pub(super) fn check_log(&self) -> Result<CheckReport> {
        let error = self.error("read the subject index");
        let data_id = self.data_id()?;
        let mut statement = self.connection.prepare(Cursor::SQL).map_err(&error)?;
        let mut index = Cursor::new(statement.query([]).map_err(&error)?);
        let mut report = CheckReport::default();
        self.walk(0, &mut |stored| {
            let mut found = BTreeSet::new();
            while let Some(entry) = index.next_if(|e| e.sequence == stored.sequence).map_err(&error)? {
                if entry.is_erased() != stored.erased || !(stored.erased || found.insert(entry.hash)) {
                    return Err(self.index_disagrees(stored.sequence));
                }
            }
            if stored.erased {
                report.erased += 1;
            } else if found == hashes(data_id, unpack(stored.subjects)) {
                report.records += 1;
            } else {
                return Err(self.index_disagrees(stored.sequence));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        match index.next_if(|_| true).map_err(&error)? {
            None => Ok(report),
            Some(stray) => Err(self.index_disagrees(stray.sequence)),
        }
    }

    pub(super) fn index_disagrees(&self, sequence: u64) -> StoreError {
        self.damaged(format!("table subject_index does not agree with record {sequence}"))
            .at_record(sequence)
    }

    /// Every record's checksum, and that none is missing; returns how many rows there are, erased ones included.
    pub(super) fn check_records(&self) -> Result<u64> {
        let mut rows = 0;
        self.walk(0, &mut |_| {
            rows += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// The engine's own view of its structures; returns how many pages they have.
    pub(super) fn check_structure(&self) -> Result<u64> {
        let doing = "check the structure";
        let sql = "PRAGMA integrity_check(1)";
        let verdict: String = self
            .connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(self.error(doing))?;
        if verdict != "ok" {
            return Err(self.damaged(verdict));
        }
        let orphan = self
            .connection
            .query_row("PRAGMA foreign_key_check", [], |row| row.get::<_, String>(0));
        match orphan.optional().map_err(self.error(doing))? {
            None => self.page_count(),
            Some(table) => Err(self.damaged(format!("table {table} has a row whose parent is missing"))),
        }
    }

    fn page_count(&self) -> Result<u64> {
        let counted = self
            .connection
            .pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0));
        counted.map(i64::unsigned_abs).map_err(self.error("count the pages"))
    }

    /// Makes a whole copy beside the database and hands it out in order, in parts of at most [`PART_BYTES`].
    pub(super) fn hand_out(&self, each: EachPart<'_>) -> Result<()> {
        let copy = folder::sibling(&self.path, folder::COPY);
        folder::remove(&copy)?;
        let size = self
            .connection
            .pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0));
        let page_bytes = size.map_err(self.error("read the page size"))?.unsigned_abs();
        let room = folder::room(&self.path)?.available_bytes;
        if room < (self.page_count()? * page_bytes).saturating_add(ROOM_LEFT_BYTES) {
            return Err(StoreError::DiskFull { path: copy });
        }
        let handed = self.copy_into(&copy).and_then(|()| read_in_parts(&copy, each));
        let removed = folder::remove(&copy);
        handed.and(removed)
    }

    fn copy_into(&self, draft: &Path) -> Result<()> {
        let doing = "write a backup";
        folder::create_private(draft).map_err(|e| StoreError::io(draft, "create", e))?;
        let target = draft.to_str().ok_or_else(|| StoreError::Io {
            path: draft.to_owned(),
            doing: "name the backup",
            source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is not UTF-8"),
        })?;
        self.connection
            .execute("VACUUM INTO ?1", [target])
            .map_err(self.error(doing))?;
        // The copy comes out in the engine's other journal mode; it must open like the original.
        let copy = Connection::open(draft).map_err(self.error(doing))?;
        copy.pragma_update(None, "journal_mode", "wal")
            .map_err(self.error(doing))?;
        copy.close().map_err(|(_, e)| StoreError::sqlite(draft, doing, e))?;
        folder::sync_file(draft)
    }
}

fn read_in_parts(path: &Path, each: EachPart<'_>) -> Result<()> {
    let error = |e| StoreError::io(path, "read", e);
    let mut file = File::open(path).map_err(error)?;
    let mut part = vec![0; PART_BYTES];
    loop {
        let length = file.read(&mut part).map_err(error)?;
        if length == 0 || each(&part[..length]).is_break() {
            return Ok(());
        }
    }
}
