//! Damaged lines of events, alone and in batches: what is taken says the same when it is read again.

use crate::damage::{Dice, fuzz};
use antenne::domain::Timestamp;
use antenne::ingest::{FutureRule, decode, split};
use std::path::Path;

const CASES: u64 = 20_000;
const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// Lines of every type that the demo company tells.
fn sound() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let mut lines = Vec::new();
    for file in ["people", "skills", "communities", "threads"] {
        let text = std::fs::read_to_string(folder.join(format!("{file}.events.jsonl"))).expect("the demo's events");
        lines.extend(text.lines().map(told));
    }
    lines
}

/// A line of the demo with instants and days: the file says how long ago they were.
fn told(line: &str) -> String {
    let mut parts = line.split("\"@");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, tail) = part.split_once('"').expect("its end");
        let when = if told.ends_with("\"at\":") {
            "2024-05-02T08:30:00Z"
        } else {
            "2024-05-02"
        };
        told = format!("{told}\"{when}\"{tail}");
    }
    told
}

/// How many of a case's lines were taken.
fn damaged(sound: &[String], case: u64) -> usize {
    let mut dice = Dice::of(case);
    let mut batch = Vec::new();
    for _ in 0..=dice.roll(3) {
        let line = &sound[dice.roll(sound.len())];
        batch.extend(dice.damage(line));
        batch.push(b'\n');
    }
    if dice.roll(8) == 0 {
        batch.insert(0, b'[');
    }
    let Ok(lines) = split(&batch) else { return 0 };
    let mut taken = 0;
    for line in lines.into_iter().filter_map(|line| line.bytes.ok()) {
        let rule = FutureRule::Accept { now: NOW };
        let Ok(decoded) = decode(&line, rule) else { continue };
        let again = decode(&decoded.canonical, rule).expect("a canonical line is in order");
        assert_eq!(
            again.canonical, decoded.canonical,
            "canonical lines are their own canonical form"
        );
        assert_eq!(
            (again.fact.key, again.fact.content),
            (decoded.fact.key, decoded.fact.content)
        );
        taken += 1;
    }
    taken
}

#[test]
fn damaged_lines_are_taken_whole_or_refused() {
    let sound = sound();
    let rule = FutureRule::Accept { now: NOW };
    assert!(
        sound.iter().all(|line| decode(line.as_bytes(), rule).is_ok()),
        "they are in order before they are damaged"
    );
    fuzz("lines", CASES, |case| damaged(&sound, case));
}
