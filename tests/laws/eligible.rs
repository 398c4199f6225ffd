//! Who may be proposed to animate a community, reckoned a second time from the facts alone: the rules of the seven kinds, hours,
//! absences, wills, proposals, and company for whoever begins.
//!
//! The organisations are tidy: everybody has one account, nothing is taken back, no two facts share an instant. So each rule is
//! a few lines over the facts, and nothing of the service's own reading of them is used. Both must let in exactly the same
//! people; and a service that does not know one kind of fact, or takes one kind of community for another, is found out.

use crate::support::organisation::{fact, key};
use crate::support::world;
use antenne::domain::*;
use antenne::pipeline::Order;
use antenne::recommend::{CoAnimatorsRecommender, Manner, Tongue};
use antenne::signals::Viewer;
use antenne::signals::co_animators::CoAnimatorsQuery;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: usize = 26;
const FIRST_DAY: i32 = 19_000;
/// Days between the first fact and the question.
const DAYS: i32 = 700;
/// Days ahead that are looked at.
const AHEAD: i32 = 90;
/// One community of each.
const KINDS: [CommunityKind; 8] = [
    CommunityKind::Interest,
    CommunityKind::Practice,
    CommunityKind::Project,
    CommunityKind::Instance,
    CommunityKind::Watch,
    CommunityKind::Team,
    CommunityKind::Process,
    CommunityKind::Unspecified,
];

fn now() -> Timestamp {
    Day::from_days(FIRST_DAY + DAYS).start().plus_micros(9 * HOUR_MICROS)
}

fn days_ago(at: Timestamp) -> f64 {
    (now().micros() - at.micros()) as f64 / DAY_MICROS as f64
}

/// An organisation being told.
struct Story {
    facts: Vec<Fact>,
    rng: StdRng,
}

impl Story {
    fn say(&mut self, ago: i32, body: FactBody) {
        let n = self.facts.len();
        // A second each: no two facts share an instant.
        let at = Day::from_days(FIRST_DAY + DAYS - ago)
            .start()
            .plus_micros(n as i64 * 1_000_000);
        self.facts.push(fact(key("tidy", &n.to_string()), at, body));
    }

    /// Whether one in `of` times.
    fn one_in(&mut self, of: usize) -> bool {
        self.rng.random_range(0..of) == 0
    }

    fn unit(&mut self) -> UnitPath {
        UnitPath::new(["G", "G/it", "G/it/dev", "G/hr"][self.rng.random_range(0..4)])
    }

    fn community(&mut self, n: usize) {
        let mut patch = CommunityPatch {
            name: Patch::Set(format!("Circle {n}").into()),
            kind: Patch::Set(KINDS[n]),
            topics: Patch::Set(vec![format!("craft{n}").into()]),
            ..CommunityPatch::default()
        };
        if self.one_in(2) {
            patch.unit = Patch::Set(self.unit());
        }
        if self.one_in(5) {
            patch.access = Patch::Set(Access::Private);
        }
        let community = CommunityId::new(format!("c{n}"));
        self.say(
            690,
            FactBody::CommunityUpserted {
                community: community.clone(),
                patch: Box::new(patch),
            },
        );
        let (project, skill) = (ProjectId::new(format!("r{n}")), SkillId::new(format!("s{n}")));
        let patch = ProjectPatch {
            community: Patch::Set(community.clone()),
            ..ProjectPatch::default()
        };
        self.say(
            689,
            FactBody::ProjectUpserted {
                project,
                patch: Box::new(patch),
            },
        );
        let labels = Patch::Set(vec![("en".into(), format!("craft{n}").into())]);
        let patch = SkillPatch {
            labels,
            ..SkillPatch::default()
        };
        self.say(
            689,
            FactBody::SkillUpserted {
                skill,
                patch: Box::new(patch),
            },
        );
        if self.one_in(12) {
            self.say(3, FactBody::CommunityArchived { community });
        }
    }

    fn person(&mut self, n: usize) {
        let person = PersonId::new(format!("p{n:02}"));
        let mut patch = PersonPatch {
            unit: Patch::Set(self.unit()),
            ..PersonPatch::default()
        };
        if self.one_in(4) {
            patch.heads = Patch::Set(vec![self.unit()]);
        }
        if self.one_in(9) {
            patch.external = Patch::Set(true);
        }
        self.say(
            688,
            FactBody::PersonUpserted {
                person: person.clone(),
                patch: Box::new(patch),
            },
        );
        for place in 0..KINDS.len() {
            self.part(&person, place);
        }
        self.will(&person);
        if self.one_in(16) {
            self.say(40, FactBody::PersonLeft { person });
        }
    }

    /// What ties `person` to the community at `place`: membership, project, skills, records.
    fn part(&mut self, person: &PersonId, place: usize) {
        let community = CommunityId::new(format!("c{place}"));
        let person = person.clone();
        if self.one_in(2) {
            let role = if self.one_in(7) {
                MemberRole::Animator
            } else {
                MemberRole::Member
            };
            let since = self.rng.random_range(5..680);
            let (p, c, since_unknown) = (person.clone(), community.clone(), self.one_in(8));
            self.say(
                since,
                FactBody::MembershipAdded {
                    person: p,
                    community: c,
                    role,
                    since_unknown,
                },
            );
            if self.one_in(9) {
                let (person, community, role) = (person.clone(), community.clone(), MemberRole::Member);
                let quit = self.rng.random_range(0..since);
                self.say(
                    quit,
                    FactBody::MembershipRemoved {
                        person,
                        community,
                        role,
                    },
                );
            }
        }
        if self.one_in(8) {
            let role = if self.one_in(3) {
                ProjectRole::Lead
            } else {
                ProjectRole::Member
            };
            let (project, since) = (ProjectId::new(format!("r{place}")), self.rng.random_range(5..680));
            let (p, r) = (person.clone(), project.clone());
            self.say(
                since,
                FactBody::ParticipationStarted {
                    person: p,
                    project: r,
                    role,
                },
            );
            if self.one_in(3) {
                let person = person.clone();
                self.say(since - 4, FactBody::ParticipationEnded { person, project, role });
            }
        }
        self.knowledge(&person, place);
        if self.one_in(8) {
            let forms = [
                ContributionForm::Watch,
                ContributionForm::Practice,
                ContributionForm::Message,
            ];
            let form = Some(forms[self.rng.random_range(0..3)]);
            let (place, person) = (ContributionPlace::Community(community.clone()), person.clone());
            let contribution = Box::new(Contribution {
                person,
                place,
                count: 1,
                topics: vec![],
                form,
            });
            let ago = self.rng.random_range(0..680);
            self.say(ago, FactBody::ContributionRecorded { contribution });
        }
        if self.one_in(14) {
            let hours = Hours::new(f64::from(self.rng.random_range(1..9_u8))).expect("a few");
            let ago = self.rng.random_range(0..90);
            self.say(
                ago,
                FactBody::AnimationRecorded {
                    person,
                    community,
                    hours,
                    estimated: false,
                },
            );
        }
    }

    /// What shows that `person` knows the subject of the community at `place`.
    fn knowledge(&mut self, person: &PersonId, place: usize) {
        let skill = || SkillId::new(format!("s{place}"));
        let told = (self.one_in(12), self.one_in(8));
        if told.0 {
            let (person, origin) = (person.clone(), Origin::Declared);
            let (level, by) = (None, None);
            self.say(
                300,
                FactBody::SkillAsserted {
                    person,
                    skill: skill(),
                    origin,
                    level,
                    by,
                },
            );
        }
        if told.1 {
            let stances = [
                Stance::CanTrain,
                Stance::CanHelp,
                Stance::CanMentor,
                Stance::WantsToLearn,
            ];
            let (person, stance) = (person.clone(), stances[self.rng.random_range(0..4)]);
            self.say(
                300,
                FactBody::InterestDeclared {
                    person,
                    skill: skill(),
                    stance,
                },
            );
        }
        if (told.0 || told.1) && self.one_in(4) {
            let person = person.clone();
            self.say(200, FactBody::SkillContested { person, skill: skill() });
        }
    }

    /// Offers, limits, absences, wishes and what was proposed.
    fn will(&mut self, person: &PersonId) {
        let person = || person.clone();
        if self.one_in(4) {
            let hours = self.rng.random_range(0..3_u8);
            let hours_per_week = if self.one_in(2) {
                Hours::new(f64::from(hours))
            } else {
                None
            };
            let communities = vec![CommunityId::new(format!("c{}", self.rng.random_range(0..KINDS.len())))];
            let until = self.one_in(3).then(|| now().day().plus(-3));
            let offer = Box::new(Offer {
                person: person(),
                communities,
                topics: vec![],
                hours_per_week,
                until,
            });
            let ago = self.rng.random_range(0..300);
            self.say(ago, FactBody::AnimationOffered { offer });
        }
        if self.one_in(5) {
            let hours = Hours::new(f64::from(self.rng.random_range(0..5_u8))).expect("a few");
            let patch = CapacityPatch {
                animation_hours_per_week: Patch::Set(hours),
                ..CapacityPatch::default()
            };
            self.say(
                100,
                FactBody::CapacitySet {
                    person: person(),
                    patch,
                },
            );
        }
        if self.one_in(3) {
            let from = now().day().plus(self.rng.random_range(-10..60));
            let span = DaySpan::new(from, from.plus(self.rng.random_range(0..70))).expect("in order");
            self.say(2, FactBody::AbsenceSet { person: person(), span });
        }
        for ago in [60, 50] {
            if self.one_in(6) {
                let purpose = [Purpose::CoAnimators, Purpose::All, Purpose::Experts][self.rng.random_range(0..3)];
                let until = self.one_in(3).then(|| now().day().plus(-1));
                let preference = Preference {
                    allowed: self.one_in(3),
                    until,
                };
                self.say(
                    ago,
                    FactBody::PreferenceSet {
                        person: person(),
                        purpose,
                        preference,
                    },
                );
            }
        }
        if self.one_in(4) {
            let ago = self.rng.random_range(1..250);
            let (proposal, kind) = (ProposalId::new(person().as_str()), ProposalKind::CoAnimator);
            let community = CommunityId::new("c0");
            let (p, c) = (proposal.clone(), community.clone());
            self.say(
                ago,
                FactBody::ProposalSent {
                    proposal: p,
                    kind,
                    person: person(),
                    community: c,
                },
            );
            if self.one_in(2) {
                self.say(
                    ago - 1,
                    FactBody::ProposalDeclined {
                        proposal,
                        kind,
                        person: person(),
                        community,
                    },
                );
            }
        }
    }

    fn thread(&mut self, n: usize) {
        let (asker, place) = (self.rng.random_range(0..PEOPLE), self.rng.random_range(0..KINDS.len()));
        let tag = self.rng.random_range(0..KINDS.len());
        let patch = QuestionPatch {
            title: Patch::Set("How is it done?".into()),
            tags: Patch::Set(vec![format!("craft{tag}").into()]),
            community: Patch::Set(CommunityId::new(format!("c{place}"))),
            ..QuestionPatch::default()
        };
        let (question, asker) = (QuestionId::new(format!("q{n}")), PersonId::new(format!("p{asker:02}")));
        let (patch, ago) = (Box::new(patch), self.rng.random_range(10..600));
        self.say(
            ago,
            FactBody::QuestionCreated {
                question: question.clone(),
                asker,
                patch,
                anonymous: false,
            },
        );
        for m in 0..self.rng.random_range(0..4) {
            let answer = AnswerId::new(format!("a{n}-{m}"));
            // Some answer much, most little.
            let author = self.rng.random_range(0..PEOPLE) * self.rng.random_range(0..PEOPLE) / PEOPLE;
            let (author, question) = (PersonId::new(format!("p{author:02}")), question.clone());
            let (body, url, id) = (None, None, answer.clone());
            self.say(
                ago - 1,
                FactBody::AnswerCreated {
                    answer: id,
                    question,
                    author,
                    body,
                    url,
                },
            );
            if self.one_in(9) {
                self.say(ago - 2, FactBody::AnswerAccepted { answer });
            }
        }
    }
}

/// The organisation of `seed`: one community of each kind, and everything that rules ask for.
fn organisation(seed: u64) -> Vec<Fact> {
    let mut story = Story {
        facts: Vec::new(),
        rng: StdRng::seed_from_u64(seed),
    };
    (0..KINDS.len()).for_each(|n| story.community(n));
    (0..PEOPLE).for_each(|n| story.person(n));
    (0..50).for_each(|n| story.thread(n));
    story.facts
}

/// When somebody belonged to a community, and as what.
struct Stay {
    role: MemberRole,
    since: Timestamp,
    since_unknown: bool,
    ended: Option<Timestamp>,
}

#[derive(Default)]
struct Person {
    unit: String,
    heads: Vec<String>,
    external: bool,
    left: bool,
    stays: BTreeMap<String, Stay>,
    /// Projects in which they take part now, and whether they lead.
    projects: BTreeMap<String, bool>,
    skills: BTreeSet<String>,
    stances: BTreeSet<(String, Stance)>,
    contested: BTreeSet<String>,
    records: Vec<(String, ContributionForm, Timestamp)>,
    hours: Vec<(String, f64, Timestamp)>,
    limit: Option<f64>,
    offer: Option<(Timestamp, Option<f64>)>,
    away: Option<DaySpan>,
    will: Option<bool>,
    proposed: Option<Timestamp>,
    declined: Option<Timestamp>,
}

#[derive(Default)]
struct Community {
    kind: Option<CommunityKind>,
    private: bool,
    archived: bool,
    unit: Option<String>,
}

#[derive(Default)]
struct Question {
    asker: String,
    tags: Vec<String>,
    community: String,
}

/// What the facts say, read one after the other.
#[derive(Default)]
struct Reckoning {
    people: BTreeMap<String, Person>,
    communities: BTreeMap<String, Community>,
    questions: BTreeMap<String, Question>,
    /// By answer: question, author, whether accepted.
    answers: BTreeMap<String, (String, String, bool)>,
}

fn set<T: Clone>(patch: &Patch<T>) -> Option<T> {
    if let Patch::Set(value) = patch {
        Some(value.clone())
    } else {
        None
    }
}

impl Reckoning {
    fn of(facts: &[Fact]) -> Self {
        let mut told = Self::default();
        let mut facts: Vec<&Fact> = facts.iter().collect();
        facts.sort_by_key(|fact| fact.at);
        facts.into_iter().for_each(|fact| told.hear(fact));
        told
    }

    fn who(&mut self, person: &PersonId) -> &mut Person {
        self.people.entry(person.to_string()).or_default()
    }

    fn hear(&mut self, fact: &Fact) {
        let at = fact.at;
        match &fact.body {
            FactBody::CommunityUpserted { community, patch } => {
                let place = self.communities.entry(community.to_string()).or_default();
                place.kind = set(&patch.kind);
                place.private = set(&patch.access) == Some(Access::Private);
                place.unit = set(&patch.unit).map(|unit| unit.to_string());
            }
            FactBody::CommunityArchived { community } => {
                self.communities.entry(community.to_string()).or_default().archived = true;
            }
            FactBody::PersonUpserted { person, patch } => {
                let who = self.who(person);
                who.unit = set(&patch.unit).expect("each has one").to_string();
                who.heads = set(&patch.heads)
                    .into_iter()
                    .flatten()
                    .map(|unit| unit.to_string())
                    .collect();
                who.external = set(&patch.external) == Some(true);
            }
            FactBody::PersonLeft { person } => self.who(person).left = true,
            FactBody::MembershipAdded {
                person,
                community,
                role,
                since_unknown,
            } => {
                let stay = Stay {
                    role: *role,
                    since: at,
                    since_unknown: *since_unknown,
                    ended: None,
                };
                self.who(person).stays.insert(community.to_string(), stay);
            }
            FactBody::MembershipRemoved { person, community, .. } => {
                let stay = self
                    .who(person)
                    .stays
                    .get_mut(community.as_str())
                    .expect("they belonged");
                stay.ended = Some(at);
            }
            FactBody::ParticipationStarted { person, project, role } => {
                _ = self
                    .who(person)
                    .projects
                    .insert(project.to_string(), *role == ProjectRole::Lead);
            }
            FactBody::ParticipationEnded { person, project, .. } => {
                _ = self.who(person).projects.remove(project.as_str());
            }
            FactBody::SkillAsserted { person, skill, .. } => _ = self.who(person).skills.insert(skill.to_string()),
            FactBody::InterestDeclared { person, skill, stance } => {
                _ = self.who(person).stances.insert((skill.to_string(), *stance));
            }
            FactBody::SkillContested { person, skill } => _ = self.who(person).contested.insert(skill.to_string()),
            FactBody::QuestionCreated {
                question, asker, patch, ..
            } => {
                let tags = set(&patch.tags)
                    .into_iter()
                    .flatten()
                    .map(|tag| tag.to_string())
                    .collect();
                let community = set(&patch.community).expect("each is in one").to_string();
                let asked = Question {
                    asker: asker.to_string(),
                    tags,
                    community,
                };
                self.questions.insert(question.to_string(), asked);
            }
            FactBody::AnswerCreated {
                answer,
                question,
                author,
                ..
            } => {
                let given = (question.to_string(), author.to_string(), false);
                self.answers.insert(answer.to_string(), given);
            }
            FactBody::AnswerAccepted { answer } => self.answers.get_mut(answer.as_str()).expect("given").2 = true,
            _ => self.hear_will(at, &fact.body),
        }
    }

    fn hear_will(&mut self, at: Timestamp, body: &FactBody) {
        match body {
            FactBody::ContributionRecorded { contribution } => {
                let ContributionPlace::Community(place) = &contribution.place else {
                    panic!("all are in one")
                };
                let record = (place.to_string(), contribution.form.expect("each has one"), at);
                self.who(&contribution.person).records.push(record);
            }
            FactBody::AnimationRecorded {
                person,
                community,
                hours,
                ..
            } => {
                self.who(person).hours.push((community.to_string(), hours.value(), at));
            }
            FactBody::AnimationOffered { offer } => {
                let lasts = offer.until.is_none_or(|until| now().day() <= until);
                let hours = offer.hours_per_week.map(Hours::value);
                self.who(&offer.person).offer = lasts.then_some((at, hours));
            }
            FactBody::CapacitySet { person, patch } => {
                self.who(person).limit = set(&patch.animation_hours_per_week).map(Hours::value);
            }
            FactBody::AbsenceSet { person, span } => self.who(person).away = Some(*span),
            FactBody::PreferenceSet {
                person,
                purpose,
                preference,
            } => {
                let lasts = preference.until.is_none_or(|until| now().day() <= until);
                if lasts && matches!(purpose, Purpose::CoAnimators | Purpose::All) {
                    self.who(person).will = Some(preference.allowed);
                }
            }
            FactBody::ProposalSent { person, .. } => self.who(person).proposed = Some(at),
            FactBody::ProposalDeclined { person, .. } => self.who(person).declined = Some(at),
            _ => {}
        }
    }

    fn role(&self, person: &str, community: &str) -> Option<MemberRole> {
        let stay = self.people[person].stays.get(community)?;
        stay.ended.is_none().then_some(stay.role)
    }

    fn members<'a>(&'a self, community: &'a str) -> impl Iterator<Item = &'a str> {
        let here = self.people.keys().map(String::as_str);
        here.filter(move |person| self.role(person, community).is_some() && !self.people[*person].left)
    }

    fn animators<'a>(&'a self, community: &'a str) -> impl Iterator<Item = &'a str> {
        self.members(community)
            .filter(|person| self.role(person, community) == Some(MemberRole::Animator))
    }

    /// Of the days ahead, those on which `person` is away.
    fn away(&self, person: &str) -> BTreeSet<i32> {
        let span = self.people[person].away;
        let is_away = |day: &i32| span.is_some_and(|span| span.contains(now().day().plus(*day)));
        (0..AHEAD).filter(is_away).collect()
    }

    /// Hours a week that animating takes from `person`, and those that they can give.
    fn hours(&self, person: &str) -> (f64, f64) {
        let who = &self.people[person];
        let declared = |community: &str| {
            let told = who.hours.iter().filter(|(place, ..)| place == community);
            let (sum, first) = told.fold((0.0, 0.0), |(sum, first), (_, hours, at)| {
                let ago = days_ago(*at);
                (if ago < 56.0 { sum + hours } else { sum }, f64::max(first, ago))
            });
            (sum > 0.0).then(|| sum / (f64::min(first, 56.0) / 7.0).max(1.0))
        };
        let (mut all, mut before_offer) = (0.0, 0.0);
        for (community, place) in &self.communities {
            let stay = who
                .stays
                .get(community)
                .filter(|stay| stay.role == MemberRole::Animator);
            let hours = match stay {
                Some(stay) if stay.ended.is_none() && !place.archived => declared(community).unwrap_or(1.0),
                // What was given to a place that they do not animate any more ended with it.
                Some(_) => 0.0,
                None => declared(community).unwrap_or(0.0),
            };
            all += hours;
            let offered = who.offer.as_ref().zip(stay);
            if offered.is_some_and(|((at, _), stay)| stay.since <= *at) {
                before_offer += hours;
            }
        }
        let offered = who.offer.and_then(|(_, hours)| Some(before_offer + hours?));
        let own = match (who.limit, offered) {
            (Some(limit), Some(offered)) => Some(f64::min(limit, offered)),
            (limit, offered) => limit.or(offered),
        };
        (all, own.unwrap_or(2.0))
    }

    fn experienced(&self, person: &str) -> bool {
        let mut stays = self.people[person]
            .stays
            .values()
            .filter(|stay| stay.role == MemberRole::Animator);
        stays.any(|stay| {
            let days = days_ago(stay.since) - stay.ended.map_or(0.0, days_ago);
            stay.since_unknown || days >= 30.0
        })
    }

    /// Whether somebody who begins could be beside `person`.
    fn accompanies(&self, person: &str) -> bool {
        let away = self.away(person);
        self.experienced(person) && (0..30).filter(|day| !away.contains(day)).count() >= 5
    }

    /// Answers of `person` about `community`, and whether one is accepted.
    fn answered(&self, person: &str, community: &str) -> (usize, bool) {
        let topic = format!("craft{}", &community[1..]);
        let about = self.answers.values().filter(|(question, author, _)| {
            let asked = &self.questions[question];
            author == person && asked.asker != person && (asked.community == community || asked.tags.contains(&topic))
        });
        about.fold((0, false), |(count, any), (.., accepted)| (count + 1, any || *accepted))
    }

    /// Whether the rule of the community's kind names or means `person`; `novices` when nobody else was found.
    fn of_the_kind(&self, person: &str, community: &str, novices: bool) -> bool {
        let (who, place) = (&self.people[person], &self.communities[community]);
        let number = &community[1..];
        let belongs = self.role(person, community).is_some();
        let takes_part = who.projects.contains_key(&format!("r{number}"));
        let recorded = |forms: &[ContributionForm]| {
            let mut records = who.records.iter();
            records.any(|(at, form, when)| at == community && forms.contains(form) && days_ago(*when) < 365.0)
        };
        let within = |own: &str, unit: &str| own == unit || own.starts_with(&format!("{unit}/"));
        match place.kind.expect("each says its kind") {
            CommunityKind::Interest | CommunityKind::Unspecified => true,
            CommunityKind::Project | CommunityKind::Instance => belongs || takes_part,
            CommunityKind::Watch => recorded(&[ContributionForm::Watch]),
            CommunityKind::Team => match &place.unit {
                Some(unit) => who.heads.contains(unit) || within(&who.unit, unit),
                None => belongs,
            },
            CommunityKind::Practice | CommunityKind::Process => {
                let skill = format!("s{number}");
                let stands = !who.contested.contains(&skill);
                let can = |stance| stands && who.stances.contains(&(skill.clone(), stance));
                let (answers, accepted) = self.answered(person, community);
                let knows = answers >= 3 || accepted || stands && who.skills.contains(&skill) || can(Stance::CanTrain);
                let somewhat = answers > 0 || can(Stance::CanHelp) || can(Stance::CanMentor);
                knows || recorded(&[ContributionForm::Practice]) || novices && somewhat
            }
        }
    }

    /// Why `person` may not be proposed, whoever is beside them.
    fn objection(&self, person: &str, community: &str, novices: bool) -> Option<&'static str> {
        let (who, place) = (&self.people[person], &self.communities[community]);
        let role = self.role(person, community);
        let uncovered = (0..AHEAD).filter(|day| self.animators(community).all(|other| self.away(other).contains(day)));
        let mut needed: BTreeSet<i32> = uncovered.collect();
        if needed.is_empty() {
            needed = (0..AHEAD).collect();
        }
        let away = self.away(person);
        let (hours, capacity) = self.hours(person);
        let lately = |at: Option<Timestamp>, days: f64| at.is_some_and(|at| days_ago(at) < days);
        let objections = [
            ("left", who.left),
            ("animates it", role == Some(MemberRole::Animator)),
            ("may not read it", role.is_none() && (who.external || place.private)),
            ("does not want", who.will == Some(false)),
            ("declined", lately(who.declined, 180.0)),
            ("was asked lately", lately(who.proposed, 30.0)),
            ("is away", away.contains(&0)),
            (
                "is away when needed",
                2 * away.intersection(&needed).count() > needed.len(),
            ),
            ("has no hour left", capacity - hours < 1.0 - 1e-6),
            ("is none of the kind", !self.of_the_kind(person, community, novices)),
        ];
        objections.into_iter().find_map(|(why, holds)| holds.then_some(why))
    }

    /// Whom of `candidates` the rules let in.
    fn eligible<'a>(&self, community: &str, candidates: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        let let_in = |novices: bool, company: &mut bool| {
            let free = candidates
                .iter()
                .copied()
                .filter(|person| self.objection(person, community, novices).is_none());
            let free: BTreeSet<&str> = free.collect();
            *company |= free.iter().any(|person| self.accompanies(person));
            free.into_iter()
                .filter(|person| *company || self.experienced(person))
                .collect::<BTreeSet<&str>>()
        };
        let mut company = self.animators(community).any(|person| self.accompanies(person));
        let known = let_in(false, &mut company);
        let asks = matches!(
            self.communities[community].kind,
            Some(CommunityKind::Practice | CommunityKind::Process)
        );
        if asks && known.is_empty() {
            let_in(true, &mut company)
        } else {
            known
        }
    }

    /// Whether an hour more or less is a matter of rounding.
    fn is_on_the_edge(&self, person: &str) -> bool {
        let (hours, capacity) = self.hours(person);
        let from_an_hour = (capacity - hours - 1.0).abs();
        1e-9 < from_an_hour && from_an_hour < 0.01
    }
}

/// How a service that knows `known` differs from what `facts` ask for: the kind of each community in which it does, with the
/// first difference. Counts those let in and those passed over.
fn differences(known: &[Fact], facts: &[Fact], counts: &mut (usize, usize)) -> BTreeMap<CommunityKind, String> {
    let (told, world) = (Reckoning::of(facts), world(known));
    let recommender = CoAnimatorsRecommender::shipped().expect("the shipped weights are in order");
    let view = world.view();
    let mut differences = BTreeMap::new();
    for (id, place) in &told.communities {
        let community = view.communities.find(id.as_str()).expect("it was told");
        let query = CoAnimatorsQuery::of(view, community, now(), Viewer::default());
        let ranking = recommender.pipeline().run(view, &query, PEOPLE, Order::Waves);
        let name = |person| view.person_id(person).as_str();
        let passed: BTreeSet<&str> = ranking.dropped.iter().map(|(person, _)| name(*person)).collect();
        let let_in = ranking
            .picks
            .iter()
            .chain(&ranking.reserve)
            .map(|one| name(one.subject));
        let let_in: BTreeSet<&str> = let_in.collect();
        let candidates: BTreeSet<&str> = passed.union(&let_in).copied().collect();
        let wanted = told.eligible(id, &candidates);
        counts.0 += wanted.len();
        counts.1 += candidates.len() - wanted.len();
        let missed = told.members(id).find(|person| !candidates.contains(person));
        let mut differs = wanted
            .symmetric_difference(&let_in)
            .filter(|person| !told.is_on_the_edge(person));
        let text = differs.next().map(|person| {
            let why = told.objection(person, id, query.novices);
            format!(
                "{id}: {person} is let in: {}; speaks against them: {why:?}",
                let_in.contains(person)
            )
        });
        let text = text.or(missed.map(|person| format!("{id}: the member {person} is not looked at")));
        let text = text.or_else(|| set_differs(&told, &recommender, &query, (view, id.as_str())));
        if let Some(text) = text {
            differences
                .entry(place.kind.expect("each says its kind"))
                .or_insert(text);
        }
    }
    differences
}

/// What is wrong with the set that is proposed, if anything.
fn set_differs(
    told: &Reckoning,
    recommender: &CoAnimatorsRecommender,
    query: &CoAnimatorsQuery,
    (view, id): (&antenne::world::View, &str),
) -> Option<String> {
    let items = recommender.answer(view, query, Tongue::English, Manner::Vous).items;
    if told.communities[id].archived {
        return items
            .first()
            .map(|pick| format!("{id} is archived, and {} is proposed", pick.subject));
    }
    let mut company = told.animators(id).any(|person| told.accompanies(person));
    for pick in &items {
        let person = pick.subject.as_str();
        let experienced = told.experienced(person);
        if pick.first_time == experienced || !company && !experienced {
            return Some(format!(
                "{id}: {person} begins: {}, with company: {company}",
                pick.first_time
            ));
        }
        if pick.to_be_introduced != told.role(person, id).is_none() {
            return Some(format!("{id}: {person} is a stranger: {}", pick.to_be_introduced));
        }
        company |= told.accompanies(person);
    }
    None
}

proptest! {
    #![proptest_config(crate::config(60))]

    #[test]
    fn the_rules_let_in_exactly_those_whom_the_facts_let_in(seed in any::<u64>()) {
        let facts = organisation(seed);
        let mut counts = (0, 0);
        let differences = differences(&facts, &facts, &mut counts);
        prop_assert!(differences.is_empty(), "seed {}: {:?}", seed, differences);
        prop_assert!(counts.0 > 0 && counts.1 > 0, "{:?}", counts);
    }
}

/// The kinds in which a service that knows `known(facts)` is found out, in a few organisations.
fn found_out(known: impl Fn(&[Fact]) -> Vec<Fact>) -> BTreeMap<CommunityKind, String> {
    let mut found = BTreeMap::new();
    for seed in 0..12 {
        let facts = organisation(seed);
        found.extend(differences(&known(&facts), &facts, &mut (0, 0)));
    }
    found
}

#[test]
fn a_service_that_does_not_know_one_of_them_is_found_out() {
    let unknown: [&[EventType]; 10] = [
        &[EventType::AbsenceSet],
        &[EventType::PreferenceSet],
        &[EventType::AnimationRecorded],
        &[EventType::CapacitySet],
        &[EventType::AnimationOffered],
        &[EventType::ProposalSent, EventType::ProposalDeclined],
        &[EventType::ProposalDeclined],
        &[EventType::PersonLeft],
        &[EventType::SkillContested],
        &[EventType::AnswerAccepted],
    ];
    for unknown in unknown {
        let known = |facts: &[Fact]| {
            let known = facts.iter().filter(|fact| !unknown.contains(&fact.body.kind()));
            known.cloned().collect()
        };
        assert!(!found_out(known).is_empty(), "{unknown:?}");
    }
}

#[test]
fn a_service_that_takes_a_kind_for_another_is_found_out() {
    for kind in KINDS {
        // Where anybody may be proposed, a service that asks for more passes people over; elsewhere one that asks for less
        // lets them in.
        let open = matches!(kind, CommunityKind::Interest | CommunityKind::Unspecified);
        let taken_for = if open {
            CommunityKind::Watch
        } else {
            CommunityKind::Interest
        };
        let known = |facts: &[Fact]| {
            let mut known = facts.to_vec();
            for fact in &mut known {
                if let FactBody::CommunityUpserted { patch, .. } = &mut fact.body
                    && patch.kind == Patch::Set(kind)
                {
                    patch.kind = Patch::Set(taken_for);
                }
            }
            known
        };
        let found = found_out(known);
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [kind], "{found:?}");
    }
}
