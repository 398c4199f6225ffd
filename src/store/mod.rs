//! The store: a durable log of opaque records, and a cabinet of keys and artefacts beside it.
//!
//! Invariants: a sequence is given once and never reused; an acknowledged group survives a crash and a power cut; what
//! is read is what was written, or an error says that it is not. Only what was erased on purpose may be absent.
//!
//! This room must not know what a record means: payloads are bytes, subjects are strings, scopes are words. It reads no
//! clock and no entropy; both come as arguments. SQL lives here and nowhere else. Any other engine must pass the suite
//! in `tests/store_contract.rs`.

mod archive;
mod audit;
mod cabinet;
mod error;
mod folder;
mod inspect;
mod look;
mod notes;
mod open;
mod restore;
mod rows;
mod schema;
mod sqlite;
mod subjects;
mod tombstones;
mod upkeep;

pub use archive::{Draft, Manifest};
pub use audit::{AuditBreak, AuditCheck, AuditHead, AuditRow, VisitAudit};
pub use error::{Cause, Result, StoreError};
pub use folder::{Room, room};
pub use look::{Look, Standing, standing};
pub use open::{OpenOptions, Synchronous};
pub use restore::Restoring;
pub use sqlite::SqliteStore;
pub use tombstones::{Erasure, Tombstone, Tombstones};

use std::ops::ControlFlow;

/// A record to append.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    /// The bytes to keep; at most about 1 GB, in practice a few hundred bytes.
    pub payload: &'a [u8],
    /// Whom the record is by or about, for [`Reader::records_of`]; order and repetitions do not matter.
    pub subjects: &'a [&'a str],
}

/// A record as it was appended, its checksum verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its place in the log, from 1 on.
    pub sequence: u64,
    /// The bytes that were appended.
    pub payload: &'a [u8],
}

/// An access key at rest: its hash, never the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The operator's name for it; unique for ever, also after revocation.
    pub name: String,
    /// SHA-256 of the whole key.
    pub hash: [u8; 32],
    /// The public start of the key, by which people recognise it.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The sources it may write as.
    pub sources: Vec<String>,
    /// The event types it may write.
    pub event_types: Vec<String>,
    /// The person it speaks for.
    pub person: Option<String>,
    /// The communities it is bound to.
    pub communities: Vec<String>,
    /// When it was made, in microseconds since 1970.
    pub created_at_micros: i64,
    /// When it was revoked, in microseconds since 1970; `None` while it is valid.
    pub revoked_at_micros: Option<i64>,
}

/// A versioned artefact (a model, a release …) without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtefactInfo {
    /// Its version within its kind.
    pub version: u64,
    /// What its maker noted about it, free text.
    pub meta: String,
    /// The length of its content in bytes.
    pub length: u64,
}

/// A versioned artefact with its bytes, checksum verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// What its maker noted about it, free text.
    pub meta: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The name of a note. Names are in the order of their bytes; those that are given later should come later.
pub type NoteName = [u8; 16];

/// A small entry beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// Its name.
    pub name: NoteName,
    /// What it says; in practice a few bytes.
    pub content: &'a [u8],
}

/// Which notes stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Those whose name does not come before this one,
    pub from: NoteName,
    /// and of these, the last that take no more room than this, about 32 bytes for each included.
    pub most_bytes: u64,
}

/// How many notes went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Because their name came before [`Keep::from`].
    pub old: u64,
    /// Because there was no room for all.
    pub for_room: u64,
}

/// What a full check went through; every number is a count of verified rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Records in the log.
    pub records: u64,
    /// Sequences that were erased.
    pub erased: u64,
    /// Keys, revoked ones included.
    pub keys: u64,
    /// Artefacts of every kind.
    pub artefacts: u64,
}

/// A part of what is kept, checked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The engine's own structures; counted in pages.
    Structure,
    /// Every record's checksum, and that the log has no gap; counted in rows, erased ones included.
    Records,
    /// That the subject index says what the records say; counted in records.
    Subjects,
    /// The keys' checksums; counted in keys, revoked ones included.
    Keys,
    /// The checksums of artefacts and notes; counted in artefacts.
    Artefacts,
    /// The chain of the audit log, to its head; counted in rows.
    Audit,
}

impl Part {
    /// Every part, in the order in which they are best looked at.
    pub const ALL: [Self; 6] = [
        Self::Structure,
        Self::Records,
        Self::Subjects,
        Self::Keys,
        Self::Artefacts,
        Self::Audit,
    ];
}

/// What takes the parts of a copy in order; `Break` ends it early without an error.
pub type EachPart<'e> = &'e mut dyn FnMut(&[u8]) -> ControlFlow<()>;

/// What a visitor of records is called with; `Break` ends the walk early without an error.
pub type Visit<'v> = &'v mut dyn FnMut(Record<'_>) -> ControlFlow<()>;

/// Read access. Each call sees one consistent state, however long it runs, and verifies what it hands out.
pub trait Reader: Send {
    /// The last sequence ever given; 0 for an empty log.
    ///
    /// # Errors
    /// When the engine cannot be read.
    fn last_sequence(&self) -> Result<u64>;

    /// Walks the records with a sequence above `after`, in order.
    ///
    /// Verifies each record's checksum, that only erased sequences are absent, and (unless `visit` breaks) that the log
    /// goes on to the last sequence ever given. Cost: linear in the records visited; one record in memory.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] at the first thing that is not as it was written; what was visited before is sound.
    fn scan(&self, after: u64, visit: Visit<'_>) -> Result<()>;

    /// Walks the records that name `subject`, in order. Cost: reads the subject index (12 bytes a subject of a record) and
    /// the records found.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a record of the subject is absent or fails its checksum.
    fn records_of(&self, subject: &str, visit: Visit<'_>) -> Result<()>;

    /// Verifies everything: the engine's structures, every checksum, the contiguity of the log, the subject index.
    /// Cost: reads the whole database.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding.
    fn check(&self) -> Result<CheckReport>;

    /// Verifies one part; returns how much of it there is. Cost: as [`Reader::check`], for that part.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding; [`StoreError::record`] names the record where it is in one.
    fn examine(&self, part: Part) -> Result<u64>;

    /// Walks the rows of the audit log with a number below `before`, the newest first. Cost: linear in the rows visited.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] at the first row that does not fit the one before it.
    fn audit(&self, before: u64, visit: VisitAudit<'_>) -> Result<()>;

    /// Follows the chain of the audit log from its first row to its head, and notes the hash of the row `noted`. Cost:
    /// reads the whole audit log.
    ///
    /// # Errors
    /// When the engine cannot be read; a broken chain is a finding, not an error.
    fn check_audit(&self, noted: Option<u64>) -> Result<AuditCheck>;

    /// Hands out the bytes of a whole, compacted copy in order. Put into an empty data folder under the database's name,
    /// they open like the original, with the same data id. Cost: reads the whole database, and needs as much room beside it
    /// while it lasts; one such call at a time.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] before anything is written when the copy would fill the disk, or an error of the file
    /// system. Nothing stays behind.
    fn copy_out(&self, each: EachPart<'_>) -> Result<()>;
}

/// The store of one organisation: one writer, its own reads included.
pub trait Store: Reader {
    /// Appends a group of records, all or none, and returns the last sequence given.
    ///
    /// Durable on return: the group survives a power cut. Sequences are consecutive. An empty group changes nothing.
    /// Cost: one transaction and one flush of the device, whatever the size of the group.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] leaves everything as it was and may be retried; a fatal error ([`StoreError::is_fatal`])
    /// leaves the fate of the group unknown, and the process must stop.
    fn append(&mut self, group: &[NewRecord<'_>]) -> Result<u64>;

    /// Lets `erasure` happen, all or none, durable on return; returns the last sequence given, which moves even when nothing is
    /// appended, so that whoever remembers it can tell that something went.
    ///
    /// What goes is overwritten in the database. [`Store::purge`] removes it from the write-ahead log too.
    ///
    /// # Errors
    /// As [`Store::append`].
    fn forget(&mut self, erasure: &Erasure<'_>) -> Result<u64>;

    /// Every tombstone, verified.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when one is not as it was written.
    fn tombstones(&self) -> Result<Tombstones>;

    /// Removes what was erased from the write-ahead log too. `false`: a reader still needs it, try again when it is
    /// done; `true`: no file of the data folder holds erased bytes any more.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] when there is no room to copy the log into the database: try again when there is; and when
    /// the engine fails.
    fn purge(&mut self) -> Result<bool>;

    /// Whether the write-ahead log may hold what was erased since this store was opened.
    fn is_to_purge(&self) -> bool;

    /// Adds a key, durable on return.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the name or the hash is taken, also by a revoked key.
    fn put_key(&mut self, key: &KeyRow) -> Result<()>;

    /// Every key, revoked ones included, ordered by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row fails its checksum.
    fn keys(&self) -> Result<Vec<KeyRow>>;

    /// Revokes a key, durable on return. `false` when there is no such key; a second revocation keeps the first instant.
    ///
    /// # Errors
    /// When the engine fails.
    fn revoke_key(&mut self, name: &str, at_micros: i64) -> Result<bool>;

    /// Keeps an artefact under a new version of its kind and removes the versions `gone` of it for good, all or none and
    /// durable on return. Cost: where one goes, rewrites the artefacts that stay.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the version is taken: artefacts are never overwritten. Otherwise as [`Store::append`].
    fn put_artefact(&mut self, kind: &str, version: u64, bytes: &[u8], meta: &str, gone: &[u64]) -> Result<()>;

    /// The artefacts of a kind, oldest version first.
    ///
    /// # Errors
    /// When the engine cannot be read.
    fn artefacts(&self, kind: &str) -> Result<Vec<ArtefactInfo>>;

    /// One artefact, or `None`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its checksum fails.
    fn artefact(&self, kind: &str, version: u64) -> Result<Option<Artefact>>;

    /// Removes the artefacts of a kind with a version below `version` for good, as [`Store::forget`] does records; how many
    /// there were. Cost: rewrites the artefacts that stay, once.
    ///
    /// # Errors
    /// As [`Store::append`].
    fn delete_artefacts_below(&mut self, kind: &str, version: u64) -> Result<u64>;

    /// Adds notes and removes those that `keep` does not keep, together and durable on return; how many went. A name that
    /// is taken keeps its first content. Cost: in the number of `notes`; of many that must go, some stay until the next call.
    ///
    /// # Errors
    /// As [`Store::append`].
    fn put_notes(&mut self, notes: &[Note<'_>], keep: &Keep) -> Result<Dropped>;

    /// The content of the note called `name`. Cost: one look-up.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its checksum fails.
    fn note(&self, name: &NoteName) -> Result<Option<Vec<u8>>>;

    /// Appends rows to the audit log, all or none, durable on return; returns its new head.
    ///
    /// # Errors
    /// As [`Store::append`].
    fn append_audit(&mut self, contents: &[&[u8]]) -> Result<AuditHead>;

    /// The random identity that the data got when it was created; backups keep it.
    fn data_id(&self) -> [u8; 16];

    /// A second, read-only connection, for work on a thread of its own. The data folder stays locked while it lives, and
    /// the write-ahead log cannot shrink during one of its calls.
    ///
    /// # Errors
    /// When the engine cannot be opened.
    fn reader(&self) -> Result<Box<dyn Reader>>;

    /// Gives the reserved space back to the disk, so that opt-outs and erasures can be written although it is full.
    ///
    /// # Errors
    /// When the file system refuses.
    fn release_reserve(&mut self) -> Result<()>;

    /// Takes the reserved space again. Harmless when it is held already.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] when there is still no room; the space is not held then.
    fn restore_reserve(&mut self) -> Result<()>;

    /// Whether the reserved space is held.
    fn reserve_held(&self) -> bool;

    /// Ends cleanly: everything is in the database file alone, and the next opening need not recover. Dropping a store
    /// without closing it is a crash, and as harmless as one.
    ///
    /// # Errors
    /// When the engine fails; the data is as safe as after a crash.
    fn close(self: Box<Self>) -> Result<()>;
}
