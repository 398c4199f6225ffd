//! Selection: who is shown first, and what became of everybody else.

use super::score::{Norms, Part};
use super::stage::{Selector, Task};

/// The order in which an answer lists its picks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Wave by wave, as the selector seats everybody.
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
    pub wave: u16,
    /// Why it does not stand where its score puts it; never in the order of scores.
    pub moved_by: Option<T::Move>,
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

/// Gives every scored subject its seat and puts them in `order`. `ranked` is best first.
///
/// # Panics
/// When the selector does not seat everybody.
pub(super) fn place<T: Task>(
    selector: &dyn Selector<T>,
    world: &T::World,
    query: &T::Query,
    ranked: Vec<(T::Subject, f64)>,
    order: Order,
) -> Vec<Placed<T>> {
    let seats = selector.seats(world, query, &ranked);
    assert_eq!(seats.len(), ranked.len(), "a selector seats everybody");
    let seated = ranked.into_iter().zip(seats).enumerate();
    let mut placed: Vec<_> = seated
        .map(|(place, ((subject, score), seat))| {
            let pick = Placed {
                subject,
                score,
                base_rank: place + 1,
                wave: seat.wave,
                moved_by: seat.moved_by.filter(|_| order == Order::Waves),
                parts: Vec::new(),
            };
            (seat.turn, pick)
        })
        .collect();
    if order == Order::Waves {
        placed.sort_by_key(|(turn, pick)| (pick.wave, *turn));
    }
    placed.into_iter().map(|(_, pick)| pick).collect()
}
