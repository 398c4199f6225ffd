//! Knowing the organisation.

use super::{CoAnimators, Family};
use crate::pipeline::{Round, Scale, Signal};

/// ln(1 + other communities to which they belong). Better. Cost: constant.
pub struct Memberships;

impl Signal<CoAnimators> for Memberships {
    fn name(&self) -> &'static str {
        "memberships"
    }

    fn family(&self) -> Family {
        Family::Breadth
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            *strength = libm::log1p(f64::from(profile.memberships));
        }
    }
}
