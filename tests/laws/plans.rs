//! The laws of plans, over seeded organisations in which nobody wants to be asked often, with messy facts mixed in.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, difference, shuffled, world};
use antenne::domain::{CapacityPatch, Fact, FactBody, Patch, PersonId, Timestamp};
use antenne::recommend::{
    AsksPlan, AsksWish, CoAnimatorsPlan, CoAnimatorsRecommender, CoAnimatorsWish, ExpertsRecommender, Idle, Manner,
    OpenCommunity, OpenQuestion, PLANNED_FROM, Tongue, Unshared, plan_asks, plan_co_animators,
};
use antenne::signals::co_animators::{self, CoAnimatorsQuery, TopicMap, is_experienced};
use antenne::signals::workload::Workload;
use antenne::signals::{Exclusion, Load, Viewer};
use antenne::world::{PersonIx, QuestionIx, View};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An organisation with a past and trouble mixed in, whose people accept one invitation a week, or two.
fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    let size = Organisation {
        people: 16,
        communities: 4,
        questions: 40,
        skills: 5,
    };
    (any::<u64>(), messy_set(40)).prop_map(move |(seed, mess)| {
        let mut facts = size.facts(seed);
        for n in 0..size.people {
            let person = PersonId::new(format!("p{n}"));
            let body = FactBody::CapacitySet {
                person,
                patch: CapacityPatch {
                    asks_per_week: Patch::Set(1 + (n as u32 & 1)),
                    ..CapacityPatch::default()
                },
            };
            facts.push(fact(key("limits", &n.to_string()), Timestamp::from_micros(0), body));
        }
        facts.extend(mess);
        facts
    })
}

fn recommender() -> ExpertsRecommender {
    ExpertsRecommender::shipped().expect("the shipped weights are in order")
}

fn wish(as_of: Timestamp, people: usize) -> AsksWish {
    AsksWish {
        people,
        as_of,
        viewer: Viewer::default(),
        tongue: Tongue::French,
        manner: Manner::Vous,
    }
}

/// Every question that was asked, with those who could answer it, or why nobody is looked for.
fn all(view: &View, wish: &AsksWish) -> (Vec<OpenQuestion>, Vec<Unshared>) {
    let (mut open, mut none) = (Vec::new(), Vec::new());
    let asked = view.questions.iter().filter(|(_, node)| node.state.is_some());
    for (ix, node) in asked {
        match OpenQuestion::of(&recommender(), view, ix, wish) {
            Ok(question) => open.push(question),
            Err(why) => none.push(Unshared {
                id: node.id.to_string(),
                why,
            }),
        }
    }
    (open, none)
}

fn plan(view: &View, wish: &AsksWish) -> AsksPlan {
    let (open, none) = all(view, wish);
    plan_asks(&recommender(), view, open, none, wish)
}

/// Whom the plan gives each question.
fn given(view: &View, plan: &AsksPlan) -> BTreeMap<QuestionIx, Vec<PersonIx>> {
    let person = |id: &PersonId| view.person(id.as_str()).expect("somebody");
    let items = plan.items.iter().map(|item| {
        let question = view.questions.find(item.question.as_str()).expect("a question");
        (question, item.picks.iter().map(|pick| person(&pick.subject)).collect())
    });
    items.collect()
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn nobody_is_over_their_limit_and_only_those_who_may_be_asked_are(facts in organisation(), people in 1_usize..4) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let (view, wish) = (world.view(), wish(as_of, people));
        let (open, _) = all(view, &wish);
        let lists: BTreeMap<QuestionIx, Vec<PersonIx>> =
            open.iter().map(|q| (q.question, q.list.people.iter().map(|c| c.person).collect())).collect();
        let plan = plan(view, &wish);
        let mut asked: BTreeMap<PersonIx, u32> = BTreeMap::new();
        for (question, picks) in given(view, &plan) {
            prop_assert!((1..=people).contains(&picks.len()));
            for (n, pick) in picks.iter().enumerate() {
                prop_assert!(lists[&question].contains(pick) && !picks[..n].contains(pick));
                prop_assert!(!view.is_away(*pick, as_of) && !view.was_asked(*pick, question));
                *asked.entry(*pick).or_default() += 1;
            }
        }
        for (person, asked) in asked {
            let room = Load::of(view, person, as_of).room(view, person, as_of);
            prop_assert!(asked <= room, "{}: {asked} of {room}", view.person_id(person));
        }
        for question in &open {
            let dropped = &question.list.dropped;
            prop_assert!(dropped.iter().all(|(person, _)| !lists[&question.question].contains(person)));
            let asker = question.list.query.asker;
            prop_assert!(dropped.iter().all(|(p, why)| *why != Exclusion::Asker || Some(*p) == asker));
        }
    }

    #[test]
    fn every_question_is_in_one_list_with_a_reason(facts in organisation(), people in 1_usize..4) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let (view, wish) = (world.view(), wish(as_of, people));
        let plan = plan(view, &wish);
        let mut named: Vec<String> = plan.items.iter().map(|item| item.question.to_string()).collect();
        named.extend(plan.unassigned.iter().map(|item| item.id.clone()));
        named.sort_unstable();
        let asked = view.questions.iter().filter(|(_, node)| node.state.is_some());
        let mut known: Vec<String> = asked.map(|(_, node)| node.id.to_string()).collect();
        known.sort_unstable();
        prop_assert_eq!(named, known);
        for item in &plan.items {
            prop_assert_eq!(item.fewer.is_some(), item.picks.len() < people);
        }
    }

    #[test]
    fn no_question_goes_without_while_somebody_who_could_is_a_second_elsewhere(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let (view, wish) = (world.view(), wish(as_of, 3));
        let plan = plan(view, &wish);
        let given = given(view, &plan);
        let without: Vec<&str> =
            plan.unassigned.iter().filter(|item| item.why == Idle::SharedOut).map(|item| item.id.as_str()).collect();
        for question in all(view, &wish).0 {
            if !without.contains(&view.questions.get(question.question).id.as_str()) {
                continue;
            }
            for candidate in &question.list.people {
                let holds = given.values().filter(|picks| picks.contains(&candidate.person));
                let holds: Vec<usize> = holds.map(Vec::len).collect();
                prop_assert!(!holds.is_empty(), "somebody could be asked and is not");
                prop_assert!(holds.iter().all(|&picks| picks == 1), "somebody is a second one elsewhere");
            }
        }
    }

    #[test]
    fn neither_the_order_of_facts_nor_of_questions_leaves_a_trace(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let wish = wish(after(&facts, 5), 2);
        let one = world(&facts);
        let other = world(&shuffled(&facts, seed));
        let wanted = format!("{:#?}", plan(one.view(), &wish));
        let found = format!("{:#?}", plan(other.view(), &wish));
        prop_assert!(wanted == found, "{}", difference(&wanted, &found));
        let (mut open, mut none) = all(one.view(), &wish);
        open.reverse();
        none.reverse();
        let found = format!("{:#?}", plan_asks(&recommender(), one.view(), open, none, &wish));
        prop_assert!(wanted == found, "{}", difference(&wanted, &found));
    }
}

/// The plan of co-animators over every community, in the order of `reversed` or its contrary.
fn network(view: &View, wish: &CoAnimatorsWish, reversed: bool) -> CoAnimatorsPlan {
    let recommender = CoAnimatorsRecommender::shipped().expect("the shipped weights are in order");
    let (mut open, mut none) = (Vec::new(), Vec::new());
    for (ix, node) in view.communities.iter() {
        match OpenCommunity::of(&recommender, view, ix, wish, PLANNED_FROM) {
            Ok(community) => open.push(community),
            Err(why) => none.push(Unshared {
                id: node.id.to_string(),
                why,
            }),
        }
    }
    if reversed {
        open.reverse();
        none.reverse();
    }
    plan_co_animators(&recommender, view, open, none, wish)
}

fn network_wish(view: &View, as_of: Timestamp) -> CoAnimatorsWish {
    CoAnimatorsWish {
        as_of,
        viewer: Viewer::default(),
        tongue: Tongue::English,
        manner: Manner::Vous,
        topics: Arc::new(TopicMap::of(view)),
    }
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn nobody_animates_more_than_their_free_hours_allow(facts in organisation()) {
        // Long after: whoever animates has done so before.
        let (world, as_of) = (world(&facts), after(&facts, 120 * 24));
        let view = world.view();
        let plan = network(view, &network_wish(view, as_of), false);
        let mut taken: BTreeMap<PersonIx, u32> = BTreeMap::new();
        for item in &plan.items {
            let community = view.communities.find(item.community.as_str()).expect("a community");
            let query = CoAnimatorsQuery::of(view, community, as_of, Viewer::default());
            prop_assert!(query.need.is_open() && (1..=2).contains(&item.picks.len()));
            for pick in &item.picks {
                let person = view.person(pick.subject.as_str()).expect("somebody");
                prop_assert_eq!(co_animators::Exclusion::of(view, &query, person), None, "{} in {}", pick.subject, item.community);
                let experienced = is_experienced(view, person, as_of);
                prop_assert!(experienced || pick.volunteer, "whoever never offered nor animated is asked first");
                prop_assert!(experienced || query.need.company(view, as_of).next().is_some(), "a first time beside somebody");
                *taken.entry(person).or_default() += 1;
            }
        }
        for (person, taken) in taken {
            let slots = Workload::of(view, person, as_of).slots();
            prop_assert!(taken <= slots.min(1), "{}: {taken} of {slots}", view.person_id(person));
        }
        let mut named: Vec<&str> = plan.items.iter().map(|item| item.community.as_str()).collect();
        named.extend(plan.unassigned.iter().map(|item| item.id.as_str()));
        named.sort_unstable();
        let mut known: Vec<&str> = view.communities.iter().map(|(_, node)| node.id.as_str()).collect();
        known.sort_unstable();
        prop_assert_eq!(named, known);
    }

    #[test]
    fn the_network_is_shared_the_same_way_whatever_the_order(facts in organisation(), seed in any::<u64>()) {
        let one = world(&facts);
        let mut shuffled = facts.clone();
        shuffled.rotate_left(seed as usize % facts.len());
        let other = world(&shuffled);
        let planned = |view: &View, reversed| network(view, &network_wish(view, after(&facts, 120 * 24)), reversed);
        let wanted = format!("{:#?}", planned(one.view(), false));
        for found in [planned(one.view(), true), planned(other.view(), false)] {
            let found = format!("{found:#?}");
            prop_assert!(wanted == found, "{}", difference(&wanted, &found));
        }
    }
}
