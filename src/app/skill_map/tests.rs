//! Releases over made-up organisations: what they hold, what they keep through time, and what an attacker learns.

mod attack;
mod company;

use super::codec;
use super::release::{Figure, Inference, Release, Slice};
use super::tell::Told;
use crate::chance::Draws;
use attack::Seen;
use company::Company;
use std::collections::BTreeMap;

/// How often random checks are repeated: `ANTENNE_SKILL_MAP_TABLES`, or a few times.
fn tables() -> u64 {
    let wanted = std::env::var("ANTENNE_SKILL_MAP_TABLES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(12)
}

/// The classes of a told column by place.
fn classes(told: &Told) -> BTreeMap<u32, (u32, u32)> {
    told.anchors.iter().map(|a| (a.place, (a.people, a.fixed))).collect()
}

#[test]
fn a_release_that_is_kept_is_read_again() {
    let mut dice = Draws(7);
    let company = Company::random(&mut dice, 200);
    let release = company.publish(None, 5, 1);
    assert!(release.people.is_some() && !release.columns.is_empty());
    assert_eq!(codec::decode(&codec::encode(&release)), Some(release));
}

#[test]
fn no_class_is_small_and_none_leaves_few_others() {
    for seed in 0..tables() {
        let mut dice = Draws(seed);
        let mut company = Company::random(&mut dice, 120 + (seed as usize % 5) * 60);
        let mut before = None;
        for week in 1..=6 {
            let release = company.publish(before.as_ref(), 5, week);
            for n in 0..release.columns.len() {
                for slice in Slice::ALL {
                    let Some(told) = release.told(n, slice) else { continue };
                    let over = match slice {
                        Slice::Inferred => release.told_of_others(n),
                        _ => release.told_over(n, slice).cloned(),
                    };
                    let over = over.expect("what is over it is told");
                    for anchor in &told.anchors {
                        assert!(over.heads(anchor.place), "classes are unions of those above");
                        let inner: Vec<u32> = told
                            .anchors
                            .iter()
                            .map(|a| a.place)
                            .filter(|&p| p > anchor.place)
                            .collect();
                        let inside = |place: u32| {
                            release.tree.within(anchor.place).contains(&place)
                                && !inner.iter().any(|&head| {
                                    release.tree.within(anchor.place).contains(&head)
                                        && release.tree.within(head).contains(&place)
                                })
                        };
                        let above: u32 = over.anchors.iter().filter(|a| inside(a.place)).map(|a| a.people).sum();
                        let same = *told == over && slice != Slice::Inferred;
                        let nobody = anchor.people == 0 && above == 0;
                        let sound = anchor.people >= 6 && above - anchor.people >= 6;
                        assert!(same || nobody || sound, "{seed}/{week}: {} of {above}", anchor.people);
                    }
                }
            }
            company.shuffle(&mut dice, 40);
            before = Some(release);
        }
    }
}

#[test]
fn a_number_moves_by_more_than_k_or_not_at_all() {
    for seed in 0..tables() {
        let mut dice = Draws(seed);
        let mut company = Company::random(&mut dice, 240);
        let mut before = company.publish(None, 5, 1);
        for week in 2..=12 {
            let changes = [1, 3, 30, 90][dice.below(4)];
            company.shuffle(&mut dice, changes);
            let release = company.publish(Some(&before), 5, week);
            for (n, column) in release.columns.iter().enumerate() {
                let Some(old) = before.find(&column.skill) else {
                    continue;
                };
                let (Some(now), Some(then)) = (release.told(n, Slice::All), before.told(old, Slice::All)) else {
                    continue;
                };
                let (now, then) = (classes(now), classes(then));
                if now.keys().ne(then.keys()) {
                    continue;
                }
                for (place, (people, _)) in &now {
                    let step = people.abs_diff(then[place].0);
                    assert!(
                        step == 0 || step > 5,
                        "{seed}/{week}: a class of {place} moved by {step}"
                    );
                }
            }
            before = release;
        }
    }
}

#[test]
fn what_k_people_do_in_a_season_never_shows() {
    for seed in 0..tables() {
        let mut dice = Draws(seed);
        let mut company = Company::random(&mut dice, 180);
        let first = company.publish(None, 5, 1);
        let mut before = first.clone();
        for week in 2..=6 {
            // Five people in all, whatever they do: join, leave, move, learn, object.
            company.shuffle(&mut dice, 1);
            let release = company.publish(Some(&before), 5, week);
            assert_eq!(release.people, first.people, "{seed}/{week}");
            for column in &first.columns {
                let now = release
                    .find(&column.skill)
                    .expect("a skill that was seen is remembered");
                let then = first.find(&column.skill).expect("it is there");
                for slice in Slice::ALL {
                    assert_eq!(
                        release.told(now, slice),
                        first.told(then, slice),
                        "{seed}/{week}: {}",
                        column.skill
                    );
                }
            }
            before = release;
        }
    }
}

/// What is told of those of whom `skill` is only concluded, told or remembered.
fn kept<'r>(release: &'r Release, skill: &str) -> &'r Figure {
    let column = release.find(skill).expect("a skill that was seen is remembered");
    &release.columns[column].figures[Slice::Inferred as usize]
}

#[test]
fn conclusions_are_told_apart_and_only_while_they_are_counted() {
    let mut tried = 0;
    for seed in 0..tables() {
        let company = Company::random(&mut Draws(seed), 200);
        let never = company.publish_with(None, 5, 1, false);
        let counted = company.publish(None, 5, 1);
        assert_eq!(
            (never.inference, counted.inference),
            (Inference::Never, Inference::Counted)
        );
        let paused = company.publish_with(Some(&counted), 5, 2, false);
        let again = company.publish(Some(&paused), 5, 3);
        assert_eq!(
            (paused.inference, again.inference),
            (Inference::Paused, Inference::Counted)
        );
        for (n, column) in counted.columns.iter().enumerate() {
            let skill = &*column.skill;
            // What is said is told as it would be without any conclusion.
            for slice in Slice::ALL.into_iter().filter(|slice| *slice != Slice::Inferred) {
                let without = never.find(skill).and_then(|n| never.told(n, slice));
                assert_eq!(counted.told(n, slice), without, "{seed}: {skill} {}", slice.code());
            }
            let Some(told) = counted.told(n, Slice::Inferred) else {
                continue;
            };
            tried += 1;
            let silent = |release: &Release| {
                let told = release.find(skill).and_then(|n| release.told(n, Slice::Inferred));
                told.is_none()
            };
            assert!(silent(&never) && silent(&paused));
            // A pause must not be a way to see the number move by one.
            assert_eq!(kept(&paused, skill), &Figure::Told(told.clone()), "{seed}: {skill}");
            assert_eq!(kept(&again, skill), &Figure::Told(told.clone()), "{seed}: {skill}");
        }
    }
    assert!(tried > 5, "only {tried} were told");
}

#[test]
fn whoever_solves_for_it_learns_of_no_hidden_number_to_within_k_less_one() {
    let (mut releases, mut hidden) = (0, 0);
    for seed in 0..tables() {
        let k = if seed % 3 == 0 { 10 } else { 5 };
        let mut dice = Draws(seed);
        let size = if k == 10 { 260 } else { 140 };
        let mut company = Company::random(&mut dice, size);
        let mut before = None;
        for week in 1..=12 {
            let release = company.publish(before.as_ref(), k, week);
            let unchanged = before
                .as_ref()
                .is_some_and(|before: &Release| before.columns == release.columns && before.people == release.people);
            if !unchanged {
                let seen = Seen::alone(&release, attack::published(&release));
                let (width, what, tried) = attack::narrowest(&[seen]);
                releases += 1;
                hidden += tried;
                assert!(
                    width >= f64::from(k - 1) - 1e-6,
                    "table {seed}, week {week}: {width} for {what}"
                );
            }
            let changes = [0, 1, 2, 10, 60][dice.below(5)];
            company.shuffle(&mut dice, changes);
            before = Some(release);
        }
    }
    println!("{hidden} hidden numbers of {releases} releases were solved for");
    assert!(hidden > releases, "something is hidden");
}

#[test]
fn the_attacker_finds_what_a_map_without_complements_gives_away() {
    let found = (0..6).any(|seed| {
        let company = Company::random(&mut Draws(seed), 140);
        let release = company.publish(None, 5, 1);
        let left_out = attack::only_small_ones_left_out(&release, &company, 5);
        let (width, _, _) = attack::narrowest(&[Seen::alone(&release, left_out)]);
        width < 4.0 - 1e-6
    });
    assert!(found, "leaving small cells out alone must not pass");
}

/// Releases that an attacker kept.
const KEPT: u32 = 12;

/// What an attacker learns who keeps [`KEPT`] releases and knows how many people changed in between: the narrowest interval
/// of a number that was told in none of them, by itself and beside the others.
fn kept_and_solved(
    seed: u64,
    publish: impl Fn(&Company, Option<&Release>, u32) -> Release,
) -> ((f64, String, usize), f64) {
    let mut dice = Draws(seed);
    let mut company = Company::simple(&mut dice, 90);
    let (mut releases, mut moved, mut steps): (Vec<Release>, u32, Vec<u32>) = (Vec::new(), 0, Vec::new());
    for week in 1..=KEPT {
        let release = publish(&company, releases.last(), week);
        let untrue = Seen::among(&release, moved).untrue(&company);
        assert_eq!(untrue, None, "{seed}/{week}: the attacker is told what is not so");
        releases.push(release);
        steps.push(moved);
        moved = [0, 1, 2, 4, 12][dice.below(5)];
        company.shuffle(&mut dice, moved as usize);
    }
    let seen: Vec<Seen<'_>> = releases
        .iter()
        .zip(steps)
        .map(|(release, moved)| Seen::among(release, moved))
        .collect();
    let alone = seen.chunks(1).map(|seen| attack::narrowest(seen).0);
    let alone = alone.fold(f64::INFINITY, f64::min);
    (attack::narrowest(&seen), alone)
}

#[test]
fn whoever_keeps_all_releases_and_counts_who_moved_learns_no_more() {
    let mut hidden = 0;
    for seed in 0..tables().div_ceil(6) {
        let ((width, what, tried), _) = kept_and_solved(seed, |company, before, week| company.publish(before, 5, week));
        assert!(width >= 4.0 - 1e-6, "organisation {seed}: {width} for {what}");
        hidden += tried;
    }
    println!("{hidden} hidden numbers were solved for beside those of {KEPT} releases");
    assert!(hidden > 0, "something is hidden");
}

#[test]
fn keeping_all_releases_finds_what_numbers_give_away_that_move_with_everybody() {
    let found = (12..40).any(|seed| {
        let (together, alone) = kept_and_solved(seed, |company, _, week| company.publish(None, 5, week));
        together.0 < 4.0 - 1e-6 && alone >= 4.0 - 1e-6
    });
    assert!(
        found,
        "counting anew each week must not pass, though each week by itself does"
    );
}
