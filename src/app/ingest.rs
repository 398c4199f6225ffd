//! Taking events in: what becomes of each line, and of the batch.

use super::access::Identity;
use crate::domain::Timestamp;
use crate::ingest::{Decoded, FutureRule, Rejection, decode};

/// A line that was read, with its number in the batch, from 1.
pub struct NumberedLine {
    /// The number.
    pub line: u64,
    /// What it says.
    pub decoded: Decoded,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedLine {
    /// Its number in the batch, from 1.
    pub line: u64,
    /// The path of the field; empty when it is the line itself.
    pub field: String,
    /// Why, stable.
    pub code: &'static str,
    /// What was wrong and what to do, for people.
    pub detail: String,
}

impl RejectedLine {
    /// The rejection of line `line`.
    pub fn new(line: u64, rejection: Rejection) -> Self {
        Self {
            line,
            field: rejection.field,
            code: rejection.code.as_str(),
            detail: rejection.detail,
        }
    }
}

/// What became of a batch, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// New events, durable and visible.
    pub accepted: u64,
    /// Events that came before: nothing changed.
    pub duplicate: u64,
    /// Lines that were not taken, in order of line.
    pub rejected: Vec<RejectedLine>,
    /// The last sequence of the log once the batch is in.
    pub generation: u64,
}

/// Why a batch was not taken; nothing of it was, and it may be sent again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum IngestError {
    /// No room on the disk.
    #[error("{0}")]
    DiskFull(String),
    /// The service is stopping.
    #[error("the service is stopping; send the batch again later")]
    Stopping,
    /// The store refused for another reason.
    #[error("{0}")]
    Store(String),
}

/// Reads the lines of a batch on behalf of `identity` (the operator, when there is none): those that can be taken, and
/// those that cannot.
pub(super) fn read<'l>(
    lines: impl Iterator<Item = (u64, Result<&'l [u8], Rejection>)>,
    identity: Option<&Identity>,
    now: Timestamp,
) -> (Vec<NumberedLine>, Vec<RejectedLine>) {
    let future = if identity.is_some() {
        FutureRule::Reject { now }
    } else {
        FutureRule::Accept { now }
    };
    let (mut taken, mut rejected) = (Vec::new(), Vec::new());
    for (line, bytes) in lines {
        match bytes.and_then(|bytes| decode(bytes, future)) {
            Ok(decoded) => match identity.and_then(|identity| identity.may_not_write(&decoded.fact)) {
                None => taken.push(NumberedLine { line, decoded }),
                Some((field, code, detail)) => {
                    rejected.push(RejectedLine {
                        line,
                        field: field.to_owned(),
                        code,
                        detail,
                    });
                }
            },
            Err(rejection) => rejected.push(RejectedLine::new(line, rejection)),
        }
    }
    (taken, rejected)
}
