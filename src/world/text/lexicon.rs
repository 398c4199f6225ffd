//! From terms to the numbers of their posting lists.
//!
//! Hash maps in 4,096 shared shards: a new term after a snapshot copies one small shard. Numbers are internal and are
//! recycled; nothing that leaves the index may depend on them. No term stays here once no document holds it, so that
//! an erased text leaves no word behind.

use super::shared_vec::SharedVec;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::sync::Arc;

const SHARDS: usize = 4_096;

type Shard = Arc<HashTable<(Arc<str>, u32)>>;

/// Term → number; clones share memory.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    shards: SharedVec<Shard>,
    hasher: DefaultHashBuilder,
    free: Arc<Vec<u32>>,
    next: u32,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            shards: SharedVec::filled(SHARDS, &Shard::default()),
            hasher: DefaultHashBuilder::default(),
            free: Arc::default(),
            next: 0,
        }
    }
}

impl Lexicon {
    /// The number of a known term.
    pub(super) fn get(&self, term: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(term);
        let shard = self.shards.get(shard_of(hash))?;
        shard
            .find(hash, |(known, _)| **known == *term)
            .map(|&(_, number)| number)
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
        let hasher = &self.hasher;
        let hash = hasher.hash_one(&**term);
        if let Some(shard) = self.shards.get_mut(shard_of(hash)) {
            let rehash = |(known, _): &(Arc<str>, u32)| hasher.hash_one(&**known);
            Arc::make_mut(shard).insert_unique(hash, (Arc::clone(term), number), rehash);
        }
        number
    }

    /// Forgets a term and frees its number.
    pub(super) fn remove(&mut self, term: &str) {
        let hash = self.hasher.hash_one(term);
        let Some(shard) = self.shards.get_mut(shard_of(hash)) else {
            return;
        };
        if let Ok(found) = Arc::make_mut(shard).find_entry(hash, |(known, _)| **known == *term) {
            let ((_, number), _) = found.remove();
            Arc::make_mut(&mut self.free).push(number);
        }
    }

    /// How many terms are known.
    pub(super) fn len(&self) -> usize {
        self.next as usize - self.free.len()
    }
}

/// The upper bits: the lower ones choose the place inside the shard.
fn shard_of(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
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
