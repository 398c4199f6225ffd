//! Raw lines on their way in: cut into chunks, read into facts, handed to the writer.
//!
//! The same reading serves a command that owns the data folder and a server that takes chunks over its control socket.
//! The operator's lines may lie in the future and may bind persons: whoever holds the data folder holds everything.

use super::control::wire::{Outcome, Refused};
use crate::app::{NumberedLine, RejectedLine};
use crate::domain::Timestamp;
use crate::ingest::{FutureRule, IgnoreRules, Rejection, decode};

/// Lines of a chunk at most.
pub const CHUNK_LINES: usize = 4_000;
/// A chunk that has this many bytes takes no further line.
pub const CHUNK_BYTES: usize = 4 << 20;

/// Lines as they were read, side by side in one buffer.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The lines, one after the other, without their ends.
    pub bytes: Vec<u8>,
    /// The number of each line in its file, and its length.
    pub lines: Vec<(u64, u32)>,
    /// Lines that were not even held.
    pub refused: Vec<Refused>,
}

impl Chunk {
    /// Adds the line `number`, or why it was not held.
    pub fn push(&mut self, number: u64, line: Result<&[u8], Rejection>) {
        match line {
            Ok(line) => {
                self.bytes.extend_from_slice(line);
                // A line has at most 1 MiB.
                self.lines.push((number, line.len() as u32));
            }
            Err(rejection) => self.refused.push(RejectedLine::new(number, rejection).into()),
        }
    }

    /// Whether it is time to send it.
    pub fn is_full(&self) -> bool {
        self.lines.len() + self.refused.len() >= CHUNK_LINES || self.bytes.len() >= CHUNK_BYTES
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.refused.is_empty()
    }

    /// The lines with their numbers. Lengths that do not fit the bytes end it early.
    fn iter(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut rest = &self.bytes[..];
        self.lines.iter().map_while(move |&(number, length)| {
            let (line, after) = rest.split_at_checked(length as usize)?;
            rest = after;
            Some((number, line))
        })
    }
}

/// A chunk that was read.
#[derive(Default)]
pub struct Prepared {
    /// What the writer is given.
    pub taken: Vec<NumberedLine>,
    /// What is known already of the rest; the writer's report is added to it.
    pub outcome: Outcome,
}

impl Prepared {
    /// Reads the lines of `chunk`. Cost: 5 µs a line, 30 µs with a body.
    pub fn read(mut chunk: Chunk, now: Timestamp, ignore: &IgnoreRules) -> Self {
        let mut prepared = Self {
            taken: Vec::with_capacity(chunk.lines.len()),
            outcome: Outcome {
                rejected: std::mem::take(&mut chunk.refused),
                ..Outcome::default()
            },
        };
        for (line, bytes) in chunk.iter() {
            match decode(bytes, FutureRule::Accept { now }) {
                Ok(decoded) if ignore.matches(&decoded.fact) => prepared.outcome.ignored += 1,
                Ok(decoded) => {
                    prepared.outcome.ahead += u64::from(decoded.ahead_of_clock);
                    prepared.taken.push(NumberedLine { line, decoded });
                }
                Err(rejection) => prepared
                    .outcome
                    .rejected
                    .push(RejectedLine::new(line, rejection).into()),
            }
        }
        prepared
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
        let mut chunk = Chunk::default();
        let person = r#"{"person":"ana"}"#;
        let everyone = r#"{"person":"ana","community":"everyone","role":"member"}"#;
        chunk.push(1, Ok(&line("1", "2020-01-01T00:00:00Z", person, "person.upserted")));
        chunk.push(2, Ok(b"{"));
        chunk.push(3, Ok(&line("2", "2090-01-01T00:00:00Z", person, "person.upserted")));
        chunk.push(4, Err(Rejection::of_line(Code::TooLong, "shorten it")));
        chunk.push(9, Ok(&line("3", "2020-01-01T00:00:00Z", everyone, "membership.added")));
        let prepared = Prepared::read(chunk, NOW, &IgnoreRules::default());
        assert_eq!(prepared.taken.iter().map(|l| l.line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((prepared.outcome.ahead, prepared.outcome.ignored), (1, 1));
        let mut rejected: Vec<_> = prepared.outcome.rejected.iter().map(|r| (r.line, &*r.code)).collect();
        rejected.sort_unstable();
        assert_eq!(rejected, [(2, "not_json"), (4, "too_long")]);
    }

    #[test]
    fn lengths_that_lie_are_harmless() {
        let chunk = Chunk {
            bytes: b"abc".to_vec(),
            lines: vec![(1, 2), (2, u32::MAX)],
            refused: vec![],
        };
        assert_eq!(chunk.iter().collect::<Vec<_>>(), [(1, &b"ab"[..])]);
    }

    #[test]
    fn a_chunk_is_full_by_lines_or_by_bytes() {
        let mut chunk = Chunk::default();
        assert!(chunk.is_empty());
        chunk.push(1, Ok(&vec![b'x'; CHUNK_BYTES]));
        assert!(chunk.is_full());
        let mut chunk = Chunk::default();
        (0..CHUNK_LINES as u64).for_each(|n| chunk.push(n, Ok(b"x")));
        assert!(chunk.is_full());
    }
}
