//! What people ask for: skills and subjects in the questions of a year, and what lies near them.
//!
//! Only questions that the whole organisation may read are looked at, asked under their name by people whom maps count. A
//! subject is told from k + 1 of them on, and how many they are in steps of k + 1: who asks is nobody's business.

use super::count::{Count, broader_skills, is_counted};
use super::release::{Few, Lists, Release, Slice, Unmet};
use crate::domain::{DAY_MICROS, Timestamp};
use crate::world::{Ix as _, PersonIx, QuestionIx, SkillIx, TagIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// How far back questions are looked at.
const YEAR_DAYS: i64 = 365;
/// Subjects that a list has at most, those that most people ask for first.
const MOST: usize = 200;
/// Near skills that are told at most.
const NEAR: usize = 5;

/// What a question is about: a skill, or a tag that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Skill(SkillIx),
    Tag(TagIx),
}

/// A question of somebody who is counted, and what it is about.
struct Asked {
    by: PersonIx,
    is_answered: bool,
    about: BTreeSet<Subject>,
}

/// Who asks for a subject.
#[derive(Default)]
struct Demand {
    askers: BTreeSet<PersonIx>,
    /// Those with a question that nobody answered.
    waiting: BTreeSet<PersonIx>,
}

/// The lists of a release: skills that few have, and what is asked for and nobody has. Cost: the questions of a year.
pub(super) fn lists(view: &View, count: &Count, release: &Release, at: Timestamp) -> Lists {
    let asked = subjects(view, at);
    let near = Near::of(view, release);
    let k = release.k as usize;
    let few = count
        .skills
        .iter()
        .filter(|held| !release.is_too_small() && (1..=k).contains(&held.holders()));
    // What was told before may still be told of the few who are left.
    let few = few.filter(|held| !release.tells(&held.skill));
    let few = few.filter_map(|held| {
        let skill = view.skills.find(held.skill.as_str())?;
        Some(Few {
            skill: held.skill.clone(),
            near: near.around(Subject::Skill(skill), &asked),
        })
    });
    Lists {
        day: at.day().days(),
        few: few.collect(),
        unmet: unmet((view, count, release), &asked, &near),
    }
}

fn unmet((view, count, release): (&View, &Count, &Release), asked: &[Asked], near: &Near<'_>) -> Vec<Unmet> {
    let stated = count.skills.iter().filter(|held| held.holders() > 0);
    let held: BTreeSet<&str> = stated.map(|held| held.skill.as_str()).collect();
    let id = |subject: &Subject| match subject {
        Subject::Skill(skill) => view.skills.get(*skill).id.to_string(),
        Subject::Tag(tag) => view.tags.get(*tag).id.to_string(),
    };
    // In whole steps: a count of people would move with a single one of them.
    let step = release.k + 1;
    let told = |people: &BTreeSet<PersonIx>| Some(people.len() as u32 / step * step).filter(|&told| told > 0);
    let mut found: Vec<Unmet> = Vec::new();
    for (subject, demand) in demands(asked) {
        let name = id(&subject);
        let is_skill = matches!(subject, Subject::Skill(_));
        let is_held = is_skill && (held.contains(name.as_str()) || release.tells(&name));
        let Some(asked_by) = told(&demand.askers).filter(|_| !is_held) else {
            continue;
        };
        found.push(Unmet {
            subject: name,
            is_skill,
            asked_by,
            waiting: told(&demand.waiting),
            near: near.around(subject, asked),
        });
    }
    found.sort_by(|a, b| b.asked_by.cmp(&a.asked_by).then_with(|| a.subject.cmp(&b.subject)));
    found.truncate(MOST);
    found
}

/// The questions that everybody may read and that are not older than a year, where they are about something and somebody who
/// is counted asks.
fn subjects(view: &View, at: Timestamp) -> Vec<Asked> {
    let since = at.plus_micros(-YEAR_DAYS * DAY_MICROS);
    let mut all = Vec::new();
    for (question, node) in view.questions.iter() {
        let open = node
            .community
            .is_none_or(|c| !view.is_private(c) && !view.is_sensitive(c));
        let lately = node
            .state
            .as_ref()
            .is_some_and(|state| state.at > since && state.at <= at);
        let asker = view.shown_asker(question).filter(|&asker| is_counted(view, asker, at));
        if let Some(by) = asker.filter(|_| open && lately) {
            all.push(Asked {
                by,
                is_answered: view.first_answer(question).is_some(),
                about: subjects_of(view, question),
            });
        }
    }
    all.retain(|asked| !asked.about.is_empty());
    all
}

fn subjects_of(view: &View, question: QuestionIx) -> BTreeSet<Subject> {
    let node = view.questions.get(question);
    let skills = |text: &str| {
        let found = view.labels.find(text).into_iter();
        found
            .map(|(row, _)| Subject::Skill(view.skill_root(SkillIx::from_row(row))))
            .collect::<Vec<_>>()
    };
    let title = node
        .state
        .as_ref()
        .and_then(|state| state.title.as_deref())
        .unwrap_or_default();
    let mut all: BTreeSet<Subject> = skills(title).into_iter().collect();
    for &tag in &node.tags {
        let named = skills(view.tags.get(tag).id.as_str());
        if named.is_empty() {
            all.insert(Subject::Tag(tag));
        }
        all.extend(named);
    }
    all
}

fn demands(asked: &[Asked]) -> BTreeMap<Subject, Demand> {
    let mut demands: BTreeMap<Subject, Demand> = BTreeMap::new();
    for asked in asked {
        for &subject in &asked.about {
            let demand = demands.entry(subject).or_default();
            demand.askers.insert(asked.by);
            if !asked.is_answered {
                demand.waiting.insert(asked.by);
            }
        }
    }
    demands
}

/// Skills that people have, and what lies near them.
struct Near<'a> {
    view: &'a View,
    /// How many people are told to have a skill, over the whole organisation.
    told: BTreeMap<SkillIx, u32>,
    broader: BTreeMap<SkillIx, SkillIx>,
}

impl<'a> Near<'a> {
    fn of(view: &'a View, release: &Release) -> Self {
        let columns = release.columns.iter().enumerate();
        let told = columns.filter_map(|(n, column)| {
            let number = release.told(n, Slice::All)?.number(&release.tree, 0)?;
            Some((view.skills.find(column.skill.as_str())?, number.people))
        });
        Self {
            view,
            told: told.collect(),
            broader: broader_skills(view),
        }
    }

    /// The skills near `subject` that people have: its family in the taxonomy, and what is asked together with it.
    fn around(&self, subject: Subject, asked: &[Asked]) -> Vec<String> {
        let mut near: BTreeSet<SkillIx> = BTreeSet::new();
        if let Subject::Skill(skill) = subject {
            let above = self.broader.get(&skill);
            near.extend(above);
            let family = self
                .broader
                .iter()
                .filter(|(_, over)| **over == skill || Some(*over) == above);
            near.extend(family.map(|(other, _)| *other));
            near.remove(&skill);
        }
        for asked in asked.iter().filter(|asked| asked.about.contains(&subject)) {
            near.extend(asked.about.iter().filter_map(|other| match other {
                Subject::Skill(skill) if *other != subject => Some(*skill),
                _ => None,
            }));
        }
        let mut held: Vec<(u32, &str)> = near
            .iter()
            .filter_map(|skill| Some((*self.told.get(skill)?, self.view.skills.get(*skill).id.as_str())))
            .collect();
        held.sort_unstable_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
        held.into_iter().take(NEAR).map(|(_, id)| id.to_owned()).collect()
    }
}
