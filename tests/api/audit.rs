//! The audit log over HTTP: every act with power over people's data has its row before it is answered, and no row holds a
//! person.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

fn rows(server: &Server, admin: &str, query: &str) -> Vec<Value> {
    let reply = server.get_as(admin, &format!("/v1/admin/audit{query}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["items"].as_array().unwrap().clone()
}

fn told(rows: &[Value]) -> Vec<(&str, &str, &str)> {
    let word = |row: &'_ Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    rows.iter()
        .map(|row| {
            let words = ["action", "by", "what"].map(|name| &*word(row, name).leak());
            (words[0], words[1], words[2])
        })
        .collect()
}

#[test]
fn keys_and_what_an_officer_binds_are_recorded_without_a_person() {
    let server = Server::start();
    let admin = server.key("admin", &["admin"], None);
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let send = |key: &str, method: &str, target: &str, body: String| {
        server.send(method, target, &[&bearer(key)], body.as_bytes())
    };
    let wish = json!({"name": "portal", "scopes": ["member", "search:read"], "person": "ana.ruiz"});
    assert_eq!(send(&admin, "POST", "/v1/admin/keys", wish.to_string()).status, 201);
    send(&admin, "POST", "/v1/admin/keys", wish.to_string()).problem(409, "name_taken");
    assert_eq!(
        send(&admin, "DELETE", "/v1/admin/keys/portal", String::new()).status,
        204
    );
    send(&admin, "DELETE", "/v1/admin/keys/unheard-of", String::new()).problem(404, "not_found");
    let objection = event(
        1,
        "preference.set",
        AT,
        &json!({"person": "ana.ruiz", "purpose": "search", "allowed": false}),
    );
    let back = event(2, "fact.retracted", AT, &json!({"source": "forum", "id": "1"}));
    for (line, accepted) in [(&objection, 1), (&objection, 0), (&back, 1)] {
        let sent = send(&officer, "POST", "/v1/events", line.clone());
        assert_eq!(sent.json()["accepted"], accepted, "{}", sent.text());
    }
    let all = rows(&server, &admin, "");
    let expected = [
        ("person.bound", "officer", "fact.retracted of preference.set"),
        ("person.bound", "officer", "preference.set"),
        ("key.revoked", "admin", "portal"),
        ("key.created", "admin", "portal: member,search:read"),
        ("key.created", "operator", "officer: dpo,events:write"),
        ("key.created", "operator", "admin: admin"),
        (
            "key.created",
            "operator",
            "platform: events:write,recommend:read,search:read",
        ),
    ];
    assert_eq!(told(&all), expected);
    assert!(!json!(all).to_string().contains("ana"), "a person is a mark");
    let about = rows(&server, &admin, "?person=ana.ruiz");
    assert_eq!(about, [0, 1, 3].map(|place: usize| all[place].clone()));
    assert_eq!(rows(&server, &admin, "?person=ana"), Vec::<Value>::new());
    assert_eq!(rows(&server, &admin, "?action=key.revoked").len(), 1);
    let check = server.service.check_audit(Some(7)).unwrap();
    assert_eq!((check.sound, check.broken), (7, None));
    assert_eq!(all[0]["hash"].as_str().unwrap().len(), 64);
}

#[test]
fn whatever_an_officer_reads_or_hands_out_is_recorded_before_it_is_answered() {
    let server = Server::start();
    server.told(&[event(
        1,
        "person.upserted",
        AT,
        &json!({"person": "ana", "name": "Ana Ruiz"}),
    )]);
    let admin = server.key("admin", &["admin"], None);
    let officer = server.key("officer", &["dpo"], None);
    let ana = server.key("ana", &["member"], Some("ana"));
    let reads = [
        ("preferences", "person.read"),
        ("skills", "person.read"),
        ("questions", "person.read"),
        ("export", "person.exported"),
    ];
    for (part, action) in reads {
        let before = rows(&server, &admin, "?person=ana").len();
        assert_eq!(server.get_as(&officer, &format!("/v1/people/ana/{part}")).status, 200);
        let about = rows(&server, &admin, "?person=ana");
        assert_eq!(
            (about.len(), about[0]["action"].as_str()),
            (before + 1, Some(action)),
            "{part}"
        );
        assert_eq!((&about[0]["by"], &about[0]["via"]), (&json!("officer"), &json!("key")));
        server
            .get_as(&officer, &format!("/v1/people/unheard-of/{part}"))
            .problem(404, "not_found");
    }
    // Looking at one's own page is nobody's business; handing everything out is recorded whoever asks.
    let before = rows(&server, &admin, "?person=ana").len();
    for part in ["preferences", "skills", "questions", "load"] {
        assert_eq!(server.get_as(&ana, &format!("/v1/me/{part}")).status, 200);
    }
    assert_eq!(rows(&server, &admin, "?person=ana").len(), before);
    assert_eq!(server.get_as(&ana, "/v1/me/export").status, 200);
    let about = rows(&server, &admin, "?person=ana");
    assert_eq!(
        (&about[0]["action"], &about[0]["as"]),
        (&json!("person.exported"), &about[0]["about"])
    );
}

#[test]
fn what_a_person_says_of_themself_is_nobody_elses_business() {
    let server = Server::start();
    let admin = server.key("admin", &["admin"], None);
    let ana = server.key("ana", &["member", "events:write"], Some("ana"));
    let objection = event(
        1,
        "preference.set",
        AT,
        &json!({"person": "ana", "purpose": "search", "allowed": false}),
    );
    let sent = server.send("POST", "/v1/events", &[&bearer(&ana)], objection.as_bytes());
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    assert_eq!(rows(&server, &admin, "?action=person.bound"), Vec::<Value>::new());
}

#[test]
fn answers_without_spreading_are_recorded_once_an_hour() {
    let server = Server::start();
    let admin = server.key("admin", &["admin", "recommend:read"], None);
    server.told(&[event(
        1,
        "question.created",
        AT,
        &json!({"question": "q", "asker": "ana", "title": "How?"}),
    )]);
    let recorded = || rows(&server, &admin, "?action=order.score").len();
    let ask = || assert_eq!(server.get_as(&admin, "/v1/questions/q/experts?order=score").status, 200);
    server
        .get("/v1/questions/q/experts?order=score")
        .problem(403, "scope_missing");
    assert_eq!(recorded(), 0);
    ask();
    ask();
    assert_eq!(recorded(), 1);
    server.pass(60);
    ask();
    let page = json!({"questions": ["q"], "order": "score"}).to_string();
    let paged = server.send("POST", "/v1/questions/experts", &[&bearer(&admin)], page.as_bytes());
    assert_eq!((paged.status, recorded()), (200, 2));
}

#[test]
fn the_log_is_read_in_parts_that_stay_as_they_are() {
    let server = Server::start();
    let admin = server.key("admin", &["admin"], None);
    for n in 0..5 {
        server.key(&format!("k{n}"), &["admin"], None);
    }
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = server.get_as(&admin, &format!("/v1/admin/audit?limit=2{cursor}"));
        let page = reply.json();
        numbers.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["number"].as_u64().unwrap()),
        );
        server.key(&format!("later{}", numbers.len()), &["admin"], None);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    for query in ["cursor=zz", "cursor=00", "action=person.praised"] {
        server
            .get_as(&admin, &format!("/v1/admin/audit?{query}"))
            .problem(400, "bad_parameter");
    }
    server.get("/v1/admin/audit").problem(403, "scope_missing");
}
