//! What somebody says of themself leads: a newcomer to the demo company finds the community on the subject that they came
//! for before whatever is lively, and the page says so.

use crate::company::{NOW, demo, world};
use antenne::recommend::{CommunitiesAnswer, CommunitiesPage, CommunitiesRecommender, Manner, Tongue, Welcome};
use antenne::signals::Viewer;
use antenne::signals::communities::NewcomerQuery;
use antenne::world::View;

/// Who came for what: the first community of the page, of which they name the subject.
const CAME_FOR: [(&str, &str); 1] = [("elvire.maljournat", "com/passes-a-poissons")];

fn page(view: &View, person: &str) -> CommunitiesAnswer {
    let person = view.person(person).expect("a person of the demo");
    let viewer = Viewer {
        person: Some(person),
        animates: Vec::new(),
    };
    let page = CommunitiesPage {
        limit: 5,
        tongue: Tongue::French,
        manner: Manner::Vous,
    };
    let shipped = CommunitiesRecommender::shipped().expect("weights");
    shipped.answer(view, &NewcomerQuery::of(view, person, NOW, viewer), page)
}

#[test]
fn a_stated_subject_comes_before_what_is_lively() {
    let world = world(&demo());
    for (person, community) in CAME_FOR {
        let page = page(world.view(), person);
        let first = &page.items[0];
        let topic = first.reasons.iter().find(|reason| reason.code == "topic");
        assert_eq!(first.community.as_str(), community, "{page:#?}");
        assert!(topic.is_some_and(|reason| !reason.facts.is_empty()), "{first:#?}");
    }
}

#[test]
fn whoever_finds_a_stated_subject_finds_it_among_the_first_two() {
    let world = world(&demo());
    let states = |item: &Welcome| {
        item.reasons
            .iter()
            .any(|reason| reason.code == "topic" && !reason.facts.is_empty())
    };
    let people = world.view().people.iter();
    let places: Vec<usize> = people
        .filter_map(|(_, node)| page(world.view(), node.id.as_str()).items.iter().position(states))
        .collect();
    let early = places.iter().filter(|&&place| place < 2).count();
    assert!(places.len() > 80, "{} pages name a subject", places.len());
    assert!(early * 10 >= places.len() * 8, "{early} of {}", places.len());
}
