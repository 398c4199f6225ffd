//! The person's own page of skills, on the wire.

use super::cards::{NamedDto, date};
use super::people::ReasonDto;
use crate::app::{
    Card, Counted, HeldByFew, LevelBand, MyConclusion, MyProject, MySkill, MySkills as Page, MyStatement, SkillOrigin,
    Stand, Sureness,
};
use crate::calendar::rfc3339;
use crate::domain::{Audience, Day, Origin, ProjectRole, Stance};
use serde::Serialize;
use utoipa::ToSchema;

/// What the service thinks somebody knows, why, and who can see it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MySkills {
    #[serde(flatten)]
    who: NamedDto,
    /// Whether anything is concluded: not while the person refuses it.
    inference: bool,
    /// Whom skill maps count, as numbers of many people without names, which human resources read: `nothing` while there
    /// are none, `stated`, or `inferred` where those of whom a skill is only inferred are counted too, apart. Who objects to
    /// `skill_map` is not counted.
    skill_maps: &'static str,
    /// Skills stated, concluded, wanted or contested, by identifier.
    skills: Vec<MySkillDto>,
    /// Projects, past and present, the newest first.
    projects: Vec<MyProjectDto>,
    /// The last sequence of the log that the page knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A skill on the person's own page.
#[derive(Serialize, ToSchema)]
#[schema(as = MySkill)]
pub(super) struct MySkillDto {
    /// Its identifier.
    skill: String,
    /// What it is called in the reader's language.
    label: String,
    /// Where it comes from: `declared`, `endorsed`, `imported`, `inferred`, `confirmed`. Empty for what is only wanted, or
    /// contested.
    origins: Vec<&'static str>,
    /// How far the command of it goes: `aware`, `practising`, `autonomous` or `mastery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    level: Option<&'static str>,
    /// How sure it is: `low`, `medium` or `high`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confidence: Option<&'static str>,
    /// Who can see it: `me`, `animators` or `organisation`. What is only inferred is `me`.
    audience: &'static str,
    /// What the person says of it: `confirmed` or `contested`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stand: Option<&'static str>,
    /// What the person wants to do with it: `can_help`, `can_mentor`, `can_train`, `wants_to_learn`, `follows`.
    stances: Vec<&'static str>,
    /// Who states it.
    statements: Vec<StatementDto>,
    /// What the service concludes, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    inferred: Option<InferredDto>,
    /// As what skill maps count it, among many: `stated` or `inferred`; absent when they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    counted: Option<&'static str>,
    /// That few people have it, which skill maps tell without saying who.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    few: Option<HeldByFewDto>,
}

/// That few people of the whole organisation have a skill.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillHeldByFew)]
struct HeldByFewDto {
    /// As many have it at most.
    #[schema(minimum = 5)]
    k: u32,
    /// The day on which that was found: once a quarter.
    #[schema(format = Date)]
    listed: String,
    /// Whether the person offers to hand over what they know: by the stance `can_mentor` or `can_train`, which is theirs to
    /// take, and to take back.
    hand_over: bool,
}

/// One statement that the person has a skill.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillStatement)]
struct StatementDto {
    /// Who says so: `declared` (the person), `endorsed` (a colleague), `imported` (another system).
    origin: &'static str,
    /// The colleague, where they may be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by: Option<NamedDto>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The level stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    level: Option<&'static str>,
}

/// What the service concludes of a skill.
#[derive(Serialize, ToSchema)]
#[schema(as = InferredSkill)]
struct InferredDto {
    /// How far the command of it seems to go.
    level: &'static str,
    /// How sure it is.
    confidence: &'static str,
    /// Why, with the records behind it.
    reasons: Vec<ReasonDto>,
}

/// A project on the person's own page.
#[derive(Serialize, ToSchema)]
#[schema(as = MyProject)]
pub(super) struct MyProjectDto {
    /// Its identifier.
    project: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// `lead` or `member`.
    role: &'static str,
    /// The first day.
    #[schema(format = Date)]
    since: String,
    /// The last day, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, nullable = false)]
    until: Option<String>,
}

/// What changes of a skill; what is absent stays.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"level": 0.6, "stances": ["can_help"], "audience": "organisation"}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct SkillWord {
    /// Whether I have it.
    declared: Option<bool>,
    /// My level; declares it too.
    #[schema(minimum = 0, maximum = 1)]
    level: Option<f64>,
    /// `confirmed`: it is mine, and declared if nobody states it. `contested`: it is not, and it is never concluded again.
    #[schema(pattern = "^(confirmed|contested)$")]
    stand: Option<String>,
    /// What I want to do with it, these and no other: `can_help`, `can_mentor`, `can_train`, `wants_to_learn`, `follows`.
    #[schema(max_items = 5)]
    stances: Option<Vec<String>>,
    /// Who can see it: `me`, `animators` or `organisation`.
    #[schema(pattern = "^(me|animators|organisation)$")]
    audience: Option<String>,
}

/// My part in a project.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"role": "member", "since": "2025-03-01", "until": "2025-12-31"}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct ProjectPart {
    /// `lead` or `member`; `member` unless given.
    #[schema(pattern = "^(lead|member)$")]
    role: Option<String>,
    /// The first day; today unless given. An earlier one that was stated stays.
    #[schema(format = Date)]
    since: Option<String>,
    /// The last day, once it is over.
    #[schema(format = Date)]
    until: Option<String>,
}

/// What a count is called; nothing where there is none.
const fn counted(counted: Counted) -> Option<&'static str> {
    match counted {
        Counted::Nothing => None,
        Counted::Stated => Some("stated"),
        Counted::Inferred => Some("inferred"),
    }
}

const fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::CanHelp => "can_help",
        Stance::CanMentor => "can_mentor",
        Stance::CanTrain => "can_train",
        Stance::WantsToLearn => "wants_to_learn",
        Stance::Follows => "follows",
    }
}

impl From<MyStatement> for StatementDto {
    fn from(statement: MyStatement) -> Self {
        Self {
            origin: match statement.origin {
                Origin::Declared => "declared",
                Origin::Endorsed => "endorsed",
                Origin::Imported => "imported",
            },
            by: statement.by.map(Into::into),
            at: rfc3339(statement.at),
            level: statement.band.map(LevelBand::code),
        }
    }
}

impl From<MyConclusion> for InferredDto {
    fn from(conclusion: MyConclusion) -> Self {
        Self {
            level: conclusion.band.code(),
            confidence: conclusion.sureness.code(),
            reasons: conclusion.reasons.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<MySkill> for MySkillDto {
    fn from(skill: MySkill) -> Self {
        let hands_over = |stance: &Stance| matches!(stance, Stance::CanMentor | Stance::CanTrain);
        let few = |few: HeldByFew| HeldByFewDto {
            k: few.k,
            listed: date(Day::from_days(few.listed)),
            hand_over: skill.stances.iter().any(hands_over),
        };
        Self {
            few: skill.few.map(few),
            counted: counted(skill.counted),
            skill: skill.skill.to_string(),
            label: skill.label,
            origins: skill.origins.into_iter().map(SkillOrigin::code).collect(),
            level: skill.band.map(LevelBand::code),
            confidence: skill.sureness.map(Sureness::code),
            audience: match skill.audience {
                Audience::Me => "me",
                Audience::Animators => "animators",
                Audience::Organisation => "organisation",
            },
            stand: skill.stand.map(|stand| match stand {
                Stand::Confirmed => "confirmed",
                Stand::Contested => "contested",
            }),
            stances: skill.stances.into_iter().map(stance).collect(),
            statements: skill.statements.into_iter().map(Into::into).collect(),
            inferred: skill.inferred.map(Into::into),
        }
    }
}

impl From<MyProject> for MyProjectDto {
    fn from(project: MyProject) -> Self {
        Self {
            project: project.project.to_string(),
            name: project.name.map(|name| name.to_string()),
            role: match project.role {
                ProjectRole::Lead => "lead",
                ProjectRole::Member => "member",
            },
            since: date(project.since),
            until: project.until.map(date),
        }
    }
}

impl From<Card<Page>> for MySkills {
    fn from(card: Card<Page>) -> Self {
        let page = card.shows;
        Self {
            who: page.who.into(),
            inference: page.inference,
            skill_maps: counted(page.maps).unwrap_or("nothing"),
            skills: page.skills.into_iter().map(Into::into).collect(),
            projects: page.projects.into_iter().map(Into::into).collect(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
