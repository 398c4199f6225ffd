//! The architecture, read out of the source: arrows go down only, every file says what it is for, nothing grows too
//! large, and each floor keeps to its words. A planted fault of each kind shows that this test can fail.

mod house;
mod rules;

use house::{Room, room_of};
use rules::{Fault, faults};
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of src").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn the_source_keeps_to_the_architecture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    assert!(files.len() > 50, "only {} files were found", files.len());
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file");
        let path = file
            .strip_prefix(&root)
            .expect("below src")
            .to_string_lossy()
            .replace('\\', "/");
        found.extend(
            faults(&path, &text)
                .into_iter()
                .map(|fault| format!("src/{path}: {fault}")),
        );
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_room_is_on_the_map() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(root).expect("src") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(
            room_of(&name).is_some(),
            "{name} is not a room of the house: see tests/architecture/house.rs"
        );
    }
}

/// What `text` at `path` is faulted for.
fn kinds(path: &str, text: &str) -> Vec<Fault> {
    faults(path, text)
}

/// What an arrow out of `path`, written as `code`, is faulted for: from where to where.
fn arrow(path: &str, code: &str) -> Option<(Room, Room)> {
    match &kinds(path, &format!("//! Doc.\n{code}\n"))[..] {
        [] => None,
        [Fault::Arrow { line: 2, from, to }] => Some((*from, *to)),
        other => panic!("{path}: {code}: {other:?}"),
    }
}

#[test]
fn planted_upward_and_sideways_arrows_are_found() {
    let upward = arrow("world/x.rs", "use crate::app::Service;");
    assert_eq!(upward, Some((Room::World, Room::App)));
    let inline = arrow("signals/x.rs", "fn f() -> crate::http::Y { g() }");
    assert_eq!(inline, Some((Room::Signals, Room::Http)));
    let sideways = arrow("world/x.rs", "use crate::{domain::Day, pipeline::Task};");
    assert_eq!(sideways, Some((Room::World, Room::Pipeline)));
    let sides = "use crate::store::Store;";
    assert_eq!(arrow("ingest/x.rs", sides), Some((Room::Ingest, Room::Store)));
    assert_eq!(arrow("evaluate/x.rs", sides), Some((Room::Evaluate, Room::Store)));
    let skipping = arrow("http/x.rs", "use crate::world::View;");
    assert_eq!(skipping, Some((Room::Http, Room::World)));
    assert_eq!(arrow("app/x.rs", "use crate::{world::View, recommend::Tongue};"), None);
    let up = Some((Room::World, Room::App));
    assert_eq!(arrow("world/x.rs", "use super::super::app::Service;"), up);
    assert_eq!(arrow("world.rs", "use super::app::Service;"), up);
    assert_eq!(arrow("world/mod.rs", "fn f() -> super::app::Service { g() }"), up);
    let deep = "mod y { use super::super::super::app::Service; }";
    assert_eq!(arrow("world/x.rs", deep), up);
    assert_eq!(
        arrow("world/x.rs", "use super::app::Service;"),
        None,
        "a module of its own"
    );
}

#[test]
fn a_planted_missing_description_is_found() {
    assert_eq!(
        kinds("domain/x.rs", "// Not a description.\nfn f() {}\n"),
        [Fault::NoDescription]
    );
}

#[test]
fn planted_large_files_and_functions_are_found() {
    let long_file = format!("//! Doc.\n{}", "const X: u8 = 0;\n".repeat(400));
    assert_eq!(kinds("domain/x.rs", &long_file), [Fault::LongFile { lines: 401 }]);
    let tests_do_not_count = format!(
        "//! Doc.\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        "const X: u8 = 0;\n".repeat(400)
    );
    assert_eq!(kinds("domain/x.rs", &tests_do_not_count), []);
    let long_default = format!("//! Doc.\ntrait T {{\nfn f() {{\n{}}}\n}}\n", "    g();\n".repeat(70));
    let found = kinds("domain/x.rs", &long_default);
    assert!(matches!(found[..], [Fault::LongFunction { line: 3, .. }]), "{found:?}");
    let long_function = format!("//! Doc.\nfn f() {{\n{}}}\n", "    g();\n".repeat(70));
    assert_eq!(
        kinds("domain/x.rs", &long_function),
        [Fault::LongFunction {
            line: 2,
            name: "f".into(),
            lines: 72
        }]
    );
}

#[test]
fn planted_words_of_other_floors_are_found() {
    let words = [
        ("domain/x.rs", "use std::fs::File;", "std::fs"),
        (
            "world/x.rs",
            "fn f() { std::net::TcpStream::connect(\"\"); }",
            "std::net",
        ),
        ("signals/x.rs", "use tokio::sync::mpsc;", "tokio"),
        ("app/x.rs", "use rusqlite::Connection;", "rusqlite"),
        ("app/x.rs", "use axum::Router;", "axum"),
        ("app/x.rs", "use rayon::prelude::*;", "rayon"),
        ("domain/x.rs", "use jiff::Timestamp;", "an external crate"),
        ("domain/x.rs", "fn f() -> jiff::Timestamp { g() }", "an external crate"),
        ("chance.rs", "use rand::Rng;", "an external crate"),
        ("app/x.rs", "#[derive(serde::Serialize)] struct X;", "serde"),
        ("app/x.rs", "fn f() -> &'static str { \"SELECT id FROM event\" }", "SQL"),
        ("app/x.rs", "fn f() { println!(\"x\"); }", "println!"),
        ("recommend/x.rs", "fn f() { todo!() }", "todo!"),
        ("http/x.rs", "fn f() { g().unwrap(); }", ".unwrap()"),
        ("cli/x.rs", "#[allow(dead_code)] fn f() {}", "#[allow]"),
    ];
    for (path, code, word) in words {
        let found = kinds(path, &format!("//! Doc.\n{code}\n"));
        assert_eq!(found, [Fault::Word { line: 2, word }], "{path}: {code}");
    }
    let inside = "//! Doc.\nmod y;\nuse std::fmt;\nfn f() -> fmt::Result { y::g(u8::MAX, std::mem::take(x)) }\n";
    assert_eq!(kinds("domain/x.rs", inside), []);
    let in_tests = "//! Doc.\n#[cfg(test)]\nmod tests {\n    fn f() { g().unwrap(); println!(\"x\"); }\n}\n";
    assert_eq!(kinds("app/x.rs", in_tests), []);
}
