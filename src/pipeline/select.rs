//! Selection: who is shown first, and what became of everybody else.

use super::score::{Norms, Part};
use super::stage::{Selector, Task};

/// The order in which an answer lists its picks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Wave by wave, each by score.
    #[default]
    Waves,
    /// By score alone.
    Score,
}

/// A subject in its place.
pub struct Placed<T: Task> {
    /// Who.
    pub subject: T::Subject,
    /// Relevance within this one answer.
    pub score: f64,
    /// Place by score alone, from 1.
    pub base_rank: usize,
    /// The wave it belongs to, from 1.
    pub wave: u8,
    /// Why, for the picks; empty in the reserve.
    pub parts: Vec<Part<T>>,
}

/// An answer: every candidate is in one of the three lists.
pub struct Ranking<T: Task> {
    /// Those shown, explained.
    pub picks: Vec<Placed<T>>,
    /// Those who come after them.
    pub reserve: Vec<Placed<T>>,
    /// Those not considered, with the reason.
    pub dropped: Vec<(T::Subject, T::Drop)>,
    /// What strengths were normalised by.
    pub norms: Norms,
}

/// Gives every scored subject its wave and puts them in `order`. `ranked` is best first.
pub(super) fn place<T: Task>(
    selector: &dyn Selector<T>,
    world: &T::World,
    query: &T::Query,
    ranked: Vec<(T::Subject, f64)>,
    order: Order,
) -> Vec<Placed<T>> {
    let placed = ranked.into_iter().enumerate().map(|(place, (subject, score))| Placed {
        subject,
        score,
        base_rank: place + 1,
        wave: selector.wave(world, query, subject),
        parts: Vec::new(),
    });
    let mut placed: Vec<_> = placed.collect();
    // Waves are numbered without gaps: when nobody is in the first, the second is the first.
    let mut waves: Vec<u8> = placed.iter().map(|p| p.wave).collect();
    waves.sort_unstable();
    waves.dedup();
    for pick in &mut placed {
        pick.wave = waves
            .iter()
            .position(|&wave| wave == pick.wave)
            .map_or(1, |place| place as u8 + 1);
    }
    if order == Order::Waves {
        placed.sort_by_key(|pick| pick.wave);
    }
    placed
}
