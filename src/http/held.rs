//! What is held about somebody: handed out, and erased.
//!
//! A key of scope `member` acts for its own person alone; one of scope `dpo` for whoever asks the data protection officer to.

use super::api::Api;
use super::auth::{Caller, Member, MemberOrDpo, Need};
use super::dto::{Erasure, PersonExport};
use super::error::{ApiError, ProblemCode};
use super::fresh::Asked;
use super::own::{own_id, record};
use super::params::{Id, Language, Params};
use crate::app::{AuditAction, EraseError, ExportError, Identity, QueryError, Scope, Service, Tongue, UpkeepError};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Everything that is held about me
///
/// The events that name the key's person or say something of what they asked, answered or were invited to; what is concluded
/// from them, with the records behind it; what was proposed and what became of it; their choices, the keys that speak for
/// them, and for how long what is kept. What others did to their questions and answers under their own names is told as counts.
#[utoipa::path(
    get, path = "/v1/me/export", operation_id = "own_export", tag = "people", security(("key" = ["member"])),
    responses((status = 200, description = "Everything", body = PersonExport), super::document::ReadProblems)
)]
pub(super) async fn own_export(
    caller: Caller<Member>,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let id = own_id(&caller.identity)?;
    export(&api, &caller, asked, language.0, id).await
}

/// Everything that is held about somebody
///
/// A key of scope `member` reads it of its own person alone; anybody else is not there.
#[utoipa::path(
    get, path = "/v1/people/{id}/export", operation_id = "person_export", tag = "people",
    security(("key" = ["member"]), ("key" = ["dpo"])),
    params(("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17")),
    responses((status = 200, description = "Everything", body = PersonExport), super::document::ReadProblems)
)]
pub(super) async fn person_export(
    caller: Caller<MemberOrDpo>,
    Id(id): Id,
    asked: Asked,
    language: Language,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    may_act_for(&caller.identity, &id)?;
    export(&api, &caller, asked, language.0, id).await
}

/// Erase somebody
///
/// Every event by or about the person, under all their accounts, is gone from the data folder; their questions stay as stubs
/// without text, so that others' answers stand; keys that speak for them are gone, and later events that name them are rejected
/// as `subject_erased`. Again, it answers the same. A key of scope `member` erases its own person alone.
#[utoipa::path(
    delete, path = "/v1/people/{id}", operation_id = "erase_person", tag = "people",
    security(("key" = ["member"]), ("key" = ["dpo"])),
    params(("id" = String, Path, description = "The person, percent-encoded", min_length = 1, max_length = 200, example = "p-17")),
    responses(
        (status = 200, description = "Nothing is held about them any more", body = Erasure, example = json!({
            "person": "p-17", "erased": true, "generation": 1205
        })),
        super::document::ChangeProblems,
    )
)]
pub(super) async fn erase_person(
    caller: Caller<MemberOrDpo>,
    Id(id): Id,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    may_act_for(&caller.identity, &id)?;
    let door = Arc::clone(&api);
    let _turn = door.gate().turn_to_write()?;
    api.answer(Tongue::English, move |service| {
        let erased = service.erase_person(&id)?;
        record(service, &caller.identity, AuditAction::PersonErased, &id)?;
        Ok(Erasure::from(erased))
    })
    .await
}

/// Refuses a key without `dpo` that acts for somebody else than its own person: for it, nobody else is there.
pub(super) fn may_act_for(who: &Identity, id: &str) -> Result<(), ApiError> {
    let own = who.person.as_ref().is_some_and(|person| person.as_str() == id);
    if who.has(Scope::Dpo) || own {
        return Ok(());
    }
    Err(QueryError::NotFound("person").into())
}

async fn export<N: Need>(
    api: &Api,
    caller: &Caller<N>,
    asked: Asked,
    tongue: Tongue,
    id: String,
) -> Result<Response, ApiError> {
    let who = Arc::clone(&caller.identity);
    let read = move |service: &Service| {
        let export = service.export_person(&id, tongue)?;
        record(service, &who, AuditAction::PersonExported, &id)?;
        Ok(PersonExport::from(export))
    };
    api.read(asked, &caller.identity, tongue, read).await
}

impl From<EraseError> for ApiError {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::NotFound(error) => error.into(),
            EraseError::Ingest(error) => error.into(),
        }
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NotFound(error) => error.into(),
            ExportError::Upkeep(UpkeepError::Stopping) => {
                Self::new(ProblemCode::Stopping, "the service is stopping; ask again later")
            }
            ExportError::Upkeep(error) => Self::internal(&error),
        }
    }
}
