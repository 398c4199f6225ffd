//! My skills: what is concluded is mine until I confirm it, what I contest stays gone, and my word holds once answered.

use crate::client::{Reply, Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Bo answered three questions about TLS and one about SSH; Cy has both and works on a project with Bo.
fn furnished() -> Server {
    let server = Server::start();
    let mut facts = vec![
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"})),
        ("person.upserted", json!({"person": "cy", "name": "Cy Maro"})),
        (
            "skill.upserted",
            json!({"skill": "tls", "labels": {"en": "TLS", "fr": "TLS"}, "aliases": ["certificates"]}),
        ),
        ("skill.upserted", json!({"skill": "ssh", "labels": {"en": "SSH"}})),
        (
            "skill.upserted",
            json!({"skill": "community", "labels": {"fr": "Animation de communauté"}}),
        ),
        ("skill.upserted", json!({"skill": "pki", "labels": {"en": "PKI"}})),
        (
            "project.upserted",
            json!({"project": "badge", "name": "Badges", "topics": ["PKI"]}),
        ),
        (
            "skill.asserted",
            json!({"person": "bo", "skill": "network", "origin": "endorsed", "by": "cy", "level": 0.8}),
        ),
    ];
    for (n, tag) in ["tls", "tls", "tls", "ssh", "Animation de communauté"]
        .iter()
        .enumerate()
    {
        let question = format!("q{n}");
        facts.push((
            "question.created",
            json!({"question": question, "asker": "ana", "title": "How?", "tags": [tag]}),
        ));
        facts.push((
            "answer.created",
            json!({"answer": format!("a{n}"), "question": question, "author": "bo"}),
        ));
    }
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

fn delete(server: &Server, key: &str, target: &str) -> Reply {
    server.send("DELETE", target, &[&bearer(key)], b"")
}

fn mine(server: &Server, key: &str, skill: &str) -> Value {
    let page = server.get_as(key, "/v1/me/skills").json();
    let skills = page["skills"].as_array().unwrap_or_else(|| panic!("{page}"));
    skills
        .iter()
        .find(|held| held["skill"] == skill)
        .cloned()
        .unwrap_or_default()
}

#[test]
fn what_is_concluded_is_mine_with_its_records_until_i_confirm_it() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let reader = server.key("reader", &["search:read"], None);
    let card = || server.get_as(&reader, "/v1/people/bo").text();
    let tls = mine(&server, &bo, "tls");
    assert_eq!(
        (&tls["origins"], &tls["audience"]),
        (&json!(["inferred"]), &json!("me"))
    );
    assert_eq!(tls["inferred"]["reasons"][0]["code"], "answers");
    let facts = tls["inferred"]["reasons"][0]["facts"].as_array().unwrap();
    assert!(facts.iter().all(|fact| fact["kind"] == "answer") && facts.len() == 3);
    assert!(
        mine(&server, &bo, "community").is_null(),
        "animating is never concluded"
    );
    let network = mine(&server, &bo, "network");
    assert_eq!(
        (&network["level"], &network["statements"][0]["by"]["name"]),
        (&json!("mastery"), &json!("Cy Maro"))
    );
    assert!(!card().contains("tls"));
    let confirmed = put(&server, &bo, "/v1/me/skills/tls", &json!({"stand": "confirmed"}));
    assert_eq!(
        (confirmed.status, &confirmed.json()["accepted"]),
        (200, &json!(2)),
        "confirmed, and so declared"
    );
    assert!(card().contains("\"tls\""));
    let tls = mine(&server, &bo, "tls");
    assert_eq!(
        (&tls["origins"], &tls["audience"]),
        (&json!(["declared", "inferred", "confirmed"]), &json!("organisation"))
    );
    let again = put(&server, &bo, "/v1/me/skills/tls", &json!({"stand": "confirmed"})).json();
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(1)));
    let hidden = put(&server, &bo, "/v1/me/skills/tls", &json!({"audience": "me"}));
    assert_eq!(hidden.status, 200);
    assert!(!card().contains("\"tls\""));
}

#[test]
fn what_i_contest_stays_gone_whatever_comes() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    assert_eq!(
        put(&server, &bo, "/v1/me/skills/ssh", &json!({"stand": "contested"})).status,
        200
    );
    for n in 100..120 {
        let question = format!("q{n}");
        server.told(&[
            event(
                n * 2,
                "question.created",
                AT,
                &json!({"question": question, "asker": "ana", "title": "SSH?", "tags": ["ssh"]}),
            ),
            event(
                n * 2 + 1,
                "answer.created",
                AT,
                &json!({"answer": format!("a{n}"), "question": question, "author": "bo"}),
            ),
        ]);
    }
    let ssh = mine(&server, &bo, "ssh");
    assert_eq!(
        (&ssh["stand"], &ssh["inferred"], &ssh["origins"]),
        (&json!("contested"), &Value::Null, &json!([]))
    );
    // Their own word ends it; taken back again, it is contested again.
    let declared = put(&server, &bo, "/v1/me/skills/ssh", &json!({"level": 0.6}));
    assert_eq!(declared.json()["accepted"], 2);
    let ssh = mine(&server, &bo, "ssh");
    assert_eq!(
        (&ssh["level"], &ssh["confidence"]),
        (&json!("autonomous"), &json!("high"))
    );
    assert_eq!(delete(&server, &bo, "/v1/me/skills/ssh").status, 200);
    assert_eq!(mine(&server, &bo, "ssh")["stand"], "contested");
}

#[test]
fn wishes_stand_apart_and_refusing_inference_ends_every_conclusion() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let wish = json!({"stances": ["wants_to_learn", "can_help"]});
    assert_eq!(put(&server, &bo, "/v1/me/skills/pki", &wish).status, 200);
    let pki = mine(&server, &bo, "pki");
    assert_eq!(
        (&pki["stances"], &pki["origins"]),
        (&json!(["can_help", "wants_to_learn"]), &json!([]))
    );
    assert_eq!(
        put(&server, &bo, "/v1/me/skills/pki", &json!({"stances": ["follows"]})).status,
        200
    );
    assert_eq!(mine(&server, &bo, "pki")["stances"], json!(["follows"]));
    assert!(mine(&server, &bo, "tls")["inferred"].is_object());
    let refused = put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "inference", "allowed": false}),
    );
    assert_eq!(refused.status, 200);
    let page = server.get_as(&bo, "/v1/me/skills").json();
    assert_eq!(page["inference"], false);
    assert!(
        page["skills"]
            .as_array()
            .unwrap()
            .iter()
            .all(|skill| skill["inferred"].is_null()),
        "{page}"
    );
}

#[test]
fn what_i_offer_shows_to_others_and_what_i_wish_does_not() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    // Whether others read it on his card, and find him by it.
    for (stance, is_offer) in [
        ("can_help", true),
        ("can_mentor", true),
        ("can_train", true),
        ("wants_to_learn", false),
        ("follows", false),
    ] {
        let said = put(&server, &bo, "/v1/me/skills/pki", &json!({"stances": [stance]}));
        assert_eq!(said.status, 200, "{stance}: {}", said.text());
        assert_eq!(mine(&server, &bo, "pki")["stances"], json!([stance]));
        let card = server.get("/v1/people/bo").json();
        let skills = card["skills"].as_array().unwrap().iter();
        let offers: Vec<&Value> = skills
            .filter(|held| held["skill"] == "pki")
            .map(|held| &held["offers"])
            .collect();
        let found = server.get("/v1/people?q=pki&origin=offered").json();
        let found: Vec<&Value> = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["subject"])
            .collect();
        if is_offer {
            assert_eq!(offers, [&json!([stance])], "{card}");
            assert_eq!(found, ["bo"], "{stance}");
        } else {
            assert!(offers.is_empty(), "{stance}: {card}");
            assert!(found.is_empty(), "{stance}");
        }
    }
    let wrong = put(&server, &bo, "/v1/me/skills/pki", &json!({"stances": ["can_sing"]}));
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert!(
        wrong.text().contains("can_mentor"),
        "what may be said: {}",
        wrong.text()
    );
}

#[test]
fn past_projects_are_declared_with_their_days_and_taken_back() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let projects = || server.get_as(&bo, "/v1/me/skills").json()["projects"].clone();
    let past = json!({"role": "lead", "since": "2025-03-01", "until": "2025-12-31"});
    assert_eq!(put(&server, &bo, "/v1/me/projects/badge", &past).status, 200);
    let told =
        json!([{"project": "badge", "name": "Badges", "role": "lead", "since": "2025-03-01", "until": "2025-12-31"}]);
    assert_eq!(projects(), told);
    assert_eq!(mine(&server, &bo, "pki")["inferred"]["reasons"][0]["code"], "projects");
    assert_eq!(
        put(&server, &bo, "/v1/me/projects/badge", &past).json()["accepted"],
        0,
        "said before"
    );
    assert_eq!(delete(&server, &bo, "/v1/me/projects/badge").status, 200);
    assert_eq!(projects(), json!([]));
    assert!(mine(&server, &bo, "pki").is_null(), "what it said is gone too");
    assert_eq!(put(&server, &bo, "/v1/me/projects/badge", &past).status, 200);
    assert_eq!(projects(), told, "and said again");
    put(&server, &bo, "/v1/me/projects/none", &json!({})).problem(404, "not_found");
}

#[test]
fn only_the_person_and_whoever_acts_for_them_read_it() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let dpo = server.key("dpo", &["dpo"], None);
    let own = server.get_as(&bo, "/v1/me/skills").json();
    assert_eq!(server.get_as(&dpo, "/v1/people/bo/skills").json(), own);
    server.get_as(&bo, "/v1/people/bo/skills").problem(403, "scope_missing");
    server
        .get_as(&dpo, "/v1/people/nobody/skills")
        .problem(404, "not_found");
    put(&server, &bo, "/v1/me/skills/nothing", &json!({"declared": true})).problem(404, "not_found");
    put(&server, &bo, "/v1/me/skills/tls", &json!({})).problem(422, "bad_body");
    let nobody = server.key("nobody", &["member"], None);
    server.get_as(&nobody, "/v1/me/skills").problem(404, "not_found");
}

/// Names of properties, anywhere in the document's schemas, that speak of character or mood.
fn traits(document: &Value) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "mood",
        "personality",
        "sentiment",
        "emotion",
        "temper",
        "trait",
        "motivation",
        "character",
    ];
    let mut found = Vec::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let properties = object.get("properties").and_then(Value::as_object);
                let names = properties.into_iter().flat_map(|properties| properties.keys());
                found.extend(
                    names
                        .filter(|name| WORDS.iter().any(|word| name.contains(word)))
                        .cloned(),
                );
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

#[test]
fn what_is_concluded_of_people_is_a_closed_list_without_traits_or_moods() {
    let mut document = serde_json::to_value(antenne::http::openapi()).unwrap();
    assert_eq!(traits(&document), Vec::<String>::new());
    // What is concluded of a person on the wire is a skill, on their own page alone.
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let refers = |schema: &Value| schema.to_string().contains("schemas/InferredSkill");
    let inferred: Vec<&str> = schemas
        .iter()
        .filter(|(_, schema)| refers(schema))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(inferred, ["MySkill"]);
    // The test of the test.
    document["components"]["schemas"]["MySkill"]["properties"]["mood"] = json!({"type": "string"});
    assert_eq!(traits(&document), ["mood"]);
}
