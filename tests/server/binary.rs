//! The real binary on a folder of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command on `folder`, unaffected by what the environment of the tests sets.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antenne"));
    command.arg("--data").arg(folder).args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ANTENNE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command that must succeed, and returns what it prints.
pub fn antenne(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "antenne {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// A new key.
pub fn key(folder: &Path, name: &str, scopes: &str) -> String {
    antenne(folder, &["keys", "create", "--name", name, "--scopes", scopes])
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts a server on `folder` with these `[limits]`, and waits until it says where it listens.
    pub fn start(folder: &Path, limits: &str) -> Self {
        std::fs::write(
            folder.join("antenne.toml"),
            format!("log = \"error\"\n[limits]\n{limits}\n"),
        )
        .expect("a file");
        let mut child = command(folder, &["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
        let mut said = String::new();
        let address = lines.find_map(|line| {
            let line = line.expect("text");
            said.push_str(&line);
            Some(line.split_once("listening on http://")?.1.trim().to_owned())
        });
        // Whatever it says later is read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let address = address.unwrap_or_else(|| panic!("no address: {said}"));
        Self { child, address }
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits until the process ended, at most `patience`.
    pub fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// The memory it holds now, in MiB.
    pub fn memory_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let held = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("a figure");
        held.trim().trim_end_matches(" kB").parse::<f64>().expect("KiB") / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
