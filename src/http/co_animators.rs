//! People who could co-animate a community.

use super::api::Api;
use super::auth::{Caller, RecommendRead};
use super::dto::CoAnimators;
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Id, Language, Params};
use crate::app::CoAnimatorsRequest;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// People in a set unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 3;

/// People who could co-animate a community
///
/// A set that complements those who animate it: volunteers first, members before people of the same field, and each with
/// why they fit, what they add to those before them, and a few words to send. It is a proposal: nothing is sent to
/// anybody. A first-time animator comes only beside somebody who has animated before. Who is away, has no hours left, does
/// not want to be named, was asked within 30 days or declined within 180 is passed over; the reason is told to that person
/// alone. Dates, hours, the load of each animator, and on which of these each person would help are told to those who animate
/// the community. What somebody's own activity, days and hours add to their fit decides where they stand, and is told as a
/// figure to nobody but them.
#[utoipa::path(
    get, path = "/v1/communities/{id}/co-animators", operation_id = "community_co_animators", tag = "recommendations",
    security(("key" = ["recommend:read"])),
    params(
        ("id" = String, Path, description = "The community, percent-encoded", min_length = 1, max_length = 200, example = "security"),
        ("limit" = Option<u8>, Query, description = "How many people at most; 3 unless given", minimum = 1, maximum = 100, nullable = false),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the texts", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "A set; nobody is an answer too, and says why", body = CoAnimators, example = json!({
            "community": "security", "kind": "practice",
            "rule": "A community of practice is animated by people who know or teach the subject.",
            "needs": {"days": 90, "days_without_animator": 15, "animators_missing": 0, "hours_short": false,
                "text": "No animator is available for 15 of the next 90 days."},
            "load": {"before": "usual", "after": "light", "spread_before": "one", "spread_after": "shared"},
            "items": [{
                "subject": "p-17", "name": "Léa Fontaine", "rank": 1, "base_rank": 2, "score": 2.25,
                "volunteer": true, "to_be_asked": false, "to_be_introduced": false, "first_time": true,
                "beside": {"person": "p-4", "name": "Ali Ben"},
                "reasons": [
                    {"code": "expertise", "params": {"count": 4}, "text": "gave 4 answers on its subjects", "contribution": 2.25,
                     "facts": [{"kind": "answer", "id": "a-901", "at": "2026-02-11T10:04:00Z"}]},
                    {"code": "circle", "params": {}, "text": "takes part in the life of the community", "contribution": 0.0, "facts": []}
                ],
                "gain": [
                    {"code": "unit", "share": "all", "text": "brings another unit to those who animate (Group/Legal)"},
                    {"code": "time", "text": "would share the days and hours that animating takes"}
                ],
                "moved_by": "offered",
                "invitation": "Hello Léa, Ali Ben would like to share the animation of “Security”. You offered to animate: thank you."
            }],
            "excluded": {"unavailable": 6, "animates_already": "some"},
            "recommendation": "rec_5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "model": "shipped", "generation": 1204,
            "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn community_co_animators(
    caller: Caller<RecommendRead>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["limit"])?;
    let request = CoAnimatorsRequest {
        limit: params.limit(DEFAULT_LIMIT)?,
        tongue: language.0,
        viewer: caller.identity.reader(),
        anywhere: false,
    };
    api.read(asked, &caller.identity, language.0, move |service| {
        let reply = service.co_animators(&id, &request)?;
        Ok(CoAnimators::of(&id, reply))
    })
    .await
}
