//! The number under which a request stands in the log, and in those of who called: the trace id of W3C Trace Context
//! (<https://www.w3.org/TR/trace-context/>), the caller's where one was sent, else one of our own.
//!
//! Invariant: what is taken from a header is 32 hexadecimal digits or nothing, so that no text gets into a log this way.

use axum::http::{HeaderMap, HeaderName};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Bytes of a header of version 00: version, trace id, parent id and flags, with their hyphens.
const LENGTH: usize = 55;

/// The identifier of a trace; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TraceId(u128);

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Gives out identifiers: none twice in a process, and none that another process can be expected to give.
#[derive(Default)]
pub(super) struct Traces {
    seed: RandomState,
    given: AtomicU64,
}

impl Traces {
    /// The caller's identifier, when `headers` hold one that is in order; otherwise a new one.
    pub(super) fn of(&self, headers: &HeaderMap) -> TraceId {
        let sent = headers.get(TRACEPARENT).and_then(|value| read(value.as_bytes()));
        sent.unwrap_or_else(|| {
            let number = self.given.fetch_add(1, Ordering::Relaxed);
            let (high, low) = (self.seed.hash_one(number), self.seed.hash_one((number, number)));
            TraceId((u128::from(high) << 64 | u128::from(low)).max(1))
        })
    }
}

/// The trace id of a `traceparent`. A later version may add fields behind those of version 00; `ff` is none.
fn read(header: &[u8]) -> Option<TraceId> {
    let (fields, more) = header.split_at_checked(LENGTH)?;
    let mut parts = fields.split(|&byte| byte == b'-');
    let mut hex = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let lower = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let text = std::str::from_utf8(part).ok().filter(|_| part.iter().all(lower))?;
        u128::from_str_radix(text, 16).ok()
    };
    let (version, trace, parent, _flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    let ends_well = more.is_empty() || (version > 0 && more[0] == b'-');
    (version != 0xff && trace != 0 && parent != 0 && ends_well).then_some(TraceId(trace))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_callers_identifier_is_taken_and_shown_as_it_came() {
        let id = read(SENT.as_bytes()).unwrap();
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let later = format!("cc{}-what-comes-later", &SENT[2..]);
        assert_eq!(read(later.as_bytes()), Some(id));
    }

    #[test]
    fn anything_else_is_not_repeated() {
        let others = [
            String::new(),
            SENT[..54].to_owned(),
            format!("{SENT}0"),
            format!("{SENT}-x"),
            format!("ff{}", &SENT[2..]),
            format!("cc{}x", &SENT[2..]),
            SENT.to_uppercase(),
            SENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            SENT.replace("00f067aa0ba902b7", &"0".repeat(16)),
            SENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", "ana@example.org, who is looking "),
            SENT.replace("4bf9", "+bf9"),
            SENT.replace('-', "_"),
        ];
        for other in others {
            assert_eq!(read(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn without_one_each_request_gets_its_own() {
        let traces = Traces::default();
        let given: std::collections::BTreeSet<_> =
            (0..1_000).map(|_| traces.of(&HeaderMap::new()).to_string()).collect();
        assert_eq!(given.len(), 1_000);
        assert!(given.iter().all(|id| id.len() == 32));
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, SENT.parse().unwrap());
        assert_eq!(traces.of(&headers), read(SENT.as_bytes()).unwrap());
    }
}
