//! Tokens for readers on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// A token to be made.
#[derive(Debug, ToSchema)]
#[schema(as = NewToken, example = json!({"person": "p-17", "minutes": 15}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct NewTokenBody {
    /// The person for whom it speaks.
    #[schema(min_length = 1, max_length = 200)]
    person: String,
    /// How long it opens, in minutes; 15 unless given.
    #[schema(minimum = 1, maximum = 15)]
    minutes: Option<u8>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MadeToken {
    /// The token: it is not shown again.
    pub(in crate::http) token: String,
    /// What it may do.
    pub(in crate::http) scopes: Vec<&'static str>,
    /// When it ends.
    #[schema(format = DateTime)]
    pub(in crate::http) expires_at: String,
}
