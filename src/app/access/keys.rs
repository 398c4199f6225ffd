//! Keys: how they are made, and which are valid now. Only a key's hash is ever kept.

use super::{Identity, Scope};
use crate::app::audit::{AuditAction, AuditEntry};
use crate::app::service::Service;
use crate::app::writer::Job;
use crate::domain::{EventType, PersonId};
use crate::ingest::{is_source, limits::MAX_SOURCE};
use crate::store::KeyRow;
use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

/// What every key starts with.
const KEY_PREFIX: &str = "antenne_";
/// Characters of a key by which people recognise it.
const SHOWN: usize = KEY_PREFIX.len() + 6;

/// A key to be made.
#[derive(Clone, Debug, Default)]
pub struct NewKey {
    /// The operator's name for it.
    pub name: String,
    /// Names of scopes.
    pub scopes: Vec<String>,
    /// Sources it may write as.
    pub sources: Vec<String>,
    /// Event types it may write.
    pub event_types: Vec<String>,
    /// The person it speaks for.
    pub person: Option<String>,
    /// Communities it is bound to.
    pub communities: Vec<String>,
}

/// Why a key cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Something in the request is not right.
    #[error("{0}")]
    Bad(String),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
}

impl KeyError {
    /// Whether the name was given before.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Store(crate::store::StoreError::Exists { .. }))
    }

    /// Whether there is no room on the disk.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Store(crate::store::StoreError::DiskFull { .. }))
    }
}

impl NewKey {
    /// Whether such a key can be made, as far as that follows from what is asked.
    ///
    /// # Errors
    /// [`KeyError::Bad`] when the name is none to say again, when a scope or event type is unknown, or when a source can
    /// be none.
    pub fn check(&self) -> Result<(), KeyError> {
        check_name(&self.name)?;
        if let Some(source) = self.sources.iter().find(|source| !is_source(source)) {
            return Err(KeyError::Bad(format!(
                "`{source}` is no source: a source is 1 to {MAX_SOURCE} lower-case letters, digits and hyphens"
            )));
        }
        if self.scopes.is_empty() {
            return Err(KeyError::Bad(format!(
                "a key needs scopes; there are {}",
                names(Scope::ALL, Scope::name)
            )));
        }
        if let Some(scope) = self.scopes.iter().find(|name| Scope::from_name(name).is_none()) {
            let known = names(Scope::ALL, Scope::name);
            return Err(KeyError::Bad(format!("there is no scope `{scope}`; there are {known}")));
        }
        if let Some(kind) = self
            .event_types
            .iter()
            .find(|name| EventType::from_name(name).is_none())
        {
            return Err(KeyError::Bad(format!(
                "there is no event type `{kind}`: see docs/EVENTS.md"
            )));
        }
        Ok(())
    }

    /// The key in clear, shown once, and the row that is kept. `secret` is fresh entropy of the system.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn make(&self, secret: [u8; 32], created_at_micros: i64) -> Result<(String, KeyRow), KeyError> {
        self.check()?;
        let key = format!("{KEY_PREFIX}{}", encode_string(&secret));
        let row = KeyRow {
            name: self.name.clone(),
            hash: hash(&key),
            prefix: key[..SHOWN].to_owned(),
            scopes: self.scopes.clone(),
            sources: self.sources.clone(),
            event_types: self.event_types.clone(),
            person: self.person.clone(),
            communities: self.communities.clone(),
            created_at_micros,
            revoked_at_micros: None,
        };
        Ok((key, row))
    }
}

/// Refuses a name that nobody could say again: lists and logs show names as words of a line.
fn check_name(name: &str) -> Result<(), KeyError> {
    if name.is_empty() {
        return Err(KeyError::Bad("a key needs a name, by which it can be revoked".into()));
    }
    if name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let why = "a key's name is one word, without spaces, line breaks and control characters: join words by hyphens";
        return Err(KeyError::Bad(why.into()));
    }
    Ok(())
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|&item| name(item)).collect::<Vec<_>>().join(", ")
}

pub(super) fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// The keys that are valid now.
#[derive(Default)]
pub(in crate::app) struct Keyring(Vec<([u8; 32], Arc<Identity>)>);

impl Keyring {
    /// The keys of `rows` that were not revoked.
    pub(in crate::app) fn of(rows: &[KeyRow]) -> Self {
        let valid = rows.iter().filter(|row| row.revoked_at_micros.is_none());
        Self(valid.map(|row| (row.hash, Arc::new(Identity::of(row)))).collect())
    }

    /// The key called `name`, if it is valid and has `scope`.
    pub(in crate::app) fn holder(&self, name: &str, scope: Scope) -> Option<&Arc<Identity>> {
        let mut identities = self.0.iter().map(|(_, identity)| identity);
        identities.find(|identity| identity.name == name && identity.has(scope))
    }

    /// Who presents `key`. Every hash is compared, in constant time.
    pub(in crate::app) fn find(&self, key: &str) -> Option<&Arc<Identity>> {
        let presented = hash(key);
        let mut found = None;
        for (hash, identity) in &self.0 {
            if bool::from(hash.ct_eq(&presented)) {
                found = Some(identity);
            }
        }
        found
    }
}

impl Service {
    /// Makes a key from fresh entropy on behalf of `by` (the operator, when there is none) and returns it in clear, once.
    ///
    /// # Errors
    /// When the request is not in order or the name is taken.
    pub fn create_key(&self, new: &NewKey, secret: [u8; 32], by: Option<&Identity>) -> Result<String, KeyError> {
        let now = self.now();
        let (clear, row) = new.make(secret, now.micros())?;
        let told = told(AuditAction::KeyCreated, by).what(format!("{}: {}", row.name, row.scopes.join(",")));
        let told = match &new.person {
            Some(person) => told.about(&PersonId::new(&**person)),
            None => told,
        };
        let told = told.encode(self.data_id, now);
        self.ask_writer(|reply| Job::PutKey(Box::new(row), told, reply))?;
        Ok(clear)
    }

    /// Revokes a key at once on behalf of `by` (the operator, when there is none); `false` when there is none of that name.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn revoke_key(&self, name: &str, by: Option<&Identity>) -> Result<bool, KeyError> {
        let now = self.now();
        let told = told(AuditAction::KeyRevoked, by).what(name).encode(self.data_id, now);
        self.ask_writer(|reply| Job::RevokeKey(name.to_owned(), now.micros(), told, reply))
    }

    /// Every key that was ever made, without its secret.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn keys(&self) -> Result<Vec<KeyRow>, KeyError> {
        self.ask_writer(Job::Keys)
    }
}

/// A row of the audit log about what `by` does; the operator, when there is none.
fn told(action: AuditAction, by: Option<&Identity>) -> AuditEntry {
    by.map_or_else(|| AuditEntry::of_operator(action), |by| AuditEntry::of(action, by))
}
