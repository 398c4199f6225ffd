//! How communities and the network are: figures that give nobody away, findings, texts to send, and nobody watched.

use crate::client::{Server, event};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const AT: &str = "2025-06-01T08:00:00Z";

/// Léa animates `security`, where Nia is new and waits; Bo answered Ana, who accepted it. Zoé animates `board` in private.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation() -> Server {
    let server = Server::start();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let mut facts = vec![
        (
            "community.upserted",
            AT,
            json!({"community": "security", "kind": "practice", "access": "open", "name": "Security",
            "description": "Keys.", "charter_url": "https://forum.example/charter"}),
        ),
        (
            "community.upserted",
            AT,
            json!({"community": "board", "kind": "instance", "access": "private", "name": "Board"}),
        ),
        (
            "membership.added",
            AT,
            json!({"person": "lea", "community": "security", "role": "animator"}),
        ),
        (
            "membership.added",
            AT,
            json!({"person": "max", "community": "security", "role": "animator"}),
        ),
        (
            "membership.added",
            AT,
            json!({"person": "zoe", "community": "board", "role": "animator"}),
        ),
        (
            "animation.recorded",
            "2026-02-25T08:00:00Z",
            json!({"person": "lea", "community": "security", "hours": 4}),
        ),
        (
            "question.created",
            "2026-02-10T08:00:00Z",
            json!({"question": "q1", "asker": "ana", "title": "How do I rotate?", "community": "security"}),
        ),
        (
            "answer.created",
            "2026-02-10T10:00:00Z",
            json!({"answer": "a1", "question": "q1", "author": "bo", "body": "So."}),
        ),
        ("answer.accepted", "2026-02-11T10:00:00Z", json!({"answer": "a1"})),
        (
            "question.created",
            "2026-02-20T08:00:00Z",
            json!({"question": "q2", "asker": "nia", "title": "Where is the key?",
            "community": "security", "url": "https://forum.example/t/2"}),
        ),
        (
            "question.created",
            "2026-02-21T08:00:00Z",
            json!({"question": "q3", "asker": "shy", "title": "Who signs?", "community": "security"}),
        ),
        (
            "community.upserted",
            AT,
            json!({"community": "maps", "kind": "interest", "access": "open", "name": "Maps"}),
        ),
    ];
    for (person, name) in [
        ("lea", "Léa Fontaine"),
        ("max", "Max Ott"),
        ("zoe", "Zoé Roux"),
        ("ana", "Ana Ruiz"),
        ("bo", "Bo Lind"),
        ("nia", "Nia Bell"),
        ("shy", "Shy One"),
    ] {
        facts.push((
            "person.upserted",
            AT,
            json!({"person": person, "name": name, "unit": "Group/IT"}),
        ));
    }
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, at, data))| event(n, kind, at, &data))
        .collect();
    server.told(&lines);
    let own = [
        event(
            100,
            "absence.set",
            AT,
            &json!({"person": "lea", "from": "2026-03-10", "until": "2026-03-20"}),
        ),
        event(
            101,
            "absence.set",
            AT,
            &json!({"person": "max", "from": "2026-03-12", "until": "2026-04-30"}),
        ),
        event(
            102,
            "preference.set",
            AT,
            &json!({"person": "shy", "purpose": "search", "allowed": false}),
        ),
        event(
            103,
            "capacity.set",
            AT,
            &json!({"person": "lea", "animation_hours_per_week": 3}),
        ),
    ];
    let reply = server.send(
        "POST",
        "/v1/events",
        &[&crate::client::bearer(&officer)],
        own.join("\n").as_bytes(),
    );
    assert_eq!(reply.json()["accepted"], 4, "{}", reply.text());
    server
}

fn animator(server: &Server) -> String {
    server.animator("animator", &["animator", "recommend:read"], &["security"])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what is told")]
fn a_card_tells_how_a_community_is_and_days_to_its_animators_alone() {
    let server = organisation();
    let own = animator(&server);
    let card = |key: &str| server.get_as(key, "/v1/communities/security").json();
    let told = card(&server.platform);
    let health = &told["health"];
    assert_eq!(
        health["circles"],
        json!({"core": "some", "active": "some", "occasional": "some", "silent": "some"})
    );
    assert_eq!(
        (&health["newcomers"], &health["newcomers_waiting"]),
        (&json!("some"), &json!("some"))
    );
    let months = health["months"].as_array().unwrap();
    assert_eq!((months.len(), &months[11]["month"]), (12, &json!("2026-02-01")));
    assert_eq!(health["succession"]["half_from"], "some");
    let find = |card: &Value, code: &str| {
        let findings = card["health"]["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|finding| finding["code"] == code)
    };
    let cover = find(&told, "cover_needed").expect("both are away for nine days");
    assert_eq!(
        (&cover["params"], cover.get("days")),
        (&json!({"days": 9}), None),
        "{cover}"
    );
    let text = cover["text"].as_str().unwrap();
    assert!(
        text.starts_with("So that the community is looked after all year round, consider “"),
        "{text}"
    );
    assert!(
        cover["ways"][0]["way"].is_string() && cover["ways"][0]["reason"].is_string(),
        "{cover}"
    );
    let cover = find(&card(&own), "cover_needed").unwrap();
    assert_eq!(cover["days"], json!([{"from": "2026-03-12", "until": "2026-03-20"}]));
    let newcomers = find(&told, "newcomers_waiting").expect("two wait");
    assert_eq!(newcomers["params"], json!({"people": "some"}));
    let maps = server.get("/v1/communities/maps").json();
    assert!(find(&maps, "no_animator").is_some(), "{maps}");
    let french = server.send(
        "GET",
        "/v1/communities/maps",
        &[&crate::client::bearer(&server.platform), "Accept-Language: fr"],
        b"",
    );
    let french = find(&french.json(), "no_animator").unwrap();
    let text = french["text"].as_str().unwrap();
    assert!(
        text.starts_with("Pour que chacun sache vers qui se tourner, vous pouvez essayer « "),
        "{text}"
    );
}

#[test]
fn an_animator_reads_newcomers_thanks_and_digest_of_own_communities_alone() {
    let server = organisation();
    let own = animator(&server);
    let by_person = server.key("lea", &["animator"], Some("lea"));
    let stranger = server.key("ana", &["animator"], Some("ana"));
    for part in ["newcomers", "thanks", "digest"] {
        let target = format!("/v1/communities/security/{part}");
        assert_eq!(server.get_as(&own, &target).status, 200, "{part}");
        assert_eq!(
            server.get_as(&by_person, &target).status,
            200,
            "{part}: Léa animates it"
        );
        let hidden = server.get_as(&stranger, &target);
        let unknown = server.get_as(&own, &format!("/v1/communities/unheard-of/{part}"));
        let other = server.get_as(&own, &format!("/v1/communities/board/{part}"));
        for reply in [&hidden, &unknown, &other] {
            assert_eq!(reply.status, 404, "{part}: {}", reply.text());
            assert_eq!(
                reply.body, unknown.body,
                "{part}: what is hidden and what is unknown are the same bytes"
            );
        }
        assert_eq!(server.get(&target).status, 403, "{part}: a platform animates nothing");
    }
    let newcomers = server.get_as(&own, "/v1/communities/security/newcomers").json();
    let askers: Vec<_> = newcomers["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| (&q["question"], q.get("asker")))
        .collect();
    assert_eq!(
        askers,
        [(&json!("q2"), Some(&json!("nia"))), (&json!("q3"), None)],
        "who is not to be found is not named"
    );
    let first = server.get_as(&own, "/v1/communities/security/newcomers?limit=1").json();
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["more"]),
        (1, &json!(true))
    );
    let thanks = server.get_as(&own, "/v1/communities/security/thanks").json();
    assert_eq!(
        thanks["items"],
        json!([{"answer": "a1", "question": "q1", "title": "How do I rotate?", "author": {"person": "bo", "name": "Bo Lind"}, "for": "accepted"}])
    );
}

#[test]
fn questions_of_newcomers_are_read_part_by_part() {
    let server = organisation();
    let own = animator(&server);
    let read = |query: &str| {
        let target = format!("/v1/communities/security/newcomers?{query}");
        server.get_as(&own, &target)
    };
    let first = read("limit=1").json();
    let cursor = first["next_cursor"].as_str().expect("there is more");
    let rest = read(&format!("cursor={cursor}")).json();
    assert_eq!(
        (rest["items"].as_array().unwrap().len(), &rest["items"][0]["question"]),
        (1, &json!("q3")),
        "behind the first"
    );
    assert_eq!((&rest["more"], &rest["next_cursor"]), (&json!(false), &Value::Null));
    for bad in ["zz", "00"] {
        read(&format!("cursor={bad}")).problem(400, "bad_parameter");
    }
}

#[test]
fn a_digest_is_a_text_to_edit_and_a_sheet_hands_over() {
    let server = organisation();
    let own = animator(&server);
    let text = |target: &str| {
        let reply = server.get_as(&own, target).json();
        reply["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{target}: {reply}"))
            .to_owned()
    };
    let digest = text("/v1/communities/security/digest");
    assert!(
        digest.contains("- “Where is the key?”, for 10 days https://forum.example/t/2\n"),
        "{digest}"
    );
    assert!(
        digest.contains("to Bo Lind, whose answer to “How do I rotate?”"),
        "{digest}"
    );
    for hidden in ["Léa", "Max", "available", "away", "hours", "2026-03-12", "Nia", "Shy"] {
        assert!(!digest.contains(hidden), "{hidden}: {digest}");
    }
    let sheet = text("/v1/communities/security/digest?hand_over=lea");
    assert!(
        sheet.starts_with("Taking over “Security” from Léa Fontaine\n"),
        "{sheet}"
    );
    for part in [
        "- Keys.",
        "https://forum.example/charter",
        "- Max Ott",
        "“The hand-over walk”",
        "Where is the key?",
    ] {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    let never = server.get_as(&own, "/v1/communities/security/digest?hand_over=bo");
    assert_eq!(never.status, 404, "{}", never.text());
}

#[test]
fn what_nobody_animates_a_steward_hands_on() {
    let server = organisation();
    let steward = server.key("steward", &["steward"], None);
    let read = |key: &str, query: &str| server.get_as(key, &format!("/v1/communities/{query}"));
    let (digest, sheet) = ("security/digest", "security/digest?hand_over=lea");
    for target in [digest, sheet] {
        read(&steward, target).problem(404, "not_found");
    }
    let leave = |n: u32, person: &str, community: &str| {
        let data = json!({"person": person, "community": community, "role": "animator"});
        server.told(&[event(800 + n, "membership.removed", "2026-03-01T08:00:00Z", &data)]);
    };
    leave(0, "lea", "security");
    read(&steward, sheet).problem(404, "not_found");
    leave(1, "max", "security");
    let text = read(&steward, sheet).json()["text"]
        .as_str()
        .expect("a sheet")
        .to_owned();
    assert!(text.starts_with("Taking over “Security” from Léa Fontaine\n"), "{text}");
    for hidden in ["hours", "away", "available", "2026-03-12", "Nia"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert_eq!(read(&steward, digest).status, 200);
    read(&steward, "security/digest?hand_over=bo").problem(404, "not_found");
    // It is there for nobody else, and what is private is no steward's.
    let animator = server.animator("other", &["animator"], &["maps"]);
    read(&animator, sheet).problem(404, "not_found");
    leave(2, "zoe", "board");
    read(&steward, "board/digest?hand_over=zoe").problem(404, "not_found");
}

#[test]
fn a_person_reads_their_own_hours_and_of_companions_a_band() {
    let server = organisation();
    let key = server.key("lea", &["member"], Some("lea"));
    let load = server.get_as(&key, "/v1/me/load").json();
    let told = |key: &str| load[key].as_f64().unwrap();
    assert!(told("hours") > 0.0 && told("hours") < 5.0, "{load}");
    assert_eq!((told("capacity"), &load["stated"]), (3.0, &json!(true)));
    let place = &load["communities"][0];
    assert_eq!(
        place["companions"],
        json!([{"person": "max", "name": "Max Ott", "band": "usual"}])
    );
    let weeks = load["weeks"].as_array().unwrap();
    let hours: f64 = weeks.iter().map(|week| week["hours"].as_f64().unwrap()).sum();
    assert_eq!((weeks.len(), &weeks[7]["week"], hours), (8, &json!("2026-03-02"), 4.0));
    let nobody = server.key("nobody", &["member"], None);
    assert_eq!(server.get_as(&nobody, "/v1/me/load").status, 404);
}

#[test]
fn the_network_is_told_to_stewards_and_the_playbook_to_readers() {
    let server = organisation();
    let steward = server.key("steward", &["steward"], None);
    let network = server.get_as(&steward, "/v1/health").json();
    assert_eq!(
        (&network["communities"], &network["without_animator"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(
        network["named_without_animator"],
        json!([{"community": "maps", "name": "Maps"}])
    );
    assert_eq!(network["forecast"]["filled"], 3);
    assert_eq!(
        network["findings"][0]["code"], "communities_without_animator",
        "{network}"
    );
    assert!(
        !network.to_string().contains("\"lea\"") && !network.to_string().contains("Léa"),
        "{network}"
    );
    let ways = |query: &str| {
        let reply = server.get(&format!("/v1/playbook{query}")).json();
        let items = reply["items"].as_array().unwrap_or_else(|| panic!("{reply}")).clone();
        items
            .into_iter()
            .map(|way| way["way"].as_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let all = ways("");
    assert!((12..=16).contains(&all.len()));
    let waiting = ways("?finding=newcomers_waiting");
    assert!(waiting.contains("welcome-cafe") && waiting.len() < all.len());
    let both = ways("?finding=newcomers_waiting&aim=belonging");
    assert!(both.is_subset(&waiting) && both.contains("welcome-cafe"));
    let wrong = server.get("/v1/playbook?finding=leaderboard");
    assert_eq!((wrong.status, &wrong.json()["code"]), (400, &json!("bad_parameter")));
}

/// What no answer about communities may hold of a person.
const WATCHING: [&str; 14] = [
    "median_minutes",
    "answer_times",
    "last_answer",
    "last_seen",
    "last_active",
    "activity",
    "absence",
    "absences",
    "away",
    "load",
    "hours",
    "score",
    "rank",
    "contributions",
];

/// The properties in `document` that watch somebody, below the answers of these operations: those of [`WATCHING`], and
/// whatever stands beside a person's name.
fn watching(document: &Value, operations: &[&str]) -> BTreeSet<String> {
    let mut open: Vec<Value> = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            if operations.contains(&operation["operationId"].as_str().unwrap()) {
                open.push(operation["responses"]["200"]["content"]["application/json"]["schema"].clone());
            }
        }
    }
    assert_eq!(open.len(), operations.len(), "each operation is there");
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    while let Some(value) = open.pop() {
        if let Some(name) = value["$ref"]
            .as_str()
            .and_then(|reference| reference.rsplit('/').next())
        {
            if seen.insert(name.to_owned()) {
                open.push(document["components"]["schemas"][name].clone());
            }
            continue;
        }
        if let Some(properties) = value["properties"].as_object() {
            let keys: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
            found.extend(
                keys.iter()
                    .filter(|key| WATCHING.contains(key))
                    .map(|key| (*key).to_owned()),
            );
            if keys.contains("person") {
                found.extend(
                    keys.iter()
                        .filter(|key| !["person", "name"].contains(key))
                        .map(|key| (*key).to_owned()),
                );
            }
        }
        match value {
            Value::Object(object) => open.extend(
                object
                    .into_iter()
                    .filter(|(key, _)| key != "example")
                    .map(|(_, inner)| inner),
            ),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

#[test]
fn no_answer_about_communities_holds_what_one_person_does_and_a_plant_is_found() {
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    let operations = [
        "community_card",
        "waiting_newcomers",
        "worth_thanking",
        "digest",
        "network_health",
        "playbook",
    ];
    assert_eq!(watching(&document, &operations), BTreeSet::new());
    // Of those who could animate: their place and fit in this one answer, and the load of the community. Of a page: where a
    // community stands on it, and of whom to greet their part in it and a word to send. Nothing else, and nothing new.
    let people = |operation: &str| watching(&document, &[operation]).into_iter().collect::<Vec<_>>();
    assert_eq!(people("community_co_animators"), ["load", "rank", "score"]);
    assert_eq!(people("plan_co_animators"), ["rank", "score"]);
    assert_eq!(people("person_communities"), ["rank", "role", "score", "url", "words"]);
    assert!(
        watching(&document, &["own_load"]).contains("hours"),
        "the walk sees what is the reader's own"
    );
    let mut planted = document.clone();
    planted["components"]["schemas"]["Named"]["properties"]["answers"] = json!({"type": "integer"});
    assert_eq!(watching(&planted, &operations), ["answers".to_owned()].into());
    for (operation, schema) in [
        ("community_co_animators", "CoAnimator"),
        ("plan_co_animators", "Gain"),
        ("person_communities", "Greeting"),
    ] {
        let mut planted = document.clone();
        planted["components"]["schemas"][schema]["properties"]["last_seen"] = json!({"type": "string"});
        let (found, allowed) = (watching(&planted, &[operation]), watching(&document, &[operation]));
        assert_eq!(
            found.difference(&allowed).collect::<Vec<_>>(),
            ["last_seen"],
            "{operation}"
        );
    }
    let mut planted = document;
    planted["components"]["schemas"]["Circles"]["properties"]["median_minutes"] = json!({"type": "number"});
    assert_eq!(watching(&planted, &operations), ["median_minutes".to_owned()].into());
}
