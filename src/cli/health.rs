//! `antenne health`: how the network is, or one community, as the HTTP answers say it or as lines to read.

use super::control::wire::{HealthWish, Request};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{CardRequest, Reader, Service, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::Value;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// Say how a community is, or the whole network
#[derive(Debug, clap::Args)]
pub struct HealthArgs {
    /// The identifier of a community; without one, the network
    community: Option<String>,
    /// The language of the texts [default: en]
    #[arg(long, alias = "lang")]
    language: Option<Language>,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl HealthArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let language = self.language.unwrap_or(config.language);
        let wish = HealthWish {
            community: self.community,
            language: language.tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::Health(wish))?;
        print(&if self.json {
            format!("{answer}\n")
        } else {
            listed(&answer, language)
        })?;
        Ok(Done::Whole)
    }
}

/// The operator, who reads of a community what its animators read.
pub(super) fn as_animator(community: &str, language: &str) -> CardRequest {
    CardRequest {
        tongue: Tongue::accepted(language),
        viewer: Some(Reader {
            person: None,
            communities: vec![community.to_owned()],
            animates: true,
        }),
    }
}

/// Says that a community is not there.
pub(super) fn no_community(community: &str) -> Failure {
    Failure::new(format!("there is no community `{community}`: check its identifier"))
}

/// The answer as HTTP gives it.
///
/// # Errors
/// When there is no such community.
pub fn answer(service: &Service, wish: HealthWish) -> Result<Value, Failure> {
    let Some(community) = wish.community else {
        let request = CardRequest {
            tongue: Tongue::accepted(&wish.language),
            viewer: None,
        };
        return Ok(http::network_json(service.network_health(&request)));
    };
    let community: String = community.nfc().collect();
    let card = service.community_card(&community, &as_animator(&community, &wish.language));
    Ok(http::community_json(card.map_err(|_| no_community(&community))?))
}

/// The words of a language.
#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn say(self, english: &'static str, french: &'static str) -> &'static str {
        match self.0 {
            Language::En => english,
            Language::Fr => french,
        }
    }

    /// A count, or the word for a small one.
    fn count(self, value: &Value) -> String {
        let few = || self.say("some", "quelques").to_owned();
        value.as_u64().map_or_else(few, |count| count.to_string())
    }
}

/// The answer as lines to read.
fn listed(answer: &Value, language: Language) -> String {
    let words = Words(language);
    let health = &answer["health"];
    let (mut text, findings) = if health.is_null() {
        (network(answer, words), &answer["findings"])
    } else {
        (community(answer, words), &health["findings"])
    };
    // Writing into a string cannot fail.
    for finding in findings.as_array().into_iter().flatten() {
        _ = writeln!(text, "- {}", finding["text"].as_str().unwrap_or_default());
        for days in finding["days"].as_array().into_iter().flatten() {
            let day = |key: &str| days[key].as_str().unwrap_or_default();
            _ = writeln!(text, "    {} – {}", day("from"), day("until"));
        }
    }
    text
}

/// The figures of the network.
fn network(answer: &Value, words: Words) -> String {
    let (forecast, mut text) = (&answer["forecast"], String::new());
    let mut line = |label: &str, value: &Value| _ = writeln!(text, "{label}: {value}");
    line(words.say("communities", "communautés"), &answer["communities"]);
    let alone = words.say("without animator", "sans personne pour animer");
    line(alone, &answer["without_animator"]);
    let filled = words.say("roles of animator filled", "rôles d’animation tenus");
    line(filled, &forecast["filled"]);
    line(
        words.say("needed now", "nécessaires aujourd’hui"),
        &forecast["needed_now"],
    );
    for needed in forecast["needed"].as_array().into_iter().flatten() {
        let (within, days) = (words.say("in", "dans"), words.say("days", "jours"));
        line(&format!("  {within} {} {days}", needed["in_days"]), &needed["roles"]);
    }
    text
}

/// The figures of a community.
fn community(answer: &Value, words: Words) -> String {
    let name = answer["name"].as_str().or(answer["community"].as_str());
    let kind = answer["kind"].as_str().unwrap_or_default();
    // Writing into a string cannot fail.
    let mut text = format!("{} ({kind})\n", name.unwrap_or_default());
    let circles = &answer["health"]["circles"];
    let parts = [
        ("core", words.say("core", "noyau")),
        ("active", words.say("active", "actifs")),
        ("occasional", words.say("occasional", "occasionnels")),
        ("silent", words.say("silent", "silencieux")),
    ];
    let parts = parts.map(|(key, label)| format!("{label} {}", words.count(&circles[key])));
    _ = writeln!(text, "{}: {}", words.say("people", "personnes"), parts.join(", "));
    let questions = &answer["questions"];
    let asked = words.count(&questions["asked"]);
    _ = write!(
        text,
        "{}: {asked}",
        words.say("questions in 90 days", "questions en 90 jours")
    );
    if let Some(rate) = questions["unanswered_rate"].as_f64() {
        let unanswered = words.say("without an answer for a week", "une semaine sans réponse");
        _ = write!(text, "; {unanswered}: {:.0} %", rate * 100.0);
    }
    if let Some(hours) = questions["first_answer_hours"].as_f64() {
        let first = words.say("first answer", "première réponse");
        _ = write!(text, "; {first}: {hours} h");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_community_is_told_in_a_few_lines() {
        let answer = json!({"community": "c", "name": "Pumps", "kind": "practice",
            "questions": {"asked": 18, "unanswered_rate": 0.22},
            "health": {"circles": {"core": 6, "active": "some", "occasional": 9, "silent": 12},
                "findings": [{"text": "So that …", "days": [{"from": "2026-03-10", "until": "2026-03-19"}]}]}});
        assert_eq!(
            listed(&answer, Language::En),
            "Pumps (practice)\npeople: core 6, active some, occasional 9, silent 12\nquestions in 90 days: 18; without an answer \
             for a week: 22 %\n- So that …\n    2026-03-10 – 2026-03-19\n"
        );
    }

    #[test]
    fn the_network_is_told_in_a_few_lines() {
        let answer = json!({"communities": 44, "without_animator": 3,
            "forecast": {"filled": 47, "needed_now": 70, "needed": [{"in_days": 90, "roles": 74}]},
            "findings": [{"text": "Pour que …"}]});
        assert_eq!(
            listed(&answer, Language::Fr),
            "communautés: 44\nsans personne pour animer: 3\nrôles d’animation tenus: 47\nnécessaires aujourd’hui: 70\n  dans 90 \
             jours: 74\n- Pour que …\n"
        );
    }
}
