//! Sets of rows, and a number for each.

use crate::world::{Ix as _, PersonIx};

/// A set of rows of one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows(Vec<u64>);

impl Rows {
    pub(super) fn of(rows: impl Iterator<Item = u32>) -> Self {
        let mut set = Self::default();
        for row in rows {
            let place = row as usize / 64;
            if place >= set.0.len() {
                set.0.resize(place + 1, 0);
            }
            set.0[place] |= 1 << (row % 64);
        }
        set
    }

    /// The rows, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let of = |(place, word): (usize, &u64)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(place as u32 * 64 + bit)
            })
        };
        self.0.iter().enumerate().flat_map(of)
    }

    pub(super) fn has(&self, row: u32) -> bool {
        let word = self.0.get(row as usize / 64);
        word.is_some_and(|word| word & (1 << (row % 64)) != 0)
    }
}

/// A number for each person, by row; none for anybody where there is no row at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Each(Vec<u32>);

impl Each {
    /// Nothing of so many people yet.
    pub(super) fn nothing(people: usize) -> Self {
        Self(vec![0; people])
    }

    /// That of `person`.
    pub(super) fn of(&self, person: PersonIx) -> u32 {
        self.0.get(person.row() as usize).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, person: PersonIx, more: u32) {
        self.0[person.row() as usize] += more;
    }

    /// Those who have a number, with it, in order of index.
    pub(super) fn iter(&self) -> impl Iterator<Item = (PersonIx, u32)> + Clone {
        let all = self.0.iter().enumerate().filter(|(_, number)| **number > 0);
        all.map(|(row, &number)| (PersonIx::from_row(row as u32), number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_each_row_once_and_in_order() {
        let set = Rows::of([700, 3, 64, 63, 3, 0].into_iter());
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 700]);
        assert!(set.has(64) && !set.has(65) && !set.has(10_000));
        assert_eq!(Rows::default().iter().count(), 0);
    }
}
