//! Taking events in: what becomes of each line, and of the batch.

use super::access::{Identity, Refusal};
use super::sources::Sources;
use crate::domain::Timestamp;
use crate::ingest::{Decoded, FutureRule, Rejection};
use std::sync::Arc;

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

impl RejectedLine {
    /// The refusal of line `line` for who sends it.
    pub(super) fn refused(line: u64, (field, code, detail): Refusal) -> Self {
        Self {
            line,
            field: field.to_owned(),
            code,
            detail,
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
    /// Lines about platforms' own groups, which are left out.
    pub ignored: u64,
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

/// What becomes of lines that lie ahead of the clock by more than clocks differ. Answers hold as of the newest fact: one
/// such line moves the present for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ahead {
    /// They are rejected.
    #[default]
    Refused,
    /// They are taken: the data are made up.
    Taken,
}

/// A batch that was read, and not yet handed to the writer.
#[derive(Default)]
pub struct ReadBatch {
    /// On whose behalf; nobody's but the operator's when there is none.
    pub(super) identity: Option<Arc<Identity>>,
    /// Lines that can be taken.
    pub taken: Vec<NumberedLine>,
    /// Lines that cannot.
    pub rejected: Vec<RejectedLine>,
    /// Lines about platforms' own groups, which are left out.
    pub ignored: u64,
    /// Lines, among those that can be taken, that lie ahead of the clock by more than clocks differ.
    pub ahead: u64,
}

impl ReadBatch {
    /// Reads lines on behalf of `identity` (the operator, when there is none, whose lines may bind persons). Cost: 5 µs a
    /// line, 30 µs with a body.
    pub(super) fn of(
        lines: &mut dyn Iterator<Item = (u64, Result<&[u8], Rejection>)>,
        identity: Option<&Arc<Identity>>,
        sources: &Sources,
        (ahead, now): (Ahead, Timestamp),
    ) -> Self {
        let future = match ahead {
            Ahead::Refused => FutureRule::Reject { now },
            Ahead::Taken => FutureRule::Accept { now },
        };
        let mut batch = Self {
            identity: identity.cloned(),
            ..Self::default()
        };
        for (line, bytes) in lines {
            match bytes.and_then(|bytes| sources.decode(bytes, future)) {
                Ok(decoded) => batch.sort(line, decoded, identity.map(|who| &**who), sources),
                Err(rejection) => batch.rejected.push(RejectedLine::new(line, rejection)),
            }
        }
        batch
    }

    fn sort(&mut self, line: u64, decoded: Decoded, identity: Option<&Identity>, sources: &Sources) {
        let refusal = identity.and_then(|identity| identity.may_not_write(&decoded.fact, sources));
        if let Some(refusal) = refusal {
            self.rejected.push(RejectedLine::refused(line, refusal));
        } else if sources.leave_out(&decoded.fact) {
            self.ignored += 1;
        } else {
            self.ahead += u64::from(decoded.ahead_of_clock);
            self.taken.push(NumberedLine { line, decoded });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Code;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn line(id: &str, at: &str, data: &str, kind: &str) -> Vec<u8> {
        format!(r#"{{"id":"{id}","source":"s","type":"{kind}","at":"{at}","data":{data}}}"#).into_bytes()
    }

    #[test]
    fn each_line_ends_in_one_place() {
        let person = r#"{"person":"ana"}"#;
        let everyone = r#"{"person":"ana","community":"everyone","role":"member"}"#;
        let texts = [
            line("1", "2020-01-01T00:00:00Z", person, "person.upserted"),
            b"{".to_vec(),
            line("2", "2090-01-01T00:00:00Z", person, "person.upserted"),
            line("3", "2020-01-01T00:00:00Z", everyone, "membership.added"),
        ];
        let held = (1..).zip(texts.iter().map(|text| Ok(&text[..])));
        let passed_over = Err(Rejection::of_line(Code::TooLong, "shorten it"));
        let mut lines = held.chain(std::iter::once((9, passed_over)));
        let batch = ReadBatch::of(&mut lines, None, &Sources::default(), (Ahead::Taken, NOW));
        assert_eq!(batch.taken.iter().map(|l| l.line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((batch.ahead, batch.ignored), (1, 1));
        let rejected: Vec<_> = batch.rejected.iter().map(|r| (r.line, r.code)).collect();
        assert_eq!(rejected, [(2, "not_json"), (9, "too_long")]);
        let mut lines = (1..).zip(texts.iter().map(|text| Ok(&text[..])));
        let batch = ReadBatch::of(&mut lines, None, &Sources::default(), (Ahead::Refused, NOW));
        let rejected: Vec<_> = batch.rejected.iter().map(|r| (r.line, &*r.field, r.code)).collect();
        assert_eq!(rejected, [(2, "", "not_json"), (3, "at", "in_the_future")]);
        assert_eq!((batch.taken.len(), batch.ahead), (1, 0));
    }
}
