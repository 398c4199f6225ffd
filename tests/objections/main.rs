//! An objection acts at once, and for good: thousands of calls to the real binary, over HTTP and in an order drawn from a
//! seed, in which people object, take objections back and are talked about, while the server is killed (SIGKILL), stopped,
//! and restored from backups. After every objection that was answered, and after every death, whoever objects is in no
//! answer of that purpose: not proposed, not to greet, not found, not in a text, not behind a reason.
//!
//! 700 calls by default; `ANTENNE_OBJECTION_CALLS=10000 cargo test --release --test objections` is the long run.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "not every test asks everything of the binary")]
mod common;

mod house;
mod looks;
mod maps;
mod office;
mod own;

use house::{CRAFTS, PEOPLE, Teller, named, token};
use looks::{Look, PURPOSES, Refused, blind, breaches, looks};
use office::Office;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn calls() -> usize {
    let told = std::env::var("ANTENNE_OBJECTION_CALLS").ok();
    told.and_then(|n| n.parse().ok()).unwrap_or(700)
}

/// A small generator of numbers that look random, so that a failing run can be told again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

/// An office, everything that people said to it, and what nobody may find in its answers.
struct Life {
    office: Office,
    teller: Teller,
    dice: Dice,
    refused: Refused,
    /// Who contests which skill.
    contested: BTreeSet<(usize, usize)>,
    looks: Vec<Look>,
    /// Whom each of the looks named before anybody objected.
    before: Vec<BTreeSet<usize>>,
    /// By kind of look: how often somebody was looked for in vain whom it had named before.
    missed: BTreeMap<&'static str, usize>,
    objections: usize,
}

impl Life {
    fn begin(seed: u64) -> Self {
        let mut teller = Teller::new();
        let mut office = Office::open(&mut teller);
        let looks = looks();
        let before = looks
            .iter()
            .map(|look| named(&office.look(look)).into_iter().collect())
            .collect();
        Self {
            office,
            teller,
            dice: Dice(seed),
            refused: Refused::new(),
            contested: BTreeSet::new(),
            looks,
            before,
            missed: BTreeMap::new(),
            objections: 0,
        }
    }

    /// One thing happens.
    fn step(&mut self) {
        match self.dice.roll(20) {
            0..=7 => self.happen(),
            8..=13 => self.object(),
            14 | 15 => self.contest(),
            16 => self.relent(),
            17 => self.impose(),
            _ => {
                let look = self.dice.roll(self.looks.len());
                self.look_for_all(look);
            }
        }
    }

    /// The server dies in one of four ways, and is there again.
    fn die(&mut self, turn: usize) {
        match turn % 4 {
            0 => self.office.kill(),
            1 => self.office.restore(),
            2 => self.office.rebuild(),
            _ => self.office.restore_older(),
        }
    }

    /// More is told of somebody: evidence of what they know, whoever contests it.
    fn happen(&mut self) {
        let (n, craft) = (self.dice.roll(PEOPLE), self.dice.roll(CRAFTS.len()));
        let by = token(self.dice.roll(PEOPLE));
        match self.dice.roll(3) {
            0 => self.teller.answered(2, craft, n),
            1 => self.teller.say(
                0,
                "membership.added",
                json!({"person": token(n), "community": format!("c{}", craft % house::COMMUNITIES), "role": "member"}),
            ),
            _ => self.teller.say(
                0,
                "skill.asserted",
                json!({"person": token(n), "skill": format!("s{craft}"), "origin": "endorsed", "by": by}),
            ),
        }
        let (status, report) = self.office.call("POST", "/v1/events", "platform", &self.teller.batch());
        assert_eq!(status, 200, "{report}");
    }

    /// Somebody objects, by one of the ways there are, and is looked for at once.
    fn object(&mut self) {
        let n = self.dice.roll(PEOPLE);
        let purpose = if self.dice.roll(6) == 0 {
            "all"
        } else {
            self.dice.one(&PURPOSES)
        };
        self.say_no(n, purpose);
        self.note(n, purpose, false);
        self.objections += 1;
        // A crash right after the answer: what was answered holds.
        if self.dice.roll(12) == 0 {
            self.office.kill();
        }
        self.look_for(n);
    }

    fn say_no(&mut self, n: usize, purpose: &str) {
        let who = token(n);
        let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 40);
        let until = until.strftime("%Y-%m-%d").to_string();
        let mut wish = json!({"purpose": purpose, "allowed": false});
        let officers = format!("/v1/people/{who}/preferences");
        let (status, answer) = match self.dice.roll(5) {
            0 | 1 => self.office.call("PUT", "/v1/me/preferences", &who, &wish.to_string()),
            2 => {
                wish["until"] = until.into();
                self.office.call("PUT", "/v1/me/preferences", &who, &wish.to_string())
            }
            3 => self.office.call("PUT", &officers, "officer", &wish.to_string()),
            _ if purpose == "all" => {
                let said = self.office.command(&["person", "pause", &who, "--json"]);
                (200, serde_json::from_str(&said).expect("what holds now"))
            }
            _ => {
                wish["person"] = who.into();
                self.teller.say(0, "preference.set", wish);
                self.office.call("POST", "/v1/events", "officer", &self.teller.batch())
            }
        };
        assert!(
            status == 200 && answer["rejected"].as_array().is_none_or(Vec::is_empty),
            "{status} {answer}"
        );
    }

    fn note(&mut self, n: usize, purpose: &str, allowed: bool) {
        let refused = self.refused.entry(n).or_default();
        for known in PURPOSES.iter().filter(|known| purpose == "all" || **known == purpose) {
            if allowed {
                refused.remove(known);
            } else {
                refused.insert(*known);
            }
        }
    }

    /// Somebody contests a skill that they state or that is concluded; whatever is said later, it is not theirs.
    fn contest(&mut self) {
        let n = self.dice.roll(PEOPLE);
        let craft = (n + self.dice.roll(2)) % CRAFTS.len();
        let target = format!("/v1/me/skills/s{craft}");
        let body = json!({"stand": "contested"}).to_string();
        let (status, answer) = self.office.call("PUT", &target, &token(n), &body);
        assert_eq!(status, 200, "{answer}");
        self.contested.insert((n, craft));
        self.objections += 1;
        own::contested(&mut self.office, n, craft);
    }

    /// Somebody allows something again.
    fn relent(&mut self) {
        let Some(&n) = self.refused.keys().nth(self.dice.roll(self.refused.len().max(1))) else {
            return;
        };
        let purpose = if self.dice.roll(3) == 0 {
            "all"
        } else {
            self.dice.one(&PURPOSES)
        };
        let wish = json!({"purpose": purpose, "allowed": true}).to_string();
        let (status, answer) = self.office.call("PUT", "/v1/me/preferences", &token(n), &wish);
        assert_eq!(status, 200, "{answer}");
        self.note(n, purpose, true);
    }

    /// The platform allows on somebody's behalf what it may not, or asserts what they contest: neither changes anything.
    fn impose(&mut self) {
        let who = token(self.dice.roll(PEOPLE));
        let purpose = self.dice.one(&PURPOSES);
        self.teller.say(
            0,
            "preference.set",
            json!({"person": who, "purpose": purpose, "allowed": true}),
        );
        let (status, report) = self.office.call("POST", "/v1/events", "platform", &self.teller.batch());
        assert!(
            status == 422 && report["rejected"][0]["code"] == "speaks_for_somebody",
            "{status} {report}"
        );
    }

    /// Looks for person `n`, who objects, wherever they were named before: one look of each kind, and at what is theirs.
    fn look_for(&mut self, n: usize) {
        let refuses = self.refused[&n].clone();
        let mut seen = BTreeSet::new();
        let start = self.dice.roll(self.looks.len());
        for turn in 0..self.looks.len() {
            let place = (start + turn) % self.looks.len();
            let look = &self.looks[place];
            let concerns = look.hides.iter().any(|purpose| refuses.contains(purpose));
            if concerns && self.before[place].contains(&n) && seen.insert(look.kind) {
                *self.missed.entry(look.kind).or_default() += 1;
                self.look_for_all(place);
            }
        }
        own::refused(&mut self.office, n, &refuses);
    }

    /// One look, for everybody who objects.
    fn look_for_all(&mut self, place: usize) {
        let answer = self.office.look(&self.looks[place]);
        let found = breaches(&self.looks[place], &answer, &self.refused);
        assert!(found.is_empty(), "{found:#?}\n{answer}");
    }

    /// Every look, for everybody.
    fn look_everywhere(&mut self) {
        (0..self.looks.len()).for_each(|place| self.look_for_all(place));
        for look in blind() {
            let answer = self
                .office
                .call(look.method, &look.target, &look.key, &look.body)
                .1
                .to_string();
            assert!(named(&answer).is_empty(), "{} names somebody: {answer}", look.target);
        }
        for (n, refuses) in self.refused.clone() {
            own::refused(&mut self.office, n, &refuses);
        }
        for (n, craft) in self.contested.clone() {
            own::contested(&mut self.office, n, craft);
        }
    }
}

#[test]
fn whoever_objects_is_in_no_answer_of_that_purpose_from_then_on() {
    let wanted = calls();
    let mut life = Life::begin(0x0b1e_c710_2026_0001);
    let apart = (wanted / 8).min(1_000);
    let (mut turn, mut next) = (0, apart);
    while life.office.calls < wanted || turn < 4 {
        life.step();
        if life.office.calls >= next {
            life.die(turn);
            life.look_everywhere();
            (turn, next) = (turn + 1, life.office.calls + apart);
        }
    }
    let [killed, stopped, restored] = life.office.deaths;
    println!(
        "{} calls, {} objections, {} refused by somebody at the end, {} contested; killed {killed}, rebuilt {stopped}, restored {restored} times; looked in vain: {:?}",
        life.office.calls,
        life.objections,
        life.refused.values().filter(|refuses| !refuses.is_empty()).count(),
        life.contested.len(),
        life.missed
    );
    assert!(life.objections >= 10 && life.missed.len() >= 10, "{:?}", life.missed);
}

/// The planted fault: a server that answers 200 and does not act. An objection that ended years ago is exactly that: for
/// every purpose, on every route, its bearer is still named, and the same check says so.
#[test]
fn an_objection_that_does_not_act_is_found_on_every_route() {
    let mut life = Life::begin(7);
    for place in 0..life.looks.len() {
        let look = &life.looks[place];
        let (kind, hides) = (look.kind, look.hides);
        let Some(&n) = life.before[place].iter().next() else {
            continue;
        };
        for purpose in hides {
            let wish = json!({"purpose": purpose, "allowed": false, "until": "2020-01-01"}).to_string();
            let (status, answer) = life.office.call("PUT", "/v1/me/preferences", &token(n), &wish);
            assert_eq!(status, 200, "{answer}");
            let refused = Refused::from([(n, BTreeSet::from([*purpose]))]);
            let told = life.office.look(&life.looks[place]);
            let found = breaches(&life.looks[place], &told, &refused);
            assert!(!found.is_empty(), "{kind}: nobody would notice");
            *life.missed.entry(kind).or_default() += 1;
        }
    }
    let kinds: BTreeSet<&str> = life.looks.iter().map(|look| look.kind).collect();
    let missing: Vec<_> = kinds.iter().filter(|kind| !life.missed.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "nobody is ever named by {missing:?}");
    // What is a person's own is checked as strictly.
    let all: BTreeSet<&'static str> = PURPOSES.into();
    for purpose in ["communities", "search", "inference"] {
        let own = BTreeSet::from([purpose]);
        let found = own::breaches(&mut life.office, 3, &own);
        assert!(!found.is_empty(), "nobody would notice that {purpose} is not refused");
    }
    assert!(own::breaches(&mut life.office, 3, &all).len() >= 3);
    assert!(!own::contested_breaches(&mut life.office, 3, 3).is_empty());
    assert!(!own::contested_breaches(&mut life.office, 3, 4).is_empty());
}

/// The value as a list; none is empty.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
