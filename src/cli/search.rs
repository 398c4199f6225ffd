//! `antenne search`: who knows about something, as the HTTP answer says it, or as a list to read.

use super::control::wire::{Request, SearchWish};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{Said, SearchRequest, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use clap::builder::PossibleValuesParser;
use serde_json::Value;
use std::fmt::Write as _;

/// Say who knows about something, as a platform's key would be told
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// What they should know about: skills, tags, words; several topics are parted by commas
    #[arg(required_unless_present = "skill")]
    text: Option<String>,
    /// A skill, by identifier or by name: what is sought without a text, a filter beside one
    #[arg(long)]
    skill: Option<String>,
    /// They work in this unit, or below it
    #[arg(long)]
    unit: Option<String>,
    /// They work there
    #[arg(long)]
    site: Option<String>,
    /// They work in this language
    #[arg(long, value_name = "TAG")]
    speaks: Option<String>,
    /// They belong to this community
    #[arg(long)]
    community: Option<String>,
    /// They can be turned to now, or cannot
    #[arg(long, value_parser = ["available", "unavailable"])]
    availability: Option<String>,
    /// By what they are found: their answers, or who says that they have the skill
    #[arg(long, value_parser = origins())]
    origin: Option<String>,
    /// How many people at most
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// The language of the texts [default: en]
    #[arg(long, visible_alias = "language")]
    lang: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl SearchArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let language = self.lang.unwrap_or(config.language);
        let wish = SearchWish {
            text: self.text.unwrap_or_default(),
            skill: self.skill,
            unit: self.unit,
            site: self.site,
            speaks: self.speaks,
            community: self.community,
            available: self.availability.map(|wanted| wanted == "available"),
            origin: self.origin,
            limit: usize::from(self.limit),
            language: language.tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Search(wish))?;
        print(&if self.json {
            format!("{answer}\n")
        } else {
            listed(&answer)
        })?;
        Ok(Done::Whole)
    }
}

fn origins() -> PossibleValuesParser {
    PossibleValuesParser::new(Said::ALL.map(|(name, _)| name))
}

/// The answer as HTTP gives it to a platform.
///
/// # Errors
/// When there is no such origin.
pub fn answer(service: &Service, wish: SearchWish) -> Result<Value, Failure> {
    let said = |name: &str| {
        Said::ALL
            .into_iter()
            .find(|(other, _)| *other == name)
            .map(|(_, said)| said)
    };
    let unknown = |name: &str| Failure::usage(format!("`{name}` is nothing by which people are found"));
    let origin = wish.origin.map(|name| said(&name).ok_or_else(|| unknown(&name)));
    let request = SearchRequest {
        text: wish.text,
        skill: wish.skill,
        unit: wish.unit,
        site: wish.site,
        language: wish.speaks,
        community: wish.community,
        available: wish.available,
        origin: origin.transpose()?,
        limit: wish.limit,
        tongue: Tongue::accepted(&wish.language),
        ..SearchRequest::default()
    };
    Ok(http::search_json(service.search(&request)))
}

/// The answer as a list to read.
fn listed(answer: &Value) -> String {
    let mut text = String::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let told = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    // Writing into a string cannot fail.
    for item in list(&answer["items"]) {
        let subject = told(&item["subject"]);
        let name = item["name"].as_str().unwrap_or(&subject);
        let covers: Vec<String> = list(&item["covers"])
            .iter()
            .map(|covers| format!("{}: {}", told(&covers["topic"]), told(&covers["depth"])))
            .collect();
        let _ = writeln!(
            text,
            "{name} ({subject}), {} [{}]",
            told(&item["match"]),
            covers.join(", ")
        );
        for reason in list(&item["reasons"]) {
            let _ = writeln!(text, "  {}", told(&reason["text"]));
        }
    }
    if let Some(why) = answer["nothing"]["text"].as_str() {
        let _ = writeln!(text, "{why}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_says_who_how_deep_and_why() {
        let answer = json!({"items": [{"subject": "ana", "name": "Ana B.", "match": "exact",
            "covers": [{"topic": "pumps", "depth": "solid"}],
            "reasons": [{"text": "gave 4 answers about pumps"}]}]});
        assert_eq!(
            listed(&answer),
            "Ana B. (ana), exact [pumps: solid]\n  gave 4 answers about pumps\n"
        );
        let nothing = json!({"items": [], "nothing": {"text": "Nobody is known to know about this yet."}});
        assert_eq!(listed(&nothing), "Nobody is known to know about this yet.\n");
    }
}
