//! What somebody gives to the community.

use super::tenure::days_since;
use super::{CoAnimators, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::circles::Circle;

/// The circle: 1 for the core, ⅔ for the active, ⅓ for the occasional, 0 for the others. Better. Cost: one look-up.
pub struct CircleStanding;

impl Signal<CoAnimators> for CircleStanding {
    fn name(&self) -> &'static str {
        "circle"
    }

    fn family(&self) -> Family {
        Family::Circle
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            *strength = match round.query.circles.get(&person) {
                Some(Circle::Core) => 1.0,
                Some(Circle::Active) => 2.0 / 3.0,
                Some(Circle::Occasional) => 1.0 / 3.0,
                Some(Circle::Silent) | None => 0.0,
            };
        }
    }
}

/// ln(1 + contributions of the last 90 days). Better. Cost: constant.
pub struct Gifts;

impl Signal<CoAnimators> for Gifts {
    fn name(&self) -> &'static str {
        "gifts"
    }

    fn family(&self) -> Family {
        Family::Circle
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            *strength = libm::log1p(f64::from(profile.gifts));
        }
    }
}

/// 1 − ln(1 + days since they last gave something) / ln(1 + 1000), at least 0; 0 for whoever never did. Better. Cost:
/// constant.
pub struct LastGift;

impl Signal<CoAnimators> for LastGift {
    fn name(&self) -> &'static str {
        "last_gift"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            let last = profile.last_gift.map(|last| days_since(last, round.query.as_of));
            *strength = last.map_or(0.0, |days| (1.0 - libm::log1p(days) / libm::log1p(1000.0)).max(0.0));
        }
    }
}
