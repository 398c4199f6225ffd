//! Where the lines of an import come from: files of events, or files of other systems that are translated on the way.

use super::progress::Progress;
use crate::cli::failure::Failure;
use crate::ingest::{BatchError, Rejection, open_file};
use std::path::{Path, PathBuf};

/// Text that is read between two words to the progress bar.
const WORD_BYTES: usize = 1 << 18;

/// Takes lines, file after file.
pub trait Take {
    /// Line `number` of the file `file`, or why it gave no event; `false` when no more is wanted.
    fn line(&mut self, file: usize, number: u64, line: Result<&[u8], Rejection>) -> bool;

    /// The file `file` ends here; too early, if there is a reason. `false` when no more is wanted.
    fn end(&mut self, file: usize, broken: Option<String>) -> bool;
}

/// Gives lines.
pub trait Feed: Send {
    /// Gives every line of every file to `to`, one file after the other, each ended behind its last line, until that wants no
    /// more.
    fn run(&mut self, progress: &Progress, to: &mut dyn Take);
}

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

    /// Where to read it.
    pub fn readable(&self) -> &Path {
        &self.path
    }

    /// Whether it can be read at all.
    ///
    /// # Errors
    /// When it is not there, or is a folder.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(path) = self.path() else { return Ok(()) };
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() && path.join("Posts.xml").is_file() => Err(Failure::usage(format!(
                "{} is a Stack Exchange dump: it is imported by itself",
                self.name
            ))),
            Ok(metadata) if metadata.is_dir() => Err(Failure::new(format!(
                "{} is a folder, and no Stack Exchange dump, which would have a Posts.xml: name its files",
                self.name
            ))),
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::file("read", path, error)),
        }
    }
}

/// Files of events, one event a line.
pub struct EventFiles<'i>(pub &'i [Input]);

impl Feed for EventFiles<'_> {
    fn run(&mut self, progress: &Progress, to: &mut dyn Take) {
        for (file, input) in self.0.iter().enumerate() {
            let broken = match each_line(file, input, progress, to) {
                Ok(true) => None,
                Ok(false) => return,
                Err(error) => Some(error.to_string()),
            };
            if !to.end(file, broken) {
                return;
            }
        }
    }
}

/// Gives every line of a file to `to`; `false` when that wanted no more.
fn each_line(file: usize, input: &Input, progress: &Progress, to: &mut dyn Take) -> Result<bool, BatchError> {
    let mut lines = open_file(&input.path)?;
    let mut unsaid = 0;
    while let Some(line) = lines.next_line()? {
        unsaid += line.bytes.as_ref().map_or(0, |bytes| bytes.len() + 1);
        if unsaid >= WORD_BYTES {
            progress.read(std::mem::take(&mut unsaid));
        }
        if !to.line(file, line.number, line.bytes) {
            return Ok(false);
        }
    }
    progress.read(unsaid);
    Ok(true)
}
