//! The real binary on a folder of its own.

use crate::common::{self, on};
use std::ops::{Deref, DerefMut};
use std::path::Path;

/// Runs a command that must succeed, and returns what it prints.
pub fn antenne(folder: &Path, arguments: &[&str]) -> String {
    let output = on(folder, arguments).output().expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "antenne {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// A new key.
pub fn key(folder: &Path, name: &str, scopes: &str) -> String {
    antenne(folder, &["keys", "create", "--name", name, "--scopes", scopes])
}

/// A server whose limits are set, and whose memory is looked at.
pub struct Server(common::Server);

impl Server {
    /// Starts a server on `folder` with these `[limits]`, and waits until it says where it listens.
    pub fn start(folder: &Path, limits: &str) -> Self {
        let file = format!("log = \"error\"\n[limits]\n{limits}\n");
        std::fs::write(folder.join("antenne.toml"), file).expect("a file");
        Self(common::Server::start(folder, &[], &[]))
    }

    /// The memory it holds now, in MiB.
    pub fn memory_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).expect("a process");
        let held = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("a figure");
        held.trim().trim_end_matches(" kB").parse::<f64>().expect("KiB") / 1024.0
    }
}

impl Deref for Server {
    type Target = common::Server;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Server {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
