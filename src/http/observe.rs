//! What is told of every request: how long it took, how it ended, and how its answer may be kept.
//!
//! Invariant: a log line holds the method, the template of the route and the status; never a path, a query, a header
//! or a body, which may hold keys and names.

use super::error::{ApiError, ProblemCode};
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::any::Any;
use std::time::Instant;
use tracing::Instrument as _;

/// Bytes of a path.
const MAX_PATH: usize = 2 << 10;
/// Bytes of a query: every character of the longest may be written as twelve.
const MAX_QUERY: usize = 16 << 10;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Times the request inside, logs it, and writes the headers that every answer has.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", method = known(request.method()), route);
    #[expect(
        clippy::disallowed_methods,
        reason = "a duration is measured; no answer depends on it"
    )]
    let start = Instant::now();
    let mut response = match too_long(request.uri()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).instrument(span.clone()).await,
    };
    let duration_ms = start.elapsed().as_secs_f64() * 1000.0;
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), duration_ms, "answered"));
    let headers = response.headers_mut();
    if let Ok(timing) = HeaderValue::from_str(&format!("app;dur={duration_ms:.3}")) {
        headers.insert(SERVER_TIMING, timing);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization, Accept-Language"));
    response
}

/// A refusal of what is longer than any path or query of ours.
fn too_long(uri: &Uri) -> Option<ApiError> {
    let query = uri.query().unwrap_or_default().len();
    let detail = if uri.path().len() > MAX_PATH {
        "a path has at most 2048 bytes"
    } else if query > MAX_QUERY {
        "a query has at most 16384 bytes"
    } else {
        return None;
    };
    Some(ApiError::new(ProblemCode::UriTooLong, detail))
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

/// The answer when a handler panicked. What it panicked with may repeat what was asked: it is not logged.
pub(super) fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    ApiError::internal(&"a handler panicked").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    #[tokio::test]
    async fn a_panic_is_answered_as_an_internal_problem() {
        async fn planted() -> &'static str {
            panic!("planted: ana@example.org")
        }
        let router: Router = Router::new()
            .route("/", get(planted))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(axum::middleware::from_fn(observe));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(response.headers().contains_key("server-timing"));
        let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("\"internal\"") && !text.contains("ana@"), "{text}");
    }

    #[test]
    fn an_invented_method_is_not_repeated() {
        assert_eq!(known(&Method::from_bytes(b"ANA").unwrap()), "other");
        assert_eq!(known(&Method::GET), "GET");
    }
}
