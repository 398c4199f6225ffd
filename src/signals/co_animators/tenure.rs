//! How long somebody has been in the community. Whether those who know it longest or those who came last are turned to
//! differs from place to place.

use super::{CoAnimators, Family, Profile};
use crate::domain::{DAY_MICROS, Timestamp};
use crate::pipeline::{Round, Scale, Signal};

/// ln(1 + days since they first joined) / ln(1 + 3650), at most 1; 0 for whoever never did. Either direction. Cost: constant.
pub struct Tenure;

impl Signal<CoAnimators> for Tenure {
    fn name(&self) -> &'static str {
        "tenure"
    }

    fn family(&self) -> Family {
        Family::Tenure
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            let days = profile
                .joined
                .map_or(0.0, |joined| days_since(joined, round.query.as_of));
            *strength = (libm::log1p(days) / libm::log1p(3650.0)).min(1.0);
        }
    }
}

const ARRIVED_NAMES: [&str; 3] = ["arrived_30d", "arrived_180d", "arrived_730d"];
const ARRIVED_DAYS: [f64; 3] = [30.0, 180.0, 730.0];

/// 2^(−days since their present stay began / half-life); 0 for whoever does not belong. In 0..=1. Either direction. Cost:
/// constant. `.0` is the half-life: 0 for 30 days, 1 for 180 days, 2 for 730 days.
pub struct Arrived(pub usize);

impl Signal<CoAnimators> for Arrived {
    fn name(&self) -> &'static str {
        ARRIVED_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Tenure
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            let days = profile.arrived.map(|arrived| days_since(arrived, round.query.as_of));
            *strength = days.map_or(0.0, |days| libm::exp2(-days / ARRIVED_DAYS[self.0]));
        }
    }
}

/// 1 / (1 + candidates who arrived later); 0 for whoever does not belong. In 0..=1. Either direction. Cost: sorting.
pub struct Newest;

impl Signal<CoAnimators> for Newest {
    fn name(&self) -> &'static str {
        "newest"
    }

    fn family(&self) -> Family {
        Family::Tenure
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        latest_first(&round.gathered.0, |profile| profile.arrived, out);
    }
}

/// Writes 1 / (1 + profiles with a later instant) for each profile; 0 where there is none.
pub(super) fn latest_first(profiles: &[Profile], read: fn(&Profile) -> Option<Timestamp>, out: &mut [f64]) {
    let mut instants: Vec<Timestamp> = profiles.iter().filter_map(read).collect();
    instants.sort_unstable();
    for (strength, profile) in out.iter_mut().zip(profiles) {
        let later = read(profile).map(|at| instants.len() - instants.partition_point(|&other| other <= at));
        *strength = later.map_or(0.0, |later| 1.0 / (1.0 + later as f64));
    }
}

/// Days from `at` to `as_of`, ≥ 0.
pub(super) fn days_since(at: Timestamp, as_of: Timestamp) -> f64 {
    (as_of.micros().saturating_sub(at.micros())).max(0) as f64 / DAY_MICROS as f64
}
