//! Organisations for tests, as plain facts: messy ones drawn by proptest, and plausible ones grown from a seed.
//!
//! Both are made of the same draws: [`body`] turns an event type and a handful of bytes into a fact's body over small
//! pools of identifiers, so that facts meet, repeat and contradict each other. The match over types is exhaustive: a new
//! event type does not compile until it is drawn too.

use antenne::domain::*;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Microseconds in an hour.
const HOUR: i64 = 3_600_000_000;
/// Bytes that a fact's body may use up.
const BYTES: usize = 24;

/// Types that make facts meet come more often than once in fifty-one.
const FREQUENT: &[(EventType, usize)] = &[
    (EventType::PersonUpserted, 3),
    (EventType::IdentityLinked, 4),
    (EventType::IdentityUnlinked, 2),
    (EventType::UnitRenamed, 3),
    (EventType::SkillUpserted, 2),
    (EventType::SkillMerged, 3),
    (EventType::CommunityUpserted, 4),
    (EventType::MembershipAdded, 4),
    (EventType::MembershipRemoved, 2),
    (EventType::QuestionCreated, 10),
    (EventType::QuestionEdited, 4),
    (EventType::QuestionDeleted, 1),
    (EventType::AnswerCreated, 14),
    (EventType::AnswerAccepted, 3),
    (EventType::PreferenceSet, 2),
    (EventType::FactRetracted, 8),
];

/// Bytes read as choices.
pub struct Dice<'a> {
    bytes: &'a [u8],
    next: usize,
}

impl<'a> Dice<'a> {
    /// Dice that roll `bytes`, over and over; there must be some.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0 }
    }

    fn roll(&mut self, sides: usize) -> usize {
        let byte = self.bytes[self.next % self.bytes.len()];
        self.next += 1;
        usize::from(byte) % sides
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }

    fn maybe(&mut self) -> bool {
        self.roll(2) == 0
    }

    fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.maybe().then(|| make(self))
    }

    fn patch<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Patch<T> {
        match self.roll(5) {
            0 => Patch::Keep,
            1 => Patch::Clear,
            _ => Patch::Set(make(self)),
        }
    }

    fn list<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.roll(most + 1)).map(|_| make(self)).collect()
    }

    fn word(&mut self) -> Arc<str> {
        self.one(WORDS).into()
    }

    fn words(&mut self, most: usize) -> Arc<str> {
        self.list(most, Self::word).join(" ").into()
    }

    fn tags(&mut self) -> Vec<Arc<str>> {
        self.list(3, |d| {
            d.one(&["Rust", "rust", "C++", "Base_de données", "base-de-donnees", "-"])
                .into()
        })
    }

    fn language(&mut self) -> Arc<str> {
        self.one(&["fr", "en", "fr-CA"]).into()
    }

    fn text(&mut self) -> Text {
        let excerpt = self.words(7);
        let mut hash = [0; 16];
        hash[..8].copy_from_slice(&fingerprint(&excerpt).to_le_bytes());
        let language = self.some(|d| d.one(&["fr", "en"]).into());
        Text {
            excerpt,
            hash,
            language,
        }
    }

    fn day(&mut self) -> Day {
        Day::from_days(self.roll(14) as i32)
    }

    fn span(&mut self) -> DaySpan {
        let from = self.day();
        DaySpan::new(from, from.plus(self.roll(5) as i32)).expect("a length is never negative")
    }

    fn hours(&mut self) -> Hours {
        Hours::new(self.roll(9) as f64 / 2.0).expect("a few hours fit into a week")
    }

    fn unit(&mut self) -> UnitPath {
        UnitPath::new(self.one(&["G", "G/it", "G/it/data", "G/hr", "G/itinerant"]))
    }

    fn person(&mut self) -> PersonId {
        PersonId::new(format!("p{}", self.roll(6)))
    }

    fn skill(&mut self) -> SkillId {
        SkillId::new(format!("s{}", self.roll(4)))
    }

    fn project(&mut self) -> ProjectId {
        ProjectId::new(format!("j{}", self.roll(2)))
    }

    fn community(&mut self) -> CommunityId {
        CommunityId::new(format!("c{}", self.roll(3)))
    }

    fn question(&mut self) -> QuestionId {
        QuestionId::new(format!("q{}", self.roll(4)))
    }

    fn answer(&mut self) -> AnswerId {
        AnswerId::new(format!("a{}", self.roll(6)))
    }

    fn ask(&mut self) -> AskId {
        AskId::new(format!("k{}", self.roll(3)))
    }

    fn proposal(&mut self) -> ProposalId {
        ProposalId::new(format!("o{}", self.roll(2)))
    }

    fn role(&mut self) -> MemberRole {
        self.one(&[MemberRole::Member, MemberRole::Animator])
    }

    fn reason(&mut self) -> Option<DeclineReason> {
        self.some(|d| d.one(&[DeclineReason::NotMySkill, DeclineReason::Overloaded]))
    }

    fn target(&mut self) -> VoteTarget {
        if self.maybe() {
            VoteTarget::Answer(self.answer())
        } else {
            VoteTarget::Question(self.question())
        }
    }

    fn offer(&mut self) -> Box<Offer> {
        Box::new(Offer {
            person: self.person(),
            communities: self.list(2, Self::community),
            topics: self.tags(),
            hours_per_week: self.some(Self::hours),
            until: self.some(Self::day),
        })
    }

    fn question_patch(&mut self) -> Box<QuestionPatch> {
        Box::new(QuestionPatch {
            title: self.patch(|d| d.words(4)),
            body: self.patch(Self::text),
            tags: self.patch(Self::tags),
            community: self.patch(Self::community),
            language: if self.roll(3) == 0 {
                self.patch(Self::language)
            } else {
                Patch::Keep
            },
            url: Patch::Keep,
        })
    }

    fn person_patch(&mut self) -> Box<PersonPatch> {
        Box::new(PersonPatch {
            name: self.patch(Self::word),
            unit: self.patch(Self::unit),
            site: self.patch(Self::word),
            title: self.patch(Self::word),
            employer: self.patch(Self::word),
            status: self.patch(Self::word),
            languages: self.patch(|d| d.list(2, Self::language)),
            time_zone: self.patch(|d| d.one(&["Europe/Paris", "Pacific/Auckland", "Nowhere/Atall"]).into()),
            joined: self.patch(Self::day),
            external: self.patch(Self::maybe),
            heads: self.patch(|d| d.list(2, Self::unit)),
            url: self.patch(Self::word),
        })
    }

    fn community_patch(&mut self) -> Box<CommunityPatch> {
        Box::new(CommunityPatch {
            sensitive: self.patch(Self::maybe),
            name: self.patch(Self::word),
            description: self.patch(|d| d.words(4)),
            kind: self.patch(|d| d.one(&[CommunityKind::Practice, CommunityKind::Watch])),
            access: self.patch(|d| d.one(&[Access::Open, Access::Request, Access::Private])),
            topics: self.patch(Self::tags),
            language: self.patch(Self::language),
            unit: self.patch(Self::unit),
            project: self.patch(Self::project),
            sponsor: self.patch(Self::person),
            charter_url: self.patch(Self::word),
            url: self.patch(Self::word),
        })
    }
}

const WORDS: &[&str] = &[
    "index",
    "indexes",
    "serveur",
    "serveurs",
    "Rust",
    "C++",
    "latence",
    "the",
    "réseau",
    "deploy",
    "deployment",
];

/// The body of a fact of type `kind`, chosen by `dice`; a retraction targets one of `keys`.
pub fn body(kind: EventType, dice: &mut Dice<'_>, keys: &[EventKey]) -> FactBody {
    use EventType as E;
    use FactBody as F;
    let d = dice;
    match kind {
        E::PersonUpserted => F::PersonUpserted {
            person: d.person(),
            patch: d.person_patch(),
        },
        E::PersonLeft => F::PersonLeft { person: d.person() },
        E::IdentityLinked => F::IdentityLinked {
            person: d.person(),
            same_as: d.person(),
        },
        E::IdentityUnlinked => F::IdentityUnlinked {
            person: d.person(),
            same_as: d.person(),
        },
        E::UnitRenamed => F::UnitRenamed {
            from: d.unit(),
            to: d.unit(),
        },
        E::SkillUpserted => F::SkillUpserted {
            skill: d.skill(),
            patch: skill_patch(d),
        },
        E::SkillAsserted => F::SkillAsserted {
            person: d.person(),
            skill: d.skill(),
            origin: d.one(&[Origin::Declared, Origin::Endorsed, Origin::Imported]),
            level: d.some(|d| Level::new(d.roll(5) as f64 / 4.0).expect("quarters of one")),
            by: d.some(Dice::person),
        },
        E::SkillRetracted => F::SkillRetracted {
            person: d.person(),
            skill: d.skill(),
            origin: d.one(&[Origin::Declared, Origin::Endorsed, Origin::Imported]),
            by: d.some(Dice::person),
        },
        E::SkillMerged => F::SkillMerged {
            skill: d.skill(),
            into: d.skill(),
        },
        E::InterestDeclared => F::InterestDeclared {
            person: d.person(),
            skill: d.skill(),
            stance: stance(d),
        },
        E::InterestWithdrawn => F::InterestWithdrawn {
            person: d.person(),
            skill: d.skill(),
            stance: stance(d),
        },
        E::ProjectUpserted => F::ProjectUpserted {
            project: d.project(),
            patch: Box::new(ProjectPatch {
                name: d.patch(Dice::word),
                topics: d.patch(Dice::tags),
                community: d.patch(Dice::community),
                unit: d.patch(Dice::unit),
                starts: d.patch(Dice::day),
                ends: d.patch(Dice::day),
            }),
        },
        E::ParticipationStarted => F::ParticipationStarted {
            person: d.person(),
            project: d.project(),
            role: part(d),
        },
        E::ParticipationEnded => F::ParticipationEnded {
            person: d.person(),
            project: d.project(),
            role: part(d),
        },
        _ => body_of_talk(kind, d, keys),
    }
}

fn skill_patch(d: &mut Dice<'_>) -> Box<SkillPatch> {
    Box::new(SkillPatch {
        labels: d.patch(|d| vec![("en".into(), d.word()), ("fr".into(), d.words(2))]),
        aliases: d.patch(|d| d.list(2, Dice::word)),
        broader: d.patch(|d| d.list(2, Dice::skill)),
        uri: d.patch(Dice::word),
    })
}

fn stance(d: &mut Dice<'_>) -> Stance {
    d.one(&[Stance::CanHelp, Stance::Follows])
}

fn part(d: &mut Dice<'_>) -> ProjectRole {
    d.one(&[ProjectRole::Lead, ProjectRole::Member])
}

/// Communities, questions and answers.
fn body_of_talk(kind: EventType, d: &mut Dice<'_>, keys: &[EventKey]) -> FactBody {
    use EventType as E;
    use FactBody as F;
    match kind {
        E::CommunityUpserted => F::CommunityUpserted {
            community: d.community(),
            patch: d.community_patch(),
        },
        E::CommunityObjectiveSet => F::CommunityObjectiveSet {
            community: d.community(),
            objective: Box::new(Objective {
                problem: d.words(3),
                measure: d.one(&[ObjectiveMeasure::FirstAnswer, ObjectiveMeasure::Holders]),
                target_micros: d.some(|d| d.roll(9) as i64),
                review: d.some(Dice::day),
            }),
        },
        E::CommunityArchived => F::CommunityArchived {
            community: d.community(),
        },
        E::MembershipAdded => F::MembershipAdded {
            person: d.person(),
            community: d.community(),
            role: d.role(),
            since_unknown: d.maybe(),
        },
        E::MembershipRemoved => F::MembershipRemoved {
            person: d.person(),
            community: d.community(),
            role: d.role(),
        },
        E::QuestionCreated => F::QuestionCreated {
            question: d.question(),
            asker: d.person(),
            patch: d.question_patch(),
            anonymous: d.maybe(),
        },
        E::QuestionEdited => F::QuestionEdited {
            question: d.question(),
            patch: d.question_patch(),
        },
        E::QuestionDeleted => F::QuestionDeleted { question: d.question() },
        E::QuestionClosed => F::QuestionClosed { question: d.question() },
        E::QuestionReopened => F::QuestionReopened { question: d.question() },
        E::AnswerCreated => F::AnswerCreated {
            answer: d.answer(),
            question: d.question(),
            author: d.person(),
            body: d.some(Dice::text),
            url: d.some(Dice::word),
        },
        E::AnswerDeleted => F::AnswerDeleted { answer: d.answer() },
        E::AnswerAccepted => F::AnswerAccepted { answer: d.answer() },
        E::AnswerUnaccepted => F::AnswerUnaccepted { answer: d.answer() },
        E::AnswerScored => F::AnswerScored {
            answer: d.answer(),
            score: d.roll(20) as i64 - 5,
        },
        E::VoteAdded => F::VoteAdded {
            target: d.target(),
            voter: d.person(),
            up: d.maybe(),
        },
        E::VoteRemoved => F::VoteRemoved {
            target: d.target(),
            voter: d.person(),
        },
        _ => body_of_wish(kind, d, keys),
    }
}

/// What is recorded, offered, wished, invited and undone.
fn body_of_wish(kind: EventType, d: &mut Dice<'_>, keys: &[EventKey]) -> FactBody {
    use EventType as E;
    use FactBody as F;
    match kind {
        E::ContributionRecorded => F::ContributionRecorded {
            contribution: Box::new(Contribution {
                person: d.person(),
                place: match d.roll(3) {
                    0 => ContributionPlace::Community(d.community()),
                    1 => ContributionPlace::Project(d.project()),
                    _ => ContributionPlace::Unspecified,
                },
                count: 1 + d.roll(4) as u32,
                topics: d.tags(),
                form: d.some(|d| d.one(&[ContributionForm::Watch, ContributionForm::Minutes])),
            }),
        },
        E::AnimationRecorded => F::AnimationRecorded {
            person: d.person(),
            community: d.community(),
            hours: d.hours(),
            estimated: d.maybe(),
        },
        E::AnimationOffered => F::AnimationOffered { offer: d.offer() },
        E::AnimationWithdrawn => F::AnimationWithdrawn { offer: d.offer() },
        E::AbsenceSet => F::AbsenceSet {
            person: d.person(),
            span: d.span(),
        },
        E::AbsenceCleared => F::AbsenceCleared {
            person: d.person(),
            span: d.span(),
        },
        E::CapacitySet => F::CapacitySet {
            person: d.person(),
            patch: CapacityPatch {
                asks_per_week: d.patch(|d| d.roll(9) as u32),
                animation_hours_per_week: d.patch(Dice::hours),
            },
        },
        E::PreferenceSet => F::PreferenceSet {
            person: d.person(),
            purpose: d.one(&[Purpose::Experts, Purpose::Inference, Purpose::All]),
            preference: Preference {
                allowed: d.maybe(),
                until: d.some(Dice::day),
            },
        },
        E::SkillVisibilitySet => F::SkillVisibilitySet {
            person: d.person(),
            skill: d.skill(),
            audience: d.one(&[Audience::Me, Audience::Animators, Audience::Organisation]),
        },
        E::SkillContested => F::SkillContested {
            person: d.person(),
            skill: d.skill(),
        },
        E::SkillConfirmed => F::SkillConfirmed {
            person: d.person(),
            skill: d.skill(),
        },
        E::AskSent => F::AskSent {
            ask: d.ask(),
            question: d.question(),
            person: d.person(),
            recommendation: None,
        },
        E::AskAnswered => F::AskAnswered {
            ask: d.ask(),
            reason: d.reason(),
        },
        E::AskDeclined => F::AskDeclined {
            ask: d.ask(),
            reason: d.reason(),
        },
        E::AskReferred => F::AskReferred {
            ask: d.ask(),
            to: d.person(),
        },
        E::FactRetracted => F::FactRetracted { target: d.one(keys) },
        E::FeedbackGiven => F::FeedbackGiven {
            recommendation: RecommendationId::new(format!("r{}", d.roll(2))),
            subject: d.word(),
            verdict: d.one(&[Verdict::Accepted, Verdict::NotRelevant]),
            by: d.some(Dice::person),
        },
        _ => body_of_proposal(kind, d),
    }
}

fn body_of_proposal(kind: EventType, d: &mut Dice<'_>) -> FactBody {
    let (proposal, person, community) = (d.proposal(), d.person(), d.community());
    let answer = kind;
    let kind = d.one(&[ProposalKind::CoAnimator, ProposalKind::Community]);
    match answer {
        EventType::ProposalSent => FactBody::ProposalSent {
            proposal,
            kind,
            person,
            community,
        },
        EventType::ProposalAccepted => FactBody::ProposalAccepted {
            proposal,
            kind,
            person,
            community,
        },
        EventType::ProposalDeclined => FactBody::ProposalDeclined {
            proposal,
            kind,
            person,
            community,
        },
        other => unreachable!("{} is drawn by nobody", other.name()),
    }
}

/// A fact whose content hash is a function of what it says.
pub fn fact(key: EventKey, at: Timestamp, body: FactBody) -> Fact {
    let mut content = [0; 16];
    content[..8].copy_from_slice(&fingerprint(&(at, &body)).to_le_bytes());
    Fact { key, at, content, body }
}

/// The key `id` of `source`.
pub fn key(source: &str, id: &str) -> EventKey {
    EventKey {
        source: source.into(),
        id: id.into(),
    }
}

fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One fact before its body is made: type, source, id, instant, bytes.
type Draw = (EventType, bool, u16, i64, [u8; BYTES]);

/// Every type of event, the ones that make facts meet several times.
pub fn deck() -> Vec<EventType> {
    let frequent = FREQUENT.iter().flat_map(|&(kind, times)| vec![kind; times]);
    EventType::ALL.iter().copied().chain(frequent).collect()
}

fn facts_of(draws: &[Draw]) -> Vec<Fact> {
    let key_of = |&(_, other, id, ..): &Draw| key(if other { "b" } else { "a" }, &id.to_string());
    let mut keys: Vec<EventKey> = draws.iter().map(key_of).collect();
    keys.push(key("a", "never came"));
    let made = draws.iter().map(|draw| {
        let &(kind, .., slot, ref bytes) = draw;
        // Three hours of the day, so that instants coincide and local days differ from UTC ones.
        let at = Timestamp::from_micros((slot / 3 * 24 + [0, 9, 23][(slot % 3) as usize]) * HOUR);
        fact(key_of(draw), at, body(kind, &mut Dice::new(bytes), &keys))
    });
    made.collect()
}

fn draw() -> impl Strategy<Value = Draw> {
    let kind = prop::sample::select(deck());
    (kind, any::<bool>(), 0..120_u16, 0..30_i64, any::<[u8; BYTES]>())
}

/// At most `most` facts of every type in any order, some under the same key.
pub fn messy(most: usize) -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(draw(), 1..=most).prop_map(|draws| facts_of(&draws))
}

/// At most `most` facts of every type in any order, each under a key of its own.
pub fn messy_set(most: usize) -> impl Strategy<Value = Vec<Fact>> {
    messy(most).prop_map(distinct)
}

/// The first fact under each key.
pub fn distinct(facts: Vec<Fact>) -> Vec<Fact> {
    let mut seen = HashSet::new();
    facts.into_iter().filter(|fact| seen.insert(fact.key.clone())).collect()
}

/// `count` messy facts of the types in `deck`, grown from `seed`, each under a key of its own.
pub fn seeded_mess(seed: u64, count: usize, deck: &[EventType]) -> Vec<Fact> {
    let mut rng = StdRng::seed_from_u64(seed);
    let draws: Vec<Draw> = (0..count)
        .map(|n| {
            let mut bytes = [0; BYTES];
            rng.fill(&mut bytes[..]);
            let kind = deck[rng.random_range(0..deck.len())];
            (kind, rng.random(), n as u16, rng.random_range(0..30), bytes)
        })
        .collect();
    facts_of(&draws)
}

/// The size of a plausible organisation.
#[derive(Clone, Copy, Debug)]
pub struct Organisation {
    /// Accounts; every tenth human has two.
    pub people: usize,
    /// Communities; the last one is sensitive.
    pub communities: usize,
    /// Questions, an hour apart, each with up to four answers.
    pub questions: usize,
    /// Skills, used as tags too.
    pub skills: usize,
}

impl Organisation {
    /// Its facts, grown from `seed`, in the order of time.
    pub fn facts(&self, seed: u64) -> Vec<Fact> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut bodies: Vec<(i64, FactBody)> = self.directory(&mut rng);
        for n in 0..self.questions {
            self.thread(n, &mut rng, &mut bodies);
        }
        bodies.sort_by_key(|(at, _)| *at);
        let numbered = bodies.into_iter().enumerate();
        numbered
            .map(|(n, (at, body))| fact(key("org", &format!("{n:06}")), Timestamp::from_micros(at), body))
            .collect()
    }

    fn person(&self, rng: &mut StdRng) -> PersonId {
        PersonId::new(format!("p{}", rng.random_range(0..self.people)))
    }

    fn community(&self, rng: &mut StdRng) -> CommunityId {
        CommunityId::new(format!("c{}", rng.random_range(0..self.communities)))
    }

    fn directory(&self, rng: &mut StdRng) -> Vec<(i64, FactBody)> {
        let mut bodies = Vec::new();
        for n in 0..self.skills {
            let patch = SkillPatch {
                labels: Patch::Set(vec![("en".into(), format!("craft{n}").into())]),
                ..SkillPatch::default()
            };
            bodies.push((
                0,
                FactBody::SkillUpserted {
                    skill: SkillId::new(format!("s{n}")),
                    patch: Box::new(patch),
                },
            ));
        }
        for n in 0..self.communities {
            let patch = CommunityPatch {
                name: Patch::Set(format!("Circle {n}").into()),
                sensitive: Patch::Set(n + 1 == self.communities),
                ..CommunityPatch::default()
            };
            let community = CommunityId::new(format!("c{n}"));
            bodies.push((
                0,
                FactBody::CommunityUpserted {
                    community,
                    patch: Box::new(patch),
                },
            ));
        }
        for n in 0..self.people {
            let person = PersonId::new(format!("p{n}"));
            let patch = PersonPatch {
                name: Patch::Set(format!("Person {n}").into()),
                unit: Patch::Set(UnitPath::new(format!("G/u{}", n % 4))),
                ..PersonPatch::default()
            };
            bodies.push((
                HOUR,
                FactBody::PersonUpserted {
                    person: person.clone(),
                    patch: Box::new(patch),
                },
            ));
            bodies.push((
                2 * HOUR,
                FactBody::MembershipAdded {
                    person: person.clone(),
                    community: self.community(rng),
                    role: if n % 7 == 0 {
                        MemberRole::Animator
                    } else {
                        MemberRole::Member
                    },
                    since_unknown: false,
                },
            ));
            if n % 10 == 9 {
                let same_as = PersonId::new(format!("p{}", n - 1));
                bodies.push((3 * HOUR, FactBody::IdentityLinked { person, same_as }));
            }
        }
        bodies
    }

    fn thread(&self, n: usize, rng: &mut StdRng, bodies: &mut Vec<(i64, FactBody)>) {
        let (question, asked) = (QuestionId::new(format!("q{n}")), (4 + n as i64) * HOUR);
        let topic = rng.random_range(0..self.skills);
        let patch = QuestionPatch {
            title: Patch::Set(format!("How does craft{topic} behave with craft{}?", n % self.skills).into()),
            tags: Patch::Set(vec![format!("craft{topic}").into()]),
            community: Patch::Set(self.community(rng)),
            language: Patch::Set("en".into()),
            ..QuestionPatch::default()
        };
        let asker = self.person(rng);
        let created = FactBody::QuestionCreated {
            question: question.clone(),
            asker,
            patch: Box::new(patch),
            anonymous: false,
        };
        bodies.push((asked, created));
        for m in 0..rng.random_range(0..5) {
            let answer = AnswerId::new(format!("a{n}-{m}"));
            let at = asked + rng.random_range(1..200) * 60_000_000;
            bodies.push((
                at,
                FactBody::AnswerCreated {
                    answer: answer.clone(),
                    question: question.clone(),
                    author: self.person(rng),
                    body: None,
                    url: None,
                },
            ));
            match rng.random_range(0..6) {
                0 => bodies.push((at + HOUR, FactBody::AnswerAccepted { answer })),
                1 => bodies.push((at + HOUR, FactBody::AnswerDeleted { answer })),
                2 => bodies.push((
                    at + HOUR,
                    FactBody::VoteAdded {
                        target: VoteTarget::Answer(answer),
                        voter: self.person(rng),
                        up: true,
                    },
                )),
                _ => {}
            }
        }
    }
}
