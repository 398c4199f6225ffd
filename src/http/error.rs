//! Refusals: one type, written as RFC 9457 problem documents whose `code` is stable.
//!
//! Invariants: two refusals with the same code and detail have the same bytes, whatever was asked; what went wrong
//! inside is logged, never sent.

use super::dto::Problem;
use super::observe::Cause;
use crate::app::{BatchError, IngestError, QueryError};
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub(super) use super::dto::{FieldProblem, ProblemCode};

/// Seconds after which whoever was turned away may try again, unless it is known better.
pub(super) const RETRY_AFTER_SECONDS: u64 = 1;

/// Why a request is refused.
#[derive(Debug)]
pub(super) struct ApiError {
    code: ProblemCode,
    detail: Cow<'static, str>,
    errors: Vec<FieldProblem>,
    retry_after_seconds: u64,
    cause: Option<Cause>,
}

impl ApiError {
    /// A refusal that concerns the request as a whole.
    pub(super) fn new(code: ProblemCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::with(code, detail.into(), Vec::new())
    }

    fn with(code: ProblemCode, detail: Cow<'static, str>, errors: Vec<FieldProblem>) -> Self {
        Self {
            code,
            detail,
            errors,
            retry_after_seconds: RETRY_AFTER_SECONDS,
            cause: None,
        }
    }

    /// The same refusal, because of `error`: that is logged with the answer, and goes no further.
    pub(super) fn because_of(self, error: &dyn fmt::Display) -> Self {
        let cause = Some(Cause(error.to_string().into()));
        Self { cause, ..self }
    }

    /// The same refusal, which would not be repeated after `wait`; whole seconds are sent, at least one.
    pub(super) fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self {
            retry_after_seconds: seconds.max(RETRY_AFTER_SECONDS),
            ..self
        }
    }

    /// A refusal of one parameter.
    pub(super) fn of_parameter(code: ProblemCode, name: &str, detail: String) -> Self {
        let field = FieldProblem {
            field: name.to_owned(),
            code: code.as_str(),
            detail: detail.clone(),
        };
        Self::with(code, detail.into(), vec![field])
    }

    /// A refusal of a body that could be read, for what these fields hold.
    pub(super) fn of_body(errors: Vec<FieldProblem>) -> Self {
        let names: Vec<_> = errors.iter().map(|error| format!("`{}`", error.field)).collect();
        let detail = format!("the body is not in order: see {}", names.join(", "));
        Self::with(ProblemCode::BadBody, detail.into(), errors)
    }

    /// Something went wrong inside; `error` is logged with the answer and goes no further.
    pub(super) fn internal(error: &dyn fmt::Display) -> Self {
        Self::new(ProblemCode::Internal, "something went wrong inside; it was logged").because_of(error)
    }

    /// The stable code.
    #[cfg(test)]
    pub(super) fn code(&self) -> ProblemCode {
        self.code
    }

    /// The parameters or fields that were wrong.
    #[cfg(test)]
    pub(super) fn fields(&self) -> &[FieldProblem] {
        &self.errors
    }

    /// What was wrong, for people.
    #[cfg(test)]
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }
}

impl ProblemCode {
    /// The status that goes with it; one code has one status.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::OutOfRange | Self::UnknownParameter | Self::BadParameter | Self::UnreadableBody => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Expired => StatusCode::GONE,
            Self::NameTaken => StatusCode::CONFLICT,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TargetTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadBody => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
            Self::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let status = error.code.status();
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: error.code,
            detail: error.detail.into_owned(),
            errors: error.errors,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let (retry_after_seconds, cause) = (self.retry_after_seconds, self.cause.clone());
        let mut response = (status, axum::Json(Problem::from(self))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(RETRY_AFTER, retry_after_seconds.into());
        }
        if status == StatusCode::REQUEST_TIMEOUT {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(cause) = cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        Self::new(ProblemCode::NotFound, error.to_string())
    }
}

impl From<BatchError> for ApiError {
    fn from(error: BatchError) -> Self {
        let code = match &error {
            BatchError::TooManyBytes | BatchError::TooManyLines => ProblemCode::TooLarge,
            BatchError::Array { .. } | BatchError::Gzip(_) => ProblemCode::UnreadableBody,
            BatchError::Io(_) => return Self::internal(&error),
        };
        Self::new(code, error.to_string())
    }
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        match &error {
            IngestError::DiskFull(_) => {
                let detail = "there is no room on the disk; nothing of the batch was taken, and reading goes on";
                Self::new(ProblemCode::DiskFull, detail).because_of(&error)
            }
            IngestError::Stopping => Self::new(ProblemCode::Stopping, error.to_string()),
            IngestError::Store(_) => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_below_has_its_code_and_keeps_its_secrets() {
        let full = ApiError::from(IngestError::DiskFull("/srv/antenne has no room".to_owned()));
        assert_eq!(full.code().status().as_u16(), 507);
        assert!(!full.detail().contains("/srv"), "{}", full.detail());
        let failed = ApiError::from(IngestError::Store("/srv/antenne: locked".to_owned()));
        assert_eq!(failed.code(), ProblemCode::Internal);
        assert!(!failed.detail().contains("/srv"), "{}", failed.detail());
        let stopping = ApiError::from(IngestError::Stopping).into_response();
        assert_eq!(stopping.status().as_u16(), 503);
        assert_eq!(stopping.headers()[RETRY_AFTER], "1");
    }

    #[test]
    fn whoever_asks_too_often_is_told_how_long_to_wait() {
        for (wait_ms, seconds) in [(0, "1"), (10, "1"), (1_000, "1"), (1_001, "2")] {
            let refusal = ApiError::new(ProblemCode::RateLimited, "slowly").retry_after(Duration::from_millis(wait_ms));
            assert_eq!(refusal.into_response().headers()[RETRY_AFTER], seconds);
        }
    }
}
