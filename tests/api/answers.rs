//! Experts, drafts and the list of questions: their shapes, and what is refused.

use crate::client::{Server, bearer, encoded, event};
use serde_json::{Value, json};

/// A small organisation: Bo and Cy answer about certificates, Ana asks; Dan answered too, and left.
#[expect(clippy::too_many_lines, reason = "a small world reads best in one piece")]
fn organisation() -> Server {
    let server = Server::start();
    let mut lines = Vec::new();
    let mut tell = |kind: &str, at: &str, data: Value| {
        let number = lines.len() as u32;
        lines.push(event(number, kind, at, &data));
    };
    for (person, name) in [("ana", "Ana Ruiz"), ("bo", "Bo Lind"), ("cy", "Cy Adler")] {
        tell(
            "person.upserted",
            "2025-01-01T08:00:00Z",
            json!({"person": person, "name": name}),
        );
    }
    for number in 1..=6 {
        let (question, day) = (format!("old/{number}"), format!("2026-01-{number:02}"));
        tell(
            "question.created",
            &format!("{day}T08:00:00Z"),
            json!({
                "question": question, "asker": "ana", "title": format!("Signing certificate {number} expired, how to rotate it?"),
                "tags": ["certificates"], "url": format!("https://forum.example/t/{number}"),
            }),
        );
        let author = if number % 3 == 0 { "cy" } else { "bo" };
        tell(
            "answer.created",
            &format!("{day}T09:00:00Z"),
            json!({
                "answer": format!("a{number}"), "question": question, "author": author, "body": "Run the rotation.",
            }),
        );
    }
    tell(
        "answer.created",
        "2026-01-02T10:00:00Z",
        json!({"answer": "b2", "question": "old/2", "author": "dan", "body": "Ask Bo."}),
    );
    tell("person.left", "2026-01-20T09:00:00Z", json!({"person": "dan"}));
    tell("answer.accepted", "2026-01-10T09:00:00Z", json!({"answer": "a4"}));
    tell(
        "question.created",
        "2026-02-20T08:00:00Z",
        json!({
            "question": "open 1", "asker": "ana", "title": "How do I rotate the signing certificate?", "tags": ["certificates"],
        }),
    );
    tell(
        "question.created",
        "2026-03-01T21:00:00Z",
        json!({
            "question": "open 2", "asker": "ana", "title": "Where is the printer?", "anonymous": true,
        }),
    );
    server.told(&lines);
    server
}

#[test]
fn an_answer_names_people_with_reasons_that_sum_to_the_score() {
    let server = organisation();
    let reply = server.get("/v1/questions/open%201/experts");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
    assert_eq!(reply.header("vary"), Some("Authorization, Accept, Accept-Language"));
    assert_eq!(reply.header("content-language"), Some("en"));
    assert!(reply.header("server-timing").unwrap().starts_with("app;dur="));
    let answer = reply.json();
    assert_eq!(answer["as_of"], "2026-03-02T09:00:00Z", "floored to the minute");
    assert!(answer["recommendation"].as_str().unwrap().starts_with("rec_"));
    assert_eq!(
        (&answer["next_cursor"], &answer["generation"]),
        (&Value::Null, &json!(20))
    );
    assert_eq!(answer["excluded"]["left"], "some", "{answer}");
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{answer}");
    assert_eq!(
        (&items[0]["subject"], &items[0]["name"]),
        (&json!("bo"), &json!("Bo Lind"))
    );
    for pick in items {
        let reasons = pick["reasons"].as_array().unwrap();
        let sum: f64 = reasons
            .iter()
            .map(|reason| reason["contribution"].as_f64().unwrap())
            .sum();
        assert!((sum - pick["score"].as_f64().unwrap()).abs() < 1e-9, "{pick}");
        assert!(
            !reasons.is_empty() && pick["invitation"].as_str().unwrap().contains("certificate"),
            "{pick}"
        );
        for key in ["rank", "base_rank", "wave", "confidence"] {
            assert!(!pick[key].is_null(), "{key}: {pick}");
        }
    }
    let fact = items[0]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|reason| reason["facts"].get(0))
        .unwrap();
    assert!(
        fact["kind"].is_string() && fact["id"].is_string() && fact["at"].as_str().unwrap().ends_with('Z'),
        "{fact}"
    );
}

#[test]
fn the_same_question_is_answered_with_the_same_bytes_and_in_the_readers_language() {
    let server = organisation();
    let ask = |language: &str| {
        let headers = [bearer(&server.platform), format!("Accept-Language: {language}")];
        server.send(
            "GET",
            "/v1/questions/open%201/experts?limit=1&order=waves",
            &[&headers[0], &headers[1]],
            b"",
        )
    };
    assert_eq!(ask("en").body, ask("en;q=0.9, de").body);
    let french = ask("fr-CA, en;q=0.5");
    assert_eq!(french.header("content-language"), Some("fr"));
    assert_ne!(
        french.json()["items"][0]["invitation"],
        ask("en").json()["items"][0]["invitation"]
    );
    assert_eq!(french.json()["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_parameter_that_is_wrong_is_named() {
    let server = organisation();
    let refuse = |query: &str, code: &str, name: &str| {
        for path in ["/v1/questions/open%201/experts", "/v1/questions"] {
            let problem = server.get(&format!("{path}?{query}")).problem(400, code);
            assert_eq!(problem["errors"][0]["field"], name, "{problem}");
        }
    };
    for limit in ["0", "101", "1000000000", "-1", "abc", "", "%FF"] {
        refuse(&format!("limit={limit}"), "out_of_range", "limit");
    }
    refuse("Limit=3", "unknown_parameter", "Limit");
    refuse("limit=3&explain=1", "unknown_parameter", "explain");
    refuse("limit=3&limit=4", "bad_parameter", "limit");
    let of_one = |target: &str, code: &str| {
        server.get(target).problem(400, code)["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(of_one("/v1/questions/open%201/experts?order=best", "bad_parameter").contains("waves, score"));
    assert!(of_one("/v1/questions?status=lost", "bad_parameter").contains("unanswered, answered, closed, all"));
    assert!(of_one("/v1/questions?older_than=3w", "bad_parameter").contains("3d, 12h, 45m"));
    of_one("/v1/questions?older_than=99999999999999999999d", "out_of_range");
    for cursor in ["", "00", "%00", &"0".repeat(32), &"f".repeat(1500)] {
        of_one(&format!("/v1/questions?cursor={cursor}"), "bad_parameter");
    }
    of_one("/v1/questions?cursor=x", "bad_parameter");
    server.post("/v1/events?dry=1", "{}").problem(400, "unknown_parameter");
    server.post("/v1/experts?limit=0", "{}").problem(400, "out_of_range");
}

#[test]
fn unknown_routes_methods_and_ids_are_told_apart() {
    let server = organisation();
    server.get("/v1/person").problem(404, "not_found");
    server.get("/v1/questions/open%201/experts/").problem(404, "not_found");
    server.send("GET", "/index.html", &[], b"").problem(404, "not_found");
    let wrong = server.send("DELETE", "/v1/events", &[&bearer(&server.platform)], b"");
    wrong.problem(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), Some("POST"));
    let wrong = server.send("POST", "/v1/questions", &[], b"");
    wrong.problem(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), Some("GET,HEAD"));
    for id in [
        "unknown",
        "%00",
        "%E2%80%8B",
        &"x".repeat(300),
        &encoded(&"é".repeat(200)),
    ] {
        server
            .get(&format!("/v1/questions/{id}/experts"))
            .problem(404, "not_found");
    }
    server.get("/v1/questions/%FF%FE/experts").problem(400, "bad_parameter");
    server.get("/v1/questions?community=unknown").problem(404, "not_found");
}

#[test]
fn a_draft_is_understood_and_what_is_known_already_is_told() {
    let server = organisation();
    let draft = json!({
        "title": "Signing certificate expired", "body": "<p>How do I <b>rotate</b> it?</p>", "body_format": "html",
        "tags": ["Certificates"], "asker": "ana", "language": "en",
    });
    let reply = server.post("/v1/experts?limit=5", draft.to_string());
    assert_eq!(reply.status, 200, "{}", reply.text());
    let answer = reply.json();
    assert_eq!(answer["items"][0]["subject"], "bo", "{answer}");
    assert_eq!(
        answer["understood_as"],
        json!({"tags": ["certificates"], "skills": [], "language": "en"})
    );
    let known = answer["already_answered"].as_array().unwrap();
    assert!((1..=3).contains(&known.len()), "{answer}");
    assert!(known[0]["question"].as_str().unwrap().starts_with("old/") && known[0]["url"].is_string());
    for key in [
        "recommendation",
        "model",
        "generation",
        "as_of",
        "excluded",
        "next_cursor",
    ] {
        assert!(answer.get(key).is_some(), "{key}");
    }
    assert_eq!(
        server.get("/v1/questions?status=all").json()["items"]
            .as_array()
            .unwrap()
            .len(),
        8,
        "nothing is kept"
    );
}

#[test]
fn a_draft_that_is_not_in_order_is_refused_key_by_key() {
    let server = organisation();
    let refuse = |draft: Value, fields: &[&str]| {
        let problem = server.post("/v1/experts", draft.to_string()).problem(422, "bad_body");
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{problem}");
    };
    refuse(json!({}), &["title"]);
    refuse(json!({"title": "t", "titel": "u"}), &["titel"]);
    refuse(json!({"title": 3, "tags": "x"}), &["title", "tags"]);
    refuse(json!({"title": "t".repeat(501)}), &["title"]);
    refuse(json!({"title": "t", "body": "b".repeat(20_001)}), &["body"]);
    refuse(json!({"title": "t", "tags": vec!["x"; 51]}), &["tags"]);
    refuse(json!({"title": "t", "body_format": "rtf"}), &["body_format"]);
    refuse(json!({"title": "t", "language": "french please"}), &["language"]);
    for body in ["", "{", "[]", "title=t"] {
        server.post("/v1/experts", body).problem(400, "unreadable_body");
    }
    server
        .post("/v1/experts", [b"{\"title\":\"\xff\"}".as_slice()].concat())
        .problem(400, "unreadable_body");
    server
        .post("/v1/experts", "[".repeat(100_000))
        .problem(400, "unreadable_body");
    server
        .post("/v1/experts", json!({"title": "t", "asker": "unknown"}).to_string())
        .problem(404, "not_found");
    let length = format!("Content-Length: {}", (1 << 20) + 1);
    let headers = [&*bearer(&server.platform), &length, "Expect: 100-continue"];
    server
        .send("POST", "/v1/experts", &headers, b"")
        .problem(413, "too_large");
}

#[test]
fn the_list_shows_what_waits_and_reads_on_where_it_stopped() {
    let server = organisation();
    let ids = |reply: &Value| -> Vec<String> {
        let items = reply["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["question"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = |query: &str| server.get(&format!("/v1/questions?{query}")).json();
    let waiting = list("");
    assert_eq!(ids(&waiting), ["open 1", "open 2"]);
    assert_eq!(
        (&waiting["items"][0]["asker"], waiting["items"][1].get("asker")),
        (&json!("ana"), None)
    );
    assert_eq!(waiting["items"][0]["at"], "2026-02-20T08:00:00Z");
    assert_eq!(ids(&list("older_than=3d")), ["open 1"]);
    assert_eq!(ids(&list("older_than=12h")), ["open 1", "open 2"]);
    assert_eq!(ids(&list("older_than=721m")), ["open 1"]);
    assert_eq!(list("status=answered")["items"].as_array().unwrap().len(), 6);
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let part = list(&format!("status=all&limit=3{cursor}"));
        walked.extend(ids(&part));
        // What comes in meanwhile moves nothing that is still to come.
        let number = 100 + walked.len() as u32;
        server.told(&[event(
            number,
            "question.created",
            "2026-01-01T00:00:00Z",
            &json!({
                "question": format!("meanwhile {number}"), "asker": "bo", "title": "Something else",
            }),
        )]);
        match part["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = ["old/1", "old/2", "old/3", "old/4", "old/5", "old/6", "open 1", "open 2"];
    assert_eq!(walked, expected);
}

/// Nine people who answered alike, and a question like theirs.
fn nine() -> Server {
    let server = Server::start();
    let at = |n: usize| format!("2026-01-{:02}T08:00:00Z", n + 1);
    let mut lines = Vec::new();
    let mut tell = |kind: &str, at: &str, data: Value| lines.push(event(lines.len() as u32, kind, at, &data));
    for n in 0..9 {
        let question =
            json!({"question": format!("old{n}"), "asker": "ana", "title": "How do I rotate the certificate?"});
        tell("question.created", &at(n), question);
        let answer = json!({"answer": format!("a{n}"), "question": format!("old{n}"), "author": format!("p{n}")});
        tell("answer.created", &at(n + 1), answer);
    }
    let open = json!({"question": "open", "asker": "ana", "title": "How do I rotate a certificate?"});
    tell("question.created", &at(20), open);
    server.told(&lines);
    server
}

/// Whom an answer names, in order.
fn subjects(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|pick| pick["subject"].as_str().unwrap().to_owned()).collect()
}

/// Whom the parts of the list name; `between` happens between two.
fn in_parts(server: &Server, between: &dyn Fn(u32)) -> Vec<String> {
    let (mut named, mut ranks, mut cursor) = (Vec::new(), Vec::new(), String::new());
    for n in 0.. {
        let part = server
            .get(&format!("/v1/questions/open/experts?limit=4{cursor}"))
            .json();
        named.extend(subjects(&part));
        let items = part["items"].as_array().unwrap().iter();
        ranks.extend(items.map(|pick| pick["rank"].as_u64().unwrap()));
        match part["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
        between(n);
    }
    assert_eq!(ranks, (1..=9).collect::<Vec<_>>(), "ranks count on");
    named
}

#[test]
fn a_list_of_people_is_read_on_without_naming_or_passing_over_anybody() {
    let server = nine();
    let whole = server.get("/v1/questions/open/experts?limit=100").json();
    assert_eq!((subjects(&whole).len(), &whole["next_cursor"]), (9, &Value::Null));
    assert_eq!(in_parts(&server, &|_| ()), subjects(&whole), "the same, part by part");
    // Meanwhile the last becomes the first, and time passes.
    let last = subjects(&whole)[8].clone();
    let mut moved = in_parts(&server, &|n| {
        let answers = (0..6).map(|k| {
            let data = json!({"answer": format!("late{n}{k}"), "question": format!("old{k}"), "author": last});
            event(100 + n * 10 + k, "answer.created", "2026-02-25T08:00:00Z", &data)
        });
        server.told(&answers.collect::<Vec<_>>());
        server.pass(2);
    });
    let mut everybody = subjects(&whole);
    moved.sort_unstable();
    everybody.sort_unstable();
    assert_eq!(moved, everybody);
    for cursor in ["", "0", "zz", "000000"] {
        server
            .get(&format!("/v1/questions/open/experts?cursor={cursor}"))
            .problem(400, "bad_parameter");
    }
}

#[test]
fn the_people_of_a_draft_are_read_on_too() {
    let server = nine();
    let draft = json!({"title": "How do I rotate a certificate?"}).to_string();
    let first = server.post("/v1/experts?limit=5", &draft).json();
    let next = first["next_cursor"].as_str().unwrap();
    let rest = server
        .post(&format!("/v1/experts?limit=5&cursor={next}"), &draft)
        .json();
    assert_eq!((subjects(&first).len(), subjects(&rest).len()), (5, 4));
    assert!(
        subjects(&first)
            .iter()
            .all(|subject| !subjects(&rest).contains(subject))
    );
    assert_ne!(first["recommendation"], rest["recommendation"]);
}
