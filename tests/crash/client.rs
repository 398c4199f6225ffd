//! The real binary, and a client that speaks just enough HTTP to it.

use crate::common::{Server, on};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// Runs a command on a data folder and returns what it prints; it must succeed.
pub fn antenne(folder: &Path, arguments: &[&str]) -> String {
    let output = on(folder, arguments).output().expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "antenne {arguments:?}: {} {errors}",
        output.status
    );
    String::from_utf8(output.stdout).expect("text")
}

/// Starts a server on `folder`, which one key may ask as fast as it can.
pub fn serve(folder: &Path) -> Server {
    let limits = ["ANTENNE_LIMITS_REQUESTS_PER_SECOND", "ANTENNE_LIMITS_REQUESTS_BURST"];
    Server::start(folder, &[], &limits.map(|limit| (limit, "1000000")))
}

/// Posts `body`; `None` when the server died before it answered whole.
pub fn post(address: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
    send(address, "POST", path, key, body)
}

/// Asks; `None` when the server died before it answered whole.
pub fn get(address: &str, path: &str, key: &str) -> Option<(u16, String)> {
    send(address, "GET", path, key, "")
}

/// Asks in whatever way; `None` when the server died before it answered whole.
pub fn send(address: &str, method: &str, path: &str, key: &str, body: &str) -> Option<(u16, String)> {
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
