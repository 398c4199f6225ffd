//! The demo company as a World, as of one fixed instant, with whatever else a test wants to have happened there.
//!
//! Its dates are rewritten as `data/demo/README.md` says. It knows nothing of rankings.

use antenne::domain::{Fact, Timestamp};
use antenne::fit::{SEED, basis};
use antenne::ingest::{FutureRule, decode};
use antenne::world::World;
use antenne::world::latent::TermKey;
use serde_json::{Value, json};
use std::sync::Arc;

/// 2026-03-10T12:00:00Z: the demo is loaded and the questions are asked at this instant.
pub const NOW: Timestamp = Timestamp::from_micros(1_773_144_000_000_000);

const FILES: [&str; 4] = ["people", "skills", "communities", "threads"];
/// The keys of `data` that may hold a day.
const DAYS: [&str; 6] = ["joined", "from", "until", "starts", "ends", "review"];
/// A basis is kept by no test: its key hides nothing.
const KEY: TermKey = TermKey([0; 16]);

/// The demo's own events, dated.
pub fn demo() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo");
    let mut events = Vec::new();
    for name in FILES {
        let path = format!("{folder}/{name}.events.jsonl");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        events.extend(
            text.lines()
                .map(|line| dated(serde_json::from_str(line).expect("JSON"))),
        );
    }
    events
}

/// A World of `events` that reads subjects by the basis of its own questions, as `antenne demo` does.
pub fn world(events: &[Value]) -> World {
    let mut world = World::default();
    for event in events {
        world.apply(fact(event));
    }
    let found = basis(world.view(), KEY, SEED).expect("there are enough questions");
    world.set_basis(Some(Arc::new(found)));
    world
}

/// An event of another source than the demo's; `days` before [`NOW`], and `minutes` later.
pub fn event(id: &str, kind: &str, days: i64, minutes: i64, data: &Value) -> Value {
    json!({"id": id, "source": "golden", "type": kind, "at": before(days * 1440 - minutes), "data": data})
}

/// A question and an answer to it, an hour later. `of` becomes part of the identifiers.
pub fn exchange(of: &str, days: i64, question: Value, author: &str, answer: &str) -> [Value; 2] {
    let id = format!("q/{of}");
    let mut asked = question;
    asked["question"] = Value::from(id.as_str());
    let answered = json!({"answer": format!("a/{of}"), "question": id, "author": author, "body": answer});
    [
        event(&format!("{of}-asked"), "question.created", days, 0, &asked),
        event(&format!("{of}-answered"), "answer.created", days, 60, &answered),
    ]
}

/// What `event` says; a test's own events are in order.
fn fact(event: &Value) -> Fact {
    let line = event.to_string();
    let decoded = decode(line.as_bytes(), FutureRule::Reject { now: NOW });
    decoded.unwrap_or_else(|why| panic!("{why:?}: {line}")).fact
}

/// The instant so many minutes before [`NOW`], as RFC 3339.
fn before(minutes: i64) -> String {
    let at = NOW.plus_micros(-minutes * 60_000_000);
    jiff::Timestamp::from_microsecond(at.micros())
        .expect("an instant of our time")
        .to_string()
}

fn dated(mut event: Value) -> Value {
    if let Some(minutes) = relative(&event["at"]) {
        event["at"] = Value::from(before(minutes));
    }
    for key in DAYS {
        let Some(value) = event["data"].get_mut(key) else {
            continue;
        };
        if let Some(minutes) = relative(value) {
            *value = Value::from(&before(minutes)[..10]);
        }
    }
    event
}

/// How many minutes ago `@-12d3h5m` was; negative for what is to come.
fn relative(value: &Value) -> Option<i64> {
    let mut rest = value.as_str()?.strip_prefix('@')?;
    let ago = if rest.starts_with('-') { 1 } else { -1 };
    rest = &rest[1..];
    let mut minutes = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).expect("a unit");
        let (count, unit) = rest.split_at(digits);
        let worth = [("d", 1440), ("h", 60), ("m", 1)];
        let (_, worth) = worth
            .iter()
            .find(|(name, _)| unit.starts_with(name))
            .expect("d, h or m");
        minutes += ago * worth * count.parse::<i64>().expect("a count");
        rest = &unit[1..];
    }
    Some(minutes)
}
