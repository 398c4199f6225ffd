//! Upkeep beside the work: a copy of the data while it is written to, the seal of a backup, and the way back.
//!
//! Invariants: one such job at a time, on the caller's thread and a connection of its own; the writer and the readers of
//! snapshots never wait for it. A backup is sealed only after its whole log was folded, so that one that exists can be
//! restored; a restored folder holds what the backup said, or there is none.

use super::audit::{AuditAction, AuditEntry};
use super::fold::{Span, fold};
use super::service::{OpenError, Service};
use crate::domain::Timestamp;
use crate::store::{Draft, EachPart, Manifest, OpenOptions, Reader, Restoring, SqliteStore, Store as _, StoreError};
use crate::world::World;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, TryLockError};

/// The version of this program.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// What the service keeps for its upkeep.
pub(super) struct Upkeep {
    pub(super) folder: PathBuf,
    turn: Mutex<()>,
}

impl Upkeep {
    pub(super) fn at(folder: PathBuf) -> Self {
        Self {
            folder,
            turn: Mutex::new(()),
        }
    }

    /// The turn of one job, until it is dropped.
    pub(super) fn turn(&self) -> Result<MutexGuard<'_, ()>, UpkeepError> {
        match self.turn.try_lock() {
            Ok(turn) => Ok(turn),
            // The guard protects no data that a panic could have left half changed.
            Err(TryLockError::Poisoned(turn)) => Ok(turn.into_inner()),
            Err(TryLockError::WouldBlock) => Err(UpkeepError::Busy),
        }
    }
}

/// Why a job of upkeep was not done.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// Another one runs.
    #[error("another backup or verification is running: try again when it is done")]
    Busy,
    /// What was read did not stand still.
    #[error("people were erased or old facts left each time while this was looked at: run the command again later")]
    Changing,
    /// The service is stopping.
    #[error("the service is stopping; run the command again later")]
    Stopping,
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Service {
    /// Hands out a consistent copy of the whole database in parts, on this thread, beside the writer. Cost: reads the
    /// database, and needs as much room again in the data folder meanwhile.
    ///
    /// # Errors
    /// When another such job runs, or the store refuses.
    pub fn copy_out(&self, each: EachPart<'_>) -> Result<(), UpkeepError> {
        let _turn = self.upkeep.turn()?;
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        Ok(reader.copy_out(each)?)
    }
}

/// The digest of everything that a log says.
fn digest(reader: &dyn Reader, path: &Path, now: Timestamp) -> Result<String, OpenError> {
    let mut world = World::default();
    fold(reader, Span::WHOLE, path, now, &mut |_, fact| {
        world.apply(fact);
    })?;
    Ok(world.digest().to_string())
}

/// Verifies what was written into `draft`, folds it, and makes it a backup. Cost: as opening the service, in time and
/// memory; the memory is free again on return.
///
/// # Errors
/// When the copy is not sound, or the disk refuses. There is no backup then.
pub fn seal(draft: Draft, path: &Path, now: Timestamp) -> Result<Manifest, OpenError> {
    let look = draft.look()?;
    let digest = digest(look.reader(), path, now)?;
    drop(look);
    Ok(draft.seal(now.micros(), PROGRAM, digest)?)
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What the backup said of itself.
    pub manifest: Manifest,
    /// The digest of what is there now, when it is not the manifest's: another version of the program made the backup,
    /// and counts otherwise.
    pub other_digest: Option<String>,
}

/// Puts the backup at `backup` into the empty data folder `folder`. Cost: as opening the service on it, twice the reads.
///
/// # Errors
/// When the backup is not sound, says something else than it holds, or the folder is not empty: nothing is put in place. When
/// it cannot be recorded, everything is.
pub fn restore(backup: &Path, folder: &Path, now: Timestamp) -> Result<Restored, OpenError> {
    let restoring = Restoring::begin(backup, folder)?;
    let look = restoring.look()?;
    let digest = digest(look.reader(), backup, now)?;
    drop(look);
    let said = restoring.manifest();
    let agrees = digest == said.digest;
    if !agrees && said.program == PROGRAM {
        return Err(OpenError::Digest {
            path: backup.to_owned(),
            said: said.digest.clone(),
            found: digest,
        });
    }
    let manifest = restoring.place()?;
    record(folder, &manifest, now)?;
    Ok(Restored {
        manifest,
        other_digest: (!agrees).then_some(digest),
    })
}

/// Records in the data folder `folder` that it came out of a backup: the rows behind it are those of another time.
fn record(folder: &Path, manifest: &Manifest, now: Timestamp) -> Result<(), StoreError> {
    let options = OpenOptions {
        create: false,
        ..OpenOptions::new(manifest.data_id)
    };
    let mut store = SqliteStore::open(folder, &options)?;
    let what = format!("generation {}", manifest.last_sequence);
    let entry = AuditEntry::of_operator(AuditAction::BackupRestored).what(what);
    store.append_audit(&[&entry.encode(store.data_id(), now)])?;
    Box::new(store).close()
}
