//! Who comes and who goes: joins of people in the newcomer's own situation, how new a community is, how many leave it.
//!
//! Whoever belongs nowhere yet chooses otherwise than whoever belongs already: what the former joined tells the former, what
//! the latter joined the latter. **Bursts are damped:** n joins of one day count √n, so that whoever is put in with many
//! others weighs little, and nothing that was seen is thrown away: what was only "seen by then" counts at the day on which it
//! was seen, or a place that was imported once would have no history at all.

use super::{Communities, Family};
use crate::domain::{CommunityKind, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, Decay, Width};
use std::collections::BTreeMap;

/// Half-lives at which joins and departures are felt, in days.
const HALF_LIVES: [f64; 3] = [180.0, 365.0, 730.0];
/// Their places.
const D180: usize = 0;
const D365: usize = 1;
const D730: usize = 2;
/// Days in which a community is half as new.
const NEW_DAYS: f64 = 60.0;
/// People, or communities, that are given before a share is told.
const SMOOTHING: f64 = 3.0;
/// People of a community whose joins tell something of its kind.
const TELLING: u32 = 3;
/// The logarithm of a ratio beyond which no more is told.
const RATIO_MAX: f64 = 3.0;

/// What came and went in one community. People means others than the newcomer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tide {
    /// Days of first joins of people who belonged nowhere when the day began, in order.
    cold: Vec<i32>,
    /// The same of people who belonged somewhere.
    warm: Vec<i32>,
    /// Of the first ones, those whose day is known.
    dated_cold: Vec<i32>,
    /// Days on which people who are not back ceased to belong, in order.
    departures: Vec<i32>,
    /// The first day on which anybody was seen in it.
    first_seen: Option<i32>,
}

impl Tide {
    /// Adds somebody who was first seen on `day`, belonging nowhere when it began if `cold`, on a day that is known if
    /// `dated`, and who ceased to belong on the day `ended`.
    pub(super) fn add(&mut self, day: i32, cold: bool, dated: bool, ended: Option<i32>) {
        self.first_seen = Some(self.first_seen.map_or(day, |seen| seen.min(day)));
        if cold {
            self.cold.push(day);
            self.dated_cold.extend(dated.then_some(day));
        } else {
            self.warm.push(day);
        }
        self.departures.extend(ended);
    }

    /// Puts what was added in order.
    pub(super) fn close(&mut self) {
        for days in [
            &mut self.cold,
            &mut self.warm,
            &mut self.dated_cold,
            &mut self.departures,
        ] {
            days.sort_unstable();
        }
    }
}

/// How the tides of the communities of one query are felt at its instant.
pub struct Tides {
    days: Decay<3>,
}

impl Tides {
    /// Lays out what each day weighs at `as_of`.
    pub fn at(as_of: Timestamp) -> Self {
        Self {
            days: Decay::new(as_of, HALF_LIVES, Width::Day),
        }
    }
}

/// Whose joins are counted, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Of people who belonged nowhere: half-life 180 days.
    Newcomers,
    /// Of everybody: half-life 180 days.
    All,
    /// Of people who belonged somewhere: half-life 730 days.
    Settled,
}

impl Arrivals {
    fn of(self, tide: &Tide, days: &Decay<3>) -> f64 {
        match self {
            Self::Newcomers => damped(&tide.cold, days)[D180],
            Self::Settled => damped(&tide.warm, days)[D730],
            Self::All => {
                let all = merged(&tide.cold, &tide.warm);
                damped(&all, days)[D180]
            }
        }
    }
}

/// The days of both, which are in order, in order.
fn merged<'d>(mut some: &'d [i32], mut others: &'d [i32]) -> Vec<i32> {
    let mut all = Vec::with_capacity(some.len() + others.len());
    while let (Some(&day), Some(&other)) = (some.first(), others.first()) {
        let rest = if day <= other { &mut some } else { &mut others };
        all.push(rest[0]);
        *rest = &rest[1..];
    }
    all.extend_from_slice(some);
    all.extend_from_slice(others);
    all
}

/// Σ over the days of `joins`, which are in order, of √(joins of the day) · 2^(−age / half-life), at each half-life.
fn damped(joins: &[i32], days: &Decay<3>) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for same in joins.chunk_by(|a, b| a == b) {
        let count = (same.len() as f64).sqrt();
        for (sum, weight) in sums.iter_mut().zip(days.weights(same[0])) {
            *sum += count * weight;
        }
    }
    sums
}

/// ln(1 + joins), bursts damped and decayed, of newcomers, of everybody, or of people who belonged somewhere. Better; rises
/// with every join. Cost: the joins.
impl Signal<Communities> for Arrivals {
    fn name(&self) -> &'static str {
        match self {
            Self::Newcomers => "newcomers_180d",
            Self::All => "arrivals_180d",
            Self::Settled => "settled_730d",
        }
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let days = &round.gathered.tides.days;
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = libm::log1p(self.of(round.query.census.tide(community), days));
        }
    }
}

/// ln(s / a) / 3, kept within −1..=1: s are the dated joins of newcomers of the last year (half-life 365 days, bursts
/// damped) in a community of this kind, a those in any community; both over communities of three people or more, three
/// average ones being added to each kind. Better: whether a place receives newcomers in teams or in circles of practice is in
/// the strength.
/// Cost: one pass over the communities.
pub struct KindOfNewcomers;

impl Signal<Communities> for KindOfNewcomers {
    fn name(&self) -> &'static str {
        "kind_of_newcomers"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let (view, tides) = (round.world, &round.gathered.tides);
        let kind = |community: CommunityIx| view.communities.get(community).state.as_ref().and_then(|s| s.kind);
        // Whole 1024ths: sums do not depend on the order of communities.
        let mut kinds: BTreeMap<Option<CommunityKind>, (u64, u64)> = BTreeMap::new();
        let (mut joins, mut communities) = (0, 0);
        for community in round.subjects.iter() {
            let tide = round.query.census.tide(community);
            if round.query.census.place(community).present >= TELLING {
                let told = (damped(&tide.dated_cold, &tides.days)[D365] * 1024.0).round() as u64;
                let of_kind = kinds.entry(kind(community)).or_default();
                (of_kind.0, of_kind.1) = (of_kind.0 + told, of_kind.1 + 1);
                (joins, communities) = (joins + told, communities + 1);
            }
        }
        if joins == 0 {
            return;
        }
        let average = joins as f64 / f64::from(communities);
        for (community, strength) in round.subjects.iter().zip(out) {
            let (told, count) = kinds.get(&kind(community)).copied().unwrap_or_default();
            let share = (told as f64 + SMOOTHING * average) / (count as f64 + SMOOTHING);
            *strength = (libm::log(share / average) / RATIO_MAX).clamp(-1.0, 1.0);
        }
    }
}

/// 2^(−days since anybody was first seen in it / 60). In 0..=1. Better: what is new has room, and looks for people. Cost:
/// constant.
pub struct Fresh;

impl Signal<Communities> for Fresh {
    fn name(&self) -> &'static str {
        "fresh"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let tide = round.query.census.tide(community);
            let age = |day: i32| f64::from(today(round.query.as_of).saturating_sub(day).max(0));
            *strength = tide.first_seen.map_or(0.0, |day| libm::exp2(-age(day) / NEW_DAYS));
        }
    }
}

/// L / (L + people present + 3), L being the departures decayed at a half-life of 365 days. In 0..1. Worse: where people
/// leave, few should be sent. Cost: its departures.
pub struct Departures;

impl Signal<Communities> for Departures {
    fn name(&self) -> &'static str {
        "departures"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let tides = &round.gathered.tides;
        for (community, strength) in round.subjects.iter().zip(out) {
            let tide = round.query.census.tide(community);
            let left: f64 = tide.departures.iter().map(|&day| tides.days.weights(day)[D365]).sum();
            let present = f64::from(round.query.census.place(community).present);
            *strength = left / (left + present + SMOOTHING);
        }
    }
}

/// 1 where the person belonged once and does not any more. Worse: who left knows why. Cost: the person's memberships.
pub struct WasIn;

impl Signal<Communities> for WasIn {
    fn name(&self) -> &'static str {
        "was_in"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let (view, person) = (round.world, round.query.person);
        for (community, strength) in round.subjects.iter().zip(out) {
            let mut stays = view.stays(person, community).peekable();
            let left = stays.peek().is_some() && stays.all(|stay| stay.ended.is_some());
            *strength = f64::from(u8::from(left));
        }
    }
}

fn today(as_of: Timestamp) -> i32 {
    as_of.day().days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Day;

    #[test]
    fn a_burst_weighs_less_than_as_many_days_and_more_than_a_smaller_one() {
        let days = Decay::new(Day::from_days(400).start(), HALF_LIVES, Width::Day);
        let of = |joins: &[i32]| damped(joins, &days)[D730];
        let spread: Vec<i32> = (300..400).collect();
        assert!(of(&[399; 100]) < of(&spread) / 5.0);
        assert!(of(&[399; 50]) < of(&[399; 100]));
        assert!(of(&[399]) > of(&[100]), "what is older weighs less");
        assert!((of(&[399; 100]) - 10.0).abs() < 0.1);
    }

    #[test]
    fn days_of_two_are_merged_in_order() {
        assert_eq!(merged(&[1, 4, 4, 9], &[2, 4, 10]), [1, 2, 4, 4, 4, 9, 10]);
        assert_eq!((merged(&[], &[3]), merged(&[3], &[])), (vec![3], vec![3]));
    }
}
