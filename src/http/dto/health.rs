//! How a community is, on the wire. Counts of people under five read `some`.

use super::cards::date;
use super::people::Value;
use super::tally::{Few, Tally};
use crate::app::{
    CircleCounts, CommunityHealth, Fares, Measured, MonthHealth, ObjectiveProgress, Succession, ToldFinding, ToldWay,
};
use crate::domain::{DaySpan, Objective, ObjectiveMeasure};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a community is: counts of people, and what is worth attention.
#[derive(Serialize, ToSchema)]
#[schema(as = CommunityHealth)]
pub(super) struct HealthDto {
    /// The circles now.
    circles: CirclesDto,
    /// The last twelve whole months in UTC, in order.
    months: Vec<MonthDto>,
    /// People who joined, or asked for the first time, in the last 90 days.
    newcomers: Tally,
    /// How many of these wait for an answer.
    newcomers_waiting: Tally,
    /// How far what is known here hangs on few people.
    succession: SuccessionDto,
    /// What is worth attention, each with its aim and a way of animating first; none of an archived community.
    findings: Vec<FindingDto>,
}

/// How many people are in each circle.
#[derive(Serialize, ToSchema)]
#[schema(as = Circles)]
struct CirclesDto {
    /// Gave 8 or more within 90 days, in 3 or more distinct weeks.
    core: Tally,
    /// Gave 3 or more within 90 days.
    active: Tally,
    /// Gave something within 365 days.
    occasional: Tally,
    /// Belong, and gave nothing within 365 days: nobody's reading is recorded.
    silent: Tally,
}

/// One month.
#[derive(Serialize, ToSchema)]
#[schema(as = MonthHealth)]
struct MonthDto {
    /// Its first day.
    #[schema(format = Date)]
    month: String,
    /// The circles at its end.
    circles: CirclesDto,
    /// Questions asked in it that had their seven days.
    asked: Tally,
    /// The share of these without an answer by another person within seven days; from five questions on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 1)]
    unanswered_rate: Option<f64>,
    /// Median of hours to the first answer; from five people who gave one on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    first_answer_hours: Option<f64>,
}

/// On how many people the answers of the last 365 days hang.
#[derive(Serialize, ToSchema)]
#[schema(as = Succession)]
struct SuccessionDto {
    /// Answers given to others' questions.
    given: Tally,
    /// How many people gave them.
    people: Tally,
    /// The smallest number of people who gave half of them.
    half_from: Tally,
    /// People without whom those who answer and ask would fall into more groups that share nobody.
    bridges: Tally,
    /// Subjects that hang on one person or two.
    subjects: Vec<String>,
}

/// What is worth attention.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub(super) struct FindingDto {
    /// What it is, stable.
    code: &'static str,
    /// Its figures, for platforms that word it themselves.
    params: BTreeMap<&'static str, Value>,
    /// It, in the reader's language: its aim and a way of animating, then what was seen.
    text: String,
    /// Ways of animating that answer it.
    #[schema(min_items = 1)]
    ways: Vec<WayHintDto>,
    /// The days that it is about; only to those who animate the community.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    days: Vec<DaysDto>,
}

/// A way of animating, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = WayHint)]
struct WayHintDto {
    /// Its identifier in the playbook.
    way: String,
    /// Its name.
    title: String,
    /// What it is for, and what of the community it suits.
    reason: String,
}

/// Days, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = Days)]
struct DaysDto {
    /// The first.
    #[schema(format = Date)]
    from: String,
    /// The last.
    #[schema(format = Date)]
    until: String,
}

/// What a community wants to change, in its own words.
#[derive(Serialize, ToSchema)]
#[schema(as = Objective)]
pub(super) struct ObjectiveDto {
    /// What is wrong today.
    problem: String,
    /// What shows progress: `unanswered_rate`, `first_answer`, `newcomers_answered` or `holders`.
    measure: &'static str,
    /// The figure aimed at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    target: Option<f64>,
    /// When to look at it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, nullable = false)]
    review: Option<String>,
    /// The measure over the 90 days before the objective was stated, in the unit of `target`: a share, days, or people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    before: Option<MeasuredDto>,
    /// The measure over the 90 days that ended seven days ago; of `holders`, now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    now: Option<MeasuredDto>,
    /// Ways of animating that serve it.
    ways: Vec<WayHintDto>,
}

/// What the measure of an objective came to; `some` stands for fewer than five people.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Measured)]
enum MeasuredDto {
    /// A share, days, or people.
    Figure(f64),
    /// Fewer than five people.
    Few(Few),
}

impl From<CircleCounts> for CirclesDto {
    fn from(counts: CircleCounts) -> Self {
        Self {
            core: counts.core.into(),
            active: counts.active.into(),
            occasional: counts.occasional.into(),
            silent: counts.silent.into(),
        }
    }
}

impl From<MonthHealth> for MonthDto {
    fn from(month: MonthHealth) -> Self {
        let fares: Fares = month.questions;
        Self {
            month: date(month.month),
            circles: month.circles.into(),
            asked: fares.asked.into(),
            unanswered_rate: fares.unanswered_rate(),
            first_answer_hours: fares.first_answer_hours(),
        }
    }
}

impl From<Succession> for SuccessionDto {
    fn from(succession: Succession) -> Self {
        Self {
            given: succession.answers.into(),
            people: succession.people.into(),
            half_from: succession.half_from.into(),
            bridges: succession.bridges.into(),
            subjects: succession.subjects,
        }
    }
}

impl From<ToldWay> for WayHintDto {
    fn from(way: ToldWay) -> Self {
        Self {
            way: way.id,
            title: way.title,
            reason: way.reason,
        }
    }
}

impl From<DaySpan> for DaysDto {
    fn from(span: DaySpan) -> Self {
        Self {
            from: date(span.from()),
            until: date(span.until()),
        }
    }
}

impl From<ToldFinding> for FindingDto {
    fn from(told: ToldFinding) -> Self {
        Self {
            code: told.finding.code(),
            params: told
                .params
                .into_iter()
                .map(|(name, param)| (name, param.into()))
                .collect(),
            text: told.text,
            ways: told.ways.into_iter().map(Into::into).collect(),
            days: told.days.into_iter().map(Into::into).collect(),
        }
    }
}

impl ObjectiveDto {
    /// `objective`, with its measure before and now, and the ways that serve it.
    pub(super) fn of(objective: Objective, progress: Option<&ObjectiveProgress>, ways: Vec<ToldWay>) -> Self {
        Self {
            problem: objective.problem.to_string(),
            measure: match objective.measure {
                ObjectiveMeasure::UnansweredRate => "unanswered_rate",
                ObjectiveMeasure::FirstAnswer => "first_answer",
                ObjectiveMeasure::NewcomersAnswered => "newcomers_answered",
                ObjectiveMeasure::Holders => "holders",
            },
            target: objective.target_micros.map(|micros| micros as f64 / 1e6),
            review: objective.review.map(date),
            before: progress.and_then(|progress| progress.before).map(Into::into),
            now: progress.and_then(|progress| progress.now).map(Into::into),
            ways: ways.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Measured> for MeasuredDto {
    fn from(measured: Measured) -> Self {
        match measured {
            Measured::Figure(figure) => Self::Figure(figure),
            Measured::Few => Self::Few(Few::Some),
        }
    }
}

impl From<CommunityHealth> for HealthDto {
    fn from(health: CommunityHealth) -> Self {
        Self {
            circles: health.circles.into(),
            months: health.months.into_iter().map(Into::into).collect(),
            newcomers: health.newcomers.into(),
            newcomers_waiting: health.newcomers_waiting.into(),
            succession: health.succession.into(),
            findings: health.findings.into_iter().map(Into::into).collect(),
        }
    }
}
