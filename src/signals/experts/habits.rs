//! Habits that differ from place to place: their weights are learnt, and are zero where there is no history.

use super::{Experts, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{Counts, Evidence, latency_log_minutes};

/// (accepted + 1) / (answers + 3), in 0..1: the share of answers that were accepted, drawn towards a third. Either
/// direction. Cost: constant.
pub struct Acceptance;

impl Signal<Experts> for Acceptance {
    fn name(&self) -> &'static str {
        "acceptance"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            let evidence = &round.world.people.get(person).evidence;
            *strength = f64::from(evidence.accepted + 1) / f64::from(evidence.answers + 3);
        }
    }
}

/// Quickness: 1 − median ln(1 + minutes to answer) / ln(1 + 60 days), drawn towards ½ by two made-up answers, in 0..=1.
/// Either direction. Cost: the classes of delay, at most 255.
pub struct Responsiveness;

impl Signal<Experts> for Responsiveness {
    fn name(&self) -> &'static str {
        "responsiveness"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            *strength = quickness(&round.world.people.get(person).evidence);
        }
    }
}

/// The strength of [`Responsiveness`] that `evidence` shows.
pub fn quickness(evidence: &Evidence) -> f64 {
    let slowest = libm::log1p(60.0 * 1440.0);
    let quick = median(&evidence.latency).map_or(0.5, |class| {
        (1.0 - latency_log_minutes(class) / slowest).clamp(0.0, 1.0)
    });
    let answers = f64::from(evidence.answers);
    answers.mul_add(quick, 1.0) / (answers + 2.0)
}

/// The share of the person's answers given within two hours of this hour of the day, the nearer hours counting more,
/// drawn towards the share that chance gives by four made-up answers; in 0..=1. Either direction: where a question waits
/// for days the hour says nothing. Cost: 24 products.
pub struct UsualHours;

impl Signal<Experts> for UsualHours {
    fn name(&self) -> &'static str {
        "usual_hours"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        let now = i32::from(round.query.as_of.hour());
        for (person, strength) in round.subjects.iter().zip(out) {
            let evidence = &round.world.people.get(person).evidence;
            let near: f64 = (evidence.hours.iter())
                .map(|(&hour, count)| f64::from(count) * nearness(i32::from(hour) - now))
                .sum();
            // The five kernels sum to 3: by chance 3 of 24 hours are near.
            *strength = (near + 4.0 * 3.0 / 24.0) / (f64::from(evidence.answers) + 4.0);
        }
    }
}

/// 1 for the same hour, ⅔ for the next ones, ⅓ for those after.
fn nearness(apart: i32) -> f64 {
    let apart = apart.rem_euclid(24).min((-apart).rem_euclid(24));
    f64::from((3 - apart).max(0)) / 3.0
}

/// 1 for whoever has given one or two answers so far, else 0. Either direction: some places keep their newcomers, some
/// do not. Cost: constant.
pub struct Newcomer;

impl Signal<Experts> for Newcomer {
    fn name(&self) -> &'static str {
        "newcomer"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            let answers = round.world.people.get(person).evidence.answers;
            *strength = f64::from(u8::from((1..=2).contains(&answers)));
        }
    }
}

/// The lower median class.
fn median(classes: &Counts<u8>) -> Option<u8> {
    let total: u32 = classes.iter().map(|(_, count)| count).sum();
    let mut seen = 0;
    classes.iter().find_map(|(&class, count)| {
        seen += count;
        (2 * seen >= total).then_some(class)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_class_of_the_middle_answer() {
        let mut classes = Counts::default();
        assert_eq!(median(&classes), None);
        for class in [9, 2, 40] {
            classes.add(class);
        }
        assert_eq!(median(&classes), Some(9));
    }
}
