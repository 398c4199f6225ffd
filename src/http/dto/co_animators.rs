//! People who could co-animate, on the wire. A small count is never told: it can give a person away.

use super::animators::{InFullDto, SomeoneDto};
use super::cards::kind;
use super::people::ReasonDto;
use super::tally::Tally;
use crate::app::{Added, CoAnimatorPick, CoAnimatorsAnswer, Reply, Share, Told};
use crate::calendar::rfc3339;
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
    /// How much of those days the set covers: `all`, `most`, `part` or `none`; to those who animate, where there are some.
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
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own on the wire")]
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
    /// Fit within this one answer, as far as the reader may know what it is made of: what the person's own activity, days
    /// and hours add decides where they stand, and only they read it. Comparable to nothing else. What they add stands in
    /// `gain`.
    score: f64,
    /// Whether they offered to animate.
    volunteer: bool,
    /// Whether they did not, and are to be asked.
    to_be_asked: bool,
    /// Whether they do not belong to the community yet.
    to_be_introduced: bool,
    /// Whether they would animate for the first time.
    first_time: bool,
    /// Who would accompany them, when it is their first time; absent when whoever does may not be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    beside: Option<SomeoneDto>,
    /// Why they fit: the three reasons that weigh most, and all others as one, `other`. The contributions sum to the score.
    /// That somebody takes part in the life of the community (`circle`) is told to others without a weight.
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
    /// On which side: `unit`, `site`, `time_zone`, `language`, and `time` for days and hours, of everybody alike; to those who
    /// animate `cover`, `relief` and `hours` instead.
    code: &'static str,
    /// How much of it they newly cover: `all`, `most` or `part`; absent for `time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    share: Option<&'static str>,
    /// It, in the reader's language.
    text: String,
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
            share: added.share.map(Share::code),
            text: added.text,
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

impl CoAnimators {
    /// The answer about `community`.
    pub(in crate::http) fn of(community: &str, reply: Reply<CoAnimatorsAnswer>) -> Self {
        let answer = reply.answer;
        let needs = answer.needs;
        Self {
            community: community.to_owned(),
            kind: kind(answer.kind),
            rule: answer.rule,
            needs: NeedsDto {
                days: needs.days,
                days_without_animator: needs.days_without,
                covered: needs.covered,
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
