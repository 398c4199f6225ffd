//! The daily job over the real binary: a server lets leave what was kept long enough, soon after it started, and says so.

use crate::support::{Server, answer, antenne, stdout, temp};
use serde_json::json;
use std::time::{Duration, Instant};

/// The server looks for the first time five seconds after it started.
const SOON: Duration = Duration::from_secs(60);

#[test]
#[expect(clippy::disallowed_methods, reason = "waiting for a server needs a clock")]
fn a_server_lets_leave_what_was_kept_long_enough_and_says_so() {
    let home = temp();
    let data = home.path().join("data");
    let day =
        |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    let away = |id: &str, person: &str, until: i64| {
        let data = json!({"person": person, "from": day(until - 5), "until": day(until)});
        json!({"id": id, "source": "hr", "type": "absence.set", "at": "2024-01-01T08:00:00Z", "data": data}).to_string()
    };
    let person = |id: &str, person: &str| {
        let data = json!({"person": person, "name": format!("Canary {person}")});
        json!({"id": id, "source": "hr", "type": "person.upserted", "at": "2024-01-01T08:00:00Z", "data": data})
            .to_string()
    };
    let left = json!({"id": "9", "source": "hr", "type": "person.left", "at": "2024-02-01T08:00:00Z", "data": {"person": "bo"}});
    let lines = [
        person("1", "ana"),
        person("2", "bo"),
        away("3", "ana", -31 - 1),
        away("4", "ana", -10),
        left.to_string(),
    ];
    let events = home.path().join("events.jsonl");
    std::fs::write(&events, lines.join("\n")).unwrap();
    antenne(&data).arg("import").arg(&events).assert().code(0);
    std::fs::write(data.join("antenne.toml"), "[retention]\nleft_days = 365\n").unwrap();

    let server = Server::start(&data, &[], &[]);
    let since = Instant::now();
    while !server.log().contains("what was kept long enough has left") {
        assert!(since.elapsed() < SOON, "{}", server.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let said = server.log();
    let line = said.lines().find(|line| line.contains("kept long enough")).unwrap();
    assert!(
        line.contains("facts") && line.contains("people") && !line.contains("bo\""),
        "{line}"
    );
    server.stop();
    let log = stdout(antenne(&data).arg("export"), 0);
    assert!(
        !log.contains("Canary bo") && !log.contains("\"bo\""),
        "who left a year ago: {log}"
    );
    assert_eq!(
        log.matches("absence.set").count(),
        1,
        "ten days ago is no month ago: {log}"
    );
    assert!(log.contains("Canary ana"));
    let rows = answer(antenne(&data).args(["audit", "list", "--json"]), 0);
    let erased = rows["items"].as_array().unwrap().iter();
    assert_eq!(
        erased.filter(|row| row["action"] == "person.erased").count(),
        1,
        "{rows}"
    );
}
