//! The service: opens the data, answers questions from snapshots, and hands everything that changes to the writer.

use super::access::{Bearers, Identity, KeyError};
use super::audit::Hourly;
use super::clock::Clock;
use super::fold::fold_whole;
use super::ingest::{Ahead, IngestError, IngestReport, NumberedLine, ReadBatch};
use super::meters::{self, Fates};
use super::models::Models;
use super::recommendations::{Keeper, Register};
use super::search::Crowd;
use super::skill_map::Shelf;
use super::snapshot::Snapshot;
use super::sources::Sources;
use super::stats::Stats;
use super::tally::SourceStats;
use super::upkeep::Upkeep;
use super::webhooks::Deliveries;
use super::writer::{Cabinet, Intake, Job, Published, Writer};
use crate::domain::Timestamp;
use crate::ingest::Rejection;
use crate::recommend::{ExpertsRecommender, Manner, Playbook, PlaybookError, WeightsError};
use crate::replay::Habits;
use crate::store::{NoteName, OpenOptions, Reader, SqliteStore, Store as _, StoreError};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::oneshot;

/// How to open the service.
pub struct Settings {
    /// The folder that holds everything.
    pub folder: PathBuf,
    /// Whether to make the folder when there is none.
    pub create: bool,
    /// 128 random bits: the identity of the data, if it is created now.
    pub new_data_id: [u8; 16],
    /// Weights in TOML, instead of the shipped ones.
    pub weights: Option<String>,
    /// What the operator says of the sources of events.
    pub sources: Sources,
    /// How French texts address people.
    pub manner: Manner,
    /// Bytes that the recommendations of 90 days may take on the disk; beyond, the oldest go.
    pub recommendations_bytes: u64,
}

/// Why the service cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The weights are not in order.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The playbook is not in order.
    #[error(transparent)]
    Playbook(#[from] PlaybookError),
    /// A record of the log cannot be read any more.
    #[error("record {sequence} of {path} cannot be read: {why}; it may come from a newer version of antenne")]
    Record {
        /// Its place in the log.
        sequence: u64,
        /// The data folder.
        path: PathBuf,
        /// What is wrong with it.
        why: Rejection,
    },
    /// A backup of this version amounts to something else than it says.
    #[error(
        "{path} holds data with the digest {found}, but says that it has {said}; take another backup, and report this one"
    )]
    Digest {
        /// The backup.
        path: PathBuf,
        /// What it says.
        said: String,
        /// What it holds.
        found: String,
    },
}

/// The service of one organisation. Cheap to share; every method may be called from any thread, none from async code
/// unless it says so.
pub struct Service {
    pub(super) published: Arc<Published>,
    pub(super) register: Arc<Register>,
    pub(super) manner: Manner,
    pub(super) playbook: Playbook,
    /// Before the writer: its last batch is written when the service is dropped.
    _keeper: Option<Keeper>,
    writer: Writer,
    pub(super) data_id: [u8; 16],
    pub(super) sources: Arc<Sources>,
    pub(super) deliveries: Deliveries,
    clock: Arc<dyn Clock>,
    /// Whether a model is being learnt.
    pub(super) fitting: Arc<AtomicBool>,
    /// Which days of the past are learnt from.
    pub(super) habits: Habits,
    pub(super) upkeep: Upkeep,
    pub(super) fates: Arc<Fates>,
    pub(super) hourly: Hourly,
    pub(super) maps: Shelf,
    pub(super) bearers: Bearers,
    /// Everybody at a glance, for searches.
    pub(super) crowd: Crowd,
}

impl OpenError {
    /// The first record of the log that cannot be trusted, where the error is about one.
    pub fn record(&self) -> Option<u64> {
        match self {
            Self::Store(error) => error.record(),
            Self::Record { sequence, .. } => Some(*sequence),
            Self::Weights(_) | Self::Playbook(_) | Self::Digest { .. } => None,
        }
    }
}

impl Service {
    /// Opens the data folder and folds its log. Cost: the whole log once.
    ///
    /// # Errors
    /// When the folder is in use, damaged or newer, when a record cannot be read, or when the weights are not in order.
    pub fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        // What cannot hold is told before a folder is made.
        settings
            .weights
            .as_deref()
            .map(ExpertsRecommender::weighed_by)
            .transpose()?;
        let playbook = Playbook::shipped()?;
        let options = OpenOptions {
            create: settings.create,
            ..OpenOptions::new(settings.new_data_id)
        };
        let store = SqliteStore::open(&settings.folder, &options)?;
        let (mut world, tally, places) = fold_whole(&store, &settings.folder, clock.now())?;
        let models = Models::load(&store, settings.weights.as_deref(), clock.now())?;
        world.set_basis(models.basis().cloned());
        let published = Arc::new(Published::new(Arc::new(models)));
        let (data_id, maps) = (store.data_id(), Shelf::load(&store)?);
        let register = Arc::new(Register::new(data_id));
        let (manner, sources) = (settings.manner, Arc::new(settings.sources));
        let writer = Writer::start(
            (Box::new(store), world, tally, places),
            Arc::clone(&published),
            Arc::clone(&sources),
            Arc::clone(&clock),
        )?;
        let keeper = writer.cabinet().map(|way| {
            let most_bytes = settings.recommendations_bytes;
            Keeper::start(Arc::clone(&register), way, Arc::clone(&clock), most_bytes)
        });
        Ok(Self {
            published,
            register,
            manner,
            playbook,
            _keeper: keeper,
            writer,
            data_id,
            sources,
            deliveries: Deliveries::default(),
            fitting: Arc::default(),
            habits: Habits::default(),
            clock,
            upkeep: Upkeep::at(settings.folder),
            fates: Arc::default(),
            hourly: Hourly::default(),
            maps,
            bearers: Bearers::default(),
            crowd: Crowd::default(),
        })
    }

    /// The same service, which learns from the days that `habits` name.
    #[must_use]
    pub fn learning_from(mut self, habits: Habits) -> Self {
        self.habits = habits;
        self
    }

    /// The newest published state.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.published.snapshot.load_full()
    }

    /// The ways of animating.
    pub fn playbook(&self) -> &Playbook {
        &self.playbook
    }

    /// The present instant, by the service's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When somebody was erased last, if anybody was. Never blocks.
    pub(super) fn erased_at(&self) -> Option<Timestamp> {
        self.published.erased()
    }

    /// Records how far the log is and how old the model, for whoever is about to read the figures. Never blocks.
    pub fn record_levels(&self) {
        let snapshot = self.snapshot();
        meters::levels(snapshot.generation);
        let shelves = snapshot.models.shelves();
        shelves.for_each(|shelf| meters::model(shelf.which().name(), &shelf.name(), shelf.since(), self.now()));
    }

    /// Reads lines on behalf of `identity` (the operator, when there is none), without taking any in; those that lie ahead
    /// of the clock are refused or not.
    pub fn read(
        &self,
        lines: &mut dyn Iterator<Item = (u64, Result<&[u8], Rejection>)>,
        identity: Option<&Arc<Identity>>,
        ahead: Ahead,
    ) -> ReadBatch {
        let batch = ReadBatch::of(lines, identity, &self.sources, (ahead, self.clock.now()));
        self.fates.at_the_door(&batch);
        batch
    }

    /// Takes a batch in on behalf of `identity`: each line is accepted, a duplicate, left out or rejected, and one
    /// rejected line stops no other. The future ends once everything accepted is durable and visible.
    ///
    /// # Errors
    /// From the future, when nothing could be taken: the disk is full or the service stops. Dropping it takes nothing
    /// back.
    pub fn submit(
        &self,
        lines: &mut dyn Iterator<Item = (u64, Result<&[u8], Rejection>)>,
        identity: Option<&Arc<Identity>>,
    ) -> impl Future<Output = Result<IngestReport, IngestError>> + Send + use<> {
        self.submit_from(lines, identity, Ahead::Refused)
    }

    /// [`Self::submit`], of lines that may lie ahead of the clock or not.
    pub(super) fn submit_from(
        &self,
        lines: &mut dyn Iterator<Item = (u64, Result<&[u8], Rejection>)>,
        identity: Option<&Arc<Identity>>,
        ahead: Ahead,
    ) -> impl Future<Output = Result<IngestReport, IngestError>> + Send + use<> {
        let ReadBatch {
            identity,
            taken: lines,
            rejected,
            ignored,
            ..
        } = self.read(lines, identity, ahead);
        let (reply, fate) = oneshot::channel();
        self.writer.send(Job::Take(Intake { lines, identity }, reply));
        let fates = Arc::clone(&self.fates);
        async move {
            let mut report = fate.await.unwrap_or(Err(IngestError::Stopping))?;
            fates.at_the_desk(&report);
            report.ignored = ignored;
            report.rejected.extend(rejected);
            report.rejected.sort_by_key(|rejected| rejected.line);
            Ok(report)
        }
    }

    /// Hands lines that were read already, on the operator's behalf, to the writer at once; the result waits for their fate.
    pub fn take(&self, lines: Vec<NumberedLine>) -> impl FnOnce() -> Result<IngestReport, IngestError> + Send + use<> {
        let (reply, fate) = oneshot::channel();
        let intake = Intake { lines, identity: None };
        self.writer.send(Job::Take(intake, reply));
        let fates = Arc::clone(&self.fates);
        move || {
            let report = fate.blocking_recv().unwrap_or(Err(IngestError::Stopping))?;
            fates.at_the_desk(&report);
            Ok(report)
        }
    }

    /// Counts what is there. Cost: every state is folded once, on the writer's thread.
    ///
    /// # Errors
    /// When the service is stopping.
    pub fn stats(&self) -> Result<Stats, IngestError> {
        let (reply, stats) = oneshot::channel();
        self.writer.send(Job::Stats(reply));
        stats.blocking_recv().map_err(|_| IngestError::Stopping)
    }

    /// What each source sent, in the order of names: counts and instants, no content.
    ///
    /// # Errors
    /// When the service is stopping.
    pub fn sources(&self) -> Result<Vec<SourceStats>, IngestError> {
        let (reply, sources) = oneshot::channel();
        self.writer.send(Job::Sources(reply));
        sources.blocking_recv().map_err(|_| IngestError::Stopping)
    }

    /// The patterns of communities that are left out: of sources, and of communities there.
    pub fn ignored(&self) -> impl Iterator<Item = (String, String)> {
        self.sources.ignored()
    }

    /// What answers are made from right now: as long as it stays the same, so does every answer.
    pub fn edition(&self) -> Edition {
        let snapshot = self.snapshot();
        Edition {
            data_id: self.data_id,
            generation: snapshot.generation,
            as_of: snapshot.as_of(self.now()),
        }
    }

    /// Calls `each` with every canonical line of the log in order, on this thread, beside the writer.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn export(&self, each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), KeyError> {
        let reader = self.reader()?.ok_or(KeyError::Stopping)?;
        Ok(reader.scan(0, &mut |record| each(record.payload))?)
    }

    /// A connection of its own for reading the log; `None` when the service is stopping.
    pub(super) fn reader(&self) -> Result<Option<Box<dyn Reader>>, StoreError> {
        let (reply, reader) = oneshot::channel();
        self.writer.send(Job::Reader(reply));
        reader.blocking_recv().ok().transpose()
    }

    /// The note called `name`, from the disk.
    ///
    /// # Errors
    /// When it cannot be read, or the service is stopping.
    pub(super) fn note_called(&self, name: NoteName) -> Result<Option<Vec<u8>>, IngestError> {
        let (reply, note) = oneshot::channel();
        self.writer.send(Job::Note(name, reply));
        let note = note.blocking_recv().map_err(|_| IngestError::Stopping)?;
        note.map_err(|error| IngestError::Store(error.to_string()))
    }

    /// A way to what the store keeps beside the log; `None` when the service is stopping.
    pub(super) fn cabinet(&self) -> Option<Cabinet> {
        self.writer.cabinet()
    }

    /// Hands a job to the writer.
    pub(super) fn send(&self, job: Job) {
        self.writer.send(job);
    }

    /// Hands a job about keys to the writer, and waits for its end.
    pub(super) fn ask_writer<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, KeyError>>) -> Job,
    ) -> Result<T, KeyError> {
        let (reply, answer) = oneshot::channel();
        self.writer.send(job(reply));
        answer.blocking_recv().unwrap_or(Err(KeyError::Stopping))
    }
}

/// What answers are made from, beside the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The identity of the data: random, and secret.
    pub data_id: [u8; 16],
    /// The last sequence of the log.
    pub generation: u64,
    /// The instant as of which answers hold.
    pub as_of: Timestamp,
}
