//! What each pair of eyes sees of a person's skills.

use super::*;
use crate::domain::{FactBody, PersonId};
use crate::signals::sample::Sample;

fn skill(id: &str) -> SkillId {
    SkillId::new(id)
}

fn says(sample: &mut Sample, person: &str, of: &str, origin: Origin, level: Option<f64>, by: Option<&str>) {
    let body = FactBody::SkillAsserted {
        person: PersonId::new(person),
        skill: skill(of),
        origin,
        level: level.and_then(Level::new),
        by: by.map(PersonId::new),
    };
    sample.say(1, body);
}

fn keeps(sample: &mut Sample, person: &str, of: &str, audience: Audience) {
    let (person, skill) = (PersonId::new(person), skill(of));
    sample.say(
        2,
        FactBody::SkillVisibilitySet {
            person,
            skill,
            audience,
        },
    );
}

fn contests(sample: &mut Sample, person: &str, of: &str) {
    let (person, skill) = (PersonId::new(person), skill(of));
    sample.say(3, FactBody::SkillContested { person, skill });
}

fn inferred(sample: &Sample, of: &str) -> Inferred {
    Inferred {
        skill: sample.view().skills.find(of).expect("a skill of the sample"),
        band: LevelBand::Practising,
        sureness: Sureness::Low,
        facts: vec![Proof::Colleague(sample.ix("bob"))],
    }
}

fn ids(sample: &Sample, eyes: Eyes, inferred: Vec<Inferred>) -> Vec<String> {
    let of = SkillsOf::of(sample.view(), sample.ix("ann"), eyes, inferred);
    let id = |held: &HeldSkill| sample.view().skills.get(held.skill).id.to_string();
    of.skills.iter().map(id).collect()
}

#[test]
fn each_audience_sees_what_is_kept_for_it_or_wider() {
    let mut sample = Sample::of(&["ann", "bob"]);
    for of in ["own", "shared", "wide"] {
        says(&mut sample, "ann", of, Origin::Declared, None, None);
    }
    keeps(&mut sample, "ann", "own", Audience::Me);
    keeps(&mut sample, "ann", "shared", Audience::Animators);
    assert_eq!(ids(&sample, Eyes::Owner, vec![]), ["own", "shared", "wide"]);
    assert_eq!(ids(&sample, Eyes::Animator, vec![]), ["shared", "wide"]);
    assert_eq!(ids(&sample, Eyes::Organisation, vec![]), ["wide"]);
    assert_eq!(ids(&sample, Eyes::Figures, vec![]), ["wide"]);
}

#[test]
fn what_is_contested_shows_to_its_owner_alone_and_says_nothing() {
    let mut sample = Sample::of(&["ann", "bob"]);
    says(&mut sample, "ann", "rust", Origin::Endorsed, None, Some("bob"));
    contests(&mut sample, "ann", "rust");
    let conclusion = vec![inferred(&sample, "rust")];
    for eyes in [Eyes::Animator, Eyes::Organisation, Eyes::Figures] {
        assert!(ids(&sample, eyes, conclusion.clone()).is_empty(), "{eyes:?}");
    }
    let own = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Owner, conclusion);
    let held = &own.skills[0];
    assert!(held.inferred.is_none() && held.origins().is_empty() && held.sureness().is_none());
    assert!(!held.is_stated());
}

#[test]
fn what_is_only_inferred_is_its_owners_and_counted_apart_until_confirmed() {
    let mut sample = Sample::of(&["ann", "bob"]);
    says(&mut sample, "bob", "rust", Origin::Declared, None, None);
    let conclusion = vec![inferred(&sample, "rust")];
    assert_eq!(ids(&sample, Eyes::Owner, conclusion.clone()), ["rust"]);
    assert!(ids(&sample, Eyes::Organisation, conclusion.clone()).is_empty());
    let figures = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Figures, conclusion.clone());
    assert!(figures.skills[0].is_only_inferred());
    // Whatever the person chose, nobody else sees it before they say yes.
    keeps(&mut sample, "ann", "rust", Audience::Organisation);
    assert!(ids(&sample, Eyes::Animator, conclusion.clone()).is_empty());
    let (person, skill) = (PersonId::new("ann"), skill("rust"));
    sample.say(4, FactBody::SkillConfirmed { person, skill });
    let shown = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Organisation, conclusion);
    assert_eq!(shown.skills[0].origins(), [SkillOrigin::Confirmed].into());
    assert!(
        shown.skills[0].inferred.is_none(),
        "colleagues do not read what was concluded"
    );
}

#[test]
fn an_inferred_skill_that_is_kept_is_in_no_figure() {
    let mut sample = Sample::of(&["ann", "bob"]);
    says(&mut sample, "bob", "rust", Origin::Declared, None, None);
    keeps(&mut sample, "ann", "rust", Audience::Me);
    let conclusion = vec![inferred(&sample, "rust")];
    assert!(ids(&sample, Eyes::Figures, conclusion).is_empty());
}

#[test]
fn a_level_is_the_own_word_else_the_median_of_endorsers_else_what_was_imported() {
    let mut sample = Sample::of(&["ann", "bob", "cem", "dan"]);
    let level = |sample: &Sample| {
        let of = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Owner, vec![]);
        (of.skills[0].level().map(Level::value), of.skills[0].sureness())
    };
    says(&mut sample, "ann", "rust", Origin::Imported, Some(0.1), None);
    assert_eq!(level(&sample), (Some(0.1), Some(Sureness::Medium)));
    says(&mut sample, "ann", "rust", Origin::Endorsed, Some(0.9), Some("bob"));
    says(&mut sample, "ann", "rust", Origin::Endorsed, Some(0.5), Some("cem"));
    assert_eq!(level(&sample), (Some(0.5), Some(Sureness::Medium)));
    says(&mut sample, "ann", "rust", Origin::Endorsed, None, Some("dan"));
    assert_eq!(level(&sample), (Some(0.5), Some(Sureness::High)), "three colleagues");
    says(&mut sample, "ann", "rust", Origin::Declared, Some(0.7), None);
    assert_eq!(level(&sample), (Some(0.7), Some(Sureness::High)));
}

#[test]
fn wanting_is_not_having_and_merged_skills_are_one() {
    let mut sample = Sample::of(&["ann", "bob"]);
    let body = FactBody::InterestDeclared {
        person: PersonId::new("ann"),
        skill: skill("rust"),
        stance: Stance::WantsToLearn,
    };
    sample.say(1, body);
    assert!(
        ids(&sample, Eyes::Organisation, vec![]).is_empty(),
        "a wish to learn is the person's own"
    );
    let own = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Owner, vec![]);
    assert!(own.skills[0].origins().is_empty() && !own.skills[0].is_stated());
    says(&mut sample, "ann", "rustlang", Origin::Declared, None, None);
    let (merged, into) = (skill("rustlang"), skill("rust"));
    sample.say(2, FactBody::SkillMerged { skill: merged, into });
    let own = SkillsOf::of(sample.view(), sample.ix("ann"), Eyes::Owner, vec![]);
    assert_eq!(own.skills.len(), 1);
    assert_eq!((own.skills[0].statements.len(), own.skills[0].stances.len()), (1, 1));
    assert!(own.get(sample.view(), own.skills[0].statements[0].skill).is_some());
}
