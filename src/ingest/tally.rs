//! What became of the rows of a file in another system's format: each was used, passed over for a reason, or rejected.
//!
//! Invariant: `rows = used + passed over + rejected`, so that no row is lost without a word.

use crate::domain::EventType;
use std::collections::BTreeMap;

/// The account of one file. Reasons are of a closed list, so that its size does not depend on the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that events were made of, or that had nothing new to say.
    pub used: u64,
    /// Rows that could not be read as what they should be.
    pub rejected: u64,
    skipped: BTreeMap<&'static str, u64>,
    events: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Notes a row that events were made of.
    pub(super) fn used(&mut self) {
        self.rows += 1;
        self.used += 1;
    }

    /// Notes a row that is left out, and why.
    pub(super) fn skipped(&mut self, reason: &'static str) {
        self.rows += 1;
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Notes a row that is not in order.
    pub(super) fn rejected(&mut self) {
        self.rows += 1;
        self.rejected += 1;
    }

    /// Notes an event that was made.
    pub(super) fn event(&mut self, kind: EventType) {
        *self.events.entry(kind.name()).or_default() += 1;
    }

    /// How many rows were left out for each reason, by reason.
    pub fn left_out(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.skipped.iter().map(|(reason, count)| (*reason, *count))
    }

    /// How many events of each type were made, by type.
    pub fn events(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.events.iter().map(|(kind, count)| (*kind, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_place() {
        let mut tally = Tally::default();
        tally.used();
        tally.event(EventType::PersonUpserted);
        tally.event(EventType::PersonLeft);
        tally.skipped("bookmarks");
        tally.skipped("bookmarks");
        tally.rejected();
        let left_out: u64 = tally.left_out().map(|(_, count)| count).sum();
        assert_eq!((tally.rows, tally.used + left_out + tally.rejected), (4, 4));
        assert_eq!(
            tally.events().collect::<Vec<_>>(),
            [("person.left", 1), ("person.upserted", 1)]
        );
    }
}
