//! `antenne person`: what the operator does for one person: pause them, hand them everything that is held about them, erase
//! them.

use super::control::wire::{PauseWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{
    AuditAction, AuditEntry, EraseError, ExportError, Service, StatementError, Tongue, UpkeepError, Wish,
};
use crate::calendar::read_day;
use crate::config::Config;
use crate::domain::{Day, PersonId, Preference, Purpose};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;

/// Pause a person, hand out everything that is held about them, or erase them
#[derive(Debug, clap::Args)]
pub struct PersonArgs {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    Pause(PauseArgs),
    Export(ExportArgs),
    Erase(EraseArgs),
}

/// Keep a person out of every answer, or let them back in
#[derive(Debug, clap::Args)]
struct PauseArgs {
    /// The identifier of the person
    person: String,
    /// The last day of the pause; until it is ended when there is none
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "end")]
    until: Option<String>,
    /// End the pause: everything is allowed again
    #[arg(long)]
    end: bool,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

/// Print everything that is held about a person, as JSON
#[derive(Debug, clap::Args)]
struct ExportArgs {
    /// The identifier of the person
    person: String,
    /// Print it on one line
    #[arg(long)]
    json: bool,
}

/// Erase a person for good: every event by or about them, under all their accounts
#[derive(Debug, clap::Args)]
struct EraseArgs {
    /// The identifier of the person
    person: String,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl PersonArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        match self.act {
            Act::Pause(args) => {
                let wish = PauseWish {
                    person: args.person,
                    until: args.until,
                    paused: !args.end,
                };
                let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Pause(wish))?;
                print(&if args.json {
                    format!("{answer}\n")
                } else {
                    listed(&answer)
                })?;
            }
            Act::Erase(args) => {
                let request = Request::Erase { person: args.person };
                let answer = Session::open(config, IfAbsent::Fail)?.ask(request)?;
                print(&if args.json {
                    format!("{answer}\n")
                } else {
                    let person = answer["person"].as_str().unwrap_or_default();
                    format!(
                        "{person} is erased: nothing is held about them any more; backups made before still hold them\n"
                    )
                })?;
            }
            Act::Export(args) => {
                let request = Request::PersonExport { person: args.person };
                let answer = Session::open(config, IfAbsent::Fail)?.ask(request)?;
                print(&if args.json {
                    format!("{answer}\n")
                } else {
                    format!("{answer:#}\n")
                })?;
            }
        }
        Ok(Done::Whole)
    }
}

/// Pauses a person or ends their pause, and says what holds then, as HTTP does.
///
/// # Errors
/// When there is no such person, the day is none, or nothing can be written.
pub fn pause(service: &Service, wish: &PauseWish) -> Result<Value, Failure> {
    let person = &wish.person;
    service.wishes(person).map_err(|_| unknown(person))?;
    let until = wish.until.as_deref().map(day).transpose()?;
    let preference = Preference {
        allowed: !wish.paused,
        until,
    };
    record(service, AuditAction::PersonBound, person)?;
    let said = service.wish(person, Wish::Allow(Purpose::All, preference));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("the system gives no room to wait in: {error}")))?;
    runtime.block_on(said).map_err(|error| refused(person, &error))?;
    let holds = service.wishes(person).map_err(|_| unknown(person))?;
    Ok(http::wishes_json(holds))
}

/// Everything that is held about a person, as HTTP gives it.
///
/// # Errors
/// When there is no such person, or the log cannot be read.
pub fn export(service: &Service, person: &str) -> Result<Value, Failure> {
    match service.export_person(person, Tongue::default()) {
        Ok(export) => {
            record(service, AuditAction::PersonExported, person)?;
            Ok(http::person_export_json(export))
        }
        Err(ExportError::NotFound(_)) => Err(unknown(person)),
        Err(ExportError::Upkeep(UpkeepError::Store(error))) => Err(error.into()),
        Err(ExportError::Upkeep(error)) => Err(error.into()),
    }
}

/// Erases a person, as HTTP does.
///
/// # Errors
/// When there is no such person, or nothing can be written.
pub fn erase(service: &Service, person: &str) -> Result<Value, Failure> {
    match service.erase_person(person) {
        Ok(erased) => {
            record(service, AuditAction::PersonErased, person)?;
            Ok(http::erasure_json(erased))
        }
        Err(EraseError::NotFound(_)) => Err(unknown(person)),
        Err(EraseError::Ingest(error)) => Err(Failure::new(error.to_string())),
    }
}

/// Records what is done for `person` or to them, before it is answered.
fn record(service: &Service, action: AuditAction, person: &str) -> Result<(), Failure> {
    let entry = AuditEntry::of_operator(action).about(&PersonId::new(person));
    service.audit(&entry).map_err(|error| Failure::new(error.to_string()))
}

fn unknown(person: &str) -> Failure {
    Failure::new(format!("there is no person `{person}`: check the identifier"))
}

fn refused(person: &str, error: &StatementError) -> Failure {
    match error {
        StatementError::NotFound(_) => unknown(person),
        error => Failure::new(error.to_string()),
    }
}

/// The day that `YYYY-MM-DD` writes.
fn day(text: &str) -> Result<Day, Failure> {
    read_day(text).ok_or_else(|| Failure::usage(format!("`{text}` is no day: write it like 2026-04-30")))
}

/// What holds, as a list to read.
fn listed(answer: &Value) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    for wish in answer["preferences"].as_array().into_iter().flatten() {
        let purpose = wish["purpose"].as_str().unwrap_or_default();
        let allowed = if wish["allowed"] == true { "allowed" } else { "refused" };
        let _ = match wish["until"].as_str() {
            Some(until) => writeln!(text, "{purpose:<14}{allowed} until {until}"),
            None => writeln!(text, "{purpose:<14}{allowed}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pause_is_listed_with_its_end() {
        let answer = json!({"preferences": [
            {"purpose": "experts", "allowed": false, "until": "2026-04-30", "stated": true},
            {"purpose": "skill_map", "allowed": true, "stated": false}]});
        assert_eq!(
            listed(&answer),
            "experts       refused until 2026-04-30\nskill_map     allowed\n"
        );
        assert_eq!(day("1970-01-02").unwrap(), Day::from_days(1));
        for bad in ["1970-02-30", "1970-1-2", "tomorrow", "1970-01-02T00:00:00Z"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }
}
