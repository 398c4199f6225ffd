//! Cards: what they show, what they mask, and that nobody is watched through them.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2025-06-01T08:00:00Z";

struct Story {
    lines: Vec<String>,
}

impl Story {
    fn tell(&mut self, kind: &str, at: &str, data: Value) {
        let number = self.lines.len() as u32;
        self.lines.push(event(number, kind, at, &data));
    }
}

/// `askers` people of the community `security` each ask one question; the first `answered` are answered, each by another
/// of `helpers` people, after two hours.
fn community(askers: usize, answered: usize, helpers: usize) -> Server {
    let server = Server::start();
    let mut story = Story { lines: vec![] };
    story.tell(
        "community.upserted",
        AT,
        json!({
            "community": "security", "kind": "practice", "name": "Security", "description": "Keys.", "access": "open",
            "topics": ["certificates"], "language": "en", "url": "https://forum.example/c/security", "sponsor": "boss",
        }),
    );
    story.tell("community.objective_set", AT, json!({
        "community": "security", "problem": "One question in four waits.", "measure": "unanswered_rate", "target": 0.1, "review": "2026-06-30",
    }));
    story.tell("person.upserted", AT, json!({"person": "boss", "name": "Bea Boss"}));
    story.tell("person.upserted", AT, json!({"person": "lea", "name": "Léa Fontaine"}));
    story.tell(
        "membership.added",
        AT,
        json!({"person": "lea", "community": "security", "role": "animator"}),
    );
    for n in 0..askers {
        let person = format!("p{n}");
        story.tell(
            "membership.added",
            AT,
            json!({"person": person, "community": "security", "role": "member"}),
        );
        let question = format!("q{n}");
        story.tell(
            "question.created",
            "2026-02-01T08:00:00Z",
            json!({"question": question, "asker": person, "title": "How?", "community": "security"}),
        );
        if n < answered {
            let author = format!("h{}", n % helpers);
            story.tell(
                "answer.created",
                "2026-02-01T10:00:00Z",
                json!({"answer": format!("a{n}"), "question": question, "author": author, "body": "So."}),
            );
        }
    }
    server.told(&story.lines);
    server
}

#[test]
fn a_community_shows_what_it_is_for_and_how_its_questions_fare() {
    let server = community(8, 6, 6);
    let reply = server.get("/v1/communities/security");
    assert_eq!(reply.status, 200, "{}", reply.text());
    let expected = json!({
        "community": "security", "name": "Security", "description": "Keys.", "kind": "practice", "access": "open",
        "topics": ["certificates"], "language": "en", "url": "https://forum.example/c/security", "archived": false,
        "sponsor": {"person": "boss", "name": "Bea Boss"},
        "animators": [{"person": "lea", "name": "Léa Fontaine"}], "members": 9,
        "questions": {"asked": 8, "unanswered_rate": 0.25, "first_answer_hours": 2.0, "over_days": 90},
        "objective": {"problem": "One question in four waits.", "measure": "unanswered_rate", "target": 0.1, "review": "2026-06-30", "now": 0.25},
        "generation": 27, "as_of": "2026-03-02T09:00:00Z",
    });
    let mut card = reply.json();
    let health = card.as_object_mut().unwrap().remove("health").expect("how it is");
    assert_eq!(
        health["circles"],
        json!({"core": "some", "active": "some", "occasional": 14, "silent": "some"})
    );
    let ways = card["objective"]
        .as_object_mut()
        .unwrap()
        .remove("ways")
        .expect("ways that serve the objective");
    assert_eq!(ways[0]["way"], "first-reply-rota");
    assert_eq!(card, expected);
    assert_eq!(
        server.get("/v1/communities/security").body,
        reply.body,
        "ready to be sent again"
    );
}

#[test]
fn small_counts_read_some_and_nobodys_own_time_is_told() {
    for (askers, answered, helpers, asked, rate, hours) in [
        (4, 4, 4, json!("some"), false, false),
        (5, 4, 4, json!(5), true, false),
        (5, 5, 5, json!(5), true, true),
        // One helper answers all: the median would be theirs.
        (9, 9, 1, json!(9), true, false),
        (9, 9, 4, json!(9), true, false),
    ] {
        let card = community(askers, answered, helpers)
            .get("/v1/communities/security")
            .json();
        let questions = &card["questions"];
        assert_eq!(questions["asked"], asked, "{card}");
        assert_eq!(questions.get("unanswered_rate").is_some(), rate, "{card}");
        assert_eq!(questions.get("first_answer_hours").is_some(), hours, "{card}");
        let members = if askers + 1 < 5 {
            json!("some")
        } else {
            json!(askers + 1)
        };
        assert_eq!(card["members"], members, "{card}");
    }
}

#[test]
fn a_card_follows_what_happens() {
    let server = community(5, 5, 5);
    let before = server.get("/v1/communities/security").json();
    assert_eq!(before["archived"], false);
    server.told(&[
        event(
            900,
            "community.archived",
            "2026-02-20T08:00:00Z",
            &json!({"community": "security"}),
        ),
        event(
            901,
            "membership.removed",
            "2026-02-20T08:00:00Z",
            &json!({"person": "lea", "community": "security", "role": "member"}),
        ),
        event(902, "person.left", "2026-02-20T08:00:00Z", &json!({"person": "boss"})),
    ]);
    let after = server.get("/v1/communities/security").json();
    assert_eq!(
        (&after["archived"], &after["animators"], &after["members"]),
        (&json!(true), &json!([]), &json!(5))
    );
    assert!(after.get("sponsor").is_none(), "{after}");
    // The questions leave the window: nothing is told of them any more.
    server.pass(90 * 24 * 60);
    let later = server.get("/v1/communities/security").json();
    assert_eq!(later["questions"], json!({"asked": "some", "over_days": 90}));
}

#[expect(clippy::too_many_lines, reason = "a life, told event by event")]
fn person() -> Server {
    let server = Server::start();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let mut story = Story { lines: vec![] };
    story.tell("person.upserted", AT, json!({
        "person": "lea", "name": "Léa Fontaine", "unit": "Group/IT", "site": "Lyon", "title": "Engineer", "employer": "Nord",
        "languages": ["fr", "en"], "url": "https://intranet.example/17", "time_zone": "Europe/Paris", "joined": "2020-01-01",
    }));
    story.tell(
        "skill.upserted",
        AT,
        json!({"skill": "tls", "labels": {"fr": "TLS et certificats", "en": "TLS and certificates"}}),
    );
    for (skill, origin) in [
        ("tls", "declared"),
        ("hidden", "declared"),
        ("shy", "imported"),
        ("contested", "imported"),
    ] {
        story.tell(
            "skill.asserted",
            AT,
            json!({"person": "lea", "skill": skill, "origin": origin}),
        );
    }
    story.tell(
        "skill.asserted",
        AT,
        json!({"person": "lea", "skill": "tls", "origin": "endorsed", "by": "bo"}),
    );
    story.tell("skill.confirmed", AT, json!({"person": "lea", "skill": "tls"}));
    story.tell("skill.contested", AT, json!({"person": "lea", "skill": "contested"}));
    story.tell(
        "skill.visibility_set",
        AT,
        json!({"person": "lea", "skill": "hidden", "audience": "me"}),
    );
    story.tell(
        "skill.visibility_set",
        AT,
        json!({"person": "lea", "skill": "shy", "audience": "animators"}),
    );
    story.tell(
        "interest.declared",
        AT,
        json!({"person": "lea", "skill": "tls", "stance": "can_help"}),
    );
    story.tell(
        "interest.declared",
        AT,
        json!({"person": "lea", "skill": "piano", "stance": "wants_to_learn"}),
    );
    story.tell(
        "absence.set",
        AT,
        json!({"person": "lea", "from": "2026-03-01", "until": "2026-03-09"}),
    );
    story.tell("capacity.set", AT, json!({"person": "lea", "asks_per_week": 1}));
    for (community, fields) in [
        ("security", json!({})),
        ("board", json!({"access": "private"})),
        ("care", json!({"sensitive": true})),
    ] {
        let mut data = json!({"community": community, "kind": "interest", "access": "open"});
        data.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        story.tell("community.upserted", AT, data);
        story.tell(
            "membership.added",
            AT,
            json!({"person": "lea", "community": community, "role": "member"}),
        );
    }
    let sent = server.send(
        "POST",
        "/v1/events",
        &[&bearer(&officer)],
        story.lines.join("\n").as_bytes(),
    );
    assert_eq!(sent.json()["accepted"], story.lines.len(), "{}", sent.text());
    server
}

#[test]
fn a_person_shows_what_everybody_may_know_and_no_more() {
    let server = person();
    let card = server.get("/v1/people/lea").json();
    let expected = json!({
        "person": "lea", "name": "Léa Fontaine", "unit": "Group/IT", "site": "Lyon", "title": "Engineer", "employer": "Nord",
        "languages": ["fr", "en"], "url": "https://intranet.example/17",
        "skills": [{"skill": "tls", "label": "TLS and certificates", "origins": ["declared", "endorsed"], "confirmed": true, "offers": ["can_help"]}],
        "communities": [{"community": "security", "role": "member"}],
        "generation": 21, "as_of": "2026-03-02T09:00:00Z",
    });
    assert_eq!(card, expected);
    let french = server.send(
        "GET",
        "/v1/people/lea",
        &[&bearer(&server.platform), "Accept-Language: fr"],
        b"",
    );
    assert_eq!(french.json()["skills"][0]["label"], "TLS et certificats");
}

#[test]
fn each_audience_sees_its_skills() {
    let server = person();
    let lea = server.key("lea", &["search:read", "member"], Some("lea"));
    let animator = server.animator("animator", &["search:read", "animator"], &["security"]);
    let skills = |key: &str| -> Vec<String> {
        let card = server.get_as(key, "/v1/people/lea").json();
        let skills = card["skills"].as_array().unwrap().iter();
        skills
            .map(|skill| skill["skill"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(skills(&lea), ["hidden", "shy", "tls"]);
    assert_eq!(skills(&animator), ["shy", "tls"]);
    assert_eq!(skills(&server.platform), ["tls"]);
    let own = server.get_as(&lea, "/v1/people/lea").json();
    let communities: Vec<_> = own["communities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["community"].as_str().unwrap())
        .collect();
    assert_eq!(communities, ["board", "security"], "what is sensitive is on no card");
}

/// Keys that would tell what somebody does, when, or how much.
fn watching(value: &Value, found: &mut Vec<String>) {
    const WORDS: [&str; 12] = [
        "median", "minutes", "activity", "last", "load", "absence", "away", "capacity", "asks", "answers", "hours",
        "seen",
    ];
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                // The community's own figure is masked by the number of people behind it.
                if key != "first_answer_hours" && WORDS.iter().any(|word| key.contains(word)) {
                    found.push(key.clone());
                }
                watching(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| watching(item, found)),
        _ => {}
    }
}

#[test]
fn no_card_says_what_somebody_does_when_or_how_much() {
    let server = person();
    let lea = server.key("lea", &["search:read", "recommend:read", "member"], Some("lea"));
    let animator = server.animator(
        "animator",
        &["search:read", "recommend:read", "animator"],
        &["security"],
    );
    for key in [&lea, &animator, &server.platform] {
        for target in ["/v1/people/lea", "/v1/communities/security", "/v1/names/people?q=lea"] {
            let reply = server.get_as(key, target);
            assert_eq!(reply.status, 200, "{target}: {}", reply.text());
            let mut found = Vec::new();
            watching(&reply.json(), &mut found);
            assert!(found.is_empty(), "{target}: {found:?}");
        }
    }
    let mut found = Vec::new();
    watching(&json!({"skills": [{"params": {"median_minutes": 12}}]}), &mut found);
    assert_eq!(found, ["median_minutes"], "a plant is found");
}
