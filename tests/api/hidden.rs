//! A hidden skill is nobody's business: whether somebody has it, wants it or contests it changes no byte of what anybody else
//! reads, on any route, in organisations drawn from a seed. And what somebody contests is not concluded again, whatever they
//! do afterwards.
//!
//! 12 organisations by default; `ANTENNE_HIDDEN_WORLDS=1000 cargo test --release --test api hidden` is the long run.

use crate::client::{bearer, event};
use crate::readers::{AT, PEOPLE, SKILLS, Told, differences, organisation, told};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::collections::BTreeSet;

fn worlds() -> u64 {
    let told = std::env::var("ANTENNE_HIDDEN_WORLDS").ok();
    told.and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// What the person says of a skill: that they have it, want something with it, or contest it.
fn word(who: &str, skill: &str, rng: &mut StdRng) -> Told {
    let of = json!({"person": who, "skill": skill});
    let with = |key: &str, value: &str| {
        let mut of = of.clone();
        of[key] = value.into();
        of
    };
    match rng.random_range(0..10) {
        0 | 1 => ("skill.asserted", with("origin", "declared")),
        2 => ("skill.asserted", with("origin", "imported")),
        3 => ("skill.confirmed", of),
        4 => ("skill.contested", of),
        5 => ("interest.declared", with("stance", "can_help")),
        6 => ("interest.declared", with("stance", "can_train")),
        7 => ("interest.declared", with("stance", "can_mentor")),
        8 => ("interest.declared", with("stance", "wants_to_learn")),
        _ => ("interest.declared", with("stance", "follows")),
    }
}

#[test]
fn a_hidden_skill_changes_no_byte_of_what_anybody_else_reads() {
    let mut shown: BTreeSet<&'static str> = BTreeSet::new();
    for seed in 0..worlds() {
        let mut rng = StdRng::seed_from_u64(seed);
        let facts = organisation(&mut rng);
        let who = format!("p{}", rng.random_range(0..PEOPLE));
        let skill = format!("s{}", rng.random_range(0..SKILLS));
        // Half of them show it to animators, who then are no others.
        let animators = rng.random_range(0..2) == 0;
        let audience = if animators { "me" } else { "animators" };
        let kept = (
            "skill.visibility_set",
            json!({"person": who, "skill": skill, "audience": audience}),
        );
        let said = word(&who, &skill, &mut rng);
        // As many events, of which this one changes nothing.
        let nothing = ("fact.retracted", json!({"source": "forum", "id": "never"}));
        let with = |more: &[&Told]| -> Vec<Told> { facts.iter().chain(more.iter().copied()).cloned().collect() };
        let (without, hidden) = (told(&with(&[&kept, &nothing])), told(&with(&[&kept, &said])));
        let found = differences(&without, &hidden, &[&who], animators);
        assert!(found.is_empty(), "seed {seed}: {who} {said:?} shows in {found:#?}");
        // The planted fault: what is not hidden does show.
        if shown.len() < 8 && seed < 12 {
            let declared = (
                "skill.asserted",
                json!({"person": who, "skill": skill, "origin": "declared", "level": 0.9}),
            );
            let open = told(&with(&[&nothing, &declared]));
            let closed = told(&with(&[&nothing, &nothing]));
            shown.extend(differences(&closed, &open, &[&who], true).keys());
        }
    }
    for route in ["person_card", "search_people", "question_experts", "draft_experts"] {
        assert!(
            shown.contains(route),
            "a skill that is shown to everybody changes nothing in {route}: {shown:?}"
        );
    }
    println!(
        "{} organisations; a skill that is not hidden shows in {shown:?}",
        worlds()
    );
}

/// Everything that speaks for a skill: accepted answers, contributions, colleagues' words, a project that is led.
fn new_evidence(who: &str, skill: &str) -> Vec<Told> {
    let craft = skill.replace('s', "craft");
    let mut facts: Vec<Told> = Vec::new();
    for n in 0..6 {
        let (question, answer) = (format!("new{n}"), format!("newa{n}"));
        facts.push((
            "question.created",
            json!({"question": question, "asker": "p99", "title": format!("More of {craft}?"), "tags": [craft]}),
        ));
        facts.push((
            "answer.created",
            json!({"answer": answer, "question": question, "author": who}),
        ));
        facts.push(("answer.accepted", json!({"answer": answer})));
        facts.push((
            "contribution.recorded",
            json!({"person": who, "community": "c0", "count": 5, "topics": [craft], "form": "practice"}),
        ));
        facts.push((
            "skill.asserted",
            json!({"person": who, "skill": skill, "origin": "endorsed", "by": format!("p{}", n + 5)}),
        ));
    }
    facts.push(("project.upserted", json!({"project": "much", "topics": [craft]})));
    facts.push((
        "participation.started",
        json!({"person": who, "project": "much", "role": "lead"}),
    ));
    facts
}

#[test]
fn what_is_contested_is_never_concluded_again() {
    let (mut concluded, mut again) = (0, 0);
    for seed in 0..worlds() {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x00c0_47e5);
        let server = told(&organisation(&mut rng));
        let officer = server.key("person", &["dpo"], None);
        let inferred = |who: &str| -> Vec<String> {
            let page = server.get_as(&officer, &format!("/v1/people/{who}/skills")).json();
            let skills = page["skills"].as_array().unwrap().iter();
            let found = skills.filter(|held| !held["inferred"].is_null());
            found.map(|held| held["skill"].as_str().unwrap().to_owned()).collect()
        };
        let Some((who, skill)) = (0..PEOPLE).find_map(|n| {
            let who = format!("p{n}");
            let skill = inferred(&who).into_iter().next()?;
            Some((who, skill))
        }) else {
            continue;
        };
        concluded += 1;
        let writer = server.key("writer", &["events:write", "dpo"], None);
        let mut number = 10_000;
        let mut say = |(kind, data): Told| {
            number += 1;
            let line = event(number, kind, AT, &data);
            let reply = server.send("POST", "/v1/events", &[&bearer(&writer)], line.as_bytes());
            assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
        };
        say(("skill.contested", json!({"person": who, "skill": skill})));
        for told in new_evidence(&who, &skill) {
            say(told);
            again += usize::from(inferred(&who).contains(&skill));
        }
    }
    assert_eq!(again, 0, "of {concluded} contested conclusions");
    assert!(concluded > 0, "nothing was ever concluded");
    println!("{concluded} conclusions contested, none concluded again");
}
