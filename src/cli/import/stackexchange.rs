//! A Stack Exchange dump as a feed: its files one after the other, through the translator.

use super::feed::{Feed, Input, Take};
use super::progress::Progress;
use super::report::FileAccount;
use crate::cli::failure::Failure;
use crate::ingest::stackexchange::{Dump, DumpFile, Translator};
use crate::ingest::{Tally, source_named};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// What a file is read by.
const BUFFER_BYTES: usize = 1 << 16;

/// The feed of one dump.
pub struct DumpFeed {
    files: Vec<(DumpFile, PathBuf)>,
    unread: Vec<String>,
    translator: Translator,
    tallies: Vec<Tally>,
}

impl DumpFeed {
    /// The dump in `folder`, as events of `source`, or of one named after the folder.
    ///
    /// # Errors
    /// When the folder holds no dump, cannot be listed, or gives no name to a source.
    pub fn open(folder: &Path, source: Option<&str>) -> Result<Self, Failure> {
        if folder.is_file() {
            return Err(Failure::usage(format!(
                "{} is a file: name the folder that holds the dump of one site",
                folder.display()
            )));
        }
        if !Dump::is_in(folder) {
            let why = "there is no Posts.xml in it: unpack the dump of one site into a folder of its own";
            return Err(Failure::file("read the dump in", folder, why));
        }
        let dump = Dump::find(folder).map_err(|error| Failure::file("read the folder", folder, error))?;
        let named = || {
            let whole = folder.canonicalize().ok()?;
            source_named(&whole.file_name()?.to_string_lossy())
        };
        let source = source.map(str::to_owned).or_else(named).ok_or_else(|| {
            Failure::usage("the folder's name gives no name for the source: say it with --source NAME")
        })?;
        Ok(Self {
            tallies: vec![Tally::default(); dump.files.len()],
            files: dump.files,
            unread: dump.unread,
            translator: Translator::new(&source),
        })
    }

    /// The files, for the bar and the report.
    pub fn inputs(&self) -> Vec<Input> {
        self.files.iter().map(|(_, path)| Input::new(path)).collect()
    }

    /// What became of the rows of each file, and what else is worth knowing.
    pub fn account(&self) -> (Vec<FileAccount>, Vec<String>) {
        let names = self.files.iter().map(|(file, _)| file.name());
        let accounts = names
            .zip(&self.tallies)
            .map(|(name, tally)| FileAccount::new(name, tally));
        let mut notes = self.translator.notes();
        if !self.unread.is_empty() {
            notes.push(format!("files that were not read: {}", self.unread.join(", ")));
        }
        (accounts.collect(), notes)
    }
}

impl Feed for DumpFeed {
    fn run(&mut self, progress: &Progress, to: &mut dyn Take) {
        for (at, (file, path)) in self.files.iter().enumerate() {
            let input = match File::open(path) {
                Ok(file) => Watched { file, progress },
                Err(error) => {
                    to.end(at, Some(error.to_string()));
                    continue;
                }
            };
            let input = BufReader::with_capacity(BUFFER_BYTES, input);
            let mut sink = |line: u64, bytes: Result<&[u8], _>| to.line(at, line, bytes);
            let broken = match self
                .translator
                .translate(*file, input, &mut self.tallies[at], &mut sink)
            {
                Ok(true) => None,
                Ok(false) => return,
                Err(error) => Some(error.to_string()),
            };
            if !to.end(at, broken) {
                return;
            }
        }
    }
}

/// A file whose reading moves the bar.
struct Watched<'p> {
    file: File,
    progress: &'p Progress,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.progress.read(read);
        Ok(read)
    }
}
