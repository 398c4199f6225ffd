//! `antenne communities-for`: where a person may belong, as the HTTP answer says it, or as a list to read.

use super::control::wire::{CommunitiesWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{CommunitiesRequest, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;

/// Say which communities a person may belong to
#[derive(Debug, clap::Args)]
pub struct CommunitiesArgs {
    /// The identifier of the person
    person: String,
    /// How many communities at most
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// The language of the texts [default: en]
    #[arg(long, visible_alias = "language")]
    lang: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl CommunitiesArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let language = self.lang.unwrap_or(config.language);
        let wish = CommunitiesWish {
            person: self.person,
            limit: usize::from(self.limit),
            language: language.tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Communities(wish))?;
        print(&if self.json {
            format!("{answer}\n")
        } else {
            listed(&answer, language)
        })?;
        Ok(Done::Whole)
    }
}

/// The answer as HTTP gives it.
///
/// # Errors
/// When there is no such person.
pub fn answer(service: &Service, wish: &CommunitiesWish) -> Result<Value, Failure> {
    let request = CommunitiesRequest {
        limit: wish.limit,
        tongue: Tongue::accepted(&wish.language),
        viewer: None,
        after: Vec::new(),
    };
    let person = &wish.person;
    let reply = service
        .communities_for(person, &request)
        .map_err(|_| Failure::new(format!("there is no person `{person}`: check the identifier")))?;
    Ok(http::communities_json(reply))
}

/// What stands before the person to greet and the questions, and what is said of a side step and of an empty page.
struct Headings {
    greet: &'static str,
    question: &'static str,
    side_step: &'static str,
    nothing: &'static str,
}

const fn headings(language: Language) -> Headings {
    match language {
        Language::En => Headings {
            greet: "to greet",
            question: "to answer",
            side_step: "a side step",
            nothing: "no community",
        },
        Language::Fr => Headings {
            greet: "à saluer",
            question: "à répondre",
            side_step: "un pas de côté",
            nothing: "aucune communauté",
        },
    }
}

/// The answer as a list to read.
fn listed(answer: &Value, language: Language) -> String {
    let words = headings(language);
    let mut text = String::new();
    // Writing into a string cannot fail.
    if let Some(note) = answer["note"]["text"].as_str() {
        let _ = writeln!(text, "{note}");
    }
    for item in answer["items"].as_array().into_iter().flatten() {
        let subject = item["subject"].as_str().unwrap_or_default();
        let name = item["name"].as_str().unwrap_or(subject);
        let aside = if item["side_step"] == true {
            format!(", {}", words.side_step)
        } else {
            String::new()
        };
        let _ = writeln!(text, "{name} ({subject}){aside}");
        for reason in item["reasons"].as_array().into_iter().flatten() {
            let share = reason["contribution"].as_f64().unwrap_or_default();
            let _ = writeln!(text, "  {share:+.2}  {}", reason["text"].as_str().unwrap_or_default());
        }
        if let Some(person) = item["greet"]["person"].as_str() {
            let name = item["greet"]["name"].as_str().unwrap_or(person);
            let _ = writeln!(text, "  {}: {name} ({person})", words.greet);
        }
        for question in item["questions"].as_array().into_iter().flatten() {
            let title = question["title"].as_str().or(question["question"].as_str());
            let _ = writeln!(text, "  {}: {}", words.question, title.unwrap_or_default());
        }
    }
    if text.is_empty() {
        let why = answer["nothing"].as_str().unwrap_or_default();
        let _ = writeln!(text, "{}: {why}", words.nothing);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_says_why_whom_to_greet_and_what_waits() {
        let answer = json!({"items": [{"subject": "pumps", "name": "Pumps", "side_step": true,
            "reasons": [{"text": "is about what you know: pumps", "contribution": 1.25}],
            "greet": {"person": "ana", "name": "Ana B."},
            "questions": [{"question": "q1", "title": "Why does it rumble?"}]}]});
        assert_eq!(
            listed(&answer, Language::En),
            "Pumps (pumps), a side step\n  +1.25  is about what you know: pumps\n  to greet: Ana B. (ana)\n  \
             to answer: Why does it rumble?\n"
        );
        let noted = json!({"note": {"text": "in other languages"}, "items": [{"subject": "pumps"}]});
        assert_eq!(listed(&noted, Language::En), "in other languages\npumps (pumps)\n");
        let nothing = json!({"items": [], "nothing": "left"});
        assert_eq!(listed(&nothing, Language::Fr), "aucune communauté: left\n");
    }
}
