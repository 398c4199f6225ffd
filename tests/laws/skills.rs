//! The laws of conclusions about skills, over seeded organisations with projects, statements, hidden and contested skills,
//! refusals and a sensitive community, into which messy facts of every type are mixed.

use crate::support::organisation::{Organisation, fact, key, messy_set};
use crate::support::tangle::tangled;
use crate::support::{after, shuffled, world};
use antenne::domain::*;
use antenne::pipeline::Order;
use antenne::recommend::{SkillsRecommender, Tongue};
use antenne::signals::Viewer;
use antenne::signals::skills::{Eyes, Holdings, Kind, SkillsOf, SkillsQuery, kind_of};
use antenne::world::{PersonIx, View};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const PEOPLE: usize = 20;
const SKILLS: usize = 8;
const PROJECTS: usize = 5;
/// A skill that nobody has but those who hide it.
const SECRET: &str = "secret";

fn organisation() -> impl Strategy<Value = Vec<Fact>> {
    (any::<u64>(), messy_set(30)).prop_map(|(seed, mess)| {
        let mut facts = furnished(seed);
        facts.extend(mess);
        facts
    })
}

/// People with statements, projects and refusals, grown from `seed`.
pub fn furnished(seed: u64) -> Vec<Fact> {
    let size = Organisation {
        people: PEOPLE,
        communities: 5,
        questions: 30,
        skills: SKILLS,
    };
    let mut facts = size.facts(seed);
    let mut rng = StdRng::seed_from_u64(seed ^ 0x0005_c111);
    let mut bodies = vec![
        described(SECRET, "Secret craft"),
        described("way", "Animation de communauté"),
    ];
    for n in 0..PROJECTS {
        let patch = ProjectPatch {
            topics: Patch::Set(vec![
                format!("craft{}", rng.random_range(0..SKILLS)).into(),
                "Secret craft".into(),
            ]),
            // The last community is sensitive, and so is what it accompanies.
            community: if n == 0 {
                Patch::Set(CommunityId::new("c4"))
            } else {
                Patch::Keep
            },
            ..ProjectPatch::default()
        };
        let (project, patch) = (ProjectId::new(format!("project{n}")), Box::new(patch));
        bodies.push(FactBody::ProjectUpserted { project, patch });
    }
    for n in 0..PEOPLE {
        of_person(n, &mut rng, &mut bodies);
    }
    let told = bodies.into_iter().enumerate();
    facts.extend(told.map(|(n, body)| fact(key("furniture", &format!("{n:04}")), hour(20 + n as i64), body)));
    facts
}

fn hour(hours: i64) -> Timestamp {
    Timestamp::from_micros(hours * 3_600_000_000)
}

fn described(skill: &str, label: &str) -> FactBody {
    let patch = SkillPatch {
        labels: Patch::Set(vec![("fr".into(), label.into())]),
        ..SkillPatch::default()
    };
    FactBody::SkillUpserted {
        skill: SkillId::new(skill),
        patch: Box::new(patch),
    }
}

fn stated(person: &str, skill: &str) -> FactBody {
    FactBody::SkillAsserted {
        person: PersonId::new(person),
        skill: SkillId::new(skill),
        origin: Origin::Declared,
        level: None,
        by: None,
    }
}

fn kept(person: &str, skill: &str) -> FactBody {
    FactBody::SkillVisibilitySet {
        person: PersonId::new(person),
        skill: SkillId::new(skill),
        audience: Audience::Me,
    }
}

fn of_person(n: usize, rng: &mut StdRng, bodies: &mut Vec<FactBody>) {
    let person = format!("p{n}");
    for _ in 0..3 {
        bodies.push(stated(&person, &format!("s{}", rng.random_range(0..SKILLS))));
    }
    if rng.random_range(0..2) == 0 {
        bodies.push(FactBody::ParticipationStarted {
            person: PersonId::new(&*person),
            project: ProjectId::new(format!("project{}", rng.random_range(0..PROJECTS))),
            role: ProjectRole::Member,
        });
    }
    if rng.random_range(0..4) == 0 {
        let skill = SkillId::new(format!("s{}", rng.random_range(0..SKILLS)));
        let person = PersonId::new(&*person);
        bodies.push(FactBody::SkillContested { person, skill });
    }
    if rng.random_range(0..6) == 0 {
        bodies.push(FactBody::PreferenceSet {
            person: PersonId::new(&*person),
            purpose: [Purpose::Inference, Purpose::Search, Purpose::All][rng.random_range(0..3)],
            preference: Preference {
                allowed: false,
                until: None,
            },
        });
    }
}

fn shipped() -> SkillsRecommender {
    SkillsRecommender::shipped().expect("the shipped weights are in order")
}

fn query(view: &View, person: PersonIx, at: Timestamp, own: bool) -> SkillsQuery {
    let viewer = Viewer {
        person: own.then_some(person),
        animates: vec![],
    };
    SkillsQuery::of(view, person, at, viewer, &mut Holdings::default())
}

/// The humans of the seeded organisation.
fn people(view: &View) -> Vec<PersonIx> {
    let mut people: Vec<PersonIx> = (0..PEOPLE).filter_map(|n| view.person(&format!("p{n}"))).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// What everybody but `except` is told of themself, and what is told of them to others.
fn told(view: &View, at: Timestamp, except: Option<PersonIx>) -> Vec<String> {
    let recommender = shipped();
    let others = people(view).into_iter().filter(|&person| Some(person) != except);
    let mut told: Vec<String> = others
        .map(|person| {
            let own = recommender.conclusions(view, &query(view, person, at, true), Tongue::French);
            let worded: Vec<_> = own
                .iter()
                .map(|c| {
                    (
                        view.skills.get(c.inferred.skill).id.clone(),
                        c.inferred.band,
                        c.inferred.sureness,
                        &c.reasons,
                    )
                })
                .collect();
            format!("{} {worded:?}", view.person_id(person))
        })
        .collect();
    told.sort();
    told
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn any_order_gives_the_same_bytes(facts in organisation(), seed in any::<u64>()) {
        let facts = tangled(&facts, seed);
        let at = after(&facts, 5);
        prop_assert_eq!(told(world(&facts).view(), at, None), told(world(&shuffled(&facts, seed)).view(), at, None));
    }

    #[test]
    fn a_hidden_skill_changes_no_byte_of_what_others_are_told(facts in organisation(), who in 0..PEOPLE) {
        let at = after(&facts, 5);
        let person = format!("p{who}");
        let mut hidden = facts.clone();
        hidden.push(fact(key("toggle", "1"), hour(100), kept(&person, SECRET)));
        let mut stating = hidden.clone();
        stating.push(fact(key("toggle", "2"), hour(101), stated(&person, SECRET)));
        let (without, with) = (world(&hidden), world(&stating));
        let except = |view: &View| view.person(&person);
        let before = told(without.view(), at, except(without.view()));
        let after = told(with.view(), at, except(with.view()));
        prop_assert_eq!(before, after);
        // To others' eyes the person too is as if it were not: figures and cards rest on nothing that is kept.
        let (a, b) = (except(without.view()), except(with.view()));
        for eyes in [Eyes::Organisation, Eyes::Animator, Eyes::Figures] {
            let shown = |view: &View, person: Option<PersonIx>| {
                let person = person?;
                let inferred = shipped().inferred(view, &query(view, person, at, false));
                let of = SkillsOf::of(view, person, eyes, inferred);
                let told = of.skills.iter().map(|held| (view.skills.get(held.skill).id.clone(), held.origins(), held.band()));
                Some(told.collect::<Vec<_>>())
            };
            prop_assert_eq!(shown(without.view(), a), shown(with.view(), b));
        }
    }

    #[test]
    fn nothing_is_concluded_that_is_contested_refused_or_of_a_kind_that_never_is(facts in organisation()) {
        let at = after(&facts, 5);
        let world = world(&facts);
        let view = world.view();
        for person in people(view) {
            let query = query(view, person, at, true);
            let inferred = shipped().inferred(view, &query);
            if !view.allows(person, Purpose::Inference, at) || view.has_left(person) {
                prop_assert!(inferred.is_empty() && query.deeds.is_empty() && query.near.is_empty());
            }
            for conclusion in &inferred {
                prop_assert!(!query.contested.contains(&conclusion.skill));
                prop_assert_eq!(kind_of(view, conclusion.skill), Kind::Craft);
                prop_assert!(!conclusion.facts.is_empty(), "nothing without a record");
                prop_assert_eq!(view.skill_root(conclusion.skill), conclusion.skill);
            }
        }
    }

    #[test]
    fn parts_sum_to_the_score_to_the_bit(facts in organisation()) {
        let at = after(&facts, 5);
        let world = world(&facts);
        let view = world.view();
        for person in people(view) {
            let query = query(view, person, at, true);
            let ranking = shipped().pipeline().run(view, &query, 20, Order::Score);
            for pick in &ranking.picks {
                let sum = pick.parts.iter().fold(0.0, |sum, part| sum + part.contribution);
                prop_assert_eq!(sum.to_bits(), pick.score.to_bits());
            }
        }
    }

    #[test]
    fn what_a_sensitive_community_knows_feeds_no_conclusion(seed in any::<u64>()) {
        let facts = furnished(seed);
        let at = after(&facts, 5);
        // The same organisation without that community: its questions never asked, nobody in it, its project without a topic.
        let sensitive = CommunityId::new("c4");
        let asked: Vec<QuestionId> = facts
            .iter()
            .filter_map(|fact| match &fact.body {
                FactBody::QuestionCreated { question, patch, .. } if patch.community == Patch::Set(sensitive.clone()) => {
                    Some(question.clone())
                }
                _ => None,
            })
            .collect();
        let kept: Vec<Fact> = facts
            .iter()
            .filter(|fact| match &fact.body {
                FactBody::MembershipAdded { community, .. } => *community != sensitive,
                FactBody::QuestionCreated { question, .. } => !asked.contains(question),
                FactBody::ParticipationStarted { project, .. } => project.as_str() != "project0",
                _ => true,
            })
            .cloned()
            .collect();
        prop_assert_eq!(told(world(&facts).view(), at, None), told(world(&kept).view(), at, None));
    }
}
