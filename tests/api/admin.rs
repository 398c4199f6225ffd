//! Configuration: keys that open and close at once, sources without content, models.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn started() -> (Server, String) {
    let server = Server::start();
    let admin = server.key("admin", &["admin"], None);
    (server, admin)
}

#[test]
fn a_key_opens_from_the_next_request_on_and_closes_as_fast() {
    let (server, admin) = started();
    let send = |method: &str, target: &str, body: &Value| {
        server.send(method, target, &[&bearer(&admin)], body.to_string().as_bytes())
    };
    let wish = json!({"name": "forum-é/1", "scopes": ["search:read"], "sources": ["forum"], "event_types": ["person.left"], "communities": ["c"]});
    let made = send("POST", "/v1/admin/keys", &wish);
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let key = made["key"].as_str().unwrap();
    assert_eq!(server.get_as(key, "/v1/names/people?q=x").status, 200);
    let listed = server.get_as(&admin, "/v1/admin/keys");
    assert!(!listed.text().contains(key), "no list shows a key");
    let entry = listed.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|k| k["name"] == wish["name"])
        .unwrap()
        .clone();
    assert!(
        key.starts_with(entry["prefix"].as_str().unwrap()) && entry.get("revoked_at").is_none(),
        "{entry}"
    );
    for list in ["scopes", "sources", "event_types", "communities"] {
        assert_eq!(entry[list], wish[list], "{list}");
    }
    send("POST", "/v1/admin/keys", &wish).problem(409, "name_taken");
    for _ in 0..2 {
        let revoked = send("DELETE", "/v1/admin/keys/forum-%C3%A9%2F1", &Value::Null);
        assert_eq!((revoked.status, revoked.body.len()), (204, 0));
        server
            .get_as(key, "/v1/names/people?q=x")
            .problem(401, "unauthenticated");
    }
    send("DELETE", "/v1/admin/keys/unheard-of", &Value::Null).problem(404, "not_found");
    let listed = server.get_as(&admin, "/v1/admin/keys").json();
    let entry = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|k| k["name"] == wish["name"])
        .unwrap()
        .clone();
    assert_eq!(entry["revoked_at"], "2026-03-02T09:00:30Z");
    send("POST", "/v1/admin/keys", &wish).problem(409, "name_taken");
}

#[test]
fn a_key_that_is_not_in_order_is_refused() {
    let (server, admin) = started();
    for body in [
        json!({}),
        json!({"name": "x"}),
        json!({"name": "x", "scopes": ["root"]}),
        json!({"name": " ", "scopes": ["admin"]}),
        json!({"name": "two words", "scopes": ["admin"]}),
        json!({"name": "two\nlines", "scopes": ["admin"]}),
        json!({"name": "x", "scopes": ["admin"], "sources": ["Forum"]}),
    ] {
        let reply = server.send(
            "POST",
            "/v1/admin/keys",
            &[&bearer(&admin)],
            body.to_string().as_bytes(),
        );
        reply.problem(422, "bad_body");
    }
    assert_eq!(
        server.get_as(&admin, "/v1/admin/keys").json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn the_list_of_keys_is_read_in_parts() {
    let (server, admin) = started();
    for n in 0..7 {
        server.key(&format!("k{n}"), &["admin"], None);
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.get_as(&admin, &format!("/v1/admin/keys?limit=2{cursor}")).json();
        names.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|k| k["name"].as_str().unwrap().to_owned()),
        );
        // A key that comes before the place of the list does not move it.
        server.key(&format!("a{}", names.len()), &["admin"], None);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(names, ["admin", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "platform"]);
    for cursor in ["", "0", "zz", "ff"] {
        server
            .get_as(&admin, &format!("/v1/admin/keys?cursor={cursor}"))
            .problem(400, "bad_parameter");
    }
}

#[test]
fn sources_are_counted_and_tell_nothing_of_what_they_say() {
    let (server, admin) = started();
    let secret = "Ana-Canary";
    server.told(&[
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": secret})),
        event(2, "person.upserted", "2026-02-03T08:00:00Z", &json!({"person": "bo"})),
        event(
            3,
            "question.created",
            AT,
            &json!({"question": "q", "asker": "ana", "title": secret}),
        ),
    ]);
    let other = json!({"id": "1", "source": "hr", "type": "person.left", "at": AT, "data": {"person": "bo"}});
    server.told(&[other.to_string()]);
    let reply = server.get_as(&admin, "/v1/admin/sources");
    let sources = reply.json();
    assert_eq!(
        sources["items"],
        json!([
            {"source": "forum", "events": {"person.upserted": 2, "question.created": 1}, "newest": "2026-02-03T08:00:00Z"},
            {"source": "hr", "events": {"person.left": 1}, "newest": AT},
        ])
    );
    let everywhere = sources["ignored"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["source"] == "*")
        .unwrap();
    assert!(
        everywhere["communities"]
            .as_array()
            .unwrap()
            .contains(&json!("everyone"))
    );
    assert!(!reply.text().contains(secret));
    // Duplicates are not counted again.
    server.post("/v1/events", other.to_string());
    assert_eq!(server.get_as(&admin, "/v1/admin/sources").json(), sources);
}

#[test]
fn configuration_says_from_which_state_it_is_told() {
    let (server, admin) = started();
    server.told(&[event(1, "person.upserted", AT, &json!({"person": "ana"}))]);
    for target in ["/v1/admin/keys", "/v1/admin/sources", "/v1/admin/models"] {
        let told = server.get_as(&admin, target).json();
        assert_eq!(
            (&told["generation"], &told["as_of"]),
            (&json!(1), &json!("2026-03-02T09:00:00Z")),
            "{told}"
        );
    }
}

#[test]
fn the_model_is_the_one_that_answers_name() {
    let (server, admin) = started();
    server.told(&[event(
        1,
        "question.created",
        AT,
        &json!({"question": "q", "asker": "ana", "title": "How?"}),
    )]);
    let models = server.get_as(&admin, "/v1/admin/models").json();
    let model = &models["items"][0];
    assert_eq!(model["name"], server.get("/v1/questions/q/experts").json()["model"]);
    assert_eq!(model["recommender"], "experts");
    let weights = model["weights"].as_object().unwrap();
    assert!(weights.len() >= 20 && weights.values().all(Value::is_number), "{model}");
}
