//! A people file as a feed: read and compared before anything is sent, so that a file that is not the right one changes
//! nothing.

use super::feed::{Feed, Input, Take};
use super::progress::Progress;
use super::report::FileAccount;
use crate::app::Clock as _;
use crate::cli::failure::Failure;
use crate::cli::machine::SystemClock;
use crate::domain::{Day, Timestamp};
use crate::ingest::hr::{Changes, FileError, History, MAX_FILE_BYTES, Mapping, People};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A file that was read, and not yet compared with what its source said before.
pub struct PeopleFile {
    name: String,
    people: People,
    mapping: Mapping,
    source: String,
    as_of: Timestamp,
}

impl PeopleFile {
    /// Reads `input` as `mapping` says, as events of `source`, or of the one that the mapping names, or of `hr`; as of
    /// the start of the day `as_of`, or of now.
    ///
    /// # Errors
    /// When either file cannot be read, or they do not fit each other.
    pub fn open(input: &Input, mapping: &Path, source: Option<&str>, as_of: Option<Day>) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(mapping).map_err(|error| Failure::file("read", mapping, error))?;
        let wrong = |why| Failure::usage(format!("the mapping {} is not right: {why}", mapping.display()));
        let mapping = Mapping::parse(&text).map_err(wrong)?;
        let bytes = read(input)?;
        let people = People::read(&bytes, &mapping).map_err(|error| match error {
            FileError::File(why) => Failure::new(format!("{}: {why}; nothing was imported", input.name())),
            FileError::Mapping(why) => Failure::usage(format!(
                "the mapping does not fit {}: {why}; nothing was imported",
                input.name()
            )),
        })?;
        Ok(Self {
            name: input.name().to_owned(),
            source: source.or(mapping.source.as_deref()).unwrap_or("hr").to_owned(),
            as_of: as_of.map_or_else(|| SystemClock.now(), Day::start),
            people,
            mapping,
        })
    }

    /// Where to gather what the source said before.
    pub fn history(&self) -> History {
        History::new(&self.source)
    }

    /// What the file changes.
    pub fn compared(self, history: &History) -> PeopleFeed {
        PeopleFeed {
            name: self.name,
            changes: self.people.compared(&self.mapping, &self.source, history, self.as_of),
        }
    }
}

fn read(input: &Input) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    let read = File::open(input.readable()).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| Failure::file("read", input.readable(), error))?;
    Ok(bytes)
}

/// The feed of what a file changes.
pub struct PeopleFeed {
    name: String,
    changes: Changes,
}

impl PeopleFeed {
    /// What became of the rows, and what else is worth knowing.
    pub fn account(&self) -> (Vec<FileAccount>, Vec<String>) {
        let account = FileAccount::new(&self.name, &self.changes.tally);
        (vec![account], self.changes.notes.clone())
    }
}

impl Feed for PeopleFeed {
    fn run(&mut self, progress: &Progress, to: &mut dyn Take) {
        for (number, line) in &self.changes.lines {
            let line = line.as_ref().map(Vec::as_slice).map_err(Clone::clone);
            progress.read(line.as_ref().map_or(0, |line| line.len()));
            if !to.line(0, *number, line) {
                return;
            }
        }
        to.end(0, None);
    }
}
