//! How fast people who could answer are named, over HTTP, on the real questions of sumo-firefox; beside a bare handler
//! that returns the same bytes in the same run. Also: how long the server takes to start, and how much it holds.
//!
//! Run: `cargo bench --bench http`. Data: `../shared/data`.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures durations")]

mod common;

use common::{Client, Server, antenne, quantile, real};
use std::time::{Duration, Instant};

/// Requests in one measurement.
const REQUESTS: usize = 4_000;

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

/// A handler that does nothing but return `body`, on a runtime of its own; returns its address.
fn bare(body: Vec<u8>) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async move {
            let body = axum::body::Bytes::from(body);
            let handler = axum::routing::get(move || {
                let body = body.clone();
                async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], body) }
            });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address").to_string())
                .expect("told");
            axum::serve(listener, axum::Router::new().fallback(handler))
                .await
                .expect("served");
        });
    });
    told.recv().expect("an address")
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

fn main() {
    let Some(file) = real("sumo-firefox") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    antenne(folder.path(), &["import", file.to_str().expect("a path")]);
    let key = antenne(
        folder.path(),
        &["keys", "create", "--name", "bench", "--scopes", "recommend:read"],
    )
    .0;
    let key = key.trim();
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
    let bare = bare(answer);
    for connections in [1, 8] {
        let (mut ours, ours_rate) = measure(&server.address, key, &paths, connections);
        let (mut floor, floor_rate) = measure(&bare, key, &paths, connections);
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
}
