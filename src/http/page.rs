//! People who could answer each of the questions on a page, in one call.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::dto::{ManyExperts, QuestionIds};
use super::error::ApiError;
use super::experts::{DEFAULT_LIMIT, ORDERS, may_order, record_order};
use super::fields::Fields;
use super::params::{Body, LIMITS, Language, Params};
use crate::app::{ExpertsRequest, Reader};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Questions in one call.
const MOST: usize = 50;
/// The most bytes of a body: every character of every identifier may be written as an escape.
const MAX_BYTES: usize = 256 << 10;

/// People who could answer each question of a page
///
/// The same answers as one by one, all from one state, in the order in which they were asked for. A question that is
/// unknown, or not for this reader, is said to be so in its place and stops no other.
#[utoipa::path(
    post, path = "/v1/questions/experts", operation_id = "questions_experts", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr")),
    request_body(content = QuestionIds, description = "The questions; a key that it does not have is refused"),
    responses(
        (status = 200, description = "One answer a question", body = ManyExperts, example = json!({
            "items": [
                {"question": "forum/42", "answer": {
                    "items": [], "next_cursor": null, "excluded": {}, "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92",
                    "model": "shipped", "generation": 1204, "as_of": "2026-03-02T09:00:00Z"}},
                {"question": "forum/43", "problem": {"code": "not_found", "detail": "there is no such question, or you may not see it"}}
            ],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::BodyProblems,
    )
)]
pub(super) async fn questions_experts(
    caller: Caller<RecommendRead>,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let identity = caller.identity;
    api.answer(language.0, move |service| {
        let (questions, request) = read(&body, &language, identity.reader())?;
        may_order(request.order, &identity)?;
        record_order(service, request.order, &identity)?;
        let answers = service.experts_of_many(&questions, &request);
        Ok(ManyExperts::of(questions, answers))
    })
    .await
}

fn read(body: &[u8], language: &Language, viewer: Option<Reader>) -> Result<(Vec<String>, ExpertsRequest), ApiError> {
    let mut fields = Fields::read(body)?;
    let questions = fields.ids("questions", MOST);
    let questions = fields.need("questions", questions);
    let request = ExpertsRequest {
        limit: fields.whole("limit", &LIMITS).unwrap_or(DEFAULT_LIMIT),
        order: fields.one_of("order", &ORDERS).unwrap_or_default(),
        group: false,
        outside_unit: false,
        tongue: language.0,
        viewer,
        after: Vec::new(),
    };
    fields.close("a page has questions, limit, order")?;
    Ok((questions.unwrap_or_default(), request))
}
