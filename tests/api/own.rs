//! The person's own hand: what they allow holds at once, and what is held about them is handed to them.

use crate::client::{Reply, Server, bearer, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Bo answered about certificates; Ana asks about them again, and Cy animates with Bo.
fn furnished() -> Server {
    let server = Server::start();
    let facts = [
        ("person.upserted", json!({"person": "ana", "name": "Ana Ruiz"})),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"})),
        ("person.upserted", json!({"person": "cy", "name": "Cy Maro"})),
        (
            "community.upserted",
            json!({"community": "security", "name": "Security", "kind": "practice", "access": "open"}),
        ),
        (
            "membership.added",
            json!({"person": "bo", "community": "security", "role": "animator"}),
        ),
        (
            "question.created",
            json!({"question": "old", "asker": "ana", "title": "How do I rotate the certificate?", "tags": ["tls"]}),
        ),
        (
            "answer.created",
            json!({"answer": "a1", "question": "old", "author": "bo", "body": "Run the rotation."}),
        ),
        (
            "question.created",
            json!({"question": "open", "asker": "ana", "title": "How do I rotate the certificate again?", "tags": ["tls"]}),
        ),
        (
            "vote.added",
            json!({"target": {"answer": "a1"}, "voter": "cy", "value": 1}),
        ),
    ];
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

fn put(server: &Server, key: &str, target: &str, body: &Value) -> Reply {
    server.send("PUT", target, &[&bearer(key)], body.to_string().as_bytes())
}

fn named(server: &Server) -> bool {
    let answer = server.get("/v1/questions/open/experts").json();
    let items = answer["items"].as_array().unwrap();
    items.iter().any(|item| item["subject"] == "bo")
}

fn allowed(wishes: &Value, purpose: &str) -> Value {
    let all = wishes["preferences"].as_array().unwrap();
    let found = all.iter().find(|wish| wish["purpose"] == purpose).unwrap();
    found["allowed"].clone()
}

#[test]
fn what_a_person_refuses_holds_once_it_is_answered() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    assert!(named(&server));
    for (body, there) in [
        (json!({"purpose": "experts", "allowed": false}), false),
        (json!({"purpose": "experts", "allowed": true}), true),
        (
            json!({"purpose": "all", "allowed": false, "until": "2026-03-05"}),
            false,
        ),
        (json!({"purpose": "experts", "allowed": true}), true),
        (json!({"purpose": "all", "allowed": false}), false),
        (json!({"purpose": "thanks", "allowed": true}), false),
    ] {
        // The clock stands still: each word is newer than the one before all the same.
        let reply = put(&server, &bo, "/v1/me/preferences", &body);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(named(&server), there, "{body}");
        assert_eq!(allowed(&reply.json(), "experts"), there, "{}", reply.text());
        let read = server.get_as(&bo, "/v1/me/preferences").json();
        assert_eq!(read["preferences"], reply.json()["preferences"]);
    }
    let before = server.service.snapshot().generation;
    let again = json!({"purpose": "thanks", "allowed": true});
    assert_eq!(put(&server, &bo, "/v1/me/preferences", &again).status, 200);
    assert_eq!(server.service.snapshot().generation, before, "said already");
}

#[test]
fn a_refusal_is_newer_than_what_a_source_with_a_fast_clock_said() {
    let server = furnished();
    let hr = server.bound_key("hr", &["events:write", "dpo"], None, &["forum"]);
    let ahead = event(
        90,
        "preference.set",
        "2026-03-02T09:04:30Z",
        &json!({"person": "bo", "purpose": "experts", "allowed": true}),
    );
    let reply = server.send("POST", "/v1/events", &[&bearer(&hr)], ahead.as_bytes());
    assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
    let bo = server.key("bo", &["member"], Some("bo"));
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "experts", "allowed": false}),
    );
    assert!(!named(&server));
}

#[test]
fn a_limit_and_an_absence_are_newer_than_what_a_source_with_a_fast_clock_said() {
    let server = furnished();
    let hr = server.bound_key("hr", &["events:write", "dpo"], None, &["forum"]);
    let at = "2026-03-02T09:04:30Z";
    let ahead = [
        event(90, "capacity.set", at, &json!({"person": "bo", "asks_per_week": 9})),
        event(
            91,
            "absence.set",
            at,
            &json!({"person": "bo", "from": "2026-03-01", "until": "2026-03-20"}),
        ),
    ];
    let reply = server.send("POST", "/v1/events", &[&bearer(&hr)], ahead.join("\n").as_bytes());
    assert_eq!(reply.json()["accepted"], 2, "{}", reply.text());
    let bo = server.key("bo", &["member"], Some("bo"));
    let limits = put(&server, &bo, "/v1/me/capacity", &json!({"asks_per_week": 0}));
    assert_eq!(limits.json()["capacity"]["asks_per_week"], 0, "{}", limits.text());
    let back = json!({"from": "2026-03-01", "until": "2026-03-20", "away": false});
    let left = put(&server, &bo, "/v1/me/absences", &back);
    assert_eq!(left.json()["absences"], json!([]), "{}", left.text());
}

#[test]
fn limits_and_absences_are_set_and_taken_back() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let limits = put(
        &server,
        &bo,
        "/v1/me/capacity",
        &json!({"asks_per_week": 0, "animation_hours_per_week": 1.5}),
    );
    assert_eq!(
        limits.json()["capacity"],
        json!({"asks_per_week": 0, "animation_hours_per_week": 1.5})
    );
    assert!(!named(&server), "nobody asks whom nobody may ask");
    let limits = put(
        &server,
        &bo,
        "/v1/me/capacity",
        &json!({"animation_hours_per_week": null}),
    );
    assert_eq!(limits.json()["capacity"], json!({}));
    assert!(named(&server));
    let away = json!({"from": "2026-03-01", "until": "2026-03-09"});
    let reply = put(&server, &bo, "/v1/me/absences", &away);
    assert_eq!(reply.json()["absences"], json!([away]), "{}", reply.text());
    assert!(!named(&server));
    let back = json!({"from": "2026-03-02", "until": "2026-03-09", "away": false});
    let reply = put(&server, &bo, "/v1/me/absences", &back);
    assert_eq!(
        reply.json()["absences"],
        json!([{"from": "2026-03-01", "until": "2026-03-01"}])
    );
    assert!(named(&server));
    put(
        &server,
        &bo,
        "/v1/me/absences",
        &json!({"from": "2026-03-01", "until": "2029-03-01"}),
    )
    .problem(422, "bad_body");
}

#[test]
fn nobody_speaks_for_somebody_else() {
    let server = furnished();
    let refuse = json!({"purpose": "experts", "allowed": false});
    let member = server.key("ana", &["member"], Some("ana"));
    put(&server, &member, "/v1/people/bo/preferences", &refuse).problem(403, "scope_missing");
    put(&server, &server.platform, "/v1/me/preferences", &refuse).problem(403, "scope_missing");
    let unbound = server.key("nobody", &["member"], None);
    put(&server, &unbound, "/v1/me/preferences", &refuse).problem(404, "not_found");
    server.get_as(&member, "/v1/people/bo/export").problem(404, "not_found");
    let unheard = server.get_as(&member, "/v1/people/unheard-of/export");
    assert_eq!(unheard.body, server.get_as(&member, "/v1/people/bo/export").body);
    let officer = server.key("officer", &["dpo"], None);
    put(&server, &officer, "/v1/people/unheard-of/preferences", &refuse).problem(404, "not_found");
    assert!(named(&server));
    assert_eq!(put(&server, &officer, "/v1/people/bo/preferences", &refuse).status, 200);
    assert!(!named(&server));
    // One's own word is taken before anybody else says who one is.
    let new = server.key("new", &["member"], Some("new"));
    assert_eq!(put(&server, &new, "/v1/me/preferences", &refuse).status, 200);
    assert_eq!(server.get_as(&new, "/v1/me/preferences").json()["person"], "new");
}

#[test]
fn questions_come_to_whoever_looks_and_say_why() {
    let server = furnished();
    let [ana, bo, cy] = ["ana", "bo", "cy"].map(|person| server.key(person, &["member"], Some(person)));
    let reply = server.send("GET", "/v1/me/questions", &[&bearer(&bo), "Accept-Language: fr"], b"");
    let answer = reply.json();
    assert_eq!(answer["items"].as_array().unwrap().len(), 1, "{answer}");
    let item = &answer["items"][0];
    assert_eq!((&item["question"], &item["answers"]), (&json!("open"), &json!(0)));
    let text = item["reasons"][0]["text"].as_str().unwrap();
    assert!(text.contains("vous"), "{text}");
    for (key, why) in [(&ana, "her own"), (&cy, "nothing speaks for it")] {
        let none = server.get_as(key, "/v1/me/questions").json();
        assert_eq!(none["items"], json!([]), "{why}");
    }
    // Whoever does not want to be asked may still look; who said no is not shown it again.
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "all", "allowed": false}),
    );
    let looks = || {
        server.get_as(&bo, "/v1/me/questions").json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(looks(), 1);
    server.told(&[
        event(
            80,
            "ask.sent",
            AT,
            &json!({"ask": "i1", "question": "open", "person": "bo"}),
        ),
        event(81, "ask.declined", AT, &json!({"ask": "i1", "reason": "not_my_skill"})),
    ]);
    assert_eq!(looks(), 0);
    let officer = server.key("officer", &["dpo"], None);
    let theirs = server.get_as(&officer, "/v1/people/bo/questions");
    assert_eq!(theirs.json()["items"], json!([]));
    server
        .get_as(&bo, "/v1/me/questions?limit=0")
        .problem(400, "out_of_range");
}

#[test]
fn a_question_of_a_private_community_is_shown_to_those_who_belong() {
    let server = furnished();
    server.told(&[
        event(
            70,
            "community.upserted",
            AT,
            &json!({"community": "board", "kind": "instance", "access": "private", "name": "Board"}),
        ),
        event(
            71,
            "question.created",
            AT,
            &json!({"question": "secret", "asker": "ana", "title": "How do we rotate the certificate?", "tags": ["tls"], "community": "board"}),
        ),
    ]);
    let bo = server.key("bo", &["member"], Some("bo"));
    let shown = || server.get_as(&bo, "/v1/me/questions").text().contains("secret");
    assert!(!shown());
    server.told(&[event(
        72,
        "membership.added",
        AT,
        &json!({"person": "bo", "community": "board", "role": "member"}),
    )]);
    assert!(shown());
}

#[test]
fn everything_that_is_held_about_a_person_is_handed_to_them_and_nothing_of_others() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "thanks", "allowed": false}),
    );
    let export = server.get_as(&bo, "/v1/me/export").json();
    let kinds: Vec<&str> = export["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "person.upserted",
            "membership.added",
            "answer.created",
            "preference.set"
        ]
    );
    assert_eq!(export["accounts"], json!(["bo"]));
    let derived = &export["derived"];
    assert_eq!(
        [
            &derived["answers"],
            &derived["subjects"],
            &derived["votes"],
            &derived["helped"]
        ],
        [&json!(1), &json!({"tls": 1}), &json!(1), &json!(1)]
    );
    assert_eq!(derived["communities"][0]["community"], "security");
    assert_eq!(export["keys"][0]["name"], "bo");
    assert_eq!(allowed(&export["wishes"], "thanks"), false);
    for (what, kept) in export["retention"].as_object().unwrap() {
        assert!(!kept.as_str().unwrap().is_empty(), "{what}");
    }
    let text = export.to_string();
    for others in ["Ana", "\"ana\"", "\"cy\"", "How do I rotate"] {
        assert!(!text.contains(others), "{others}: {text}");
    }
    let officer = server.key("officer", &["dpo"], None);
    let same = server.get_as(&officer, "/v1/people/bo/export").json();
    assert_eq!(same, export);
}

/// What binds a person, as events.
fn words_of(person: &str) -> Vec<(&'static str, Value)> {
    let span = json!({"person": person, "from": "2026-04-01", "until": "2026-04-02"});
    let skill = json!({"person": person, "skill": "tls"});
    let interest = json!({"person": person, "skill": "tls", "stance": "can_help"});
    vec![
        (
            "preference.set",
            json!({"person": person, "purpose": "experts", "allowed": true}),
        ),
        (
            "skill.visibility_set",
            json!({"person": person, "skill": "tls", "audience": "organisation"}),
        ),
        ("skill.confirmed", skill.clone()),
        ("skill.contested", skill),
        ("capacity.set", json!({"person": person, "asks_per_week": 9})),
        ("absence.set", span.clone()),
        ("absence.cleared", span),
        ("interest.declared", interest.clone()),
        ("interest.withdrawn", interest),
        ("animation.offered", json!({"person": person, "hours_per_week": 2})),
        ("animation.withdrawn", json!({"person": person})),
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "one matrix of keys and words")]
fn a_source_speaks_for_nobody_and_undoes_no_word() {
    let server = furnished();
    let officer = server.bound_key("officer", &["events:write", "dpo"], None, &["forum"]);
    let keys = [
        server.bound_key("forum", &["events:write"], None, &["forum"]),
        server.bound_key("wiki", &["events:write"], None, &["wiki"]),
        server.key("unbound", &["events:write"], None),
        server.bound_key("ana", &["events:write", "member"], Some("ana"), &["forum"]),
    ];
    let send = |key: &str, line: &str| {
        server
            .send("POST", "/v1/events", &[&bearer(key)], line.as_bytes())
            .json()
    };
    let code = |reply: &Value| reply["rejected"][0]["code"].as_str().unwrap_or("taken").to_owned();
    let mut number = 1_000;
    let mut refused = 0;
    for (kind, data) in words_of("bo") {
        for key in &keys {
            number += 1;
            let said = code(&send(key, &event(number, kind, AT, &data)));
            assert!(
                ["speaks_for_somebody", "source_not_allowed"].contains(&&*said),
                "{kind}: {said}"
            );
            refused += 1;
        }
        // A word that was said by whoever may is undone by nobody else, neither after it came nor before.
        number += 1;
        assert_eq!(
            code(&send(&officer, &event(number, kind, AT, &data))),
            "taken",
            "{kind}"
        );
        let target = json!({"source": "forum", "id": number.to_string()});
        for key in &keys {
            number += 1;
            let said = code(&send(key, &event(number, "fact.retracted", AT, &target)));
            assert!(
                ["speaks_for_somebody", "source_not_allowed"].contains(&&*said),
                "{kind}: {said}"
            );
            refused += 1;
        }
        let early = json!({"source": "forum", "id": (number + 2).to_string()});
        number += 1;
        send(&keys[0], &event(number, "fact.retracted", AT, &early));
        number += 1;
        assert_eq!(
            code(&send(&officer, &event(number, kind, AT, &data))),
            "id_reused",
            "{kind}"
        );
    }
    assert_eq!(refused, 88);
    // Nor what the service wrote for the person itself.
    let bo = server.key("bo", &["member"], Some("bo"));
    put(
        &server,
        &bo,
        "/v1/me/preferences",
        &json!({"purpose": "experts", "allowed": false}),
    );
    let held = server.get_as(&bo, "/v1/me/export").json();
    let own = held["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["source"] == "antenne");
    let target = json!({"source": "antenne", "id": own.unwrap()["id"]});
    for key in keys.iter().chain([&officer]) {
        number += 1;
        assert_eq!(
            code(&send(key, &event(number, "fact.retracted", AT, &target))),
            "source_not_allowed"
        );
    }
    assert!(!named(&server));
}

/// Numbers that look random, so that a failing run can be told again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below).unwrap()
    }
}

/// `ANTENNE_OBJECTIONS=10000 cargo test --release --test api objection` is the long run.
fn objections() -> usize {
    let told = std::env::var("ANTENNE_OBJECTIONS").ok();
    told.and_then(|n| n.parse().ok()).unwrap_or(150)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one run, and what is looked at after each step")]
fn an_objection_acts_at_once_whatever_came_between() {
    let server = furnished();
    let bo = server.key("bo", &["member"], Some("bo"));
    let officer = server.key("officer", &["dpo"], None);
    let cy = server.key("cy", &["recommend:read"], Some("cy"));
    let purposes = ["experts", "co_animators", "communities", "search", "thanks", "all"];
    // What was said of each purpose last, in the order in which it was said.
    let mut said: Vec<(&str, bool)> = Vec::new();
    let mut dice = Dice(0x0B1E_C710);
    for n in 0..objections() {
        let (purpose, allowed) = (purposes[dice.roll(6)], dice.roll(2) == 0);
        let body = json!({"purpose": purpose, "allowed": allowed});
        let (key, target) = if dice.roll(3) == 0 {
            (&officer, "/v1/people/bo/preferences")
        } else {
            (&bo, "/v1/me/preferences")
        };
        assert_eq!(put(&server, key, target, &body).status, 200);
        said.retain(|(of, _)| *of != purpose);
        said.push((purpose, allowed));
        let holds = |purpose: &str| {
            let newest = said.iter().rev().find(|(of, _)| *of == purpose || *of == "all");
            newest.is_none_or(|(_, allowed)| *allowed)
        };
        assert_eq!(named(&server), holds("experts"), "after {n}: {said:?}");
        let card = server.get("/v1/people/bo").status;
        assert_eq!(card, if holds("search") { 200 } else { 404 }, "after {n}: {said:?}");
        let found = server.get("/v1/names/people?q=bo").text().contains("\"bo\"");
        assert_eq!(found, holds("search"), "after {n}: {said:?}");
        let own = server.get("/v1/people/bo/communities").json();
        if !holds("communities") {
            assert_eq!(own["items"], json!([]), "after {n}: {said:?}");
        }
        let page = server.get_as(&cy, "/v1/people/cy/communities").json();
        if !holds("search") {
            assert!(!page.to_string().contains("\"bo\""), "greeted after {n}: {page}");
        }
        let draft = server.post(
            "/v1/experts",
            json!({"title": "How do I rotate the certificate?"}).to_string(),
        );
        assert_eq!(
            draft.json()["items"].to_string().contains("\"bo\""),
            holds("experts"),
            "after {n}"
        );
    }
    // As after a kill: the files as they lie, opened elsewhere. And as after a restore.
    let wishes = |service: &antenne::app::Service| service.wishes("bo").unwrap().shows;
    let now = wishes(&server.service);
    let elsewhere = tempfile::tempdir().unwrap();
    let (killed, restored) = (elsewhere.path().join("killed"), elsewhere.path().join("restored"));
    std::fs::create_dir(&killed).unwrap();
    for file in std::fs::read_dir(server.data()).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() && file.file_name() != "LOCK" {
            std::fs::copy(file.path(), killed.join(file.file_name())).unwrap();
        }
    }
    std::fs::create_dir(&restored).unwrap();
    let mut copy = Vec::new();
    let mut each = |part: &[u8]| {
        copy.extend_from_slice(part);
        std::ops::ControlFlow::Continue(())
    };
    server.service.copy_out(&mut each).unwrap();
    std::fs::write(restored.join("antenne.db"), copy).unwrap();
    for folder in [killed, restored] {
        assert_eq!(wishes(&Server::opened(&folder)), now);
    }
}
