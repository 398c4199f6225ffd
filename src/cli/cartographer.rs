//! The server's own maps: a thread that looks now and then whether a release of the skill map is due, and makes it beside
//! the requests, at the lowest priority.

use super::failure::Failure;
use super::learning::yield_to_others;
use crate::app::Service;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long after the start it is looked for the first time: those who wait for the server come first.
const FIRST: Duration = Duration::from_secs(2);
/// How often it is looked.
const BETWEEN: Duration = Duration::from_mins(10);

/// The thread. Dropping it ends it, after the release that is being made.
pub struct Cartographer {
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Cartographer {
    /// Publishes for `service` whenever a release is due; never while maps are off. That they are on, how careful they
    /// are, and whether they count conclusions, stands in the audit log.
    ///
    /// # Errors
    /// When the system gives no thread, or the audit log cannot be written.
    pub fn start(service: &Arc<Service>) -> Result<Self, Failure> {
        let rules = service.skill_map_rules();
        let said = rules.map_or_else(
            || "off".to_owned(),
            |rules| format!("k {}{}", rules.k, if rules.inferred { ", inferred" } else { "" }),
        );
        service
            .audit_switches(&[("skill_maps", said)])
            .map_err(|error| Failure::new(error.to_string()))?;
        let mut cartographer = Self {
            wake: None,
            thread: None,
        };
        if rules.is_some() {
            let (wake, woken) = channel();
            let service = Arc::downgrade(service);
            let thread = std::thread::Builder::new()
                .name("skill-map".to_owned())
                .spawn(move || watch(&service, &woken));
            let no_thread = |error| Failure::new(format!("the system gives no thread: {error}"));
            cartographer.wake = Some(wake);
            cartographer.thread = Some(thread.map_err(no_thread)?);
        }
        Ok(cartographer)
    }
}

impl Drop for Cartographer {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(service: &Weak<Service>, woken: &Receiver<()>) {
    yield_to_others();
    let mut wait = FIRST;
    while woken.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = BETWEEN;
        let Some(service) = service.upgrade() else { return };
        if !service.skill_map_due() {
            continue;
        }
        match service.publish_skill_map() {
            Ok(release) => tracing::info!(release = release.number, "a skill map was published"),
            Err(error) => tracing::warn!(%error, "no skill map was published: trying again in ten minutes"),
        }
    }
}
