//! Feedback in: what somebody thinks of a pick.

use super::api::Api;
use super::auth::{Caller, RecommendOrMember};
use super::dto::{FeedbackBody, Report};
use super::error::ApiError;
use super::fields::{Fields, problem};
use super::params::{Body, Params};
use crate::app::{Feedback, FeedbackError, limits};
use crate::domain::Verdict;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// The most bytes of a body.
const MAX_BYTES: usize = 16 << 10;
const VERDICTS: [(&str, Verdict); 3] = [
    ("accepted", Verdict::Accepted),
    ("declined", Verdict::Declined),
    ("not_relevant", Verdict::NotRelevant),
];

/// Say what became of a pick
///
/// Kept as an event, `feedback.given`, of the service's own source. The last verdict of one person on one pick counts;
/// the same again is a duplicate. A recommendation may be quoted for 90 days.
#[utoipa::path(
    post, path = "/v1/feedback", operation_id = "give_feedback", tag = "recommendations",
    security(("key" = ["recommend:read"]), ("key" = ["member"])),
    request_body(content = FeedbackBody, description = "The verdict; a key that it does not have is refused"),
    responses(
        (status = 200, description = "It is durable and visible", body = Report, example = json!({
            "accepted": 1, "duplicate": 0, "rejected": [], "generation": 1205
        })),
        super::document::FeedbackProblems,
    )
)]
pub(super) async fn give_feedback(
    caller: Caller<RecommendOrMember>,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let door = Arc::clone(&api);
    // Held until the verdict is acknowledged: what is on its way to the writer is bounded.
    let _turn = door.gate().turn_to_write()?;
    let fate = api.run(move |service| {
        let feedback = read(&body)?;
        Ok::<_, ApiError>(service.give_feedback(&feedback, &caller.identity)?)
    });
    let report = fate.await??.await?;
    Ok(Json(Report::from(report)).into_response())
}

fn read(body: &[u8]) -> Result<Feedback, ApiError> {
    let mut fields = Fields::read(body)?;
    let needs = "quote the `recommendation` of an answer";
    let recommendation = fields.required("recommendation", limits::MAX_ID, needs);
    let subject = fields.id("subject");
    let subject = fields.need("subject", subject);
    let verdict = fields.one_of("verdict", &VERDICTS);
    let verdict = fields.need("verdict", verdict);
    let by = fields.id("by");
    fields.close("feedback has recommendation, subject, verdict, by")?;
    // Whatever was missing or wrong was refused by `close`.
    let (Some(subject), Some(verdict)) = (subject, verdict) else {
        return Err(ApiError::of_body(vec![]));
    };
    Ok(Feedback {
        recommendation,
        subject,
        verdict,
        by,
    })
}

impl From<FeedbackError> for ApiError {
    fn from(error: FeedbackError) -> Self {
        use super::error::ProblemCode;
        let detail = error.to_string();
        match error {
            FeedbackError::Unknown => Self::new(ProblemCode::NotFound, detail),
            FeedbackError::Expired => Self::new(ProblemCode::Expired, detail),
            FeedbackError::NotNamed => Self::of_body(vec![problem("subject", "not_named", detail)]),
            FeedbackError::NotYou => Self::of_body(vec![problem("by", "speaks_for_somebody", detail)]),
            FeedbackError::Ingest(error) => error.into(),
            FeedbackError::Bad(line) => {
                let field = line.field.trim_start_matches("data.").to_owned();
                Self::of_body(vec![problem(field, line.code, line.detail)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named() {
        let error = read(b"{\"verdict\":\"great\",\"stars\":5}").unwrap_err();
        let found: Vec<_> = error
            .fields()
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect();
        let expected = [
            "recommendation missing",
            "subject missing",
            "verdict bad_value",
            "stars unknown_key",
        ];
        assert_eq!(found, expected);
    }
}
