//! The daily job of a server: what has been kept long enough leaves.
//!
//! Invariants: one thread, beside the requests; a stop waits for a moment of it, never for all of it.

use super::failure::Failure;
use super::rounds::{Pace, Rounds};
use crate::app::{Service, Windows};
use crate::config::Retention;
use crate::domain::{DAY_MICROS, HOUR_MICROS, Timestamp};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often it is looked whether a day is over.
const PACE: Pace = Pace {
    first: Duration::from_mins(1),
    between: Duration::from_mins(1),
};

/// Lets leave what `retention` says, once a day, until what is returned is dropped.
///
/// # Errors
/// When the system gives no thread.
pub fn start(service: &Arc<Service>, retention: &Retention) -> Result<Rounds, Failure> {
    let mut work = Work {
        service: Arc::downgrade(service),
        windows: windows(retention),
        not_before: None,
    };
    Rounds::start("retention", PACE, move |stopping| work.look(stopping))
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

struct Work {
    service: Weak<Service>,
    windows: Windows,
    not_before: Option<Timestamp>,
}

impl Work {
    fn look(&mut self, stopping: &AtomicBool) -> ControlFlow<()> {
        let Some(held) = self.service.upgrade() else {
            return ControlFlow::Break(());
        };
        let now = held.now();
        if self.not_before.is_some_and(|instant| now < instant) {
            return ControlFlow::Continue(());
        }
        let wanted = || !stopping.load(Ordering::SeqCst);
        let pause = match held.retire(self.windows, &wanted) {
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
        self.not_before = Some(now.plus_micros(pause));
        ControlFlow::Continue(())
    }
}
