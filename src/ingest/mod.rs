//! The door: lines of JSON become facts, or are rejected with the field and the reason.
//!
//! Invariants: [`decode`] never panics and takes time linear in its line; a line that is accepted has one canonical
//! form, and decoding that form yields the same fact and the same bytes. Everything that comes from outside is bounded
//! by [`limits`]. `docs/EVENTS.md` describes the events for those who send them.
//!
//! Knows nothing of the World, of the log, of keys and scopes, or of what came before: each line stands alone.

mod asks;
mod batch;
mod choices;
mod communities;
mod envelope;
mod fields;
mod groups;
mod gzip;
pub mod hr;
mod ignore;
mod json;
mod language;
pub mod limits;
mod people;
mod plain_text;

mod questions;
mod rejection;
mod skills;
pub mod stackexchange;
mod tally;
pub mod taxonomy;
mod time;
mod translate;
mod values;

pub use batch::{BatchError, Line, Lines, open_file, read_lines, split};
pub use choices::BodyFormat;
pub use groups::GroupNames;
pub use gzip::GzipError;
pub use ignore::IgnoreRules;
pub use json::is_strict_json;
pub use language::canonical_tag;
pub use plain_text::to_plain;
pub use rejection::{Code, Rejection, nearest};
pub use tally::Tally;
pub use translate::{LineSink, is_source, source_named};

use crate::domain::{EventType, Fact, Timestamp};
use sha2::{Digest, Sha256};

/// What to do with an instant that lies more than [`limits::MAX_AHEAD_MICROS`] ahead of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FutureRule {
    /// Reject the line: a live platform's clock is wrong.
    Reject {
        /// The clock.
        now: Timestamp,
    },
    /// Accept and flag it: a file may come from anywhere.
    Accept {
        /// The clock.
        now: Timestamp,
    },
}

/// A line that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// What it says.
    pub fact: Fact,
    /// Its canonical line, without line feed: what the log keeps and an export writes.
    pub canonical: Vec<u8>,
    /// Its instant lies ahead of the clock by more than clocks differ; only under [`FutureRule::Accept`].
    pub ahead_of_clock: bool,
}

/// Reads one event.
///
/// The canonical line is compact JSON: the envelope's keys in the order `id`, `source`, `type`, `at`, `data`; the
/// data's keys in the order of `docs/EVENTS.md`, only those that say something, `null` where it clears a field; texts
/// normalised, bodies as plain text, instants in UTC.
///
/// # Errors
/// A [`Rejection`] that names the first field found wrong. It repeats nothing that the line says of people.
///
/// Cost: linear in the line.
pub fn decode(line: &[u8], future: FutureRule) -> Result<Decoded, Rejection> {
    decode_from(line, future, &GroupNames::default())
}

/// The type of the event on a canonical line, without reading the rest of it; `None` where the line is not canonical. For
/// going through a long log of which little is wanted. Cost: linear in the source's and the event's identifiers.
pub fn type_of(canonical: &[u8]) -> Option<EventType> {
    const KEY: &[u8] = br#","type":""#;
    // What comes before holds no such bytes: within a text a quotation mark has a backslash before it.
    let from = memchr::memmem::find(canonical, KEY)? + KEY.len();
    let length = memchr::memchr(b'"', &canonical[from..])?;
    EventType::from_name(std::str::from_utf8(&canonical[from..from + length]).ok()?)
}

/// [`decode`] for a platform whose groups have other names here.
///
/// # Errors
/// As [`decode`].
pub fn decode_from(line: &[u8], future: FutureRule, groups: &GroupNames) -> Result<Decoded, Rejection> {
    if line.len() > limits::MAX_LINE_BYTES {
        return Err(too_long());
    }
    let text = std::str::from_utf8(line).map_err(|error| {
        let at = error.valid_up_to() + 1;
        Rejection::of_line(Code::NotUtf8, format!("byte {at} is not UTF-8: send UTF-8"))
    })?;
    let mut node = json::parse(text)?;
    groups.exchange(&mut node);
    let mut canonical = Vec::with_capacity(line.len());
    let envelope = envelope::read(node, future, &mut canonical)?;
    let digest = Sha256::digest(&canonical);
    let mut content = [0; 16];
    content.copy_from_slice(&digest[..16]);
    let fact = Fact {
        key: envelope.key,
        at: envelope.at,
        content,
        body: envelope.body,
    };
    Ok(Decoded {
        fact,
        canonical,
        ahead_of_clock: envelope.ahead_of_clock,
    })
}

fn too_long() -> Rejection {
    let detail = format!("a line has at most {} bytes: shorten the body", limits::MAX_LINE_BYTES);
    Rejection::of_line(Code::TooLong, detail)
}

#[cfg(test)]
mod tests;
