//! Our queries and figures held against the independent scorer, on real files.
//!
//! Long, and in need of `../shared` (or the folder that `ANTENNE_SHARED` names) and `python3`: run with
//! `cargo test --release --test evaluate_protocol -- --ignored`.

use antenne::domain::Timestamp;
use antenne::evaluate::{Daily, DaysSettings, ExpertsEvaluation, ExpertsSettings, Measured, days, experts};
use antenne::recommend::{CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender};
use antenne::replay::{CoAnimatorsRule, CommunitiesRule, History, Part, Pool};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [&str; 4] = ["dba", "history", "ncar-zulip", "sumo-firefox"];
const KEYS: [&str; 11] = [
    "test_queries",
    "h1",
    "h3",
    "h5",
    "h10",
    "mrr",
    "ndcg10",
    "r10",
    "subjects_suggested",
    "top5pct_share_of_top3",
    "error_count",
];

/// The shared folder, when the scorer can run.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("ANTENNE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let python = Command::new("python3").arg("--version").output();
    let ready = folder.join("eval/score.py").is_file() && python.is_ok_and(|output| output.status.success());
    if !ready {
        eprintln!("skipped: there is no {}/eval/score.py, or no python3", folder.display());
    }
    ready.then_some(folder)
}

/// Scores `run` by `protocol`, a name with options, and writes the scorer's queries to `queries`.
fn score(shared: &Path, protocol: &[&str], events: &Path, run: &Path, queries: &Path) -> Value {
    let output = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(shared.join("eval/score.py"))
        .arg(protocol[0])
        .args([events, run])
        .args(&protocol[1..])
        .arg("--queries")
        .arg(queries)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the scorer prints JSON")
}

fn read(events: &Path) -> History {
    let file = File::open(events).expect("the file was seen");
    let history = History::read(file, Timestamp::from_micros(0)).expect("the file is whole");
    assert_eq!(history.rejected(), [], "every line is an event");
    history
}

fn evaluated(events: &Path) -> ExpertsEvaluation {
    let history = read(events);
    let shipped = ExpertsRecommender::shipped().expect("shipped weights are in order");
    let settings = ExpertsSettings {
        shipped: &shipped,
        measured: Measured::Learnt,
        part: Part::Test,
        threads: 2,
    };
    experts(&history, &settings, &mut |_, _| {})
}

#[test]
#[ignore = "takes minutes and needs ../shared and python3"]
fn queries_and_figures_are_those_of_the_independent_scorer() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (run, theirs) = (folder.path().join("run"), folder.path().join("queries"));
    for name in FILES {
        let events = shared.join(format!("data/{name}.events.jsonl.gz"));
        if !events.is_file() {
            eprintln!("skipped: there is no {}", events.display());
            continue;
        }
        let evaluation = evaluated(&events);
        let mut out = BufWriter::new(File::create(&run).expect("a file"));
        evaluation.write_run(&mut out).expect("written");
        out.flush().expect("written");
        let scored = score(&shared, &["experts"], &events, &run, &theirs);
        let report = evaluation.report().to_json();
        for key in KEYS {
            assert_eq!(report[key], scored[key], "{name}: {key}");
        }
        let theirs = fs::read_to_string(&theirs).expect("the scorer wrote it");
        let mut ours = evaluation.protocol().queries_jsonl();
        for (number, line) in theirs.lines().enumerate() {
            assert_eq!(ours.next().as_deref(), Some(line), "{name}: query {}", number + 1);
        }
        assert_eq!(ours.next(), None, "{name}: no query more");
    }
}

/// Ranks the test part of `events` by the shipped weights, and holds queries and figures against the scorer's.
fn assert_scored_alike<R: Daily>(shared: &Path, set: &str, rule: &R::Rule, shipped: &R, protocol: &[&str]) {
    let events = shared.join(format!("data/{set}.events.jsonl.gz"));
    if !events.is_file() {
        eprintln!("skipped: there is no {}", events.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (run, theirs) = (folder.path().join("run"), folder.path().join("queries"));
    let settings = DaysSettings {
        shipped,
        measured: Measured::Given(shipped),
        part: Part::Test,
        threads: 2,
    };
    let evaluation = days(&read(&events), rule, &settings, &mut |_, _| {});
    let mut out = BufWriter::new(File::create(&run).expect("a file"));
    evaluation.write_run(&mut out).expect("written");
    out.flush().expect("written");
    let scored = score(shared, protocol, &events, &run, &theirs);
    let report = evaluation.report().to_json();
    for group in R::groups() {
        let (ours, theirs) = match *group {
            "" => (&report, &scored),
            name => (&report[name], &scored[name]),
        };
        for key in KEYS {
            assert_eq!(ours[key], theirs[key], "{set} {group}: {key}");
        }
    }
    let theirs = fs::read_to_string(&theirs).expect("the scorer wrote it");
    let mut ours = evaluation.protocol().queries_jsonl();
    for (number, line) in theirs.lines().enumerate() {
        assert_eq!(ours.next().as_deref(), Some(line), "{set}: query {}", number + 1);
    }
    assert_eq!(ours.next(), None, "{set}: no query more");
}

#[test]
#[ignore = "takes minutes and needs ../shared and python3"]
fn communities_are_those_of_the_independent_scorer() {
    let Some(shared) = shared() else { return };
    let shipped = CommunitiesRecommender::shipped().expect("shipped weights are in order");
    let sets = [
        ("betagouv", "2018-01-01", "1", "10"),
        ("kubernetes", "2020-01-01", "3", "10"),
        ("rust-teams", "2020-01-01", "3", "10"),
        ("debian", "2022-01-01", "3", "0"),
        ("jenkins-plugins", "2018-01-01", "2", "4"),
    ];
    for (set, from, min_members, max_batch) in sets {
        let rule = CommunitiesRule {
            from: from.into(),
            min_members: min_members.parse().expect("a number"),
            max_batch: max_batch.parse().expect("a number"),
        };
        let options = [
            "communities",
            "--from",
            from,
            "--min-members",
            min_members,
            "--max-batch",
            max_batch,
        ];
        assert_scored_alike(&shared, set, &rule, &shipped, &options);
    }
}

#[test]
#[ignore = "takes minutes and needs ../shared and python3"]
fn co_animators_are_those_of_the_independent_scorer() {
    let Some(shared) = shared() else { return };
    let shipped = CoAnimatorsRecommender::shipped().expect("shipped weights are in order");
    let sets = [
        ("kubernetes", "members", Pool::Members),
        ("kubernetes", "everyone", Pool::Everyone),
        ("rust-teams", "members", Pool::Members),
        ("jenkins-plugins", "everyone", Pool::Everyone),
    ];
    for (set, name, pool) in sets {
        let rule = CoAnimatorsRule {
            from: "2018-01-01".into(),
            max_batch: 10,
            pool,
        };
        assert_scored_alike(&shared, set, &rule, &shipped, &["co-animators", "--pool", name]);
    }
}
