//! `GET /v1/people`: who knows about something, as callers see it.

use crate::client::{Server, bearer, encoded, event};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";

/// Ana answers about one database, Bo is endorsed for it, Cy for databases, Dee for replication, which is narrower; Gus is a
/// guest, Zoe left.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation() -> Server {
    let server = Server::start();
    let person = |id: &str, name: &str, unit: &str, site: &str| {
        let data = json!({"person": id, "name": name, "unit": unit, "site": site, "languages": ["fr"]});
        ("person.upserted", data)
    };
    let skill = |id: &str, fr: &str, en: &str, broader: Option<&str>| {
        let broader: Vec<&str> = broader.into_iter().collect();
        let labels = json!({"fr": fr, "en": en});
        (
            "skill.upserted",
            json!({"skill": id, "labels": labels, "aliases": [format!("{en}-alias")], "broader": broader}),
        )
    };
    let endorsed = |person: &str, skill: &str| {
        let data = json!({"person": person, "skill": skill, "origin": "endorsed", "by": "eve"});
        ("skill.asserted", data)
    };
    let mut facts = vec![
        person("ana", "Ana Ruiz", "Group/IT", "Lyon"),
        person("bo", "Bo Lind", "Group/IT", "Nantes"),
        person("cy", "Cy Dorn", "Group/Works", "Lyon"),
        person("dee", "Dee Voss", "Group/IT/Data", "Lyon"),
        person("eve", "Eve Hart", "Group/Works", "Lyon"),
        person("zoe", "Zoe Past", "Group/IT", "Lyon"),
        (
            "person.upserted",
            json!({"person": "gus", "name": "Gus Vale", "external": true}),
        ),
        ("person.left", json!({"person": "zoe"})),
        skill("db", "Bases de données", "Databases", None),
        skill("pg", "PostgreSQL", "PostgreSQL", Some("db")),
        skill("repl", "Réplication", "Streaming replication", Some("pg")),
        endorsed("bo", "pg"),
        endorsed("cy", "db"),
        endorsed("dee", "repl"),
        endorsed("gus", "pg"),
        endorsed("zoe", "pg"),
        (
            "community.upserted",
            json!({"community": "data", "kind": "practice", "access": "open", "name": "Data"}),
        ),
        (
            "membership.added",
            json!({"person": "gus", "community": "data", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "bo", "community": "data", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "eve", "community": "data", "role": "animator"}),
        ),
    ];
    for n in 0..4 {
        let id = format!("q{n}");
        let asked =
            json!({"question": id, "asker": "eve", "title": "Why is the index not used?", "tags": ["postgresql"]});
        let answered =
            json!({"answer": format!("a{n}"), "question": id, "author": "ana", "body": "Analyse the table."});
        facts.extend([("question.created", asked), ("answer.created", answered)]);
    }
    let lines: Vec<String> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

fn search(server: &Server, query: &str) -> Value {
    server.get(&format!("/v1/people?{query}")).json()
}

fn subjects(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| item["subject"].as_str().unwrap()).collect()
}

fn matched<'a>(answer: &'a Value, subject: &str) -> Option<&'a str> {
    let items = answer["items"].as_array().unwrap().iter();
    items.clone().find(|item| item["subject"] == subject)?["match"].as_str()
}

#[test]
fn a_skill_is_found_by_any_name_with_narrower_ones_and_wider_ones_come_close() {
    let server = organisation();
    for name in ["PostgreSQL", "postgresql-alias", "Who%20knows%20PostgreSQL%3F"] {
        let answer = search(&server, &format!("q={name}"));
        assert_eq!(
            matched(&answer, "ana"),
            Some("exact"),
            "answers under the tag of that name: {answer}"
        );
        assert_eq!(matched(&answer, "bo"), Some("exact"), "{answer}");
        assert_eq!(
            matched(&answer, "dee"),
            Some("exact"),
            "replication is narrower: {answer}"
        );
        assert_eq!(matched(&answer, "cy"), Some("close"), "databases are wider: {answer}");
        assert_eq!(matched(&answer, "gus"), None, "a guest whom a platform does not meet");
        assert_eq!(matched(&answer, "zoe"), None, "she left");
        assert_eq!(*subjects(&answer).last().unwrap(), "cy", "close ones come after");
    }
    let wide = search(&server, "q=Databases");
    for person in ["bo", "cy", "dee"] {
        assert_eq!(matched(&wide, person), Some("exact"), "{person}: {wide}");
    }
    let by_id = search(&server, "skill=repl");
    assert_eq!(matched(&by_id, "dee"), Some("exact"));
    assert_eq!(
        matched(&by_id, "bo"),
        Some("close"),
        "PostgreSQL is wider than replication"
    );
}

#[test]
fn evidence_comes_first_and_nothing_compares_people() {
    let server = organisation();
    let answer = search(&server, "q=PostgreSQL");
    let item = &answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["subject"] == "ana")
        .unwrap();
    let reason = &item["reasons"][0];
    assert_eq!(reason["facts"].as_array().unwrap().len(), 3, "{item}");
    assert_eq!(item["covers"], json!([{"topic": "PostgreSQL", "depth": "solid"}]));
    assert_eq!(item["availability"], "available");
    for number in ["score", "rank", "base_rank", "contribution", "confidence"] {
        assert!(
            !answer.to_string().contains(&format!("\"{number}\"")),
            "{number}: {answer}"
        );
    }
    let french = [bearer(&server.platform), "Accept-Language: fr".to_owned()];
    let french: Vec<&str> = french.iter().map(String::as_str).collect();
    let reply = server.send("GET", "/v1/people?q=PostgreSQL", &french, b"").json();
    assert!(reply.to_string().contains("a donné 4 réponses"), "{reply}");
}

#[test]
fn facets_count_everybody_who_is_found_and_leave_their_own_filter_out() {
    let server = organisation();
    let counts = |answer: &Value, facet: &str| -> Vec<(String, Value)> {
        let values = answer["facets"][facet].as_array().unwrap().iter();
        values
            .map(|value| (value["value"].as_str().unwrap().to_owned(), value["count"].clone()))
            .collect()
    };
    let some = |value: &str| (value.to_owned(), json!("some"));
    let all = search(&server, "q=PostgreSQL&limit=1");
    assert_eq!(
        counts(&all, "site"),
        [some("Lyon"), some("Nantes")],
        "whatever part is shown"
    );
    let units = [
        some("Group"),
        some("Group/IT"),
        some("Group/IT/Data"),
        some("Group/Works"),
    ];
    assert_eq!(counts(&all, "unit"), units);
    assert_eq!(counts(&all, "origin"), [some("answers"), some("endorsed")]);
    let narrowed = search(&server, "q=PostgreSQL&site=nantes");
    assert_eq!(subjects(&narrowed), ["bo"], "case does not matter");
    assert_eq!(
        counts(&narrowed, "site"),
        counts(&all, "site"),
        "its own filter is left out"
    );
    assert_eq!(counts(&narrowed, "unit"), [some("Group"), some("Group/IT")]);
    assert_eq!(subjects(&search(&server, "q=PostgreSQL&origin=answers")), ["ana"]);
    assert_eq!(subjects(&search(&server, "q=PostgreSQL&community=data")), ["bo"]);
    assert_eq!(
        subjects(&search(&server, "q=PostgreSQL&unit=Group%2FIT%2FData")),
        ["dee"]
    );
    assert_eq!(
        subjects(&search(&server, "q=PostgreSQL&skill=Databases&origin=endorsed")).len(),
        3
    );
    assert_eq!(subjects(&search(&server, "q=PostgreSQL&language=fr-CA")).len(), 4);
    let none = search(&server, "q=PostgreSQL&site=Nantes&origin=answers");
    assert_eq!(
        (&none["items"], &none["nothing"]["code"]),
        (&json!([]), &json!("all_filtered"))
    );
    assert_eq!(none["nothing"]["leave_out"], json!(["site", "origin"]));
    let hidden = search(&server, "q=PostgreSQL&community=unheard-of");
    assert_eq!(hidden["nothing"]["code"], "all_filtered");
}

/// Twelve people who know valves, half of them here, half of them there, by whatever facet; the last two are one apart.
fn halves() -> Server {
    let server = Server::start();
    let mut told = vec![
        ("skill.upserted", json!({"skill": "valves", "labels": {"en": "Valves"}})),
        ("skill.upserted", json!({"skill": "taps", "labels": {"en": "Taps"}})),
    ];
    for (id, name) in [("one", "One"), ("two", "Two")] {
        told.push((
            "community.upserted",
            json!({"community": id, "name": name, "kind": "practice", "access": "open"}),
        ));
    }
    let today = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(server.service.now().day().days());
    let until = today + jiff::Span::new().days(3);
    for n in 0..12 {
        let who = format!("p{n:02}");
        let first = n < 6;
        told.push((
            "person.upserted",
            json!({"person": who, "name": format!("Person {n}"), "unit": if first { "G/A" } else { "G/B" },
                "site": if first { "Lyon" } else { "Brest" }, "languages": [if first { "fr" } else { "en" }]}),
        ));
        let origin = if first { "declared" } else { "imported" };
        for skill in ["valves", if first { "taps" } else { "valves" }] {
            told.push((
                "skill.asserted",
                json!({"person": who, "skill": skill, "origin": origin, "level": 0.7}),
            ));
        }
        told.push((
            "membership.added",
            json!({"person": who, "community": if first { "one" } else { "two" }, "role": "member"}),
        ));
        if !first {
            told.push((
                "absence.set",
                json!({"person": who, "from": today.to_string(), "until": until.to_string()}),
            ));
        }
    }
    let lines: Vec<_> = (1..)
        .zip(&told)
        .map(|(n, (kind, data))| event(n, kind, AT, data))
        .collect();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let sent = server.send("POST", "/v1/events", &[&bearer(&officer)], lines.join("\n").as_bytes());
    assert_eq!(sent.json()["accepted"], lines.len(), "{}", sent.text());
    server
}

#[test]
fn every_facet_counts_and_its_filter_leaves_what_it_counted() {
    let server = halves();
    let all = search(&server, "q=valves&limit=1");
    assert_eq!(all["matches"]["exact"], 12, "{all}");
    let firsts: Vec<String> = (0..6).map(|n| format!("p{n:02}")).collect();
    let others: Vec<String> = (6..12).map(|n| format!("p{n:02}")).collect();
    let both = [
        ("unit", "G/A", "G/B"),
        ("site", "Lyon", "Brest"),
        ("language", "fr", "en"),
        ("availability", "available", "unavailable"),
        ("community", "one", "two"),
        ("origin", "declared", "imported"),
    ];
    let sorted = |answer: &Value| -> Vec<String> {
        let found: std::collections::BTreeSet<&str> = subjects(answer).into_iter().collect();
        found.into_iter().map(str::to_owned).collect()
    };
    let count = |answer: &Value, facet: &str, value: &str| {
        let values = answer["facets"][facet]
            .as_array()
            .unwrap_or_else(|| panic!("{facet}: {answer}"));
        let found = values.iter().find(|told| told["value"] == value);
        found.map_or(Value::Null, |told| told["count"].clone())
    };
    for (facet, here, there) in both {
        for (value, found) in [(here, &firsts), (there, &others)] {
            assert_eq!(count(&all, facet, value), 6, "{facet}={value}");
            let target = format!("q=valves&limit=100&{facet}={}", value.replace('/', "%2F"));
            let narrowed = search(&server, &target);
            assert_eq!(&sorted(&narrowed), found, "{target}");
            // Its own filter is left out of its counts, and narrows all the others.
            for (other, one, two) in both {
                let expected = match other == facet {
                    true => [json!(6), json!(6)],
                    false if value == here => [json!(6), Value::Null],
                    false => [Value::Null, json!(6)],
                };
                let counts = [count(&narrowed, other, one), count(&narrowed, other, two)];
                assert_eq!(counts, expected, "{other} beside {target}");
            }
        }
    }
    // A second skill is a facet, too: half of them have it.
    assert_eq!(count(&all, "skill", "taps"), 6, "{all}");
    assert_eq!(sorted(&search(&server, "q=valves&limit=100&skill=taps")), firsts);
}

#[test]
fn a_hidden_or_contested_skill_finds_nobody_and_an_objection_holds_at_once() {
    let server = organisation();
    let officer = server.key("officer", &["dpo", "events:write"], None);
    let tell = |n: u32, kind: &str, data: &Value| {
        let line = event(n, kind, AT, data);
        let sent = server.send("POST", "/v1/events", &[&bearer(&officer)], line.as_bytes());
        assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    };
    let animator = server.animator("animator", &["search:read", "animator"], &["data"]);
    let found = |key: &str, person: &str| {
        let answer = server.get_as(key, "/v1/people?q=PostgreSQL&origin=endorsed").json();
        matched(&answer, person).is_some()
    };
    tell(
        100,
        "skill.visibility_set",
        &json!({"person": "bo", "skill": "pg", "audience": "animators"}),
    );
    assert!(!found(&server.platform, "bo") && found(&animator, "bo"));
    tell(
        101,
        "skill.visibility_set",
        &json!({"person": "bo", "skill": "pg", "audience": "me"}),
    );
    let bo = server.key("bo", &["search:read", "member"], Some("bo"));
    assert!(!found(&animator, "bo") && found(&bo, "bo"));
    tell(102, "skill.contested", &json!({"person": "dee", "skill": "repl"}));
    assert!(!found(&server.platform, "dee"));
    tell(
        103,
        "preference.set",
        &json!({"person": "ana", "purpose": "search", "allowed": false}),
    );
    assert_eq!(matched(&search(&server, "q=PostgreSQL"), "ana"), None);
}

#[test]
fn guests_and_their_hosts_meet_where_both_belong() {
    let server = organisation();
    let [gus, bo, ana] =
        ["gus", "bo", "ana"].map(|person| server.key(person, &["search:read", "member"], Some(person)));
    let seen = |key: &str| {
        let answer = server.get_as(key, "/v1/people?q=PostgreSQL").json();
        subjects(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(seen(&bo).contains(&"gus".to_owned()), "they share a community");
    assert!(!seen(&ana).contains(&"gus".to_owned()));
    let mut to_guest = seen(&gus);
    to_guest.sort_unstable();
    assert_eq!(to_guest, ["bo", "gus"], "a guest sees their own communities alone");
}

#[test]
fn a_list_goes_on_without_repeating_or_passing_over_anybody_while_events_come_in() {
    let server = organisation();
    let whole: Vec<String> = subjects(&search(&server, "q=PostgreSQL"))
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = String::new();
    for n in 0.. {
        let answer = search(&server, &format!("q=PostgreSQL&limit=1{cursor}"));
        seen.extend(subjects(&answer).into_iter().map(str::to_owned));
        // Somebody who was shown answers more, and somebody new knows about it.
        let newcomer = format!("new{n}");
        server.told(&[
            event(200 + 4 * n, "person.upserted", AT, &json!({"person": newcomer, "name": newcomer})),
            event(201 + 4 * n, "skill.asserted", AT, &json!({"person": newcomer, "skill": "db", "origin": "declared"})),
            event(202 + 4 * n, "question.created", AT, &json!({"question": format!("more{n}"), "asker": "eve", "title": "Vacuum?", "tags": ["postgresql"]})),
            event(203 + 4 * n, "answer.created", AT, &json!({"answer": format!("more{n}"), "question": format!("more{n}"), "author": "cy", "body": "Nightly."})),
        ]);
        match answer["next_cursor"].as_str() {
            Some(next) if n < 20 => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "nobody twice: {seen:?}");
    assert!(
        whole.iter().all(|person| seen.contains(person)),
        "nobody passed over: {whole:?}, {seen:?}"
    );
    server
        .get("/v1/people?q=PostgreSQL&cursor=00")
        .problem(400, "bad_parameter");
}

#[test]
fn what_is_typed_is_bounded_and_nobody_is_an_answer() {
    let server = organisation();
    server.get("/v1/people").problem(400, "bad_parameter");
    server.get("/v1/people?q=%20").problem(400, "bad_parameter");
    server
        .get(&format!("/v1/people?q={}", "x".repeat(501)))
        .problem(400, "out_of_range");
    server.get("/v1/people?q=x&limit=0").problem(400, "out_of_range");
    server
        .get("/v1/people?q=x&origin=inferred")
        .problem(400, "bad_parameter");
    server
        .get("/v1/people?q=x&availability=away")
        .problem(400, "bad_parameter");
    server.get("/v1/people?q=x&rank=1").problem(400, "unknown_parameter");
    let nothing = search(&server, "q=zxqv");
    assert_eq!(
        (&nothing["items"], &nothing["nothing"]["code"]),
        (&json!([]), &json!("nothing_understood"))
    );
    let skill = encoded("no such skill");
    assert_eq!(
        search(&server, &format!("skill={skill}"))["nothing"]["code"],
        "nothing_understood"
    );
    server.told(&[event(
        900,
        "skill.upserted",
        AT,
        &json!({"skill": "cobol", "labels": {"en": "COBOL"}}),
    )]);
    let nobody = search(&server, "q=COBOL");
    assert_eq!(nobody["nothing"]["code"], "nobody_known", "{nobody}");
    let names_only = server.key("writer", &["events:write"], None);
    server
        .get_as(&names_only, "/v1/people?q=x")
        .problem(403, "scope_missing");
}
