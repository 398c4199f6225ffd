//! Member tokens: for one reader, for a short while, never for more than the key that made them.

use crate::client::{Reply, Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Ana and Bo are there, Gone has left, Stub is only mentioned, Gus is a guest of `partners`; the board is private to Ana.
fn organisation() -> Server {
    let server = Server::start();
    let facts = [
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"})),
        ("person.upserted", json!({"person": "gone", "name": "Gone Away"})),
        ("person.left", json!({"person": "gone"})),
        (
            "person.upserted",
            json!({"person": "gus", "name": "Gus Vale", "external": true}),
        ),
        (
            "community.upserted",
            json!({"community": "board", "kind": "team", "access": "private"}),
        ),
        (
            "community.upserted",
            json!({"community": "partners", "kind": "project", "access": "open"}),
        ),
        (
            "membership.added",
            json!({"person": "ana", "community": "board", "role": "animator"}),
        ),
        (
            "membership.added",
            json!({"person": "gus", "community": "partners", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "stub", "community": "partners", "role": "member"}),
        ),
        (
            "question.created",
            json!({"question": "secret", "asker": "ana", "title": "The merger", "community": "board"}),
        ),
        (
            "question.created",
            json!({"question": "plain", "asker": "bo", "title": "The printer"}),
        ),
    ];
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

fn ask(server: &Server, key: &str, body: &Value) -> Reply {
    server.send(
        "POST",
        "/v1/member-tokens",
        &[&bearer(key)],
        body.to_string().as_bytes(),
    )
}

fn token(server: &Server, key: &str, person: &str, minutes: u8) -> String {
    let made = ask(server, key, &json!({"person": person, "minutes": minutes}));
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_token_reads_as_its_person_and_does_no_more_than_its_key() {
    let server = organisation();
    let every = [
        "members:delegate",
        "recommend:read",
        "search:read",
        "events:write",
        "dpo",
        "admin",
        "steward",
        "hr:read",
    ];
    let portal = server.key("portal", &every, None);
    let made = ask(&server, &portal, &json!({"person": "ana"})).json();
    assert_eq!(made["scopes"], json!(["recommend:read", "search:read", "member"]));
    assert_eq!(made["expires_at"], "2026-03-02T09:15:30Z");
    let ana = made["token"].as_str().unwrap();
    let digits = ana.strip_prefix("antenne_member_").unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let bo = token(&server, &portal, "bo", 15);
    let experts = "/v1/questions/secret/experts";
    assert_eq!(server.get_as(ana, experts).status, 200);
    server.get_as(&bo, experts).problem(404, "not_found");
    assert_eq!(server.get_as(&bo, "/v1/people/ana").status, 200);
    for (method, target) in [("GET", "/v1/admin/keys"), ("GET", "/v1/health"), ("POST", "/v1/events")] {
        server
            .send(method, target, &[&bearer(ana)], b"{}")
            .problem(403, "scope_missing");
    }
    ask(&server, ana, &json!({"person": "bo"})).problem(403, "scope_missing");
    // A key that may only delegate makes tokens that may only be somebody.
    let bare = server.key("bare", &["members:delegate"], None);
    let alone = token(&server, &bare, "ana", 1);
    server.get_as(&alone, experts).problem(403, "scope_missing");
    assert_eq!(server.get_as(&alone, "/v1/me/load").status, 200);
}

#[test]
fn a_guests_token_stays_a_guests() {
    let server = organisation();
    let portal = server.key("portal", &["members:delegate", "recommend:read", "search:read"], None);
    let gus = token(&server, &portal, "gus", 15);
    server
        .get_as(&gus, "/v1/questions/plain/experts")
        .problem(404, "not_found");
    server.get_as(&gus, "/v1/people/bo").problem(404, "not_found");
    assert_eq!(server.get_as(&gus, "/v1/communities/partners").status, 200);
    // Once the guest is gone, the token does not become one that speaks for nobody in particular.
    server.told(&[event(90, "person.left", AT, &json!({"person": "gus"}))]);
    server.get_as(&gus, "/v1/people/bo").problem(401, "unauthenticated");
}

#[test]
fn a_token_ends_by_itself_and_with_its_key() {
    let server = organisation();
    let portal = server.key("portal", &["members:delegate", "search:read"], None);
    let other = server.key("other", &["members:delegate", "search:read"], None);
    let opens = |token: &str| server.get_as(token, "/v1/people/bo").status;
    let (short, long) = (token(&server, &portal, "ana", 1), token(&server, &portal, "ana", 15));
    let beside = token(&server, &other, "ana", 15);
    assert_eq!([&short, &long, &beside].map(|token| opens(token)), [200; 3]);
    server.pass(1);
    assert_eq!([&short, &long, &beside].map(|token| opens(token)), [401, 200, 200]);
    assert!(server.service.revoke_key("portal", None).unwrap());
    assert_eq!([&short, &long, &beside].map(|token| opens(token)), [401, 401, 200]);
    server.pass(14);
    let ended = server.get_as(&beside, "/v1/people/bo");
    ended.problem(401, "unauthenticated");
    let unknown = server.get_as(&format!("antenne_member_{}", "0".repeat(64)), "/v1/people/bo");
    assert_eq!(ended.body, unknown.body, "ended and unknown are the same");
}

#[test]
fn a_token_is_made_for_somebody_who_is_there_and_is_recorded() {
    let server = organisation();
    let portal = server.key("portal", &["members:delegate"], None);
    let admin = server.key("admin", &["admin"], None);
    let bodies = ["gone", "stub", "unheard-of"].map(|person| {
        let refused = ask(&server, &portal, &json!({"person": person}));
        refused.problem(404, "not_found");
        refused.body
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    for body in [
        json!({}),
        json!({"person": "ana", "minutes": 16}),
        json!({"person": "ana", "minutes": 0}),
    ] {
        ask(&server, &portal, &body).problem(422, "bad_body");
    }
    ask(&server, &server.platform, &json!({"person": "unheard-of"})).problem(403, "scope_missing");
    token(&server, &portal, "ana", 7);
    let rows = server
        .get_as(&admin, "/v1/admin/audit?action=token.issued&person=ana")
        .json();
    let row = &rows["items"][0];
    assert_eq!(
        (&row["by"], &row["what"], &row["via"]),
        (&"portal".into(), &"7 minutes".into(), &"key".into())
    );
    assert_eq!(rows["items"].as_array().unwrap().len(), 1);
    let all = server.get_as(&admin, "/v1/admin/audit").text();
    assert!(!all.contains("ana") && !all.contains("antenne_member"), "{all}");
}
