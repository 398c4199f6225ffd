//! How much, and how lately, somebody answers. Shown to others only as part of availability, without detail.

use super::{Experts, Family};
use crate::domain::{Day, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{PersonIx, View};

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

/// ln(1 + answers that fade with a half-life of an hour) / ln 11, at most 1: whether somebody is at it just now. Either
/// direction: in a forum whoever answers goes on to the next question, elsewhere it says nothing. Rises with every answer of the
/// last twelve hours; what is older has faded away. Cost: the person's answers of those hours.
pub struct JustNow;

/// Minutes in which an answer fades by half, and after which it is not read.
const HALF_LIFE: f64 = 60.0;
const FADED: u64 = 12 * 60;
/// Fresh answers that are as many as can be.
const MOST: f64 = 10.0;

impl Signal<Experts> for JustNow {
    fn name(&self) -> &'static str {
        "just_now"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (person, strength) in round.subjects.iter().zip(out) {
            let fresh = fresh_answers(round.world, person, round.query.as_of);
            *strength = (libm::log1p(fresh) / libm::log1p(MOST)).min(1.0);
        }
    }
}

/// The person's answers to others at `as_of`, each fading by half in an hour.
fn fresh_answers(view: &View, person: PersonIx, as_of: Timestamp) -> f64 {
    let since = as_of.plus_micros(-(FADED as i64) * 60_000_000);
    let latest = view.people.get(person).evidence.days.latest();
    // Of nearly everybody, their last day says that there is nothing to read.
    if latest.is_none_or(|day| Day::from_days(day).plus(1).start() <= since) {
        return 0.0;
    }
    let newest_of = |account| {
        let newest_first = view.people.get(account).answered.iter().rev();
        let given = newest_first.filter_map(|&answer| Some((answer, view.answers.get(answer).state.as_ref()?.at)));
        given.take_while(|(_, at)| *at >= since)
    };
    let counted = (view.accounts(person).flat_map(newest_of)).filter(|&(answer, _)| view.counted(answer).is_some());
    let mut ages: Vec<u64> = counted.map(|(_, at)| as_of.minutes_since(at)).collect();
    // The youngest first: the same sum whatever came first.
    ages.sort_unstable();
    ages.iter().map(|&age| libm::exp2(-(age as f64) / HALF_LIFE)).sum()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::sample::{Sample, hour};

    #[test]
    fn answers_of_these_hours_count_and_fade() {
        let mut sample = Sample::of(&["ana", "bo", "cy"]);
        sample.question("q", "cy", None, 0);
        sample.answer("a1", "q", "ana", 1);
        sample.answer("a2", "q", "ana", 3);
        sample.answer("own", "q", "cy", 3);
        let fresh = |person: &str, at| fresh_answers(sample.view(), sample.ix(person), hour(at));
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(fresh("ana", 3), 1.25), "one just now, one two hours ago");
        assert!(close(fresh("ana", 4), 0.625));
        assert!(
            close(fresh("ana", 13), libm::exp2(-12.0) + libm::exp2(-10.0)),
            "twelve hours ago still counts"
        );
        assert!(close(fresh("ana", 14), libm::exp2(-11.0)), "thirteen hours ago no more");
        assert!(close(fresh("ana", 40), 0.0) && close(fresh("bo", 3), 0.0));
        assert!(close(fresh("cy", 3), 0.0), "their own question");
    }

    #[test]
    fn what_is_taken_back_was_not_just_now() {
        let mut sample = Sample::of(&["ana", "cy"]);
        sample.question("q", "cy", None, 0);
        for (n, answer) in ["a1", "a2", "a3"].into_iter().enumerate() {
            sample.answer(answer, "q", "ana", 20 + n as i64);
        }
        sample.deleted("a3", 23);
        let fresh = fresh_answers(sample.view(), sample.ix("ana"), hour(24));
        assert!((fresh - (1.0 / 8.0 + 1.0 / 16.0)).abs() < 1e-12, "{fresh}");
    }
}
