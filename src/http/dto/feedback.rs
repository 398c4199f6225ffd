//! Feedback on the wire.

use utoipa::ToSchema;

/// What became of a pick.
#[derive(Debug, ToSchema)]
#[schema(as = Feedback, example = json!({
    "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "subject": "p-17", "verdict": "accepted", "by": "p-4"
}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct FeedbackBody {
    /// `recommendation` of the answer, which may be quoted for 90 days.
    #[schema(min_length = 1, max_length = 200)]
    recommendation: String,
    /// `subject` of the pick.
    #[schema(min_length = 1, max_length = 200)]
    subject: String,
    /// `accepted`, `declined` or `not_relevant`.
    #[schema(pattern = "^(accepted|declined|not_relevant)$")]
    verdict: String,
    /// Who says so; a key that speaks for a person says so for that person.
    #[schema(min_length = 1, max_length = 200)]
    by: Option<String>,
}
