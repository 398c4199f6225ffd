//! A server on a free port with a clock that moves only when it is told to, and a client that sends exactly the bytes it
//! is given.

use antenne::app::{Clock, NewKey, Oidc, Service, Settings, Sources};
use antenne::domain::Timestamp;
use antenne::http::{Limits, Setup};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// 2026-03-02T09:00:30Z.
const NOW_MICROS: i64 = 1_772_442_030_000_000;

/// Requests a second of one key: more than any test sends.
const OFTEN: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();

#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

fn settings(folder: &Path, sources: Sources) -> Settings {
    Settings {
        folder: folder.to_owned(),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources,
        manner: antenne::app::Manner::Vous,
        recommendations_bytes: antenne::app::RECOMMENDATIONS_BYTES,
    }
}

/// A running server.
pub struct Server {
    pub service: Arc<Service>,
    pub platform: String,
    clock: Hands,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Server {
    /// A server without facts, and a platform's key that may write and read.
    pub fn start() -> Self {
        Self::of(Sources::default())
    }

    /// The same with what an operator says of the sources.
    pub fn of(sources: Sources) -> Self {
        Self::started(sources, None)
    }

    /// The same that also takes the tokens of an identity provider.
    pub fn trusting(oidc: Oidc) -> Self {
        Self::started(Sources::default(), Some(oidc))
    }

    fn started(sources: Sources, oidc: Option<Oidc>) -> Self {
        let clock = Hands(Arc::new(AtomicI64::new(NOW_MICROS)));
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(&folder.path().join("data"), sources);
        let service = Arc::new(Service::open(settings, Arc::new(clock.clone())).unwrap().trusting(oidc));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::clone(&service);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let shutdown = async { drop(stopped.await) };
                let setup = Setup {
                    limits: Limits {
                        requests_per_second: OFTEN,
                        requests_burst: OFTEN,
                        ..Limits::default()
                    },
                    ..Setup::default()
                };
                antenne::http::serve(listener, served, setup, shutdown).await;
            });
        });
        let mut started = Self {
            service,
            platform: String::new(),
            clock,
            address,
            stop: Some(stop),
            thread: Some(thread),
            folder,
        };
        started.platform = started.key("platform", &["events:write", "recommend:read", "search:read"], None);
        started
    }

    /// The service of another folder, which nobody serves.
    pub fn opened(folder: &Path) -> Service {
        let clock = Hands(Arc::new(AtomicI64::new(NOW_MICROS)));
        Service::open(settings(folder, Sources::default()), Arc::new(clock)).unwrap()
    }

    /// The data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Lets time pass.
    pub fn pass(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    /// A new key of an animator of these communities.
    pub fn animator(&self, name: &str, scopes: &[&str], communities: &[&str]) -> String {
        self.make(NewKey {
            name: name.to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            communities: communities.iter().map(|&id| id.to_owned()).collect(),
            ..NewKey::default()
        })
    }

    /// A new key.
    pub fn key(&self, name: &str, scopes: &[&str], person: Option<&str>) -> String {
        self.bound_key(name, scopes, person, &[])
    }

    /// A new key of a person who animates these communities.
    pub fn colleague(&self, name: &str, scopes: &[&str], person: &str, communities: &[&str]) -> String {
        self.make(NewKey {
            name: name.to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            person: Some(person.to_owned()),
            communities: communities.iter().map(|&id| id.to_owned()).collect(),
            ..NewKey::default()
        })
    }

    /// A new key that writes as these sources alone.
    pub fn bound_key(&self, name: &str, scopes: &[&str], person: Option<&str>, sources: &[&str]) -> String {
        let new = NewKey {
            name: name.to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            person: person.map(str::to_owned),
            sources: sources.iter().map(|&source| source.to_owned()).collect(),
            ..NewKey::default()
        };
        self.make(new)
    }

    fn make(&self, new: NewKey) -> String {
        let mut secret = [0; 32];
        secret[..new.name.len()].copy_from_slice(new.name.as_bytes());
        self.service.create_key(&new, secret, None).unwrap()
    }

    /// Sends a request with these header lines.
    pub fn send(&self, method: &str, target: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: antenne\r\nConnection: close\r\n");
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        if !headers
            .iter()
            .any(|header| header.to_ascii_lowercase().starts_with("content-length"))
        {
            let _ = write!(head, "Content-Length: {}\r\n", body.len());
        }
        head.push_str("\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Sends bytes and reads until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Reply::read(&answer)
    }

    /// `GET` with the platform's key.
    pub fn get(&self, target: &str) -> Reply {
        self.get_as(&self.platform, target)
    }

    /// `GET` with `key`.
    pub fn get_as(&self, key: &str, target: &str) -> Reply {
        self.send("GET", target, &[&bearer(key)], b"")
    }

    /// `POST` with the platform's key.
    pub fn post(&self, target: &str, body: impl AsRef<[u8]>) -> Reply {
        self.send("POST", target, &[&bearer(&self.platform)], body.as_ref())
    }

    /// Sends events that must all be new.
    pub fn told(&self, lines: &[String]) {
        let reply = self.post("/v1/events", lines.join("\n"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.json()["accepted"], lines.len(), "{}", reply.text());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}

impl Reply {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            status,
            headers,
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Asserts that this is a problem document with `status` and `code`, and returns it.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["type"].is_string() && problem["detail"].is_string());
        problem
    }
}

/// The header line that carries a key.
pub fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

/// An event line; its id is its number.
pub fn event(number: u32, kind: &str, at: &str, data: &Value) -> String {
    event_of("forum", number, kind, at, data)
}

/// The same of another source.
pub fn event_of(source: &str, number: u32, kind: &str, at: &str, data: &Value) -> String {
    serde_json::json!({"id": number.to_string(), "source": source, "type": kind, "at": at, "data": data}).to_string()
}

/// A text as a part of a path or a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
