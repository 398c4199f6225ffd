//! How many are in a community, and how they came: the habits of the place, whoever the newcomer is.
//!
//! What a batch of joins counts is said in `census`.

use super::census::{batch, decayed};
use super::{Communities, Family};
use crate::domain::Timestamp;
use crate::pipeline::{Round, Scale, Signal};

/// Days of a half-life in growth and in what people of the newcomer's unit or employer joined: the second of the query's.
const HALF_LIFE_180D: usize = 1;
/// Members that every community is given before its growth is told.
const GROWTH_SMOOTHING: f64 = 3.0;
/// Days over which growth is told.
const GROWTH_DAYS: i32 = 180;

/// ln(1 + people present). Better: most people are in the large ones. Cost: one look-up.
pub struct Members;

impl Signal<Communities> for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = libm::log1p(f64::from(round.query.census.place(community).present));
        }
    }
}

/// ln(1 + joins decayed) at a half-life of 30 (0), 180 (1) or 730 (2) days. Better; rises with every join. Cost: one
/// look-up.
pub struct Joins(pub usize);

impl Signal<Communities> for Joins {
    fn name(&self) -> &'static str {
        ["joins_30d", "joins_180d", "joins_730d"][self.0]
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (joins, strength) in round.gathered.joins.iter().zip(out) {
            *strength = libm::log1p(joins[self.0]);
        }
    }
}

/// 1 / (1 + ln(1 + days since the last join)); 0 without a join whose day is known. In 0..=1. Better: the later, the more.
/// Cost: one look-up.
pub struct LastJoin;

impl Signal<Communities> for LastJoin {
    fn name(&self) -> &'static str {
        "last_join"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let last = round.query.census.place(community).joins.last();
            *strength = last.map_or(0.0, |&day| {
                1.0 / (1.0 + libm::log1p(days_since(day, round.query.as_of)))
            });
        }
    }
}

/// Joins of the last 180 days / (3 + people present), batches damped. Better: where people come, more come. Cost: its
/// joins.
pub struct Growth;

impl Signal<Communities> for Growth {
    fn name(&self) -> &'static str {
        "growth"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let since = round.query.as_of.day().days() - GROWTH_DAYS;
        for (community, strength) in round.subjects.iter().zip(out) {
            let place = round.query.census.place(community);
            let lately = &place.joins[place.joins.partition_point(|&day| day <= since)..];
            let joins: f64 = lately.chunk_by(|a, b| a == b).map(|same| batch(same.len())).sum();
            *strength = joins / (GROWTH_SMOOTHING + f64::from(place.present));
        }
    }
}

/// ln(1 + days since the first join whose day is known). Either: some places keep to what is old, others to what is new.
/// Cost: one look-up.
pub struct Age;

impl Signal<Communities> for Age {
    fn name(&self) -> &'static str {
        "age"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let first = round.query.census.place(community).joins.first();
            *strength = first.map_or(0.0, |&day| libm::log1p(days_since(day, round.query.as_of)));
        }
    }
}

/// Whose joins are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mates {
    /// People of the newcomer's unit.
    Unit,
    /// People of the newcomer's employer.
    Employer,
}

/// ln(1 + joins of people of the newcomer's unit or employer, decayed at a half-life of 180 days). Better; rises with
/// every such join. Cost: these joins.
pub struct MateJoins(pub Mates);

impl Signal<Communities> for MateJoins {
    fn name(&self) -> &'static str {
        match self.0 {
            Mates::Unit => "joins_of_unit",
            Mates::Employer => "joins_of_employer",
        }
    }

    fn family(&self) -> Family {
        Family::Likeness
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let place = round.query.census.place(community);
            let joins = match self.0 {
                Mates::Unit => place.unit_joins,
                Mates::Employer => place.employer_joins,
            };
            let sums = decayed(joins, |day| round.query.days.weights(day));
            *strength = libm::log1p(sums[HALF_LIFE_180D]);
        }
    }
}

/// Days from the day numbered `day` to `as_of`, never negative.
fn days_since(day: i32, as_of: Timestamp) -> f64 {
    f64::from(as_of.day().days().saturating_sub(day).max(0))
}
