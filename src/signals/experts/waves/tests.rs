//! Who sits in which wave, and when the next one is due.

use super::*;
use crate::domain::DeclineReason;
use crate::signals::sample::{Sample, hour};

/// Names, waves and why, in the order in which they are turned to. `scores` are best first.
fn seated(sample: &Sample, spread: Spread, at: i64, scores: &[(&str, f64)]) -> Vec<(String, u16, Option<Move>)> {
    let query = sample.query("q", at);
    let ranked: Vec<(PersonIx, f64)> = scores.iter().map(|&(name, score)| (sample.ix(name), score)).collect();
    let seats = spread.seats(sample.view(), &query, &ranked);
    let mut seated: Vec<_> = seats.iter().zip(scores).collect();
    seated.sort_by_key(|(seat, _)| (seat.wave, seat.turn));
    let named = seated
        .into_iter()
        .map(|(seat, (name, _))| ((*name).to_owned(), seat.wave, seat.moved_by));
    named.collect()
}

fn names(seated: &[(String, u16, Option<Move>)]) -> Vec<(&str, u16)> {
    seated.iter().map(|(name, wave, _)| (name.as_str(), *wave)).collect()
}

const SPREAD: Spread = Spread { able: 2.0, burden: 5.0 };
const SCORES: [(&str, f64); 6] = [("a", 5.0), ("b", 4.8), ("c", 4.5), ("d", 4.4), ("e", 4.0), ("f", 1.0)];

fn organisation() -> Sample {
    let mut sample = Sample::of(&["a", "b", "c", "d", "e", "f", "asker"]);
    sample.question("other", "asker", None, 0);
    sample
}

#[test]
fn without_load_the_order_is_that_of_relevance_in_threes() {
    let mut sample = organisation();
    sample.question("q", "asker", None, 0);
    let all = seated(&sample, SPREAD, 1, &SCORES);
    assert_eq!(
        names(&all),
        [("a", 1), ("b", 1), ("c", 1), ("d", 2), ("e", 2), ("f", 2)]
    );
    assert!(all.iter().all(|(.., why)| why.is_none()));
}

#[test]
fn those_asked_least_come_first_and_the_core_after_them() {
    let mut sample = organisation();
    sample.ask("1", "other", "a", 0);
    sample.ask("2", "other", "b", 0);
    sample.question("q", "asker", None, 0);
    let all = seated(&sample, SPREAD, 1, &SCORES);
    assert_eq!(
        names(&all),
        [("c", 1), ("d", 1), ("e", 1), ("a", 2), ("b", 2), ("f", 2)],
        "who is not able stays behind"
    );
    let why = |name: &str| all.iter().find(|(n, ..)| n == name).and_then(|(.., why)| *why);
    assert_eq!((why("a"), why("b")), (Some(Move::Load), Some(Move::Load)));
    assert_eq!((why("c"), why("f")), (Some(Move::Wave), None));
    // The planted fault: a selector that does not feel load asks the same people again.
    let deaf = Spread { burden: 0.0, ..SPREAD };
    assert_eq!(names(&seated(&sample, deaf, 1, &SCORES))[0], ("a", 1));
}

#[test]
fn somebody_back_from_leave_is_not_turned_to_first() {
    let mut sample = organisation();
    sample.away("a", -9, -1);
    sample.question("q", "asker", None, 0);
    let all = seated(&sample, SPREAD, 1, &SCORES);
    assert_eq!(all[3], ("a".to_owned(), 2, Some(Move::Returning)));
}

#[test]
fn heads_come_after_able_peers_and_animators_last() {
    let mut sample = organisation();
    sample.person("asker", Some("works/pumps"), &[]);
    sample.person("a", None, &["works"]);
    sample.person("b", None, &["office"]);
    sample.animator("c", "hydraulics");
    sample.question("q", "asker", Some("hydraulics"), 0);
    let all = seated(&sample, SPREAD, 1, &SCORES);
    assert_eq!(
        names(&all),
        [("b", 1), ("d", 1), ("e", 1), ("a", 2), ("f", 2), ("c", 3)]
    );
    let why = |name: &str| all.iter().find(|(n, ..)| n == name).and_then(|(.., why)| *why);
    assert_eq!((why("a"), why("c")), (Some(Move::Wave), Some(Move::Wave)));
    assert_eq!(
        names(&seated(&sample, SPREAD, 1, &[("c", 1.0)])),
        [("c", 1)],
        "an animator answers when nobody else is there"
    );
}

#[test]
fn waves_that_were_sent_are_over_and_the_next_is_due_at_a_fixed_hour() {
    let mut sample = organisation();
    sample.question("q", "asker", None, 0);
    let due = |sample: &Sample, at: i64| {
        let query = sample.query("q", at);
        Sent::of(sample.view(), &query).next_wave_at(&query)
    };
    assert_eq!(
        (due(&sample, 1), due(&sample, 900)),
        (hour(24), hour(24)),
        "from when it was asked"
    );
    sample.ask("1", "q", "a", 2);
    let rest = &SCORES[1..];
    assert_eq!(
        names(&seated(&sample, SPREAD, 3, rest))[..3],
        [("b", 1), ("c", 1), ("d", 2)],
        "two seats of the first wave are free"
    );
    assert_eq!(
        names(&seated(&sample, SPREAD, 30, rest))[0],
        ("b", 2),
        "a day later it is over"
    );
    sample.ask("2", "q", "b", 3);
    sample.ask("3", "q", "c", 3);
    let rest = &SCORES[3..];
    assert_eq!(names(&seated(&sample, SPREAD, 4, rest)), [("d", 2), ("e", 2), ("f", 2)]);
    assert_eq!(
        (due(&sample, 4), due(&sample, 900)),
        (hour(26), hour(26)),
        "from when it began"
    );
    sample.ask("4", "q", "d", 40);
    assert_eq!(names(&seated(&sample, SPREAD, 41, &SCORES[4..])), [("e", 2), ("f", 2)]);
    assert_eq!(due(&sample, 41), hour(64));
    sample.decline("4", Some(DeclineReason::Other), 42);
    assert_eq!(due(&sample, 43), hour(64), "a word changes nothing of when");
}
