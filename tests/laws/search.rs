//! The laws of expert search, over seeded organisations into which messy facts of every type are mixed.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, shuffled, world};
use antenne::domain::{Audience, Fact, FactBody, Origin, PersonId, Purpose, SkillId, Stance, Timestamp};
use antenne::pipeline::Order;
use antenne::recommend::{SearchAnswer, SearchPage, SearchRecommender, Tongue};
use antenne::signals::search::{SearchQuery, Sought};
use antenne::signals::{Proof, Viewer};
use antenne::world::{PersonIx, Stand, View};
use proptest::prelude::*;
use std::fmt::Write as _;

const TEXTS: [&str; 6] = [
    "craft0",
    "craft1",
    "craft2, craft3",
    "how does craft4 behave",
    "circle 1",
    "craft5; circle",
];

/// An organisation with a past, and trouble mixed in.
fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    let size = Organisation {
        people: 20,
        communities: 4,
        questions: 24,
        skills: 6,
    };
    (any::<u64>(), messy_set(60)).prop_map(move |(seed, mess)| {
        let mut facts = size.facts(seed);
        facts.extend(mess);
        facts
    })
}

fn recommender() -> SearchRecommender {
    SearchRecommender::shipped().expect("the shipped weights are in order")
}

fn query(view: &View, text: &str, (viewer, animates): &(Viewer, bool), as_of: Timestamp) -> Option<SearchQuery> {
    let sought = Sought {
        text,
        viewer: viewer.clone(),
        animates: *animates,
        ..Sought::default()
    };
    SearchQuery::of(view, sought, as_of)
}

fn answer(view: &View, text: &str, reader: &(Viewer, bool), as_of: Timestamp) -> SearchAnswer {
    let page = SearchPage {
        limit: 100,
        tongue: Tongue::French,
        named: &|_| false,
    };
    match query(view, text, reader, as_of) {
        Some(query) => recommender().answer(view, &query, page),
        None => recommender().nothing_understood(Tongue::French),
    }
}

/// A platform, an animator, and each of a few people.
fn readers(view: &View) -> Vec<(Viewer, bool)> {
    let animates = view
        .communities
        .iter()
        .map(|(community, _)| community)
        .take(1)
        .collect();
    let animator = Viewer { person: None, animates };
    let person = |id: &str| {
        let person = view.person(id)?;
        Some((
            Viewer {
                person: Some(person),
                animates: vec![],
            },
            false,
        ))
    };
    let people = ["p1", "p2", "p3"].into_iter().filter_map(person);
    [(Viewer::default(), false), (animator, true)]
        .into_iter()
        .chain(people)
        .collect()
}

/// Every answer to every reader but `but`, down to the last bit.
fn bytes(view: &View, as_of: Timestamp, but: Option<&str>) -> String {
    let hidden = but.and_then(|id| view.person(id));
    let mut all = String::new();
    for reader in readers(view)
        .into_iter()
        .filter(|(viewer, _)| hidden.is_none() || viewer.person != hidden)
    {
        for text in TEXTS {
            let answer = answer(view, text, &reader, as_of);
            let bits = answer
                .items
                .iter()
                .flat_map(|hit| hit.reasons.iter().map(|reason| reason.contribution.to_bits()));
            // Indices are places in memory: a reader is named by who they are.
            let who = reader.0.person.map(|person| view.person_id(person).to_string());
            writeln!(
                all,
                "{who:?} {} {text}: {answer:?} {:x?}",
                reader.1,
                bits.collect::<Vec<_>>()
            )
            .expect("a text");
        }
    }
    all
}

/// Whether what is said of `skill` shows to the reader, and the person does not contest it.
pub fn shows(view: &View, person: PersonIx, skill: antenne::world::SkillIx, audience: Audience) -> bool {
    let root = view.skill_root(skill);
    view.accounts(person).all(|account| {
        let node = view.people.get(account);
        let hides = node
            .visibility
            .iter()
            .any(|&(s, chosen)| view.skill_root(s) == root && chosen < audience);
        !hides
    }) && !view
        .accounts(person)
        .find_map(|account| {
            view.people
                .get(account)
                .stands
                .iter()
                .find(|(s, _)| view.skill_root(*s) == root)
        })
        .is_some_and(|(_, stand)| *stand == Stand::Contested)
}

proptest! {
    #![proptest_config(crate::config(16))]

    #[test]
    fn a_hidden_skill_changes_no_byte_of_anybody_elses_answer(facts in organisation(), skill in 0..6_usize, who in 0..20_usize) {
        let as_of = after(&facts, 5);
        let (person, skill) = (PersonId::new(format!("p{who}")), SkillId::new(format!("s{skill}")));
        let last = after(&facts, 1);
        let say = |id: &str, body| fact(key("hide", id), last, body);
        let mut hidden = facts;
        hidden.push(say("1", FactBody::SkillVisibilitySet {
            person: person.clone(),
            skill: skill.clone(),
            audience: Audience::Me,
        }));
        let mut had = hidden.clone();
        had.push(say("2", FactBody::SkillAsserted {
            person: person.clone(),
            skill: skill.clone(),
            origin: Origin::Declared,
            level: None,
            by: None,
        }));
        had.push(say("3", FactBody::InterestDeclared {
            person: person.clone(),
            skill: skill.clone(),
            stance: Stance::CanHelp,
        }));
        let id = person.as_str();
        let (without, with) = (world(&hidden), world(&had));
        prop_assert!(bytes(without.view(), as_of, Some(id)) == bytes(with.view(), as_of, Some(id)), "a hidden skill shows");
    }

    #[test]
    fn nobody_is_shown_who_left_objects_or_is_a_stranger_and_everybody_shows_why(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for reader in readers(view) {
            for text in TEXTS {
                for hit in answer(view, text, &reader, as_of).items {
                    let person = view.person(hit.subject.as_str()).expect("somebody");
                    prop_assert!(!view.has_left(person) && view.allows(person, Purpose::Search, as_of), "{}", hit.subject);
                    let own = reader.0.person == Some(person);
                    let guest = view.is_external(person) || reader.0.person.is_some_and(|p| view.is_external(p));
                    let mut circle = reader.0.person.map(|p| view.communities_of(p)).unwrap_or_default();
                    circle.extend(&reader.0.animates);
                    prop_assert!(!guest || own || !circle.is_disjoint(&view.communities_of(person)), "{} is a stranger", hit.subject);
                    prop_assert!(!hit.reasons[0].facts.is_empty(), "{text}: {hit:?}");
                }
            }
        }
    }

    #[test]
    fn parts_sum_to_the_score_nobody_is_lost_and_nothing_unseen_is_cited(facts in organisation(), limit in 0_usize..9) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let (view, recommender) = (world.view(), recommender());
        for reader in readers(view) {
            for text in TEXTS {
                let Some(query) = query(view, text, &reader, as_of) else { continue };
                let ranking = recommender.pipeline().run(view, &query, limit, Order::Waves);
                let shown = ranking.picks.iter().chain(&ranking.reserve).map(|placed| placed.subject);
                let mut all: Vec<_> = shown.chain(ranking.dropped.iter().map(|(person, _)| *person)).collect();
                all.sort_unstable();
                prop_assert_eq!(all, recommender.pipeline().candidates(view, &query));
                for pick in &ranking.picks {
                    let sum = pick.parts.iter().fold(0.0, |sum, part| sum + part.contribution);
                    prop_assert_eq!(sum.to_bits(), pick.score.to_bits());
                    let audience = query.audience(pick.subject);
                    for proof in pick.parts.iter().flat_map(|part| &part.facts) {
                        let sees = |community| reader.0.sees(view, community);
                        let visible = match *proof {
                            Proof::Answer(answer) => {
                                let question = view.answers.get(answer).question.expect("a question");
                                view.counted(answer).is_some() && sees(view.questions.get(question).community)
                            }
                            Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => shows(view, pick.subject, skill, audience),
                            Proof::Membership(community) => sees(Some(community)) && !view.is_sensitive(community),
                            Proof::Participation(_) => sees(None),
                        };
                        prop_assert!(visible, "{text}: {proof:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn any_order_and_a_rebuild_give_the_same_bytes(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let as_of = after(&facts, 5);
        let one = world(&facts);
        // Which community is the first is a matter of memory: the animator's is left out.
        let of_people = |view: &View| {
            let lines = bytes(view, as_of, None);
            lines.lines().filter(|line| !line.contains(" true ")).collect::<Vec<_>>().join("\n")
        };
        let wanted = of_people(one.view());
        prop_assert!(wanted == of_people(world(&shuffled(&facts, seed)).view()), "the order of arrival shows");
        prop_assert!(wanted == of_people(&one.rebuilt()), "a rebuild shows");
    }
}

#[test]
fn a_skill_that_shows_is_found_and_one_that_is_hidden_is_not() {
    let size = Organisation {
        people: 6,
        communities: 2,
        questions: 0,
        skills: 2,
    };
    let mut facts = size.facts(7);
    let last = after(&facts, 1);
    let (person, skill) = (PersonId::new("p1"), SkillId::new("s1"));
    let say = |id: &str, hours: i64, body| fact(key("hide", id), last.plus_micros(hours * 3_600_000_000), body);
    facts.push(say(
        "1",
        0,
        FactBody::SkillAsserted {
            person: person.clone(),
            skill: skill.clone(),
            origin: Origin::Declared,
            level: None,
            by: None,
        },
    ));
    let found = |facts: &[Fact]| {
        let world = world(facts);
        let answer = answer(world.view(), "craft1", &(Viewer::default(), false), after(facts, 2));
        answer.items.iter().any(|hit| hit.subject.as_str() == "p1")
    };
    assert!(found(&facts));
    facts.push(say(
        "2",
        1,
        FactBody::SkillVisibilitySet {
            person,
            skill,
            audience: Audience::Me,
        },
    ));
    assert!(!found(&facts));
}
