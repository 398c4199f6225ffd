//! The real binary, and a client that speaks just enough HTTP to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Runs a command on a data folder and returns what it prints; it must succeed.
pub fn antenne(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_antenne"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .output();
    let output = output.expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "antenne {arguments:?}: {} {errors}",
        output.status
    );
    String::from_utf8(output.stdout).expect("text")
}

/// A server that runs.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Starts a server on `folder` and waits until it says where it listens.
    pub fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_antenne"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            // One key asks as fast as it can here.
            .env("ANTENNE_LIMITS_REQUESTS_PER_SECOND", "1000000")
            .env("ANTENNE_LIMITS_REQUESTS_BURST", "1000000")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
        let address = lines.find_map(|line| {
            line.expect("text")
                .split_once("listening on http://")
                .map(|(_, a)| a.trim().to_owned())
        });
        let address = address.expect("the server says where it listens");
        // Whatever it says later is read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// SIGKILL: nothing is flushed, nothing is said.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

/// Posts `body`; `None` when the server died before it answered whole.
pub fn post(address: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
    send(address, "POST", path, key, body)
}

/// Asks; `None` when the server died before it answered whole.
pub fn get(address: &str, path: &str, key: &str) -> Option<(u16, String)> {
    send(address, "GET", path, key, "")
}

fn send(address: &str, method: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, content) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    })?;
    (content.len() == length).then(|| (status, content.to_owned()))
}
