//! Communities where a person may belong.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::dto::Communities;
use super::error::ApiError;
use super::experts::after;
use super::fresh::Asked;
use super::params::{Id, Language, Params};
use crate::app::CommunitiesRequest;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Communities in an answer unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 5;

/// Communities where a person may belong
///
/// From their profile alone when they have just arrived, then from what they join and do. Lively ones with an animator come
/// first, of several themes and units; one in five is a side step. Each comes with reasons, one person to greet who has the
/// time, and two questions that wait for an answer. Private communities and committees are there for those who belong. A
/// key that speaks for a person reads that person's page alone; somebody else's is not there.
#[utoipa::path(
    get, path = "/v1/people/{id}/communities", operation_id = "person_communities", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(
        ("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17"),
        ("limit" = Option<u8>, Query, description = "How many communities at most; 5 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "Communities; none is an answer too, and says why", body = Communities, example = json!({
            "items": [{
                "subject": "security", "name": "Security", "kind": "practice", "url": "https://forum.example/c/security",
                "charter_url": "https://forum.example/c/security/charter",
                "rank": 1, "base_rank": 1, "score": 2.5, "ground": "close", "side_step": false,
                "reasons": [
                    {"code": "topic", "params": {"names": ["TLS"]}, "text": "is about what you know, follow or work on: TLS", "contribution": 1.5,
                     "facts": [{"kind": "skill_declared", "id": "tls"}]},
                    {"code": "vigour", "params": {"signs": ["lively", "animated"]}, "text": "lively these days, with somebody who animates it", "contribution": 1.0, "facts": []}
                ],
                "greet": {"person": "p-17", "name": "Léa Fontaine", "role": "animator",
                    "words": "Hello Léa, I would like to join “Security”. Would you have a few minutes to tell me how it works?"},
                "questions": [{"question": "forum/42", "title": "How do I rotate the signing certificate?", "at": "2026-02-27T10:04:00Z",
                    "text": "waits for an answer, and your profile speaks of tls"}]
            }],
            "next_cursor": null, "excluded": {"already_in": "some", "not_open": 6},
            "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "model": "shipped", "generation": 1204,
            "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn person_communities(
    caller: Caller<RecommendRead>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["limit", "cursor"])?;
    let request = CommunitiesRequest {
        limit: params.limit(DEFAULT_LIMIT)?,
        tongue: language.0,
        viewer: caller.identity.reader(),
        after: after(&params)?,
    };
    api.read(asked, &caller.identity, language.0, move |service| {
        Ok(Communities::from(service.communities_for(&id, &request)?))
    })
    .await
}
