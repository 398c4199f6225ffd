//! Sums over places, and parts of the organisation that are taken from and added to one another.

use crate::app::skill_map::tree::Tree;

/// Sums over places: what lies within one is the difference of two of them.
pub(super) struct Sums(Vec<u32>);

impl Sums {
    pub(super) fn of(own: impl IntoIterator<Item = u32>) -> Self {
        let mut sums = vec![0];
        let mut sum = 0;
        for count in own {
            sum += count;
            sums.push(sum);
        }
        Self(sums)
    }

    pub(super) fn within(&self, tree: &Tree, place: u32) -> u32 {
        let range = tree.within(place);
        self.0[range.end as usize] - self.0[range.start as usize]
    }
}

/// A part of the organisation: what is counted there, and what is counted and told of the column over it.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) truth: Vec<u32>,
    pub(super) over: u32,
    pub(super) over_told: u32,
}

impl Part {
    pub(super) fn less(&mut self, other: &Self) {
        for (own, gone) in self.truth.iter_mut().zip(&other.truth) {
            *own -= gone;
        }
        self.over = self.over.saturating_sub(other.over);
        self.over_told = self.over_told.saturating_sub(other.over_told);
    }

    pub(super) fn and(&mut self, other: &Self) {
        for (own, more) in self.truth.iter_mut().zip(&other.truth) {
            *own += more;
        }
        self.over = self.over.saturating_add(other.over);
        self.over_told = self.over_told.saturating_add(other.over_told);
    }
}
