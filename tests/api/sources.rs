//! Sources of events: who may state what for whom, webhooks that are signed, and groups that have another name here.

use crate::client::{Reply, Server, bearer, event_of};
use antenne::app::{SourceRules, Sources};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

const AT: &str = "2026-02-01T08:00:00Z";
/// The instant of the server's clock, in seconds since 1970.
const NOW_SECONDS: i64 = 1_772_442_030;
const SECRET: [u8; 32] = [5; 32];

/// One event of each type that binds a person, about `person`.
fn binding(person: &str) -> Vec<(&'static str, Value)> {
    let mut all = vec![
        ("preference.set", json!({"purpose": "all", "allowed": true})),
        (
            "skill.visibility_set",
            json!({"skill": "s", "audience": "organisation"}),
        ),
        ("skill.confirmed", json!({"skill": "s"})),
        ("skill.contested", json!({"skill": "s"})),
        ("capacity.set", json!({"asks_per_week": 9})),
        ("absence.set", json!({"from": "2026-03-01", "until": "2026-03-09"})),
        ("absence.cleared", json!({"from": "2026-03-01", "until": "2026-03-09"})),
        ("interest.declared", json!({"skill": "s", "stance": "can_help"})),
        ("interest.withdrawn", json!({"skill": "s", "stance": "can_help"})),
        ("animation.offered", json!({})),
        ("animation.withdrawn", json!({})),
    ];
    for (_, data) in &mut all {
        data["person"] = json!(person);
    }
    all
}

/// What became of one line: `None` when it was taken, else its code.
fn fate(reply: &Reply) -> Option<String> {
    let report = reply.json();
    assert_eq!(report["accepted"] == 1, reply.status == 200, "{report}");
    (report["accepted"] != 1).then(|| report["rejected"][0]["code"].as_str().unwrap().to_owned())
}

/// Who holds a key, its scopes, the person it speaks for, and the sources it writes as.
type Holder = (
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
    &'static [&'static str],
);

const HOLDERS: [Holder; 6] = [
    ("plugin", &["events:write"], None, &["forum"]),
    ("hr", &["events:write"], None, &["hr"]),
    ("ana", &["events:write", "member"], Some("ana"), &["forum"]),
    ("bo", &["events:write", "member"], Some("bo"), &["forum"]),
    ("reader", &["events:write"], Some("ana"), &["forum"]),
    ("dpo", &["events:write", "dpo"], None, &["forum", "hr"]),
];

/// Whether `holder` may state `kind` for Ana as `source`, when HR is declared for absences.
fn may_state(holder: &str, source: &str, kind: &str) -> bool {
    match holder {
        "dpo" => true,
        "ana" => source == "forum",
        "hr" => source == "hr" && kind == "absence.set",
        _ => false,
    }
}

/// Every holder tries to state each binding type for Ana as each source, and to undo what was stated: the attempts that
/// ended otherwise than they should.
fn surprises(sources: Sources) -> Vec<String> {
    let server = Server::of(sources);
    let key = |&(name, scopes, person, sources): &Holder| server.bound_key(name, scopes, person, sources);
    let keys: Vec<String> = HOLDERS.iter().map(key).collect();
    let mut id = 0;
    let mut send = |key: &str, source: &str, kind: &str, data: &Value| {
        id += 1;
        let line = event_of(source, id, kind, AT, data);
        let reply = server.send("POST", "/v1/events", &[&bearer(key)], line.as_bytes());
        (fate(&reply), id)
    };
    let mut surprises = Vec::new();
    for (kind, data) in binding("ana") {
        for ((holder, _, _, own), key) in HOLDERS.iter().zip(&keys) {
            for source in ["forum", "hr"] {
                let may = may_state(holder, source, kind);
                let (written, _) = send(key, source, kind, &data);
                let (_, stated) = send(&keys[5], source, kind, &data);
                let target = json!({"source": source, "id": stated.to_string()});
                let (undone, _) = send(key, own[0], "fact.retracted", &target);
                for (deed, refusal) in [("states", written), ("undoes", undone)] {
                    if refusal.is_none() != may {
                        surprises.push(format!("{holder} {deed} {kind} as {source}: {refusal:?}"));
                    }
                }
            }
        }
    }
    surprises
}

fn absences_from_hr() -> SourceRules {
    SourceRules {
        authoritative: vec!["absence.set".into()],
        ..SourceRules::default()
    }
}

#[test]
fn a_key_speaks_for_nobody_else() {
    let declared = Sources::new(&[("hr".to_owned(), absences_from_hr())].into()).unwrap();
    assert_eq!(surprises(declared), Vec::<String>::new(), "of 264 attempts");
}

#[test]
fn a_source_that_is_declared_too_much_is_noticed() {
    let everything = SourceRules {
        authoritative: binding("ana").iter().map(|(kind, _)| (*kind).to_owned()).collect(),
        ..SourceRules::default()
    };
    let declared = Sources::new(&[("forum".to_owned(), everything), ("hr".to_owned(), absences_from_hr())].into());
    assert!(!surprises(declared.unwrap()).is_empty());
}

/// A server whose forum signs its webhooks.
fn signed() -> Server {
    let rules = SourceRules {
        webhook_secrets: vec![format!("whsec_{}", STANDARD.encode(SECRET))],
        ..SourceRules::default()
    };
    Server::of(Sources::new(&[("forum".to_owned(), rules)].into()).unwrap())
}

fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn deliver(server: &Server, target: &str, id: &str, seconds: i64, signature: &str, body: &str) -> Reply {
    let headers = [
        format!("webhook-id: {id}"),
        format!("webhook-timestamp: {seconds}"),
        format!("webhook-signature: {signature}"),
    ];
    server.send("POST", target, &headers.each_ref().map(String::as_str), body.as_bytes())
}

#[test]
fn a_signed_delivery_is_taken_once() {
    let server = signed();
    let body = event_of("forum", 1, "person.upserted", AT, &json!({"person": "ana"}));
    let send = || {
        let fits = signature(&SECRET, "msg_1", NOW_SECONDS, &body);
        deliver(&server, "/v1/events?source=forum", "msg_1", NOW_SECONDS, &fits, &body).json()
    };
    let first = send();
    assert_eq!((&first["accepted"], &first["duplicate"]), (&json!(1), &json!(0)));
    let again = send();
    assert_eq!(
        (&again["accepted"], &again["duplicate"]),
        (&json!(0), &json!(0)),
        "not even read"
    );
    assert_eq!(again["generation"], first["generation"]);
    // The test of the test: a delivery that is not known is read, and that shows.
    let fits = signature(&SECRET, "msg_2", NOW_SECONDS, &body);
    let read = deliver(&server, "/v1/events?source=forum", "msg_2", NOW_SECONDS, &fits, &body).json();
    assert_eq!(read["duplicate"], 1, "{read}");
}

#[test]
fn a_forged_old_or_misdirected_delivery_is_refused() {
    let server = signed();
    let (tried, taken) = forged(&server);
    assert_eq!((tried, server.service.snapshot().generation), (11, 0), "{taken:?}");
    assert!(taken.is_empty(), "{taken:?}");
    let body = event_of("forum", 1, "person.upserted", AT, &json!({"person": "ana"}));
    let fits = signature(&SECRET, "m", NOW_SECONDS, &body);
    let reply = deliver(&server, "/v1/events?source=forum", "m", NOW_SECONDS, &fits, &body);
    assert_eq!(
        reply.json()["accepted"],
        1,
        "the same delivery, unharmed: {}",
        reply.text()
    );
}

/// The planted fault: a server that the forger shares a secret with.
#[test]
fn a_forgery_that_is_taken_would_be_noticed() {
    let rules = SourceRules {
        webhook_secrets: [SECRET, [6; 32]]
            .iter()
            .map(|secret| format!("whsec_{}", STANDARD.encode(secret)))
            .collect(),
        ..SourceRules::default()
    };
    let server = Server::of(Sources::new(&[("forum".to_owned(), rules)].into()).unwrap());
    let (tried, taken) = forged(&server);
    assert_eq!((tried, taken.len()), (11, 1), "{taken:?}");
}

/// Tries what a forger could; how much that is, and what was not refused as it should be.
fn forged(server: &Server) -> (usize, Vec<String>) {
    let body = event_of("forum", 1, "person.upserted", AT, &json!({"person": "ana"}));
    let fits = |id: &str, seconds| signature(&SECRET, id, seconds, &body);
    let forum = "/v1/events?source=forum";
    let other_body = body.replace("ana", "eve");
    let (mut tried, mut taken) = (0, Vec::new());
    for (target, id, seconds, signature, body) in [
        (forum, "m", NOW_SECONDS, fits("m", NOW_SECONDS), &other_body),
        (forum, "n", NOW_SECONDS, fits("m", NOW_SECONDS), &body),
        (forum, "m", NOW_SECONDS + 1, fits("m", NOW_SECONDS), &body),
        (forum, "m", NOW_SECONDS - 301, fits("m", NOW_SECONDS - 301), &body),
        (forum, "m", NOW_SECONDS + 301, fits("m", NOW_SECONDS + 301), &body),
        (
            forum,
            "m",
            NOW_SECONDS,
            signature(&[6; 32], "m", NOW_SECONDS, &body),
            &body,
        ),
        (forum, "m", NOW_SECONDS, "v1,".to_owned(), &body),
        (
            forum,
            "m",
            NOW_SECONDS,
            fits("m", NOW_SECONDS).replace("v1,", "v2,"),
            &body,
        ),
        ("/v1/events?source=hr", "m", NOW_SECONDS, fits("m", NOW_SECONDS), &body),
        ("/v1/events?source=", "m", NOW_SECONDS, fits("m", NOW_SECONDS), &body),
        ("/v1/events", "m", NOW_SECONDS, fits("m", NOW_SECONDS), &body),
    ] {
        let reply = deliver(server, target, id, seconds, &signature, body);
        let (status, code) = if target == forum || target.ends_with("=hr") {
            (401, "unauthenticated")
        } else {
            (400, "bad_parameter")
        };
        tried += 1;
        if reply.status != status || reply.json()["code"] != code {
            taken.push(format!("{target} {id} {seconds}: {} {}", reply.status, reply.text()));
        }
    }
    (tried, taken)
}

#[test]
fn a_delivery_that_nobody_can_have_signed_is_refused_before_its_body_comes() {
    let server = signed();
    let announce = |source: &str, seconds: i64| {
        let headers = [
            "webhook-id: m".to_owned(),
            format!("webhook-timestamp: {seconds}"),
            "webhook-signature: v1,AAAA".to_owned(),
            "Content-Length: 1000000".to_owned(),
        ];
        let target = format!("/v1/events?source={source}");
        server.send("POST", &target, &headers.each_ref().map(String::as_str), b"")
    };
    announce("hr", NOW_SECONDS).problem(401, "unauthenticated");
    announce("forum", NOW_SECONDS - 301).problem(401, "unauthenticated");
    // The test of the test: a body that may come is waited for.
    announce("forum", NOW_SECONDS).problem(408, "too_slow");
}

#[test]
fn a_webhook_writes_as_its_source_and_for_nobody() {
    let server = signed();
    let lines = [
        event_of("hr", 1, "person.upserted", AT, &json!({"person": "ana"})),
        event_of(
            "forum",
            2,
            "absence.set",
            AT,
            &json!({"person": "ana", "from": "2026-03-01", "until": "2026-03-02"}),
        ),
    ];
    let body = lines.join("\n");
    let fits = signature(&SECRET, "m", NOW_SECONDS, &body);
    let reply = deliver(&server, "/v1/events?source=forum", "m", NOW_SECONDS, &fits, &body);
    assert_eq!(reply.status, 422);
    let codes: Vec<_> = reply.json()["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["code"].clone())
        .collect();
    assert_eq!(codes, [json!("source_not_allowed"), json!("speaks_for_somebody")]);
}

#[test]
fn a_key_is_asked_for_where_nothing_is_signed() {
    let server = signed();
    server
        .send("POST", "/v1/events?source=forum", &[], b"{}")
        .problem(401, "unauthenticated");
    let reply = server.send("POST", "/v1/events?source=forum", &[&bearer(&server.platform)], b"{}");
    reply.problem(400, "unknown_parameter");
}

#[test]
fn groups_are_known_by_the_names_that_they_have_here() {
    let rules = SourceRules {
        groups: [("42".to_owned(), "pumps".to_owned())].into(),
        ignore: vec!["43".into()],
        ..SourceRules::default()
    };
    let server = Server::of(Sources::new(&[("forum".to_owned(), rules)].into()).unwrap());
    let reply = server.post(
        "/v1/events",
        [
            event_of(
                "forum",
                1,
                "membership.added",
                AT,
                &json!({"person": "ana", "community": "42", "role": "member"}),
            ),
            event_of(
                "forum",
                2,
                "membership.added",
                AT,
                &json!({"person": "ana", "community": "43", "role": "member"}),
            ),
            event_of(
                "forum",
                3,
                "question.created",
                AT,
                &json!({"question": "q", "asker": "ana", "title": "Why?", "community": "42"}),
            ),
        ]
        .join("\n"),
    );
    assert_eq!(
        (&reply.json()["accepted"], &reply.json()["ignored"]),
        (&json!(2), &json!(1))
    );
    let listed = server.get("/v1/questions?community=pumps").json();
    assert_eq!(listed["items"][0]["question"], "q", "{listed}");
}
