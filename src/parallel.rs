//! Work on a list, shared by the cores of the machine: one request that has much to look at answers sooner.
//!
//! Invariants: what comes back is in the order of the list, and the same whatever the cores; a list that is one part is
//! worked on at once, by whoever asks. The threads live as long as the process, as many as [`limit`] says.

use rayon::prelude::*;

/// Lets no more than `threads` work at once, which has to be said before the first piece of work; as many as there are cores
/// where it is not said. Whether it was said in time.
pub fn limit(threads: usize) -> bool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.thread_name(|number| format!("part-{number}"))
        .build_global()
        .is_ok()
}

/// What `work` makes, which is going to share parts of itself: it is done among the threads that share them, so that each part
/// is taken up at once instead of being handed over and waited for.
pub fn among<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}

/// What `work` makes of each part of `items`, `size` of them in each but the last; in order.
pub fn in_parts<T: Sync, R: Send>(items: &[T], size: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    if items.len() <= size {
        return vec![work(items)];
    }
    items.par_chunks(size).map(&work).collect()
}

/// As [`in_parts`], each part's outcome joined to that of the parts before it by `join`.
pub fn joined<T: Sync, R: Send>(
    items: &[T],
    size: usize,
    work: impl Fn(&[T]) -> R + Sync,
    join: impl Fn(&mut R, R),
) -> R {
    let parts = in_parts(items, size, &work).into_iter();
    let whole = parts.reduce(|mut before, part| {
        join(&mut before, part);
        before
    });
    whole.unwrap_or_else(|| work(items))
}

/// What `one` and `other` make, each on its own.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_in_order_and_leave_nothing_out() {
        let items: Vec<usize> = (0..1_000).collect();
        let parts = in_parts(&items, 7, <[usize]>::to_vec);
        assert_eq!(parts.len(), 143);
        assert_eq!(parts.concat(), items);
        assert_eq!(in_parts(&items, 1_000, <[usize]>::len), [1_000]);
        assert_eq!(in_parts(&[] as &[u8], 5, <[u8]>::len), [0]);
        let join = |all: &mut Vec<usize>, part| all.extend::<Vec<_>>(part);
        assert_eq!(joined(&items, 7, <[usize]>::to_vec, join), items);
    }

    #[test]
    fn both_are_done() {
        assert_eq!(both(|| 1, || "two"), (1, "two"));
        assert_eq!(
            among(|| both(|| 1, || in_parts(&[2, 3], 1, |part| part[0]))),
            (1, vec![2, 3])
        );
    }
}
