//! What those who animate a community are told of it, on the wire: dates, hours, and the load of each as a band.

use crate::app::{AnimatorLoad, InFull, Someone};
use crate::calendar::rfc3339;
use crate::domain::{Day, DaySpan};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = Someone)]
pub(super) struct SomeoneDto {
    /// Who.
    person: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// What is told to those who animate the community alone.
#[derive(Serialize, ToSchema)]
#[schema(as = InFull)]
pub(super) struct InFullDto {
    /// The days without an animator.
    dates: Vec<SpanDto>,
    /// The load of each of its animators, over everything that they animate.
    animators: Vec<AnimatorLoadDto>,
    /// What the reader gives and could give, in hours a week, when the reader is one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    own: Option<OwnHours>,
}

/// Days in a row, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = Days)]
struct SpanDto {
    /// The first.
    #[schema(format = Date)]
    from: String,
    /// The last.
    #[schema(format = Date)]
    until: String,
}

/// The load of an animator.
#[derive(Serialize, ToSchema)]
#[schema(as = AnimatorLoad)]
struct AnimatorLoadDto {
    #[serde(flatten)]
    person: SomeoneDto,
    /// `light`, `usual` or `full`.
    before: &'static str,
    /// The same once the set has joined.
    after: &'static str,
}

/// The reader's own hours.
#[derive(Serialize, ToSchema)]
struct OwnHours {
    /// Hours a week that animating takes.
    hours_per_week: f64,
    /// Hours a week that they can give.
    capacity: f64,
}

fn date(day: Day) -> String {
    let at = rfc3339(day.start());
    at.split('T').next().unwrap_or_default().to_owned()
}

impl From<DaySpan> for SpanDto {
    fn from(span: DaySpan) -> Self {
        Self {
            from: date(span.from()),
            until: date(span.until()),
        }
    }
}

impl From<Someone> for SomeoneDto {
    fn from(someone: Someone) -> Self {
        Self {
            person: someone.person.to_string(),
            name: someone.name.map(|name| name.to_string()),
        }
    }
}

impl From<AnimatorLoad> for AnimatorLoadDto {
    fn from(load: AnimatorLoad) -> Self {
        Self {
            person: load.person.into(),
            before: load.band.0.code(),
            after: load.band.1.code(),
        }
    }
}

impl From<InFull> for InFullDto {
    fn from(told: InFull) -> Self {
        Self {
            dates: told.dates.into_iter().map(Into::into).collect(),
            animators: told.animators.into_iter().map(Into::into).collect(),
            own: told.own.map(|(hours_per_week, capacity)| OwnHours {
                hours_per_week,
                capacity,
            }),
        }
    }
}
