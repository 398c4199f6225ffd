//! Damage is noticed, never papered over: a store that is not what was acknowledged refuses to open or to be read, says
//! what to do, and leaves the files as they are. Also what else an opening refuses: other programs' files, the future, a
//! folder in use.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use antenne::store::{Keep, KeyRow, NewRecord, Note, OpenOptions, Reader, SqliteStore, Store, StoreError};

const HOLD: &str = "ANTENNE_HOLD_FOLDER";

fn open(path: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(
        path,
        &OpenOptions {
            reserve_bytes: 0,
            ..OpenOptions::new([3; 16])
        },
    )
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }
}

/// A memory-backed place where there is one: thousands of openings need no real sync.
fn temp() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// A folder with `groups` groups of records, a key and an artefact.
fn furnished(groups: u64, clean: bool) -> tempfile::TempDir {
    let (dir, mut dice) = (temp(), Dice(42));
    let mut store = open(dir.path()).unwrap();
    let key = KeyRow {
        name: "app".to_owned(),
        hash: [5; 32],
        prefix: "ant_app".to_owned(),
        scopes: vec!["recommend:read".to_owned()],
        sources: vec!["forum".to_owned()],
        event_types: Vec::new(),
        person: Some("p-1".to_owned()),
        communities: Vec::new(),
        created_at_micros: 1,
        revoked_at_micros: None,
    };
    store.put_key(&key).unwrap();
    store.put_artefact("weights", 1, &[7; 3000], "first", &[]).unwrap();
    let note = Note {
        name: [3; 16],
        content: &[1, 2, 3, 4],
    };
    let keep = Keep {
        from: [0; 16],
        most_bytes: 1 << 20,
    };
    store.put_notes(&[note], &keep).unwrap();
    for _ in 0..groups {
        let payload: Vec<u8> = (0..200 + dice.below(400)).map(|_| dice.below(256) as u8).collect();
        let plain = NewRecord {
            payload: &payload,
            subjects: &["ana", "bo"],
        };
        store
            .append(&[
                plain,
                NewRecord {
                    payload: &payload[..150],
                    subjects: &["cy"],
                },
            ])
            .unwrap();
    }
    if clean {
        Box::new(store).close().unwrap();
    }
    dir
}

/// All that a caller can read, or the first error on the way.
fn read_all(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
    let store = open(path)?;
    let mut all = BTreeMap::new();
    store.scan(0, &mut |r| {
        all.insert(format!("record {:06}", r.sequence), r.payload.to_vec());
        ControlFlow::Continue(())
    })?;
    for subject in ["ana", "bo", "cy"] {
        store.records_of(subject, &mut |r| {
            all.insert(format!("{subject} {:06}", r.sequence), r.payload.to_vec());
            ControlFlow::Continue(())
        })?;
    }
    all.insert("keys".to_owned(), format!("{:?}", store.keys()?).into_bytes());
    all.insert(
        "artefact".to_owned(),
        format!("{:?}", store.artefact("weights", 1)?).into_bytes(),
    );
    all.insert("note".to_owned(), format!("{:?}", store.note(&[3; 16])?).into_bytes());
    all.insert("data id".to_owned(), store.data_id().to_vec());
    store.check()?;
    Ok(all)
}

fn database(dir: &Path) -> PathBuf {
    dir.join("antenne.db")
}

fn log(dir: &Path) -> PathBuf {
    dir.join("antenne.db-wal")
}

/// Opening must refuse, with a remedy, and change no byte of the database, its log or the marker.
fn refused(dir: &Path) -> StoreError {
    let files = [database(dir), log(dir), dir.join("dirty")];
    let before = files.each_ref().map(|file| fs::read(file).ok());
    let error = open(dir).map(|_| ()).expect_err("it must refuse");
    for (file, before) in files.iter().zip(before) {
        // An empty log may appear beside a database that had none.
        let after = fs::read(file)
            .ok()
            .filter(|bytes| !bytes.is_empty() || before.is_some());
        assert!(after == before, "{} was touched: {error}", file.display());
    }
    error
}

fn damage_is_refused(dir: &Path, named: &str) {
    let error = refused(dir);
    assert!(
        matches!(error, StoreError::Damaged { .. }) && error.is_fatal(),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains(named) && text.contains("backup"),
        "what, where and what to do: {text}"
    );
}

#[test]
fn a_log_that_has_gone_is_missed() {
    let dir = furnished(5, false);
    let whole = fs::read(log(dir.path())).unwrap();
    fs::remove_file(log(dir.path())).unwrap();
    damage_is_refused(dir.path(), "antenne.db-wal");
    for length in [0, 31, 32, 1000] {
        fs::write(log(dir.path()), &whole[..length]).unwrap();
        damage_is_refused(dir.path(), "antenne.db-wal");
    }
    fs::write(log(dir.path()), whole).unwrap();
    assert_eq!(
        open(dir.path()).unwrap().last_sequence().unwrap(),
        10,
        "put back, it opens"
    );
}

#[test]
fn a_database_that_has_gone_is_missed() {
    for clean in [true, false] {
        let dir = furnished(3, clean);
        fs::write(dir.path().join("reserve"), b"x").unwrap();
        fs::remove_file(database(dir.path())).unwrap();
        damage_is_refused(dir.path(), "antenne.db");
        assert!(!database(dir.path()).exists(), "no empty one takes its place");
    }
}

#[test]
fn a_database_cut_short_is_refused_wherever_it_is_cut() {
    for clean in [true, false] {
        let dir = furnished(40, clean);
        if !clean {
            // A crash after the log was copied over: its pages count, the rest must be in the file.
            drop(open(dir.path()).unwrap());
        }
        let whole = fs::read(database(dir.path())).unwrap();
        for length in [0, 1, 99, 100, 4095, 4096, 9000, whole.len() - 4096, whole.len() - 1] {
            fs::write(database(dir.path()), &whole[..length]).unwrap();
            damage_is_refused(dir.path(), "antenne.db");
        }
    }
}

#[test]
fn files_of_others_are_refused() {
    let dir = temp();
    fs::write(database(dir.path()), vec![b'x'; 8192]).unwrap();
    assert!(
        matches!(refused(dir.path()), StoreError::Foreign { .. }),
        "not a database at all"
    );
    fs::remove_file(database(dir.path())).unwrap();
    let other = rusqlite::Connection::open(database(dir.path())).unwrap();
    other.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    other.close().unwrap();
    assert!(
        matches!(refused(dir.path()), StoreError::Foreign { .. }),
        "another program's database"
    );
}

#[test]
fn the_future_is_refused_also_when_only_the_log_knows_of_it() {
    for clean in [true, false] {
        let dir = furnished(2, clean);
        let future = rusqlite::Connection::open(database(dir.path())).unwrap();
        let keep_log = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        future.set_db_config(keep_log, !clean).unwrap();
        future.pragma_update(None, "user_version", 900).unwrap();
        future.close().unwrap();
        let error = refused(dir.path());
        assert!(matches!(error, StoreError::Newer { found: 900, .. }), "{error}");
    }
}

#[test]
fn altered_tables_are_refused() {
    let dir = furnished(2, true);
    let meddler = rusqlite::Connection::open(database(dir.path())).unwrap();
    meddler.execute_batch("DROP TABLE artefact").unwrap();
    meddler.close().unwrap();
    damage_is_refused(dir.path(), "tables");
}

#[test]
fn lost_rows_and_foreign_rows_are_noticed() {
    for (sql, named) in [
        ("DELETE FROM record WHERE sequence = 4", "row 5 follows row 3"),
        ("DELETE FROM record WHERE sequence >= 7", "ends at row 6"),
        ("UPDATE record SET sequence = 70 WHERE sequence = 8", "row 70"),
        ("UPDATE record SET erased = 1 WHERE sequence = 2", "row 2"),
        ("UPDATE head SET last_sequence = 7", "of 7 rows"),
        ("DELETE FROM head", "table head"),
        ("DELETE FROM subject_index WHERE first_sequence = 3", "record 3"),
        (
            "INSERT INTO subject_index VALUES (9, zeroblob(12))",
            "table subject_index",
        ),
        (
            "UPDATE subject_index SET entries = x'010203040506070800000000'",
            "table subject_index",
        ),
        ("UPDATE access_key SET person = 'p-2'", "table access_key"),
        (
            "UPDATE access_key_binding SET value = 'admin' WHERE kind = 'scope'",
            "table access_key",
        ),
        ("UPDATE access_key SET revoked_at_micros = 0", "table access_key"),
        ("UPDATE artefact SET bytes = x'00'", "table artefact"),
        ("UPDATE note SET content = x'01020305'", "table note"),
        ("DELETE FROM note", "table note_head"),
        ("UPDATE identity SET data_id = zeroblob(16)", "table identity"),
    ] {
        let dir = furnished(4, true);
        let meddler = rusqlite::Connection::open(database(dir.path())).unwrap();
        meddler.execute_batch(sql).unwrap();
        meddler.close().unwrap();
        let error = read_all(dir.path()).expect_err(sql);
        assert!(error.is_fatal() && error.to_string().contains(named), "{sql}: {error}");
    }
}

#[test]
fn flipped_bits_of_the_database_are_found() {
    let dir = furnished(60, true);
    let whole = fs::read(database(dir.path())).unwrap();
    let expected = read_all(dir.path()).unwrap();
    fs::remove_file(log(dir.path())).unwrap_or_default();
    let (mut dice, mut found, mut harmless, mut missed) = (Dice(7), 0, 0, Vec::new());
    for _ in 0..1500 {
        let (at, bit) = (dice.below(whole.len()), dice.below(8));
        let scratch = temp();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        fs::write(database(scratch.path()), bytes).unwrap();
        match read_all(scratch.path()) {
            Err(_) => found += 1,
            Ok(all) if all == expected => harmless += 1,
            Ok(_) => missed.push((at, bit)),
        }
    }
    println!(
        "{found} found, {harmless} without effect, {} missed: {missed:?}",
        missed.len()
    );
    assert!(found > 500, "most bytes matter: {found}");
    assert!(
        missed.len() * 100 <= found + missed.len(),
        "more than 1 % missed: {missed:?}"
    );
}

#[test]
fn flipped_bits_of_a_payload_are_all_found() {
    let dir = furnished(30, true);
    let whole = fs::read(database(dir.path())).unwrap();
    let store = open(dir.path()).unwrap();
    let mut places = Vec::new();
    store
        .scan(0, &mut |r| {
            places.extend(
                whole
                    .windows(r.payload.len())
                    .position(|w| w == r.payload)
                    .map(|at| (at, r.payload.len())),
            );
            ControlFlow::Continue(())
        })
        .unwrap();
    drop(store);
    let mut dice = Dice(11);
    assert!(places.len() > 50, "payloads lie in one piece");
    for _ in 0..400 {
        let (start, length) = places[dice.below(places.len())];
        let scratch = temp();
        let mut bytes = whole.clone();
        bytes[start + dice.below(length)] ^= 1 << dice.below(8);
        fs::write(database(scratch.path()), bytes).unwrap();
        let store = open(scratch.path()).expect("payloads are not read at the opening");
        let error = store
            .scan(0, &mut |_| ControlFlow::Continue(()))
            .expect_err("a payload was altered");
        assert!(error.to_string().contains("table record, row"), "{error}");
    }
}

#[test]
fn flipped_bits_of_the_log_are_found_unless_they_tear_its_last_transaction() {
    let dir = furnished(12, false);
    let (database_bytes, log_bytes) = (
        fs::read(database(dir.path())).unwrap(),
        fs::read(log(dir.path())).unwrap(),
    );
    let marker = fs::read(dir.path().join("dirty")).unwrap();
    let expected = read_all(dir.path()).unwrap();
    let (mut dice, mut found) = (Dice(23), 0);
    for _ in 0..600 {
        let at = dice.below(log_bytes.len());
        let scratch = temp();
        let mut bytes = log_bytes.clone();
        bytes[at] ^= 1 << dice.below(8);
        fs::write(database(scratch.path()), &database_bytes).unwrap();
        fs::write(log(scratch.path()), bytes).unwrap();
        fs::write(scratch.path().join("dirty"), &marker).unwrap();
        match read_all(scratch.path()) {
            Err(error) => {
                found += 1;
                assert!(error.is_fatal(), "{error}");
            }
            Ok(all) if all == expected => {}
            // No reader of a log can tell a torn last transaction from one that was hit later.
            Ok(all) => assert!(
                at > log_bytes.len() * 3 / 4 && all.contains_key("record 000022") && !all.contains_key("record 000023"),
                "byte {at} of {} took more than the last group",
                log_bytes.len()
            ),
        }
    }
    assert!(found > 400, "most bytes matter: {found}");
}

/// Holds a folder until its input ends. Runs only as a child.
#[test]
fn hold_a_folder() {
    let Some(folder) = std::env::var_os(HOLD) else { return };
    let store = open(Path::new(&folder)).unwrap();
    println!("\nholding");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
    drop(store);
}

#[test]
fn a_folder_in_use_by_another_process_is_refused_and_free_when_it_dies() {
    let dir = furnished(2, true);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "hold_a_folder", "--nocapture"])
        .env(HOLD, dir.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "holding"));
    let error = refused(dir.path());
    let (pid, text) = (child.id(), error.to_string());
    assert!(
        matches!(error, StoreError::Locked { .. }) && text.contains(&format!("process {pid}")),
        "{text}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        open(dir.path()).unwrap().last_sequence().unwrap(),
        4,
        "the lock died with its owner"
    );
}

#[test]
fn without_leave_to_create_nothing_is_created() {
    let dir = temp();
    let options = OpenOptions {
        create: false,
        ..OpenOptions::new([3; 16])
    };
    for path in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let error = SqliteStore::open(&path, &options).expect_err("there is nothing");
        assert!(matches!(error, StoreError::Missing { .. }), "{error}");
        assert!(!database(&path).exists());
    }
}

/// How fast groups become durable; run with `--ignored --nocapture`, in the release profile for figures worth quoting.
#[test]
#[ignore = "a measurement, not a check: it depends on the disk"]
fn groups_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path(), &OpenOptions::new([3; 16])).unwrap();
    let (payload, mut dice) = (vec![b'x'; 300], Dice(5));
    let names: Vec<String> = (0..50_000).map(|n| format!("person-{n:08}")).collect();
    for round in 1..=20 {
        #[expect(clippy::disallowed_methods, reason = "this measures real time")]
        let begun = std::time::Instant::now();
        for _ in 0..40 {
            let pairs: Vec<[&str; 2]> = (0..500)
                .map(|_| [0, 1].map(|_| names[dice.below(names.len())].as_str()))
                .collect();
            let group: Vec<_> = pairs
                .iter()
                .map(|subjects| NewRecord {
                    payload: &payload,
                    subjects,
                })
                .collect();
            store.append(&group).unwrap();
        }
        let took = begun.elapsed();
        println!(
            "after {:>7} records: {:>8.0} records/s",
            round * 20_000,
            20_000.0 / took.as_secs_f64()
        );
    }
}
