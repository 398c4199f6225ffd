//! Plans: who may make them and for what, nobody over what they accept, and the same plan for the same state.

use crate::client::{Reply, Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// What a plan gives whom, and what it gives nobody, with the reason.
type Shared = (Vec<(String, Vec<String>)>, Vec<(String, String)>);

/// Bo and Cy know certificates, Bo a little better; Bo accepts one invitation a week. Three questions wait, one of them in
/// a private community that Ana animates.
fn furnished() -> Server {
    let server = Server::start();
    let mut facts = vec![
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"})),
        ("person.upserted", json!({"person": "cy", "name": "Cy Moss"})),
        (
            "community.upserted",
            json!({"community": "board", "kind": "instance", "access": "private", "name": "Board"}),
        ),
        (
            "community.upserted",
            json!({"community": "club", "kind": "interest", "access": "open", "name": "Club"}),
        ),
        (
            "membership.added",
            json!({"person": "ana", "community": "board", "role": "animator"}),
        ),
        (
            "membership.added",
            json!({"person": "cy", "community": "board", "role": "member"}),
        ),
    ];
    facts.extend(threads());
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    bind(
        &server,
        500,
        "capacity.set",
        &json!({"person": "bo", "asks_per_week": 1}),
    );
    server
}

/// Questions about certificates, with answers by those who know, and three that wait.
fn threads() -> Vec<(&'static str, Value)> {
    let mut facts = Vec::new();
    for (n, (author, answered)) in [("bo", 4), ("cy", 2)].into_iter().enumerate() {
        for m in 0..answered {
            let id = format!("{n}-{m}");
            facts.push((
                "question.created",
                json!({"question": id, "asker": "ana", "title": "Rotating a certificate", "tags": ["tls"]}),
            ));
            facts.push((
                "answer.created",
                json!({"answer": id, "question": id, "author": author, "body": "Like this."}),
            ));
        }
    }
    for (question, community) in [("open/1", "club"), ("open/2", "club"), ("secret", "board")] {
        facts.push((
            "question.created",
            json!({"question": question, "asker": "ana", "title": "Rotating a certificate", "tags": ["tls"], "community": community}),
        ));
    }
    facts
}

fn plan(server: &Server, key: &str, wish: &Value) -> Reply {
    server.send("POST", "/v1/plans/asks", &[&bearer(key)], wish.to_string().as_bytes())
}

/// The questions of a plan with those who are asked, and those without anybody.
fn shared(plan: &Value) -> Shared {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = plan["items"].as_array().unwrap().iter().map(|item| {
        let picks = item["picks"].as_array().unwrap();
        (
            text(&item["question"]),
            picks.iter().map(|pick| text(&pick["subject"])).collect(),
        )
    });
    let without = plan["unassigned"].as_array().unwrap().iter();
    (
        items.collect(),
        without.map(|item| (text(&item["id"]), text(&item["code"]))).collect(),
    )
}

fn owned(items: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    items
        .iter()
        .map(|(id, people)| ((*id).to_owned(), names(people)))
        .collect()
}

#[test]
fn a_steward_shares_all_that_waits_and_nobody_gets_more_than_they_accept() {
    let server = furnished();
    let steward = server.key("steward", &["steward"], None);
    let reply = plan(&server, &steward, &json!({"people_per_question": 1}));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let answer = reply.json();
    let (items, without) = shared(&answer);
    assert_eq!(
        items,
        owned(&[("open/1", &["bo"]), ("open/2", &["cy"])]),
        "what is private is not listed"
    );
    assert_eq!(without, []);
    let moved = &answer["items"][1]["picks"][0];
    assert_eq!((&moved["base_rank"], &moved["moved_by"]), (&json!(2), &json!("plan")));
    assert!(moved["invitation"].as_str().unwrap().contains("Cy"), "{moved}");
    let sum: f64 = moved["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["contribution"].as_f64().unwrap())
        .sum();
    assert!((sum - moved["score"].as_f64().unwrap()).abs() < 1e-9);
    assert_eq!(
        answer["spread"]["before"]["none"], "some",
        "two people are too few to be counted"
    );
    assert!(answer["spread"]["before"].get("gini").is_none());
    // The same state, the same bytes, whatever is asked in between.
    assert_eq!(
        plan(&server, &steward, &json!({"people_per_question": 1})).body,
        reply.body
    );
    // Each of the two has what a second one would need.
    let two = plan(&server, &steward, &json!({"people_per_question": 2})).json();
    let (items, _) = shared(&two);
    assert_eq!(
        items.iter().map(|(_, picks)| picks.len()).sum::<usize>(),
        3,
        "{items:?}"
    );
    assert_eq!(
        two["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["fewer"]["code"] == "shared_out")
            .count(),
        1
    );
}

#[test]
fn what_a_plan_proposes_can_be_quoted_and_is_not_proposed_again_before_its_day_is_over() {
    let server = furnished();
    let steward = server.key("steward", &["steward"], None);
    let answer = plan(
        &server,
        &steward,
        &json!({"questions": ["open/1"], "people_per_question": 1}),
    )
    .json();
    let item = &answer["items"][0];
    let quoted = &item["recommendation"];
    let verdict = json!({"recommendation": quoted, "subject": item["picks"][0]["subject"], "verdict": "accepted"});
    assert_eq!(server.post("/v1/feedback", verdict.to_string()).status, 200);
    server.told(&[event(
        600,
        "ask.sent",
        "2026-03-02T09:00:00Z",
        &json!({"ask": "ask/1", "question": "open/1", "person": "bo", "recommendation": quoted}),
    )]);
    let again = plan(
        &server,
        &steward,
        &json!({"questions": ["open/1", "open/2", "0-0", "unheard of"]}),
    )
    .json();
    let (items, without) = shared(&again);
    assert_eq!(items, owned(&[("open/2", &["cy"])]), "Bo has what he accepts");
    let codes = [
        ("0-0", "not_open"),
        ("open/1", "asked_lately"),
        ("unheard of", "not_found"),
    ];
    assert_eq!(without, codes.map(|(id, code)| (id.to_owned(), code.to_owned())));
    server.pass(24 * 60);
    let next_day = plan(&server, &steward, &json!({"questions": ["open/1"]})).json();
    assert_eq!(
        shared(&next_day).0,
        owned(&[("open/1", &["cy"])]),
        "nobody is asked twice about one question"
    );
}

#[test]
fn an_animator_plans_for_their_own_communities_alone() {
    let server = furnished();
    let board = server.animator("board", &["animator"], &["board"]);
    let own = plan(&server, &board, &json!({})).json();
    assert_eq!(
        shared(&own).0,
        owned(&[("secret", &["cy"])]),
        "Bo may not read the board"
    );
    assert_eq!(own["items"][0]["fewer"]["code"], "nobody_available");
    let named = plan(&server, &board, &json!({"questions": ["open/1", "secret"]})).json();
    assert_eq!(shared(&named).1, [("open/1".to_owned(), "not_found".to_owned())]);
    let elsewhere = plan(&server, &board, &json!({"community": "club"}));
    elsewhere.problem(404, "not_found");
    let unheard = plan(&server, &board, &json!({"community": "unheard of"}));
    assert_eq!(elsewhere.body, unheard.body, "hidden and unknown are the same bytes");
    for scopes in [
        &["recommend:read", "search:read", "member"][..],
        &["admin"],
        &["hr:read"],
    ] {
        let key = server.key(scopes[0], scopes, None);
        plan(&server, &key, &json!({})).problem(403, "scope_missing");
    }
}

#[test]
fn texts_are_in_the_reader_s_language_and_rate_nobody() {
    let server = furnished();
    let steward = server.key("steward", &["steward"], None);
    let french = ["Accept-Language: fr", &bearer(&steward)];
    let reply = server.send("POST", "/v1/plans/asks", &french, br#"{"people_per_question": 3}"#);
    assert_eq!(reply.header("content-language"), Some("fr"));
    let answer = reply.json();
    let mut texts = vec![answer["items"][0]["fewer"]["text"].as_str().unwrap().to_owned()];
    for pick in answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| item["picks"].as_array().unwrap())
    {
        texts.push(pick["invitation"].as_str().unwrap().to_owned());
        texts.extend(
            pick["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["text"].as_str().unwrap().to_owned()),
        );
    }
    assert!(texts.iter().any(|text| text.starts_with("Bonjour")), "{texts:?}");
    for text in texts {
        let lower = text.to_lowercase();
        let rated = ["top", "best", "score", "expert", "rank", "meilleur", "classement"];
        assert!(rated.iter().all(|word| !lower.contains(word)), "{text}");
    }
}

#[test]
fn a_wish_that_cannot_be_is_refused_by_name() {
    let server = furnished();
    let steward = server.key("steward", &["steward"], None);
    let problem = plan(&server, &steward, &json!({"people": 2, "people_per_question": 4})).problem(422, "bad_body");
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["people_per_question", "people"]);
    let query = server.send("POST", "/v1/plans/asks?limit=3", &[&bearer(&steward)], b"{}");
    query.problem(400, "unknown_parameter");
}

/// Two communities without an animator, and one that Bo has animated for long; Cy offered to animate and never did, Dee did
/// neither.
fn network() -> Server {
    let server = Server::start();
    let long_ago = "2025-06-01T08:00:00Z";
    let mut facts = Vec::new();
    for (person, name) in [("bo", "Bo Lind"), ("cy", "Cy Moss"), ("dee", "Dee Hart")] {
        facts.push(("person.upserted", json!({"person": person, "name": name})));
    }
    let communities = [
        ("herbs", "interest", "open"),
        ("maps", "interest", "open"),
        ("tea", "practice", "open"),
        ("board", "instance", "private"),
    ];
    for (community, kind, access) in communities {
        facts.push((
            "community.upserted",
            json!({"community": community, "kind": kind, "access": access, "name": community}),
        ));
    }
    for community in ["herbs", "maps"] {
        for person in ["bo", "cy", "dee"] {
            facts.push((
                "membership.added",
                json!({"person": person, "community": community, "role": "member"}),
            ));
        }
    }
    facts.push((
        "membership.added",
        json!({"person": "bo", "community": "tea", "role": "animator"}),
    ));
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, long_ago, &data))
        .collect();
    server.told(&lines);
    bind(&server, 900, "animation.offered", &json!({"person": "cy"}));
    server
}

/// Says something that binds a person, as the data protection officer.
fn bind(server: &Server, number: u32, kind: &str, data: &Value) {
    let key = server.key(&format!("officer-{number}"), &["dpo", "events:write"], None);
    let sent = server.send(
        "POST",
        "/v1/events",
        &[&bearer(&key)],
        event(number, kind, AT, data).as_bytes(),
    );
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
}

fn share(server: &Server, key: &str, wish: &Value) -> Value {
    let reply = server.send(
        "POST",
        "/v1/plans/co-animators",
        &[&bearer(key)],
        wish.to_string().as_bytes(),
    );
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// The communities of a plan with those who are proposed, and those without anybody.
fn proposed(plan: &Value) -> Shared {
    let mut renamed = plan.clone();
    for item in renamed["items"].as_array_mut().unwrap() {
        item["question"] = item["community"].clone();
    }
    shared(&renamed)
}

#[test]
fn nobody_is_planned_for_more_than_their_free_hours() {
    let server = network();
    let steward = server.key("steward", &["steward"], None);
    let plan = share(&server, &steward, &json!({}));
    let (items, without) = proposed(&plan);
    assert_eq!(items.len(), 1, "two hours, one of which tea takes: {plan}");
    assert_eq!(items[0].1, ["bo"]);
    assert_eq!(without.len(), 1);
    assert_eq!(without[0].1, "shared_out");
    let pick = &plan["items"][0]["picks"][0];
    let sum: f64 = pick["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["contribution"].as_f64().unwrap())
        .sum();
    assert!((sum - pick["score"].as_f64().unwrap()).abs() < 1e-9, "{pick}");
    assert_eq!(
        (&pick["first_time"], &pick["volunteer"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        plan["excluded"],
        json!({"needs_company": "some", "to_be_asked": "some"})
    );
    assert!(pick.get("load").is_none() && plan["spread"]["before"].get("gini").is_none());
    let again = share(&server, &steward, &json!({"communities": ["maps", "herbs"]}));
    let alone = (items, without);
    assert_eq!(proposed(&again), alone, "named in whatever order");

    bind(
        &server,
        901,
        "capacity.set",
        &json!({"person": "bo", "animation_hours_per_week": 3}),
    );
    let freer = proposed(&share(&server, &steward, &json!({})));
    assert_eq!(freer, alone, "one proposal a person, whatever their hours");
    let absence = json!({"person": "bo", "from": "2026-02-20", "until": "2026-08-30"});
    bind(&server, 902, "absence.set", &absence);
    let (items, without) = proposed(&share(&server, &steward, &json!({})));
    assert_eq!(items, [], "nobody is proposed who is away");
    let codes: Vec<_> = without.iter().map(|(id, code)| (id.as_str(), code.as_str())).collect();
    assert_eq!(
        codes,
        [
            ("herbs", "needs_company"),
            ("maps", "needs_company"),
            ("tea", "nobody_available")
        ]
    );
}

#[test]
fn what_lacks_nobody_is_hidden_or_unknown_says_so_when_it_is_named() {
    let server = network();
    let steward = server.key("steward", &["steward"], None);
    let named = share(
        &server,
        &steward,
        &json!({"communities": ["tea", "board", "unheard of"]}),
    );
    let (items, without) = proposed(&named);
    assert_eq!(items, []);
    let codes = [
        ("board", "not_found"),
        ("tea", "not_needed"),
        ("unheard of", "not_found"),
    ];
    assert_eq!(without, codes.map(|(id, code)| (id.to_owned(), code.to_owned())));
    for scopes in [&["animator"][..], &["recommend:read", "member"], &["admin"]] {
        let key = server.key(scopes[0], scopes, None);
        let reply = server.send("POST", "/v1/plans/co-animators", &[&bearer(&key)], b"{}");
        reply.problem(403, "scope_missing");
    }
    let problem = server.send(
        "POST",
        "/v1/plans/co-animators",
        &[&bearer(&steward)],
        br#"{"questions":[]}"#,
    );
    problem.problem(422, "bad_body");
}

#[test]
fn what_a_plan_for_all_may_not_see_is_counted_with_its_reason() {
    let server = network();
    let steward = server.key("steward", &["steward"], None);
    let left_out = |wish: &Value| share(&server, &steward, wish)["left_out"].clone();
    let counted = left_out(&json!({}));
    assert_eq!(
        (&counted["communities"], &counted["code"]),
        (&json!("some"), &json!("closed")),
        "a small count is not told"
    );
    assert!(!counted["text"].as_str().unwrap().is_empty());
    let closed = |n: u32, change: &Value| {
        let mut data = json!({"community": format!("closed {n}"), "kind": "interest", "access": "private"});
        data.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        server.told(&[event(700 + n, "community.upserted", AT, &data)]);
    };
    (0..3).for_each(|n| closed(n, &json!({})));
    closed(3, &json!({"access": "open", "sensitive": true}));
    assert_eq!(
        left_out(&json!({}))["communities"],
        5,
        "the board, three more, and a sensitive one"
    );
    server.told(&[event(720, "community.archived", AT, &json!({"community": "closed 0"}))]);
    assert_eq!(left_out(&json!({}))["communities"], "some", "what is over needs nobody");
    assert_eq!(
        left_out(&json!({"communities": ["herbs", "board"]})),
        Value::Null,
        "what is named is answered by name"
    );
    let bo = server.key("bo", &["steward"], Some("bo"));
    server.told(&[event(
        721,
        "membership.added",
        AT,
        &json!({"person": "bo", "community": "closed 1", "role": "member"}),
    )]);
    assert_eq!(
        share(&server, &bo, &json!({}))["left_out"]["communities"],
        "some",
        "their own is planned for"
    );
}

#[test]
fn a_first_time_animator_is_planned_for_beside_somebody_who_has_animated() {
    let server = network();
    let steward = server.key("steward", &["steward"], None);
    bind(
        &server,
        903,
        "absence.set",
        &json!({"person": "bo", "from": "2026-03-01", "until": "2026-03-20"}),
    );
    let (items, without) = proposed(&share(&server, &steward, &json!({"communities": ["herbs", "tea"]})));
    assert_eq!(items, [], "Cy would be alone in herbs, and knows nothing of tea");
    assert_eq!(
        without.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>(),
        ["needs_company", "nobody_available"]
    );
    let long_ago = "2025-06-02T08:00:00Z";
    let second = json!({"person": "bo", "community": "herbs", "role": "animator"});
    server.told(&[event(50, "membership.added", long_ago, &second)]);
    let (items, _) = proposed(&share(&server, &steward, &json!({"communities": ["herbs"]})));
    assert_eq!(
        items,
        owned(&[("herbs", &["cy"])]),
        "Bo is back for most of the days ahead"
    );
}
