//! The protocol worked out by hand on ten questions.

use super::*;
use crate::domain::Timestamp;

/// Ten questions, one a day, the last answered twice; who asks and who answers is worked out by hand below.
fn history() -> History {
    let mut history = History::default();
    let mut number = 0;
    let mut line = |kind: &str, at: &str, data: &str| {
        number += 1;
        let text = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{at}","data":{{{data}}}}}"#);
        history.push(number, text.as_bytes(), Timestamp::from_micros(0));
    };
    for day in 1..=10 {
        let asker = if day % 2 == 0 { "a" } else { "b" };
        let data = format!(r#""question":"q{day}","asker":"{asker}","title":"T {day}""#);
        line("question.created", &format!("2024-01-{day:02}T08:00:00Z"), &data);
        let author = if day == 9 { r#"é\"x"# } else { "c" };
        let data = format!(r#""answer":"n{day}","question":"q{day}","author":"{author}""#);
        line("answer.created", &format!("2024-01-{day:02}T09:00:00Z"), &data);
    }
    // The asker's own answer is none; somebody new answers the tenth; a late copy of the first question is ignored.
    line(
        "answer.created",
        "2024-01-10T09:30:00Z",
        r#""answer":"o","question":"q10","author":"a""#,
    );
    line(
        "answer.created",
        "2024-01-10T09:40:00Z",
        r#""answer":"p","question":"q10","author":"B""#,
    );
    line(
        "answer.created",
        "2024-01-02T09:40:00Z",
        r#""answer":"r","question":"q2","author":"b""#,
    );
    line(
        "question.created",
        "2024-01-20T08:00:00Z",
        r#""question":"q1","asker":"c","title":"again""#,
    );
    history
}

#[test]
fn queries_candidates_and_gold_are_those_worked_out_by_hand() {
    let protocol = ExpertsProtocol::of(&history());
    let lines: Vec<String> = protocol.queries_jsonl().collect();
    // In the order of identifiers as strings q10 is no earlier: the instants differ. Numbers 3..8 fit, 8..10 test.
    // q9 is answered by somebody not yet known: not routable.
    let expected = [
        r#"{"query": "q4", "at": "2024-01-04T08:00:00Z", "part": "fit", "candidates": ["b", "c"], "gold": ["c"]}"#,
        r#"{"query": "q5", "at": "2024-01-05T08:00:00Z", "part": "fit", "candidates": ["c"], "gold": ["c"]}"#,
        r#"{"query": "q6", "at": "2024-01-06T08:00:00Z", "part": "fit", "candidates": ["b", "c"], "gold": ["c"]}"#,
        r#"{"query": "q7", "at": "2024-01-07T08:00:00Z", "part": "fit", "candidates": ["c"], "gold": ["c"]}"#,
        r#"{"query": "q8", "at": "2024-01-08T08:00:00Z", "part": "fit", "candidates": ["b", "c"], "gold": ["c"]}"#,
        r#"{"query": "q10", "at": "2024-01-10T08:00:00Z", "part": "test", "candidates": ["b", "c", "é\"x"], "gold": ["c"]}"#,
    ];
    assert_eq!(lines, expected);
    assert_eq!(protocol.part(Part::Fit).len(), 5);
}

#[test]
fn counts_agree_with_lists() {
    let protocol = ExpertsProtocol::of(&history());
    for query in protocol.queries() {
        assert_eq!(query.candidates().count(), query.candidate_count());
        assert!(query.candidates().all(|number| query.is_candidate(number)));
        assert!(query.gold.iter().all(|&number| query.is_candidate(number)));
    }
    assert!((0..4).all(|n| protocol.id(n) != "a"), "an answer to oneself is none");
}

#[test]
fn a_file_without_questions_has_no_queries() {
    let protocol = ExpertsProtocol::of(&History::default());
    assert!(protocol.queries().is_empty());
}
