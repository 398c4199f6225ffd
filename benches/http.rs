//! How fast people who could answer are named, over HTTP, on the real questions of sumo-firefox, quiet and while events
//! come in; and how fast a community's card is read, on those of ncar-zulip; beside a bare handler that returns the same
//! bytes in the same run. Also: how long the server takes to start, and how much it holds.
//!
//! Run: `cargo bench --bench http`. Data: `../shared/data`.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

mod common;

use common::{Client, Server, antenne, quantile, real};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Requests in one measurement.
const REQUESTS: usize = 4_000;
/// Measurements of cards, each beside one of the bare handler.
const TURNS: usize = 25;

/// The latencies of `REQUESTS` requests over `connections`, and requests a second.
fn measure(address: &str, key: &str, paths: &[String], connections: usize) -> (Vec<Duration>, f64) {
    let start = Instant::now();
    let each = REQUESTS / connections;
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|worker| {
                scope.spawn(move || {
                    let mut client = Client::connect(address, key);
                    let ask = |n: usize| {
                        let path = &paths[(worker + n * connections) % paths.len()];
                        let start = Instant::now();
                        let (status, _) = client.send("GET", path, "");
                        assert_eq!(status, 200, "{path}");
                        start.elapsed()
                    };
                    (0..each).map(ask).collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a client"))
            .collect()
    });
    (times, REQUESTS as f64 / start.elapsed().as_secs_f64())
}

/// Where this program finds the body that it shall return, when it is run as a bare handler.
const BARE: &str = "ANTENNE_BENCH_BARE";

/// A handler that does nothing but return a body, in a process of its own, as the service is.
struct Bare {
    child: Child,
    address: String,
}

impl Bare {
    fn start(body: Vec<u8>) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .env(BARE, String::from_utf8(body).expect("text"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("standard output");
        BufReader::new(output).read_line(&mut line).expect("an address");
        let address = line.trim().to_owned();
        Self { child, address }
    }

    /// Returns `body` to whoever asks, for ever.
    fn run(body: String) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let body = axum::body::Bytes::from(body);
            let handler = axum::routing::get(move || {
                let body = body.clone();
                async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], body) }
            });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            println!("{}", listener.local_addr().expect("an address"));
            let router = axum::Router::new().fallback(handler);
            axum::serve(listener, router).await.expect("served");
        });
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As many different questions as there are requests, so that no answer is asked for twice in one measurement.
fn questions(client: &mut Client) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    while ids.len() < REQUESTS {
        let (_, page) = client.send("GET", &format!("/v1/questions?status=all&limit=100{cursor}"), "");
        let page: serde_json::Value = serde_json::from_slice(&page).expect("a list");
        let items = page["items"].as_array().expect("items").iter();
        ids.extend(items.map(|q| q["question"].as_str().expect("an id").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ids
}

/// Events a second while questions are asked.
const EVENTS_A_SECOND: usize = 1_000;
/// Turns, each quiet first and then with events.
const LIVE_TURNS: usize = 11;
/// Events in one batch of these.
const LIVE_BATCH: usize = 10;

/// Sends new answers and their authors' new questions at a steady rate until told to stop; how long each batch took to be
/// acknowledged, from the moment at which it was due.
fn write_steadily(address: &str, key: &str, stop: &AtomicBool, turn: u32) -> Vec<Duration> {
    let mut client = Client::connect(address, key);
    let (start, mut times) = (Instant::now(), Vec::new());
    let pause = Duration::from_secs_f64(LIVE_BATCH as f64 / EVENTS_A_SECOND as f64);
    for sent in 0_u32.. {
        // No turn sends what another sent: that would cost nothing.
        let n = turn * 1_000_000 + sent;
        let due = start + pause * sent;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let event = |e: usize| {
            let (id, half) = (n as usize * LIVE_BATCH + e, e / 2);
            let (kind, data) = if e.is_multiple_of(2) {
                let data = format!(
                    r#""asker":"live/{}","title":"The printer on floor {half} blinks and prints nothing","tags":["live"]"#,
                    n % 50
                );
                ("question.created", data)
            } else {
                (
                    "answer.created",
                    format!(
                        r#""answer":"live/{id}","author":"live/{}","body":"Hold the green button for ten seconds""#,
                        n % 70
                    ),
                )
            };
            format!(
                r#"{{"id":"{id}","source":"live","type":"{kind}","at":"2024-01-01T00:00:{:02}Z","data":{{"question":"live/{n}-{half}",{data}}}}}"#,
                n % 60
            )
        };
        let body = (0..LIVE_BATCH).map(event).collect::<Vec<_>>().join("\n");
        let (status, answer) = client.send("POST", "/v1/events", &body);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        times.push(due.elapsed());
    }
    times
}

/// Questions asked over one connection, by turns quiet and while events come in.
fn while_events_come_in(server: &Server, key: &str, paths: &[String]) {
    let (mut ratios, mut acknowledged) = (Vec::new(), Vec::new());
    let (mut quiet_all, mut busy_all) = (Vec::new(), Vec::new());
    for turn in 0..LIVE_TURNS as u32 {
        let (mut quiet, _) = measure(&server.address, key, paths, 1);
        let stop = AtomicBool::new(false);
        let ((mut busy, _), taken) = std::thread::scope(|scope| {
            let writer = scope.spawn(|| write_steadily(&server.address, key, &stop, turn));
            let asked = measure(&server.address, key, paths, 1);
            stop.store(true, Ordering::Relaxed);
            (asked, writer.join().expect("a writer"))
        });
        ratios.push(quantile(&mut busy, 0.99) / quantile(&mut quiet, 0.99));
        quiet_all.extend(quiet);
        busy_all.extend(busy);
        acknowledged.extend(taken);
    }
    ratios.sort_unstable_by(f64::total_cmp);
    println!(
        "experts, 1 connection, {LIVE_TURNS} turns: p99 {:.2} ms quiet, {:.2} ms while {EVENTS_A_SECOND} events/s come in, ratio of a turn {:.2} at the median, {:.2} to {:.2}; a batch of {LIVE_BATCH} is acknowledged within p50 {:.1} ms, p99 {:.1} ms, at most {:.0} ms ({} batches)",
        quantile(&mut quiet_all, 0.99),
        quantile(&mut busy_all, 0.99),
        ratios[LIVE_TURNS / 2],
        ratios[0],
        ratios[LIVE_TURNS - 1],
        quantile(&mut acknowledged, 0.5),
        quantile(&mut acknowledged, 0.99),
        quantile(&mut acknowledged, 1.0),
        acknowledged.len()
    );
}

/// Cards of communities, beside a bare handler that returns the bytes of one.
fn cards() {
    let Some(file) = real("ncar-zulip") else { return };
    let (folder, key) = imported(&file);
    let server = Server::start(folder.path());
    let mut client = Client::connect(&server.address, &key);
    let (_, page) = client.send("GET", "/v1/questions?status=all&limit=100", "");
    let page: serde_json::Value = serde_json::from_slice(&page).expect("a list");
    let mut ids: Vec<_> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|q| q["community"].as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let paths: Vec<String> = ids
        .iter()
        .map(|id| format!("/v1/communities/{}", encoded(id)))
        .collect();
    let seen = |path: &String| client.send("GET", path, "").0 == 200;
    let paths: Vec<String> = paths.into_iter().filter(seen).collect();
    let (_, card) = client.send("GET", &paths[0], "");
    println!("cards of {} communities; one is {} bytes", paths.len(), card.len());
    let bare = Bare::start(card);
    for connections in [1, 8] {
        // By turns, so that what else the machine does falls on both.
        let (mut ours, mut floor, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let (mut rates, mut floor_rates) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let (times, rate) = measure(&server.address, &key, &paths, connections);
            let (floor_times, floor_rate) = measure(&bare.address, &key, &paths, connections);
            ours.extend(times);
            floor.extend(floor_times);
            ratios.push(rate / floor_rate);
            rates.push(rate);
            floor_rates.push(floor_rate);
        }
        for figures in [&mut rates, &mut floor_rates, &mut ratios] {
            figures.sort_unstable_by(f64::total_cmp);
        }
        println!(
            "cards, {connections} connection(s), {TURNS} turns: p50 {:.3} ms, {:.0} requests/s; bare handler p50 {:.3} ms, {:.0} requests/s; ratio of rates {:.2} (quartiles {:.2} and {:.2}), of p50 {:.2}",
            quantile(&mut ours, 0.5),
            rates[TURNS / 2],
            quantile(&mut floor, 0.5),
            floor_rates[TURNS / 2],
            ratios[TURNS / 2],
            ratios[TURNS / 4],
            ratios[TURNS * 3 / 4],
            quantile(&mut floor, 0.5) / quantile(&mut ours, 0.5),
        );
    }
}

/// An identifier as a part of a path.
fn encoded(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A folder with the events of `file`, and a key that may ask and tell.
fn imported(file: &Path) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    antenne(folder.path(), &["import", file.to_str().expect("a path")]);
    let scopes = "recommend:read,events:write";
    let key = antenne(
        folder.path(),
        &["keys", "create", "--name", "bench", "--scopes", scopes],
    )
    .0;
    (folder, key.trim().to_owned())
}

fn main() {
    if let Ok(body) = std::env::var(BARE) {
        Bare::run(body);
        return;
    }
    cards();
    let Some(file) = real("sumo-firefox") else { return };
    let (folder, key) = imported(&file);
    let key = &*key;
    let server = Server::start(folder.path());
    println!(
        "start on 44,674 events: {:.2} s to ready, {:.0} MiB",
        server.start.as_secs_f64(),
        server.peak_mib()
    );
    let mut client = Client::connect(&server.address, key);
    let paths: Vec<String> = questions(&mut client)
        .iter()
        .map(|id| format!("/v1/questions/{id}/experts?limit=3"))
        .collect();
    let (_, answer) = client.send("GET", &paths[0], "");
    println!("an answer is {} bytes", answer.len());
    let bare = Bare::start(answer);
    for connections in [1, 8] {
        let (mut ours, ours_rate) = measure(&server.address, key, &paths, connections);
        let (mut floor, floor_rate) = measure(&bare.address, key, &paths, connections);
        println!(
            "experts, {connections} connection(s): p50 {:.2} ms, p99 {:.2} ms, {ours_rate:.0} requests/s; bare handler p50 {:.2} ms, p99 {:.2} ms, {floor_rate:.0} requests/s; ratio of rates {:.2}",
            quantile(&mut ours, 0.5),
            quantile(&mut ours, 0.99),
            quantile(&mut floor, 0.5),
            quantile(&mut floor, 0.99),
            ours_rate / floor_rate
        );
    }
    println!("after {} requests: {:.0} MiB", 2 * REQUESTS, server.peak_mib());
    while_events_come_in(&server, key, &paths);
}
