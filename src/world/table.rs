//! Tables of nouns in shared segments: a clone is a handful of reference counts, a write copies what it touches.
//!
//! Each noun has a dense index, given in order of arrival. An index is a place, never an order: whatever must not depend
//! on the order of arrival sorts by external identifier.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::sync::Arc;

/// Nodes in each segment of a table but the last.
pub const SEGMENT: usize = 256;
/// Parts of the index by identifier; each is copied when an identifier is added to it while a snapshot is out.
const SHARDS: usize = 1024;

/// A dense index made by a [`Table`].
pub trait Ix: Copy + Eq + Ord {
    /// The index of row `row`.
    fn from_row(row: u32) -> Self;
    /// The row of this index.
    fn row(self) -> u32;
}

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Ix for $name {
            fn from_row(row: u32) -> Self {
                Self(row)
            }

            fn row(self) -> u32 {
                self.0
            }
        }
    )*};
}

indices! {
    /// Row of a person's account.
    PersonIx;
    /// Row of a skill.
    SkillIx;
    /// Row of a project.
    ProjectIx;
    /// Row of a community.
    CommunityIx;
    /// Row of a question.
    QuestionIx;
    /// Row of an answer.
    AnswerIx;
    /// Row of a tag.
    TagIx;
    /// Row of an invitation to answer.
    AskIx;
}

/// A noun's row: knows its identifier.
pub trait Node: Clone {
    /// The external identifier.
    type Id: Hash + Eq + Clone;

    /// An empty row, for an identifier that was only referred to so far.
    fn stub(id: Self::Id) -> Self;

    /// The identifier.
    fn id(&self) -> &Self::Id;

    /// Whether nothing hangs on the row: its facts were undone, or others only named it in passing.
    fn is_blank(&self) -> bool;
}

/// All rows of one noun.
pub struct Table<I, N: Node> {
    segments: Arc<Vec<Arc<Vec<Arc<N>>>>>,
    shards: Arc<Vec<Arc<HashTable<u32>>>>,
    hasher: DefaultHashBuilder,
    len: u32,
    index: PhantomData<I>,
}

impl<I, N: Node> Clone for Table<I, N> {
    fn clone(&self) -> Self {
        Self {
            segments: Arc::clone(&self.segments),
            shards: Arc::clone(&self.shards),
            hasher: self.hasher.clone(),
            len: self.len,
            index: PhantomData,
        }
    }
}

impl<I: Ix, N: Node> Default for Table<I, N> {
    fn default() -> Self {
        Self {
            segments: Arc::default(),
            shards: Arc::new(vec![Arc::default(); SHARDS]),
            hasher: DefaultHashBuilder::default(),
            len: 0,
            index: PhantomData,
        }
    }
}

impl<I: Ix, N: Node> Table<I, N> {
    /// How many rows there are, blank ones included: the bound of the indices. No answer may depend on it.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The row of `id`, if anything hangs on it: a row whose facts were all undone is as if it had never been.
    pub fn find<Q>(&self, id: &Q) -> Option<I>
    where
        N::Id: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let hash = self.hasher.hash_one(id);
        let same = |&row: &u32| std::borrow::Borrow::<Q>::borrow(self.at(row).id()) == id;
        self.shards[shard_of(hash)]
            .find(hash, same)
            .filter(|&&row| !self.at(row).is_blank())
            .map(|&row| I::from_row(row))
    }

    /// The row of `id`, made as a stub when it is new.
    ///
    /// # Panics
    /// Never: a segment is there before a row is put into it.
    pub fn intern(&mut self, id: &N::Id) -> I {
        let hash = self.hasher.hash_one(id);
        let shard = shard_of(hash);
        if let Some(&row) = self.shards[shard].find(hash, |&row| self.at(row).id() == id) {
            return I::from_row(row);
        }
        let row = self.len;
        let (segments, hasher) = (&self.segments, &self.hasher);
        let rehash = |&other: &u32| hasher.hash_one(node_at(segments, other).id());
        Arc::make_mut(&mut Arc::make_mut(&mut self.shards)[shard]).insert_unique(hash, row, rehash);
        let segments = Arc::make_mut(&mut self.segments);
        if (row as usize).is_multiple_of(SEGMENT) {
            segments.push(Arc::new(Vec::with_capacity(SEGMENT)));
        }
        let last = segments
            .last_mut()
            .expect("a segment was pushed when the last was full");
        Arc::make_mut(last).push(Arc::new(N::stub(id.clone())));
        self.len += 1;
        I::from_row(row)
    }

    /// The row at `ix`.
    pub fn get(&self, ix: I) -> &N {
        self.at(ix.row())
    }

    /// The row at `ix`, to be changed; copies it when a snapshot shares it.
    pub fn get_mut(&mut self, ix: I) -> &mut N {
        let row = ix.row() as usize;
        let segment = &mut Arc::make_mut(&mut self.segments)[row / SEGMENT];
        Arc::make_mut(&mut Arc::make_mut(segment)[row % SEGMENT])
    }

    /// All rows, blank ones included, segment by segment, each but the last as long as the first. Between two states, what
    /// did not change is the same place in memory, segments and rows alike: that tells cheaply what did.
    pub fn segments(&self) -> &[Arc<Vec<Arc<N>>>] {
        &self.segments
    }

    /// The rows on which anything hangs, in order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = (I, &N)> {
        let nodes = self.segments.iter().flat_map(|segment| segment.iter()).enumerate();
        nodes
            .filter(|(_, node)| !node.is_blank())
            .map(|(row, node)| (I::from_row(row as u32), &**node))
    }

    fn at(&self, row: u32) -> &N {
        node_at(&self.segments, row)
    }
}

fn node_at<N>(segments: &[Arc<Vec<Arc<N>>>], row: u32) -> &N {
    &segments[row as usize / SEGMENT][row as usize % SEGMENT]
}

fn shard_of(hash: u64) -> usize {
    (hash >> 20) as usize % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TagName;

    #[derive(Clone)]
    struct Row {
        id: TagName,
        count: u32,
    }

    impl Node for Row {
        type Id = TagName;

        fn stub(id: TagName) -> Self {
            Self { id, count: 0 }
        }

        fn id(&self) -> &TagName {
            &self.id
        }

        fn is_blank(&self) -> bool {
            self.count == 0
        }
    }

    fn counted(table: &mut Table<TagIx, Row>, id: &str) -> TagIx {
        let ix = table.intern(&TagName::new(id));
        table.get_mut(ix).count = 1;
        ix
    }

    #[test]
    fn a_blank_row_is_not_found_and_comes_back_to_its_place() {
        let mut table = Table::<TagIx, Row>::default();
        let (a, b) = (counted(&mut table, "a"), counted(&mut table, "b"));
        table.get_mut(a).count = 0;
        assert_eq!(table.find("a"), None);
        assert_eq!(table.iter().map(|(ix, _)| ix).collect::<Vec<_>>(), [b]);
        assert_eq!(counted(&mut table, "a"), a);
        assert_eq!(table.find("a"), Some(a));
    }

    #[test]
    fn a_clone_does_not_see_later_writes() {
        let mut table = Table::<TagIx, Row>::default();
        let rows: Vec<_> = (0..1000).map(|n| counted(&mut table, &format!("t{n}"))).collect();
        let before = table.clone();
        table.get_mut(rows[999]).count = 7;
        let late = counted(&mut table, "late");
        assert_eq!(before.get(rows[999]).count, 1);
        assert_eq!(before.find("late"), None);
        assert_eq!(table.find("late"), Some(late));
        assert_eq!(table.find("t500"), Some(rows[500]));
        assert_eq!((before.len(), table.len(), table.iter().count()), (1000, 1001, 1001));
        let same = |place: usize| Arc::ptr_eq(&before.segments()[place], &table.segments()[place]);
        assert_eq!([0, 1, 2, 3].map(same), [true, true, true, false]);
        let row = |table: &Table<TagIx, Row>, row: usize| Arc::as_ptr(&table.segments()[3][row - 3 * SEGMENT]);
        assert_eq!(row(&before, 998), row(&table, 998));
        assert_ne!(row(&before, 999), row(&table, 999));
    }

    #[test]
    fn an_identifier_has_one_row() {
        let mut table = Table::<TagIx, Row>::default();
        assert_eq!(table.intern(&TagName::new("a")), table.intern(&TagName::new("a")));
        assert_eq!(table.len(), 1);
    }
}
