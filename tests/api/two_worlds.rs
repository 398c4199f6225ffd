//! Two organisations that differ in nothing but what is one person's own: when they are away, how many hours they give and
//! carry, how fast they answer.
//!
//! To readers whom that does not concern, answers may differ in whom they name and in what order: who is in a list or greeted,
//! `rank`, `base_rank`, `moved_by`, counts of people who are not considered, and the names of the answers themselves. Nothing
//! else differs: no figure and no sentence.

use crate::client::{Server, bearer, event};
use serde_json::{Value, json};

const LONG_AGO: &str = "2024-06-01T08:00:00Z";

/// An event about what is somebody's own: its type, when it is told, and what it says.
type Own = (&'static str, &'static str, Value);

/// Ana animates `pumps` and will be away; Bo offered, Cy animates `tea`, and both give to `pumps`; Nia is new and Eve belongs.
/// `own` is told last.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation(own: &[Own]) -> Server {
    let server = Server::start();
    let officer = server.key("officer", &["events:write", "dpo"], None);
    let mut facts = Vec::new();
    for community in ["pumps", "tea"] {
        facts.push((
            "community.upserted",
            LONG_AGO,
            json!({"community": community, "kind": "interest", "access": "open", "name": community, "topics": [community]}),
        ));
    }
    for (person, unit) in [
        ("ana", "Works"),
        ("bo", "Lab"),
        ("cy", "Yard"),
        ("eve", "Dock"),
        ("nia", "Yard"),
    ] {
        facts.push((
            "person.upserted",
            LONG_AGO,
            json!({"person": person, "name": person, "unit": unit}),
        ));
    }
    for (person, community, role) in [
        ("ana", "pumps", "animator"),
        ("bo", "pumps", "member"),
        ("cy", "pumps", "member"),
        ("eve", "pumps", "member"),
        ("cy", "tea", "animator"),
    ] {
        facts.push((
            "membership.added",
            LONG_AGO,
            json!({"person": person, "community": community, "role": role}),
        ));
    }
    for n in 0..6 {
        let (question, author) = (format!("q{n}"), if n % 2 == 0 { "bo" } else { "cy" });
        facts.push((
            "question.created",
            "2026-02-20T07:00:00Z",
            json!({"question": question, "asker": "eve", "title": "Why does it leak?", "community": "pumps", "tags": ["pumps"]}),
        ));
        facts.push((
            "answer.created",
            "2026-02-20T09:00:00Z",
            json!({"question": question, "answer": format!("a{n}"), "author": author, "body": "A worn seal."}),
        ));
    }
    facts.push((
        "absence.set",
        LONG_AGO,
        json!({"person": "ana", "from": "2026-03-12", "until": "2026-03-26"}),
    ));
    facts.push((
        "animation.offered",
        LONG_AGO,
        json!({"person": "bo", "communities": ["pumps"]}),
    ));
    facts.extend(own.iter().cloned());
    let lines: Vec<String> = (1..)
        .zip(&facts)
        .map(|(n, (kind, at, data))| event(n, kind, at, data))
        .collect();
    let sent = server.send("POST", "/v1/events", &[&bearer(&officer)], lines.join("\n").as_bytes());
    assert_eq!(sent.json()["rejected"], json!([]), "{}", sent.text());
    server
}

/// What is Cy's own, in one world and in the other.
#[expect(clippy::too_many_lines, reason = "one pair after the other, event by event")]
fn pairs() -> Vec<(&'static str, [Vec<Own>; 2])> {
    let now = "2026-03-01T08:00:00Z";
    let away = |from: &str, until: &str| {
        vec![(
            "absence.set",
            now,
            json!({"person": "cy", "from": from, "until": until}),
        )]
    };
    let gives = |hours: f64| {
        vec![(
            "capacity.set",
            now,
            json!({"person": "cy", "animation_hours_per_week": hours}),
        )]
    };
    let carries = |hours: f64| {
        let mut facts = gives(12.0);
        facts.push((
            "animation.recorded",
            now,
            json!({"person": "cy", "community": "tea", "hours": hours}),
        ));
        facts
    };
    let answers = |at: &'static str| {
        vec![
            (
                "question.created",
                "2026-02-25T01:00:00Z",
                json!({"question": "fast", "asker": "eve", "title": "Which seal?", "community": "pumps", "tags": ["pumps"]}),
            ),
            (
                "answer.created",
                at,
                json!({"question": "fast", "answer": "so fast", "author": "cy", "body": "The blue one."}),
            ),
        ]
    };
    vec![
        // A few of the days on which somebody is needed, and days that nobody looks at.
        (
            "absence",
            [away("2026-03-13", "2026-03-17"), away("2026-11-13", "2026-11-17")],
        ),
        ("hours", [gives(3.0), gives(12.0)]),
        ("load", [carries(2.0), carries(6.0)]),
        (
            "pace",
            [answers("2026-02-25T02:00:00Z"), answers("2026-02-25T22:00:00Z")],
        ),
        // One day, and it is today: who is away is not named at all.
        (
            "today",
            [away("2026-03-02", "2026-03-02"), away("2026-11-02", "2026-11-02")],
        ),
    ]
}

/// What the reader with `key` is told of pumps and of where Nia may belong, target by target.
fn read(server: &Server, key: &str, plan: &str) -> Vec<Value> {
    let mut answers: Vec<Value> = [
        "/v1/communities/pumps/co-animators?limit=1",
        "/v1/communities/pumps/co-animators?limit=3",
        "/v1/communities/pumps/co-animators?limit=100",
        "/v1/communities/pumps",
        "/v1/people/nia/communities",
    ]
    .iter()
    .map(|target| server.get_as(key, target).json())
    .collect();
    let planned = server.send(
        "POST",
        "/v1/plans/co-animators",
        &[&bearer(plan)],
        br#"{"communities":["pumps"]}"#,
    );
    answers.push(planned.json());
    answers
}

/// All that an answer says but whom it names, in what order, and what it is called itself; people by name.
fn told(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for named in ["recommendation", "generation", "as_of", "excluded"] {
        answer.as_object_mut().unwrap().remove(named);
    }
    for item in answer["items"].as_array_mut().into_iter().flatten() {
        item.as_object_mut().unwrap().remove("recommendation");
        unranked(item);
        for pick in item["picks"].as_array_mut().into_iter().flatten() {
            unranked(pick);
        }
        if item["picks"].is_array() {
            sort(&mut item["picks"]);
        }
    }
    if answer.get("community").is_some() && answer["items"].is_array() {
        sort(&mut answer["items"]);
    }
    answer
}

/// Without its place; and a record that is cited bears its own date.
fn unranked(item: &mut Value) {
    for place in ["rank", "base_rank", "moved_by"] {
        item.as_object_mut().unwrap().remove(place);
    }
    let reasons = item["reasons"].as_array_mut().into_iter().flatten();
    for cited in reasons.flat_map(|reason| reason["facts"].as_array_mut().into_iter().flatten()) {
        cited.as_object_mut().unwrap().remove("at");
    }
}

fn sort(items: &mut Value) {
    items
        .as_array_mut()
        .unwrap()
        .sort_by_key(|item| item["subject"].as_str().map(str::to_owned));
}

fn subjects(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().into_iter().flatten();
    let picks = items.flat_map(|item| match item["picks"].as_array() {
        Some(picks) => picks.iter().collect::<Vec<_>>(),
        None => vec![item],
    });
    let mut named: Vec<&str> = picks.map(|pick| pick["subject"].as_str().unwrap()).collect();
    named.sort_unstable();
    named
}

/// The answers in which the same people are named and something else differs. Of a newcomer's page: whoever is greeted in one
/// world may not be in the other.
fn differing(one: &[Value], other: &[Value]) -> Vec<String> {
    let pairs = one.iter().zip(other).filter(|(a, b)| subjects(a) == subjects(b));
    let pairs = pairs.map(|(a, b)| {
        let (mut a, mut b) = (told(a), told(b));
        let items = [&mut a, &mut b].map(|answer| answer["items"].as_array_mut().into_iter().flatten());
        let [ours, theirs] = items;
        for (mine, yours) in ours.zip(theirs) {
            if mine["greet"]["person"] != yours["greet"]["person"] {
                (mine["greet"], yours["greet"]) = (Value::Null, Value::Null);
            }
        }
        (a, b)
    });
    let pairs = pairs.filter(|(a, b)| a != b);
    pairs.map(|(a, b)| format!("{a:#}\n{b:#}")).collect()
}

#[test]
fn what_is_ones_own_changes_no_figure_and_no_sentence_for_others() {
    let readers = |server: &Server| {
        let scopes = ["recommend:read", "search:read", "member"];
        let own = |person: &str| server.key(person, &scopes, Some(person));
        [server.platform.clone(), own("eve"), own("bo")]
    };
    for (name, [one, other]) in pairs() {
        let (one, other) = (organisation(&one), organisation(&other));
        let plan = |server: &Server| server.key("steward", &["steward"], None);
        let (plan_one, plan_other) = (plan(&one), plan(&other));
        for (key_one, key_other) in readers(&one).iter().zip(&readers(&other)) {
            let (a, b) = (read(&one, key_one, &plan_one), read(&other, key_other, &plan_other));
            let found = differing(&a, &b);
            assert!(found.is_empty(), "{name}: {}", found.join("\n"));
            let (list, otherwise) = (subjects(&a[2]), subjects(&b[2]));
            assert_eq!(otherwise, ["bo", "cy", "eve"], "{name}");
            if name == "today" {
                assert_eq!(list, ["bo", "eve"]);
                assert!(!a[2].to_string().contains("\"cy\""), "nothing at all is said: {}", a[2]);
            } else {
                assert_eq!(list, otherwise, "{name}");
            }
        }
        // The test of the test: Cy reads of their hours, and Ana of days, what nobody else does. How fast somebody answers
        // weighs nothing as shipped.
        let own = |server: &Server| {
            let whom = if name == "absence" { "ana" } else { "cy" };
            let key = server.key(whom, &["recommend:read", "member"], Some(whom));
            [server
                .get_as(&key, "/v1/communities/pumps/co-animators?limit=100")
                .json()]
        };
        if !["pace", "today"].contains(&name) {
            assert!(!differing(&own(&one), &own(&other)).is_empty(), "{name} shows to Cy");
        }
    }
}
