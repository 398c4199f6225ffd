//! Putting a backup into an empty data folder: first all of it is verified, then it takes its place.
//!
//! Invariants: a folder that holds anything is refused and not changed; the database appears whole and durable, after
//! its caller has agreed to what it holds, or not at all. Must not know what the log says.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::archive::Manifest;
use super::error::{Result, StoreError};
use super::folder::{self, DataFolder};
use super::look::Look;

/// What an empty data folder may hold: the lock, the configuration, what ends with its maker, and the marks of what was
/// erased, which must outlive the database.
const NO_DATA: [&str; 4] = ["LOCK", "antenne.toml", "control.sock", folder::ERASED];
const REMEDY: &str = "the backup is not what it was when it was made: take another one";

/// A backup that lies beside its place, verified. Dropping it takes it away again.
pub struct Restoring {
    folder: DataFolder,
    manifest: Manifest,
    placed: bool,
}

impl Restoring {
    /// Copies the backup into `folder`, which is made when there is none, under another name, and verifies every
    /// checksum. Cost: reads the backup twice.
    ///
    /// # Errors
    /// [`StoreError::Foreign`], [`StoreError::Newer`] or [`StoreError::Damaged`] when the backup is not sound;
    /// [`StoreError::NotEmpty`] when the folder holds anything; [`StoreError::Locked`] when it is in use.
    pub fn begin(backup: &Path, folder: &Path) -> Result<Self> {
        let manifest = Manifest::read(backup)?;
        refuse_unless_empty(folder)?;
        let restoring = Self {
            folder: DataFolder::open(folder, true)?,
            manifest,
            placed: false,
        };
        // Somebody may have been quicker before the lock was ours.
        refuse_unless_empty(folder)?;
        restoring.folder.discard_draft()?;
        restoring.unpack(backup)?;
        restoring.verify(backup)?;
        Ok(restoring)
    }

    /// What the backup says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Looks at what is about to be put in place.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn look(&self) -> Result<Look> {
        Look::at_file(&self.folder.draft(), Some(self.folder.share()))
    }

    /// Puts it in place, durable on return.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn place(mut self) -> Result<Manifest> {
        self.folder.adopt_draft()?;
        self.placed = true;
        Ok(self.manifest.clone())
    }

    fn unpack(&self, backup: &Path) -> Result<()> {
        let draft = self.folder.draft();
        let reading = |e| StoreError::io(backup, "read", e);
        let writing = |e| StoreError::io(&draft, "write", e);
        let mut from = File::open(backup).map_err(reading)?.take(self.manifest.bytes);
        let mut to = folder::create_private(&draft).map_err(writing)?;
        let mut hasher = Sha256::new();
        let mut part = vec![0; 1 << 20];
        loop {
            let length = from.read(&mut part).map_err(reading)?;
            if length == 0 {
                break;
            }
            hasher.update(&part[..length]);
            to.write_all(&part[..length]).map_err(writing)?;
        }
        to.sync_all().map_err(writing)?;
        if <[u8; 32]>::from(hasher.finalize()) == self.manifest.sha256 {
            return Ok(());
        }
        Err(damaged(backup, "its bytes fail their SHA-256"))
    }

    fn verify(&self, backup: &Path) -> Result<()> {
        let about = |error| match error {
            StoreError::Damaged { what, .. } => damaged(backup, &what),
            other => other,
        };
        let look = self.look().map_err(about)?;
        let counts = look.reader().check().map_err(about)?;
        let same = counts == self.manifest.counts
            && look.schema()? == self.manifest.schema
            && look.data_id()? == self.manifest.data_id
            && look.reader().last_sequence()? == self.manifest.last_sequence;
        if same {
            return Ok(());
        }
        Err(damaged(backup, "it holds something else than its last block says"))
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        if !self.placed {
            // What stays is removed by the next opening.
            let _ = self.folder.discard_draft();
        }
    }
}

fn damaged(backup: &Path, what: &str) -> StoreError {
    StoreError::Damaged {
        path: backup.to_owned(),
        what: what.to_owned(),
        record: None,
        remedy: REMEDY,
    }
}

fn refuse_unless_empty(folder: &Path) -> Result<()> {
    let error = |e| StoreError::io(folder, "look into", e);
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        other => other.map_err(error)?,
    };
    for entry in entries {
        let name = entry.map_err(error)?.file_name().to_string_lossy().into_owned();
        if !NO_DATA.contains(&name.as_str()) && !name.starts_with(folder::DRAFT) {
            return Err(StoreError::NotEmpty {
                path: folder.to_owned(),
                holds: name,
            });
        }
    }
    Ok(())
}
