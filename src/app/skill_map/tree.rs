//! Units as a tree, in the order of a walk from the top: a unit, then everything within it. Knows neither people nor wire.

use std::collections::BTreeSet;
use std::ops::Range;

/// Places by number: 0 is the whole organisation, and what lies within a place has the numbers that follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Paths, in the order of the walk; that of the whole is empty.
    paths: Vec<String>,
    parents: Vec<u32>,
    ends: Vec<u32>,
}

impl Tree {
    /// The tree of `paths` and of everything above them; names are joined by `/`. Cost: a sort.
    pub fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut all: BTreeSet<Vec<&str>> = BTreeSet::from([vec![]]);
        for path in paths {
            let names: Vec<&str> = path.split('/').collect();
            for above in (1..=names.len()).rev() {
                if !all.insert(names[..above].to_vec()) {
                    break;
                }
            }
        }
        let mut tree = Self::default();
        let mut above: Vec<u32> = Vec::new();
        for (place, names) in all.iter().enumerate() {
            above.truncate(names.len());
            tree.parents.push(above.last().copied().unwrap_or(0));
            tree.paths.push(names.join("/"));
            above.push(place as u32);
        }
        tree.close();
        tree
    }

    /// Works out where each place ends.
    fn close(&mut self) {
        self.ends = (1..=self.parents.len() as u32).collect();
        for place in (1..self.parents.len()).rev() {
            let parent = self.parents[place] as usize;
            self.ends[parent] = self.ends[parent].max(self.ends[place]);
        }
    }

    /// How many places there are; at least one.
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// The path of `place`.
    pub fn path(&self, place: u32) -> &str {
        &self.paths[place as usize]
    }

    /// Every path, in order of place.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The place of `path`. Cost: as many steps as there are places.
    pub fn find(&self, path: &str) -> Option<u32> {
        self.paths
            .iter()
            .position(|known| known == path)
            .map(|place| place as u32)
    }

    /// The place right above; `None` above the whole.
    pub fn parent(&self, place: u32) -> Option<u32> {
        (place > 0).then(|| self.parents[place as usize])
    }

    /// The numbers of `place` and of everything within it.
    pub fn within(&self, place: u32) -> Range<u32> {
        place..self.ends[place as usize]
    }

    /// The places right below `place`.
    pub fn children(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.ends[place as usize];
        let first = (place + 1 < end).then_some(place + 1);
        std::iter::successors(first, move |&child| {
            let next = self.ends[child as usize];
            (next < end).then_some(next)
        })
    }

    /// How many steps `place` lies below `above`; `None` when it does not.
    pub fn depth_below(&self, above: u32, place: u32) -> Option<u32> {
        let inside = self.within(above).contains(&place);
        let steps = std::iter::successors(Some(place), |&here| self.parent(here)).take_while(|&here| here != above);
        inside.then(|| steps.count() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_followed_by_all_that_lies_within_it() {
        let tree = Tree::of(["G/IT/Data", "G/IT", "G/IT-2", "G/HR", "Z"]);
        assert_eq!(tree.paths(), ["", "G", "G/HR", "G/IT", "G/IT/Data", "G/IT-2", "Z"]);
        assert_eq!((tree.within(1), tree.within(3), tree.within(0)), (1..6, 3..5, 0..7));
        assert_eq!(tree.children(1).collect::<Vec<_>>(), [2, 3, 5]);
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 6]);
        assert_eq!(tree.children(4).count(), 0);
        assert_eq!((tree.parent(4), tree.parent(0)), (Some(3), None));
        assert_eq!((tree.depth_below(1, 4), tree.depth_below(3, 5)), (Some(2), None));
        assert_eq!(Tree::of([]).len(), 1);
    }
}
