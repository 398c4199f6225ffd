//! The person's own hand: what they allow holds at once, and what is held about them is handed to them.

use crate::client::{Reply, Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Bo answered about certificates; Ana asks about them again, and Cy animates with Bo.
fn furnished() -> Server {
    let server = Server::start();
    let facts = [
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"})),
        ("person.upserted", json!({"person": "cy", "name": "Cy Maro"})),
        (
            "community.upserted",
            json!({"community": "security", "name": "Security", "kind": "practice", "access": "open"}),
        ),
        (
            "membership.added",
            json!({"person": "bo", "community": "security", "role": "animator"}),
        ),
        (
            "question.created",
            json!({"question": "old", "asker": "ana", "title": "How do I rotate the certificate?", "tags": ["tls"]}),
        ),
        (
            "answer.created",
            json!({"answer": "a1", "question": "old", "author": "bo", "body": "Run the rotation."}),
        ),
        (
            "question.created",
            json!({"question": "open", "asker": "ana", "title": "How do I rotate the certificate again?", "tags": ["tls"]}),
        ),
        (
            "vote.added",
            json!({"target": {"answer": "a1"}, "voter": "cy", "value": 1}),
        ),
    ];
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

fn put(server: &Server, key: &str, target: &str, body: &Value) -> Reply {
    server.send("PUT", target, &[&bearer(key)], body.to_string().as_bytes())
}

fn named(server: &Server) -> bool {
    let answer = server.get("/v1/questions/open/experts").json();
    let items = answer["items"].as_array().unwrap();
    items.iter().any(|item| item["subject"] == "bo")
}

fn allowed(wishes: &Value, purpose: &str) -> Value {
    let all = wishes["preferences"].as_array().unwrap();
    let found = all.iter().find(|wish| wish["purpose"] == purpose).unwrap();
    found["allowed"].clone()
}

#[test]
fn what_a_person_refuses_holds_once_it_is_answered() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    assert!(named(&server));
    for (body, there) in [
        (json!({"purpose": "experts", "allowed": false}), false),
        (json!({"purpose": "experts", "allowed": true}), true),
        (
            json!({"purpose": "all", "allowed": false, "until": "2026-03-05"}),
            false,
        ),
        (json!({"purpose": "experts", "allowed": true}), true),
        (json!({"purpose": "all", "allowed": false}), false),
        (json!({"purpose": "thanks", "allowed": true}), false),
    ] {
        // The clock stands still: each word is newer than the one before all the same.
        let reply = put(&server, &bo, "/v1/me/preferences", &body);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(named(&server), there, "{body}");
        assert_eq!(allowed(&reply.json(), "experts"), there, "{}", reply.text());
        let read = server.get_as(&bo, "/v1/me/preferences").json();
        assert_eq!(read["preferences"], reply.json()["preferences"]);
    }
    let before = server.service.snapshot().generation;
    let again = json!({"purpose": "thanks", "allowed": true});
    assert_eq!(put(&server, &bo, "/v1/me/preferences", &again).status, 200);
    assert_eq!(server.service.snapshot().generation, before, "said already");
}

#[test]
fn a_refusal_is_newer_than_what_a_source_with_a_fast_clock_said() {
    let server = furnished();
    let hr = server.bound_key("hr", &["events:write", "dpo"], None, &["forum"]);
    let ahead = event(
        90,
        "preference.set",
        "2026-03-02T09:04:30Z",
        &json!({"person": "bo", "purpose": "experts", "allowed": true}),
    );
    let reply = server.send("POST", "/v1/events", &[&bearer(&hr)], ahead.as_bytes());
    assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
    let bo = server.key("bo", &["member"], Some("bo"));
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "experts", "allowed": false}),
    );
    assert!(!named(&server));
}

#[test]
fn limits_and_absences_are_set_and_taken_back() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let limits = put(
        &server,
        &bo,
        "/v1/me/capacity",
        &json!({"asks_per_week": 0, "animation_hours_per_week": 1.5}),
    );
    assert_eq!(
        limits.json()["capacity"],
        json!({"asks_per_week": 0, "animation_hours_per_week": 1.5})
    );
    assert!(!named(&server), "nobody asks whom nobody may ask");
    server.pass(1);
    let limits = put(
        &server,
        &bo,
        "/v1/me/capacity",
        &json!({"animation_hours_per_week": null}),
    );
    assert_eq!(limits.json()["capacity"], json!({}));
    assert!(named(&server));
    let away = json!({"from": "2026-03-01", "until": "2026-03-09"});
    let reply = put(&server, &bo, "/v1/me/absences", &away);
    assert_eq!(reply.json()["absences"], json!([away]), "{}", reply.text());
    assert!(!named(&server));
    server.pass(1);
    let back = json!({"from": "2026-03-02", "until": "2026-03-09", "away": false});
    let reply = put(&server, &bo, "/v1/me/absences", &back);
    assert_eq!(
        reply.json()["absences"],
        json!([{"from": "2026-03-01", "until": "2026-03-01"}])
    );
    assert!(named(&server));
    put(
        &server,
        &bo,
        "/v1/me/absences",
        &json!({"from": "2026-03-01", "until": "2029-03-01"}),
    )
    .problem(422, "bad_body");
}

#[test]
fn nobody_speaks_for_somebody_else() {
    let server = furnished();
    let refuse = json!({"purpose": "experts", "allowed": false});
    let member = server.key("ana", &["member"], Some("ana"));
    put(&server, &member, "/v1/people/bo/preferences", &refuse).problem(403, "scope_missing");
    put(&server, &server.platform, "/v1/me/preferences", &refuse).problem(403, "scope_missing");
    let unbound = server.key("nobody", &["member"], None);
    put(&server, &unbound, "/v1/me/preferences", &refuse).problem(404, "not_found");
    server.get_as(&member, "/v1/people/bo/export").problem(404, "not_found");
    let unheard = server.get_as(&member, "/v1/people/unheard-of/export");
    assert_eq!(unheard.body, server.get_as(&member, "/v1/people/bo/export").body);
    let officer = server.key("officer", &["dpo"], None);
    put(&server, &officer, "/v1/people/unheard-of/preferences", &refuse).problem(404, "not_found");
    assert!(named(&server));
    assert_eq!(put(&server, &officer, "/v1/people/bo/preferences", &refuse).status, 200);
    assert!(!named(&server));
    // One's own word is taken before anybody else says who one is.
    let new = server.key("new", &["member"], Some("new"));
    assert_eq!(put(&server, &new, "/v1/me/preferences", &refuse).status, 200);
    assert_eq!(server.get_as(&new, "/v1/me/preferences").json()["person"], "new");
}

#[test]
fn questions_come_to_whoever_looks_and_say_why() {
    let server = furnished();
    let [ana, bo, cy] = ["ana", "bo", "cy"].map(|person| server.key(person, &["member"], Some(person)));
    let reply = server.send("GET", "/v1/me/questions", &[&bearer(&bo), "Accept-Language: fr"], b"");
    let answer = reply.json();
    assert_eq!(answer["items"].as_array().unwrap().len(), 1, "{answer}");
    let item = &answer["items"][0];
    assert_eq!((&item["question"], &item["answers"]), (&json!("open"), &json!(0)));
    let text = item["reasons"][0]["text"].as_str().unwrap();
    assert!(text.contains("vous"), "{text}");
    for (key, why) in [(&ana, "her own"), (&cy, "nothing speaks for it")] {
        let none = server.get_as(key, "/v1/me/questions").json();
        assert_eq!(none["items"], json!([]), "{why}");
    }
    // Whoever does not want to be asked may still look; who said no is not shown it again.
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "all", "allowed": false}),
    );
    let looks = || {
        server.get_as(&bo, "/v1/me/questions").json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(looks(), 1);
    server.told(&[
        event(
            80,
            "ask.sent",
            AT,
            &json!({"ask": "i1", "question": "open", "person": "bo"}),
        ),
        event(81, "ask.declined", AT, &json!({"ask": "i1", "reason": "not_my_skill"})),
    ]);
    assert_eq!(looks(), 0);
    let officer = server.key("officer", &["dpo"], None);
    let theirs = server.get_as(&officer, "/v1/people/bo/questions");
    assert_eq!(theirs.json()["items"], json!([]));
    server
        .get_as(&bo, "/v1/me/questions?limit=0")
        .problem(400, "out_of_range");
}

#[test]
fn a_question_of_a_private_community_is_shown_to_those_who_belong() {
    let server = furnished();
    server.told(&[
        event(
            70,
            "community.upserted",
            AT,
            &json!({"community": "board", "kind": "instance", "access": "private", "name": "Board"}),
        ),
        event(
            71,
            "question.created",
            AT,
            &json!({"question": "secret", "asker": "ana", "title": "How do we rotate the certificate?", "tags": ["tls"], "community": "board"}),
        ),
    ]);
    let bo = server.key("bo", &["member"], Some("bo"));
    let shown = || server.get_as(&bo, "/v1/me/questions").text().contains("secret");
    assert!(!shown());
    server.told(&[event(
        72,
        "membership.added",
        AT,
        &json!({"person": "bo", "community": "board", "role": "member"}),
    )]);
    assert!(shown());
}

#[test]
fn everything_that_is_held_about_a_person_is_handed_to_them_and_nothing_of_others() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "thanks", "allowed": false}),
    );
    let export = server.get_as(&bo, "/v1/me/export").json();
    let kinds: Vec<&str> = export["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "person.upserted",
            "membership.added",
            "answer.created",
            "preference.set"
        ]
    );
    assert_eq!(export["accounts"], json!(["bo"]));
    let derived = &export["derived"];
    assert_eq!(
        [
            &derived["answers"],
            &derived["subjects"],
            &derived["votes"],
            &derived["helped"]
        ],
        [&json!(1), &json!({"tls": 1}), &json!(1), &json!(1)]
    );
    assert_eq!(derived["communities"][0]["community"], "security");
    assert_eq!(export["keys"][0]["name"], "bo");
    assert_eq!(allowed(&export["wishes"], "thanks"), false);
    for (what, kept) in export["retention"].as_object().unwrap() {
        assert!(!kept.as_str().unwrap().is_empty(), "{what}");
    }
    let text = export.to_string();
    for others in ["Ana", "\"ana\"", "\"cy\"", "How do I rotate"] {
        assert!(!text.contains(others), "{others}: {text}");
    }
    let officer = server.key("officer", &["dpo"], None);
    let same = server.get_as(&officer, "/v1/people/bo/export").json();
    assert_eq!(same, export);
}
