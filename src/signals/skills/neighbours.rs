//! What goes with the skills that somebody has: the neighbourhood of skills, counted over people, where no taxonomy says
//! it.
//!
//! Counts are of people who openly have both ([`Holdings`]). Of each of the person's skills the neighbours are counted;
//! those counted most are looked at.

use super::{Family, Holdings, Proof, Skills, SkillsQuery};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{PersonIx, SkillIx, View};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// Skills that are looked at, at most.
const SKILLS: usize = 500;
/// People who have most in common with the person, of whom it is read what else they have.
const PEOPLE: usize = 50;
/// People by whom a share is held back.
const DOUBT: f64 = 5.0;
/// The same for how much more often two skills go together than by chance.
const LIFT_DOUBT: f64 = 10.0;

/// What the person's skills say of another one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Near {
    /// By skill of the person, in the order of identifiers: the cosine of the two, people who have both over the root of
    /// those who have either; in 0..=1.
    pub cosines: Vec<(SkillIx, f64)>,
    /// Σ of what the person's skill is worth · cosine.
    pub sum: f64,
    /// The largest of these products.
    pub largest: f64,
    /// The largest share of those who have one of the person's skills and have this one too.
    pub follows: f64,
    /// The mean over the person's skills of ln(how much more often the two go together than by chance).
    pub lift: f64,
    /// The share of those most like the person who have it, each by how alike.
    pub alike: f64,
    /// The share of all people who have it.
    pub share: f64,
}

/// What the person's skills, `known` in the order of identifiers, say of others. Cost: the skills of those who share one,
/// 2,000 people a skill at most.
pub fn of(view: &View, person: PersonIx, known: &[(SkillIx, f64)], holdings: &mut Holdings) -> BTreeMap<SkillIx, Near> {
    let mut counts = Counts::default();
    let mut sizes = Vec::with_capacity(known.len());
    for (place, &(skill, _)) in known.iter().enumerate() {
        let holders = holdings.holders(view, skill);
        let others = holders.sample.iter().copied().filter(|&human| human != person);
        let scale = f64::from(holders.count) / (holders.sample.len().max(1) as f64);
        sizes.push(f64::from(holders.count));
        for human in others {
            let skills = holdings.skills_of(view, human);
            counts.add((place, known.len()), skill, scale, (human, &*skills));
        }
    }
    let likeness = counts.alike(view, &sizes, holdings);
    let everybody = view.people.len().max(1) as f64;
    let own = Own {
        known,
        sizes: &sizes,
        everybody,
    };
    let near = counts.most(view).into_iter().map(|skill| {
        let size = f64::from(holdings.holders(view, skill).count);
        let mut near = own.near(&counts.together[&skill], size);
        near.alike = likeness.get(&skill).copied().unwrap_or(0.0);
        near.share = size / everybody;
        (skill, near)
    });
    near.collect()
}

/// How often skills go together with the person's.
#[derive(Default)]
struct Counts {
    /// By skill: how many have it beside each of the person's, by place.
    together: HashMap<SkillIx, Vec<f64>>,
    /// By human: which of the person's skills they have, by place.
    shared: BTreeMap<PersonIx, Vec<usize>>,
}

impl Counts {
    /// Notes a human who has the skill at `place` of `all`, which is `own`, and stands for `scale` people.
    fn add(&mut self, (place, all): (usize, usize), own: SkillIx, scale: f64, human: (PersonIx, &[(SkillIx, f64)])) {
        for &(skill, _) in human.1.iter().filter(|(skill, _)| *skill != own) {
            self.together.entry(skill).or_insert_with(|| vec![0.0; all])[place] += scale;
        }
        self.shared.entry(human.0).or_default().push(place);
    }

    /// The skills counted most, ties by identifier.
    fn most(&self, view: &View) -> Vec<SkillIx> {
        let total = |skill: &SkillIx| self.together[skill].iter().sum::<f64>();
        let mut skills: Vec<(f64, SkillIx)> = self.together.keys().map(|skill| (total(skill), *skill)).collect();
        let id = |skill: SkillIx| &view.skills.get(skill).id;
        skills.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        skills.into_iter().take(SKILLS).map(|(_, skill)| skill).collect()
    }

    /// What those most like the person have: Σ likeness of who has it / Σ likeness. Who shares a rare skill is more alike,
    /// who has many of all kinds less: Σ ln(people / holders) of shared skills / √(1 + skills).
    fn alike(&self, view: &View, sizes: &[f64], holdings: &mut Holdings) -> HashMap<SkillIx, f64> {
        let everybody = view.people.len().max(1) as f64;
        let rarity = |place: &usize| libm::log1p(everybody / sizes[*place].max(1.0));
        let mut people: Vec<(f64, PersonIx)> = Vec::with_capacity(self.shared.len());
        for (&human, places) in &self.shared {
            let skills = holdings.skills_of(view, human).len() as f64;
            let shared: f64 = places.iter().map(rarity).sum();
            people.push((shared / (1.0 + skills).sqrt(), human));
        }
        let id = |human: PersonIx| view.person_id(human);
        people.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        people.truncate(PEOPLE);
        let all: f64 = people.iter().map(|(alike, _)| alike).sum();
        let mut found: HashMap<SkillIx, f64> = HashMap::new();
        for (alike, human) in people {
            for &(skill, _) in &*holdings.skills_of(view, human) {
                *found.entry(skill).or_insert(0.0) += alike / all;
            }
        }
        found
    }
}

/// The person's skills, with how many have each.
struct Own<'a> {
    known: &'a [(SkillIx, f64)],
    sizes: &'a [f64],
    everybody: f64,
}

impl Own<'_> {
    /// What the person's skills say of one that `size` people have, `together` with each of the person's.
    fn near(&self, together: &[f64], size: f64) -> Near {
        let mut near = Near::default();
        let mut lift = 0.0;
        for ((&(skill, worth), &own), &both) in self.known.iter().zip(self.sizes).zip(together) {
            let chance = own / self.everybody;
            lift += libm::log((both + LIFT_DOUBT * chance) / ((size + LIFT_DOUBT) * chance.max(f64::MIN_POSITIVE)));
            if both > 0.0 {
                let cosine = (both / (own * size).sqrt()).min(1.0);
                near.cosines.push((skill, cosine));
                near.sum += worth * cosine;
                near.largest = near.largest.max(worth * cosine);
                near.follows = near.follows.max(both / (own + DOUBT));
            }
        }
        near.lift = lift / (self.known.len().max(1) as f64);
        near
    }
}

/// The records of the person's skills that go with `skill`, those that say most first.
fn facts(query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
    let cosines = query.near.get(&skill).map(|near| &*near.cosines).unwrap_or_default();
    let mut from: Vec<(f64, SkillIx)> = cosines.iter().map(|&(from, cosine)| (cosine, from)).collect();
    from.sort_by(|a, b| b.0.total_cmp(&a.0));
    from.into_iter()
        .flat_map(|(_, from)| query.statements_of(from))
        .collect()
}

macro_rules! signals {
    ($($(#[$doc:meta])* $signal:ident = $name:literal, $family:ident, $cites:literal, |$near:ident| $strength:expr;)*) => {$(
        $(#[$doc])*
        pub struct $signal;

        impl Signal<Skills> for $signal {
            fn name(&self) -> &'static str {
                $name
            }

            fn family(&self) -> Family {
                Family::$family
            }

            fn scale(&self) -> Scale {
                Scale::Fixed
            }

            fn theme(&self) -> &'static str {
                "neighbours"
            }

            fn measure(&self, round: &Round<'_, Skills>, out: &mut [f64]) {
                for (skill, strength) in round.subjects.iter().zip(out) {
                    *strength = round.query.near.get(&skill).map_or(0.0, |$near| $strength);
                }
            }

            fn facts(&self, _: &View, query: &SkillsQuery, skill: SkillIx) -> Vec<Proof> {
                if $cites { facts(query, skill) } else { Vec::new() }
            }
        }
    )*};
}

signals! {
    /// Σ over the person's skills of worth · cosine, as x / (1 + x). In 0..=1. Better; rises with every skill that goes with
    /// it. Cost: one look-up. (B. Sarwar et al., *Item-based collaborative filtering recommendation algorithms*, 2001.)
    NearSkills = "near_skills", Related, true, |near| near.sum / (1.0 + near.sum);
    /// The largest worth · cosine. In 0..=1. Better. Cost: one look-up.
    NearestSkill = "nearest_skill", Related, true, |near| near.largest;
    /// The largest share of those who have one of the person's skills and have this one too, held back by 5 people. In
    /// 0..=1. Better. Cost: one look-up.
    Follows = "follows", Related, true, |near| near.follows.min(1.0);
    /// How much more often it goes with the person's skills than by chance: 1 / (1 + e^−(mean of ln lift)). In 0..=1.
    /// Better. It cites nothing: a skill that speaks against it counts too. Cost: one look-up.
    Lift = "lift", Likeness, false, |near| 1.0 / (1.0 + libm::exp(-near.lift));
    /// The share of the 50 people most like the person who have it, each by how alike. In 0..=1. Better. It cites nothing:
    /// they need not know of each other. Cost: one look-up. (J. Herlocker et al., *An algorithmic framework for performing
    /// collaborative filtering*, 1999.)
    Alike = "alike", Likeness, false, |near| near.alike;
}
