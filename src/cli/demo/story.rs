//! The demo company's events, with their dates moved to now. `data/demo/README.md` tells the story and its notation.

use crate::calendar::rfc3339;
use crate::cli::failure::Failure;
use crate::domain::Timestamp;
use serde_json::Value;

const FILES: [&str; 4] = [
    include_str!("../../../data/demo/people.events.jsonl"),
    include_str!("../../../data/demo/skills.events.jsonl"),
    include_str!("../../../data/demo/communities.events.jsonl"),
    include_str!("../../../data/demo/threads.events.jsonl"),
];

/// The keys of `data` that may hold a day.
const DAYS: [&str; 6] = ["joined", "from", "until", "starts", "ends", "review"];

const MINUTE_MICROS: i64 = 60_000_000;

/// The events as lines, as of `now`.
pub fn lines(now: Timestamp) -> impl Iterator<Item = Result<String, Failure>> {
    FILES
        .iter()
        .flat_map(|file| file.lines())
        .map(move |line| dated(line, now))
}

fn dated(line: &str, now: Timestamp) -> Result<String, Failure> {
    let unreadable = |why: &str| Failure::new(format!("the demo's own line cannot be read: {why}: {line}"));
    let mut event: Value = serde_json::from_str(line).map_err(|error| unreadable(&error.to_string()))?;
    let date = |value: Option<&mut Value>, day: bool| -> Result<(), Failure> {
        let Some(value) = value else { return Ok(()) };
        let Some(relative) = value.as_str().and_then(|text| text.strip_prefix('@')) else {
            return Ok(());
        };
        let minutes = minutes(relative).ok_or_else(|| unreadable(relative))?;
        let instant = rfc3339(now.plus_micros(minutes * MINUTE_MICROS));
        // A day is counted from today, not from this minute: whole days move no hour.
        *value = Value::String(if day {
            instant.chars().take(10).collect()
        } else {
            instant
        });
        Ok(())
    };
    date(event.get_mut("at"), false)?;
    if let Some(data) = event.get_mut("data") {
        for key in DAYS {
            date(data.get_mut(key), true)?;
        }
    }
    Ok(event.to_string())
}

/// The minutes that `-12d3h5m` or `+4d` stands for.
fn minutes(relative: &str) -> Option<i64> {
    let (sign, mut rest) = match relative.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => return None,
    };
    let mut total = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..end].parse().ok()?;
        let unit = match &rest[end..=end] {
            "d" => 24 * 60,
            "h" => 60,
            "m" => 1,
            _ => return None,
        };
        total += count * unit;
        rest = &rest[end + 1..];
    }
    Some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{FutureRule, decode};

    /// 2026-03-10T12:00:00Z.
    const NOW: Timestamp = Timestamp::from_micros(1_773_144_000_000_000);

    #[test]
    fn relative_times_are_read_with_their_units() {
        assert_eq!(minutes("-1d2h3m"), Some(-(24 * 60 + 120 + 3)));
        assert_eq!(minutes("+12d"), Some(12 * 24 * 60));
        for wrong in ["12d", "-12", "-d", "-1y", "-é"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn instants_and_days_are_rewritten_and_paths_are_not() {
        let line = r#"{"at":"@-1d2h","data":{"from":"@-2d","until":"@+5d","to":"@-3d","joined":"2020-01-01"}}"#;
        let event: Value = serde_json::from_str(&dated(line, NOW).unwrap()).unwrap();
        assert_eq!(event["at"], "2026-03-09T10:00:00Z");
        assert_eq!(event["data"]["from"], "2026-03-08");
        assert_eq!(event["data"]["until"], "2026-03-15");
        assert_eq!(event["data"]["to"], "@-3d");
        assert_eq!(event["data"]["joined"], "2020-01-01");
    }

    #[test]
    fn every_line_is_an_event_of_the_past() {
        let mut count = 0;
        for line in lines(NOW) {
            let line = line.unwrap();
            let decoded = decode(line.as_bytes(), FutureRule::Reject { now: NOW });
            assert!(decoded.is_ok_and(|event| event.fact.at < NOW), "{line}");
            count += 1;
        }
        assert!(count > 1_000, "{count} lines");
    }
}
