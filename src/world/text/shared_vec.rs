//! A vector whose clones share memory: the backbone of snapshots.
//!
//! Elements sit in leaves of 64, leaves in nodes of 64, each behind an `Arc`. Cloning copies the list of nodes (one
//! pointer for each 4,096 elements); writing one element after a clone copies one node and one leaf, never the rest.
//! It knows nothing about what it holds; elements should themselves be cheap to clone.

use std::sync::Arc;

const FANOUT: usize = 64;
const NODE_SPAN: usize = FANOUT * FANOUT;

type Leaf<T> = Arc<Vec<T>>;
type Node<T> = Arc<Vec<Leaf<T>>>;

/// A growable array with O(length / 4,096) clones and O(64) copy-on-write.
#[derive(Clone, Debug)]
pub(in crate::world) struct SharedVec<T> {
    nodes: Vec<Node<T>>,
    len: usize,
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Clone> SharedVec<T> {
    /// A vector of `len` copies of `value`; equal leaves share one allocation until written.
    pub(in crate::world) fn filled(len: usize, value: &T) -> Self {
        let mut vec = Self::default();
        vec.grow(len, value);
        vec
    }

    /// The number of elements.
    pub(in crate::world) fn len(&self) -> usize {
        self.len
    }

    /// The element at `index`, if there is one. Cost: three array reads.
    pub(in crate::world) fn get(&self, index: usize) -> Option<&T> {
        self.nodes
            .get(index / NODE_SPAN)?
            .get(index % NODE_SPAN / FANOUT)?
            .get(index % FANOUT)
    }

    /// The element at `index` for writing; copies the node and the leaf that other clones still share.
    pub(in crate::world) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let node = Arc::make_mut(self.nodes.get_mut(index / NODE_SPAN)?);
        let leaf = Arc::make_mut(node.get_mut(index % NODE_SPAN / FANOUT)?);
        leaf.get_mut(index % FANOUT)
    }

    /// Appends one element.
    pub(in crate::world) fn push(&mut self, value: T) {
        if self.len.is_multiple_of(NODE_SPAN) {
            self.nodes.push(Arc::new(Vec::new()));
        }
        if let Some(node) = self.nodes.last_mut().map(Arc::make_mut) {
            match node.last_mut() {
                Some(leaf) if leaf.len() < FANOUT => Arc::make_mut(leaf).push(value),
                _ => {
                    let mut leaf = Vec::with_capacity(FANOUT);
                    leaf.push(value);
                    node.push(Arc::new(leaf));
                }
            }
        }
        self.len += 1;
    }

    /// Appends copies of `value` until there are at least `len` elements.
    pub(in crate::world) fn grow(&mut self, len: usize, value: &T) {
        while self.len < len {
            self.push(value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_pushed_across_leaf_and_node_borders() {
        let mut vec = SharedVec::default();
        for i in 0..10_000_usize {
            vec.push(i);
        }
        assert_eq!(vec.len(), 10_000);
        assert!((0..10_000).all(|i| vec.get(i) == Some(&i)));
        assert_eq!(vec.get(10_000), None);
    }

    #[test]
    fn a_clone_does_not_see_later_writes_and_shares_what_was_not_written() {
        let mut vec = SharedVec::filled(9_000, &0_u32);
        let snapshot = vec.clone();
        *vec.get_mut(4_100).expect("in range") = 7;
        vec.push(8);
        assert_eq!(snapshot.get(4_100), Some(&0));
        assert_eq!(snapshot.len(), 9_000);
        assert_eq!(vec.get(4_100), Some(&7));
        assert!(Arc::ptr_eq(&vec.nodes[0], &snapshot.nodes[0]));
        assert!(!Arc::ptr_eq(&vec.nodes[1], &snapshot.nodes[1]));
        assert!(Arc::ptr_eq(&vec.nodes[1][5], &snapshot.nodes[1][5]));
    }
}
