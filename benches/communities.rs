//! How long it takes to tell a person where they may belong, to read the card of a large community, and to name people who
//! could co-animate one: in an organisation of 5,000 communities, 200,000 memberships and 50,000 people, on one thread, through
//! the service and without the wire.
//!
//! Run: `cargo bench --bench communities`. Data: made up here, from a seed; nothing is read.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

#[path = "common/random.rs"]
mod random;

use antenne::app::{
    Ahead, CardRequest, Clock, CoAnimatorsRequest, CommunitiesRequest, Manner, NumberedLine, Service, Settings,
    Sources, Tongue,
};
use antenne::domain::{DAY_MICROS, Timestamp};
use random::{Draws, Uneven as _};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SEED: u64 = 20_261_122;
const PEOPLE: usize = 50_000;
const COMMUNITIES: usize = 5_000;
const MEMBERSHIPS: usize = 200_000;
const QUESTIONS: usize = 20_000;
/// Days over which it all happened, and the day on which answers are asked for.
const DAYS: usize = 1_500;
const NOW: Timestamp = Timestamp::from_micros(20_500 * DAY_MICROS);
/// Lines that are taken in at once.
const BATCH: usize = 5_000;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = open(&folder.path().join("data"));
    let start = Instant::now();
    let events = tell(&service);
    println!(
        "{events} events taken in: {:.1} s, {:.0} MiB",
        start.elapsed().as_secs_f64(),
        peak_mib()
    );
    let pages =
        |first: usize, step: usize| -> Vec<String> { (0..300).map(|n| format!("p{}", first + n * step)).collect() };
    told("page of somebody who belongs somewhere", &pages(0, 160), |id| {
        page(&service, id)
    });
    told("page of a newcomer", &pages(PEOPLE, 1), |id| page(&service, id));
    let large: Vec<String> = (0..100).map(|n| format!("c{n}")).collect();
    told("card of a large community", &large, |id| card(&service, id));
    told("co-animators of a large community", &large, |id| {
        co_animators(&service, id)
    });
    let others: Vec<String> = (0..300).map(|n| format!("c{}", 100 + n * 16)).collect();
    told("card of another community", &others, |id| card(&service, id));
    told("co-animators of another community", &others, |id| {
        co_animators(&service, id)
    });
    println!("afterwards: {:.0} MiB", peak_mib());
}

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

fn open(folder: &std::path::Path) -> Service {
    let settings = Settings {
        folder: folder.to_owned(),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        manner: Manner::Vous,
        recommendations_bytes: 1 << 20,
        sources: Sources::default(),
    };
    Service::open(settings, Arc::new(Still)).expect("a service")
}

fn page(service: &Service, person: &str) -> usize {
    let request = CommunitiesRequest {
        limit: 10,
        tongue: Tongue::English,
        viewer: None,
        after: Vec::new(),
    };
    let reply = service.communities_for(person, &request).expect("somebody known");
    reply.answer.items.len()
}

fn card(service: &Service, community: &str) -> usize {
    let request = CardRequest {
        tongue: Tongue::English,
        viewer: None,
    };
    service
        .community_card(community, &request)
        .expect("a community")
        .shows
        .members
}

fn co_animators(service: &Service, community: &str) -> usize {
    let request = CoAnimatorsRequest {
        limit: 5,
        tongue: Tongue::English,
        viewer: None,
        anywhere: true,
    };
    let reply = service.co_animators(community, &request).expect("a community");
    reply.answer.items.len()
}

/// Asks for each of `ids` once, after ten that nobody counts, and tells how long it took.
fn told(what: &str, ids: &[String], ask: impl Fn(&str) -> usize) {
    ids.iter().take(10).for_each(|id| _ = ask(id));
    let mut shown = 0;
    let timed = |id: &String| {
        let start = Instant::now();
        shown += ask(id);
        start.elapsed()
    };
    let mut times: Vec<Duration> = ids.iter().map(timed).collect();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)].as_secs_f64() * 1e3;
    let each = shown as f64 / ids.len() as f64;
    println!(
        "{what} ({each:.1} items): p50 {:.2} ms, p99 {:.2} ms",
        at(0.5),
        at(0.99)
    );
}

/// The most memory that this process held so far.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|kib| kib.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map_or(f64::NAN, |kib| kib / 1024.0)
}

/// The events of the organisation, handed to the service a batch at a time.
struct Told<'a> {
    service: &'a Service,
    lines: Vec<String>,
    events: usize,
}

impl Told<'_> {
    fn say(&mut self, kind: &str, day: usize, data: &Value) {
        let at =
            jiff::Timestamp::from_second(NOW.micros() / 1_000_000 - (DAYS - day) as i64 * 86_400).expect("an instant");
        let (id, data) = (self.events, data.to_string());
        self.lines.push(format!(
            r#"{{"id":"{id}","source":"bench","type":"{kind}","at":"{at}","data":{data}}}"#
        ));
        self.events += 1;
        if self.lines.len() == BATCH {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let mut numbered = (1..).zip(self.lines.iter().map(|line| Ok(line.as_bytes())));
        let taken: Vec<NumberedLine> = self.service.read(&mut numbered, None, Ahead::Refused).taken;
        let report = self.service.take(taken)().expect("taken in");
        assert_eq!(report.accepted, self.lines.len() as u64, "{:?}", report.rejected);
        self.lines.clear();
    }
}

/// The organisation: people of 200 units and 20 employers; communities on three of 400 subjects each, the first ones large;
/// questions in communities, answered by their members; and 300 newcomers who have a profile and nothing else. Returns how
/// many events that took.
fn tell(service: &Service) -> usize {
    let mut random = Draws(SEED);
    let mut told = Told {
        service,
        lines: Vec::new(),
        events: 0,
    };
    let kinds = ["interest", "practice", "project", "watch", "team"];
    for c in 0..COMMUNITIES {
        let topics: Vec<String> = (0..3).map(|_| format!("subject {}", random.below(400))).collect();
        let data = json!({"community": format!("c{c}"), "name": format!("Circle {c}"), "kind": kinds[random.below(5)],
            "access": "open", "topics": topics, "language": "en", "description": format!("All about {}", topics.join(" and "))});
        told.say("community.upserted", 0, &data);
    }
    for p in 0..PEOPLE + 300 {
        let unit = random.below(200);
        let data = json!({"person": format!("p{p}"), "name": format!("Person {p}"), "unit": format!("Org/{}/{unit}", unit / 20),
            "employer": format!("Firm {}", random.few(20)), "site": format!("Town {}", random.below(12)),
            "title": format!("Engineer of subject {}", random.below(400)), "languages": ["en"], "status": "permanent"});
        told.say("person.upserted", 1, &data);
    }
    let members = memberships(&mut told, &mut random);
    for q in 0..QUESTIONS {
        let (c, day) = (random.few(COMMUNITIES), 2 + q * (DAYS - 3) / QUESTIONS);
        let (asker, author) = (random.below(PEOPLE), random.below(members[c].len().max(1)));
        let data = json!({"question": format!("q{q}"), "asker": format!("p{asker}"), "community": format!("c{c}"),
            "title": format!("How does subject {} go with subject {}?", random.below(400), random.below(400)),
            "tags": [format!("subject {}", random.below(400))]});
        told.say("question.created", day, &data);
        if let Some(author) = members[c].get(author).filter(|_| q % 5 > 0) {
            let data = json!({"question": format!("q{q}"), "answer": format!("a{q}"), "author": format!("p{author}")});
            told.say("answer.created", day, &data);
        }
    }
    told.hand_over();
    told.events
}

/// Says who joins what, and returns who is in each community.
fn memberships(told: &mut Told<'_>, random: &mut Draws) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); COMMUNITIES];
    for n in 0..MEMBERSHIPS {
        // Most belong to a few communities, and a hundred people to forty.
        let p = if n.is_multiple_of(50) {
            random.below(100)
        } else {
            random.below(PEOPLE)
        };
        let (c, day) = (random.few(COMMUNITIES), 2 + n * (DAYS - 3) / MEMBERSHIPS);
        let role = if members[c].len().is_multiple_of(80) {
            "animator"
        } else {
            "member"
        };
        members[c].push(p);
        let data = json!({"person": format!("p{p}"), "community": format!("c{c}"), "role": role});
        told.say("membership.added", day, &data);
    }
    members
}
