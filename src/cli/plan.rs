//! `antenne plan`: one fair sharing of many wishes at once, as the HTTP answer says it, or as a list to read. Nothing is
//! sent or assigned.

use super::control::wire::{AsksPlanWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{AsksRequest, CoAnimatorsPlanRequest, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// Share many wishes among many people; nothing is sent
#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    #[command(subcommand)]
    of: Of,
}

#[derive(Debug, clap::Subcommand)]
enum Of {
    Asks(AsksArgs),
    CoAnimators(CoAnimatorsArgs),
}

/// Whom to ask about all the questions that wait
#[derive(Debug, clap::Args)]
struct AsksArgs {
    /// Only the questions asked in this community
    #[arg(long)]
    community: Option<String>,
    /// How many people a question is to have
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=3))]
    people: u16,
    #[command(flatten)]
    shown: ShownArgs,
}

/// Who could co-animate which of the communities that lack somebody
#[derive(Debug, clap::Args)]
struct CoAnimatorsArgs {
    #[command(flatten)]
    shown: ShownArgs,
}

#[derive(Debug, clap::Args)]
struct ShownArgs {
    /// The language of the texts [default: en]
    #[arg(long)]
    lang: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl PlanArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        match self.of {
            Of::Asks(args) => {
                let language = args.shown.lang.unwrap_or(config.language);
                let wish = AsksPlanWish {
                    community: args.community,
                    people: usize::from(args.people),
                    language: language.tag().to_owned(),
                };
                show(config, Request::PlanAsks(wish), args.shown.json, |answer| {
                    listed(
                        answer,
                        "question",
                        "invitations of a week",
                        "no question waits for anybody",
                    )
                })
            }
            Of::CoAnimators(args) => {
                let language = args.shown.lang.unwrap_or(config.language).tag().to_owned();
                show(
                    config,
                    Request::PlanCoAnimators { language },
                    args.shown.json,
                    |answer| {
                        listed(
                            answer,
                            "community",
                            "communities they animate",
                            "no community lacks anybody",
                        )
                    },
                )
            }
        }
    }
}

fn show(config: &Config, request: Request, json: bool, listed: impl Fn(&Value) -> String) -> Result<Done, Failure> {
    let answer = Session::open(config, IfAbsent::Fail)?.ask(request)?;
    print(&if json { format!("{answer}\n") } else { listed(&answer) })?;
    Ok(Done::Whole)
}

/// The plan of whom to ask, as HTTP gives it.
///
/// # Errors
/// When there is no such community.
pub fn asks(service: &Service, wish: AsksPlanWish) -> Result<Value, Failure> {
    let tongue = Tongue::accepted(&wish.language);
    let request = AsksRequest {
        questions: None,
        community: wish.community.map(|id| id.nfc().collect()),
        people: wish.people,
        own: None,
        tongue,
        viewer: None,
    };
    let planned = service.plan_asks(&request).map_err(|_| {
        let community = request.community.as_deref().unwrap_or_default();
        Failure::new(format!("there is no community `{community}`: check its identifier"))
    })?;
    Ok(http::asks_plan_json(planned, tongue))
}

/// The plan of co-animators, as HTTP gives it.
pub fn co_animators(service: &Service, language: &str) -> Value {
    let request = CoAnimatorsPlanRequest {
        communities: None,
        tongue: Tongue::accepted(language),
        viewer: None,
        anywhere: true,
    };
    http::co_animators_plan_json(service.plan_co_animators(&request), request.tongue)
}

/// A plan as a list to read; `noun` is the key of what people are proposed for, `counted` what they are counted by.
fn listed(answer: &Value, noun: &str, counted: &str, nothing: &str) -> String {
    let mut text = String::new();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    // Writing into a string cannot fail.
    for item in all(&answer["items"]) {
        let called = item["title"].as_str().or(item["name"].as_str());
        let _ = writeln!(text, "{}  {}", word(&item[noun]), called.unwrap_or_default());
        for pick in all(&item["picks"]) {
            let subject = word(&pick["subject"]);
            let _ = match pick["name"].as_str() {
                Some(name) => write!(text, "    {name} ({subject})"),
                None => write!(text, "    {subject}"),
            };
            let reasons = all(&pick["reasons"]);
            let told: Vec<String> = reasons.iter().map(|reason| word(&reason["text"])).collect();
            let told: Vec<String> = told.into_iter().filter(|words| !words.is_empty()).collect();
            let _ = writeln!(text, ": {}", told.join("; "));
        }
        if let Some(why) = item["fewer"]["text"].as_str() {
            let _ = writeln!(text, "    nobody else: {why}");
        }
    }
    for item in all(&answer["unassigned"]) {
        let _ = writeln!(text, "{}  nobody: {}", word(&item["id"]), word(&item["text"]));
    }
    // A plan of whom to ask tells a count alone.
    let left_out = match &answer["left_out"] {
        Value::Object(left) => format!("left out: {} ({})\n", figure(&left["communities"]), word(&left["text"])),
        _ => String::new(),
    };
    if text.is_empty() {
        return format!("{nothing}\n{left_out}");
    }
    text.push_str(&left_out);
    for (when, name) in [("as it is", "before"), ("with all of it", "after")] {
        let _ = writeln!(text, "people by {counted}, {when}: {}", spread(&answer["spread"][name]));
    }
    text
}

fn spread(spread: &Value) -> String {
    let bands = ["none", "one", "two_or_three", "four_or_more"]
        .map(|band| format!("{} {}", band.replace('_', " "), figure(&spread[band])));
    bands.join(", ")
}

/// A count, or the word for a small one.
fn figure(count: &Value) -> String {
    count.as_str().map_or_else(|| count.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plan_is_listed_with_what_it_gives_nobody() {
        let spread = json!({"none": 7, "one": "some", "two_or_three": "some", "four_or_more": "some"});
        let answer = json!({
            "items": [{"question": "q/1", "title": "How?", "fewer": {"text": "nobody else is free"}, "picks": [
                {"subject": "ana", "name": "Ana B.", "reasons": [{"text": "knows"}, {"text": ""}]}, {"subject": "bo", "reasons": []}]}],
            "unassigned": [{"id": "q/2", "code": "not_open", "text": "it is answered"}],
            "spread": {"before": spread, "after": spread}});
        let bands = "none 7, one some, two or three some, four or more some";
        assert_eq!(
            listed(&answer, "question", "hats", ""),
            format!(
                "q/1  How?\n    Ana B. (ana): knows\n    bo: \n    nobody else: nobody else is free\n\
                 q/2  nobody: it is answered\npeople by hats, as it is: {bands}\n\
                 people by hats, with all of it: {bands}\n"
            )
        );
        assert_eq!(
            listed(&json!({"items": []}), "question", "hats", "nothing waits"),
            "nothing waits\n"
        );
        let left_out =
            json!({"items": [], "left_out": {"communities": "some", "code": "closed", "text": "it is private"}});
        assert_eq!(
            listed(&left_out, "community", "hats", "nobody lacks"),
            "nobody lacks\nleft out: some (it is private)\n"
        );
    }
}
