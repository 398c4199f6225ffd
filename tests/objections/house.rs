//! An organisation in which everybody is named by some route, told with instants of the last year.
//!
//! Whoever may object has a name that no other word contains, so that a name in an answer is found as bytes.

use serde_json::{Value, json};

/// People who object.
pub const PEOPLE: usize = 28;
/// Communities; person `n` belongs to the communities `n % COMMUNITIES` and the next one.
pub const COMMUNITIES: usize = 4;
/// What people know; person `n` states the one at `n % CRAFTS.len()` and answered about it and the next one.
pub const CRAFTS: [&str; 6] = ["soudage", "turbine", "forage", "tressage", "vernis", "reliure"];
/// Newcomers, who read and never object.
pub const NEWCOMERS: usize = 3;

/// Person `n`, as identifiers and names hold them.
pub fn token(n: usize) -> String {
    format!("x{n:02}x")
}

/// Whether person `n` animates the community `n % COMMUNITIES`; the last one has nobody.
pub fn animates(n: usize) -> bool {
    n < 2 * COMMUNITIES && n % COMMUNITIES != COMMUNITIES - 1
}

/// Everybody who may object and whom `text` names.
pub fn named(text: &str) -> Vec<usize> {
    let text = text.to_lowercase();
    (0..PEOPLE).filter(|&n| text.contains(&token(n))).collect()
}

/// Events as lines, numbered on from where the last ones ended.
pub struct Teller {
    next: usize,
    lines: Vec<String>,
}

impl Teller {
    pub fn new() -> Self {
        Self {
            next: 0,
            lines: Vec::new(),
        }
    }

    /// Says that something happened `hours` ago.
    pub fn say(&mut self, hours: i64, kind: &str, data: Value) {
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        self.next += 1;
        let line =
            json!({"id": self.next.to_string(), "source": "forum", "type": kind, "at": at.to_string(), "data": data});
        self.lines.push(line.to_string());
    }

    /// A question about `craft` and the accepted answer of person `n`.
    pub fn answered(&mut self, hours: i64, craft: usize, n: usize) {
        let id = format!("q{}", self.next);
        let title = format!("Comment régler le {} à froid ?", CRAFTS[craft]);
        self.say(
            hours,
            "question.created",
            json!({"question": id, "asker": format!("demande{}", n % 3), "title": title, "tags": [CRAFTS[craft]],
                "community": format!("c{}", n % COMMUNITIES)}),
        );
        self.say(
            hours - 1,
            "answer.created",
            json!({"answer": format!("a-{id}"), "question": id, "author": token(n), "body": "Ainsi."}),
        );
        self.say(hours - 1, "answer.accepted", json!({"answer": format!("a-{id}")}));
    }

    /// What was said since the last time, as one batch.
    pub fn batch(&mut self) -> String {
        std::mem::take(&mut self.lines).join("\n")
    }
}

/// The whole organisation.
pub fn tell(teller: &mut Teller) {
    for (n, craft) in CRAFTS.iter().enumerate() {
        teller.say(
            9_000,
            "skill.upserted",
            json!({"skill": format!("s{n}"), "labels": {"fr": craft}}),
        );
    }
    for n in 0..COMMUNITIES {
        teller.say(
            9_000,
            "community.upserted",
            json!({"community": format!("c{n}"), "name": format!("Cercle {}", CRAFTS[n]), "access": "open", "language": "fr",
                "kind": if n == 3 { "interest" } else { "practice" }, "topics": [CRAFTS[n], CRAFTS[n + 1]]}),
        );
    }
    for (n, craft) in CRAFTS.iter().enumerate().take(3) {
        teller.say(
            9_000,
            "project.upserted",
            json!({"project": format!("pr{n}"), "name": format!("Atelier {n}"), "topics": [craft]}),
        );
    }
    for who in ["demande0", "demande1", "demande2"] {
        teller.say(
            9_000,
            "person.upserted",
            json!({"person": who, "name": who, "unit": "Groupe/Accueil"}),
        );
    }
    (0..PEOPLE).for_each(|n| person(teller, n));
    (0..NEWCOMERS).for_each(|n| newcomer(teller, n));
    for (n, craft) in CRAFTS.iter().enumerate() {
        teller.say(
            48,
            "question.created",
            json!({"question": format!("open{n}"), "asker": "demande0", "title": format!("Comment régler le {craft} à chaud ?"),
                "tags": [craft]}),
        );
    }
}

fn person(teller: &mut Teller, n: usize) {
    let (who, craft) = (token(n), n % CRAFTS.len());
    teller.say(
        8_900,
        "person.upserted",
        json!({"person": who, "name": format!("N{who} L{who}"), "unit": "Groupe/Atelier", "languages": ["fr"]}),
    );
    for (place, hours) in [(n % COMMUNITIES, 8_000), ((n + 1) % COMMUNITIES, 7_000)] {
        let role = if animates(n) && place == n % COMMUNITIES {
            "animator"
        } else {
            "member"
        };
        teller.say(
            hours,
            "membership.added",
            json!({"person": who, "community": format!("c{place}"), "role": role}),
        );
    }
    teller.say(
        5_000,
        "participation.started",
        json!({"person": who, "project": format!("pr{}", n % 3), "role": "member"}),
    );
    for (hours, about) in [(900, craft), (700, craft + 1), (200, craft + 1)] {
        teller.answered(hours + n as i64, about % CRAFTS.len(), n);
    }
    said_of(teller, n, craft);
    if n >= PEOPLE - 4 {
        joined_lately(teller, n);
    }
}

/// What somebody says they know, what a colleague says, and what they offer.
fn said_of(teller: &mut Teller, n: usize, craft: usize) {
    let (who, skill) = (token(n), format!("s{craft}"));
    teller.say(
        4_000,
        "skill.asserted",
        json!({"person": who, "skill": skill, "origin": "declared", "level": 0.6}),
    );
    // Somebody's word about somebody else: it may be counted, and never names who gave it.
    teller.say(
        3_900,
        "skill.asserted",
        json!({"person": who, "skill": skill, "origin": "endorsed", "by": token((n + 5) % PEOPLE)}),
    );
    if (8..16).contains(&n) {
        teller.say(
            500,
            "animation.offered",
            json!({"person": who, "communities": [format!("c{}", n % COMMUNITIES)], "hours_per_week": 3}),
        );
    }
}

/// Somebody joined lately and waits for a first answer.
fn joined_lately(teller: &mut Teller, n: usize) {
    let (who, place) = (token(n), format!("c{}", (n + 2) % COMMUNITIES));
    teller.say(
        100,
        "membership.added",
        json!({"person": who, "community": place, "role": "member"}),
    );
    teller.say(
        60,
        "question.created",
        json!({"question": format!("first{n}"), "asker": who, "title": "Où sont les gabarits ?", "community": place}),
    );
}

/// Somebody who just arrived in a project: whom they could greet and what their colleagues know is told to them.
fn newcomer(teller: &mut Teller, n: usize) {
    let who = format!("neuf{n}");
    teller.say(
        300,
        "person.upserted",
        json!({"person": who, "name": who, "unit": "Groupe/Atelier", "languages": ["fr"]}),
    );
    teller.say(
        290,
        "participation.started",
        json!({"person": who, "project": format!("pr{n}"), "role": "member"}),
    );
}
