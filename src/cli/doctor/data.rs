//! What is in the data, as far as it can be told in a moment: keys, sources, the newest event, lines not taken.

use super::Findings;
use crate::app::{Condition, Scope};
use crate::calendar::rfc3339;
use crate::cli::control::wire::Request;
use crate::cli::control::{Client, desk};
use crate::config::{Config, Source};
use crate::domain::Timestamp;
use crate::store::Look;
use serde_json::Value;

/// The first day of 2024, in microseconds: before it this program was not there, so a clock that says so was never set.
const OLDEST_CLOCK_MICROS: i64 = 1_704_067_200_000_000;
const DAY_MINUTES: u64 = 24 * 60;
/// Without an event for so long, a platform has probably stopped sending.
const SILENCE_MINUTES: u64 = 3 * DAY_MINUTES;
/// Keys that end so soon are mentioned.
const SOON_MINUTES: u64 = 14 * DAY_MINUTES;
/// What only a source that was declared for it may say of people, apart from themselves.
const BINDING: &str = "absence.set";

/// The condition of data that nobody owns; null when it cannot be told.
pub fn of_look(look: &Look, now: Timestamp, found: &mut Findings) -> Value {
    match Condition::of(look, now) {
        Ok(condition) => desk::condition(&condition),
        Err(error) => {
            found.fail("data", error.to_string(), "do what it says; `antenne verify` says more");
            Value::Null
        }
    }
}

/// The condition that a running server tells; null when it does not.
pub fn of_server(mut client: Client, found: &mut Findings) -> Value {
    client.ask(&Request::Condition {}).unwrap_or_else(|why| {
        found.fail("data", why.to_string(), "see the log of the server");
        Value::Null
    })
}

fn instant(value: &Value) -> Option<Timestamp> {
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}

/// An instant for people.
fn to_the_second(at: Timestamp) -> String {
    const SECOND: i64 = 1_000_000;
    rfc3339(Timestamp::from_micros(at.micros().div_euclid(SECOND) * SECOND))
}

/// Whether the clock can be right: dates decide who is away and what is old.
pub fn clock(now: Timestamp, condition: &Value, found: &mut Findings) {
    let newest = instant(&condition["newest_at"]);
    if now.micros() < OLDEST_CLOCK_MICROS {
        found.fail(
            "clock",
            format!("it says {}", to_the_second(now)),
            "set the clock, and keep it set with NTP",
        );
    } else if newest.is_some_and(|newest| newest.minutes_since(now) > DAY_MINUTES) {
        found.warn(
            "clock",
            format!(
                "it says {}, and an event lies more than a day ahead of it",
                to_the_second(now)
            ),
            "set the clock, or correct the source that dates its events in the future",
        );
    } else {
        found.ok("clock", to_the_second(now));
    }
}

/// Examines keys, sources and what came in.
pub fn examine(config: &Config, condition: &Value, now: Timestamp, found: &mut Findings) {
    let keys: Vec<&Value> = condition["keys"].as_array().into_iter().flatten().collect();
    let valid: Vec<&Value> = keys.iter().copied().filter(|key| is_valid(key, now)).collect();
    of_keys(keys.len(), &valid, now, found);
    of_sources(condition, &valid, found);
    of_authority(config, condition, found);
    of_events(condition, now, found);
}

fn is_valid(key: &Value, now: Timestamp) -> bool {
    key["revoked_at"].is_null() && instant(&key["expires_at"]).is_none_or(|end| end > now)
}

fn has(list: &Value, word: &str) -> bool {
    list.as_array().into_iter().flatten().any(|item| item == word)
}

fn names(keys: &[&Value]) -> String {
    let names: Vec<_> = keys.iter().filter_map(|key| key["name"].as_str()).collect();
    names.join(", ")
}

fn of_keys(all: usize, valid: &[&Value], now: Timestamp, found: &mut Findings) {
    let make = "antenne keys create --name plugin --scopes events:write,recommend:read --sources forum";
    if all == 0 {
        found.warn("keys", "there is none: nobody can ask anything over HTTP", make);
        return;
    }
    if valid.is_empty() {
        found.warn("keys", format!("all {all} are revoked or have ended"), make);
        return;
    }
    let soon = |key: &&&Value| instant(&key["expires_at"]).is_some_and(|end| end.minutes_since(now) < SOON_MINUTES);
    let ending: Vec<&Value> = valid.iter().filter(soon).copied().collect();
    if ending.is_empty() {
        found.ok(
            "keys",
            format!("{} valid, {} revoked or ended", valid.len(), all - valid.len()),
        );
    } else {
        found.warn(
            "keys",
            format!("{} end within two weeks", names(&ending)),
            "make new ones and hand them out",
        );
    }
}

fn of_sources(condition: &Value, valid: &[&Value], found: &mut Findings) {
    let writes = |key: &&&Value| has(&key["scopes"], Scope::EventsWrite.name());
    let writers: Vec<&Value> = valid.iter().filter(writes).copied().collect();
    let seen: Vec<_> = condition["sources"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let unbound: Vec<&Value> = writers
        .iter()
        .filter(|key| key["sources"].as_array().is_none_or(Vec::is_empty))
        .copied()
        .collect();
    if !unbound.is_empty() {
        found.warn(
            "sources",
            format!("{} may write as any source", names(&unbound)),
            "make keys with --sources, one for each platform, and revoke these",
        );
    } else if !seen.is_empty() {
        found.ok("sources", format!("events came from {} lately", seen.join(", ")));
    }
}

/// Whether somebody may say who is away, and whether anything is said of the sources that send.
fn of_authority(config: &Config, condition: &Value, found: &mut Findings) {
    let declared = |source: &Source| source.authoritative.iter().any(|kind| kind == BINDING);
    let seen = condition["sources"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let unknown: Vec<_> = seen.filter(|source| !config.sources.contains_key(*source)).collect();
    if !config.sources.values().any(declared) {
        found.warn(
            "authority",
            "no source is declared for absences: who is away is known only from the persons themselves",
            "in antenne.toml: [sources.hr] authoritative = [\"absence.set\", \"absence.cleared\"]",
        );
    } else if unknown.is_empty() {
        found.ok("authority", "every source that sent lately is in the configuration");
    } else {
        found.warn(
            "authority",
            format!(
                "nothing is said of {}: they may state nothing that binds people",
                unknown.join(", ")
            ),
            "if that is meant, say so in antenne.toml: [sources.NAME] authoritative = []",
        );
    }
}

fn of_events(condition: &Value, now: Timestamp, found: &mut Findings) {
    match instant(&condition["newest_at"]) {
        None => found.warn(
            "events",
            "there is none yet",
            "antenne import FILE, or POST /v1/events: see docs/EVENTS.md",
        ),
        Some(newest) if now.minutes_since(newest) > SILENCE_MINUTES => found.warn(
            "events",
            format!(
                "the newest is of {}: {} days ago",
                to_the_second(newest),
                now.minutes_since(newest) / DAY_MINUTES
            ),
            "see whether the platform still sends, and what it is answered",
        ),
        Some(newest) => {
            let generation = &condition["generation"];
            found.ok(
                "events",
                format!("{generation} came; the newest is of {}", to_the_second(newest)),
            );
        }
    }
    let count = |name: &str| condition[name].as_u64();
    if let Some(ignored) = count("ignored") {
        let detail = format!("{ignored} lines about groups that are left out, since the start of the server");
        found.ok("ignored", detail);
    }
    match count("rejected") {
        Some(rejected) if rejected > 0 => found.warn(
            "rejected",
            format!("{rejected} lines could not be taken since the start of the server"),
            "the answer to each batch names the line, the field and what to do: see docs/EVENTS.md",
        ),
        Some(_) => found.ok("rejected", "no line since the start of the server"),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_micros(1_772_442_030_000_000);

    fn levels(condition: &Value) -> Vec<(&'static str, Level)> {
        let declared = |types: &[&str]| Source {
            authoritative: types.iter().map(|&kind| kind.to_owned()).collect(),
            ..Source::default()
        };
        let sources = [("forum", declared(&[])), ("hr", declared(&[BINDING]))];
        let config = Config {
            sources: sources.map(|(name, source)| (name.to_owned(), source)).into(),
            ..Config::default()
        };
        levels_with(&config, condition)
    }

    fn levels_with(config: &Config, condition: &Value) -> Vec<(&'static str, Level)> {
        let mut found = Findings::default();
        clock(NOW, condition, &mut found);
        examine(config, condition, NOW, &mut found);
        found.0.iter().map(|finding| (finding.check, finding.level)).collect()
    }

    fn key(sources: &[&str], revoked: Option<&str>, expires: Option<&str>) -> Value {
        json!({"name": "k", "scopes": ["events:write"], "sources": sources, "revoked_at": revoked, "expires_at": expires})
    }

    #[test]
    fn data_in_good_order_is_ok_throughout() {
        let condition = json!({"generation": 9, "newest_at": "2026-03-02T08:00:00Z", "sources": ["forum"],
            "keys": [key(&["forum"], None, None), key(&["hr"], None, Some("2027-01-01T00:00:00Z"))],
            "ignored": 3, "rejected": 0});
        let levels = levels(&condition);
        assert_eq!(levels.len(), 7, "{levels:?}");
        assert!(levels.iter().all(|(_, level)| *level == Level::Ok), "{levels:?}");
    }

    #[test]
    fn instants_are_told_to_the_second() {
        assert_eq!(to_the_second(Timestamp::from_micros(1_999_999)), "1970-01-01T00:00:01Z");
        assert_eq!(to_the_second(Timestamp::from_micros(-1)), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn each_trouble_is_seen() {
        let seen = |keys: Value, newest: &str, check: &'static str| {
            let condition = json!({"newest_at": newest, "sources": ["wiki"], "keys": keys, "rejected": 2});
            let levels = levels(&condition);
            assert!(levels.contains(&(check, Level::Warn)), "{check}: {levels:?}");
        };
        let today = "2026-03-02T08:00:00Z";
        seen(json!([]), today, "keys");
        seen(json!([key(&["forum"], Some(today), None)]), today, "keys");
        for end in ["2026-01-01T00:00:00Z", "2026-03-10T00:00:00Z"] {
            seen(json!([key(&["forum"], None, Some(end))]), today, "keys");
        }
        seen(json!([key(&[], None, None)]), today, "sources");
        seen(json!([]), today, "authority");
        seen(json!([]), "2026-02-01T00:00:00Z", "events");
        seen(json!([]), "2026-04-01T00:00:00Z", "clock");
        seen(json!([]), today, "rejected");
        let undeclared = levels_with(&Config::default(), &json!({"sources": []}));
        assert!(undeclared.contains(&("authority", Level::Warn)), "{undeclared:?}");
    }
}
