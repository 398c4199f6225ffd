//! An anonymous question keeps its asker to itself: who it was changes no byte of what anybody else reads.

use crate::client::{Server, bearer, event};
use crate::readers::{self, AT, COMMUNITIES, PEOPLE, SKILLS, Told, differences};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::collections::BTreeSet;

/// An organisation in which `asker` asked a question, with or without their name. Zoé and Yan differ in everything: where
/// they work, where they belong, who helped them.
#[expect(clippy::too_many_lines, reason = "an organisation, told event by event")]
fn organisation(asker: &str, anonymous: bool) -> Server {
    let server = Server::start();
    let question = |id: &str, who: &str, title: &str, anonymous: bool| json!({"question": id, "asker": who, "title": title, "tags": ["pumps"], "anonymous": anonymous});
    let facts = [
        (
            "person.upserted",
            json!({"person": "zoe", "name": "Zoé Canary", "unit": "Group/Works", "site": "Lyon"}),
        ),
        (
            "person.upserted",
            json!({"person": "yan", "name": "Yan Finch", "unit": "Group/Sales", "site": "Brest"}),
        ),
        (
            "person.upserted",
            json!({"person": "bo", "name": "Bo Lind", "unit": "Group/Works"}),
        ),
        (
            "person.upserted",
            json!({"person": "cy", "name": "Cy Marsh", "unit": "Group/Sales"}),
        ),
        (
            "community.upserted",
            json!({"community": "owls", "kind": "interest", "access": "open", "name": "Owls"}),
        ),
        (
            "membership.added",
            json!({"person": "zoe", "community": "owls", "role": "member"}),
        ),
        (
            "membership.added",
            json!({"person": "bo", "community": "owls", "role": "member"}),
        ),
        (
            "question.created",
            question("early", "zoe", "How do I bleed the pump?", false),
        ),
        (
            "answer.created",
            json!({"answer": "a1", "question": "early", "author": "bo", "body": "Open the valve of the pump."}),
        ),
        (
            "question.created",
            question("other", "cy", "Which pump is quiet?", false),
        ),
        (
            "answer.created",
            json!({"answer": "a2", "question": "other", "author": "bo", "body": "The small pump."}),
        ),
        (
            "answer.created",
            json!({"answer": "a3", "question": "early", "author": "cy", "body": "Or the drain of the pump."}),
        ),
        (
            "question.created",
            question("veiled", asker, "Why does my pump whine?", anonymous),
        ),
        (
            "answer.created",
            json!({"answer": "a4", "question": "veiled", "author": "cy", "body": "Its bearing."}),
        ),
        (
            "question.created",
            question("late", asker, "Who mends a pump?", anonymous),
        ),
    ];
    let lines: Vec<_> = (1..)
        .zip(facts)
        .map(|(n, (kind, data))| event(n, kind, AT, &data))
        .collect();
    server.told(&lines);
    server
}

/// What others read that may come near the question.
fn read_by_others(server: &Server) -> Vec<(String, String)> {
    let cy = server.key("cy", &["recommend:read", "search:read", "member"], Some("cy"));
    let mut answers = Vec::new();
    for key in [&server.platform, &cy] {
        for question in ["veiled", "late", "early", "other"] {
            for query in ["", "?limit=100", "?outside=unit", "?as=group"] {
                let target = format!("/v1/questions/{question}/experts{query}");
                answers.push((target.clone(), server.get_as(key, &target).text()));
            }
        }
        for target in [
            "/v1/questions?status=all",
            "/v1/questions",
            "/v1/people/cy/communities",
            "/v1/people/zoe",
            "/v1/people/yan",
            "/v1/people/cy",
            "/v1/communities/owls",
        ] {
            answers.push((target.to_owned(), server.get_as(key, target).text()));
        }
        let page = json!({"questions": ["veiled", "late"]}).to_string();
        let reply = server.send("POST", "/v1/questions/experts", &[&bearer(key)], page.as_bytes());
        answers.push(("a page of questions".to_owned(), reply.text()));
    }
    let steward = server.key("steward", &["steward"], None);
    let plan = json!({"people_per_question": 2}).to_string();
    let reply = server.send("POST", "/v1/plans/asks", &[&bearer(&steward)], plan.as_bytes());
    answers.push(("a plan".to_owned(), reply.text()));
    let log = server.key("admin", &["admin"], None);
    answers.push(("sources".to_owned(), server.get_as(&log, "/v1/admin/sources").text()));
    answers
}

fn differing(anonymous: bool) -> Vec<String> {
    let (zoe, yan) = (organisation("zoe", anonymous), organisation("yan", anonymous));
    let (of_zoe, of_yan) = (read_by_others(&zoe), read_by_others(&yan));
    assert!(
        of_zoe
            .iter()
            .all(|(target, text)| !text.contains("\"status\":4") || target.contains("outside")),
        "{of_zoe:#?}"
    );
    let pairs = of_zoe.into_iter().zip(of_yan);
    pairs
        .filter(|(a, b)| a != b)
        .map(|(a, b)| format!("{}\n{}\n{}", a.0, a.1, b.1))
        .collect()
}

#[test]
fn who_asks_anonymously_changes_nothing_for_others() {
    let found = differing(true);
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    // The test of the test: a question with a name does show whose it is.
    assert!(differing(false).len() > 4);
}

#[test]
fn whoever_asked_anonymously_still_sees_what_is_theirs() {
    let server = organisation("zoe", true);
    let zoe = server.key("zoe", &["recommend:read", "member"], Some("zoe"));
    let yan = server.key("yan", &["recommend:read", "member"], Some("yan"));
    let answer = |key: &str, query: &str| server.get_as(key, &format!("/v1/questions/late/experts{query}")).json();
    let bo = |key: &str, query: &str| {
        let answer = answer(key, query);
        let items = answer["items"].as_array().unwrap();
        items.iter().find(|item| item["subject"] == "bo").cloned()
    };
    // Bo works where she does and shares a community with her: to her he is near, and to nobody else.
    assert!(bo(&zoe, "?outside=unit").is_none());
    assert_eq!(answer(&zoe, "?outside=unit")["excluded"]["same_unit"], "some");
    for other in [&yan, &server.platform] {
        assert!(bo(other, "?outside=unit").is_some());
        assert_eq!(
            answer(other, "?outside=unit")["excluded"]["same_unit"],
            serde_json::Value::Null
        );
    }
    let score = |key: &str| bo(key, "").unwrap()["score"].as_f64().unwrap();
    assert!(score(&zoe) > score(&yan), "{} {}", score(&zoe), score(&yan));
    let export = server.get_as(&zoe, "/v1/me/export").json();
    let asked: Vec<_> = export["events"].as_array().unwrap().iter().collect();
    let asked = asked.iter().filter(|event| event["type"] == "question.created");
    let asked: Vec<_> = asked.map(|event| event["data"]["question"].as_str().unwrap()).collect();
    assert_eq!(asked, ["early", "veiled", "late"]);
    assert_eq!(export["derived"]["asked"], 3);
    let theirs = server.get_as(&yan, "/v1/me/export").json();
    assert_eq!(theirs["derived"]["asked"], 0);
    assert!(!theirs.to_string().contains("veiled"));
    // Nobody is shown their own question as one to answer, with or without a name.
    let offered = |key: &str| {
        server
            .get_as(key, "/v1/me/questions?limit=100")
            .text()
            .contains("\"late\"")
    };
    assert!(!offered(&zoe));
    let cy = server.key("cy", &["member"], Some("cy"));
    assert!(offered(&cy));
}

/// Zoé, who came to two communities lately, asked under her name in one of them and was answered, and Yan, who belongs
/// nowhere and never asked: neither has anything to be proposed for.
fn zoe_and_yan() -> Vec<Told> {
    let mut facts: Vec<Told> = vec![
        (
            "person.upserted",
            json!({"person": "zoe", "name": "Zoé Canary", "unit": "Group/U0", "site": "Lyon"}),
        ),
        (
            "person.upserted",
            json!({"person": "yan", "name": "Yan Finch", "unit": "Group/U1", "site": "Brest"}),
        ),
        (
            "question.created",
            json!({"question": "open", "asker": "zoe", "title": "Who keeps craft0 going?", "tags": ["craft0"], "community": "c0"}),
        ),
        (
            "answer.created",
            json!({"answer": "opened", "question": "open", "author": "p3"}),
        ),
    ];
    facts.extend((0..2).map(|n| {
        let joined = json!({"person": "zoe", "community": format!("c{n}"), "role": "member"});
        ("membership.added", joined)
    }));
    facts
}

/// What `asker` asked, in every community and in none; some of it answered, accepted, or waiting.
fn asked_by(asker: &str, anonymous: bool, rng: &mut StdRng) -> Vec<Told> {
    let mut facts: Vec<Told> = Vec::new();
    for n in 0..8 {
        let (question, craft) = (format!("veiled{n}"), n % SKILLS);
        let mut asked = json!({"question": question, "asker": asker, "title": format!("What ails craft{craft}?"),
            "tags": [format!("craft{craft}")], "anonymous": anonymous});
        if n % (COMMUNITIES + 1) < COMMUNITIES {
            asked["community"] = format!("c{}", n % (COMMUNITIES + 1)).into();
        }
        facts.push(("question.created", asked));
        for m in 0..rng.random_range(0..3) {
            let (answer, author) = (format!("v{n}-{m}"), format!("p{}", rng.random_range(0..PEOPLE)));
            facts.push((
                "answer.created",
                json!({"answer": answer, "question": question, "author": author}),
            ));
            if rng.random_range(0..2) == 0 {
                facts.push(("answer.accepted", json!({"answer": answer})));
            }
        }
    }
    facts
}

#[test]
fn who_asks_anonymously_changes_no_byte_on_any_route_of_any_organisation() {
    let mut shown = BTreeSet::new();
    for seed in 0..4 {
        let mut rng = StdRng::seed_from_u64(seed ^ 0xd15c);
        let mut facts = readers::organisation(&mut rng);
        facts.extend(zoe_and_yan());
        let story: u64 = rng.random();
        let asked = |asker: &str, anonymous: bool| {
            let story = asked_by(asker, anonymous, &mut StdRng::seed_from_u64(story));
            readers::told(&[&facts[..], &story].concat())
        };
        let found = differences(&asked("zoe", true), &asked("yan", true), &["zoe", "yan"], true);
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
        // The planted fault: whoever asks under their name does show.
        let open = differences(&asked("zoe", false), &asked("yan", false), &["zoe", "yan"], true);
        shown.extend(open.into_keys());
    }
    for route in [
        "waiting_newcomers",
        "network_health",
        "person_communities",
        "digest",
        "community_card",
    ] {
        assert!(shown.contains(route), "a name changes nothing in {route}: {shown:?}");
    }
}
