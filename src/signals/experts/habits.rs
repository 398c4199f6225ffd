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

/// Which hours of the day are counted.
const HOUR_NAMES: [&str; 2] = ["usual_hours", "usual_question_hours"];

/// `.0` = 0: the share of the person's answers given within two hours of this hour of the day, the nearer hours counting more,
/// drawn towards the share that chance gives by four made-up answers; in 0..=1. Either direction: where a question waits
/// for days the hour says nothing. `.0` = 1: the same of the hours at which the questions that they answered were asked, which
/// tells whom a question of this hour reaches, however late they answer. Cost: 24 products.
pub struct UsualHours(pub usize);

impl Signal<Experts> for UsualHours {
    fn name(&self) -> &'static str {
        HOUR_NAMES[self.0]
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
            let hours = [&evidence.hours, &evidence.question_hours][self.0];
            let near: f64 = (hours.iter())
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
    use crate::pipeline::Subjects;
    use crate::signals::experts::Gathered;
    use crate::signals::sample::Sample;

    #[test]
    fn hours_of_answers_and_of_their_questions_are_told_apart() {
        let mut sample = Sample::of(&["ana", "bo", "cy"]);
        for day in 0..4 {
            let question = format!("q{day}");
            sample.question(&question, "cy", None, 24 * day + 8);
            sample.answer(&format!("a{day}"), &question, "ana", 24 * day + 20);
            sample.answer(&format!("b{day}"), &question, "bo", 24 * day + 8);
        }
        let strengths = |signal: usize, at: i64| {
            let (view, people) = (sample.view(), [sample.ix("ana"), sample.ix("bo")]);
            // Only the instant matters: the first question is asked again.
            let query = sample.query("q0", at);
            let subjects = Subjects::new(&people);
            let gathered = Gathered::of(view, &query, subjects);
            let round = Round {
                world: view,
                query: &query,
                subjects,
                gathered,
            };
            let mut found = [0.0; 2];
            UsualHours(signal).measure(&round, &mut found);
            found
        };
        let (chance, near) = (4.0 * 3.0 / 24.0 / 8.0, (4.0 + 4.0 * 3.0 / 24.0) / 8.0);
        let is = |found: [f64; 2], expected: [f64; 2]| {
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
                "{found:?} is not {expected:?}"
            );
        };
        is(strengths(0, 24 * 9 + 20), [near, chance]);
        is(strengths(0, 24 * 9 + 8), [chance, near]);
        is(strengths(1, 24 * 9 + 20), [chance, chance]);
        is(strengths(1, 24 * 9 + 8), [near, near]);
    }

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
