//! The whole measurement on a generated organisation: figures, runs, and no look ahead.

use super::*;
use crate::domain::Timestamp;
use std::fs::File;
use std::path::PathBuf;

const PEOPLE: usize = 30;
const WORDS: [&str; 12] = [
    "badge", "backup", "cluster", "contract", "index", "invoice", "kernel", "leave", "mail", "proxy", "query", "travel",
];

/// Numbers that look random and are always the same.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// An organisation of `questions` questions, four a day; people mostly answer about their own words.
fn organisation(questions: usize) -> History {
    let (mut history, mut draw, mut number) = (History::default(), Draw(7), 0);
    let mut line = |kind: &str, minute: usize, data: String| {
        number += 1;
        let (day, hour, minute) = (minute / 1440, minute / 60 % 24, minute % 60);
        let at = format!("2024-{:02}-{:02}T{hour:02}:{minute:02}:00Z", day / 28 + 1, day % 28 + 1);
        let text = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{at}","data":{{{data}}}}}"#);
        history.push(number, text.as_bytes(), Timestamp::from_micros(0));
    };
    for q in 0..questions {
        let (minute, asker) = (q * 360 + draw.below(360), draw.below(PEOPLE));
        let (word, other) = (draw.below(WORDS.len()), draw.below(WORDS.len()));
        let (title, tag) = (format!("{} and {}", WORDS[word], WORDS[other]), WORDS[word]);
        let place = draw.below(3);
        line(
            "question.created",
            minute,
            format!(
                r#""question":"q{q}","asker":"p{asker}","title":"{title}","tags":["{tag}"],"community":"c{place}","language":"en""#
            ),
        );
        for a in 0..=draw.below(3) {
            let author = (word * 5 + draw.below(4)) % PEOPLE;
            let minute = minute + 1 + draw.below(2000);
            line(
                "answer.created",
                minute,
                format!(r#""answer":"a{q}-{a}","question":"q{q}","author":"p{author}""#),
            );
            if a == 0 {
                line(
                    "answer.accepted",
                    minute + draw.below(500),
                    format!(r#""answer":"a{q}-{a}""#),
                );
            }
        }
    }
    history
}

fn settings(shipped: &ExpertsRecommender, part: Part, threads: usize) -> ExpertsSettings<'_> {
    ExpertsSettings {
        shipped,
        measured: Measured::Given(shipped),
        part,
        threads,
    }
}

fn evaluation(history: &History, part: Part, threads: usize) -> ExpertsEvaluation {
    let shipped = ExpertsRecommender::shipped().expect("shipped weights are in order");
    experts(history, &settings(&shipped, part, threads), &mut |_, _| {})
}

/// The ranking of `query`, to the bit, from the facts of `history`.
fn ranking(
    history: &History,
    protocol: &ExpertsProtocol,
    query: &PastQuestion,
    recommender: &ExpertsRecommender,
) -> Vec<(u32, u64)> {
    let judge = |view: &View, query: &PastQuestion| Judge::new(protocol, view, query).judge(recommender, None);
    let judged = replay(
        history,
        &[query],
        &BasisRule::Refreshed(&unkept_basis),
        1,
        judge,
        &mut |_, _| {},
    );
    judged[0]
        .ours
        .iter()
        .map(|&(number, score)| (number, score.to_bits()))
        .collect()
}

/// Cuts `history` at the instant of every query that `chosen` names: the ranking there may not change by a bit.
fn assert_no_look_ahead(history: &History, chosen: impl Iterator<Item = usize>) {
    let protocol = ExpertsProtocol::of(history);
    let recommender = ExpertsRecommender::shipped().expect("shipped weights are in order");
    for n in chosen {
        let query = &protocol.queries()[n % protocol.queries().len()];
        let cut = history.before(query.at());
        assert!(
            cut.facts().len() < history.facts().len(),
            "the question itself is cut off"
        );
        let (whole, cut) = (
            ranking(history, &protocol, query, &recommender),
            ranking(&cut, &protocol, query, &recommender),
        );
        assert_eq!(whole, cut, "{} at {:?}", query.name().join("|"), query.at());
    }
}

#[test]
fn what_comes_later_leaves_no_trace() {
    let history = organisation(120);
    assert_no_look_ahead(&history, (0..6).map(|n| n * 17));
}

#[test]
fn every_candidate_is_ranked_once_and_threads_do_not_matter() {
    let history = organisation(160);
    let one = evaluation(&history, Part::Test, 1);
    let report = one.report();
    assert!(report.figures.queries >= 20, "{report}");
    assert_eq!(report.figures.errors, Vec::<String>::new());
    assert!(report.baselines.iter().all(|(_, line)| line.error_count == 0));
    assert_eq!(report.to_json(), evaluation(&history, Part::Test, 3).report().to_json());
}

#[test]
fn knowing_who_answers_about_what_beats_knowing_who_answers_much() {
    let report = evaluation(&organisation(240), Part::Test, 2).report();
    let most_active = &report.baselines[Baseline::MostActive as usize].1;
    assert!(report.figures.ndcg10 > most_active.ndcg10, "{report}");
    assert!(report.served.sources_r50 >= 0.98 * report.figures.r10, "{report}");
}

#[test]
fn a_run_ranks_and_qrels_name_the_gold() {
    let fit = evaluation(&organisation(60), Part::Fit, 1);
    let (mut run, mut qrels) = (Vec::new(), Vec::new());
    fit.write_run(&mut run).expect("memory");
    fit.write_qrels(&mut qrels).expect("memory");
    let queries = fit.protocol().part(Part::Fit);
    let lines = |bytes: &[u8]| bytes.split(|&byte| byte == b'\n').count() - 1;
    assert_eq!(
        lines(&run),
        queries.iter().map(|query| query.candidate_count()).sum::<usize>()
    );
    assert_eq!(
        lines(&qrels),
        queries.iter().map(|query| query.gold().len()).sum::<usize>()
    );
    assert_eq!(fit.report().to_json()["test_queries"], queries.len());
}

/// What is learnt from the file, and from the file cut off at the first query of the test, is the same to the bit.
fn assert_learns_from_the_past_alone(history: &History) {
    let shipped = ExpertsRecommender::shipped().expect("shipped weights are in order");
    let protocol = ExpertsProtocol::of(history);
    let cut = history.before(protocol.part(Part::Test)[0].at());
    let measured = ExpertsSettings {
        measured: Measured::Learnt,
        ..settings(&shipped, Part::Test, 2)
    };
    let whole = experts(history, &measured, &mut |_, _| {})
        .learnt
        .expect("enough questions");
    let learner = Learner {
        current: &shipped,
        prior: &shipped,
        basis: BasisRule::Refreshed(&unkept_basis),
        since: None,
        threads: 1,
    };
    let learnt = learner.learn(&cut, &ExpertsProtocol::to_learn(&cut), &mut |_, _| {});
    let learnt = learnt.expect("enough questions");
    let bits = |learnt: &Learnt| {
        learnt
            .weights
            .iter()
            .map(|(_, weight)| weight.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&whole), bits(&learnt));
}

#[test]
fn learning_sees_nothing_of_the_test() {
    assert_learns_from_the_past_alone(&organisation(240));
}

#[test]
fn learnt_weights_are_reported_beside_the_default_ones() {
    let history = organisation(240);
    let shipped = ExpertsRecommender::shipped().expect("shipped weights are in order");
    let measured = ExpertsSettings {
        measured: Measured::Learnt,
        ..settings(&shipped, Part::Test, 2)
    };
    let report = experts(&history, &measured, &mut |_, _| {}).report();
    let learnt = report.learnt.as_ref().expect("enough questions");
    assert_eq!(report.shipped.is_some(), learnt.check.passed());
    assert!(learnt.check.interval.0 <= learnt.check.interval.1);
    let json = report.to_json();
    assert_eq!(json["learnt"]["taken"], learnt.check.passed());
    assert!(
        json["learnt"]["weights"]["latent_profile"]
            .as_f64()
            .is_some_and(|weight| weight >= 0.0)
    );
}

#[test]
fn progress_reaches_its_end() {
    let history = organisation(60);
    let recommender = ExpertsRecommender::shipped().expect("shipped weights are in order");
    let mut heard = Vec::new();
    experts(&history, &settings(&recommender, Part::Test, 2), &mut |done, total| {
        heard.push((done, total));
    });
    let total = heard.len();
    assert!(total > 0);
    assert_eq!(heard, (1..=total).map(|done| (done, total)).collect::<Vec<_>>());
}

/// Fifty cuts of each real file; run with `cargo test --release -- --ignored`.
#[test]
#[ignore = "takes minutes and needs ../shared/data"]
fn real_files_are_not_looked_ahead_in() {
    let shared = std::env::var_os("ANTENNE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    for name in ["dba", "history", "ncar-zulip", "sumo-firefox"] {
        let path = shared.join(format!("data/{name}.events.jsonl.gz"));
        let Ok(file) = File::open(&path) else {
            eprintln!("skipped: there is no {}", path.display());
            continue;
        };
        let history = History::read(file, Timestamp::from_micros(0)).expect("the file is whole");
        let mut draw = Draw(11);
        assert_no_look_ahead(&history, (0..50).map(|_| draw.below(usize::MAX)));
    }
}
