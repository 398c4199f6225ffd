//! A crash loses nothing that was acknowledged: the real server is killed at random times while clients write to it.
//!
//! Each cycle starts `antenne serve` on the same data folder, checks that everything acknowledged so far is there, and
//! kills it (SIGKILL) amid ingest over HTTP from two clients with retries. At the end of a folder's life every event is sent
//! once more: none may be taken twice, and the digest must be that of one ordered run into a fresh folder.
//!
//! 20 cycles by default; `ANTENNE_CRASH_CYCLES=200 cargo test --release --test crash` is the long run, on four folders.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "not every test asks everything of the binary")]
mod common;

mod client;
mod events;
mod full_disk;

use client::{antenne, serve};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Events in one request.
const BATCH: usize = 20;
/// Requests that the clients share out in one cycle at most.
const BATCHES_A_CYCLE: usize = 30;
/// Cycles that one folder lives through at most: a cycle reads the whole log, so that the cost grows with their square.
const CYCLES_A_FOLDER: usize = 50;

fn cycles() -> usize {
    std::env::var("ANTENNE_CRASH_CYCLES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20)
}

/// A small generator of numbers that look random, so that a failing run can be told again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[test]
fn killed_at_random_times_it_keeps_every_acknowledged_event() {
    let mut dice = Dice(0x5EED_1234_ABCD_0001);
    let (mut left, mut killed_amid_writing) = (cycles(), 0);
    while left > 0 {
        let lives = left.min(CYCLES_A_FOLDER);
        killed_amid_writing += live_and_die(lives, &mut dice);
        left -= lives;
        println!("{left} cycles left; killed {killed_amid_writing} times amid a request, nothing lost");
    }
    assert!(
        killed_amid_writing > 0,
        "the server was never killed amid a request: the test shows nothing"
    );
}

/// Kills the server `cycles` times on one folder; how many requests that broke off.
fn live_and_die(cycles: usize, dice: &mut Dice) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let batches: Arc<Vec<String>> = Arc::new(
        (0..cycles * BATCHES_A_CYCLE)
            .map(|n| events::batch(n * BATCH, BATCH))
            .collect(),
    );
    let acknowledged: Arc<Mutex<BTreeSet<usize>>> = Arc::default();
    let next = Arc::new(AtomicUsize::new(0));
    let key = antenne(
        folder.path(),
        &["keys", "create", "--name", "crash", "--scopes", "events:write"],
    );
    let mut killed_amid_writing = 0;
    for cycle in 0..cycles {
        let server = serve(folder.path());
        let clients: Vec<_> = (0..2)
            .map(|_| {
                let (address, key) = (server.address.clone(), key.trim().to_owned());
                let (batches, acknowledged, next) =
                    (Arc::clone(&batches), Arc::clone(&acknowledged), Arc::clone(&next));
                std::thread::spawn(move || write_until_it_dies(&address, &key, &batches, &acknowledged, &next))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(20 + dice.roll(250)));
        server.kill();
        killed_amid_writing += clients.into_iter().map(|c| c.join().expect("a client")).sum::<usize>();
        check_acknowledged(folder.path(), &acknowledged.lock().expect("no client panicked"), cycle);
    }
    everything_once(folder.path(), &batches, key.trim());
    killed_amid_writing
}

/// Sends batch after batch; returns how many requests broke off. A batch that broke off goes back into the queue of the
/// next cycle by not being acknowledged.
fn write_until_it_dies(
    address: &str,
    key: &str,
    batches: &[String],
    acknowledged: &Mutex<BTreeSet<usize>>,
    next: &AtomicUsize,
) -> usize {
    loop {
        let n = next.fetch_add(1, Ordering::SeqCst);
        let Some(batch) = batches.get(n) else { return 0 };
        match client::post(address, "/v1/events", key, batch) {
            Some((200, report)) => {
                assert!(report.contains(r#""rejected":[]"#), "batch {n}: {report}");
                acknowledged.lock().expect("no client panicked").insert(n);
            }
            Some((status, body)) => panic!("batch {n}: {status} {body}"),
            None => return 1,
        }
    }
}

/// Every acknowledged batch is in the log of the folder that the dead server left.
fn check_acknowledged(folder: &std::path::Path, acknowledged: &BTreeSet<usize>, cycle: usize) {
    let held = ids(&antenne(folder, &["export"]));
    for &n in acknowledged {
        for id in events::ids(n * BATCH, BATCH) {
            assert!(held.contains_key(&id), "cycle {cycle}: acknowledged event {id} is lost");
        }
    }
    let twice: Vec<_> = held.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "cycle {cycle}: taken twice: {twice:?}");
}

/// The ids of exported lines, counted.
fn ids(export: &str) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for line in export.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a canonical line");
        *ids.entry(event["id"].as_str().expect("an id").to_owned()).or_insert(0) += 1;
    }
    ids
}

/// Sends everything again: what was there is a duplicate, what was not is new, and the state is that of an ordered run.
fn everything_once(folder: &std::path::Path, batches: &[String], key: &str) {
    let before: usize = ids(&antenne(folder, &["export"])).values().sum();
    let server = serve(folder);
    let (mut accepted, mut duplicate) = (0, 0);
    for batch in batches {
        let (status, body) = client::post(&server.address, "/v1/events", key, batch).expect("an answer");
        assert_eq!(status, 200, "{body}");
        let report: serde_json::Value = serde_json::from_str(&body).expect("a report");
        accepted += report["accepted"].as_u64().expect("a count") as usize;
        duplicate += report["duplicate"].as_u64().expect("a count") as usize;
    }
    server.kill();
    assert_eq!(duplicate, before, "what was in the log is recognised, and nothing else");
    assert_eq!(accepted + duplicate, batches.len() * BATCH);
    let after = ids(&antenne(folder, &["export"]));
    assert_eq!(after.len(), batches.len() * BATCH);
    assert!(after.values().all(|&count| count == 1), "an event was taken twice");
    let fresh = tempfile::tempdir().expect("a temporary folder");
    let file = fresh.path().join("all.jsonl");
    std::fs::write(&file, batches.concat()).expect("a file");
    let data = fresh.path().join("data");
    antenne(&data, &["import", file.to_str().expect("a path")]);
    assert_eq!(
        digest(folder),
        digest(&data),
        "the state is not that of one ordered run"
    );
}

fn digest(folder: &std::path::Path) -> String {
    let stats: serde_json::Value = serde_json::from_str(&antenne(folder, &["stats", "--json"])).expect("figures");
    stats["digest"].as_str().expect("a digest").to_owned()
}

#[test]
fn a_lost_event_would_be_noticed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("part.jsonl");
    std::fs::write(&file, events::batch(1, BATCH - 1)).expect("a file");
    let data = folder.path().join("data");
    antenne(&data, &["import", file.to_str().expect("a path")]);
    let noticed = std::panic::catch_unwind(|| check_acknowledged(&data, &BTreeSet::from([0]), 0));
    assert!(noticed.is_err(), "event 0 is not in the log, and nobody noticed");
}
