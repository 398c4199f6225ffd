//! Sets of rows.

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

    pub(super) fn has(&self, row: u32) -> bool {
        let word = self.0.get(row as usize / 64);
        word.is_some_and(|word| word & (1 << (row % 64)) != 0)
    }
}
