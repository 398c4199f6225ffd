//! The laws of "who could co-animate", over seeded organisations into which messy facts of every type are mixed.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, shuffled, world};
use antenne::domain::*;
use antenne::pipeline::Order;
use antenne::recommend::{CoAnimatorsAnswer, CoAnimatorsRecommender, Manner, Tongue};
use antenne::signals::Viewer;
use antenne::signals::co_animators::{CoAnimatorsQuery, Invited, Standing};
use antenne::world::{CommunityIx, PersonIx, View};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An organisation with a past, trouble mixed in, and people who animate, offer and are away.
pub(crate) fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    let size = Organisation {
        people: 24,
        communities: 5,
        questions: 30,
        skills: 6,
    };
    (any::<u64>(), messy_set(60)).prop_map(move |(seed, mess)| {
        let mut facts = size.facts(seed);
        facts.extend(mess);
        let (people, communities) = names(&facts);
        let at = after(&facts, 1);
        facts.extend(life(seed, at, &people, &communities));
        facts
    })
}

/// An organisation with a past in which people animate, offer and are away, grown from `seed`.
pub fn furnished(seed: u64) -> Vec<Fact> {
    let size = Organisation {
        people: 24,
        communities: 5,
        questions: 30,
        skills: 6,
    };
    let mut facts = size.facts(seed);
    let (people, communities) = names(&facts);
    let at = after(&facts, 1);
    facts.extend(life(seed, at, &people, &communities));
    facts
}

/// The people and communities that `facts` name, in order.
fn names(facts: &[Fact]) -> (Vec<PersonId>, Vec<CommunityId>) {
    let people: BTreeSet<PersonId> = facts.iter().flat_map(|fact| fact.body.people()).cloned().collect();
    let communities = facts.iter().filter_map(|fact| match &fact.body {
        FactBody::CommunityUpserted { community, .. } | FactBody::MembershipAdded { community, .. } => Some(community),
        _ => None,
    });
    let communities: BTreeSet<CommunityId> = communities.cloned().collect();
    (people.into_iter().collect(), communities.into_iter().collect())
}

/// Memberships, roles, kinds, offers, absences, limits and proposals of the last weeks before `at`.
fn life(seed: u64, at: Timestamp, people: &[PersonId], communities: &[CommunityId]) -> Vec<Fact> {
    let mut state = seed | 1;
    let mut roll = |sides: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % sides
    };
    let mut bodies = Vec::new();
    let kinds = [
        CommunityKind::Interest,
        CommunityKind::Practice,
        CommunityKind::Project,
        CommunityKind::Instance,
        CommunityKind::Watch,
        CommunityKind::Team,
        CommunityKind::Process,
        CommunityKind::Unspecified,
    ];
    for community in communities {
        let patch = CommunityPatch {
            kind: Patch::Set(kinds[roll(kinds.len())]),
            unit: Patch::Set(UnitPath::new(["G", "G/it", "G/hr"][roll(3)])),
            ..CommunityPatch::default()
        };
        let (community, patch) = (community.clone(), Box::new(patch));
        bodies.push(FactBody::CommunityUpserted { community, patch });
    }
    for person in people {
        for community in communities {
            let role = if roll(6) == 0 {
                MemberRole::Animator
            } else {
                MemberRole::Member
            };
            if roll(2) == 0 {
                let (person, community) = (person.clone(), community.clone());
                let since_unknown = roll(3) == 0;
                bodies.push(FactBody::MembershipAdded {
                    person,
                    community,
                    role,
                    since_unknown,
                });
            }
        }
        let (person, community) = (person.clone(), communities[roll(communities.len())].clone());
        bodies.push(match roll(9) {
            0 => FactBody::AnimationOffered {
                offer: Box::new(Offer {
                    person,
                    communities: vec![community],
                    topics: vec![],
                    hours_per_week: Hours::new(roll(4) as f64),
                    until: None,
                }),
            },
            1 => FactBody::PreferenceSet {
                person,
                purpose: [Purpose::CoAnimators, Purpose::All, Purpose::Search][roll(3)],
                preference: Preference {
                    allowed: roll(4) == 0,
                    until: None,
                },
            },
            2 => {
                let from = at.day().plus(roll(20) as i32 - 5);
                let span = DaySpan::new(from, from.plus(roll(60) as i32)).expect("in order");
                FactBody::AbsenceSet { person, span }
            }
            3 => FactBody::CapacitySet {
                person,
                patch: CapacityPatch {
                    animation_hours_per_week: Patch::Set(Hours::new(roll(5) as f64).expect("a few")),
                    ..CapacityPatch::default()
                },
            },
            4 | 5 => {
                let (proposal, kind) = (ProposalId::new(person.as_str()), ProposalKind::CoAnimator);
                if roll(2) == 0 {
                    FactBody::ProposalSent {
                        proposal,
                        kind,
                        person,
                        community,
                    }
                } else {
                    FactBody::ProposalDeclined {
                        proposal,
                        kind,
                        person,
                        community,
                    }
                }
            }
            6 => FactBody::AnimationRecorded {
                person,
                community,
                hours: Hours::new(roll(6) as f64).expect("a few"),
                estimated: false,
            },
            7 => FactBody::ContributionRecorded {
                contribution: Box::new(Contribution {
                    person,
                    place: ContributionPlace::Community(community),
                    count: 3,
                    topics: vec![],
                    form: Some([ContributionForm::Watch, ContributionForm::Practice][roll(2)]),
                }),
            },
            _ => {
                let patch = PersonPatch {
                    external: Patch::Set(roll(2) == 0),
                    heads: Patch::Set(vec![UnitPath::new(["G", "G/it"][roll(2)])]),
                    ..PersonPatch::default()
                };
                FactBody::PersonUpserted {
                    person,
                    patch: Box::new(patch),
                }
            }
        });
    }
    let told = bodies.into_iter().enumerate();
    told.map(|(n, body)| {
        let before = roll(200) as i64 * DAY_MICROS;
        fact(key("life", &n.to_string()), at.plus_micros(-before), body)
    })
    .collect()
}

fn recommender() -> CoAnimatorsRecommender {
    CoAnimatorsRecommender::shipped().expect("the shipped weights are in order")
}

fn query(view: &View, community: CommunityIx, as_of: Timestamp, places: usize) -> CoAnimatorsQuery {
    let mut query = CoAnimatorsQuery::of(view, community, as_of, Viewer::default());
    query.places = places;
    query
}

/// Every community, by identifier.
fn communities(view: &View) -> BTreeMap<String, CommunityIx> {
    view.communities
        .iter()
        .map(|(ix, node)| (node.id.to_string(), ix))
        .collect()
}

fn answer(view: &View, query: &CoAnimatorsQuery) -> CoAnimatorsAnswer {
    recommender().answer(view, query, Tongue::French, Manner::Vous)
}

/// The answers to every community, to the bit: numbers are written so that they are read back as they were.
fn answers(view: &View, as_of: Timestamp) -> String {
    let told = communities(view)
        .into_iter()
        .map(|(id, ix)| format!("{id} {:?}\n", answer(view, &query(view, ix, as_of, 4))));
    told.collect()
}

/// What speaks against proposing `person` where people have several accounts and anything may be taken back, read off what the
/// World shows of them. Rules of kinds, hours and company are reckoned from the facts alone in `eligible`.
fn objection(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Option<&'static str> {
    let as_of = query.as_of;
    let proposed = || {
        let mut own = view
            .proposals()
            .filter(|(_, p, state)| *p == person && state.kind == ProposalKind::CoAnimator);
        own.any(|(.., state)| {
            let days = |at: Timestamp| as_of.minutes_since(at) / 1440;
            let no = state.answered.is_some_and(|(yes, at)| !yes && days(at) < 180);
            no || days(state.at) < 30
        })
    };
    let role = view.role(person, query.community);
    let archived = view
        .communities
        .get(query.community)
        .state
        .as_ref()
        .is_some_and(|state| state.archived.is_some());
    [
        ("left", view.has_left(person)),
        ("animates it", role == Some(MemberRole::Animator)),
        ("a guest elsewhere", view.is_external(person) && role.is_none()),
        ("no access", view.is_private(query.community) && role.is_none()),
        ("opted out", !view.allows(person, Purpose::CoAnimators, as_of)),
        ("away", view.is_away(person, as_of)),
        ("proposed or declined lately", proposed()),
        ("archived", archived),
    ]
    .into_iter()
    .find_map(|(why, holds)| holds.then_some(why))
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn nobody_is_proposed_against_a_rule(facts in organisation(), places in 1_usize..7) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for ix in communities(view).into_values() {
            let query = query(view, ix, as_of, places);
            let answer = answer(view, &query);
            prop_assert!(answer.items.len() <= places);
            let mut asked = false;
            for pick in &answer.items {
                let person = view.person(pick.subject.as_str()).expect("somebody");
                prop_assert_eq!(objection(view, &query, person), None, "{}", pick.subject);
                prop_assert_eq!(pick.to_be_introduced, view.role(person, ix).is_none());
                // Volunteers of the community come before members to be asked, whom the kind does not name first.
                let invited = Invited::of(view, &query, person);
                if invited.standing != Standing::Natural {
                    let comes_first = invited.offered.is_some() && !pick.to_be_introduced;
                    prop_assert!(!(asked && comes_first && !pick.first_time), "{} comes too late", pick.subject);
                    asked |= invited.offered.is_none() && !pick.first_time;
                }
            }
        }
    }

    #[test]
    fn parts_sum_to_the_score_and_every_candidate_is_in_one_list(facts in organisation(), places in 0_usize..6) {
        let (world, as_of) = (world(&facts), after(&facts, 5));
        let view = world.view();
        for ix in communities(view).into_values() {
            let query = query(view, ix, as_of, places.max(1));
            let recommender = recommender();
            let candidates = recommender.pipeline().candidates(view, &query);
            let ranking = recommender.pipeline().run(view, &query, places, Order::Waves);
            let shown = ranking.picks.iter().chain(&ranking.reserve).map(|placed| placed.subject);
            let mut all: Vec<PersonIx> = shown.chain(ranking.dropped.iter().map(|(person, _)| *person)).collect();
            all.sort_unstable();
            prop_assert_eq!(all, candidates);
            for pick in answer(view, &query).items {
                let sum: f64 = pick.reasons.iter().map(|reason| reason.contribution).sum();
                prop_assert!((sum - pick.score).abs() < 1e-9, "{} and {}", sum, pick.score);
            }
        }
    }

    #[test]
    fn any_order_and_a_rebuild_give_the_same_bytes(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let as_of = after(&facts, 5);
        let one = world(&facts);
        let wanted = answers(one.view(), as_of);
        prop_assert!(wanted == answers(world(&shuffled(&facts, seed)).view(), as_of), "the order of arrival shows");
        prop_assert!(wanted == answers(&one.rebuilt(), as_of), "a rebuild shows");
    }

    #[test]
    fn whoever_objects_is_gone_and_named_nowhere(facts in organisation(), which in any::<usize>()) {
        let (mut world, as_of) = (world(&facts), after(&facts, 5));
        let named: Vec<PersonId> = communities(world.view()).into_values()
            .flat_map(|ix| answer(world.view(), &query(world.view(), ix, as_of, 3)).items)
            .map(|pick| pick.subject).collect();
        prop_assume!(!named.is_empty());
        let person = named[which % named.len()].clone();
        for purpose in [Purpose::CoAnimators, Purpose::All] {
            let preference = Preference { allowed: false, until: None };
            let body = FactBody::PreferenceSet { person: person.clone(), purpose, preference };
            world.apply(fact(key("will", &format!("{purpose:?}")), as_of, body));
        }
        let mine = format!("{person:?}");
        let told = answers(world.view(), as_of);
        prop_assert!(!told.contains(&format!("subject: {mine}")), "{mine} is proposed");
        prop_assert!(!told.contains(&format!("beside: Some(Someone {{ person: {mine}")), "{mine} would accompany somebody");
    }
}
