//! The daily job of a server: what has been kept long enough leaves.
//!
//! Invariants: one thread, beside the requests; a stop waits for a moment of it, never for all of it.

use super::failure::Failure;
use crate::app::{Service, Windows};
use crate::config::Retention;
use crate::domain::{DAY_MICROS, HOUR_MICROS, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked whether a day is over; the first time, too: those who wait for the server come first.
const BETWEEN: Duration = Duration::from_mins(1);

/// The thread. Dropping it ends it.
pub struct Keeping {
    stopping: Arc<AtomicBool>,
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeping {
    /// Lets leave what `retention` says, once a day.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(service: &Arc<Service>, retention: &Retention) -> Result<Self, Failure> {
        let (wake, woken) = channel();
        let stopping = Arc::new(AtomicBool::new(false));
        let (service, stop) = (Arc::downgrade(service), Arc::clone(&stopping));
        let windows = windows(retention);
        let thread = std::thread::Builder::new()
            .name("retention".to_owned())
            .spawn(move || watch(&service, windows, &stop, &woken))
            .map_err(|error| Failure::new(format!("the system gives no thread: {error}")))?;
        Ok(Self {
            stopping,
            wake: Some(wake),
            thread: Some(thread),
        })
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn windows(retention: &Retention) -> Windows {
    Windows {
        absences_days: retention.absences_days,
        invitations_days: retention.invitations_days,
        verdicts_days: retention.verdicts_days,
        hours_days: retention.hours_days,
        left_days: retention.left_days,
    }
}

fn watch(service: &Weak<Service>, windows: Windows, stopping: &AtomicBool, woken: &Receiver<()>) {
    let wanted = || !stopping.load(Ordering::SeqCst);
    let mut not_before = None::<Timestamp>;
    while woken.recv_timeout(BETWEEN) == Err(RecvTimeoutError::Timeout) {
        let Some(held) = service.upgrade() else { return };
        let now = held.now();
        if not_before.is_some_and(|instant| now < instant) {
            continue;
        }
        let pause = match held.retire(windows, &wanted) {
            Ok(retired) => {
                if retired.facts + retired.people > 0 {
                    let (facts, people) = (retired.facts, retired.people);
                    tracing::info!(facts, people, "what was kept long enough has left");
                }
                DAY_MICROS
            }
            Err(error) => {
                if wanted() {
                    tracing::warn!(%error, "what was kept long enough has not left yet: trying again in an hour");
                }
                HOUR_MICROS
            }
        };
        not_before = Some(now.plus_micros(pause));
    }
}
