//! `ETag` and 304: a caller who holds the answer is told so, and never wrongly.

use crate::client::{Reply, Server, bearer, event};
use serde_json::json;

const AT: &str = "2026-02-01T08:00:00Z";
const TARGETS: [&str; 5] = [
    "/v1/questions/q1/experts?limit=2&order=waves",
    "/v1/questions?status=all",
    "/v1/people/ana",
    "/v1/names/people?q=ana",
    "/v1/communities/security",
];

fn furnished() -> Server {
    let server = Server::start();
    server.told(&[
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana Ruiz"})),
        event(
            2,
            "community.upserted",
            AT,
            &json!({"community": "security", "kind": "practice", "access": "open"}),
        ),
        event(
            3,
            "question.created",
            AT,
            &json!({"question": "q1", "asker": "ana", "title": "How do I rotate it?"}),
        ),
    ]);
    server
}

fn ask(server: &Server, key: &str, target: &str, extra: &[&str]) -> Reply {
    let key = bearer(key);
    let headers: Vec<&str> = std::iter::once(key.as_str()).chain(extra.iter().copied()).collect();
    server.send("GET", target, &headers, b"")
}

fn held(reply: &Reply) -> String {
    format!("If-None-Match: {}", reply.header("etag").unwrap())
}

#[test]
fn who_holds_the_answer_is_told_so_until_anything_changes() {
    let server = furnished();
    for (number, target) in (100..).zip(TARGETS) {
        let first = ask(&server, &server.platform, target, &[]);
        assert_eq!(first.status, 200, "{target}: {}", first.text());
        let tag = held(&first);
        let again = ask(&server, &server.platform, target, &[&tag]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{target}");
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(again.header(name), first.header(name), "{target}: {name}");
        }
        assert!(again.header("server-timing").is_some());
        let unlike = ask(&server, &server.platform, target, &["If-None-Match: W/\"0\", \"x\""]);
        assert_eq!(
            (unlike.status, unlike.body),
            (200, first.body.clone()),
            "the same bytes under the same tag"
        );
        // The language, the reader, the question, the log and the clock each make another answer.
        assert_eq!(
            ask(&server, &server.platform, target, &[&tag, "Accept-Language: fr"]).status,
            200,
            "{target}"
        );
        let name = format!("reader-{number}");
        let reader = server.key(&name, &["recommend:read", "search:read", "member"], Some("ana"));
        assert_eq!(ask(&server, &reader, target, &[&tag]).status, 200, "{target}");
        let more = format!("{target}{}", if target.contains('?') { "&limit=7" } else { "?" });
        let more = more.replace("limit=2&order=waves&limit=7", "limit=7&order=waves");
        if target.contains('?') {
            assert_eq!(ask(&server, &server.platform, &more, &[&tag]).status, 200, "{more}");
        }
        server.told(&[event(
            number,
            "person.upserted",
            AT,
            &json!({"person": format!("p{number}")}),
        )]);
        let later = ask(&server, &server.platform, target, &[&tag]);
        assert_eq!(later.status, 200, "{target}");
        server.pass(1);
        assert_eq!(
            ask(&server, &server.platform, target, &[&held(&later)]).status,
            200,
            "{target}"
        );
    }
}

#[test]
fn a_duplicate_changes_nothing_and_the_order_of_parameters_says_nothing() {
    let server = furnished();
    let first = ask(
        &server,
        &server.platform,
        "/v1/questions/q1/experts?limit=2&order=waves",
        &[],
    );
    let again = event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana Ruiz"}));
    assert_eq!(server.post("/v1/events", again).json()["duplicate"], 1);
    let turned = "/v1/questions/q1/experts?order=waves&limit=2";
    assert_eq!(ask(&server, &server.platform, turned, &[&held(&first)]).status, 304);
}

#[test]
fn a_tag_opens_nothing() {
    let server = furnished();
    let tag = held(&ask(&server, &server.platform, "/v1/people/ana", &[]));
    let without = server.key("without", &["recommend:read"], None);
    ask(&server, &without, "/v1/people/ana", &[&tag]).problem(403, "scope_missing");
    server
        .send("GET", "/v1/people/ana", &[&tag], b"")
        .problem(401, "unauthenticated");
    ask(
        &server,
        &server.platform,
        "/v1/people/nobody",
        &[&tag, "If-None-Match: *"],
    )
    .problem(404, "not_found");
}

#[test]
fn any_answer_is_as_good_as_held_where_there_is_one() {
    let server = furnished();
    for target in TARGETS {
        // Once computed, and once ready to be sent.
        for _ in 0..2 {
            let reply = ask(&server, &server.platform, target, &["If-None-Match: *"]);
            assert_eq!((reply.status, reply.body.len()), (304, 0), "{target}");
            assert!(reply.header("etag").is_some(), "{target}");
        }
    }
    ask(
        &server,
        &server.platform,
        "/v1/communities/nowhere",
        &["If-None-Match: *"],
    )
    .problem(404, "not_found");
}

#[test]
fn configuration_and_the_document_have_tags_too() {
    let server = furnished();
    let admin = server.key("admin", &["admin"], None);
    for target in [
        "/v1/admin/keys",
        "/v1/admin/sources",
        "/v1/admin/models",
        "/openapi.json",
    ] {
        let first = ask(&server, &admin, target, &[]);
        assert_eq!(ask(&server, &admin, target, &[&held(&first)]).status, 304, "{target}");
    }
    let keys = ask(&server, &admin, "/v1/admin/keys", &[]);
    server.key("another", &["admin"], None);
    assert_eq!(ask(&server, &admin, "/v1/admin/keys", &[&held(&keys)]).status, 200);
}
