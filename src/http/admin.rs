//! Configuration, for operators: keys, sources and models. No content, and never a key but the one just made.
//!
//! What is shown here does not move with the log alone, so tags are made of the bytes.

use super::api::Api;
use super::auth::{Admin, Caller};
use super::cursor;
use super::dto::{KeyDto, Keys, MadeKey, Models, NewKeyBody, Sources};
use super::error::{ApiError, ProblemCode};
use super::fields::{Fields, problem};
use super::fresh::{Asked, by_bytes, json};
use super::params::{Body, Name, Params, bad};
use crate::app::{Edition, KeyError, KeyRow, NewKey, Recommender, Scope, Service, Tongue, limits};
use crate::domain::{EventType, Timestamp};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rand::TryRng as _;
use rand::rngs::SysRng;
use std::sync::Arc;

/// The most bytes of a body.
const MAX_BYTES: usize = 256 << 10;
/// Keys in a part unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 100;
/// Sources or communities of one key.
const MAX_BINDINGS: usize = 100;

/// Every key that was made
///
/// Revoked ones too, by name; never a secret: `prefix` is what people recognise a key by.
#[utoipa::path(
    get, path = "/v1/admin/keys", operation_id = "list_keys", tag = "admin", security(("key" = ["admin"])),
    params(
        ("limit" = Option<u8>, Query, description = "How many at most; 100 unless given", minimum = 1, maximum = 100, nullable = false),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the part before", min_length = 1, nullable = false),
    ),
    responses(
        (status = 200, description = "A part of the list", body = Keys, example = json!({
            "items": [{"name": "forum", "prefix": "antenne_3f9a1c", "scopes": ["events:write", "recommend:read"], "sources": ["forum"],
                       "event_types": [], "communities": [], "created_at": "2026-01-05T08:00:00Z"}],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::ListProblems,
    )
)]
pub(super) async fn list_keys(
    _: Caller<Admin>,
    asked: Asked,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["limit", "cursor"])?;
    let limit = params.limit(DEFAULT_LIMIT)?;
    let unreadable = || bad("cursor", "is not one that this list gave");
    let place = params
        .text("cursor")
        .map(|text| Place::read(text).ok_or_else(unreadable));
    let (place, began) = (place.transpose()?, api.service().now());
    let (keys, edition) = api
        .run(|service| service.keys().map(|keys| (keys, service.edition())))
        .await??;
    let keys = part(keys, place, began, limit, edition);
    Ok(by_bytes(&asked, Tongue::default(), json(&keys)?))
}

/// Where a list of keys goes on: when it began, and its last name so far. A name is given once, and orders the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    began: Timestamp,
    name: String,
}

impl Place {
    fn write(&self) -> String {
        cursor::write(&[&self.began.micros().to_be_bytes(), self.name.as_bytes()].concat())
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = cursor::read(text)?;
        let mut rest = bytes.as_slice();
        let began = Timestamp::from_micros(cursor::number(&mut rest)?);
        let name = cursor::text(rest)?.to_owned();
        Some(Self { began, name })
    }
}

/// The first `limit` of the keys, which come by name, after `place`. Those that were made since the list began, `now` if
/// there is no place, are not of it.
fn part(keys: Vec<KeyRow>, place: Option<Place>, now: Timestamp, limit: usize, edition: Edition) -> Keys {
    let began = place.as_ref().map_or(now, |place| place.began);
    let is_of_it = |key: &KeyRow| {
        let behind = place.as_ref().is_none_or(|place| key.name > place.name);
        behind && key.created_at_micros <= began.micros()
    };
    let mut rest: Vec<_> = keys.into_iter().filter(is_of_it).collect();
    let more = rest.len() > limit;
    rest.truncate(limit);
    let next = rest.last().filter(|_| more).map(|key| Place {
        began,
        name: key.name.clone(),
    });
    Keys {
        items: rest.into_iter().map(KeyDto::from).collect(),
        next_cursor: next.map(|place| place.write()),
        state: edition.into(),
    }
}

/// Make a key
///
/// It is shown this once; only its hash is kept. It opens from the next request on.
#[utoipa::path(
    post, path = "/v1/admin/keys", operation_id = "create_key", tag = "admin", security(("key" = ["admin"])),
    request_body(content = NewKeyBody, description = "The key; a key that it does not have is refused"),
    responses(
        (status = 201, description = "It is made", body = MadeKey, example = json!({
            "name": "forum", "key": "antenne_3f9a1c…"
        })),
        super::document::MakeProblems,
    )
)]
pub(super) async fn create_key(
    caller: Caller<Admin>,
    params: Params,
    State(api): State<Arc<Api>>,
    Body(body): Body<{ MAX_BYTES }>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let new = read(&body)?;
    let mut secret = [0; 32];
    SysRng
        .try_fill_bytes(&mut secret)
        .map_err(|error| ApiError::internal(&error))?;
    let name = new.name.clone();
    let made = move |service: &Service| service.create_key(&new, secret, Some(&caller.identity));
    let key = api.run(made).await??;
    Ok((StatusCode::CREATED, axum::Json(MadeKey { name, key })).into_response())
}

fn read(body: &[u8]) -> Result<NewKey, ApiError> {
    let mut fields = Fields::read(body)?;
    let needs = "a key has a name, by which it can be revoked";
    let new = NewKey {
        name: fields.required("name", limits::MAX_NAME, needs),
        scopes: words(&mut fields, "scopes", |name| Scope::from_name(name).is_some()),
        sources: fields
            .texts("sources", MAX_BINDINGS, limits::MAX_SOURCE)
            .unwrap_or_default(),
        event_types: words(&mut fields, "event_types", |name| EventType::from_name(name).is_some()),
        person: fields.id("person"),
        communities: fields.ids("communities", MAX_BINDINGS).unwrap_or_default(),
    };
    fields.close("a key has name, scopes, sources, event_types, person, communities")?;
    if new.scopes.is_empty() {
        let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.name()).collect();
        let detail = format!("a key has scopes, among {}", names.join(", "));
        return Err(ApiError::of_body(vec![problem("scopes", "missing", detail)]));
    }
    Ok(new)
}

/// The words under `key`, all of them known.
fn words(fields: &mut Fields, key: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let words = fields
        .texts(key, EventType::ALL.len(), limits::MAX_NAME)
        .unwrap_or_default();
    for (place, _) in words.iter().enumerate().filter(|(_, word)| !known(word)) {
        fields.note(format!("{key}[{place}]"), "bad_value", "there is none of that name");
    }
    words
}

/// Revoke a key
///
/// Its next request is refused. A second time changes nothing.
#[utoipa::path(
    delete, path = "/v1/admin/keys/{name}", operation_id = "revoke_key", tag = "admin", security(("key" = ["admin"])),
    params(("name" = String, Path, description = "Its name, percent-encoded", min_length = 1, max_length = 200, example = "forum")),
    responses((status = 204, description = "It opens nothing any more"), super::document::ChangeProblems)
)]
pub(super) async fn revoke_key(
    caller: Caller<Admin>,
    Name(name): Name,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<StatusCode, ApiError> {
    params.only(&[])?;
    let revoked = move |service: &Service| service.revoke_key(&name, Some(&caller.identity));
    if api.run(revoked).await?? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(ProblemCode::NotFound, "there is no key of that name"))
    }
}

/// Where events come from
///
/// What each source sent, by type, and the newest instant that it speaks of; the communities that are left out.
#[utoipa::path(
    get, path = "/v1/admin/sources", operation_id = "list_sources", tag = "admin", security(("key" = ["admin"])),
    responses(
        (status = 200, description = "All of them", body = Sources, example = json!({
            "items": [{"source": "forum", "events": {"question.created": 812, "answer.created": 2104}, "newest": "2026-03-02T08:59:12Z"}],
            "next_cursor": null, "ignored": [{"source": "*", "communities": ["everyone"]}], "generation": 1204,
            "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::AdminProblems,
    )
)]
pub(super) async fn list_sources(
    _: Caller<Admin>,
    asked: Asked,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&[])?;
    let sources = api.run(|service| {
        let sources = service.sources()?;
        Ok::<_, ApiError>(Sources::of(sources, service.ignored(), service.edition()))
    });
    Ok(by_bytes(&asked, Tongue::default(), json(&sources.await??)?))
}

/// The models that there are
///
/// The weights behind every score, by signal, and how they were learnt, recommender by recommender. The name of the one in
/// use stands in every answer of its recommender as `model`. Newest first; version 0 is what the program ships.
#[utoipa::path(
    get, path = "/v1/admin/models", operation_id = "list_models", tag = "admin", security(("key" = ["admin"])),
    params(
        ("recommender" = Option<String>, Query, description = "Of which alone: `experts`, `communities` or `co-animators`",
            min_length = 1, nullable = false),
    ),
    responses(
        (status = 200, description = "All of them", body = Models, example = json!({
            "items": [
                {"recommender": "experts", "name": "learnt-5be1b2a0c5d9-0a1b2c", "version": 1, "in_use": true, "pinned": false,
                 "made": "2026-03-02T09:00:00Z", "terms": 812, "learnt": {
                    "examples": 480, "first": "2024-01-08T07:12:00Z", "last": "2026-03-01T17:40:09Z", "pull": 0.003,
                    "check": {"questions": 288, "current": 0.412, "learnt": 0.455, "low": 0.021, "high": 0.064}},
                 "weights": {"similar_vote": 1.9, "tags_ever": 0.4}},
                {"recommender": "experts", "name": "default-df3c4bb4e94f", "version": 0, "in_use": false, "pinned": false,
                 "terms": 0, "weights": {"similar_vote": 0.94, "tags_ever": 0.51}}
            ],
            "next_cursor": null, "generation": 1204, "as_of": "2026-03-02T09:00:00Z"
        })),
        super::document::AdminProblems,
    )
)]
pub(super) async fn list_models(
    _: Caller<Admin>,
    asked: Asked,
    params: Params,
    State(api): State<Arc<Api>>,
) -> Result<Response, ApiError> {
    params.only(&["recommender"])?;
    let only = params.one_of("recommender", &Recommender::ALL.map(|which| (which.name(), which)))?;
    let models = Models::of(&api.service().models(), only, api.service().edition());
    Ok(by_bytes(&asked, Tongue::default(), json(&models)?))
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match &error {
            KeyError::Bad(detail) => Self::new(ProblemCode::BadBody, detail.clone()),
            KeyError::Stopping => Self::new(ProblemCode::Stopping, error.to_string()),
            KeyError::Store(_) if error.is_taken() => {
                let detail = "a key of that name was made before, and names are never given twice: choose another";
                Self::new(ProblemCode::NameTaken, detail)
            }
            KeyError::Store(_) if error.is_disk_full() => {
                let detail = "there is no room on the disk; nothing was changed";
                Self::new(ProblemCode::DiskFull, detail).because_of(&error)
            }
            KeyError::Store(_) => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_keys_goes_on_where_it_was_and_holds_what_was_there_when_it_began() {
        let key = |name: &str, created_at_micros| KeyRow {
            name: name.to_owned(),
            hash: [0; 32],
            prefix: String::new(),
            scopes: vec![],
            sources: vec![],
            event_types: vec![],
            person: None,
            communities: vec![],
            created_at_micros,
            revoked_at_micros: None,
        };
        let at = Timestamp::from_micros;
        let edition = Edition {
            data_id: [0; 16],
            generation: 0,
            as_of: at(0),
        };
        let names = |keys: &Keys| {
            serde_json::json!(keys)["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|k| k["name"].clone())
                .collect::<Vec<_>>()
        };
        let first = part(vec![key("a", 1), key("b", 2), key("d", 9)], None, at(9), 1, edition);
        let place = Place::read(first.next_cursor.as_deref().unwrap()).unwrap();
        assert_eq!((place.began, &*place.name), (at(9), "a"));
        let later = vec![key("a", 1), key("b", 2), key("c", 10), key("d", 9)];
        let rest = part(later, Some(place), at(11), 5, edition);
        assert_eq!((names(&rest), rest.next_cursor), (vec!["b".into(), "d".into()], None));
        for text in ["", "00", "zz", &cursor::write(&[0; 8])] {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_is_checked_field_by_field() {
        let error = read(br#"{"scopes":["admin","root"],"event_types":["page.viewed"],"secret":"x"}"#).unwrap_err();
        let mut found: Vec<_> = error
            .fields()
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect();
        found.sort_unstable();
        let expected = [
            "event_types[0] bad_value",
            "name missing",
            "scopes[1] bad_value",
            "secret unknown_key",
        ];
        assert_eq!(found, expected);
        let none = read(br#"{"name":"x","scopes":[]}"#).unwrap_err();
        assert_eq!(none.fields()[0].field, "scopes");
    }
}
