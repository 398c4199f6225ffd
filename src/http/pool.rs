//! Where work that costs is done: as many threads as cores, and a line of bounded length and patience before them.
//!
//! Invariants: no more than `workers` pieces of work run at once, even when callers give up meanwhile; whoever comes
//! when the line is full, or waits in vain, is told so at once instead of making everybody slower.
//!
//! The line is long for a burst and short for an overload: as long as some worker was free a moment ago, what waits will
//! soon be done and may be much; when none was, a long line would only make everybody wait, so that a few pieces of work
//! for each worker are enough to keep them busy. The bounds count pieces, not time: they fit cheap and dear work alike.

use super::error::ApiError;
use super::limits::Limits;
use super::meters::{self, Shed, instant};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// How long ago a worker may have been free for a line to be a burst.
const BURST: Duration = Duration::from_millis(250);

type Job = Box<dyn FnOnce() + Send>;

/// The threads that compute. They end, once what runs is done, when the pool is dropped.
pub(super) struct Pool {
    shared: Arc<Shared>,
    workers: usize,
    waiting: usize,
    waiting_burst: usize,
    wait_max: Duration,
}

/// Ends when the last thread of a pool did.
pub(super) struct Ended(mpsc::Receiver<Infallible>);

struct Shared {
    line: Mutex<Line>,
    came: Condvar,
}

struct Line {
    jobs: VecDeque<Job>,
    /// Pieces of work that began and did not end.
    running: usize,
    /// When a worker was last free for a piece of work that came.
    calm: Instant,
    closed: bool,
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing panics while the line is held.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one worker does: work until the pool is gone and nothing waits.
    fn work(&self) {
        let mut line = self.line();
        loop {
            if let Some(job) = line.jobs.pop_front() {
                line.running += 1;
                drop(line);
                job();
                line = self.line();
                line.running -= 1;
            } else if line.closed {
                return;
            } else {
                line = self.came.wait(line).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Pool {
    /// A pool within `limits`, and what tells its end.
    pub(super) fn start(limits: &Limits) -> (Self, Ended) {
        let line = Line {
            jobs: VecDeque::new(),
            running: 0,
            calm: instant(),
            closed: false,
        };
        let shared = Arc::new(Shared {
            line: Mutex::new(line),
            came: Condvar::new(),
        });
        let (alive, ended) = mpsc::channel(1);
        let mut workers = 0;
        for number in 0..limits.workers {
            let (shared, alive) = (Arc::clone(&shared), alive.clone());
            let thread = std::thread::Builder::new().name(format!("cpu-{number}"));
            let begun = thread.spawn(move || {
                shared.work();
                drop(alive);
            });
            match begun {
                Ok(_) => workers += 1,
                Err(error) => tracing::error!(%error, "the system gives no more threads to compute with"),
            }
        }
        let pool = Self {
            shared,
            workers,
            waiting: workers * limits.waiting,
            waiting_burst: workers * limits.waiting_burst.max(limits.waiting),
            wait_max: limits.wait,
        };
        (pool, Ended(ended))
    }

    /// Runs `work` once it is its turn. Work that began goes on when the caller gives up; work that waits does not begin
    /// then.
    ///
    /// # Errors
    /// `overloaded` when the line is full or the wait too long; `internal` when `work` panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (reply, mut answer) = oneshot::channel();
        let taken = Arc::new(AtomicBool::new(false));
        let came = instant();
        let job = {
            let taken = Arc::clone(&taken);
            move || {
                if reply.is_closed() || taken.swap(true, Ordering::AcqRel) {
                    return;
                }
                meters::waited(came.elapsed().as_secs_f64());
                // Without an answer, whoever asked learns that it panicked.
                if let Ok(done) = catch_unwind(AssertUnwindSafe(work)) {
                    let _ = reply.send(done);
                }
            }
        };
        self.join(Box::new(job), came)?;
        let done = match tokio::time::timeout(self.wait_max, &mut answer).await {
            Ok(done) => done,
            Err(_) if !taken.swap(true, Ordering::AcqRel) => return Err(meters::shed(Shed::Wait)),
            Err(_) => answer.await,
        };
        done.map_err(|_| ApiError::internal(&"work panicked"))
    }

    /// Puts `job` at the end of the line, if the line has room `now`.
    fn join(&self, job: Job, now: Instant) -> Result<(), ApiError> {
        let mut line = self.shared.line();
        let free = self.workers - line.running;
        if free > line.jobs.len() {
            line.calm = now;
        } else {
            let burst = now.saturating_duration_since(line.calm) < BURST;
            let room = if burst { self.waiting_burst } else { self.waiting };
            if line.jobs.len() >= room + free {
                drop(line);
                return Err(meters::shed(Shed::Line));
            }
        }
        line.jobs.push_back(job);
        drop(line);
        self.shared.came.notify_one();
        Ok(())
    }

    /// Pieces of work that wait, and workers at work.
    pub(super) fn load(&self) -> (usize, usize) {
        let line = self.shared.line();
        (line.jobs.len(), line.running)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.line().closed = true;
        self.shared.came.notify_all();
    }
}

impl Ended {
    /// Waits until the last thread ended.
    pub(super) async fn wait(mut self) {
        // Nothing is ever sent: this ends when nobody could any more.
        let _ = self.0.recv().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ProblemCode;
    use std::sync::mpsc::{Sender, channel};

    fn pool(waiting: usize, waiting_burst: usize) -> Arc<Pool> {
        let limits = Limits {
            workers: 1,
            waiting,
            waiting_burst,
            wait: Duration::from_millis(500),
            ..Limits::default()
        };
        Arc::new(Pool::start(&limits).0)
    }

    /// Puts work into the pool that goes on until the sender says so.
    async fn occupy(pool: &Arc<Pool>) -> (Sender<()>, tokio::task::JoinHandle<Result<(), ApiError>>) {
        let (open, gate) = channel::<()>();
        let (started, is_started) = oneshot::channel();
        let pool = Arc::clone(pool);
        let work = tokio::spawn(async move {
            let held = move || {
                started.send(()).unwrap();
                gate.recv().unwrap();
            };
            pool.run(held).await
        });
        is_started.await.unwrap();
        (open, work)
    }

    /// Offers `work` until it is taken: a worker answers a moment before it can take the next piece.
    async fn until_taken<T: Send + 'static>(pool: &Pool, work: fn() -> T) -> T {
        loop {
            match pool.run(work).await {
                Ok(done) => return done,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }

    #[tokio::test]
    async fn the_line_is_bounded_in_length_and_patience() {
        let pool = pool(1, 1);
        let (open, first) = occupy(&pool).await;
        let (second, third) = tokio::join!(pool.run(|| ()), pool.run(|| ()));
        assert_eq!(second.unwrap_err().code(), ProblemCode::Overloaded, "waited in vain");
        assert_eq!(third.unwrap_err().code(), ProblemCode::Overloaded, "no place");
        open.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(until_taken(&pool, || 7).await, 7, "the place is free again");
    }

    #[tokio::test]
    async fn a_burst_may_wait_and_an_overload_may_not() {
        let pool = pool(1, 3);
        let (open, first) = occupy(&pool).await;
        // A worker was free a moment ago: three may wait, and wait in vain.
        let now = pool.shared.line().calm;
        let joined = |at: Instant| (0..5).filter(|_| pool.join(Box::new(|| ()), at).is_ok()).count();
        assert_eq!(joined(now), 3);
        pool.shared.line().jobs.clear();
        // None was free for long: one may wait.
        assert_eq!(joined(now + BURST), 1);
        open.send(()).unwrap();
        first.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn work_that_lost_its_caller_keeps_its_worker_until_it_ends() {
        let pool = pool(0, 0);
        let (open, abandoned) = occupy(&pool).await;
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        assert_eq!(pool.run(|| ()).await.unwrap_err().code(), ProblemCode::Overloaded);
        open.send(()).unwrap();
        until_taken(&pool, || ()).await;
    }

    #[tokio::test]
    async fn work_whose_caller_gave_up_while_it_waited_never_begins() {
        let pool = pool(1, 1);
        let (open, first) = occupy(&pool).await;
        let (begun, has_begun) = channel::<()>();
        let waited = pool.run(move || begun.send(()).unwrap()).await;
        assert_eq!(waited.unwrap_err().code(), ProblemCode::Overloaded);
        open.send(()).unwrap();
        first.await.unwrap().unwrap();
        until_taken(&pool, || ()).await;
        assert!(has_begun.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_problem_and_frees_the_worker() {
        let pool = pool(1, 1);
        let lost = pool.run(|| assert_eq!(1, 2, "planted")).await;
        assert_eq!(lost.unwrap_err().code(), ProblemCode::Internal);
        assert!(pool.run(|| ()).await.is_ok());
    }

    #[tokio::test]
    async fn its_threads_end_with_it() {
        let (pool, ended) = Pool::start(&Limits::default());
        assert_eq!(pool.run(|| 1).await.unwrap(), 1);
        drop(pool);
        let ended = tokio::time::timeout(Duration::from_secs(10), ended.wait());
        assert!(ended.await.is_ok());
    }
}
