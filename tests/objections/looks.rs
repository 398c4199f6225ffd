//! Every route that may name people, as calls, with the purposes to which each belongs; and what an answer may not say of
//! whoever objects to them.

use crate::house::{COMMUNITIES, CRAFTS, NEWCOMERS, named};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Every purpose that can be objected to.
pub const PURPOSES: [&str; 7] = [
    "experts",
    "co_animators",
    "communities",
    "search",
    "skill_map",
    "inference",
    "thanks",
];
/// Who is named as evidence in others' answers agrees to all of these.
const NAMED: &[&str] = &["experts", "co_animators", "search"];

/// The purposes that each person refuses.
pub type Refused = BTreeMap<usize, BTreeSet<&'static str>>;

/// A call whose answer names people.
pub struct Look {
    /// What it is.
    pub kind: &'static str,
    pub method: &'static str,
    pub target: String,
    pub body: String,
    /// The name of the key.
    pub key: String,
    /// Whoever refuses one of these is not in its answer.
    pub hides: &'static [&'static str],
}

fn get(kind: &'static str, target: String, key: &str, hides: &'static [&'static str]) -> Look {
    Look {
        kind,
        method: "GET",
        target,
        body: String::new(),
        key: key.to_owned(),
        hides,
    }
}

fn post(kind: &'static str, target: &str, body: &serde_json::Value, key: &str, hides: &'static [&'static str]) -> Look {
    Look {
        method: "POST",
        body: body.to_string(),
        ..get(kind, target.to_owned(), key, hides)
    }
}

/// All of them.
pub fn looks() -> Vec<Look> {
    let mut looks = of_subjects();
    looks.extend(of_many());
    looks.extend((0..COMMUNITIES).flat_map(of_community));
    for n in 0..NEWCOMERS {
        let who = format!("neuf{n}");
        let page = format!("/v1/people/{who}/communities?limit=100");
        looks.push(get("whom to greet", page.clone(), "platform", NAMED));
        looks.push(get("whom to greet, to themself", page, &who, NAMED));
        looks.push(get("what colleagues show", "/v1/me/skills".to_owned(), &who, NAMED));
    }
    looks
}

/// Who could answer, and who knows, subject by subject.
fn of_subjects() -> Vec<Look> {
    let mut looks = Vec::new();
    for (n, craft) in CRAFTS.iter().enumerate() {
        let experts = format!("/v1/questions/open{n}/experts");
        let of = |kind, wish: &str, key| get(kind, format!("{experts}?{wish}"), key, &["experts"]);
        looks.push(of("experts", "limit=100", "platform"));
        looks.push(of("experts by fit alone", "limit=100&order=score", "weigher"));
        looks.push(of("group", "as=group", "platform"));
        let draft = json!({"title": format!("Comment régler le {craft} ?"), "tags": [craft]});
        looks.push(post("draft", "/v1/experts?limit=100", &draft, "platform", &["experts"]));
        let search = |kind, wish: String| get(kind, format!("/v1/people?limit=100&{wish}"), "platform", &["search"]);
        looks.push(search("search by words", format!("q={craft}%20r%C3%A9gler")));
        looks.push(search("search by skill", format!("skill=s{n}")));
        looks.push(search(
            "search with a facet",
            format!("q={craft}&community=c{}", n % COMMUNITIES),
        ));
    }
    looks
}

/// Many questions, or many communities, at once.
fn of_many() -> [Look; 3] {
    let open: Vec<String> = (0..CRAFTS.len()).map(|n| format!("open{n}")).collect();
    let page = json!({"questions": open, "limit": 100});
    let three = json!({"people_per_question": 3, "questions": open});
    [
        post(
            "experts of a page",
            "/v1/questions/experts",
            &page,
            "platform",
            &["experts"],
        ),
        post("plan of asks", "/v1/plans/asks", &three, "steward", &["experts"]),
        post(
            "plan of co-animators",
            "/v1/plans/co-animators",
            &json!({}),
            "steward",
            &["co_animators"],
        ),
    ]
}

/// What is told of a community, to everybody and to those who animate it.
fn of_community(n: usize) -> [Look; 5] {
    let place = format!("/v1/communities/c{n}");
    let own = format!("animator{n}");
    let of = |kind, rest: &str, key: &str, hides| get(kind, format!("{place}{rest}"), key, hides);
    [
        of("co-animators", "/co-animators?limit=100", "platform", &["co_animators"]),
        of("community", "", "platform", &["search"]),
        of("newcomers", "/newcomers?limit=100", &own, &["search"]),
        of("thanks", "/thanks", &own, &["search", "thanks"]),
        of("digest", "/digest", &own, &["search", "thanks"]),
    ]
}

/// Answers that name nobody at all, ever.
pub fn blind() -> Vec<Look> {
    let mut looks = vec![get(
        "health of the network",
        "/v1/health".to_owned(),
        "steward",
        &PURPOSES,
    )];
    for rest in ["", "/latest", "/latest/few", "/latest/unmet", "/latest/gaps"] {
        looks.push(get("skill map", format!("/v1/skill-maps{rest}"), "hr", &PURPOSES));
    }
    looks
}

/// Who is in the answer to `look` although they refuse a purpose of it.
pub fn breaches(look: &Look, answer: &str, refused: &Refused) -> Vec<String> {
    let named = named(answer).into_iter();
    let refuses = |n: &usize| {
        refused
            .get(n)
            .is_some_and(|of| look.hides.iter().any(|purpose| of.contains(purpose)))
    };
    named
        .filter(refuses)
        .map(|n| {
            format!(
                "person {n} refuses {:?} and is in {} ({})",
                refused[&n], look.kind, look.target
            )
        })
        .collect()
}
