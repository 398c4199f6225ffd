//! `POST /v1/events`: line by line, whatever comes.

use crate::client::{Server, bearer, encoded, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn question(number: u32, id: &str) -> String {
    event(
        number,
        "question.created",
        AT,
        &json!({"question": id, "asker": "ana", "title": "How do I rotate it?"}),
    )
}

fn codes(report: &Value) -> Vec<String> {
    let rejected = report["rejected"].as_array().unwrap();
    let one = |r: &Value| {
        assert!(!r["detail"].as_str().unwrap().is_empty(), "{r}");
        format!(
            "{} {} {}",
            r["line"],
            r["field"].as_str().unwrap(),
            r["code"].as_str().unwrap()
        )
    };
    rejected.iter().map(one).collect()
}

#[test]
fn what_is_acknowledged_is_seen_by_the_next_request() {
    let server = Server::start();
    for number in 1..=20 {
        let id = format!("q{number}");
        let reply = server.post("/v1/events", question(number, &id));
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.json(),
            json!({"accepted": 1, "duplicate": 0, "rejected": [], "generation": number})
        );
        let seen = server.get(&format!("/v1/questions/{id}/experts"));
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert_eq!(seen.json()["generation"], number);
    }
}

#[test]
fn an_array_says_the_same_as_lines() {
    let (one, other) = (Server::start(), Server::start());
    let lines = [
        question(1, "q1"),
        "{\"id\":\"x\"}".to_owned(),
        question(1, "q1"),
        question(2, "q2"),
    ];
    let as_lines = one.post("/v1/events", lines.join("\n"));
    let as_array = other.post("/v1/events", format!(" \n [{}]\n", lines.join(" ,\n")));
    assert_eq!(
        (as_lines.status, as_lines.body),
        (as_array.status, as_array.body.clone())
    );
    assert_eq!(as_array.json()["accepted"], 2);
    assert_eq!(as_array.json()["duplicate"], 1);
    let list = |server: &Server| server.get("/v1/questions").json();
    assert_eq!(list(&one), list(&other));
    assert_eq!(
        one.post("/v1/events", "[]").json(),
        json!({"accepted": 0, "duplicate": 0, "rejected": [], "generation": 2})
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one batch holds every bad line")]
fn a_bad_line_is_named_and_stops_no_other() {
    let server = Server::start();
    let mut body: Vec<u8> = Vec::new();
    let mut line = |bytes: &[u8]| {
        body.extend_from_slice(bytes);
        body.push(b'\n');
    };
    line(question(1, "q1").as_bytes());
    line(event(2, "page.viewed", AT, &json!({})).as_bytes());
    line(event(3, "question.closed", AT, &json!({"question": "q1", "why": "x"})).as_bytes());
    line(event(4, "question.closed", "2026-02-30T08:00:00Z", &json!({"question": "q1"})).as_bytes());
    line(event(5, "question.closed", "2026-03-02T10:00:00Z", &json!({"question": "q1"})).as_bytes());
    line(question(6, &"x".repeat(2 << 20)).as_bytes());
    line(b"{\"id\":\"\xff\xfe\"}");
    line(b"not json");
    line(event(9, "question.closed", AT, &json!({"question": "q\u{1}"})).as_bytes());
    line(question(1, "another").as_bytes());
    line(
        event(
            11,
            "absence.set",
            AT,
            &json!({"person": "ana", "from": "2026-03-01", "until": "2026-03-09"}),
        )
        .as_bytes(),
    );
    line(question(12, "q12").as_bytes());
    let reply = server.post("/v1/events", &body);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let report = reply.json();
    assert_eq!((&report["accepted"], &report["duplicate"]), (&json!(2), &json!(0)));
    let expected = [
        "2 type unknown_type",
        "3 data.why unknown_key",
        "4 at bad_timestamp",
        "5 at in_the_future",
        "6  too_long",
        "7  not_utf8",
        "8  not_json",
        "9 data.question bad_id",
        "10 id id_reused",
        "11 type speaks_for_somebody",
    ];
    assert_eq!(codes(&report), expected);
    for id in ["q1", "q12"] {
        assert_eq!(
            server.get(&format!("/v1/questions/{id}/experts")).status,
            200,
            "nothing is lost"
        );
    }
    assert_eq!(
        server.get("/v1/questions/another/experts").status,
        404,
        "the first event of an id is kept"
    );
}

#[test]
fn an_absence_never_carries_a_reason() {
    let server = Server::start();
    let key = server.key("hr", &["events:write", "dpo"], None);
    let mut span = json!({"person": "ana", "from": "2026-03-01", "until": "2026-03-09"});
    let send = |line: String| server.send("POST", "/v1/events", &[&bearer(&key)], line.as_bytes());
    assert_eq!(send(event(1, "absence.set", AT, &span)).status, 200);
    span["reason"] = json!("surgery");
    let reply = send(event(2, "absence.set", AT, &span));
    assert_eq!(reply.status, 422);
    assert_eq!(codes(&reply.json()), ["1 data.reason unknown_key"]);
    assert!(!reply.text().contains("surgery"));
}

#[test]
fn a_batch_that_is_rejected_whole_is_422_with_the_same_report() {
    let server = Server::start();
    let reply = server.post("/v1/events", event(1, "page.viewed", AT, &json!({})));
    assert_eq!(reply.status, 422);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json()["accepted"], 0);
    assert_eq!(codes(&reply.json()), ["1 type unknown_type"]);
    server.told(&[question(2, "q2")]);
    assert_eq!(
        server.post("/v1/events", question(2, "q2")).status,
        200,
        "a duplicate is no rejection"
    );
}

#[test]
fn bodies_over_a_limit_or_unreadable_are_refused_whole() {
    let server = Server::start();
    let many: Vec<_> = (0..20_000).map(|number| question(number, "q")).collect();
    server.post("/v1/events", many.join("\n")).problem(413, "too_large");
    server
        .post("/v1/events", format!("[{}]", many.join(",")))
        .problem(413, "too_large");
    let length = format!("Content-Length: {}", (16 << 20) + 1);
    let declared = server.send(
        "POST",
        "/v1/events",
        &[&bearer(&server.platform), &length, "Expect: 100-continue"],
        b"",
    );
    declared.problem(413, "too_large");
    for body in ["", " \r\n\t", "[", "[1,2", "[{},]", "[{}] x", "[{}}"] {
        server.post("/v1/events", body).problem(400, "unreadable_body");
    }
    let gzip = [&*bearer(&server.platform), "Content-Encoding: gzip"];
    server
        .send("POST", "/v1/events", &gzip, b"\x1f\x8b")
        .problem(415, "unsupported_encoding");
    let list = server.get("/v1/questions?status=all").json();
    assert_eq!(
        (&list["items"], &list["generation"]),
        (&json!([]), &json!(0)),
        "nothing of them was taken"
    );
}

#[test]
fn a_full_batch_of_ten_thousand_lines_is_taken() {
    let server = Server::start();
    let lines: Vec<_> = (0..10_000)
        .map(|number| event(number, "person.upserted", AT, &json!({"person": format!("p{number}")})))
        .collect();
    server.told(&lines);
    let again = server.post("/v1/events", lines.join("\r\n")).json();
    assert_eq!(
        (&again["accepted"], &again["duplicate"], &again["generation"]),
        (&json!(0), &json!(10_000), &json!(10_000))
    );
}

#[test]
fn identifiers_of_every_kind_come_back_as_they_were_sent() {
    let server = Server::start();
    let ids = [
        "qc/123",
        "50% off",
        "a b",
        "é/ü?#&=+",
        "..",
        "%2F",
        "日本語",
        "\"quoted\"",
        "a;b,c",
    ];
    let lines: Vec<_> = (0..).zip(ids).map(|(number, id)| question(number, id)).collect();
    server.told(&lines);
    for id in ids {
        let reply = server.get(&format!("/v1/questions/{}/experts", encoded(id)));
        assert_eq!(reply.status, 200, "{id}: {}", reply.text());
    }
    let list = server.get("/v1/questions").json();
    let mut listed: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| q["question"].as_str().unwrap())
        .collect();
    listed.sort_unstable();
    let mut sent = ids;
    sent.sort_unstable();
    assert_eq!(listed, sent);
    // Another way to write é.
    assert_eq!(
        server
            .get("/v1/questions/e%CC%81%2Fu%CC%88%3F%23%26%3D%2B/experts")
            .status,
        200
    );
}

#[test]
fn a_fact_about_somebody_unknown_waits_for_them() {
    let server = Server::start();
    server.told(&[
        event(
            1,
            "answer.created",
            AT,
            &json!({"answer": "a1", "question": "later", "author": "bo", "body": "so"}),
        ),
        event(
            2,
            "membership.added",
            AT,
            &json!({"person": "bo", "community": "nowhere", "role": "member"}),
        ),
    ]);
    server.get("/v1/questions/later/experts").problem(404, "not_found");
    server.told(&[question(3, "later")]);
    let list = server.get("/v1/questions?status=answered").json();
    assert_eq!(list["items"][0]["question"], "later");
    assert_eq!(list["items"][0]["answers"], 1);
}
