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
use crate::domain::{AskId, DAY_MICROS, EventKey, EventType, Fact, FactBody, PersonId, ProposalId, Timestamp};
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
    /// Proposals to animate or to join, with what became of them, after they were sent.
    pub proposals_days: u32,
    /// Votes.
    pub votes_days: u32,
    /// Recorded contributions.
    pub contributions_days: u32,
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

impl Windows {
    /// For how many days facts of this type are kept; 0 for those that stay, whose content need not be read.
    fn of(&self, kind: EventType) -> u32 {
        use EventType::{
            AbsenceCleared, AbsenceSet, AnimationRecorded, AskAnswered, AskDeclined, AskReferred, AskSent,
            ContributionRecorded, FeedbackGiven, ProposalAccepted, ProposalDeclined, ProposalSent, VoteAdded,
            VoteRemoved,
        };
        match kind {
            AbsenceSet | AbsenceCleared => self.absences_days,
            FeedbackGiven => self.verdicts_days,
            AnimationRecorded => self.hours_days,
            AskSent | AskAnswered | AskDeclined | AskReferred => self.invitations_days,
            ProposalSent | ProposalAccepted | ProposalDeclined => self.proposals_days,
            VoteAdded | VoteRemoved => self.votes_days,
            ContributionRecorded => self.contributions_days,
            _ => 0,
        }
    }
}

/// What is over, as the log is read.
struct Search {
    windows: Windows,
    now: Timestamp,
    due: Vec<Due>,
    /// What was said of each invitation.
    asks: BTreeMap<AskId, Said>,
    /// What was said of each proposal.
    proposals: BTreeMap<ProposalId, Said>,
}

/// What was said of one thing, which leaves as a whole.
#[derive(Default)]
struct Said {
    /// When it was first heard of: as a rule, sent.
    first: Option<Timestamp>,
    facts: Vec<Due>,
}

impl Said {
    fn hear(&mut self, at: Timestamp, fact: Due) {
        self.first = Some(self.first.map_or(at, |earlier| earlier.min(at)));
        self.facts.push(fact);
    }
}

impl Search {
    fn see(&mut self, sequence: u64, fact: &Fact) {
        let over = |days| limit(days, self.now).is_some_and(|limit| fact.at < limit);
        let due = || (sequence, fact.key.clone());
        let goes = match &fact.body {
            FactBody::AbsenceSet { span, .. } | FactBody::AbsenceCleared { span, .. } => {
                let limit = limit(self.windows.absences_days, self.now);
                limit.is_some_and(|limit| span.until() < limit.day())
            }
            FactBody::FeedbackGiven { .. } => over(self.windows.verdicts_days),
            FactBody::AnimationRecorded { .. } => over(self.windows.hours_days),
            FactBody::VoteAdded { .. } | FactBody::VoteRemoved { .. } => over(self.windows.votes_days),
            FactBody::ContributionRecorded { .. } => over(self.windows.contributions_days),
            FactBody::AskSent { ask, .. }
            | FactBody::AskAnswered { ask, .. }
            | FactBody::AskDeclined { ask, .. }
            | FactBody::AskReferred { ask, .. } => {
                self.asks.entry(ask.clone()).or_default().hear(fact.at, due());
                false
            }
            FactBody::ProposalSent { proposal, .. }
            | FactBody::ProposalAccepted { proposal, .. }
            | FactBody::ProposalDeclined { proposal, .. } => {
                self.proposals.entry(proposal.clone()).or_default().hear(fact.at, due());
                false
            }
            _ => false,
        };
        if goes {
            self.due.push(due());
        }
    }

    /// Everything that is over.
    fn due(self) -> Vec<Due> {
        let over = |said: &Said, days| {
            let limit = limit(days, self.now);
            said.first.zip(limit).is_some_and(|(first, limit)| first < limit)
        };
        let (asks, proposals) = (self.asks.into_values(), self.proposals.into_values());
        let asks = asks.filter(|said| over(said, self.windows.invitations_days));
        let proposals = proposals.filter(|said| over(said, self.windows.proposals_days));
        let mut due = self.due;
        due.extend(asks.chain(proposals).flat_map(|said| said.facts));
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
            proposals: BTreeMap::new(),
        };
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        reader.scan(0, &mut |record| {
            // Nearly everything stays, and need not be read for that.
            if type_of(record.payload).is_some_and(|kind| windows.of(kind) > 0)
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
