//! How fast events go in: from files, and over HTTP in durable batches, beside what the store alone takes.
//!
//! Run: `cargo bench --bench ingest`. Data: `../shared/data` (debian has no bodies, sumo-firefox has them).

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

#[expect(dead_code, reason = "memory and the start are measured elsewhere")]
mod common;

use antenne::domain::Timestamp;
use antenne::ingest::{FutureRule, decode, open_file};
use antenne::store::{NewRecord, OpenOptions, SqliteStore, Store as _};
use common::{Client, Server, antenne, quantile, real};
use std::path::Path;
use std::time::{Duration, Instant};

/// Lines that the store alone is given at once.
const GROUP: usize = 4_000;
/// Events in one request.
const BATCH: usize = 500;
/// Events sent over HTTP.
const OVER_HTTP: usize = 40_000;

/// Every line of an events file.
fn lines(file: &Path) -> Vec<Vec<u8>> {
    let mut input = open_file(file).expect("an events file");
    let mut all = Vec::new();
    while let Some(line) = input.next_line().expect("a whole file") {
        all.push(line.bytes.expect("a line within limits").to_vec());
    }
    all
}

fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Canonical lines appended by the store alone, in groups.
fn store_alone(lines: &[Vec<u8>]) -> Duration {
    let now = FutureRule::Accept {
        now: Timestamp::from_micros(i64::MAX / 2),
    };
    let canonical: Vec<_> = lines
        .iter()
        .map(|line| decode(line, now).expect("a good line").canonical)
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = SqliteStore::open(folder.path(), &OpenOptions::new([1; 16])).expect("a store");
    let start = Instant::now();
    for group in canonical.chunks(GROUP) {
        let records: Vec<_> = group
            .iter()
            .map(|payload| NewRecord { payload, subjects: &[] })
            .collect();
        store.append(&records).expect("appended");
    }
    start.elapsed()
}

fn import(name: &str) {
    let Some(file) = real(name) else { return };
    let lines = lines(&file);
    let mut times: Vec<Duration> = (0..3)
        .map(|_| {
            let folder = tempfile::tempdir().expect("a folder");
            antenne(folder.path(), &["import", file.to_str().expect("a path")]).1
        })
        .collect();
    let alone = store_alone(&lines);
    quantile(&mut times, 0.5);
    let time = times[times.len() / 2];
    println!(
        "import {name}: {} events, {:.0} events/s (median of 3, start and stop included); the store alone {:.0} events/s, ratio {:.2}",
        lines.len(),
        rate(lines.len(), time),
        rate(lines.len(), alone),
        alone.as_secs_f64() / time.as_secs_f64()
    );
}

fn over_http(name: &str) {
    let Some(file) = real(name) else { return };
    let lines: Vec<_> = lines(&file).into_iter().take(OVER_HTTP).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let key = antenne(
        folder.path(),
        &["keys", "create", "--name", "bench", "--scopes", "events:write"],
    )
    .0;
    for connections in [1, 2] {
        let data = tempfile::tempdir().expect("a folder");
        let key = if connections == 1 {
            key.clone()
        } else {
            antenne(
                data.path(),
                &["keys", "create", "--name", "bench", "--scopes", "events:write"],
            )
            .0
        };
        let server = Server::start(if connections == 1 { folder.path() } else { data.path() });
        let start = Instant::now();
        let share = lines.len().div_ceil(connections);
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let workers: Vec<_> = lines
                .chunks(share)
                .map(|part| scope.spawn(|| send(&server.address, key.trim(), part)))
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().expect("a client"))
                .collect()
        });
        let time = start.elapsed();
        println!(
            "HTTP ingest of {name}, durable, batches of {BATCH}, {connections} connection(s): {:.0} events/s; a batch p50 {:.1} ms, p99 {:.1} ms",
            rate(lines.len(), time),
            quantile(&mut times, 0.5),
            quantile(&mut times, 0.99)
        );
    }
}

fn send(address: &str, key: &str, lines: &[Vec<u8>]) -> Vec<Duration> {
    let mut client = Client::connect(address, key);
    lines
        .chunks(BATCH)
        .map(|batch| {
            let mut body = String::new();
            for line in batch {
                body.push_str(std::str::from_utf8(line).expect("text"));
                body.push('\n');
            }
            let start = Instant::now();
            let (status, answer) = client.send("POST", "/v1/events", &body);
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
            start.elapsed()
        })
        .collect()
}

fn main() {
    import("debian");
    import("jenkins-plugins");
    import("sumo-firefox");
    import("dba");
    over_http("sumo-firefox");
    over_http("debian");
}
