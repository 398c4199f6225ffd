//! Whether the process lives, and whether it can answer. Open to everybody: they tell nothing else.

use super::api::Api;
use super::dto::Health;
use super::error::{ApiError, ProblemCode};
use super::params::Params;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Whether the process lives
///
/// Answers as long as the process serves connections.
#[utoipa::path(
    get, path = "/livez", operation_id = "livez", tag = "service", security(()),
    responses((status = 200, description = "It lives", body = Health, example = json!({"status": "ok"})), super::document::OpenProblems)
)]
pub(super) async fn livez(params: Params) -> Result<Json<Health>, ApiError> {
    params.only(&[])?;
    Ok(Json(Health { status: "ok" }))
}

/// Whether the service can answer
///
/// Connections are taken only once the whole log is folded; from then on it is ready, until it is asked to stop.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "service", security(()),
    responses((status = 200, description = "It is ready", body = Health, example = json!({"status": "ok"})), super::document::ReadyProblems)
)]
pub(super) async fn readyz(params: Params, State(api): State<Arc<Api>>) -> Result<Json<Health>, ApiError> {
    params.only(&[])?;
    if api.gate().is_stopping() {
        return Err(ApiError::new(ProblemCode::Stopping, "the service is stopping"));
    }
    Ok(Json(Health { status: "ok" }))
}
