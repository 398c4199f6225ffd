//! Skills of a nomenclature as a feed: its files are read whole before anything is sent, since one skill may stand in
//! several.

use super::feed::{Feed, Input, Take};
use super::progress::Progress;
use super::report::FileAccount;
use crate::app::Clock as _;
use crate::calendar::rfc3339;
use crate::cli::failure::Failure;
use crate::cli::machine::SystemClock;
use crate::domain::Day;
use crate::ingest::Tally;
use crate::ingest::hr::MAX_FILE_BYTES;
use crate::ingest::taxonomy::{Nomenclature, SkillLines, Taxonomy};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The feed of one nomenclature.
pub struct TaxonomyFeed {
    files: Vec<PathBuf>,
    tallies: Vec<Tally>,
    skills: SkillLines,
}

impl TaxonomyFeed {
    /// Reads the files of the nomenclature `of` in the folder `at`, or the one file `at`, as events of `source` or of its own
    /// name; as of the day `as_of`, or of today, where the files tell no change.
    ///
    /// # Errors
    /// When there is none, or one cannot be read.
    pub fn open(of: Nomenclature, at: &Path, source: Option<&str>, as_of: Option<Day>) -> Result<Self, Failure> {
        let files = files(of, at)?;
        let mut taxonomy = Taxonomy::new(of);
        let mut tallies = vec![Tally::default(); files.len()];
        for (n, path) in files.iter().enumerate() {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let mut bytes = Vec::new();
            let most = MAX_FILE_BYTES as u64 + 1;
            let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
            read.map_err(|error| Failure::file("read", path, error))?;
            taxonomy
                .read(n, &name, &bytes, &mut tallies[n])
                .map_err(|error| Failure::usage(format!("{}: {error}; nothing was imported", path.display())))?;
        }
        let day = as_of.unwrap_or_else(|| SystemClock.now().day());
        let day = rfc3339(day.start());
        let skills = taxonomy.lines(source.unwrap_or(of.source()), &day, &mut tallies);
        Ok(Self { files, tallies, skills })
    }

    /// The files, for the bar and the report.
    pub fn inputs(&self) -> Vec<Input> {
        self.files.iter().map(|path| Input::new(path)).collect()
    }

    /// What became of the rows of each file, and what else is worth knowing.
    pub fn account(&self) -> (Vec<FileAccount>, Vec<String>) {
        let names = self.files.iter().map(|path| path.display().to_string());
        let accounts = names
            .zip(&self.tallies)
            .map(|(name, tally)| FileAccount::new(&name, tally));
        (accounts.collect(), self.skills.notes.clone())
    }
}

/// The files to read, by name.
fn files(of: Nomenclature, at: &Path) -> Result<Vec<PathBuf>, Failure> {
    if at.is_file() {
        return Ok(vec![at.to_owned()]);
    }
    let entries = std::fs::read_dir(at).map_err(|error| Failure::file("read the folder", at, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| Failure::file("read the folder", at, error))?
            .path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        // A list of one's own is a file that is named.
        if path.is_file() && of != Nomenclature::Plain && of.reads(&name) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "{} holds no file to read: {}",
            at.display(),
            of.needs()
        )));
    }
    Ok(files)
}

impl Feed for TaxonomyFeed {
    fn run(&mut self, progress: &Progress, to: &mut dyn Take) {
        for lines in self.skills.lines.chunk_by(|(one, ..), (other, ..)| one == other) {
            for (file, number, line) in lines {
                let line = line.as_ref().map(Vec::as_slice).map_err(Clone::clone);
                progress.read(line.as_ref().map_or(0, |line| line.len()));
                if !to.line(*file, *number, line) {
                    return;
                }
            }
            if !lines.last().is_some_and(|(file, ..)| to.end(*file, None)) {
                return;
            }
        }
    }
}
