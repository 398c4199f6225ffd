//! Whether the process lives, and whether it can answer. Open to everybody: they tell nothing else.

use super::dto::Health;
use super::error::ApiError;
use super::params::Params;
use axum::Json;

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
/// Connections are taken only once the whole log is folded; from then on it is ready.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "service", security(()),
    responses((status = 200, description = "It is ready", body = Health, example = json!({"status": "ok"})), super::document::OpenProblems)
)]
pub(super) async fn readyz(params: Params) -> Result<Json<Health>, ApiError> {
    params.only(&[])?;
    Ok(Json(Health { status: "ok" }))
}
