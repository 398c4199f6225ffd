//! `antenne stats`: what is there, counted, and the digest that tells whether two folders hold the same.

use super::control::wire::Request;
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::config::Config;
use serde_json::Value;
use std::fmt::Write as _;

/// The counts that come before the events, in the order in which they are shown.
const NOUNS: [&str; 6] = ["people", "questions", "answers", "communities", "projects", "skills"];

/// Count what is there
#[derive(Debug, clap::Args)]
pub struct StatsArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl StatsArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let stats = Session::open(config, IfAbsent::Fail)?.ask(Request::Stats {})?;
        let text = if self.json { format!("{stats}\n") } else { table(&stats) };
        print(&text)?;
        Ok(Done::Whole)
    }
}

fn table(stats: &Value) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    for noun in NOUNS {
        let _ = writeln!(text, "{noun:<28}{:>12}", stats[noun].as_u64().unwrap_or_default());
    }
    let events = stats["events"].as_object();
    let total: u64 = events
        .into_iter()
        .flatten()
        .filter_map(|(_, count)| count.as_u64())
        .sum();
    let _ = writeln!(text, "{:<28}{total:>12}", "events");
    for (kind, count) in events.into_iter().flatten() {
        let _ = writeln!(text, "  {kind:<26}{:>12}", count.as_u64().unwrap_or_default());
    }
    let _ = writeln!(
        text,
        "{:<28}{:>12}",
        "generation",
        stats["generation"].as_u64().unwrap_or_default()
    );
    let _ = writeln!(text, "digest  {}", stats["digest"].as_str().unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_shows_every_figure() {
        let stats = json!({"events": {"person.upserted": 12, "answer.created": 3}, "people": 7, "generation": 15,
            "digest": "abc"});
        let text = table(&stats);
        for line in [
            "people                                 7",
            "events                                15",
            "  person.upserted                     12",
            "digest  abc",
        ] {
            assert!(text.contains(line), "{line:?} in\n{text}");
        }
    }
}
