//! Who is in the newcomer's communities is in others too: item to item.

use super::{Communities, Family, NewcomerQuery, Proof};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, View};

/// People who are or were in both / √(people of one · people of the other): in 0..=1.
fn cosine(query: &NewcomerQuery, own: usize, community: CommunityIx) -> f64 {
    let both = query.census.in_both(own, community);
    if both == 0 {
        return 0.0;
    }
    let of = |c: CommunityIx| f64::from(query.census.place(c).ever);
    f64::from(both) / (of(query.own[own]) * of(community)).sqrt()
}

fn cosines(query: &NewcomerQuery, community: CommunityIx) -> impl Iterator<Item = f64> {
    (0..query.own.len()).map(move |own| cosine(query, own, community))
}

/// The person's communities that lie near `community`, the nearest first; only those that the viewer may see.
fn near(view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
    nearest(view, query, cosines(query, community))
}

/// The person's communities whose `strengths` are above 0, the strongest first; only those that the viewer may see.
fn nearest(view: &View, query: &NewcomerQuery, strengths: impl Iterator<Item = f64>) -> Vec<Proof> {
    let mut near: Vec<_> = strengths
        .zip(&query.own)
        .filter(|&(strength, &own)| strength > 0.0 && query.shows(view, own))
        .collect();
    // Of equal ones the first by identifier stays first: the sort is stable.
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().map(|(_, &own)| Proof::Membership(own)).collect()
}

/// Σ over the person's communities of cosine. Better; rises with everybody who is in both. Cost: one look-up a community of
/// the person. (B. Sarwar et al., *Item-based collaborative filtering recommendation algorithms*, 2001.)
pub struct NeighboursSum;

impl NeighboursSum {
    /// How near `community` lies to those of the person.
    pub fn near(query: &NewcomerQuery, community: CommunityIx) -> f64 {
        cosines(query, community).sum()
    }
}

impl Signal<Communities> for NeighboursSum {
    fn name(&self) -> &'static str {
        "neighbours_sum"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "neighbours"
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = Self::near(round.query, community);
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        near(view, query, community)
    }
}

/// The largest cosine with a community of the person. In 0..=1. Better; one very near community suffices. Cost: as
/// [`NeighboursSum`].
pub struct NeighboursMax;

impl Signal<Communities> for NeighboursMax {
    fn name(&self) -> &'static str {
        "neighbours_max"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "neighbours"
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = cosines(round.query, community).fold(0.0, f64::max);
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        near(view, query, community)
    }
}

/// People whom every community is given before a share is told.
const SMOOTHING: f64 = 3.0;
/// The logarithm of a ratio beyond which no more is told.
const RATIO_MAX: f64 = 4.0;
/// The place of a half-life of 730 days among the query's.
const HALF_LIFE_730D: usize = 2;

/// Σ over the person's communities of people who are or were in both / (people of that one + 3): the share of those beside
/// whom they are who are in it too. Better; rises with everybody who is in both. Cost: one look-up a community of the person.
pub struct Together;

impl Signal<Communities> for Together {
    fn name(&self) -> &'static str {
        "together"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "neighbours"
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let census = &round.query.census;
        for (community, strength) in round.subjects.iter().zip(out) {
            let share = |(own, &mine): (usize, &CommunityIx)| {
                f64::from(census.in_both(own, community)) / (f64::from(census.place(mine).ever) + SMOOTHING)
            };
            *strength = round.query.own.iter().enumerate().map(share).sum();
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        near(view, query, community)
    }
}

/// √ Σ over the person's communities of the joins of those who had come to that one before (half-life 730 days) / (people of
/// that one + 3): where those beside whom they are went next. Better; rises with every such join. Cost: these joins.
pub struct ThenJoined;

impl ThenJoined {
    /// How far those beside the person went on to `community`.
    pub(super) fn strength(query: &NewcomerQuery, community: CommunityIx) -> f64 {
        Self::shares(query, community).sum::<f64>().sqrt()
    }

    fn shares(query: &NewcomerQuery, community: CommunityIx) -> impl Iterator<Item = f64> {
        query.own.iter().enumerate().map(move |(own, &mine)| {
            let days = query.census.followed(own, community);
            let joins: f64 = days.map(|day| query.days.weights(day)[HALF_LIFE_730D]).sum();
            joins / (f64::from(query.census.place(mine).ever) + SMOOTHING)
        })
    }
}

impl Signal<Communities> for ThenJoined {
    fn name(&self) -> &'static str {
        "then_joined"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "neighbours"
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = Self::strength(round.query, community);
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        nearest(view, query, Self::shares(query, community))
    }
}

/// The largest, over the person's communities, of ln(p(in it | in that one) / p(in it)) / 4, kept within −1..=1, with
/// p(c | d) = (people in both + 3 · p(c)) / (people of d + 3). Better: it is where those beside them go more than others
/// do, however small it is. Cost: one look-up a community of the person.
pub struct Lift;

impl Signal<Communities> for Lift {
    fn name(&self) -> &'static str {
        "lift"
    }

    fn family(&self) -> Family {
        Family::Neighbour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn theme(&self) -> &'static str {
        "neighbours"
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let census = &round.query.census;
        if round.query.own.is_empty() {
            return;
        }
        let people = f64::from(census.people.max(1));
        for (community, strength) in round.subjects.iter().zip(out) {
            let all = f64::from(census.place(community).ever) / people;
            if all <= 0.0 {
                continue;
            }
            let ratio = |(own, &mine): (usize, &CommunityIx)| {
                let both = f64::from(census.in_both(own, community)) + SMOOTHING * all;
                libm::log(both / (f64::from(census.place(mine).ever) + SMOOTHING) / all)
            };
            let most = round.query.own.iter().enumerate().map(ratio);
            *strength = (most.fold(f64::NEG_INFINITY, f64::max) / RATIO_MAX).clamp(-1.0, 1.0);
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        near(view, query, community)
    }
}
