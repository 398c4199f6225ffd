//! Erasure: nothing of a person is left in any file, others' facts stand, and nothing about them comes back.

use crate::client::{Reply, Server, bearer, event, event_of};
use crate::readers;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

const AT: &str = "2026-02-01T08:00:00Z";
const CANARY: &str = "CANARY7f3a";

/// What an organisation says of Léa, who has two accounts and is called by a canary wherever she is named, and of others.
/// Each fact says whether it would be there without her.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn facts() -> Vec<(&'static str, Value, bool)> {
    let lea = format!("{CANARY}-lea");
    let account = format!("{CANARY}-forum-account");
    let text = format!("{CANARY} how do I rotate the certificate?");
    vec![
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"}), true),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"}), true),
        (
            "person.upserted",
            json!({"person": lea, "name": format!("Léa {CANARY}"), "title": CANARY, "url": format!("https://x/{CANARY}")}),
            false,
        ),
        ("person.upserted", json!({"person": account, "name": CANARY}), false),
        ("identity.linked", json!({"person": account, "same_as": lea}), false),
        (
            "community.upserted",
            json!({"community": "security", "name": "Security", "kind": "practice", "access": "open", "sponsor": lea}),
            true,
        ),
        (
            "membership.added",
            json!({"person": lea, "community": "security", "role": "animator"}),
            false,
        ),
        (
            "question.created",
            json!({"question": "q1", "asker": account, "title": text, "body": text, "tags": ["tls"]}),
            false,
        ),
        (
            "question.edited",
            json!({"question": "q1", "body": format!("{text} Again!")}),
            false,
        ),
        (
            "answer.created",
            json!({"answer": "a1", "question": "q1", "author": "bo", "body": "Run the rotation."}),
            true,
        ),
        ("answer.accepted", json!({"answer": "a1"}), true),
        ("ask.sent", json!({"ask": "i0", "question": "q1", "person": "bo"}), true),
        (
            "question.created",
            json!({"question": "q2", "asker": "ana", "title": "How do I renew it?", "tags": ["tls"]}),
            true,
        ),
        (
            "answer.created",
            json!({"answer": "a2", "question": "q2", "author": lea, "body": text}),
            false,
        ),
        ("answer.accepted", json!({"answer": "a2"}), false),
        ("answer.scored", json!({"answer": "a2", "score": 7}), false),
        (
            "vote.added",
            json!({"target": {"answer": "a2"}, "voter": "bo", "value": 1}),
            false,
        ),
        (
            "vote.added",
            json!({"target": {"question": "q2"}, "voter": lea, "value": 1}),
            false,
        ),
        (
            "answer.created",
            json!({"answer": "a3", "question": "q2", "author": "bo", "body": "Ask for a new one."}),
            true,
        ),
        (
            "ask.sent",
            json!({"ask": "i1", "question": "q2", "person": account}),
            false,
        ),
        ("ask.answered", json!({"ask": "i1"}), false),
        (
            "skill.asserted",
            json!({"person": "bo", "skill": "tls", "origin": "endorsed", "by": lea}),
            false,
        ),
        (
            "skill.asserted",
            json!({"person": "bo", "skill": "tls", "origin": "endorsed", "by": "ana"}),
            true,
        ),
        (
            "feedback.given",
            json!({"recommendation": "r1", "subject": lea, "verdict": "declined", "by": "ana"}),
            false,
        ),
        ("fact.retracted", json!({"source": "forum", "id": "9"}), false),
        ("fact.retracted", json!({"source": "forum", "id": "25"}), false),
    ]
}

fn lines() -> Vec<String> {
    (1..)
        .zip(facts())
        .map(|(n, (kind, data, _))| event(n, kind, AT, &data))
        .collect()
}

/// A server that was told all of it.
fn furnished() -> Server {
    let server = Server::start();
    server.told(&lines());
    server
}

/// How often the canary stands in the files of `folder`.
fn canaries(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    files
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(CANARY.len()).filter(|w| *w == CANARY.as_bytes()).count()
        })
        .sum()
}

fn exported(server: &Server) -> String {
    let mut text = String::new();
    let mut each = |line: &[u8]| {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
        ControlFlow::Continue(())
    };
    server.service.export(&mut each).unwrap();
    text
}

fn erase(server: &Server, key: &str, person: &str) -> Reply {
    server.send("DELETE", &format!("/v1/people/{person}"), &[&bearer(key)], b"")
}

#[test]
fn nothing_of_an_erased_person_is_left_in_any_file() {
    let server = furnished();
    let officer = server.key("officer", &["dpo"], None);
    let lea = server.key("a-member", &["member"], Some(&format!("{CANARY}-lea")));
    // What was answered before must not answer again.
    let target = "/v1/communities/security";
    let answer = server.get(target);
    assert!(answer.text().contains(CANARY), "{}", answer.text());
    let tag = format!("If-None-Match: {}", answer.header("etag").unwrap());
    assert!(canaries(&server.data()) > 20, "the search finds what is there");
    let erased = erase(&server, &officer, &format!("{CANARY}-lea"));
    assert_eq!(erased.status, 200, "{}", erased.text());
    assert_eq!(canaries(&server.data()), 0, "with the server running");
    assert!(!exported(&server).contains(CANARY));
    let again = server.send("GET", target, &[&bearer(&server.platform), &tag], b"");
    assert_eq!(again.status, 200);
    assert!(!again.text().contains(CANARY), "{}", again.text());
    server
        .get_as(&lea, "/v1/me/preferences")
        .problem(401, "unauthenticated");
    let copy = server.data().join("copy");
    let mut bytes = Vec::new();
    let mut each = |part: &[u8]| {
        bytes.extend_from_slice(part);
        ControlFlow::Continue(())
    };
    server.service.copy_out(&mut each).unwrap();
    std::fs::write(&copy, bytes).unwrap();
    assert_eq!(canaries(&server.data()), 0, "in a backup made after");
    for person in ["lea", "forum-account"] {
        let person = format!("{CANARY}-{person}");
        assert_eq!(
            erase(&server, &officer, &person).status,
            200,
            "again, and by the other account"
        );
        server
            .get_as(&officer, &format!("/v1/people/{person}/export"))
            .problem(404, "not_found");
        server.get(&format!("/v1/people/{person}")).problem(404, "not_found");
    }
    assert_eq!(erase(&server, &officer, &format!("{CANARY}-lea")).json(), erased.json());
    erase(&server, &officer, "unheard-of").problem(404, "not_found");
    let admin = server.key("admin", &["admin"], None);
    let told = server.get_as(&admin, "/v1/admin/audit").text();
    assert!(told.contains("person.erased") && !told.contains(CANARY), "{told}");
}

/// Léa in an organisation of fourteen others: she animates, asks, answers, knows, takes part, offers, and is asked.
fn lea_among_others() -> Vec<readers::Told> {
    let lea = format!("{CANARY}-lea");
    let mut told = readers::organisation(&mut StdRng::seed_from_u64(7));
    told.push((
        "person.upserted",
        json!({"person": lea, "name": format!("Person {CANARY}"), "unit": "Group/U0", "site": "Lyon", "languages": ["en"]}),
    ));
    for n in 0..3 {
        let (question, answer, skill) = (format!("lea{n}"), format!("leaa{n}"), format!("s{n}"));
        let title = format!("How does craft{n} bear the {CANARY}?");
        told.extend([
            ("membership.added", json!({"person": lea, "community": format!("c{n}"), "role": "animator"})),
            ("skill.asserted", json!({"person": lea, "skill": skill, "origin": "declared", "level": 0.9})),
            ("interest.declared", json!({"person": lea, "skill": skill, "stance": "can_mentor"})),
            ("participation.started", json!({"person": lea, "project": format!("pr{n}"), "role": "lead"})),
            (
                "question.created",
                json!({"question": question, "asker": lea, "title": title, "tags": [format!("craft{n}")], "community": format!("c{n}")}),
            ),
            ("answer.created", json!({"answer": answer, "question": format!("q{n}"), "author": lea, "body": CANARY})),
            ("answer.accepted", json!({"answer": answer})),
            ("ask.sent", json!({"ask": format!("ask{n}"), "question": format!("q{}", n + 3), "person": lea})),
            (
                "skill.asserted",
                json!({"person": format!("p{n}"), "skill": "s0", "origin": "endorsed", "by": lea}),
            ),
        ]);
    }
    told
}

#[test]
fn nobody_reads_anything_of_an_erased_person_on_any_route() {
    let lea = format!("{CANARY}-lea");
    let server = readers::told(&lea_among_others());
    let calls = readers::calls(&server, &[&lea], true);
    let shown = |server: &Server| -> BTreeSet<&'static str> {
        let read = readers::read(server, &calls);
        // A target that names her, or a problem that repeats it, is no answer about her.
        let about = |target: &str, text: &str| text.replace(target, "").contains(CANARY);
        let told = read
            .iter()
            .filter(|(_, target, text)| !target.contains(CANARY) && about(target, text));
        told.map(|(operation, ..)| *operation).collect()
    };
    let before = shown(&server);
    for operation in [
        "question_experts",
        "search_people",
        "list_questions",
        "community_card",
        "people_by_name",
        "plan_asks",
        "own_export",
    ] {
        assert!(before.contains(operation), "she stands in {operation}: {before:?}");
    }
    let officer = server.key("eraser", &["dpo"], None);
    assert_eq!(erase(&server, &officer, &lea).status, 200);
    assert_eq!(shown(&server), BTreeSet::new());
    server.get(&format!("/v1/people/{lea}")).problem(404, "not_found");
    // Nor does what is made of the organisation from now on hold anything of her.
    server.service.publish_skill_map().unwrap();
    assert_eq!(shown(&server), BTreeSet::new());
    assert_eq!(canaries(&server.data()), 0);
}

#[test]
fn what_is_left_is_what_was_never_told_of_them() {
    let server = furnished();
    let officer = server.key("officer", &["dpo"], None);
    assert_eq!(erase(&server, &officer, &format!("{CANARY}-forum-account")).status, 200);
    let fresh = Server::start();
    let stays: Vec<String> = (1..)
        .zip(facts())
        .filter(|(_, (.., stays))| *stays)
        .map(|(n, (kind, mut data, _))| {
            if kind == "community.upserted" {
                data["sponsor"] = Value::Null;
            }
            event(n, kind, AT, &data)
        })
        .collect();
    fresh.told(&stays);
    let digest = |server: &Server| server.service.stats().unwrap().digest;
    assert_eq!(digest(&server), digest(&fresh));
    let mut left: Vec<String> = exported(&server).lines().map(str::to_owned).collect();
    let mut wanted: Vec<String> = exported(&fresh).lines().map(str::to_owned).collect();
    left.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(left, wanted);
    // Her question is a stub; Bo's answer to it stands.
    server.get("/v1/questions/q1/experts").problem(404, "not_found");
    let bo = server.key("bo", &["member"], Some("bo"));
    let held = server.get_as(&bo, "/v1/me/export").json();
    let answers = held["events"].as_array().unwrap().iter();
    assert_eq!(answers.filter(|event| event["type"] == "answer.created").count(), 2);
}

#[test]
fn nothing_about_an_erased_person_comes_back() {
    let server = furnished();
    let officer = server.key("officer", &["dpo"], None);
    erase(&server, &officer, &format!("{CANARY}-lea"));
    let before = exported(&server);
    // The same file again: what names her, or holds what she wrote, is refused line by line; all else is there already.
    let report = server.post("/v1/events", lines().join("\n")).json();
    let refused: Vec<u64> = report["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            assert_eq!(line["code"], "subject_erased", "{line}");
            assert!(!line["detail"].as_str().unwrap().contains(CANARY));
            line["line"].as_u64().unwrap()
        })
        .collect();
    let gone = (1..)
        .zip(facts())
        .filter(|(_, (kind, _, stays))| !stays && *kind != "fact.retracted" || *kind == "community.upserted");
    let wanted: Vec<u64> = gone.map(|(n, _)| n).collect();
    assert_eq!(refused, wanted);
    assert!(!exported(&server).contains(CANARY));
    assert!(exported(&server).starts_with(&before));
    // By webhook and by import as over HTTP: all go the same way; under another source and another type, too.
    let other = event_of(
        "hr",
        1,
        "person.left",
        AT,
        &json!({"person": format!("{CANARY}-forum-account")}),
    );
    let line = other.as_bytes();
    let read = server
        .service
        .read(&mut std::iter::once((1, Ok(line))), None, antenne::app::Ahead::Refused);
    let report = server.service.take(read.taken)().unwrap();
    assert_eq!(report.rejected[0].code, "subject_erased");
    // Others may still answer what she asked.
    let answer = event(
        90,
        "answer.created",
        AT,
        &json!({"answer": "a9", "question": "q1", "author": "ana"}),
    );
    assert_eq!(server.post("/v1/events", answer).json()["accepted"], 1);
}

#[test]
fn a_person_erases_themself_and_nobody_else() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    erase(&server, &bo, "ana").problem(404, "not_found");
    erase(&server, &server.platform, "bo").problem(403, "scope_missing");
    assert_eq!(server.get("/v1/people/ana").status, 200);
    assert_eq!(erase(&server, &bo, "bo").status, 200);
    erase(&server, &bo, "bo").problem(401, "unauthenticated");
    server.get("/v1/people/bo").problem(404, "not_found");
    assert!(server.service.keys().unwrap().iter().all(|key| key.person.is_none()));
}
