//! Slow clients cost nothing: those that say nothing, half a head, or a byte of a body a second are closed within ten
//! seconds, and everybody else is served as if they were not there.

use crate::binary::{Server, key};
use crate::clients::{at_best_of_three, quantile, request, watched};
use crate::{alone, number};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The promise.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);
/// What a machine that others use too may add to a latency.
const SLACK: Duration = Duration::from_millis(20);

/// How a client is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Silent,
    HalfHead,
    SlowBody,
}

struct SlowClient {
    kind: Kind,
    stream: TcpStream,
    heard: Vec<u8>,
    closed: Option<Duration>,
}

impl SlowClient {
    fn connect(kind: Kind, address: &str, key: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection");
        let head = match kind {
            Kind::Silent => String::new(),
            Kind::HalfHead => "GET /livez HTTP/1.1\r\nHost: ante".to_owned(),
            Kind::SlowBody => format!(
                "POST /v1/events HTTP/1.1\r\nHost: antenne\r\nAuthorization: Bearer {key}\r\nContent-Length: 1000\r\n\r\n"
            ),
        };
        stream.write_all(head.as_bytes()).expect("some bytes");
        stream.set_nonblocking(true).expect("a socket");
        Self {
            kind,
            stream,
            heard: Vec::new(),
            closed: None,
        }
    }

    /// Sends what a slow client sends in a second.
    fn drip(&mut self) {
        if self.kind != Kind::Silent && self.closed.is_none() {
            let _ = self.stream.write(b"x");
        }
    }

    /// Looks whether the server closed.
    fn look(&mut self, since: Instant) {
        let mut bytes = [0; 1024];
        while self.closed.is_none() {
            match self.stream.read(&mut bytes) {
                Ok(0) => self.closed = Some(since.elapsed()),
                Ok(n) => self.heard.extend_from_slice(&bytes[..n]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.closed = Some(since.elapsed()),
            }
        }
    }
}

/// Connects `count` clients of each kind, and goes on until all are closed, at most for `patience`.
fn besiege(server: &Server, key: &str, count: u64, patience: Duration) -> Vec<SlowClient> {
    let kinds = [Kind::Silent, Kind::HalfHead, Kind::SlowBody];
    let connect = |n: u64| SlowClient::connect(kinds[n as usize % kinds.len()], &server.address, key);
    let mut clients: Vec<_> = (0..count * kinds.len() as u64)
        .map(|n| (Instant::now(), connect(n)))
        .collect();
    let start = Instant::now();
    let mut seconds = 0;
    while start.elapsed() < patience && clients.iter().any(|(_, client)| client.closed.is_none()) {
        if start.elapsed().as_secs() > seconds {
            seconds = start.elapsed().as_secs();
            clients.iter_mut().for_each(|(_, client)| client.drip());
        }
        clients.iter_mut().for_each(|(since, client)| client.look(*since));
        std::thread::sleep(Duration::from_millis(20));
    }
    clients.into_iter().map(|(_, client)| client).collect()
}

/// The slowest end of a kind, if all ended in time.
fn all_closed(clients: &[SlowClient], within: Duration) -> Result<String, String> {
    let mut figures = String::new();
    for kind in [Kind::Silent, Kind::HalfHead, Kind::SlowBody] {
        let of_kind = clients.iter().filter(|client| client.kind == kind);
        let open = of_kind
            .clone()
            .filter(|client| client.closed.is_none_or(|at| at > within))
            .count();
        if open > 0 {
            return Err(format!("{open} of {kind:?} are open after {within:?}"));
        }
        let last = of_kind.filter_map(|client| client.closed).max().expect("some");
        figures += &format!("{kind:?} closed within {last:.1?}; ");
    }
    Ok(figures)
}

#[test]
fn slow_clients_are_closed_and_cost_nobody_anything() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let key = key(folder.path(), "platform", "events:write,recommend:read");
    let server = Server::start(folder.path(), "requests_per_second = 100000\nrequests_burst = 100000");
    let normal = request("GET", "/v1/questions", &key, "");
    let count = number("ANTENNE_SLOW_CLIENTS", 300);
    at_best_of_three(|| {
        let pause = || std::thread::sleep(Duration::from_secs(3));
        let (quiet, _, ()) = watched(&server.address, &normal, pause);
        let (besieged, refused, clients) = watched(&server.address, &normal, || {
            besiege(&server, &key, count, CLOSED_WITHIN + Duration::from_secs(2))
        });
        let closed = all_closed(&clients, CLOSED_WITHIN)?;
        let told = |client: &&SlowClient| String::from_utf8_lossy(&client.heard).contains("too_slow");
        let (told, slow) = (clients.iter().filter(told).count() as u64, count);
        let (quiet, besieged) = (quantile(quiet, 0.99), quantile(besieged, 0.99));
        let figures =
            format!("{count} of each: {closed}{told} told so; p99 {quiet:.1?} quiet, {besieged:.1?} meanwhile");
        if told != slow || !refused.is_empty() || besieged > 2 * quiet + SLACK {
            return Err(format!("{figures}; refused: {refused:?}"));
        }
        Ok(figures)
    });
}

#[test]
fn patience_without_an_end_would_be_noticed() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let key = key(folder.path(), "platform", "events:write");
    let within = Duration::from_secs(3);
    for (limits, well) in [
        ("head_seconds = 1\nbody_seconds = 1", true),
        ("head_seconds = 60\nbody_seconds = 1", false),
        ("head_seconds = 1\nbody_seconds = 60", false),
    ] {
        let server = Server::start(folder.path(), limits);
        let closed = all_closed(&besiege(&server, &key, 5, within), within);
        assert_eq!(closed.is_ok(), well, "{limits}: {closed:?}");
    }
}

#[test]
fn a_client_that_takes_no_answer_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), "");
    let asked = request("GET", "/openapi.json", "", "").repeat(1_000);
    let mut clients: Vec<TcpStream> = (0..5)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).expect("a connection");
            stream.set_nonblocking(true).expect("a socket");
            let _ = stream.write(&asked);
            stream
        })
        .collect();
    let start = Instant::now();
    let patience = Duration::from_secs(20);
    while !clients.is_empty() && start.elapsed() < patience {
        std::thread::sleep(Duration::from_millis(50));
        // Nothing is read: that the server closed shows when more is written.
        clients.retain_mut(|stream| {
            stream
                .write(&asked)
                .map_or_else(|e| e.kind() == ErrorKind::WouldBlock, |_| true)
        });
        assert!(
            clients.len() == 5 || start.elapsed() > Duration::from_secs(9),
            "closed before its time was over: by something else"
        );
    }
    assert!(clients.is_empty(), "{} of 5 are open after {patience:?}", clients.len());
}
