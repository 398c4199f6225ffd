//! `antenne verify`: whether the disk holds what was written, and the memory what the disk says. Changes nothing.
//!
//! Beside a running server it is the server that looks, on a connection and a thread of its own; without one, this process
//! looks, and does not even recover from a crash.

use super::control::wire::Request;
use super::failure::{Done, Failure};
use super::machine::{SystemClock, print};
use super::session::{IfAbsent, Session};
use crate::app::{self, Clock as _, Outcome, PartReport, Verification};
use crate::config::Config;
use crate::store::StoreError;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Check every record, key and model on disk, and the state in memory against them
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl VerifyArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let found = match app::verify_folder(&config.data, SystemClock.now()) {
            Ok(found) => json(&found),
            Err(StoreError::Locked { .. }) => Session::open(config, IfAbsent::Fail)?.ask(Request::Verify {})?,
            Err(error) => return Err(error.into()),
        };
        print(&if self.json { format!("{found}\n") } else { table(&found) })?;
        if found["whole"] == Value::Bool(true) {
            return Ok(Done::Whole);
        }
        let place = match found["first_bad_record"].as_u64() {
            Some(record) => format!(", first in record {record}"),
            None => String::new(),
        };
        Err(Failure::new(format!(
            "{} is damaged{place}; keep a copy of it, and restore the newest backup into a new folder",
            config.data.display()
        )))
    }
}

/// What was found, under the names that scripts read.
pub fn json(found: &Verification) -> Value {
    json!({
        "whole": found.is_whole(),
        "generation": found.generation,
        "digest": found.digest,
        "first_bad_record": found.first_bad_record(),
        "parts": found.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

fn part(part: &PartReport) -> Value {
    json!({
        "part": part.part,
        "outcome": match part.outcome {
            Outcome::Whole => "whole",
            Outcome::Damaged => "damaged",
            Outcome::Skipped => "skipped",
        },
        "count": part.count,
        "record": part.record,
        "detail": part.detail,
    })
}

fn table(found: &Value) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    for part in found["parts"].as_array().into_iter().flatten() {
        let word = |name: &str| part[name].as_str().unwrap_or_default();
        let count = part["count"]
            .as_u64()
            .map(|count| count.to_string())
            .unwrap_or_default();
        let line = format!("{:<10}{:<8}{count:>12}", word("part"), word("outcome"));
        let _ = writeln!(text, "{}", line.trim_end());
        if let Some(detail) = part["detail"].as_str() {
            let _ = writeln!(text, "          {detail}");
        }
    }
    let _ = writeln!(text, "generation {}", found["generation"]);
    if let Some(digest) = found["digest"].as_str() {
        let _ = writeln!(text, "digest  {digest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_is_damaged_and_what_could_not_be_judged() {
        let report = |part, outcome, count, detail: Option<&str>| PartReport {
            part,
            outcome,
            count,
            record: detail.map(|_| 7),
            detail: detail.map(str::to_owned),
        };
        let found = Verification {
            parts: vec![
                report("structure", Outcome::Whole, Some(20), None),
                report("records", Outcome::Damaged, None, Some("row 7 fails its checksum")),
                report("events", Outcome::Skipped, None, None),
            ],
            generation: 12,
            digest: None,
        };
        assert_eq!(
            table(&json(&found)),
            "structure whole             20\nrecords   damaged\n          row 7 fails its checksum\n\
             events    skipped\ngeneration 12\n"
        );
        assert_eq!(json(&found)["first_bad_record"], 7);
        assert_eq!(json(&found)["whole"], false, "what was skipped is not whole");
    }
}
