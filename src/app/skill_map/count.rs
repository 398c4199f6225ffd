//! Who has what, counted: the only part of the skill map that sees people. What leaves it is numbers by unit and skill.
//!
//! Counted are people who are known, have not left, are no guests and do not object to skill maps; a human with several
//! accounts once. What a person keeps from the organisation is not counted. A skill counts whoever has it or one that is
//! narrower; its levels and origins count those who have the skill itself. Of whom it is only concluded, and not said in any
//! of these ways, is counted apart, or not at all: nobody is in both.

use super::release::Slice;
use super::tree::Tree;
use crate::domain::{Purpose, Timestamp};
use crate::recommend::SkillsRecommender;
use crate::signals::Viewer;
use crate::signals::skills::{Eyes, HeldSkill, Holdings, Inferred, LevelBand, SkillOrigin, SkillsOf, SkillsQuery};
use crate::world::{PersonIx, SkillIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Broader skills that are climbed at most: a circle of broader skills ends there.
const STEPS: usize = 32;

/// One person's part in a skill: the unit, and a bit for each slice that counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    place: u32,
    slices: u16,
}

/// A skill with those who have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Its identifier.
    pub skill: String,
    /// The place in the list of the one skill that is broader.
    pub broader: Option<u32>,
    marks: Vec<Mark>,
}

/// What draws conclusions about people, to be counted: from what the whole organisation may see, so that what somebody hides
/// or keeps among few shows in no number.
pub(super) struct Concluding<'a> {
    recommender: &'a SkillsRecommender,
    holdings: Holdings,
}

impl<'a> Concluding<'a> {
    pub(super) fn by(recommender: &'a SkillsRecommender) -> Self {
        Self {
            recommender,
            holdings: Holdings::default(),
        }
    }

    /// What is concluded of `person`; nothing of who refuses it. Cost: one ranking of skills.
    fn of(&mut self, view: &View, person: PersonIx, at: Timestamp) -> Vec<Inferred> {
        let query = SkillsQuery::of(view, person, at, Viewer::default(), &mut self.holdings);
        self.recommender.inferred(view, &query)
    }
}

/// The organisation, counted.
pub(super) struct Count {
    /// Units.
    pub tree: Tree,
    /// People right in each unit.
    pub people: Vec<u32>,
    /// Skills that somebody has, or of whom it is concluded, those that are broader first.
    pub skills: Vec<Held>,
}

impl Held {
    /// How many people each slice counts right in each of `places` places.
    pub(super) fn own(&self, places: usize) -> Vec<Vec<u32>> {
        let mut own = vec![vec![0; places]; Slice::ALL.len()];
        for mark in &self.marks {
            for (slice, counts) in own.iter_mut().enumerate() {
                counts[mark.place as usize] += u32::from(mark.slices >> slice & 1);
            }
        }
        own
    }

    /// A skill with those who have it, each by place and slices.
    #[cfg(test)]
    pub(super) fn by(skill: String, broader: Option<u32>, marks: impl Iterator<Item = (u32, u16)>) -> Self {
        Self {
            skill,
            broader,
            marks: marks.map(|(place, slices)| Mark { place, slices }).collect(),
        }
    }

    /// How many people have it, by whatever word of somebody.
    pub(super) fn holders(&self) -> usize {
        let stated = self.marks.iter().filter(|mark| is_in(mark.slices, Slice::All));
        stated.count()
    }
}

/// Whether `person` is counted at `at`.
pub(super) fn is_counted(view: &View, person: PersonIx, at: Timestamp) -> bool {
    view.human(person) == person
        && view.profiles(person).any(|profile| profile.known)
        && !view.has_left(person)
        && !view.is_external(person)
        && view.allows(person, Purpose::SkillMap, at)
}

/// The bit of a slice.
const fn bit(slice: Slice) -> u16 {
    1 << slice as u16
}

/// Whether `slice` is among `slices`.
pub(super) const fn is_in(slices: u16, slice: Slice) -> bool {
    slices & bit(slice) > 0
}

/// The skills of `person` that maps count, each with its slices; those that are only concluded when `concluding` is given.
pub(super) fn counted_skills(
    view: &View,
    person: PersonIx,
    at: Timestamp,
    concluding: Option<&mut Concluding<'_>>,
) -> Vec<(SkillIx, u16)> {
    let inferred = concluding.map_or_else(Vec::new, |concluding| concluding.of(view, person, at));
    let held = SkillsOf::of(view, person, Eyes::Figures, inferred);
    let skills = held.skills.iter();
    skills.filter_map(|held| Some((held.skill, slices(held)?))).collect()
}

/// The slices that count `held`; `None` when neither anybody says nor the service concludes that the person has it. What is
/// concluded of a skill that somebody states adds nothing, to no level either.
fn slices(held: &HeldSkill) -> Option<u16> {
    if held.is_only_inferred() {
        return Some(bit(Slice::Inferred));
    }
    if !held.is_stated() {
        return None;
    }
    let origins = held.origins();
    let band = held.level().map(LevelBand::of);
    let counts = |slice: Slice| match slice {
        Slice::All => true,
        Slice::Practising => band >= Some(LevelBand::Practising),
        Slice::Autonomous => band >= Some(LevelBand::Autonomous),
        Slice::Mastery => band >= Some(LevelBand::Mastery),
        Slice::Declared => origins.contains(&SkillOrigin::Declared),
        Slice::Endorsed => origins.contains(&SkillOrigin::Endorsed),
        Slice::Imported => origins.contains(&SkillOrigin::Imported),
        Slice::Confirmed => origins.contains(&SkillOrigin::Confirmed),
        Slice::Inferred => false,
    };
    let counted = Slice::ALL.into_iter().filter(|&slice| counts(slice));
    Some(counted.map(bit).sum())
}

impl Count {
    /// The organisation as `view` shows it at `at`. Cost: every person's statements, with the skills above each; one ranking
    /// a person when what is only concluded is counted.
    pub(super) fn of(view: &View, at: Timestamp, mut concluding: Option<Concluding<'_>>) -> Self {
        let people = view.people.iter().map(|(person, _)| person);
        let people: Vec<PersonIx> = people.filter(|&person| is_counted(view, person, at)).collect();
        let unit = |person: PersonIx| {
            let path = view.profile(person, |profile| profile.unit.as_ref());
            path.map(crate::domain::UnitPath::as_str)
        };
        let paths: BTreeSet<&str> = people.iter().filter_map(|&person| unit(person)).collect();
        let tree = Tree::of(paths.iter().copied());
        let places: BTreeMap<&str, u32> = (0..).zip(tree.paths()).map(|(n, path)| (path.as_str(), n)).collect();
        let broader = broader_skills(view);
        let mut own = vec![0; tree.len()];
        let mut marks: BTreeMap<SkillIx, Vec<Mark>> = BTreeMap::new();
        for person in people {
            let place = unit(person).and_then(|path| places.get(path)).copied().unwrap_or(0);
            own[place as usize] += 1;
            let skills = counted_skills(view, person, at, concluding.as_mut());
            for (skill, slices) in with_broader(&skills, &broader) {
                let marks = marks.entry(skill).or_default();
                // What is above a conclusion is a skill of the map, and nobody's for that.
                if slices > 0 {
                    marks.push(Mark { place, slices });
                }
            }
        }
        Self {
            skills: in_order(view, marks, &broader),
            people: own,
            tree,
        }
    }
}

/// A person's skills and all that are broader. Those above what somebody says have the slice of all levels and origins alone;
/// those above a conclusion have none, and a skill that is concluded is not counted as such above what somebody says.
pub(super) fn with_broader(skills: &[(SkillIx, u16)], broader: &BTreeMap<SkillIx, SkillIx>) -> BTreeMap<SkillIx, u16> {
    let mut all: BTreeMap<SkillIx, u16> = skills.iter().copied().collect();
    for (skill, slices) in skills {
        let above = std::iter::successors(broader.get(skill), |here| broader.get(here));
        for &above in above.take(STEPS) {
            *all.entry(above).or_default() |= slices & bit(Slice::All);
        }
    }
    for slices in all.values_mut().filter(|slices| is_in(**slices, Slice::All)) {
        *slices &= !bit(Slice::Inferred);
    }
    all
}

/// The one skill above each that has one: a map is a tree, so of several broader skills the first by identifier counts.
/// Circles are cut where they would close.
pub(super) fn broader_skills(view: &View) -> BTreeMap<SkillIx, SkillIx> {
    let mut broader: BTreeMap<SkillIx, SkillIx> = BTreeMap::new();
    let mut skills: Vec<SkillIx> = view.skills.iter().map(|(skill, _)| skill).collect();
    skills.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
    for skill in skills {
        if view.skill_root(skill) != skill {
            continue;
        }
        let named = view
            .skills
            .get(skill)
            .state
            .iter()
            .flat_map(|state| state.broader.iter().flatten());
        let mut above: Vec<SkillIx> = named
            .filter_map(|id| view.skills.find(id.as_str()))
            .map(|above| view.skill_root(above))
            .collect();
        above.sort_unstable_by(|a, b| view.skills.get(*a).id.cmp(&view.skills.get(*b).id));
        let reaches = |from: SkillIx| {
            let mut path = std::iter::successors(Some(from), |here| broader.get(here).copied());
            // A path that is too long is taken for a circle.
            path.by_ref().take(STEPS).any(|here| here == skill) || path.next().is_some()
        };
        if let Some(above) = above.into_iter().find(|&above| !reaches(above)) {
            broader.insert(skill, above);
        }
    }
    broader
}

/// The skills that somebody has, or may have: those above first, then by identifier.
fn in_order(view: &View, mut marks: BTreeMap<SkillIx, Vec<Mark>>, broader: &BTreeMap<SkillIx, SkillIx>) -> Vec<Held> {
    let depth = |skill: &SkillIx| std::iter::successors(broader.get(skill), |here| broader.get(here)).count();
    let mut skills: Vec<(usize, SkillIx)> = marks.keys().map(|skill| (depth(skill), *skill)).collect();
    skills.sort_unstable_by(|(a, x), (b, y)| {
        let id = |skill: &SkillIx| &view.skills.get(*skill).id;
        a.cmp(b).then_with(|| id(x).cmp(id(y)))
    });
    let place: BTreeMap<SkillIx, u32> = (0..).zip(&skills).map(|(n, (_, skill))| (*skill, n)).collect();
    let held = skills.iter().map(|(_, skill)| Held {
        skill: view.skills.get(*skill).id.to_string(),
        broader: broader.get(skill).and_then(|above| place.get(above)).copied(),
        marks: marks.remove(skill).unwrap_or_default(),
    });
    held.collect()
}

#[cfg(test)]
mod tests;
