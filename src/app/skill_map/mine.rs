//! What skill maps have to do with one person, told to that person alone: what of theirs is counted, and which of their
//! skills are held by few, so that they may offer to hand over what they know.

use super::count::{Concluding, broader_skills, counted_skills, is_counted, is_in, with_broader};
use super::release::Slice;
use crate::app::service::Service;
use crate::app::snapshot::Snapshot;
use crate::domain::Timestamp;
use crate::world::{PersonIx, SkillIx};
use std::collections::{BTreeMap, BTreeSet};

/// Whom skill maps count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counted {
    /// Nobody: there are none.
    #[default]
    Nothing,
    /// Who is said to have a skill, by whomever.
    Stated,
    /// Those, and apart from them those of whom it is only concluded.
    Inferred,
}

/// A skill that few people have, as its holder is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldByFew {
    /// As many people of the whole organisation have it at most.
    pub k: u32,
    /// The day on which that was found, in days since 1970: once a quarter.
    pub listed: i32,
}

/// Skill maps and one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapsOnMe {
    /// Whom the next release counts.
    pub counted: Counted,
    /// The person's own skills that it counts, and as what; none when they object, left, or are a guest.
    skills: BTreeMap<SkillIx, Counted>,
    few: BTreeMap<SkillIx, HeldByFew>,
}

impl MapsOnMe {
    /// As what `skill` is counted of the person.
    pub fn counts(&self, skill: SkillIx) -> Counted {
        self.skills.get(&skill).copied().unwrap_or_default()
    }

    /// Whether `skill`, which the person has, is among those that the newest release lists as held by few.
    pub fn few(&self, skill: SkillIx) -> Option<HeldByFew> {
        self.few.get(&skill).copied()
    }
}

impl Service {
    /// What skill maps have to do with `person`. Cost: their statements; a ranking of skills, and the tree of skills once, where
    /// conclusions are counted.
    pub(in crate::app) fn maps_on(&self, snapshot: &Snapshot, person: PersonIx, at: Timestamp) -> MapsOnMe {
        let (view, Some(rules)) = (&snapshot.view, self.skill_map_rules()) else {
            return MapsOnMe::default();
        };
        let mut mine = MapsOnMe {
            counted: if rules.inferred {
                Counted::Inferred
            } else {
                Counted::Stated
            },
            ..MapsOnMe::default()
        };
        if !is_counted(view, person, at) {
            return mine;
        }
        let mut concluding = rules.inferred.then(|| Concluding::by(snapshot.models.skills()));
        let own = counted_skills(view, person, at, concluding.as_mut());
        // A conclusion above what somebody says is counted as what is said.
        let broader = if rules.inferred {
            broader_skills(view)
        } else {
            BTreeMap::new()
        };
        let all = with_broader(&own, &broader);
        let counted = |skill| {
            let only_inferred = all.get(&skill).is_some_and(|slices| is_in(*slices, Slice::Inferred));
            (
                skill,
                if only_inferred {
                    Counted::Inferred
                } else {
                    Counted::Stated
                },
            )
        };
        mine.skills = own.iter().map(|(skill, _)| counted(*skill)).collect();
        if let Some(release) = self.skill_maps().last() {
            let listed: BTreeSet<&str> = release.lists.few.iter().map(|few| few.skill.as_str()).collect();
            let stated = mine.skills.iter().filter(|(_, counted)| **counted == Counted::Stated);
            let few = HeldByFew {
                k: release.k,
                listed: release.lists.day,
            };
            let held = stated.filter(|(skill, _)| listed.contains(view.skills.get(**skill).id.as_str()));
            mine.few = held.map(|(skill, _)| (*skill, few)).collect();
        }
        mine
    }
}
