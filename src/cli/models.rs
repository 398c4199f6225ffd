//! `antenne models`: the models that were learnt, and which of them answers are computed by. Beside a running server a
//! choice holds at once.

use super::control::wire::{ModelWish, Request};
use super::evaluate::recommender;
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::config::Config;
use crate::recommend::Recommender;
use serde_json::Value;
use std::fmt::Write as _;

/// List, show and choose the models that were learnt
#[derive(Debug, clap::Args)]
pub struct ModelsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List every model that is kept, newest first; version 0 is what the program ships
    List {
        /// Of which recommender alone: experts, communities, co-animators, search or skills
        #[arg(long, value_name = "NAME", value_parser = recommender)]
        recommender: Option<Recommender>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a model with its weights
    Show {
        /// Its version [default: the one in use]
        version: Option<u64>,
        #[command(flatten)]
        whose: Whose,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Use this version whatever is learnt later
    Pin {
        /// Its version; 0 for what the program ships
        version: u64,
        #[command(flatten)]
        whose: Whose,
    },
    /// Use the newest version again
    Unpin {
        #[command(flatten)]
        whose: Whose,
    },
    /// Go back to the version before the one in use, and stay there
    Rollback {
        #[command(flatten)]
        whose: Whose,
    },
}

/// Of which recommender.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Whose {
    /// Whose model: experts, communities, co-animators, search or skills
    #[arg(long, default_value = "experts", value_name = "NAME", value_parser = recommender)]
    recommender: Recommender,
}

impl ModelsArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let mut session = Session::open(config, IfAbsent::Fail)?;
        let mut choose = |whose: Whose, wish| {
            let recommender = whose.recommender.name().to_owned();
            let models = session.ask(Request::ChooseModel { recommender, wish })?;
            Ok::<_, Failure>(said(&models, whose.recommender))
        };
        let text = match self.action {
            Action::Pin { version, whose } => choose(whose, ModelWish::Pin { version })?,
            Action::Unpin { whose } => choose(whose, ModelWish::Unpin {})?,
            Action::Rollback { whose } => choose(whose, ModelWish::Rollback {})?,
            Action::List { recommender, json } => {
                let mut models = session.ask(Request::Models {})?;
                if let (Some(only), Some(items)) = (recommender, models["items"].as_array_mut()) {
                    items.retain(|model| model["recommender"] == only.name());
                }
                if json { format!("{models}\n") } else { table(&models) }
            }
            Action::Show { version, whose, json } => {
                let models = session.ask(Request::Models {})?;
                let model = found(&models, whose.recommender, version)?;
                if json { format!("{model}\n") } else { sheet(model) }
            }
        };
        print(&text)?;
        Ok(Done::Whole)
    }
}

/// The models of one recommender.
fn items(models: &Value, of: Recommender) -> impl Iterator<Item = &Value> {
    let all = models["items"].as_array().into_iter().flatten();
    all.filter(move |model| model["recommender"] == of.name())
}

fn found(models: &Value, of: Recommender, version: Option<u64>) -> Result<&Value, Failure> {
    let wanted = |model: &&Value| match version {
        Some(version) => model["version"] == version,
        None => model["in_use"] == true,
    };
    items(models, of).find(wanted).ok_or_else(|| {
        Failure::new(match version {
            Some(version) => format!("there is no model {version}: `antenne models list` shows those that there are"),
            None => "the server names no model in use".to_owned(),
        })
    })
}

/// What is in use now, in a line.
fn said(models: &Value, of: Recommender) -> String {
    let Some(model) = items(models, of).find(|model| model["in_use"] == true) else {
        return String::new();
    };
    let name = word(model, "name");
    if model["version"].is_null() {
        return format!("noted; the weights stay those that the configuration gives: {name}\n");
    }
    let pinned = if model["pinned"] == true { ", pinned" } else { "" };
    format!("in use: version {}{pinned}, {name}\n", model["version"])
}

/// Every model, under the name of its recommender. Writing into a string cannot fail.
fn table(models: &Value) -> String {
    let mut text = String::new();
    for which in Recommender::ALL {
        let mut models = items(models, which).peekable();
        if models.peek().is_some() {
            let _ = writeln!(text, "{}{}:", if text.is_empty() { "" } else { "\n" }, which.name());
        }
        models.for_each(|model| line_of(model, which, &mut text));
    }
    text
}

/// What `which` learns from, in a word.
fn queries(which: Recommender) -> &'static str {
    match which {
        Recommender::Experts => "questions",
        Recommender::Communities | Recommender::CoAnimators => "days",
        Recommender::Search => "tags",
        Recommender::Skills => "people",
    }
}

/// One model in a line.
fn line_of(model: &Value, which: Recommender, text: &mut String) {
    let version = match &model["version"] {
        Value::Null => "given".to_owned(),
        version => version.to_string(),
    };
    let _ = write!(text, "{version:>5}  {}", word(model, "name"));
    if let Some(made) = model["made"].as_str() {
        let _ = write!(text, "  made {made}");
    }
    let learnt = &model["learnt"];
    if learnt.is_object() {
        let (check, number) = (&learnt["check"], |value: &Value| value.as_f64().unwrap_or_default());
        let _ = write!(
            text,
            "  learnt from {} {}: nDCG@10 {:.3}, {:.3} before",
            learnt["examples"],
            queries(which),
            number(&check["learnt"]),
            number(&check["current"])
        );
    }
    match model["version"].as_u64() {
        None => text.push_str("  weights of the configuration: learnt ones are not used"),
        Some(0) => text.push_str("  shipped"),
        Some(_) if !learnt.is_object() => text.push_str("  shipped weights, its own basis"),
        Some(_) => {}
    }
    for (key, said) in [("pinned", "  pinned"), ("in_use", "  in use")] {
        if model[key] == true {
            text.push_str(said);
        }
    }
    text.push('\n');
}

/// One model with everything that is known of it.
fn sheet(model: &Value) -> String {
    let mut text = String::new();
    let which = Recommender::named(word(model, "recommender")).unwrap_or(Recommender::Experts);
    let mut line = |name: &str, value: &Value| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if !value.is_null() {
            let _ = writeln!(text, "{name:<24}{shown}");
        }
    };
    for (name, key) in [
        ("model", "name"),
        ("version", "version"),
        ("made", "made"),
        ("in use", "in_use"),
        ("pinned", "pinned"),
        ("terms of the basis", "terms"),
    ] {
        line(name, &model[key]);
    }
    let learnt = &model["learnt"];
    for (name, key) in [
        (&*format!("{} learnt from", queries(which)), "examples"),
        ("the first of them", "first"),
        ("the last of them", "last"),
        ("pull", "pull"),
    ] {
        line(name, &learnt[key]);
    }
    let check = &learnt["check"];
    for (name, key) in [
        (&*format!("{} checked on", queries(which)), "questions"),
        ("nDCG@10 then", "learnt"),
        ("nDCG@10 before", "current"),
        ("difference at least", "low"),
        ("difference at most", "high"),
    ] {
        line(name, &check[key]);
    }
    let _ = writeln!(text, "\n[{}]", which.section());
    for (signal, weight) in model["weights"].as_object().into_iter().flatten() {
        let _ = writeln!(text, "{signal} = {weight}");
    }
    text
}

fn word<'m>(model: &'m Value, name: &str) -> &'m str {
    model[name].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn models() -> Value {
        json!({"items": [
            {"recommender": "experts", "name": "learnt-b-2", "version": 2, "in_use": false, "pinned": false,
             "made": "2026-02-02T00:00:00Z", "terms": 9, "weights": {"recency": 0.5},
             "learnt": {"examples": 480, "first": "2024-01-01T00:00:00Z", "last": "2026-02-01T00:00:00Z", "pull": 0.01,
                "check": {"questions": 288, "current": 0.41234, "learnt": 0.45, "low": 0.02, "high": 0.06}}},
            {"recommender": "experts", "name": "default-a-1", "version": 1, "in_use": true, "pinned": true,
             "made": "2026-01-02T00:00:00Z", "terms": 8, "weights": {"recency": 1.5}},
            {"recommender": "experts", "name": "default-a", "version": 0, "in_use": false, "pinned": false, "terms": 0,
             "weights": {"recency": 1.5}},
            {"recommender": "communities", "name": "learnt-d", "version": 1, "in_use": true, "pinned": false,
             "made": "2026-02-02T00:00:00Z", "terms": 0, "weights": {"members": 0.5},
             "learnt": {"examples": 90, "first": "2024-01-01T00:00:00Z", "last": "2026-02-01T00:00:00Z", "pull": 0.01,
                "check": {"questions": 50, "current": 0.2, "learnt": 0.3, "low": 0.02, "high": 0.06}}},
        ]})
    }

    #[test]
    fn a_model_is_one_line_and_says_whether_it_is_in_use() {
        assert_eq!(
            table(&models()),
            "experts:\n    2  learnt-b-2  made 2026-02-02T00:00:00Z  learnt from 480 questions: nDCG@10 0.450, 0.412 before\n    \
             1  default-a-1  made 2026-01-02T00:00:00Z  shipped weights, its own basis  pinned  in use\n    \
             0  default-a  shipped\n\ncommunities:\n    \
             1  learnt-d  made 2026-02-02T00:00:00Z  learnt from 90 days: nDCG@10 0.300, 0.200 before  in use\n"
        );
        let given = json!({"items": [{"recommender": "experts", "name": "custom-c", "in_use": true, "pinned": false, "weights": {}}]});
        assert_eq!(
            table(&given),
            "experts:\ngiven  custom-c  weights of the configuration: learnt ones are not used  in use\n"
        );
    }

    #[test]
    fn what_was_chosen_is_said() {
        let of = Recommender::Experts;
        assert_eq!(said(&models(), of), "in use: version 1, pinned, default-a-1\n");
        assert_eq!(
            said(&models(), Recommender::Communities),
            "in use: version 1, learnt-d\n"
        );
        let given = json!({"items": [{"recommender": "experts", "name": "custom-c", "in_use": true}]});
        assert!(said(&given, of).contains("stay those that the configuration gives: custom-c"));
    }

    #[test]
    fn a_sheet_ends_with_the_weights() {
        let models = models();
        let sheet_of = |version| found(&models, Recommender::Experts, version).map(sheet);
        let joined = found(&models, Recommender::Communities, Some(1)).map(sheet).unwrap();
        assert!(
            joined.contains("days learnt from        90\n") && joined.ends_with("\n[communities]\nmembers = 0.5\n"),
            "{joined}"
        );
        let text = sheet_of(Some(2)).unwrap();
        assert!(text.contains("questions learnt from   480\n"), "{text}");
        assert!(text.ends_with("\n[experts]\nrecency = 0.5\n"), "{text}");
        assert!(
            sheet_of(None)
                .unwrap()
                .starts_with("model                   default-a-1\n")
        );
        assert!(sheet_of(Some(7)).unwrap_err().to_string().contains("no model 7"));
    }
}
