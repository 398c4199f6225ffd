//! Clients: one that keeps its connection, and one that measures what everybody else does to it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (n, value) = line.split_once(": ")?;
            n.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Whether this is a refusal that says when to come back.
    pub fn turned_away(&self, status: u16, code: &str) -> bool {
        let waits = self
            .header("retry-after")
            .and_then(|seconds| seconds.parse::<u64>().ok());
        self.status == status && self.body.contains(&format!("\"{code}\"")) && waits.is_some_and(|seconds| seconds > 0)
    }
}

/// The bytes of a request.
pub fn request(method: &str, target: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: antenne\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Reads one answer.
pub fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Reply> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(line.trim_end());
        head.push('\n');
    }
    let mut reply = Reply {
        status: head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or(0),
        head,
        body: String::new(),
    };
    let length = reply
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    reply.body = String::from_utf8(body).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(reply)
}

/// A client that keeps its connection, and takes a new one when the server closed it.
pub struct Client {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            stream: None,
        }
    }

    /// Sends a request and reads its answer; `sent` hears when the whole request was handed over.
    pub fn ask_and_tell(&mut self, bytes: &[u8], sent: impl FnOnce()) -> io::Result<Reply> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(30)))?;
            BufReader::new(stream)
        };
        stream.get_mut().write_all(bytes)?;
        sent();
        let reply = read(&mut stream)?;
        if reply.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(reply)
    }

    pub fn ask(&mut self, bytes: &[u8]) -> io::Result<Reply> {
        self.ask_and_tell(bytes, || ())
    }
}

/// One answer on a connection of its own.
pub fn once(address: &str, bytes: &[u8]) -> Reply {
    Client::new(address).ask(bytes).expect("an answer")
}

/// What becomes of requests that are sent at a steady pace, whatever becomes of them.
pub struct Paced<'a> {
    pub address: &'a str,
    pub requests: &'a [Vec<u8>],
    /// Clients with a connection each.
    pub clients: usize,
    /// Requests a second of all clients together; as fast as answers come when it is zero.
    pub rate: f64,
    pub time: Duration,
}

impl Paced<'_> {
    /// Sends them; each answer with how long it took, and when it was asked for since the beginning.
    pub fn run(&self) -> Vec<(Duration, Duration, Reply)> {
        let start = Instant::now();
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.clients)
                .map(|client| scope.spawn(move || self.client(client, start)))
                .collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().expect("a client"))
                .collect()
        })
    }

    fn client(&self, client: usize, start: Instant) -> Vec<(Duration, Duration, Reply)> {
        let mut connection = Client::new(self.address);
        let mut answers = Vec::new();
        for turn in 0.. {
            let number = turn * self.clients + client;
            if self.rate > 0.0 {
                let due = Duration::from_secs_f64(number as f64 / self.rate);
                std::thread::sleep(due.saturating_sub(start.elapsed()));
            }
            let asked = start.elapsed();
            if asked >= self.time {
                break;
            }
            let request = &self.requests[number % self.requests.len()];
            // An idle connection may have been closed meanwhile: then once more on a new one.
            let answer = connection
                .ask(request)
                .or_else(|_| connection.ask(request))
                .expect("an answer");
            answers.push((start.elapsed().saturating_sub(asked), asked, answer));
        }
        answers
    }
}

/// The latency below which a share `q` of the answers came.
pub fn quantile(mut times: Vec<Duration>, q: f64) -> Duration {
    assert!(!times.is_empty(), "nothing was measured");
    times.sort();
    times[((times.len() - 1) as f64 * q).round() as usize]
}

/// A client that asks for `request` 100 times a second until `stop`; how long each answer took, and every refusal.
pub fn watch(address: &str, request: &[u8], stop: &AtomicBool) -> (Vec<Duration>, Vec<Reply>) {
    let mut client = Client::new(address);
    let (mut times, mut refused) = (Vec::new(), Vec::new());
    while !stop.load(Ordering::SeqCst) {
        let start = Instant::now();
        let reply = client.ask(request).or_else(|_| client.ask(request)).expect("an answer");
        times.push(start.elapsed());
        if reply.status != 200 {
            refused.push(reply);
        }
        std::thread::sleep(Duration::from_millis(10).saturating_sub(start.elapsed()));
    }
    (times, refused)
}

/// What [`watch`] sees while `what` goes on, and what that returns.
pub fn watched<T>(address: &str, request: &[u8], what: impl FnOnce() -> T) -> (Vec<Duration>, Vec<Reply>, T) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(address, request, &stop));
        let done = what();
        stop.store(true, Ordering::SeqCst);
        let (times, refused) = watcher.join().expect("the watcher");
        (times, refused, done)
    })
}

/// Runs `attempt` until it is well, three times at most: figures of a machine that others use too are not all good.
pub fn at_best_of_three(mut attempt: impl FnMut() -> Result<String, String>) {
    let mut last = String::new();
    for number in 1..=3 {
        match attempt() {
            Ok(figures) => return println!("{figures}"),
            Err(why) => {
                println!("attempt {number}: {why}");
                last = why;
            }
        }
    }
    panic!("three times: {last}");
}
