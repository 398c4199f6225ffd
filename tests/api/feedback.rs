//! Feedback: what may be quoted, by whom, and for how long.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn furnished() -> (Server, String) {
    let server = Server::start();
    server.told(&[
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana"})),
        event(2, "person.upserted", AT, &json!({"person": "bo", "name": "Bo"})),
        event(
            3,
            "question.created",
            AT,
            &json!({"question": "old", "asker": "ana", "title": "How do I rotate the certificate?"}),
        ),
        event(
            4,
            "answer.created",
            AT,
            &json!({"answer": "a1", "question": "old", "author": "bo", "body": "Run it."}),
        ),
        event(
            5,
            "question.created",
            AT,
            &json!({"question": "open", "asker": "ana", "title": "How do I rotate a certificate?"}),
        ),
    ]);
    let answer = server.get("/v1/questions/open/experts").json();
    assert_eq!(answer["items"][0]["subject"], "bo", "{answer}");
    let recommendation = answer["recommendation"].as_str().unwrap().to_owned();
    (server, recommendation)
}

fn verdict(recommendation: &str, subject: &str, verdict: &str) -> Value {
    json!({"recommendation": recommendation, "subject": subject, "verdict": verdict})
}

fn exported(server: &Server) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut each = |line: &[u8]| {
        lines.push(serde_json::from_slice(line).unwrap());
        std::ops::ControlFlow::Continue(())
    };
    server.service.export(&mut each).unwrap();
    lines
}

#[test]
fn a_verdict_becomes_an_event_and_the_same_again_is_a_duplicate() {
    let (server, recommendation) = furnished();
    let give = |body: &Value| server.post("/v1/feedback", body.to_string());
    let mut with_by = verdict(&recommendation, "bo", "accepted");
    with_by["by"] = "ana".into();
    let first = give(&with_by);
    assert_eq!(
        (first.status, first.json()),
        (
            200,
            json!({"accepted": 1, "duplicate": 0, "rejected": [], "generation": 6})
        )
    );
    assert_eq!(
        give(&with_by).json(),
        json!({"accepted": 0, "duplicate": 1, "rejected": [], "generation": 6})
    );
    // Another mind, and back: the last one counts.
    server.pass(1);
    for word in ["declined", "accepted"] {
        with_by["verdict"] = word.into();
        server.pass(1);
        assert_eq!(give(&with_by).json()["accepted"], 1, "{word}");
    }
    assert_eq!(
        give(&verdict(&recommendation, "bo", "not_relevant")).json()["accepted"],
        1,
        "somebody else's"
    );
    let events = exported(&server);
    let last = &events[5];
    assert_eq!(
        (&last["source"], &last["type"]),
        (&json!("antenne"), &json!("feedback.given"))
    );
    assert_eq!(
        last["data"],
        json!({"recommendation": recommendation, "subject": "bo", "verdict": "accepted", "by": "ana"})
    );
    assert_eq!(events.len(), 9);
}

#[test]
fn only_what_was_given_may_be_quoted() {
    let (server, recommendation) = furnished();
    let give = |body: &Value| server.post("/v1/feedback", body.to_string());
    for unknown in [
        "rec_00000000000000000000000000000000",
        "rec_x",
        "anything",
        &recommendation.to_uppercase(),
    ] {
        give(&verdict(unknown, "bo", "accepted")).problem(404, "not_found");
    }
    let problem = give(&verdict(&recommendation, "ana", "accepted")).problem(422, "bad_body");
    assert_eq!(
        (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
        (&json!("subject"), &json!("not_named"))
    );
    give(&verdict(&recommendation, "bo", "excellent")).problem(422, "bad_body");
    give(&json!({})).problem(422, "bad_body");
    assert_eq!(exported(&server).len(), 5, "nothing was kept");
    server.pass(90 * 24 * 60);
    assert_eq!(
        give(&verdict(&recommendation, "bo", "accepted")).json()["accepted"],
        1,
        "on the ninetieth day"
    );
    server.pass(1);
    give(&verdict(&recommendation, "bo", "declined")).problem(410, "expired");
    server.pass(30 * 24 * 60);
    give(&verdict(&recommendation, "bo", "declined")).problem(404, "not_found");
}

#[test]
fn a_key_speaks_for_its_own_person() {
    let (server, recommendation) = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let give = |body: &Value| server.send("POST", "/v1/feedback", &[&bearer(&bo)], body.to_string().as_bytes());
    let mut body = verdict(&recommendation, "bo", "declined");
    body["by"] = "ana".into();
    let problem = give(&body).problem(422, "bad_body");
    assert_eq!(problem["errors"][0]["code"], "speaks_for_somebody");
    body.as_object_mut().unwrap().remove("by");
    assert_eq!(give(&body).status, 200);
    assert_eq!(exported(&server)[5]["data"]["by"], "bo");
}

#[test]
fn drafts_and_pages_may_be_quoted_too_and_so_may_invitations() {
    let (server, _) = furnished();
    let draft = server
        .post(
            "/v1/experts",
            json!({"title": "How do I rotate a certificate?"}).to_string(),
        )
        .json();
    let page = server
        .post(
            "/v1/questions/experts",
            json!({"questions": ["open"], "limit": 1}).to_string(),
        )
        .json();
    for quoted in [&draft["recommendation"], &page["items"][0]["answer"]["recommendation"]] {
        let body = verdict(quoted.as_str().unwrap(), "bo", "accepted").to_string();
        assert_eq!(server.post("/v1/feedback", body).json()["accepted"], 1);
        let ask = json!({"ask": format!("to {quoted}"), "question": "open", "person": "bo", "recommendation": quoted});
        let number = 100 + quoted.as_str().unwrap().len() as u32 + u32::from(quoted == &draft["recommendation"]);
        server.told(&[event(number, "ask.sent", AT, &ask)]);
    }
}

#[test]
fn no_key_writes_as_the_service_itself() {
    let (server, _) = furnished();
    let line =
        json!({"id": "x", "source": "antenne", "type": "question.closed", "at": AT, "data": {"question": "open"}});
    let report = server.post("/v1/events", line.to_string());
    assert_eq!(
        (report.status, &report.json()["rejected"][0]["code"]),
        (422, &json!("source_not_allowed"))
    );
}
