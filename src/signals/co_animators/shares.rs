//! How the hours of a community lie on those who animate it, before and after a set joins them.

use super::need::Need;
use crate::signals::workload::{Band, DEFAULT_CAPACITY_HOURS, SLOT_HOURS};
use crate::world::CommunityIx;

/// A share above this many times the mean is uneven.
const UNEVEN: f64 = 1.5;

/// How hours are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spread {
    /// Nobody animates.
    Nobody,
    /// One person carries all of them.
    One,
    /// Several do, and one of them carries more than 1½ times their even part.
    Uneven,
    /// Several carry about as much as one another.
    Even,
}

impl Spread {
    /// Its name in answers to those who animate the community.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::One => "one",
            Self::Uneven => "uneven",
            Self::Even => "even",
        }
    }

    /// Its name in answers to others: who carries more than others is between those who do.
    pub const fn public_code(self) -> &'static str {
        match self {
            Self::Uneven | Self::Even => "shared",
            other => other.code(),
        }
    }

    fn of(hours: &[f64]) -> Self {
        let mean = hours.iter().sum::<f64>() / hours.len() as f64;
        let most = hours.iter().copied().fold(0.0, f64::max);
        match hours.len() {
            0 => Self::Nobody,
            1 => Self::One,
            _ if most > UNEVEN * mean => Self::Uneven,
            _ => Self::Even,
        }
    }
}

/// Hours a week of one community, person by person.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// Of each of the present animators, in their order.
    before: Vec<f64>,
    /// The same once the set has joined.
    after: Vec<f64>,
    /// Of each of the set.
    new: Vec<f64>,
}

impl Shares {
    /// The shares when people with `free` hours a week join: each of them takes an even part of what the community takes, or
    /// as much as they have, and the present animators keep the rest in the proportions of before.
    pub fn of(need: &Need, community: CommunityIx, free: &[f64]) -> Self {
        let before: Vec<f64> = need.present.iter().map(|one| one.load.hours_in(community)).collect();
        let given: f64 = before.iter().sum();
        let part = need.hours / (before.len() + free.len()).max(1) as f64;
        let new: Vec<f64> = free.iter().map(|&hours| hours.min(part)).collect();
        let left = (need.hours - new.iter().sum::<f64>()).max(0.0).min(given);
        let kept = if given > 0.0 { left / given } else { 0.0 };
        Self {
            after: before.iter().map(|hours| hours * kept).collect(),
            before,
            new,
        }
    }

    /// How the hours are spread before and after.
    pub fn spread(&self) -> (Spread, Spread) {
        let after: Vec<f64> = self.after.iter().chain(&self.new).copied().collect();
        (Spread::of(&self.before), Spread::of(&after))
    }

    /// The load of each of the present animators, in everything that they animate, before and after, in their order.
    pub fn bands(&self, need: &Need) -> Vec<(Band, Band)> {
        let shares = self.before.iter().zip(&self.after);
        let bands = need.present.iter().zip(shares).map(|(one, (before, after))| {
            let mut relieved = one.load.clone();
            relieved.hours = (relieved.hours - before + after).max(0.0);
            (one.load.band(), relieved.band())
        });
        bands.collect()
    }

    /// What the community takes from each of `people` who animate it, as its size tells, against what somebody usually
    /// gives; full while there is nobody.
    pub fn usual_band(need: &Need, people: usize) -> Band {
        let each = need.usual_hours / people as f64;
        if people == 0 || each > DEFAULT_CAPACITY_HOURS {
            Band::Full
        } else if each < SLOT_HOURS {
            Band::Light
        } else {
            Band::Usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_uneven_when_one_carries_far_more() {
        for (hours, spread) in [
            (&[][..], Spread::Nobody),
            (&[3.0], Spread::One),
            (&[1.0, 1.0], Spread::Even),
            (&[3.0, 1.0], Spread::Even),
            (&[3.1, 1.0], Spread::Uneven),
            (&[0.0, 0.0], Spread::Even),
        ] {
            assert_eq!(Spread::of(hours), spread, "{hours:?}");
        }
    }
}
