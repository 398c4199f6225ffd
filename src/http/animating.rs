//! What animators read of their own communities: newcomers who wait, answers worth thanking, and texts to edit and send.

use super::api::Api;
use super::auth::{Animator, Caller, Member, StewardOrAnimator};
use super::cursor;
use super::dto::{Digest, Load, Newcomers, Thanks};
use super::error::ApiError;
use super::fresh::Asked;
use super::params::{Id, Language, Params, bad};
use crate::app::{CardRequest, Identity, Scope};
use crate::domain::{QuestionId, Timestamp};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Questions of newcomers in an answer unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 20;

/// Newcomers who wait for an answer
///
/// The open questions of people who joined the community, or asked there for the first time, in the last 90 days; those
/// that wait longest first. Only for those who animate it.
#[utoipa::path(
    get, path = "/v1/communities/{id}/newcomers", operation_id = "waiting_newcomers", tag = "communities",
    security(("key" = ["animator"])),
    params(
        ("id" = String, Path, description = "The community, percent-encoded", min_length = 1, max_length = 200, example = "security"),
        ("limit" = Option<u8>, Query, description = "How many at most; 20 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
    ),
    responses(
        (status = 200, description = "The questions", body = Newcomers, example = json!({
            "items": [{
                "question": "forum/42", "title": "Where do I find the signing certificate?", "asker": "p-4", "community": "security",
                "tags": ["certificates"], "language": "en", "at": "2026-02-20T14:12:00Z", "answers": 0, "closed": false
            }],
            "next_cursor": null, "more": false, "people": 6, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::NamedProblems,
    )
)]
pub(super) async fn waiting_newcomers(
    caller: Caller<Animator>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["limit", "cursor"])?;
    let limit = params.limit(DEFAULT_LIMIT)?;
    let unreadable = || bad("cursor", "is not one that this list gave");
    let after = params
        .text("cursor")
        .map(|text| asked_last(text).ok_or_else(unreadable));
    let after = after.transpose()?;
    let wanted = wanted(&caller.identity, &language);
    api.read(asked, &caller.identity, language.0, move |service| {
        Ok(Newcomers::from(service.newcomers(
            &id,
            limit,
            after.as_ref(),
            &wanted,
        )?))
    })
    .await
}

/// Where the list of newcomers' questions goes on: behind the one that was asked at this instant and bears this identifier.
pub(super) fn behind((at, id): &(Timestamp, QuestionId)) -> String {
    cursor::write(&[&at.micros().to_be_bytes()[..], id.as_str().as_bytes()].concat())
}

/// The instant and the identifier in the cursor `text`.
fn asked_last(text: &str) -> Option<(Timestamp, QuestionId)> {
    let bytes = cursor::read(text)?;
    let mut rest = &bytes[..];
    let at = cursor::number(&mut rest).map(Timestamp::from_micros)?;
    Some((at, QuestionId::new(cursor::text(rest)?)))
}

/// Answers worth thanking
///
/// Answers of the last 30 days that were accepted, were the first that a newcomer got, or ended a long wait: one a person, in
/// no order of worth, without totals, and only of people who agree to be thanked. Only for those who animate the community.
#[utoipa::path(
    get, path = "/v1/communities/{id}/thanks", operation_id = "worth_thanking", tag = "communities",
    security(("key" = ["animator"])),
    params(("id" = String, Path, description = "The community, percent-encoded", min_length = 1, max_length = 200, example = "security")),
    responses(
        (status = 200, description = "The answers", body = Thanks, example = json!({
            "items": [{
                "answer": "a-901", "question": "forum/42", "title": "How do I rotate the signing certificate?",
                "author": {"person": "p-17", "name": "Léa Fontaine"}, "for": "accepted"
            }],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn worth_thanking(
    caller: Caller<Animator>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let wanted = wanted(&caller.identity, &language);
    let read = move |service: &crate::app::Service| Ok(Thanks::from(service.thanks(&id, &wanted)?));
    api.read(asked, &caller.identity, language.0, read).await
}

/// A text to edit and send
///
/// Open questions, ideas for the weeks to come, and thanks: nothing of anybody's absence or load, and no names beside
/// those of the people who are thanked and agreed to it. With `hand_over`, the sheet for whoever takes over from that person.
/// Only for those who animate the community; while nobody does, for stewards who may see it.
#[utoipa::path(
    get, path = "/v1/communities/{id}/digest", operation_id = "digest", tag = "communities",
    security(("key" = ["animator"]), ("key" = ["steward"])),
    params(
        ("id" = String, Path, description = "The community, percent-encoded", min_length = 1, max_length = 200, example = "security"),
        ("hand_over" = Option<String>, Query, description = "Who hands the community over: somebody who animates or animated it", min_length = 1, max_length = 200, nullable = false, example = "p-17"),
        ("Accept-Language" = Option<String>, Header, description = "`fr` or `en`: the language of the text", nullable = false, example = "fr"),
    ),
    responses(
        (status = 200, description = "The text", body = Digest, example = json!({
            "community": "security", "name": "Security", "language": "en",
            "text": "Hello everyone,\n\nA word from “Security”.\n\nNo question waits at the moment. Thank you all.\n\nSee you soon!\n",
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn digest(
    caller: Caller<StewardOrAnimator>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["hand_over"])?;
    let (from, wanted) = (params.id("hand_over"), wanted(&caller.identity, &language));
    let steward = caller.identity.has(Scope::Steward);
    api.read(asked, &caller.identity, language.0, move |service| {
        Ok(Digest::from(service.digest(&id, from.as_deref(), steward, &wanted)?))
    })
    .await
}

/// My hours of animating
///
/// Hours a week that animating takes from the key's person, against what they can give; and of those who animate with them
/// how full their hours are, as a band.
#[utoipa::path(
    get, path = "/v1/me/load", operation_id = "own_load", tag = "people", security(("key" = ["member"])),
    responses(
        (status = 200, description = "The hours", body = Load, example = json!({
            "person": "p-17", "name": "Léa Fontaine", "hours": 1.5, "capacity": 3.0, "stated": true, "free": 1.5, "band": "usual",
            "communities": [{
                "community": "security", "name": "Security", "hours": 1.5, "declared": true,
                "companions": [{"person": "p-4", "name": "Ana Ruiz", "band": "light"}]
            }],
            "weeks": [{"week": "2026-02-23", "hours": 2.0}, {"week": "2026-03-02", "hours": 1.0}],
            "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ReadProblems,
    )
)]
pub(super) async fn own_load(
    caller: Caller<Member>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let reader = caller.identity.reader();
    let read = move |service: &crate::app::Service| Ok(Load::from(service.own_load(reader.as_ref())?));
    api.read(asked, &caller.identity, language.0, read).await
}

fn wanted(who: &Identity, language: &Language) -> CardRequest {
    CardRequest {
        tongue: language.0,
        viewer: who.reader(),
    }
}
