//! The data folder: who owns it, what lies in it, and which of it is durable.
//!
//! | file | holds |
//! |---|---|
//! | `antenne.db`, `-wal`, `-shm` | the database, its write-ahead log, the log's index (never durable, always rebuilt) |
//! | `antenne.db.new*` | a database being created; not ours yet, removed on the next opening |
//! | `antenne.db.copy*` | a copy being handed out as a backup; removed when it is, or on the next opening |
//! | `LOCK` | the pid of the owner, locked while it lives |
//! | `dirty` | there while the write-ahead log may hold acknowledged records |
//! | `erased` | marks of what was erased; stays when another database takes the place of this one |
//! | `reserve` | space kept for opt-outs and erasures on a full disk |
//!
//! Invariants: folders 0700 and files 0600 when made here; a name is durable (its folder synced) before anything relies
//! on it; `dirty` appears after the write-ahead log is durable and disappears before the log may shrink. So a `dirty`
//! without a log is a loss, whatever happened. Unix only. Knows nothing of what is inside the database.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{Result, StoreError};

const DATABASE: &str = "antenne.db";
/// What the names of a database that is being made begin with.
pub(super) const DRAFT: &str = "antenne.db.new";
/// The list of what was erased: it may lie in a folder that has no database yet.
pub(super) const ERASED: &str = "erased";
const BLOCK_BYTES: usize = 64 * 1024;
/// What a copy's name ends with while it is handed out.
pub(super) const COPY: &str = ".copy";
/// What a file's name ends with until it is whole.
pub(super) const PARTIAL: &str = ".partial";

/// The locked data folder.
#[derive(Debug)]
pub(super) struct DataFolder {
    path: PathBuf,
    lock: Arc<Lock>,
}

/// The locked lock file.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would not do: a child process that is just being started may hold a copy of the descriptor. Should
        // unlocking fail, closing is what is left.
        let _ = self.0.unlock();
    }
}

/// What the folder holds before the database is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// No database, and no sign that there ever was one.
    Nothing,
    /// A database file.
    Database,
}

impl DataFolder {
    /// Locks the folder at `path`, making it first if `create`. Touches nothing but the lock file.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self> {
        if create {
            make_folder(path)?;
        } else if !path.is_dir() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let lock = Arc::new(lock(path)?);
        Ok(Self {
            path: path.to_owned(),
            lock,
        })
    }

    /// Tells a fresh folder from one whose database has gone.
    pub(super) fn content(&self) -> Result<Content> {
        let database = self.database();
        if present(&database)? {
            return Ok(Content::Database);
        }
        for relic in [self.log(), self.marker(), self.reserve()] {
            if present(&relic)? {
                let what = format!("the file is missing, although {} is there", relic.display());
                return Err(StoreError::damaged(&database, what));
            }
        }
        Ok(Content::Nothing)
    }

    /// The database file.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// The write-ahead log.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join(format!("{DATABASE}-wal"))
    }

    /// Whether the last owner ended without closing: the write-ahead log may hold what the database does not.
    pub(super) fn left_open(&self) -> Result<bool> {
        Ok(present(&self.marker())? || self.log().metadata().is_ok_and(|meta| meta.len() > 0))
    }

    /// Where a database is built before it takes its name.
    pub(super) fn draft(&self) -> PathBuf {
        self.path.join(DRAFT)
    }

    /// The sign that the write-ahead log may hold acknowledged records.
    pub(super) fn marker(&self) -> PathBuf {
        self.path.join("dirty")
    }

    /// The space kept for a full disk.
    pub(super) fn reserve(&self) -> PathBuf {
        self.path.join("reserve")
    }

    /// The marks of what was erased.
    pub(super) fn erased(&self) -> PathBuf {
        self.path.join(ERASED)
    }

    /// A share in the lock: the folder stays ours until the last one is dropped.
    pub(super) fn share(&self) -> Arc<Lock> {
        Arc::clone(&self.lock)
    }

    /// Removes what an interrupted creation left behind.
    pub(super) fn discard_draft(&self) -> Result<()> {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            remove(&self.path.join(format!("{DATABASE}.new{suffix}")))?;
            remove(&self.path.join(format!("{DATABASE}{COPY}{suffix}")))?;
        }
        Ok(())
    }

    /// Gives the finished draft its name, durably.
    pub(super) fn adopt_draft(&self) -> Result<()> {
        let (draft, database) = (self.draft(), self.database());
        sync_file(&draft)?;
        std::fs::rename(&draft, &database).map_err(|e| StoreError::io(&database, "create", e))?;
        sync_folder(&self.path)
    }

    /// Says, durably, that the write-ahead log counts from now on. The log must hold its first transaction already.
    pub(super) fn raise_marker(&self) -> Result<()> {
        sync_file(&self.log())?;
        sync_folder(&self.path)?;
        let marker = self.marker();
        let text = "the write-ahead log holds acknowledged records; do not remove either file\n";
        write_private(&marker, text.as_bytes()).map_err(|e| StoreError::io(&marker, "write", e))?;
        sync_folder(&self.path)
    }

    /// Says, durably, that the database file alone is whole.
    pub(super) fn lower_marker(&self) -> Result<()> {
        remove(&self.marker())?;
        sync_folder(&self.path)
    }

    /// Takes `bytes` of disk for bad days. Blocks are written, not merely sized, with bytes that no file system can
    /// compress or share; on failure nothing is held.
    pub(super) fn take_reserve(&self, bytes: u64) -> Result<()> {
        let path = self.reserve();
        if self.reserve_held(bytes) {
            return Ok(());
        }
        let written = write_noise(&path, bytes);
        if let Err(error) = written {
            // The space must not stay half taken; the first error is the one to report.
            let _ = remove(&path);
            return Err(StoreError::io(&path, "write", error));
        }
        sync_folder(&self.path)
    }

    /// Gives the space back.
    pub(super) fn free_reserve(&self) -> Result<()> {
        remove(&self.reserve())?;
        sync_folder(&self.path)
    }

    /// Whether the space is held in full.
    pub(super) fn reserve_held(&self, bytes: u64) -> bool {
        self.reserve().metadata().is_ok_and(|meta| meta.len() == bytes)
    }
}

/// How much room a file system has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its size in bytes.
    pub total_bytes: u64,
    /// What this user may still write, in bytes.
    pub available_bytes: u64,
}

/// The room of the file system that holds `path`, which is there.
///
/// # Errors
/// When the file system does not say.
pub fn room(path: &Path) -> Result<Room> {
    let said = rustix::fs::statvfs(path).map_err(|e| StoreError::io(path, "measure the room of", e.into()))?;
    Ok(Room {
        total_bytes: said.f_blocks.saturating_mul(said.f_frsize),
        available_bytes: said.f_bavail.saturating_mul(said.f_frsize),
    })
}

/// `path` with `suffix` behind its name.
pub(super) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder that holds `path`.
pub(super) fn parent(path: &Path) -> &Path {
    let named = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// Makes names inside `folder` durable.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    sync_file(folder)
}

/// Makes the content of `path` durable.
pub(super) fn sync_file(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|e| StoreError::io(path, "sync", e))
}

/// Makes a new, empty, private file; the caller syncs its folder.
pub(super) fn create_private(path: &Path) -> std::io::Result<File> {
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io(path, "remove", error)),
        _ => Ok(()),
    }
}

fn present(path: &Path) -> Result<bool> {
    path.try_exists().map_err(|e| StoreError::io(path, "look at", e))
}

fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|e| StoreError::io(path, "create", e))?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}

fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join("LOCK");
    let opened = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path);
    let mut file = opened.map_err(|e| StoreError::io(&path, "open", e))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The text is a courtesy: without it the refusal stands all the same.
            let _ = file.take(64).read_to_string(&mut holder);
            let holder = if holder.trim().is_empty() {
                "another process"
            } else {
                holder.trim()
            };
            return Err(StoreError::Locked {
                path: folder.to_owned(),
                holder: holder.to_owned(),
                remedy: "stop it first, or send the command through it",
            });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, "lock", error)),
    }
    let text = format!("process {}\n", std::process::id());
    let noted = file.set_len(0).and_then(|()| file.write_all(text.as_bytes()));
    match noted {
        // A full disk must not stop a start: the lock holds without its text.
        Err(error) if error.kind() != ErrorKind::StorageFull => Err(StoreError::io(&path, "write", error)),
        _ => Ok(Lock(file)),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn write_noise(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut block = vec![0_u8; BLOCK_BYTES];
    let mut left = bytes;
    while left > 0 {
        for word in block.as_chunks_mut::<8>().0 {
            // Xorshift (Marsaglia, 2003): cheap, and no two blocks alike.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *word = state.to_le_bytes();
        }
        let length = left.min(BLOCK_BYTES as u64);
        file.write_all(&block[..length as usize])?;
        left -= length;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_folder_and_its_files_are_private() {
        let temp = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&temp.path().join("a/b"), true).unwrap();
        folder.take_reserve(1000).unwrap();
        File::create(folder.log()).unwrap();
        folder.raise_marker().unwrap();
        assert_eq!(mode(&folder.path), 0o700);
        for file in [folder.path.join("LOCK"), folder.reserve(), folder.marker()] {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[test]
    fn a_share_keeps_the_folder_locked() {
        let temp = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(temp.path(), true).unwrap();
        let share = folder.share();
        drop(folder);
        let refused = DataFolder::open(temp.path(), true).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("process {}", std::process::id())),
            "{refused}"
        );
        drop(share);
        DataFolder::open(temp.path(), true).unwrap();
    }

    #[test]
    fn the_reserve_is_really_on_the_disk_and_comes_and_goes() {
        let temp = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(temp.path(), true).unwrap();
        folder.take_reserve(300_000).unwrap();
        let meta = folder.reserve().metadata().unwrap();
        assert_eq!(meta.len(), 300_000);
        assert!(meta.blocks() * 512 >= 300_000, "blocks are allocated");
        folder.free_reserve().unwrap();
        assert!(!folder.reserve_held(300_000));
        folder.take_reserve(300_000).unwrap();
        assert!(folder.reserve_held(300_000));
        assert!(
            !folder.reserve_held(400_000),
            "a reserve of another size is not the one asked for"
        );
    }

    #[test]
    fn without_create_a_missing_folder_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("nowhere");
        assert!(matches!(
            DataFolder::open(&path, false),
            Err(StoreError::Missing { .. })
        ));
        assert!(!path.exists());
    }
}
