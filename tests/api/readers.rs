//! Whatever anybody reads, on every route, in organisations drawn from a seed: two of them that differ in one thing are
//! compared byte by byte.

use crate::client::{Server, bearer, event};
use antenne::app::MapRules;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub const AT: &str = "2026-02-01T08:00:00Z";
pub const PEOPLE: usize = 14;
pub const SKILLS: usize = 5;
pub const COMMUNITIES: usize = 3;

/// A call, and what it is called in the document.
pub struct Call {
    operation: &'static str,
    key: String,
    method: &'static str,
    target: String,
    body: String,
}

/// Operations that are not compared: they write, or tell the operator or the person themself what was said.
const NOT_READ_BY_OTHERS: [&str; 23] = [
    "livez",
    "readyz",
    "openapi",
    "metrics",
    "post_events",
    "give_feedback",
    "make_member_token",
    "set_own_absence",
    "set_own_capacity",
    "set_own_preference",
    "set_person_preference",
    "say_of_project",
    "withdraw_project",
    "say_of_skill",
    "withdraw_skill",
    "erase_person",
    "create_key",
    "revoke_key",
    "list_keys",
    "list_sources",
    "list_audit",
    "person_export",
    "person_skills",
];

pub type Told = (&'static str, Value);

/// An organisation: people with skills, stances, projects, communities, and a past of questions and answers.
pub fn organisation(rng: &mut StdRng) -> Vec<Told> {
    let mut facts: Vec<Told> = Vec::new();
    for n in 0..SKILLS {
        let broader: Vec<String> = if n == 4 { vec!["s0".to_owned()] } else { vec![] };
        facts.push((
            "skill.upserted",
            json!({"skill": format!("s{n}"), "labels": {"en": format!("craft{n}")}, "broader": broader}),
        ));
    }
    for n in 0..COMMUNITIES {
        let topics = [format!("craft{}", rng.random_range(0..SKILLS)), format!("craft{n}")];
        facts.push((
            "community.upserted",
            json!({"community": format!("c{n}"), "name": format!("Circle {n}"), "kind": "practice", "access": "open",
                "topics": topics, "language": "en"}),
        ));
        facts.push((
            "project.upserted",
            json!({"project": format!("pr{n}"), "name": format!("Works {n}"), "topics": [format!("craft{n}")],
                "community": format!("c{n}")}),
        ));
    }
    for n in 0..PEOPLE {
        person(n, rng, &mut facts);
    }
    for n in 0..24 {
        let (question, craft) = (format!("q{n}"), rng.random_range(0..SKILLS));
        facts.push((
            "question.created",
            json!({"question": question, "asker": format!("p{}", rng.random_range(0..PEOPLE)), "tags": [format!("craft{craft}")],
                "title": format!("How does craft{craft} behave with craft{}?", n % SKILLS),
                "community": format!("c{}", n % COMMUNITIES)}),
        ));
        // Some wait for an answer.
        for m in 0..rng.random_range(0..3) {
            let answer = format!("a{n}-{m}");
            facts.push((
                "answer.created",
                json!({"answer": answer, "question": question, "author": format!("p{}", rng.random_range(0..PEOPLE))}),
            ));
            if rng.random_range(0..3) == 0 {
                facts.push(("answer.accepted", json!({"answer": answer})));
            }
        }
    }
    facts
}

fn person(n: usize, rng: &mut StdRng, facts: &mut Vec<Told>) {
    let who = format!("p{n}");
    facts.push((
        "person.upserted",
        json!({"person": who, "name": format!("Person {n}"), "unit": format!("Group/U{}", n % 2), "site": "Lyon", "languages": ["en"]}),
    ));
    for place in 0..COMMUNITIES {
        let role = if n == place { "animator" } else { "member" };
        if n == place || rng.random_range(0..2) == 0 {
            facts.push((
                "membership.added",
                json!({"person": who, "community": format!("c{place}"), "role": role}),
            ));
        }
    }
    for skill in 0..SKILLS {
        if rng.random_range(0..3) == 0 {
            let origin = ["declared", "imported"][rng.random_range(0..2)];
            facts.push((
                "skill.asserted",
                json!({"person": who, "skill": format!("s{skill}"), "origin": origin, "level": 0.5}),
            ));
        }
    }
    if rng.random_range(0..2) == 0 {
        let project = format!("pr{}", rng.random_range(0..COMMUNITIES));
        facts.push((
            "participation.started",
            json!({"person": who, "project": project, "role": "member"}),
        ));
    }
}

/// A server that was told `facts`, as an officer may, and has published a skill map.
pub fn told(facts: &[Told]) -> Server {
    let server = Server::start();
    let officer = server.key("officer", &["events:write", "dpo"], None);
    let lines: Vec<String> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, data))
        .collect();
    let reply = server.send("POST", "/v1/events", &[&bearer(&officer)], lines.join("\n").as_bytes());
    assert_eq!(reply.json()["accepted"], lines.len(), "{}", reply.text());
    server.service.use_skill_maps(MapRules {
        k: 5,
        days: 7,
        inferred: true,
        targets: vec![],
    });
    server.service.publish_skill_map().unwrap();
    server
}

/// Every route that anybody but `apart` reads; animators only where `animators` are others, too.
pub fn calls(server: &Server, apart: &[&str], animators: bool) -> Vec<Call> {
    let mut calls = of_planners(server);
    calls.extend(of_reader(&server.platform));
    if animators {
        let scopes = ["animator", "recommend:read", "search:read"];
        let key = server.animator("animator", &scopes, &["c0", "c1"]);
        calls.extend(of_reader(&key));
        for (operation, rest) in [
            ("waiting_newcomers", "newcomers"),
            ("worth_thanking", "thanks"),
            ("digest", "digest"),
        ] {
            calls.extend((0..2).map(|n| call(operation, &key, &format!("/v1/communities/c{n}/{rest}"))));
        }
    }
    let dpo = server.key("dpo", &["dpo"], None);
    let others = (0..PEOPLE).map(|n| format!("p{n}"));
    let others = others.filter(|who| !apart.contains(&who.as_str()));
    calls.extend(others.flat_map(|who| of_person(server, &who, apart, &dpo)));
    calls
}

/// Whoever plans: counts, maps and plans.
fn of_planners(server: &Server) -> Vec<Call> {
    let steward = server.key("steward", &["steward"], None);
    let hr = server.key("hr", &["hr:read"], None);
    let admin = server.key("admin", &["admin"], None);
    let three = json!({"people_per_question": 3});
    let mut calls = vec![
        call("list_models", &admin, "/v1/admin/models"),
        call("network_health", &steward, "/v1/health"),
        posted("plan_asks", &steward, "/v1/plans/asks", &three),
        posted("plan_co_animators", &steward, "/v1/plans/co-animators", &json!({})),
        call("list_skill_maps", &hr, "/v1/skill-maps"),
    ];
    let released = [
        ("skill_map", "?rows=unit&columns=skill&unit_depth=2&skill_depth=2"),
        ("skill_map", "?origin=declared"),
        ("skill_map", "?origin=confirmed"),
        ("skill_map_few", "/few"),
        ("skill_map_gaps", "/gaps"),
        ("skill_map_unmet", "/unmet"),
        ("skill_map_trends", "/trends?skill=s0"),
    ];
    calls.extend(released.map(|(operation, rest)| call(operation, &hr, &format!("/v1/skill-maps/latest{rest}"))));
    calls
}

/// Somebody else: their own pages, what they find, and what an officer reads of them.
fn of_person(server: &Server, who: &str, apart: &[&str], dpo: &str) -> Vec<Call> {
    let key = server.key(who, &["member", "recommend:read", "search:read"], Some(who));
    let own = [
        ("own_skills", "skills"),
        ("own_questions", "questions"),
        ("own_load", "load"),
        ("own_preferences", "preferences"),
        ("own_export", "export"),
    ];
    let own = own.map(|(operation, rest)| call(operation, &key, &format!("/v1/me/{rest}")));
    let communities = format!("/v1/people/{who}/communities?limit=100");
    let rest = [
        call("person_communities", &key, &communities),
        call("search_people", &key, "/v1/people?q=craft0%2C%20craft1&limit=100"),
        call("person_preferences", dpo, &format!("/v1/people/{who}/preferences")),
        call("person_questions", dpo, &format!("/v1/people/{who}/questions")),
    ];
    let cards = apart
        .iter()
        .map(|other| call("person_card", &key, &format!("/v1/people/{other}")));
    own.into_iter().chain(rest).chain(cards).collect()
}

fn call(operation: &'static str, key: &str, target: &str) -> Call {
    Call {
        operation,
        key: key.to_owned(),
        method: "GET",
        target: target.to_owned(),
        body: String::new(),
    }
}

fn posted(operation: &'static str, key: &str, target: &str, body: &Value) -> Call {
    Call {
        method: "POST",
        body: body.to_string(),
        ..call(operation, key, target)
    }
}

/// What a key that recommends and searches may read.
fn of_reader(key: &str) -> Vec<Call> {
    let page = json!({"questions": ["q0", "q1", "q2"], "limit": 100});
    let mut calls = vec![
        call("list_questions", key, "/v1/questions?limit=100"),
        call("playbook", key, "/v1/playbook"),
        call("people_by_name", key, "/v1/names/people?q=Per&limit=100"),
        posted("questions_experts", key, "/v1/questions/experts", &page),
    ];
    for n in 0..SKILLS {
        let draft = json!({"title": format!("How does craft{n} behave?")});
        calls.push(posted("draft_experts", key, "/v1/experts?limit=100", &draft));
    }
    calls.extend(searches().map(|wish| call("search_people", key, &format!("/v1/people?limit=100&{wish}"))));
    for n in 0..8 {
        for wish in ["limit=100", "as=group"] {
            calls.push(call(
                "question_experts",
                key,
                &format!("/v1/questions/q{n}/experts?{wish}"),
            ));
        }
    }
    for n in 0..PEOPLE {
        let communities = format!("/v1/people/p{n}/communities?limit=100");
        calls.push(call("person_card", key, &format!("/v1/people/p{n}")));
        calls.push(call("person_communities", key, &communities));
    }
    for n in 0..COMMUNITIES {
        let co_animators = format!("/v1/communities/c{n}/co-animators?limit=100");
        calls.push(call("community_card", key, &format!("/v1/communities/c{n}")));
        calls.push(call("community_co_animators", key, &co_animators));
    }
    calls
}

/// Searches by words and by skill, and with every facet.
fn searches() -> impl Iterator<Item = String> {
    let of_skill = |n: usize| {
        [
            format!("q=craft{n}"),
            format!("skill=s{n}"),
            format!("q=behave&skill=s{n}"),
        ]
    };
    let facets = [
        "unit=Group",
        "site=Lyon",
        "language=en",
        "availability=available",
        "community=c0",
        "origin=declared",
        "origin=confirmed",
        "origin=answers",
        "skill=s1",
    ];
    let with_facet = facets.into_iter().map(|facet| format!("q=craft0&{facet}"));
    (0..SKILLS).flat_map(of_skill).chain(with_facet)
}

/// The answers of both servers, as others than `apart` read them, that differ, operation by operation.
pub fn differences(one: &Server, two: &Server, apart: &[&str], animators: bool) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    let mut compared = BTreeSet::new();
    let others = calls(two, apart, animators);
    for (left, right) in calls(one, apart, animators).into_iter().zip(others) {
        let [a, b] = [(one, &left), (two, &right)]
            .map(|(server, call)| server.send(call.method, &call.target, &[&bearer(&call.key)], call.body.as_bytes()));
        // A card may be hidden, a page is its person's and a platform's, and of some skills nothing is told to anybody.
        let may_be_missing = matches!(
            left.operation,
            "person_card" | "person_communities" | "skill_map_trends"
        );
        assert!(a.status == 200 || may_be_missing, "{} {}", left.target, a.text());
        compared.insert(left.operation);
        if (a.status, &a.body, a.header("etag")) != (b.status, &b.body, b.header("etag")) {
            found.insert(left.operation, format!("{}:\n{}\n{}", left.target, a.text(), b.text()));
        }
    }
    assert!(compared.len() >= 20);
    if animators {
        every_operation_is_compared(&compared);
    }
    found
}

/// What comes of `calls`: the operation, the target, and the answer.
pub fn read(server: &Server, calls: &[Call]) -> Vec<(&'static str, String, String)> {
    let answers = calls.iter().map(|call| {
        let reply = server.send(call.method, &call.target, &[&bearer(&call.key)], call.body.as_bytes());
        (call.operation, call.target.clone(), reply.text())
    });
    answers.collect()
}

/// A route that is added is compared, or said not to be.
fn every_operation_is_compared(compared: &BTreeSet<&str>) {
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            compared.contains(id) != NOT_READ_BY_OTHERS.contains(&id),
            "{id} is neither compared nor said not to be, or both"
        );
    }
}
