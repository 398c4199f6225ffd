//! People by name on the wire.

use crate::app::{Closeness, NamedPerson};
use serde::Serialize;
use utoipa::ToSchema;

/// A part of the list of people by name.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Names {
    /// The people, closest first, then by name.
    pub(in crate::http) items: Vec<NamedPersonDto>,
    /// What to send as `cursor` for the next part; null at the end.
    pub(in crate::http) next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    pub(in crate::http) generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    pub(in crate::http) as_of: String,
}

/// Somebody whose name comes close.
#[derive(Serialize, ToSchema)]
#[schema(as = NamedPerson)]
pub(in crate::http) struct NamedPersonDto {
    /// Their identifier.
    person: String,
    /// The name that colleagues use.
    name: String,
    /// Where they work, from the top down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<String>,
    /// Town or building.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    site: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// How close the name comes: `exact` (whole parts), `prefix` or `sound`.
    #[serde(rename = "match")]
    closeness: &'static str,
}

impl From<NamedPerson> for NamedPersonDto {
    fn from(named: NamedPerson) -> Self {
        let text = |text: std::sync::Arc<str>| text.to_string();
        Self {
            person: named.person.to_string(),
            name: named.name.to_string(),
            unit: named.unit.map(text),
            site: named.site.map(text),
            title: named.title.map(text),
            closeness: match named.closeness {
                Closeness::Whole => "exact",
                Closeness::Beginning => "prefix",
                Closeness::Sound => "sound",
            },
        }
    }
}
