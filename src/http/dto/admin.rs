//! Configuration on the wire: keys without their secrets, and sources without their content.

use crate::app::{Edition, KeyRow, SourceStats};
use crate::calendar::rfc3339;
use crate::domain::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A part of the list of keys.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Keys {
    /// The keys, by name.
    pub(in crate::http) items: Vec<KeyDto>,
    /// What to send as `cursor` for the next part; null at the end.
    pub(in crate::http) next_cursor: Option<String>,
    #[serde(flatten)]
    pub(in crate::http) state: State,
}

/// From which state something is told.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct State {
    /// The last sequence of the log.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

impl From<Edition> for State {
    fn from(edition: Edition) -> Self {
        Self {
            generation: edition.generation,
            as_of: rfc3339(edition.as_of),
        }
    }
}

/// What is known of a key: never the key.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(in crate::http) struct KeyDto {
    /// The operator's name for it.
    name: String,
    /// Its beginning, by which people recognise it.
    prefix: String,
    /// What it may do.
    scopes: Vec<String>,
    /// The sources it may write as; empty means any.
    sources: Vec<String>,
    /// The event types it may write; empty means every type that binds nobody.
    event_types: Vec<String>,
    /// The person it speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    person: Option<String>,
    /// The communities it is bound to.
    communities: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was revoked; absent while it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    revoked_at: Option<String>,
}

impl From<KeyRow> for KeyDto {
    fn from(key: KeyRow) -> Self {
        let instant = |micros| rfc3339(Timestamp::from_micros(micros));
        Self {
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            sources: key.sources,
            event_types: key.event_types,
            person: key.person,
            communities: key.communities,
            created_at: instant(key.created_at_micros),
            revoked_at: key.revoked_at_micros.map(instant),
        }
    }
}

/// A key to be made.
#[derive(Debug, ToSchema)]
#[schema(as = NewKey, example = json!({
    "name": "forum", "scopes": ["events:write", "recommend:read"], "sources": ["forum"]
}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct NewKeyBody {
    /// A name by which it can be revoked; never given twice.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it may do.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    /// The sources it may write as; any unless given.
    #[schema(max_items = 100)]
    sources: Option<Vec<String>>,
    /// The event types it may write; every type that binds nobody unless given.
    event_types: Option<Vec<String>>,
    /// The person it speaks for.
    #[schema(min_length = 1, max_length = 200)]
    person: Option<String>,
    /// The communities it is bound to.
    #[schema(max_items = 100)]
    communities: Option<Vec<String>>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MadeKey {
    /// Its name.
    pub(in crate::http) name: String,
    /// The key: it is not shown again.
    pub(in crate::http) key: String,
}

/// Where events come from.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Sources {
    /// The sources, by name.
    items: Vec<SourceDto>,
    /// Always null: the list is whole.
    next_cursor: Option<String>,
    /// Communities that are left out when events come in, by the sources for which they are.
    ignored: Vec<Ignored>,
    #[serde(flatten)]
    state: State,
}

/// What one source sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Source)]
struct SourceDto {
    /// Its name.
    source: String,
    /// Accepted events by type.
    events: BTreeMap<&'static str, u64>,
    /// The newest instant that an event of it speaks of.
    #[schema(format = DateTime)]
    newest: String,
}

/// Patterns without case and accents; `*` stands for any characters, `?` for one.
#[derive(Serialize, ToSchema)]
struct Ignored {
    /// The sources for which they hold.
    source: String,
    /// The communities that are left out.
    communities: Vec<String>,
}

impl Sources {
    /// `ignored` are patterns of sources and communities.
    pub(in crate::http) fn of(
        sources: Vec<SourceStats>,
        ignored: impl Iterator<Item = (String, String)>,
        edition: Edition,
    ) -> Self {
        let mut by_source: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (source, community) in ignored {
            by_source.entry(source).or_default().push(community);
        }
        let source = |stats: SourceStats| SourceDto {
            source: stats.source.to_string(),
            events: stats.events,
            newest: rfc3339(stats.newest),
        };
        Self {
            items: sources.into_iter().map(source).collect(),
            next_cursor: None,
            ignored: by_source
                .into_iter()
                .map(|(source, communities)| Ignored { source, communities })
                .collect(),
            state: edition.into(),
        }
    }
}
