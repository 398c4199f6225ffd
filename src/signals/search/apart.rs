//! The order of those who are found: what is sought before what comes close, depth before breadth, and among equals another
//! one first each day.

use super::depth::{SOLID_BAND, band, measure};
use super::facets::Said;
use super::glance::Glance;
use super::{Rotation, Search, SearchQuery};
use crate::chance::mixed;
use crate::pipeline::{Seat, Selector};
use crate::world::{PersonIx, View};
use std::cmp::Reverse;

/// Scores this close to the first of a level are equals: scores are log-odds, and e^0.1 is a tenth more.
const LEVEL: f64 = 0.1;

/// How somebody matches what is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// The skill itself or a narrower one, answers on the subject: of several topics, solid in each.
    Exact,
    /// Some of the topics, a wider skill, a community or a project of the subject.
    Close,
}

impl Match {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Close => "close",
        }
    }

    /// The wave in which it is seated.
    pub const fn wave(self) -> u16 {
        match self {
            Self::Exact => 1,
            Self::Close => 2,
        }
    }

    /// What is seated in `wave`.
    pub const fn of_wave(wave: u16) -> Self {
        if wave == 1 { Self::Exact } else { Self::Close }
    }
}

/// Seats exact matches in the first wave and close ones in the second. In a wave, where several topics are sought, whoever is
/// deeper in one comes first; then by score, and people of one level take turns by the day. Cost: everybody's depth in each
/// topic, and sorting.
pub struct Apart;

/// How a person stands to all that is sought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) matched: Match,
    /// The band of the topic in which they are deepest, where several are sought: no depth counts for one.
    pub(super) band: u8,
    /// The most that is measured of a topic.
    pub(super) measure: f64,
    /// Whether anything is said of them that shows to the reader.
    pub(super) said: bool,
    /// By what they are found: a bit for each [`Said`].
    pub(super) by: u8,
}

impl Standing {
    /// How `person`, whose row is `glance`, stands. Cost: three look-ups a topic, and the skills of the row.
    pub(super) fn of(query: &SearchQuery, person: PersonIx, glance: Glance<'_>) -> Self {
        let several = query.topics.len() > 1;
        let enough = if several { SOLID_BAND } else { 1 };
        let (mut covered, mut deepest, mut most) = (0, 0, 0.0);
        let (mut said, mut by, mut answered) = (false, 0, query.has_written(person));
        for (topic, heard) in query.topics.iter().zip(query.heard(person, glance)) {
            (said, by) = (said | heard.is_anything(), by | heard.by);
            answered |= topic.tagged.of(person) > 0;
            let measure = measure(topic, person, heard);
            let band = band(measure);
            covered += usize::from(band >= enough);
            deepest = band.max(deepest);
            most = f64::max(most, measure);
        }
        Self {
            matched: if covered == query.topics.len() {
                Match::Exact
            } else {
                Match::Close
            },
            band: u8::from(several) * deepest,
            measure: most,
            said,
            by: by | (u8::from(answered) * Said::Answers.bit()),
        }
    }
}

/// The turn on `day`, among equals, of whoever's identifier is `name` when it is hashed.
pub(super) fn turn(day: i32, name: u64) -> u64 {
    mixed(name, u64::from(day.cast_unsigned()))
}

impl SearchQuery {
    /// The turn of `person` among equals; identifiers decide between the same turns.
    pub(super) fn turn(&self, person: PersonIx) -> u64 {
        turn(self.day, self.glances().name(person))
    }
}

impl Selector<Search> for Apart {
    fn seats(&self, view: &View, query: &SearchQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Rotation>> {
        let place = |&(person, _): &(PersonIx, f64)| {
            let standing = Standing::of(query, person, query.glances().at(person));
            (standing.matched, standing.band)
        };
        let places: Vec<(Match, u8)> = ranked.iter().map(place).collect();
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        // Stable: within a group they stay in the order of scores.
        order.sort_by_key(|&n| (places[n].0, Reverse(places[n].1)));
        let mut from = 0;
        while from < order.len() {
            let first = order[from];
            let equal = |&n: &usize| places[n] == places[first] && ranked[n].1 >= ranked[first].1 - LEVEL;
            let count = order[from..].iter().take_while(|n| equal(n)).count();
            order[from..from + count].sort_by_cached_key(|&n| (query.turn(ranked[n].0), view.person_id(ranked[n].0)));
            from += count;
        }
        let mut seats = vec![None; ranked.len()];
        for (turn, &n) in order.iter().enumerate() {
            seats[n] = Some(Seat {
                wave: places[n].0.wave(),
                turn,
                moved_by: (turn != n).then_some(Rotation::Grouped),
            });
        }
        seats
            .into_iter()
            .map(|seat| seat.expect("everybody is in the order"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::hashed;

    #[test]
    fn turns_change_with_the_day() {
        let first = |day| {
            *["ann", "bob", "cy", "dee"]
                .iter()
                .min_by_key(|id| turn(day, hashed(id.bytes())))
                .expect("four")
        };
        let firsts: std::collections::BTreeSet<_> = (0..40).map(first).collect();
        assert_eq!(firsts.len(), 4, "everybody is first on some day");
    }
}
