//! From terms to the numbers of their posting lists.
//!
//! Hash maps in 4,096 shared shards: a new term after a snapshot copies one small shard. Numbers are internal and are
//! recycled; nothing that leaves the index may depend on them. No term stays here once no document holds it, so that
//! an erased text leaves no word behind.

use super::shared_vec::SharedVec;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

const SHARDS: usize = 4_096;

type Shard = Arc<HashMap<Arc<str>, u32>>;

/// Term → number; clones share memory.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    shards: SharedVec<Shard>,
    free: Arc<Vec<u32>>,
    next: u32,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            shards: SharedVec::filled(SHARDS, &Shard::default()),
            free: Arc::default(),
            next: 0,
        }
    }
}

impl Lexicon {
    /// The number of a known term.
    pub(super) fn get(&self, term: &str) -> Option<u32> {
        self.shards.get(shard_of(term))?.get(term).copied()
    }

    /// Numbers a term that is not known yet: the last number freed, else the next new one (numbers stay dense).
    pub(super) fn insert(&mut self, term: &Arc<str>) -> u32 {
        let number = if self.free.is_empty() {
            None
        } else {
            Arc::make_mut(&mut self.free).pop()
        };
        let number = number.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        if let Some(shard) = self.shards.get_mut(shard_of(term)) {
            Arc::make_mut(shard).insert(Arc::clone(term), number);
        }
        number
    }

    /// Forgets a term and frees its number.
    pub(super) fn remove(&mut self, term: &str) {
        let freed = self
            .shards
            .get_mut(shard_of(term))
            .and_then(|shard| Arc::make_mut(shard).remove(term));
        if let Some(number) = freed {
            Arc::make_mut(&mut self.free).push(number);
        }
    }

    /// How many terms are known.
    pub(super) fn len(&self) -> usize {
        self.next as usize - self.free.len()
    }
}

/// Fixed keys, so that a run can be repeated; the maps inside the shards keep their random ones.
fn shard_of(term: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    term.hash(&mut hasher);
    hasher.finish() as usize % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recycled_and_snapshots_keep_theirs() {
        let mut lexicon = Lexicon::default();
        let (cache, index): (Arc<str>, Arc<str>) = ("cache".into(), "index".into());
        assert_eq!((lexicon.insert(&cache), lexicon.insert(&index)), (0, 1));
        let snapshot = lexicon.clone();
        lexicon.remove("cache");
        assert_eq!((lexicon.get("cache"), lexicon.len()), (None, 1));
        assert_eq!(lexicon.insert(&"firewall".into()), 0);
        assert_eq!((snapshot.get("cache"), snapshot.get("firewall")), (Some(0), None));
    }
}
