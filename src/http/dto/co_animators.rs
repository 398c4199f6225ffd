//! People who could co-animate, on the wire. A small count is never told: it can give a person away.

use super::people::ReasonDto;
use super::rfc3339;
use super::tally::Tally;
use crate::app::{Added, AnimatorLoad, CoAnimatorPick, CoAnimatorsAnswer, InFull, Reply, Someone, Told};
use crate::domain::{CommunityKind, Day, DaySpan};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// People who could co-animate a community.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CoAnimators {
    /// Which community, as it was asked for.
    community: String,
    /// What it is for.
    kind: &'static str,
    /// Who animates such a community.
    rule: String,
    needs: NeedsDto,
    load: LoadDto,
    /// The set, in the order in which it was chosen; empty when there is nobody.
    items: Vec<PickDto>,
    /// Why there is nobody: `archived`, `nobody_known` or `nobody_available`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    nobody: Option<ToldDto>,
    /// How many people were not considered, by reason; `some` stands for fewer than five.
    excluded: BTreeMap<&'static str, Tally>,
    /// Why the reader was passed over: told to them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    you: Option<ToldDto>,
    /// What is told to those who animate the community alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    in_full: Option<InFullDto>,
    /// The name of exactly this answer: quoted by `feedback.given`.
    recommendation: String,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// What the community needs, and what the set gives.
#[derive(Serialize, ToSchema)]
#[schema(as = Needs)]
struct NeedsDto {
    /// How many days ahead are looked at.
    days: u32,
    /// On how many of them no animator is available.
    days_without_animator: u32,
    /// How much of those days the set covers: `all`, `most`, `part` or `none`; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    covered: Option<&'static str>,
    /// Animators that are missing to the fewest that such a community has.
    animators_missing: u32,
    /// Whether its animators lack an hour a week or more.
    hours_short: bool,
    /// It, in the reader's language.
    text: String,
}

/// The load of the community: what it takes from each of those who animate it, and how it is spread.
#[derive(Serialize, ToSchema)]
#[schema(as = CommunityLoad)]
struct LoadDto {
    /// `light`, `usual` or `full`: as its size tells, against what somebody usually gives.
    before: &'static str,
    /// The same once the set has joined.
    after: &'static str,
    /// `nobody`, `one` or `shared`; to those who animate it, `uneven` or `even` instead of `shared`.
    spread_before: &'static str,
    /// The same once the set has joined.
    spread_after: &'static str,
}

/// Somebody who could co-animate.
#[derive(Serialize, ToSchema)]
#[schema(as = CoAnimator)]
pub(super) struct PickDto {
    /// Who.
    subject: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Place in this answer.
    #[schema(minimum = 1)]
    rank: usize,
    /// Place by fit alone.
    #[schema(minimum = 1)]
    base_rank: usize,
    /// Fit within this one answer; comparable to nothing else. What they add stands in `gain`.
    score: f64,
    /// Whether they offered to animate.
    volunteer: bool,
    /// Whether they did not, and are to be asked.
    to_be_asked: bool,
    /// Whether they do not belong to the community yet.
    to_be_introduced: bool,
    /// Whether they would animate for the first time.
    first_time: bool,
    /// Who would accompany them, when it is their first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    beside: Option<SomeoneDto>,
    /// Why they fit: the three reasons that weigh most, and all others as one, `other`. The contributions sum to the score.
    reasons: Vec<ReasonDto>,
    /// What they add to those who animate and to those before them, the weightiest first.
    gain: Vec<AddedDto>,
    /// Why the place is not the one by fit: `offered`, `natural`, `complement`, `later` or `plan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    moved_by: Option<&'static str>,
    /// A few words to send, to be edited.
    invitation: String,
}

/// What somebody adds on one side.
#[derive(Serialize, ToSchema)]
#[schema(as = Gain)]
struct AddedDto {
    /// On which side: `cover`, `hours`, `unit`, `site`, `time_zone` or `language`.
    code: &'static str,
    /// How much of it they newly cover: `all`, `most` or `part`.
    share: &'static str,
    /// It, in the reader's language.
    text: String,
}

/// Somebody, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = Someone)]
struct SomeoneDto {
    /// Who.
    person: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// Why something is as it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Why)]
struct ToldDto {
    /// Stable.
    code: &'static str,
    /// It, in the reader's language.
    text: String,
}

/// What is told to those who animate the community alone.
#[derive(Serialize, ToSchema)]
#[schema(as = InFull)]
struct InFullDto {
    /// The days without an animator.
    dates: Vec<SpanDto>,
    /// Those that the set leaves.
    dates_left: Vec<SpanDto>,
    /// Hours a week that are short.
    hours_short: f64,
    /// Those that the set leaves.
    hours_short_after: f64,
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

impl From<Told> for ToldDto {
    fn from(told: Told) -> Self {
        Self {
            code: told.code,
            text: told.text,
        }
    }
}

impl From<Added> for AddedDto {
    fn from(added: Added) -> Self {
        Self {
            code: added.code,
            share: added.share.code(),
            text: added.text,
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
            dates_left: told.dates_left.into_iter().map(Into::into).collect(),
            hours_short: told.hours_short.0,
            hours_short_after: told.hours_short.1,
            animators: told.animators.into_iter().map(Into::into).collect(),
            own: told.own.map(|(hours_per_week, capacity)| OwnHours {
                hours_per_week,
                capacity,
            }),
        }
    }
}

impl From<CoAnimatorPick> for PickDto {
    fn from(pick: CoAnimatorPick) -> Self {
        Self {
            subject: pick.subject.to_string(),
            name: pick.name.map(|name| name.to_string()),
            rank: pick.rank,
            base_rank: pick.base_rank,
            score: pick.score,
            volunteer: pick.volunteer,
            to_be_asked: !pick.volunteer,
            to_be_introduced: pick.to_be_introduced,
            first_time: pick.first_time,
            beside: pick.beside.map(Into::into),
            reasons: pick.reasons.into_iter().map(Into::into).collect(),
            gain: pick.gain.into_iter().map(Into::into).collect(),
            moved_by: pick.moved_by,
            invitation: pick.invitation,
        }
    }
}

const fn kind(kind: CommunityKind) -> &'static str {
    match kind {
        CommunityKind::Interest => "interest",
        CommunityKind::Practice => "practice",
        CommunityKind::Project => "project",
        CommunityKind::Instance => "instance",
        CommunityKind::Watch => "watch",
        CommunityKind::Team => "team",
        CommunityKind::Process => "process",
        CommunityKind::Unspecified => "unspecified",
    }
}

impl CoAnimators {
    /// The answer about `community`.
    pub(in crate::http) fn of(community: &str, reply: Reply<CoAnimatorsAnswer>) -> Self {
        let answer = reply.answer;
        let needs = answer.needs;
        let covered = needs.covered.map_or("none", |share| share.code());
        Self {
            community: community.to_owned(),
            kind: kind(answer.kind),
            rule: answer.rule,
            needs: NeedsDto {
                days: needs.days,
                days_without_animator: needs.days_without,
                covered: (needs.days_without > 0).then_some(covered),
                animators_missing: needs.animators_missing,
                hours_short: needs.hours_short,
                text: needs.text,
            },
            load: LoadDto {
                before: answer.load.band.0.code(),
                after: answer.load.band.1.code(),
                spread_before: answer.load.spread.0,
                spread_after: answer.load.spread.1,
            },
            items: answer.items.into_iter().map(Into::into).collect(),
            nobody: answer.nobody.map(Into::into),
            excluded: answer.excluded.into_iter().map(|(code, n)| (code, n.into())).collect(),
            you: answer.you.map(Into::into),
            in_full: answer.in_full.map(Into::into),
            recommendation: reply.recommendation,
            model: answer.model,
            generation: reply.generation,
            as_of: rfc3339(reply.as_of),
        }
    }
}
