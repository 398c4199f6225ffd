//! Plans on the wire: proposals, and how they are spread as counts of people. A small count is never told.

use super::co_animators::PickDto as CoAnimatorDto;
use super::people::PickDto;
use super::tally::Tally;
use crate::app::{AsksItem, CoAnimatorsItem, Idle, PlannedAsks, PlannedCoAnimators, Spread, Tongue, Unshared};
use crate::calendar::rfc3339;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which questions a plan is to share.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"community": "security", "people_per_question": 2}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct AsksWish {
    /// Which; without, all that wait and that the reader may see, the newest first.
    #[schema(max_items = 5000)]
    questions: Option<Vec<String>>,
    /// Only those asked there.
    community: Option<String>,
    /// How many people a question is to have; 2 unless given.
    #[schema(minimum = 1, maximum = 3)]
    people_per_question: Option<u8>,
}

/// Whom to ask about many questions.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AsksPlan {
    /// The questions that have somebody, those that wait longest first.
    items: Vec<AsksItemDto>,
    /// The others, by identifier, with the reason.
    unassigned: Vec<UnsharedDto>,
    /// How many people were not considered for some question, by reason; `some` stands for fewer than five.
    excluded: BTreeMap<&'static str, Tally>,
    /// The invitations of seven days, over all who could answer some question.
    spread: BeforeAndAfter,
    /// How many questions that wait are not in the plan, because it has as many as one may have.
    left_out: usize,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the plan knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Whom to ask about one question.
#[derive(Serialize, ToSchema)]
#[schema(as = AsksItem)]
struct AsksItemDto {
    /// The question.
    question: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// The people, by relevance, as an answer about the one question shows them.
    #[schema(min_items = 1, max_items = 3)]
    picks: Vec<PickDto>,
    /// Why there are fewer than wanted, when there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fewer: Option<Why>,
    /// The name of this proposal: quoted by `feedback.given` and `ask.sent`.
    recommendation: String,
}

/// Which communities a plan is to share people among.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"communities": ["security", "welcome"]}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct CoAnimatorsWish {
    /// Which; without, all that lack somebody and that the reader may see.
    #[schema(max_items = 5000)]
    communities: Option<Vec<String>>,
}

/// Who could co-animate which community.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CoAnimatorsPlan {
    /// The communities that have somebody, by identifier.
    items: Vec<CoAnimatorsItemDto>,
    /// The others, by identifier, with the reason.
    unassigned: Vec<UnsharedDto>,
    /// How many people were not considered for some community, by reason; `some` stands for fewer than five.
    excluded: BTreeMap<&'static str, Tally>,
    /// The communities that people animate, over all who give the plan a place.
    spread: BeforeAndAfter,
    /// Private and sensitive communities that a plan for all is not made for; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    left_out: Option<LeftOutDto>,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the plan knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Whom to propose for one community.
#[derive(Serialize, ToSchema)]
#[schema(as = CoAnimatorsItem)]
struct CoAnimatorsItemDto {
    /// The community.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// The people, what is worth most first, as an answer about the one community shows them.
    #[schema(min_items = 1, max_items = 2)]
    picks: Vec<CoAnimatorDto>,
    /// Why there are fewer than it lacks, when there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fewer: Option<Why>,
    /// The name of this proposal: quoted by `feedback.given`.
    recommendation: String,
}

/// Why there is nobody, or nobody else.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanReason)]
pub(super) struct Why {
    /// Stable.
    code: &'static str,
    /// It, in the reader's language.
    text: &'static str,
}

/// What the plan gives nobody, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = Unassigned)]
pub(super) struct UnsharedDto {
    /// The question, or the community.
    id: String,
    #[serde(flatten)]
    why: Why,
}

/// Communities that a plan is not made for, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = LeftOut)]
struct LeftOutDto {
    /// How many; `some` stands for fewer than five.
    communities: Tally,
    #[serde(flatten)]
    why: Why,
}

/// How many people have how much, as it is and with all of the plan.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanSpread)]
pub(super) struct BeforeAndAfter {
    /// As it is.
    before: SpreadDto,
    /// When all of the plan is carried out.
    after: SpreadDto,
}

/// How many people have how much.
#[derive(Serialize, ToSchema)]
#[schema(as = Spread)]
struct SpreadDto {
    /// People who have nothing.
    none: Tally,
    /// People who have one.
    one: Tally,
    /// People who have two or three.
    two_or_three: Tally,
    /// People who have four or more.
    four_or_more: Tally,
    /// Gini's coefficient: 0 when all have the same, near 1 when one has all. Only of five people or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0.0, maximum = 1.0)]
    gini: Option<f64>,
}

impl Why {
    pub(super) fn of(why: Idle, tongue: Tongue) -> Self {
        Self {
            code: why.code(),
            text: why.text(tongue),
        }
    }
}

impl UnsharedDto {
    pub(super) fn of(unshared: Unshared, tongue: Tongue) -> Self {
        Self {
            id: unshared.id,
            why: Why::of(unshared.why, tongue),
        }
    }
}

impl BeforeAndAfter {
    pub(super) fn of(before: Spread, after: Spread) -> Self {
        Self {
            before: before.into(),
            after: after.into(),
        }
    }
}

impl From<Spread> for SpreadDto {
    fn from(spread: Spread) -> Self {
        let [none, one, two_or_three, four_or_more] = spread.bands.map(Tally::from);
        Self {
            none,
            one,
            two_or_three,
            four_or_more,
            gini: spread.gini_percent.map(|percent| f64::from(percent) / 100.0),
        }
    }
}

impl AsksPlan {
    /// A plan as it is sent, its texts in `tongue`.
    pub(in crate::http) fn of(planned: PlannedAsks, tongue: Tongue) -> Self {
        let plan = planned.plan;
        let item = |(item, recommendation): (AsksItem, String)| AsksItemDto {
            question: item.question.to_string(),
            title: item.title.map(|title| title.to_string()),
            picks: item.picks.into_iter().map(Into::into).collect(),
            fewer: item.fewer.map(|why| Why::of(why, tongue)),
            recommendation,
        };
        let unassigned = plan.unassigned.into_iter();
        Self {
            items: plan.items.into_iter().zip(planned.recommendations).map(item).collect(),
            unassigned: unassigned.map(|unshared| UnsharedDto::of(unshared, tongue)).collect(),
            excluded: plan.excluded.into_iter().map(|(code, n)| (code, n.into())).collect(),
            spread: BeforeAndAfter::of(plan.before, plan.after),
            left_out: planned.left_out,
            model: plan.model,
            generation: planned.generation,
            as_of: rfc3339(plan.as_of),
        }
    }
}

impl CoAnimatorsPlan {
    /// A plan as it is sent, its texts in `tongue`.
    pub(in crate::http) fn of(planned: PlannedCoAnimators, tongue: Tongue) -> Self {
        let plan = planned.plan;
        let item = |(item, recommendation): (CoAnimatorsItem, String)| CoAnimatorsItemDto {
            community: item.community.to_string(),
            name: item.name.map(|name| name.to_string()),
            picks: item.picks.into_iter().map(Into::into).collect(),
            fewer: item.fewer.map(|why| Why::of(why, tongue)),
            recommendation,
        };
        let unassigned = plan.unassigned.into_iter();
        Self {
            items: plan.items.into_iter().zip(planned.recommendations).map(item).collect(),
            unassigned: unassigned.map(|unshared| UnsharedDto::of(unshared, tongue)).collect(),
            excluded: plan.excluded.into_iter().map(|(code, n)| (code, n.into())).collect(),
            spread: BeforeAndAfter::of(plan.before, plan.after),
            left_out: (planned.left_out > 0).then(|| LeftOutDto {
                communities: planned.left_out.into(),
                why: Why::of(Idle::Closed, tongue),
            }),
            model: plan.model,
            generation: planned.generation,
            as_of: rfc3339(plan.as_of),
        }
    }
}
