//! The audit log at the command line: listed, followed from end to end, and found out where somebody tampered.

use crate::support::{Server, answer, antenne, furnished, stderr, stdout, sums, temp};
use rusqlite::Connection;
use std::path::Path;

/// What somebody with the file in their hands does to it.
fn tamper(data: &Path, sql: &str) {
    let connection = Connection::open(data.join("antenne.db")).unwrap();
    let mut triggers = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    let found: Vec<(String, String)> = triggers
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    drop(triggers);
    for (name, _) in &found {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
    for (_, text) in &found {
        connection.execute_batch(text).unwrap();
    }
}

#[test]
fn what_was_done_is_listed_and_its_record_is_whole_beside_a_server_and_without_one() {
    let home = temp();
    let (data, _) = furnished(home.path(), 3);
    let server = Server::start(&data, &[], &[]);
    antenne(&data).args(["keys", "revoke", "plugin"]).assert().code(0);
    let rows = answer(antenne(&data).args(["audit", "list", "--json"]), 0);
    let actions: Vec<_> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["action"].clone())
        .collect();
    assert!(actions.contains(&"key.created".into()), "{rows}");
    assert_eq!(actions[0], "key.revoked");
    let beside = answer(antenne(&data).args(["audit", "verify", "--json"]), 0);
    server.stop();
    let before = sums(&data);
    let alone = answer(antenne(&data).args(["audit", "verify", "--json"]), 0);
    assert_eq!(beside, alone);
    assert_eq!(
        (&alone["whole"], alone["rows"].as_u64()),
        (&true.into(), Some(actions.len() as u64))
    );
    assert_eq!(sums(&data), before, "a look changes nothing");
    let line = stdout(antenne(&data).args(["audit", "list", "--limit", "1"]), 0);
    assert!(line.contains("key.revoked  command operator  plugin"), "{line}");
}

/// The newest row.
fn newest(data: &Path) -> serde_json::Value {
    let rows = answer(antenne(data).args(["audit", "list", "--limit", "1", "--json"]), 0);
    rows["items"][0].clone()
}

#[test]
fn what_leaves_the_folder_is_recorded_beside_a_server_and_without_one() {
    let home = temp();
    let (data, _) = furnished(home.path(), 3);
    let generation = answer(antenne(&data).args(["stats", "--json"]), 0)["generation"].clone();
    let leave = |name: &str| {
        let file = home.path().join(name);
        antenne(&data).arg("backup").arg(&file).assert().code(0);
        assert_eq!(newest(&data)["action"], "backup.made", "{name}");
        antenne(&data).args(["person", "export", "p-3"]).assert().code(0);
        assert_eq!(newest(&data)["action"], "person.exported", "{name}");
        antenne(&data).arg("export").assert().code(0);
        let row = newest(&data);
        assert_eq!(
            (&row["action"], &row["via"], &row["by"]),
            (&"log.exported".into(), &"command".into(), &"operator".into())
        );
        file
    };
    let alone = leave("alone");
    let server = Server::start(&data, &[], &[]);
    let beside = leave("beside");
    server.stop();
    for file in [alone, beside] {
        let restored = file.with_extension("restored");
        antenne(&restored).arg("restore").arg(&file).assert().code(0);
        let rows = answer(antenne(&restored).args(["audit", "list", "--json"]), 0);
        let rows = rows["items"].as_array().unwrap().clone();
        assert_eq!(
            (&rows[0]["action"], rows[0]["what"].as_str().unwrap()),
            (&"backup.restored".into(), &*format!("generation {generation}"))
        );
        assert_eq!(rows[1]["action"], "backup.made", "a copy tells of itself");
        assert_eq!(
            answer(antenne(&restored).args(["audit", "verify", "--json"]), 0)["whole"],
            true
        );
    }
}

#[test]
fn tampering_is_found_where_it_is_and_a_noted_head_shows_a_new_end() {
    let home = temp();
    let (data, _) = furnished(home.path(), 3);
    for name in ["a", "b", "c"] {
        antenne(&data)
            .args(["keys", "create", "--name", name, "--scopes", "admin"])
            .assert()
            .code(0);
    }
    let found = answer(antenne(&data).args(["audit", "verify", "--json"]), 0);
    let head = format!(
        "{}:{}",
        found["head"]["number"],
        found["head"]["hash"].as_str().unwrap()
    );
    let shown = stdout(antenne(&data).args(["audit", "verify", "--noted", &head]), 0);
    assert!(shown.contains(&head), "{shown}");
    let whole = std::fs::read(data.join("antenne.db")).unwrap();
    let cut = "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)";
    for (sql, row) in [
        (
            "UPDATE audit SET content = cast(replace(content, 'key', 'cat') AS BLOB) WHERE number = 2",
            2,
        ),
        ("DELETE FROM audit WHERE number = 3", 3),
        (cut, 4),
    ] {
        std::fs::write(data.join("antenne.db"), &whole).unwrap();
        tamper(&data, sql);
        let mut verify = antenne(&data);
        let found = answer(verify.args(["audit", "verify", "--json"]), 1);
        assert_eq!(
            (&found["whole"], &found["broken"]["row"]),
            (&false.into(), &row.into()),
            "{sql}: {found}"
        );
        let why = stderr(antenne(&data).args(["audit", "verify"]), 1);
        assert!(
            why.contains("the audit log is broken") && why.contains(&format!("row {}", row.min(3))),
            "{why}"
        );
        let parts = answer(antenne(&data).args(["verify", "--json"]), 1);
        assert_eq!(parts["whole"], false, "{parts}");
    }
    std::fs::write(data.join("antenne.db"), &whole).unwrap();
    let new_end = "UPDATE audit_head SET last_number = 3, hash = (SELECT hash FROM audit WHERE number = 3)";
    tamper(&data, &format!("{cut}; {new_end}"));
    answer(antenne(&data).args(["audit", "verify", "--json"]), 0);
    let why = stderr(antenne(&data).args(["audit", "verify", "--noted", &head]), 1);
    assert!(why.contains("row 4 was noted, and is not there"), "{why}");
}
