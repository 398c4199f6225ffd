//! Damaged paths, queries and bodies of requests, over TCP: a clear answer to each, never a 5xx.

use crate::client::{Server, bearer, event};
use crate::damage::{Dice, fuzz};
use serde_json::{Value, json};

const CASES: u64 = 1_500;

const READS: [&str; 9] = [
    "/v1/questions?status=all&older_than=3d&community=security&limit=20&cursor=abc",
    "/v1/questions/forum%2F42/experts?limit=3&order=waves",
    "/v1/names/people?q=lea+font&limit=20&cursor=abc",
    "/v1/people/p-17",
    "/v1/communities/security",
    "/v1/admin/keys?limit=1&cursor=abc",
    "/v1/admin/sources",
    "/openapi.json",
    "/docs/swagger-ui.css",
];

const WRITES: [(&str, &str); 6] = [
    (
        "/v1/experts?limit=3&order=waves",
        r#"{"title":"How do I rotate the certificate?","body":"<p>It <b>ends</b> on Friday</p>","body_format":"html","tags":["tls"],"community":"security","asker":"p-17","language":"en"}"#,
    ),
    (
        "/v1/questions/experts",
        r#"{"questions":["forum/42","forum/43"],"limit":3,"order":"waves"}"#,
    ),
    (
        "/v1/feedback",
        r#"{"recommendation":"rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92","subject":"p-17","verdict":"accepted","by":"p-4"}"#,
    ),
    (
        "/v1/events",
        r#"{"id":"9","source":"forum","type":"question.closed","at":"2026-03-02T09:00:00Z","data":{"question":"forum/42"}}"#,
    ),
    (
        "/v1/events?source=forum",
        r#"[{"id":"9","source":"forum","type":"question.closed","at":"x","data":{}}]"#,
    ),
    (
        "/v1/admin/keys",
        r#"{"name":"forum","scopes":["events:write"],"sources":["forum"],"event_types":["vote.added"],"communities":["security"]}"#,
    ),
];

/// A target as a client can send it: no blank, no control character, nothing beyond ASCII, no second line.
fn sendable(target: &[u8]) -> String {
    let visible = target.iter().filter(|byte| byte.is_ascii_graphic());
    let text: String = visible.map(|byte| char::from(*byte)).collect();
    format!("/{}", text.trim_start_matches('/'))
}

/// Whether the request was answered with what was asked for.
fn asked(server: &Server, key: &str, case: u64) -> usize {
    let mut dice = Dice::of(case);
    let (method, target, body) = if dice.roll(2) == 0 {
        ("GET", READS[dice.roll(READS.len())], "")
    } else {
        let (target, body) = WRITES[dice.roll(WRITES.len())];
        ("POST", target, body)
    };
    let harm_target = body.is_empty() || dice.roll(4) == 0;
    let (target, body) = if harm_target {
        (sendable(&dice.damage(target)), body.as_bytes().to_vec())
    } else {
        (target.to_owned(), dice.damage(body))
    };
    let reply = server.send(method, &target, &[&bearer(key)], &body);
    assert!(reply.status < 500, "{method} {target}: {}", reply.text());
    if reply.status >= 400 && reply.status != 431 && reply.header("content-type") == Some("application/problem+json") {
        let problem = reply.json();
        assert_eq!(problem["status"], reply.status, "{problem}");
        assert!(
            problem["code"].is_string() && problem["detail"].is_string(),
            "{problem}"
        );
    }
    usize::from(reply.status < 300)
}

#[test]
fn damaged_requests_are_answered_or_refused() {
    let server = Server::start();
    let tell = |n: u32, kind: &str, data: Value| event(n, kind, "2026-02-01T08:00:00Z", &data);
    server.told(&[
        tell(1, "person.upserted", json!({"person": "p-17", "name": "Léa Fontaine"})),
        tell(
            2,
            "community.upserted",
            json!({"community": "security", "kind": "practice", "access": "open"}),
        ),
        tell(
            3,
            "question.created",
            json!({"question": "forum/42", "asker": "p-4", "title": "Certificates", "community": "security"}),
        ),
        tell(
            4,
            "answer.created",
            json!({"answer": "a", "question": "forum/42", "author": "p-17"}),
        ),
    ]);
    let key = server.key(
        "fuzz",
        &["events:write", "recommend:read", "search:read", "admin"],
        None,
    );
    fuzz("requests", CASES, |case| asked(&server, &key, case));
}
