//! The work of an import: one thread cuts files into chunks of lines, others read the lines, and this one hands chunk
//! after chunk to the writer and gathers what became of them. All at once, and all in the order of the files.
//!
//! Memory is bounded: so many chunks wait at each step, and no more.

use super::progress::Progress;
use super::report::Report;
use crate::cli::failure::Failure;
use crate::cli::intake::Chunk;
use crate::cli::session::{IN_FLIGHT, Intake, Pending, Ready};
use crate::ingest::{BatchError, open_file};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Chunks that wait for, or come from, each thread that reads lines.
const WAITING: usize = 2;
/// Threads that read lines at most; the writer cannot follow more.
const MAX_READERS: usize = 4;

/// A file to import.
pub struct Input {
    path: PathBuf,
    name: String,
}

impl Input {
    /// The file at `path`; `-` is standard input.
    pub fn new(path: &Path) -> Self {
        let standard = path.as_os_str() == "-";
        Self {
            path: if standard { "/dev/stdin".into() } else { path.to_owned() },
            name: if standard {
                "-".to_owned()
            } else {
                path.display().to_string()
            },
        }
    }

    /// The name that reports use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is, unless it is standard input.
    pub fn path(&self) -> Option<&Path> {
        (self.name != "-").then_some(&*self.path)
    }

    /// Whether it can be read at all.
    ///
    /// # Errors
    /// When it is not there, or is a folder.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(path) = self.path() else { return Ok(()) };
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                Err(Failure::new(format!("{} is a folder: name its files", self.name)))
            }
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::file("read", path, error)),
        }
    }
}

/// A chunk on its way through the threads.
struct Parcel<C> {
    file: usize,
    content: C,
    /// Why its file ends here, if it should not.
    broken: Option<String>,
}

/// Imports `inputs`, and adds what becomes of them to `report`.
///
/// # Errors
/// When the writer cannot go on; what it acknowledged is in the report.
pub fn run(inputs: &[Input], intake: &Intake, progress: &Progress, report: &mut Report) -> Result<(), Failure> {
    let readers = std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1));
    std::thread::scope(|scope| {
        let (to_readers, from_readers): (Vec<_>, Vec<_>) = (0..readers.clamp(1, MAX_READERS))
            .map(|_| start_reader(scope, intake))
            .unzip();
        scope.spawn(move || {
            // A closed channel means that the import has failed and said so.
            let mut turn = to_readers.iter().cycle();
            let mut hand_on = |parcel| turn.next().is_some_and(|to| to.send(parcel).is_ok());
            for (file, input) in inputs.iter().enumerate() {
                if !cut(file, input, progress, &mut hand_on) {
                    break;
                }
            }
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

/// Cuts one file into chunks; `false` when nobody takes them any more.
fn cut(file: usize, input: &Input, progress: &Progress, hand_on: &mut dyn FnMut(Parcel<Chunk>) -> bool) -> bool {
    let mut content = Chunk::default();
    let ended = each_line(input, &mut |number, line| {
        content.push(number, line);
        if !content.is_full() {
            return true;
        }
        progress.read(content.bytes.len() + content.lines.len());
        let content = std::mem::take(&mut content);
        hand_on(Parcel {
            file,
            content,
            broken: None,
        })
    });
    let broken = match ended {
        Ok(true) => None,
        Ok(false) => return false,
        Err(error) => Some(error.to_string()),
    };
    progress.read(content.bytes.len() + content.lines.len());
    (content.is_empty() && broken.is_none()) || hand_on(Parcel { file, content, broken })
}

type EachLine<'e> = &'e mut dyn FnMut(u64, Result<&[u8], crate::ingest::Rejection>) -> bool;

/// Calls `each` with every line of a file; `false` when `each` wanted no more.
fn each_line(input: &Input, each: EachLine<'_>) -> Result<bool, BatchError> {
    let mut lines = open_file(&input.path)?;
    while let Some(line) = lines.next_line()? {
        if !each(line.number, line.bytes) {
            return Ok(false);
        }
    }
    Ok(true)
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
    on_its_way.into_iter().try_for_each(settle)
}
