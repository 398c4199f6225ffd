//! Communities for a person: the shape of a page, whose page it is, and what is refused.

use crate::client::{Server, bearer, encoded, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Nina has just arrived and knows about eel ladders; Ana animates the community that is about them, and asked there.
#[expect(clippy::too_many_lines, reason = "a small world reads best in one piece")]
fn organisation() -> Server {
    let server = Server::start();
    let facts = [
        (
            "person.upserted",
            json!({"person": "nina", "name": "Nina Ode", "unit": "Group/Works", "languages": ["en"]}),
        ),
        (
            "person.upserted",
            json!({"person": "ana", "name": "Ana Ruiz", "languages": ["en"]}),
        ),
        (
            "person.upserted",
            json!({"person": "mate", "name": "Mo Tate", "unit": "Group/Works"}),
        ),
        (
            "person.upserted",
            json!({"person": "gus", "name": "Gus Vale", "external": true}),
        ),
        ("person.upserted", json!({"person": "shy", "name": "Shy Moss"})),
        (
            "skill.upserted",
            json!({"skill": "eels", "labels": {"en": "Eel ladders", "fr": "Passes à anguilles"}}),
        ),
        (
            "skill.asserted",
            json!({"person": "nina", "skill": "eels", "origin": "declared"}),
        ),
        (
            "community.upserted",
            json!({"community": "fish/1", "name": "Fish", "kind": "practice", "access": "open",
            "topics": ["eel ladders"], "charter_url": "https://forum.example/charter", "url": "https://forum.example/fish"}),
        ),
        (
            "community.upserted",
            json!({"community": "bikes", "name": "Bikes", "kind": "interest", "access": "open"}),
        ),
        (
            "community.upserted",
            json!({"community": "board", "name": "Board", "kind": "instance", "access": "private"}),
        ),
        (
            "community.upserted",
            json!({"community": "care", "name": "Care", "kind": "interest", "access": "open", "sensitive": true}),
        ),
        (
            "membership.added",
            json!({"person": "ana", "community": "fish/1", "role": "animator"}),
        ),
        (
            "membership.added",
            json!({"person": "mate", "community": "bikes", "role": "member"}),
        ),
        (
            "question.created",
            json!({"question": "q/1", "asker": "ana", "community": "fish/1", "language": "en",
            "title": "Which eel ladders suit a steep weir?"}),
        ),
    ];
    let line = |(n, (kind, data)): (u32, (&str, Value))| event(n, kind, AT, &data);
    server.told(&(1..).zip(facts).map(line).collect::<Vec<_>>());
    server
}

fn page(server: &Server, person: &str) -> Value {
    let reply = server.get(&format!("/v1/people/{}/communities", encoded(person)));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

#[test]
fn a_newcomer_is_shown_where_to_begin() {
    let server = organisation();
    let page = page(&server, "nina");
    let subjects: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["subject"])
        .collect();
    assert_eq!(subjects, ["fish/1", "bikes"], "{page}");
    assert_eq!(page["excluded"], json!({"not_open": "some", "sensitive": "some"}));
    assert!(page.get("nothing").is_none() && page["as_of"] == "2026-03-02T09:00:00Z");
    let fish = &page["items"][0];
    assert_eq!(
        (&fish["kind"], &fish["charter_url"]),
        (&json!("practice"), &json!("https://forum.example/charter"))
    );
    assert_eq!(
        (&fish["ground"], &fish["side_step"], &fish["rank"]),
        (&json!("close"), &json!(false), &json!(1))
    );
    let topic = fish["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|reason| reason["code"] == "topic")
        .unwrap();
    assert_eq!(topic["text"], "is about what you know, follow or work on: Eel ladders");
    assert_eq!(topic["facts"], json!([{"kind": "skill_declared", "id": "eels"}]));
    let sum: f64 = fish["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["contribution"].as_f64().unwrap())
        .sum();
    assert!((sum - fish["score"].as_f64().unwrap()).abs() < 1e-9, "{fish}");
    assert_eq!(
        (&fish["greet"]["person"], &fish["greet"]["role"]),
        (&json!("ana"), &json!("animator"))
    );
    assert!(
        fish["greet"]["words"].as_str().unwrap().starts_with("Hello Ana, "),
        "{fish}"
    );
    assert_eq!(fish["questions"][0]["question"], "q/1");
    assert_eq!(
        fish["questions"][0]["text"],
        "waits for an answer, and your profile speaks of eel and ladders"
    );
    let bikes = &page["items"][1];
    assert_eq!((&bikes["ground"], &bikes["questions"]), (&json!("around"), &json!([])));
}

#[test]
fn a_page_speaks_the_reader_s_language_and_is_as_long_as_wanted() {
    let server = organisation();
    let french = server.send(
        "GET",
        "/v1/people/nina/communities?limit=1",
        &[&bearer(&server.platform), "Accept-Language: fr"],
        b"",
    );
    assert_eq!(french.header("content-language"), Some("fr"));
    let french = french.json();
    assert_eq!(french["items"].as_array().unwrap().len(), 1);
    assert!(french.to_string().contains("Passes à anguilles"), "{french}");
}

#[test]
fn a_page_is_the_person_s_own() {
    let server = organisation();
    let target = "/v1/people/nina/communities";
    let nina = server.key("nina", &["recommend:read", "member"], Some("nina"));
    let ana = server.key("ana", &["recommend:read", "member"], Some("ana"));
    let animator = server.animator("animator", &["recommend:read", "animator"], &["fish/1"]);
    assert_eq!(server.get_as(&nina, target).status, 200);
    let unknown = server.get("/v1/people/nobody/communities");
    unknown.problem(404, "not_found");
    for key in [&ana, &animator] {
        assert_eq!(
            server.get_as(key, target).body,
            unknown.body,
            "hidden and unknown are the same bytes"
        );
    }
    let member = server.key("names-only", &["search:read"], None);
    server.get_as(&member, target).problem(403, "scope_missing");
}

#[test]
fn guests_and_those_who_want_none_get_no_page_and_only_they_are_told_why() {
    let server = organisation();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let refusal = event(
        50,
        "preference.set",
        AT,
        &json!({"person": "shy", "purpose": "communities", "allowed": false}),
    );
    let sent = server.send("POST", "/v1/events", &[&bearer(&officer)], refusal.as_bytes());
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    let to_others = page(&server, "shy");
    assert_eq!(
        (&to_others["items"], &to_others["nothing"]),
        (&json!([]), &json!("unavailable"))
    );
    let shy = server.key("shy", &["recommend:read", "member"], Some("shy"));
    assert_eq!(
        server.get_as(&shy, "/v1/people/shy/communities").json()["nothing"],
        "opted_out"
    );
    let guest = page(&server, "gus");
    assert_eq!(
        (&guest["items"], &guest["nothing"]),
        (&json!([]), &json!("nothing_open"))
    );
    server.told(&[event(
        60,
        "proposal.sent",
        AT,
        &json!({"proposal": "i1", "kind": "community", "person": "gus", "community": "fish/1"}),
    )]);
    let invited = page(&server, "gus");
    assert_eq!(invited["items"][0]["subject"], "fish/1");
    let reasons = invited["items"][0]["reasons"].as_array().unwrap();
    let cites = |reason: &Value| reason["facts"] == json!([{"kind": "proposal", "id": "i1"}]);
    assert!(reasons.iter().any(cites), "{reasons:?}");
    assert_eq!(invited["items"].as_array().unwrap().len(), 1);
    let gus = server.key("gus", &["recommend:read", "member"], Some("gus"));
    let own = server.get_as(&gus, "/v1/people/gus/communities").json();
    let fish = &own["items"][0];
    assert!(
        fish.get("greet").is_none() && fish["questions"] == json!([]),
        "a guest sees inside once they belong: {own}"
    );
}

#[test]
fn a_page_held_is_not_sent_again_and_what_is_asked_for_must_be_in_range() {
    let server = organisation();
    let target = "/v1/people/nina/communities";
    let first = server.get(target);
    let tag = format!("If-None-Match: {}", first.header("etag").unwrap());
    let again = |tag: &str| {
        server
            .send("GET", target, &[&bearer(&server.platform), tag], b"")
            .status
    };
    assert_eq!(again(&tag), 304);
    server.told(&[event(
        70,
        "membership.added",
        AT,
        &json!({"person": "nina", "community": "fish/1", "role": "member"}),
    )]);
    assert_eq!(again(&tag), 200, "they joined");
    assert_eq!(page(&server, "nina")["items"][0]["subject"], "bikes");
    server
        .get("/v1/people/nina/communities?limit=0")
        .problem(400, "out_of_range");
    server
        .get("/v1/people/nina/communities?order=score")
        .problem(400, "unknown_parameter");
}

#[test]
fn a_page_goes_on_behind_what_its_parts_named_whatever_came_meanwhile() {
    let server = organisation();
    let target = "/v1/people/nina/communities?limit=1";
    let first = server.get(target).json();
    assert_eq!(
        (&first["items"][0]["subject"], &first["items"][0]["rank"]),
        (&json!("fish/1"), &json!(1))
    );
    let cursor = first["next_cursor"].as_str().expect("there is another").to_owned();
    // A community that would come first now changes nothing of what the page names next.
    server.told(&[
        event(
            80,
            "community.upserted",
            AT,
            &json!({"community": "fish/2", "kind": "practice", "access": "open",
            "name": "Ladders", "topics": ["eel ladders"]}),
        ),
        event(
            81,
            "membership.added",
            AT,
            &json!({"person": "mate", "community": "fish/2", "role": "animator"}),
        ),
    ]);
    let mut named = vec![json!("fish/1")];
    let mut next = Some(cursor);
    while let Some(cursor) = next {
        let part = server.get(&format!("{target}&cursor={cursor}")).json();
        named.extend(
            part["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["subject"].clone()),
        );
        assert_eq!(part["items"][0]["rank"], json!(named.len()), "{part}");
        assert_eq!(part.get("nothing"), None);
        next = part["next_cursor"].as_str().map(str::to_owned);
    }
    named.sort_by_key(Value::to_string);
    assert_eq!(
        named,
        [json!("bikes"), json!("fish/1"), json!("fish/2")],
        "each once, and none is missing"
    );
    server
        .get("/v1/people/nina/communities?cursor=zz")
        .problem(400, "bad_parameter");
}

#[test]
fn what_is_thought_of_a_community_quotes_its_page() {
    let server = organisation();
    let page = page(&server, "nina");
    let says = |subject: &str| {
        let body =
            json!({"recommendation": page["recommendation"], "subject": subject, "verdict": "accepted", "by": "nina"});
        server
            .send(
                "POST",
                "/v1/feedback",
                &[&bearer(&server.platform)],
                body.to_string().as_bytes(),
            )
            .status
    };
    assert_eq!(says("fish/1"), 200);
    assert_ne!(says("board"), 200, "it was not on the page");
}
