//! What handlers take out of a request: parameters of the query, identifiers in paths, the language, a body.
//!
//! Every parameter is bounded, and one that is unknown, repeated or out of range is refused by name.

use super::api::Api;
use super::error::{ApiError, ProblemCode};
use super::intake::Intake;
use crate::app::Tongue;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_ENCODING};
use axum::http::request::Parts;
use std::ops::RangeInclusive;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization as _;

/// How many items a list may have.
pub(super) const LIMITS: RangeInclusive<usize> = 1..=100;
/// The longest age that can be asked for: a century, in minutes.
const MAX_AGE_MINUTES: u64 = 36_525 * 24 * 60;
/// Characters of an unknown name that a refusal repeats.
const ECHO_CHARS: usize = 60;

/// The parameters of a query, decoded, in the order in which they came.
pub(super) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if parts.uri.query().is_none() {
            return Ok(Self(Vec::new()));
        }
        Query::try_from_uri(&parts.uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| {
                let detail = "the query cannot be read: send `name=value` pairs, percent-encoded";
                ApiError::new(ProblemCode::BadParameter, detail)
            })
    }
}

impl Params {
    /// Refuses parameters that are not among `known`, and repeated ones.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(ECHO_CHARS).collect();
            if !known.contains(&name.as_str()) {
                let takes = match known {
                    [] => "this route takes none".to_owned(),
                    known => format!("this route takes {}", known.join(", ")),
                };
                let detail = format!("there is no parameter `{shown}`; {takes}");
                return Err(ApiError::of_parameter(ProblemCode::UnknownParameter, &shown, detail));
            }
            if self.0[..place].iter().any(|(earlier, _)| earlier == name) {
                return Err(bad(name, "comes twice: send it once"));
            }
        }
        Ok(())
    }

    /// The value of `name`, when it came.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The identifier `name`, when it came.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        self.text(name).map(normal)
    }

    /// `limit`, or `default`.
    pub(super) fn limit(&self, default: usize) -> Result<usize, ApiError> {
        let Some(text) = self.text("limit") else {
            return Ok(default);
        };
        let limit = text.parse().ok().filter(|limit| LIMITS.contains(limit));
        limit.ok_or_else(|| {
            let detail = format!("`limit` is a whole number from {} to {}", LIMITS.start(), LIMITS.end());
            ApiError::of_parameter(ProblemCode::OutOfRange, "limit", detail)
        })
    }

    /// The value of `name` as the one of `choices` that it names, when it came.
    pub(super) fn one_of<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let chosen = choices.iter().find(|(choice, _)| *choice == text);
        let names = || choices.iter().map(|(choice, _)| *choice).collect::<Vec<_>>().join(", ");
        match chosen {
            Some(&(_, value)) => Ok(Some(value)),
            None => Err(bad(name, &format!("is one of {}", names()))),
        }
    }

    /// The span `name`, such as `3d`, `12h` or `45m`, in minutes, when it came.
    pub(super) fn minutes(&self, name: &str) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let minutes = minutes(text).ok_or_else(|| bad(name, "is a number of days, hours or minutes: 3d, 12h, 45m"))?;
        if minutes > MAX_AGE_MINUTES {
            let detail = format!("`{name}` is at most {}d", MAX_AGE_MINUTES / 24 / 60);
            return Err(ApiError::of_parameter(ProblemCode::OutOfRange, name, detail));
        }
        Ok(Some(minutes))
    }
}

/// A refusal of the parameter `name`, which `what`.
pub(super) fn bad(name: &str, what: &str) -> ApiError {
    ApiError::of_parameter(ProblemCode::BadParameter, name, format!("`{name}` {what}"))
}

/// A span in minutes; `None` when `text` is none.
pub(super) fn minutes(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // So many digits are over every limit.
    plain.then(|| digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(unit))
}

/// An identifier in the form in which events are taken in.
pub(super) fn normal(id: &str) -> String {
    if id.is_ascii() {
        return id.to_owned();
    }
    id.nfc().collect()
}

/// The identifier in a path, percent-decoded.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(normal(&id)))
            .map_err(|_| bad("id", "is not UTF-8 once it is percent-decoded"))
    }
}

/// The name in a path, percent-decoded and otherwise as it was given.
pub(super) struct Name(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(name)| Self(name))
            .map_err(|_| bad("name", "is not UTF-8 once it is percent-decoded"))
    }
}

/// The language in which the caller reads.
pub(super) struct Language(pub(super) Tongue);

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(header.map_or_else(Tongue::default, Tongue::accepted)))
    }
}

/// A body that says something, of at most `MOST` bytes. One that announces more is refused before it is sent.
pub(super) struct Body<const MOST: usize>(pub(super) Bytes);

impl<const MOST: usize> FromRequest<Arc<Api>> for Body<MOST> {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, ApiError> {
        whole(request, &api.gate().intake, MOST).await.map(Self)
    }
}

/// The body of `request`, of at most `most` bytes, read by `intake`; one that says something.
pub(super) async fn whole(request: Request, intake: &Intake, most: usize) -> Result<Bytes, ApiError> {
    let encoding = request.headers().get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let detail = "send the body as it is, without a content encoding";
        return Err(ApiError::new(ProblemCode::UnsupportedEncoding, detail));
    }
    let body = intake.read(request.into_body(), most).await?;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ApiError::new(ProblemCode::UnreadableBody, "the body is empty"));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        let uri = format!("/x?{query}").parse().unwrap();
        let Query(pairs) = Query::try_from_uri(&uri).unwrap();
        Params(pairs)
    }

    #[test]
    fn unknown_and_repeated_parameters_are_refused_by_name() {
        assert!(params("limit=1").only(&["limit"]).is_ok());
        let unknown = params("limit=1&lim%0Ait=2").only(&["limit"]).unwrap_err();
        assert_eq!(unknown.code(), ProblemCode::UnknownParameter);
        assert!(
            unknown.detail().contains("there is no parameter `limit`"),
            "{}",
            unknown.detail()
        );
        let twice = params("limit=1&limit=2").only(&["limit"]).unwrap_err();
        assert_eq!(
            (twice.code(), twice.detail()),
            (ProblemCode::BadParameter, "`limit` comes twice: send it once")
        );
    }

    #[test]
    fn a_limit_is_a_whole_number_within_its_bounds() {
        for (query, limit) in [("", 3), ("limit=1", 1), ("limit=100", 100)] {
            assert_eq!(params(query).limit(3).unwrap(), limit);
        }
        for bad in [
            "0",
            "101",
            "-1",
            "abc",
            "",
            "1e2",
            "1000000000",
            "99999999999999999999999",
        ] {
            let error = params(&format!("limit={bad}")).limit(3).unwrap_err();
            assert_eq!(error.code(), ProblemCode::OutOfRange, "{bad}");
            assert!(error.detail().contains("from 1 to 100"));
        }
    }

    #[test]
    fn spans_are_days_hours_or_minutes() {
        for (text, minutes) in [("3d", 4320), ("12h", 720), ("45m", 45), ("0m", 0)] {
            assert_eq!(params(&format!("a={text}")).minutes("a").unwrap(), Some(minutes));
        }
        for bad in ["", "d", "3", "3w", "-3d", "%2B3d", "3.5d", "3%20d", "%C3%A9", "3%C3%A9"] {
            let error = params(&format!("a={bad}")).minutes("a").unwrap_err();
            assert_eq!(error.code(), ProblemCode::BadParameter, "{bad}");
        }
        for long in ["36526d", "99999999999999999999999999h"] {
            let error = params(&format!("a={long}")).minutes("a").unwrap_err();
            assert_eq!(error.code(), ProblemCode::OutOfRange, "{long}");
        }
    }

    #[test]
    fn a_choice_is_refused_with_the_choices() {
        let choices = [("waves", 1), ("score", 2)];
        assert_eq!(params("order=score").one_of("order", &choices).unwrap(), Some(2));
        assert_eq!(params("").one_of("order", &choices).unwrap(), None);
        let error = params("order=Score").one_of("order", &choices).unwrap_err();
        assert_eq!(error.detail(), "`order` is one of waves, score");
    }

    #[test]
    fn identifiers_are_compared_in_normal_form() {
        assert_eq!(params("c=e%CC%81").id("c").unwrap(), "é");
    }
}
