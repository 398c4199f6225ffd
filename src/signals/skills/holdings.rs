//! Who openly has which skill: what conclusions about others may rest on.
//!
//! A skill counts here when somebody states it of its holder, who neither contests nor hides it: whatever somebody keeps
//! for themself or for animators leaves no trace in what others are told. Nobody's inferred skills count.

use super::inferable::{Kind, kind_of};
use crate::chance::hashed;
use crate::domain::Origin;
use crate::signals::Decision;
use crate::signals::foremost::foremost;
use crate::world::{PersonIx, SkillIx, View};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Holders of one skill that are looked at: of more, a sample that is always the same.
const HOLDERS: usize = 2_000;

/// What goes with one skill, counted over those of its holders who are looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Company {
    /// Those looked at, in the order of index.
    pub(super) people: Vec<PersonIx>,
    /// How many skills each of them openly has.
    pub(super) rich: Vec<u32>,
    /// The skills that they have beside it, each with how many have it; in the order of index.
    pub(super) skills: Vec<(SkillIx, u32)>,
    /// How many people each of them stands for: at least 1.
    pub(super) scale: f64,
}

/// What was looked up of one view already. It keeps only what it is asked for; one may serve many people, as long as the
/// view is the same.
#[derive(Default)]
pub struct Holdings {
    skills: HashMap<PersonIx, Arc<[(SkillIx, f64)]>>,
    holders: HashMap<SkillIx, Arc<[PersonIx]>>,
    company: HashMap<SkillIx, Arc<Company>>,
    kinds: HashMap<SkillIx, Kind>,
}

impl Holdings {
    /// What the human openly has, as [`stated_skills`]. Cost: their statements, once.
    pub fn skills_of(&mut self, view: &View, human: PersonIx) -> Arc<[(SkillIx, f64)]> {
        let kept = self.skills.entry(human);
        Arc::clone(kept.or_insert_with(|| stated_skills(view, human, false).into()))
    }

    /// The humans who openly have the skill `root` or one merged into it, in the order of index. Cost: the accounts with a
    /// word on it, once.
    pub fn holders(&mut self, view: &View, root: SkillIx) -> Arc<[PersonIx]> {
        if let Some(known) = self.holders.get(&root) {
            return Arc::clone(known);
        }
        let family = view.skill_family(root);
        let accounts = family.iter().flat_map(|&skill| &view.skills.get(skill).people);
        let mut humans: Vec<PersonIx> = accounts.map(|&account| view.human(account)).collect();
        humans.sort_unstable();
        humans.dedup();
        humans.retain(|&human| {
            let skills = self.skills_of(view, human);
            skills.iter().any(|(skill, _)| *skill == root)
        });
        let holders: Arc<[PersonIx]> = humans.into();
        self.holders.insert(root, Arc::clone(&holders));
        holders
    }

    /// What goes with the skill `root`. Cost: what 2,000 of its holders have, once.
    pub(super) fn company(&mut self, view: &View, root: SkillIx) -> Arc<Company> {
        if let Some(known) = self.company.get(&root) {
            return Arc::clone(known);
        }
        let holders = self.holders(view, root);
        let id = |human: PersonIx| view.person_id(human);
        let drawn = |human: PersonIx| hashed(id(human).as_str().bytes());
        let mut people = foremost(holders.iter().copied(), HOLDERS, drawn, id);
        people.sort_unstable();
        let scale = holders.len() as f64 / (people.len().max(1) as f64);
        let (mut rich, mut counts) = (Vec::with_capacity(people.len()), BTreeMap::new());
        for &human in &people {
            let skills = self.skills_of(view, human);
            rich.push(skills.len() as u32);
            for &(skill, _) in skills.iter().filter(|(skill, _)| *skill != root) {
                *counts.entry(skill).or_insert(0) += 1;
            }
        }
        let company = Arc::new(Company {
            people,
            rich,
            skills: counts.into_iter().collect(),
            scale,
        });
        self.company.insert(root, Arc::clone(&company));
        company
    }

    /// What kind of skill `skill` is. Cost: as [`kind_of`], once.
    pub(super) fn kind(&mut self, view: &View, skill: SkillIx) -> Kind {
        *self.kinds.entry(skill).or_insert_with(|| kind_of(view, skill))
    }
}

/// The skills that somebody states of the human and that they do not contest, merged ones as the one they were merged into, in
/// the order of identifiers, each with what the statements are worth: 1 − Π (1 − trust · (½ + ½ level)), trust ½ for a
/// declared or imported one, ¾ for an endorsed one, and half of what is left once confirmed; a level that is not stated
/// counts ½. In 0..1; rises with every statement. What the person hides only with `own`. Cost: their statements and
/// choices.
pub fn stated_skills(view: &View, human: PersonIx, own: bool) -> Vec<(SkillIx, f64)> {
    let mut doubts: BTreeMap<SkillIx, f64> = BTreeMap::new();
    for account in view.accounts(human) {
        for &((skill, origin, _), state) in &view.people.get(account).assertions {
            let trust = if origin == Origin::Endorsed { 0.75 } else { 0.5 };
            let level = state.level.map_or(0.75, |level| 0.5 + 0.5 * level.value());
            // To a grid: the product does not depend on its order.
            let doubt = libm::log(1.0 - trust * level);
            *doubts.entry(view.skill_root(skill)).or_insert(0.0) += grid(doubt);
        }
    }
    for (root, decision) in Decision::all(view, human) {
        if decision.is_contested() || !(own || decision.is_open()) {
            doubts.remove(&root);
        } else if decision.is_confirmed() {
            *doubts.entry(root).or_insert(0.0) += grid(-std::f64::consts::LN_2);
        }
    }
    let mut skills: Vec<(SkillIx, f64)> = doubts
        .into_iter()
        .map(|(skill, doubt)| (skill, 1.0 - libm::exp(doubt)))
        .collect();
    skills.sort_unstable_by(|a, b| view.skills.get(a.0).id.cmp(&view.skills.get(b.0).id));
    skills
}

/// A multiple of 2^-22: sums of these are exact.
fn grid(x: f64) -> f64 {
    (x * 4_194_304.0).round() / 4_194_304.0
}
