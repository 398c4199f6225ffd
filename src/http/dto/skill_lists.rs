//! Lists of a release of skill maps on the wire: targets, skills that few have, skills that are asked for and held by nobody.

use super::skill_maps::{HeadDto, NumberDto, Table, cell, day};
use crate::app::{Few, Number, Release, Target, Unmet};
use serde::Serialize;
use utoipa::ToSchema;

/// Targets beside what there is.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SkillGaps {
    /// In which release.
    #[serde(flatten)]
    head: HeadDto,
    /// In the order of the targets.
    items: Vec<GapDto>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
}

/// A target beside what there is.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillGap)]
struct GapDto {
    /// The unit; empty for the whole organisation.
    unit: String,
    /// The skill.
    skill: String,
    /// What it is called.
    label: String,
    /// The level, from which on people count.
    level: &'static str,
    /// How many are wanted.
    wanted: u32,
    /// How many there are; null where nothing is told.
    people: Option<NumberDto>,
    /// How many are missing, 0 when there are enough; null where nothing is told.
    missing: Option<u32>,
}

impl SkillGaps {
    pub(in crate::http) fn of<'t>(
        release: &Release,
        gaps: impl Iterator<Item = (&'t Target, Option<Number>)>,
        label: Labels<'_>,
        next_cursor: Option<String>,
    ) -> Self {
        let gap = |(target, people): (&Target, Option<Number>)| GapDto {
            unit: target.unit.clone(),
            skill: target.skill.clone(),
            label: label(&target.skill),
            level: target.level.code(),
            wanted: target.people,
            missing: people.map(|number| target.people.saturating_sub(number.people)),
            people: people.map(|number| NumberDto::of(number, None)),
        };
        Self {
            head: release.into(),
            items: gaps.map(gap).collect(),
            next_cursor,
        }
    }
}

impl Table for SkillGaps {
    fn table(&self) -> Vec<Vec<String>> {
        let head = ["unit", "skill", "level", "wanted", "people", "missing"]
            .map(str::to_owned)
            .to_vec();
        let line = |gap: &GapDto| {
            vec![
                gap.unit.clone(),
                gap.skill.clone(),
                gap.level.to_owned(),
                gap.wanted.to_string(),
                cell(gap.people.as_ref()),
                gap.missing.map_or_else(String::new, |missing| missing.to_string()),
            ]
        };
        [head].into_iter().chain(self.items.iter().map(line)).collect()
    }
}

/// A skill by name.
#[derive(Serialize, ToSchema)]
#[schema(as = NamedSkill)]
pub(in crate::http) struct SkillDto {
    /// Its identifier.
    skill: String,
    /// What it is called.
    label: String,
}

/// What a skill is called.
type Labels<'a> = &'a dyn Fn(&str) -> String;

fn skills(ids: &[String], label: Labels<'_>) -> Vec<SkillDto> {
    let skill = |id: &String| SkillDto {
        skill: id.clone(),
        label: label(id),
    };
    ids.iter().map(skill).collect()
}

fn joined(skills: &[SkillDto]) -> String {
    skills
        .iter()
        .map(|skill| skill.skill.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

/// Skills that few people have.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct FewHolders {
    /// In which release.
    #[serde(flatten)]
    head: HeadDto,
    /// The day on which the list was made: once a quarter.
    #[schema(format = Date)]
    listed: String,
    /// Skills that somebody has, and at most `k` people, in the whole organisation.
    items: Vec<FewDto>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
}

/// A skill that few people have.
#[derive(Serialize, ToSchema)]
#[schema(as = FewHoldersItem)]
struct FewDto {
    /// Which.
    #[serde(flatten)]
    skill: SkillDto,
    /// Skills close to it that more people have, from which it could be grown; those of most people first.
    near: Vec<SkillDto>,
}

impl FewHolders {
    pub(in crate::http) fn of(release: &Release, few: &[Few], label: Labels<'_>, next_cursor: Option<String>) -> Self {
        let item = |few: &Few| FewDto {
            skill: SkillDto {
                label: label(&few.skill),
                skill: few.skill.clone(),
            },
            near: skills(&few.near, label),
        };
        Self {
            head: release.into(),
            listed: day(release.lists.day),
            items: few.iter().map(item).collect(),
            next_cursor,
        }
    }
}

impl Table for FewHolders {
    fn table(&self) -> Vec<Vec<String>> {
        let head = ["skill", "label", "near"].map(str::to_owned).to_vec();
        let line = |few: &FewDto| vec![few.skill.skill.clone(), few.skill.label.clone(), joined(&few.near)];
        [head].into_iter().chain(self.items.iter().map(line)).collect()
    }
}

/// What is asked for, and nobody has.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct UnmetSkills {
    /// In which release.
    #[serde(flatten)]
    head: HeadDto,
    /// The day on which the list was made: once a quarter.
    #[schema(format = Date)]
    listed: String,
    /// Those that most people ask for first.
    items: Vec<UnmetDto>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
}

/// Something that is asked for, and nobody who is counted has.
#[derive(Serialize, ToSchema)]
#[schema(as = UnmetSkill)]
struct UnmetDto {
    /// The identifier of the skill, or the tag under which people ask.
    subject: String,
    /// What it is called.
    label: String,
    /// Whether it is a skill of the catalogue.
    is_skill: bool,
    /// People who asked for it in the last year: this many or more, in steps of k + 1.
    asked_by: u32,
    /// Those of them with a question that nobody answered, in the same steps; null for k or fewer.
    waiting: Option<u32>,
    /// Skills close to it that people have, from which it could be grown; those of most people first.
    near: Vec<SkillDto>,
}

impl UnmetSkills {
    pub(in crate::http) fn of(
        release: &Release,
        unmet: &[Unmet],
        label: Labels<'_>,
        next_cursor: Option<String>,
    ) -> Self {
        let item = |unmet: &Unmet| UnmetDto {
            label: label(&unmet.subject),
            subject: unmet.subject.clone(),
            is_skill: unmet.is_skill,
            asked_by: unmet.asked_by,
            waiting: unmet.waiting,
            near: skills(&unmet.near, label),
        };
        Self {
            head: release.into(),
            listed: day(release.lists.day),
            items: unmet.iter().map(item).collect(),
            next_cursor,
        }
    }
}

impl Table for UnmetSkills {
    fn table(&self) -> Vec<Vec<String>> {
        let head = ["subject", "label", "is_skill", "asked_by", "waiting", "near"]
            .map(str::to_owned)
            .to_vec();
        let line = |unmet: &UnmetDto| {
            vec![
                unmet.subject.clone(),
                unmet.label.clone(),
                unmet.is_skill.to_string(),
                unmet.asked_by.to_string(),
                unmet.waiting.map_or_else(String::new, |people| people.to_string()),
                joined(&unmet.near),
            ]
        };
        [head].into_iter().chain(self.items.iter().map(line)).collect()
    }
}
