//! Going through the past in order: at each query the World holds exactly the facts before it.
//!
//! One thread folds the facts and hands out snapshots; the others work on them. What comes out does not depend on how
//! many there are, because a snapshot never changes and results are put back in the order of queries.

use super::history::History;
use super::protocol::Query;
use crate::world::{View, World};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Calls `work` with each of `queries` and the view before its instant, on `threads` threads (at least one); results in
/// the order of `queries`. `progress` hears how many are done, and of how many.
pub(super) fn replay<R: Send>(
    history: &History,
    queries: &[&Query],
    threads: usize,
    work: impl Fn(&View, &Query) -> R + Sync,
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
        let mut world = World::default();
        let mut facts = history.facts().into_iter().peekable();
        for n in order {
            while let Some(fact) = facts.next_if(|fact| fact.at < queries[n].at()) {
                world.apply(fact.clone());
            }
            if jobs.send((n, world.view().clone())).is_err() {
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
