//! A group of batches on its way: what of each is new, and whom it is answered to.

use super::Intake;
use super::desk::stop_at_once;
use crate::app::access::Identity;
use crate::app::audit::{AuditAction, AuditEntry, AuditError};
use crate::app::ingest::{IngestError, IngestReport, NumberedLine};
use crate::domain::{EventKey, Fact, FactBody};
use crate::store::StoreError;
use crate::world::World;
use std::collections::HashSet;
use tokio::sync::oneshot;

/// Whoever waits for the fate of a batch.
pub(super) type Reply = oneshot::Sender<Result<IngestReport, IngestError>>;
/// A row of the audit log, and whoever waits until it is durable.
pub(super) type Row = (Vec<u8>, oneshot::Sender<Result<(), AuditError>>);
/// A batch as it came.
pub(super) type Waiting = (Intake, Reply);

/// A batch of which the new lines are known.
pub(super) struct Sorted {
    /// The lines that are neither repeated nor refused.
    pub(super) fresh: Vec<NumberedLine>,
    /// What became of the others.
    pub(super) report: IngestReport,
    /// What the audit log has to tell of the new lines.
    pub(super) audit: Vec<Vec<u8>>,
    /// Whom to tell.
    pub(super) reply: Reply,
}

/// A group in parts, in order: no batch of a part tells of an event that another of it tells of. So what is said of a batch
/// never rests on another that may yet be refused, and who may undo what is asked of the World alone. Cost: where there is
/// more than one batch, one look-up a line.
pub(super) fn independent(group: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    if group.len() < 2 {
        return group.into_iter().map(|alone| vec![alone]).collect();
    }
    let mut parts: Vec<Vec<Waiting>> = Vec::new();
    let mut touched: HashSet<EventKey> = HashSet::new();
    for (batch, reply) in group {
        let keys: HashSet<EventKey> = batch.lines.iter().flat_map(touching).cloned().collect();
        match parts.last_mut() {
            Some(part) if touched.is_disjoint(&keys) => {
                part.push((batch, reply));
                touched.extend(keys);
            }
            _ => {
                parts.push(vec![(batch, reply)]);
                touched = keys;
            }
        }
    }
    parts
}

/// The event that a line is, and the one that it undoes.
fn touching(line: &NumberedLine) -> impl Iterator<Item = &EventKey> {
    let fact = &line.decoded.fact;
    let undone = match &fact.body {
        FactBody::FactRetracted { target } => Some(target),
        _ => None,
    };
    [&fact.key].into_iter().chain(undone)
}

/// Refuses the batches with new lines that `keep` does not keep; those without are answered all the same.
pub(super) fn refuse(sorted: Vec<Sorted>, error: &IngestError, keep: impl Fn(&[NumberedLine]) -> bool) -> Vec<Sorted> {
    let mut kept = Vec::with_capacity(sorted.len());
    for batch in sorted {
        if batch.fresh.is_empty() || keep(&batch.fresh) {
            kept.push(batch);
        } else {
            // Whoever no longer waits loses nothing.
            let _ = batch.reply.send(Err(error.clone()));
        }
    }
    kept
}

/// Why a batch is not taken; what fails for good ends the process.
pub(super) fn refused(error: StoreError) -> IngestError {
    match error {
        error if error.is_fatal() => stop_at_once(&error.to_string()),
        error @ StoreError::DiskFull { .. } => IngestError::DiskFull(error.to_string()),
        error => IngestError::Store(error.to_string()),
    }
}

/// What the audit log has to tell of `fact`: that it binds somebody for whom `by` speaks as an officer only.
pub(super) fn told_of(world: &World, by: &Identity, fact: &Fact) -> Option<AuditEntry> {
    let undone = match &fact.body {
        FactBody::FactRetracted { target } => world.fact(target),
        _ => None,
    };
    let person = by.binds_another(undone.unwrap_or(fact))?;
    let kinds = [Some(fact), undone].into_iter().flatten();
    let what: Vec<_> = kinds.map(|fact| fact.body.kind().name()).collect();
    Some(
        AuditEntry::of(AuditAction::PersonBound, by)
            .about(person)
            .what(what.join(" of ")),
    )
}
