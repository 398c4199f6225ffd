//! Verification: what is on disk is what was written, and what is in memory is what the disk says.
//!
//! Invariants: nothing is changed or repaired; every part is looked at even when another one is damaged, and a part that
//! cannot be judged for that reason is said to be so, never to be whole.

use super::fold::{Span, fold};
use super::service::{OpenError, Service};
use super::stats::Stats;
use super::upkeep::UpkeepError;
use crate::domain::Timestamp;
use crate::store::{Look, Part, Reader, StoreError};
use crate::world::{View, World};
use std::path::Path;

/// How a part was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it must be.
    Whole,
    /// Not as it must be.
    Damaged,
    /// It could not be looked at because of what was found before.
    Skipped,
}

/// What was found of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartReport {
    /// The part: `structure`, `records`, `subjects`, `keys`, `models`, `audit`, `events`, `digest` or `rebuild`.
    pub part: &'static str,
    /// How it was found.
    pub outcome: Outcome,
    /// How much of it there is, where that can be counted.
    pub count: Option<u64>,
    /// The first record that cannot be trusted, where the damage is in one.
    pub record: Option<u64>,
    /// What is wrong and what to do, when something is.
    pub detail: Option<String>,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Every part, in the order in which it was looked at.
    pub parts: Vec<PartReport>,
    /// The last sequence of the log.
    pub generation: u64,
    /// The digest of everything that the log says, when it could be folded.
    pub digest: Option<String>,
}

impl Verification {
    /// Whether everything was looked at and is as it must be.
    pub fn is_whole(&self) -> bool {
        self.parts.iter().all(|part| part.outcome == Outcome::Whole)
    }

    /// The first record that cannot be trusted.
    pub fn first_bad_record(&self) -> Option<u64> {
        self.parts.iter().filter_map(|part| part.record).min()
    }

    fn note(&mut self, part: &'static str, found: Result<Option<u64>, Bad>) -> bool {
        let whole = found.is_ok();
        let (count, bad) = match found {
            Ok(count) => (count, None),
            Err(bad) => (None, Some(bad)),
        };
        self.parts.push(PartReport {
            part,
            outcome: if whole { Outcome::Whole } else { Outcome::Damaged },
            count,
            record: bad.as_ref().and_then(|bad| bad.record),
            detail: bad.map(|bad| bad.what),
        });
        whole
    }

    fn skip(&mut self, parts: &[&'static str]) {
        self.parts.extend(parts.iter().map(|part| PartReport {
            part,
            outcome: Outcome::Skipped,
            count: None,
            record: None,
            detail: None,
        }));
    }
}

/// What is wrong with a part.
struct Bad {
    record: Option<u64>,
    what: String,
}

impl From<OpenError> for Bad {
    fn from(error: OpenError) -> Self {
        Self {
            record: error.record(),
            what: error.to_string(),
        }
    }
}

impl From<String> for Bad {
    fn from(what: String) -> Self {
        Self { record: None, what }
    }
}

const fn name(part: Part) -> &'static str {
    match part {
        Part::Structure => "structure",
        Part::Records => "records",
        Part::Subjects => "subjects",
        Part::Keys => "keys",
        Part::Artefacts => "models",
        Part::Audit => "audit",
    }
}

/// How often a running service is verified until nothing leaves its log meanwhile.
const TRIES: usize = 3;

/// What a running service holds in memory, to be held against the disk.
struct Live {
    stats: Stats,
    view: View,
    generation: u64,
}

/// Verifies the data folder `folder`, which nobody owns. Cost: reads it whole, some parts twice, and folds its log.
///
/// # Errors
/// [`StoreError::Locked`] when somebody owns it, [`StoreError::Missing`] when there is nothing. What an opening refuses
/// as damaged is a finding, not an error.
pub fn verify_folder(folder: &Path, now: Timestamp) -> Result<Verification, StoreError> {
    let mut found = Verification::default();
    match Look::at_folder(folder) {
        Ok(look) => examine(&mut found, look.reader(), folder, now, None),
        Err(error @ StoreError::Damaged { .. }) => {
            found.note("structure", Err(OpenError::from(error).into()));
            found.skip(&[
                "records", "subjects", "keys", "models", "audit", "events", "digest", "rebuild",
            ]);
        }
        Err(error) => return Err(error),
    }
    Ok(found)
}

impl Service {
    /// Verifies the disk, and what this service holds in memory against it, on this thread; anew when somebody is erased
    /// meanwhile, which is no damage. Cost: reads the database, and needs the memory of a second World meanwhile; the writer
    /// waits only while the state is digested.
    ///
    /// # Errors
    /// When another such job runs, people are erased time and again, or the service is stopping.
    pub fn verify(&self) -> Result<Verification, UpkeepError> {
        let _turn = self.upkeep.turn()?;
        for _ in 0..TRIES {
            let departures = self.published.departures();
            let found = self.verified()?;
            if found.is_whole() || self.published.departures() == departures {
                return Ok(found);
            }
        }
        Err(UpkeepError::Changing)
    }

    fn verified(&self) -> Result<Verification, UpkeepError> {
        let reader = self.reader()?.ok_or(UpkeepError::Stopping)?;
        let stats = self.stats().map_err(|_| UpkeepError::Stopping)?;
        let snapshot = self.snapshot();
        let live = Live {
            stats,
            view: snapshot.view.clone(),
            generation: snapshot.generation,
        };
        drop(snapshot);
        let mut found = Verification::default();
        examine(&mut found, &*reader, &self.upkeep.folder, self.now(), Some(live));
        Ok(found)
    }
}

fn examine(found: &mut Verification, reader: &dyn Reader, folder: &Path, now: Timestamp, live: Option<Live>) {
    let mut readable = true;
    for part in Part::ALL {
        let examined = reader.examine(part);
        let whole = found.note(
            name(part),
            examined.map(Some).map_err(|error| OpenError::from(error).into()),
        );
        readable &= whole || part != Part::Records;
    }
    found.generation = reader.last_sequence().unwrap_or_default();
    if !readable {
        found.skip(&["events", "digest", "rebuild"]);
        return;
    }
    let mut world = World::default();
    let fold_on = |world: &mut World, after, until| {
        fold(reader, Span { after, until }, folder, now, &mut |_, fact| {
            world.apply(fact);
        })
    };
    let first = live.as_ref().map_or(u64::MAX, |live| live.stats.generation);
    let folded = fold_on(&mut world, 0, first);
    if let Err(error) = folded {
        found.note("events", Err(error.into()));
        found.skip(&["digest", "rebuild"]);
        return;
    }
    let digest = world.digest().to_string();
    let in_memory = live.as_ref().map(|live| live.stats.digest.clone());
    // The world goes on to what the snapshot knows, which may be more.
    if let Some(live) = &live
        && let Err(error) = fold_on(&mut world, first, live.generation)
    {
        found.note("events", Err(error.into()));
        found.skip(&["digest", "rebuild"]);
        return;
    }
    found.note("events", Ok(Some(world.events().values().sum())));
    found.note("digest", same_digest(&digest, in_memory).map(|()| None));
    found.digest = Some(digest);
    let view = live.map(|live| live.view);
    if let Some(view) = &view {
        world.set_basis(view.basis().cloned());
    }
    found.note("rebuild", same_view(&world, view.as_ref()).map(|()| None));
}

fn same_digest(on_disk: &str, in_memory: Option<String>) -> Result<(), Bad> {
    match in_memory {
        Some(in_memory) if in_memory != on_disk => Err(format!(
            "the running service holds {in_memory}, and its log says {on_disk}: start it again, and report it"
        )
        .into()),
        _ => Ok(()),
    }
}

/// Layer 2 against one that is built anew from layer 1.
fn same_view(world: &World, in_memory: Option<&View>) -> Result<(), Bad> {
    let rebuilt = world.rebuilt();
    match in_memory.unwrap_or(world.view()).difference(&rebuilt) {
        None => Ok(()),
        Some(difference) => Err(format!(
            "what answers are computed from is not what a rebuild shows, first in {difference}: start the service \
             again, and report it"
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Clock, Manner, RECOMMENDATIONS_BYTES, Settings, Sources};
    use std::sync::{Arc, Mutex, PoisonError};
    use std::thread::ThreadId;

    /// What is done when this thread looks at the clock.
    type Meddler = (ThreadId, Box<dyn FnMut() + Send>);

    /// A clock that carries something out when the thread that is to be disturbed looks at it.
    struct Meddling(Mutex<Option<Meddler>>);

    impl Clock for Meddling {
        fn now(&self) -> Timestamp {
            let armed = self.0.try_lock().ok().and_then(|mut armed| {
                let here = |(thread, _): &(ThreadId, _)| *thread == std::thread::current().id();
                armed.take_if(|armed| here(armed))
            });
            if let Some((thread, mut meddle)) = armed {
                meddle();
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((thread, meddle));
            }
            Timestamp::from_micros(1_772_442_030_000_000)
        }
    }

    /// What a verification finds while, each time that it is under way, `erased` more people are erased in all.
    fn verified_while_erasing(erased: usize) -> Result<Verification, UpkeepError> {
        let temp = tempfile::tempdir().unwrap();
        let settings = Settings {
            folder: temp.path().to_owned(),
            create: true,
            new_data_id: [7; 16],
            weights: None,
            sources: Sources::default(),
            manner: Manner::Vous,
            recommendations_bytes: RECOMMENDATIONS_BYTES,
        };
        let clock = Arc::new(Meddling(Mutex::default()));
        let service = Arc::new(Service::open(settings, Arc::clone(&clock) as Arc<dyn Clock>).unwrap());
        let person = |n: usize| {
            format!(
                r#"{{"id":"{n}","source":"s","type":"person.upserted","at":"2026-01-01T08:00:00Z","data":{{"person":"p{n}"}}}}"#
            )
        };
        let people: Vec<String> = (0..9).map(person).collect();
        let mut lines = (1..).zip(people.iter().map(|line| Ok(line.as_bytes())));
        let fate = service.submit(&mut lines, None);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(fate).unwrap().accepted, 9);
        let (told, mut next) = (Arc::clone(&service), 0);
        let meddle = move || {
            if next < erased {
                told.erase_person(&format!("p{next}")).unwrap();
                next += 1;
            }
        };
        *clock.0.lock().unwrap() = Some((std::thread::current().id(), Box::new(meddle)));
        let found = service.verify();
        *clock.0.lock().unwrap() = None;
        found
    }

    #[test]
    fn somebody_who_is_erased_meanwhile_is_no_damage() {
        for erased in [0, 1, 2] {
            let found = verified_while_erasing(erased).unwrap();
            assert!(found.is_whole(), "{erased}: {found:?}");
        }
        assert!(matches!(verified_while_erasing(9), Err(UpkeepError::Changing)));
    }
}
