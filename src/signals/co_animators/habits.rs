//! How somebody takes part these days: shown to others only as part of availability, without detail.

use super::tenure::days_since;
use super::{CoAnimators, Family};
use crate::domain::Day;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::quickness;

/// How quickly they answer, as "who could answer" measures it, in 0..=1. Either direction. Cost: the classes of delay.
pub struct Quickness;

impl Signal<CoAnimators> for Quickness {
    fn name(&self) -> &'static str {
        "quickness"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            *strength = quickness(&round.world.people.get(person).evidence);
        }
    }
}

/// 1 − ln(1 + days since they last answered anywhere) / ln(1 + 1000), at least 0; 0 for whoever never did. Better. Cost:
/// constant.
pub struct LastActivity;

impl Signal<CoAnimators> for LastActivity {
    fn name(&self) -> &'static str {
        "last_activity"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            if let Some(last) = round.world.people.get(person).evidence.days.latest() {
                let days = days_since(Day::from_days(last).plus(1).start(), round.query.as_of);
                *strength = (1.0 - libm::log1p(days) / libm::log1p(1000.0)).max(0.0);
            }
        }
    }
}
