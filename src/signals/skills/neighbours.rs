//! What goes with the skills that somebody has: the neighbourhood of skills, counted over people, where no taxonomy says
//! it.
//!
//! Counts are of people who openly have both ([`Holdings`]). Of each of the person's skills the neighbours are counted;
//! those counted most are looked at.

use super::holdings::Company;
use super::{Family, Holdings, Proof, Skills, SkillsQuery};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::foremost::foremost;
use crate::world::{Ix as _, PersonIx, SkillIx, View};
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// What the person's skills, `known` in the order of identifiers, say of others. Cost: for each skill what goes with it, and
/// 2,000 people at most.
pub fn of(view: &View, person: PersonIx, known: &[(SkillIx, f64)], holdings: &mut Holdings) -> BTreeMap<SkillIx, Near> {
    let companies: Vec<Arc<Company>> = known.iter().map(|&(skill, _)| holdings.company(view, skill)).collect();
    let sizes: Vec<f64> = known.iter().map(|&(skill, _)| size(view, skill, holdings)).collect();
    let likeness = alike(view, person, &companies, &sizes, holdings);
    let everybody = view.people.len().max(1) as f64;
    let own = Own {
        known,
        sizes: &sizes,
        everybody,
    };
    let together = together(view, person, &companies, holdings);
    let near = together.into_iter().map(|(skill, together)| {
        let size = size(view, skill, holdings);
        let mut near = own.near(&together, size);
        near.alike = likeness.get(&skill).copied().unwrap_or(0.0);
        near.share = size / everybody;
        (skill, near)
    });
    near.collect()
}

/// How many people openly have `skill`.
fn size(view: &View, skill: SkillIx, holdings: &mut Holdings) -> f64 {
    holdings.holders(view, skill).len() as f64
}

/// The skills that go most often with those of `companies`, ties by identifier: how many people beside `person` have each
/// together with each of those, by place.
fn together(
    view: &View,
    person: PersonIx,
    companies: &[Arc<Company>],
    holdings: &mut Holdings,
) -> Vec<(SkillIx, Vec<f64>)> {
    let own = holdings.skills_of(view, person);
    let mut is_own = vec![false; view.skills.len()];
    own.iter().for_each(|(skill, _)| is_own[skill.row() as usize] = true);
    let each = |company: &Company, heard: &mut dyn FnMut(SkillIx, f64)| {
        // The person is no company to themself.
        let among = company.people.binary_search(&person).is_ok();
        for &(skill, count) in &company.skills {
            let themself = u32::from(among && is_own[skill.row() as usize]);
            heard(skill, f64::from(count - themself) * company.scale);
        }
    };
    let mut totals = vec![0.0; view.skills.len()];
    let mut counted: Vec<SkillIx> = Vec::new();
    for company in companies {
        each(company, &mut |skill, count| {
            let total = &mut totals[skill.row() as usize];
            if *total == 0.0 && count > 0.0 {
                counted.push(skill);
            }
            *total += count;
        });
    }
    let total = |skill: SkillIx| Reverse(positive(totals[skill.row() as usize]));
    let most = foremost(counted.iter().copied(), SKILLS, total, |skill| {
        &view.skills.get(skill).id
    });
    let mut places = vec![usize::MAX; view.skills.len()];
    (0..)
        .zip(&most)
        .for_each(|(place, skill)| places[skill.row() as usize] = place);
    let mut together: Vec<(SkillIx, Vec<f64>)> = most
        .into_iter()
        .map(|skill| (skill, vec![0.0; companies.len()]))
        .collect();
    for (of, company) in companies.iter().enumerate() {
        each(company, &mut |skill, count| {
            if let Some((_, counts)) = together.get_mut(places[skill.row() as usize]) {
                counts[of] = count;
            }
        });
    }
    together
}

/// What those most like `person` have: Σ likeness of who has it / Σ likeness. Who shares a rare skill is more alike, who has
/// many of all kinds less: Σ ln(1 + people / holders) of shared skills / √(1 + skills).
fn alike(
    view: &View,
    person: PersonIx,
    companies: &[Arc<Company>],
    sizes: &[f64],
    holdings: &mut Holdings,
) -> HashMap<SkillIx, f64> {
    let everybody = view.people.len().max(1) as f64;
    let rarity: Vec<f64> = sizes
        .iter()
        .map(|size| libm::log1p(everybody / size.max(1.0)))
        .collect();
    let met = companies.iter().enumerate().flat_map(|(place, company)| {
        let people = company.people.iter().zip(&company.rich);
        people.map(move |(&human, &rich)| (human, place, rich))
    });
    let mut met: Vec<(PersonIx, usize, u32)> = met.filter(|(human, _, _)| *human != person).collect();
    // Stable: each keeps the order of places, and what is in order already is merged.
    met.sort_by_key(|(human, _, _)| *human);
    let people = met.chunk_by(|a, b| a.0 == b.0).map(|shared| {
        let (human, _, rich) = shared[0];
        let shared: f64 = shared.iter().map(|&(_, place, _)| rarity[place]).sum();
        (positive(shared / (1.0 + f64::from(rich)).sqrt()), human)
    });
    let people: Vec<(u64, PersonIx)> = people.collect();
    let id = |(_, human): (u64, PersonIx)| view.person_id(human);
    let mut people = foremost(people.iter().copied(), PEOPLE, |(alike, _)| Reverse(alike), id);
    people.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| id(*a).cmp(id(*b))));
    let all: f64 = people.iter().map(|(alike, _)| f64::from_bits(*alike)).sum();
    let mut found: HashMap<SkillIx, f64> = HashMap::new();
    for (alike, human) in people {
        for &(skill, _) in &*holdings.skills_of(view, human) {
            *found.entry(skill).or_insert(0.0) += f64::from_bits(alike) / all;
        }
    }
    found
}

/// A number that is at least 0, as what is ordered as such numbers are.
fn positive(x: f64) -> u64 {
    x.to_bits()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Audience, FactBody, Origin, PersonId, SkillId};
    use crate::signals::sample::Sample;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Twelve people, with what each says they have; some of it hidden.
    fn told(links: &[(u8, u8, bool)]) -> Sample {
        let names: Vec<String> = (0..12).map(|n| format!("p{n}")).collect();
        let mut sample = Sample::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for &(person, skill, hidden) in links {
            let (person, skill) = (PersonId::new(format!("p{person}")), SkillId::new(format!("s{skill}")));
            sample.say(
                1,
                FactBody::SkillAsserted {
                    person: person.clone(),
                    skill: skill.clone(),
                    origin: Origin::Declared,
                    level: None,
                    by: None,
                },
            );
            if hidden {
                let audience = Audience::Me;
                sample.say(
                    2,
                    FactBody::SkillVisibilitySet {
                        person,
                        skill,
                        audience,
                    },
                );
            }
        }
        sample
    }

    proptest! {
        #[test]
        fn they_are_counted_over_the_others_who_openly_have_both(
            links in prop::collection::vec((0_u8..12, 0_u8..8, prop::bool::weighted(0.2)), 0..60),
        ) {
            let sample = told(&links);
            let view = sample.view();
            let ann = sample.ix("p0");
            let mut holdings = Holdings::default();
            let known = super::super::stated_skills(view, ann, true);
            let near = of(view, ann, &known, &mut holdings);
            let open = |person: PersonIx| -> BTreeSet<SkillIx> {
                super::super::stated_skills(view, person, false).into_iter().map(|(skill, _)| skill).collect()
            };
            let everybody: Vec<BTreeSet<SkillIx>> = view.people.iter().map(|(person, _)| open(person)).collect();
            let others: Vec<&BTreeSet<SkillIx>> =
                view.people.iter().filter(|(person, _)| *person != ann).map(|(person, _)| &everybody[person.row() as usize]).collect();
            let with = |among: &mut dyn Iterator<Item = &BTreeSet<SkillIx>>, skills: &[SkillIx]| {
                among.filter(|theirs| skills.iter().all(|skill| theirs.contains(skill))).count() as f64
            };
            for (skill, _) in view.skills.iter() {
                let size = with(&mut everybody.iter(), &[skill]);
                let cosines: Vec<(SkillIx, f64)> = known.iter().filter(|(own, _)| *own != skill).filter_map(|&(own, _)| {
                    let both = with(&mut others.iter().copied(), &[own, skill]);
                    let of = with(&mut everybody.iter(), &[own]);
                    (both > 0.0).then(|| (own, (both / (of * size).sqrt()).min(1.0)))
                }).collect();
                let told = near.get(&skill);
                prop_assert_eq!(told.map(|near| &near.cosines).cloned().unwrap_or_default(), cosines);
                // Fewer people than are looked at: everybody who shares anything speaks.
                let mut alike = (0.0, 0.0);
                for theirs in &others {
                    let shared = known.iter().filter(|(own, _)| theirs.contains(own));
                    let shared: f64 =
                        shared.map(|(own, _)| libm::log1p(12.0 / with(&mut everybody.iter(), &[*own]).max(1.0))).sum();
                    let likeness = shared / (1.0 + theirs.len() as f64).sqrt();
                    alike.0 += if theirs.contains(&skill) { likeness } else { 0.0 };
                    alike.1 += likeness;
                }
                if let Some(near) = told {
                    prop_assert!((near.alike - alike.0 / alike.1).abs() < 1e-9, "{} {:?}", near.alike, alike);
                }
            }
        }
    }
}
