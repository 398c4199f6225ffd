//! What a person's own pages, card and name show of what they refuse or contest.

use crate::house::{COMMUNITIES, CRAFTS, animates, token};
use crate::list;
use crate::office::Office;
use serde_json::Value;
use std::collections::BTreeSet;

/// Person `n` refuses these purposes: no page of communities, no conclusion, no card, no name, as each says.
pub fn refused(office: &mut Office, n: usize, refuses: &BTreeSet<&str>) {
    let found = breaches(office, n, refuses);
    assert!(found.is_empty(), "{found:#?}");
}

/// What shows although person `n` refuses it.
pub fn breaches(office: &mut Office, n: usize, refuses: &BTreeSet<&str>) -> Vec<String> {
    let who = token(n);
    let mut found = Vec::new();
    if refuses.contains("communities") {
        let (status, page) = office.call("GET", &format!("/v1/people/{who}/communities"), "platform", "");
        if status != 200 || !list(&page["items"]).is_empty() {
            found.push(format!("{who} gets a page of communities: {status} {page}"));
        }
    }
    if refuses.contains("inference") {
        let (status, page) = office.call("GET", "/v1/me/skills", &who, "");
        let concluded = list(&page["skills"]).iter().any(is_concluded);
        if status != 200 || page["inference"] != false || concluded {
            found.push(format!("something is concluded of {who}: {status} {page}"));
        }
    }
    if refuses.contains("search") {
        let (status, card) = office.call("GET", &format!("/v1/people/{who}"), "platform", "");
        if status != 404 {
            found.push(format!("{who} has a card: {status} {card}"));
        }
        let (status, names) = office.call("GET", &format!("/v1/names/people?q=N{who}"), "platform", "");
        if status != 200 || names.to_string().contains(&who) {
            found.push(format!("{who} is found by name: {status} {names}"));
        }
        if animates(n) {
            let (place, key) = (format!("c{}", n % COMMUNITIES), format!("animator{}", n % COMMUNITIES));
            let sheet = format!("/v1/communities/{place}/digest?hand_over={who}");
            let (status, sheet) = office.call("GET", &sheet, &key, "");
            if status != 404 {
                found.push(format!("{who} is named on the sheet of {place}: {status} {sheet}"));
            }
        }
    }
    found
}

/// Person `n` contests the craft: nobody says that they have it, and it is never concluded.
pub fn contested(office: &mut Office, n: usize, craft: usize) {
    let found = contested_breaches(office, n, craft);
    assert!(found.is_empty(), "{found:#?}");
}

/// What says that person `n` has the craft.
pub fn contested_breaches(office: &mut Office, n: usize, craft: usize) -> Vec<String> {
    let (who, skill) = (token(n), format!("s{craft}"));
    let mut found = Vec::new();
    let is_it = |held: &&Value| held["skill"] == skill.as_str();
    let (status, page) = office.call("GET", "/v1/me/skills", &who, "");
    let own = list(&page["skills"]).iter().find(is_it);
    let stands = own.is_some_and(|held| held["stand"] == "contested" && list(&held["origins"]).is_empty());
    if status != 200 || !stands || own.is_some_and(is_concluded) {
        found.push(format!("{who} has {skill} on their page: {status} {own:?}"));
    }
    let (_, card) = office.call("GET", &format!("/v1/people/{who}"), "platform", "");
    if list(&card["skills"]).iter().any(|held| is_it(&held)) {
        found.push(format!("{who} has {skill} on their card: {card}"));
    }
    // Who answered about it may be found by that, and never as somebody who has it.
    for wish in [format!("skill={skill}"), format!("q={}", CRAFTS[craft])] {
        let (_, answer) = office.call("GET", &format!("/v1/people?limit=100&{wish}"), "platform", "");
        let hit = list(&answer["items"]).iter().find(|hit| hit["subject"] == who.as_str());
        let reasons = hit.map_or(&[][..], |hit| list(&hit["reasons"]));
        if reasons.iter().any(|reason| reason["code"] == "skill") {
            found.push(format!("{who} is found by {skill}: {hit:?}"));
        }
    }
    let experts = format!("/v1/questions/open{craft}/experts?limit=100");
    let (_, answer) = office.call("GET", &experts, "platform", "");
    let pick = list(&answer["items"])
        .iter()
        .find(|pick| pick["subject"] == who.as_str());
    let mut facts = pick
        .map_or(&[][..], |pick| list(&pick["reasons"]))
        .iter()
        .flat_map(|reason| list(&reason["facts"]));
    if facts.any(|fact| fact["id"] == skill.as_str()) {
        found.push(format!("{who} is asked because of {skill}: {pick:?}"));
    }
    found
}

fn is_concluded(held: &Value) -> bool {
    !held["inferred"].is_null() || list(&held["origins"]).iter().any(|origin| origin == "inferred")
}
