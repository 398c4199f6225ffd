//! Overload degrades and does not collapse: at four times what the server can do, it does as much as at its best, those
//! whom it serves hardly wait longer, everybody else is told when to come back, and memory stays where it was.

use crate::binary::{Server, antenne, key};
use crate::clients::{Paced, Reply, at_best_of_three, quantile};
use crate::{alone, number};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// The beginning of an overload, in which the line that a burst may fill empties.
const BEGINNING: Duration = Duration::from_secs(1);
/// What a machine that others use too may add to a latency.
const SLACK: Duration = Duration::from_millis(30);

const WORDS: [&str; 24] = [
    "valve",
    "pump",
    "alarm",
    "pressure",
    "filter",
    "certificate",
    "rotor",
    "cable",
    "sensor",
    "firmware",
    "gasket",
    "loop",
    "invoice",
    "supplier",
    "contract",
    "forecast",
    "ledger",
    "audit",
    "release",
    "cluster",
    "backup",
    "schema",
    "index",
    "queue",
];

/// A text of `count` words that differs with `seed`.
fn text(seed: usize, count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        let word = WORDS[(seed * 7 + n * (seed % 5 + 1)) % WORDS.len()];
        let _ = write!(text, "{word}{} ", (seed + n * n) % 40);
    }
    text
}

/// A folder with so many questions and answers that a draft costs milliseconds: the requests of this test, and the
/// refusals of most, are then little beside the work that is measured.
fn organisation(folder: &Path) {
    let mut lines = String::new();
    for n in 0..4_000 {
        let at = format!("2024-{:02}-{:02}T08:00:00Z", 1 + n % 12, 1 + n % 28);
        let question = format!(
            r#"{{"question":"q{n}","asker":"p{}","title":"{}","body":"{}"}}"#,
            n % 90,
            text(n, 8),
            text(n + 3, 120)
        );
        let answer = format!(r#"{{"answer":"a{n}","question":"q{n}","author":"p{}"}}"#, n * 11 % 97);
        for (id, kind, data) in [("q", "question.created", question), ("a", "answer.created", answer)] {
            let _ = writeln!(
                lines,
                r#"{{"id":"{id}{n}","source":"load","type":"{kind}","at":"{at}","data":{data}}}"#
            );
        }
    }
    let file = folder.join("events.jsonl");
    std::fs::write(&file, lines).expect("a file");
    antenne(folder, &["import", file.to_str().expect("a path")]);
}

/// Drafts that cost some milliseconds each.
fn drafts(key: &str) -> Vec<Vec<u8>> {
    let draft = |n: usize| {
        let body = format!(r#"{{"title":"{}","body":"{}"}}"#, text(n, 8), text(n + 1, 1_500));
        crate::clients::request("POST", "/v1/experts?limit=10", key, &body)
    };
    (0..40).map(draft).collect()
}

/// What a run showed, its beginning left out.
struct Run {
    served_a_second: f64,
    p99: Duration,
    turned_away: usize,
    others: Vec<Reply>,
}

fn run(paced: &Paced<'_>) -> Run {
    let mut times = Vec::new();
    let (mut turned_away, mut others) = (0, Vec::new());
    for (took, asked, reply) in paced.run() {
        if reply.status == 200 {
            if asked >= BEGINNING {
                times.push(took);
            }
        } else if reply.turned_away(503, "overloaded") {
            turned_away += 1;
        } else {
            others.push(reply);
        }
    }
    Run {
        served_a_second: times.len() as f64 / paced.time.saturating_sub(BEGINNING).as_secs_f64(),
        p99: quantile(times, 0.99),
        turned_away,
        others,
    }
}

/// What is served under overload, of what is served at best. An unoptimised server turns people away, on the cores that
/// it shares with the clients of this test, at a multiple of the cost.
const GOODPUT: f64 = if cfg!(debug_assertions) { 0.75 } else { 0.9 };

/// Holds a server to the promise; the figures, or what is wrong with them.
fn judge(server: &Server, requests: &[Vec<u8>], seconds: u64) -> Result<String, String> {
    let paced = |clients, rate, seconds| Paced {
        address: &server.address,
        requests,
        clients,
        rate,
        time: Duration::from_secs(seconds),
    };
    let before = run(&paced(4, 0.0, 3));
    let at_one = run(&paced(32, before.served_a_second, 4));
    let memory = server.memory_mib();
    let over = run(&paced(64, 4.0 * before.served_a_second, seconds + 1));
    let grown = server.memory_mib() - memory;
    let after = run(&paced(4, 0.0, 3));
    // The machine is not the same at every moment: the peak is what it was on both sides of the overload.
    let peak = f64::midpoint(before.served_a_second, after.served_a_second);
    let figures = format!(
        "peak {peak:.0}/s; at 1 x p99 {:.1?}; at 4 x {:.0}/s served ({:.0} %), p99 {:.1?}, {} turned away, {} otherwise, {grown:+.0} MiB",
        at_one.p99,
        over.served_a_second,
        100.0 * over.served_a_second / peak,
        over.p99,
        over.turned_away,
        over.others.len()
    );
    let wrong = if over.served_a_second < GOODPUT * peak {
        "it does less"
    } else if over.p99 > 2 * at_one.p99 + SLACK {
        "those whom it serves wait"
    } else if over.turned_away == 0 || !over.others.is_empty() {
        "the rest is not told when to come back"
    } else if grown > 64.0 {
        "it holds more memory"
    } else {
        return Ok(figures);
    };
    Err(format!("{wrong}: {figures}"))
}

/// One thread computes, so that the clients of this test have the rest of the machine.
const ONE_WORKER: &str = "workers = 1\nrequests_per_second = 1000000\nrequests_burst = 1000000";

#[test]
fn four_times_too_much_is_done_at_full_speed() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    organisation(folder.path());
    let key = key(folder.path(), "load", "recommend:read");
    let requests = drafts(&key);
    let server = Server::start(folder.path(), ONE_WORKER);
    at_best_of_three(|| judge(&server, &requests, number("ANTENNE_OVERLOAD_SECONDS", 5)));
}

#[test]
fn a_line_without_a_bound_would_be_noticed() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    organisation(folder.path());
    let key = key(folder.path(), "load", "recommend:read");
    let requests = drafts(&key);
    let endless = format!("{ONE_WORKER}\nwaiting = 10000\nwaiting_burst = 10000\nwait_ms = 60000");
    let server = Server::start(folder.path(), &endless);
    let noticed = judge(&server, &requests, 2).expect_err("everybody waits, and nobody is turned away");
    println!("{noticed}");
}
