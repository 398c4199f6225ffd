//! Where in the log an event is: four bytes a record, in memory, so that events that name nobody are found without reading
//! the log.

use crate::domain::{EventKey, Timestamp};
use crate::ingest::{FutureRule, decode};
use crate::store::{Reader, StoreError};
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::ops::ControlFlow;

/// What stands for no event: one that was erased, or is not known here.
const NONE: u32 = 0;

/// A fingerprint of the event at each sequence, from 1 on.
#[derive(Default)]
pub(in crate::app) struct Places(Vec<u32>);

impl Places {
    /// Notes that the event under `key` lies at `sequence`.
    pub(in crate::app) fn note(&mut self, sequence: u64, key: &EventKey) {
        self.put(sequence, fingerprint(key));
    }

    /// Notes that nothing lies at `sequence` any more.
    pub(in crate::app) fn clear(&mut self, sequence: u64) {
        self.put(sequence, NONE);
    }

    fn put(&mut self, sequence: u64, print: u32) {
        let Some(place) = sequence.checked_sub(1).and_then(|place| usize::try_from(place).ok()) else {
            return;
        };
        if self.0.len() <= place {
            self.0.resize(place + 1, NONE);
        }
        self.0[place] = print;
    }

    /// The sequences of the events under `keys`. Cost: four bytes of memory a record, and the records found.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(in crate::app) fn find(
        &self,
        reader: &dyn Reader,
        keys: &BTreeSet<EventKey>,
        now: Timestamp,
    ) -> Result<Vec<u64>, StoreError> {
        let prints: HashSet<u32> = keys.iter().map(fingerprint).collect();
        let mut found = Vec::new();
        if prints.is_empty() {
            return Ok(found);
        }
        for (before, print) in (0_u64..).zip(&self.0) {
            if !prints.contains(print) {
                continue;
            }
            // Two events may share a fingerprint; the record knows which it is.
            reader.scan(before, &mut |record| {
                let decoded = decode(record.payload, FutureRule::Accept { now });
                if decoded.is_ok_and(|decoded| keys.contains(&decoded.fact.key)) {
                    found.push(record.sequence);
                }
                ControlFlow::Break(())
            })?;
        }
        Ok(found)
    }
}

/// 32 bits that tell most events apart, never [`NONE`]. Kept in memory only.
fn fingerprint(key: &EventKey) -> u32 {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
    (hash as u32) | 1
}
