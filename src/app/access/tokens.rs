//! Member tokens: for a short while, for one reader, made by a platform's key.
//!
//! Invariants: only hashes are kept, in memory alone: a restart ends every token, and no file or backup holds one. A token
//! opens nothing once its time is over, its key is revoked, or its person is gone, from the next request on. It never opens
//! more than its key: it may speak for its person, and read what its key may read. Their number is bounded.

use super::keys::hash;
use super::{Identity, Scope, Via};
use crate::app::answers::QueryError;
use crate::app::audit::{AuditAction, AuditEntry, AuditError};
use crate::app::service::Service;
use crate::domain::{PersonId, Timestamp};
use base16ct::lower::encode_string;
use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::{Arc, PoisonError, RwLock};
use subtle::ConstantTimeEq as _;

/// What every token starts with; no key does.
pub(super) const TOKEN_PREFIX: &str = "antenne_member_";
/// How long a token may open, in minutes.
pub const TOKEN_MINUTES: RangeInclusive<u8> = 1..=15;
/// Tokens that open at once, at most: some 30 MB.
const MAX_TOKENS: usize = 100_000;
/// What a token may read of what its key may read. Whatever else the key may do, no reader's browser needs.
const READS: [Scope; 2] = [Scope::RecommendRead, Scope::SearchRead];
const MINUTE_MICROS: i64 = 60_000_000;

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token in clear: it is not shown again.
    pub token: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// When it ends.
    pub expires: Timestamp,
}

/// Why a token is not made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is no such person, or they are gone.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// As many open as may.
    #[error("too many tokens open at once: try again when some have ended")]
    Full,
    /// It could not be recorded.
    #[error(transparent)]
    Audit(#[from] AuditError),
}

/// A token as it is kept.
struct Token {
    hash: [u8; 32],
    expires: Timestamp,
    identity: Arc<Identity>,
}

/// The tokens that were made and have not ended, by the first half of their hashes.
#[derive(Default)]
pub(in crate::app) struct Tokens(RwLock<HashMap<[u8; 16], Token>>);

impl Tokens {
    /// Who presents `token` at `now`.
    pub(in crate::app) fn find(&self, token: &str, now: Timestamp) -> Option<Arc<Identity>> {
        let presented = hash(token);
        let tokens = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = tokens.get(place(&presented))?;
        let same = bool::from(found.hash.ct_eq(&presented));
        (same && now < found.expires).then(|| Arc::clone(&found.identity))
    }

    /// Keeps a token until it ends; `false` when there is no room.
    fn put(&self, token: Token, now: Timestamp) -> bool {
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MAX_TOKENS {
            tokens.retain(|_, token| now < token.expires);
        }
        let room = tokens.len() < MAX_TOKENS;
        if room {
            tokens.insert(*place(&token.hash), token);
        }
        room
    }
}

fn place(hash: &[u8; 32]) -> &[u8; 16] {
    hash.first_chunk().expect("16 of 32 bytes")
}

impl Service {
    /// Makes a token for `person` from fresh entropy on behalf of the key `by`, for so many minutes (one of
    /// [`TOKEN_MINUTES`]; more are cut). It is recorded in the audit log first.
    ///
    /// # Errors
    /// When there is no such person or they left, when too many tokens are open, or when it cannot be recorded.
    pub fn issue_token(
        &self,
        by: &Identity,
        person: &str,
        minutes: u8,
        secret: [u8; 32],
    ) -> Result<IssuedToken, TokenError> {
        let person = PersonId::new(person);
        if !self.is_present(&person) {
            return Err(QueryError::NotFound("person").into());
        }
        let minutes = minutes.clamp(*TOKEN_MINUTES.start(), *TOKEN_MINUTES.end());
        let reads = READS.into_iter().filter(|&scope| by.has(scope));
        let scopes: BTreeSet<_> = reads.chain([Scope::Member]).collect();
        let now = self.now();
        let expires = now.plus_micros(i64::from(minutes) * MINUTE_MICROS);
        let token = format!("{TOKEN_PREFIX}{}", encode_string(&secret));
        let kept = Token {
            hash: hash(&token),
            expires,
            identity: Arc::new(Identity {
                via: Via::Token,
                name: by.name.clone(),
                scopes: scopes.clone(),
                sources: Vec::new(),
                event_types: Vec::new(),
                person: Some(person.clone()),
                communities: Vec::new(),
            }),
        };
        let what = format!("{minutes} minutes");
        self.audit(&AuditEntry::of(AuditAction::TokenIssued, by).about(&person).what(what))?;
        if !self.bearers.tokens.put(kept, now) {
            return Err(TokenError::Full);
        }
        Ok(IssuedToken { token, scopes, expires })
    }

    /// Whether `person` is somebody who is described and has not left.
    pub(super) fn is_present(&self, person: &PersonId) -> bool {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let found = view.person(person.as_str());
        found.is_some_and(|person| view.profiles(person).any(|profile| profile.known) && !view.has_left(person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(n: usize, expires: i64) -> Token {
        let identity = Identity {
            via: Via::Token,
            name: "platform".to_owned(),
            scopes: [Scope::Member].into(),
            sources: vec![],
            event_types: vec![],
            person: Some(PersonId::new("ana")),
            communities: vec![],
        };
        Token {
            hash: hash(&n.to_string()),
            expires: Timestamp::from_micros(expires),
            identity: Arc::new(identity),
        }
    }

    #[test]
    fn a_token_opens_until_its_instant_and_not_at_it() {
        let (tokens, at) = (Tokens::default(), Timestamp::from_micros);
        assert!(tokens.put(token(1, 10), at(0)));
        assert!(tokens.find("1", at(9)).is_some());
        assert!(tokens.find("1", at(10)).is_none() && tokens.find("2", at(0)).is_none());
    }

    #[test]
    fn their_number_is_bounded_and_ended_ones_make_room() {
        let (tokens, at) = (Tokens::default(), Timestamp::from_micros);
        for n in 0..MAX_TOKENS {
            assert!(tokens.put(token(n, if n < 3 { 5 } else { 100 }), at(0)));
        }
        assert!(!tokens.put(token(MAX_TOKENS, 100), at(4)), "all of them still open");
        assert!(tokens.put(token(MAX_TOKENS, 100), at(5)));
        assert_eq!(tokens.0.read().unwrap().len(), MAX_TOKENS - 2);
    }
}
