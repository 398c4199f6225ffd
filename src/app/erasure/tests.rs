//! Erasing over generated logs: what is left is what a service would hold that was never told.

use super::EraseError;
use crate::app::{
    AuditQuery, Clock, IngestReport, Manner, NewKey, RECOMMENDATIONS_BYTES, Retired, Service, Settings, Sources,
    Windows,
};
use crate::domain::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that moves by a second whenever somebody looks.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1_000_000, Ordering::SeqCst))
    }
}

fn open(folder: &Path) -> Service {
    let settings = Settings {
        folder: folder.to_owned(),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources: Sources::default(),
        manner: Manner::Vous,
        recommendations_bytes: RECOMMENDATIONS_BYTES,
    };
    let clock = Ticking(AtomicI64::new(1_772_442_030_000_000));
    Service::open(settings, Arc::new(clock)).unwrap()
}

fn tell(service: &Service, lines: &[Value]) -> IngestReport {
    let texts: Vec<String> = lines.iter().map(Value::to_string).collect();
    let mut numbered = (1..).zip(&texts).map(|(n, text)| (n, Ok(text.as_bytes())));
    let fate = service.submit(&mut numbered, None);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(fate).unwrap()
}

fn told(service: &Service) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut each = |line: &[u8]| {
        lines.insert(String::from_utf8(line.to_vec()).unwrap());
        ControlFlow::Continue(())
    };
    service.export(&mut each).unwrap();
    lines
}

/// How often `needle` stands in the files below `folder`.
fn occurrences(folder: &Path, needle: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file() && path.file_name().is_some_and(|name| name != "reserve"))
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(needle.len()).filter(|w| *w == needle.as_bytes()).count()
        })
        .sum()
}

/// An event of one of the types in which people meet, over a few people, questions and answers. Whoever is `p0` or `p1` is
/// called by a canary, so are the texts of what they ask.
#[expect(clippy::too_many_lines, reason = "one arm for each type of event")]
fn event(number: usize, dice: [u8; 6]) -> Value {
    let [kind, one, two, three, at, flag] = dice.map(usize::from);
    let person = |n: usize| {
        json!(if n % 5 < 2 {
            format!("CANARY-p{}", n % 5)
        } else {
            format!("p{}", n % 5)
        })
    };
    let (question, answer, ask) = (
        format!("q{}", two % 4),
        format!("a{}", three % 5),
        format!("i{}", two % 3),
    );
    let text = if one % 5 < 2 { "CANARY pumps" } else { "pumps" };
    let target = if flag % 2 == 0 {
        json!({"question": question})
    } else {
        json!({"answer": answer})
    };
    let (name, data) = match kind % 20 {
        0 => ("person.upserted", json!({"person": person(one), "name": text})),
        1 => ("identity.linked", json!({"person": person(0), "same_as": person(1)})),
        2..=4 => (
            "question.created",
            json!({"question": question, "asker": person(one), "title": text, "tags": ["t"]}),
        ),
        // Only whoever asked edits what they asked: the text is theirs.
        5 => (
            "question.edited",
            json!({"question": question, "body": "pumps that hum"}),
        ),
        6..=8 => (
            "answer.created",
            json!({"answer": answer, "question": question, "author": person(one), "body": text}),
        ),
        9 => ("answer.accepted", json!({"answer": answer})),
        10 => (
            "vote.added",
            json!({"target": target, "voter": person(one), "value": 1}),
        ),
        11 => (
            "ask.sent",
            json!({"ask": ask, "question": question, "person": person(one)}),
        ),
        12 => ("ask.answered", json!({"ask": ask})),
        13 => ("ask.referred", json!({"ask": ask, "to": person(one)})),
        14 => (
            "skill.asserted",
            json!({"person": person(one), "skill": "s", "origin": "endorsed", "by": person(three)}),
        ),
        15 => (
            "community.upserted",
            json!({"community": "c", "name": "Pumps", "kind": "practice", "access": "open", "sponsor": person(one)}),
        ),
        16 => (
            "membership.added",
            json!({"person": person(one), "community": "c", "role": "member"}),
        ),
        17 => (
            "preference.set",
            json!({"person": person(one), "purpose": "search", "allowed": flag % 2 == 0}),
        ),
        18 => (
            "feedback.given",
            json!({"recommendation": "r", "subject": person(one), "verdict": "accepted", "by": person(three)}),
        ),
        _ => (
            "fact.retracted",
            json!({"source": "s", "id": (two * 3 % (number + 3)).to_string()}),
        ),
    };
    let at = format!("2025-03-{:02}T08:00:00Z", at % 28 + 1);
    json!({"id": number.to_string(), "source": "s", "type": name, "at": at, "data": data})
}

/// The log without `accounts`, told from the names of keys alone.
fn without(lines: &[Value], accounts: &BTreeSet<&str>) -> Vec<Value> {
    let is = |value: &Value| value.as_str().is_some_and(|id| accounts.contains(id));
    let ids = |kind: &str, who: &str, what: &str| -> BTreeSet<String> {
        let all = lines
            .iter()
            .filter(|line| line["type"] == kind && is(&line["data"][who]));
        all.map(|line| line["data"][what].as_str().unwrap().to_owned())
            .collect()
    };
    let questions = ids("question.created", "asker", "question");
    let answers = ids("answer.created", "author", "answer");
    let asks = ids("ask.sent", "person", "ask");
    let within = |set: &BTreeSet<String>, value: &Value| value.as_str().is_some_and(|id| set.contains(id));
    let goes = |line: &Value| {
        let data = &line["data"];
        let people = ["person", "same_as", "asker", "author", "voter", "by", "to", "subject"];
        people.iter().any(|key| is(&data[key]))
            || match line["type"].as_str().unwrap() {
                "question.edited" => within(&questions, &data["question"]),
                "answer.accepted" => within(&answers, &data["answer"]),
                "vote.added" => {
                    within(&questions, &data["target"]["question"]) || within(&answers, &data["target"]["answer"])
                }
                "ask.answered" | "ask.referred" => within(&asks, &data["ask"]),
                _ => false,
            }
    };
    let mut gone: BTreeSet<String> = BTreeSet::new();
    loop {
        let retracts = |line: &Value| line["type"] == "fact.retracted" && within(&gone, &line["data"]["id"]);
        let more: BTreeSet<String> = lines
            .iter()
            .filter(|line| goes(line) || retracts(line))
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect();
        if more == gone {
            break;
        }
        gone = more;
    }
    let stay = lines.iter().filter(|line| !within(&gone, &line["id"])).cloned();
    stay.map(|mut line| {
        if is(&line["data"]["sponsor"]) {
            line["data"]["sponsor"] = Value::Null;
        }
        line
    })
    .collect()
}

/// A copy of the data as they are now; with the marks of who was erased since, it opens in the place of newer data.
fn restored_later(from: &Service, into: &Path) -> impl FnOnce(&Path) -> Service + use<> {
    std::fs::create_dir(into).unwrap();
    let mut copy = Vec::new();
    let mut each = |part: &[u8]| {
        copy.extend_from_slice(part);
        ControlFlow::Continue(())
    };
    from.copy_out(&mut each).unwrap();
    let into = into.to_owned();
    move |erased| {
        std::fs::write(into.join("antenne.db"), copy).unwrap();
        std::fs::copy(erased, into.join("erased")).unwrap();
        open(&into)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(
        std::env::var("ANTENNE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
    ) })]

    #[test]
    fn what_is_left_is_what_was_never_told_of_them(dice in prop::collection::vec(any::<[u8; 6]>(), 1..80)) {
        let temp = tempfile::tempdir().unwrap();
        let lines: Vec<Value> = dice.iter().enumerate().map(|(n, dice)| event(n, *dice)).collect();
        let linked = lines.iter().any(|line| line["type"] == "identity.linked");
        // A link that is taken back links nobody; whether it is, the World knows.
        let service = open(&temp.path().join("a"));
        tell(&service, &lines);
        let before = restored_later(&service, &temp.path().join("before"));
        let snapshot = service.snapshot();
        let human = snapshot.view.person("CANARY-p0");
        let together = linked && human.is_some() && human == snapshot.view.person("CANARY-p1");
        let accounts: BTreeSet<&str> = if together { ["CANARY-p0", "CANARY-p1"].into() } else { ["CANARY-p0"].into() };
        let generation = snapshot.generation;
        match service.erase_person("CANARY-p0") {
            Ok(erased) => prop_assert!(erased.generation > generation),
            Err(EraseError::NotFound(_)) => {
                prop_assert!(!lines.iter().any(|line| line.to_string().contains("\"CANARY-p0\"")));
                return Ok(());
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
        let fresh = open(&temp.path().join("b"));
        tell(&fresh, &without(&lines, &accounts));
        prop_assert_eq!(service.stats().unwrap().digest, fresh.stats().unwrap().digest);
        prop_assert_eq!(told(&service), told(&fresh));
        for account in &accounts {
            prop_assert_eq!(occurrences(&temp.path().join("a"), account), 0, "{}", account);
        }
        // What comes again of them is refused, and nothing else is.
        tell(&service, &lines);
        prop_assert_eq!(service.stats().unwrap().digest, fresh.stats().unwrap().digest);
        // An older database in its place is erased again when it is opened.
        let older = before(&temp.path().join("a/erased"));
        prop_assert_eq!(older.stats().unwrap().digest, fresh.stats().unwrap().digest);
        prop_assert_eq!(told(&older), told(&fresh));
        prop_assert_eq!(occurrences(&temp.path().join("before"), "CANARY-p0"), 0);
    }
}

#[test]
fn an_older_database_keeps_no_key_of_somebody_who_was_erased_and_tells_that_they_were_erased_again() {
    let temp = tempfile::tempdir().unwrap();
    let service = open(&temp.path().join("a"));
    let key = |name: &str, person: &str| NewKey {
        name: name.to_owned(),
        scopes: vec!["member".to_owned()],
        person: Some(person.to_owned()),
        ..NewKey::default()
    };
    // Nothing but the key names the second account.
    let upserted = |n: u32, person: &str| json!({"id": n.to_string(), "source": "t", "type": "person.upserted", "at": "2026-01-01T00:00:00Z", "data": {"person": person}});
    tell(&service, &[upserted(1, "CANARY-p0"), upserted(2, "p2")]);
    service.create_key(&key("one", "CANARY-p0"), [1; 32], None).unwrap();
    service.create_key(&key("two", "CANARY-p1"), [2; 32], None).unwrap();
    service.create_key(&key("three", "p2"), [3; 32], None).unwrap();
    let before = restored_later(&service, &temp.path().join("before"));
    service.erase_person("CANARY-p0").unwrap();
    service.erase_person("CANARY-p1").unwrap();
    let names = |service: &Service| {
        service
            .keys()
            .unwrap()
            .into_iter()
            .map(|key| key.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&service), ["three"]);
    let older = before(&temp.path().join("a/erased"));
    assert_eq!(names(&older), ["three"]);
    assert_eq!(occurrences(&temp.path().join("before"), "CANARY"), 0);
    let rows = older
        .audited(&AuditQuery {
            limit: 9,
            ..AuditQuery::default()
        })
        .unwrap()
        .lines;
    let again = Some("again, from an older database");
    assert_eq!((&*rows[0].action, rows[0].what.as_deref()), ("person.erased", again));
    let refused = older.create_key(&key("four", "CANARY-p1"), [4; 32], None).unwrap_err();
    assert!(refused.to_string().contains("was erased"), "{refused}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a log, told event by event")]
fn what_was_kept_long_enough_leaves_as_if_it_had_never_been_told() {
    let proposal = |id: &str| json!({"proposal": id, "kind": "co_animator", "person": "ana", "community": "c"});
    let vote = || json!({"target": {"question": "q"}, "voter": "ana", "value": 1});
    // The clock stands in March 2026; each line says whether its time is over.
    let lines = [
        (
            "absence.set",
            "2025-12-01",
            json!({"person": "ana", "from": "2026-01-01", "until": "2026-01-30"}),
            true,
        ),
        (
            "absence.set",
            "2025-12-01",
            json!({"person": "ana", "from": "2026-01-01", "until": "2026-01-31"}),
            false,
        ),
        (
            "absence.cleared",
            "2025-12-02",
            json!({"person": "ana", "from": "2026-01-02", "until": "2026-01-03"}),
            true,
        ),
        (
            "ask.sent",
            "2024-02-20",
            json!({"ask": "old", "question": "q", "person": "ana"}),
            true,
        ),
        ("ask.declined", "2026-02-20", json!({"ask": "old"}), true),
        (
            "ask.sent",
            "2024-03-20",
            json!({"ask": "new", "question": "q", "person": "ana"}),
            false,
        ),
        (
            "feedback.given",
            "2024-02-20",
            json!({"recommendation": "r", "subject": "ana", "verdict": "accepted"}),
            true,
        ),
        (
            "feedback.given",
            "2024-03-20",
            json!({"recommendation": "r", "subject": "ana", "verdict": "declined"}),
            false,
        ),
        (
            "animation.recorded",
            "2024-02-20",
            json!({"person": "ana", "community": "c", "hours": 2}),
            true,
        ),
        (
            "animation.recorded",
            "2024-03-20",
            json!({"person": "ana", "community": "c", "hours": 3}),
            false,
        ),
        ("fact.retracted", "2025-01-01", json!({"source": "s", "id": "8"}), true),
        ("proposal.sent", "2024-12-20", proposal("over"), true),
        ("proposal.declined", "2025-06-20", proposal("over"), true),
        ("proposal.sent", "2025-06-20", proposal("late"), false),
        ("proposal.accepted", "2025-06-21", proposal("late"), false),
        ("vote.added", "2024-02-20", vote(), true),
        ("vote.removed", "2024-02-21", vote(), true),
        ("vote.added", "2024-03-20", vote(), false),
        (
            "contribution.recorded",
            "2024-02-20",
            json!({"person": "ana", "community": "c", "count": 2}),
            true,
        ),
        (
            "contribution.recorded",
            "2024-03-20",
            json!({"person": "ana", "community": "c", "count": 3}),
            false,
        ),
        (
            "person.upserted",
            "2023-01-01",
            json!({"person": "gone", "name": "CANARY"}),
            true,
        ),
        ("person.left", "2024-02-20", json!({"person": "gone"}), true),
        (
            "person.upserted",
            "2023-01-01",
            json!({"person": "back", "name": "Back"}),
            false,
        ),
        ("person.left", "2024-02-20", json!({"person": "back"}), false),
        ("person.upserted", "2025-01-01", json!({"person": "back"}), false),
        (
            "person.upserted",
            "2020-01-01",
            json!({"person": "ana", "name": "Ana"}),
            false,
        ),
    ];
    let line = |(n, (kind, day, data, _)): (usize, &(&str, &str, Value, bool))| json!({"id": n.to_string(), "source": "s", "type": kind, "at": format!("{day}T08:00:00Z"), "data": data});
    let all: Vec<Value> = lines.iter().enumerate().map(line).collect();
    let stay: Vec<Value> = lines
        .iter()
        .enumerate()
        .filter(|(_, (.., over))| !over)
        .map(line)
        .collect();
    let windows = Windows {
        absences_days: 30,
        invitations_days: 730,
        verdicts_days: 730,
        hours_days: 730,
        proposals_days: 365,
        votes_days: 730,
        contributions_days: 730,
        left_days: 730,
    };
    let temp = tempfile::tempdir().unwrap();
    let (service, fresh) = (open(&temp.path().join("a")), open(&temp.path().join("b")));
    assert_eq!(tell(&service, &all).accepted, 26);
    tell(&fresh, &stay);
    // Nothing leaves that nobody set a window for.
    assert_eq!(
        service.retire(Windows::default(), &|| true).unwrap(),
        Retired::default()
    );
    assert_eq!(told(&service).len(), 26);
    let retired = service.retire(windows, &|| true).unwrap();
    assert_eq!((retired.facts, retired.people), (11, 1));
    let erased = AuditQuery {
        limit: 9,
        ..AuditQuery::default()
    };
    let rows = service.audited(&erased).unwrap().lines;
    let what = rows[0].what.as_deref();
    assert_eq!(
        (&*rows[0].action, what),
        ("person.erased", Some("left more than 730 days ago"))
    );
    assert!(rows.len() == 1 && rows[0].about.is_some(), "{rows:?}");
    assert_eq!(told(&service), told(&fresh));
    assert_eq!(service.stats().unwrap().digest, fresh.stats().unwrap().digest);
    assert_eq!(occurrences(&temp.path().join("a"), "CANARY"), 0);
    assert_eq!(
        service.retire(windows, &|| true).unwrap(),
        Retired::default(),
        "the next day"
    );
}

/// People of the organisation in the long run.
fn people() -> usize {
    let told = std::env::var("ANTENNE_ERASURE_PEOPLE").ok();
    told.and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

/// Among 100,000 people somebody is erased within two seconds: `ANTENNE_ERASURE_PEOPLE=100000 cargo test --release --lib
/// erasure -- --nocapture`. Whoever is erased asked 200 questions and gave 200 answers.
#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "how long it takes needs a clock, and an organisation that is told event by event"
)]
fn somebody_among_many_is_erased_within_two_seconds() {
    let temp = tempfile::tempdir().unwrap();
    let service = open(temp.path());
    let at = "2025-03-01T08:00:00Z";
    let mut lines = Vec::new();
    let mut say = |kind: &str, data: Value| {
        let id = lines.len().to_string();
        lines.push(json!({"id": id, "source": "s", "type": kind, "at": at, "data": data}));
        if lines.len() == 10_000 {
            tell(
                &service,
                &lines
                    .split_off(0)
                    .into_iter()
                    .enumerate()
                    .map(|(n, mut line)| {
                        line["id"] = format!("{}-{n}", line["data"]).into();
                        line
                    })
                    .collect::<Vec<_>>(),
            );
        }
    };
    let many = people();
    for n in 0..many {
        let (person, other) = (format!("p{n}"), format!("p{}", (n * 7 + 1) % many));
        let whose = if n % (many / 200).max(1) == 0 {
            "CANARY-p".to_owned()
        } else {
            person.clone()
        };
        say(
            "person.upserted",
            json!({"person": person, "name": format!("Person {n}")}),
        );
        say(
            "membership.added",
            json!({"person": person, "community": format!("c{}", n % 300), "role": "member"}),
        );
        say(
            "question.created",
            json!({"question": format!("q{n}"), "asker": whose, "title": "How do I start the pump?", "tags": ["pump"]}),
        );
        say(
            "answer.created",
            json!({"answer": format!("a{n}"), "question": format!("q{n}"), "author": other, "body": "Turn it on."}),
        );
        say(
            "answer.created",
            json!({"answer": format!("b{n}"), "question": format!("q{}", n / 2), "author": whose, "body": "Twice."}),
        );
        say("answer.accepted", json!({"answer": format!("b{n}")}));
    }
    tell(&service, &lines);
    let begun = std::time::Instant::now();
    service.erase_person("CANARY-p").unwrap();
    let took = begun.elapsed();
    println!(
        "{many} people, {} records: erased in {} ms",
        service.snapshot().generation,
        took.as_millis()
    );
    assert!(took.as_secs() < 2, "{took:?}");
    assert_eq!(occurrences(temp.path(), "CANARY-p"), 0);
}
