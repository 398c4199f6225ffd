//! The audit log, for administrators: what was done with power over people's data.
//!
//! Rows never change, so a cursor is the number of the last row of a part: the list stays whole whatever is added.

use super::api::Api;
use super::auth::{Admin, Caller};
use super::cursor;
use super::dto::AuditRows;
use super::error::{ApiError, ProblemCode};
use super::fresh::{Asked, by_bytes, json};
use super::params::{Params, bad};
use crate::app::{AuditAction, AuditError, AuditQuery, Tongue, limits};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Rows in a part unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 50;

/// What was done with power over people's data
///
/// Newest first; a part may have few rows, or none, while `next_cursor` tells where to go on. A row names keys, and people by marks only: `person` finds the rows about somebody, or done on their
/// behalf. `antenne audit verify` follows the chain that binds the rows.
#[utoipa::path(
    get, path = "/v1/admin/audit", operation_id = "list_audit", tag = "admin", security(("key" = ["admin"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many at most; 50 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
        ("action" = Option<String>, Query, description = "Only rows of this action", min_length = 1, nullable = false, example = "person.exported"),
        ("person" = Option<String>, Query, description = "Only rows about this person, or done on their behalf", min_length = 1, max_length = 200, nullable = false),
    ),
    responses(
        (status = 200, description = "A part of the log", body = AuditRows, example = json!({
            "items": [{"number": 812, "at": "2026-03-02T08:12:44.120Z", "action": "person.exported", "via": "key", "by": "officer",
                       "about": "5be1b2a0c5d94f0e8a4c0d6f7e3a1b92", "hash": "9f2b…"}],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ListProblems,
    )
)]
pub(super) async fn list_audit(
    _: Caller<Admin>,
    asked: Asked,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    let query = query(&params)?;
    let (page, edition) = api
        .run(move |service| service.audited(&query).map(|page| (page, service.edition())))
        .await??;
    Ok(by_bytes(
        &asked,
        Tongue::default(),
        json(&AuditRows::of(page, edition))?,
    ))
}

fn query(params: &Params) -> Result<AuditQuery, ApiError> {
    params.only(&["limit", "cursor", "action", "person"])?;
    let unreadable = || bad("cursor", "is not one that this list gave");
    let before = params.text("cursor").map(|text| read(text).ok_or_else(unreadable));
    let unknown = || {
        let names: Vec<_> = AuditAction::ALL.iter().map(|action| action.name()).collect();
        bad("action", &format!("is one of {}", names.join(", ")))
    };
    let action = params
        .text("action")
        .map(|name| AuditAction::from_name(name).ok_or_else(unknown));
    let person = params.id("person");
    let is_identifier = |id: &String| (1..=limits::MAX_ID).contains(&id.chars().count());
    if !person.iter().all(is_identifier) {
        return Err(bad("person", "has 1 to 200 characters"));
    }
    Ok(AuditQuery {
        before: before.transpose()?,
        person,
        action: action.transpose()?,
        limit: params.limit(DEFAULT_LIMIT)?,
    })
}

/// The number of the last row of a part, as a cursor.
pub(super) fn write(number: u64) -> String {
    cursor::write(&number.to_be_bytes())
}

fn read(text: &str) -> Option<u64> {
    let bytes: [u8; 8] = cursor::read(text)?.try_into().ok()?;
    Some(u64::from_be_bytes(bytes)).filter(|&number| number > 0)
}

impl From<AuditError> for ApiError {
    fn from(error: AuditError) -> Self {
        match &error {
            AuditError::NotWritten { disk_full: true, .. } => {
                let detail = "there is no room on the disk to record this; it was not done";
                Self::new(ProblemCode::DiskFull, detail).because_of(&error)
            }
            AuditError::Store(_) | AuditError::NotWritten { .. } => Self::internal(&error),
            AuditError::Stopping => Self::new(ProblemCode::Stopping, error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_the_number_of_a_row() {
        assert_eq!(read(&write(812)), Some(812));
        for text in ["", "0", "zz", "00", &write(0), &format!("{}00", write(7))] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
