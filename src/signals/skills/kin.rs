//! Broader and narrower skills, as the organisation's taxonomy links them.

use super::{Family, Proof, Skills, SkillsQuery};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{SkillIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Steps up that are followed.
const STEPS: u32 = 6;
/// What one more step leaves.
const STEP: f64 = 0.6;

/// Every skill broader than `skill`, merged ones as the one they were merged into, with the least steps to it, the nearest
/// first. Circles end where they began. Cost: the links of six steps.
pub fn broader(view: &View, skill: SkillIx) -> Vec<(SkillIx, u32)> {
    let mut seen = BTreeSet::from([skill]);
    let (mut found, mut open) = (Vec::new(), vec![skill]);
    for step in 1..=STEPS {
        let links = open.iter().flat_map(|&skill| {
            let state = view.skills.get(skill).state.as_ref();
            state.and_then(|s| s.broader.as_ref()).into_iter().flatten()
        });
        let known = links.filter_map(|id| view.skills.find(id.as_str()));
        let next: Vec<SkillIx> = known
            .map(|ix| view.skill_root(ix))
            .filter(|&ix| seen.insert(ix))
            .collect();
        found.extend(next.iter().map(|&skill| (skill, step)));
        open = next;
    }
    found
}

/// What is known of the narrower skills of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Below {
    /// The most that one of them says, in 0..=1.
    pub worth: f64,
    /// Which ones, those that say most first.
    pub skills: Vec<SkillIx>,
}

/// What the skills that somebody has say of the broader ones. `known` are in the order of identifiers.
pub fn above(view: &View, known: &[(SkillIx, f64)]) -> BTreeMap<SkillIx, Below> {
    let mut found: BTreeMap<SkillIx, Vec<(f64, SkillIx)>> = BTreeMap::new();
    for &(skill, worth) in known {
        for (broad, steps) in broader(view, skill) {
            let left = libm::pow(STEP, f64::from(steps - 1));
            found.entry(broad).or_default().push((worth * left, skill));
        }
    }
    let told = |mut from: Vec<(f64, SkillIx)>| {
        from.sort_by(|a, b| b.0.total_cmp(&a.0));
        Below {
            worth: from.first().map_or(0.0, |(worth, _)| *worth),
            skills: from.into_iter().map(|(_, skill)| skill).collect(),
        }
    };
    found.into_iter().map(|(skill, from)| (skill, told(from))).collect()
}

/// The most that a narrower skill of the person says: its worth · 0.6 for each step after the first. In 0..=1. Better.
/// Cost: one look-up.
pub struct Narrower;

impl Signal<Skills> for Narrower {
    fn name(&self) -> &'static str {
        "narrower"
    }

    fn family(&self) -> Family {
        Family::Narrower
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
        for (skill, strength) in round.subjects.iter().zip(out) {
            *strength = round.query.above.get(&skill).map_or(0.0, |below| below.worth);
        }
    }

    fn facts(&self, _: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
        let from = query.above.get(&skill).map(|below| &*below.skills).unwrap_or_default();
        from.iter().flat_map(|skill| query.statements_of(*skill)).collect()
    }
}
