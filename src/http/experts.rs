//! People who could answer a question that is there.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::cursor;
use super::dto::Experts;
use super::error::{ApiError, ProblemCode};
use super::fresh::Asked;
use super::params::{Id, Language, Params, bad};
use crate::app::{AuditAction, AuditEntry, ExpertsRequest, Identity, Mark, Order, Scope, Service};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// The orders of an answer.
pub(super) const ORDERS: [(&str, Order); 2] = [("waves", Order::Waves), ("score", Order::Score)];
/// People in an answer unless the caller says otherwise.
pub(super) const DEFAULT_LIMIT: usize = 3;

/// People who could answer a question
///
/// With the reasons, the records behind them, and a few words to send. The first wave is whom to turn to now.
#[utoipa::path(
    get, path = "/v1/questions/{id}/experts", operation_id = "question_experts", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(
        ("id" = String, Path, description = "The question, percent-encoded", min_length = 1, max_length = 200, example = "forum/42"),
        ("limit" = Option<u8>, Query, description = "How many people at most; 3 unless given", minimum = 1, maximum = 100, nullable = false),
        ("order" = Option<String>, Query, description = "`waves` (unless given), or `score`: by relevance alone, which leaves out how load is spread and needs the scope `admin`", pattern = "^(waves|score)$", nullable = false),
        ("as" = Option<String>, Query, description = "`group`: up to three people who together cover the question, in an order of their own", pattern = "^group$", nullable = false),
        ("outside" = Option<String>, Query, description = "`unit`: nobody of the asker's unit", pattern = "^unit$", nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "People who could answer; nobody is an answer too", body = Experts, example = json!({
            "items": [{
                "subject": "p-17", "name": "Léa Fontaine", "rank": 1, "base_rank": 1, "wave": 1, "score": 2.25,
                "confidence": "medium",
                "reasons": [
                    {"code": "topic", "params": {"count": 4, "names": ["certificates"]}, "text": "gave 4 answers about certificates", "contribution": 2.0,
                     "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-11T10:04:00Z", "url": "https://forum.example/a/901"}]},
                    {"code": "availability", "params": {}, "text": "seems available these days", "contribution": 0.25, "facts": []}
                ],
                "invitation": "Hello Léa, could you help with “How do I rotate the signing certificate?”"
            }],
            "next_cursor": null, "excluded": {"unavailable": "some", "answered_already": 6},
            "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "model": "shipped", "generation": 1204,
            "as_of": "2026-03-02T09:00:00Z", "next_wave_at": "2026-03-03T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn question_experts(
    caller: Caller<RecommendRead>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let request = request(&params, &language, &caller)?;
    let by = Arc::clone(&caller.identity);
    api.read(asked, &caller.identity, language.0, move |service| {
        record_order(service, request.order, &by)?;
        Ok(Experts::from(service.experts(&id, &request)?))
    })
    .await
}

/// How the caller wants an answer about people.
pub(super) fn request(
    params: &Params,
    language: &Language,
    caller: &Caller<RecommendRead>,
) -> Result<ExpertsRequest, ApiError> {
    params.only(&["limit", "order", "as", "outside", "cursor"])?;
    let order = params.one_of("order", &ORDERS)?;
    let group = params.one_of("as", &[("group", ())])?.is_some();
    let after = after(params)?;
    if group && order.is_some() {
        return Err(bad("order", "says nothing of a group: leave it out"));
    }
    if group && !after.is_empty() {
        return Err(bad(
            "cursor",
            "says nothing of a group, which is given whole: leave it out",
        ));
    }
    let order = order.unwrap_or_default();
    may_order(order, &caller.identity)?;
    Ok(ExpertsRequest {
        limit: params.limit(DEFAULT_LIMIT)?,
        order,
        group,
        outside_unit: params.one_of("outside", &[("unit", ())])?.is_some(),
        tongue: language.0,
        viewer: caller.identity.reader(),
        after,
    })
}

/// Refuses the order of scores to whoever is no administrator, and notes it otherwise: it asks the same people again.
pub(super) fn may_order(order: Order, identity: &Identity) -> Result<(), ApiError> {
    if order == Order::Waves {
        return Ok(());
    }
    if !identity.has(Scope::Admin) {
        let detail = "`order=score` leaves out how load is spread: this key does not have the scope `admin`";
        return Err(ApiError::new(ProblemCode::ScopeMissing, detail));
    }
    tracing::warn!(key = identity.name, "an answer was given without spreading the load");
    Ok(())
}

/// Records that `identity` is about to be answered by relevance alone.
pub(super) fn record_order(service: &Service, order: Order, identity: &Identity) -> Result<(), ApiError> {
    if order == Order::Score {
        service.audit_hourly(&AuditEntry::of(AuditAction::OrderByScore, identity))?;
    }
    Ok(())
}

/// Whom the parts before named, when a list is read on.
pub(super) fn after(params: &Params) -> Result<Vec<Mark>, ApiError> {
    let unreadable = || bad("cursor", "is not one that this list gave");
    let after = params.text("cursor").map(|text| named(text).ok_or_else(unreadable));
    Ok(after.transpose()?.unwrap_or_default())
}

/// Where a list of subjects goes on: behind those whom its parts named.
pub(super) fn cursor(named: &[Mark]) -> String {
    cursor::write(named.as_flattened())
}

/// Whom the parts named that ended with the cursor `text`.
fn named(text: &str) -> Option<Vec<Mark>> {
    let bytes = cursor::read(text)?;
    let (marks, rest) = bytes.as_chunks();
    (rest.is_empty() && !marks.is_empty()).then(|| marks.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let marks: Vec<Mark> = (0..300_u32).map(u32::to_be_bytes).collect();
        assert_eq!(named(&cursor(&marks)), Some(marks));
        for text in ["", "0", "zz", "00000000ff", &"0".repeat(cursor::MAX_CURSOR + 8)] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
