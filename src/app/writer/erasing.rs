//! Erasing, on the writer's thread: durable, then forgotten by the World, then published, then answered.

use super::desk::{Desk, stop_at_once};
use crate::app::answers::QueryError;
use crate::app::audit::{AuditAction, AuditEntry};
use crate::app::erasure::{Erasable, EraseError, Erased, Selection};
use crate::app::full_disk::PROBE;
use crate::app::retention::Due;
use crate::domain::{EventKey, PersonId, Timestamp};
use crate::ingest::{Decoded, FutureRule, decode};
use crate::store::{Erasure, NewRecord, StoreError, Tombstone};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// [`PROBE`] in microseconds.
const PROBE_MICROS: i64 = PROBE.as_micros() as i64;

/// What goes at once, and what is to be known again.
#[derive(Default)]
pub(super) struct Going {
    pub(super) selection: Selection,
    pub(super) sequences: Vec<u64>,
    pub(super) tombstones: Vec<Tombstone>,
    /// Names of access keys.
    pub(super) keys: Vec<String>,
}

impl Desk {
    /// Erases the human behind the account `id`.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed then.
    pub(super) fn erase_person(&mut self, id: &str) -> Result<Erased, EraseError> {
        let view = self.world.view();
        let accounts: BTreeSet<PersonId> = match view.person(id) {
            Some(human) => view.accounts(human).map(|ix| view.people.get(ix).id.clone()).collect(),
            None => [PersonId::new(id)].into(),
        };
        let going = self.going(&accounts, self.clock.now())?;
        let held = !going.sequences.is_empty() || !going.keys.is_empty();
        if !held && !self.marks.hold(Erasable::Person(id)) {
            return Err(QueryError::NotFound("person").into());
        }
        if held {
            self.carry_out(going)?;
        }
        Ok(Erased {
            person: id.to_owned(),
            generation: self.generation,
        })
    }

    /// Erases again, after an older database took the place of one in which it was done.
    ///
    /// # Errors
    /// When the store refuses.
    pub(super) fn erase_again(&mut self, due: Vec<Tombstone>) -> Result<(), StoreError> {
        if due.is_empty() {
            return Ok(());
        }
        let view = self.world.view();
        let facts = self.world.facts();
        let accounts: BTreeSet<PersonId> = facts.flat_map(|fact| self.marks.erased_in(view, fact)).collect();
        tracing::info!(
            people = accounts.len(),
            "erasing again whom an older database still held"
        );
        let mut going = self.going(&accounts, self.clock.now())?;
        going.tombstones = due;
        self.carry_out(going)?;
        let (data_id, now) = (self.store.data_id(), self.clock.now());
        let told = accounts.iter().map(|account| {
            let entry = AuditEntry::of_operator(AuditAction::PersonErased).about(account);
            entry.what("again, from an older database").encode(data_id, now)
        });
        let told: Vec<Vec<u8>> = told.collect();
        let rows: Vec<&[u8]> = told.iter().map(Vec::as_slice).collect();
        if rows.is_empty() { Ok(()) } else { self.tell(&rows) }
    }

    /// Lets facts go whose time is over.
    ///
    /// # Errors
    /// When the store refuses; nothing was changed then.
    pub(super) fn retire(&mut self, due: Vec<Due>) -> Result<(), StoreError> {
        // What was erased since it was looked for is gone already.
        let there = due.into_iter().filter(|(_, key)| self.world.fact(key).is_some());
        let (mut sequences, keys): (Vec<u64>, BTreeSet<EventKey>) = there.unzip();
        if keys.is_empty() {
            return Ok(());
        }
        let selection = Selection::of_keys(&self.world, keys.clone());
        let others: BTreeSet<EventKey> = selection.keys.difference(&keys).cloned().collect();
        sequences.extend(self.places.find(&*self.store, &others, self.clock.now())?);
        self.carry_out(Going {
            selection,
            sequences,
            ..Going::default()
        })
    }

    /// Where everything lies that would go with the people behind `accounts`, in the order of the log. Cost: as erasing
    /// them, without the writing.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn held(&self, accounts: &BTreeSet<PersonId>) -> Result<Vec<u64>, StoreError> {
        Ok(self.going(accounts, self.clock.now())?.sequences)
    }

    /// Everything that goes with the people behind `accounts`.
    fn going(&self, accounts: &BTreeSet<PersonId>, now: Timestamp) -> Result<Going, StoreError> {
        let mut named: BTreeMap<u64, Decoded> = BTreeMap::new();
        for account in accounts {
            self.store.records_of(account.as_str(), &mut |record| {
                if let Ok(decoded) = decode(record.payload, FutureRule::Accept { now }) {
                    named.insert(record.sequence, decoded);
                }
                ControlFlow::Continue(())
            })?;
        }
        let selection = Selection::of(&self.world, accounts, named.values(), now);
        let found: BTreeSet<&EventKey> = named.values().map(|decoded| &decoded.fact.key).collect();
        let others = selection.keys.iter().filter(|key| !found.contains(key));
        let others: BTreeSet<EventKey> = others.cloned().collect();
        let mut sequences: Vec<u64> = named.keys().copied().collect();
        sequences.extend(self.places.find(&*self.store, &others, now)?);
        sequences.sort_unstable();
        let bound = self.store.keys()?.into_iter().filter(|key| {
            // An older database may hold a key of somebody whom nothing else in it names.
            let person = key.person.as_deref().map(PersonId::new);
            let erased = |person: &PersonId| self.marks.hold(Erasable::Person(person.as_str()));
            person.is_some_and(|person| accounts.contains(&person) || erased(&person))
        });
        let keys = bound.map(|key| key.name).collect();
        let people = accounts.iter().map(|id| Erasable::Person(id.as_str()));
        let questions = selection.things.questions.iter();
        let answers = selection.things.answers.iter();
        let things = people
            .chain(questions.map(|id| Erasable::Question(id.as_str())))
            .chain(answers.map(|id| Erasable::Answer(id.as_str())))
            .chain(selection.things.asks.iter().map(|id| Erasable::Ask(id.as_str())));
        let tombstones = things.map(|thing| Tombstone {
            mark: self.marks.mark(thing),
            at_micros: now.micros(),
        });
        Ok(Going {
            tombstones: tombstones.collect(),
            selection,
            sequences,
            keys,
        })
    }

    /// Lets `going` go: from the disk in one transaction, from the World, from the keys. On a full disk, in the space that
    /// is held back.
    ///
    /// # Errors
    /// When the store refuses; nothing was changed then.
    pub(super) fn carry_out(&mut self, going: Going) -> Result<(), StoreError> {
        let rewritten = going.selection.rewritten;
        let subjects: Vec<Vec<&str>> = rewritten
            .iter()
            .map(|line| line.fact.body.people().into_iter().map(PersonId::as_str).collect())
            .collect();
        let group: Vec<NewRecord<'_>> = rewritten
            .iter()
            .zip(&subjects)
            .map(|(line, subjects)| NewRecord {
                payload: &line.canonical,
                subjects,
            })
            .collect();
        let erasure = Erasure {
            sequences: &going.sequences,
            group: &group,
            tombstones: &going.tombstones,
            keys: &going.keys,
        };
        self.published.note_departure();
        let forgotten = self.cannot_wait(|store| store.forget(&erasure));
        if let Err(error) = &forgotten
            && error.is_fatal()
        {
            stop_at_once(&error.to_string());
        }
        self.generation = forgotten?;
        drop(group);
        let mut keys = going.selection.keys;
        for key in &keys {
            if let Some(fact) = self.world.fact(key) {
                self.tally.forget(fact);
            }
        }
        keys.extend(rewritten.iter().map(|line| line.fact.key.clone()));
        self.world.forget(&keys);
        going.sequences.iter().for_each(|&sequence| self.places.clear(sequence));
        let first = self.generation + 1 - rewritten.len() as u64;
        for (sequence, line) in (first..).zip(rewritten) {
            self.places.note(sequence, &line.fact.key);
            self.world.apply(line.fact);
        }
        self.marks.stand(&going.tombstones);
        self.refresh_keys()?;
        self.publish();
        // Once nobody can take the old view any more: whoever noted this one has a view without them.
        let latest = going.tombstones.iter().map(|stone| stone.at_micros).max();
        self.published.note_erased(latest.unwrap_or(i64::MIN));
        self.tidy();
        Ok(())
    }

    /// Removes what was erased from the write-ahead log too, unless somebody still reads an old state of it; on a full disk,
    /// in the space that is held back.
    pub(super) fn tidy(&mut self) {
        self.tidied = Some(self.clock.now());
        match self.cannot_wait(|store| store.purge()) {
            Ok(_) => {}
            Err(error) if error.is_fatal() => stop_at_once(&error.to_string()),
            Err(error) => tracing::warn!(%error, "erased bytes are still in the write-ahead log: trying again"),
        }
    }

    /// As [`Desk::tidy`], when there is something to remove and the last try lies long enough back.
    pub(super) fn tidy_again(&mut self) {
        let now = self.clock.now();
        let rested = |last: Timestamp| now < last || now >= last.plus_micros(PROBE_MICROS);
        if self.store.is_to_purge() && self.tidied.is_none_or(rested) {
            self.tidy();
        }
    }
}
