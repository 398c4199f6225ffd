//! What the writer's thread does.
//!
//! It gathers what waits into one group, makes the group durable, applies it, publishes the new snapshot, and only then
//! acknowledges. A failing device or a panic while applying ends the process at once: memory and disk may disagree.

mod beside;

use super::group::{Row, Sorted, Waiting, independent, refuse, refused};
use super::{Change, Job, Published};
use crate::app::clock::Clock;
use crate::app::erasure::{Marks, Places};
use crate::app::full_disk::{PROBE, Room, cannot_wait};
use crate::app::ingest::{IngestError, NumberedLine};
use crate::app::meters;
use crate::app::models::{Change as ModelsChange, Models, ModelsError};
use crate::app::snapshot::Snapshot;
use crate::app::sources::Sources;
use crate::app::stats::Stats;
use crate::app::tally::Tally;
use crate::domain::{PersonId, Timestamp};
use crate::store::{NewRecord, Store, StoreError};
use crate::world::World;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

/// Lines that one group holds at most.
const GROUP_LINES: usize = 20_000;
/// Rows of the audit log that are written with one flush at most.
const GROUP_ROWS: usize = 1_000;

/// Ends the process: what is in memory can no longer be trusted, and the log is safe.
pub(super) fn stop_at_once(why: &str) -> ! {
    tracing::error!("stopping at once: {why}; the log is safe, start again");
    std::process::abort()
}

/// The thread's own: nobody else holds the log or the World.
pub(super) struct Desk {
    pub(super) store: Box<dyn Store>,
    pub(super) world: World,
    pub(super) tally: Tally,
    pub(super) places: Places,
    pub(super) marks: Marks,
    pub(super) published: Arc<Published>,
    pub(super) sources: Arc<Sources>,
    room: Room,
    models: Arc<Models>,
    pub(super) generation: u64,
    /// When it was tried last to remove what was erased from the write-ahead log.
    pub(super) tidied: Option<Timestamp>,
    /// Measures how long things take; no answer depends on it.
    pub(super) clock: Arc<dyn Clock>,
}

impl Desk {
    /// Takes over a store, the World folded from it, what each source sent to it, and where each event lies, and publishes
    /// them.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub(super) fn open(
        (store, world, tally, places): (Box<dyn Store>, World, Tally, Places),
        published: Arc<Published>,
        sources: Arc<Sources>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let generation = store.last_sequence()?;
        let models = Arc::clone(&published.snapshot.load().models);
        let stones = store.tombstones()?;
        let all = || stones.done.iter().chain(&stones.due);
        let mut desk = Self {
            marks: Marks::of(store.data_id(), all()),
            store,
            world,
            tally,
            places,
            published,
            sources,
            room: Room::default(),
            models,
            generation,
            tidied: None,
            clock,
        };
        let latest = all().map(|stone| stone.at_micros).max();
        desk.published.note_erased(latest.unwrap_or(i64::MIN));
        desk.refresh_keys()?;
        desk.erase_again(stones.due)?;
        desk.publish();
        Ok(desk)
    }

    /// Closes the store.
    pub(super) fn close(self) {
        if let Err(error) = self.store.close() {
            tracing::error!(%error, "the store did not close cleanly; the next start recovers");
        }
    }

    /// Does what comes, until nobody can send any more.
    pub(super) fn run(&mut self, queue: &Receiver<Job>) {
        loop {
            // While the disk is full, or somebody reads what was erased, it is looked at again although nobody writes.
            let first = if self.room.is_given_up() || self.store.is_to_purge() {
                queue.recv_timeout(PROBE)
            } else {
                queue.recv().map_err(RecvTimeoutError::from)
            };
            let mut next = match first {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => {
                    self.look_again();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let (mut group, mut rows): (Vec<Waiting>, Vec<Row>) = (Vec::new(), Vec::new());
            let mut lines = 0;
            while let Some(job) = next.take() {
                meters::job_taken();
                match job {
                    Job::Take(batch, reply) => {
                        lines += batch.lines.len();
                        group.push((batch, reply));
                        if lines < GROUP_LINES {
                            next = queue.try_recv().ok();
                        }
                    }
                    Job::Audit(row, reply) => {
                        rows.push((row, reply));
                        if rows.len() < GROUP_ROWS {
                            next = queue.try_recv().ok();
                        }
                    }
                    other => {
                        self.take(std::mem::take(&mut group));
                        self.attend(other);
                    }
                }
            }
            self.take(group);
            self.tell_of(rows);
            self.tidy_again();
        }
    }

    /// Looks whether what could not be done before can be done now.
    fn look_again(&mut self) {
        if self.room.is_given_up() {
            self.room.shortage(&mut *self.store);
        }
        if self.store.is_to_purge() {
            self.tidy();
        }
    }

    /// Takes a group in, in as many parts as it must be.
    fn take(&mut self, group: Vec<Waiting>) {
        for part in independent(group) {
            self.take_at_once(part);
        }
    }

    /// Takes batches in that do not build on each other: durable, applied, published, acknowledged, in this order.
    fn take_at_once(&mut self, batches: Vec<Waiting>) {
        let mut sorted: Vec<Sorted> = Vec::with_capacity(batches.len());
        for (batch, reply) in batches {
            sorted.push(self.sort(batch, reply));
        }
        let shortage = self.room.shortage(&mut *self.store);
        if let Some(error) = &shortage {
            sorted = refuse(sorted, error, cannot_wait);
        }
        if let Err(error) = self.append(&sorted) {
            let urgent = sorted.iter().any(|batch| cannot_wait(&batch.fresh));
            let full = shortage.is_none() && matches!(error, IngestError::DiskFull(_));
            sorted = if full && urgent && self.room.give_up(&mut *self.store, &error) {
                refuse(sorted, &error, cannot_wait)
            } else {
                refuse(sorted, &error, |_| false)
            };
            if let Err(error) = self.append(&sorted) {
                sorted = refuse(sorted, &error, |_| false);
            }
        }
        let durable = self.clock.now();
        let mut replies = Vec::with_capacity(sorted.len());
        let fresh: u64 = sorted.iter().map(|batch| batch.fresh.len() as u64).sum();
        let mut sequence = self.generation - fresh;
        for batch in sorted {
            for line in batch.fresh {
                sequence += 1;
                self.places.note(sequence, &line.decoded.fact.key);
                self.tally.count(&line.decoded.fact);
                self.world.apply(line.decoded.fact);
            }
            replies.push((batch.report, batch.reply));
        }
        self.publish();
        meters::published(durable, self.clock.now());
        for (mut report, reply) in replies {
            report.generation = self.generation;
            let _ = reply.send(Ok(report));
        }
    }

    fn append(&mut self, sorted: &[Sorted]) -> Result<(), IngestError> {
        let fresh: Vec<&NumberedLine> = sorted.iter().flat_map(|batch| &batch.fresh).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let rows: Vec<&[u8]> = sorted
            .iter()
            .flat_map(|batch| &batch.audit)
            .map(Vec::as_slice)
            .collect();
        if !rows.is_empty() {
            // First: an act without its row must not be; a row whose act failed tells that it was tried.
            self.store.append_audit(&rows).map_err(refused)?;
        }
        let subjects: Vec<Vec<&str>> = fresh
            .iter()
            .map(|line| {
                line.decoded
                    .fact
                    .body
                    .people()
                    .into_iter()
                    .map(PersonId::as_str)
                    .collect()
            })
            .collect();
        let records: Vec<NewRecord<'_>> = fresh
            .iter()
            .zip(&subjects)
            .map(|(line, subjects)| NewRecord {
                payload: &line.decoded.canonical,
                subjects,
            })
            .collect();
        let begun = self.clock.now();
        match self.store.append(&records) {
            Ok(last) => {
                meters::committed(records.len(), begun, self.clock.now());
                self.generation = last;
                Ok(())
            }
            Err(error) => Err(refused(error)),
        }
    }

    pub(super) fn publish(&self) {
        let snapshot = Snapshot::new(self.world.view().clone(), self.generation, Arc::clone(&self.models));
        self.published.snapshot.store(Arc::new(snapshot));
    }

    fn attend(&mut self, job: Job) {
        match job {
            Job::Take(batch, reply) => self.take(vec![(batch, reply)]),
            Job::PutKey(row, told, reply) => {
                let _ = reply.send(self.put_key(&row, &told));
            }
            Job::RevokeKey(name, at_micros, told, reply) => {
                let revoked = self.cannot_wait(|store| store.revoke_key(&name, at_micros));
                let refreshed = revoked.and_then(|done| self.refresh_keys().map(|()| done));
                let told = refreshed.and_then(|done| {
                    if done {
                        self.tell(&[&told]).map(|()| done)
                    } else {
                        Ok(done)
                    }
                });
                let _ = reply.send(told.map_err(Into::into));
            }
            Job::Audit(row, reply) => self.tell_of(vec![(row, reply)]),
            Job::Keys(reply) => {
                let _ = reply.send(self.store.keys().map_err(Into::into));
            }
            Job::Stats(reply) => {
                let _ = reply.send(Stats::of(&self.world, self.generation));
            }
            Job::Sources(reply) => {
                let _ = reply.send(self.tally.stats());
            }
            Job::Cabinet(change, reply) => {
                let _ = reply.send(self.change_cabinet(change));
            }
            Job::Note(name, reply) => {
                let _ = reply.send(self.store.note(&name));
            }
            Job::Models(change, reply) => {
                let _ = reply.send(self.change_models(change));
            }
            Job::Retire(due, reply) => {
                let _ = reply.send(self.retire(due).map_err(Into::into));
            }
            Job::Held(accounts, reply) => {
                let _ = reply.send(self.held(&accounts));
            }
            Job::Erase(id, reply) => {
                let _ = reply.send(self.erase_person(&id));
            }
            Job::Reader(reply) => {
                let _ = reply.send(self.store.reader());
            }
        }
    }

    /// Changes the models: durable, put to use, published, in this order. Cost: reads what every question is about anew
    /// when the basis is another one.
    fn change_models(&mut self, change: ModelsChange) -> Result<Arc<Models>, ModelsError> {
        self.room.hold(&mut *self.store)?;
        let change = change.knowing(self.published.erased());
        let after = match self.models.after(change, &mut *self.store) {
            Err(ModelsError::Store(error)) if error.is_fatal() => stop_at_once(&error.to_string()),
            other => Arc::new(other?),
        };
        let same = match (self.models.basis(), after.basis()) {
            (Some(before), Some(after)) => Arc::ptr_eq(before, after),
            (before, after) => before.is_none() && after.is_none(),
        };
        if !same {
            self.world.set_basis(after.basis().cloned());
        }
        self.models = Arc::clone(&after);
        self.publish();
        self.tidy_again();
        Ok(after)
    }

    /// Changes what lies beside the log; why that could not be done, in words.
    fn change_cabinet(&mut self, change: Change) -> Result<(), String> {
        let done = self.can_wait(change);
        if let Err(error) = &done
            && error.is_fatal()
        {
            stop_at_once(&error.to_string());
        }
        self.tidy_again();
        done.map_err(|error| error.to_string())
    }
}
