//! The rules, one by one, over a small tree: the whole, `A` with `A/x` and `A/y`, and `B`.

use super::*;

const RULE: Rule = Rule {
    least: 6,
    release: 1,
    day: 100,
    wait: 12,
};

fn tree() -> Tree {
    Tree::of(["A/x", "A/y", "B"])
}

/// What is told of each place, in the order of the walk; -1 where nothing is.
fn numbers(told: Option<&Told>) -> Vec<i64> {
    let tree = tree();
    let number = |place| {
        told.and_then(|told| told.number(&tree, place))
            .map_or(-1, |n| i64::from(n.people))
    };
    (0..tree.len() as u32).map(number).collect()
}

fn everybody(own: &[u32], before: Before<'_>, rule: Rule) -> Option<Told> {
    tell(&tree(), &[Column { own, before }], None, rule).pop().flatten()
}

/// Of 300 people, 100 in each of the lowest units.
fn among(own: &[u32], before: Before<'_>, rule: Rule) -> Option<Told> {
    let people = [0, 0, 100, 100, 100];
    let told = everybody(&people, Before::Unseen, RULE).unwrap();
    let over = Over {
        own: &people,
        told: &told,
        covered: false,
    };
    tell(&tree(), &[Column { own, before }], Some(over), rule)
        .pop()
        .flatten()
}

fn later(release: u32) -> Rule {
    Rule {
        release,
        day: 100 + release as i32 * 7,
        ..RULE
    }
}

#[test]
fn what_is_large_enough_is_told_and_adds_up() {
    assert_eq!(
        numbers(everybody(&[0, 0, 100, 100, 100], Before::Unseen, RULE).as_ref()),
        [300, 200, 100, 100, 100]
    );
    assert_eq!(
        numbers(among(&[0, 0, 30, 20, 10], Before::Unseen, RULE).as_ref()),
        [60, 50, 30, 20, 10]
    );
}

#[test]
fn a_small_part_hides_its_smallest_neighbour_too() {
    // `A/y` has 5, which would follow from A and A/x.
    assert_eq!(
        numbers(among(&[0, 0, 30, 5, 10], Before::Unseen, RULE).as_ref()),
        [45, 35, -1, -1, 10]
    );
    assert_eq!(
        numbers(among(&[0, 0, 30, 20, 5], Before::Unseen, RULE).as_ref()),
        [55, -1, -1, -1, -1]
    );
}

#[test]
fn nobody_is_no_number_but_where_nobody_works() {
    assert_eq!(
        numbers(among(&[0, 0, 30, 0, 10], Before::Unseen, RULE).as_ref()),
        [40, 30, -1, -1, 10]
    );
    // Nobody works right in A: A and its parts can be told all the same.
    assert_eq!(
        numbers(among(&[0, 0, 30, 20, 10], Before::Unseen, RULE).as_ref())[1..4],
        [50, 30, 20]
    );
}

#[test]
fn what_is_left_without_some_is_told_in_their_classes() {
    let everybody = everybody(&[0, 0, 100, 90, 80], Before::Unseen, RULE).unwrap();
    let some = among(&[0, 0, 30, 5, 10], Before::Unseen, RULE).unwrap();
    let others = everybody.less(&some, &tree());
    assert_eq!(numbers(Some(&others)), [225, 155, -1, -1, 70]);
    assert_eq!(numbers(Some(&everybody.less(&everybody, &tree()))), [0; 5]);
}

#[test]
fn those_who_have_it_not_are_as_many_too() {
    assert_eq!(
        numbers(among(&[0, 0, 97, 30, 50], Before::Unseen, RULE).as_ref()),
        [177, 127, -1, -1, 50]
    );
    assert!(among(&[0, 0, 99, 98, 99], Before::Unseen, RULE).is_none());
    assert!(among(&[0, 0, 3, 1, 1], Before::Unseen, RULE).is_none());
}

#[test]
fn a_number_stays_until_it_is_far_away() {
    let first = among(&[0, 0, 30, 20, 10], Before::Unseen, RULE).unwrap();
    let near = among(&[0, 0, 35, 20, 5], Before::Told(&first), later(2)).unwrap();
    assert_eq!(near, first);
    let far = among(&[0, 0, 36, 20, 10], Before::Told(&first), later(2)).unwrap();
    assert_eq!(numbers(Some(&far)), [66, 56, 36, 20, 10]);
    assert_eq!(far.number(&tree(), 2).map(|n| n.since), Some(114));
    assert_eq!(
        far.number(&tree(), 0).map(|n| n.since),
        Some(100),
        "a sum is as old as its oldest part"
    );
}

#[test]
fn what_becomes_small_is_joined_and_then_stays_for_a_season() {
    let first = among(&[0, 0, 30, 20, 10], Before::Unseen, RULE).unwrap();
    let joined = among(&[0, 0, 30, 2, 10], Before::Told(&first), later(2)).unwrap();
    // The sum of what was told before: the new one would give 2 away, and so would A/x beside A, where nobody else works.
    assert_eq!(numbers(Some(&joined)), [60, 50, -1, -1, 10]);
    let soon = among(&[0, 0, 30, 2, 10], Before::Told(&joined), later(13)).unwrap();
    assert_eq!(numbers(Some(&soon)), numbers(Some(&joined)));
    let season = among(&[0, 0, 30, 2, 10], Before::Told(&joined), later(14));
    assert_ne!(
        season.as_ref().map(|told| numbers(Some(told))),
        Some(numbers(Some(&joined)))
    );
}

#[test]
fn what_was_too_few_to_tell_comes_back_only_from_afar() {
    assert!(among(&[0, 0, 10, 0, 0], Before::Untold, RULE).is_none());
    assert!(among(&[0, 0, 11, 0, 0], Before::Untold, RULE).is_some());
}

#[test]
fn parts_that_make_up_a_whole_are_told_together_or_not_at_all() {
    let people = [0, 0, 100, 100, 100];
    let everybody = everybody(&people, Before::Unseen, RULE).unwrap();
    let over = Over {
        own: &people,
        told: &everybody,
        covered: true,
    };
    let told = |parts: [&[u32]; 3]| {
        let columns = parts.map(|own| Column {
            own,
            before: Before::Unseen,
        });
        tell(&tree(), &columns, Some(over), RULE)
    };
    let both = told([&[0, 0, 60, 60, 60], &[0, 0, 50, 50, 50], &[0, 0, 3, 0, 0]]);
    assert!(both[0].is_some() && both[1].is_some() && both[2].is_none());
    // The third would be at least 300 - 180 - 110 of what nobody was told.
    let short = told([&[0, 0, 60, 60, 60], &[0, 0, 40, 40, 30], &[0, 0, 3, 0, 0]]);
    assert!(short.iter().all(Option::is_none));
}

#[test]
fn parts_that_could_not_make_up_a_whole_come_back_only_from_afar() {
    let people = [0, 0, 100, 100, 100];
    let everybody = everybody(&people, Before::Unseen, RULE).unwrap();
    let over = Over {
        own: &people,
        told: &everybody,
        covered: true,
    };
    let told = |parts: [&[u32]; 2], before| {
        let columns = parts.map(|own| Column { own, before });
        tell(&tree(), &columns, Some(over), RULE).iter().all(Option::is_some)
    };
    // 300 of 300 are enough at first sight; once they were 299, each of five people may have made up two of the rest.
    assert!(told([&[0, 0, 50, 50, 50], &[0, 0, 50, 50, 50]], Before::Unseen));
    assert!(!told([&[0, 0, 50, 50, 50], &[0, 0, 50, 50, 49]], Before::Unseen));
    assert!(!told([&[0, 0, 55, 50, 50], &[0, 0, 54, 50, 50]], Before::Untold));
    assert!(told([&[0, 0, 55, 50, 50], &[0, 0, 55, 50, 50]], Before::Untold));
}
