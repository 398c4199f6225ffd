//! What invitations weigh, and how a return is eased.

use super::*;
use crate::signals::sample::{Sample, hour};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

fn load(sample: &Sample, person: &str, at: i64) -> Load {
    Load::of(sample.view(), sample.ix(person), hour(at))
}

#[test]
fn invitations_fade_and_those_that_wait_weigh_more() {
    let mut sample = Sample::of(&["ana", "bo"]);
    sample.question("q", "ana", None, 0);
    assert!(close(load(&sample, "bo", 1).burden(), 0.0));
    sample.ask("1", "q", "bo", 1);
    assert!(close(load(&sample, "bo", 1).asked, 1.5));
    assert!(close(load(&sample, "bo", 1 + 7 * 24).asked, 0.75), "half after a week");
    assert!(close(load(&sample, "bo", 1 + 14 * 24).asked, 0.0), "nothing after two");
    sample.decline("1", Some(DeclineReason::NotMySkill), 2);
    assert!(close(load(&sample, "bo", 1).asked, 1.0));
    sample.decline("1", Some(DeclineReason::Overloaded), 3);
    assert!(close(load(&sample, "bo", 1).asked, 2.0), "too much to do");
    assert!(close(load(&sample, "bo", 1).burden(), 0.4), "of five a week");
    assert!(
        close(load(&sample, "bo", 0).asked, 0.0),
        "what comes later is not felt yet"
    );
}

#[test]
fn a_return_from_leave_is_eased_in_over_two_weeks() {
    let mut sample = Sample::of(&["ana", "bo", "cy", "di"]);
    sample.away("bo", 0, 6);
    sample.away("cy", 2, 2);
    // Two spans without a gap are one leave.
    sample.away("di", 0, 2);
    sample.away("di", 3, 5);
    let share = |person: &str, day: i64| load(&sample, person, day * 24 + 9).share;
    assert!(close(share("bo", 7), 1.0 / 14.0), "the first day back");
    assert!(close(share("bo", 13), 0.5));
    assert!(close(share("bo", 20), 1.0) && close(share("bo", 90), 1.0));
    assert!((7..20).all(|day| share("bo", day) < share("bo", day + 1)), "it rises");
    assert!(close(share("cy", 3), 1.0), "a day off is no leave");
    assert!(close(share("di", 6), 1.0 / 14.0));
    assert!(close(load(&sample, "bo", 7 * 24).burden(), 13.0 / 14.0));
}

#[test]
fn somebody_just_back_is_asked_once_where_others_are_asked_five_times() {
    let mut sample = Sample::of(&["ana", "bo", "cy"]);
    sample.away("bo", 0, 6);
    let first_day = 7 * 24;
    for n in 0..5 {
        let question = format!("q{n}");
        sample.question(&question, "ana", None, first_day);
        for person in ["bo", "cy"] {
            let load = load(&sample, person, first_day + n);
            let full = load.is_full(sample.view(), sample.ix(person), hour(first_day + n));
            assert_eq!(full, person == "bo" && n > 0, "{person} after {n}");
            if !full {
                sample.ask(&format!("{person} {n}"), &question, person, first_day + n);
            }
        }
    }
    let load = load(&sample, "cy", first_day + 6);
    assert!(
        load.is_full(sample.view(), sample.ix("cy"), hour(first_day + 6)),
        "the cap where none is set"
    );
}
