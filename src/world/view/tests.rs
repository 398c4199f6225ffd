//! What is read of small worlds: one human behind accounts, wishes in time, and what answers show.

use crate::domain::Purpose;
use crate::world::World;
use crate::world::small::{instant, small};

fn ann(world: &World) -> crate::world::PersonIx {
    world.view().person("ann").expect("ann is named")
}

fn check_allowed(facts: &str, at: &str, expected: bool) {
    let world = small(facts);
    assert_eq!(
        world.view().allows(ann(&world), Purpose::Experts, instant(at)),
        expected,
        "{facts} at {at}"
    );
}

#[test]
fn the_newest_choice_for_a_purpose_or_for_all_holds() {
    check_allowed("1 person.upserted ann", "9", true);
    check_allowed("1 preference.set ann experts no", "9", false);
    check_allowed(
        "1 preference.set ann experts no\n2 preference.set ann all yes",
        "9",
        true,
    );
    check_allowed(
        "2 preference.set ann experts no\n1 preference.set ann all yes",
        "9",
        false,
    );
    check_allowed(
        "1 preference.set ann all no\n2 preference.set ann experts yes",
        "9",
        true,
    );
    check_allowed(
        "1 preference.set ann all no\n2 preference.set ann experts yes\n3 fact.retracted 2",
        "9",
        false,
    );
}

#[test]
fn a_choice_that_ran_out_is_as_if_never_made() {
    let pause = "1 preference.set ann experts no 5";
    check_allowed(pause, "5T23:59", false);
    check_allowed(pause, "6", true);
    let return_to = "1 preference.set ann all no\n2 preference.set ann experts yes 5";
    check_allowed(return_to, "5", true);
    check_allowed(return_to, "6", false);
    // A lasting choice made later ends a pause.
    check_allowed(
        "1 preference.set ann experts no 9\n2 preference.set ann experts yes",
        "5",
        true,
    );
    // The day is the person's own: at noon UTC it is past midnight in Auckland (UTC+12 in January 1970).
    let far = "1 person.upserted ann zone=Pacific/Auckland\n1 preference.set ann experts no 5";
    check_allowed(far, "5T11:59", false);
    check_allowed(far, "5T12:00", true);
}

#[test]
fn absences_are_days_where_the_person_lives() {
    let check = |zone: &str, at: &str, away: bool| {
        let world = small(&format!(
            "1 person.upserted ann zone={zone}\n1 absence.set ann 5 6\n2 absence.cleared ann 6 6"
        ));
        assert_eq!(world.view().is_away(ann(&world), instant(at)), away, "{zone} at {at}");
    };
    check("Pacific/Auckland", "4T11:59", false);
    check("Pacific/Auckland", "4T12:00", true);
    check("Pacific/Auckland", "5T12:00", false);
    // Paris kept UTC+1 in January 1970.
    check("Europe/Paris", "4T22:59", false);
    check("Europe/Paris", "4T23:00", true);
    check("Nowhere/Known", "4T23:59", false);
    check("Nowhere/Known", "5T00:00", true);
}

#[test]
fn merged_skills_have_one_root_and_circles_end() {
    let check = |facts: &str, skill: &str, root: &str| {
        let world = small(facts);
        let view = world.view();
        let found = view.skill_root(view.skills.find(skill).expect("the skill is named"));
        assert_eq!(view.skills.get(found).id.as_str(), root, "{facts}");
    };
    check("1 skill.merged a b\n1 skill.merged b c", "a", "c");
    check("1 skill.merged a b\n2 skill.upserted a", "a", "b");
    check("1 skill.merged a b\n2 fact.retracted 1\n3 skill.upserted a", "a", "a");
    check("1 skill.merged d c\n1 skill.merged c b\n1 skill.merged b c", "d", "b");
    check("1 skill.merged a a", "a", "a");
}

#[test]
fn the_smallest_identifier_stands_for_a_human() {
    let world = small("1 identity.linked zoe bob\n1 identity.linked bob ann\n2 person.upserted dan");
    let view = world.view();
    for name in ["ann", "bob", "zoe"] {
        assert_eq!(view.person(name), Some(ann(&world)));
    }
    assert_eq!(view.accounts(ann(&world)).count(), 3);
    let cut = small("1 identity.linked zoe bob\n1 identity.linked bob ann\n2 identity.unlinked ann bob");
    let bob = cut.view().person("bob");
    assert_eq!(cut.view().person("zoe"), bob);
    assert_eq!(
        cut.view().person("ann"),
        None,
        "nothing is known of ann but a link undone"
    );
}

fn answers(facts: &str) -> u32 {
    let world = small(facts);
    let view = world.view();
    let shown: u32 = view.people.iter().map(|(_, p)| p.evidence.answers).sum();
    assert_eq!(shown, view.answers_counted(), "{facts}");
    shown
}

#[test]
fn only_living_answers_to_others_are_evidence() {
    let thread = "1 answer.created a q bob\n1 question.created q ann club sql";
    assert_eq!(answers(thread), 1);
    assert_eq!(answers("1 answer.created a q bob"), 0, "the question is not known yet");
    assert_eq!(
        answers(&format!("{thread}\n2 identity.linked bob ann")),
        0,
        "one human answers themselves"
    );
    assert_eq!(
        answers(&format!(
            "{thread}\n2 identity.linked bob ann\n3 identity.unlinked bob ann"
        )),
        1
    );
    assert_eq!(answers(&format!("{thread}\n2 question.deleted q")), 0);
    assert_eq!(
        answers(&format!("{thread}\n2 question.deleted q\n3 fact.retracted 3")),
        1
    );
    assert_eq!(answers(&format!("{thread}\n2 community.upserted club sensitive")), 0);
    assert_eq!(
        answers(&format!(
            "{thread}\n2 community.upserted club sensitive\n3 community.upserted club open"
        )),
        1
    );
}

#[test]
fn what_is_undone_is_not_found() {
    let world = small("1 question.created q ann club sql\n2 fact.retracted 1");
    let view = world.view();
    assert!(view.person("ann").is_none() && view.questions.find("q").is_none());
    assert!(view.communities.find("club").is_none() && view.tags.find("sql").is_none());
}
