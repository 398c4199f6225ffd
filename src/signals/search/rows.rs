//! Sets of rows, and a number for each.

use crate::signals::foremost::foremost;
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

    /// Those `limit` who have the greatest numbers but 0; of those who share the last that enters, the ones whose name comes
    /// first, which no two share. Only who they are matters, not their order. Cost: two passes, and the greatest number.
    pub(super) fn greatest<N: Ord>(&self, limit: usize, name: impl Fn(PersonIx) -> N) -> Vec<PersonIx> {
        let greatest = self.0.iter().copied().max().unwrap_or(0);
        let mut having = vec![0; greatest as usize + 1];
        self.0.iter().for_each(|&number| having[number as usize] += 1);
        // Everybody with `least` or more enters; whoever has one less shares the room that is left.
        let (mut least, mut room) = (greatest + 1, limit);
        while least > 1 && having[least as usize - 1] <= room {
            least -= 1;
            room -= having[least as usize];
        }
        let lowest = (least - 1).max(1);
        let (mut chosen, mut level) = (Vec::with_capacity(limit), Vec::new());
        for (row, &number) in self.0.iter().enumerate().filter(|(_, number)| **number >= lowest) {
            let person = PersonIx::from_row(row as u32);
            if number >= least {
                chosen.push(person);
            } else {
                level.push(person);
            }
        }
        chosen.extend(foremost(level.into_iter(), room, |_| (), name));
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_greatest_come_first_and_then_names_decide(numbers in prop::collection::vec(0_u32..5, 0..40), limit in 0_usize..45) {
            let name = |person: PersonIx| person.row() * 7 % 41;
            let mut all: Vec<(std::cmp::Reverse<u32>, u32, PersonIx)> = Vec::new();
            for (row, &number) in numbers.iter().enumerate().filter(|(_, number)| **number > 0) {
                let person = PersonIx::from_row(row as u32);
                all.push((std::cmp::Reverse(number), name(person), person));
            }
            all.sort_unstable();
            let mut wanted: Vec<PersonIx> = all.into_iter().take(limit).map(|(.., person)| person).collect();
            wanted.sort_unstable();
            let mut found = Each(numbers).greatest(limit, name);
            found.sort_unstable();
            prop_assert_eq!(found, wanted);
        }
    }

    #[test]
    fn a_set_holds_each_row_once_and_in_order() {
        let set = Rows::of([700, 3, 64, 63, 3, 0].into_iter());
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 700]);
        assert!(set.has(64) && !set.has(65) && !set.has(10_000));
        assert_eq!(Rows::default().iter().count(), 0);
    }
}
