//! The door as a whole: a corpus of every type, canonical lines, hostile bytes.

mod corpus;
mod generate;

use super::*;
use crate::domain::{EventType, FactBody, Patch};
use corpus::{ACCEPTED, REJECTED};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A clock that no instant is ahead of: 2101-01-01T00:00:00Z.
const NOW: FutureRule = FutureRule::Reject {
    now: Timestamp::from_micros(4_133_980_800_000_000),
};

fn line(kind: &str, data: &str) -> String {
    format!(r#"{{"id":"1","source":"test","type":"{kind}","at":"2024-05-02T08:30:00Z","data":{data}}}"#)
}

fn canonical(text: &str) -> String {
    let decoded = decode(text.as_bytes(), NOW).unwrap_or_else(|rejection| panic!("{rejection}\n{text}"));
    String::from_utf8(decoded.canonical).expect("canonical lines are UTF-8")
}

fn rejected(text: &str) -> Rejection {
    decode(text.as_bytes(), NOW).expect_err(text)
}

fn is_fixed(decoded: &Decoded) {
    assert_eq!(type_of(&decoded.canonical), Some(decoded.fact.body.kind()));
    let again = decode(&decoded.canonical, NOW);
    assert_eq!(
        again.as_ref(),
        Ok(decoded),
        "{}",
        String::from_utf8_lossy(&decoded.canonical)
    );
}

#[test]
fn what_is_accepted_is_written_canonically_and_stays_so() {
    for (kind, data, expected) in ACCEPTED {
        let expected = if expected.is_empty() { data } else { expected };
        assert_eq!(canonical(&line(kind, data)), line(kind, expected));
        let decoded = decode(line(kind, data).as_bytes(), NOW).expect("accepted above");
        assert_eq!(decoded.fact.body.kind().name(), *kind);
        is_fixed(&decoded);
    }
}

#[test]
fn identifiers_do_not_pass_for_the_type_of_an_event() {
    for id in [
        r#","type":"ask.sent"#,
        r#"\","type":"ask.sent"#,
        r#"","source":"a","type":"ask.sent"#,
    ] {
        let id = format!(r#""id":{}"#, serde_json::to_string(id).unwrap());
        let line = line("person.left", r#"{"person":"p"}"#).replace(r#""id":"1""#, &id);
        let decoded = decode(line.as_bytes(), NOW).unwrap_or_else(|rejection| panic!("{rejection}\n{line}"));
        is_fixed(&decoded);
    }
    assert_eq!(type_of(b"{}"), None);
    assert_eq!(type_of(br#"{"id":"1","source":"s","type":"nothing.known"}"#), None);
}

#[test]
fn what_is_rejected_names_its_field_and_code() {
    for (kind, data, field, code) in REJECTED {
        let found = rejected(&line(kind, data));
        assert_eq!(
            (found.field.as_str(), found.code),
            (*field, *code),
            "{kind} {data}: {found}"
        );
        assert!(!found.detail.is_empty());
    }
}

#[test]
fn the_corpus_holds_every_type() {
    let all: BTreeSet<&str> = EventType::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(ACCEPTED.iter().map(|row| row.0).collect::<BTreeSet<_>>(), all);
    for kind in all {
        let rejected = REJECTED.iter().filter(|row| row.0 == kind).count();
        assert!(rejected >= 2, "{kind} has {rejected} rejected lines");
    }
}

#[test]
fn the_envelope_is_checked_key_by_key() {
    let good = line("person.left", r#"{"person":"p"}"#);
    for (from, to, field, code) in [
        (r#""id":"1","#, "", "id", Code::Missing),
        (r#""id":"1""#, r#""id":1"#, "id", Code::WrongType),
        (r#""source":"test""#, r#""source":"Test""#, "source", Code::BadId),
        (r#""source":"test""#, r#""source":"""#, "source", Code::BadId),
        ("person.left", "person.lef", "type", Code::UnknownType),
        ("2024-05-02T08:30:00Z", "yesterday", "at", Code::BadTimestamp),
        ("2024-05-02T08:30:00Z", "1969-12-31T23:59:59Z", "at", Code::BadTimestamp),
        (r#""data":{"person":"p"}"#, r#""date":{}"#, "data", Code::Missing),
        (r#""id":"1""#, r#""id":"1","version":2"#, "version", Code::UnknownKey),
        (r#""id":"1""#, r#""id":"1","id":"2""#, "id", Code::BadValue),
        (
            "\"p\"",
            "[[[[[[[[]]]]]]]]",
            "data.person[0][0][0][0][0][0]",
            Code::TooDeep,
        ),
    ] {
        let found = rejected(&good.replacen(from, to, 1));
        assert_eq!((found.field.as_str(), found.code), (field, code), "{to}: {found}");
    }
    for text in ["", "nonsense", "{}{}"] {
        assert_eq!(rejected(text).code, Code::NotJson);
    }
    assert_eq!(rejected("[]").code, Code::WrongType);
    assert_eq!(
        decode(b"{\"id\":\"\xff\"}", NOW).expect_err("not UTF-8").code,
        Code::NotUtf8
    );
    let long = vec![b' '; limits::MAX_LINE_BYTES + 1];
    assert_eq!(decode(&long, NOW).expect_err("too long").code, Code::TooLong);
}

const ASKED: &str = r#""question":"q","asker":"p""#;
const TITLED: &str = r#""question":"q","asker":"p","title":"t""#;
const COMMUNITY: &str = r#""community":"c","kind":"team","access":"open""#;
const PERSON: &str = r#""person":"p""#;

/// What becomes of a line whose `key` has `value` beside `rest`.
fn with(kind: &str, rest: &str, key: &str, value: &str) -> Result<Decoded, Code> {
    let data = format!(r#"{{{rest},"{key}":{value}}}"#);
    decode(line(kind, &data).as_bytes(), NOW).map_err(|rejection| rejection.code)
}

#[test]
fn texts_hold_to_their_lengths_and_no_more() {
    for (key, most, kind, rest, code) in [
        ("title", 500, "question.created", ASKED, Code::TooLong),
        ("description", 5_000, "community.upserted", COMMUNITY, Code::TooLong),
        ("name", 200, "person.upserted", PERSON, Code::TooLong),
        ("unit", 200, "person.upserted", PERSON, Code::TooLong),
        ("title", 200, "person.upserted", PERSON, Code::TooLong),
        ("to", 200, "ask.referred", r#""ask":"k""#, Code::BadId),
    ] {
        let text = |count| format!("\"{}\"", "é".repeat(count));
        assert!(with(kind, rest, key, &text(most)).is_ok(), "{kind} {key}");
        assert_eq!(with(kind, rest, key, &text(most + 1)), Err(code), "{kind} {key}");
    }
}

#[test]
fn lists_hold_to_their_lengths_and_no_more() {
    for (key, most, kind, rest) in [
        ("tags", 50, "question.created", TITLED),
        ("topics", 200, "community.upserted", COMMUNITY),
        ("aliases", 50, "skill.upserted", r#""skill":"s""#),
        ("broader", 50, "skill.upserted", r#""skill":"s""#),
        ("heads", 50, "person.upserted", PERSON),
    ] {
        let list = |count| serde_json::json!((0..count).map(|i: i32| i.to_string()).collect::<Vec<_>>()).to_string();
        assert!(with(kind, rest, key, &list(most)).is_ok(), "{kind} {key}");
        assert_eq!(
            with(kind, rest, key, &list(most + 1)),
            Err(Code::TooMany),
            "{kind} {key}"
        );
    }
    let languages = |count: u8| {
        let tags: Vec<String> = (0..count).map(|i| format!("\"a{}\"", char::from(b'a' + i))).collect();
        format!("[{}]", tags.join(","))
    };
    assert!(with("person.upserted", PERSON, "languages", &languages(20)).is_ok());
    assert_eq!(
        with("person.upserted", PERSON, "languages", &languages(21)),
        Err(Code::TooMany)
    );
}

#[test]
fn the_future_is_refused_to_platforms_and_flagged_in_files() {
    let now = Timestamp::from_micros(1_714_638_300_000_000); // 2024-05-02T08:25:00Z
    let text = line("person.left", r#"{"person":"p"}"#);
    let late = text.replace("08:30:00Z", "08:30:00.000001Z");
    let read = |text: &str, rule| {
        decode(text.as_bytes(), rule)
            .map(|d| d.ahead_of_clock)
            .map_err(|r| r.code)
    };
    assert_eq!(
        read(&text, FutureRule::Reject { now }),
        Ok(false),
        "five minutes ahead is a clock's error"
    );
    assert_eq!(read(&late, FutureRule::Reject { now }), Err(Code::InTheFuture));
    assert_eq!(read(&late, FutureRule::Accept { now }), Ok(true));
}

#[test]
fn details_help_and_repeat_nothing_personal() {
    let slip = rejected(&line("question.create", "{}"));
    assert!(slip.detail.contains("did you mean `question.created`?"), "{slip}");
    let key = rejected(&line("person.upserted", r#"{"person":"p","langages":["fr"]}"#));
    assert!(key.detail.contains("did you mean `languages`?"), "{key}");
    let role = rejected(&line(
        "membership.added",
        r#"{"person":"p","community":"c","role":"boss"}"#,
    ));
    assert!(role.detail.contains("member, animator"), "{role}");
    let sick = rejected(&line(
        "absence.set",
        r#"{"person":"p","from":"2024-01-01","until":"2024-01-02","reason":"flu"}"#,
    ));
    assert!(
        sick.detail.contains("never recorded") && !sick.to_string().contains("flu"),
        "{sick}"
    );
    let canary = "Zanzibar-Quokka";
    for (kind, data, ..) in REJECTED {
        let data = data.replace("\"p\"", &format!("\"{canary}\""));
        if let Err(found) = decode(line(kind, &data).as_bytes(), NOW) {
            assert!(!found.to_string().contains(canary), "{found}");
        }
    }
}

#[test]
fn the_same_words_in_another_form_are_the_same_event() {
    let data = r#"{"question":"q","asker":"p","title":"t","body":"<p>a &amp; b</p>","body_format":"html"}"#;
    let marked = decode(line("question.created", data).as_bytes(), NOW).expect("accepted");
    let spaced = r#" { "data" : {"title":"t","body":"a & b","question":"q","asker":"p"}, "type":"question.created",
        "at":"2024-05-02T10:30:00.000+02:00", "source":"test","id":"1"} "#;
    let plain = decode(spaced.as_bytes(), NOW).expect("accepted");
    assert_eq!(marked, plain);
    let other = decode(line("question.created", &data.replace(" b", " c")).as_bytes(), NOW).expect("accepted");
    assert_ne!(other.fact.content, plain.fact.content);
}

#[test]
fn a_body_is_told_apart_and_its_language_shown() {
    let words =
        "Comment faire pour que la sauvegarde de la base de données soit faite chaque nuit sans arrêt ? ".repeat(20);
    let data = format!(r#"{{"question":"q","asker":"p","title":"t","language":"en","body":"{words}"}}"#);
    let decoded = decode(line("question.created", &data).as_bytes(), NOW).expect("accepted");
    let FactBody::QuestionCreated { patch, .. } = &decoded.fact.body else {
        panic!("another type");
    };
    let Patch::Set(body) = &patch.body else {
        panic!("no body");
    };
    assert_eq!(
        patch.language,
        Patch::Set("en".into()),
        "what the platform says is kept as it says it"
    );
    assert_eq!(body.language.as_deref(), Some("fr"));
    assert_eq!(body.excerpt.split_whitespace().count(), limits::EXCERPT_WORDS);
    let data = format!(r#"{{"answer":"a","question":"q","author":"p","body":"{words}"}}"#);
    let decoded = decode(line("answer.created", &data).as_bytes(), NOW).expect("accepted");
    let FactBody::AnswerCreated { body: Some(text), .. } = &decoded.fact.body else {
        panic!("another type, or no body");
    };
    assert_eq!((&*text.excerpt, text.hash), ("", body.hash));
}

#[test]
fn an_array_and_its_lines_say_the_same() {
    let events: Vec<String> = ACCEPTED.iter().map(|(kind, data, _)| line(kind, data)).collect();
    let by_line = split(events.join("\n").as_bytes()).expect("lines");
    let array = format!("[\n{}\n]", events.join(" ,\n"));
    let by_item = split(array.as_bytes()).expect("an array");
    assert_eq!(by_line.len(), ACCEPTED.len());
    for (one, other) in by_line.iter().zip(&by_item) {
        let read = |line: &Line<Vec<u8>>| decode(line.bytes.as_ref().expect("short"), NOW);
        assert_eq!((one.number, read(one)), (other.number, read(other)));
    }
}

proptest! {
    #[test]
    fn canonical_lines_are_fixed_points(text in generate::event()) {
        let decoded = decode(text.as_bytes(), NOW);
        prop_assert!(decoded.is_ok(), "{}\n{}", decoded.expect_err("rejected"), text);
        is_fixed(&decoded.expect("accepted"));
    }

    #[test]
    fn mutated_lines_are_answered(
        row in 0..ACCEPTED.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8),
    ) {
        let (kind, data, _) = ACCEPTED[row];
        let mut bytes = line(kind, data).into_bytes();
        for (place, byte, how) in edits {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        if let Ok(decoded) = decode(&bytes, NOW) {
            is_fixed(&decoded);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode(&bytes, NOW).is_err());
        if let Ok(lines) = split(&bytes) {
            prop_assert!(lines.iter().all(|line| line.number > 0));
        }
    }
}

/// The folder of the data that long tests read, when it is there.
fn shared_data() -> Option<std::path::PathBuf> {
    let shared = std::env::var_os("ANTENNE_SHARED").unwrap_or_else(|| "../shared".into());
    let data = std::path::Path::new(&shared).join("data");
    if !data.is_dir() {
        eprintln!("skipped: there is no ../shared/data (or ANTENNE_SHARED/data)");
        return None;
    }
    Some(data)
}

#[test]
#[ignore = "reads the large files of ../shared/data; run with --ignored"]
fn real_files_decode_without_a_rejection() {
    let Some(data) = shared_data() else { return };
    let mut files: Vec<_> = std::fs::read_dir(data)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".events.jsonl.gz"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 9);
    for path in files {
        let mut lines = open_file(&path).expect("readable");
        let mut count = 0;
        while let Some(line) = lines.next_line().expect("readable") {
            let decoded = line.bytes.and_then(|bytes| decode(bytes, NOW));
            let decoded =
                decoded.unwrap_or_else(|rejection| panic!("{} line {}: {rejection}", path.display(), line.number));
            is_fixed(&decoded);
            count += 1;
        }
        eprintln!("{}: {count} events", path.display());
        assert!(count > 1_000);
    }
}

#[test]
#[ignore = "measures the speed of a release build; run with --release --ignored"]
#[expect(clippy::disallowed_methods, reason = "this test measures time")]
fn lines_a_second() {
    let bare = line(
        "membership.added",
        r#"{"person":"p-1042","community":"data-engineering","role":"member"}"#,
    );
    let paragraph = "<p>When I <b>restart</b> the service after an upgrade, the log says &quot;lock held&quot; and nothing \
        else happens.</p><pre><code>$ systemctl restart thing\nlock held</code></pre>";
    let body: String = paragraph.repeat(3).chars().take(600).collect();
    let data =
        serde_json::json!({"question": "q", "asker": "p", "title": "Lock held", "body": body, "body_format": "html"});
    let marked = line("question.created", &data.to_string());
    for (name, text, least) in [("bare", bare, 100_000.0), ("600 bytes of HTML", marked, 25_000.0)] {
        let count = 100_000_u32;
        let start = std::time::Instant::now();
        for _ in 0..count {
            std::hint::black_box(decode(std::hint::black_box(text.as_bytes()), NOW)).expect("accepted");
        }
        let rate = f64::from(count) / start.elapsed().as_secs_f64();
        eprintln!("{name}: {rate:.0} lines/s");
        assert!(
            cfg!(debug_assertions) || rate >= least,
            "{name}: {rate:.0} lines/s, wanted {least}"
        );
    }
}
