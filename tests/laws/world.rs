//! The laws of the World: what it shows is a function of the set of facts, and everything can be undone.
//!
//! Each law draws messy organisations (every event type, colliding keys, equal instants, retractions of retractions) and
//! compares canonical dumps and digests. The rebuild after every fact draws a quarter of the cases.

use crate::support::organisation::{Organisation, deck, fact, key, messy, messy_set, seeded_mess};
use crate::support::{after, difference, dump, dump_but_clock, world};
use antenne::domain::{EventKey, EventType, Fact, FactBody, PersonId, Timestamp};
use antenne::world::latent::{Basis, DIMS, RawBasis, TermKey};
use antenne::world::{Applied, Ix as _, View, World};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn laws() -> ProptestConfig {
    crate::config(200)
}

macro_rules! same {
    ($left:expr, $right:expr, $why:expr) => {{
        let (left, right) = ($left, $right);
        prop_assert!(left == right, "{}\n{}", $why, difference(&left, &right));
    }};
}

fn retraction(id: &str, at: Timestamp, target: EventKey) -> Fact {
    fact(key("law", id), at, FactBody::FactRetracted { target })
}

/// Facts, and an arrival order of the same facts.
fn two_orders(most: usize) -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    messy_set(most).prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))
}

proptest! {
    // A dump after every fact: a quarter of the cases costs as much as any other law.
    #![proptest_config(ProptestConfig { cases: laws().cases.div_ceil(4), ..laws() })]

    #[test]
    fn incremental_equals_rebuilt_after_every_fact(facts in messy(60)) {
        let mut world = World::default();
        for (n, fact) in facts.into_iter().enumerate() {
            world.apply(fact);
            same!(dump(world.view()), dump(&world.rebuilt()), format!("after fact {n}"));
        }
    }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn any_order_of_arrival_shows_the_same((facts, shuffled) in two_orders(60)) {
        let (one, other) = (world(&facts), world(&shuffled));
        same!(dump(one.view()), dump(other.view()), "another order of arrival shows in the view");
        prop_assert_eq!(one.digest(), other.digest());
    }

    #[test]
    fn repetitions_and_reused_keys_change_nothing(facts in messy_set(60)) {
        let mut world = world(&facts);
        let (before, digest, events) = (dump(world.view()), world.digest(), world.events().clone());
        for original in &facts {
            prop_assert_eq!(world.apply(original.clone()), Applied::Duplicate);
            prop_assert_eq!(world.content(&original.key), Some(original.content));
            let other = FactBody::PersonLeft { person: PersonId::new("p0") };
            let reused = fact(original.key.clone(), original.at.plus_micros(1), other);
            prop_assert_eq!(world.apply(reused), Applied::Reused);
        }
        same!(before, dump(world.view()), "a repetition shows");
        prop_assert_eq!(digest, world.digest());
        prop_assert_eq!(&events, world.events());
    }

    #[test]
    fn the_first_content_under_a_key_is_kept(facts in messy(60)) {
        let first = crate::support::organisation::distinct(facts.clone());
        let (all, first) = (world(&facts), world(&first));
        same!(dump(all.view()), dump(first.view()), "a later content under a known key shows");
        prop_assert_eq!(all.digest(), first.digest());
    }

    #[test]
    fn the_same_fact_under_another_id_shows_nothing(facts in messy_set(60)) {
        let mut twice = facts.clone();
        twice.extend(facts.iter().filter(|fact| fires_twice(fact, &facts)).map(twin));
        same!(dump(world(&facts).view()), dump(world(&twice).view()), "a twin shows");
        prop_assert_eq!(world(&facts).digest(), world(&twice).digest());
    }

    #[test]
    fn retracting_leaves_no_trace_and_can_be_undone((facts, shuffled) in two_orders(40), pick in any::<prop::sample::Index>()) {
        let target = pick.get(&facts).key.clone();
        let without: Vec<Fact> = facts.iter().filter(|fact| fact.key != target).cloned().collect();
        let undo = retraction("undo", after(&facts, 1), target);
        let redo = retraction("redo", after(&facts, 2), undo.key.clone());
        // The retraction comes anywhere among the facts, often before what it undoes.
        let mut retracted = shuffled;
        retracted.insert(pick.index(facts.len()), undo);
        let mut world_now = world(&retracted);
        let never = world(&without);
        same!(dump(world_now.view()), dump(never.view()), "a retracted fact shows");
        prop_assert_eq!(world_now.digest(), never.digest());
        world_now.apply(redo);
        let all = world(&facts);
        same!(dump(world_now.view()), dump(all.view()), "undoing a retraction falls short");
        prop_assert_eq!(world_now.digest(), all.digest());
    }

    #[test]
    fn linking_and_unlinking_is_as_if_neither_came(facts in messy_set(50), low in 0..6_u8, gap in 1..6_u8) {
        let (a, b) = (PersonId::new(format!("p{low}")), PersonId::new(format!("p{}", (low + gap) % 6)));
        let facts: Vec<Fact> = facts.into_iter().filter(|fact| !links(fact, &a, &b)).collect();
        let mut changing = world(&facts);
        changing.apply(fact(key("law", "link"), after(&facts, 1), FactBody::IdentityLinked { person: a.clone(), same_as: b.clone() }));
        changing.apply(fact(key("law", "unlink"), after(&facts, 2), FactBody::IdentityUnlinked { person: b, same_as: a }));
        let never = world(&facts);
        same!(dump_but_clock(changing.view()), dump_but_clock(never.view()), "a link that was undone shows");
        prop_assert_eq!(changing.digest(), never.digest());
    }

    #[test]
    fn a_view_with_more_facts_is_the_view_once_they_came((facts, shuffled) in two_orders(60), cut in any::<prop::sample::Index>()) {
        let reaches_far = |fact: &&Fact| {
            matches!(fact.body.kind(), EventType::FactRetracted | EventType::UnitRenamed)
        };
        // What reaches beyond one slot came before; the rest comes in any order, old facts after new ones.
        let far: Vec<Fact> = facts.iter().filter(reaches_far).cloned().collect();
        let near: Vec<Fact> = shuffled.iter().filter(|fact| !reaches_far(fact)).cloned().collect();
        let cut = cut.index(near.len() + 1);
        let mut growing = world(&[&far[..], &near[..cut]].concat());
        let before = dump(growing.view());
        // Some that came already are given again.
        let more = &near[cut / 2..];
        let with = dump(&growing.view_with(more));
        same!(before, dump(growing.view()), "looking ahead changed the World");
        for fact in more {
            growing.apply(fact.clone());
        }
        same!(with, dump(growing.view()), "the view with more facts is another one");
    }

    #[test]
    fn a_snapshot_never_changes(facts in messy_set(60), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(facts.len());
        let mut growing = world(&facts[..cut]);
        let snapshot = growing.view().clone();
        let before = dump(&snapshot);
        for fact in &facts[cut..] {
            growing.apply(fact.clone());
        }
        same!(before, dump(&snapshot), "a later fact shows in a snapshot");
    }
}

/// Whether the event says something that is either so or not so, and is not undone by its key: volumes and hours add up,
/// and which event a preference came from settles ties.
fn fires_twice(fact: &Fact, among: &[Fact]) -> bool {
    use EventType as E;
    let adds_up = [
        E::ContributionRecorded,
        E::AnimationRecorded,
        E::FeedbackGiven,
        E::PreferenceSet,
    ];
    let undoes = |f: &Fact| matches!(&f.body, FactBody::FactRetracted { target } if *target == fact.key);
    !adds_up.contains(&fact.body.kind()) && !among.iter().any(undoes)
}

/// The same fact, fired again under an id that comes next in the total order.
fn twin(original: &Fact) -> Fact {
    let key = key(&original.key.source, &format!("{}\u{1}", original.key.id));
    fact(key, original.at, original.body.clone())
}

/// Whether the fact links or unlinks these two accounts directly, or might bring such a fact back.
fn links(fact: &Fact, a: &PersonId, b: &PersonId) -> bool {
    match &fact.body {
        FactBody::IdentityLinked { person, same_as } | FactBody::IdentityUnlinked { person, same_as } => {
            (person == a && same_as == b) || (person == b && same_as == a)
        }
        _ => false,
    }
}

#[test]
fn beginnings_and_endings_fired_again_later_change_nothing() {
    use EventType as E;
    let once_only = [
        E::PersonLeft,
        E::CommunityArchived,
        E::QuestionClosed,
        E::AnswerAccepted,
        E::AnswerUnaccepted,
        E::AnswerDeleted,
        E::QuestionDeleted,
        E::IdentityLinked,
        E::IdentityUnlinked,
    ];
    let mut fired = 0;
    for seed in 0..200 {
        let facts = seeded_mess(seed, 60, &deck());
        // Only facts that nothing of the same slot follows: fired again later, they say what is so already.
        let last = facts.iter().max_by(|a, b| a.order(b)).expect("sixty facts");
        let retracted = |f: &Fact| matches!(&f.body, FactBody::FactRetracted { target } if *target == last.key);
        if !once_only.contains(&last.body.kind()) || facts.iter().any(retracted) {
            continue;
        }
        fired += 1;
        let mut twice = facts.clone();
        twice.push(fact(key("law", "again"), after(&facts, 5), last.body.clone()));
        let (once, twice) = (world(&facts), world(&twice));
        assert_eq!(once.digest(), twice.digest(), "{:?} fired again shows", last.body);
    }
    assert!(fired >= 10, "only {fired} worlds ended in a beginning or an ending");
}

#[test]
fn a_plausible_organisation_keeps_the_laws_at_size() {
    let size = Organisation {
        people: 60,
        communities: 6,
        questions: 150,
        skills: 8,
    };
    let facts = size.facts(7);
    let mut backwards = facts.clone();
    backwards.reverse();
    let (one, other) = (world(&facts), world(&backwards));
    assert!(one.view().answers_counted() > 100, "the organisation talks");
    assert_eq!(one.digest(), other.digest());
    let (forwards, rebuilt) = (dump(one.view()), dump(&one.rebuilt()));
    assert!(
        forwards == dump(other.view()),
        "{}",
        difference(&forwards, &dump(other.view()))
    );
    assert!(forwards == rebuilt, "{}", difference(&forwards, &rebuilt));
}

#[test]
fn every_type_of_event_tells_worlds_apart() {
    for &kind in EventType::ALL {
        let (noun, _) = kind.name().split_once('.').expect("a noun and a verb");
        let always = [
            EventType::QuestionCreated,
            EventType::AnswerCreated,
            EventType::PersonUpserted,
        ];
        let mut deck: Vec<EventType> = EventType::ALL.to_vec();
        deck.retain(|other| always.contains(other) || other.name().split('.').next() == Some(noun));
        let told = (0..100).any(|seed| {
            let facts = seeded_mess(seed, 100, &deck);
            let (mut without, all) = (facts.clone(), world(&facts));
            without.retain(|fact| fact.body.kind() != kind);
            let less = world(&without);
            let differs = dump_but_clock(all.view()) != dump_but_clock(less.view());
            let digests = all.digest() != less.digest();
            assert!(
                digests || !differs,
                "the view tells {} and the digest does not",
                kind.name()
            );
            differs
        });
        assert!(told, "no view shows {}", kind.name());
    }
}

#[test]
fn a_world_that_went_by_arrival_would_be_noticed() {
    // The planted fault: facts dated by when they came, as if there were no total order.
    let by_arrival = |facts: &[Fact]| {
        let dated = facts
            .iter()
            .zip(0_i64..)
            .map(|(f, n)| fact(f.key.clone(), Timestamp::from_micros(n), f.body.clone()));
        world(&dated.collect::<Vec<_>>())
    };
    let noticed = (0..20).filter(|&seed| {
        let facts = seeded_mess(seed, 60, &deck());
        let mut backwards = facts.clone();
        backwards.reverse();
        let (one, other) = (by_arrival(&facts), by_arrival(&backwards));
        one.digest() != other.digest() && dump_but_clock(one.view()) != dump_but_clock(other.view())
    });
    assert_eq!(noticed.count(), 20, "the laws would let a wrong order pass");
}

/// The subjects of questions and of those who answer them, by a basis that is set before the first fact, amid them, and
/// after the last: the same, whatever came in which order, and the same as rebuilt.
#[test]
fn subjects_do_not_depend_on_when_the_basis_came() {
    let facts = seeded_mess(5, 400, &deck());
    let learnt_from = world(&facts);
    let basis = Arc::new(basis_of_words(learnt_from.view()));
    let with_basis_at = |place: usize, facts: &[Fact]| {
        let mut world = World::default();
        for (n, fact) in facts.iter().enumerate() {
            if n == place {
                world.set_basis(Some(Arc::clone(&basis)));
            }
            world.apply(fact.clone());
        }
        world.set_basis(Some(Arc::clone(&basis)));
        world
    };
    let before = with_basis_at(0, &facts);
    let told = before
        .view()
        .questions
        .iter()
        .filter(|(ix, _)| before.view().subject(*ix).is_some());
    assert!(told.count() > 0, "the basis says something");
    let backwards: Vec<Fact> = facts.iter().rev().cloned().collect();
    for other in [
        with_basis_at(facts.len() / 2, &facts),
        with_basis_at(facts.len(), &facts),
        with_basis_at(0, &backwards),
    ] {
        assert_eq!(before.view().difference(other.view()), None);
    }
    assert_eq!(before.view().difference(&before.rebuilt()), None);
    let mut without = with_basis_at(0, &facts);
    without.set_basis(None);
    assert_eq!(
        learnt_from.view().difference(without.view()),
        None,
        "taking the basis away leaves no trace"
    );
    assert!(
        before.view().difference(without.view()).is_some(),
        "the comparison sees subjects"
    );
}

/// A basis in which every word of the questions has a direction of its own.
fn basis_of_words(view: &View) -> Basis {
    let terms = view.questions.iter().flat_map(|(ix, _)| view.texts.terms_of(ix.row()));
    let terms: BTreeSet<&str> = terms.map(|(term, _)| term).collect();
    let axis = |n: usize| std::array::from_fn(|place| if place == n % DIMS { 1.0 } else { 0.0 });
    let raw = RawBasis {
        rarity: vec![1.0; terms.len()],
        loadings: (0..terms.len()).map(axis).collect(),
        terms: terms.into_iter().map(str::to_owned).collect(),
    };
    Basis::new(raw, TermKey([9; 16]))
}
