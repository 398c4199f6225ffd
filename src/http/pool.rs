//! Where work that costs is done: as many threads as cores, and a line of bounded length and patience before them.
//!
//! Invariants: no more than `workers` pieces of work run at once, even when callers give up meanwhile; whoever comes
//! when the line is full, or waits in vain, is told so at once instead of making everybody slower.

use super::error::{ApiError, ProblemCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Pieces of work that may wait, for each worker.
const WAITING_PER_WORKER: usize = 64;
/// How long one may wait.
const WAIT_MAX: Duration = Duration::from_secs(2);

/// The threads that compute.
pub(super) struct Pool {
    workers: Arc<Semaphore>,
    /// One place for each piece of work that runs or waits.
    places: Arc<Semaphore>,
    wait_max: Duration,
}

impl Default for Pool {
    /// One worker a core.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(cores, cores * WAITING_PER_WORKER, WAIT_MAX)
    }
}

impl Pool {
    /// A pool of `workers`, before which at most `waiting` pieces of work wait, each at most `wait_max`.
    pub(super) fn new(workers: usize, waiting: usize, wait_max: Duration) -> Self {
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            places: Arc::new(Semaphore::new(workers + waiting)),
            wait_max,
        }
    }

    /// Runs `work` on a thread of its own once it is its turn. Work that began goes on when the caller gives up.
    ///
    /// # Errors
    /// `overloaded` when the line is full or the wait too long; `internal` when `work` panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let busy = || {
            ApiError::new(
                ProblemCode::Overloaded,
                "too much to do right now: try again in a moment",
            )
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let turn = tokio::time::timeout(self.wait_max, Arc::clone(&self.workers).acquire_owned());
        let worker = turn.await.ok().and_then(Result::ok).ok_or_else(busy)?;
        let job = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work()
        });
        job.await.map_err(|error| ApiError::internal(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn the_line_is_bounded_in_length_and_patience() {
        let pool = Arc::new(Pool::new(1, 1, Duration::from_millis(50)));
        let (open, gate) = channel::<()>();
        let (started, is_started) = tokio::sync::oneshot::channel();
        let first = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move {
                pool.run(move || {
                    started.send(()).unwrap();
                    gate.recv().unwrap();
                })
                .await
            }
        });
        is_started.await.unwrap();
        let (second, third) = tokio::join!(pool.run(|| ()), pool.run(|| ()));
        assert_eq!(second.unwrap_err().code(), ProblemCode::Overloaded, "waited in vain");
        assert_eq!(third.unwrap_err().code(), ProblemCode::Overloaded, "no place");
        open.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(pool.run(|| 7).await.unwrap(), 7, "the place is free again");
    }

    #[tokio::test]
    async fn work_that_lost_its_caller_keeps_its_place_until_it_ends() {
        let pool = Arc::new(Pool::new(1, 0, Duration::from_millis(50)));
        let (open, gate) = channel::<()>();
        let (started, is_started) = tokio::sync::oneshot::channel();
        let abandoned = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move {
                pool.run(move || {
                    started.send(()).unwrap();
                    gate.recv().unwrap();
                })
                .await
            }
        });
        is_started.await.unwrap();
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        assert_eq!(pool.run(|| ()).await.unwrap_err().code(), ProblemCode::Overloaded);
        open.send(()).unwrap();
        while pool.run(|| ()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_problem_and_frees_the_place() {
        let pool = Pool::new(1, 0, Duration::from_millis(50));
        let lost = pool.run(|| assert_eq!(1, 2, "planted")).await;
        assert_eq!(lost.unwrap_err().code(), ProblemCode::Internal);
        assert!(pool.run(|| ()).await.is_ok());
    }
}
