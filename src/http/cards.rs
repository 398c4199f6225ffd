//! What everybody may read of a person, and of a community.

use super::api::Api;
use super::auth::{Caller, RecommendRead, SearchRead};
use super::dto::{CommunityCard, PersonCard};
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Id, Language, Params};
use crate::app::{CardRequest, Identity, QueryError, Service};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

/// A person's public card
///
/// Who they are, what they are said to know, and where they belong, as far as the reader may see it: no activity, no
/// load, no absence. Any account of somebody who has several names them.
#[utoipa::path(
    get, path = "/v1/people/{id}", operation_id = "person_card", tag = "people", security(("key" = ["search:read"])),
    params(
        ("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of labels", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The card", body = PersonCard, example = json!({
            "person": "p-17", "name": "Léa Fontaine", "unit": "Group/IT/Network", "site": "Lyon", "title": "Network engineer",
            "languages": ["fr", "en"], "url": "https://intranet.example/people/17",
            "skills": [{"skill": "tls", "label": "TLS", "origins": ["declared", "endorsed"], "confirmed": true, "offers": ["can_help"]}],
            "communities": [{"community": "security", "name": "Security", "role": "animator"}],
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn person_card(
    caller: Caller<SearchRead>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let read = move |service: &Service, wanted: &CardRequest| service.person_card(&id, wanted).map(PersonCard::from);
    card(&caller.identity, asked, language, params, api, read).await
}

/// A community's card
///
/// What it is for, who animates it, and how its questions fare. Counts below five read `some`; a rate or a time is told
/// only when it gives nobody away. A private or sensitive community shows to those who belong to it alone.
#[utoipa::path(
    get, path = "/v1/communities/{id}", operation_id = "community_card", tag = "communities",
    security(("key" = ["recommend:read"])),
    params(("id" = String, Path, description = "The community, percent-encoded", min_length = 1, max_length = 200, example = "security")),
    responses(
        (status = 200, description = "The card", body = CommunityCard, example = json!({
            "community": "security", "name": "Security", "description": "Certificates, keys and what goes wrong with them.",
            "kind": "practice", "access": "open", "topics": ["certificates"], "language": "en",
            "url": "https://forum.example/c/security", "archived": false,
            "animators": [{"person": "p-17", "name": "Léa Fontaine"}], "members": 41,
            "questions": {"asked": 18, "unanswered_rate": 0.22, "first_answer_hours": 5.5, "over_days": 90},
            "objective": {"problem": "One question in four waits for a week.", "measure": "unanswered_rate", "target": 0.1, "review": "2026-06-30", "now": 0.22, "ways": []},
            "health": {
                "circles": {"core": 6, "active": 9, "occasional": 17, "silent": 9},
                "months": [{"month": "2026-02-01", "circles": {"core": 6, "active": 8, "occasional": 17, "silent": 10}, "asked": 7, "unanswered_rate": 0.14, "first_answer_hours": 4.5}],
                "newcomers": 6, "newcomers_waiting": "some",
                "succession": {"given": 84, "people": 19, "half_from": "some", "bridges": "some", "subjects": ["smart cards"]},
                "findings": [{
                    "code": "subjects_on_few", "params": {"names": ["smart cards"]},
                    "text": "So that rare knowledge is passed on in time, consider “The hand-over walk”. “smart cards” hangs on one person or two.",
                    "ways": [{"way": "hand-over-walk", "title": "The hand-over walk", "reason": "it is for commitment and thinking together; it suits communities of practice"}]
                }]
            },
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn community_card(
    caller: Caller<RecommendRead>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let read =
        move |service: &Service, wanted: &CardRequest| service.community_card(&id, wanted).map(CommunityCard::from);
    card(&caller.identity, asked, language, params, api, read).await
}

/// Any card: what `read` reads of it, as far as `who` may see it.
async fn card<T: Serialize>(
    who: &Identity,
    asked: Asked,
    language: Language,
    params: Params,
    api: Arc<Api>,
    read: impl FnOnce(&Service, &CardRequest) -> Result<T, QueryError> + Send + 'static,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let wanted = CardRequest {
        tongue: language.0,
        viewer: who.reader(),
    };
    let work = move |service: &Service| Ok(read(service, &wanted)?);
    api.read_often(asked, who, language.0, work).await
}
