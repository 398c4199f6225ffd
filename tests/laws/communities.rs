//! The laws of "where a newcomer belongs", over seeded organisations with communities of every kind and access, guests,
//! refusals and invitations, into which messy facts of every type are mixed.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, shuffled, world};
use antenne::domain::*;
use antenne::pipeline::Order;
use antenne::recommend::{CommunitiesAnswer, CommunitiesPage, CommunitiesRecommender, Manner, Tongue};
use antenne::signals::communities::{Exclusion, NewcomerQuery, Proof};
use antenne::signals::{Load, Viewer};
use antenne::world::{CommunityIx, PersonIx, View, World};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400_000_000;
const PEOPLE: usize = 24;
const COMMUNITIES: usize = 12;

/// An organisation with a past, furnished with gates and ties, and trouble mixed in.
fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    (any::<u64>(), messy_set(30)).prop_map(|(seed, mess)| {
        let mut facts = furnished(seed);
        facts.extend(mess);
        facts
    })
}

/// An organisation in which every gate of a page stands somewhere, grown from `seed`.
pub fn furnished(seed: u64) -> Vec<Fact> {
    let size = Organisation {
        people: PEOPLE,
        communities: COMMUNITIES,
        questions: 30,
        skills: 6,
    };
    let mut facts = size.facts(seed);
    let mut rng = StdRng::seed_from_u64(seed ^ 0x00c0_ffee);
    let mut bodies = Vec::new();
    for n in 0..COMMUNITIES {
        bodies.push(gate(n, &mut rng));
    }
    for n in 0..4 {
        let patch = ProjectPatch {
            topics: Patch::Set(vec![format!("craft{n}").into()]),
            community: Patch::Set(CommunityId::new(format!("c{}", n * 2))),
            ..ProjectPatch::default()
        };
        let project = ProjectId::new(format!("project{n}"));
        bodies.push(FactBody::ProjectUpserted {
            project,
            patch: Box::new(patch),
        });
    }
    for n in 0..PEOPLE {
        of_person(n, &mut rng, &mut bodies);
    }
    let told = bodies.into_iter().enumerate();
    facts.extend(told.map(|(n, body)| {
        let at = Timestamp::from_micros((20 + n as i64) * 3_600_000_000);
        fact(key("gates", &format!("{n:04}")), at, body)
    }));
    facts
}

fn gate(n: usize, rng: &mut StdRng) -> FactBody {
    let kinds = [
        CommunityKind::Interest,
        CommunityKind::Practice,
        CommunityKind::Project,
        CommunityKind::Instance,
        CommunityKind::Watch,
        CommunityKind::Team,
        CommunityKind::Process,
    ];
    let accesses = [Access::Open, Access::Open, Access::Request, Access::Private];
    let patch = CommunityPatch {
        kind: Patch::Set(kinds[n % kinds.len()]),
        access: Patch::Set(accesses[rng.random_range(0..accesses.len())]),
        topics: Patch::Set(vec![format!("craft{}", rng.random_range(0..6)).into()]),
        language: Patch::Set(["en", "fr", "de"][rng.random_range(0..3)].into()),
        unit: Patch::Set(UnitPath::new(format!("G/u{}", rng.random_range(0..4)))),
        ..CommunityPatch::default()
    };
    let community = CommunityId::new(format!("c{n}"));
    let patch = Box::new(patch);
    FactBody::CommunityUpserted { community, patch }
}

fn of_person(n: usize, rng: &mut StdRng, bodies: &mut Vec<FactBody>) {
    let person = PersonId::new(format!("p{n}"));
    let mut some = |one_in: usize| rng.random_range(0..one_in) == 0;
    let patch = PersonPatch {
        external: Patch::Set(some(6)),
        languages: Patch::Set(vec!["en".into(), if some(2) { "fr" } else { "de" }.into()]),
        heads: if some(5) {
            Patch::Set(vec![UnitPath::new("G/u1")])
        } else {
            Patch::Keep
        },
        ..PersonPatch::default()
    };
    let (refuses, takes_part, declares, is_invited, declined) = (some(8), some(3), some(2), some(3), some(2));
    let mut one = |of: usize| rng.random_range(0..of);
    bodies.push(FactBody::PersonUpserted {
        person: person.clone(),
        patch: Box::new(patch),
    });
    if refuses {
        let purposes = [Purpose::Communities, Purpose::Search, Purpose::All];
        bodies.push(FactBody::PreferenceSet {
            person: person.clone(),
            purpose: purposes[one(3)],
            preference: Preference {
                allowed: false,
                until: None,
            },
        });
    }
    if takes_part {
        bodies.push(FactBody::ParticipationStarted {
            person: person.clone(),
            project: ProjectId::new(format!("project{}", one(4))),
            role: ProjectRole::Member,
        });
    }
    if declares {
        bodies.push(FactBody::SkillAsserted {
            person: person.clone(),
            skill: SkillId::new(format!("s{}", one(6))),
            origin: Origin::Declared,
            level: None,
            by: None,
        });
    }
    if is_invited {
        let (proposal, kind) = (ProposalId::new(format!("to {n}")), ProposalKind::Community);
        let community = CommunityId::new(format!("c{}", one(COMMUNITIES)));
        bodies.push(FactBody::ProposalSent {
            proposal: proposal.clone(),
            kind,
            person: person.clone(),
            community: community.clone(),
        });
        if declined {
            bodies.push(FactBody::ProposalDeclined {
                proposal,
                kind,
                person,
                community,
            });
        }
    }
}

fn recommender() -> CommunitiesRecommender {
    CommunitiesRecommender::shipped().expect("the shipped weights are in order")
}

/// Everybody, each human once, by identifier.
fn people(view: &View) -> BTreeMap<String, PersonIx> {
    let humans = view.people.iter().filter(|(ix, _)| view.human(*ix) == *ix);
    humans.map(|(ix, node)| (node.id.to_string(), ix)).collect()
}

fn query(view: &View, person: PersonIx, as_of: Timestamp) -> NewcomerQuery {
    NewcomerQuery::of(view, person, as_of, Viewer::default())
}

fn own_query(view: &View, person: PersonIx, as_of: Timestamp) -> NewcomerQuery {
    let viewer = Viewer {
        person: Some(person),
        animates: Vec::new(),
    };
    NewcomerQuery::of(view, person, as_of, viewer)
}

fn answer(view: &View, query: &NewcomerQuery, limit: usize) -> CommunitiesAnswer {
    let page = CommunitiesPage {
        limit,
        tongue: Tongue::French,
        manner: Manner::Tu,
    };
    recommender().answer(view, query, page)
}

/// Every page, down to the last bit of every number.
fn bytes(view: &View, as_of: Timestamp) -> String {
    let page = |(id, person): (String, PersonIx)| {
        let answer = answer(view, &own_query(view, person, as_of), 50);
        let bits = |item: &antenne::recommend::Welcome| {
            let parts = item.reasons.iter().map(|reason| reason.contribution.to_bits());
            format!("{:x} {:x?}", item.score.to_bits(), parts.collect::<Vec<_>>())
        };
        let bits: Vec<String> = answer.items.iter().map(bits).collect();
        format!("{id} {answer:?} {bits:?}")
    };
    people(view).into_iter().map(page).collect::<Vec<_>>().join("\n")
}

/// Whether `person` belongs to `community` before joining it, told anew from what the view shows.
fn has_a_right(view: &View, person: PersonIx, community: CommunityIx, as_of: Timestamp) -> bool {
    let node = view.communities.get(community);
    let state = node.state.as_ref().expect("a community that was described");
    let proposals = view.proposals().filter(|(_, to, proposal)| {
        *to == person && proposal.kind == ProposalKind::Community && proposal.community == node.id
    });
    let (mut waits, mut declined) = (false, false);
    for (_, _, proposal) in proposals {
        waits |= proposal.answered.is_none() && proposal.at <= as_of;
        declined |= proposal
            .answered
            .is_some_and(|(yes, at)| !yes && as_of.micros() - at.micros() < 180 * DAY);
    }
    let accounts: Vec<_> = view.accounts(person).map(|account| view.people.get(account)).collect();
    let project = accounts
        .iter()
        .flat_map(|account| &account.participations)
        .any(|((project, _), part)| {
            let project = view.projects.get(*project);
            let names = project.state.as_ref().and_then(|s| s.community.as_ref()) == Some(&node.id);
            part.ended.is_none() && (names || state.project.as_ref() == Some(&project.id))
        });
    let profiles: Vec<_> = accounts.iter().filter_map(|account| account.state.as_ref()).collect();
    let by_unit = state.unit.as_ref().is_some_and(|unit| match state.kind {
        Some(CommunityKind::Team) => profiles
            .iter()
            .filter_map(|p| p.unit.as_ref())
            .any(|own| own == unit || own.as_str().starts_with(&format!("{unit}/"))),
        Some(CommunityKind::Instance) => profiles.iter().flat_map(|p| p.heads.iter().flatten()).any(|headed| {
            headed == unit
                || headed
                    .as_str()
                    .rsplit_once('/')
                    .is_some_and(|(above, _)| above == unit.as_str())
        }),
        _ => false,
    });
    (waits && !declined) || project || by_unit
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn any_order_and_a_rebuild_give_the_same_bytes(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let as_of = after(&facts, 5);
        let one = world(&facts);
        let wanted = bytes(one.view(), as_of);
        prop_assert!(wanted == bytes(world(&shuffled(&facts, seed)).view(), as_of), "the order of arrival shows");
        prop_assert!(wanted == bytes(&one.rebuilt(), as_of), "a rebuild shows");
    }

    #[test]
    fn every_community_is_in_one_list_and_scores_order_base_ranks(facts in organisation(), limit in 0_usize..9) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, person) in people(view) {
            let query = query(view, person, as_of);
            let pipeline = recommender();
            let pipeline = pipeline.pipeline();
            let ranking = pipeline.run(view, &query, limit, Order::Waves);
            let placed: Vec<_> = ranking.picks.iter().chain(&ranking.reserve).collect();
            let mut all: Vec<_> = placed.iter().map(|p| p.subject).chain(ranking.dropped.iter().map(|(s, _)| *s)).collect();
            all.sort_unstable();
            prop_assert_eq!(&all, &pipeline.candidates(view, &query), "{}", id);
            prop_assert!(ranking.picks.len() <= limit);
            let by_score = pipeline.run(view, &query, 0, Order::Score).reserve;
            for p in placed {
                let same = &by_score[p.base_rank - 1];
                prop_assert!(same.subject == p.subject && same.score.to_bits() == p.score.to_bits(), "{}", id);
            }
        }
    }

    #[test]
    fn access_rules_hold_on_every_page(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, person) in people(view) {
            let query = query(view, person, as_of);
            let gone = view.has_left(person) || !view.allows(person, Purpose::Communities, as_of);
            let ranking = recommender().pipeline().run(view, &query, 99, Order::Waves);
            prop_assert!(!gone || ranking.picks.is_empty(), "{} gets no page", id);
            for pick in &ranking.picks {
                let community = pick.subject;
                let state = view.communities.get(community).state.as_ref().expect("only what was described");
                prop_assert!(state.known && state.archived.is_none() && !view.is_sensitive(community), "{}", id);
                prop_assert!(view.role(person, community).is_none(), "{} is in it", id);
                let closed = state.access == Some(Access::Private) || state.kind == Some(CommunityKind::Instance);
                let right = has_a_right(view, person, community, as_of);
                prop_assert!(!closed || right, "{} may not enter {:?}", id, state.name);
                prop_assert!(!view.is_external(person) || right, "{} is a guest", id);
            }
            for (community, why) in &ranking.dropped {
                let right = has_a_right(view, person, *community, as_of);
                prop_assert!(!right || !matches!(why, Exclusion::NotOpen | Exclusion::Guest), "{} belongs: {:?}", id, why);
            }
        }
    }

    #[test]
    fn an_empty_page_says_why_and_none_is_empty_without_a_reason(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, person) in people(view) {
            let page = answer(view, &own_query(view, person, as_of), 5);
            prop_assert_eq!(page.items.is_empty(), page.nothing.is_some(), "{}", &id);
            let others = answer(view, &query(view, person, as_of), 5);
            prop_assert!(!others.excluded.contains_key("opted_out") && others.nothing != Some("opted_out"), "{} is told on", &id);
            let described = view.communities.iter().filter(|(_, n)| n.state.as_ref().is_some_and(|s| s.known)).count();
            prop_assert_eq!(page.items.len() + page.reserve + page.excluded.values().sum::<usize>(), described, "{}", &id);
        }
    }

    #[test]
    fn the_parts_sum_to_the_score_and_each_page_is_reasoned(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, person) in people(view) {
            for item in answer(view, &own_query(view, person, as_of), 50).items {
                let sum: f64 = item.reasons.iter().map(|reason| reason.contribution).sum();
                prop_assert!((sum - item.score).abs() < 1e-9, "{id}: {} is not {sum}", item.score);
                prop_assert!(item.reasons.len() <= 4 && item.reasons.iter().all(|r| !r.text.is_empty()), "{}", &id);
            }
        }
    }

    #[test]
    fn without_a_cited_record_its_reason_weighs_less(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for (id, person) in people(view).into_iter().take(8) {
            let query = query(view, person, as_of);
            let ranking = recommender().pipeline().run(view, &query, 3, Order::Waves);
            for pick in &ranking.picks {
                for part in &pick.parts {
                    for &proof in part.facts.iter().take(2) {
                        let without = without(&facts, view, person, pick.subject, proof, as_of);
                        let recounted = self::query(view, person, as_of).counted_in(without.view());
                        let held = recommender().pipeline().parts_under(without.view(), &recounted, pick.subject, &ranking.norms);
                        let less = held.iter().find(|p| p.family == part.family).map_or(0.0, |p| p.contribution);
                        prop_assert!(less < part.contribution, "{id}: {:?} without {proof:?}: {less} after {}", part.family, part.contribution);
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_is_named_or_sent_to_who_should_not_be(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        let willing = |person: PersonIx| {
            let named = [Purpose::Search, Purpose::Experts, Purpose::CoAnimators];
            !view.has_left(person) && named.iter().all(|&purpose| view.allows(person, purpose, as_of))
        };
        for (id, person) in people(view) {
            for query in [query(view, person, as_of), own_query(view, person, as_of)] {
                let mut greeted = BTreeSet::new();
                for item in answer(view, &query, 9).items {
                    let community = view.communities.find(item.community.as_str()).expect("it was shown");
                    let seen = query.viewer.sees(view, Some(community));
                    prop_assert!(seen || (item.greet.is_none() && item.questions.is_empty()), "{} sees inside", &id);
                    if let Some(greet) = item.greet {
                        let host = view.person(greet.person.as_str()).expect("somebody known");
                        prop_assert!(host != person && view.role(host, community).is_some() && willing(host), "{}", &id);
                        prop_assert!(!view.is_away(host, as_of) && !Load::of(view, host, as_of).is_full(view, host, as_of), "{}", &id);
                        prop_assert!(greeted.insert(host), "{} greets somebody twice", &id);
                    }
                    prop_assert!(item.questions.len() <= 2);
                    for waiting in item.questions {
                        let question = view.questions.find(waiting.question.as_str()).expect("a question");
                        let asker = view.questions.get(question).asker.map(|asker| view.human(asker));
                        prop_assert!(view.first_answer(question).is_none() && asker != Some(person), "{}", &id);
                    }
                    let people = item.reasons.iter().flat_map(|r| &r.facts).filter(|fact| fact.kind == "person");
                    prop_assert!(people.into_iter().all(|fact| view.person(&fact.id).is_some_and(willing)), "{}", &id);
                }
            }
        }
    }

    #[test]
    fn what_is_private_is_cited_to_nobody_outside(facts in organisation()) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for person in people(view).into_values() {
            for pick in recommender().pipeline().run(view, &query(view, person, as_of), 9, Order::Waves).picks {
                for proof in pick.parts.iter().flat_map(|part| &part.facts) {
                    let community = match *proof {
                        Proof::Answer(answer) => view.answers.get(answer).question.and_then(|q| view.questions.get(q).community),
                        Proof::Question(question) => view.questions.get(question).community,
                        Proof::Membership(community) => Some(community),
                        Proof::Colleague(_) => Some(pick.subject),
                        _ => None,
                    };
                    prop_assert!(community.is_none_or(|c| !view.is_private(c) && !view.is_sensitive(c)), "{proof:?}");
                }
            }
        }
    }

    #[test]
    fn a_newcomer_with_one_rare_skill_gets_a_reasoned_page(seed in any::<u64>(), mess in messy_set(20)) {
        let mut facts = furnished(seed);
        facts.extend(mess);
        let as_of = after(&facts, 5);
        let (newcomer, skill) = (PersonId::new("a newcomer"), SkillId::new("rare"));
        let at = as_of.plus_micros(-1);
        let labels = SkillPatch { labels: Patch::Set(vec![("en".into(), "Campanology".into())]), ..SkillPatch::default() };
        let bells = CommunityPatch {
            name: Patch::Set("Bell ringers".into()),
            topics: Patch::Set(vec!["campanology".into()]),
            ..CommunityPatch::default()
        };
        let told = [
            FactBody::PersonUpserted { person: newcomer.clone(), patch: Box::new(PersonPatch::default()) },
            FactBody::SkillUpserted { skill: skill.clone(), patch: Box::new(labels) },
            FactBody::SkillAsserted { person: newcomer, skill, origin: Origin::Declared, level: None, by: None },
        ];
        facts.extend((0..).zip(told).map(|(n, body)| fact(key("new", &n.to_string()), at, body)));
        let alone = world(&facts);
        let person = alone.view().person("a newcomer").expect("they arrived");
        let page = answer(alone.view(), &own_query(alone.view(), person, as_of), 5);
        let open = alone.view().communities.iter().any(|(_, node)| node.state.as_ref().is_some_and(|s| {
            s.known && s.archived.is_none() && s.sensitive != Some(true) && s.access != Some(Access::Private) && s.kind != Some(CommunityKind::Instance)
        }));
        prop_assert_eq!(!page.items.is_empty(), open, "nobody shares the skill, and something is open");
        prop_assert!(page.items.iter().all(|item| !item.reasons.is_empty()));
        facts.push(fact(key("new", "bells"), at, FactBody::CommunityUpserted { community: CommunityId::new("bells"), patch: Box::new(bells) }));
        let shared = world(&facts);
        let person = shared.view().person("a newcomer").expect("they arrived");
        let page = answer(shared.view(), &own_query(shared.view(), person, as_of), 5);
        let bells = page.items.iter().position(|item| item.community.as_str() == "bells");
        prop_assert!(bells.is_some_and(|place| place < 3), "{:?}", page.items.iter().map(|i| &i.community).collect::<Vec<_>>());
        let item = &page.items[bells.unwrap_or(0)];
        prop_assert_eq!(item.ground, "close");
        prop_assert!(item.reasons.iter().any(|r| r.code == "topic" && r.text.contains("Campanology")), "{:?}", item.reasons);
    }
}

/// The World of `facts` without the record behind `proof`; the rows stay where they are.
fn without(
    facts: &[Fact],
    view: &View,
    person: PersonIx,
    community: CommunityIx,
    proof: Proof,
    as_of: Timestamp,
) -> World {
    let ids = |human: PersonIx| {
        view.accounts(human)
            .map(|ix| view.people.get(ix).id.clone())
            .collect::<Vec<_>>()
    };
    let place = |ix: CommunityIx| view.communities.get(ix).id.clone();
    let leaves = |human: PersonIx, community: CommunityIx| -> Vec<FactBody> {
        let body = |person| FactBody::MembershipRemoved {
            person,
            community: place(community),
            role: MemberRole::Member,
        };
        ids(human).into_iter().map(body).collect()
    };
    let bodies: Vec<FactBody> = match proof {
        Proof::Answer(answer) => vec![FactBody::AnswerDeleted {
            answer: view.answers.get(answer).id.clone(),
        }],
        Proof::Question(question) => vec![FactBody::QuestionDeleted {
            question: view.questions.get(question).id.clone(),
        }],
        Proof::Colleague(colleague) => leaves(colleague, community),
        Proof::Membership(own) => leaves(person, own),
        Proof::Invitation(to) => {
            let sent = view
                .proposals()
                .filter(|(_, who, proposal)| *who == person && proposal.community == place(to));
            let body =
                |(id, _, proposal): (&ProposalId, _, &antenne::world::ProposalState)| FactBody::ProposalDeclined {
                    proposal: id.clone(),
                    kind: proposal.kind,
                    person: proposal.person.clone(),
                    community: proposal.community.clone(),
                };
            sent.map(body).collect()
        }
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
            ids(person).into_iter().map(body).collect()
        }
        Proof::Interest(skill, stance) => {
            let skill = view.skills.get(skill).id.clone();
            let body = |person| FactBody::InterestWithdrawn {
                person,
                skill: skill.clone(),
                stance,
            };
            ids(person).into_iter().map(body).collect()
        }
        Proof::Participation(project) => {
            let project = view.projects.get(project).id.clone();
            let ends = |person: PersonId| {
                let project = project.clone();
                [ProjectRole::Lead, ProjectRole::Member].map(move |role| FactBody::ParticipationEnded {
                    person: person.clone(),
                    project: project.clone(),
                    role,
                })
            };
            ids(person).into_iter().flat_map(ends).collect()
        }
    };
    let mut world = world(facts);
    for (n, body) in bodies.into_iter().enumerate() {
        world.apply(fact(key("without", &n.to_string()), as_of, body));
    }
    world
}
