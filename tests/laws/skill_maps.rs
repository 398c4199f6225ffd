//! Who is in no skill map: a guest, somebody who left, somebody who objects. Whatever they have and ask for changes nothing
//! that a release tells, in organisations into which messy facts of every type are mixed.

use crate::skills::furnished;
use crate::support::organisation::{fact, key, messy_set};
use crate::support::{after, world};
use antenne::app::{MapOccasion, Release};
use antenne::domain::*;
use antenne::recommend::SkillsRecommender;
use proptest::prelude::*;

const K: u32 = 5;
const STRANGER: &str = "stranger";

/// Thirty people in two units who say what they can, five of whom ask for something, and the mess.
fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    (any::<u64>(), messy_set(30)).prop_map(|(seed, mess)| {
        let mut facts = furnished(seed);
        facts.extend(mess);
        let many = (0..30).flat_map(|n| {
            let who = format!("m{n}");
            let asked = (n < 5).then(|| asks(&who, "wanted"));
            let unit = if n % 2 == 0 { "Group/A" } else { "Group/B" };
            let has = has(&who, &format!("s{}", n % 3));
            [works(&who, unit), has].into_iter().chain(asked)
        });
        let many: Vec<FactBody> = many.collect();
        say(&mut facts, "many", many);
        facts
    })
}

fn say(facts: &mut Vec<Fact>, source: &str, bodies: Vec<FactBody>) {
    let at = after(facts, 1);
    let told = bodies.into_iter().enumerate();
    facts.extend(told.map(|(n, body)| fact(key(source, &format!("{n:04}")), at, body)));
}

fn works(person: &str, unit: &str) -> FactBody {
    let patch = PersonPatch {
        unit: Patch::Set(UnitPath::new(unit)),
        ..PersonPatch::default()
    };
    FactBody::PersonUpserted {
        person: PersonId::new(person),
        patch: Box::new(patch),
    }
}

fn has(person: &str, skill: &str) -> FactBody {
    FactBody::SkillAsserted {
        person: PersonId::new(person),
        skill: SkillId::new(skill),
        origin: Origin::Declared,
        level: Level::new(0.9),
        by: None,
    }
}

fn asks(person: &str, tag: &str) -> FactBody {
    let patch = QuestionPatch {
        title: Patch::Set("Who knows?".into()),
        tags: Patch::Set(vec![tag.into()]),
        ..QuestionPatch::default()
    };
    FactBody::QuestionCreated {
        question: QuestionId::new(format!("{person} asks for {tag}")),
        asker: PersonId::new(person),
        patch: Box::new(patch),
        anonymous: false,
    }
}

/// Why somebody is in no map.
fn standings() -> Vec<(&'static str, FactBody)> {
    let stranger = || PersonId::new(STRANGER);
    let guest = PersonPatch {
        external: Patch::Set(true),
        ..PersonPatch::default()
    };
    let objects = |purpose| FactBody::PreferenceSet {
        person: stranger(),
        purpose,
        preference: Preference {
            allowed: false,
            until: None,
        },
    };
    vec![
        (
            "a guest",
            FactBody::PersonUpserted {
                person: stranger(),
                patch: Box::new(guest),
            },
        ),
        ("who left", FactBody::PersonLeft { person: stranger() }),
        ("who objects to it", objects(Purpose::SkillMap)),
        ("who objects to everything", objects(Purpose::All)),
    ]
}

/// All that the stranger has, in a unit of their own too, and asks for.
fn deeds() -> Vec<FactBody> {
    let skills = ["s0", "s1", "s2", "theirs alone"].map(|skill| has(STRANGER, skill));
    let confirmed = FactBody::SkillConfirmed {
        person: PersonId::new(STRANGER),
        skill: SkillId::new("s1"),
    };
    let rest = [works(STRANGER, "Group/Theirs"), confirmed, asks(STRANGER, "wanted")];
    skills.into_iter().chain(rest).collect()
}

/// What the first release tells, and the one after it.
fn released(facts: &[Fact]) -> (Release, Release) {
    let world = world(facts);
    let skills = SkillsRecommender::shipped().expect("the shipped weights are in order");
    let occasion = |hours| MapOccasion {
        made: after(facts, hours),
        generation: 0,
        k: K,
        inferred: false,
    };
    let first = Release::next(world.view(), occasion(1), &skills, None);
    let second = Release::next(world.view(), occasion(24 * 7), &skills, Some(&first));
    (first, second)
}

proptest! {
    #![proptest_config(super::config(60))]

    #[test]
    fn whoever_is_in_no_map_changes_nothing_in_it(facts in organisation()) {
        let told = |standing: Option<FactBody>, deeds: Vec<FactBody>| {
            let mut facts = facts.clone();
            say(&mut facts, "stranger", vec![works(STRANGER, "Group/A")]);
            // As late, whatever is said.
            say(&mut facts, "deeds", deeds);
            let at = facts.last().expect("there are some").at;
            let standing = standing.into_iter();
            facts.extend(standing.map(|body| fact(key("standing", "0"), at, body)));
            released(&facts)
        };
        for (who, standing) in standings() {
            let without = told(Some(standing.clone()), vec![works(STRANGER, "Group/A")]);
            let with = told(Some(standing), deeds());
            prop_assert_eq!(with, without, "{} shows", who);
        }
        // The planted fault: who is counted does show, in every list and column.
        let (without, _) = told(None, vec![works(STRANGER, "Group/A")]);
        let (with, _) = told(None, deeds());
        prop_assert!(!without.is_too_small());
        let few = |release: &Release| release.lists.few.iter().any(|few| few.skill == "theirs alone");
        let wanted = |release: &Release| release.lists.unmet.iter().any(|unmet| unmet.subject == "wanted");
        prop_assert!(few(&with) && !few(&without), "a skill of one person is listed");
        prop_assert!(wanted(&with) && !wanted(&without), "the sixth makes a demand");
    }
}
