//! What is told of every request: how long it took, how it ended, and how its answer may be kept.
//!
//! Invariant: a log line holds the method, the template of the route and the status; never a path, a query, a header
//! or a body, which may hold keys and names.

use super::error::{ApiError, ProblemCode};
use super::limits::{MAX_PATH_BYTES, MAX_QUERY_BYTES};
use super::meters::{self, instant};
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::any::Any;
use tracing::Instrument as _;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Times the request inside, logs it, and writes the headers that every answer has.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let method = known(request.method());
    let span = tracing::info_span!("request", method, route);
    let start = instant();
    let mut response = match too_long(request.uri()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).instrument(span.clone()).await,
    };
    let seconds = start.elapsed().as_secs_f64();
    meters::answered(method, route, response.status(), seconds);
    // To the microsecond, as `Server-Timing` says it: more figures say nothing more.
    let duration_ms = (seconds * 1e6).round() / 1e3;
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), duration_ms, "answered"));
    let headers = response.headers_mut();
    if let Ok(timing) = HeaderValue::from_str(&format!("app;dur={duration_ms:.3}")) {
        headers.insert(SERVER_TIMING, timing);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization, Accept-Language"));
    response
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
