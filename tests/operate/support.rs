//! The binary's commands, an organisation to hold, and a way to tell that files were not touched.

pub use crate::common::{Server, bearer};

use crate::common;
use assert_cmd::Command;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The binary without whatever the environment says to it.
pub fn clean() -> Command {
    Command::from(common::clean())
}

/// The binary on a data folder.
pub fn antenne(data: &Path) -> Command {
    let mut command = clean();
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
