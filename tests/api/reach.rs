//! Every route × every identity: nobody reads beyond their scopes, and the check that says so finds a planted fault.

use crate::client::{Server, bearer, encoded, event};
use crate::oidc;
use crate::watch::{planted, watched};
use antenne::app::{MapRules, Oidc, OidcSettings, Scope};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const AT: &str = "2026-02-01T08:00:00Z";

/// One operation of the document: how to call it so that it answers with 2xx, and whom its document lets in.
#[derive(Clone)]
struct Operation {
    id: String,
    method: String,
    target: String,
    body: String,
    scopes: BTreeSet<String>,
}

/// A server on which every operation has something to find.
fn furnished() -> Server {
    let scopes = vec!["member".to_owned()];
    let settings = OidcSettings {
        scopes,
        ..oidc::settings()
    };
    let server = Server::trusting(Oidc::new(settings).unwrap());
    server.told(&facts());
    server.service.use_skill_maps(MapRules {
        k: 10,
        days: 7,
        inferred: false,
        targets: vec![],
    });
    server.service.publish_skill_map().unwrap();
    server
}

/// What everybody finds there.
fn facts() -> [String; 8] {
    [
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana Ruiz"})),
        event(2, "person.upserted", AT, &json!({"person": "bo", "name": "Bo Lind"})),
        event(
            3,
            "community.upserted",
            AT,
            &json!({"community": "security", "kind": "practice", "access": "open"}),
        ),
        event(
            4,
            "question.created",
            AT,
            &json!({"question": "old", "asker": "ana", "title": "How do I rotate the certificate?"}),
        ),
        event(
            5,
            "answer.created",
            AT,
            &json!({"answer": "a1", "question": "old", "author": "bo", "body": "Run the rotation."}),
        ),
        event(
            6,
            "question.created",
            AT,
            &json!({"question": "open", "asker": "ana", "title": "How do I rotate the certificate again?"}),
        ),
        event(
            7,
            "skill.upserted",
            AT,
            &json!({"skill": "tls", "labels": {"en": "TLS"}}),
        ),
        event(
            8,
            "project.upserted",
            AT,
            &json!({"project": "badge", "name": "Badges"}),
        ),
    ]
}

/// Every operation that needs a key, from the document.
fn operations(server: &Server) -> Vec<Operation> {
    let answer = server.get("/v1/questions/open/experts").json();
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap();
            let scopes: BTreeSet<_> = security
                .iter()
                .filter_map(|one| one["key"][0].as_str())
                .map(str::to_owned)
                .collect();
            if scopes.is_empty() {
                assert!(!path.starts_with("/v1/"), "{path} is open to everybody");
                continue;
            }
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.push(Operation {
                target: target(method, path),
                body: body(&id, &answer),
                method: method.to_uppercase(),
                id,
                scopes,
            });
        }
    }
    operations
}

fn target(method: &str, path: &str) -> String {
    if method == "delete" && path == "/v1/people/{id}" {
        // Erasing somebody would take their keys from all that comes after: nobody of that name is there.
        return "/v1/people/nobody".to_owned();
    }
    let id = match path.split('/').nth(2) {
        Some("people") => "bo",
        Some("communities") => "security",
        _ => "open",
    };
    let query = match path {
        "/v1/names/people" => "?q=bo",
        "/v1/people" => "?q=rotate",
        _ => "",
    };
    let path = path.replace("{id}", id).replace("{name}", "spare");
    format!(
        "{}{query}",
        path.replace("{skill}", "tls")
            .replace("{project}", "badge")
            .replace("{release}", "latest")
    )
}

fn body(operation: &str, answer: &Value) -> String {
    match operation {
        "post_events" => event(
            6,
            "question.created",
            AT,
            &json!({"question": "open", "asker": "ana", "title": "How do I rotate the certificate again?"}),
        ),
        "draft_experts" => json!({"title": "How do I rotate it?"}).to_string(),
        "questions_experts" => json!({"questions": ["open"]}).to_string(),
        "give_feedback" => {
            json!({"recommendation": answer["recommendation"], "subject": "bo", "verdict": "accepted"}).to_string()
        }
        "plan_co_animators" => json!({}).to_string(),
        "plan_asks" => json!({"people_per_question": 1}).to_string(),
        "set_own_preference" | "set_person_preference" => json!({"purpose": "thanks", "allowed": false}).to_string(),
        "set_own_capacity" => json!({"asks_per_week": 3}).to_string(),
        "set_own_absence" => json!({"from": "2026-04-01", "until": "2026-04-02"}).to_string(),
        "say_of_skill" => json!({"audience": "animators"}).to_string(),
        "say_of_project" => json!({"since": "2026-01-05"}).to_string(),
        "make_member_token" => json!({"person": "bo"}).to_string(),
        "create_key" => json!({"name": "made", "scopes": ["search:read"]}).to_string(),
        _ => String::new(),
    }
}

/// What is wrong: each call that came through although the document does not let its identity in, or was refused
/// otherwise than it should be. `identities` are names, header lines and scopes.
fn breaches(
    server: &Server,
    operations: &[Operation],
    identities: &[(String, Vec<String>, Option<String>)],
) -> Vec<String> {
    let mut found = Vec::new();
    for operation in operations {
        for (name, headers, scope) in identities {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            let reply = server.send(
                &operation.method,
                &operation.target,
                &headers,
                operation.body.as_bytes(),
            );
            let allowed = scope.as_ref().is_some_and(|scope| operation.scopes.contains(scope));
            let right = match (allowed, scope) {
                // A key can be made once under one name.
                (true, _) if operation.id == "erase_person" => reply.status == 404,
                (true, _) => matches!(reply.status, 200 | 201 | 204 | 409),
                (false, Some(_)) => reply.status == 403 && reply.json()["code"] == "scope_missing",
                (false, None) => {
                    reply.status == 401
                        && reply.json()["code"] == "unauthenticated"
                        && reply.header("www-authenticate") == Some("Bearer")
                }
            };
            // What is no JSON holds no reason.
            let answer = serde_json::from_slice::<Value>(&reply.body).ok();
            let telling = answer.filter(|answer| reply.status == 200 && !watched(answer).is_empty());
            if let Some(answer) = telling {
                found.push(format!(
                    "{} as {name} tells of a person's activity: {answer}",
                    operation.id
                ));
            }
            if !right {
                found.push(format!("{} as {name}: {} {}", operation.id, reply.status, reply.text()));
            }
        }
    }
    found
}

/// Whoever comes with no key, or one that opens nothing.
fn strangers(revoked: &str) -> Vec<(String, Vec<String>, Option<String>)> {
    vec![
        ("nobody".to_owned(), vec![], None),
        (
            "an unknown key".to_owned(),
            vec![bearer(&format!("antenne_{}", "0".repeat(64)))],
            None,
        ),
        ("a revoked key".to_owned(), vec![bearer(revoked)], None),
        (
            "another scheme".to_owned(),
            vec!["Authorization: Basic eDp5".to_owned()],
            None,
        ),
    ]
}

/// Whoever comes with a token: those that are over or for nobody, and those that open.
fn bearers(server: &Server) -> Vec<(String, Vec<String>, Option<String>)> {
    let mut identities = Vec::new();
    let delegate = |name: &str| server.key(name, &["members:delegate"], None);
    let token = |key: &str, minutes: u8| {
        let body = json!({"person": "bo", "minutes": minutes}).to_string();
        let made = server.send("POST", "/v1/member-tokens", &[&bearer(key)], body.as_bytes());
        made.json()["token"].as_str().unwrap().to_owned()
    };
    let (portal, closed) = (delegate("portal"), delegate("closed"));
    let (over, orphan) = (token(&portal, 1), token(&closed, 15));
    assert!(server.service.revoke_key("closed", None).unwrap());
    server.pass(2);
    let outside = |minutes: i64| oidc::token("bo", oidc::NOW + 60 * minutes);
    for (name, token) in [
        ("a token that is over", over),
        ("a token whose key was revoked", orphan),
        ("a provider's token that is over", outside(1)),
        (
            "a provider's token for nobody",
            oidc::token("unheard-of", oidc::NOW + 3_600),
        ),
    ] {
        identities.push((name.to_owned(), vec![bearer(&token)], None));
    }
    for (name, token) in [
        ("a member's token", token(&portal, 15)),
        ("a provider's token", outside(60)),
    ] {
        identities.push((name.to_owned(), vec![bearer(&token)], Some("member".to_owned())));
    }
    identities
}

#[test]
fn every_route_opens_to_its_scopes_alone_and_a_planted_fault_is_found() {
    let server = furnished();
    server.key("spare", &["search:read"], None);
    let all: Vec<&str> = Scope::ALL.iter().map(|scope| scope.name()).collect();
    let revoked = server.key("revoked", &all, None);
    assert!(server.service.revoke_key("revoked", None).unwrap());
    let mut identities = strangers(&revoked);
    identities.extend(bearers(&server));
    for &scope in &all {
        let key = server.colleague(scope, &[scope], "bo", &["security"]);
        identities.push((scope.to_owned(), vec![bearer(&key)], Some(scope.to_owned())));
    }
    let operations = operations(&server);
    assert!(operations.len() >= 26 && identities.len() >= 20);
    let found = breaches(&server, &operations, &identities);
    let cells = operations.len() * identities.len();
    assert!(found.is_empty(), "{} of {cells}: {found:#?}", found.len());
    // The test of the test: a pace among the figures of a reason would be noticed, whoever reads it.
    let answer = server.get("/v1/questions/open/experts").json();
    assert!(
        watched(&answer).is_empty() && !watched(&planted(&answer)).is_empty(),
        "{answer}"
    );
    // And were a route to let in whoever comes, each would be found.
    let let_in = server.colleague("let-in", &all, "bo", &["security"]);
    let anybody = [("anybody".to_owned(), vec![bearer(&let_in)], None)];
    for operation in &operations {
        let found = breaches(&server, std::slice::from_ref(operation), &anybody);
        assert_eq!(found.len(), 1, "{}: {found:?}", operation.id);
    }
    // And were a route to open to another scope than its document names, each would be found.
    for operation in &operations {
        let mut fault = operation.clone();
        let other = if operation.scopes.contains("hr:read") {
            "dpo"
        } else {
            "hr:read"
        };
        fault.scopes = BTreeSet::from([other.to_owned()]);
        let found = breaches(&server, &[fault], &identities);
        assert!(found.len() > operation.scopes.len(), "{}: {found:?}", operation.id);
    }
}

/// Ana is in the private board, Otto is not, Gus is a guest in `partners`, Key animates the board without being a person.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation() -> Server {
    let server = Server::start();
    let facts = [
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "otto", "name": "Otto Berg"})),
        (
            "person.upserted",
            json!({"person": "gus", "name": "Gus Vale", "external": true}),
        ),
        ("person.upserted", json!({"person": "pia", "name": "Pia Roth"})),
        ("person.upserted", json!({"person": "gone", "name": "Gone Away"})),
        ("person.left", json!({"person": "gone"})),
        (
            "community.upserted",
            json!({"community": "board", "kind": "instance", "access": "private", "name": "Board"}),
        ),
        (
            "community.upserted",
            json!({"community": "open", "kind": "interest", "access": "open", "name": "Open"}),
        ),
        (
            "community.upserted",
            json!({"community": "partners", "kind": "project", "access": "open", "name": "Partners"}),
        ),
        (
            "community.upserted",
            json!({"community": "care", "kind": "interest", "access": "open", "sensitive": true, "name": "Care"}),
        ),
        (
            "membership.added",
            json!({"person": "ana", "community": "board", "role": "animator"}),
        ),
        (
            "membership.added",
            json!({"person": "ana", "community": "care", "role": "animator"}),
        ),
        (
            "membership.added",
            json!({"person": "gus", "community": "partners", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "pia", "community": "partners", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "stub", "community": "nowhere", "role": "member"}),
        ),
        (
            "question.created",
            json!({"question": "secret", "asker": "ana", "title": "The merger", "community": "board"}),
        ),
        (
            "question.created",
            json!({"question": "plain", "asker": "ana", "title": "The printer", "community": "open"}),
        ),
        (
            "question.created",
            json!({"question": "joint", "asker": "pia", "title": "The schedule", "community": "partners"}),
        ),
        (
            "question.created",
            json!({"question": "nowhere in particular", "asker": "pia", "title": "The canteen"}),
        ),
        (
            "question.created",
            json!({"question": "guest's own", "asker": "gus", "title": "The badge"}),
        ),
    ];
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of who sees what")]
fn self_and_others_see_what_is_theirs_to_see() {
    let server = organisation();
    let scopes = ["recommend:read", "search:read", "member"];
    let [ana, otto, gus] = ["ana", "otto", "gus"].map(|person| server.key(person, &scopes, Some(person)));
    let animator = server.animator(
        "board-animator",
        &["recommend:read", "search:read", "animator"],
        &["board"],
    );
    let other = server.animator(
        "open-animator",
        &["recommend:read", "search:read", "animator"],
        &["open"],
    );
    let bound = server.animator("no-animator", &["recommend:read", "search:read"], &["board"]);
    let keys = [&ana, &otto, &gus, &animator, &other, &bound, &server.platform];
    // Who sees it, in the order of `keys`.
    let table = [
        ("/v1/communities/board", [true, false, false, true, false, false, false]),
        ("/v1/communities/open", [true, true, false, true, true, true, true]),
        ("/v1/communities/partners", [true, true, true, true, true, true, true]),
        ("/v1/communities/care", [true, false, false, false, false, false, false]),
        (
            "/v1/communities/board/co-animators",
            [true, false, false, true, false, false, false],
        ),
        (
            "/v1/communities/care/co-animators",
            [true, false, false, false, false, false, false],
        ),
        ("/v1/communities/nowhere", [false; 7]),
        ("/v1/communities/unheard-of", [false; 7]),
        ("/v1/people/ana", [true, true, false, true, true, true, true]),
        // A page is the person's own; a platform asks for anybody.
        (
            "/v1/people/ana/communities",
            [true, false, false, false, false, true, true],
        ),
        ("/v1/people/unheard-of/communities", [false; 7]),
        ("/v1/people/pia", [true; 7]),
        ("/v1/people/gus", [true; 7]),
        ("/v1/people/gone", [false; 7]),
        ("/v1/people/stub", [false; 7]),
        ("/v1/people/unheard-of", [false; 7]),
        // A platform asks about its own questions, wherever they are.
        (
            "/v1/questions/secret/experts",
            [true, false, false, true, false, true, true],
        ),
        (
            "/v1/questions/plain/experts",
            [true, true, false, true, true, true, true],
        ),
        ("/v1/questions/joint/experts", [true; 7]),
        (
            "/v1/questions/nowhere%20in%20particular/experts",
            [true, true, false, true, true, true, true],
        ),
        ("/v1/questions/guest's%20own/experts", [true; 7]),
    ];
    let unknown = |noun: &str| format!("there is no such {noun}, or you may not see it");
    for (target, seen) in table {
        let mut hidden = BTreeSet::new();
        for (key, seen) in keys.iter().zip(seen) {
            let reply = server.get_as(key, target);
            assert_eq!(reply.status, if seen { 200 } else { 404 }, "{target}: {}", reply.text());
            if !seen {
                hidden.insert(reply.body.clone());
            }
        }
        assert!(
            hidden.len() <= 1,
            "{target}: what is hidden and what is unknown are the same bytes"
        );
        let noun = ["communit", "people", "question"]
            .iter()
            .position(|noun| target.starts_with(&format!("/v1/{noun}")))
            .unwrap();
        if let Some(body) = hidden.first() {
            let text = String::from_utf8_lossy(body);
            assert!(
                text.contains(&unknown(["community", "person", "question"][noun])),
                "{text}"
            );
        }
    }
    let listed = |key: &str, target: &str| -> Vec<String> {
        let list = server.get_as(key, target).json();
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                item["question"]
                    .as_str()
                    .or(item["person"].as_str())
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(listed(&gus, "/v1/questions?status=all"), ["guest's own", "joint"]);
    assert_eq!(listed(&otto, "/v1/questions?status=all").len(), 4);
    assert_eq!(
        listed(&animator, "/v1/questions?community=board&status=all"),
        ["secret"]
    );
    server
        .get_as(&otto, "/v1/questions?community=board")
        .problem(404, "not_found");
    assert_eq!(listed(&gus, "/v1/names/people?q=a"), Vec::<String>::new());
    assert_eq!(listed(&gus, "/v1/names/people?q=pia"), ["pia"]);
    assert_eq!(listed(&otto, "/v1/names/people?q=a"), ["ana"], "who left is not there");
}

#[test]
fn an_opted_out_person_is_there_for_themself_alone() {
    let server = organisation();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let objection = event(
        100,
        "preference.set",
        AT,
        &json!({"person": "pia", "purpose": "search", "allowed": false}),
    );
    let sent = server.send("POST", "/v1/events", &[&bearer(&officer)], objection.as_bytes());
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    let pia = server.key("pia", &["search:read", "member"], Some("pia"));
    assert_eq!(server.get_as(&pia, "/v1/people/pia").status, 200);
    server.get("/v1/people/pia").problem(404, "not_found");
    assert_eq!(server.get("/v1/names/people?q=pia").json()["items"], json!([]));
}

#[test]
fn what_is_too_long_is_refused_before_anything_else() {
    let server = Server::start();
    let target = format!("/v1/people/{}", "x".repeat(2_048));
    server.get(&target).problem(414, "target_too_long");
    server
        .get(&format!("/v1/people/{}", "x".repeat(2_000)))
        .problem(404, "not_found");
    server
        .get(&format!("/v1/names/people?q={}", "x".repeat(9 << 10)))
        .problem(414, "target_too_long");
    let long = |n: usize| format!("/v1/names/people?q={}", encoded(&"é".repeat(n)));
    assert_eq!(server.get(&long(500)).status, 200);
    assert_eq!(
        server.get(&long(501)).problem(400, "out_of_range")["errors"][0]["field"],
        "q"
    );
}
