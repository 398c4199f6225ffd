//! What the service thinks somebody knows, why, and who can see it: told to that person, and to whoever acts for them.
//!
//! Invariants: everything stated, concluded, wanted and contested is there, each with its origins apart; a conclusion comes
//! with the records behind it, none that the person may not see; what they say of a skill becomes events of the service's
//! own source, in force before it is acknowledged.

mod projects;
mod words;

pub use projects::{PartChange, PartRole};
pub use words::SkillChange;

use super::answers::QueryError;
use super::cards::{Card, Named, named};
use super::reader::sees_person;
use super::service::Service;
use super::skill_map::{Counted, HeldByFew, MapsOnMe};
use super::snapshot::Snapshot;
use crate::domain::{Audience, Day, Origin, ProjectId, ProjectRole, Purpose, SkillId, Stance, Timestamp};
use crate::recommend::{Conclusion, Reason, Tongue};
use crate::signals::Viewer;
use crate::signals::skills::{
    Eyes, HeldSkill, Holdings, LevelBand, SkillOrigin, SkillsOf, SkillsQuery, Statement, Sureness,
};
use crate::world::{PersonIx, SkillIx, Stand, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One statement that the person has a skill.
#[derive(Clone, Debug, PartialEq)]
pub struct MyStatement {
    /// Who says so.
    pub origin: Origin,
    /// The endorser, where one may be named.
    pub by: Option<Named>,
    /// When.
    pub at: Timestamp,
    /// The band of the level stated.
    pub band: Option<LevelBand>,
}

/// What the service concludes of a skill.
#[derive(Clone, Debug, PartialEq)]
pub struct MyConclusion {
    /// How far the command of it seems to go.
    pub band: LevelBand,
    /// How sure it is.
    pub sureness: Sureness,
    /// Why, with the records behind it.
    pub reasons: Vec<Reason>,
}

/// A skill on the person's own page.
#[derive(Clone, Debug, PartialEq)]
pub struct MySkill {
    /// Which.
    pub skill: SkillId,
    /// What it is called in the reader's language.
    pub label: String,
    /// Where it comes from.
    pub origins: Vec<SkillOrigin>,
    /// The band of the level.
    pub band: Option<LevelBand>,
    /// How sure it is.
    pub sureness: Option<Sureness>,
    /// Who may see it.
    pub audience: Audience,
    /// What the person says of it.
    pub stand: Option<Stand>,
    /// What the person wants to do with it.
    pub stances: Vec<Stance>,
    /// Who states it.
    pub statements: Vec<MyStatement>,
    /// What the service concludes.
    pub inferred: Option<MyConclusion>,
    /// As what skill maps count it.
    pub counted: Counted,
    /// That few people of the organisation have it.
    pub few: Option<HeldByFew>,
}

/// A project on the person's own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyProject {
    /// Which.
    pub project: ProjectId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The person's part.
    pub role: ProjectRole,
    /// The first day.
    pub since: Day,
    /// The last day, once it is over.
    pub until: Option<Day>,
}

/// The person's own page of skills and projects.
#[derive(Clone, Debug, PartialEq)]
pub struct MySkills {
    /// Who.
    pub who: Named,
    /// Whether anything is concluded: not while they refuse it.
    pub inference: bool,
    /// Whom skill maps count: of anybody, whether or not the person objects.
    pub maps: Counted,
    /// In the order of identifiers.
    pub skills: Vec<MySkill>,
    /// Past and present, the newest first.
    pub projects: Vec<MyProject>,
}

impl Service {
    /// What the service thinks the person called `id` knows, by any of their accounts, for their own eyes or those of
    /// whoever acts for them. Cost: one ranking of skills.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when nobody of that name is known.
    pub fn my_skills(&self, id: &str, tongue: Tongue) -> Result<Card<MySkills>, QueryError> {
        let snapshot = self.snapshot();
        let as_of = snapshot.as_of(self.now());
        let person = snapshot.view.person(id).ok_or(QueryError::NotFound("person"))?;
        Ok(Card {
            shows: MySkills::of(
                &snapshot,
                (person, self.maps_on(&snapshot, person, as_of)),
                as_of,
                tongue,
            ),
            generation: snapshot.generation,
            as_of,
        })
    }
}

impl MySkills {
    /// The page of `person`, who stands for a human, at `as_of`; `maps` is what skill maps have to do with them. Cost: one
    /// ranking of skills.
    pub(super) fn of(
        snapshot: &Snapshot,
        (person, maps): (PersonIx, MapsOnMe),
        as_of: Timestamp,
        tongue: Tongue,
    ) -> Self {
        let view = &snapshot.view;
        let viewer = Viewer {
            person: Some(person),
            animates: Vec::new(),
        };
        let query = SkillsQuery::of(view, person, as_of, viewer.clone(), &mut Holdings::default());
        let conclusions = snapshot.models.skills().conclusions(view, &query, tongue);
        let inferred = conclusions.iter().map(|conclusion| conclusion.inferred.clone());
        let held = SkillsOf::of(view, person, Eyes::Owner, inferred.collect());
        let reasons: BTreeMap<SkillIx, Conclusion> = conclusions
            .into_iter()
            .map(|conclusion| (conclusion.inferred.skill, conclusion))
            .collect();
        let page = Page {
            view,
            viewer,
            as_of,
            tongue,
            maps,
        };
        Self {
            who: named(view, person),
            inference: view.allows(person, Purpose::Inference, as_of) && !view.has_left(person),
            maps: page.maps.counted,
            skills: held.skills.iter().map(|held| page.skill(held, &reasons)).collect(),
            projects: projects::of(view, person),
        }
    }
}

/// How a page is written.
struct Page<'a> {
    view: &'a View,
    viewer: Viewer,
    as_of: Timestamp,
    tongue: Tongue,
    maps: MapsOnMe,
}

impl Page<'_> {
    fn skill(&self, held: &HeldSkill, reasons: &BTreeMap<SkillIx, Conclusion>) -> MySkill {
        let inferred = held.inferred.as_ref().zip(reasons.get(&held.skill));
        MySkill {
            skill: self.view.skills.get(held.skill).id.clone(),
            label: crate::recommend::skill_label(self.view, held.skill, self.tongue),
            origins: held.origins().into_iter().collect(),
            band: held.band(),
            sureness: held.sureness(),
            audience: held.audience,
            stand: held.stand,
            stances: held.stances.iter().map(|&(stance, _)| stance).collect(),
            statements: held
                .statements
                .iter()
                .map(|statement| self.statement(statement))
                .collect(),
            inferred: inferred.map(|(inferred, conclusion)| MyConclusion {
                band: inferred.band,
                sureness: inferred.sureness,
                reasons: conclusion.reasons.clone(),
            }),
            counted: self.maps.counts(held.skill),
            few: self.maps.few(held.skill),
        }
    }

    fn statement(&self, statement: &Statement) -> MyStatement {
        let by = statement.by.map(|account| self.view.human(account));
        let by = by.filter(|&by: &PersonIx| sees_person(self.view, &self.viewer, by, self.as_of));
        MyStatement {
            origin: statement.origin,
            by: by.map(|by| named(self.view, by)),
            at: statement.at,
            band: statement.level.map(LevelBand::of),
        }
    }
}
