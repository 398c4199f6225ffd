//! How much, and how lately, somebody answers. Shown to others only as part of availability, without detail.

use super::{Experts, Family};
use crate::domain::Day;
use crate::pipeline::{Round, Scale, Signal};

const ACTIVITY_NAMES: [&str; 3] = ["activity_3d", "activity_30d", "activity_180d"];

/// ln(1 + decayed answers). Better; rises with every answer. Cost: one product a day with answers.
/// `.0` is the half-life: 0 for 3 days, 1 for 30 days, 2 for 180 days.
pub struct Activity(pub usize);

impl Signal<Experts> for Activity {
    fn name(&self) -> &'static str {
        ACTIVITY_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (strength, answers) in out.iter_mut().zip(&round.gathered.activity) {
            *strength = libm::log1p(answers[self.0]);
        }
    }
}

/// The square of `activity_30d`'s strength: it is near 1 for the one or two who answer most, and small for all others.
/// Either direction: in some places those few answer everything, in others what they are good for is said by
/// `activity_30d` already, and less than in proportion. Cost: constant.
pub struct Dominance;

impl Signal<Experts> for Dominance {
    fn name(&self) -> &'static str {
        "dominance"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (strength, answers) in out.iter_mut().zip(&round.gathered.activity) {
            let activity = libm::log1p(answers[1]);
            *strength = activity * activity;
        }
    }
}

/// 1 − ln(1 + days since the last answer) / ln(1 + 1000), at least 0; 0 for whoever never answered. Better; rises with
/// a newer answer. Cost: constant.
pub struct Recency;

impl Signal<Experts> for Recency {
    fn name(&self) -> &'static str {
        "recency"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            if let Some(last) = round.world.people.get(person).evidence.days.latest() {
                let end = Day::from_days(last).plus(1).start();
                let days = round.query.as_of.minutes_since(end) as f64 / 1440.0;
                *strength = (1.0 - libm::log1p(days) / libm::log1p(1000.0)).max(0.0);
            }
        }
    }
}

/// ln(1 + answers ever). Worse once activity is known: veterans who left have many. Cost: constant.
pub struct TotalAnswers;

impl Signal<Experts> for TotalAnswers {
    fn name(&self) -> &'static str {
        "total_answers"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            *strength = libm::log1p(f64::from(round.world.people.get(person).evidence.answers));
        }
    }
}
