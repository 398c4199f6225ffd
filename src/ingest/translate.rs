//! What importers of other formats share: the line of an event, and ids that follow from content.
//!
//! Importers only translate: the lines they make go through the same door as everybody's.

use super::Rejection;
use crate::domain::EventType;
use base16ct::lower::encode_string;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Takes the lines that an importer makes, each with the line of the file it comes from, or the reason why a row gave
/// none; `false` when no more is wanted.
pub type LineSink<'s> = dyn FnMut(u64, Result<&[u8], Rejection>) -> bool + 's;

/// The line of one event.
pub(super) fn line(source: &str, id: &str, kind: EventType, at: &str, data: &Value) -> Vec<u8> {
    json!({"id": id, "source": source, "type": kind.name(), "at": at, "data": data})
        .to_string()
        .into_bytes()
}

/// The first `2 * bytes` hexadecimal digits of the SHA-256 of `parts`, each told apart from the next.
pub(super) fn digest(parts: &[&str], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    encode_string(&hash.finalize()[..bytes])
}

/// `name` as the name of a source: lower-case letters, digits and hyphens, at most 40 of them; `None` when nothing is
/// left of it.
pub fn source_named(name: &str) -> Option<String> {
    let mut source = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            source.push(c.to_ascii_lowercase());
        } else if !source.is_empty() && !source.ends_with('-') {
            source.push('-');
        }
    }
    source.truncate(super::limits::MAX_SOURCE);
    let source = source.trim_end_matches('-');
    (!source.is_empty()).then(|| source.to_owned())
}

/// Whether `source` can be the name of one.
pub fn is_source(source: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=super::limits::MAX_SOURCE).contains(&source.len()) && source.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_name_to_a_source() {
        for (name, source) in [
            ("dba.stackexchange.com", Some("dba-stackexchange-com")),
            ("Export RH (mai)", Some("export-rh-mai")),
            ("--a--", Some("a")),
            ("…", None),
        ] {
            assert_eq!(source_named(name).as_deref(), source, "{name}");
            assert!(source.is_none_or(is_source));
        }
        let long = source_named(&"a-".repeat(60)).unwrap();
        assert!(is_source(&long) && long.len() <= 40);
        assert!(!is_source("") && !is_source("RH") && !is_source(&"a".repeat(41)));
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        assert_ne!(digest(&["ab", "c"], 8), digest(&["a", "bc"], 8));
        assert_eq!(digest(&["ab", "c"], 8).len(), 16);
    }

    #[test]
    fn a_line_is_read_at_the_door() {
        let data = json!({"person": "ana", "name": "Ana \"Rey\"\n"});
        let bytes = line("hr", "1", EventType::PersonUpserted, "2024-05-02T00:00:00Z", &data);
        let now = crate::domain::Timestamp::from_micros(0);
        assert!(crate::ingest::decode(&bytes, crate::ingest::FutureRule::Accept { now }).is_ok());
    }
}
