//! The end is clean: asked to stop under load, with clients that are in the middle of everything, the server answers what
//! it was asked, keeps what it acknowledged, closes the rest at once, and is gone within ten seconds.

use crate::alone;
use crate::binary::{Server, antenne, key};
use crate::clients::{Client, at_best_of_three, request};
use std::collections::BTreeSet;
use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Events in one batch.
const BATCH: usize = 10;

fn batch(number: usize) -> String {
    let line = |n: usize| {
        format!(
            r#"{{"id":"e{n}","source":"stop","type":"person.upserted","at":"2024-03-01T08:00:00Z","data":{{"person":"p{n}"}}}}"#
        )
    };
    (number * BATCH..(number + 1) * BATCH).map(|n| line(n) + "\n").collect()
}

/// What clients saw until the server was gone.
#[derive(Default)]
struct Seen {
    acknowledged: Mutex<BTreeSet<usize>>,
    /// When a request was handed over that got no answer.
    unanswered: Mutex<Vec<Instant>>,
    next: AtomicUsize,
}

/// Sends batches and questions in turn until the server is gone.
fn work(address: &str, key: &str, seen: &Seen) {
    let mut client = Client::new(address);
    loop {
        let number = seen.next.fetch_add(1, Ordering::SeqCst);
        let question = request("GET", "/v1/questions?limit=100", key, "");
        for (body, bytes) in [
            (true, request("POST", "/v1/events", key, &batch(number))),
            (false, question),
        ] {
            let mut sent = None;
            let reply = client.ask_and_tell(&bytes, || sent = Some(Instant::now()));
            match (reply, sent) {
                (Ok(reply), _) if reply.status == 200 => {
                    if body {
                        seen.acknowledged.lock().expect("a list").insert(number);
                    }
                }
                (Ok(reply), _) => assert!(
                    reply.turned_away(503, "stopping") || reply.turned_away(503, "overloaded"),
                    "{reply:?}"
                ),
                (Err(_), Some(sent)) => {
                    seen.unanswered.lock().expect("a list").push(sent);
                    return;
                }
                (Err(_), None) => return,
            }
        }
    }
}

/// Clients that are in the middle of a request, or between two.
fn half_open(address: &str, key: &str) -> Vec<TcpStream> {
    let whole = String::from_utf8(request("GET", "/livez", key, "")).expect("text");
    let half =
        format!("POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Length: 99\r\n\r\n{{");
    let beginnings = ["", "GET /livez HT", &half, &whole];
    let connect = |n: usize| {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a socket");
        let beginning = beginnings[n % beginnings.len()];
        stream.write_all(beginning.as_bytes()).expect("some bytes");
        if beginning == whole {
            crate::clients::read(&mut BufReader::new(stream.try_clone().expect("a socket"))).expect("an answer");
        }
        stream
    };
    (0..80).map(connect).collect()
}

/// Stops a server under load with `signal`; the figures, or what was not clean.
#[expect(clippy::too_many_lines, reason = "one story, in the order in which it happens")]
fn stopped_by(signal: &str, folder: &Path) -> Result<String, String> {
    let key = key(folder, signal, "events:write,recommend:read");
    let mut server = Server::start(folder, "requests_per_second = 100000\nrequests_burst = 100000");
    let seen = Seen::default();
    let (address, seen_by) = (server.address.clone(), &seen);
    let (asked, status, took) = std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| work(&address, &key, seen_by));
        }
        std::thread::sleep(Duration::from_millis(300));
        let mut held = half_open(&address, &key);
        std::thread::sleep(Duration::from_millis(500));
        let asked = Instant::now();
        server.signal(signal);
        let ends: Vec<_> = held
            .iter_mut()
            .map(|stream| {
                let _ = stream.read_to_end(&mut Vec::new());
                asked.elapsed()
            })
            .collect();
        let status = server.ended(Duration::from_secs(10));
        (
            asked,
            status,
            (asked.elapsed(), ends.into_iter().max().expect("clients")),
        )
    });
    // The same instant on both sides of the signal: what was handed over before had to be answered.
    let lost = seen
        .unanswered
        .lock()
        .expect("a list")
        .iter()
        .filter(|&&sent| sent < asked)
        .count();
    let acknowledged = seen.acknowledged.lock().expect("a list").clone();
    let held = antenne(folder, &["export"]);
    let missing = acknowledged
        .iter()
        .filter(|&&number| !held.contains(&format!(r#""e{}""#, number * BATCH)))
        .count();
    let figures = format!(
        "{} batches acknowledged, {missing} missing; {lost} requests without an answer; half-open clients closed after {:.1?}; gone after {:.1?} with {status:?}",
        acknowledged.len(),
        took.1,
        took.0
    );
    let clean =
        status.is_some_and(|status| status.success()) && lost == 0 && missing == 0 && took.1 < Duration::from_secs(4);
    if clean && !acknowledged.is_empty() {
        Ok(figures)
    } else {
        Err(figures)
    }
}

#[test]
fn asked_to_stop_it_answers_what_it_was_asked_and_goes() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let figures = stopped_by("TERM", folder.path()).expect("a clean end");
    println!("{figures}");
}

#[test]
fn asked_to_stop_it_says_that_it_is_not_ready() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    key(folder.path(), "any", "admin");
    at_best_of_three(|| {
        let server = Server::start(folder.path(), "");
        let mut client = Client::new(&server.address);
        let ready = request("GET", "/readyz", "", "");
        assert_eq!(client.ask(&ready).expect("an answer").status, 200);
        server.signal("TERM");
        // The connection is heard for a moment; what comes later finds nobody.
        while let Ok(reply) = client.ask(&ready) {
            if reply.turned_away(503, "stopping") {
                return Ok("not ready".to_owned());
            }
            assert_eq!(reply.status, 200, "{reply:?}");
        }
        Err("closed without a word".to_owned())
    });
}

#[test]
fn an_end_that_is_not_clean_would_be_noticed() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let noticed = stopped_by("KILL", folder.path()).expect_err("nobody was answered");
    println!("{noticed}");
}

#[test]
fn what_is_acknowledged_and_missing_would_be_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("part.jsonl");
    std::fs::write(&file, batch(0)).expect("a file");
    antenne(folder.path(), &["import", file.to_str().expect("a path")]);
    let held = antenne(folder.path(), &["export"]);
    assert!(
        held.contains(r#""e0""#) && !held.contains(r#""e10""#),
        "the words that a missing batch is known by"
    );
}
