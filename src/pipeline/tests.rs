//! The engine on a toy task: numbers that are liked for being large and for being even.

use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;

struct Numbers;

impl Task for Numbers {
    type World = Vec<u32>;
    type Query = u32;
    type Subject = usize;
    type Family = &'static str;
    type Drop = &'static str;
    type Move = &'static str;
    type Fact = u32;
    type Gathered = Vec<u32>;

    fn gather(world: &Vec<u32>, _: &u32, subjects: Subjects<'_, Self>) -> Vec<u32> {
        subjects.iter().map(|subject| world[subject]).collect()
    }

    fn tie(world: &Vec<u32>, a: usize, b: usize) -> Ordering {
        (world[a], a).cmp(&(world[b], b))
    }
}

struct All;

impl Source<Numbers> for All {
    fn name(&self) -> &'static str {
        "all"
    }

    fn propose(&self, world: &Vec<u32>, _: &u32, into: &mut Vec<usize>) {
        into.extend(0..world.len());
        into.extend(0..world.len() / 2);
    }
}

struct TooLarge;

impl Filter<Numbers> for TooLarge {
    fn excludes(&self, world: &Vec<u32>, limit: &u32, subject: usize) -> Option<&'static str> {
        (world[subject] > *limit).then_some("too large")
    }
}

struct Size(&'static str, Scale);

impl Signal<Numbers> for Size {
    fn name(&self) -> &'static str {
        "size"
    }

    fn family(&self) -> &'static str {
        self.0
    }

    fn scale(&self) -> Scale {
        self.1
    }

    fn measure(&self, round: &Round<'_, Numbers>, out: &mut [f64]) {
        for (&size, strength) in round.gathered.iter().zip(out) {
            *strength = f64::from(size);
        }
    }

    fn facts(&self, world: &Vec<u32>, _: &u32, subject: usize) -> Vec<u32> {
        vec![world[subject]]
    }
}

struct OddLast;

impl Selector<Numbers> for OddLast {
    fn seats(&self, world: &Vec<u32>, _: &u32, ranked: &[(usize, f64)]) -> Vec<Seat<&'static str>> {
        let seat = |(turn, &(subject, _)): (usize, &(usize, f64))| {
            let odd = !world[subject].is_multiple_of(2);
            Seat {
                wave: if odd { 7 } else { 3 },
                turn,
                moved_by: odd.then_some("odd"),
            }
        };
        ranked.iter().enumerate().map(seat).collect()
    }
}

fn pipeline() -> Pipeline<Numbers> {
    let signals = vec![
        Weighted {
            signal: Box::new(Size("b", Scale::ByMaximum)) as Box<dyn Signal<Numbers>>,
            weight: 0.3,
        },
        Weighted {
            signal: Box::new(Size("a", Scale::ByMaximum)),
            weight: 1.1,
        },
        Weighted {
            signal: Box::new(Size("b", Scale::ByMaximum)),
            weight: -0.1,
        },
    ];
    Pipeline::new(
        vec![Box::new(All)],
        vec![Box::new(TooLarge)],
        signals,
        Box::new(OddLast),
    )
}

proptest! {
    #[test]
    fn nobody_is_lost_and_parts_sum_to_the_score(world in prop::collection::vec(0_u32..50, 0..30), limit in 0_u32..50, picks in 0_usize..12) {
        let ranking = pipeline().run(&world, &limit, picks, Order::Waves);
        prop_assert_eq!(ranking.picks.len() + ranking.reserve.len() + ranking.dropped.len(), world.len());
        prop_assert!(ranking.picks.len() <= picks);
        for pick in &ranking.picks {
            let sum: f64 = pick.parts.iter().map(|part| part.contribution).sum();
            prop_assert_eq!(sum.to_bits(), pick.score.to_bits());
            prop_assert_eq!(pick.parts.iter().map(|part| part.family).collect::<Vec<_>>(), ["a", "b"]);
        }
        prop_assert!(ranking.dropped.iter().all(|&(s, _)| world[s] > limit));
    }

    #[test]
    fn who_is_explained_later_is_explained_as_at_once(world in prop::collection::vec(0_u32..50, 0..30), limit in 0_u32..50, most in 0_usize..12) {
        let at_once = pipeline().run(&world, &limit, most, Order::Waves);
        let (ranking, kept) = pipeline().shortlist(&OddLast, &world, &limit, most);
        prop_assert_eq!(&ranking.norms, &at_once.norms);
        prop_assert_eq!((ranking.picks.len(), ranking.reserve.len()), (at_once.picks.len(), at_once.reserve.len()));
        for (later, pick) in ranking.picks.iter().zip(&at_once.picks) {
            prop_assert_eq!((later.subject, later.score.to_bits()), (pick.subject, pick.score.to_bits()));
            let parts = pipeline().explain(&world, &limit, &kept, later.subject);
            let bits = |parts: &[Part<Numbers>]| parts.iter().map(|p| (p.family, p.contribution.to_bits(), p.facts.clone())).collect::<Vec<_>>();
            prop_assert_eq!(bits(&parts), bits(&pick.parts));
        }
        prop_assert!(pipeline().explain(&world, &limit, &kept, 99).is_empty());
    }

    #[test]
    fn waves_come_in_turn_and_scores_fall_within_them(world in prop::collection::vec(0_u32..50, 1..30)) {
        let all = pipeline().run(&world, &99, 99, Order::Waves).picks;
        prop_assert!(all.windows(2).all(|w| w[0].wave < w[1].wave || (w[0].wave == w[1].wave && w[0].score >= w[1].score)));
        prop_assert!(all.iter().all(|p| p.moved_by.is_some() == (p.wave == 7)));
        let by_score = pipeline().run(&world, &99, 99, Order::Score).picks;
        prop_assert!(by_score.windows(2).all(|w| w[0].base_rank + 1 == w[1].base_rank));
        prop_assert!(by_score.iter().all(|p| p.moved_by.is_none()), "nobody is moved in the order of scores");
    }
}

#[test]
fn a_signal_against_a_subject_cites_nothing() {
    let ranking = pipeline().run(&vec![4, 8], &99, 2, Order::Score);
    assert_eq!(ranking.picks[0].subject, 1);
    assert_eq!(ranking.picks[0].parts[1].facts, [8], "the same record is cited once");
    let held = pipeline().parts_under(&vec![4, 6], &99, 1, &ranking.norms);
    assert!(
        held[0].contribution < ranking.picks[0].parts[0].contribution,
        "under held norms less is worth less"
    );
}
