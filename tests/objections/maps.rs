//! Skill maps count nobody who objects, whatever happened to the server between the objection and the release.

use crate::house::{Teller, token};
use crate::office::Office;
use serde_json::{Value, json};

/// A release made now; how many people are counted at all, and with the only skill there is.
fn published(office: &Office) -> (Value, Value) {
    let map: Value =
        serde_json::from_str(&office.command(&["skill-map", "--publish", "--json"])).expect("a page of the map");
    let row = &map["rows"][0];
    (row["people"]["people"].clone(), row["cells"][0]["people"].clone())
}

/// 28 people of whom everybody has one skill; how many are counted once `refused` objected, and the server died as `death`
/// says.
fn counted(refused: usize, until: Option<&str>, death: fn(&mut Office)) -> (Value, Value) {
    let mut teller = Teller::new();
    let mut office = Office::open(&mut teller);
    for n in 0..crate::house::PEOPLE {
        teller.say(
            1,
            "skill.asserted",
            json!({"person": token(n), "skill": "s0", "origin": "imported"}),
        );
        for craft in 1..crate::house::CRAFTS.len() {
            let said = json!({"person": token(n), "skill": format!("s{craft}"), "origin": "declared"});
            teller.say(1, "skill.retracted", said);
        }
    }
    let (status, report) = office.call("POST", "/v1/events", "platform", &teller.batch());
    assert!(status == 200 && report["rejected"] == json!([]), "{report}");
    for n in 0..refused {
        let mut wish = json!({"purpose": if n % 2 == 0 { "skill_map" } else { "all" }, "allowed": false});
        if let Some(until) = until {
            wish["until"] = until.into();
        }
        let (status, answer) = office.call("PUT", "/v1/me/preferences", &token(n), &wish.to_string());
        assert_eq!(status, 200, "{answer}");
    }
    death(&mut office);
    published(&office)
}

#[test]
fn a_release_counts_nobody_who_objects() {
    // Askers and newcomers are counted, and have no skill.
    let others = 3 + crate::house::NEWCOMERS;
    let all = (json!(28 + others), json!(28));
    let without = (json!(18 + others), json!(18));
    assert_eq!(counted(0, None, |_| ()), all);
    assert_eq!(counted(10, None, |_| ()), without, "at once");
    assert_eq!(counted(10, None, Office::kill), without, "after a crash");
    assert_eq!(counted(10, None, Office::restore), without, "after a restore");
    // The planted fault: an objection that does not act would be counted.
    assert_eq!(counted(10, Some("2020-01-01"), |_| ()), all);
}
