//! Who could co-animate, over HTTP: what is told to whom.

use crate::client::{Server, event};
use serde_json::{Value, json};

const AT: &str = "2024-06-01T08:00:00Z";
const TARGET: &str = "/v1/communities/pumps/co-animators";

/// Ana animates `pumps` and will be away; Bo offered, Cy is asked, Di does not want to be named, Flo has no hours left, and
/// Gus is a guest elsewhere.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation() -> Server {
    let server = Server::start();
    let mut lines = Vec::new();
    let mut tell = |kind: &str, at: &str, data: Value| {
        let number = lines.len() as u32;
        lines.push(event(number, kind, at, &data));
    };
    tell(
        "community.upserted",
        AT,
        json!({"community": "pumps", "kind": "interest", "access": "open", "name": "Pumps", "topics": ["pumps"]}),
    );
    for (person, name, unit) in [
        ("ana", "Ana Ruiz", "Works"),
        ("bo", "Bo Lind", "Lab"),
        ("cy", "Cy Hart", "Works"),
        ("di", "Di Mori", "Lab"),
        ("flo", "Flo Berg", "Lab"),
    ] {
        tell(
            "person.upserted",
            AT,
            json!({"person": person, "name": name, "unit": unit}),
        );
        let role = if person == "ana" { "animator" } else { "member" };
        tell(
            "membership.added",
            AT,
            json!({"person": person, "community": "pumps", "role": role}),
        );
    }
    tell(
        "person.upserted",
        AT,
        json!({"person": "gus", "name": "Gus Vale", "external": true}),
    );
    tell(
        "absence.set",
        AT,
        json!({"person": "ana", "from": "2026-03-12", "until": "2026-03-26"}),
    );
    tell(
        "animation.offered",
        AT,
        json!({"person": "bo", "communities": ["pumps"]}),
    );
    tell(
        "preference.set",
        AT,
        json!({"person": "di", "purpose": "co_animators", "allowed": false}),
    );
    tell(
        "capacity.set",
        AT,
        json!({"person": "flo", "animation_hours_per_week": 0.5}),
    );
    let sent = server.send(
        "POST",
        "/v1/events",
        &[&crate::client::bearer(&officer(&server))],
        lines.join("\n").as_bytes(),
    );
    assert_eq!(sent.json()["rejected"], json!([]), "{}", sent.text());
    server
}

/// A key that may say what binds people.
fn officer(server: &Server) -> String {
    server.key("officer", &["events:write", "dpo"], None)
}

fn subjects(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|pick| pick["subject"].as_str().unwrap()).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one answer, read from its head to its foot")]
fn a_set_is_proposed_volunteers_first_with_what_each_adds() {
    let server = organisation();
    let reply = server.get(TARGET);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.header("etag").is_some());
    let answer = reply.json();
    assert_eq!(subjects(&answer), ["bo", "cy"], "{answer}");
    let bo = &answer["items"][0];
    assert_eq!((&bo["volunteer"], &bo["to_be_asked"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&bo["first_time"], &bo["beside"]["person"]),
        (&json!(true), &json!("ana"))
    );
    let gain = |pick: &Value| -> Vec<String> {
        let sides = pick["gain"].as_array().unwrap().iter();
        sides.map(|side| side["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(gain(bo), ["unit", "time"], "{bo}");
    assert_eq!(
        gain(&answer["items"][1]),
        ["time"],
        "days and hours are told of everybody alike"
    );
    assert_eq!(answer["items"][1]["to_be_asked"], true);
    for pick in answer["items"].as_array().unwrap() {
        let parts = pick["reasons"].as_array().unwrap().iter();
        let sum: f64 = parts.map(|reason| reason["contribution"].as_f64().unwrap()).sum();
        assert!((sum - pick["score"].as_f64().unwrap()).abs() < 1e-9, "{pick}");
    }
    assert!(
        bo["invitation"]
            .as_str()
            .unwrap()
            .starts_with("Hello Bo, Ana Ruiz would like to share"),
        "{bo}"
    );
    assert_eq!(
        answer["needs"]["text"],
        "One animator more is recommended. No animator is available for 15 of the next 90 days."
    );
    assert_eq!(
        (&answer["needs"]["days_without_animator"], &answer["needs"]["covered"]),
        (&json!(15), &Value::Null)
    );
    assert_eq!(
        (&answer["load"]["spread_before"], &answer["load"]["spread_after"]),
        (&json!("one"), &json!("shared"))
    );
    assert_eq!(
        answer["excluded"],
        json!({"unavailable": "some", "animates_already": "some"})
    );
    assert_eq!(
        server.get_as(&server.platform, &format!("{TARGET}?limit=1")).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    server.get(&format!("{TARGET}?limit=0")).problem(400, "out_of_range");
    server
        .get("/v1/communities/unheard-of/co-animators")
        .problem(404, "not_found");
}

#[test]
fn absences_hours_and_reasons_are_told_to_whom_they_concern() {
    let server = organisation();
    let scopes = ["recommend:read", "member"];
    let key = |person: &str| server.key(person, &scopes, Some(person));
    let (ana, di, flo, cy, gus) = (key("ana"), key("di"), key("flo"), key("cy"), key("gus"));
    let read = |key: &str| server.get_as(key, TARGET).json();
    let full = &read(&ana)["in_full"];
    assert_eq!(
        full["dates"],
        json!([{"from": "2026-03-12", "until": "2026-03-26"}]),
        "{full}"
    );
    assert_eq!(full["own"]["hours_per_week"], 1.0);
    // On which sides each would help, and how much of the days the set covers, is told to those who animate, in shares.
    let bo = &read(&ana)["items"][0];
    let sides: Vec<&str> = bo["gain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side["code"].as_str().unwrap())
        .collect();
    assert_eq!(sides, ["cover", "unit", "relief"], "{bo}");
    assert_eq!(read(&ana)["needs"]["covered"], "all");
    // What a set would leave open are the absences of whoever is in it: nobody is told, whatever the size of the set.
    let keys: Vec<&String> = full.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["animators", "dates", "own"]);
    assert_eq!(full["animators"][0]["person"], "ana");
    // The reason is the person's own; others read one code.
    assert_eq!(read(&di)["you"]["code"], "opted_out");
    assert_eq!(read(&flo)["you"]["code"], "hours_full");
    assert_eq!(read(&cy).get("you"), None, "who is proposed was not passed over");
    for reader in [&di, &flo, &cy, &server.platform] {
        let reply = server.get_as(reader, TARGET);
        assert_eq!(reply.json().get("in_full"), None);
        for secret in ["2026-03-12", "2026-03-26", "2026-03-13"] {
            assert!(!reply.text().contains(secret), "{secret} is Ana's own");
        }
    }
    for reader in [&ana, &cy, &server.platform] {
        let text = server.get_as(reader, TARGET).text();
        for secret in ["opted_out", "hours_full", "\"di\"", "\"flo\""] {
            assert!(!text.contains(secret), "{secret} is told: {text}");
        }
    }
    server.get_as(&gus, TARGET).problem(404, "not_found");
}

#[test]
fn french_readers_read_french() {
    let server = organisation();
    let bearer = crate::client::bearer(&server.platform);
    let reply = server.send("GET", TARGET, &[&bearer, "Accept-Language: fr"], b"");
    let answer = reply.json();
    assert_eq!(
        answer["needs"]["text"],
        "Un animateur de plus est recommandé. Aucun animateur n’est disponible pendant 15 des 90 prochains jours."
    );
    assert_eq!(
        answer["items"][0]["gain"][1]["text"],
        "partagerait les jours et les heures que prend l’animation"
    );
}

#[test]
fn a_no_holds_for_half_a_year_and_a_proposal_for_a_month() {
    let server = organisation();
    let say = |kind: &str, at: &str, person: &str| {
        let data =
            json!({"proposal": format!("to-{person}"), "kind": "co_animator", "person": person, "community": "pumps"});
        server.told(&[event(
            900 + person.len() as u32 * 7 + u32::from(kind == "proposal.declined"),
            kind,
            at,
            &data,
        )]);
    };
    say("proposal.sent", "2026-02-10T08:00:00Z", "bo");
    assert_eq!(subjects(&server.get(TARGET).json()), ["cy"], "asked three weeks ago");
    say("proposal.declined", "2026-02-11T08:00:00Z", "bo");
    server.told(&[event(
        990,
        "proposal.sent",
        "2026-01-10T08:00:00Z",
        &json!({
        "proposal": "to-cy", "kind": "co_animator", "person": "cy", "community": "pumps"}),
    )]);
    assert_eq!(
        subjects(&server.get(TARGET).json()),
        ["cy"],
        "asked seven weeks ago, and free to be asked again"
    );
}
