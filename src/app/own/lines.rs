//! Which lines of the log are handed to a person: those that an erasure of them would take, but for the acts of others.
//!
//! Invariant: what is handed out and what is erased are found in one way, so that nothing is held that neither shows.

use crate::app::service::Service;
use crate::app::upkeep::UpkeepError;
use crate::app::writer::Job;
use crate::domain::{EventKey, Fact, FactBody, PersonId};
use crate::ingest::{FutureRule, decode};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use tokio::sync::oneshot;

/// A line as the log holds it, and what it says.
struct Line {
    fact: Fact,
    bytes: Vec<u8>,
}

impl Service {
    /// The canonical lines up to `generation` that name one of `accounts`, or say something of what these asked, answered or
    /// were invited to without naming anybody else. Cost: on the writer's thread, finding what would be erased; on this one,
    /// the records found.
    ///
    /// # Errors
    /// When the log cannot be read, or the service is stopping.
    pub(super) fn lines_of(&self, accounts: &[PersonId], generation: u64) -> Result<Vec<Vec<u8>>, UpkeepError> {
        let (reply, found) = oneshot::channel();
        self.send(Job::Held(accounts.iter().cloned().collect(), reply));
        let found = found.blocking_recv().map_err(|_| UpkeepError::Stopping)??;
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        let now = self.now();
        let mut lines: BTreeMap<u64, Line> = BTreeMap::new();
        for sequence in found.into_iter().filter(|&sequence| sequence <= generation) {
            reader.scan(sequence.saturating_sub(1), &mut |record| {
                // Whoever erased it meanwhile took it: the next one stands there.
                if record.sequence == sequence
                    && let Ok(decoded) = decode(record.payload, FutureRule::Accept { now })
                {
                    let bytes = record.payload.to_vec();
                    let fact = decoded.fact;
                    lines.insert(sequence, Line { fact, bytes });
                }
                ControlFlow::Break(())
            })?;
        }
        Ok(handed_out(lines, accounts))
    }
}

/// The lines that are the person's, in the order of the log.
fn handed_out(mut lines: BTreeMap<u64, Line>, accounts: &[PersonId]) -> Vec<Vec<u8>> {
    lines.retain(|_, line| is_theirs(&line.fact.body, accounts));
    // A retraction is theirs when what it undoes is: what others did and took back is the others' own.
    loop {
        let kept: BTreeSet<EventKey> = lines.values().map(|line| line.fact.key.clone()).collect();
        let before = lines.len();
        lines.retain(|_, line| match &line.fact.body {
            FactBody::FactRetracted { target } => kept.contains(target),
            _ => true,
        });
        if lines.len() == before {
            return lines.into_values().map(|line| line.bytes).collect();
        }
    }
}

/// Whether a line that an erasure would take is the person's own to have: it names them, or nobody, or it is their word about
/// whom else to ask.
fn is_theirs(body: &FactBody, accounts: &[PersonId]) -> bool {
    let named = body.people();
    named.is_empty()
        || named.iter().any(|person| accounts.contains(person))
        || matches!(body, FactBody::AskReferred { .. })
}
