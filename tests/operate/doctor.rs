//! The doctor sees each trouble, says what to do, ends with 1 when something fails, and changes nothing.

use crate::support::{Server, answer, antenne, furnished, stdout, sums, temp};
use serde_json::Value;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// The level of a check, with its text.
fn level(report: &Value, check: &str) -> (String, String) {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|found| found["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no check called {check}: {report:#}"));
    let word = |name: &str| found[name].as_str().unwrap().to_owned();
    assert_eq!(
        found["remedy"].is_null(),
        found["level"] == "ok",
        "every trouble has its remedy: {found}"
    );
    (word("level"), word("detail"))
}

fn doctor(data: &Path, code: i32) -> Value {
    // A fixed port could be another program's.
    answer(
        antenne(data)
            .args(["doctor", "--json"])
            .env("ANTENNE_LISTEN", "127.0.0.1:0"),
        code,
    )
}

#[test]
fn a_folder_in_order_has_no_trouble_that_fails() {
    let home = temp();
    let (data, _) = furnished(home.path(), 5);
    let before = sums(&data);
    let report = doctor(&data, 0);
    for check in [
        "config",
        "folder",
        "permissions",
        "schema",
        "log",
        "reserve",
        "lock",
        "clock",
        "listen",
        "keys",
        "sources",
    ] {
        assert_eq!(level(&report, check).0, "ok", "{check}: {report:#}");
    }
    assert_eq!(level(&report, "events").0, "warn", "the newest event is of 2024");
    assert_eq!(level(&report, "authority").0, "warn", "nobody may say who is away");
    assert_eq!(sums(&data), before);
    let text = stdout(antenne(&data).arg("doctor").env("ANTENNE_LISTEN", "127.0.0.1:0"), 0);
    assert!(text.contains("→ "), "{text}");
}

#[test]
fn beside_a_running_server_it_asks_the_server() {
    let home = temp();
    let (data, _) = furnished(home.path(), 5);
    let server = Server::start(&data, &[], &[]);
    let bad = "no json\n";
    antenne(&data).args(["import", "-"]).write_stdin(bad).assert().code(3);
    let mut command = antenne(&data);
    let report = answer(
        command
            .args(["doctor", "--json"])
            .env("ANTENNE_LISTEN", &server.address),
        0,
    );
    assert!(
        level(&report, "lock").1.contains("a server that takes commands"),
        "{report:#}"
    );
    assert!(level(&report, "listen").1.contains("the server answers"), "{report:#}");
    assert_eq!(level(&report, "rejected").0, "warn", "{report:#}");
    assert_eq!(level(&report, "ignored").0, "ok", "{report:#}");
    server.stop();
}

#[test]
fn each_trouble_is_told_with_its_remedy() {
    let home = temp();
    let nowhere = doctor(&home.path().join("nowhere"), 0);
    assert_eq!(level(&nowhere, "folder").0, "warn");
    assert!(!home.path().join("nowhere").exists(), "asking makes no folder");

    let (data, _) = furnished(home.path(), 5);
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(data.join("antenne.db"), Permissions::from_mode(0o644)).unwrap();
    let (found, detail) = level(&doctor(&data, 0), "permissions");
    assert!(
        found == "warn" && detail.contains("antenne.db") && detail.contains('.'),
        "{detail}"
    );

    std::fs::remove_file(data.join("reserve")).unwrap();
    assert_eq!(level(&doctor(&data, 0), "reserve").0, "warn");

    std::fs::write(data.join("antenne.toml"), "lisen = \"127.0.0.1:1\"\n").unwrap();
    let (found, detail) = level(&doctor(&data, 1), "config");
    assert!(found == "fail" && detail.contains("lisen"), "{detail}");
    std::fs::write(data.join("antenne.toml"), "weights = \"/nowhere/weights.toml\"\n").unwrap();
    assert!(level(&doctor(&data, 1), "config").1.contains("weights.toml"));
    std::fs::remove_file(data.join("antenne.toml")).unwrap();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = antenne(&data);
    command
        .args(["doctor", "--json"])
        .env("ANTENNE_LISTEN", taken.local_addr().unwrap().to_string());
    assert_eq!(level(&answer(&mut command, 1), "listen").0, "fail");

    let whole = std::fs::read(data.join("antenne.db")).unwrap();
    std::fs::write(data.join("antenne.db"), &whole[..whole.len() / 2]).unwrap();
    let (found, detail) = level(&doctor(&data, 1), "data");
    assert!(found == "fail" && detail.contains("cut short"), "{detail}");
    let mut future = whole.clone();
    future[60..64].copy_from_slice(&900_u32.to_be_bytes());
    std::fs::write(data.join("antenne.db"), future).unwrap();
    assert_eq!(level(&doctor(&data, 1), "schema").0, "fail");
    std::fs::write(data.join("antenne.db"), whole).unwrap();
    std::fs::write(data.join("dirty"), "").unwrap();
    assert_eq!(
        level(&doctor(&data, 1), "log").0,
        "fail",
        "a log that must be there is not"
    );
}
