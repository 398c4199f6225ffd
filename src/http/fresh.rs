//! Answers that a caller holds already: `ETag`, `If-None-Match` and 304; and cards kept ready to be sent again.
//!
//! A tag is a hash of everything that an answer depends on: the identity of the data, the place in the log, the instant,
//! the models, this program, what is asked, who reads, and the language. It is made before any work is done, so a caller
//! who holds the answer costs one hash. Tags are weak: the work begins a moment after the tag is made, and may already
//! know more than the tag says; never less.
//!
//! Invariant: nothing is served under a tag that was computed for another reader, question or state.

use super::error::ApiError;
use crate::app::{Edition, Identity, Tongue};
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Bytes of cards that are kept ready at most.
const SHELF_BYTES: usize = 8 << 20;

/// What is asked, and what the caller holds.
pub(super) struct Asked {
    target: String,
    held: Vec<HeaderValue>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let mut target = parts.uri.path().to_owned();
        if let Some(query) = parts.uri.query() {
            let mut pairs: Vec<&str> = query.split('&').collect();
            // The order of parameters says nothing.
            pairs.sort_unstable();
            for pair in pairs {
                target.push('&');
                target.push_str(pair);
            }
        }
        let held = parts.headers.get_all(IF_NONE_MATCH).into_iter().cloned().collect();
        Ok(Self { target, held })
    }
}

impl Asked {
    /// The tag of the answer to this, by `who`, in `tongue`, from `edition` and `models`.
    pub(super) fn tag(&self, edition: &Edition, models: &str, who: &Identity, tongue: Tongue) -> Tag {
        let mut hash = Sha256::new();
        hash.update(edition.data_id);
        hash.update(edition.generation.to_be_bytes());
        hash.update(edition.as_of.micros().to_be_bytes());
        let person = who.person.as_ref().map_or("", |person| person.as_str());
        let words = [env!("CARGO_PKG_VERSION"), models, tongue.tag(), &self.target, person];
        let scopes = who.scopes.iter().map(|scope| scope.name());
        for word in words
            .into_iter()
            .chain(scopes)
            .chain(who.communities.iter().map(String::as_str))
        {
            hash.update((word.len() as u64).to_be_bytes());
            hash.update(word.as_bytes());
        }
        Tag::of(&hash.finalize())
    }

    /// A request for `target` by a caller who holds `held`.
    #[cfg(test)]
    pub(super) fn of(target: &str, held: &[&str]) -> Self {
        let values = held.iter().map(|held| HeaderValue::from_str(held).expect("a header"));
        Self {
            target: target.to_owned(),
            held: values.collect(),
        }
    }

    /// Whether the caller holds the answer that `tag` stands for. Whoever holds it asked for something that is there.
    pub(super) fn holds(&self, tag: Tag) -> bool {
        if self.held.is_empty() {
            return false;
        }
        let own = tag.text();
        let own = own.trim_start_matches("W/");
        self.values().any(|held| held.trim_start_matches("W/") == own)
    }

    /// Whether any answer is as good as held (`*`): to be asked once it is known that there is one.
    pub(super) fn holds_any(&self) -> bool {
        self.values().any(|held| held == "*")
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        let lists = self.held.iter().filter_map(|value| value.to_str().ok());
        lists.flat_map(|list| list.split(',')).map(str::trim)
    }
}

/// The tag of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tag([u8; 16]);

impl Tag {
    fn of(digest: &[u8]) -> Self {
        let mut tag = [0; 16];
        tag.copy_from_slice(&digest[..16]);
        Self(tag)
    }

    /// The tag of an answer that depends on nothing but its bytes.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        Self::of(&Sha256::digest(bytes))
    }

    fn text(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(36);
        text.push_str("W/\"");
        for byte in self.0 {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from(DIGITS[usize::from(half)]));
            }
        }
        text.push('"');
        text
    }

    /// The tag as a header's value.
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::try_from(self.text()).expect("a tag is hexadecimal digits")
    }
}

/// "You hold it already."
pub(super) fn not_modified(tag: Tag) -> Response {
    (StatusCode::NOT_MODIFIED, [(ETAG, tag.header())]).into_response()
}

/// `json`, which was asked for, under `tag`, with texts in `tongue`.
pub(super) fn tagged(asked: &Asked, tag: Tag, tongue: Tongue, json: Bytes) -> Response {
    if asked.holds_any() {
        return not_modified(tag);
    }
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_LANGUAGE, HeaderValue::from_static(tongue.tag())),
        (ETAG, tag.header()),
    ];
    (headers, json).into_response()
}

/// `json` for a caller who may hold it already, where only its bytes tell: what does not move with the log.
pub(super) fn by_bytes(asked: &Asked, tongue: Tongue, json: Vec<u8>) -> Response {
    let tag = Tag::of_bytes(&json);
    if asked.holds(tag) {
        return not_modified(tag);
    }
    tagged(asked, tag, tongue, json.into())
}

/// JSON of `answer`.
pub(super) fn json(answer: &impl serde::Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(answer).map_err(|error| ApiError::internal(&error))
}

/// Answers of the present state, ready to be sent. A tag names the state, so that an old answer is never found; it only
/// takes room until the next is put here.
#[derive(Default)]
pub(super) struct Shelf(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    state: Option<Edition>,
    bytes: usize,
    answers: HashMap<Tag, Bytes>,
}

impl Shelf {
    /// The answer that `tag` stands for.
    pub(super) fn get(&self, tag: Tag) -> Option<Bytes> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(&tag).cloned()
    }

    /// Keeps the answer that `tag` stands for; what belongs to another state goes, and so does everything when there is
    /// no room.
    pub(super) fn put(&self, state: Edition, tag: Tag, answer: Bytes) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.state != Some(state) || kept.bytes + answer.len() > SHELF_BYTES {
            *kept = Kept {
                state: Some(state),
                ..Kept::default()
            };
        }
        if answer.len() <= SHELF_BYTES {
            kept.bytes += answer.len();
            kept.answers.insert(tag, answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn edition(generation: u64) -> Edition {
        Edition {
            data_id: [7; 16],
            generation,
            as_of: Timestamp::from_micros(0),
        }
    }

    fn held(values: &[&str]) -> Asked {
        Asked::of("/x", values)
    }

    #[test]
    fn a_tag_is_found_in_any_list_weak_or_strong() {
        let tag = Tag::of_bytes(b"answer");
        let own = tag.text();
        let strong = own.trim_start_matches("W/").to_owned();
        assert!(held(&[&own]).holds(tag) && held(&[&strong]).holds(tag));
        assert!(held(&["\"a\", W/\"b\"", &format!("\"c\" , {own}")]).holds(tag));
        for other in ["", "*", "\"a\"", strong.trim_matches('"')] {
            assert!(!held(&[other]).holds(tag), "{other}");
        }
        assert!(!held(&[]).holds(tag));
        assert!(held(&["*"]).holds_any() && held(&["\"a\", *"]).holds_any());
        assert!(!held(&["\"*\"", &own]).holds_any());
    }

    #[test]
    fn the_shelf_holds_one_state_and_has_an_end() {
        let shelf = Shelf::default();
        let tag = |n: usize| Tag::of_bytes(&n.to_be_bytes());
        shelf.put(edition(1), tag(1), Bytes::from_static(b"one"));
        shelf.put(edition(1), tag(2), Bytes::from_static(b"two"));
        assert_eq!(shelf.get(tag(1)).as_deref(), Some(&b"one"[..]));
        shelf.put(edition(2), tag(3), Bytes::from_static(b"three"));
        assert_eq!((shelf.get(tag(1)), shelf.get(tag(2))), (None, None));
        let large = Bytes::from(vec![0; SHELF_BYTES - 2]);
        shelf.put(edition(2), tag(4), large);
        assert_eq!(shelf.get(tag(3)), None, "no room for both");
        shelf.put(edition(2), tag(5), Bytes::from(vec![0; SHELF_BYTES + 1]));
        assert_eq!(shelf.get(tag(5)), None);
    }
}
