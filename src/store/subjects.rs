//! The subject index: which records name whom. One row a group, written once in the order of the log, so that an append
//! costs the same however many people there are: a tree sorted by subject would rewrite a page for nearly every entry.
//!
//! A row holds entries of 12 bytes: the subject's hash (8, little endian), then the record's distance from the first of
//! its group (4). A lookup reads the whole index, which is a small part of the log, and then the records themselves.
//!
//! Invariants: entries are in the order of the log; an erased record's entries have the hash 0. Hashes are keyed with the
//! identity of the data, so that they tell nothing to who has another organisation's. Must not know what a subject is.

use std::collections::{BTreeSet, VecDeque};

use rusqlite::{OptionalExtension, Rows, Transaction, params};
use sha2::{Digest, Sha256};

use super::rows::signed;

const ENTRY_BYTES: usize = 12;
const ERASED: u64 = 0;

/// One step of the walk over the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) sequence: u64,
    pub(super) hash: u64,
}

impl Entry {
    /// Whether the record of this entry was erased.
    pub(super) fn is_erased(self) -> bool {
        self.hash == ERASED
    }
}

/// 64 bits of a keyed SHA-256; odd, so that 0 is free for what was erased.
pub(super) fn hash(data_id: [u8; 16], subject: &str) -> u64 {
    let digest = Sha256::new()
        .chain_update(data_id)
        .chain_update(subject.as_bytes())
        .finalize();
    let mut start = [0; 8];
    start.copy_from_slice(&digest[..8]);
    u64::from_le_bytes(start) | 1
}

/// The hashes of all subjects of one record, each once, in the order of the index.
pub(super) fn hashes<'s>(data_id: [u8; 16], subjects: impl Iterator<Item = &'s str>) -> BTreeSet<u64> {
    subjects.map(|subject| hash(data_id, subject)).collect()
}

/// Gathers the entries of a group.
#[derive(Default)]
pub(super) struct GroupIndex {
    entries: Vec<u8>,
}

impl GroupIndex {
    /// Adds a record's subjects; `distance` counts from the first record of the group.
    pub(super) fn add(&mut self, distance: u32, hashes: BTreeSet<u64>) {
        for hash in hashes {
            self.entries.extend_from_slice(&hash.to_le_bytes());
            self.entries.extend_from_slice(&distance.to_le_bytes());
        }
    }

    /// Writes the group's row inside the caller's transaction; a group without subjects needs none.
    pub(super) fn insert(self, tx: &Transaction<'_>, first: u64) -> rusqlite::Result<()> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let sql = "INSERT INTO subject_index (first_sequence, entries) VALUES (?1, ?2)";
        tx.prepare_cached(sql)?
            .execute(params![signed(first), self.entries])
            .map(|_| ())
    }
}

/// Overwrites the entries of records, in place, inside the caller's transaction. Cost: one row a group that holds some.
pub(super) fn erase(tx: &Transaction<'_>, sequences: &[u64]) -> rusqlite::Result<()> {
    let mut open: BTreeSet<u64> = sequences.iter().copied().collect();
    let sql = "SELECT first_sequence, entries FROM subject_index WHERE first_sequence <= ?1 \
               ORDER BY first_sequence DESC LIMIT 1";
    let mut find = tx.prepare_cached(sql)?;
    let sql = "UPDATE subject_index SET entries = ?2 WHERE first_sequence = ?1";
    let mut overwrite = tx.prepare_cached(sql)?;
    // From the last on: whatever comes after the first of its group, up to it, is in that group or names nobody.
    while let Some(sequence) = open.pop_last() {
        let row = find.query_row([signed(sequence)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        let Some((first, mut entries)) = row.optional()? else {
            continue;
        };
        let mut here = open.split_off(&first.unsigned_abs());
        here.insert(sequence);
        let mut found = false;
        for entry in entries.as_chunks_mut::<ENTRY_BYTES>().0 {
            if here.contains(&decode(first, entry).sequence) {
                entry[..8].copy_from_slice(&ERASED.to_le_bytes());
                found = true;
            }
        }
        if found {
            overwrite.execute(params![first, entries])?;
        }
    }
    Ok(())
}

fn decode(first: i64, entry: &[u8; ENTRY_BYTES]) -> Entry {
    let [h0, h1, h2, h3, h4, h5, h6, h7, d0, d1, d2, d3] = *entry;
    let distance = u64::from(u32::from_le_bytes([d0, d1, d2, d3]));
    let hash = u64::from_le_bytes([h0, h1, h2, h3, h4, h5, h6, h7]);
    Entry {
        sequence: first.unsigned_abs().saturating_add(distance),
        hash,
    }
}

/// Walks the index in the order of the log, one row in memory.
pub(super) struct Cursor<'s> {
    rows: Rows<'s>,
    row: VecDeque<Entry>,
}

impl<'s> Cursor<'s> {
    /// The query whose rows a cursor walks.
    pub(super) const SQL: &'static str = "SELECT first_sequence, entries FROM subject_index ORDER BY first_sequence";

    pub(super) fn new(rows: Rows<'s>) -> Self {
        Self {
            rows,
            row: VecDeque::new(),
        }
    }

    /// The next entry, if `wanted`; `None` at the end, or when the next one must wait.
    pub(super) fn next_if(&mut self, wanted: impl Fn(Entry) -> bool) -> rusqlite::Result<Option<Entry>> {
        while self.row.is_empty() {
            let Some(row) = self.rows.next()? else { return Ok(None) };
            let first: i64 = row.get(0)?;
            let entries = row.get_ref(1)?.as_blob()?.as_chunks::<ENTRY_BYTES>().0;
            self.row.extend(entries.iter().map(|entry| decode(first, entry)));
        }
        Ok(self.row.pop_front_if(|entry| wanted(*entry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_hashed_once_and_under_the_key_of_its_data() {
        assert_eq!(hashes([1; 16], ["ana", "bo", "ana"].into_iter()).len(), 2);
        assert_ne!(hash([1; 16], "ana"), hash([2; 16], "ana"));
        assert!(
            !Entry {
                sequence: 1,
                hash: hash([1; 16], "")
            }
            .is_erased()
        );
    }

    #[test]
    fn entries_come_back() {
        let mut group = GroupIndex::default();
        group.add(0, BTreeSet::from([5, 3]));
        group.add(70_000, BTreeSet::from([u64::MAX]));
        let read: Vec<_> = group
            .entries
            .as_chunks::<ENTRY_BYTES>()
            .0
            .iter()
            .map(|entry| decode(10, entry))
            .collect();
        let expected = [(10, 3), (10, 5), (70_010, u64::MAX)];
        assert_eq!(read, expected.map(|(sequence, hash)| Entry { sequence, hash }));
    }
}
