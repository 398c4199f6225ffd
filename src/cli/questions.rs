//! `antenne questions`: the questions that wait, those that wait longest first, as `GET /v1/questions` lists them.
//!
//! The list is what anybody may see: questions of private communities show only to their members, over HTTP.

use super::control::wire::{QuestionsWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{QuestionStatus, QuestionsRequest, Service};
use crate::config::Config;
use crate::domain::Timestamp;
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// The longest age that can be asked for: a century.
const MAX_AGE_MINUTES: u64 = 36_525 * 24 * 60;

/// List the questions that wait for an answer, those that wait longest first
#[derive(Debug, clap::Args)]
pub struct QuestionsArgs {
    /// Only those asked at least so long ago: 3d, 12h, 45m
    #[arg(long, value_name = "SPAN", value_parser = span)]
    older_than: Option<u64>,
    /// Only those asked in this community
    #[arg(long)]
    community: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

fn span(text: &str) -> Result<u64, String> {
    let minutes = http::span_minutes(text).filter(|&minutes| minutes <= MAX_AGE_MINUTES);
    minutes.ok_or_else(|| "a number of days, hours or minutes, at most a century: 3d, 12h, 45m".to_owned())
}

impl QuestionsArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let wish = QuestionsWish {
            older_than_minutes: self.older_than,
            community: self.community,
            limit: usize::from(self.limit),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Questions(wish))?;
        print(&if self.json {
            format!("{answer}\n")
        } else {
            listed(&answer)
        })?;
        Ok(Done::Whole)
    }
}

/// The answer as HTTP gives it.
///
/// # Errors
/// When there is no such community.
pub fn answer(service: &Service, wish: QuestionsWish) -> Result<Value, Failure> {
    let request = QuestionsRequest {
        status: QuestionStatus::Unanswered,
        older_than_minutes: wish.older_than_minutes,
        community: wish.community.map(|id| id.nfc().collect()),
        limit: wish.limit,
        after: None,
        viewer: None,
    };
    let page = service.questions(&request).map_err(|_| {
        let community = request.community.as_deref().unwrap_or_default();
        Failure::new(format!("there is no community `{community}`: check its identifier"))
    })?;
    Ok(http::questions_json(page))
}

/// The answer as a list to read.
fn listed(answer: &Value) -> String {
    let mut text = String::new();
    let as_of = instant(&answer["as_of"]);
    // Writing into a string cannot fail.
    for item in answer["items"].as_array().into_iter().flatten() {
        let word = |name: &str| item[name].as_str();
        let id = word("question").unwrap_or_default();
        let _ = writeln!(text, "{id}  {}", word("title").unwrap_or("(no title)"));
        let _ = write!(text, "    waits {}", waited(as_of, instant(&item["at"])));
        for (before, name) in [(", asked by ", "asker"), (", in ", "community")] {
            if let Some(value) = word(name) {
                let _ = write!(text, "{before}{value}");
            }
        }
        let tags: Vec<_> = item["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !tags.is_empty() {
            let _ = write!(text, ", about {}", tags.join(", "));
        }
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("no question waits\n");
    } else if !answer["next_cursor"].is_null() {
        text.push_str("there are more: --limit shows up to 100\n");
    }
    text
}

fn instant(value: &Value) -> Option<Timestamp> {
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}

fn waited(as_of: Option<Timestamp>, at: Option<Timestamp>) -> String {
    let (Some(as_of), Some(at)) = (as_of, at) else {
        return "an unknown time".to_owned();
    };
    match as_of.minutes_since(at) {
        minutes if minutes < 60 => format!("{minutes} min"),
        minutes if minutes < 48 * 60 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / (24 * 60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_says_what_waits_how_long_and_where() {
        let answer = json!({"as_of": "2026-03-02T09:00:00Z", "next_cursor": "00", "items": [
            {"question": "q/1", "title": "How do I rotate a key?", "asker": "p-4", "community": "security",
             "tags": ["tls", "keys"], "at": "2026-02-20T09:00:00Z"},
            {"question": "q/2", "tags": [], "at": "2026-03-02T08:15:00Z"}]});
        assert_eq!(
            listed(&answer),
            "q/1  How do I rotate a key?\n    waits 10 days, asked by p-4, in security, about tls, keys\n\
             q/2  (no title)\n    waits 45 min\nthere are more: --limit shows up to 100\n"
        );
        assert_eq!(listed(&json!({"items": []})), "no question waits\n");
    }

    #[test]
    fn a_span_is_days_hours_or_minutes() {
        assert_eq!(span("3d"), Ok(4320));
        for bad in ["3", "d", "3w", "", "36526d", "99999999999999999999d"] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }
}
