//! A backup is whole, sealed and private, is made while the server writes, and goes only into an empty folder.

use crate::support::{
    Dice, Server, answer, antenne, bearer, furnished, names, organisation, stats, stderr, stdout, sums, temp,
};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn back_up(data: &Path, file: &Path) -> serde_json::Value {
    answer(antenne(data).args(["backup", "--json"]).arg(file), 0)
}

#[test]
fn what_is_restored_is_what_was_there_keys_included() {
    let home = temp();
    let (data, key) = furnished(home.path(), 40);
    let (file, restored) = (home.path().join("b"), home.path().join("restored"));
    let made = back_up(&data, &file);
    let before = stats(&data);
    assert_eq!(
        (&made["digest"], &made["generation"]),
        (&before["digest"], &before["generation"])
    );
    assert_eq!((&made["keys"], &made["erased"]), (&1.into(), &0.into()));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(
        !names(&data).iter().any(|name| name.contains("copy")),
        "{:?}",
        names(&data)
    );
    assert!(!names(home.path()).iter().any(|name| name.contains("partial")));
    let bytes = std::fs::read(&file).unwrap();
    assert!(
        !bytes.windows(key.len()).any(|window| window == key.as_bytes()),
        "a key lies in it"
    );

    let taken = stderr(antenne(&data).arg("backup").arg(&file), 1);
    assert!(taken.contains("exists already"), "{taken}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "it is never overwritten");

    // Its configuration may lie in the folder already.
    std::fs::create_dir(&restored).unwrap();
    std::fs::write(restored.join("antenne.toml"), "language = \"fr\"\n").unwrap();
    let text = stdout(antenne(&restored).arg("restore").arg(&file), 0);
    assert!(
        text.contains("1 keys (as hashes)") && text.contains("revoke again") && !text.contains("configuration"),
        "{text}"
    );
    assert_eq!(stats(&restored), before);
    assert_eq!(answer(antenne(&restored).args(["verify", "--json"]), 0)["whole"], true);
    let exported = |folder: &Path| stdout(antenne(folder).arg("export"), 0);
    assert_eq!(exported(&restored), exported(&data));
    let server = Server::start(&restored, &[], &[]);
    let (status, _) = server.send("GET", "/v1/questions", &[bearer(&key)], "");
    assert_eq!(status, 200, "the key opens as before");
    server.stop();
}

#[test]
fn a_backup_is_made_while_the_server_writes() {
    let home = temp();
    let (data, _) = furnished(home.path(), 30);
    let server = Server::start(&data, &[], &[]);
    let (stop, before) = (AtomicBool::new(false), stats(&data)["generation"].as_u64().unwrap());
    let made = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut batches = 0;
            while !stop.load(Ordering::Relaxed) && batches < 500 {
                batches += 1;
                let lines = organisation(batches, 20);
                antenne(&data).args(["import", "-"]).write_stdin(lines).assert().code(0);
            }
            batches
        });
        let made: Vec<_> = (0..4)
            .map(|n| {
                let file = home.path().join(format!("b{n}"));
                (back_up(&data, &file), file)
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        assert!(writing.join().unwrap() > 1, "nothing was written meanwhile");
        made
    });
    let after = stats(&data)["generation"].as_u64().unwrap();
    let lines = stdout(antenne(&data).arg("export"), 0);
    server.stop();
    let mut generations = Vec::new();
    for (made, file) in &made {
        let generation = made["generation"].as_u64().unwrap();
        assert!(
            (before..=after).contains(&generation),
            "{before} <= {generation} <= {after}"
        );
        let restored = file.with_extension("restored");
        let said = stdout(antenne(&restored).arg("restore").arg(file), 0);
        assert!(said.contains("put antenne.toml back"), "{said}");
        assert_eq!(stats(&restored)["digest"], made["digest"]);
        let expected: String = lines.split_inclusive('\n').take(generation as usize).collect();
        assert_eq!(
            stdout(antenne(&restored).arg("export"), 0),
            expected,
            "a prefix of the log, whole"
        );
        generations.push(generation);
    }
    assert!(
        generations.is_sorted() && generations[0] < generations[3],
        "{generations:?}"
    );
}

#[test]
fn a_folder_that_holds_anything_is_refused_and_not_changed() {
    let home = temp();
    let (data, _) = furnished(home.path(), 5);
    let file = home.path().join("b");
    back_up(&data, &file);
    let refused = |folder: &Path| {
        let before = (sums(folder), names(folder));
        let why = stderr(antenne(folder).arg("restore").arg(&file), 1);
        assert_eq!((sums(folder), names(folder)), before, "{why}");
        why
    };
    assert!(refused(&data).contains("is not empty"));
    let other = home.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("thesis.tex"), "x").unwrap();
    let why = refused(&other);
    assert!(why.contains("thesis.tex") && why.contains("name a new folder"), "{why}");
    let server = Server::start(&data, &[], &[]);
    assert!(refused(&data).contains("is not empty"));
    server.stop();
}

#[test]
fn a_backup_with_any_bit_altered_or_cut_short_is_refused() {
    let home = temp();
    let (data, _) = furnished(home.path(), 10);
    let file = home.path().join("b");
    back_up(&data, &file);
    let whole = std::fs::read(&file).unwrap();
    let (bad, folder) = (home.path().join("bad"), home.path().join("restored"));
    let mut dice = Dice(5);
    let check = |bytes: &[u8], what: &str| {
        std::fs::write(&bad, bytes).unwrap();
        let why = stderr(antenne(&folder).arg("restore").arg(&bad), 1);
        let there = folder.join("antenne.db").exists() || folder.join("antenne.db.new").exists();
        assert!(
            !there && why.contains("bad") && why.contains("another") | why.contains("name a file"),
            "{what}: {why}"
        );
    };
    for _ in 0..60 {
        let (at, bit) = (dice.below(whole.len()), dice.below(8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        check(&bytes, &format!("bit {bit} of byte {at}"));
    }
    for length in [0, 1, 4095, 4096, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        check(&whole[..length], &format!("cut to {length} bytes"));
    }
    check(&[&whole[..], b"x"].concat(), "one byte more");
    antenne(&folder).arg("restore").arg(&file).assert().code(0);
}

#[test]
fn damaged_data_gives_no_backup() {
    let home = temp();
    let (data, _) = furnished(home.path(), 20);
    let database = data.join("antenne.db");
    let server = Server::start(&data, &[], &[]);
    let mut bytes = std::fs::read(&database).unwrap();
    let at = bytes.windows(9).position(|window| window == b"du poste ").unwrap();
    bytes[at] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let file = home.path().join("b");
    let why = stderr(antenne(&data).arg("backup").arg(&file), 1);
    assert!(why.contains("no backup was made") && why.contains("row "), "{why}");
    assert!(
        !names(home.path()).iter().any(|name| name.starts_with('b')),
        "{:?}",
        names(home.path())
    );
    server.kill();
}
