//! What benchmarks share: the real binary, real data when it is there, a plain HTTP client that keeps its connection, and
//! percentiles.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The events file of a real organisation, from `../shared/data` (or the folder that `ANTENNE_SHARED` names); `None` when
/// it is not there, said once.
pub fn real(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ANTENNE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("data").join(format!("{name}.events.jsonl.gz"));
    if path.exists() {
        return Some(path);
    }
    println!("{name}: skipped, {} is not there", path.display());
    None
}

/// Runs the real binary on a data folder; it must succeed. Returns what it prints and how long it took.
pub fn antenne(folder: &Path, arguments: &[&str]) -> (String, Duration) {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_antenne"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .output();
    let output = output.expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).expect("text"), start.elapsed())
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
    /// How long it took until it said so.
    pub start: Duration,
}

impl Server {
    /// Starts the real server on `folder`.
    pub fn start(folder: &Path) -> Self {
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_antenne"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            // One key asks as fast as it can here.
            .env("ANTENNE_LIMITS_REQUESTS_PER_SECOND", "1000000")
            .env("ANTENNE_LIMITS_REQUESTS_BURST", "1000000")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
        let address = lines.find_map(|line| {
            line.expect("text")
                .split_once("listening on http://")
                .map(|(_, a)| a.trim().to_owned())
        });
        let start = begin.elapsed();
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address: address.expect("an address"),
            start,
        }
    }

    /// The most memory it held so far, in MiB.
    pub fn peak_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak.and_then(|kib| kib.trim().trim_end_matches(" kB").parse::<f64>().ok())
            .map_or(f64::NAN, |kib| kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection that is kept.
pub struct Client {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Client {
    /// Connects to `address` with `key`.
    pub fn connect(address: &str, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream: BufReader::new(stream),
            key: key.to_owned(),
        }
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(head.as_bytes())
            .expect("a request sent");
        let (mut status, mut length) = (0, 0);
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("an answer");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(code) = text.strip_prefix("HTTP/1.1 ") {
                status = code[..3].parse().expect("a status");
            } else if let Some((name, value)) = text.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut content = vec![0; length];
        self.stream.read_exact(&mut content).expect("a whole answer");
        (status, content)
    }
}

/// The `share` quantile of durations, in milliseconds; sorts them.
pub fn quantile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
}
