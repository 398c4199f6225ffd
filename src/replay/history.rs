//! A file of events, read for replay: its facts in their total order, and what the protocols need of questions,
//! answers and memberships as the file wrote it.
//!
//! Protocols compare instants as the strings that the file holds; the replay compares them as instants. Lines that
//! are rejected at the door are left out and listed: they are no part of what is measured.

use crate::domain::{CommunityId, Fact, FactBody, MemberRole, PersonId, QuestionId, QuestionPatch, Timestamp};
use crate::ingest::{BatchError, Code, FutureRule, Rejection, decode, read_lines};
use std::io::Read;
use std::sync::Arc;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The medium, or the compression.
    #[error("after line {line}: {source}")]
    Read {
        /// The last line that was read; 0 when there is none.
        line: u64,
        /// What happened.
        source: BatchError,
    },
}

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub rejection: Rejection,
}

/// A question as it was created.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub question: QuestionId,
    pub asker: PersonId,
    /// The instant as the file wrote it.
    pub written_at: Arc<str>,
    pub at: Timestamp,
    pub patch: Box<QuestionPatch>,
}

/// An answer as it was created.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub question: QuestionId,
    pub author: PersonId,
    /// The instant as the file wrote it.
    pub written_at: Arc<str>,
    pub at: Timestamp,
}

/// A membership that began or ended.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub person: PersonId,
    pub community: CommunityId,
    pub role: MemberRole,
    pub begins: bool,
    /// Whether it began earlier, nobody knows when.
    pub since_unknown: bool,
    /// The instant as the file wrote it.
    pub written_at: Arc<str>,
    pub at: Timestamp,
}

/// The events of an organisation, ready to be replayed.
#[derive(Debug, Default)]
pub struct History {
    facts: Vec<Fact>,
    asked: Vec<Asked>,
    answered: Vec<Answered>,
    moved: Vec<Moved>,
    rejected: Vec<Rejected>,
}

impl History {
    /// Reads what an import reads: lines of JSON or one array, compressed with gzip or not. `now` is what instants are held against; later ones are taken.
    ///
    /// # Errors
    /// When the input breaks off. A line that is no event is not an error: see [`History::rejected`].
    pub fn read(input: impl Read + Send, now: Timestamp) -> Result<Self, HistoryError> {
        let mut history = Self::default();
        history.read_on(input, now)?;
        Ok(history)
    }

    /// Takes in another file, as [`Self::read`] does; its lines are numbered from 1.
    ///
    /// # Errors
    /// As [`Self::read`]; what came before the break is taken in.
    pub fn read_on(&mut self, input: impl Read + Send, now: Timestamp) -> Result<(), HistoryError> {
        let mut read = 0;
        let failed = |line| move |source| HistoryError::Read { line, source };
        let mut lines = read_lines(input).map_err(failed(read))?;
        while let Some(line) = lines.next_line().map_err(failed(read))? {
            read = line.number;
            match line.bytes {
                Ok(bytes) => self.push(read, bytes, now),
                Err(rejection) => self.reject(read, rejection),
            }
        }
        Ok(())
    }

    /// Takes in line `number`. Lines come in the order of the file.
    pub fn push(&mut self, number: u64, line: &[u8], now: Timestamp) {
        match decode(line, FutureRule::Accept { now }) {
            Ok(decoded) => self.take(line, decoded.fact),
            Err(rejection) => self.reject(number, rejection),
        }
    }

    fn reject(&mut self, line: u64, rejection: Rejection) {
        self.rejected.push(Rejected { line, rejection });
    }

    /// Lines that were left out, in order.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// All facts in their total order.
    pub fn facts(&self) -> Vec<&Fact> {
        let mut facts: Vec<&Fact> = self.facts.iter().collect();
        facts.sort_by(|a, b| a.order(b));
        facts
    }

    /// The facts before `instant`, as if the file ended there.
    #[must_use]
    pub fn before(&self, instant: Timestamp) -> Self {
        Self {
            facts: self.facts.iter().filter(|fact| fact.at < instant).cloned().collect(),
            asked: self.asked.iter().filter(|asked| asked.at < instant).cloned().collect(),
            answered: self
                .answered
                .iter()
                .filter(|answered| answered.at < instant)
                .cloned()
                .collect(),
            moved: self.moved.iter().filter(|moved| moved.at < instant).cloned().collect(),
            rejected: Vec::new(),
        }
    }

    pub(super) fn asked(&self) -> &[Asked] {
        &self.asked
    }

    pub(super) fn answered(&self) -> &[Answered] {
        &self.answered
    }

    pub(super) fn moved(&self) -> &[Moved] {
        &self.moved
    }

    fn take(&mut self, line: &[u8], fact: Fact) {
        match &fact.body {
            FactBody::QuestionCreated {
                question, asker, patch, ..
            } => self.asked.push(Asked {
                question: question.clone(),
                asker: asker.clone(),
                written_at: written_at(line),
                at: fact.at,
                patch: patch.clone(),
            }),
            FactBody::AnswerCreated { question, author, .. } => self.answered.push(Answered {
                question: question.clone(),
                author: author.clone(),
                written_at: written_at(line),
                at: fact.at,
            }),
            FactBody::MembershipAdded { .. } | FactBody::MembershipRemoved { .. } => {
                self.moved.extend(moved(written_at(line), &fact));
            }
            _ => {}
        }
        self.facts.push(fact);
    }
}

/// The membership that `fact`, written at `written_at`, begins or ends.
fn moved(written_at: Arc<str>, fact: &Fact) -> Option<Moved> {
    let (FactBody::MembershipAdded {
        person,
        community,
        role,
        ..
    }
    | FactBody::MembershipRemoved {
        person,
        community,
        role,
    }) = &fact.body
    else {
        return None;
    };
    Some(Moved {
        person: person.clone(),
        community: community.clone(),
        role: *role,
        begins: matches!(fact.body, FactBody::MembershipAdded { .. }),
        since_unknown: matches!(
            fact.body,
            FactBody::MembershipAdded {
                since_unknown: true,
                ..
            }
        ),
        written_at,
        at: fact.at,
    })
}

/// The envelope's `at` as the line wrote it; empty when the line has none, which the door does not let through.
fn written_at(line: &[u8]) -> Arc<str> {
    let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
    let at = value.as_ref().and_then(|value| value.get("at")?.as_str());
    Arc::from(at.unwrap_or_default())
}

impl Rejected {
    /// Its code, such as `not_json`.
    pub fn code(&self) -> Code {
        self.rejection.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::limits::MAX_LINE_BYTES;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    const LINES: &str = concat!(
        r#"{"id":"2","source":"s","type":"answer.created","at":"2024-01-02T01:00:00.50+01:00","data":{"answer":"a","question":"q","author":"b"}}"#,
        "\n\n",
        "nonsense\n",
        r#"{"id":"1","source":"s","type":"question.created","at":"2024-01-01T00:00:00Z","data":{"question":"q","asker":"a","title":"T"}}"#,
    );

    fn read(bytes: &[u8]) -> History {
        History::read(bytes, Timestamp::from_micros(0)).expect("readable")
    }

    #[test]
    fn facts_are_ordered_and_instants_kept_as_written() {
        let history = read(LINES.as_bytes());
        let ids: Vec<_> = history.facts().iter().map(|fact| fact.key.id.to_string()).collect();
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(&*history.answered()[0].written_at, "2024-01-02T01:00:00.50+01:00");
        assert_eq!(history.asked()[0].asker.as_str(), "a");
        assert_eq!(history.rejected().len(), 1);
        assert_eq!(
            (history.rejected()[0].line, history.rejected()[0].code()),
            (3, Code::NotJson)
        );
    }

    #[test]
    fn compressed_is_the_same_and_a_broken_end_is_an_error() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(LINES.as_bytes()).expect("memory");
        let packed = encoder.finish().expect("memory");
        assert_eq!(read(&packed).facts().len(), 2);
        let broken = History::read(&packed[..packed.len() - 9], Timestamp::from_micros(0));
        let broken = broken.expect_err("it ends too early").to_string();
        assert!(broken.contains("ends at byte"), "{broken}");
    }

    #[test]
    fn an_array_is_the_same_and_a_line_beyond_all_bounds_is_left_out() {
        let lines: Vec<&str> = LINES.lines().filter(|line| line.starts_with('{')).collect();
        let array = format!("[{}]", lines.join(","));
        assert_eq!(read(array.as_bytes()).facts().len(), 2);
        let long = format!("{}\n{}", "x".repeat(MAX_LINE_BYTES + 1), lines[0]);
        let history = read(long.as_bytes());
        assert_eq!((history.facts().len(), history.rejected()[0].line), (1, 1));
        assert_eq!(history.rejected()[0].code(), Code::TooLong);
    }
}
