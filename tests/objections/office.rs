//! The real binary on a folder, keys for everybody who calls, and the calls themselves, counted.

use crate::common::{Server, bearer, on};
use crate::house::{self, COMMUNITIES, NEWCOMERS, PEOPLE, Teller, token};
use crate::looks::Look;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the server is told by its environment: nobody is slowed down, and skill maps are published.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("ANTENNE_LIMITS_REQUESTS_PER_SECOND", "1000000"),
    ("ANTENNE_LIMITS_REQUESTS_BURST", "1000000"),
    ("ANTENNE_SKILL_MAPS_ENABLED", "true"),
    ("ANTENNE_SKILL_MAPS_K", "5"),
];

/// Runs a command on a data folder and returns what it prints; it must succeed.
pub fn antenne(folder: &Path, arguments: &[&str]) -> String {
    let output = on(folder, arguments)
        .envs(ENVIRONMENT)
        .output()
        .expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "antenne {arguments:?}: {} {errors}",
        output.status
    );
    String::from_utf8(output.stdout).expect("text")
}

/// Folders that are written hundreds of times need no real disk.
fn home() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a temporary folder")
}

/// A server that dies and comes back, and whoever calls it.
pub struct Office {
    home: tempfile::TempDir,
    folder: PathBuf,
    server: Option<Server>,
    keys: BTreeMap<String, String>,
    /// Calls over HTTP so far.
    pub calls: usize,
    /// Times that the server was killed, stopped and restored.
    pub deaths: [usize; 3],
}

impl Office {
    /// A server that was told the organisation, with a key for each caller.
    pub fn open(teller: &mut Teller) -> Self {
        let home = home();
        let folder = home.path().join("data");
        let root = antenne(&folder, &["keys", "create", "--name", "root", "--scopes", "admin"]);
        let server = Server::start(&folder, &[], &ENVIRONMENT);
        let mut office = Self {
            home,
            folder,
            server: Some(server),
            keys: BTreeMap::from([("root".to_owned(), root.trim().to_owned())]),
            calls: 0,
            deaths: [0; 3],
        };
        office.make_keys();
        house::tell(teller);
        let (status, report) = office.call("POST", "/v1/events", "officer", &teller.batch());
        assert!(status == 200 && report["rejected"] == json!([]), "{status} {report}");
        office
    }

    fn make_keys(&mut self) {
        let mut keys = vec![
            json!({"name": "platform", "scopes": ["events:write", "recommend:read", "search:read"]}),
            json!({"name": "weigher", "scopes": ["recommend:read", "admin"]}),
            json!({"name": "officer", "scopes": ["events:write", "dpo"]}),
            json!({"name": "steward", "scopes": ["steward"]}),
            json!({"name": "hr", "scopes": ["hr:read"]}),
        ];
        for n in 0..COMMUNITIES {
            keys.push(
                json!({"name": format!("animator{n}"), "scopes": ["animator"], "communities": [format!("c{n}")]}),
            );
        }
        let people = (0..PEOPLE).map(token);
        for who in people.chain((0..NEWCOMERS).map(|n| format!("neuf{n}"))) {
            keys.push(json!({"name": who, "scopes": ["member", "recommend:read"], "person": who}));
        }
        for key in keys {
            let (status, made) = self.call("POST", "/v1/admin/keys", "root", &key.to_string());
            assert_eq!(status, 201, "{made}");
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            self.keys.insert(text(&made["name"]), text(&made["key"]));
        }
    }

    /// One call; the status and the answer.
    pub fn call(&mut self, method: &str, target: &str, key: &str, body: &str) -> (u16, Value) {
        self.calls += 1;
        let server = self.server.as_ref().expect("it runs");
        server.send(method, target, &[bearer(&self.keys[key])], body)
    }

    /// What `look` shows, as text.
    pub fn look(&mut self, look: &Look) -> String {
        let (status, answer) = self.call(look.method, &look.target, &look.key, &look.body);
        assert_eq!(status, 200, "{}: {answer}", look.target);
        answer.to_string()
    }

    /// Ends the server as a crash would, and starts it again: the World is made anew from the log.
    pub fn kill(&mut self) {
        self.server.take().expect("it runs").kill();
        self.deaths[0] += 1;
        self.server = Some(Server::start(&self.folder, &[], &ENVIRONMENT));
    }

    /// Stops the server, holds what the folder says against a World made anew from it, and starts it again.
    pub fn rebuild(&mut self) {
        self.server.take().expect("it runs").stop();
        self.deaths[1] += 1;
        antenne(&self.folder, &["verify"]);
        self.server = Some(Server::start(&self.folder, &[], &ENVIRONMENT));
    }

    /// Makes a backup beside the running server, ends the server as a crash would, and goes on in a new folder into which
    /// the backup was restored.
    pub fn restore(&mut self) {
        self.back_up();
        self.server.take().expect("it runs").kill();
        let folder = self.restored();
        self.move_into(folder);
    }

    /// The same with the backup that was made last, before people said more; what they said themselves is taken from the
    /// old folder, as the operator's manual has it.
    pub fn restore_older(&mut self) {
        self.server.take().expect("it runs").kill();
        let folder = self.restored();
        let said = antenne(&self.folder, &["export"]);
        let own = ["preference.", "skill.", "capacity.", "absence.", "interest."].map(|of| format!(r#""type":"{of}"#));
        let lines = said.lines().filter(|line| own.iter().any(|of| line.contains(of)));
        let file = self.home.path().join("said.jsonl");
        std::fs::write(&file, lines.collect::<Vec<_>>().join("\n")).expect("a file");
        antenne(&folder, &["import", file.to_str().expect("a path")]);
        self.move_into(folder);
    }

    fn back_up(&mut self) {
        let file = self.home.path().join("backup");
        let _ = std::fs::remove_file(&file);
        antenne(&self.folder, &["backup", file.to_str().expect("a path")]);
    }

    /// A new folder into which the last backup was restored.
    fn restored(&mut self) -> PathBuf {
        self.deaths[2] += 1;
        let folder = self.home.path().join(format!("data{}", self.deaths[2]));
        let file = self.home.path().join("backup");
        antenne(&folder, &["restore", file.to_str().expect("a path")]);
        folder
    }

    fn move_into(&mut self, folder: PathBuf) {
        std::fs::remove_dir_all(&self.folder).expect("nobody holds the old folder");
        self.folder = folder;
        self.server = Some(Server::start(&self.folder, &[], &ENVIRONMENT));
    }

    /// The operator's command beside the running server.
    pub fn command(&self, arguments: &[&str]) -> String {
        antenne(&self.folder, arguments)
    }
}
