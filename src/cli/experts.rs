//! `antenne experts`: who could answer a question, as the HTTP answer says it, or as a list to read.

use super::control::wire::{ExpertsWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{DraftRequest, ExpertsRequest, Order, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;

/// Say who could answer a question
#[derive(Debug, clap::Args)]
pub struct ExpertsArgs {
    /// The identifier of a question that is there
    #[arg(required_unless_present = "text", conflicts_with = "text")]
    question: Option<String>,
    /// The words of a question that is not asked yet
    #[arg(long)]
    text: Option<String>,
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

impl ExpertsArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let language = self.lang.unwrap_or(config.language);
        let wish = ExpertsWish {
            question: self.question,
            text: self.text,
            limit: usize::from(self.limit),
            language: language.tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Experts(wish))?;
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
/// When there is no such question.
pub fn answer(service: &Service, wish: ExpertsWish) -> Result<Value, Failure> {
    let request = ExpertsRequest {
        limit: wish.limit,
        order: Order::Waves,
        group: false,
        outside_unit: false,
        tongue: Tongue::accepted(&wish.language),
        viewer: None,
        after: Vec::new(),
    };
    if let Some(question) = &wish.question {
        let reply = service
            .experts(question, &request)
            .map_err(|_| Failure::new(format!("there is no question `{question}`: check its identifier")))?;
        return Ok(http::experts_json(reply));
    }
    let draft = DraftRequest {
        title: wish.text.unwrap_or_default(),
        ..DraftRequest::default()
    };
    Ok(http::draft_experts_json(service.draft_experts(&draft, &request)?))
}

/// What is said under a list that names the reason which has no detail.
const fn about_availability(language: Language) -> &'static str {
    match language {
        Language::En => {
            "availability: how often, how lately and how fast somebody answers; that is theirs, and no detail is told"
        }
        Language::Fr => {
            "disponibilité : si la personne répond souvent, ces temps-ci et vite ; c’est à elle, et le détail ne se dit pas"
        }
    }
}

/// The answer as a list to read.
fn listed(answer: &Value, language: Language) -> String {
    let mut text = String::new();
    let mut availability = false;
    // Writing into a string cannot fail.
    for past in answer["already_answered"].as_array().into_iter().flatten() {
        let title = past["title"].as_str().or(past["question"].as_str());
        let _ = writeln!(text, "perhaps answered already: {}", title.unwrap_or_default());
    }
    for pick in answer["items"].as_array().into_iter().flatten() {
        let subject = pick["subject"].as_str().unwrap_or_default();
        match pick["name"].as_str() {
            Some(name) => _ = writeln!(text, "{name} ({subject}), wave {}", pick["wave"]),
            None => _ = writeln!(text, "{subject}, wave {}", pick["wave"]),
        }
        for reason in pick["reasons"].as_array().into_iter().flatten() {
            let words = reason["text"].as_str().unwrap_or_default();
            let share = reason["contribution"].as_f64().unwrap_or_default();
            availability |= reason["code"] == "availability";
            if !words.is_empty() {
                let _ = writeln!(text, "  {share:+.2}  {words}");
            }
        }
    }
    if text.is_empty() {
        text.push_str("nobody: no past answer, skill or membership points to a person who could be asked now\n");
    }
    if availability {
        let _ = writeln!(text, "({})", about_availability(language));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_names_people_with_their_reasons() {
        let answer = json!({"items": [{"subject": "ana", "name": "Ana B.", "wave": 1, "reasons": [
            {"text": "answered 3 questions like this one", "contribution": 1.25}, {"text": "", "contribution": 0.0}]}]});
        assert_eq!(
            listed(&answer, Language::En),
            "Ana B. (ana), wave 1\n  +1.25  answered 3 questions like this one\n"
        );
        assert!(listed(&json!({"items": []}), Language::En).starts_with("nobody"));
    }

    #[test]
    fn a_reason_without_detail_is_explained_once() {
        let pick = |name: &str| {
            let reasons =
                json!([{"code": "availability", "text": "semble disponible en ce moment", "contribution": 0.25}]);
            json!({"subject": name, "wave": 1, "reasons": reasons})
        };
        let answer = json!({"items": [pick("ana"), pick("bo")]});
        let text = listed(&answer, Language::Fr);
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(text.ends_with("le détail ne se dit pas)\n"), "{text}");
    }
}
