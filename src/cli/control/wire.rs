//! What is said over the control socket: frames of a JSON head and raw bytes behind it.
//!
//! A frame is two lengths (`u32`, little-endian: head, body), the head, the body. Both sides are one program on one
//! machine, so that nothing here is a public format; lengths are bounded all the same.

pub use super::wishes::{
    AsksPlanWish, AuditWish, CoAnimatorsWish, CommunitiesWish, DigestWish, ExpertsWish, HealthWish, KeyWish, ModelWish,
    PauseWish, QuestionsWish, SearchWish, SkillMapWish,
};
use crate::app::{IngestReport, RejectedLine};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, ErrorKind, Read, Write};

/// The longest head: the report of a chunk in which every line is wrong.
const MAX_HEAD_BYTES: u32 = 16 << 20;
/// The longest body: a chunk of lines.
const MAX_BODY_BYTES: u32 = 16 << 20;

/// What the operator asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Count what is there.
    Stats {},
    /// List the keys.
    Keys {},
    /// Make a key.
    CreateKey(KeyWish),
    /// Revoke a key.
    RevokeKey {
        /// Its name.
        name: String,
    },
    /// What was recorded of acts with power over people's data.
    Audit(AuditWish),
    /// Whether that record is whole.
    CheckAudit {
        /// The row whose hash is asked for.
        noted: Option<u64>,
    },
    /// Who could answer.
    Experts(ExpertsWish),
    /// Who could co-animate.
    CoAnimators(CoAnimatorsWish),
    /// Where a person may belong.
    Communities(CommunitiesWish),
    /// Who knows about something.
    Search(SearchWish),
    /// Which questions wait.
    Questions(QuestionsWish),
    /// Whom to ask about many questions.
    PlanAsks(AsksPlanWish),
    /// Who could co-animate which of the communities that lack somebody.
    PlanCoAnimators {
        /// The language of the texts, as in `Accept-Language`.
        language: String,
    },
    /// Keep a person out of every answer, or let them back in.
    Pause(PauseWish),
    /// Erase a person.
    Erase {
        /// The person's identifier.
        person: String,
    },
    /// Everything that is held about a person.
    PersonExport {
        /// The person's identifier.
        person: String,
    },
    /// How a community is, or the network.
    Health(HealthWish),
    /// A text about a community.
    Digest(DigestWish),
    /// A page of a skill map.
    SkillMap(SkillMapWish),
    /// List the models.
    Models {},
    /// Use another model.
    ChooseModel {
        /// Of which recommender.
        recommender: String,
        /// Which model.
        wish: ModelWish,
    },
    /// Learn a model, and adopt or refuse it; bodies that say how far it is come before the answer.
    Fit {},
    /// Verify the disk, and what is in memory against it.
    Verify {},
    /// What can be told of the data in a moment.
    Condition {},
    /// A copy of the whole database, in bodies that follow one another.
    Backup {},
    /// Every canonical line, in bodies of whole lines.
    Export {},
    /// Take the lines of the body in: the number and the length of each.
    Take {
        /// Numbers and lengths.
        lines: Vec<(u64, u32)>,
        /// Whether they may lie ahead of the clock.
        allow_future: bool,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reply {
    /// It worked, and this is the last frame.
    Done {
        /// The answer.
        answer: Value,
    },
    /// More is in the body, and more comes.
    Part {},
    /// It did not work.
    Failed {
        /// Why, in one sentence.
        why: String,
    },
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Its number in its file, from 1.
    pub line: u64,
    /// The path of the field; empty when it is the line itself.
    pub field: String,
    /// Why, stable.
    pub code: String,
    /// What was wrong and what to do.
    pub detail: String,
}

impl From<RejectedLine> for Refused {
    fn from(line: RejectedLine) -> Self {
        Self {
            line: line.line,
            field: line.field,
            code: line.code.to_owned(),
            detail: line.detail,
        }
    }
}

/// What became of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// New events, durable and visible.
    pub accepted: u64,
    /// Events that came before.
    pub duplicate: u64,
    /// Events about groups that are left out.
    pub ignored: u64,
    /// Lines that were taken although they lie ahead of the clock.
    pub ahead: u64,
    /// Lines that were not taken.
    pub rejected: Vec<Refused>,
    /// The last sequence of the log once the chunk is in.
    pub generation: u64,
}

impl Outcome {
    /// This, and what the writer says of the lines that it was given. Rejections come in order of line.
    #[must_use]
    pub fn and(mut self, report: IngestReport) -> Self {
        self.accepted += report.accepted;
        self.duplicate += report.duplicate;
        self.rejected.extend(report.rejected.into_iter().map(Refused::from));
        self.rejected.sort_by_key(|line| line.line);
        self.generation = report.generation;
        self
    }
}

/// Sends a frame.
///
/// # Errors
/// When the other side is gone, or the frame is over a limit.
pub fn send(to: &mut impl Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let length = |bytes: &[u8], most: u32| {
        let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= most);
        length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "too much for one frame"))
    };
    let (head_length, body_length) = (length(&head, MAX_HEAD_BYTES)?, length(body, MAX_BODY_BYTES)?);
    to.write_all(&head_length.to_le_bytes())?;
    to.write_all(&body_length.to_le_bytes())?;
    to.write_all(&head)?;
    to.write_all(body)?;
    to.flush()
}

/// Receives a frame; `None` when the other side ended before it.
///
/// # Errors
/// When the other side breaks off within it, or sends something else.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut first = [0; 1];
    if from.read(&mut first)? == 0 {
        return Ok(None);
    }
    let mut rest = [0; 7];
    from.read_exact(&mut rest)?;
    let head = u32::from_le_bytes([first[0], rest[0], rest[1], rest[2]]);
    let body = u32::from_le_bytes([rest[3], rest[4], rest[5], rest[6]]);
    if head > MAX_HEAD_BYTES || body > MAX_BODY_BYTES {
        return Err(io::Error::new(ErrorKind::InvalidData, "a frame is too long"));
    }
    let head = serde_json::from_slice(&exactly(from, head)?)?;
    Ok(Some((head, exactly(from, body)?)))
}

/// `length` bytes; memory grows with what comes, not with what was announced.
fn exactly(from: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(u64::from(length)).read_to_end(&mut bytes)?;
    if read < length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_were_sent() {
        let mut pipe = Vec::new();
        let take = Request::Take {
            lines: vec![(7, 3)],
            allow_future: true,
        };
        send(&mut pipe, &take, b"abc").unwrap();
        send(&mut pipe, &Request::Stats {}, b"").unwrap();
        let mut from = &pipe[..];
        assert_eq!(receive::<Request>(&mut from).unwrap(), Some((take, b"abc".to_vec())));
        assert_eq!(
            receive::<Request>(&mut from).unwrap(),
            Some((Request::Stats {}, vec![]))
        );
        assert_eq!(receive::<Request>(&mut from).unwrap(), None);
    }

    #[test]
    fn a_frame_that_breaks_off_or_is_too_long_is_an_error() {
        let mut pipe = Vec::new();
        send(&mut pipe, &Request::Stats {}, b"body").unwrap();
        for length in 1..pipe.len() {
            assert!(receive::<Request>(&mut &pipe[..length]).is_err(), "{length} bytes");
        }
        let huge = [0xff; 8];
        assert!(receive::<Request>(&mut &huge[..]).is_err());
        let over = vec![0; MAX_BODY_BYTES as usize + 1];
        assert!(send(&mut Vec::new(), &Request::Stats {}, &over).is_err());
    }

    #[test]
    fn an_unknown_request_is_refused_by_name() {
        let mut pipe = Vec::new();
        send(&mut pipe, &serde_json::json!({"do": "dance"}), b"").unwrap();
        let error = receive::<Request>(&mut &pipe[..]).unwrap_err().to_string();
        assert!(error.contains("dance"), "{error}");
    }
}
