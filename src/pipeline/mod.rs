//! The engine: sources → filters → signals → score → selection → explanation, the same for every recommender.
//!
//! It is generic over the world, the query and the subject, and does not know what a person is. A recommender is a
//! [`Pipeline`] value that lists components; it contains no loop and no arithmetic of its own. Invariants:
//! picks + reserve + dropped = candidates, each drop with its reason; the parts of a score sum to the score, because both
//! come out of one loop; equal inputs give equal bytes.

pub mod flow;
mod score;
mod select;
mod stage;

pub use score::{Kept, Norms, Part};
pub use select::{Order, Placed, Ranking};
pub use stage::{Filter, Round, Scale, Seat, Selector, Signal, Source, Subjects, Task, Weighted};

use score::Scores;

/// Those who are not considered, each with the reason.
type Dropped<T> = Vec<(<T as Task>::Subject, <T as Task>::Drop)>;

/// A recommender: what it draws candidates from, what it drops, what it measures, and how it selects.
pub struct Pipeline<T: Task> {
    sources: Vec<Box<dyn Source<T>>>,
    filters: Vec<Box<dyn Filter<T>>>,
    signals: Vec<Weighted<T>>,
    selector: Box<dyn Selector<T>>,
}

impl<T: Task> Pipeline<T> {
    /// A recommender of these components. Signals are grouped by family, in the order of families.
    pub fn new(
        sources: Vec<Box<dyn Source<T>>>,
        filters: Vec<Box<dyn Filter<T>>>,
        mut signals: Vec<Weighted<T>>,
        selector: Box<dyn Selector<T>>,
    ) -> Self {
        signals.sort_by_key(|weighted| weighted.signal.family());
        Self {
            sources,
            filters,
            signals,
            selector,
        }
    }

    /// The signals' names with their weights, in the order of families.
    pub fn weights(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.signals
            .iter()
            .map(|weighted| (weighted.signal.name(), weighted.weight))
    }

    /// The weight of the signal called `name`; 0 for one that does not exist.
    pub fn weight(&self, name: &str) -> f64 {
        let found = self.weights().find(|(known, _)| *known == name);
        found.map_or(0.0, |(_, weight)| weight)
    }

    /// Everybody whom a source proposes, each once.
    pub fn candidates(&self, world: &T::World, query: &T::Query) -> Vec<T::Subject> {
        let mut candidates = Vec::new();
        for source in &self.sources {
            source.propose(world, query, &mut candidates);
        }
        // Stable, because that is quick where a long list comes in order.
        candidates.sort();
        candidates.dedup();
        candidates
    }

    /// The answer as served: candidates from the sources, filtered, scored, placed; the first `limit` are explained.
    pub fn run(&self, world: &T::World, query: &T::Query, limit: usize, order: Order) -> Ranking<T> {
        self.run_seated(&*self.selector, world, query, limit, order)
    }

    /// As [`Self::run`], seated by `selector` instead of the recommender's own.
    pub fn run_seated(
        &self,
        selector: &dyn Selector<T>,
        world: &T::World,
        query: &T::Query,
        limit: usize,
        order: Order,
    ) -> Ranking<T> {
        let (kept, dropped) = self.eligible(world, query, self.candidates(world, query));
        let scores = Scores::measure(&self.signals, world, query, kept, None);
        let mut placed = select::place(selector, world, query, scores.ranked(world), order);
        let reserve = placed.split_off(placed.len().min(limit));
        for pick in &mut placed {
            pick.parts = scores.explain(world, query, pick.subject);
        }
        Ranking {
            picks: placed,
            reserve,
            dropped,
            norms: scores.into_norms(),
        }
    }

    /// As [`Self::run_seated`] in the order of waves, with nobody explained: what was measured of the picks is kept, so
    /// that [`Self::explain`] can tell why of those who are chosen later. Many queries are looked at together this way.
    pub fn shortlist(
        &self,
        selector: &dyn Selector<T>,
        world: &T::World,
        query: &T::Query,
        limit: usize,
    ) -> (Ranking<T>, Kept<T>) {
        let (eligible, dropped) = self.eligible(world, query, self.candidates(world, query));
        let (ranking, kept) = self.shortlist_of(selector, world, query, eligible, limit);
        (Ranking { dropped, ..ranking }, kept)
    }

    /// As [`Self::shortlist`], of these instead of everybody whom the sources propose; each once, in order. The filters are
    /// not asked of them again: whoever has seen for themself that they let all of these pass names them.
    pub fn shortlist_of(
        &self,
        selector: &dyn Selector<T>,
        world: &T::World,
        query: &T::Query,
        eligible: Vec<T::Subject>,
        limit: usize,
    ) -> (Ranking<T>, Kept<T>) {
        debug_assert!(self.eligible(world, query, eligible.clone()).1.is_empty());
        let scores = Scores::measure(&self.signals, world, query, eligible, None);
        let mut placed = select::place(selector, world, query, scores.ranked(world), Order::Waves);
        let reserve = placed.split_off(placed.len().min(limit));
        let kept = scores.keep(placed.iter().map(|pick| pick.subject).collect());
        let ranking = Ranking {
            picks: placed,
            reserve,
            dropped: Vec::new(),
            norms: scores.into_norms(),
        };
        (ranking, kept)
    }

    /// The parts of the score of one who was shortlisted: the same, to the bit, as [`Self::run_seated`] gives; none for
    /// anybody else.
    pub fn explain(&self, world: &T::World, query: &T::Query, kept: &Kept<T>, subject: T::Subject) -> Vec<Part<T>> {
        Scores::again(&self.signals, kept).explain(world, query, subject)
    }

    /// Those of `candidates` that no filter drops, in order, and the others with the reason.
    fn eligible(
        &self,
        world: &T::World,
        query: &T::Query,
        candidates: Vec<T::Subject>,
    ) -> (Vec<T::Subject>, Dropped<T>) {
        let mut dropped = Vec::new();
        let kept = candidates.into_iter().filter(|&subject| {
            let reason = self
                .filters
                .iter()
                .find_map(|filter| filter.excludes(world, query, subject));
            dropped.extend(reason.map(|reason| (subject, reason)));
            reason.is_none()
        });
        (kept.collect(), dropped)
    }

    /// All of `candidates` by score alone, best first: sources, filters and selection are left out.
    pub fn rank(&self, world: &T::World, query: &T::Query, candidates: Vec<T::Subject>) -> Vec<(T::Subject, f64)> {
        Scores::measure(&self.signals, world, query, candidates, None).ranked(world)
    }

    /// Where `subject` stands among all candidates by score alone, from 1, and the parts of its score; `None` when no source
    /// proposes it. Filters and selection are left out: it is for somebody who asks about themself.
    pub fn standing(&self, world: &T::World, query: &T::Query, subject: T::Subject) -> Option<(usize, Vec<Part<T>>)> {
        let candidates = self.candidates(world, query);
        candidates.binary_search(&subject).ok()?;
        let scores = Scores::measure(&self.signals, world, query, candidates, None);
        let before = scores.ranked(world).iter().position(|(other, _)| *other == subject)?;
        Some((before + 1, scores.explain(world, query, subject)))
    }

    /// What every signal measures of `candidates`: the subjects in order, each once, and one column of strengths a signal,
    /// normalised, in the order of [`Self::weights`].
    pub fn strengths(
        &self,
        world: &T::World,
        query: &T::Query,
        candidates: Vec<T::Subject>,
    ) -> (Vec<T::Subject>, Vec<f64>) {
        Scores::measure(&self.signals, world, query, candidates, None).into_strengths()
    }

    /// The parts of one subject's score under the normalisers of an earlier run: what a fact was worth shows when the
    /// world lacks it and all else is held.
    pub fn parts_under(&self, world: &T::World, query: &T::Query, subject: T::Subject, norms: &Norms) -> Vec<Part<T>> {
        let scores = Scores::measure(&self.signals, world, query, vec![subject], Some(norms));
        scores.explain(world, query, subject)
    }
}

#[cfg(test)]
mod tests;
