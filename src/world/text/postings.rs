//! One term's posting list: which documents hold it, how often, and how long they are.
//!
//! Postings are sorted by document number, in `Arc`ed blocks of at most [`BLOCK`] and an open tail, so that appending to
//! a list that a snapshot shares copies the tail and the list of blocks, never the postings. Invariants: no block is
//! empty, numbers strictly increase through the blocks and the tail, `len` is their sum.
//! It does not know terms' weights or how scores are made.

use std::sync::Arc;

/// The most postings a block holds (2 KiB).
pub(super) const BLOCK: usize = 256;

/// One document of a list, packed into eight bytes so that scoring reads memory in order and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    /// The document's number.
    pub doc: u32,
    /// How often the term occurs in it, at least 1.
    pub count: u16,
    /// The document's length in terms, saturated (see `index::LENGTH_MAX`).
    pub length: u16,
}

/// The documents that hold one term.
#[derive(Clone, Debug)]
pub(super) struct PostingList {
    term: Arc<str>,
    blocks: Vec<Arc<Vec<Posting>>>,
    tail: Vec<Posting>,
    len: u32,
}

impl PostingList {
    /// The empty list of `term`.
    pub(super) fn new(term: Arc<str>) -> Self {
        Self {
            term,
            blocks: Vec::new(),
            tail: Vec::new(),
            len: 0,
        }
    }

    /// The term whose list this is.
    pub(super) fn term(&self) -> &Arc<str> {
        &self.term
    }

    /// The term's document frequency.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// Runs of postings, in ascending document order.
    pub(super) fn slices(&self) -> impl Iterator<Item = &[Posting]> {
        self.blocks
            .iter()
            .map(|block| block.as_slice())
            .chain(std::iter::once(self.tail.as_slice()))
    }

    /// Puts a posting in its place. The document must not be in the list yet. Cost: O(log blocks + block).
    pub(super) fn insert(&mut self, posting: Posting) {
        self.len += 1;
        let at = self.block_of(posting.doc);
        let Some(block) = self.blocks.get_mut(at).map(Arc::make_mut) else {
            let place = self.tail.partition_point(|other| other.doc < posting.doc);
            self.tail.insert(place, posting);
            if self.tail.len() == BLOCK {
                self.blocks.push(Arc::new(std::mem::take(&mut self.tail)));
            }
            return;
        };
        let place = block.partition_point(|other| other.doc < posting.doc);
        block.insert(place, posting);
        if block.len() > BLOCK {
            let upper = block.split_off(BLOCK / 2);
            self.blocks.insert(at + 1, Arc::new(upper));
        }
    }

    /// Takes a document out; whether it was there. Cost: O(log blocks + block).
    pub(super) fn remove(&mut self, doc: u32) -> bool {
        let at = self.block_of(doc);
        let found = if let Some(block) = self.blocks.get_mut(at) {
            block
                .binary_search_by_key(&doc, |posting| posting.doc)
                .is_ok_and(|place| {
                    Arc::make_mut(block).remove(place);
                    true
                })
        } else {
            self.tail
                .binary_search_by_key(&doc, |posting| posting.doc)
                .is_ok_and(|place| {
                    self.tail.remove(place);
                    true
                })
        };
        if found {
            self.len -= 1;
            self.compact(at);
        }
        found
    }

    /// The first block that can hold `doc`; the number of blocks when that is the tail.
    fn block_of(&self, doc: u32) -> usize {
        self.blocks
            .partition_point(|block| block.last().is_some_and(|posting| posting.doc < doc))
    }

    /// Keeps lists dense after retractions: a sparse block joins its right-hand neighbour, an empty one goes.
    fn compact(&mut self, at: usize) {
        let Some(size) = self.blocks.get(at).map(|block| block.len()) else {
            return;
        };
        if let Some(next) = self
            .blocks
            .get(at + 1)
            .filter(|next| size < BLOCK / 4 && size + next.len() <= BLOCK)
        {
            let next = Arc::clone(next);
            Arc::make_mut(&mut self.blocks[at]).extend_from_slice(&next);
            self.blocks.remove(at + 1);
        } else if size == 0 {
            self.blocks.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn posting(doc: u32) -> Posting {
        Posting {
            doc,
            count: 1 + (doc % 3) as u16,
            length: (doc % 100) as u16,
        }
    }

    fn docs(list: &PostingList) -> Vec<u32> {
        list.slices().flatten().map(|posting| posting.doc).collect()
    }

    proptest! {
        #[test]
        fn behaves_like_a_sorted_set(operations in prop::collection::vec((any::<bool>(), 0_u32..1_500), 0..4_000)) {
            let mut list = PostingList::new("term".into());
            let mut model = BTreeSet::new();
            for (add, doc) in operations {
                if add && model.insert(doc) {
                    list.insert(posting(doc));
                } else if !add {
                    prop_assert_eq!(list.remove(doc), model.remove(&doc));
                }
            }
            prop_assert_eq!(docs(&list), model.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(list.len() as usize, model.len());
            prop_assert!(list.blocks.iter().all(|block| !block.is_empty() && block.len() <= BLOCK));
        }
    }

    #[test]
    fn appending_to_a_shared_list_shares_its_blocks() {
        let mut list = PostingList::new("term".into());
        (0..1_000).for_each(|doc| list.insert(posting(doc)));
        let snapshot = list.clone();
        list.insert(posting(1_000));
        assert!(list.blocks.iter().zip(&snapshot.blocks).all(|(a, b)| Arc::ptr_eq(a, b)));
        assert_eq!((list.len(), snapshot.len()), (1_001, 1_000));
    }
}
