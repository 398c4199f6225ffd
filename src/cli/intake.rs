//! Raw lines on their way in: cut into chunks, read into facts, handed to the writer.
//!
//! The same reading serves a command that owns the data folder and a server that takes chunks over its control socket.
//! The operator's lines may bind persons, and lie in the future where that was said: whoever holds the data folder holds
//! everything.

use super::control::wire::{Outcome, Refused};
use crate::app::{Ahead, NumberedLine, RejectedLine, Service};
use crate::ingest::Rejection;

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
    /// Reads the lines of `chunk` as the operator of `service`; those `ahead` of the clock are refused or not.
    pub fn read(mut chunk: Chunk, service: &Service, ahead: Ahead) -> Self {
        let refused = std::mem::take(&mut chunk.refused);
        let batch = service.read(&mut chunk.iter().map(|(line, bytes)| (line, Ok(bytes))), None, ahead);
        let rejected = refused.into_iter().chain(batch.rejected.into_iter().map(Into::into));
        Self {
            taken: batch.taken,
            outcome: Outcome {
                rejected: rejected.collect(),
                ignored: batch.ignored,
                ahead: batch.ahead,
                ..Outcome::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
