//! Work that a server does now and then, on a thread beside the requests. It gives way to every other thread: whoever asks
//! does not wait for what is only due today.

use super::failure::Failure;
use super::learning::yield_to_others;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// When work is done, and how.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// How long after the start it is done for the first time: those who wait for the server come first.
    pub first: Duration,
    /// How long after one round the next one begins.
    pub between: Duration,
}

/// The thread. Dropping it tells the round that is being made, and waits until that has ended.
pub(super) struct Rounds {
    stopping: Arc<AtomicBool>,
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Rounds {
    /// Calls `round` at `pace` on a thread called `name`, until it breaks off or this is dropped; a round may look at the flag
    /// that it is given, which is set when it need not go on.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(
        name: &str,
        pace: Pace,
        mut round: impl FnMut(&AtomicBool) -> ControlFlow<()> + Send + 'static,
    ) -> Result<Self, Failure> {
        let (wake, woken) = channel::<()>();
        let stopping = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stopping);
        let watch = move || {
            yield_to_others();
            let mut wait = pace.first;
            while woken.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) && round(&told).is_continue() {
                wait = pace.between;
            }
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(watch);
        let thread = thread.map_err(|error| Failure::new(format!("the system gives no thread: {error}")))?;
        Ok(Self {
            stopping,
            wake: Some(wake),
            thread: Some(thread),
        })
    }
}

impl Drop for Rounds {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    const AT_ONCE: Pace = Pace {
        first: Duration::ZERO,
        between: Duration::ZERO,
    };

    #[test]
    fn rounds_are_made_until_one_breaks_off() {
        let (tell, told) = channel();
        let mut left = 3;
        let _rounds = Rounds::start("three", AT_ONCE, move |_| {
            left -= 1;
            tell.send(left).unwrap();
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(told.iter().collect::<Vec<_>>(), [2, 1, 0]);
    }

    #[test]
    fn none_is_made_after_the_thread_was_ended() {
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let pace = Pace {
            first: Duration::from_hours(1),
            ..AT_ONCE
        };
        let rounds = Rounds::start("none", pace, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            ControlFlow::Continue(())
        });
        drop(rounds);
        assert_eq!(made.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_round_that_is_being_made_is_told_to_stop() {
        let (begin, begun) = channel();
        let rounds = Rounds::start("long", AT_ONCE, move |stopping| {
            begin.send(()).unwrap();
            while !stopping.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            ControlFlow::Break(())
        });
        begun.recv().unwrap();
        drop(rounds);
    }
}
