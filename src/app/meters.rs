//! What the service counts and measures, for whoever watches it. The names are a promise to dashboards.
//!
//! Invariant: no label holds a name, a text or an identifier of anybody. Durations are taken by the service's clock, so
//! that a clock which is set shows as one odd figure. Says nothing of where the figures go.

use super::ingest::{IngestReport, ReadBatch};
use crate::domain::Timestamp;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::sync::atomic::{AtomicU64, Ordering};

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

/// What became of lines of events, counted once: for whoever watches, and for `doctor`.
#[derive(Default)]
pub(super) struct Fates {
    ignored: AtomicU64,
    rejected: AtomicU64,
}

impl Fates {
    /// Counts what the door did not let in.
    pub(super) fn at_the_door(&self, batch: &ReadBatch) {
        self.count(0, 0, batch.rejected.len(), batch.ignored);
    }

    /// Counts what the writer made of the others.
    pub(super) fn at_the_desk(&self, report: &IngestReport) {
        self.count(report.accepted, report.duplicate, report.rejected.len(), report.ignored);
    }

    /// Lines left out, and lines rejected, so far.
    pub(super) fn not_taken(&self) -> (u64, u64) {
        (
            self.ignored.load(Ordering::Relaxed),
            self.rejected.load(Ordering::Relaxed),
        )
    }

    fn count(&self, accepted: u64, duplicate: u64, rejected: usize, ignored: u64) {
        let rejected = rejected as u64;
        self.ignored.fetch_add(ignored, Ordering::Relaxed);
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
        for (fate, lines) in [
            ("accepted", accepted),
            ("duplicate", duplicate),
            ("rejected", rejected),
            ("ignored", ignored),
        ] {
            counter!("antenne_ingest_lines_total", "fate" => fate).increment(lines);
        }
    }
}

/// Why recommendations are not kept for as long as they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The disk took none for so long that there was no room in memory.
    Memory,
    /// They take more room on the disk than they may.
    Room,
}

impl Lost {
    const ALL: [Self; 2] = [Self::Memory, Self::Room];

    const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Room => "room",
        }
    }
}

/// The oldest `count` recommendations went too early.
pub(super) fn recommendations_lost(why: Lost, count: u64) {
    counter!("antenne_recommendations_dropped_total", "why" => why.name()).increment(count);
}

/// The state of the service at an instant.
pub(super) fn levels(generation: u64) {
    gauge!("antenne_generation").set(generation as f64);
}

/// The model in use of one recommender at an instant.
pub(super) fn model(recommender: &'static str, name: &str, since: Timestamp, now: Timestamp) {
    let labels = [("model", name.to_owned()), ("recommender", recommender.to_owned())];
    gauge!("antenne_model_age_seconds", &labels).set(seconds(since, now));
}

/// Tells the recorder what the figures mean, and starts every counter at zero: a rate needs a first value.
pub fn describe_meters() {
    describe_gauge!("antenne_generation", "The last sequence of the log");
    describe_gauge!(
        "antenne_model_age_seconds",
        "How long ago the model in use of a recommender was made"
    );
    describe_gauge!("antenne_writer_waiting", "Jobs that wait for the writer");
    describe_counter!("antenne_ingest_lines_total", "Lines of events whose fate is known");
    describe_histogram!("antenne_ingest_group_events", "Events that one commit made durable");
    describe_histogram!("antenne_commit_seconds", "How long a commit took, flush included");
    describe_histogram!(
        "antenne_publish_seconds",
        "How long it took to apply a committed group and to publish the new state"
    );
    describe_counter!(
        "antenne_recommendations_dropped_total",
        "Recommendations that went before their 90 days were over"
    );
    Fates::default().at_the_desk(&IngestReport::default());
    for why in Lost::ALL {
        recommendations_lost(why, 0);
    }
    gauge!("antenne_writer_waiting").set(0.0);
}
