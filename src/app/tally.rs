//! Where events come from, counted as they are taken in: no content, no people.

use crate::domain::{EventType, Fact, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What one source sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceStats {
    /// Its name.
    pub source: Arc<str>,
    /// Accepted events by type; only types that came.
    pub events: BTreeMap<&'static str, u64>,
    /// The newest instant that an event of it speaks of.
    pub newest: Timestamp,
}

/// Every source and what it sent.
#[derive(Default)]
pub(super) struct Tally(HashMap<Arc<str>, (HashMap<EventType, u64>, Timestamp)>);

impl Tally {
    /// Counts a fact that was taken in. Cost: constant.
    pub(super) fn count(&mut self, fact: &Fact) {
        let (events, newest) = match self.0.get_mut(&fact.key.source) {
            Some(entry) => entry,
            None => self
                .0
                .entry(Arc::clone(&fact.key.source))
                .or_insert_with(|| (HashMap::new(), fact.at)),
        };
        *events.entry(fact.body.kind()).or_default() += 1;
        *newest = fact.at.max(*newest);
    }

    /// Takes back a fact that is erased. The newest instant of its source stays.
    pub(super) fn forget(&mut self, fact: &Fact) {
        if let Some((events, _)) = self.0.get_mut(&fact.key.source) {
            let kind = fact.body.kind();
            match events.get_mut(&kind) {
                Some(count) if *count > 1 => *count -= 1,
                _ => _ = events.remove(&kind),
            }
            if events.is_empty() {
                self.0.remove(&fact.key.source);
            }
        }
    }

    /// What each sent, in the order of names.
    pub(super) fn stats(&self) -> Vec<SourceStats> {
        let stats = |(source, (events, newest)): (&Arc<str>, &(HashMap<EventType, u64>, Timestamp))| SourceStats {
            source: Arc::clone(source),
            events: events.iter().map(|(kind, &count)| (kind.name(), count)).collect(),
            newest: *newest,
        };
        let mut all: Vec<_> = self.0.iter().map(stats).collect();
        all.sort_unstable_by(|a, b| a.source.cmp(&b.source));
        all
    }
}
