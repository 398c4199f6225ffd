//! Twenty French questions at the demo company, beside past questions that say the same words about something else: a
//! vote by shared words turns to whoever answered those, our ranking to those who know.

use crate::company::{demo, event, exchange, world};
use crate::question::{Asked, person, shipped};
use antenne::language;
use antenne::recommend::{ExpertsAnswer, ExpertsRecommender};
use antenne::world::World;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

const QUESTIONS: &str = include_str!("questions.toml");
/// How many of our first people are looked at.
const SHOWN: usize = 3;
/// Colleagues of many years, who ask the misleading questions in turn.
const ASKERS: [&str; 10] = [
    "patrick.vandaelen",
    "celine.vuillardin",
    "thierry.haasser",
    "emre.yildizhan",
    "solene.rochard",
    "mael.guivarch",
    "odile.schmittlin",
    "ophelie.brassard",
    "kevin.poulard",
    "laurence.brisemure",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    question: Vec<Golden>,
}

/// A question with those who know, the obvious one first, and the one who only ever answered its words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    field: String,
    asker: String,
    title: String,
    body: String,
    community: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    pub expected: Vec<String>,
    decoy: String,
    /// How long ago the misleading questions were asked: neither new nor old.
    days: i64,
    past: Vec<Past>,
}

/// A past question that misleads, and the decoy's answer to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    title: String,
    body: String,
    answer: String,
}

impl Golden {
    pub fn asked(&self) -> Asked {
        Asked {
            title: self.title.clone(),
            body: self.body.clone(),
            tags: self.tags.clone(),
            community: self.community.clone(),
            asker: self.asker.clone(),
        }
    }
}

pub static GOLDEN: LazyLock<Vec<Golden>> = LazyLock::new(|| {
    let file: File = toml::from_str(QUESTIONS).expect("questions.toml is in order");
    file.question
});

/// The demo company, and what misleads.
pub static COMPANY: LazyLock<World> = LazyLock::new(|| {
    let mut events = demo();
    events.extend(decoys());
    world(&events)
});

/// The decoys join, and answer.
fn decoys() -> Vec<Value> {
    let mut events = Vec::new();
    let mut askers = ASKERS.iter().cycle();
    for golden in GOLDEN.iter() {
        let joins = json!({"person": golden.decoy, "name": golden.decoy.replace('.', " "), "languages": ["fr"]});
        events.push(event(&golden.decoy, "person.upserted", golden.days + 30, 0, &joins));
        for (n, (past, asker)) in (0..).zip(golden.past.iter().zip(&mut askers)) {
            let asked = json!({"asker": asker, "title": past.title, "body": past.body, "language": "fr"});
            let of = format!("{}-{n}", golden.decoy);
            events.extend(exchange(&of, golden.days - 7 * n, asked, &golden.decoy, &past.answer));
        }
    }
    events
}

/// Why `answer` is not what a colleague would say; `None` when it is.
pub fn wrong(golden: &Golden, answer: &ExpertsAnswer) -> Option<String> {
    let first: Vec<&str> = answer.items.iter().map(|pick| pick.subject.as_str()).collect();
    let knows = first
        .iter()
        .position(|id| golden.expected.iter().any(|known| known == id));
    let misleads = first.iter().position(|id| *id == golden.decoy);
    let right = knows.is_some_and(|knows| misleads.is_none_or(|misleads| knows < misleads));
    (!right).then(|| format!("{}: {first:?}, and {:?} are looked for", golden.title, golden.expected))
}

/// The questions that `recommender` gets wrong.
fn mistakes(recommender: &ExpertsRecommender) -> Vec<String> {
    let view = COMPANY.view();
    GOLDEN
        .iter()
        .filter_map(|golden| wrong(golden, &golden.asked().answer(recommender, view, SHOWN)))
        .collect()
}

#[test]
fn the_questions_are_what_they_are_said_to_be() {
    let view = COMPANY.view();
    assert_eq!(GOLDEN.len(), 20);
    let fields: BTreeSet<_> = GOLDEN.iter().map(|golden| &golden.field).collect();
    assert_eq!(fields.len(), 20, "one for each field");
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo/README.md")).expect("a file");
    for golden in GOLDEN.iter() {
        let row = table
            .lines()
            .find(|line| line.replace("**", "").starts_with(&format!("| {} |", golden.field)));
        let row = row.unwrap_or_else(|| panic!("no row of the table is called {}", golden.field));
        for known in &golden.expected {
            let name = view.name(person(view, known)).map_or("", |name| name);
            assert!(
                row.contains(known.as_str()) || row.contains(name),
                "{known} is not in: {row}"
            );
        }
        assert!(!golden.expected.contains(&golden.asker), "{} asks", golden.asker);
        assert_eq!(language::detect(&golden.body), Some("fr"), "{}", golden.title);
        // A decoy has words on its side, and nothing else: it answers little, and not lately.
        assert!((2..=3).contains(&golden.past.len()), "{}", golden.title);
        assert!(golden.days >= 120, "{}", golden.title);
    }
}

#[test]
fn a_vote_by_shared_words_turns_to_the_decoy_every_time() {
    let view = COMPANY.view();
    let seen: Vec<_> = GOLDEN
        .iter()
        .map(|golden| golden.asked().first_by_words(view))
        .collect();
    let decoys: Vec<_> = GOLDEN.iter().map(|golden| golden.decoy.clone()).collect();
    assert_eq!(seen, decoys);
}

#[test]
fn those_who_know_come_first() {
    let mistakes = mistakes(&shipped());
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn weights_that_count_words_alone_are_caught() {
    let words = ExpertsRecommender::learnt(&[("similar_vote", 1.0)], "words".to_owned(), None);
    let mistakes = mistakes(&words);
    assert!(
        mistakes.len() >= 15,
        "only {} are wrong:\n{}",
        mistakes.len(),
        mistakes.join("\n")
    );
}

#[test]
fn the_rankings_are_reviewed_when_they_change() {
    let (view, recommender) = (COMPANY.view(), shipped());
    let mut text = String::new();
    for golden in GOLDEN.iter() {
        let answer = golden.asked().answer(&recommender, view, SHOWN);
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{} ({})", golden.title, golden.field);
        for pick in &answer.items {
            let mark = if golden.expected.iter().any(|known| *known == pick.subject.as_str()) {
                "*"
            } else {
                " "
            };
            let _ = writeln!(text, "{mark} {}. {}", pick.base_rank, pick.subject);
            for reason in &pick.reasons {
                let _ = writeln!(text, "       {}", reason.text);
            }
        }
        text.push('\n');
    }
    insta::assert_snapshot!(text);
}

/// The languages that each person of `events` answered in, told from the words of each answer, or of its question where
/// an answer is too short to show it.
fn spoken(events: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let of = |kind: &'static str| {
        events
            .iter()
            .filter(move |event| event["type"] == kind)
            .map(|event| &event["data"])
    };
    let asked: BTreeMap<_, _> = of("question.created")
        .map(|data| (data["question"].as_str(), data["language"].as_str()))
        .collect();
    let mut spoken: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for data in of("answer.created") {
        let told = data["body"].as_str().and_then(language::detect);
        let told = told.or_else(|| asked.get(&data["question"].as_str()).copied().flatten());
        let author = data["author"].as_str().expect("an author");
        spoken.entry(author).or_default().extend(told);
    }
    spoken
}

/// Who says that they work in French.
fn declare_french(events: &[Value]) -> BTreeSet<&str> {
    let speaks = |data: &Value| {
        data["languages"]
            .as_array()
            .is_some_and(|all| all.iter().any(|tag| tag == "fr"))
    };
    let joined = events.iter().filter(|event| event["type"] == "person.upserted");
    let speakers = joined.map(|event| &event["data"]).filter(|data| speaks(data));
    speakers.filter_map(|data| data["person"].as_str()).collect()
}

/// Whom everybody thinks of, the first of `expected`, may come first in whatever language: for fish passes it is Rowan, in
/// Leeds. Nobody else may who has nothing but English to offer.
#[test]
fn nobody_who_only_answers_in_english_stands_before_a_french_speaker_who_knows() {
    let (view, recommender, events) = (COMPANY.view(), shipped(), demo());
    let (spoken, declared) = (spoken(&events), declare_french(&events));
    let english = |id: &str| !declared.contains(id) && spoken.get(id).is_some_and(|all| !all.contains("fr"));
    let many = spoken.keys().filter(|id| english(id)).count();
    assert!(many >= 10, "only {many} answer in English alone");
    for golden in GOLDEN.iter() {
        let first = golden.asked().first(&recommender, view, usize::MAX);
        let best = first.iter().position(|id| golden.expected.contains(id) && !english(id));
        let best = best.unwrap_or_else(|| panic!("nobody for {}", golden.title));
        let before = first[..best]
            .iter()
            .filter(|id| english(id) && **id != golden.expected[0]);
        let before: Vec<_> = before.collect();
        assert!(before.is_empty(), "{}: {before:?} before {}", golden.title, first[best]);
    }
}
