//! The server's own lessons: a thread that looks now and then whether a model is due, and learns one beside the requests.
//!
//! Invariants: one thread computes, at the lowest priority; what comes out is logged in one line a recommender; a stop waits
//! for a read of the log at most, never for a lesson.

use super::failure::Failure;
use super::fit;
use super::learning;
use super::rounds::{Pace, Rounds};
use crate::app::{FitOutcome, Lesson, Recommender, Service, Verdict};
use crate::domain::{DAY_MICROS, HOUR_MICROS, Timestamp};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often it is looked. Reading the log anew costs a core for seconds, as learning does: it gives way, too.
const PACE: Pace = Pace {
    first: Duration::from_millis(500),
    between: Duration::from_mins(1),
};
/// Microseconds until what could not be done is tried again.
const AGAIN_MICROS: i64 = HOUR_MICROS;

/// Learns for `service` whenever one of its models is `days` old, never with 0; and a new basis after somebody was erased,
/// whatever `days` says; until what is returned is dropped.
///
/// # Errors
/// When the system gives no thread.
pub fn start(service: &Arc<Service>, days: u32) -> Result<Rounds, Failure> {
    let mut work = Work {
        service: Arc::downgrade(service),
        days,
        rests: Rests::default(),
        erasure_rests: None,
    };
    Rounds::start("refit", PACE, move |stopping| work.look(stopping))
}

struct Work {
    service: Weak<Service>,
    days: u32,
    rests: Rests,
    /// Until when nothing is learnt because somebody was erased, after it could not be done.
    erasure_rests: Option<Timestamp>,
}

impl Work {
    fn look(&mut self, stopping: &AtomicBool) -> ControlFlow<()> {
        let Some(held) = self.service.upgrade() else {
            return ControlFlow::Break(());
        };
        let now = held.now();
        let rested = self.erasure_rests.is_none_or(|until| now >= until);
        let (erased, mut due) = (rested && held.erasure_due(), held.refit_due(self.days));
        drop(held);
        due.retain(|&which| self.rests.are_over(which, now));
        if due.is_empty() && !erased {
            return ControlFlow::Continue(());
        }
        let pause = match refit(&self.service, &due, erased, stopping) {
            Ok(Some(outcome)) => {
                tell(&outcome);
                if erased {
                    return ControlFlow::Continue(());
                }
                // What was refused will not be better in a minute.
                i64::from(self.days) * DAY_MICROS
            }
            Ok(None) => return ControlFlow::Break(()),
            Err(error) => {
                if !stopping.load(Ordering::SeqCst) {
                    tracing::warn!(%error, "no model was learnt: trying again in an hour");
                }
                if erased {
                    self.erasure_rests = Some(now.plus_micros(AGAIN_MICROS));
                    return ControlFlow::Continue(());
                }
                AGAIN_MICROS
            }
        };
        self.rests.begin(&due, now.plus_micros(pause));
        ControlFlow::Continue(())
    }
}

/// Until when nothing is learnt for a recommender.
#[derive(Default)]
struct Rests([Option<Timestamp>; Recommender::ALL.len()]);

impl Rests {
    fn are_over(&self, which: Recommender, now: Timestamp) -> bool {
        self.0[which.place()].is_none_or(|until| now >= until)
    }

    fn begin(&mut self, of: &[Recommender], until: Timestamp) {
        of.iter().for_each(|which| self.0[which.place()] = Some(until));
    }
}

/// One lesson for `due`, or of the present alone when somebody was `erased`; `None` when the service is gone. The service is
/// held only while it reads and while it adopts.
fn refit(
    service: &Weak<Service>,
    due: &[Recommender],
    erased: bool,
    stopping: &AtomicBool,
) -> Result<Option<FitOutcome>, Failure> {
    let wanted = || !stopping.load(Ordering::SeqCst);
    let Some(held) = service.upgrade() else { return Ok(None) };
    let lesson = if erased {
        held.lesson_of_now()?
    } else {
        held.lesson(&wanted)?
    };
    drop(held);
    let due = due.to_vec();
    let learn = move |lesson: Lesson, progress: learning::Progress<'_>| {
        if erased {
            lesson.after_erasure()
        } else {
            lesson.learn(&due, 1, progress)
        }
    };
    let proposal = learning::apart(lesson, learn, &wanted, &mut |_, _| {})?;
    match service.upgrade() {
        Some(held) => Ok(Some(held.adopt(proposal)?)),
        None => Ok(None),
    }
}

fn tell(outcome: &FitOutcome) {
    for fate in &outcome.each {
        let recommender = fate.which.name();
        let (model, why) = (outcome.after.of(fate.which).name(), fit::sentence(outcome, fate));
        match fate.verdict {
            Verdict::Refused(_) => tracing::info!(recommender, model, "a model was learnt and refused: {why}"),
            Verdict::Adopted | Verdict::BasisAlone(_) => {
                tracing::info!(recommender, model, "a model was learnt: {why}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_recommender_rests_without_the_others() {
        let mut rests = Rests::default();
        let at = Timestamp::from_micros;
        rests.begin(&[Recommender::Communities], at(10));
        assert!(!rests.are_over(Recommender::Communities, at(9)) && rests.are_over(Recommender::Communities, at(10)));
        assert!(rests.are_over(Recommender::Experts, at(0)) && rests.are_over(Recommender::CoAnimators, at(0)));
    }
}
