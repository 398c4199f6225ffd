//! What states say of small worlds: roles, revivals, renamings and scores.

use crate::domain::MemberRole::{Animator, Member};
use crate::domain::{MemberRole, UnitPath};
use crate::world::World;
use crate::world::small::small;

fn check_role(facts: &str, expected: Option<MemberRole>) {
    let world = small(facts);
    let view = world.view();
    let ann = view.person("ann").expect("ann is named");
    let club = view.communities.find("club").expect("the club is named");
    assert_eq!(view.role(ann, club), expected, "{facts}");
}

#[test]
fn an_animator_is_a_member_and_leaving_ends_every_role() {
    check_role("1 membership.added ann club member", Some(Member));
    let both = "1 membership.added ann club member\n2 membership.added ann club animator";
    check_role(both, Some(Animator));
    check_role(&format!("{both}\n3 membership.removed ann club animator"), Some(Member));
    check_role(&format!("{both}\n3 membership.removed ann club member"), None);
    check_role(
        "1 membership.added ann club animator\n2 membership.removed ann club member",
        None,
    );
    // At one instant adding comes before removing, whatever came first.
    check_role(
        "1 membership.removed ann club member\n1 membership.added ann club member",
        None,
    );
    check_role(
        &format!("{both}\n3 membership.removed ann club member\n4 membership.added ann club member"),
        Some(Member),
    );
    check_role(
        &format!("{both}\n3 membership.removed ann club member\n3 fact.retracted 3"),
        Some(Animator),
    );
}

#[test]
fn joining_again_is_another_stay_and_joining_twice_is_one() {
    let world = small(
        "1 membership.added ann club member
         2 membership.added ann club member
         3 membership.removed ann club member
         5 membership.added ann club member",
    );
    let view = world.view();
    let ann = view.people.get(view.person("ann").expect("ann is named"));
    let stays: Vec<_> = ann.memberships[0]
        .1
        .stays()
        .iter()
        .map(|s| (s.since.day().days(), s.ended.map(|e| e.day().days())))
        .collect();
    assert_eq!(stays, [(1, Some(3)), (5, None)]);
}

fn left(world: &World) -> Option<i32> {
    let view = world.view();
    let ann = view.people.find("ann").expect("ann is named");
    let state = view.people.get(ann).state.as_ref().expect("something is known of ann");
    state.left.map(|at| at.day().days())
}

#[test]
fn a_newer_profile_revives_and_an_older_one_does_not() {
    assert_eq!(
        left(&small("1 person.upserted ann\n2 person.left ann\n3 person.left ann")),
        Some(2),
        "left once"
    );
    assert_eq!(left(&small("3 person.left ann\n2 person.upserted ann")), Some(3));
    assert_eq!(left(&small("3 person.left ann\n4 person.upserted ann")), None);
    let archived = |facts| {
        let world = small(facts);
        let club = world.view().communities.find("club").expect("the club is named");
        world
            .view()
            .communities
            .get(club)
            .state
            .as_ref()
            .and_then(|s| s.archived)
            .map(|at| at.day().days())
    };
    assert_eq!(
        archived("1 community.upserted club\n2 community.archived club\n4 community.archived club"),
        Some(2)
    );
    assert_eq!(
        archived("1 community.upserted club\n2 community.archived club\n3 community.upserted club"),
        None
    );
    let closed = |facts| {
        let world = small(facts);
        let q = world.view().questions.find("q").expect("q was asked");
        world
            .view()
            .questions
            .get(q)
            .state
            .as_ref()
            .and_then(|s| s.closed)
            .map(|at| at.day().days())
    };
    assert_eq!(
        closed("1 question.created q ann\n2 question.closed q\n3 question.closed q"),
        Some(2)
    );
    assert_eq!(
        closed("1 question.created q ann\n2 question.closed q\n3 question.reopened q"),
        None
    );
}

fn check_unit(facts: &str, unit: &str) {
    let world = small(facts);
    let ann = world.view().person("ann").expect("ann is named");
    let shown = world.view().profile(ann, |p| p.unit.as_ref()).map(UnitPath::as_str);
    assert_eq!(shown, Some(unit), "{facts}");
}

#[test]
fn renamed_units_show_in_profiles_written_before() {
    check_unit(
        "1 person.upserted ann unit=G/it/data\n2 unit.renamed G/it G/digital",
        "G/digital/data",
    );
    check_unit(
        "1 unit.renamed G/it G/digital\n1 person.upserted ann unit=G/it",
        "G/digital",
    );
    check_unit("2 person.upserted ann unit=G/it\n1 unit.renamed G/it G/digital", "G/it");
    // A chain, told backwards; a merge into a unit that exists; a renaming undone.
    check_unit(
        "1 person.upserted ann unit=a\n3 unit.renamed b c\n2 unit.renamed a b",
        "c",
    );
    check_unit(
        "1 person.upserted ann unit=a/x\n2 unit.renamed a b\n2 person.upserted bob unit=b",
        "b/x",
    );
    check_unit(
        "1 person.upserted ann unit=a\n2 unit.renamed a b\n3 fact.retracted 2",
        "a",
    );
    // Below itself, fired twice: moved once.
    check_unit(
        "1 person.upserted ann unit=a/x\n2 unit.renamed a a/core\n2 unit.renamed a a/core",
        "a/core/x",
    );
    check_unit(
        "1 person.upserted ann unit=a/x\n2 unit.renamed a a/core\n4 unit.renamed a a/core",
        "a/core/x",
    );
}

#[test]
fn a_published_score_stands_before_votes() {
    let score = |facts: &str| {
        let world = small(&format!("1 question.created q ann\n2 answer.created a q bob\n{facts}"));
        let a = world.view().answers.find("a").expect("a was given");
        world.view().answers.get(a).state.as_ref().map(|s| s.score)
    };
    assert_eq!(score(""), Some(0));
    assert_eq!(
        score("3 vote.added a cy up\n3 vote.added a di up\n4 vote.added a di down"),
        Some(0),
        "the newest vote of each"
    );
    assert_eq!(score("3 vote.added a cy up\n4 vote.removed a cy"), Some(0));
    assert_eq!(
        score("3 vote.added a cy up\n3 answer.scored a 7\n4 vote.added a di up"),
        Some(7)
    );
    assert_eq!(
        score("5 answer.scored a 9\n4 answer.scored a 7"),
        Some(9),
        "the newest, not the last to come"
    );
    assert_eq!(
        score("3 vote.added a cy up\n4 answer.scored a 7\n5 fact.retracted 4"),
        Some(1)
    );
}
