//! The same draws on every run, from a seed.

pub use antenne::chance::Draws;

/// What falls out unevenly.
pub trait Uneven {
    /// Below `bound`, the first ones far more often than the last: as words are used, as few people answer much, and as few
    /// communities are large.
    fn few(&mut self, bound: usize) -> usize;
}

impl Uneven for Draws {
    fn few(&mut self, bound: usize) -> usize {
        (bound as f64 * self.share().powi(3)) as usize
    }
}
