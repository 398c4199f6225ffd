//! A group covers what one person cannot.

use super::*;
use crate::signals::sample::Sample;

fn facet(weight: f64, covered: &[f64]) -> Facet {
    Facet {
        weight,
        covered: covered.to_vec(),
    }
}

#[test]
fn the_next_one_covers_what_is_left() {
    // 0 and 1 know the first side, 2 the second; 1 knows more than 2, but little beside 0.
    let facets = || [facet(0.6, &[1.0, 0.9, 0.0]), facet(0.4, &[0.0, 0.1, 0.7])];
    assert_eq!(Together::choose(&facets(), &[0.0; 3]), [0, 2], "1 adds next to nothing");
    assert_eq!(
        Together::choose(&facets(), &[2.0, 0.0, 0.0]),
        [1, 2],
        "who is asked much already is spared"
    );
}

#[test]
fn equals_go_by_place_and_nobody_is_named_for_nothing() {
    assert_eq!(Together::choose(&[facet(1.0, &[0.5, 0.5, 0.5])], &[0.0; 3]), [0, 1, 2]);
    assert!(Together::choose(&[facet(1.0, &[0.0, 0.0])], &[0.0; 2]).is_empty());
    assert!(Together::choose(&[], &[]).is_empty());
}

#[test]
fn animators_hold_back_from_groups_too() {
    let mut sample = Sample::of(&["a", "b", "asker"]);
    sample.animator("a", "hydraulics");
    sample.question("q", "asker", Some("hydraulics"), 0);
    let (query, a, b) = (sample.query("q", 1), sample.ix("a"), sample.ix("b"));
    let first = |ranked: &[(PersonIx, f64)]| {
        let seats = Together.seats(sample.view(), &query, ranked);
        let first = seats.iter().position(|seat| seat.wave == 1);
        ranked[first.expect("somebody")].0
    };
    assert_eq!(first(&[(a, 2.0), (b, 1.0)]), b);
    assert_eq!(first(&[(a, 2.0)]), a);
}
