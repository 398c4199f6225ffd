//! Facts that weigh the same: two accounts of one human, two skills that became one, and of these everything said twice, by
//! several people and at one instant. What tells them apart is their identifiers alone, and where nothing does but the
//! order of arrival, it shows.

use super::organisation::{fact, key};
use antenne::domain::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// People whose skills are tangled: two accounts each of the first half of them.
const PEOPLE: usize = 8;
/// Skills: each even one and the next one become one.
const SKILLS: usize = 6;

/// `facts`, and tangles grown from `seed` among the people `p0` and so on, and the skills `s0` and so on.
pub fn tangled(facts: &[Fact], seed: u64) -> Vec<Fact> {
    let mut facts = facts.to_vec();
    let mut rng = StdRng::seed_from_u64(seed ^ 0x007a_4913);
    let skill = |n: usize| SkillId::new(format!("s{n}"));
    let mut bodies: Vec<FactBody> = (0..SKILLS / 2)
        .map(|n| FactBody::SkillMerged {
            skill: skill(2 * n + 1),
            into: skill(2 * n),
        })
        .collect();
    for n in (0..PEOPLE / 2).filter(|n| n % 2 == 0) {
        bodies.push(FactBody::IdentityLinked {
            person: person(n),
            same_as: person(n + 1),
        });
    }
    for n in 0..PEOPLE {
        for m in 0..SKILLS {
            words(n, &skill(m), &mut rng, &mut bodies);
        }
    }
    // Two instants: most of what is said is said at once.
    let at = |n: usize| Timestamp::from_micros((3 + n as i64 % 2) * 3_600_000_000);
    let told = bodies.into_iter().enumerate();
    facts.extend(told.map(|(n, body)| fact(key("tangle", &format!("{n:04}")), at(n), body)));
    facts
}

fn person(n: usize) -> PersonId {
    PersonId::new(format!("p{n}"))
}

/// What is said of one account and one skill: some of everything.
fn words(n: usize, skill: &SkillId, rng: &mut StdRng, bodies: &mut Vec<FactBody>) {
    let (person, skill) = (|| person(n), || skill.clone());
    let mut one_in = |of: usize| rng.random_range(0..of) == 0;
    let level = if one_in(2) { Level::new(0.5) } else { None };
    let mut said = |origin, by| {
        bodies.push(FactBody::SkillAsserted {
            person: person(),
            skill: skill(),
            origin,
            level,
            by,
        });
    };
    if one_in(2) {
        said(Origin::Declared, None);
    }
    if one_in(3) {
        said(Origin::Imported, None);
    }
    for by in [3, 5, 10, 11].into_iter().filter(|&by| by != n) {
        if one_in(4) {
            said(Origin::Endorsed, Some(PersonId::new(format!("p{by}"))));
        }
    }
    for stance in [Stance::CanHelp, Stance::CanTrain, Stance::WantsToLearn] {
        if one_in(5) {
            let (person, skill) = (person(), skill());
            bodies.push(FactBody::InterestDeclared { person, skill, stance });
        }
    }
    if one_in(4) {
        let (person, skill) = (person(), skill());
        bodies.push(FactBody::SkillConfirmed { person, skill });
    }
    if one_in(12) {
        let (person, skill) = (person(), skill());
        bodies.push(FactBody::SkillContested { person, skill });
    }
    for audience in [Audience::Animators, Audience::Organisation] {
        if one_in(10) {
            bodies.push(FactBody::SkillVisibilitySet {
                person: person(),
                skill: skill(),
                audience,
            });
        }
    }
}
