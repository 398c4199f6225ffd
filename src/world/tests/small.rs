//! Small worlds written as text, for tests: one fact a line, `day[Thh:mm] type arguments…`.
//!
//! Lists are joined by commas, `-` stands for nothing. The event's id is the number of its line, from 1, so that
//! `fact.retracted 3` undoes the third line. Only what tests need can be written.

use super::World;
use crate::domain::*;

/// The instant `day[Thh:mm]`, in UTC.
pub fn instant(text: &str) -> Timestamp {
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let (hour, minute) = time.split_once(':').expect("hours and minutes");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let start = Day::from_days(number(day) as i32).start();
    start.plus_micros((number(hour) * 60 + number(minute)) * 60_000_000)
}

/// The World of the facts in `text`, in the order of lines.
pub fn small(text: &str) -> World {
    let mut world = World::default();
    for fact in facts(text) {
        world.apply(fact);
    }
    world
}

/// The facts in `text`, in the order of lines.
pub fn facts(text: &str) -> Vec<Fact> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let fact = |(n, line): (usize, &str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        Fact {
            key: key(&(n + 1).to_string()),
            at: instant(words[0]),
            content: [0; 16],
            body: body(words[1], &words[2..]),
        }
    };
    lines.enumerate().map(fact).collect()
}

fn key(id: &str) -> EventKey {
    EventKey {
        source: "small".into(),
        id: format!("{id:0>4}").into(),
    }
}

fn list(word: &str) -> Vec<&str> {
    word.split(',').filter(|part| *part != "-").collect()
}

fn day(word: &str) -> Option<Day> {
    (word != "-").then(|| instant(word).day())
}

fn role(word: &str) -> MemberRole {
    match word {
        "animator" => MemberRole::Animator,
        _ => MemberRole::Member,
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a type of event")]
fn body(kind: &str, args: &[&str]) -> FactBody {
    use FactBody as F;
    let arg = |n: usize| args.get(n).copied().unwrap_or("-");
    let person = |n| PersonId::new(arg(n));
    let skill = |n| SkillId::new(arg(n));
    let community = |n| CommunityId::new(arg(n));
    let span = || DaySpan::new(instant(arg(1)).day(), instant(arg(2)).day()).expect("from, then until");
    match kind {
        "person.upserted" => F::PersonUpserted {
            person: person(0),
            patch: profile(&args[1..]),
        },
        "person.left" => F::PersonLeft { person: person(0) },
        "identity.linked" => F::IdentityLinked {
            person: person(0),
            same_as: person(1),
        },
        "identity.unlinked" => F::IdentityUnlinked {
            person: person(0),
            same_as: person(1),
        },
        "unit.renamed" => F::UnitRenamed {
            from: UnitPath::new(arg(0)),
            to: UnitPath::new(arg(1)),
        },
        "skill.upserted" => F::SkillUpserted {
            skill: skill(0),
            patch: Box::default(),
        },
        "skill.asserted" => F::SkillAsserted {
            person: person(0),
            skill: skill(1),
            origin: Origin::Declared,
            level: None,
            by: None,
        },
        "skill.merged" => F::SkillMerged {
            skill: skill(0),
            into: skill(1),
        },
        "community.upserted" => F::CommunityUpserted {
            community: community(0),
            patch: Box::new(CommunityPatch {
                sensitive: Patch::Set(arg(1) == "sensitive"),
                ..CommunityPatch::default()
            }),
        },
        "community.archived" => F::CommunityArchived {
            community: community(0),
        },
        "membership.added" => F::MembershipAdded {
            person: person(0),
            community: community(1),
            role: role(arg(2)),
            since_unknown: false,
        },
        "membership.removed" => F::MembershipRemoved {
            person: person(0),
            community: community(1),
            role: role(arg(2)),
        },
        "absence.set" => F::AbsenceSet {
            person: person(0),
            span: span(),
        },
        "absence.cleared" => F::AbsenceCleared {
            person: person(0),
            span: span(),
        },
        "preference.set" => F::PreferenceSet {
            person: person(0),
            purpose: if arg(1) == "all" {
                Purpose::All
            } else {
                Purpose::Experts
            },
            preference: Preference {
                allowed: arg(2) == "yes",
                until: day(arg(3)),
            },
        },
        "fact.retracted" => F::FactRetracted { target: key(arg(0)) },
        _ => talk(kind, args),
    }
}

fn talk(kind: &str, args: &[&str]) -> FactBody {
    use FactBody as F;
    let arg = |n: usize| args.get(n).copied().unwrap_or("-");
    let (question, answer) = (QuestionId::new(arg(0)), AnswerId::new(arg(0)));
    match kind {
        "question.created" => F::QuestionCreated {
            question,
            asker: PersonId::new(arg(1)),
            patch: Box::new(QuestionPatch {
                community: if arg(2) == "-" {
                    Patch::Keep
                } else {
                    Patch::Set(CommunityId::new(arg(2)))
                },
                tags: Patch::Set(list(arg(3)).into_iter().map(Into::into).collect()),
                ..QuestionPatch::default()
            }),
            anonymous: false,
        },
        "question.deleted" => F::QuestionDeleted { question },
        "question.closed" => F::QuestionClosed { question },
        "question.reopened" => F::QuestionReopened { question },
        "answer.created" => F::AnswerCreated {
            answer,
            question: QuestionId::new(arg(1)),
            author: PersonId::new(arg(2)),
            body: None,
            url: None,
        },
        "answer.scored" => F::AnswerScored {
            answer,
            score: arg(1).parse().expect("a score"),
        },
        "vote.added" | "vote.removed" => {
            let (target, voter) = (VoteTarget::Answer(answer), PersonId::new(arg(1)));
            match kind {
                "vote.added" => F::VoteAdded {
                    target,
                    voter,
                    up: arg(2) == "up",
                },
                _ => F::VoteRemoved { target, voter },
            }
        }
        other => panic!("small worlds do not say {other}"),
    }
}

/// A profile written as `field=value`.
fn profile(args: &[&str]) -> Box<PersonPatch> {
    let mut patch = PersonPatch::default();
    for (field, value) in args.iter().filter_map(|arg| arg.split_once('=')) {
        match field {
            "name" => patch.name = Patch::Set(value.into()),
            "unit" => patch.unit = Patch::Set(UnitPath::new(value)),
            "heads" => patch.heads = Patch::Set(list(value).into_iter().map(UnitPath::new).collect()),
            "zone" => patch.time_zone = Patch::Set(value.into()),
            other => panic!("small worlds have no field {other}"),
        }
    }
    Box::new(patch)
}
