//! The contract of a store: what any engine must do behind `antenne::store::Store`. The laws are written against the
//! trait alone; the last lines run them for each engine that there is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use antenne::store::{
    CheckReport, Dropped, Erasure, Keep, KeyRow, NewRecord, Note, OpenOptions, Reader, SqliteStore, Store, StoreError,
};

/// Opens the data at a path, making it if there is none. Always with the same data id.
type Open = fn(&Path) -> Box<dyn Store>;

const DATA_ID: [u8; 16] = *b"a fixed data id.";

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn record<'a>(payload: &'a [u8], subjects: &'a [&'a str]) -> NewRecord<'a> {
    NewRecord { payload, subjects }
}

/// Erases records and appends others in their place.
fn erase(store: &mut dyn Store, sequences: &[u64], group: &[NewRecord<'_>]) -> u64 {
    let erasure = Erasure {
        sequences,
        group,
        ..Erasure::default()
    };
    store.forget(&erasure).unwrap()
}

fn all_after(reader: &(impl Reader + ?Sized), after: u64) -> Vec<(u64, Vec<u8>)> {
    let mut found = Vec::new();
    reader
        .scan(after, &mut |r| {
            found.push((r.sequence, r.payload.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

fn sequences_of(reader: &(impl Reader + ?Sized), subject: &str) -> Vec<u64> {
    let mut found = Vec::new();
    reader
        .records_of(subject, &mut |r| {
            found.push(r.sequence);
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

fn key(name: &str) -> KeyRow {
    KeyRow {
        name: name.to_owned(),
        hash: [name.len() as u8; 32],
        prefix: format!("ant_{name}"),
        scopes: vec!["recommend:read".to_owned(), "events:write".to_owned()],
        sources: vec!["forum".to_owned()],
        event_types: Vec::new(),
        person: Some("p-1".to_owned()),
        communities: vec!["rust\nlovers".to_owned(), String::new()],
        created_at_micros: 1_700_000_000_000_000,
        revoked_at_micros: None,
    }
}

/// Some of everything, in a store that was just made.
fn furnish(store: &mut dyn Store) {
    store
        .append(&[
            record(b"one", &["ana"]),
            record(b"two", &["ana", "bo"]),
            record(b"three", &[]),
        ])
        .unwrap();
    store.put_key(&key("app")).unwrap();
    store.put_artefact("weights", 1, b"w1", "first", &[]).unwrap();
}

fn a_new_store_is_empty(open: Open) {
    let dir = temp();
    let store = open(dir.path());
    assert_eq!(store.last_sequence().unwrap(), 0);
    assert_eq!(all_after(&*store, 0), []);
    assert_eq!(store.keys().unwrap(), []);
    assert_eq!(store.artefacts("weights").unwrap(), []);
    assert_eq!(store.artefact("weights", 1).unwrap(), None);
    assert_eq!(store.check().unwrap(), CheckReport::default());
    assert_eq!(store.data_id(), DATA_ID);
}

fn sequences_are_consecutive_from_one(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    assert_eq!(store.append(&[record(b"a", &[]), record(b"b", &[])]).unwrap(), 2);
    assert_eq!(store.append(&[]).unwrap(), 2, "an empty group changes nothing");
    assert_eq!(
        store.append(&[record(b"", &[])]).unwrap(),
        3,
        "an empty payload is a payload"
    );
    assert_eq!(store.last_sequence().unwrap(), 3);
    let expected = [(1, b"a".to_vec()), (2, b"b".to_vec()), (3, Vec::new())];
    assert_eq!(all_after(&*store, 0), expected);
    assert_eq!(all_after(&*store, 1), expected[1..]);
    assert_eq!(all_after(&*store, 3), []);
    assert_eq!(all_after(&*store, u64::MAX), []);
}

fn a_scan_stops_when_told(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    furnish(&mut *store);
    let mut seen = 0;
    store
        .scan(0, &mut |_| {
            seen += 1;
            if seen == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .unwrap();
    assert_eq!(seen, 2);
    store.append(&[record(b"more", &[])]).unwrap();
}

fn everything_is_there_after_reopening(open: Open) {
    let dir = temp();
    for clean in [true, false, true] {
        let mut store = open(dir.path());
        let before = store.last_sequence().unwrap();
        if before == 0 {
            furnish(&mut *store);
        } else {
            assert_eq!(
                store.append(&[record(b"again", &["bo"])]).unwrap(),
                before + 1,
                "no sequence is used twice"
            );
        }
        let (records, keys) = (all_after(&*store, 0), store.keys().unwrap());
        if clean {
            store.close().unwrap();
        } else {
            drop(store);
        }
        let store = open(dir.path());
        assert_eq!(all_after(&*store, 0), records);
        assert_eq!(store.keys().unwrap(), keys);
        assert_eq!(store.artefact("weights", 1).unwrap().unwrap().bytes, b"w1");
        assert_eq!(store.data_id(), DATA_ID);
        store.check().unwrap();
    }
}

fn records_are_found_by_subject(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    furnish(&mut *store);
    store
        .append(&[
            record(b"four", &["bo", "bo", "an"]),
            record(b"five", &["Ana", "a na\u{0}"]),
        ])
        .unwrap();
    assert_eq!(sequences_of(&*store, "ana"), [1, 2]);
    assert_eq!(sequences_of(&*store, "bo"), [2, 4], "a subject named twice counts once");
    assert_eq!(sequences_of(&*store, "an"), [4], "no prefixes");
    assert_eq!(sequences_of(&*store, "Ana"), [5], "no folding of case");
    assert_eq!(sequences_of(&*store, "a na\u{0}"), [5], "any text is a subject");
    assert!(sequences_of(&*store, "nobody").is_empty());
    assert_eq!(store.check().unwrap().records, 5);
}

fn an_erased_record_leaves_an_accounted_gap(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    furnish(&mut *store);
    assert_eq!(erase(&mut *store, &[2, 3, 77, 2], &[record(b"ana has left", &[])]), 4);
    let left = [(1, b"one".to_vec()), (4, b"ana has left".to_vec())];
    assert_eq!(all_after(&*store, 0), left);
    assert_eq!(sequences_of(&*store, "ana"), [1]);
    assert!(sequences_of(&*store, "bo").is_empty());
    let report = store.check().unwrap();
    assert_eq!((report.records, report.erased), (2, 2));
    assert_eq!(
        erase(&mut *store, &[2, 4], &[]),
        5,
        "what is gone stays gone, and the head tells of it"
    );
    drop(store);
    let mut store = open(dir.path());
    assert_eq!(store.last_sequence().unwrap(), 5, "an erased tail is not given again");
    assert_eq!(store.append(&[record(b"six", &[])]).unwrap(), 6);
    assert_eq!(all_after(&*store, 1), [(6, b"six".to_vec())]);
}

fn erased_bytes_are_in_no_file(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    let canary = "CANARY-7f3a";
    let text = |n: usize| format!("{canary} {n} ").repeat(1 + n % 40);
    let mut doomed = Vec::new();
    for n in 0..300 {
        let (about, plain) = (text(n), "nothing to see ".repeat(1 + n % 30));
        let person = format!("{canary}-{n}");
        let last = store
            .append(&[record(about.as_bytes(), &[&person]), record(plain.as_bytes(), &["bo"])])
            .unwrap();
        doomed.push(last - 1);
        if n % 100 == 50 {
            drop(store);
            store = open(dir.path());
        }
    }
    store.put_artefact("latent", 1, text(39).as_bytes(), "", &[]).unwrap();
    assert!(occurrences(dir.path(), canary) > 0, "the search finds what is there");
    erase(&mut *store, &doomed[..150], &[]);
    erase(&mut *store, &doomed[150..], &[record(b"gone", &[])]);
    store.put_artefact("latent", 2, b"another", "", &[1]).unwrap();
    assert!(store.is_to_purge() && store.purge().unwrap(), "no reader is in the way");
    assert!(!store.is_to_purge());
    assert_eq!(occurrences(dir.path(), canary), 0, "with the store open");
    store.close().unwrap();
    assert_eq!(occurrences(dir.path(), canary), 0, "after closing");
    assert_eq!(open(dir.path()).check().unwrap().records, 301);
}

fn occurrences(folder: &Path, needle: &str) -> usize {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files
        .map(|bytes| bytes.windows(needle.len()).filter(|w| *w == needle.as_bytes()).count())
        .sum()
}

fn keys_are_kept_whole_and_revoked_for_good(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    store.put_key(&key("portal")).unwrap();
    store.put_key(&key("app")).unwrap();
    assert_eq!(store.keys().unwrap(), [key("app"), key("portal")], "by name");
    for (name, hash) in [("app", 77), ("other", 3)] {
        let clash = KeyRow {
            hash: [hash; 32],
            ..key(name)
        };
        assert!(
            matches!(store.put_key(&clash), Err(StoreError::Exists { .. })),
            "name or hash is taken: {name}"
        );
    }
    assert!(store.revoke_key("app", 42).unwrap());
    assert!(store.revoke_key("app", 99).unwrap());
    assert!(!store.revoke_key("nobody", 42).unwrap());
    let revoked = KeyRow {
        revoked_at_micros: Some(42),
        ..key("app")
    };
    assert_eq!(store.keys().unwrap()[0], revoked, "the first instant counts");
    assert!(
        matches!(store.put_key(&key("app")), Err(StoreError::Exists { .. })),
        "a revoked name stays taken"
    );
    drop(store);
    assert_eq!(open(dir.path()).keys().unwrap()[0], revoked);
}

fn the_audit_log_is_a_chain_that_backups_carry_on(open: Open) {
    let dir = temp();
    let rows = |store: &dyn Store| {
        let mut found = Vec::new();
        store
            .audit(u64::MAX, &mut |row| {
                found.push((row.number, row.content.to_vec()));
                ControlFlow::Continue(())
            })
            .unwrap();
        found
    };
    let mut store = open(dir.path());
    assert_eq!((rows(&*store), store.check_audit(None).unwrap().broken), (vec![], None));
    let first = store.append_audit(&[b"one"]).unwrap();
    let third = store.append_audit(&[b"two", b""]).unwrap();
    assert_eq!((first.number, third.number), (1, 3));
    assert_eq!(store.append_audit(&[]).unwrap(), third, "nothing is nothing");
    drop(store);
    let store = open(dir.path());
    let expected = [(3, b"".to_vec()), (2, b"two".to_vec()), (1, b"one".to_vec())];
    assert_eq!(rows(&*store), expected, "newest first, after a crash too");
    let check = store.check_audit(Some(1)).unwrap();
    assert_eq!((check.head, check.sound, check.broken), (third, 3, None));
    assert_eq!(check.hash_of, Some(first.hash), "a head that was noted is found again");
    assert_eq!((store.last_sequence().unwrap(), store.check().unwrap().records), (0, 0));
    let mut bytes = Vec::new();
    store
        .copy_out(&mut |part| {
            bytes.extend_from_slice(part);
            ControlFlow::Continue(())
        })
        .unwrap();
    let copy = temp();
    std::fs::write(copy.path().join("antenne.db"), bytes).unwrap();
    let mut copy_store = open(copy.path());
    assert_eq!(rows(&*copy_store), expected);
    assert_eq!(copy_store.append_audit(&[b"four"]).unwrap().number, 4);
    assert_eq!(copy_store.check_audit(Some(1)).unwrap().hash_of, Some(first.hash));
}

fn artefacts_are_versioned_and_never_overwritten(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    for version in [3, 1] {
        store
            .put_artefact("weights", version, &[version as u8; 5000], "meta", &[])
            .unwrap();
    }
    store.put_artefact("latent", 1, b"", "", &[]).unwrap();
    assert!(matches!(
        store.put_artefact("weights", 3, b"x", "", &[]),
        Err(StoreError::Exists { .. })
    ));
    let listed: Vec<_> = store
        .artefacts("weights")
        .unwrap()
        .iter()
        .map(|a| (a.version, a.length))
        .collect();
    assert_eq!(listed, [(1, 5000), (3, 5000)]);
    let kept = store.artefact("weights", 3).unwrap().unwrap();
    assert_eq!((kept.meta.as_str(), kept.bytes), ("meta", vec![3; 5000]));
    assert_eq!(store.artefact("latent", 1).unwrap().unwrap().bytes, b"");
    assert_eq!(store.artefact("latent", 3).unwrap(), None);
    assert_eq!(store.check().unwrap().artefacts, 3);
    assert_eq!(store.delete_artefacts_below("weights", 0).unwrap(), 0);
    assert_eq!(store.delete_artefacts_below("weights", 1).unwrap(), 0);
    store.put_artefact("weights", 2, b"two", "", &[]).unwrap();
    assert_eq!(store.delete_artefacts_below("weights", 3).unwrap(), 2);
    let left: Vec<_> = store.artefacts("weights").unwrap().iter().map(|a| a.version).collect();
    assert_eq!(left, [3], "and no other kind is touched");
    assert_eq!(store.check().unwrap().artefacts, 2);
    let taken = store.put_artefact("weights", 3, b"x", "", &[3]);
    assert!(
        matches!(taken, Err(StoreError::Exists { .. })),
        "nor given again at once"
    );
    store.put_artefact("weights", 4, b"four", "", &[1, 3]).unwrap();
    let left: Vec<_> = store.artefacts("weights").unwrap().iter().map(|a| a.version).collect();
    assert_eq!(left, [4], "one comes in the place of others");
}

fn a_reader_sees_one_state_beside_the_writer(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    furnish(&mut *store);
    let reader = store.reader().unwrap();
    let mut seen = Vec::new();
    reader
        .scan(0, &mut |r| {
            if r.sequence == 1 {
                store.append(&[record(b"late", &["ana"])]).unwrap();
                erase(&mut *store, &[3], &[]);
                assert!(!store.purge().unwrap(), "the reader still needs the old state");
            }
            seen.push(r.sequence);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, [1, 2, 3], "the state of its beginning");
    assert_eq!(reader.last_sequence().unwrap(), 5);
    assert_eq!(sequences_of(&*reader, "ana"), [1, 2, 4]);
    assert!(store.purge().unwrap());
    assert_eq!(reader.check().unwrap(), store.check().unwrap());
    let handle = std::thread::spawn(move || reader.check().unwrap().records);
    assert_eq!(handle.join().unwrap(), 3);
}

fn a_backup_opens_like_the_original(open: Open) {
    let dir = temp();
    let (home, other) = (dir.path().join("home"), dir.path().join("other"));
    let mut store = open(&home);
    furnish(&mut *store);
    erase(&mut *store, &[1], &[]);
    let reader = store.reader().unwrap();
    let copied = |from: &dyn Reader| {
        let mut copy = Vec::new();
        let mut each = |part: &[u8]| {
            copy.extend_from_slice(part);
            ControlFlow::Continue(())
        };
        from.copy_out(&mut each).unwrap();
        copy
    };
    let copy = copied(&*reader);
    assert_eq!(copied(&*store), copy, "the writer and its readers give the same copy");
    let mut parts = 0;
    let mut one = |_: &[u8]| {
        parts += 1;
        ControlFlow::Break(())
    };
    reader.copy_out(&mut one).unwrap();
    assert_eq!(parts, 1, "whoever takes it may end it");
    store.append(&[record(b"later", &[])]).unwrap();
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("antenne.db"), copy).unwrap();
    let restored = open(&other);
    assert_eq!(restored.data_id(), store.data_id());
    assert_eq!(all_after(&*restored, 0), [(2, b"two".to_vec()), (3, b"three".to_vec())]);
    assert_eq!(restored.keys().unwrap(), store.keys().unwrap());
    assert_eq!(restored.check().unwrap().artefacts, 1);
    let names: Vec<_> = std::fs::read_dir(&home)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        !names.iter().any(|name| name.contains("copy")),
        "nothing stays behind: {names:?}"
    );
}

fn notes_are_found_by_name_and_the_first_go(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    let name = |n: u32| {
        let mut name = [0; 16];
        name[..4].copy_from_slice(&n.to_be_bytes());
        name
    };
    let every = |most_bytes| Keep {
        from: [0; 16],
        most_bytes,
    };
    let contents: Vec<_> = (0..1_000_u32).map(u32::to_le_bytes).collect();
    let notes: Vec<_> = (0..)
        .zip(&contents)
        .map(|(n, content)| Note { name: name(n), content })
        .collect();
    assert_eq!(store.put_notes(&notes, &every(1 << 20)).unwrap(), Dropped::default());
    let again = Note {
        name: name(7),
        content: b"other",
    };
    store.put_notes(&[again], &every(1 << 20)).unwrap();
    let kept = |store: &dyn Store| -> Vec<u32> {
        (0..1_000)
            .filter(|&n| store.note(&name(n)).unwrap().is_some())
            .collect()
    };
    assert_eq!(store.note(&name(7)).unwrap().unwrap(), contents[7], "the first stays");
    assert_eq!(store.note(&[9; 16]).unwrap(), None);
    let old = Keep {
        from: name(100),
        ..every(1 << 20)
    };
    let dropped = store.put_notes(&[], &old).unwrap();
    assert_eq!((dropped.old, dropped.for_room), (100, 0));
    assert_eq!(kept(&*store), (100..1_000).collect::<Vec<_>>());
    // Each takes 36 bytes: there is room for 500.
    let dropped = store.put_notes(&[], &every(500 * 36 + 35)).unwrap();
    assert_eq!((dropped.old, dropped.for_room), (0, 400));
    assert_eq!(kept(&*store), (500..1_000).collect::<Vec<_>>());
    store.check().unwrap();
    store.close().unwrap();
    let store = open(dir.path());
    assert_eq!(
        kept(&*store),
        (500..1_000).collect::<Vec<_>>(),
        "after another start too"
    );
}

fn the_reserve_comes_and_goes(open: Open) {
    let dir = temp();
    let mut store = open(dir.path());
    assert!(store.reserve_held());
    store.release_reserve().unwrap();
    assert!(!store.reserve_held());
    store.append(&[record(b"opt-out", &["ana"])]).unwrap();
    store.restore_reserve().unwrap();
    store.restore_reserve().unwrap();
    assert!(store.reserve_held());
    store.release_reserve().unwrap();
    drop(store);
    assert!(open(dir.path()).reserve_held(), "the next opening takes it again");
}

/// Random runs against the simplest model of a log: a map.
fn any_history_reads_as_a_map_would(open: Open) {
    use proptest::prelude::*;
    let step = prop_oneof![
        5 => prop::collection::vec((prop::collection::vec(any::<u8>(), 0..6000), 0..4_usize), 0..5).prop_map(Some),
        1 => Just(None),
    ];
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in prop::collection::vec((step, any::<u64>()), 1..20))| {
        let dir = temp();
        let mut store = open(dir.path());
        let mut model = BTreeMap::new();
        let mut last = 0;
        for (group, roll) in steps {
            if let Some(group) = group {
                let names = ["ana", "bo", "cy"];
                let new: Vec<_> = group.iter().map(|(payload, n)| record(payload, &names[..*n])).collect();
                for (i, (payload, _)) in group.iter().enumerate() {
                    model.insert(last + 1 + i as u64, payload.clone());
                }
                last += group.len() as u64;
                prop_assert_eq!(store.append(&new).unwrap(), last);
            } else if roll % 3 == 0 {
                let gone = roll % (last + 1);
                model.remove(&gone);
                last = erase(&mut *store, &[gone], &[]);
            } else if roll % 3 == 1 {
                store.close().unwrap();
                store = open(dir.path());
            } else {
                drop(store);
                store = open(dir.path());
            }
            let same = all_after(&*store, 0).into_iter().eq(model.clone());
            prop_assert!(same, "the log and the map differ after {} records", last);
        }
        prop_assert_eq!(store.check().unwrap().records, model.len() as u64);
    });
}

/// Runs every law for one engine.
macro_rules! contract {
    ($engine:ident, $open:expr, $($law:ident)*) => {
        mod $engine {
            use super::*;
            $(#[test] fn $law() { super::$law($open); })*
        }
    };
}

contract! {
    sqlite,
    |path| {
        let options = OpenOptions { reserve_bytes: 64 << 10, ..OpenOptions::new(DATA_ID) };
        Box::new(SqliteStore::open(path, &options).unwrap())
    },
    a_new_store_is_empty
    sequences_are_consecutive_from_one
    a_scan_stops_when_told
    everything_is_there_after_reopening
    records_are_found_by_subject
    an_erased_record_leaves_an_accounted_gap
    erased_bytes_are_in_no_file
    keys_are_kept_whole_and_revoked_for_good
    the_audit_log_is_a_chain_that_backups_carry_on
    artefacts_are_versioned_and_never_overwritten
    notes_are_found_by_name_and_the_first_go
    a_reader_sees_one_state_beside_the_writer
    a_backup_opens_like_the_original
    the_reserve_comes_and_goes
    any_history_reads_as_a_map_would
}
