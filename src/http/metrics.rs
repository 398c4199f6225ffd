//! What the service counted and measured, for a scraper.

use super::api::Api;
use super::auth::{Admin, Caller};
use super::error::ApiError;
use super::params::Params;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::sync::Arc;

/// What the service counted and measured
///
/// In the text format of Prometheus. No label holds a name, a text or an identifier.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "service", security(("key" = ["admin"])),
    responses(
        (status = 200, description = "Every figure as it is now", content_type = "text/plain", body = String,
         example = "# TYPE antenne_generation gauge\nantenne_generation 1204\n"),
        super::document::OperatorProblems,
    )
)]
pub(super) async fn metrics(
    _caller: Caller<Admin>,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<impl IntoResponse, ApiError> {
    params.only(&[])?;
    api.service().record_levels();
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], api.gate().metrics()))
}
