//! What is told to those who may not: as little as if nothing were there.

use crate::client::{Server, event};
use serde_json::json;

const AT: &str = "2026-02-01T08:00:00Z";

#[test]
fn a_revoked_key_opens_nothing_from_the_next_request_on() {
    let server = Server::start();
    assert_eq!(server.get("/v1/questions").status, 200);
    assert!(server.service.revoke_key("platform", None).unwrap());
    server.get("/v1/questions").problem(401, "unauthenticated");
}

#[test]
fn what_one_may_not_see_is_as_if_it_were_not_there() {
    let server = Server::start();
    server.told(&[
        event(
            1,
            "community.upserted",
            AT,
            &json!({"community": "board", "kind": "team", "access": "private"}),
        ),
        event(2, "person.upserted", AT, &json!({"person": "in", "name": "Inès"})),
        event(3, "person.upserted", AT, &json!({"person": "out", "name": "Otto"})),
        event(
            4,
            "membership.added",
            AT,
            &json!({"person": "in", "community": "board", "role": "member"}),
        ),
        event(
            5,
            "question.created",
            AT,
            &json!({"question": "secret", "asker": "in", "title": "The merger", "community": "board"}),
        ),
    ]);
    let inside = server.key("inside", &["recommend:read", "member"], Some("in"));
    let outside = server.key("outside", &["recommend:read", "member"], Some("out"));
    assert_eq!(server.get_as(&inside, "/v1/questions/secret/experts").status, 200);
    let hidden = server.get_as(&outside, "/v1/questions/secret/experts");
    let unknown = server.get_as(&outside, "/v1/questions/unheard-of/experts");
    hidden.problem(404, "not_found");
    assert_eq!(hidden.body, unknown.body);
    let names = |reply: &crate::client::Reply| {
        let skipped = ["server-timing", "date"];
        let kept = reply
            .headers
            .iter()
            .filter(|(name, _)| !skipped.contains(&name.as_str()));
        kept.cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&hidden), names(&unknown));
    let listed = |key: &str| {
        server.get_as(key, "/v1/questions").json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((listed(&inside), listed(&outside)), (1, 0));
}

#[test]
fn the_service_tells_the_open_world_that_it_lives_and_no_more() {
    let server = Server::start();
    for path in ["/livez", "/readyz"] {
        let reply = server.send("GET", path, &[], b"");
        assert_eq!((reply.status, reply.json()), (200, json!({"status": "ok"})));
        server
            .send("GET", &format!("{path}?x=1"), &[], b"")
            .problem(400, "unknown_parameter");
    }
}
