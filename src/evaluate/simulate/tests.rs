//! A simulated year of a generated organisation: nobody is asked too much, and load that is felt spreads.

use super::*;
use crate::domain::Timestamp;

const PEOPLE: usize = 40;
const WORDS: [&str; 8] = [
    "badge", "backup", "cluster", "invoice", "kernel", "mail", "query", "travel",
];

/// Two years of an organisation in which a few people know every word best. Some set a cap, and one is away.
fn organisation(questions: usize) -> History {
    let (mut history, mut number, mut state) = (History::default(), 0, 7_u64);
    let mut below = |count: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % count
    };
    let mut line = |kind: &str, minute: usize, data: String| {
        number += 1;
        let (year, day) = (2023 + minute / (336 * 1440), minute / 1440 % 336);
        let (hour, minute) = (minute / 60 % 24, minute % 60);
        let at = format!(
            "{year}-{:02}-{:02}T{hour:02}:{minute:02}:00Z",
            day / 28 + 1,
            day % 28 + 1
        );
        let text = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{at}","data":{{{data}}}}}"#);
        history.push(number, text.as_bytes(), Timestamp::from_micros(0));
    };
    line("capacity.set", 0, r#""person":"p0","asks_per_week":1"#.to_owned());
    line("capacity.set", 0, r#""person":"p1","asks_per_week":0"#.to_owned());
    line(
        "absence.set",
        0,
        r#""person":"p2","from":"2024-03-01","until":"2024-09-01""#.to_owned(),
    );
    for q in 0..questions {
        let (minute, asker, word) = (
            q * 2 * 336 * 1440 / questions + below(300),
            below(PEOPLE),
            below(WORDS.len()),
        );
        let (title, tag) = (format!("the {} again", WORDS[word]), WORDS[word]);
        line(
            "question.created",
            minute,
            format!(r#""question":"q{q}","asker":"p{asker}","title":"{title}","tags":["{tag}"]"#),
        );
        // Most answers come from two of five who know the word.
        let author = (word * 5 + below(5).saturating_sub(2)) % PEOPLE;
        let minute = minute + 1 + below(2000);
        line(
            "answer.created",
            minute,
            format!(r#""answer":"a{q}","question":"q{q}","author":"p{author}""#),
        );
    }
    history
}

fn simulate(history: &History, spread: Spread, threads: usize) -> AskSimulation {
    let recommender = ExpertsRecommender::shipped().expect("in order");
    let settings = AskSettings {
        recommender: &recommender,
        spread,
        seed: 3,
        threads,
    };
    simulate_asks(history, &settings, &mut |_, _| {})
}

/// Whether invitations fall more evenly, and less on the busiest, with spreading than without, at every slope.
fn spreads(simulation: &AskSimulation) -> bool {
    let (off, on) = simulation.runs.split_at(SLOPES.len());
    let evener =
        |off: &AskFigures, on: &AskFigures| on.busiest_first_three < off.busiest_first_three && on.gini < off.gini;
    off.iter().zip(on).all(|(off, on)| evener(&off.figures, &on.figures))
}

#[test]
fn spreading_asks_more_people_and_nobody_too_often() {
    let history = organisation(260);
    assert!(history.rejected().is_empty(), "{:?}", history.rejected());
    let simulation = simulate(&history, Spread::default(), 2);
    assert_eq!(
        simulation,
        simulate(&history, Spread::default(), 1),
        "threads change nothing"
    );
    let (off, on) = simulation.runs.split_at(SLOPES.len());
    for (off, on) in off.iter().zip(on) {
        assert!(!off.spreading && on.spreading && off.slope.to_bits() == on.slope.to_bits());
        let (off, on) = (&off.figures, &on.figures);
        for figures in [off, on] {
            assert!(
                figures.asks > figures.questions && figures.questions > 100,
                "{figures:?}"
            );
            assert_eq!((figures.asks_above_cap, figures.asks_while_away), (0, 0), "{figures:?}");
            assert!(figures.answered > 0.2, "{figures:?}");
        }
        assert!(on.busiest_first_three <= 0.2, "{on:?}");
    }
    assert!(spreads(&simulation), "{simulation}");
    let json = simulation.to_json();
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(2 * SLOPES.len()));
    assert!(simulation.to_string().contains("above cap"));
}

#[test]
fn a_selector_that_feels_no_load_is_found_out() {
    let history = organisation(260);
    let deaf = Spread {
        burden: 0.0,
        ..Spread::default()
    };
    assert!(spreads(&simulate(&history, Spread::default(), 2)));
    assert!(
        !spreads(&simulate(&history, deaf, 2)),
        "without load the waves are the order of relevance"
    );
}

#[test]
fn a_history_without_questions_is_a_quiet_year() {
    let simulation = simulate(&History::default(), Spread::default(), 2);
    assert_eq!(simulation.questions, 0);
    assert!(simulation.runs.iter().all(|run| run.figures.asks == 0));
}
