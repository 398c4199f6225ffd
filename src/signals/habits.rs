//! Habits that differ from place to place: their weights are learnt, and are zero where there is no history.

use super::{Experts, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{Counts, latency_log_minutes};

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
        let slowest = libm::log1p(60.0 * 1440.0);
        for (person, strength) in round.subjects.iter().zip(out) {
            let evidence = &round.world.people.get(person).evidence;
            let quick = median(&evidence.latency).map_or(0.5, |class| {
                (1.0 - latency_log_minutes(class) / slowest).clamp(0.0, 1.0)
            });
            let answers = f64::from(evidence.answers);
            *strength = answers.mul_add(quick, 1.0) / (answers + 2.0);
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
