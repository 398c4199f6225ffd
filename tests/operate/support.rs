//! The binary, a server of it, an organisation to hold, and a way to tell that files were not touched.

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The binary without whatever the environment says to it.
pub fn clean() -> std::process::Command {
    let mut command = std::process::Command::new(cargo_bin("antenne"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ANTENNE_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
}

/// The binary on a data folder.
pub fn antenne(data: &Path) -> Command {
    let mut command = Command::from(clean());
    command.arg("--data").arg(data);
    command
}

/// What a command prints, once it ended with `code`.
pub fn stdout(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// What a command complains of, once it ended with `code`.
pub fn stderr(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stderr).unwrap()
}

/// What a command prints as JSON, once it ended with `code`.
pub fn answer(command: &mut Command, code: i32) -> Value {
    let text = stdout(command, code);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Folders that are opened hundreds of times need no real disk.
pub fn temp() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// The lines of a small organisation; two batches with different `batch` share nothing but their people.
pub fn organisation(batch: u32, questions: u32) -> String {
    let mut lines = String::new();
    let mut number = 0;
    let mut line = |kind: &str, at: String, data: Value| {
        number += 1;
        let event = json!({"id": format!("{batch}-{number}"), "source": "forum", "type": kind, "at": at, "data": data});
        lines.push_str(&event.to_string());
        lines.push('\n');
    };
    for person in 0..12 {
        let data = json!({"person": format!("p-{person}"), "name": format!("Person {person}"), "languages": ["fr"]});
        line("person.upserted", "2024-01-01T08:00:00Z".into(), data);
    }
    let topics = ["pompe", "vanne", "mesure", "alarme", "astreinte"];
    for n in 0..questions {
        let (day, topic) = (n % 28 + 1, topics[n as usize % topics.len()]);
        let question = format!("q-{batch}-{n}");
        let data = json!({"question": question, "asker": format!("p-{}", n % 12), "tags": [topic],
            "title": format!("Comment régler la {topic} du poste {n} ?"),
            "body": format!("Depuis ce matin la {topic} numéro {n} du lot {batch} ne répond plus à la commande.")});
        line("question.created", format!("2024-02-{day:02}T08:00:00Z"), data);
        if n % 3 != 0 {
            let data = json!({"answer": format!("a-{batch}-{n}"), "question": question,
                "author": format!("p-{}", (n + 5) % 12), "body": format!("Purgez, puis réarmez la {topic}.")});
            line("answer.created", format!("2024-02-{day:02}T10:00:00Z"), data);
        }
    }
    lines
}

/// A folder with an organisation and a key, closed cleanly; and the key.
pub fn furnished(home: &Path, questions: u32) -> (PathBuf, String) {
    let data = home.join("data");
    let events = home.join("events.jsonl");
    std::fs::write(&events, organisation(0, questions)).unwrap();
    antenne(&data).arg("import").arg(&events).assert().code(0);
    let mut keys = antenne(&data);
    keys.args([
        "keys",
        "create",
        "--name",
        "plugin",
        "--scopes",
        "events:write,recommend:read,search:read,admin",
    ]);
    let key = stdout(keys.args(["--sources", "forum"]), 0);
    (data, key.trim().to_owned())
}

/// Counts and digest.
pub fn stats(data: &Path) -> Value {
    answer(antenne(data).args(["stats", "--json"]), 0)
}

/// What every file that matters holds: a refusal must change none of them.
pub fn sums(data: &Path) -> BTreeMap<String, String> {
    let files = ["antenne.db", "antenne.db-wal", "dirty", "antenne.toml"];
    let sum = |name: &str| {
        let bytes = std::fs::read(data.join(name)).ok()?;
        // An empty log says what no log says.
        (!bytes.is_empty()).then(|| (name.to_owned(), format!("{:?}", Sha256::digest(&bytes))))
    };
    files.iter().filter_map(|name| sum(name)).collect()
}

/// The names in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A server, whose log is gathered as it is written.
pub struct Server {
    child: Child,
    pub address: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one on a free port, and waits until it says where it listens.
    pub fn start(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = clean();
        command
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments);
        command.envs(environment.iter().copied());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (stderr, written) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
        let reader = std::thread::spawn(move || {
            for line in stderr.lines() {
                let line = line.unwrap();
                let mut log = written.lock().unwrap();
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
            let plain = log
                .lines()
                .find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
            let structured = || {
                let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
                lines.find_map(|line| line["fields"]["address"].as_str().map(str::to_owned))
            };
            if let Some(address) = plain.or_else(structured) {
                return address;
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "it ended before it was ready: {log}"
            );
            assert!(since.elapsed() < Duration::from_mins(1), "it is not ready: {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Sends bytes and reads the answer to its end.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        // A server that closes on rubbish has answered, too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a request; status and body.
    pub fn send(&self, method: &str, target: &str, headers: &[String], body: &str) -> (u16, Value) {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: antenne\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        let answer = self.raw(request.as_bytes());
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Ends it as a crash would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, waits until it has, and returns its whole log.
    pub fn stop(mut self) -> String {
        let asked = std::process::Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(asked.unwrap().success());
        let since = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(since.elapsed() < Duration::from_secs(20), "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(self.child.wait().unwrap().success(), "{}", self.log());
        self.reader.take().unwrap().join().unwrap();
        self.log()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The header line that carries a key.
pub fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

/// Numbers that look random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }
}
