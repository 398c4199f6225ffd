//! What comes from outside is bounded: connections, heads, targets; and light routes answer while the pool is full.

use crate::alone;
use crate::binary::{Server, key};
use crate::clients::{once, request};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn one_connection_too_many_is_told_so_and_the_next_is_served_once_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    key(folder.path(), "any", "recommend:read");
    let server = Server::start(folder.path(), "connections = 4");
    let hello = request("GET", "/livez", "", "");
    let known = once(&server.address, &hello);
    assert!(known.header("vary").is_some() && known.header("server-timing").is_some());
    std::thread::sleep(Duration::from_millis(200));
    let held: Vec<_> = (0..4)
        .map(|_| TcpStream::connect(&server.address).expect("a connection"))
        .collect();
    std::thread::sleep(Duration::from_millis(200));
    for _ in 0..20 {
        let reply = once(&server.address, &hello);
        assert!(reply.turned_away(503, "overloaded"), "{reply:?}");
        assert_eq!(reply.header("connection"), Some("close"));
        for name in ["server-timing", "cache-control", "vary"] {
            assert_eq!(reply.header(name).is_some(), known.header(name).is_some(), "{name}");
        }
        assert_eq!(reply.header("vary"), known.header("vary"));
    }
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(once(&server.address, &hello).status, 200);
}

#[test]
fn targets_and_heads_are_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = key(folder.path(), "any", "recommend:read");
    let server = Server::start(folder.path(), "");
    let ask = |target: &str| once(&server.address, &request("GET", target, &key, ""));
    // An identifier of 200 characters has its place, however it is encoded; it is not known here.
    let longest = format!("/v1/questions/{}/experts", "%F0%9F%94%A7".repeat(200));
    assert_eq!(ask(&longest).status, 404, "{}", ask(&longest).body);
    let reply = ask(&format!("/v1/{}", "a".repeat(2_100)));
    assert_eq!(
        (reply.status, reply.body.contains("\"target_too_long\"")),
        (414, true),
        "{reply:?}"
    );
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert_eq!(ask(&format!("/v1/questions?q={}", "a".repeat(8_200))).status, 414);
    let mut stream = TcpStream::connect(&server.address).expect("a connection");
    let head = format!(
        "GET /livez HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n",
        "a".repeat(20_000)
    );
    let _ = stream.write_all(head.as_bytes());
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[test]
fn light_routes_answer_while_the_pool_is_full() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let (admin, platform) = (
        key(folder.path(), "op", "admin"),
        key(folder.path(), "platform", "recommend:read"),
    );
    let limits = "workers = 1\nwaiting = 1\nwaiting_burst = 1\nrequests_per_second = 100000\nrequests_burst = 100000";
    let server = Server::start(folder.path(), limits);
    let words: String = (0..2_000).map(|n| format!("word{n} ")).collect();
    let draft = request(
        "POST",
        "/v1/experts",
        &platform,
        &format!(r#"{{"title":"a","body":"{words}"}}"#),
    );
    let stop = std::sync::atomic::AtomicBool::new(false);
    let shed = std::thread::scope(|scope| {
        let flood = || {
            let mut client = crate::clients::Client::new(&server.address);
            let mut shed = 0;
            while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                shed += usize::from(client.ask(&draft).expect("an answer").turned_away(503, "overloaded"));
            }
            shed
        };
        let floods: Vec<_> = (0..8).map(|_| scope.spawn(flood)).collect();
        for _ in 0..100 {
            for (target, key) in [("/livez", ""), ("/readyz", ""), ("/metrics", &*admin)] {
                let reply = once(&server.address, &request("GET", target, key, ""));
                assert_eq!(reply.status, 200, "{target}: {}", reply.body);
            }
        }
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
        floods
            .into_iter()
            .map(|flood| flood.join().expect("a client"))
            .sum::<usize>()
    });
    assert!(shed > 0, "the pool was never full: the test shows nothing");
}
