//! Rows say what the view says, and the next state's rows are those that would be read anew.

use super::*;
use crate::domain::{FactBody, Patch, PersonId, PersonPatch, SkillId};
use crate::signals::sample::Sample;

fn asserted(sample: &mut Sample, person: &str, skill: &str, by: Option<&str>) {
    let (person, skill) = (PersonId::new(person), SkillId::new(skill));
    let body = FactBody::SkillAsserted {
        person,
        skill,
        origin: by.map_or(Origin::Declared, |_| Origin::Endorsed),
        level: None,
        by: by.map(PersonId::new),
    };
    sample.say(1, body);
}

fn shown(sample: &mut Sample, person: &str, skill: &str, audience: Audience) {
    let (person, skill) = (PersonId::new(person), SkillId::new(skill));
    sample.say(
        2,
        FactBody::SkillVisibilitySet {
            person,
            skill,
            audience,
        },
    );
}

/// 600 people in two units, every third with a skill that a colleague endorses.
fn crowd() -> Sample {
    let mut sample = Sample::default();
    for n in 0..600 {
        sample.person(&format!("p{n}"), Some(["Group/A", "Group/B"][n % 2]), &[]);
        if n % 3 == 0 {
            asserted(&mut sample, &format!("p{n}"), "welding", Some("p1"));
        }
    }
    sample
}

/// What rows say, whatever the numbers of the texts.
fn told(glances: &Glances) -> Vec<String> {
    let row = |(person, glance): (PersonIx, Glance<'_>)| {
        let unit = &glances.texts()[glance.unit() as usize];
        let (plain, free) = (glance.is_plain(), glance.is_free());
        format!(
            "{person:?} {unit} {:?} {:?} {plain} {free}",
            glance.skills, glance.communities
        )
    };
    let rows: usize = glances.segments.iter().map(|segment| segment.rows.len()).sum();
    let people = (0..rows as u32).map(PersonIx::from_row);
    people.map(|person| row((person, glances.at(person)))).collect()
}

#[test]
fn a_row_says_what_is_said_of_the_person() {
    let mut sample = crowd();
    asserted(&mut sample, "p0", "sql", None);
    shown(&mut sample, "p0", "sql", Audience::Animators);
    sample.animator("p0", "pumps");
    sample.away("p3", 4, 5);
    let view = sample.view();
    let glances = Glances::of(view, None);
    let glance = glances.at(sample.ix("p0"));
    let spoken = |skill: &str| {
        let skill = view.skills.find(skill).expect("it was told");
        glance
            .skills
            .iter()
            .find(|spoken| spoken.skill == skill)
            .copied()
            .expect("it is said")
    };
    let (welding, sql) = (spoken("welding"), spoken("sql"));
    assert_eq!(
        (welding.by, welding.audience),
        (Said::Endorsed.bit(), Audience::Organisation)
    );
    assert_eq!((sql.by, sql.audience), (Said::Declared.bit(), Audience::Animators));
    let statements = skill_statements_to(Audience::Me, view, &[welding.skill], sample.ix("p0"));
    assert!((f64::from(welding.worth) * GRAIN - statements[0].1).abs() < 1e-12);
    let pumps = view.communities.find("pumps").expect("it was told");
    assert_eq!(glance.communities, [pumps]);
    assert_eq!(&*glances.texts()[glance.unit() as usize], "Group/A");
    assert!(glance.is_plain() && glance.is_free());
    let away = glances.at(sample.ix("p3"));
    assert!(
        away.is_plain() && !away.is_free(),
        "whether they are away now hangs on the day"
    );
}

#[test]
fn the_next_state_s_rows_are_those_that_would_be_read_anew_and_the_others_are_shared() {
    let mut sample = crowd();
    let mut before = Glances::of(sample.view(), None);
    let steps: [&dyn Fn(&mut Sample); 6] = [
        &|sample| asserted(sample, "p5", "sql", None),
        &|sample| sample.person("p7", Some("Group/C"), &[]),
        &|sample| sample.person("late", Some("Group/A"), &[]),
        &|sample| sample.animator("p9", "pumps"),
        &|sample| {
            let (person, same_as) = (PersonId::new("p0"), PersonId::new("p599"));
            sample.say(3, FactBody::IdentityLinked { person, same_as });
        },
        &|sample| {
            let (skill, into) = (SkillId::new("welding"), SkillId::new("sql"));
            sample.say(4, FactBody::SkillMerged { skill, into });
        },
    ];
    for (n, step) in steps.into_iter().enumerate() {
        step(&mut sample);
        let next = Glances::of(sample.view(), Some(&before));
        assert_eq!(told(&next), told(&Glances::of(sample.view(), None)), "step {n}");
        let (view, mut accounts) = (sample.view(), sample.view().people.iter());
        assert!(accounts.all(|(account, _)| next.human(view, account) == view.human(account)));
        if n == 0 {
            let shared = |place: usize| Arc::ptr_eq(&before.segments[place], &next.segments[place]);
            assert_eq!([0, 1, 2].map(shared), [false, true, true], "p5 stands in the first");
        }
        before = next;
    }
    let patch = Box::new(PersonPatch {
        external: Patch::Set(true),
        ..PersonPatch::default()
    });
    let person = PersonId::new("p11");
    sample.say(5, FactBody::PersonUpserted { person, patch });
    let next = Glances::of(sample.view(), Some(&before));
    assert!(!next.at(sample.ix("p11")).is_plain(), "guests are asked of the view");
}
