//! The person's own hand, on the wire: what they allow, questions for them, that they are erased.

use super::cards::date;
use super::people::ReasonDto;
use super::questions::Question;
use crate::app::{Card, Erased, OwnQuestion, OwnQuestions as Found, PurposeWish, Wishes as Said};
use crate::calendar::rfc3339;
use crate::domain::{DaySpan, Hours};
use serde::Serialize;
use utoipa::ToSchema;

/// What somebody allows.
#[derive(Debug, ToSchema)]
#[schema(as = Preference, example = json!({"purpose": "experts", "allowed": false, "until": "2026-04-30"}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct PreferenceBody {
    /// `experts`, `co_animators`, `communities`, `search`, `skill_map`, `inference`, `thanks` or `all`.
    #[schema(pattern = "^(experts|co_animators|communities|search|skill_map|inference|thanks|all)$")]
    purpose: String,
    /// Whether it is allowed.
    allowed: bool,
    /// The last day on which this holds; until changed when there is none.
    #[schema(format = Date)]
    until: Option<String>,
}

/// How much somebody can give, in place of what they said before; without a number, there is no limit of their own.
#[derive(Debug, ToSchema)]
#[schema(as = Capacity, example = json!({"asks_per_week": 2, "animation_hours_per_week": 1.5}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct CapacityBody {
    /// Invitations accepted in any seven days.
    #[schema(minimum = 0, maximum = 100)]
    asks_per_week: Option<u32>,
    /// Hours a week for animating.
    #[schema(minimum = 0, maximum = 168)]
    animation_hours_per_week: Option<f64>,
}

/// Days on which somebody is away, or is not; never why.
#[derive(Debug, ToSchema)]
#[schema(as = Absence, example = json!({"from": "2026-04-20", "until": "2026-04-30"}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct AbsenceBody {
    /// The first day.
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    until: String,
    /// `false` takes these days back; `true` unless given.
    away: Option<bool>,
}

/// What somebody allows and can give.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Wishes {
    #[serde(flatten)]
    said: SaidDto,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Said)]
pub(super) struct SaidDto {
    /// Who.
    person: String,
    /// What holds for each purpose.
    preferences: Vec<PurposeDto>,
    /// Their limits.
    capacity: CapacityDto,
    /// Days away, in order.
    absences: Vec<SpanDto>,
}

/// What holds for one purpose.
#[derive(Serialize, ToSchema)]
#[schema(as = Purpose)]
struct PurposeDto {
    /// The purpose.
    purpose: &'static str,
    /// Whether it is allowed now.
    allowed: bool,
    /// The last day on which this holds, when it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, nullable = false)]
    until: Option<String>,
    /// Whether they said so; else it is what holds for everybody.
    stated: bool,
}

/// Limits that somebody set; without a number, there is none of their own.
#[derive(Serialize, ToSchema)]
#[schema(as = Limits)]
struct CapacityDto {
    /// Invitations accepted in any seven days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    asks_per_week: Option<u32>,
    /// Hours a week for animating.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    animation_hours_per_week: Option<f64>,
}

/// Days, both included.
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

/// Questions that wait and that somebody could answer.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct OwnQuestions {
    /// Who.
    person: String,
    /// The questions, those nearest to what they know first.
    items: Vec<OwnQuestionDto>,
    /// Always null: they are few.
    next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A question that somebody could answer.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnQuestion)]
struct OwnQuestionDto {
    #[serde(flatten)]
    question: Question,
    /// Why, in words to the person, the weightiest first.
    reasons: Vec<ReasonDto>,
}

/// That somebody is erased.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Erasure {
    /// Who.
    person: String,
    /// Always true.
    erased: bool,
    /// The last sequence of the log.
    generation: u64,
}

impl From<Erased> for Erasure {
    fn from(erased: Erased) -> Self {
        Self {
            person: erased.person,
            erased: true,
            generation: erased.generation,
        }
    }
}

impl From<PurposeWish> for PurposeDto {
    fn from(wish: PurposeWish) -> Self {
        Self {
            purpose: wish.purpose.name(),
            allowed: wish.allowed,
            until: wish.until.map(date),
            stated: wish.stated,
        }
    }
}

impl From<Said> for SaidDto {
    fn from(said: Said) -> Self {
        let span = |span: DaySpan| SpanDto {
            from: date(span.from()),
            until: date(span.until()),
        };
        Self {
            person: said.person.to_string(),
            preferences: said.purposes.into_iter().map(Into::into).collect(),
            capacity: CapacityDto {
                asks_per_week: said.capacity.asks_per_week,
                animation_hours_per_week: said.capacity.animation_hours_per_week.map(Hours::value),
            },
            absences: said.absences.into_iter().map(span).collect(),
        }
    }
}

impl From<Card<Said>> for Wishes {
    fn from(card: Card<Said>) -> Self {
        Self {
            said: card.shows.into(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}

impl From<Card<Found>> for OwnQuestions {
    fn from(card: Card<Found>) -> Self {
        let item = |item: OwnQuestion| OwnQuestionDto {
            question: item.question.into(),
            reasons: item.reasons.into_iter().map(Into::into).collect(),
        };
        Self {
            person: card.shows.person.to_string(),
            items: card.shows.items.into_iter().map(item).collect(),
            next_cursor: None,
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
