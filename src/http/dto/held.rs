//! Everything that is held about somebody, on the wire.

use super::admin::KeyDto;
use super::cards::date;
use super::my_skills::{MyProjectDto, MySkillDto};
use super::own::SaidDto;
use crate::app::{
    Card, Circle, Held, HeldAsked, HeldInvitation, HeldProposal, MySkills, OwnLoad, PersonExport as Export, Retained,
};
use crate::calendar::rfc3339;
use crate::domain::{DeclineReason, PersonId, ProposalKind};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Everything that is held about somebody.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PersonExport {
    /// Their accounts.
    accounts: Vec<String>,
    /// The events that name them, or say something of what they asked, answered or were invited to, as the log holds them.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Value>,
    /// What they allow and can give.
    wishes: SaidDto,
    /// What is concluded from the events.
    derived: HeldDto,
    /// What the service thinks they know, with what it came from; their projects.
    skills: HeldSkillsDto,
    /// How much is asked of them, and what animating takes.
    load: HeldLoadDto,
    /// Invitations to answer, with what became of them, the oldest first.
    invitations: Vec<InvitationDto>,
    /// What was proposed to them, with their answer.
    proposals: Vec<ProposalDto>,
    /// Keys that speak for them, without their secrets.
    keys: Vec<KeyDto>,
    /// What is held for how long.
    retention: BTreeMap<&'static str, &'static str>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// What is concluded about somebody from the events.
#[derive(Serialize, ToSchema)]
#[schema(as = Held)]
struct HeldDto {
    /// Questions asked.
    asked: u32,
    /// Answers given to others' questions.
    answers: u32,
    /// Of these, accepted.
    accepted: u32,
    /// How many people they helped, of those who asked under their name.
    helped: u32,
    /// Answers by language of the exchange.
    languages: BTreeMap<String, u32>,
    /// Answers by UTC hour of the day.
    hours: BTreeMap<u8, u32>,
    /// Answers by the UTC hour of the day at which their question was asked.
    question_hours: BTreeMap<u8, u32>,
    /// Answers by tag.
    subjects: BTreeMap<String, u32>,
    /// Whether their answers are summed up as what they are about, in numbers that no word can be read from.
    summed_up: bool,
    /// How they stand in the communities to which they belong.
    communities: Vec<PlaceDto>,
    /// Invitations to answer: received, answered, declined.
    invitations: BTreeMap<&'static str, u32>,
    /// Votes of others on their questions and answers, those for less those against.
    votes: i64,
    /// How many verdicts others gave on recommendations of them.
    verdicts: u64,
}

/// How somebody stands in a community.
#[derive(Serialize, ToSchema)]
#[schema(as = Place)]
struct PlaceDto {
    /// The community.
    community: String,
    /// `core`, `active`, `occasional` or `silent`, from what they gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    circle: Option<&'static str>,
    /// Answers that they gave there.
    answers: u32,
}

/// What the service thinks somebody knows.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldSkills)]
struct HeldSkillsDto {
    /// Whether anything is concluded: not while the person refuses it.
    inference: bool,
    /// Skills stated, concluded, wanted or contested, by identifier.
    items: Vec<MySkillDto>,
    /// Projects, past and present, the newest first.
    projects: Vec<MyProjectDto>,
}

/// How much is asked of somebody, as the service reckons when it chooses whom to turn to.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldLoad)]
struct HeldLoadDto {
    /// Invitations to answer of the last seven days.
    asked_of_week: u32,
    /// Invitations that they accept in seven days: their own word, or what is usual.
    asks_per_week: u32,
    /// How many more would be sent now.
    asks_left: u32,
    /// Whether they are eased in after a leave.
    eased_in: bool,
    /// Hours a week that animating takes.
    hours: f64,
    /// Hours a week that they can give: their own word, or what is usual.
    capacity: f64,
    /// What those who animate with them are told: `light`, `usual` or `full`.
    band: &'static str,
    /// Hours by community that they animate.
    communities: BTreeMap<String, f64>,
    /// Hours that they declared, by the Monday of the week: the last eight.
    weeks: BTreeMap<String, f64>,
}

/// An invitation to answer.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldInvitation)]
struct InvitationDto {
    /// Its identifier.
    ask: String,
    /// The question.
    question: String,
    /// When it was sent.
    #[schema(format = DateTime)]
    at: String,
    /// What became of it: `open`, `answered`, `declined` or `referred`.
    outcome: &'static str,
    /// Why it was declined: `not_my_skill`, `overloaded`, `away` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<&'static str>,
    /// Whom they named instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
}

/// Something that was proposed to somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldProposal)]
struct ProposalDto {
    /// Its identifier.
    proposal: String,
    /// `co_animator` or `community`.
    kind: &'static str,
    /// Where.
    community: String,
    /// When it was first heard of.
    #[schema(format = DateTime)]
    at: String,
    /// Whether they said yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    accepted: Option<bool>,
    /// When they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    answered_at: Option<String>,
}

impl From<MySkills> for HeldSkillsDto {
    fn from(page: MySkills) -> Self {
        Self {
            inference: page.inference,
            items: page.skills.into_iter().map(Into::into).collect(),
            projects: page.projects.into_iter().map(Into::into).collect(),
        }
    }
}

impl HeldLoadDto {
    fn of(asked: HeldAsked, animating: OwnLoad) -> Self {
        let communities = animating.communities.into_iter();
        let weeks = animating.weeks.into_iter();
        Self {
            asked_of_week: asked.of_week,
            asks_per_week: asked.cap,
            asks_left: asked.room,
            eased_in: asked.eased_in,
            hours: animating.hours,
            capacity: animating.capacity,
            band: animating.band.code(),
            communities: communities
                .map(|place| (place.community.to_string(), place.hours))
                .collect(),
            weeks: weeks.map(|week| (date(week.week), week.hours)).collect(),
        }
    }
}

impl From<HeldInvitation> for InvitationDto {
    fn from(invitation: HeldInvitation) -> Self {
        let reason = |reason: DeclineReason| match reason {
            DeclineReason::NotMySkill => "not_my_skill",
            DeclineReason::Overloaded => "overloaded",
            DeclineReason::Away => "away",
            DeclineReason::Other => "other",
        };
        Self {
            ask: invitation.ask.to_string(),
            question: invitation.question.to_string(),
            at: rfc3339(invitation.at),
            outcome: invitation.outcome,
            reason: invitation.reason.map(reason),
            to: invitation.to.map(|to| to.to_string()),
        }
    }
}

impl From<HeldProposal> for ProposalDto {
    fn from(proposal: HeldProposal) -> Self {
        Self {
            proposal: proposal.proposal.to_string(),
            kind: match proposal.kind {
                ProposalKind::CoAnimator => "co_animator",
                ProposalKind::Community => "community",
            },
            community: proposal.community.to_string(),
            at: rfc3339(proposal.at),
            accepted: proposal.answered.map(|(yes, _)| yes),
            answered_at: proposal.answered.map(|(_, at)| rfc3339(at)),
        }
    }
}

impl From<Held> for HeldDto {
    fn from(held: Held) -> Self {
        let told = held.invitations;
        let subjects = held.subjects.into_iter();
        let places = held.places.into_iter().map(|place| PlaceDto {
            community: place.community.to_string(),
            circle: place.circle.map(Circle::code),
            answers: place.answers,
        });
        Self {
            asked: held.asked,
            answers: held.answers,
            accepted: held.accepted,
            helped: held.helped,
            languages: held.languages.into_iter().collect(),
            hours: held.hours.into_iter().collect(),
            question_hours: held.question_hours.into_iter().collect(),
            subjects: subjects.map(|subject| (subject.tag, subject.answers)).collect(),
            summed_up: held.summed_up,
            communities: places.collect(),
            invitations: [
                ("received", told.received),
                ("answered", told.answered),
                ("declined", told.declined),
            ]
            .into(),
            votes: held.votes,
            verdicts: held.verdicts,
        }
    }
}

impl From<Card<Export>> for PersonExport {
    fn from(card: Card<Export>) -> Self {
        let export = card.shows;
        let concluded = export.concluded;
        // A canonical line is JSON; one that were not would have been refused when the log was read.
        let event = |line: &Vec<u8>| serde_json::from_slice(line).unwrap_or_default();
        Self {
            accounts: export.accounts.iter().map(PersonId::to_string).collect(),
            events: export.lines.iter().map(event).collect(),
            wishes: export.wishes.into(),
            derived: export.derived.into(),
            skills: concluded.skills.into(),
            load: HeldLoadDto::of(concluded.asked, concluded.animating),
            invitations: concluded.invitations.into_iter().map(Into::into).collect(),
            proposals: concluded.proposals.into_iter().map(Into::into).collect(),
            keys: export.keys.into_iter().map(Into::into).collect(),
            retention: export
                .retention
                .iter()
                .map(|&Retained { what, kept }| (what, kept))
                .collect(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
