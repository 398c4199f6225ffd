//! `antenne audit`: what was done with power over people's data, and whether that record is whole.
//!
//! Without a running server, `verify` looks at the files and changes nothing.

use super::control::wire::{AuditWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{AuditAction, AuditCheck, AuditEntry, AuditQuery, Service, check_audit_of};
use crate::config::Config;
use crate::http;
use crate::store::StoreError;
use base16ct::lower::encode_string;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// Read the audit log, or check that it is whole
#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List what was done with power over people's data, the newest first
    List {
        /// Only rows about this person, or done on their behalf
        #[arg(long)]
        person: Option<String>,
        /// Only rows of this action
        #[arg(long, value_parser = actions())]
        action: Option<String>,
        /// Only rows before this number
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
        /// How many at most
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=100))]
        limit: u16,
        /// Print JSON, as over HTTP
        #[arg(long)]
        json: bool,
    },
    /// Follow the chain from the first row to the last: exit code 1 where it breaks
    Verify {
        /// A head that was noted before, `NUMBER:HASH`: the chain must still hold it
        #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
        noted: Option<Head>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The number and the hash of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    number: u64,
    hash: String,
}

fn actions() -> PossibleValuesParser {
    PossibleValuesParser::new(AuditAction::ALL.iter().map(|action| action.name()))
}

fn head(text: &str) -> Result<Head, String> {
    let wrong = || "a number and a hash as `antenne audit verify` prints them: 812:9f2b…".to_owned();
    let (number, hash) = text.split_once(':').ok_or_else(wrong)?;
    let whole = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match number.parse() {
        Ok(number) if number > 0 && whole => Ok(Head {
            number,
            hash: hash.to_ascii_lowercase(),
        }),
        _ => Err(wrong()),
    }
}

impl AuditArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        match self.action {
            Action::List {
                person,
                action,
                before,
                limit,
                json,
            } => {
                let wish = AuditWish {
                    person,
                    action,
                    before,
                    limit: usize::from(limit),
                };
                let rows = Session::open(config, IfAbsent::Fail)?.ask(Request::Audit(wish))?;
                print(&if json { format!("{rows}\n") } else { listed(&rows) })?;
                Ok(Done::Whole)
            }
            Action::Verify { noted, json } => verify(config, noted.as_ref(), json),
        }
    }
}

fn verify(config: &Config, noted: Option<&Head>, as_json: bool) -> Result<Done, Failure> {
    let number = noted.map(|head| head.number);
    let mut found = match check_audit_of(&config.data, number) {
        Ok(check) => found(&check),
        Err(StoreError::Locked { .. }) => {
            Session::open(config, IfAbsent::Fail)?.ask(Request::CheckAudit { noted: number })?
        }
        Err(error) => return Err(error.into()),
    };
    let trouble = trouble(&found, noted);
    found["whole"] = trouble.is_none().into();
    let head = &found["head"];
    let shown = format!(
        "{} rows, head {}:{}\n",
        found["rows"],
        head["number"],
        head["hash"].as_str().unwrap_or_default()
    );
    print(&if as_json { format!("{found}\n") } else { shown })?;
    match trouble {
        None => Ok(Done::Whole),
        Some(what) => Err(Failure::new(format!(
            "the audit log is broken: {what}; keep a copy of the data folder, and compare with a backup"
        ))),
    }
}

/// What is wrong with the chain, by itself or held against a head that was noted.
fn trouble(found: &Value, noted: Option<&Head>) -> Option<String> {
    if let Some(what) = found["broken"]["what"].as_str() {
        return Some(what.to_owned());
    }
    let noted = noted?;
    match found["noted"].as_str() {
        Some(hash) if hash == noted.hash => None,
        Some(_) => Some(format!("row {} is not the one that was noted", noted.number)),
        None => Some(format!("row {} was noted, and is not there", noted.number)),
    }
}

/// What a check found, under the names that scripts read.
fn found(check: &AuditCheck) -> Value {
    json!({
        "whole": check.broken.is_none(),
        "rows": check.sound,
        "head": {"number": check.head.number, "hash": encode_string(&check.head.hash)},
        "noted": check.hash_of.as_ref().map(|hash| encode_string(hash)),
        "broken": check.broken.as_ref().map(|broken| json!({"row": broken.number, "what": broken.what})),
    })
}

/// Follows the chain of a service's audit log.
///
/// # Errors
/// When it cannot be read.
pub fn check(service: &Service, noted: Option<u64>) -> Result<Value, Failure> {
    Ok(found(&service.check_audit(noted)?))
}

/// Rows as HTTP gives them.
///
/// # Errors
/// When they cannot be read.
pub fn answer(service: &Service, wish: AuditWish) -> Result<Value, Failure> {
    let query = AuditQuery {
        before: wish.before,
        person: wish.person.map(|id| id.nfc().collect()),
        action: wish.action.as_deref().and_then(AuditAction::from_name),
        limit: wish.limit,
    };
    let mut page = service.audited(&query)?;
    // Whoever waits at the command line waits for a whole part, however long the log is.
    while let Some(before) = page.next.filter(|_| page.lines.len() < query.limit) {
        let more = service.audited(&AuditQuery {
            before: Some(before),
            limit: query.limit - page.lines.len(),
            ..query.clone()
        })?;
        page.lines.extend(more.lines);
        page.next = more.next;
    }
    Ok(http::audit_json(page, service.edition()))
}

/// Records what the operator does, before it is done.
///
/// # Errors
/// When it cannot be recorded: then it must not be done.
pub fn record(service: &Service, action: AuditAction) -> Result<(), Failure> {
    let recorded = service.audit(&AuditEntry::of_operator(action));
    recorded.map_err(|error| Failure::new(error.to_string()))
}

fn listed(rows: &Value) -> String {
    let mut text = String::new();
    for row in rows["items"].as_array().into_iter().flatten() {
        let word = |name: &str| row[name].as_str();
        let said = |name: &str| word(name).unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "{}  {}  {}  {} {}",
            row["number"],
            said("at"),
            said("action"),
            said("via"),
            said("by")
        );
        for (before, name) in [("  for ", "as"), ("  about ", "about"), ("  ", "what")] {
            if let Some(value) = word(name) {
                let _ = write!(text, "{before}{value}");
            }
        }
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("nothing was recorded\n");
    } else if !rows["next_cursor"].is_null() {
        text.push_str("there are more: --before NUMBER goes on behind the last row\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_number_and_a_hash() {
        let hash = "Ab".repeat(32);
        let read = head(&format!("812:{hash}")).unwrap();
        assert_eq!((read.number, read.hash), (812, "ab".repeat(32)));
        for text in [
            "",
            "812",
            "812:ab",
            &format!("0:{hash}"),
            &format!("x:{hash}"),
            &format!("1:{}", "é".repeat(32)),
        ] {
            assert!(head(text).is_err(), "{text}");
        }
    }

    #[test]
    fn trouble_is_a_broken_chain_or_another_row_where_one_was_noted() {
        let check = AuditCheck {
            sound: 2,
            hash_of: Some([1; 32]),
            ..AuditCheck::default()
        };
        let whole = found(&check);
        let noted = |hash: &str| Head {
            number: 2,
            hash: hash.repeat(32),
        };
        assert_eq!(trouble(&whole, None), None);
        assert_eq!(trouble(&whole, Some(&noted("01"))), None);
        assert!(trouble(&whole, Some(&noted("02"))).unwrap().contains("not the one"));
        let cut = found(&AuditCheck::default());
        assert!(trouble(&cut, Some(&noted("01"))).unwrap().contains("is not there"));
        let broken = json!({"broken": {"row": 7, "what": "row 7 is missing"}});
        assert_eq!(trouble(&broken, None).unwrap(), "row 7 is missing");
    }

    #[test]
    fn a_row_is_one_line() {
        let rows = json!({"items": [{"number": 3, "at": "2026-03-02T09:00:00Z", "action": "key.revoked", "via": "command",
            "by": "operator", "what": "forum", "hash": "00"}], "next_cursor": null});
        assert_eq!(
            listed(&rows),
            "3  2026-03-02T09:00:00Z  key.revoked  command operator  forum\n"
        );
        assert_eq!(listed(&json!({})), "nothing was recorded\n");
    }
}
