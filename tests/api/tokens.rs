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

#[test]
fn whatever_speaks_for_somebody_who_left_opens_nothing_until_they_are_back() {
    let server = organisation();
    let bo = server.key("bo", &["member", "recommend:read", "events:write", "dpo"], Some("bo"));
    let animator = server.colleague("bo-animates", &["animator"], "bo", &["partners"]);
    let makes = server.key("bo-makes", &["members:delegate", "search:read"], Some("bo"));
    let made = token(&server, &makes, "ana", 15);
    let platform = server.key("portal", &["members:delegate", "search:read"], None);
    let theirs = token(&server, &platform, "bo", 15);
    let open = |key: &str, target: &str| server.get_as(key, target).status;
    let all = || {
        [
            open(&bo, "/v1/me/preferences"),
            open(&bo, "/v1/questions/plain/experts"),
            open(&bo, "/v1/people/ana/export"),
            open(&animator, "/v1/communities/partners/newcomers"),
            open(&made, "/v1/people/ana"),
            open(&theirs, "/v1/me/load"),
        ]
    };
    assert_eq!(all(), [200; 6]);
    server.told(&[event(
        90,
        "person.left",
        "2026-02-02T08:00:00Z",
        &json!({"person": "bo"}),
    )]);
    assert_eq!(all(), [401; 6]);
    let line = event(91, "community.archived", AT, &json!({"community": "partners"}));
    server
        .send("POST", "/v1/events", &[&bearer(&bo)], line.as_bytes())
        .problem(401, "unauthenticated");
    let gone = server.get_as(&bo, "/v1/me/preferences");
    assert_eq!(
        gone.body,
        server.get_as("antenne_0", "/v1/me/preferences").body,
        "like one that never was"
    );
    // The data protection officer still reaches what is held about somebody who left.
    let officer = server.key("officer", &["dpo"], None);
    assert_eq!(open(&officer, "/v1/people/bo/export"), 200);
    server.told(&[event(
        92,
        "person.upserted",
        "2026-02-03T08:00:00Z",
        &json!({"person": "bo", "name": "Bo Lind"}),
    )]);
    assert_eq!(all(), [200; 6], "they are back");
}

#[test]
fn who_was_erased_has_no_key_and_gets_none() {
    let server = organisation();
    let bo = server.key("bo", &["member"], Some("bo"));
    let admin = server.key("admin", &["admin"], None);
    let portal = server.key("portal", &["members:delegate", "search:read"], None);
    let open = token(&server, &portal, "bo", 15);
    assert_eq!(server.get_as(&open, "/v1/me/load").status, 200);
    assert_eq!(server.send("DELETE", "/v1/people/bo", &[&bearer(&bo)], b"").status, 200);
    server.get_as(&bo, "/v1/me/preferences").problem(401, "unauthenticated");
    for target in ["/v1/me/load", "/v1/people/ana"] {
        server.get_as(&open, target).problem(401, "unauthenticated");
    }
    ask(&server, &portal, &json!({"person": "bo"})).problem(404, "not_found");
    let wish = |name: &str, person: &str| json!({"name": name, "scopes": ["member"], "person": person}).to_string();
    let make = |body: String| server.send("POST", "/v1/admin/keys", &[&bearer(&admin)], body.as_bytes());
    let refused = make(wish("again", "bo"));
    refused.problem(422, "bad_body");
    assert!(refused.text().contains("was erased"), "{}", refused.text());
    assert_eq!(make(wish("other", "ana")).status, 201, "others get one");
}
