//! What the service counts and measures, for whoever watches it. The names are a promise to dashboards.
//!
//! Invariant: no label holds a name, a text or an identifier of anybody. Durations are taken by the service's clock, so
//! that a clock which is set shows as one odd figure. Says nothing of where the figures go.

use super::ingest::IngestReport;
use crate::domain::Timestamp;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.micros().saturating_sub(from.micros()).max(0) as f64 / 1e6
}

/// A job was handed to the writer.
pub(super) fn job_waits() {
    gauge!("antenne_writer_waiting").increment(1.0);
}

/// The writer took a job up.
pub(super) fn job_taken() {
    gauge!("antenne_writer_waiting").decrement(1.0);
}

/// A group of `events` was made durable.
pub(super) fn committed(events: usize, from: Timestamp, to: Timestamp) {
    histogram!("antenne_ingest_group_events").record(events as f64);
    histogram!("antenne_commit_seconds").record(seconds(from, to));
}

/// A group was applied and published.
pub(super) fn published(from: Timestamp, to: Timestamp) {
    histogram!("antenne_publish_seconds").record(seconds(from, to));
}

/// The fate of a batch's lines is known.
pub(super) fn told(report: &IngestReport) {
    for (fate, lines) in [
        ("accepted", report.accepted),
        ("duplicate", report.duplicate),
        ("rejected", report.rejected.len() as u64),
        ("ignored", report.ignored),
    ] {
        counter!("antenne_ingest_lines_total", "fate" => fate).increment(lines);
    }
}

/// The state of the service at an instant.
pub(super) fn levels(generation: u64, model: &str, model_since: Timestamp, now: Timestamp) {
    gauge!("antenne_generation").set(generation as f64);
    gauge!("antenne_model_age_seconds", "model" => model.to_owned()).set(seconds(model_since, now));
}

/// Tells the recorder what the figures mean, and starts every counter at zero: a rate needs a first value.
pub fn describe_meters() {
    describe_gauge!("antenne_generation", "The last sequence of the log");
    describe_gauge!(
        "antenne_model_age_seconds",
        "How old the model in use is; a shipped one since the service was opened"
    );
    describe_gauge!("antenne_writer_waiting", "Jobs that wait for the writer");
    describe_counter!("antenne_ingest_lines_total", "Lines of events whose fate is known");
    describe_histogram!("antenne_ingest_group_events", "Events that one commit made durable");
    describe_histogram!("antenne_commit_seconds", "How long a commit took, flush included");
    describe_histogram!(
        "antenne_publish_seconds",
        "How long it took to apply a committed group and to publish the new state"
    );
    told(&IngestReport::default());
    gauge!("antenne_writer_waiting").set(0.0);
}
