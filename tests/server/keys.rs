//! One key cannot hurt others: over its rate it is told to wait, and another is served as if it were not there.

use crate::alone;
use crate::binary::{Server, key};
use crate::clients::{Paced, Reply, at_best_of_three, once, quantile, request, watched};
use std::path::Path;
use std::time::Duration;

/// What a machine that others use too may add to a latency.
const SLACK: Duration = Duration::from_millis(20);
const TIME: Duration = Duration::from_secs(3);
const RATE: usize = 150;
const BURST: usize = 60;

/// Floods a server with one key beside another; the figures, or what is wrong.
fn judge(server: &Server, greedy: &str, modest: &str) -> Result<String, String> {
    let (greedy, modest) = (
        request("GET", "/v1/questions", greedy, ""),
        request("GET", "/v1/questions", modest, ""),
    );
    let (quiet, _, ()) = watched(&server.address, &modest, || std::thread::sleep(TIME));
    let flood = Paced {
        address: &server.address,
        requests: std::slice::from_ref(&greedy),
        clients: 4,
        rate: 6.0 * RATE as f64,
        time: TIME,
    };
    let (meanwhile, refused, answers) = watched(&server.address, &modest, || flood.run());
    let replies: Vec<Reply> = answers.into_iter().map(|(_, _, reply)| reply).collect();
    let passed = replies.iter().filter(|reply| reply.status == 200).count();
    let limited = replies
        .iter()
        .filter(|reply| reply.turned_away(429, "rate_limited"))
        .count();
    let (quiet, meanwhile) = (quantile(quiet, 0.99), quantile(meanwhile, 0.99));
    let figures = format!(
        "of {} requests {passed} passed and {limited} were told to wait; the other key: p99 {quiet:.1?} alone, {meanwhile:.1?} meanwhile, {} refused",
        replies.len(),
        refused.len()
    );
    let most = BURST + RATE * (TIME.as_secs() as usize + 1);
    let wrong = passed > most
        || limited == 0
        || passed + limited != replies.len()
        || !refused.is_empty()
        || meanwhile > quiet.mul_f64(1.2) + SLACK;
    if wrong {
        return Err(figures);
    }
    let wait = replies
        .iter()
        .rev()
        .find_map(|reply| reply.header("retry-after")?.parse().ok());
    std::thread::sleep(Duration::from_secs(wait.expect("somebody was told to wait")));
    match once(&server.address, &greedy).status {
        200 => Ok(figures),
        status => Err(format!("{status} after the wait; {figures}")),
    }
}

fn keys(folder: &Path) -> (String, String) {
    (
        key(folder, "greedy", "recommend:read"),
        key(folder, "modest", "recommend:read"),
    )
}

#[test]
fn a_key_over_its_rate_waits_and_no_other() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let (greedy, modest) = keys(folder.path());
    let server = Server::start(
        folder.path(),
        &format!("requests_per_second = {RATE}\nrequests_burst = {BURST}"),
    );
    at_best_of_three(|| judge(&server, &greedy, &modest));
}

#[test]
fn a_rate_without_a_bound_would_be_noticed() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let (greedy, modest) = keys(folder.path());
    let server = Server::start(folder.path(), "requests_per_second = 1000000\nrequests_burst = 1000000");
    println!("{}", judge(&server, &greedy, &modest).expect_err("nobody was limited"));
}
