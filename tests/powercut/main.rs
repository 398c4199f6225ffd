//! A power cut takes whatever was not synced, and killing a process cannot show that: the page cache survives. So this
//! records every write and sync of a real run (with `strace`), replays them onto a disk that forgets, cuts the power at
//! hundreds of places, and opens what is left with the real store.
//!
//! Must hold at every cut: no acknowledged record is lost or changed, no erased one is back, the store is whole, and it
//! opens. The same harness must find the losses when the store runs with `Synchronous::Normal`.

mod disk;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use antenne::store::{Erasure, NewRecord, OpenOptions, Reader, SqliteStore, Store, Synchronous};
use disk::{Disk, Survives};
use trace::Op;

const FOLDER: &str = "ANTENNE_POWERCUT_FOLDER";
const SYNCHRONOUS: &str = "ANTENNE_POWERCUT_SYNCHRONOUS";
const CUTS: usize = 320;
const CUTS_OF_THE_FAULTY_RUN: usize = 60;

fn options(synchronous: Synchronous) -> OpenOptions {
    OpenOptions {
        synchronous,
        reserve_bytes: 8 << 10,
        checkpoint_pages: 40,
        ..OpenOptions::new([9; 16])
    }
}

/// The payload of a sequence, so that both sides know it without talking.
fn payload(sequence: u64) -> Vec<u8> {
    let mut state = sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 11
    };
    let length = if sequence.is_multiple_of(17) {
        next() % 9000
    } else {
        next() % 700
    };
    (0..length).map(|_| next() as u8).collect()
}

fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// The recorded program: groups of all sizes, erasures, checkpoints, clean and unclean ends. Runs only as a child.
#[test]
fn workload() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let normal = std::env::var_os(SYNCHRONOUS).is_some();
    let options = options(if normal { Synchronous::Normal } else { Synchronous::Full });
    let open = || Box::new(SqliteStore::open(Path::new(&folder), &options).unwrap());
    let mut store = open();
    for round in 0..70_u64 {
        let next = store.last_sequence().unwrap() + 1;
        let payloads: Vec<_> = (next..next + 1 + round * 7 % 12).map(payload).collect();
        let group: Vec<_> = payloads
            .iter()
            .map(|payload| NewRecord {
                payload,
                subjects: &["ana", "bo"],
            })
            .collect();
        let last = store.append(&group).unwrap();
        say(&format!("ack {last}\n"));
        if round % 9 == 4 {
            let doomed = last / 2 + 1;
            say(&format!("erasing {doomed}\n"));
            let instead = payload(last + 1);
            let erasure = Erasure {
                sequences: &[doomed],
                group: &[NewRecord {
                    payload: &instead,
                    subjects: &[],
                }],
                ..Erasure::default()
            };
            let last = store.forget(&erasure).unwrap();
            assert!(store.purge().unwrap());
            say(&format!("gone {doomed}\nack {last}\n"));
        }
        match round % 16 {
            6 => {
                store.close().unwrap();
                store = open();
            }
            13 => {
                drop(store);
                store = open();
            }
            _ => {}
        }
    }
    store.close().unwrap();
    say("ended\n");
}

/// What the program had said up to the cut.
#[derive(Default)]
struct Said {
    acknowledged: u64,
    erasing: BTreeSet<u64>,
    gone: BTreeSet<u64>,
    ended: bool,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let (verb, number) = (words.next(), words.next().and_then(|n| n.parse().ok()));
        match (verb, number) {
            (Some("ack"), Some(last)) => self.acknowledged = last,
            (Some("erasing"), Some(sequence)) => drop(self.erasing.insert(sequence)),
            (Some("gone"), Some(sequence)) => drop(self.gone.insert(sequence)),
            (Some("ended"), None) => self.ended = true,
            _ => {}
        }
    }
}

/// What the store makes of the remains.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Sound,
    Lost(String),
    Refused(String),
}

fn judge(folder: &Path, said: &Said) -> Verdict {
    let store = match SqliteStore::open(folder, &options(Synchronous::Full)) {
        Ok(store) => store,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let mut found = BTreeMap::new();
    let scanned = store.scan(0, &mut |record| {
        found.insert(record.sequence, record.payload.to_vec());
        ControlFlow::Continue(())
    });
    if let Err(error) = scanned.and_then(|()| store.check()) {
        return Verdict::Refused(error.to_string());
    }
    for sequence in 1..=said.acknowledged.max(store.last_sequence().unwrap()) {
        match found.get(&sequence) {
            Some(_) if said.gone.contains(&sequence) => return Verdict::Lost(format!("{sequence} is back")),
            Some(bytes) if *bytes != payload(sequence) => return Verdict::Lost(format!("{sequence} has changed")),
            None if !said.erasing.contains(&sequence) => return Verdict::Lost(format!("{sequence} is not there")),
            _ => {}
        }
    }
    go_on(store, folder)
}

/// A store that survived must also live: one more record, a crash, another look.
fn go_on(mut store: SqliteStore, folder: &Path) -> Verdict {
    let next = store.last_sequence().unwrap() + 1;
    let appended = store.append(&[NewRecord {
        payload: b"life goes on",
        subjects: &[],
    }]);
    drop(store);
    let again = SqliteStore::open(folder, &options(Synchronous::Full)).map(|store| store.last_sequence().unwrap());
    match (appended, again) {
        (Ok(appended), Ok(last)) if appended == next && last == next => Verdict::Sound,
        other => Verdict::Refused(format!("the store does not go on: {other:?}")),
    }
}

/// Records a run. `None` where there is no `strace`, which continuous integration does not accept.
fn record(synchronous: Synchronous) -> Option<(Vec<Op>, String)> {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "strace is not installed: the power-cut test cannot run"
        );
        say("SKIPPED: strace is not installed, so no writes can be recorded and no power cut replayed\n");
        return None;
    }
    let temp = tempfile::tempdir().unwrap();
    let (root, file) = (temp.path().canonicalize().unwrap(), temp.path().join("trace"));
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-xx", "-s", "1048576", "-e"])
        .arg(format!("trace={}", trace::CALLS))
        .arg("-o");
    command
        .arg(&file)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "workload", "--nocapture"]);
    command.env(FOLDER, root.join("data"));
    if synchronous == Synchronous::Normal {
        command.env(SYNCHRONOUS, "normal");
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "the recorded run failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let root = root.display().to_string();
    let ops = trace::parse(&std::fs::read_to_string(&file).unwrap(), &root);
    Some((ops, root))
}

/// A place for remains. They need not outlive anything, so memory will do, and a thousand openings cost no real sync.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// Cuts the power at places spread over the whole run, several ways each.
fn cut(ops: &[Op], root: &str, cuts: usize) -> Vec<(usize, Survives, Verdict)> {
    let (mut disk, mut said, mut verdicts) = (Disk::default(), Said::default(), Vec::new());
    let mut made = 0;
    for (index, op) in ops.iter().enumerate() {
        disk.apply(op);
        if let Op::Said(line) = op {
            said.hear(line);
        }
        if (index + 1) * cuts / ops.len() == made {
            continue;
        }
        made = (index + 1) * cuts / ops.len();
        for survives in [
            Survives::OnlySynced,
            Survives::Torn(index as u64 + 1),
            Survives::Everything,
        ] {
            let target = scratch();
            disk.rebuild(survives, root, target.path());
            verdicts.push((index, survives, judge(&target.path().join("data"), &said)));
        }
    }
    assert!(said.ended, "the whole run was replayed");
    assert!(said.acknowledged > 300 && said.gone.len() > 5, "the run did enough");
    verdicts
}

#[test]
fn no_power_cut_takes_an_acknowledged_record() {
    let Some((ops, root)) = record(Synchronous::Full) else {
        return;
    };
    let verdicts = cut(&ops, &root, CUTS);
    assert!(verdicts.len() >= 3 * 300);
    let bad: Vec<_> = verdicts
        .iter()
        .filter(|(_, _, verdict)| *verdict != Verdict::Sound)
        .collect();
    say(&format!(
        "{} operations, {} cuts, {} ways: {} bad\n",
        ops.len(),
        CUTS,
        verdicts.len(),
        bad.len()
    ));
    assert!(
        bad.is_empty(),
        "{} of {}: {:#?}",
        bad.len(),
        verdicts.len(),
        &bad[..bad.len().min(5)]
    );
}

#[test]
fn the_same_cuts_find_what_a_lazy_sync_loses() {
    let Some((ops, root)) = record(Synchronous::Normal) else {
        return;
    };
    let verdicts = cut(&ops, &root, CUTS_OF_THE_FAULTY_RUN);
    let count = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|(_, _, verdict)| wanted(verdict)).count();
    let lost = count(|verdict| matches!(verdict, Verdict::Lost(_)));
    let refused = count(|verdict| matches!(verdict, Verdict::Refused(_)));
    say(&format!(
        "lazy sync: {lost} ways of {} lose acknowledged records, {refused} are refused\n",
        verdicts.len()
    ));
    assert!(
        lost >= verdicts.len() / 10,
        "a store that does not sync must lose records here, but only {lost} did"
    );
}
