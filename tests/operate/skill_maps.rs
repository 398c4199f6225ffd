//! Skill maps over the real binary: made by the server when they are due, read beside it and after it, and gone from sight as
//! soon as they are switched off.

use crate::support::{Server, answer, antenne, bearer, stderr, stdout, temp};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Half a minute, in tries, each of which is a row of the audit log: the server looks for the first time two seconds after it
/// started.
const TRIES: usize = 60;
const BETWEEN: Duration = Duration::from_millis(500);

/// A folder with sixty people in two units, of whom twenty in each weld, and a key that reads maps.
fn peopled(home: &Path) -> (PathBuf, String) {
    let data = home.join("data");
    let mut lines = String::new();
    let mut say = |number: usize, kind: &str, data: Value| {
        let line =
            json!({"id": number.to_string(), "source": "hr", "type": kind, "at": "2024-01-01T08:00:00Z", "data": data});
        lines.push_str(&line.to_string());
        lines.push('\n');
    };
    say(
        0,
        "skill.upserted",
        json!({"skill": "welding", "labels": {"en": "Welding", "fr": "Soudage"}}),
    );
    for n in 0..60 {
        let (person, unit) = (format!("p-{n}"), ["Works/North", "Works/South"][n % 2]);
        say(2 * n + 1, "person.upserted", json!({"person": person, "unit": unit}));
        if n < 40 {
            say(
                2 * n + 2,
                "skill.asserted",
                json!({"person": person, "skill": "welding", "origin": "imported"}),
            );
        }
    }
    let events = home.join("events.jsonl");
    std::fs::write(&events, lines).unwrap();
    antenne(&data).arg("import").arg(&events).assert().code(0);
    let make = ["keys", "create", "--name", "planner", "--scopes", "hr:read"];
    let key = stdout(antenne(&data).args(make), 0);
    (data, key.trim().to_owned())
}

fn configure(data: &Path, home: &Path) {
    let targets = home.join("targets.csv");
    std::fs::write(&targets, "unit,skill,people\nWorks/North,welding,25\n").unwrap();
    let text = format!(
        "[skill_maps]\nenabled = true\nk = 5\ntargets = \"{}\"\n",
        targets.display()
    );
    std::fs::write(data.join("antenne.toml"), text).unwrap();
}

/// Whether the server published its first release by itself.
fn made(server: &Server, key: &str) -> bool {
    (0..TRIES).any(|_| {
        std::thread::sleep(BETWEEN);
        let (_, list) = server.send("GET", "/v1/skill-maps", &[bearer(key)], "");
        list["items"][0]["release"] == 1
    })
}

#[test]
fn a_release_is_made_when_it_is_due_and_read_beside_the_server_and_after_it() {
    let home = temp();
    let (data, key) = peopled(home.path());
    let refused = stderr(antenne(&data).arg("skill-map"), 1);
    assert!(refused.contains("[skill_maps]"), "{refused}");
    configure(&data, home.path());
    let server = Server::start(&data, &[], &[]);
    assert!(made(&server, &key), "{}", server.log());
    let get = |target: &str| server.send("GET", &format!("/v1/skill-maps/latest{target}"), &[bearer(&key)], "");
    let (status, page) = get("?unit_depth=2&skill_depth=2");
    assert_eq!((status, &page["people"]["people"]), (200, &json!(60)));
    let rows = page["rows"].as_array().unwrap();
    let cells: Vec<_> = rows.iter().map(|row| row["cells"][0]["people"].as_u64()).collect();
    assert_eq!(cells, [Some(40), Some(40), Some(20), Some(20)]);
    assert_eq!(get("/gaps").1["items"][0]["missing"], 5);
    let beside = [
        "skill-map",
        "--rows",
        "unit",
        "--columns",
        "skill",
        "--depth",
        "2",
        "--json",
    ];
    let beside = answer(antenne(&data).args(beside), 0);
    assert_eq!(beside, page, "the command says what the wire says");
    let log = server.stop();
    assert!(log.contains("a skill map was published"), "{log}");
    let table = stdout(antenne(&data).args(["skill-map", "--depth", "2", "--csv"]), 0);
    assert_eq!(
        table,
        "unit,people,welding\n,60,40\nWorks,60,40\nWorks/North,30,20\nWorks/South,30,20\n"
    );
    let french = ["skill-map", "--unit", "Works/North", "--language", "fr"];
    let text = stdout(antenne(&data).args(french), 0);
    assert!(
        text.contains("Works/North  30") && text.contains("Soudage: 20"),
        "{text}"
    );
    // Each read is in the audit log, over the wire and at the command line, and the switch that was turned.
    let log = answer(antenne(&data).args(["audit", "list", "--limit", "100", "--json"]), 0);
    let did = |action: &str| {
        let rows = log["items"].as_array().unwrap();
        rows.iter().filter(|row| row["action"] == action).count()
    };
    assert!(did("skill_map.read") >= 6 && did("switch.set") > 0, "{log}");
}

#[test]
fn switched_off_nothing_is_read_and_conclusions_have_a_switch_of_their_own() {
    let home = temp();
    let (data, key) = peopled(home.path());
    configure(&data, home.path());
    let publish = |environment: &[(&str, &str)]| {
        let mut command = antenne(&data);
        command.envs(environment.iter().copied());
        answer(
            command.args(["skill-map", "--publish", "--origin", "inferred", "--json"]),
            0,
        )
    };
    let first = publish(&[]);
    assert_eq!((&first["release"], &first["inferred"]), (&json!(1), &json!(false)));
    let text = stdout(antenne(&data).args(["skill-map", "--origin", "inferred"]), 0);
    assert!(text.contains("`[skill_maps] inferred` is off"), "{text}");
    let second = publish(&[("ANTENNE_SKILL_MAPS_INFERRED", "true")]);
    assert_eq!((&second["release"], &second["inferred"]), (&json!(2), &json!(true)));
    let off = [("ANTENNE_SKILL_MAPS_ENABLED", "false")];
    let mut silent = antenne(&data);
    silent.envs(off);
    assert!(stderr(silent.arg("skill-map"), 1).contains("off"));
    let server = Server::start(&data, &[], &off);
    let get = |target: &str| server.send("GET", &format!("/v1/skill-maps{target}"), &[bearer(&key)], "");
    assert_eq!(get("").1["items"], json!([]));
    let (status, unknown) = get("/999");
    let (same, known) = get("/1");
    assert_eq!((status, same, &known["detail"]), (404, 404, &unknown["detail"]));
    server.stop();
}
