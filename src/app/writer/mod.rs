//! The writer: one thread that owns the log and the World; here, the ways to it and what it shows to everybody.
//!
//! Jobs are done in the order in which they come, and a caller waits when too many do.

mod desk;
mod erasing;
mod group;
mod sorting;
#[cfg(test)]
mod tests;

use super::access::{Identity, KeyError, Keyring, Scope};
use super::audit::AuditError;
use super::clock::Clock;
use super::erasure::{EraseError, Erased, Places};
use super::ingest::{IngestError, IngestReport, NumberedLine};
use super::meters;
use super::models::{Change as ModelsChange, Models, ModelsError};
use super::retention::Due;
use super::snapshot::Snapshot;
use super::sources::Sources;
use super::stats::Stats;
use super::tally::{SourceStats, Tally};
use crate::domain::{PersonId, Timestamp};
use crate::store::{KeyRow, NoteName, Reader, Store, StoreError};
use crate::world::{View, World};
use arc_swap::ArcSwap;
use desk::{Desk, stop_at_once};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Jobs that may wait before a caller waits too.
const QUEUE: usize = 256;

/// A change of what the store keeps beside the log.
type Change = Box<dyn FnOnce(&mut dyn Store) -> Result<(), StoreError> + Send>;

/// What the writer is asked to do.
pub(super) enum Job {
    /// Take lines in.
    Take(Intake, oneshot::Sender<Result<IngestReport, IngestError>>),
    /// Keep a key, and the row of the audit log that tells of it.
    PutKey(Box<KeyRow>, Vec<u8>, oneshot::Sender<Result<(), KeyError>>),
    /// Revoke a key, and the row of the audit log that tells of it.
    RevokeKey(String, i64, Vec<u8>, oneshot::Sender<Result<bool, KeyError>>),
    /// List the keys.
    Keys(oneshot::Sender<Result<Vec<KeyRow>, KeyError>>),
    /// Count what is there, and digest it.
    Stats(oneshot::Sender<Stats>),
    /// Count what each source sent.
    Sources(oneshot::Sender<Vec<SourceStats>>),
    /// Change the cabinet beside the log.
    Cabinet(Change, Sender<Result<(), String>>),
    /// Append a row to the audit log.
    Audit(Vec<u8>, oneshot::Sender<Result<(), AuditError>>),
    /// Read a note.
    Note(NoteName, oneshot::Sender<Result<Option<Vec<u8>>, StoreError>>),
    /// Keep another model, or use another one.
    Models(ModelsChange, oneshot::Sender<Result<Arc<Models>, ModelsError>>),
    /// Let facts go whose time is over.
    Retire(Vec<Due>, oneshot::Sender<Result<(), EraseError>>),
    /// Find where everything lies that would go with the people behind these accounts.
    Held(BTreeSet<PersonId>, oneshot::Sender<Result<Vec<u64>, StoreError>>),
    /// Erase somebody.
    Erase(String, oneshot::Sender<Result<Erased, EraseError>>),
    /// Open a connection for reading the log.
    Reader(oneshot::Sender<Result<Box<dyn Reader>, StoreError>>),
}

/// Lines to take in, and on whose behalf: the operator's, when there is nobody.
#[derive(Default)]
pub(super) struct Intake {
    pub(super) lines: Vec<NumberedLine>,
    pub(super) identity: Option<Arc<Identity>>,
}

/// What the writer shows to everybody.
pub(super) struct Published {
    pub(super) snapshot: ArcSwap<Snapshot>,
    keyring: ArcSwap<Keyring>,
    /// The latest instant at which somebody was erased, in microseconds; the least number when nobody was.
    erased_micros: AtomicI64,
    /// How often anything was about to leave the log.
    departures: AtomicU64,
}

impl Published {
    /// An empty state, of which `models` would answer.
    pub(super) fn new(models: Arc<Models>) -> Self {
        let snapshot = Snapshot::new(View::default(), 0, models);
        Self {
            snapshot: ArcSwap::from_pointee(snapshot),
            keyring: ArcSwap::default(),
            erased_micros: AtomicI64::new(i64::MIN),
            departures: AtomicU64::default(),
        }
    }

    /// When somebody was erased last, if anybody was.
    pub(super) fn erased(&self) -> Option<Timestamp> {
        let micros = self.erased_micros.load(Ordering::SeqCst);
        (micros > i64::MIN).then(|| Timestamp::from_micros(micros))
    }

    /// Notes that somebody was erased at `micros`.
    fn note_erased(&self, micros: i64) {
        self.erased_micros.fetch_max(micros, Ordering::SeqCst);
    }

    /// How often anything was about to leave the log: whoever finds the same number again read of one log.
    pub(super) fn departures(&self) -> u64 {
        self.departures.load(Ordering::SeqCst)
    }

    /// Notes, before it happens, that something leaves the log.
    fn note_departure(&self) {
        self.departures.fetch_add(1, Ordering::SeqCst);
    }

    /// Who presents `key`.
    pub(super) fn identity(&self, key: &str) -> Option<Arc<Identity>> {
        self.keyring.load().find(key).cloned()
    }

    /// The key called `name`, if it may still make tokens: those that it made hold as long.
    pub(super) fn delegate(&self, name: &str) -> Option<Arc<Identity>> {
        self.keyring.load().holder(name, Scope::MembersDelegate).cloned()
    }
}

/// The way to the writer. Dropping it, and every sender, ends the thread after what waits is done.
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a store, the World folded from it, and what each source sent to it.
    ///
    /// # Errors
    /// When the keys cannot be read or the system gives no thread.
    pub(super) fn start(
        facts: (Box<dyn Store>, World, Tally, Places),
        published: Arc<Published>,
        sources: Arc<Sources>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let mut desk = Desk::open(facts, published, sources, clock)?;
        let (jobs, queue) = sync_channel(QUEUE);
        let run = move || {
            let run = catch_unwind(AssertUnwindSafe(|| {
                desk.run(&queue);
                desk
            }));
            match run {
                Ok(desk) => desk.close(),
                Err(_) => stop_at_once("applying an event failed"),
            }
        };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(run);
        let thread = thread.unwrap_or_else(|error| stop_at_once(&format!("no thread for the writer: {error}")));
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// A way to the cabinet, for a thread beside the requests.
    pub(super) fn cabinet(&self) -> Option<Cabinet> {
        self.jobs.clone().map(Cabinet)
    }

    /// Hands a job over; `false` when the writer is gone.
    pub(super) fn send(&self, job: Job) -> bool {
        meters::job_waits();
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }
}

/// The way to what the store keeps beside the log. The writer goes on as long as one is held.
pub(super) struct Cabinet(SyncSender<Job>);

impl Cabinet {
    /// Carries `change` out on the writer's thread and waits for it.
    ///
    /// # Errors
    /// Why it could not be carried out; nothing was changed then.
    pub(super) fn change(
        &self,
        change: impl FnOnce(&mut dyn Store) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), String> {
        let (reply, done) = channel();
        let stopping = || "the service is stopping".to_owned();
        meters::job_waits();
        self.0
            .send(Job::Cabinet(Box::new(change), reply))
            .map_err(|_| stopping())?;
        done.recv().unwrap_or_else(|_| Err(stopping()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
