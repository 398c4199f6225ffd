//! The `OpenAPI` document is the router, and what it promises is what is sent.

use crate::client::Server;
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::to_value(antenne::http::openapi()).unwrap()
}

/// Every operation, in order.
const OPERATIONS: &[&str] = &[
    "delete /v1/admin/keys/{name}",
    "delete /v1/me/projects/{project}",
    "delete /v1/me/skills/{skill}",
    "delete /v1/people/{id}",
    "get /livez",
    "get /metrics",
    "get /openapi.json",
    "get /readyz",
    "get /v1/admin/audit",
    "get /v1/admin/keys",
    "get /v1/admin/models",
    "get /v1/admin/sources",
    "get /v1/communities/{id}",
    "get /v1/communities/{id}/co-animators",
    "get /v1/communities/{id}/digest",
    "get /v1/communities/{id}/newcomers",
    "get /v1/communities/{id}/thanks",
    "get /v1/health",
    "get /v1/me/export",
    "get /v1/me/load",
    "get /v1/me/preferences",
    "get /v1/me/questions",
    "get /v1/me/skills",
    "get /v1/names/people",
    "get /v1/people",
    "get /v1/people/{id}",
    "get /v1/people/{id}/communities",
    "get /v1/people/{id}/export",
    "get /v1/people/{id}/preferences",
    "get /v1/people/{id}/questions",
    "get /v1/people/{id}/skills",
    "get /v1/playbook",
    "get /v1/questions",
    "get /v1/questions/{id}/experts",
    "get /v1/skill-maps",
    "get /v1/skill-maps/{release}",
    "get /v1/skill-maps/{release}/few",
    "get /v1/skill-maps/{release}/gaps",
    "get /v1/skill-maps/{release}/trends",
    "get /v1/skill-maps/{release}/unmet",
    "post /v1/admin/keys",
    "post /v1/events",
    "post /v1/experts",
    "post /v1/feedback",
    "post /v1/member-tokens",
    "post /v1/plans/asks",
    "post /v1/plans/co-animators",
    "post /v1/questions/experts",
    "put /v1/me/absences",
    "put /v1/me/capacity",
    "put /v1/me/preferences",
    "put /v1/me/projects/{project}",
    "put /v1/me/skills/{skill}",
    "put /v1/people/{id}/preferences",
];

#[test]
fn the_document_is_reviewed_when_it_changes() {
    let mut document = document();
    document["info"]["version"] = "under test".into();
    insta::assert_json_snapshot!(document);
}

#[test]
fn the_document_is_served_as_it_is_generated() {
    let server = Server::start();
    let reply = server.send("GET", "/openapi.json", &[], b"");
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(reply.json(), document());
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn every_operation_is_there_and_answers() {
    let document = document();
    let server = Server::start();
    let mut operations = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.insert(format!("{method} {path}"));
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "twice: {operation}"
            );
            let target = path.replace("{id}", "x").replace("{name}", "x");
            let target = target.replace("{skill}", "x").replace("{project}", "x");
            let target = target.replace("{release}", "x");
            let reply = server.send(&method.to_uppercase(), &target, &[], b"");
            let guarded = operation["security"][0].get("key").is_some();
            assert_eq!(reply.status, if guarded { 401 } else { 200 }, "{method} {path}");
            assert!(
                operation["responses"].get(reply.status.to_string()).is_some(),
                "{method} {path}"
            );
        }
    }
    let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
    assert_eq!(operations, OPERATIONS);
}

#[test]
fn the_pages_to_read_it_lie_in_the_program() {
    let server = Server::start();
    let page = server.send("GET", "/docs/", &[], b"");
    assert_eq!(page.status, 200);
    let html = page.text();
    let parts = html
        .split(['"'])
        .filter(|part| part.starts_with("./") || part.split('.').next_back() == Some("css"));
    let mut seen = 0;
    for part in parts {
        let target = format!("/docs/{}", part.trim_start_matches("./"));
        let reply = server.send("GET", &target, &[], b"");
        assert_eq!(reply.status, 200, "{target}");
        assert!(!reply.body.is_empty(), "{target}");
        seen += 1;
    }
    assert!(seen >= 6, "{html}");
    assert!(!html.contains("http"), "nothing is fetched elsewhere: {html}");
    let start = server.send("GET", "/docs/swagger-initializer.js", &[], b"").text();
    assert!(
        start.contains("\"/openapi.json\"") && start.contains("\"validatorUrl\": \"none\""),
        "{start}"
    );
    assert!(!start.contains("://"), "{start}");
    for way in ["/docs", "/"] {
        let moved = server.send("GET", way, &[], b"");
        assert_eq!((moved.status, moved.header("location")), (303, Some("/docs/")), "{way}");
    }
    assert_eq!(server.send("POST", "/", &[], b"").status, 405);
    assert_eq!(server.send("GET", "/docs/unheard-of", &[], b"").status, 404);
}

#[test]
fn nothing_is_referred_to_that_is_not_there() {
    let document = document();
    let mut stack = vec![&document];
    let mut seen = 0;
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(object) => {
                if let Some(reference) = object.get("$ref") {
                    let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{pointer}");
                    seen += 1;
                }
                stack.extend(object.values());
            }
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    assert!(seen > 10, "{seen}");
}
