//! Who is counted where and as what: both trees, levels, origins, conclusions, and who is not counted at all.

use super::*;
use crate::app::skill_map::sample::Told;
use crate::domain::{Audience, FactBody, Origin, PersonId, Preference, SkillId, UnitPath};
use crate::world::Ix as _;

/// Everything is told on the first day, and counted on the next.
fn at() -> Timestamp {
    Told::day(1)
}

fn count(told: &Told) -> Count {
    Count::of(told.view(), at(), None)
}

fn count_with_conclusions(told: &Told) -> Count {
    let recommender = SkillsRecommender::shipped().expect("the shipped weights are in order");
    Count::of(told.view(), at(), Some(Concluding::by(&recommender)))
}

/// How many people a slice of `skill` counts right in each unit that has some.
fn own<'c>(count: &'c Count, skill: &str, slice: Slice) -> Vec<(&'c str, u32)> {
    let held = count.skills.iter().find(|held| held.skill == skill);
    let Some(held) = held else { return Vec::new() };
    let own = held.own(count.tree.len()).swap_remove(slice as usize);
    let named = count.tree.paths().iter().map(String::as_str).zip(own);
    named.filter(|(_, people)| *people > 0).collect()
}

/// Three units; `rust` is narrower than `programming`, which is narrower than `computing`.
fn organisation() -> Told {
    let mut told = Told::default();
    for (person, unit) in [("ana", "G/IT"), ("bo", "G/IT/Data"), ("cy", "G/HR"), ("di", "")] {
        told.person(person, unit);
    }
    told.skill("computing", &[]);
    told.skill("programming", &["computing"]);
    told.skill("rust", &["programming"]);
    told
}

#[test]
fn a_skill_counts_whoever_has_a_narrower_one_in_the_unit_where_they_are() {
    let mut told = organisation();
    told.has("ana", "rust", Origin::Declared, None);
    told.has("bo", "programming", Origin::Imported, None);
    told.has("di", "rust", Origin::Declared, None);
    let count = count(&told);
    assert_eq!(count.tree.paths(), ["", "G", "G/HR", "G/IT", "G/IT/Data"]);
    assert_eq!(count.people, [1, 0, 1, 1, 1]);
    let skills: Vec<_> = count.skills.iter().map(|held| (&*held.skill, held.broader)).collect();
    assert_eq!(
        skills,
        [("computing", None), ("programming", Some(0)), ("rust", Some(1))]
    );
    assert_eq!(own(&count, "rust", Slice::All), [("", 1), ("G/IT", 1)]);
    for above in ["programming", "computing"] {
        assert_eq!(own(&count, above, Slice::All), [("", 1), ("G/IT", 1), ("G/IT/Data", 1)]);
    }
    // Who has it by a narrower one has it at no level and by nobody's word.
    assert_eq!(own(&count, "programming", Slice::Declared), []);
    assert_eq!(own(&count, "programming", Slice::Imported), [("G/IT/Data", 1)]);
    assert_eq!(own(&count, "computing", Slice::Imported), []);
}

#[test]
fn a_level_counts_whoever_has_it_or_more_by_what_is_stated() {
    let mut told = organisation();
    for (person, level) in [("ana", 0.1), ("bo", 0.3), ("cy", 0.5), ("di", 0.75)] {
        told.has(person, "rust", Origin::Declared, Some(level));
    }
    let people = |count: &Count, slice| own(count, "rust", slice).iter().map(|(_, n)| n).sum::<u32>();
    let levels = |count: &Count| Slice::LEVELS.map(|slice| people(count, slice));
    assert_eq!(levels(&count(&told)), [4, 3, 2, 1]);
    // A level that only colleagues state counts until the person says otherwise.
    told.person("ed", "G/HR");
    told.has("ed", "rust", Origin::Endorsed, Some(0.9));
    assert_eq!(levels(&count(&told)), [5, 4, 3, 2]);
    told.has("ed", "rust", Origin::Declared, Some(0.2));
    assert_eq!(levels(&count(&told)), [5, 3, 2, 1]);
    assert_eq!(own(&count(&told), "rust", Slice::Endorsed), [("G/HR", 1)]);
}

#[test]
fn what_is_only_concluded_is_counted_apart_and_nobody_twice() {
    let mut told = organisation();
    told.answers("ana", "rust");
    told.answers("bo", "rust");
    told.answers("cy", "rust");
    told.has("bo", "rust", Origin::Declared, None);
    assert_eq!(own(&count(&told), "rust", Slice::All), [("G/IT/Data", 1)]);
    assert_eq!(
        own(&count(&told), "rust", Slice::Inferred),
        [],
        "nobody asked for conclusions"
    );
    let count = count_with_conclusions(&told);
    assert_eq!(own(&count, "rust", Slice::All), [("G/IT/Data", 1)]);
    assert_eq!(own(&count, "rust", Slice::Inferred), [("G/HR", 1), ("G/IT", 1)]);
    for slice in [Slice::Practising, Slice::Autonomous, Slice::Mastery] {
        assert_eq!(
            own(&count, "rust", slice),
            [],
            "what is concluded of a declared skill is no level of it"
        );
    }
    // The skill above is on the map, and nobody's for a conclusion.
    let place = count.skills.iter().position(|held| held.skill == "programming");
    let rust = count.skills.iter().find(|held| held.skill == "rust").unwrap();
    assert_eq!(rust.broader, place.map(|place| place as u32));
    for held in &count.skills {
        let counts = held.own(count.tree.len());
        let sum = |slice: Slice| counts[slice as usize].iter().sum::<u32>();
        assert!(sum(Slice::All) + sum(Slice::Inferred) <= count.people.iter().sum());
    }
}

#[test]
fn a_conclusion_above_what_somebody_says_is_what_they_say() {
    let broader = BTreeMap::from([(SkillIx::from_row(0), SkillIx::from_row(1))]);
    let [narrow, wide] = [0, 1].map(SkillIx::from_row);
    let stated = bit(Slice::All) | bit(Slice::Declared);
    let all = with_broader(&[(narrow, stated), (wide, bit(Slice::Inferred))], &broader);
    assert_eq!(all, BTreeMap::from([(narrow, stated), (wide, bit(Slice::All))]));
    let concluded = with_broader(&[(narrow, bit(Slice::Inferred))], &broader);
    assert_eq!(concluded, BTreeMap::from([(narrow, bit(Slice::Inferred)), (wide, 0)]));
}

#[test]
fn who_objects_left_or_keeps_a_skill_is_not_counted() {
    let mut told = organisation();
    for person in ["ana", "bo", "cy", "di"] {
        told.has(person, "rust", Origin::Declared, None);
        told.answers(person, "programming");
    }
    let objects = |person: &str, purpose| FactBody::PreferenceSet {
        person: PersonId::new(person),
        purpose,
        preference: Preference {
            allowed: false,
            until: None,
        },
    };
    told.say(objects("ana", Purpose::SkillMap));
    told.say(objects("di", Purpose::Inference));
    told.say(FactBody::PersonLeft {
        person: PersonId::new("bo"),
    });
    told.say(FactBody::SkillVisibilitySet {
        person: PersonId::new("cy"),
        skill: SkillId::new("rust"),
        audience: Audience::Me,
    });
    let count = count_with_conclusions(&told);
    assert_eq!(count.people.iter().sum::<u32>(), 2, "cy and di are people all the same");
    assert_eq!(own(&count, "rust", Slice::All), [("", 1)]);
    // Of cy it is still concluded from what everybody sees; of di nothing is; what cy hides is above nothing.
    assert_eq!(own(&count, "programming", Slice::All), [("", 1)]);
    assert_eq!(own(&count, "programming", Slice::Inferred), [("G/HR", 1)]);
}

#[test]
fn units_and_skills_under_new_names_are_counted_once() {
    let mut told = organisation();
    told.skill("rustlang", &[]);
    told.has("ana", "rust", Origin::Declared, None);
    told.has("ana", "rustlang", Origin::Imported, None);
    told.has("bo", "rustlang", Origin::Declared, None);
    told.say(FactBody::SkillMerged {
        skill: SkillId::new("rustlang"),
        into: SkillId::new("rust"),
    });
    told.say(FactBody::UnitRenamed {
        from: UnitPath::new("G/IT"),
        to: UnitPath::new("G/Technology"),
    });
    let count = count(&told);
    assert_eq!(
        count.tree.paths(),
        ["", "G", "G/HR", "G/Technology", "G/Technology/Data"]
    );
    let expected = [("G/Technology", 1), ("G/Technology/Data", 1)];
    assert_eq!(own(&count, "rust", Slice::All), expected);
    assert_eq!(own(&count, "rustlang", Slice::All), []);
    assert_eq!(
        own(&count, "programming", Slice::All),
        expected,
        "the skill above counts those of the merged one"
    );
}
