//! `antenne doctor`: what is well, what may become a trouble, what is one, and what to do about each. Changes nothing.
//!
//! It looks beside a running server as well as without one, and never folds the log: that is for `verify`.

mod data;
mod folder;
mod network;

use super::control::Client;
use super::failure::{Done, Failure};
use super::machine::{SystemClock, print};
use super::serve::ServeArgs;
use super::settings::refuse_what_cannot_hold;
use crate::app::Clock as _;
use crate::config::{Config, Flags, unknown_variables};
use crate::domain::Timestamp;
use crate::store::{Look, StoreError};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Look for troubles, and say what to do about each
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// What `serve` was told.
    #[command(flatten)]
    serve: ServeArgs,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Ok,
    Warn,
    Fail,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    check: &'static str,
    level: Level,
    detail: String,
    remedy: Option<String>,
}

/// Everything that was found, in the order of the checks.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, check: &'static str, detail: impl Into<String>) {
        self.0.push(Finding {
            check,
            level: Level::Ok,
            detail: detail.into(),
            remedy: None,
        });
    }

    fn warn(&mut self, check: &'static str, detail: impl Into<String>, remedy: impl Into<String>) {
        self.add(check, Level::Warn, detail.into(), remedy.into());
    }

    fn fail(&mut self, check: &'static str, detail: impl Into<String>, remedy: impl Into<String>) {
        self.add(check, Level::Fail, detail.into(), remedy.into());
    }

    fn add(&mut self, check: &'static str, level: Level, detail: String, remedy: String) {
        self.0.push(Finding {
            check,
            level,
            detail,
            remedy: Some(remedy),
        });
    }

    fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }
}

/// Who owns the data folder.
enum Owner {
    /// Nobody: it can be looked at.
    Nobody(Box<Look>),
    /// A server, which can be asked.
    Server(Client),
    /// Somebody who takes no commands, or nobody because it cannot be opened.
    Unknown,
}

impl DoctorArgs {
    /// What the command line says about serving.
    pub fn serve(&self) -> &ServeArgs {
        &self.serve
    }

    /// Carries the command out.
    pub fn run(&self, flags: &Flags) -> Result<Done, Failure> {
        let mut found = Findings::default();
        examine(flags, SystemClock.now(), &mut found);
        print(&if self.json {
            format!("{}\n", listed(&found))
        } else {
            table(&found)
        })?;
        match found.count(Level::Fail) {
            0 => Ok(Done::Whole),
            1 => Err(Failure::new("one check failed")),
            failed => Err(Failure::new(format!("{failed} checks failed"))),
        }
    }
}

fn examine(flags: &Flags, now: Timestamp, found: &mut Findings) {
    let config = match Config::load(flags) {
        Ok(config) => config,
        Err(why) => {
            found.fail(
                "config",
                why,
                "correct it; `antenne config check` says where each value is from",
            );
            return;
        }
    };
    let unknown = unknown_variables();
    if !unknown.is_empty() {
        let remedy = "correct the name, or take it out of the environment (of the unit, or of the container)";
        found.warn("environment", unknown.join("; "), remedy);
    }
    match refuse_what_cannot_hold(&config) {
        Ok(()) => found.ok("config", "every setting can hold"),
        Err(why) => found.fail(
            "config",
            why.to_string(),
            "correct it; `antenne config check` shows every setting",
        ),
    }
    let mut condition = Value::Null;
    let mut served = false;
    if folder::examine(&config, found) {
        match owner(&config, found) {
            Owner::Nobody(look) => condition = data::of_look(&look, now, found),
            Owner::Server(client) => {
                served = true;
                condition = data::of_server(client, found);
            }
            Owner::Unknown => {}
        }
    }
    data::clock(now, &condition, found);
    network::examine(&config, served, found);
    if !condition.is_null() {
        data::examine(&config, &condition, now, found);
    }
}

/// Finds out who owns the folder, and opens a way to the data if there is one.
fn owner(config: &Config, found: &mut Findings) -> Owner {
    match Look::at_folder(&config.data) {
        Ok(look) => {
            found.ok("lock", "free: no server runs on this folder");
            Owner::Nobody(Box::new(look))
        }
        Err(StoreError::Locked { holder, .. }) => match Client::connect(&config.data) {
            Ok(client) => {
                found.ok("lock", format!("held by {holder}, a server that takes commands"));
                Owner::Server(client)
            }
            Err(error) => {
                found.warn(
                    "lock",
                    format!("held by {holder}, which takes no commands ({error})"),
                    "wait: it is another command, or a server that is still starting; if it stays so, see its log",
                );
                Owner::Unknown
            }
        },
        Err(StoreError::Missing { path }) => {
            found.warn(
                "data",
                format!("there is no database in {} yet", path.display()),
                "the first `antenne serve` or `antenne import` makes it; check --data if there should be one",
            );
            Owner::Unknown
        }
        Err(error) => {
            found.fail("data", error.to_string(), "do what it says; `antenne verify` says more");
            Owner::Unknown
        }
    }
}

fn listed(found: &Findings) -> Value {
    let each = |finding: &Finding| {
        json!({
            "check": finding.check,
            "level": finding.level.word(),
            "detail": finding.detail,
            "remedy": finding.remedy,
        })
    };
    json!({
        "checks": found.0.iter().map(each).collect::<Vec<_>>(),
        "ok": found.count(Level::Ok),
        "warn": found.count(Level::Warn),
        "fail": found.count(Level::Fail),
    })
}

fn table(found: &Findings) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    for finding in &found.0 {
        let _ = writeln!(
            text,
            "{:<6}{:<13}{}",
            finding.level.word(),
            finding.check,
            finding.detail
        );
        if let Some(remedy) = &finding.remedy {
            let _ = writeln!(text, "{:19}→ {remedy}", "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_comes_with_what_to_do() {
        let mut found = Findings::default();
        found.ok("folder", "/srv/antenne");
        found.warn("keys", "there is none", "make one");
        assert_eq!(
            table(&found),
            "ok    folder       /srv/antenne\nwarn  keys         there is none\n                   → make one\n"
        );
        let json = listed(&found);
        assert_eq!(
            (&json["ok"], &json["warn"], &json["fail"]),
            (&1.into(), &1.into(), &0.into())
        );
        assert_eq!(json["checks"][1]["remedy"], "make one");
    }
}
