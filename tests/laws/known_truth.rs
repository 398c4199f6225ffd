//! Organisations in which it is known who should be proposed: one animator who will be away, and one member who is free,
//! there on those days, of another unit, and knows the subjects; among many who are not: more expert but without an hour
//! left, free but away on the same days, of the animator's own unit, or not to be named.

use crate::support::organisation::{fact, key};
use crate::support::world;
use antenne::domain::*;
use antenne::recommend::{CoAnimatorsRecommender, Manner, Tongue};
use antenne::signals::Viewer;
use antenne::signals::co_animators::CoAnimatorsQuery;
use antenne::signals::workload::Workload;
use antenne::world::{CommunityIx, PersonIx, View};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::Arc;

const WORLDS: u64 = 200;
/// Of each kind of others.
const OTHERS: usize = 32;
const TODAY: i32 = 20_000;
const HERE: &str = "pumps";
const TOPIC: &str = "cavitation";

/// Why somebody is in the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Right,
    Full,
    SameDays,
    SameUnit,
    OptedOut,
}

/// An organisation being told.
struct Story {
    facts: Vec<Fact>,
    rng: StdRng,
    away: DaySpan,
}

fn day(offset: i32) -> Day {
    Day::from_days(TODAY + offset)
}

fn now() -> Timestamp {
    day(0).start().plus_micros(9 * HOUR_MICROS)
}

impl Story {
    fn say(&mut self, days_ago: i32, body: FactBody) {
        let id = self.facts.len().to_string();
        let at = day(-days_ago).start().plus_micros(8 * HOUR_MICROS);
        self.facts.push(fact(key("story", &id), at, body));
    }

    fn person(&mut self, id: &str, unit: &str, site: &str) {
        let patch = PersonPatch {
            unit: Patch::Set(UnitPath::new(unit)),
            site: Patch::Set(site.into()),
            ..PersonPatch::default()
        };
        let person = PersonId::new(id);
        let patch = Box::new(patch);
        self.say(900, FactBody::PersonUpserted { person, patch });
    }

    fn joins(&mut self, person: &str, community: &str, role: MemberRole, days_ago: i32) {
        let body = FactBody::MembershipAdded {
            person: PersonId::new(person),
            community: CommunityId::new(community),
            role,
            since_unknown: false,
        };
        self.say(days_ago, body);
    }

    /// `person` answers `count` questions of `anna` in the community, within a year.
    fn answers(&mut self, person: &str, count: usize) {
        for n in 0..count {
            let (asked, id) = (self.rng.random_range(2..300), format!("{person}-{n}"));
            let patch = QuestionPatch {
                title: Patch::Set("Why does the pump rumble?".into()),
                tags: Patch::Set(vec![TOPIC.into()]),
                community: Patch::Set(CommunityId::new(HERE)),
                ..QuestionPatch::default()
            };
            let question = QuestionId::new(id.as_str());
            let created = FactBody::QuestionCreated {
                question: question.clone(),
                asker: PersonId::new("anna"),
                patch: Box::new(patch),
                anonymous: false,
            };
            self.say(asked, created);
            let answered = FactBody::AnswerCreated {
                answer: AnswerId::new(id.as_str()),
                question,
                author: PersonId::new(person),
                body: None,
                url: None,
            };
            self.say(asked - 1, answered);
        }
    }

    fn offers(&mut self, person: &str) {
        let offer = Offer {
            person: PersonId::new(person),
            communities: vec![CommunityId::new(HERE)],
            topics: vec![],
            hours_per_week: None,
            until: None,
        };
        let offer = Box::new(offer);
        self.say(20, FactBody::AnimationOffered { offer });
    }

    fn is_away(&mut self, person: &str, span: DaySpan) {
        let person = PersonId::new(person);
        self.say(3, FactBody::AbsenceSet { person, span });
    }

    fn community(&mut self, id: &str, kind: CommunityKind, topics: &[&str]) {
        let patch = CommunityPatch {
            kind: Patch::Set(kind),
            access: Patch::Set(Access::Open),
            topics: Patch::Set(topics.iter().map(|&topic| Arc::from(topic)).collect()),
            ..CommunityPatch::default()
        };
        let community = CommunityId::new(id);
        let patch = Box::new(patch);
        self.say(1000, FactBody::CommunityUpserted { community, patch });
    }

    /// One more member, as `part` wants them; volunteers offer.
    fn member(&mut self, id: &str, part: Part, volunteer: bool) {
        let elsewhere = self.rng.random_range(0..4);
        let (unit, site) = match part {
            Part::SameUnit => ("Works/Pumps".to_owned(), "Lyon".to_owned()),
            Part::Right => ("Lab/Fluids".to_owned(), "Nantes".to_owned()),
            _ => (format!("Dept/{elsewhere}"), format!("Site {elsewhere}")),
        };
        self.person(id, &unit, &site);
        let joined = self.rng.random_range(5..800);
        self.joins(id, HERE, MemberRole::Member, joined);
        for _ in 0..self.rng.random_range(0..5) {
            let other = format!("other-{}", self.rng.random_range(0..12));
            let joined = self.rng.random_range(5..800);
            self.joins(id, &other, MemberRole::Member, joined);
        }
        let answers = match part {
            Part::Full => self.rng.random_range(5..10),
            Part::OptedOut => self.rng.random_range(3..8),
            // Enough for a practice or a process to be about what they know.
            _ => self.rng.random_range(3..6),
        };
        self.answers(id, answers);
        if volunteer {
            self.offers(id);
        }
        match part {
            Part::Full => self.fill(id),
            Part::SameDays => self.is_away(id, self.away),
            Part::OptedOut => {
                let purpose = if self.rng.random() {
                    Purpose::CoAnimators
                } else {
                    Purpose::All
                };
                let preference = Preference {
                    allowed: false,
                    until: None,
                };
                let person = PersonId::new(id);
                self.say(
                    40,
                    FactBody::PreferenceSet {
                        person,
                        purpose,
                        preference,
                    },
                );
            }
            Part::Right if self.rng.random() => {
                // Away too, but on other days.
                let from = self.away.until().plus(3);
                self.is_away(id, DaySpan::new(from, from.plus(6)).unwrap());
            }
            Part::Right | Part::SameUnit => {}
        }
    }

    /// Leaves `id` without an hour: two other communities, or more declared hours than they want to give.
    fn fill(&mut self, id: &str) {
        let (one, two) = (format!("busy-{}", id.len() % 2), "busy-3");
        self.joins(id, &one, MemberRole::Animator, 400);
        if self.rng.random() {
            self.joins(id, two, MemberRole::Animator, 300);
            return;
        }
        let person = PersonId::new(id);
        let patch = CapacityPatch {
            animation_hours_per_week: Patch::Set(Hours::new(3.0).unwrap()),
            ..CapacityPatch::default()
        };
        self.say(
            100,
            FactBody::CapacitySet {
                person: person.clone(),
                patch,
            },
        );
        for week in 0..8 {
            let recorded = FactBody::AnimationRecorded {
                person: person.clone(),
                community: CommunityId::new(one.as_str()),
                hours: Hours::new(3.5).unwrap(),
                estimated: false,
            };
            self.say(7 * week + 1, recorded);
        }
    }
}

/// The organisation of `seed`: its facts, and the part of everybody but the animator.
fn organisation(seed: u64) -> (Vec<Fact>, Vec<(String, Part)>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let from = rng.random_range(5..30);
    let length = rng.random_range(15..40);
    let away = DaySpan::new(day(from), day(from + length)).unwrap();
    let facts = Vec::new();
    let mut story = Story { facts, rng, away };
    let kinds = [
        CommunityKind::Practice,
        CommunityKind::Interest,
        CommunityKind::Unspecified,
        CommunityKind::Process,
    ];
    let kind = kinds[story.rng.random_range(0..kinds.len())];
    story.community(HERE, kind, &[TOPIC]);
    story.person("anna", "Works/Pumps", "Lyon");
    story.joins("anna", HERE, MemberRole::Animator, 500);
    story.is_away("anna", away);
    let volunteers: bool = story.rng.random();
    let mut members = vec![(format!("p{:03}", story.rng.random_range(0..999)), Part::Right)];
    for part in [Part::Full, Part::SameDays, Part::SameUnit, Part::OptedOut] {
        for n in 0..OTHERS {
            members.push((format!("p{:03}-{n}", story.rng.random_range(0..999)), part));
        }
    }
    for (id, part) in &members {
        let offers = match part {
            Part::Right => volunteers,
            Part::SameUnit => volunteers && story.rng.random(),
            _ => story.rng.random(),
        };
        story.member(id, *part, offers);
    }
    (story.facts, members)
}

/// The first three of `people` by `value`, the largest first, ties by identifier.
fn first_three(view: &View, people: &[PersonIx], value: impl Fn(PersonIx) -> i64) -> Vec<String> {
    let mut sorted: Vec<(i64, String)> = people
        .iter()
        .map(|&p| (-value(p), view.person_id(p).to_string()))
        .collect();
    sorted.sort();
    sorted.into_iter().take(3).map(|(_, id)| id).collect()
}

/// What simple lines propose: newest member, longest tenure, most memberships, overlap with the animator, most answers.
fn lines(view: &View, community: CommunityIx) -> [Vec<String>; 5] {
    let anna = view.person("anna").unwrap();
    let members: Vec<PersonIx> = view
        .members_of(community)
        .into_iter()
        .map(|(p, _)| p)
        .filter(|&p| p != anna)
        .collect();
    let joined = |p| view.stays(p, community).map(|stay| stay.since.micros()).min().unwrap();
    let with_anna = view.communities_of(anna);
    [
        first_three(view, &members, joined),
        first_three(view, &members, |p| -joined(p)),
        first_three(view, &members, |p| view.communities_of(p).len() as i64),
        first_three(view, &members, |p| {
            view.communities_of(p).intersection(&with_anna).count() as i64
        }),
        first_three(view, &members, |p| i64::from(view.people.get(p).evidence.answers)),
    ]
}

#[test]
fn the_right_person_is_among_the_first_three_and_nobody_full_or_away_ever_is() {
    let recommender = CoAnimatorsRecommender::shipped().unwrap();
    let (mut found, mut simple) = (0, [0; 5]);
    for seed in 0..WORLDS {
        let (facts, members) = organisation(seed);
        let world = world(&facts);
        let view = world.view();
        let community = view.communities.find(HERE).unwrap();
        let query = CoAnimatorsQuery::of(view, community, now(), Viewer::default());
        let answer = recommender.answer(view, &query, Tongue::English, Manner::Vous);
        let right = &members[0].0;
        found += usize::from(answer.items.iter().any(|pick| pick.subject.as_str() == right));
        for pick in &answer.items {
            let id = pick.subject.as_str();
            let part = members.iter().find(|(other, _)| other == id).map(|(_, part)| *part);
            assert!(
                matches!(part, Some(Part::Right | Part::SameUnit)),
                "seed {seed}: {id} is {part:?}"
            );
            let person = view.person(id).unwrap();
            assert!(
                Workload::of(view, person, now()).slots() > 0,
                "seed {seed}: {id} is full"
            );
            assert!(!view.is_away(person, now()), "seed {seed}: {id} is away");
        }
        for (count, line) in simple.iter_mut().zip(lines(view, community)) {
            *count += usize::from(line.contains(right));
        }
    }
    let share = |count: usize| 100.0 * count as f64 / WORLDS as f64;
    let names = ["newest", "tenure", "memberships", "overlap", "answers"];
    let told: Vec<String> = names
        .iter()
        .zip(simple)
        .map(|(name, n)| format!("{name} {:.1} %", share(n)))
        .collect();
    println!(
        "the right person is among the first three in {:.1} % of {WORLDS} organisations; {}",
        share(found),
        told.join(", ")
    );
    assert!(share(found) >= 95.0, "{:.1} %", share(found));
    for (name, count) in names.iter().zip(simple) {
        assert!(share(count) <= 60.0, "{name}: {:.1} %", share(count));
    }
}

#[test]
fn were_absences_not_known_the_wrong_people_would_be_proposed() {
    // The test of the test: the same organisations without the facts that tell who is away, full or not to be named.
    let recommender = CoAnimatorsRecommender::shipped().unwrap();
    let mut wrong = 0;
    for seed in 0..20 {
        let (mut facts, members) = organisation(seed);
        facts.retain(|fact| {
            let kind = fact.body.kind();
            let telling = [
                EventType::AbsenceSet,
                EventType::PreferenceSet,
                EventType::AnimationRecorded,
            ];
            !telling.contains(&kind)
        });
        let world = world(&facts);
        let view = world.view();
        let community = view.communities.find(HERE).unwrap();
        let query = CoAnimatorsQuery::of(view, community, now(), Viewer::default());
        let answer = recommender.answer(view, &query, Tongue::English, Manner::Vous);
        let is_wrong = |id: &str| {
            members
                .iter()
                .any(|(other, part)| other == id && !matches!(part, Part::Right | Part::SameUnit))
        };
        wrong += answer
            .items
            .iter()
            .filter(|pick| is_wrong(pick.subject.as_str()))
            .count();
    }
    assert!(wrong > 20, "{wrong} of 60");
}
