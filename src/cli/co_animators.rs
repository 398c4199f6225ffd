//! `antenne co-animators`: who could co-animate a community, as the HTTP answer says it, or as a list to read.

use super::control::wire::{CoAnimatorsWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{CoAnimatorsRequest, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;

/// Say who could co-animate a community
#[derive(Debug, clap::Args)]
pub struct CoAnimatorsArgs {
    /// The community's identifier
    community: String,
    /// How many people at most
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// The language of the texts [default: en]
    #[arg(long)]
    lang: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl CoAnimatorsArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let language = self.lang.unwrap_or(config.language);
        let wish = CoAnimatorsWish {
            community: self.community,
            limit: usize::from(self.limit),
            language: language.tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::CoAnimators(wish))?;
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
/// When there is no such community.
pub fn answer(service: &Service, wish: &CoAnimatorsWish) -> Result<Value, Failure> {
    let request = CoAnimatorsRequest {
        limit: wish.limit,
        tongue: Tongue::accepted(&wish.language),
        viewer: None,
        anywhere: true,
    };
    let community = &wish.community;
    let reply = service
        .co_animators(community, &request)
        .map_err(|_| Failure::new(format!("there is no community `{community}`: check its identifier")))?;
    Ok(http::co_animators_json(community, reply))
}

/// What is said of how somebody is turned to.
fn turned_to(pick: &Value, language: Language) -> String {
    let words = match language {
        Language::En => ["volunteer", "to be asked", "to be introduced", "first time"],
        Language::Fr => ["volontaire", "à solliciter", "à présenter", "première fois"],
    };
    let signs = ["volunteer", "to_be_asked", "to_be_introduced", "first_time"];
    let told = signs.iter().zip(words).filter(|(sign, _)| pick[**sign] == true);
    told.map(|(_, word)| word).collect::<Vec<_>>().join(", ")
}

/// The answer as a list to read.
fn listed(answer: &Value, language: Language) -> String {
    let mut text = String::new();
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    // Writing into a string cannot fail.
    for told in [&answer["rule"], &answer["needs"]["text"], &answer["nobody"]["text"]] {
        if let Some(told) = told.as_str() {
            let _ = writeln!(text, "{told}");
        }
    }
    for pick in answer["items"].as_array().into_iter().flatten() {
        let (subject, how) = (words(&pick["subject"]), turned_to(pick, language));
        match pick["name"].as_str() {
            Some(name) => _ = writeln!(text, "{name} ({subject}), {how}"),
            None => _ = writeln!(text, "{subject}, {how}"),
        }
        for reason in pick["reasons"].as_array().into_iter().flatten() {
            // What is told without a weight has none in the list.
            let share = reason["contribution"].as_f64().filter(|share| *share != 0.0);
            let share = share.map_or_else(|| " ".repeat(5), |share| format!("{share:+.2}"));
            let _ = writeln!(text, "  {share}  {}", words(&reason["text"]));
        }
        for added in pick["gain"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "      +  {}", words(&added["text"]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_tells_the_need_and_names_people_with_what_they_add() {
        let answer = json!({
            "rule": "A watch.", "needs": {"text": "No animator is identified."},
            "items": [{"subject": "ana", "name": "Ana B.", "volunteer": false, "to_be_asked": true, "first_time": true,
                "reasons": [{"text": "knows its subjects", "contribution": 1.25}, {"text": "takes part", "contribution": 0.0}],
                "gain": [{"text": "works at another site"}]}],
        });
        assert_eq!(
            listed(&answer, Language::En),
            "A watch.\nNo animator is identified.\nAna B. (ana), to be asked, first time\n  +1.25  knows its subjects\n         \
             takes part\n      +  works at another site\n"
        );
        assert!(listed(&answer, Language::Fr).contains("(ana), à solliciter, première fois\n"));
        let nobody = json!({"items": [], "nobody": {"text": "Nobody can be asked at present."}});
        assert_eq!(listed(&nobody, Language::En), "Nobody can be asked at present.\n");
    }
}
