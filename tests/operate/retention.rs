//! The daily job over the real binary: a server lets leave what was kept long enough, soon after it started, and says so.

use crate::support::{Server, answer, antenne, stdout, temp};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Half a minute, in tries: the server looks for the first time five seconds after it started.
const TRIES: usize = 300;
const BETWEEN: Duration = Duration::from_millis(100);

/// A folder in which Ana was away until 32 days and until 10 days ago, and Bo left years ago.
fn furnished(home: &Path) -> PathBuf {
    let data = home.join("data");
    let day = |days: i64| {
        let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
        then.to_string()[..10].to_owned()
    };
    let told = |id: &str, kind: &str, data: Value| {
        json!({"id": id, "source": "hr", "type": kind, "at": "2024-01-01T08:00:00Z", "data": data}).to_string()
    };
    let person = |id: &str, person: &str| {
        let data = json!({"person": person, "name": format!("Canary {person}")});
        told(id, "person.upserted", data)
    };
    let away = |id: &str, until: i64| {
        let data = json!({"person": "ana", "from": day(until - 5), "until": day(until)});
        told(id, "absence.set", data)
    };
    let lines = [
        person("1", "ana"),
        person("2", "bo"),
        away("3", -32),
        away("4", -10),
        told("5", "person.left", json!({"person": "bo"})),
    ];
    let events = home.join("events.jsonl");
    std::fs::write(&events, lines.join("\n")).unwrap();
    antenne(&data).arg("import").arg(&events).assert().code(0);
    std::fs::write(data.join("antenne.toml"), "[retention]\nleft_days = 365\n").unwrap();
    data
}

#[test]
fn a_server_lets_leave_what_was_kept_long_enough_and_says_so() {
    let home = temp();
    let data = furnished(home.path());
    let server = Server::start(&data, &[], &[]);
    let said = (0..TRIES).find_map(|_| {
        std::thread::sleep(BETWEEN);
        let log = server.log();
        let line = log.lines().find(|line| line.contains("kept long enough"));
        line.map(str::to_owned)
    });
    let said = said.unwrap_or_else(|| panic!("{}", server.log()));
    assert!(said.contains("facts") && said.contains("people"), "{said}");
    assert!(!said.contains("Canary") && !said.contains("\"bo\""), "{said}");
    server.stop();

    let log = stdout(antenne(&data).arg("export"), 0);
    assert!(
        !log.contains("Canary bo") && !log.contains("\"bo\""),
        "who left years ago: {log}"
    );
    assert_eq!(
        log.matches("absence.set").count(),
        1,
        "ten days ago is no month ago: {log}"
    );
    assert!(log.contains("Canary ana"));
    let rows = answer(antenne(&data).args(["audit", "list", "--json"]), 0);
    let rows = rows["items"].as_array().unwrap().iter();
    assert_eq!(rows.filter(|row| row["action"] == "person.erased").count(), 1);
}
