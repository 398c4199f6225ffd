//! Waves over HTTP: who is turned to first, when to the next, and who may ask for anything else.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const OPEN: &str = "/v1/questions/open/experts";

/// Six people who answered about pumps and one question that waits: Ana, of the works, asks it.
fn organisation() -> Server {
    let server = Server::start();
    let mut lines = Vec::new();
    let mut tell = |kind: &str, at: &str, data: Value| {
        let number = lines.len() as u32;
        lines.push(event(number, kind, at, &data));
    };
    for (person, unit) in [
        ("ana", "works"),
        ("bo", "works/night"),
        ("cy", "lab"),
        ("di", "lab"),
        ("eli", "lab"),
        ("fay", "lab"),
    ] {
        tell(
            "person.upserted",
            "2025-01-01T08:00:00Z",
            json!({"person": person, "unit": unit}),
        );
    }
    for (n, author) in ["bo", "cy", "di", "eli", "fay", "bo"].into_iter().enumerate() {
        let (question, day) = (format!("old{n}"), n + 1);
        let title = format!("The pump rumbles, number {n}");
        tell(
            "question.created",
            &format!("2026-02-0{day}T08:00:00Z"),
            json!({"question": question, "asker": "ana", "title": title, "tags": ["pumps"]}),
        );
        tell(
            "answer.created",
            &format!("2026-02-0{day}T09:00:00Z"),
            json!({"answer": format!("a{n}"), "question": question, "author": author}),
        );
    }
    tell(
        "question.created",
        "2026-03-02T08:00:00Z",
        json!({"question": "open", "asker": "ana", "title": "Why does the pump rumble?", "tags": ["pumps"]}),
    );
    server.told(&lines);
    server
}

fn subjects(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|pick| pick["subject"].as_str().unwrap()).collect()
}

fn waves(answer: &Value) -> Vec<u64> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|pick| pick["wave"].as_u64().unwrap()).collect()
}

#[test]
fn waves_are_of_three_and_the_next_is_due_at_a_fixed_hour() {
    let server = organisation();
    let answer = server.get(&format!("{OPEN}?limit=9")).json();
    assert_eq!(waves(&answer), [1, 1, 1, 2, 2], "{answer}");
    assert_eq!(
        answer["next_wave_at"], "2026-03-03T08:00:00Z",
        "a day after it was asked"
    );
    server.pass(95);
    assert_eq!(
        server.get(OPEN).json()["next_wave_at"],
        "2026-03-03T08:00:00Z",
        "whatever the clock says"
    );
    let first: Vec<String> = subjects(&answer)[..3].iter().map(|&id| id.to_owned()).collect();
    let lines = first.iter().zip(500..).map(|(person, number)| {
        let ask = json!({"ask": format!("ask {person}"), "question": "open", "person": person});
        event(number, "ask.sent", "2026-03-02T10:00:00Z", &ask)
    });
    server.told(&lines.collect::<Vec<_>>());
    let next = server.get(&format!("{OPEN}?limit=9")).json();
    assert_eq!(waves(&next), [2, 2], "{next}");
    assert!(
        subjects(&next)
            .iter()
            .all(|person| !first.contains(&(*person).to_owned()))
    );
    assert_eq!(
        next["next_wave_at"], "2026-03-03T10:00:00Z",
        "a day after the last was sent"
    );
    assert_eq!(next["excluded"]["asked_already"], "some");
    let declined = event(
        600,
        "ask.declined",
        "2026-03-02T10:20:00Z",
        &json!({"ask": format!("ask {}", first[0])}),
    );
    server.told(&[declined]);
    assert_eq!(server.get(OPEN).json()["excluded"]["declined"], "some");
}

#[test]
fn relevance_alone_is_for_administrators() {
    let server = organisation();
    let by_score = format!("{OPEN}?order=score");
    let problem = server.get(&by_score).problem(403, "scope_missing");
    assert!(problem["detail"].as_str().unwrap().contains("`admin`"), "{problem}");
    server
        .get("/v1/questions/unknown/experts?order=score")
        .problem(403, "scope_missing");
    let page = json!({"questions": ["open"], "order": "score"}).to_string();
    server.post("/v1/questions/experts", page).problem(403, "scope_missing");
    server
        .post("/v1/experts?order=score", r#"{"title":"Pumps"}"#)
        .problem(403, "scope_missing");
    let admin = server.key("both", &["recommend:read", "admin"], None);
    let answer = server.send("GET", &by_score, &[&bearer(&admin)], b"").json();
    for (place, pick) in answer["items"].as_array().unwrap().iter().enumerate() {
        assert_eq!(
            (&pick["rank"], &pick["base_rank"]),
            (&json!(place + 1), &json!(place + 1))
        );
        assert!(pick.get("moved_by").is_none(), "{pick}");
    }
}

#[test]
fn somebody_who_is_asked_much_is_turned_to_later_and_it_says_so() {
    let server = organisation();
    let before = server.get(OPEN).json();
    let busy = subjects(&before)[0].to_owned();
    let lines = (700..703).map(|number| {
        let ask = json!({"ask": format!("old {number}"), "question": "old5", "person": busy});
        event(number, "ask.sent", "2026-03-02T07:00:00Z", &ask)
    });
    server.told(&lines.collect::<Vec<_>>());
    let after = server.get(&format!("{OPEN}?limit=9")).json();
    let pick = after["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|pick| pick["subject"] == *busy)
        .unwrap();
    assert_eq!(
        (&pick["wave"], &pick["base_rank"], &pick["moved_by"]),
        (&json!(2), &json!(1), &json!("load")),
        "{after}"
    );
}

#[test]
fn a_group_and_people_from_outside_can_be_wanted() {
    let server = organisation();
    let group = server.get(&format!("{OPEN}?as=group&limit=50")).json();
    let members = subjects(&group);
    assert!((1..=3).contains(&members.len()), "{group}");
    assert!(waves(&group).iter().all(|&wave| wave == 1), "{group}");
    let outside = server.get(&format!("{OPEN}?outside=unit&limit=50")).json();
    assert!(
        !subjects(&outside).contains(&"bo") && subjects(&outside).contains(&"cy"),
        "{outside}"
    );
    assert_eq!(outside["excluded"]["same_unit"], "some");
    assert!(subjects(&server.get(&format!("{OPEN}?limit=50")).json()).contains(&"bo"));
    for (query, name) in [
        ("as=crowd", "as"),
        ("outside=site", "outside"),
        ("as=group&order=waves", "order"),
    ] {
        let problem = server.get(&format!("{OPEN}?{query}")).problem(400, "bad_parameter");
        assert_eq!(problem["errors"][0]["field"], name, "{problem}");
    }
}
