//! What is written down while a year is simulated, apart from the World: so that a fault in how load is read there shows.

use super::AskFigures;
use crate::domain::{DAY_MICROS, Timestamp};
use crate::evaluate::metrics::head_share;
use crate::signals::DEFAULT_ASKS_PER_WEEK;
use crate::world::{PersonIx, View};
use std::collections::BTreeMap;

/// Microseconds in seven days.
const WEEK_MICROS: i64 = 7 * DAY_MICROS;

/// The books of one run.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// When each person who could have been asked was asked.
    asked: BTreeMap<PersonIx, Vec<Timestamp>>,
    first_three: BTreeMap<PersonIx, usize>,
    questions: usize,
    answered: usize,
    above_cap: usize,
    while_away: usize,
    judged: usize,
    ndcg10: f64,
    lost: f64,
}

impl Books {
    /// Notes the first answer to a question: everybody in it, best first.
    pub(super) fn shown(&mut self, people: &[PersonIx]) {
        self.questions += 1;
        for &person in people {
            self.asked.entry(person).or_default();
        }
        for &person in people.iter().take(3) {
            *self.first_three.entry(person).or_default() += 1;
        }
    }

    /// Notes what an answer is worth, and what the order of relevance alone would have been.
    pub(super) fn judged(&mut self, shown: f64, by_relevance: f64) {
        self.judged += 1;
        self.ndcg10 += shown;
        self.lost += by_relevance - shown;
    }

    /// Notes an invitation that is sent to `person` at `at`, and whether it is one too many.
    pub(super) fn sent(&mut self, view: &View, person: PersonIx, at: Timestamp) {
        let since = at.plus_micros(-WEEK_MICROS);
        let sent = self.asked.entry(person).or_default();
        sent.push(at);
        let week = sent.iter().filter(|&&earlier| since < earlier && earlier <= at).count();
        let cap = view.asks_per_week(person).unwrap_or(DEFAULT_ASKS_PER_WEEK);
        self.above_cap += usize::from(week > cap as usize);
        self.while_away += usize::from(view.is_away(person, at));
    }

    /// Notes that somebody answers a question.
    pub(super) fn answered(&mut self) {
        self.answered += 1;
    }

    /// The figures, with the share of the `busiest` people.
    pub(super) fn figures(&self, busiest: usize) -> AskFigures {
        let asks: Vec<usize> = self.asked.values().map(Vec::len).collect();
        let judged = self.judged.max(1) as f64;
        AskFigures {
            questions: self.questions,
            answered: self.answered as f64 / self.questions.max(1) as f64,
            asks: asks.iter().sum(),
            people: asks.len(),
            asks_above_cap: self.above_cap,
            asks_while_away: self.while_away,
            top5pct_asks: head_share(asks.iter().copied().filter(|&n| n > 0).collect()),
            top5pct_first_three: head_share(self.first_three.values().copied().collect()),
            busiest_first_three: share_of(busiest, self.first_three.values().copied().collect()),
            gini: gini(asks),
            ndcg10: self.ndcg10 / judged,
            ndcg10_lost: self.lost / judged,
        }
    }
}

/// The share of the `first` largest values in their sum; 0 when there is nothing to share.
fn share_of(first: usize, mut values: Vec<usize>) -> f64 {
    values.sort_unstable_by(|a, b| b.cmp(a));
    let all: usize = values.iter().sum();
    values.iter().take(first).sum::<usize>() as f64 / all.max(1) as f64
}

/// Σ (2i − n − 1) xᵢ / (n Σ x) over the n values in ascending order, i from 1; 0 when there is nothing to share.
fn gini(mut values: Vec<usize>) -> f64 {
    values.sort_unstable();
    let (n, sum) = (values.len() as f64, values.iter().sum::<usize>() as f64);
    let weighed = values
        .iter()
        .enumerate()
        .map(|(i, &x)| (2.0 * (i + 1) as f64 - n - 1.0) * x as f64);
    if sum > 0.0 {
        weighed.sum::<f64>() / (n * sum)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_is_what_it_is_by_hand() {
        let close = |values: &[usize], wanted: f64| (gini(values.to_vec()) - wanted).abs() < 1e-12;
        assert!(close(&[3, 3, 3], 0.0));
        assert!(close(&[0, 0, 0, 8], 0.75), "one of four has everything: 1 − 1/4");
        assert!(close(&[1, 3], 0.25));
        assert!(close(&[], 0.0) && close(&[0, 0], 0.0));
    }

    #[test]
    fn the_share_of_the_busiest_is_what_it_is_by_hand() {
        let close = |first, values: &[usize], wanted: f64| (share_of(first, values.to_vec()) - wanted).abs() < 1e-12;
        assert!(close(2, &[1, 5, 3, 1], 0.8) && close(9, &[1, 5], 1.0) && close(1, &[], 0.0));
    }

    #[test]
    fn an_invitation_too_many_is_counted_apart_from_the_world() {
        let (mut books, view) = (Books::default(), View::default());
        let mut world = crate::world::World::default();
        world.apply(crate::domain::Fact {
            key: crate::domain::EventKey {
                source: "t".into(),
                id: "1".into(),
            },
            at: Timestamp::from_micros(0),
            content: [0; 16],
            body: crate::domain::FactBody::PersonUpserted {
                person: crate::domain::PersonId::new("ana"),
                patch: Box::default(),
            },
        });
        let person = world.view().person("ana").expect("known");
        drop(view);
        let hour = |n: i64| Timestamp::from_micros(n * 3_600_000_000);
        for n in 0..5 {
            books.sent(world.view(), person, hour(n));
        }
        assert_eq!(books.figures(1).asks_above_cap, 0, "five in a week are accepted");
        books.sent(world.view(), person, hour(6));
        assert_eq!(books.figures(1).asks_above_cap, 1, "the sixth is not");
        books.sent(world.view(), person, hour(7 * 24 + 2));
        assert_eq!(books.figures(1).asks_above_cap, 1, "the first three are a week old");
    }
}
