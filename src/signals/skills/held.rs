//! The skills of one person, each with its origins kept apart, for the eyes that look.
//!
//! What a viewer may not see is not there: toggling a hidden skill changes nothing that anybody else is shown. A
//! contested skill shows to its owner alone, so that they can take the word back.

use super::Proof;
use super::bands::{LevelBand, SkillOrigin, Sureness};
use crate::domain::{Audience, Level, Origin, SkillId, Stance, Timestamp};
use crate::signals::statements::{Decision, statement_order};
use crate::world::{PersonIx, SkillIx, Stand, View};
use std::collections::{BTreeMap, BTreeSet};

/// Colleagues whose word together is as sure as the person's own.
const ENDORSERS: usize = 3;

/// Who looks at a person's skills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// The person: sees everything, contested and inferred ones too.
    Owner,
    /// Whoever animates communities.
    Animator,
    /// Any colleague, and every platform.
    Organisation,
    /// Nobody: figures about many people. As the organisation, and inferred ones, which are to be counted apart.
    Figures,
}

impl Eyes {
    /// Whether these eyes see what the person keeps for `audience`.
    const fn see(self, audience: Audience) -> bool {
        match self {
            Self::Owner => true,
            Self::Animator => matches!(audience, Audience::Animators | Audience::Organisation),
            Self::Organisation | Self::Figures => matches!(audience, Audience::Organisation),
        }
    }
}

/// One statement that a person has a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The skill as it was stated; merged into the one under which it is listed, or that one itself.
    pub skill: SkillIx,
    /// Who says so.
    pub origin: Origin,
    /// The endorser, when there is one.
    pub by: Option<PersonIx>,
    /// When.
    pub at: Timestamp,
    /// The level stated.
    pub level: Option<Level>,
}

/// What the service concludes of one skill.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// Which; never one that was merged into another.
    pub skill: SkillIx,
    /// How far the command of it seems to go.
    pub band: LevelBand,
    /// How sure it is.
    pub sureness: Sureness,
    /// The records behind it, the weightiest first; at least one.
    pub facts: Vec<Proof>,
}

/// A skill that a person has, wants, or does not want to be ascribed.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldSkill {
    /// Which; never one that was merged into another.
    pub skill: SkillIx,
    /// Who says that the person has it, in the order of origins, then time, then the identifiers of the
    /// skill as it was stated and of the endorser.
    pub statements: Vec<Statement>,
    /// What the person says of it.
    pub stand: Option<Stand>,
    /// What the service concludes of it.
    pub inferred: Option<Inferred>,
    /// What the person wants to do with it, in the order of stances: not a sign of having it. Others see offers alone.
    pub stances: Vec<(Stance, Timestamp)>,
    /// Who may see it. What nobody states and nobody confirmed is the person's own, whatever they chose.
    pub audience: Audience,
}

impl HeldSkill {
    /// Whether somebody says that the person has it, and the person does not deny it.
    pub fn is_stated(&self) -> bool {
        self.stand != Some(Stand::Contested) && (!self.statements.is_empty() || self.stand == Some(Stand::Confirmed))
    }

    /// Whether only the service says that the person has it.
    pub fn is_only_inferred(&self) -> bool {
        self.inferred.is_some() && self.statements.is_empty() && self.stand.is_none()
    }

    /// Where it comes from; empty for a skill that the person only wants something to do with, or denies.
    pub fn origins(&self) -> BTreeSet<SkillOrigin> {
        let stated = self.statements.iter().map(|statement| statement.origin.into());
        let inferred = self.inferred.iter().map(|_| SkillOrigin::Inferred);
        let confirmed = self.stand.filter(|&stand| stand == Stand::Confirmed);
        let all = stated.chain(inferred).chain(confirmed.map(|_| SkillOrigin::Confirmed));
        if self.stand == Some(Stand::Contested) {
            BTreeSet::new()
        } else {
            all.collect()
        }
    }

    /// The level stated: the person's own word, else the median of the endorsers' (the lower one of two), else the newest
    /// of other systems.
    pub fn level(&self) -> Option<Level> {
        let stated = |origin: Origin| {
            let of = self.statements.iter().filter(move |s| s.origin == origin);
            of.filter_map(|statement| statement.level)
        };
        let mut endorsed: Vec<_> = stated(Origin::Endorsed).collect();
        endorsed.sort_unstable();
        let median = endorsed.len().checked_sub(1).map(|last| endorsed[last / 2]);
        let own = stated(Origin::Declared).next_back();
        own.or(median).or_else(|| stated(Origin::Imported).next_back())
    }

    /// The band of the level stated, else of the one that is inferred.
    pub fn band(&self) -> Option<LevelBand> {
        let inferred = self.inferred.as_ref().map(|inferred| inferred.band);
        self.level().map(LevelBand::of).or(inferred)
    }

    /// How sure it is that the person has it; `None` when nobody says so, or the person denies it.
    pub fn sureness(&self) -> Option<Sureness> {
        let origins = self.origins();
        let endorsers = self.statements.iter().filter(|s| s.origin == Origin::Endorsed).count();
        if origins.contains(&SkillOrigin::Confirmed)
            || origins.contains(&SkillOrigin::Declared)
            || (endorsers >= ENDORSERS && self.is_stated())
        {
            return Some(Sureness::High);
        }
        let inferred = self.inferred.as_ref().map(|inferred| inferred.sureness);
        let stated = self.is_stated().then_some(Sureness::Medium);
        if origins.is_empty() { None } else { inferred.max(stated) }
    }
}

/// A person's skills.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SkillsOf {
    /// In the order of identifiers.
    pub skills: Vec<HeldSkill>,
}

impl SkillsOf {
    /// The skills of the human `person` that `eyes` see; `inferred` is what the service concludes of them, each skill
    /// once. Cost: the statements, stances and choices of their accounts.
    ///
    /// Whether the person may be shown at all (gone, opted out) is the caller's question.
    pub fn of(view: &View, person: PersonIx, eyes: Eyes, inferred: Vec<Inferred>) -> Self {
        let mut found: BTreeMap<&SkillId, HeldSkill> = BTreeMap::new();
        for account in view.accounts(person) {
            let node = view.people.get(account);
            for &((skill, origin, by), state) in &node.assertions {
                let (at, level) = (state.at, state.level);
                let statement = Statement {
                    skill,
                    origin,
                    by,
                    at,
                    level,
                };
                at_root(view, &mut found, skill).statements.push(statement);
            }
            for &((skill, stance), at) in &node.interests {
                at_root(view, &mut found, skill).stances.push((stance, at));
            }
        }
        let decisions = Decision::all(view, person);
        for (&root, decision) in decisions.iter().filter(|(_, decision)| decision.stand.is_some()) {
            at_root(view, &mut found, root).stand = decision.stand;
        }
        for conclusion in inferred {
            let held = at_root(view, &mut found, conclusion.skill);
            if held.stand != Some(Stand::Contested) {
                held.inferred = Some(conclusion);
            }
        }
        let skills = found.into_values().filter_map(|held| {
            let chosen = decisions.get(&held.skill).map(|decision| decision.audience);
            seen(view, held, chosen.unwrap_or(Audience::Organisation), eyes)
        });
        Self {
            skills: skills.collect(),
        }
    }

    /// What is known of `skill`, or of the one into which it was merged.
    pub fn get(&self, view: &View, skill: SkillIx) -> Option<&HeldSkill> {
        let root = view.skill_root(skill);
        self.skills.iter().find(|held| held.skill == root)
    }
}

/// The place of `skill`, under the identifier of the one into which it was merged.
fn at_root<'f, 'v>(
    view: &'v View,
    found: &'f mut BTreeMap<&'v SkillId, HeldSkill>,
    skill: SkillIx,
) -> &'f mut HeldSkill {
    let root = view.skill_root(skill);
    found.entry(&view.skills.get(root).id).or_insert_with(|| HeldSkill {
        skill: root,
        statements: Vec::new(),
        stand: None,
        inferred: None,
        stances: Vec::new(),
        audience: Audience::Organisation,
    })
}

/// `held` as `eyes` see it, of which the person lets `chosen` know; `None` when they do not.
fn seen(view: &View, mut held: HeldSkill, chosen: Audience, eyes: Eyes) -> Option<HeldSkill> {
    held.statements.sort_by(|a, b| {
        let order = (a.origin, a.at).cmp(&(b.origin, b.at));
        order.then_with(|| statement_order(view, (a.skill, a.origin, a.by), (b.skill, b.origin, b.by)))
    });
    held.stances.sort_unstable();
    held.stances.dedup_by_key(|(stance, _)| *stance);
    // What somebody only concludes is nobody else's business.
    let own = !held.is_stated() && !held.stances.iter().any(|(stance, _)| offers(*stance));
    held.audience = if own { Audience::Me } else { chosen };
    if eyes == Eyes::Owner {
        return Some(held);
    }
    if held.stand == Some(Stand::Contested) {
        return None;
    }
    let figure = eyes == Eyes::Figures && held.inferred.is_some();
    if held.is_only_inferred() && figure {
        // Counted apart, unless the person chose to keep it.
        return eyes.see(chosen).then_some(held);
    }
    held.inferred = held.inferred.filter(|_| figure);
    held.stances.retain(|(stance, _)| offers(*stance));
    let says = held.is_stated() || !held.stances.is_empty();
    (says && eyes.see(held.audience)).then_some(held)
}

/// Whether somebody who says so offers something to others.
fn offers(stance: Stance) -> bool {
    matches!(stance, Stance::CanHelp | Stance::CanMentor | Stance::CanTrain)
}

#[cfg(test)]
mod tests;
