//! What the server counts and measures, for whoever watches it. The names are a promise to dashboards.
//!
//! Invariant: a label is one of a closed set (a method, the template of a route, a class of status, a cause); never a
//! path, a key, an identifier or a text. Says nothing of where the figures go: that is the composition root's business.

use super::error::{ApiError, ProblemCode};
use axum::http::StatusCode;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::Instant;

/// The present instant of the clock that only goes forward.
#[expect(
    clippy::disallowed_methods,
    reason = "durations are measured; no answer depends on them"
)]
pub(super) fn instant() -> Instant {
    Instant::now()
}

/// A request was answered.
pub(super) fn answered(method: &'static str, route: &str, status: StatusCode, seconds: f64) {
    let labels = [
        ("method", method.into()),
        ("route", metrics::SharedString::from(route.to_owned())),
        ("class", class(status).into()),
    ];
    counter!("antenne_http_requests_total", &labels).increment(1);
    histogram!("antenne_http_request_seconds", &labels).record(seconds);
}

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        0..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shed {
    /// Connections.
    Connections,
    /// Bodies in memory.
    Bodies,
    /// Batches on their way to the writer.
    Writes,
    /// Work before the pool.
    Line,
    /// Time that work waited before the pool.
    Wait,
}

impl Shed {
    const ALL: [Self; 5] = [Self::Connections, Self::Bodies, Self::Writes, Self::Line, Self::Wait];

    const fn name(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Bodies => "bodies",
            Self::Writes => "writes",
            Self::Line => "line",
            Self::Wait => "wait",
        }
    }
}

/// Counts a request that is turned away, and says so to whoever sent it.
pub(super) fn shed(why: Shed) -> ApiError {
    counter!("antenne_shed_total", "why" => why.name()).increment(1);
    ApiError::new(
        ProblemCode::Overloaded,
        "too much to do right now: try again in a moment",
    )
}

/// A key was over its rate.
pub(super) fn rate_limited() {
    counter!("antenne_rate_limited_total").increment(1);
}

/// For what a client was waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The next request, or the rest of its head.
    Head,
    /// The rest of a body.
    Body,
    /// The taking of an answer.
    Answer,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Head, Self::Body, Self::Answer];

    const fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Body => "body",
            Self::Answer => "answer",
        }
    }
}

/// A client was waited for in vain.
pub(super) fn timed_out(phase: Phase) {
    counter!("antenne_http_timeouts_total", "phase" => phase.name()).increment(1);
}

/// A piece of work got its worker after `seconds`.
pub(super) fn waited(seconds: f64) {
    histogram!("antenne_pool_wait_seconds").record(seconds);
}

/// How much there is of what comes and goes, at the moment it is asked.
pub(super) struct Levels {
    /// Connections that are open.
    pub(super) connections: usize,
    /// Pieces of work that wait for a worker.
    pub(super) waiting: usize,
    /// Workers at work.
    pub(super) running: usize,
    /// Bytes of bodies that are held.
    pub(super) bodies_bytes: usize,
}

/// Records the levels.
pub(super) fn levels(levels: &Levels) {
    gauge!("antenne_http_connections").set(levels.connections as f64);
    gauge!("antenne_pool_waiting").set(levels.waiting as f64);
    gauge!("antenne_pool_running").set(levels.running as f64);
    gauge!("antenne_http_bodies_bytes").set(levels.bodies_bytes as f64);
}

/// Tells the recorder what the figures mean, and starts every counter at zero: a rate needs a first value.
pub fn describe_meters() {
    describe_counter!("antenne_http_requests_total", "Requests that were answered");
    describe_histogram!(
        "antenne_http_request_seconds",
        "From the end of a request's head to its answer"
    );
    describe_gauge!("antenne_http_connections", "Connections that are open");
    describe_gauge!("antenne_http_bodies_bytes", "Bytes of request bodies that are held");
    describe_counter!(
        "antenne_http_timeouts_total",
        "Connections closed because their client was too slow, or idle"
    );
    describe_gauge!("antenne_pool_waiting", "Pieces of work that wait for a thread");
    describe_gauge!("antenne_pool_running", "Threads that compute");
    describe_histogram!("antenne_pool_wait_seconds", "How long work waited for a thread");
    describe_counter!("antenne_shed_total", "Requests turned away with 503 for lack of room");
    describe_counter!(
        "antenne_rate_limited_total",
        "Requests turned away with 429 because their key was over its rate"
    );
    for why in Shed::ALL {
        counter!("antenne_shed_total", "why" => why.name()).absolute(0);
    }
    for phase in Phase::ALL {
        counter!("antenne_http_timeouts_total", "phase" => phase.name()).absolute(0);
    }
    counter!("antenne_rate_limited_total").absolute(0);
}
