//! Hours: how many are taken, and how many are left. Shown to others only as part of availability, without detail.

use super::{CoAnimators, Family};
use crate::pipeline::{Round, Scale, Signal};

/// The share of somebody's hours that animating takes already, in 0..=1; 1 for whoever has none to give. Worse. Cost:
/// constant.
pub struct Taken;

impl Signal<CoAnimators> for Taken {
    fn name(&self) -> &'static str {
        "taken"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, &(hours, capacity)) in out.iter_mut().zip(&round.gathered.1) {
            *strength = if hours < capacity { hours / capacity } else { 1.0 };
        }
    }
}

/// Hours a week that are left / (1 + hours a week that are left), in 0..1: the first hour tells more than the tenth. Better.
/// Cost: constant.
pub struct FreeHours;

impl Signal<CoAnimators> for FreeHours {
    fn name(&self) -> &'static str {
        "free_hours"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, &(hours, capacity)) in out.iter_mut().zip(&round.gathered.1) {
            let free = (capacity - hours).max(0.0);
            *strength = free / (1.0 + free);
        }
    }
}
