//! Figures: for the operator alone, as the table says, and about nobody.

use crate::binary::{Server, key};
use crate::clients::{once, request};
use std::collections::BTreeSet;

/// The names in the table of figures.
fn documented() -> BTreeSet<String> {
    let table = include_str!("../../docs/OPERATIONS-metrics.md");
    let names = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `antenne_")?.split('`').next());
    names
        .map(|name| format!("antenne_{}", name.split('{').next().expect("a name")))
        .collect()
}

/// The names that are exposed.
fn exposed(text: &str) -> BTreeSet<String> {
    let names = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    names.map(str::to_owned).collect()
}

/// The value of the figure whose line begins so.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("no {line} in\n{text}"))
}

/// How old the shipped model is said to be, in seconds.
fn model_age(text: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.starts_with("antenne_model_age_seconds{model=\"default-"));
    let age = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    age.unwrap_or_else(|| panic!("no age of the model in\n{text}"))
}

#[test]
fn figures_are_those_of_the_table_and_name_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let (admin, platform) = (
        key(folder.path(), "operator-key", "admin"),
        key(folder.path(), "platform-key", "events:write,recommend:read"),
    );
    let server = Server::start(folder.path(), "");
    let events: String = (0..3)
        .map(|n| format!(r#"{{"id":"{n}","source":"intranet","type":"question.created","at":"2024-03-01T08:00:00Z","data":{{"question":"q-zanzibar{n}","asker":"p-quixote","title":"Wombats at work"}}}}"#) + "\n")
        .collect();
    assert_eq!(
        once(&server.address, &request("POST", "/v1/events", &platform, &events)).status,
        200
    );
    let question = request("GET", "/v1/questions/q-zanzibar0/experts", &platform, "");
    assert_eq!(once(&server.address, &question).status, 200);
    assert_eq!(
        once(&server.address, &request("GET", "/nobody/p-quixote", &platform, "")).status,
        404
    );

    let ask = |key: &str| once(&server.address, &request("GET", "/metrics", key, ""));
    assert_eq!(ask(&platform).status, 403);
    let reply = ask(&admin);
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/plain; version=0.0.4; charset=utf-8"))
    );
    let text = reply.body;
    assert_eq!(exposed(&text), documented());

    assert!((value(&text, "antenne_generation ") - 3.0).abs() < 0.1);
    assert!((value(&text, "antenne_ingest_lines_total{fate=\"accepted\"} ") - 3.0).abs() < 0.1);
    assert!((value(&text, "antenne_ingest_group_events_sum ") - 3.0).abs() < 0.1);
    assert!(value(&text, "antenne_http_connections ") >= 1.0);
    assert!(
        text.contains(r#"route="/v1/questions/{id}/experts""#) && text.contains(r#"route="none""#),
        "{text}"
    );
    let age = model_age(&text);
    assert!(age > 3_600.0, "since the model was made, not since the start: {age}");
    for word in [
        "zanzibar",
        "quixote",
        "ombat",
        "intranet",
        "operator-key",
        "platform-key",
        &admin,
        &platform,
    ] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
}
