//! The real binary from outside, for every test that runs it: untouched by what the environment says to it, and as a
//! server whose log is gathered and which never outlives its test.
#![expect(clippy::disallowed_methods, reason = "waiting for a process needs a clock")]

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a server may take to say where it listens.
const START: Duration = Duration::from_mins(1);
/// How long it may take to stop.
const STOP: Duration = Duration::from_secs(20);

/// The binary without whatever the environment says to it.
pub fn clean() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antenne"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ANTENNE_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
}

/// The same on a data folder.
pub fn on(data: &Path, arguments: &[&str]) -> Command {
    let mut command = clean();
    command.arg("--data").arg(data).args(arguments).stdin(Stdio::null());
    command
}

/// The header line that carries a key.
pub fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

/// A server.
pub struct Server {
    child: Child,
    pub address: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one on a folder and a free port, and waits until it says where it listens.
    pub fn start(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = on(data, &["serve", "--listen", "127.0.0.1:0"]);
        command
            .args(arguments)
            // What a test expects must not change when a model is learnt beside it.
            .env("ANTENNE_MODELS_REFIT_DAYS", "0")
            .envs(environment.iter().copied())
            .stdout(Stdio::null());
        Self::of(&mut command)
    }

    /// Starts `command`, which serves, and waits until it says where it listens.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().expect("standard error"));
        let written = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in stderr.lines() {
                let line = line.expect("a log is text");
                let mut log = written.lock().expect("nobody panics with the log in hand");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut server = Self {
            child,
            address: String::new(),
            log,
            reader: Some(reader),
        };
        server.address = server.wait_for_address();
        server
    }

    fn wait_for_address(&mut self) -> String {
        let since = Instant::now();
        loop {
            let log = self.log();
            if let Some(address) = log.lines().find_map(said_address) {
                return address;
            }
            let ended = self.child.try_wait().expect("it can be waited for");
            assert!(ended.is_none(), "it ended before it was ready: {log}");
            assert!(since.elapsed() < START, "it is not ready: {log}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("nobody panics with the log in hand").clone()
    }

    /// What it prints, where its standard output was piped.
    pub fn stdout(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.child.stdout.take().expect("a piped standard output, taken once"))
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let sent = kill.arg(format!("-{name}")).arg(self.process().to_string()).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits until the process ended, at most `patience`.
    pub fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let since = Instant::now();
        while since.elapsed() < patience {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// Ends it as a crash would: nothing is flushed, nothing is said.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop, as an operator would, waits until it has, and returns its whole log.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let status = self.ended(STOP).expect("it stops");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log ends with the server");
        }
        assert!(status.success(), "{}", self.log());
        self.log()
    }

    /// Sends bytes and reads the answer to its end.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout");
        stream.write_all(bytes).expect("it listens");
        let mut answer = Vec::new();
        // A server that closes on rubbish has answered, too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a request; status and body.
    pub fn send(&self, method: &str, target: &str, headers: &[String], body: &str) -> (u16, Value) {
        let headers = headers.iter().fold(String::new(), |all, header| all + header + "\r\n");
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: antenne\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        let answer = self.raw(request.as_bytes());
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {answer:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (
            status.expect("a status"),
            serde_json::from_str(body).unwrap_or(Value::Null),
        )
    }
}

/// The address in a line that says where the server listens, for people or for programs.
fn said_address(line: &str) -> Option<String> {
    if let Some(address) = line.strip_prefix("listening on http://") {
        return Some(address.to_owned());
    }
    let line: Value = serde_json::from_str(line).ok()?;
    line["fields"]["address"].as_str().map(str::to_owned)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
