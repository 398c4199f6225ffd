//! The rows of the log: how a record is laid out, verified, walked and copied. Shared by the writer and its readers.
//!
//! Invariants: a record's checksum covers its place, its subjects and its payload, so a row that was altered, moved or
//! swapped is noticed; the subject index repeats what the records say and is checked against them. The head knows the
//! last sequence, so a lost tail is noticed too. Must not know what payloads and subjects mean.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::error::{Result, StoreError};
use super::{CheckReport, NewRecord, Reader, Record, Visit, folder};

/// A connection, the file that its errors are about, and its share in the lock of the folder.
#[derive(Debug)]
pub(super) struct Db {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) _share: Arc<File>,
}

/// A record as it lies in its row, verified.
struct Stored<'r> {
    sequence: u64,
    subjects: &'r [u8],
    payload: &'r [u8],
}

impl Db {
    /// Turns an engine error met while `doing` into ours.
    pub(super) fn error(&self, doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        let path = self.path.clone();
        move |error| StoreError::sqlite(&path, doing, error)
    }

    pub(super) fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::damaged(&self.path, what)
    }

    /// Holds one state of the database until the returned value is dropped.
    fn one_state(&self) -> Result<Transaction<'_>> {
        self.connection
            .unchecked_transaction()
            .map_err(self.error("begin to read"))
    }

    /// The first column of the first row, as a count.
    fn count(&self, sql: &str) -> Result<u64> {
        let count = self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(self.error("count rows"))
    }

    /// Walks verified rows above `after`, and accounts for every sequence on the way.
    fn walk(&self, after: u64, visit: &mut dyn FnMut(&Stored<'_>) -> Result<ControlFlow<()>>) -> Result<()> {
        let doing = "read the log";
        let last = self.last_sequence()?;
        let sql = "SELECT sequence, checksum, subjects, payload FROM record WHERE sequence > ?1 ORDER BY sequence";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.error(doing))?;
        let mut rows = statement.query([signed(after)]).map_err(self.error(doing))?;
        let mut expected = after.saturating_add(1);
        while let Some(row) = rows.next().map_err(self.error(doing))? {
            let stored = self.verified(row)?;
            if stored.sequence < expected || stored.sequence > last {
                return Err(self.damaged(format!(
                    "table record has sequence {} where {expected} to {last} may stand",
                    stored.sequence
                )));
            }
            self.account_for(expected, stored.sequence)?;
            expected = stored.sequence + 1;
            if visit(&stored)?.is_break() {
                return Ok(());
            }
        }
        self.account_for(expected, last + 1)
    }

    /// Every sequence in `from..to` must have been erased.
    fn account_for(&self, from: u64, to: u64) -> Result<()> {
        if from >= to {
            return Ok(());
        }
        let sql = "SELECT count(*) FROM erased WHERE sequence >= ?1 AND sequence < ?2";
        let counted = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([signed(from), signed(to)], |row| row.get::<_, i64>(0)));
        let erased = counted.map_err(self.error("read the erasures"))?.unsigned_abs();
        if erased == to - from {
            return Ok(());
        }
        Err(self.damaged(format!(
            "of the records {from} to {}, {} are missing that nobody erased",
            to - 1,
            to - from - erased
        )))
    }

    fn verified<'r>(&self, row: &'r Row<'_>) -> Result<Stored<'r>> {
        let fields = || -> rusqlite::Result<(i64, i64, &'r [u8], &'r [u8])> {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get_ref(2)?.as_blob()?,
                row.get_ref(3)?.as_blob()?,
            ))
        };
        let (sequence, checksum, subjects, payload) = fields().map_err(self.error("read a record"))?;
        if sequence < 1 || checksum != i64::from(checksum_of(sequence.unsigned_abs(), subjects, payload)) {
            return Err(self.damaged(format!("table record, row {sequence}: the content fails its checksum")));
        }
        Ok(Stored {
            sequence: sequence.unsigned_abs(),
            subjects,
            payload,
        })
    }

    /// The index must name every record under every subject, and nothing else.
    fn check_log(&self) -> Result<CheckReport> {
        let doing = "read the subject index";
        let sql = "SELECT 1 FROM record_subject WHERE subject = ?1 AND sequence = ?2";
        let mut lookup = self.connection.prepare(sql).map_err(self.error(doing))?;
        let (mut records, mut entries) = (0, 0);
        self.walk(0, &mut |stored| {
            records += 1;
            for subject in unpack(stored.subjects) {
                entries += 1;
                let indexed = lookup
                    .exists(params![subject, signed(stored.sequence)])
                    .map_err(self.error(doing))?;
                if !indexed {
                    let row = stored.sequence;
                    return Err(self.damaged(format!("table record_subject: a subject of record {row} is missing")));
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if self.count("SELECT count(*) FROM record_subject")? != entries {
            return Err(self.damaged("table record_subject has entries that no record accounts for"));
        }
        if self.count("SELECT count(*) FROM erased JOIN record USING (sequence)")? != 0 {
            return Err(self.damaged("table record has rows that table erased lists as gone"));
        }
        let erased = self.count("SELECT count(*) FROM erased")?;
        Ok(CheckReport {
            records,
            erased,
            ..CheckReport::default()
        })
    }

    /// The engine's own view of its structures.
    fn check_structure(&self) -> Result<()> {
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
}

impl Reader for Db {
    fn last_sequence(&self) -> Result<u64> {
        let sql = "SELECT last_sequence FROM head WHERE id = 1";
        let read = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([], |row| row.get::<_, i64>(0)));
        match read.optional().map_err(self.error("read the head of the log"))? {
            Some(last) if last >= 0 => Ok(last.unsigned_abs()),
            _ => Err(self.damaged("table head, row 1: the last sequence is missing or negative")),
        }
    }

    fn scan(&self, after: u64, visit: Visit<'_>) -> Result<()> {
        let _state = self.one_state()?;
        self.walk(after, &mut |stored| {
            Ok(visit(Record {
                sequence: stored.sequence,
                payload: stored.payload,
            }))
        })
    }

    fn records_of(&self, subject: &str, visit: Visit<'_>) -> Result<()> {
        let doing = "read the records of a subject";
        let _state = self.one_state()?;
        let sql = "SELECT s.sequence, r.checksum, r.subjects, r.payload FROM record_subject s \
                   LEFT JOIN record r ON r.sequence = s.sequence WHERE s.subject = ?1 ORDER BY s.sequence";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.error(doing))?;
        let mut rows = statement.query([subject]).map_err(self.error(doing))?;
        while let Some(row) = rows.next().map_err(self.error(doing))? {
            let stored = self.verified(row)?;
            if visit(Record {
                sequence: stored.sequence,
                payload: stored.payload,
            })
            .is_break()
            {
                break;
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<CheckReport> {
        let _state = self.one_state()?;
        self.check_structure()?;
        let log = self.check_log()?;
        let keys = self.keys()?.len() as u64;
        Ok(CheckReport {
            keys,
            artefacts: self.check_artefacts()?,
            ..log
        })
    }

    fn backup_to(&self, path: &Path) -> Result<()> {
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

/// Writes a group after `last` inside the caller's transaction; returns the new last sequence.
pub(super) fn insert_group(tx: &Transaction<'_>, last: u64, group: &[NewRecord<'_>]) -> rusqlite::Result<u64> {
    let mut record =
        tx.prepare_cached("INSERT INTO record (sequence, checksum, subjects, payload) VALUES (?, ?, ?, ?)")?;
    let mut entry = tx.prepare_cached("INSERT INTO record_subject (subject, sequence) VALUES (?, ?)")?;
    let mut sequence = last;
    for new in group {
        sequence += 1;
        let mut names = new.subjects.to_vec();
        names.sort_unstable();
        names.dedup();
        let subjects = pack(&names);
        let checksum = i64::from(checksum_of(sequence, &subjects, new.payload));
        record.execute(params![signed(sequence), checksum, subjects, new.payload])?;
        for name in names {
            entry.execute(params![name, signed(sequence)])?;
        }
    }
    tx.prepare_cached("UPDATE head SET last_sequence = ?1 WHERE id = 1")?
        .execute([signed(sequence)])?;
    Ok(sequence)
}

/// Deletes records and their index entries inside the caller's transaction, and notes that they were erased.
pub(super) fn delete_records(tx: &Transaction<'_>, sequences: &[u64]) -> rusqlite::Result<()> {
    let mut find = tx.prepare_cached("SELECT subjects FROM record WHERE sequence = ?1")?;
    let mut entry = tx.prepare_cached("DELETE FROM record_subject WHERE subject = ?1 AND sequence = ?2")?;
    let mut record = tx.prepare_cached("DELETE FROM record WHERE sequence = ?1")?;
    let mut note = tx.prepare_cached("INSERT INTO erased (sequence) VALUES (?1)")?;
    for &sequence in sequences {
        let sequence = signed(sequence);
        let Some(subjects) = find.query_row([sequence], |row| row.get::<_, Vec<u8>>(0)).optional()? else {
            continue;
        };
        for subject in unpack(&subjects) {
            entry.execute(params![subject, sequence])?;
        }
        record.execute([sequence])?;
        note.execute([sequence])?;
    }
    Ok(())
}

/// CRC-32 of place, subjects and payload; the lengths keep the two apart.
fn checksum_of(sequence: u64, subjects: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&sequence.to_le_bytes());
    hasher.update(&(subjects.len() as u64).to_le_bytes());
    hasher.update(subjects);
    hasher.update(payload);
    hasher.finalize()
}

/// Strings one after the other, each behind its length (4 bytes, little endian).
pub(super) fn pack(strings: &[&str]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(strings.iter().map(|s| s.len() + 4).sum());
    for string in strings {
        packed.extend_from_slice(&(string.len() as u32).to_le_bytes());
        packed.extend_from_slice(string.as_bytes());
    }
    packed
}

/// What [`pack`] packed. The bytes passed a checksum, so a list that does not parse was written so: it ends there.
fn unpack(mut packed: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (length, rest) = packed.split_first_chunk::<4>()?;
        let (string, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        packed = rest;
        std::str::from_utf8(string).ok()
    })
}

/// `SQLite` counts with a sign. Sequences grow by one from 1, so they never reach the bound.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_strings_come_back() {
        let strings = ["", "ana", "élan\n,", "\u{1f600}"];
        assert_eq!(unpack(&pack(&strings)).collect::<Vec<_>>(), strings);
        assert_eq!(unpack(&[]).count(), 0);
        assert_eq!(
            unpack(&[9, 0, 0, 0, b'a']).count(),
            0,
            "a list that ends early yields no half a string"
        );
    }

    #[test]
    fn the_checksum_notices_moves_swaps_and_borders() {
        let base = checksum_of(7, b"ab", b"cd");
        assert_ne!(base, checksum_of(8, b"ab", b"cd"), "place");
        assert_ne!(base, checksum_of(7, b"a", b"bcd"), "border");
        assert_ne!(base, checksum_of(7, b"ab", b"ce"), "payload");
    }
}
