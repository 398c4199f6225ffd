//! What the writer's thread changes beside the log: keys, the cabinet, the audit log; and what of it waits for room.

use super::{Desk, stop_at_once};
use crate::app::access::{KeyError, Keyring};
use crate::app::audit::AuditError;
use crate::app::erasure::Erasable;
use crate::app::ingest::IngestError;
use crate::app::writer::group::Row;
use crate::store::{KeyRow, Store, StoreError};
use std::sync::Arc;

impl Desk {
    /// Carries out a change beside the log, unless what is left of the disk is kept for what cannot wait.
    pub(super) fn can_wait<T>(
        &mut self,
        change: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.room.hold(&mut *self.store)?;
        change(&mut *self.store)
    }

    /// Carries out a change beside the log that protects people; on a full disk, in the space that is held back.
    pub(in crate::app::writer) fn cannot_wait<T>(
        &mut self,
        change: impl Fn(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match change(&mut *self.store) {
            Err(error @ StoreError::DiskFull { .. }) if !self.room.is_given_up() => {
                let full = IngestError::DiskFull(error.to_string());
                if self.room.give_up(&mut *self.store, &full) {
                    change(&mut *self.store)
                } else {
                    Err(error)
                }
            }
            other => other,
        }
    }

    /// Appends rows to the audit log, all with one flush, and tells whoever waits for them.
    pub(super) fn tell_of(&mut self, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        let contents: Vec<&[u8]> = rows.iter().map(|(row, _)| row.as_slice()).collect();
        let told = self.tell(&contents);
        for (_, reply) in rows {
            // Each asked for the same and has the same answer; an error of the store is no value to be copied.
            let _ = reply.send(told.as_ref().copied().map_err(AuditError::of));
        }
    }

    pub(in crate::app::writer) fn tell(&mut self, rows: &[&[u8]]) -> Result<(), StoreError> {
        match self.cannot_wait(|store| store.append_audit(rows)) {
            Err(error) if error.is_fatal() => stop_at_once(&error.to_string()),
            told => told.map(|_| ()),
        }
    }

    /// Keeps a key, and tells of it; none that would name somebody who was erased.
    ///
    /// # Errors
    /// When the store refuses, or the key's person was erased.
    pub(super) fn put_key(&mut self, row: &KeyRow, told: &[u8]) -> Result<(), KeyError> {
        let erased = |person: &str| self.marks.hold(Erasable::Person(person));
        if row.person.as_deref().is_some_and(erased) {
            let why = "the person for whom it would speak was erased: a key would name them again";
            return Err(KeyError::Bad(why.to_owned()));
        }
        self.can_wait(|store| store.put_key(row))?;
        self.tell(&[told])?;
        Ok(self.refresh_keys()?)
    }

    pub(in crate::app::writer) fn refresh_keys(&self) -> Result<(), StoreError> {
        let keyring = Keyring::of(&self.store.keys()?);
        self.published.keyring.store(Arc::new(keyring));
        Ok(())
    }
}
