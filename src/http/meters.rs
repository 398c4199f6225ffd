//! What the server counts and measures, for whoever watches it. The names are a promise to dashboards.
//!
//! Invariant: a label is one of a closed set (a method, the template of a route, a class of status, a cause); never a
//! path, a key, an identifier or a text. Says nothing of where the figures go: that is the composition root's business.

use super::error::{ApiError, ProblemCode};
use axum::http::StatusCode;
use metrics::{
    Counter, Histogram, SharedString, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Instant;

/// The present instant of the clock that only goes forward.
#[expect(
    clippy::disallowed_methods,
    reason = "durations are measured; no answer depends on them"
)]
pub(super) fn instant() -> Instant {
    Instant::now()
}

/// The methods that have figures of their own.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];
/// The classes of status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures about answers, by route: what writes each of them is looked up the first time alone.
pub(super) struct Answers(HashMap<String, [OnceLock<Answered>; METHODS.len() * CLASSES.len()]>);

/// What writes the figures of one route, method and class.
struct Answered {
    requests: Counter,
    seconds: Histogram,
}

impl Answered {
    fn of(method: &'static str, route: &str, class: &'static str) -> Self {
        let labels = [
            ("method", method.into()),
            ("route", SharedString::from(route.to_owned())),
            ("class", class.into()),
        ];
        Self {
            requests: counter!("antenne_http_requests_total", &labels),
            seconds: histogram!("antenne_http_request_seconds", &labels),
        }
    }

    fn note(&self, seconds: f64) {
        self.requests.increment(1);
        self.seconds.record(seconds);
    }
}

impl Answers {
    /// The figures of the routes called `templates`.
    pub(super) fn of<'t>(templates: impl Iterator<Item = &'t str>) -> Self {
        let none = || std::array::from_fn(|_| OnceLock::new());
        Self(templates.map(|template| (template.to_owned(), none())).collect())
    }

    /// A request was answered. A route or method of no list costs a look-up each time.
    pub(super) fn note(&self, method: &'static str, route: &str, status: StatusCode, seconds: f64) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        let place = METHODS.iter().position(|known| *known == method);
        let of = || Answered::of(method, route, CLASSES[class]);
        match self.0.get(route).zip(place) {
            Some((figures, place)) => figures[place * CLASSES.len() + class].get_or_init(of).note(seconds),
            None => of().note(seconds),
        }
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
