//! Events of real organisations, whole: what goes in, that nothing changes it, and that answers cite real records.
//!
//! The files are `../shared/data/*.events.jsonl.gz` beside the project (or below the folder that `ANTENNE_SHARED` names):
//! four question-and-answer places and five directories of teams; docs/BENCHMARKS.md says what each is. They are not part
//! of the project, so these tests skip, saying so, where they are absent. Run them with
//! `cargo test --release --test real_data -- --ignored --nocapture`.

#[path = "real_data/health.rs"]
mod health;
#[path = "real_data/raw.rs"]
mod raw;

use antenne::domain::{Fact, Timestamp};
use antenne::fit::unkept_basis;
use antenne::ingest::{FutureRule, decode, open_file};
use antenne::pipeline::Order;
use antenne::recommend::{ExpertsRecommender, Manner, Page, Tongue};
use antenne::replay::{BasisRule, ExpertsProtocol, History, PastQuery as _, PastQuestion, Protocol as _, replay};
use antenne::signals::{ExpertsQuery, Viewer};
use antenne::world::{Applied, View, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [&str; 9] = [
    "betagouv",
    "dba",
    "debian",
    "history",
    "jenkins-plugins",
    "kubernetes",
    "ncar-zulip",
    "rust-teams",
    "sumo-firefox",
];

fn real(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ANTENNE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("data").join(format!("{name}.events.jsonl.gz"));
    if !path.exists() {
        println!("{name}: skipped, {} is not there", path.display());
    }
    path.exists().then_some(path)
}

/// Numbers below what is asked for, that look random and are always the same.
fn draws(mut state: u64) -> impl FnMut(usize) -> usize {
    move |count| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % count
    }
}

fn lines(file: &Path) -> Vec<Vec<u8>> {
    let mut input = open_file(file).expect("an events file");
    let mut all = Vec::new();
    while let Some(line) = input.next_line().expect("a whole file") {
        all.push(line.bytes.expect("a line within limits").to_vec());
    }
    all
}

fn facts(file: &Path) -> Vec<Fact> {
    let rule = FutureRule::Accept {
        now: Timestamp::from_micros(i64::MAX / 2),
    };
    lines(file)
        .iter()
        .map(|line| decode(line, rule).expect("a good line").fact)
        .collect()
}

fn antenne(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_antenne"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .output();
    let output = output.expect("the binary runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("figures in JSON")
}

#[test]
#[ignore = "long: needs ../shared/data"]
fn an_import_takes_every_line_once_and_a_second_one_changes_nothing() {
    for name in FILES {
        let Some(file) = real(name) else { continue };
        let path = file.to_str().expect("a path");
        let mut wanted: BTreeMap<String, u64> = BTreeMap::new();
        for line in lines(&file) {
            let event: serde_json::Value = serde_json::from_slice(&line).expect("JSON");
            *wanted
                .entry(event["type"].as_str().expect("a type").to_owned())
                .or_default() += 1;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let report = antenne(folder.path(), &["import", path, "--json"]);
        assert_eq!(
            report["accepted"].as_u64(),
            Some(wanted.values().sum()),
            "{name}: {report}"
        );
        let first = antenne(folder.path(), &["stats", "--json"]);
        let counted: BTreeMap<String, u64> = serde_json::from_value(first["events"].clone()).expect("counts");
        assert_eq!(counted, wanted, "{name}");
        let again = antenne(folder.path(), &["import", path, "--json"]);
        assert_eq!(
            (again["accepted"].as_u64(), again["duplicate"].as_u64()),
            (Some(0), Some(wanted.values().sum()))
        );
        assert_eq!(
            antenne(folder.path(), &["stats", "--json"]),
            first,
            "{name}: a second import changed something"
        );
        println!("{name}: {wanted:?}, digest {}", first["digest"]);
    }
}

#[test]
#[ignore = "long: needs ../shared/data"]
fn the_order_of_lines_does_not_show_in_the_digest() {
    for name in FILES {
        let Some(file) = real(name) else { continue };
        let mut facts = facts(&file);
        let digest = |facts: &[Fact]| {
            let mut world = World::default();
            facts
                .iter()
                .for_each(|fact| assert_eq!(world.apply(fact.clone()), Applied::New));
            world.digest()
        };
        let ordered = digest(&facts);
        facts.reverse();
        assert_eq!(digest(&facts), ordered, "{name}: backwards");
        let mut below = draws(20_240_502);
        for n in (1..facts.len()).rev() {
            facts.swap(n, below(n + 1));
        }
        assert_eq!(digest(&facts), ordered, "{name}: shuffled");
        println!("{name}: {} facts, {ordered} in any order", facts.len());
    }
}

#[test]
#[ignore = "long: needs ../shared/data"]
fn unanswered_questions_find_people_whose_reasons_are_real() {
    let recommender = ExpertsRecommender::shipped().expect("the shipped weights");
    for name in ["sumo-firefox", "ncar-zulip"] {
        let Some(file) = real(name) else { continue };
        let facts = facts(&file);
        let mut world = World::default();
        facts.into_iter().for_each(|fact| {
            world.apply(fact);
        });
        let view = world.view();
        let as_of = view.newest().expect("facts");
        let waiting = view
            .questions
            .iter()
            .filter(|(ix, q)| q.state.is_some() && view.first_answer(*ix).is_none());
        let (mut asked, mut helped, mut cited) = (0, 0, 0);
        for (ix, node) in waiting.take(300) {
            asked += 1;
            let query = ExpertsQuery::of(view, ix, as_of, Viewer::default()).expect("asked");
            let page = Page {
                limit: 3,
                order: Order::Waves,
                group: false,
                tongue: Tongue::English,
                manner: Manner::Vous,
            };
            let answer = recommender.answer(view, &query, node.id.as_str(), page);
            helped += usize::from(!answer.items.is_empty());
            for pick in &answer.items {
                for fact in pick
                    .reasons
                    .iter()
                    .flat_map(|reason| &reason.facts)
                    .filter(|fact| fact.kind == "answer")
                {
                    let answer = view.answers.find(fact.id.as_str()).expect("a cited answer exists");
                    let state = view.answers.get(answer).state.as_ref().expect("and is not deleted");
                    assert_eq!(view.person(state.author.as_str()), view.person(pick.subject.as_str()));
                    assert_eq!(Some(state.at), fact.at);
                    cited += 1;
                }
            }
        }
        println!("{name}: {helped} of {asked} unanswered questions find people; {cited} cited answers are theirs");
        assert!(
            asked > 0 && helped == asked && cited > asked,
            "{name}: {helped} of {asked}, {cited} cited"
        );
    }
}

#[test]
#[ignore = "long: needs ../shared/data"]
fn a_file_cut_at_the_question_gives_the_same_ranking_to_the_bit() {
    let recommender = ExpertsRecommender::shipped().expect("the shipped weights");
    for name in ["ncar-zulip", "history", "dba", "sumo-firefox"] {
        let Some(file) = real(name) else { continue };
        let now = Timestamp::from_micros(i64::MAX / 2);
        let opened = std::fs::File::open(&file).expect("a file");
        let history = History::read(opened, now).expect("events");
        let protocol = ExpertsProtocol::of(&history);
        let mut world = World::default();
        for fact in history.facts() {
            world.apply(fact.clone());
        }
        // Weights and basis are held: this one has seen everything, which is why it must not be found anew.
        let held = unkept_basis(world.view());
        world.set_basis(held.clone());
        let rule = BasisRule::Held(held);
        let ranked = |view: &View, query: &PastQuestion| -> Vec<(String, u64)> {
            let people = query.candidates().filter_map(|n| view.person(protocol.id(n)));
            let ranked = recommender
                .pipeline()
                .rank(view, &query.understood(view), people.collect());
            let named = |(person, score): (_, f64)| (view.person_id(person).to_string(), score.to_bits());
            ranked.into_iter().map(named).collect()
        };
        let all: Vec<&PastQuestion> = protocol.queries().iter().collect();
        let mut below = draws(20_261_122);
        let mut chosen: Vec<usize> = (0..50).map(|_| all.len() / 10 + below(all.len() * 9 / 10)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let queries: Vec<&PastQuestion> = chosen.iter().map(|&n| all[n]).collect();
        let whole = replay(&history, &queries, &rule, 2, ranked, &mut |_, _| {});
        let mut seen_ahead = 0;
        for (query, whole) in queries.iter().zip(&whole) {
            let cut = history.before(query.at());
            let alone = replay(&cut, &[*query], &rule, 1, ranked, &mut |_, _| {});
            assert_eq!(&alone[0], whole, "{name}: {}", query.name().join("|"));
            // The planted fault: a ranking from the whole file is another one.
            seen_ahead += usize::from(&ranked(world.view(), query) != whole);
        }
        println!(
            "{name}: {} cuts, the same rankings; {seen_ahead} would show what came later",
            queries.len()
        );
        assert!(queries.len() > 40 && seen_ahead > 40, "{name}: {} cuts", queries.len());
    }
}
