//! What is told of every request: how long it took, how it ended, and how its answer may be kept.
//!
//! Invariants: a log line holds the method, the template of the route, the trace id and the status; never a path, a
//! query, another header or a body, which may hold keys and names. A handler that panics is answered all the same.

use super::error::{ApiError, ProblemCode};
use super::limits::{MAX_PATH_BYTES, MAX_QUERY_BYTES};
use super::meters::{Answers, instant};
use super::trace::{TraceId, Traces};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tracing::Instrument as _;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// How an answer may be kept.
pub(super) const KEPT: &str = "private, no-cache";
/// What of a request an answer depends on, beside its target.
pub(super) const VARIES: &str = "Authorization, Accept, Accept-Language";

/// What requests are observed with.
pub(super) struct Observer {
    answers: Answers,
    traces: Traces,
}

impl Observer {
    /// An observer of the routes called `templates`.
    pub(super) fn of<'t>(templates: impl Iterator<Item = &'t str>) -> Arc<Self> {
        Arc::new(Self {
            answers: Answers::of(templates),
            traces: Traces::default(),
        })
    }
}

/// What went wrong inside, on its way from a refusal to the log.
#[derive(Clone, Debug)]
pub(super) struct Cause(pub(super) Arc<str>);

/// Times the request inside, logs it, and writes the headers that every answer has.
pub(super) async fn observe(State(observer): State<Arc<Observer>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let asked = Asked {
        method: known(request.method()),
        route: route.as_ref().map_or("none", MatchedPath::as_str),
        trace: observer.traces.of(request.headers()),
    };
    // Not made unless it is asked for: a line about an answer says all of it.
    let span = tracing::debug_span!("request", trace = %asked.trace);
    let start = instant();
    let mut response = match too_long(request.uri()) {
        Some(refusal) => refusal.into_response(),
        None => unwound(next.run(request)).instrument(span.clone()).await,
    };
    let took = start.elapsed();
    let answers = &observer.answers;
    answers.note(asked.method, asked.route, response.status(), took.as_secs_f64());
    span.in_scope(|| asked.tell(&response, took));
    let headers = response.headers_mut();
    headers.insert(SERVER_TIMING, timing(took));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
    headers.insert(VARY, HeaderValue::from_static(VARIES));
    response
}

/// What a log line says of a request.
struct Asked<'r> {
    method: &'static str,
    route: &'r str,
    trace: TraceId,
}

impl Asked<'_> {
    /// Logs an answer as loudly as it concerns the operator.
    fn tell(&self, response: &Response, took: Duration) {
        let Self { method, route, trace } = *self;
        // To the microsecond, as `Server-Timing` says it: more figures say nothing more.
        let (status, duration_ms) = (response.status().as_u16(), took.as_micros() as f64 / 1e3);
        if let Some(Cause(error)) = response.extensions().get() {
            tracing::error!(method, route, %trace, status, %error, "a request failed");
        }
        match status {
            0..=399 => tracing::debug!(method, route, %trace, status, duration_ms, "answered"),
            400..=499 => tracing::info!(method, route, %trace, status, duration_ms, "answered"),
            _ => tracing::warn!(method, route, %trace, status, duration_ms, "answered"),
        }
    }
}

/// The value of `Server-Timing`, in milliseconds.
fn timing(took: Duration) -> HeaderValue {
    let micros = took.as_micros();
    let text = format!("app;dur={}.{:03}", micros / 1_000, micros % 1_000);
    HeaderValue::try_from(text).expect("digits and signs of ASCII")
}

/// What `work` answers, or that it panicked. What it panicked with may repeat what was asked: it is not logged.
async fn unwound(work: impl Future<Output = Response>) -> Response {
    let mut work = pin!(work);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        polled.unwrap_or_else(|_| Poll::Ready(ApiError::internal(&"a handler panicked").into_response()))
    })
    .await
}

/// The refusal of a target that is over its limits. A path is measured as it is meant: an identifier of 200 characters may
/// be 2,400 bytes once it is percent-encoded.
fn too_long(target: &Uri) -> Option<ApiError> {
    let path = target.path();
    let path_bytes = path.len() - 2 * path.bytes().filter(|&byte| byte == b'%').count().min(path.len() / 3);
    let query_bytes = target.query().map_or(0, str::len);
    let detail = if path_bytes > MAX_PATH_BYTES {
        format!("the path has more than {MAX_PATH_BYTES} bytes")
    } else if query_bytes > MAX_QUERY_BYTES {
        format!("the query has more than {MAX_QUERY_BYTES} bytes")
    } else {
        return None;
    };
    Some(ApiError::new(ProblemCode::TargetTooLong, detail))
}

/// The name of a method, as it may be logged: a caller can invent others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_panic_is_answered_as_an_internal_problem() {
        async fn planted() -> &'static str {
            panic!("planted: ana@example.org")
        }
        let router: Router = Router::new()
            .route("/", get(planted))
            .layer(axum::middleware::from_fn_with_state(
                Observer::of(["/"].into_iter()),
                observe,
            ));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(response.headers().contains_key("server-timing"));
        let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("\"internal\"") && !text.contains("ana@"), "{text}");
    }

    #[test]
    fn targets_are_bounded_as_they_are_meant() {
        let path = |piece: &str, times: usize| format!("/{}", piece.repeat(times)).parse::<Uri>().unwrap();
        assert!(too_long(&path("a", MAX_PATH_BYTES - 1)).is_none());
        assert!(too_long(&path("a", MAX_PATH_BYTES)).is_some());
        assert!(too_long(&path("%41", MAX_PATH_BYTES - 1)).is_none());
        assert!(too_long(&path("%41", MAX_PATH_BYTES)).is_some());
        assert!(too_long(&format!("/?{}", "q".repeat(MAX_QUERY_BYTES)).parse().unwrap()).is_none());
        let long: Uri = format!("/?{}", "q".repeat(MAX_QUERY_BYTES + 1)).parse().unwrap();
        assert_eq!(too_long(&long).unwrap().code(), ProblemCode::TargetTooLong);
    }

    #[test]
    fn an_invented_method_is_not_repeated() {
        assert_eq!(known(&Method::from_bytes(b"ANA").unwrap()), "other");
        assert_eq!(known(&Method::GET), "GET");
    }
}
