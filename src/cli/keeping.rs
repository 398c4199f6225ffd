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

/// How often it is looked whether a day is over; the first day begins soon after the start.
const PACE: Pace = Pace {
    first: Duration::from_secs(5),
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
        proposals_days: retention.proposals_days,
        votes_days: retention.votes_days,
        contributions_days: retention.contributions_days,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Clock, Manner, RECOMMENDATIONS_BYTES, Settings, Sources};
    use serde_json::{Value, json};
    use std::sync::atomic::AtomicI64;

    /// A clock that somebody else sets.
    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(self.0.load(Ordering::SeqCst))
        }
    }

    /// 2026-03-01T08:00:00Z.
    const START: i64 = 1_772_352_000_000_000;

    fn open(folder: &std::path::Path, clock: &Arc<Hands>) -> Arc<Service> {
        let settings = Settings {
            folder: folder.to_owned(),
            create: true,
            new_data_id: [7; 16],
            weights: None,
            sources: Sources::default(),
            manner: Manner::Vous,
            recommendations_bytes: RECOMMENDATIONS_BYTES,
        };
        let service = Service::open(settings, Arc::clone(clock) as Arc<dyn Clock>);
        Arc::new(service.expect("a new folder"))
    }

    fn tell(service: &Service, lines: &[Value]) {
        let texts: Vec<String> = lines.iter().map(Value::to_string).collect();
        let mut numbered = (1..).zip(&texts).map(|(n, text)| (n, Ok(text.as_bytes())));
        let fate = service.submit(&mut numbered, None);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        assert_eq!(
            runtime.block_on(fate).expect("it is written").accepted,
            lines.len() as u64
        );
    }

    /// That somebody was away until `until`.
    fn away(id: &str, until: &str) -> Value {
        json!({"id": id, "source": "hr", "type": "absence.set", "at": "2026-01-01T08:00:00Z",
            "data": {"person": "ana", "from": "2026-01-02", "until": until}})
    }

    fn kept(service: &Service) -> u64 {
        service.stats().expect("it is open").events.values().sum()
    }

    #[test]
    fn what_was_kept_long_enough_leaves_once_a_day_and_not_before() {
        let temp = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(Hands(AtomicI64::new(START)));
        let service = open(&temp.path().join("data"), &clock);
        tell(&service, &[away("over", "2026-01-20"), away("late", "2026-01-30")]);
        let retention = Retention {
            absences_days: 30,
            ..Retention::default()
        };
        let mut work = Work {
            service: Arc::downgrade(&service),
            windows: windows(&retention),
            not_before: None,
        };
        let stopping = AtomicBool::new(false);
        let mut look_after = |hours: i64| {
            clock.0.fetch_add(hours * HOUR_MICROS, Ordering::SeqCst);
            let goes_on = work.look(&stopping).is_continue();
            (goes_on, kept(&service))
        };
        assert_eq!(look_after(0), (true, 1), "over for more than 30 days: at once");
        assert_eq!(
            look_after(23),
            (true, 1),
            "the other is due by now: once a day is soon enough"
        );
        assert_eq!(look_after(2), (true, 0), "a day later it leaves");
        drop(service);
        assert_eq!(work.look(&stopping), ControlFlow::Break(()), "nothing is left to keep");
    }

    #[test]
    fn a_look_that_is_told_to_stop_leaves_everything_where_it_is() {
        let temp = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(Hands(AtomicI64::new(START)));
        let service = open(&temp.path().join("data"), &clock);
        tell(&service, &[away("over", "2026-01-20")]);
        let mut work = Work {
            service: Arc::downgrade(&service),
            windows: windows(&Retention::default()),
            not_before: None,
        };
        assert!(work.look(&AtomicBool::new(true)).is_continue());
        assert_eq!(kept(&service), 1);
    }
}
