//! A page of questions in one call: the same answers as one by one.

use crate::client::{Server, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn furnished() -> Server {
    let server = Server::start();
    let mut lines = vec![
        event(1, "person.upserted", AT, &json!({"person": "ana", "name": "Ana"})),
        event(2, "person.upserted", AT, &json!({"person": "bo", "name": "Bo"})),
    ];
    for n in 3..9 {
        let title = format!("How do I rotate certificate {n}?");
        lines.push(event(
            n,
            "question.created",
            AT,
            &json!({"question": format!("q{n}"), "asker": "ana", "title": title}),
        ));
    }
    lines.push(event(
        20,
        "answer.created",
        AT,
        &json!({"answer": "a", "question": "q3", "author": "bo", "body": "so"}),
    ));
    server.told(&lines);
    server
}

#[test]
fn each_question_is_answered_in_its_place_as_if_alone() {
    let server = furnished();
    let ids = ["q5", "unheard-of", "q4", "q5"];
    let reply = server.post(
        "/v1/questions/experts",
        json!({"questions": ids, "limit": 2, "order": "waves"}).to_string(),
    );
    assert_eq!(reply.status, 200, "{}", reply.text());
    let page = reply.json();
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 4);
    for (item, id) in items.iter().zip(ids) {
        assert_eq!(item["question"], id);
        let alone = server.get(&format!("/v1/questions/{id}/experts?limit=2&order=waves"));
        if id == "unheard-of" {
            assert_eq!(
                (&item["problem"]["code"], &item["answer"]),
                (&json!("not_found"), &Value::Null)
            );
            assert_eq!(item["problem"]["detail"], alone.json()["detail"]);
        } else {
            assert_eq!(item["answer"], alone.json(), "{id}");
            assert_eq!(item["answer"]["items"][0]["subject"], "bo");
        }
    }
    assert_eq!((&page["next_cursor"], &page["generation"]), (&Value::Null, &json!(9)));
    let none = server.post("/v1/questions/experts", json!({"questions": []}).to_string());
    assert_eq!(none.json()["items"], json!([]));
}

#[test]
fn a_page_that_is_not_in_order_is_refused_key_by_key() {
    let server = furnished();
    let refuse = |body: Value, fields: &[&str]| {
        let problem = server
            .post("/v1/questions/experts", body.to_string())
            .problem(422, "bad_body");
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<_> = errors
            .iter()
            .map(|e| format!("{} {}", e["field"].as_str().unwrap(), e["code"].as_str().unwrap()))
            .collect();
        assert_eq!(named, fields, "{problem}");
    };
    refuse(json!({}), &["questions missing"]);
    refuse(json!({"questions": vec!["q"; 51]}), &["questions too_many"]);
    refuse(json!({"questions": ["q", 3]}), &["questions[1] wrong_type"]);
    refuse(json!({"questions": ["q"], "limit": 0}), &["limit out_of_range"]);
    refuse(json!({"questions": ["q"], "limit": 101}), &["limit out_of_range"]);
    refuse(
        json!({"questions": ["q"], "order": "best", "explain": true}),
        &["order bad_value", "explain unknown_key"],
    );
    assert_eq!(
        server
            .post(
                "/v1/questions/experts",
                json!({"questions": vec!["q3"; 50]}).to_string()
            )
            .status,
        200
    );
    server
        .post("/v1/questions/experts", "[]")
        .problem(400, "unreadable_body");
    server
        .post("/v1/questions/experts?limit=3", "{}")
        .problem(400, "unknown_parameter");
}
