//! Upkeep of a database: checking it whole, and copying it whole.
//!
//! Invariants: a check changes nothing and stops at the first finding; a backup appears complete and durable or not at
//! all, and is never written over another file. Must not know what payloads and subjects mean.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::error::{Result, StoreError};
use super::rows::{Db, unpack};
use super::subjects::{Cursor, hashes};
use super::{CheckReport, folder};

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
    }

    /// The engine's own view of its structures.
    pub(super) fn check_structure(&self) -> Result<()> {
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
            None => Ok(()),
            Some(table) => Err(self.damaged(format!("table {table} has a row whose parent is missing"))),
        }
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

    /// Writes a whole copy under another name, then gives it its own.
    pub(super) fn back_up(&self, path: &Path) -> Result<()> {
        if path.try_exists().map_err(|e| StoreError::io(path, "look at", e))? {
            return Err(StoreError::Exists {
                what: "backup",
                name: path.display().to_string(),
            });
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".partial");
        let draft = PathBuf::from(name);
        folder::remove(&draft)?;
        let written = self.copy_into(&draft).and_then(|()| {
            std::fs::rename(&draft, path).map_err(|e| StoreError::io(path, "create", e))?;
            folder::sync_folder(
                path.parent()
                    .filter(|p| !p.as_os_str().is_empty())
                    .unwrap_or(Path::new(".")),
            )
        });
        if written.is_err() {
            folder::remove(&draft)?;
        }
        written
    }
}
