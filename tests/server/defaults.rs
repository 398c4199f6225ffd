//! Safe by default: nobody but this machine reaches it, and nobody has a key, unless the operator says so.

use crate::binary::{Server, antenne};
use crate::clients::{once, request};
use crate::common::on;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

/// What `serve` says with these arguments and variables: where it listens, or why it does not.
fn said(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut serve = on(folder, &["serve"]);
    let mut child = serve
        .args(arguments)
        .envs(variables.iter().copied())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().expect("standard error")).lines() {
        said += &line.expect("text");
        if said.contains("listening on") {
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
            return (None, said);
        }
    }
    (child.wait().expect("it ends").code(), said)
}

#[test]
fn others_reach_it_only_when_the_operator_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    for public in ["0.0.0.0:0", "[::]:0"] {
        let (code, words) = said(folder.path(), &["--listen", public], &[]);
        assert_eq!(code, Some(2), "{words}");
        assert!(
            words.contains("--allow-plaintext") && words.contains("not be encrypted"),
            "{words}"
        );
    }
    let (code, words) = said(folder.path(), &[], &[("ANTENNE_LISTEN", "0.0.0.0:0")]);
    assert_eq!(code, Some(2), "{words}");
    let allowed = [
        said(folder.path(), &["--listen", "0.0.0.0:0", "--allow-plaintext"], &[]),
        said(
            folder.path(),
            &["--listen", "0.0.0.0:0"],
            &[("ANTENNE_ALLOW_PLAINTEXT", "true")],
        ),
        said(folder.path(), &["--listen", "127.0.0.1:0"], &[]),
    ];
    for (code, words) in allowed {
        assert_eq!(code, None, "{words}");
    }
    std::fs::write(folder.path().join("antenne.toml"), "allow_plaintext = true\n").expect("a file");
    assert_eq!(said(folder.path(), &["--listen", "0.0.0.0:0"], &[]).0, None);
}

#[test]
fn unless_told_it_listens_to_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    // The port may be taken: either way the address is told.
    let (_, words) = said(folder.path(), &[], &[]);
    assert!(words.contains("127.0.0.1:7411"), "{words}");
}

#[test]
fn there_is_no_key_that_nobody_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), "");
    assert_eq!(antenne(folder.path(), &["keys", "list", "--json"]), "[]");
    for key in ["", "admin", "antenne", "antenne_", "default"] {
        for target in ["/v1/questions", "/metrics"] {
            assert_eq!(
                once(&server.address, &request("GET", target, key, "")).status,
                401,
                "{target} with `{key}`"
            );
        }
    }
}

#[test]
fn a_limit_out_of_its_range_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let listen = ["--listen", "127.0.0.1:0"];
    let (code, words) = said(folder.path(), &listen, &[("ANTENNE_LIMITS_CONNECTIONS", "0")]);
    assert_eq!(code, Some(2), "{words}");
    assert!(
        words.contains("limits.connections") && words.contains("from 1 to"),
        "{words}"
    );
    assert_eq!(
        said(folder.path(), &listen, &[("ANTENNE_LIMITS_CONNECTIONS", "9")]).0,
        None
    );
}
