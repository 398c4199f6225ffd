//! The laws of "who could answer", over seeded organisations into which messy facts of every type are mixed.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, shuffled, world};
use antenne::domain::{Fact, FactBody, MemberRole, PersonId, PersonPatch, Timestamp};
use antenne::pipeline::{Order, Ranking};
use antenne::recommend::{ExpertsAnswer, ExpertsRecommender, Manner, Page, Tongue};
use antenne::signals::{DEFAULT_ASKS_PER_WEEK, Exclusion, Experts, ExpertsQuery, Proof, Viewer, WAVE};
use antenne::world::{QuestionIx, View, World};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// An organisation with a past, and trouble mixed in.
fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    (any::<u64>(), messy_set(40)).prop_map(|(seed, mess)| {
        let mut facts = furnished(seed);
        facts.extend(mess);
        facts
    })
}

/// An organisation with a past, grown from `seed`.
pub fn furnished(seed: u64) -> Vec<Fact> {
    let size = Organisation {
        people: 24,
        communities: 4,
        questions: 30,
        skills: 6,
    };
    size.facts(seed)
}

fn recommender() -> ExpertsRecommender {
    ExpertsRecommender::shipped().expect("the shipped weights are in order")
}

fn page(limit: usize) -> Page {
    Page {
        limit,
        order: Order::Waves,
        group: false,
        tongue: Tongue::French,
        manner: Manner::Vous,
    }
}

/// Every question of `view` that was asked and not deleted, by identifier.
fn questions(view: &View) -> BTreeMap<String, QuestionIx> {
    let asked = view.questions.iter().filter(|(_, node)| node.state.is_some());
    asked.map(|(ix, node)| (node.id.to_string(), ix)).collect()
}

fn query(view: &View, question: QuestionIx, as_of: Timestamp) -> ExpertsQuery {
    ExpertsQuery::of(view, question, as_of, Viewer::default()).expect("the question was asked")
}

/// The answer to every question.
fn answers(view: &View, as_of: Timestamp) -> BTreeMap<String, ExpertsAnswer> {
    let recommender = recommender();
    let answer = |(id, ix): (String, QuestionIx)| {
        let answer = recommender.answer(view, &query(view, ix, as_of), &id, page(50));
        (id, answer)
    };
    questions(view).into_iter().map(answer).collect()
}

/// Answers down to the last bit of every number.
fn bytes(answers: &BTreeMap<String, ExpertsAnswer>) -> String {
    let bits = |answer: &ExpertsAnswer| {
        let picks = answer
            .items
            .iter()
            .map(|p| (p.score.to_bits(), p.reasons.iter().map(|r| r.contribution.to_bits())));
        picks
            .map(|(score, parts)| format!("{score:x}:{:x?}", parts.collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    let lines: Vec<String> = answers
        .iter()
        .map(|(id, answer)| format!("{id} {answer:?} {:?}", bits(answer)))
        .collect();
    lines.join("\n")
}

fn run(view: &View, query: &ExpertsQuery, limit: usize) -> Ranking<Experts> {
    recommender().pipeline().run(view, query, limit, Order::Waves)
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn any_order_and_a_rebuild_give_the_same_bytes(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let as_of = after(&facts, 5);
        let one = world(&facts);
        let wanted = bytes(&answers(one.view(), as_of));
        prop_assert!(wanted == bytes(&answers(world(&shuffled(&facts, seed)).view(), as_of)), "the order of arrival shows");
        prop_assert!(wanted == bytes(&answers(&one.rebuilt(), as_of)), "a rebuild shows");
    }

    #[test]
    fn every_candidate_is_in_one_list_and_the_asker_in_none(facts in organisation(), limit in 0_usize..9) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, ix) in questions(view) {
            let query = query(view, ix, as_of);
            let candidates = recommender().pipeline().candidates(view, &query);
            let ranking = run(view, &query, limit);
            let shown = ranking.picks.iter().chain(&ranking.reserve).map(|p| p.subject);
            let mut all: Vec<_> = shown.clone().chain(ranking.dropped.iter().map(|(s, _)| *s)).collect();
            all.sort_unstable();
            prop_assert_eq!(&all, &candidates, "{}", id);
            prop_assert!(ranking.picks.len() <= limit);
            let asker = query.asker.expect("an asker");
            prop_assert!(shown.clone().all(|person| person != asker && view.human(person) == person));
            prop_assert!(candidates.iter().filter(|&&p| p == asker).count()
                == ranking.dropped.iter().filter(|(p, why)| *p == asker && *why == Exclusion::Asker).count());
        }
    }

    #[test]
    fn animators_come_last_while_anyone_else_is_eligible(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, ix) in questions(view) {
            let query = query(view, ix, as_of);
            let placed = run(view, &query, 0).reserve;
            let animates = |person| query.community.is_some_and(|c| view.role(person, c) == Some(MemberRole::Animator));
            let (animators, others): (Vec<_>, Vec<_>) = placed.iter().partition(|p| animates(p.subject));
            let latest = others.iter().map(|p| p.wave).max();
            prop_assert!(animators.iter().all(|p| latest.is_none_or(|latest| p.wave > latest)), "{}", id);
            prop_assert!(placed.windows(2).all(|w| w[0].wave <= w[1].wave && w[1].wave <= w[0].wave + 1), "{}: no gap", id);
            for wave in others.iter().map(|p| p.wave) {
                prop_assert!(others.iter().filter(|p| p.wave == wave).count() <= WAVE, "{}: small waves", id);
            }
        }
    }

    #[test]
    fn the_order_of_scores_is_that_of_base_ranks_and_waves_only_move_people(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, ix) in questions(view) {
            let query = query(view, ix, as_of);
            let by_score = recommender().pipeline().run(view, &query, 0, Order::Score).reserve;
            prop_assert!(by_score.iter().enumerate().all(|(place, p)| p.base_rank == place + 1 && p.moved_by.is_none()), "{}", id);
            let waves = run(view, &query, 0).reserve;
            for (place, p) in waves.iter().enumerate() {
                let same = &by_score[p.base_rank - 1];
                prop_assert!(same.subject == p.subject && same.score.to_bits() == p.score.to_bits(), "{}", id);
                prop_assert_eq!(p.moved_by.is_some(), place + 1 != p.base_rank, "{}: why {:?}", id, p.moved_by);
            }
        }
    }

    #[test]
    fn nobody_over_their_cap_and_nobody_asked_or_unwilling_is_named(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        let week = as_of.plus_micros(-7 * 86_400_000_000);
        for (id, ix) in questions(view) {
            let query = query(view, ix, as_of);
            for placed in run(view, &query, 0).reserve {
                let cap = view.asks_per_week(placed.subject).unwrap_or(DEFAULT_ASKS_PER_WEEK);
                prop_assert!(view.asks_between(placed.subject, week, as_of) < cap, "{}", id);
                prop_assert!(!view.is_away(placed.subject, as_of) && !view.was_asked(placed.subject, ix), "{}", id);
            }
        }
    }

    #[test]
    fn a_group_is_of_three_at_most_and_of_those_who_may_be_asked(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, ix) in questions(view) {
            let query = query(view, ix, as_of);
            let eligible: Vec<_> = run(view, &query, 0).reserve.iter().map(|p| view.person_id(p.subject).clone()).collect();
            let group = recommender().answer(view, &query, &id, Page { group: true, ..page(50) });
            prop_assert!(group.items.len() <= 3 && group.items.is_empty() == eligible.is_empty(), "{}", id);
            prop_assert!(group.items.iter().all(|pick| eligible.contains(&pick.subject)), "{}", id);
            prop_assert_eq!(group.items.len() + group.reserve, eligible.len(), "{}", id);
        }
    }

    #[test]
    fn the_parts_sum_to_the_score(facts in organisation()) {
        let world = world(&facts);
        for answer in answers(world.view(), after(&facts, 5)).values() {
            for pick in &answer.items {
                let sum: f64 = pick.reasons.iter().map(|reason| reason.contribution).sum();
                prop_assert!((sum - pick.score).abs() < 1e-9, "{} is not {sum}", pick.score);
            }
        }
    }

    #[test]
    fn somebody_without_facts_reorders_nobody(facts in organisation()) {
        let as_of = after(&facts, 5);
        let before = world(&facts);
        let mut more = facts.clone();
        let person = PersonId::new("a newcomer whose name sorts first");
        more.push(fact(key("new", "1"), as_of.plus_micros(-1), FactBody::PersonUpserted { person, patch: Box::new(PersonPatch::default()) }));
        prop_assert!(bytes(&answers(before.view(), as_of)) == bytes(&answers(world(&more).view(), as_of)));
    }

    #[test]
    fn without_a_cited_record_its_reason_weighs_less(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, ix) in questions(view).into_iter().take(6) {
            let query = query(view, ix, as_of);
            let ranking = run(view, &query, 3);
            for pick in &ranking.picks {
                for part in &pick.parts {
                    for &proof in part.facts.iter().take(2) {
                        let without = without(&facts, view, &query, pick.subject, proof, as_of);
                        let recounted = self::query(view, ix, as_of).counted_in(without.view());
                        let held = recommender().pipeline().parts_under(without.view(), &recounted, pick.subject, &ranking.norms);
                        let less = held.iter().find(|p| p.family == part.family).map_or(0.0, |p| p.contribution);
                        prop_assert!(less < part.contribution, "{id}: {:?} without {proof:?}: {less} after {}", part.family, part.contribution);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_private_is_cited_to_nobody_outside(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for ix in questions(view).into_values() {
            for pick in run(view, &query(view, ix, as_of), 9).picks {
                for proof in pick.parts.iter().flat_map(|part| &part.facts) {
                    let community = match *proof {
                        Proof::Answer(answer) => view.answers.get(answer).question.and_then(|q| view.questions.get(q).community),
                        Proof::Membership(community) => Some(community),
                        _ => None,
                    };
                    prop_assert!(community.is_none_or(|c| !view.is_private(c)), "{proof:?}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn guests_are_named_and_read_in_their_own_communities_alone(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        let guests: Vec<_> = view.people.iter().map(|(ix, _)| view.human(ix)).filter(|&p| view.is_external(p)).collect();
        for ix in questions(view).into_values() {
            let community = view.questions.get(ix).community;
            for placed in run(view, &query(view, ix, as_of), 0).reserve {
                let at_home = community.is_some_and(|c| view.role(placed.subject, c).is_some());
                prop_assert!(!view.is_external(placed.subject) || at_home, "a guest is named elsewhere");
            }
            for &guest in guests.iter().take(2) {
                let viewer = Viewer { person: Some(guest), ..Viewer::default() };
                let Some(asked) = ExpertsQuery::of(view, ix, as_of, viewer) else { continue };
                for proof in run(view, &asked, 9).picks.iter().flat_map(|pick| &pick.parts).flat_map(|part| &part.facts) {
                    let told = match *proof {
                        Proof::Answer(answer) => view.answers.get(answer).question.map(|q| view.questions.get(q).community),
                        Proof::Membership(community) => Some(Some(community)),
                        _ => None,
                    };
                    let at_home = told.is_none_or(|c| c.is_some_and(|c| view.role(guest, c).is_some()));
                    prop_assert!(at_home, "a guest is told of {proof:?}");
                }
            }
        }
    }
}

/// The World of `facts` without the record behind `proof`; the rows stay where they are.
fn without(
    facts: &[Fact],
    view: &View,
    query: &ExpertsQuery,
    person: antenne::world::PersonIx,
    proof: Proof,
    as_of: Timestamp,
) -> World {
    let mut accounts: Vec<_> = view.accounts(person).map(|ix| view.people.get(ix).id.clone()).collect();
    if matches!(proof, Proof::Membership(_) | Proof::Participation(_)) {
        accounts.retain(|_| query.asker.is_some());
    }
    let bodies: Vec<FactBody> = match proof {
        Proof::Answer(answer) => vec![FactBody::AnswerDeleted {
            answer: view.answers.get(answer).id.clone(),
        }],
        Proof::Assertion(skill, origin, by) => {
            let (skill, by) = (
                view.skills.get(skill).id.clone(),
                by.map(|by| view.people.get(by).id.clone()),
            );
            let body = |person| FactBody::SkillRetracted {
                person,
                skill: skill.clone(),
                origin,
                by: by.clone(),
            };
            accounts.into_iter().map(body).collect()
        }
        Proof::Interest(skill, stance) => {
            let skill = view.skills.get(skill).id.clone();
            accounts
                .into_iter()
                .map(|person| FactBody::InterestWithdrawn {
                    person,
                    skill: skill.clone(),
                    stance,
                })
                .collect()
        }
        Proof::Membership(community) => {
            let community = view.communities.get(community).id.clone();
            let body = |person| FactBody::MembershipRemoved {
                person,
                community: community.clone(),
                role: MemberRole::Member,
            };
            accounts.into_iter().map(body).collect()
        }
        Proof::Participation(project) => {
            let project = view.projects.get(project).id.clone();
            let roles = [antenne::domain::ProjectRole::Lead, antenne::domain::ProjectRole::Member];
            let ends = |person: PersonId| {
                let project = project.clone();
                roles.map(move |role| FactBody::ParticipationEnded {
                    person: person.clone(),
                    project: project.clone(),
                    role,
                })
            };
            accounts.into_iter().flat_map(ends).collect()
        }
    };
    let mut world = world(facts);
    for (n, body) in bodies.into_iter().enumerate() {
        world.apply(fact(key("without", &n.to_string()), as_of, body));
    }
    world
}
