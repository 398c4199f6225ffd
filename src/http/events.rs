//! Events in.

use super::api::Api;
use super::dto::Report;
use super::error::ApiError;
use super::sender::Sending;
use crate::app::IngestReport;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// Send events
///
/// One event a line (NDJSON), or one JSON array: the first byte that is no white space tells. Each line is accepted, a
/// duplicate, or rejected; a rejected line stops no other. The answer comes once what was accepted is durable and
/// visible to whoever asks next. At most 16 MiB and 10,000 lines.
///
/// A platform that signs its webhooks (Standard Webhooks) needs no key: it names its source in the query, and sends the
/// headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. A delivery that comes twice is answered, and not
/// read again.
#[utoipa::path(
    post, path = "/v1/events", operation_id = "post_events", tag = "events", security(("key" = ["events:write"])),
    request_body(
        description = "Events as `docs/EVENTS.md` describes them; the content type does not matter",
        content(
            (String = "application/x-ndjson", example = json!("{\"id\":\"1\",\"source\":\"forum\",\"type\":\"question.closed\",\"at\":\"2026-03-02T09:00:00Z\",\"data\":{\"question\":\"q/1\"}}\n")),
            (Vec<Object> = "application/json", example = json!([{"id": "1", "source": "forum", "type": "question.closed", "at": "2026-03-02T09:00:00Z", "data": {"question": "q/1"}}])),
        )
    ),
    params(
        ("source" = Option<String>, Query, description = "With `webhook-signature`: the source that signs. Refused otherwise", min_length = 1, max_length = 40, nullable = false),
        ("webhook-id" = Option<String>, Header, description = "The delivery, the same when it is repeated", nullable = false),
        ("webhook-timestamp" = Option<String>, Header, description = "When it was signed, in seconds since 1970; within five minutes of the clock", nullable = false),
        ("webhook-signature" = Option<String>, Header, description = "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several between spaces while a secret is replaced", nullable = false),
    ),
    responses(
        (status = 200, description = "At least one line was accepted or came before, or there was none to reject", body = Report, example = json!({
            "accepted": 2, "duplicate": 1,
            "rejected": [{"line": 4, "field": "data.asker", "code": "missing", "detail": "this type needs `asker`"}],
            "generation": 1204
        })),
        (status = 422, description = "Every line was rejected", body = Report, example = json!({
            "accepted": 0, "duplicate": 0,
            "rejected": [{"line": 1, "field": "type", "code": "unknown_type", "detail": "there is no type `page.viewed`; docs/EVENTS.md lists the types"}],
            "generation": 1204
        })),
        super::document::WriteProblems,
    )
)]
pub(super) async fn post_events(
    State(api): State<Arc<Api>>,
    Sending { sender, body }: Sending,
) -> Result<Response, ApiError> {
    // Both are held until the batch is acknowledged: what is on its way to the writer is bounded in number and in bytes.
    let (_turn, _room) = (api.gate().turn_to_write()?, body.clone());
    let sender = Arc::new(sender);
    let (handed, door) = (Arc::clone(&sender), Arc::clone(&api));
    let fate = api.run(move |_| handed.hand_over(&door, &body)).await??;
    let report = fate.await?;
    let status = status(&report);
    if status.is_success() {
        // What was refused is read again, and refused in the same words.
        sender.delivered(api.service());
    }
    Ok((status, Json(Report::from(report))).into_response())
}

/// 422 when there were lines and every one was rejected.
fn status(report: &IngestReport) -> StatusCode {
    if report.accepted + report.duplicate == 0 && !report.rejected.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
