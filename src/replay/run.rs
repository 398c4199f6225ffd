//! Going through the past in order: at each query the World holds exactly the facts before it.
//!
//! One thread folds the facts and hands out snapshots; the others work on them. What comes out does not depend on how
//! many there are, because a snapshot never changes and results are put back in the order of queries.

use super::history::History;
use super::protocol::PastQuery;
use crate::domain::{Fact, FactBody, Timestamp};
use crate::world::latent::Basis;
use crate::world::{View, World};
use std::collections::BTreeSet;
use std::iter::{Enumerate, Peekable};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::vec::IntoIter;

/// Questions at which the first basis is found.
const FIRST_BASIS: usize = 100;
/// How much the questions grow until the next: a new subject has to be asked about for a while to have a place.
const BASIS_GROWTH: f64 = 1.25;

/// By which latent basis subjects are read.
pub enum BasisRule<'a> {
    /// Always the same one, or none.
    Held(Option<Arc<Basis>>),
    /// One that `.0` finds in the World whenever the questions have grown by a quarter, as a service that is refitted
    /// from time to time would have it. Only facts that came before are in it.
    Refreshed(&'a (dyn Fn(&View) -> Option<Arc<Basis>> + Sync)),
}

/// Calls `work` with each of `queries` and what is known for it: the view before its instant, with the facts that it sees
/// besides, on `threads` threads (at least one); results in
/// the order of `queries`. `progress` hears how many are done, and of how many.
///
/// # Panics
/// When `work` does.
pub fn replay<Q: PastQuery, R: Send>(
    history: &History,
    queries: &[&Q],
    basis: &BasisRule<'_>,
    threads: usize,
    work: impl Fn(&View, &Q) -> R + Sync,
    progress: &mut dyn FnMut(usize, usize),
) -> Vec<R> {
    let mut order: Vec<usize> = (0..queries.len()).collect();
    order.sort_by_key(|&n| queries[n].at());
    let threads = threads.max(1);
    let mut results: Vec<Option<R>> = queries.iter().map(|_| None).collect();
    let mut done = 0;
    let mut put = |(n, result): (usize, R)| {
        results[n] = Some(result);
        done += 1;
        progress(done, queries.len());
    };
    thread::scope(|scope| {
        // Few snapshots wait at once: each keeps what later facts change.
        let (jobs, taken) = sync_channel::<(usize, View)>(threads);
        let taken = Arc::new(Mutex::new(taken));
        let (finished, results) = channel();
        for _ in 0..threads {
            let (taken, finished, work) = (Arc::clone(&taken), finished.clone(), &work);
            scope.spawn(move || {
                loop {
                    let job = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((n, view)) = job else { break };
                    if finished.send((n, work(&view, queries[n]))).is_err() {
                        break;
                    }
                }
            });
        }
        drop((taken, finished));
        let mut past = Past::of(history, basis, order.iter().map(|&n| queries[n].at()));
        for n in order {
            if jobs.send((n, past.of_query(queries[n]))).is_err() {
                break; // Every worker is gone: the scope hands on why.
            }
            results.try_iter().for_each(&mut put);
        }
        drop(jobs);
        results.iter().for_each(&mut put);
    });
    results
        .into_iter()
        .map(|result| result.expect("each query is worked on once"))
        .collect()
}

/// The World on its way through the facts.
struct Past<'a> {
    world: World,
    facts: Peekable<Enumerate<IntoIter<&'a Fact>>>,
    basis: &'a BasisRule<'a>,
    /// After which facts the basis is found anew.
    due: BTreeSet<usize>,
}

impl<'a> Past<'a> {
    /// At its beginning, on its way to `instants`.
    fn of(history: &'a History, basis: &'a BasisRule<'a>, instants: impl Iterator<Item = Timestamp>) -> Self {
        let facts = history.facts();
        let due = refreshes(&facts, instants);
        let mut world = World::default();
        if let BasisRule::Held(basis) = basis {
            world.set_basis(basis.clone());
        }
        Self {
            world,
            facts: facts.into_iter().enumerate().peekable(),
            basis,
            due,
        }
    }

    /// What is known for `query`.
    fn of_query(&mut self, query: &impl PastQuery) -> View {
        self.go_to(query.at());
        self.world.view_with(query.besides())
    }

    /// Takes in the facts before `instant`.
    fn go_to(&mut self, instant: Timestamp) {
        while let Some((place, fact)) = self.facts.next_if(|(_, fact)| fact.at < instant) {
            self.world.apply(fact.clone());
            if let (true, BasisRule::Refreshed(find)) = (self.due.contains(&place), self.basis) {
                let basis = find(self.world.view());
                self.world.set_basis(basis);
            }
        }
    }
}

/// After which of `facts` the basis is found anew, for those of `instants` that are to see it.
fn refreshes(facts: &[&Fact], instants: impl Iterator<Item = Timestamp>) -> BTreeSet<usize> {
    let (mut grown, mut next, mut questions) = (Vec::new(), FIRST_BASIS as f64, 0.0);
    for (place, fact) in facts.iter().enumerate() {
        if matches!(fact.body, FactBody::QuestionCreated { .. }) {
            questions += 1.0;
            if questions >= next {
                grown.push(place);
                next *= BASIS_GROWTH;
            }
        }
    }
    let seen = instants.filter_map(|instant| {
        let known = facts.partition_point(|fact| fact.at < instant);
        let before = grown.partition_point(|&place| place < known);
        before.checked_sub(1).map(|last| grown[last])
    });
    seen.collect()
}
