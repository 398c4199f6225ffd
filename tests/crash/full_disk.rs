//! A full disk stops writes only: on a file system of 16 MiB, every read is answered, ordinary writes are refused with 507,
//! opt-outs are still taken and people still erased from the space held back, and writes go on without a restart once there
//! is room.
//!
//! Needs the right to mount a file system in memory; skips, saying so, without.

use super::client::{antenne, get, post, send, serve};
use super::common::on;
use super::digest;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The size of the file system, in MiB.
const SIZE_MIB: u64 = 16;

/// A file system of its own, which goes with the value.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().expect("a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={SIZE_MIB}m"), "tmpfs"])
            .arg(place.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(place))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills the disk but for `left` bytes; the file that does so.
    fn fill_but(&self, left: u64) -> PathBuf {
        let ballast = self.path().join("ballast");
        let output = Command::new("df")
            .args(["--output=avail", "-B1"])
            .arg(self.path())
            .output()
            .expect("df runs");
        let text = String::from_utf8(output.stdout).expect("text");
        let free: u64 = text.lines().nth(1).expect("a figure").trim().parse().expect("bytes");
        let bytes = vec![1; usize::try_from(free.saturating_sub(left)).expect("it fits")];
        std::fs::write(&ballast, bytes).expect("room for the ballast");
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

fn event(id: &str, kind: &str, data: &str) -> String {
    format!(r#"{{"id":"{id}","source":"s","type":"{kind}","at":"2026-01-01T08:00:00Z","data":{data}}}"#)
}

/// Questions with bodies, so that the disk fills soon.
fn questions(batch: usize) -> String {
    let question = |n: usize| {
        let data = format!(
            r#"{{"question":"q/{batch}/{n}","asker":"ana","title":"Question {batch} {n}","body":"{}"}}"#,
            format!("word{n} ").repeat(400)
        );
        event(&format!("q-{batch}-{n}"), "question.created", &data)
    };
    (0..20).map(question).collect::<Vec<_>>().join("\n")
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, in the order in which it happens")]
fn a_full_disk_stops_writes_only() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: a file system in memory cannot be mounted here (that takes root)");
        return;
    };
    let data = disk.path().join("data");
    let story = [
        event("1", "person.upserted", r#"{"person":"ana"}"#),
        event("2", "person.upserted", r#"{"person":"bo"}"#),
        event(
            "3",
            "question.created",
            r#"{"question":"old","asker":"ana","title":"Why does the pump rumble?"}"#,
        ),
        event(
            "4",
            "answer.created",
            r#"{"answer":"a","question":"old","author":"bo"}"#,
        ),
        event(
            "5",
            "question.created",
            r#"{"question":"new","asker":"ana","title":"The pump rumbles again"}"#,
        ),
    ];
    let file = disk.path().join("story.jsonl");
    std::fs::write(&file, story.join("\n")).expect("a file");
    antenne(&data, &["import", file.to_str().expect("a path")]);
    let key = |name: &str, scopes: &str| {
        antenne(&data, &["keys", "create", "--name", name, "--scopes", scopes])
            .trim()
            .to_owned()
    };
    let (platform, officer, stolen) = (
        key("platform", "events:write,recommend:read"),
        key("officer", "events:write,dpo"),
        key("stolen", "recommend:read"),
    );
    let server = serve(&data);
    let write = |key: &str, body: &str| post(&server.address, "/v1/events", key, body).expect("an answer");
    let proposes_bo = || {
        let (status, body) = get(&server.address, "/v1/questions/new/experts", &platform).expect("an answer");
        assert_eq!(status, 200, "{body}");
        body.contains(r#""subject":"bo""#)
    };
    assert!(proposes_bo());

    let ballast = disk.fill_but(600_000);
    let mut taken = 0;
    let refusal = (0..200)
        .map(questions)
        .find_map(|batch| match write(&platform, &batch) {
            (200, _) => {
                taken += 1;
                None
            }
            refused => Some((batch, refused)),
        });
    let (refused, (status, body)) = refusal.expect("the disk fills");
    assert!(status == 507 && body.contains("disk_full"), "{status} {body}");
    assert!(taken > 0, "the disk was full before anything was written");
    std::thread::scope(|scope| {
        // Several ways of sending the same: none may be told that another has written it.
        let again = || scope.spawn(|| write(&platform, &refused).0);
        let sent: Vec<_> = (0..8).map(|_| again()).collect();
        for one in sent {
            assert_eq!(one.join().expect("it ends"), 507);
        }
    });

    // A batch that holds an opt-out and something else waits; one that holds the opt-out alone does not.
    let opt_out = event(
        "out",
        "preference.set",
        r#"{"person":"bo","purpose":"all","allowed":false}"#,
    );
    assert_eq!(
        write(
            &officer,
            &format!("{opt_out}\n{}", event("6", "person.upserted", r#"{"person":"cy"}"#))
        )
        .0,
        507
    );
    let (status, body) = write(&officer, &opt_out);
    assert_eq!(status, 200, "{body}");
    let mut answered = 0;
    for _ in 0..100 {
        assert!(!proposes_bo(), "an opt-out acts at once");
        answered += 1;
    }
    assert_eq!(answered, 100);
    assert!(antenne(&data, &["keys", "revoke", "stolen"]).starts_with("stolen is revoked"));
    let (status, _) = get(&server.address, "/v1/questions", &stolen).expect("an answer");
    assert_eq!(status, 401, "a key is revoked at once, on a full disk too");
    let create = ["keys", "create", "--name", "new", "--scopes", "recommend:read"];
    let new = on(&data, &create).output().expect("the binary runs");
    assert_eq!(new.status.code(), Some(1), "a new key can wait");
    assert_eq!(
        write(&platform, &refused).0,
        507,
        "the space given up is for opt-outs alone"
    );
    assert_eq!(
        write(&platform, &story[0]),
        (200, write(&platform, &story[0]).1),
        "a duplicate needs no room"
    );

    std::fs::remove_file(ballast).expect("room again");
    std::thread::sleep(Duration::from_millis(1_500));
    let (status, body) = write(&platform, &refused);
    assert_eq!(status, 200, "writes go on without a restart: {body}");
    server.kill();
    let held = antenne(&data, &["export"]).lines().count();
    assert_eq!(
        held,
        story.len() + 1 + (taken + 1) * 20,
        "everything acknowledged, and nothing else"
    );
    assert_eq!(digest(&data).len(), 64);
}

/// What is searched for in files: it stands in all that the erased person wrote.
const CANARY: &str = "CANARY7f3a";

/// How often the canary stands in the files of `folder`.
fn canaries(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let count = |path: PathBuf| {
        let bytes = std::fs::read(path).expect("a file");
        bytes
            .windows(CANARY.len())
            .filter(|part| *part == CANARY.as_bytes())
            .count()
    };
    files.filter(|path| path.is_file()).map(count).sum()
}

/// Bo and a year of answers, among those of others.
fn with_a_past() -> String {
    let mut lines = vec![event("ana", "person.upserted", r#"{"person":"ana"}"#)];
    for n in 0..300 {
        let data =
            format!(r#"{{"question":"old/{n}","asker":"ana","title":"Why does pump {n} rumble?","tags":["pump"]}}"#);
        lines.push(event(&format!("old-{n}"), "question.created", &data));
        let author = if n % 3 == 0 { CANARY } else { "cy" };
        let body = if n % 3 == 0 {
            format!("{CANARY} says so. ").repeat(20)
        } else {
            "So.".repeat(90)
        };
        let data = format!(r#"{{"answer":"a/{n}","question":"old/{n}","author":"{author}","body":"{body}"}}"#);
        lines.push(event(&format!("given-{n}"), "answer.created", &data));
    }
    lines.join("\n")
}

#[test]
fn somebody_is_erased_on_a_full_disk() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: a file system in memory cannot be mounted here (that takes root)");
        return;
    };
    let data = disk.path().join("data");
    let key = |name: &str, scopes: &str| {
        antenne(&data, &["keys", "create", "--name", name, "--scopes", scopes])
            .trim()
            .to_owned()
    };
    let (platform, officer) = (
        key("platform", "events:write,recommend:read"),
        key("officer", "events:write,dpo"),
    );
    let server = serve(&data);
    let write = |key: &str, body: &str| post(&server.address, "/v1/events", key, body).expect("an answer");
    assert_eq!(write(&platform, &with_a_past()).0, 200);
    assert!(canaries(&data) > 100, "the search finds what is there");
    let ballast = disk.fill_but(400_000);
    let refusal = (0..200)
        .map(questions)
        .map(|batch| write(&platform, &batch))
        .find(|(status, _)| *status != 200);
    assert_eq!(refusal.expect("the disk fills").0, 507);
    // Nothing at all is left beside the space held back.
    let rest = disk.path().join("rest");
    let mut left = std::fs::File::create(&rest).expect("an empty file");
    while std::io::Write::write_all(&mut left, &[1; 512]).is_ok() {}

    let erase = || send(&server.address, "DELETE", &format!("/v1/people/{CANARY}"), &officer, "");
    let (status, body) = erase().expect("an answer");
    assert_eq!(status, 200, "{body}");
    assert_eq!(canaries(&data), 0, "in no file, with the server running");
    let (status, body) = get(&server.address, "/v1/questions/old%2F0/experts", &platform).expect("an answer");
    assert!(status == 200 && !body.contains(CANARY), "{status} {body}");
    // What the write-ahead log held is free again; once that is full, too, others wait and an opt-out does not.
    let full = (900..1_100).any(|batch| write(&platform, &questions(batch)).0 == 507);
    assert!(full, "others wait for room");
    let opt_out = event(
        "out",
        "preference.set",
        r#"{"person":"cy","purpose":"all","allowed":false}"#,
    );
    assert_eq!(write(&officer, &opt_out).0, 200, "after an erasure either");

    server.kill();
    std::fs::remove_file(ballast).expect("room again");
    std::fs::remove_file(rest).expect("room again");
    assert_eq!(canaries(&data), 0);
    assert!(!antenne(&data, &["export"]).contains(CANARY), "they are gone for good");
    let server = serve(&data);
    let again = event("again", "person.upserted", &format!(r#"{{"person":"{CANARY}"}}"#));
    let (status, body) = post(&server.address, "/v1/events", &platform, &again).expect("an answer");
    assert!(status == 422 && body.contains("subject_erased"), "{status} {body}");
}

/// The planted fault: without the space that is held back, an opt-out would have to wait like everything else.
#[test]
fn an_opt_out_without_the_space_held_back_would_be_noticed() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: a file system in memory cannot be mounted here (that takes root)");
        return;
    };
    let data = disk.path().join("data");
    let scopes = ["keys", "create", "--name", "officer", "--scopes", "events:write,dpo"];
    let officer = antenne(&data, &scopes).trim().to_owned();
    let server = serve(&data);
    std::fs::remove_file(data.join("reserve")).expect("it was held");
    let ballast = disk.fill_but(0);
    let opt_out = event(
        "out",
        "preference.set",
        r#"{"person":"bo","purpose":"all","allowed":false}"#,
    );
    let (status, body) = post(&server.address, "/v1/events", &officer, &opt_out).expect("an answer");
    assert!(status == 507 && body.contains("disk_full"), "{status} {body}");
    std::fs::remove_file(ballast).expect("room again");
}
