//! The backup file: a whole database, and behind it one block that says what it is and seals it.
//!
//! The block has 4096 bytes of text, one `name: value` a line, so that `tail -c 4096 FILE` shows it; what comes before is
//! an ordinary database file. The seal is the SHA-256 of the text before it, and the text holds the SHA-256 of the
//! database: a backup that was cut short, altered or is still being written is none.
//!
//! Invariants: a backup appears under its name whole, durable and with mode 0600, or not at all; a file that is there is
//! never overwritten. Must not know what the digest means, or who reads the bytes in between.

use base16ct::lower::{decode, encode_string};
use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::{Result, StoreError};
use super::look::Look;
use super::{CheckReport, folder};

/// The first line of the block; the number is the version of this format.
const FIRST_LINE: &str = "antenne backup 1";
/// The size of the block.
pub(super) const BLOCK_BYTES: usize = 4096;
const NOT_ONE: &str = "name a file that `antenne backup` made to its end, or an older one";

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// When it was made, in microseconds since 1970.
    pub created_at_micros: i64,
    /// The version of the program that made it.
    pub program: String,
    /// The version of its tables.
    pub schema: u32,
    /// The identity of the data.
    pub data_id: [u8; 16],
    /// The last sequence of its log.
    pub last_sequence: u64,
    /// What it holds, each counted when it was verified.
    pub counts: CheckReport,
    /// What its maker says that the log amounts to.
    pub digest: String,
    /// The size of the database.
    pub bytes: u64,
    /// The SHA-256 of the database.
    pub sha256: [u8; 32],
}

impl Manifest {
    /// Reads the manifest of the backup at `path`, and verifies its seal and the length of the file. Cost: one block.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] when the file is no whole backup, [`StoreError::Newer`] when its tables are.
    pub fn read(path: &Path) -> Result<Self> {
        let error = |e| StoreError::io(path, "read", e);
        let mut file = File::open(path).map_err(error)?;
        let length = file.metadata().map_err(error)?.len();
        let foreign = |what: &str| StoreError::Foreign {
            path: path.to_owned(),
            what: what.to_owned(),
            remedy: NOT_ONE,
        };
        let Some(bytes) = length.checked_sub(BLOCK_BYTES as u64) else {
            return Err(foreign("it is too short for a backup"));
        };
        let mut block = vec![0; BLOCK_BYTES];
        file.seek(SeekFrom::Start(bytes)).map_err(error)?;
        file.read_exact(&mut block).map_err(error)?;
        let manifest = Self::from_block(&block)
            .ok_or_else(|| foreign("it does not end as a whole backup does: it was cut short, altered, or is none"))?;
        if manifest.bytes != bytes {
            return Err(foreign("it does not have the length that it had when it was sealed"));
        }
        super::schema::refuse_newer(path, manifest.schema)?;
        Ok(manifest)
    }

    fn block(&self) -> Vec<u8> {
        let mut text = format!("\n{FIRST_LINE}\n");
        let counts = &self.counts;
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "made: {}\nprogram: {}\nschema: {}\ndata: {}\ngeneration: {}\nrecords: {}\nerased: {}\nkeys: {}\n\
             artefacts: {}\ndigest: {}\nbytes: {}\nsha256: {}\n",
            rfc3339(self.created_at_micros),
            self.program,
            self.schema,
            encode_string(&self.data_id),
            self.last_sequence,
            counts.records,
            counts.erased,
            counts.keys,
            counts.artefacts,
            self.digest,
            self.bytes,
            encode_string(&self.sha256),
        );
        let _ = writeln!(text, "seal: {}", encode_string(&Sha256::digest(text.as_bytes())));
        let mut block = text.into_bytes();
        block.resize(BLOCK_BYTES, b'\n');
        block
    }

    fn from_block(block: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(block).ok()?;
        let sealed = text.rfind("seal: ")?;
        let (said, seal) = text.split_at(sealed);
        if seal.trim_end() != format!("seal: {}", encode_string(&Sha256::digest(said.as_bytes()))) {
            return None;
        }
        let mut lines = said.strip_prefix('\n')?.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let mut next = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ");
        Some(Self {
            created_at_micros: next("made")?.parse::<jiff::Timestamp>().ok()?.as_microsecond(),
            program: next("program")?.to_owned(),
            schema: next("schema")?.parse().ok()?,
            data_id: unhex(next("data")?)?,
            last_sequence: next("generation")?.parse().ok()?,
            counts: CheckReport {
                records: next("records")?.parse().ok()?,
                erased: next("erased")?.parse().ok()?,
                keys: next("keys")?.parse().ok()?,
                artefacts: next("artefacts")?.parse().ok()?,
            },
            digest: next("digest")?.to_owned(),
            bytes: next("bytes")?.parse().ok()?,
            sha256: unhex(next("sha256")?)?,
        })
    }
}

/// Microseconds since 1970 as the block says them, to the microsecond; an instant beyond the calendar as its nearest end.
fn rfc3339(micros: i64) -> String {
    let end = if micros < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_microsecond(micros).unwrap_or(end).to_string()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let whole = decode(text, &mut bytes).is_ok_and(|read| read.len() == N);
    whole.then_some(bytes)
}

/// A backup that is being written, under its name and `.partial`. Dropping it removes it.
pub struct Draft {
    target: PathBuf,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Draft {
    /// Begins a backup that will be called `target`. What an interrupted backup of that name left is written over.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is such a file, or another process is writing it.
    pub fn create(target: &Path) -> Result<Self> {
        refuse_taken(target)?;
        let path = folder::sibling(target, folder::PARTIAL);
        let opened = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path);
        let file = opened.map_err(|e| StoreError::io(&path, "create", e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&path)),
            Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, "lock", error)),
        }
        file.set_len(0).map_err(|e| StoreError::io(&path, "empty", e))?;
        Ok(Self {
            target: target.to_owned(),
            path,
            file,
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    /// Adds the next bytes of the database.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], or an error of the file system.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|e| StoreError::io(&self.path, "write", e))?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Looks at what was written so far, as a database.
    ///
    /// # Errors
    /// When it is not a whole one.
    pub fn look(&self) -> Result<Look> {
        Look::at_file(&self.path, None)
    }

    /// Verifies every checksum of what was written, seals it, and gives it its name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is not sound; [`StoreError::Exists`] when the name was taken meanwhile.
    pub fn seal(mut self, created_at_micros: i64, program: &str, digest: String) -> Result<Manifest> {
        let look = self.look()?;
        let manifest = Manifest {
            created_at_micros,
            program: program.to_owned(),
            schema: look.schema()?,
            data_id: look.data_id()?,
            last_sequence: look.reader().last_sequence()?,
            counts: look.reader().check()?,
            digest,
            bytes: self.bytes,
            sha256: self.hasher.finalize_reset().into(),
        };
        drop(look);
        let block = manifest.block();
        let written = self.file.write_all(&block).and_then(|()| self.file.sync_all());
        written.map_err(|e| StoreError::io(&self.path, "write", e))?;
        self.give_name()?;
        Ok(manifest)
    }

    /// A second name is refused by the system where one is taken; a file system without second names gets a move.
    fn give_name(&self) -> Result<()> {
        match std::fs::hard_link(&self.path, &self.target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(taken(&self.target)),
            Err(_) => {
                refuse_taken(&self.target)?;
                let moved = std::fs::rename(&self.path, &self.target);
                moved.map_err(|e| StoreError::io(&self.target, "create", e))?;
            }
        }
        folder::remove(&self.path)?;
        folder::sync_folder(folder::parent(&self.target))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // A draft that stays is written over by the next backup of that name.
        let _ = folder::remove(&self.path);
    }
}

fn taken(path: &Path) -> StoreError {
    StoreError::Exists {
        what: "backup",
        name: path.display().to_string(),
    }
}

fn refuse_taken(path: &Path) -> Result<()> {
    // A link that leads nowhere is a name that is taken, too.
    match path.symlink_metadata() {
        Ok(_) => Err(taken(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::io(path, "look at", error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            created_at_micros: 1_772_442_030_000_000,
            program: "0.1.0".to_owned(),
            schema: 1,
            data_id: [7; 16],
            last_sequence: 1204,
            counts: CheckReport {
                records: 1200,
                erased: 4,
                keys: 3,
                artefacts: 1,
            },
            digest: "ab".repeat(32),
            bytes: 81_920,
            sha256: [9; 32],
        }
    }

    #[test]
    fn a_block_says_what_was_written_into_it() {
        let block = manifest().block();
        assert_eq!(block.len(), BLOCK_BYTES);
        assert_eq!(Manifest::from_block(&block), Some(manifest()));
        let text = String::from_utf8(block).unwrap();
        assert!(text.contains("\nmade: 2026-03-02T09:00:30Z\n"), "{text}");
        let to_the_microsecond = Manifest {
            created_at_micros: -1,
            ..manifest()
        };
        assert_eq!(
            Manifest::from_block(&to_the_microsecond.block()),
            Some(to_the_microsecond)
        );
    }

    #[test]
    fn a_block_with_any_bit_altered_is_none() {
        let block = manifest().block();
        for at in 0..block.len() {
            let mut altered = block.clone();
            altered[at] ^= 0x04;
            assert_eq!(Manifest::from_block(&altered), None, "byte {at}");
        }
    }

    #[test]
    fn only_one_writes_a_backup_of_a_name_and_what_was_interrupted_goes() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("b");
        std::fs::write(folder.path().join("b.partial"), b"left by a crash").unwrap();
        let draft = Draft::create(&target).unwrap();
        assert!(matches!(Draft::create(&target), Err(StoreError::Exists { .. })));
        drop(draft);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        std::os::unix::fs::symlink("nowhere", &target).unwrap();
        assert!(
            matches!(Draft::create(&target), Err(StoreError::Exists { .. })),
            "a link"
        );
    }
}
