//! The work of an import: one thread feeds lines and cuts them into chunks, others read the lines, and this one hands
//! chunk after chunk to the writer and gathers what became of them. All at once, and all in the order of the files.
//!
//! Memory is bounded: so many chunks wait at each step, and no more.

use super::feed::{Feed, Take};
use super::progress::Progress;
use super::report::Report;
use crate::cli::failure::Failure;
use crate::cli::intake::Chunk;
use crate::cli::session::{IN_FLIGHT, Intake, Pending, Ready};
use crate::ingest::Rejection;
use std::collections::VecDeque;
use std::iter::Cycle;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Chunks that wait for, or come from, each thread that reads lines.
const WAITING: usize = 2;
/// Threads that read lines at most; the writer cannot follow more.
const MAX_READERS: usize = 4;

/// A chunk on its way through the threads.
struct Parcel<C> {
    file: usize,
    content: C,
    /// Why its file ends here, if it should not.
    broken: Option<String>,
}

/// Imports what `feed` gives, and adds what becomes of it to `report`.
///
/// # Errors
/// When the writer cannot go on; what it acknowledged is in the report.
pub fn run(feed: &mut dyn Feed, intake: &Intake, progress: &Progress, report: &mut Report) -> Result<(), Failure> {
    let readers = std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1));
    std::thread::scope(|scope| {
        let (to_readers, from_readers): (Vec<_>, Vec<_>) = (0..readers.clamp(1, MAX_READERS))
            .map(|_| start_reader(scope, intake))
            .unzip();
        scope.spawn(move || {
            let mut cutter = Cutter {
                content: Chunk::default(),
                turn: to_readers.iter().cycle(),
            };
            feed.run(progress, &mut cutter);
        });
        gather(&from_readers, progress, report)
    })
}

type Reader<'i> = (SyncSender<Parcel<Chunk>>, Receiver<Parcel<Ready<'i>>>);

/// Starts a thread that reads the lines of chunks.
fn start_reader<'s, 'i: 's>(scope: &'s Scope<'s, '_>, intake: &'i Intake) -> Reader<'i> {
    let (to_reader, chunks) = sync_channel::<Parcel<Chunk>>(WAITING);
    let (ready, from_reader) = sync_channel(WAITING);
    scope.spawn(move || {
        for parcel in chunks {
            let parcel = Parcel {
                file: parcel.file,
                content: intake.prepare(parcel.content),
                broken: parcel.broken,
            };
            if ready.send(parcel).is_err() {
                break;
            }
        }
    });
    (to_reader, from_reader)
}

/// Cuts lines into chunks and deals these out in turn.
struct Cutter<'t> {
    content: Chunk,
    turn: Cycle<std::slice::Iter<'t, SyncSender<Parcel<Chunk>>>>,
}

impl Cutter<'_> {
    /// A closed channel means that the import has failed and said so.
    fn hand_on(&mut self, file: usize, broken: Option<String>) -> bool {
        let content = std::mem::take(&mut self.content);
        let parcel = Parcel { file, content, broken };
        self.turn.next().is_some_and(|to| to.send(parcel).is_ok())
    }
}

impl Take for Cutter<'_> {
    fn line(&mut self, file: usize, number: u64, line: Result<&[u8], Rejection>) -> bool {
        self.content.push(number, line);
        !self.content.is_full() || self.hand_on(file, None)
    }

    fn end(&mut self, file: usize, broken: Option<String>) -> bool {
        (self.content.is_empty() && broken.is_none()) || self.hand_on(file, broken)
    }
}

/// Hands over what is ready, in the order in which it was cut, and gathers what became of it.
fn gather(readers: &[Receiver<Parcel<Ready<'_>>>], progress: &Progress, report: &mut Report) -> Result<(), Failure> {
    let mut on_its_way: VecDeque<Parcel<Pending<'_>>> = VecDeque::with_capacity(IN_FLIGHT);
    let mut taken = 0;
    let mut settle = |parcel: Parcel<Pending<'_>>| -> Result<(), Failure> {
        let outcome = (parcel.content)()?;
        taken += outcome.accepted;
        progress.taken(taken);
        report.add(parcel.file, outcome);
        if let Some(why) = parcel.broken {
            report.broke_off(parcel.file, &why);
        }
        Ok(())
    };
    let mut handed_over = || -> Result<(), Failure> {
        // Chunks are dealt out in turn, so that the first reader that has none is behind the last chunk.
        for reader in readers.iter().cycle() {
            let Ok(parcel) = reader.recv() else { break };
            if on_its_way.len() == IN_FLIGHT
                && let Some(first) = on_its_way.pop_front()
            {
                settle(first)?;
            }
            on_its_way.push_back(Parcel {
                file: parcel.file,
                content: (parcel.content)()?,
                broken: parcel.broken,
            });
        }
        Ok(())
    };
    let mut fate = handed_over();
    // Those after one that failed may have been acknowledged all the same.
    for parcel in on_its_way {
        fate = fate.and(settle(parcel));
    }
    fate
}
