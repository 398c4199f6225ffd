//! Who comes and who goes: joins of people in the newcomer's own situation, how new a community is, how many leave it.
//!
//! Whoever belongs nowhere yet chooses otherwise than whoever belongs already: what the former joined tells the former, what
//! the latter joined the latter. What a batch of joins counts is said in `census`.

use super::census::decayed;
use super::{Communities, Family, NewcomerQuery};
use crate::domain::Timestamp;
use crate::pipeline::{Round, Scale, Signal, Subjects};
use crate::world::{CommunityIx, Decay, PersonIx, Stay, View, Width};

/// Days in which a join or a departure counts half as much.
const HALF_LIFE_DAYS: f64 = 365.0;
/// Days in which a community is half as new.
const NEW_DAYS: f64 = 180.0;
/// People whom every community is given before its departures are told.
const SMOOTHING: f64 = 3.0;

/// What came and went in one community. People means others than the newcomer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tide {
    /// Days of first joins, where known, of people who at that day's start belonged somewhere, or nowhere, as the newcomer
    /// does; in order.
    joins_alike: Vec<i32>,
    /// Days on which people who are not back ceased to belong, in order.
    departures: Vec<i32>,
    /// The first day on which anybody was seen in it.
    first_seen: Option<i32>,
}

/// The tides of the communities of one query, in their order.
pub struct Tides {
    each: Vec<Tide>,
    days: Decay<1>,
}

impl Tides {
    /// Reads `communities`. Cost: linear in people and memberships.
    pub fn of(view: &View, query: &NewcomerQuery, communities: Subjects<'_, Communities>) -> Self {
        let mut tides = Self {
            each: vec![Tide::default(); communities.len()],
            days: Decay::new(query.as_of, [HALF_LIFE_DAYS], Width::Day),
        };
        let mut spans = Vec::new();
        for (human, node) in view.people.iter() {
            if node.leader.is_none() && human != query.person {
                tides.count(view, human, query.is_cold(), communities, &mut spans);
            }
        }
        for tide in &mut tides.each {
            tide.joins_alike.sort_unstable();
            tide.departures.sort_unstable();
        }
        tides
    }

    fn count(
        &mut self,
        view: &View,
        human: PersonIx,
        cold: bool,
        communities: Subjects<'_, Communities>,
        spans: &mut Vec<(CommunityIx, Stay)>,
    ) {
        spans.clear();
        let memberships = view.accounts(human).flat_map(|ix| &view.people.get(ix).memberships);
        spans.extend(memberships.flat_map(|(c, membership)| membership.stays().iter().map(|stay| (*c, *stay))));
        spans.retain(|(community, _)| !view.is_sensitive(*community));
        spans.sort_by_key(|(community, stay)| (*community, stay.since));
        let belonged = |day: i32| {
            let covers = |(_, stay): &(_, Stay)| {
                stay.since.day().days() < day && stay.ended.is_none_or(|ended| ended.day().days() >= day)
            };
            spans.iter().any(covers)
        };
        for stays in spans.chunk_by(|a, b| a.0 == b.0) {
            let Some(tide) = communities.position(stays[0].0).map(|place| &mut self.each[place]) else {
                continue;
            };
            let first = stays[0].1;
            let day = first.since.day().days();
            tide.first_seen = Some(tide.first_seen.map_or(day, |seen| seen.min(day)));
            if !first.since_unknown && belonged(day) != cold {
                tide.joins_alike.push(day);
            }
            let ended = stays.iter().map(|(_, stay)| stay.ended);
            if let Some(last) = ended.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten() {
                tide.departures.push(last.day().days());
            }
        }
    }
}

/// ln(1 + joins of people in the newcomer's situation), decayed at a half-life of 365 days: of people who belonged nowhere
/// when they joined, for a newcomer who belongs nowhere; of those who belonged somewhere, for others. Better; rises with
/// every such join. Cost: these joins.
pub struct JoinsAlike;

impl Signal<Communities> for JoinsAlike {
    fn name(&self) -> &'static str {
        "joins_alike"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let tides = &round.gathered.tides;
        for (tide, strength) in tides.each.iter().zip(out) {
            let [joins] = decayed(&tide.joins_alike, |day| tides.days.weights(day));
            *strength = libm::log1p(joins);
        }
    }
}

/// 2^(−days since anybody was first seen in it / 180). In 0..=1. Better: what is new has room, and looks for people. Cost:
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
        for (tide, strength) in round.gathered.tides.each.iter().zip(out) {
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
        for ((community, tide), strength) in round.subjects.iter().zip(&tides.each).zip(out) {
            let left: f64 = tide.departures.iter().map(|&day| tides.days.weights(day)[0]).sum();
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
