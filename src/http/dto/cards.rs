//! Cards on the wire.

use super::health::{HealthDto, ObjectiveDto};
use super::tally::Tally;
use crate::app::{Card, CardCommunity, CardSkill, CommunityCard as Shown, Named, PersonCard as Person};
use crate::calendar::rfc3339;
use crate::domain::{Access, CommunityKind, Day, MemberRole, Origin, Stance};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What everybody may read of a person.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PersonCard {
    #[serde(flatten)]
    who: NamedDto,
    /// Where they work, from the top down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<String>,
    /// Town or building.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    site: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// Employer, where several work together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    employer: Option<String>,
    /// Languages they work in, BCP 47.
    languages: Vec<String>,
    /// Whether they are a guest; absent when they are not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    external: bool,
    /// Where the platform shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// What they are said to know, by identifier: no order of worth.
    skills: Vec<SkillDto>,
    /// Where they belong.
    communities: Vec<CommunityDto>,
    /// The last sequence of the log that the card knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A person, by name where it is known.
#[derive(Serialize, ToSchema)]
#[schema(as = Named)]
pub(super) struct NamedDto {
    /// Their identifier.
    person: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// A skill on a card.
#[derive(Serialize, ToSchema)]
#[schema(as = CardSkill)]
struct SkillDto {
    /// Its identifier.
    skill: String,
    /// Its label in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    label: Option<String>,
    /// Who says so: `declared`, `endorsed`, `imported`.
    origins: Vec<&'static str>,
    /// Whether the person confirmed it.
    confirmed: bool,
    /// What the person offers: `can_help`, `can_mentor`, `can_train`.
    offers: Vec<&'static str>,
}

/// A community on a card.
#[derive(Serialize, ToSchema)]
#[schema(as = CardCommunity)]
struct CommunityDto {
    /// Its identifier.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// `member` or `animator`.
    role: &'static str,
}

/// What everybody may read of a community.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CommunityCard {
    /// Its identifier.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// What it is for: `interest`, `practice`, `project`, `instance`, `watch`, `team`, `process` or `unspecified`.
    kind: &'static str,
    /// Who may join and read: `open`, `request` or `private`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access: Option<&'static str>,
    /// Its subjects.
    topics: Vec<String>,
    /// Its working language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    language: Option<String>,
    /// The unit it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<String>,
    /// The project it accompanies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    project: Option<String>,
    /// Who backs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sponsor: Option<NamedDto>,
    /// Where its charter is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    charter_url: Option<String>,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// Whether it was archived.
    archived: bool,
    /// Who animates it, by name.
    animators: Vec<NamedDto>,
    /// How many people belong to it; `some` stands for fewer than five.
    members: Tally,
    /// How its questions fare.
    questions: QuestionsDto,
    /// Its own stated objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    objective: Option<ObjectiveDto>,
    /// How it is: counts of people, trends by month, and what is worth attention.
    health: HealthDto,
    /// The last sequence of the log that the card knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// How questions fare: those asked in the 90 days that ended seven days ago, so that each had its week.
#[derive(Serialize, ToSchema)]
#[schema(as = QuestionFigures)]
struct QuestionsDto {
    /// How many were asked; `some` stands for fewer than five.
    asked: Tally,
    /// The share without an answer by another person within seven days; from five questions on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 1)]
    unanswered_rate: Option<f64>,
    /// Median of hours to the first answer; from five people who gave one on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    first_answer_hours: Option<f64>,
    /// Days over which they are taken.
    over_days: u32,
}

fn text(text: Option<Arc<str>>) -> Option<String> {
    text.map(|text| text.to_string())
}

fn texts(texts: &[Arc<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// A calendar day, as RFC 3339 writes it.
pub(super) fn date(day: Day) -> String {
    let instant = rfc3339(day.start());
    instant.split('T').next().unwrap_or_default().to_owned()
}

impl From<Named> for NamedDto {
    fn from(named: Named) -> Self {
        Self {
            person: named.person.to_string(),
            name: text(named.name),
        }
    }
}

impl From<CardSkill> for SkillDto {
    fn from(skill: CardSkill) -> Self {
        let origin = |origin: &Origin| match origin {
            Origin::Declared => "declared",
            Origin::Endorsed => "endorsed",
            Origin::Imported => "imported",
        };
        let offer = |stance: &Stance| match stance {
            Stance::CanHelp => "can_help",
            Stance::CanMentor => "can_mentor",
            Stance::CanTrain => "can_train",
            Stance::WantsToLearn => "wants_to_learn",
            Stance::Follows => "follows",
        };
        Self {
            skill: skill.skill.to_string(),
            label: text(skill.label),
            origins: skill.origins.iter().map(origin).collect(),
            confirmed: skill.confirmed,
            offers: skill.offers.iter().map(offer).collect(),
        }
    }
}

impl From<CardCommunity> for CommunityDto {
    fn from(community: CardCommunity) -> Self {
        Self {
            community: community.community.to_string(),
            name: text(community.name),
            role: role(community.role),
        }
    }
}

impl From<Card<Person>> for PersonCard {
    fn from(card: Card<Person>) -> Self {
        let person = card.shows;
        Self {
            who: person.who.into(),
            unit: text(person.unit),
            site: text(person.site),
            title: text(person.title),
            employer: text(person.employer),
            languages: texts(&person.languages),
            external: person.external,
            url: text(person.url),
            skills: person.skills.into_iter().map(Into::into).collect(),
            communities: person.communities.into_iter().map(Into::into).collect(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}

/// The name of a part in a community.
pub(super) fn role(role: MemberRole) -> &'static str {
    match role {
        MemberRole::Member => "member",
        MemberRole::Animator => "animator",
    }
}

/// The name of what a community is for.
pub(super) fn kind(kind: CommunityKind) -> &'static str {
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

fn access(access: Access) -> &'static str {
    match access {
        Access::Open => "open",
        Access::Request => "request",
        Access::Private => "private",
    }
}

impl From<Card<Shown>> for CommunityCard {
    fn from(card: Card<Shown>) -> Self {
        let mut shown = card.shows;
        let (progress, ways) = (shown.health.objective.take(), std::mem::take(&mut shown.health.ways));
        let objective = |objective| ObjectiveDto::of(objective, progress.as_ref(), ways);
        Self {
            community: shown.community.to_string(),
            name: text(shown.name),
            description: text(shown.description),
            kind: kind(shown.kind),
            access: shown.access.map(access),
            topics: texts(&shown.topics),
            language: text(shown.language),
            unit: text(shown.unit),
            project: shown.project.map(|project| project.to_string()),
            sponsor: shown.sponsor.map(Into::into),
            charter_url: text(shown.charter_url),
            url: text(shown.url),
            archived: shown.archived,
            animators: shown.animators.into_iter().map(Into::into).collect(),
            members: shown.members.into(),
            questions: QuestionsDto {
                asked: shown.questions.asked.into(),
                unanswered_rate: shown.questions.unanswered_rate,
                first_answer_hours: shown.questions.first_answer_hours,
                over_days: shown.questions.over_days,
            },
            objective: shown.objective.map(objective),
            health: shown.health.into(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
