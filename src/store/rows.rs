//! The rows of the log: how a record is laid out, verified, walked and erased. Shared by the writer and its readers.
//!
//! Invariants: a record's checksum covers its place, its subjects and its payload, so a row that was altered, moved or
//! swapped is noticed. Sequences have no gaps: an erased record keeps its row, all zeros, so a lost row is noticed, and a
//! lost tail too, since the head knows the last sequence. The subject index repeats what the records say and is checked
//! against them.
//!
//! Erasure must leave no byte behind, also where the engine forgets to wipe: it zeroes deleted cells, but not the old
//! copies of cells that it moved between pages. So nothing here ever moves: rows are appended in order, overwritten at
//! their exact size, and never deleted.
//!
//! Must not know what payloads and subjects mean.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::error::{Result, StoreError};
use super::folder::Lock;
use super::subjects::{self, Cursor, GroupIndex, hash, hashes};
use super::{AuditCheck, CheckReport, EachPart, NewRecord, Part, Reader, Record, Visit, VisitAudit};

/// A connection, the file that its errors are about, and its share in the lock of the folder.
#[derive(Debug)]
pub(super) struct Db {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    /// `None` for a file outside a data folder.
    pub(super) _share: Option<Arc<Lock>>,
}

/// A record as it lies in its row, verified.
pub(super) struct Stored<'r> {
    pub(super) sequence: u64,
    pub(super) erased: bool,
    pub(super) subjects: &'r [u8],
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

    /// Walks verified rows above `after`, erased ones included, and misses none up to the head.
    pub(super) fn walk(&self, after: u64, visit: &mut dyn FnMut(&Stored<'_>) -> Result<ControlFlow<()>>) -> Result<()> {
        let doing = "read the log";
        let last = self.last_sequence()?;
        let sql = "SELECT sequence, erased, checksum, subjects, payload FROM record \
                   WHERE sequence > ?1 ORDER BY sequence";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.error(doing))?;
        let mut rows = statement.query([signed(after)]).map_err(self.error(doing))?;
        let mut previous = after;
        loop {
            let next = rows.next().map_err(|e| self.error(doing)(e).at_record(previous + 1))?;
            let Some(row) = next else { break };
            let stored = self.verified(row).map_err(|e| e.at_record(previous + 1))?;
            if stored.sequence != previous + 1 || stored.sequence > last {
                let found = stored.sequence;
                return Err(self
                    .damaged(format!(
                        "table record: row {found} follows row {previous}, of {last} rows"
                    ))
                    .at_record(previous + 1));
            }
            previous = stored.sequence;
            if visit(&stored)?.is_break() {
                return Ok(());
            }
        }
        if previous < last {
            return Err(self
                .damaged(format!(
                    "table record ends at row {previous}, but {last} rows were written"
                ))
                .at_record(previous + 1));
        }
        Ok(())
    }

    fn verified<'r>(&self, row: &'r Row<'_>) -> Result<Stored<'r>> {
        let fields = || -> rusqlite::Result<_> {
            let (sequence, erased, checksum) =
                (row.get::<_, i64>(0)?, row.get::<_, bool>(1)?, row.get::<_, [u8; 4]>(2)?);
            let stored = Stored {
                sequence: sequence.unsigned_abs(),
                erased,
                subjects: row.get_ref(3)?.as_blob()?,
                payload: row.get_ref(4)?.as_blob()?,
            };
            Ok((stored, sequence, checksum))
        };
        let (stored, sequence, checksum) = fields().map_err(self.error("read a record"))?;
        if sequence < 1 || checksum != stored.checksum() {
            return Err(self.damaged(format!("table record, row {sequence}: the content fails its checksum")));
        }
        Ok(stored)
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
            let record = Record {
                sequence: stored.sequence,
                payload: stored.payload,
            };
            Ok(if stored.erased {
                ControlFlow::Continue(())
            } else {
                visit(record)
            })
        })
    }

    fn records_of(&self, subject: &str, visit: Visit<'_>) -> Result<()> {
        let error = self.error("read the records of a subject");
        let _state = self.one_state()?;
        let wanted = hash(self.data_id()?, subject);
        let mut statement = self.connection.prepare_cached(Cursor::SQL).map_err(&error)?;
        let mut index = Cursor::new(statement.query([]).map_err(&error)?);
        let sql = "SELECT sequence, erased, checksum, subjects, payload FROM record WHERE sequence = ?1";
        let mut find = self.connection.prepare_cached(sql).map_err(&error)?;
        while let Some(entry) = index.next_if(|_| true).map_err(&error)? {
            if entry.hash != wanted {
                continue;
            }
            let mut rows = find.query([signed(entry.sequence)]).map_err(&error)?;
            let Some(row) = rows.next().map_err(&error)? else {
                return Err(self.index_disagrees(entry.sequence));
            };
            let stored = self.verified(row)?;
            // Two subjects may share a hash; the record knows which it names.
            if unpack(stored.subjects).all(|named| named != subject) {
                continue;
            }
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
        self.examine_audit()?;
        Ok(CheckReport {
            keys,
            artefacts: self.check_artefacts()?,
            ..log
        })
    }

    fn examine(&self, part: Part) -> Result<u64> {
        let _state = self.one_state()?;
        match part {
            Part::Structure => self.check_structure(),
            Part::Records => self.check_records(),
            Part::Subjects => self.check_log().map(|log| log.records),
            Part::Keys => self.keys().map(|keys| keys.len() as u64),
            Part::Artefacts => self.check_artefacts(),
            Part::Audit => self.examine_audit(),
        }
    }

    fn audit(&self, before: u64, visit: VisitAudit<'_>) -> Result<()> {
        let _state = self.one_state()?;
        self.walk_audit(before, visit)
    }

    fn check_audit(&self, noted: Option<u64>) -> Result<AuditCheck> {
        let _state = self.one_state()?;
        self.check_audit_chain(noted)
    }

    fn copy_out(&self, each: EachPart<'_>) -> Result<()> {
        self.hand_out(each)
    }
}

/// Writes a group after `last` inside the caller's transaction; returns the new last sequence.
pub(super) fn insert_group(
    tx: &Transaction<'_>,
    data_id: [u8; 16],
    last: u64,
    group: &[NewRecord<'_>],
) -> rusqlite::Result<u64> {
    let sql = "INSERT INTO record (sequence, erased, checksum, subjects, payload) VALUES (?, 0, ?, ?, ?)";
    let mut record = tx.prepare_cached(sql)?;
    let mut index = GroupIndex::default();
    let mut sequence = last;
    for (distance, new) in group.iter().enumerate() {
        sequence += 1;
        let subjects = pack(new.subjects);
        let checksum = Stored {
            sequence,
            erased: false,
            subjects: &subjects,
            payload: new.payload,
        }
        .checksum();
        record.execute(params![signed(sequence), checksum, subjects, new.payload])?;
        index.add(distance as u32, hashes(data_id, new.subjects.iter().copied()));
    }
    index.insert(tx, last + 1)?;
    tx.prepare_cached("UPDATE head SET last_sequence = ?1 WHERE id = 1")?
        .execute([signed(sequence)])?;
    Ok(sequence)
}

/// Takes one sequence after `last` for a record that was never there, inside the caller's transaction; returns it.
pub(super) fn insert_gap(tx: &Transaction<'_>, last: u64) -> rusqlite::Result<u64> {
    let sequence = last + 1;
    let checksum = Stored {
        sequence,
        erased: true,
        subjects: &[],
        payload: &[],
    }
    .checksum();
    let sql = "INSERT INTO record (sequence, erased, checksum, subjects, payload) VALUES (?, 1, ?, x'', x'')";
    tx.prepare_cached(sql)?.execute(params![signed(sequence), checksum])?;
    tx.prepare_cached("UPDATE head SET last_sequence = ?1 WHERE id = 1")?
        .execute([signed(sequence)])?;
    Ok(sequence)
}

/// Overwrites records and their index entries with zeros of the same length, inside the caller's transaction.
pub(super) fn erase_records(tx: &Transaction<'_>, sequences: &[u64]) -> rusqlite::Result<()> {
    let sql = "SELECT length(subjects), length(payload) FROM record WHERE sequence = ? AND erased = 0";
    let mut find = tx.prepare_cached(sql)?;
    let sql = "UPDATE record SET erased = 1, checksum = ?, subjects = ?, payload = ? WHERE sequence = ?";
    let mut overwrite = tx.prepare_cached(sql)?;
    subjects::erase(tx, sequences)?;
    for &sequence in sequences {
        let zeros = |row: &Row<'_>, column| row.get::<_, i64>(column).map(|n| vec![0; n.unsigned_abs() as usize]);
        let found = find
            .query_row([signed(sequence)], |row| Ok((zeros(row, 0)?, zeros(row, 1)?)))
            .optional()?;
        let Some((subjects, payload)) = found else { continue };
        let checksum = Stored {
            sequence,
            erased: true,
            subjects: &subjects,
            payload: &payload,
        }
        .checksum();
        overwrite.execute(params![checksum, subjects, payload, signed(sequence)])?;
    }
    Ok(())
}

impl Stored<'_> {
    /// CRC-32 of place, state, subjects and payload, of fixed size; the length keeps the last two apart.
    fn checksum(&self) -> [u8; 4] {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.sequence.to_le_bytes());
        hasher.update(&[u8::from(self.erased)]);
        hasher.update(&(self.subjects.len() as u64).to_le_bytes());
        hasher.update(self.subjects);
        hasher.update(self.payload);
        hasher.finalize().to_le_bytes()
    }
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
pub(super) fn unpack(mut packed: &[u8]) -> impl Iterator<Item = &str> {
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
        let of = |sequence, erased, subjects: &[u8], payload: &[u8]| {
            Stored {
                sequence,
                erased,
                subjects,
                payload,
            }
            .checksum()
        };
        let base = of(7, false, b"ab", b"cd");
        assert_ne!(base, of(8, false, b"ab", b"cd"), "place");
        assert_ne!(base, of(7, true, b"ab", b"cd"), "state");
        assert_ne!(base, of(7, false, b"a", b"bcd"), "border");
        assert_ne!(base, of(7, false, b"ab", b"ce"), "payload");
    }
}
