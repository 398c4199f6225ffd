//! Tokens for readers: a platform's key makes one for whoever reads its page.

use super::api::Api;
use super::auth::{Caller, MembersDelegate};
use super::dto::{MadeToken, NewTokenBody};
use super::error::{ApiError, ProblemCode};
use super::fields::Fields;
use super::params::{Body, Params};
use crate::app::{Service, TOKEN_MINUTES, TokenError};
use crate::calendar::rfc3339;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rand::TryRng as _;
use rand::rngs::SysRng;
use std::sync::Arc;

/// The most bytes of a body.
const MAX_BYTES: usize = 4 << 10;

/// Make a short-lived token for one reader
///
/// It speaks for the person (scope `member`), and reads what the key reads: `recommend:read` and `search:read`, when the key
/// has them. It ends by itself, with its key, when its person leaves, and when the service restarts. It is shown this once.
#[utoipa::path(
    post, path = "/v1/member-tokens", operation_id = "make_member_token", tag = "people",
    security(("key" = ["members:delegate"])),
    request_body(content = NewTokenBody, description = "For whom; a key that it does not have is refused"),
    responses(
        (status = 201, description = "It is made", body = MadeToken, example = json!({
            "token": "antenne_member_3f9a1c…", "scopes": ["member", "recommend:read"], "expires_at": "2026-03-02T09:15:30Z"
        })),
        super::document::TokenProblems,
    )
)]
pub(super) async fn make_member_token(
    caller: Caller<MembersDelegate>,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let (person, minutes) = read(&body)?;
    let mut secret = [0; 32];
    SysRng
        .try_fill_bytes(&mut secret)
        .map_err(|error| ApiError::internal(&error))?;
    let made = move |service: &Service| service.issue_token(&caller.identity, &person, minutes, secret);
    let made = api.run(made).await??;
    let told = MadeToken {
        token: made.token,
        scopes: made.scopes.iter().map(|scope| scope.name()).collect(),
        expires_at: rfc3339(made.expires),
    };
    Ok((StatusCode::CREATED, axum::Json(told)).into_response())
}

fn read(body: &[u8]) -> Result<(String, u8), ApiError> {
    let mut fields = Fields::read(body)?;
    let person = fields.id("person");
    let person = fields.need("person", person);
    let range = usize::from(*TOKEN_MINUTES.start())..=usize::from(*TOKEN_MINUTES.end());
    let minutes = fields.whole("minutes", &range);
    fields.close("a token has person, minutes")?;
    // Both were held against the range above.
    let minutes = minutes.and_then(|minutes| u8::try_from(minutes).ok());
    Ok((person.unwrap_or_default(), minutes.unwrap_or(*TOKEN_MINUTES.end())))
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Query(error) => error.into(),
            TokenError::Full => Self::new(ProblemCode::Overloaded, error.to_string()),
            TokenError::Audit(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_somebody_and_for_a_quarter_of_an_hour_at_most() {
        assert_eq!(read(br#"{"person":"ana"}"#).unwrap(), ("ana".to_owned(), 15));
        assert_eq!(read(br#"{"person":"ana","minutes":1}"#).unwrap().1, 1);
        for (body, field) in [
            (r#"{"minutes":1}"#, "person"),
            (r#"{"person":"ana","minutes":0}"#, "minutes"),
            (r#"{"person":"ana","minutes":16}"#, "minutes"),
            (r#"{"person":"ana","minutes":1.5}"#, "minutes"),
            (r#"{"person":"ana","scopes":["admin"]}"#, "scopes"),
        ] {
            assert_eq!(read(body.as_bytes()).unwrap_err().fields()[0].field, field, "{body}");
        }
    }
}
