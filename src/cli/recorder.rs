//! Where figures are gathered, and what the configured limits are to the server: the composition root's part of both.

use super::failure::Failure;
use crate::config::Limits;
use crate::http::{self, Render};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// Upper bounds of the classes of durations, in seconds.
const SECONDS: [f64; 14] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Upper bounds of the classes of group sizes, in events.
const EVENTS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 20_000.0];
/// How often what was recorded is summed up: until then each figure takes memory of its own.
const BETWEEN_SUMS: Duration = Duration::from_secs(2);
/// Files that are open besides connections: the log, the control socket, refusals that are being said.
const OTHER_FILES: usize = 512;
/// Where Linux tells how many files this process may open.
const SYSTEM_LIMITS: &str = "/proc/self/limits";

/// Begins to record, and returns what writes the record down.
///
/// # Errors
/// When somebody records already, or the system gives no thread.
pub fn install() -> Result<Render, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("figures cannot be recorded: {error}"));
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_events".to_owned()), &EVENTS))
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| failed(&error))?;
    http::describe_meters();
    crate::app::describe_meters();
    let summed = handle.clone();
    std::thread::Builder::new()
        .name("metrics".to_owned())
        .spawn(move || {
            loop {
                std::thread::sleep(BETWEEN_SUMS);
                summed.run_upkeep();
            }
        })
        .map_err(|error| failed(&error))?;
    Ok(Arc::new(move || handle.render()))
}

/// The server's bounds: what is configured, within what the system allows.
pub fn bounds(limits: &Limits) -> http::Limits {
    let shipped = http::Limits::default();
    // Ranges were checked when the configuration was read.
    let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    http::Limits {
        connections: allowed(limits.connections as usize, open_files()),
        head: Duration::from_secs(limits.head_seconds.into()),
        body: Duration::from_secs(limits.body_seconds.into()),
        bodies_bytes: (limits.bodies_mib as usize) << 20,
        workers: match limits.workers {
            0 => shipped.workers,
            workers => workers as usize,
        },
        waiting: limits.waiting as usize,
        waiting_burst: limits.waiting_burst as usize,
        wait: Duration::from_millis(limits.wait_ms.into()),
        requests_per_second: at_least_one(limits.requests_per_second),
        requests_burst: at_least_one(limits.requests_burst),
    }
}

/// So many of the `configured` connections as leave room for other files, when `files` may be open.
fn allowed(configured: usize, files: Option<usize>) -> usize {
    let Some(files) = files else { return configured };
    let most = files.saturating_sub(OTHER_FILES).max(files / 2).max(1);
    if most < configured {
        tracing::warn!(
            most,
            configured,
            "the system allows too few open files for the connections configured: raise `ulimit -n`"
        );
    }
    most.min(configured)
}

/// How many files this process may open, where that can be told.
fn open_files() -> Option<usize> {
    let text = std::fs::read_to_string(SYSTEM_LIMITS).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_configuration_and_shipped_bounds_are_the_same() {
        let bounds = bounds(&Limits::default());
        let connections = bounds.connections;
        let shipped = http::Limits {
            connections,
            ..http::Limits::default()
        };
        assert_eq!(bounds, shipped);
        assert_eq!(
            Limits::default().connections as usize,
            http::Limits::default().connections
        );
    }

    #[test]
    fn connections_leave_room_for_other_files() {
        assert_eq!(allowed(4_096, None), 4_096);
        assert_eq!(allowed(4_096, Some(65_536)), 4_096);
        assert_eq!(allowed(4_096, Some(2_048)), 1_536);
        assert_eq!(allowed(4_096, Some(256)), 128);
        assert!(open_files().is_some_and(|files| files > 0));
    }
}
