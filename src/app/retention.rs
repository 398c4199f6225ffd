//! Windows of retention: facts about people leave the log when their time is over, as erased ones do.
//!
//! The log is read on the caller's thread and a connection of its own; the writer only lets go what was found. Invariant: the
//! World stays the fold of what is left. Nobody is marked as erased by it: the same facts may come again, and leave again.

use super::audit::{AuditAction, AuditEntry, AuditError};
use super::erasure::EraseError;
use super::ingest::IngestError;
use super::service::Service;
use super::upkeep::UpkeepError;
use super::writer::Job;
use crate::domain::{AskId, DAY_MICROS, EventKey, EventType, Fact, FactBody, PersonId, Timestamp};
use crate::ingest::{FutureRule, decode, type_of};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use tokio::sync::oneshot;

/// Facts that leave in one step of the writer: some 50 ms of its time.
const STEP: usize = 2_000;

/// For how many days what is kept; 0 keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Windows {
    /// Absences, after their last day.
    pub absences_days: u32,
    /// Invitations to answer, with what became of them, after they were sent.
    pub invitations_days: u32,
    /// Verdicts on recommendations.
    pub verdicts_days: u32,
    /// Hours of animating.
    pub hours_days: u32,
    /// People who left: they are erased with all that names them.
    pub left_days: u32,
}

/// How much left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Facts.
    pub facts: u64,
    /// People who were erased.
    pub people: u64,
}

/// Why nothing more left.
#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    /// The log cannot be read.
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    /// The writer could not let go.
    #[error(transparent)]
    Erase(#[from] EraseError),
    /// It could not be recorded who was erased.
    #[error(transparent)]
    Audit(#[from] AuditError),
}

/// A fact that leaves, and where it lies.
pub(super) type Due = (u64, EventKey);

/// The instant before which something that is kept for `days` is over.
fn limit(days: u32, now: Timestamp) -> Option<Timestamp> {
    (days > 0).then(|| now.plus_micros(-i64::from(days) * DAY_MICROS))
}

/// Whether facts of this type leave after a time.
fn is_let_go(kind: EventType) -> bool {
    use EventType::{
        AbsenceCleared, AbsenceSet, AnimationRecorded, AskAnswered, AskDeclined, AskReferred, AskSent, FeedbackGiven,
    };
    matches!(
        kind,
        AbsenceSet
            | AbsenceCleared
            | FeedbackGiven
            | AnimationRecorded
            | AskSent
            | AskAnswered
            | AskDeclined
            | AskReferred
    )
}

/// What is over, as the log is read.
struct Search {
    windows: Windows,
    now: Timestamp,
    due: Vec<Due>,
    /// What was said of each invitation, and when it was first sent.
    asks: BTreeMap<AskId, (Option<Timestamp>, Vec<Due>)>,
}

impl Search {
    fn see(&mut self, sequence: u64, fact: &Fact) {
        let over = |days| limit(days, self.now).is_some_and(|limit| fact.at < limit);
        let goes = match &fact.body {
            FactBody::AbsenceSet { span, .. } | FactBody::AbsenceCleared { span, .. } => {
                let limit = limit(self.windows.absences_days, self.now);
                limit.is_some_and(|limit| span.until() < limit.day())
            }
            FactBody::FeedbackGiven { .. } => over(self.windows.verdicts_days),
            FactBody::AnimationRecorded { .. } => over(self.windows.hours_days),
            FactBody::AskSent { ask, .. } => {
                let (sent, said) = self.asks.entry(ask.clone()).or_default();
                *sent = sent.map_or(Some(fact.at), |earlier| Some(earlier.min(fact.at)));
                said.push((sequence, fact.key.clone()));
                false
            }
            FactBody::AskAnswered { ask, .. }
            | FactBody::AskDeclined { ask, .. }
            | FactBody::AskReferred { ask, .. } => {
                let (_, said) = self.asks.entry(ask.clone()).or_default();
                said.push((sequence, fact.key.clone()));
                false
            }
            _ => false,
        };
        if goes {
            self.due.push((sequence, fact.key.clone()));
        }
    }

    /// Everything that is over.
    fn due(self) -> Vec<Due> {
        let mut due = self.due;
        if let Some(limit) = limit(self.windows.invitations_days, self.now) {
            let over = self
                .asks
                .into_values()
                .filter(|(sent, _)| sent.is_some_and(|sent| sent < limit));
            due.extend(over.flat_map(|(_, said)| said));
        }
        due
    }
}

impl Service {
    /// Lets everything go whose window is over, as long as `wanted` says so. Cost: reads the log, on this thread; the writer is
    /// held up for a moment at a time.
    ///
    /// # Errors
    /// [`RetireError`]; what left before has left.
    pub fn retire(&self, windows: Windows, wanted: &dyn Fn() -> bool) -> Result<Retired, RetireError> {
        let mut retired = Retired::default();
        for person in self.long_gone(windows.left_days) {
            if !wanted() {
                return Ok(retired);
            }
            self.erase_person(person.as_str())?;
            let entry = AuditEntry::of_operator(AuditAction::PersonErased).about(&person);
            self.audit(&entry.what(format!("left more than {} days ago", windows.left_days)))?;
            retired.people += 1;
        }
        let due = self.over(windows, wanted)?;
        for step in due.chunks(STEP) {
            if !wanted() {
                break;
            }
            let (reply, gone) = oneshot::channel();
            self.send(Job::Retire(step.to_vec(), reply));
            let gone = gone.blocking_recv().unwrap_or(Err(IngestError::Stopping.into()));
            gone?;
            retired.facts += step.len() as u64;
        }
        Ok(retired)
    }

    /// The people who left more than `days` ago and did not come back.
    fn long_gone(&self, days: u32) -> BTreeSet<PersonId> {
        let Some(limit) = limit(days, self.now()) else {
            return BTreeSet::new();
        };
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let humans = view.people.iter().filter(|&(ix, _)| view.human(ix) == ix);
        let gone = humans.filter(|&(ix, _)| {
            let mut left = view.profiles(ix).filter_map(|profile| profile.left).peekable();
            left.peek().is_some() && left.all(|left| left < limit)
        });
        gone.map(|(_, node)| node.id.clone()).collect()
    }

    /// The facts whose window is over.
    fn over(&self, windows: Windows, wanted: &dyn Fn() -> bool) -> Result<Vec<Due>, UpkeepError> {
        let now = self.now();
        let mut search = Search {
            windows,
            now,
            due: Vec::new(),
            asks: BTreeMap::new(),
        };
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        reader.scan(0, &mut |record| {
            // Nearly everything stays, and need not be read for that.
            if type_of(record.payload).is_some_and(is_let_go)
                && let Ok(decoded) = decode(record.payload, FutureRule::Accept { now })
            {
                search.see(record.sequence, &decoded.fact);
            }
            if record.sequence % 1024 != 0 || wanted() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        Ok(search.due())
    }
}
