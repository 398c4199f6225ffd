//! The audit log on the wire.

use super::admin::State;
use crate::app::{AuditLine, AuditPage, Edition};
use crate::calendar::rfc3339;
use crate::http::audit;
use serde::Serialize;
use utoipa::ToSchema;

/// A part of the audit log.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AuditRows {
    /// The rows, newest first.
    items: Vec<AuditRow>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
    #[serde(flatten)]
    state: State,
}

/// A row of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditRow {
    /// Its place, from 1 on.
    number: u64,
    /// When it was done.
    #[schema(format = DateTime)]
    at: String,
    /// What was done.
    #[schema(example = "person.exported")]
    action: String,
    /// How whoever did it was known: `key`, `token`, `oidc`, or `command` for the command line.
    via: String,
    /// The name of the key; `operator` at the command line.
    by: String,
    /// The mark of the person for whom they spoke.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    on_behalf_of: Option<String>,
    /// The mark of the person whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    about: Option<String>,
    /// What it was done to, or how.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    what: Option<String>,
    /// SHA-256 over the row before and this one: it stands for every row up to this one.
    hash: String,
}

impl AuditRows {
    /// A part, told from `edition`.
    pub(in crate::http) fn of(page: AuditPage, edition: Edition) -> Self {
        Self {
            items: page.lines.into_iter().map(AuditRow::from).collect(),
            next_cursor: page.next.map(audit::write),
            state: edition.into(),
        }
    }
}

impl From<AuditLine> for AuditRow {
    fn from(line: AuditLine) -> Self {
        Self {
            number: line.number,
            at: rfc3339(line.at),
            action: line.action,
            via: line.via,
            by: line.by,
            on_behalf_of: line.on_behalf_of,
            about: line.about,
            what: line.what,
            hash: line.hash,
        }
    }
}
