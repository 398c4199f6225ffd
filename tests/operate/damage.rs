//! Damage is noticed, never papered over: a start refuses, or `verify` finds it, names the first bad record, and leaves
//! every file as it was.

use crate::support::{Dice, Server, answer, antenne, furnished, organisation, stderr, sums, temp};
use antenne::app::{Clock, Service, Settings, Sources, verify_folder};
use antenne::domain::Timestamp;
use antenne::ingest::{FutureRule, decode};
use rusqlite::types::ValueRef;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FLIPS: u32 = 400;
const NOW: Timestamp = Timestamp::from_micros(1_772_442_030_000_000);

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

fn database(data: &Path) -> PathBuf {
    data.join("antenne.db")
}

/// Every table as it can be read without a look at any checksum; an error where the engine itself gives up.
fn raw(data: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = rusqlite::Connection::open_with_flags(
        format!("file:{}?immutable=1", database(data).display()),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_URI,
    )?;
    let mut rows = Vec::new();
    for table in [
        "sqlite_schema",
        "identity",
        "head",
        "record",
        "subject_index",
        "access_key",
        "access_key_binding",
        "artefact",
        "note",
        "note_head",
        "audit",
        "audit_head",
    ] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let values: Result<Vec<_>, _> = (0..columns).map(|n| row.get_ref(n).map(|v| format!("{v:?}"))).collect();
            rows.push(format!("{table}: {}", values?.join(" ")));
        }
    }
    Ok(rows)
}

/// Whether the damage would be noticed with the checking of checksums off: by the engine, or because a line makes no sense.
fn noticed_without_checksums(data: &Path) -> bool {
    let look = || -> rusqlite::Result<bool> {
        let connection = rusqlite::Connection::open(database(data))?;
        let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let mut statement = connection.prepare("SELECT payload FROM record")?;
        let mut rows = statement.query([])?;
        let mut sense = verdict == "ok";
        while let Some(row) = rows.next()? {
            sense &= match row.get_ref(0)? {
                ValueRef::Blob(line) => decode(line, FutureRule::Accept { now: NOW }).is_ok(),
                _ => false,
            };
        }
        Ok(!sense)
    };
    look().unwrap_or(true)
}

/// Whether a start refuses the folder.
fn refused_at_start(data: &Path) -> bool {
    let settings = Settings {
        folder: data.to_owned(),
        create: false,
        new_data_id: [0; 16],
        weights: None,
        sources: Sources::default(),
        manner: antenne::app::Manner::Vous,
        recommendations_bytes: antenne::app::RECOMMENDATIONS_BYTES,
    };
    Service::open(settings, Arc::new(Still)).is_err()
}

#[test]
fn flipped_bits_that_change_data_are_found() {
    let home = temp();
    let (data, _) = furnished(home.path(), 60);
    let (whole, expected) = (std::fs::read(database(&data)).unwrap(), raw(&data).unwrap());
    let scratch = home.path().join("scratch");
    let (mut dice, mut changing, mut found, mut blind) = (Dice(20), 0, 0, 0);
    let (mut at_start, mut missed) = (0, Vec::new());
    for _ in 0..FLIPS {
        let (at, bit) = (dice.below(whole.len()), dice.below(8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        std::fs::create_dir(&scratch).unwrap();
        std::fs::write(database(&scratch), bytes).unwrap();
        let before = sums(&scratch);
        if raw(&scratch).ok().as_ref() != Some(&expected) {
            changing += 1;
            let seen = verify_folder(&scratch, NOW).map_or(true, |found| !found.is_whole());
            assert_eq!(sums(&scratch), before, "looking touched a file");
            let refused = refused_at_start(&scratch);
            assert_eq!(
                sums(&scratch),
                before,
                "a start touched a file that it refused, or one that it should have"
            );
            found += u32::from(seen || refused);
            at_start += u32::from(refused);
            if !(seen || refused) {
                missed.push((at, bit));
            }
            blind += u32::from(noticed_without_checksums(&scratch));
        }
        std::fs::remove_dir_all(&scratch).unwrap();
    }
    println!(
        "{FLIPS} flips, {changing} change data: {found} found ({at_start} at the start), {blind} without checksums, \
         missed: {missed:?}"
    );
    assert!(changing > FLIPS / 3, "many bytes matter: {changing}");
    assert!(found * 100 >= changing * 99, "less than 99 % found; missed: {missed:?}");
    // The planted fault: with the checksums out of the way, this test would be red.
    assert!(
        blind * 100 < changing * 99,
        "{blind} of {changing} are found without checksums: the test shows nothing"
    );
}

/// Alters a text in record `record`, and says whether it lies in one piece.
fn alter(data: &Path, record: i64) -> bool {
    let connection = rusqlite::Connection::open(database(data)).unwrap();
    let sql = "SELECT payload FROM record WHERE sequence = ?1";
    let payload: Vec<u8> = connection.query_row(sql, [record], |row| row.get(0)).unwrap();
    connection.close().unwrap();
    let mut bytes = std::fs::read(database(data)).unwrap();
    let Some(at) = bytes.windows(payload.len()).position(|window| window == payload) else {
        return false;
    };
    let digit = payload.iter().rposition(u8::is_ascii_digit).unwrap();
    bytes[at + digit] ^= 1;
    std::fs::write(database(data), bytes).unwrap();
    true
}

#[test]
fn the_first_bad_record_is_named() {
    for record in [1, 40, 77] {
        let home = temp();
        let (data, _) = furnished(home.path(), 60);
        assert!(alter(&data, record + 3) && alter(&data, record));
        let before = sums(&data);
        let found = answer(antenne(&data).args(["verify", "--json"]), 1);
        assert_eq!(found["first_bad_record"], record, "{found}");
        let why = stderr(antenne(&data).arg("verify"), 1);
        assert!(
            why.contains(&format!("first in record {record};")) && why.contains("restore"),
            "{why}"
        );
        for command in ["stats", "serve"] {
            let why = stderr(antenne(&data).args([command]), 1);
            assert!(
                why.contains(&format!("row {record}:")) && why.contains("antenne.db"),
                "{why}"
            );
        }
        assert_eq!(sums(&data), before, "the file is left as it was");
    }
}

#[test]
fn after_a_crash_nothing_is_changed_before_all_of_it_is_known_to_be_sound() {
    let home = temp();
    let (data, _) = furnished(home.path(), 30);
    let server = Server::start(&data, &[], &[]);
    antenne(&data)
        .args(["import", "-"])
        .write_stdin(organisation(7, 10))
        .assert()
        .code(0);
    server.kill();
    let log = data.join("antenne.db-wal");
    assert!(log.metadata().unwrap().len() > 0, "the crash left a log");
    // The engine would fold a log in when the last connection closes: alter copies of the three files instead.
    let kept = ["antenne.db", "antenne.db-wal", "dirty"].map(|name| (name, std::fs::read(data.join(name)).unwrap()));
    let whole = home.path().join("whole");
    let damaged = home.path().join("damaged");
    for folder in [&whole, &damaged] {
        std::fs::create_dir(folder).unwrap();
        for (name, bytes) in &kept {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
    let mut bytes = kept[0].1.clone();
    let text = "Purgez".as_bytes();
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[at] ^= 1;
    std::fs::write(database(&damaged), bytes).unwrap();
    let before = sums(&damaged);
    let found = answer(antenne(&damaged).args(["verify", "--json"]), 1);
    let record = found["first_bad_record"].as_u64().unwrap();
    for command in ["stats", "serve", "export"] {
        let why = stderr(antenne(&damaged).args([command]), 1);
        assert!(why.contains(&format!("row {record}:")), "{why}");
    }
    assert_eq!(sums(&damaged), before, "database, log and marker are left as they were");
    assert_eq!(
        answer(antenne(&whole).args(["verify", "--json"]), 0)["whole"],
        true,
        "a crash alone is no damage"
    );
    antenne(&whole).arg("stats").assert().code(0);
}

#[test]
fn truncation_and_a_missing_log_are_refused_with_path_and_remedy() {
    let home = temp();
    let (data, _) = furnished(home.path(), 30);
    let refused = |data: &Path, named: &str| {
        let before = sums(data);
        for command in ["stats", "serve", "verify"] {
            let output = antenne(data).arg(command).assert().code(1).get_output().clone();
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(
                text.contains(named) && text.contains("restore the newest backup"),
                "{command}: {text}"
            );
        }
        assert_eq!(sums(data), before, "the files are left as they were");
    };
    let whole = std::fs::read(database(&data)).unwrap();
    for length in [0, 99, 4096, whole.len() / 2, whole.len() - 1] {
        std::fs::write(database(&data), &whole[..length]).unwrap();
        refused(&data, "antenne.db");
    }
    std::fs::write(database(&data), &whole).unwrap();
    let server = Server::start(&data, &[], &[]);
    antenne(&data)
        .args(["import", "-"])
        .write_stdin(organisation(7, 10))
        .assert()
        .code(0);
    server.kill();
    let log = data.join("antenne.db-wal");
    let kept = std::fs::read(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    refused(&data, "antenne.db-wal");
    std::fs::write(&log, kept).unwrap();
    antenne(&data).arg("verify").assert().code(0);
}

#[test]
fn a_running_server_is_verified_and_damage_under_it_is_found() {
    let home = temp();
    let (data, _) = furnished(home.path(), 60);
    let server = Server::start(&data, &[], &[]);
    antenne(&data)
        .args(["import", "-"])
        .write_stdin(organisation(7, 10))
        .assert()
        .code(0);
    let found = answer(antenne(&data).args(["verify", "--json"]), 0);
    let digest = &answer(antenne(&data).args(["stats", "--json"]), 0)["digest"];
    assert_eq!((&found["whole"], &found["digest"]), (&true.into(), digest));
    assert_eq!(found["parts"].as_array().unwrap().len(), 9);
    let mut bytes = std::fs::read(database(&data)).unwrap();
    let text = "Purgez".as_bytes();
    // The first one: the page of the newest may stand in the log, too, and then the file's does not matter.
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[at] ^= 1;
    std::fs::write(database(&data), bytes).unwrap();
    let found = answer(antenne(&data).args(["verify", "--json"]), 1);
    assert!(found["first_bad_record"].as_u64().is_some(), "{found}");
    assert_eq!(
        server.send("GET", "/livez", &[], "").0,
        200,
        "what it holds in memory goes on being served"
    );
    server.kill();
}
