//! `antenne keys`: makes, lists and revokes the keys of callers. A key is shown once, when it is made; only its hash is
//! kept. Beside a running server these act at once.

use super::control::wire::{KeyWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{NewKey, Scope};
use crate::config::Config;
use crate::domain::EventType;
use clap::builder::PossibleValuesParser;
use serde_json::Value;
use std::fmt::Write as _;

/// Make, list and revoke keys
#[derive(Debug, clap::Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Create(CreateArgs),
    /// List every key that was made, revoked ones too
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key: its next request is refused
    Revoke {
        /// The key's name
        name: String,
    },
}

/// Make a key and print it, alone, on standard output: it is not shown again
#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// A name by which it can be revoked
    #[arg(long)]
    name: String,
    /// What it may do, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_parser = scopes())]
    scopes: Vec<String>,
    /// The sources it may write as, separated by commas [default: any]
    #[arg(long, value_delimiter = ',')]
    sources: Vec<String>,
    /// The event types it may write, separated by commas [default: every type that binds nobody]
    #[arg(long, value_delimiter = ',', value_parser = event_types(), hide_possible_values = true)]
    event_types: Vec<String>,
    /// The person for whom it speaks
    #[arg(long)]
    person: Option<String>,
    /// The communities to which it is bound, separated by commas
    #[arg(long, value_delimiter = ',')]
    communities: Vec<String>,
}

fn scopes() -> PossibleValuesParser {
    PossibleValuesParser::new(Scope::ALL.iter().map(|scope| scope.name()))
}

fn event_types() -> PossibleValuesParser {
    PossibleValuesParser::new(EventType::ALL.iter().map(|kind| kind.name()))
}

impl KeysArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        match self.action {
            Action::Create(args) => create(args, config),
            Action::List { json } => list(json, config),
            Action::Revoke { name } => revoke(&name, config),
        }
    }
}

fn create(args: CreateArgs, config: &Config) -> Result<Done, Failure> {
    let wish = KeyWish {
        name: args.name,
        scopes: args.scopes,
        sources: args.sources,
        event_types: args.event_types,
        person: args.person,
        communities: args.communities,
    };
    // What cannot be made is told before a folder is.
    NewKey::from(wish.clone())
        .check()
        .map_err(|error| Failure::usage(error.to_string()))?;
    let key = Session::open(config, IfAbsent::Create)?.ask(Request::CreateKey(wish))?;
    let key = key
        .as_str()
        .ok_or_else(|| Failure::new("the server made no readable key"))?;
    print(&format!("{key}\n"))?;
    Ok(Done::Whole)
}

fn list(json: bool, config: &Config) -> Result<Done, Failure> {
    let keys = Session::open(config, IfAbsent::Fail)?.ask(Request::Keys {})?;
    let text = if json { format!("{keys}\n") } else { table(&keys) };
    print(&text)?;
    Ok(Done::Whole)
}

fn revoke(name: &str, config: &Config) -> Result<Done, Failure> {
    let revoked = Session::open(config, IfAbsent::Fail)?.ask(Request::RevokeKey { name: name.to_owned() })?;
    if revoked == Value::Bool(true) {
        print(&format!("{name} is revoked: its next request is refused\n"))?;
        return Ok(Done::Whole);
    }
    Err(Failure::new(format!(
        "there is no key called `{name}`: `antenne keys list` shows those that there are"
    )))
}

fn table(keys: &Value) -> String {
    let mut text = String::new();
    for key in keys.as_array().into_iter().flatten() {
        let word = |name: &str| key[name].as_str().unwrap_or_default().to_owned();
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "{}  {}…  {}",
            word("name"),
            word("prefix"),
            listed(&key["scopes"])
        );
        for (what, name) in [
            ("sources", "sources"),
            ("types", "event_types"),
            ("communities", "communities"),
        ] {
            if key[name].as_array().is_some_and(|list| !list.is_empty()) {
                let _ = write!(text, "  {what}: {}", listed(&key[name]));
            }
        }
        if let Some(person) = key["person"].as_str() {
            let _ = write!(text, "  person: {person}");
        }
        let _ = write!(text, "  made {}", word("created_at"));
        if let Some(at) = key["revoked_at"].as_str() {
            let _ = write!(text, "  revoked {at}");
        }
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("no keys yet: `antenne keys create --name N --scopes …` makes one\n");
    }
    text
}

fn listed(list: &Value) -> String {
    let words = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_is_one_line_and_says_what_it_is_bound_to() {
        let keys = json!([{"name": "hr", "prefix": "antenne_abc", "scopes": ["events:write", "dpo"], "sources": ["hr"],
            "event_types": [], "person": null, "communities": [], "created_at": "2026-01-01T00:00:00Z",
            "revoked_at": "2026-02-01T00:00:00Z"}]);
        assert_eq!(
            table(&keys),
            "hr  antenne_abc…  events:write,dpo  sources: hr  made 2026-01-01T00:00:00Z  revoked 2026-02-01T00:00:00Z\n"
        );
        assert!(table(&json!([])).contains("no keys yet"));
    }
}
