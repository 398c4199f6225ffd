//! `antenne import`: files of events, a Stack Exchange dump, a people file or a nomenclature of skills in; a report of what
//! became of it out.
//!
//! One rejected line stops no other. A file that breaks off in the middle is imported up to there, and said.

mod feed;
mod looks;
mod people;
mod pipeline;
mod progress;
mod rehearsal;
mod report;
mod stackexchange;
mod taxonomy;

use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session, sources};
use crate::app::Ahead;
use crate::calendar::read_day;
use crate::config::Config;
use crate::domain::Day;
use crate::ingest::is_source;
use crate::ingest::stackexchange::Dump;
use crate::ingest::taxonomy::Nomenclature;
use feed::{EventFiles, Feed, Input};
use people::{PeopleFeed, PeopleFile};
use progress::Progress;
use rehearsal::There;
use report::{FileAccount, Report};
use stackexchange::DumpFeed;
use std::path::{Path, PathBuf};
use taxonomy::TaxonomyFeed;

/// Take in files of events, a Stack Exchange dump, a people file, or a nomenclature of skills
///
/// Files of events are NDJSON or a JSON array, gzip or not. A folder that holds a Posts.xml is a Stack Exchange dump. A
/// people file is a CSV file with a mapping. ESCO and ROME are folders of the CSV files as they are published.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The files, or the folder of a dump or of a nomenclature; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are [default: told by --mapping and by the folder]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Which column of a people file says what (see docs/IMPORT.md)
    #[arg(long, value_name = "MAP.toml")]
    mapping: Option<PathBuf>,
    /// The source of the events that a dump, a people file or a nomenclature becomes
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The day that a people file or a nomenclature shows [default: now]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<Day>,
    /// Take events that lie in the future too: for data that are made up
    #[arg(long)]
    allow_future: bool,
    /// Change nothing: say what would be taken in, and what would be rejected
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON, with every rejected line
    #[arg(long)]
    json: bool,
}

/// What files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Events of our own format
    Events,
    /// The folder of a Stack Exchange dump
    Stackexchange,
    /// People in a CSV file
    Hr,
    /// The folder of ESCO's CSV files
    Esco,
    /// The folder of ROME's CSV files
    Rome,
    /// Skills in a CSV file of one's own
    Skills,
}

impl Format {
    /// The nomenclature that such files hold.
    const fn nomenclature(self) -> Option<Nomenclature> {
        match self {
            Self::Esco => Some(Nomenclature::Esco),
            Self::Rome => Some(Nomenclature::Rome),
            Self::Skills => Some(Nomenclature::Plain),
            Self::Events | Self::Stackexchange | Self::Hr => None,
        }
    }
}

/// A day as it is written on the command line.
fn day(text: &str) -> Result<Day, String> {
    let written = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !written {
        return Err("a day is written year, month, day: 2024-12-31".to_owned());
    }
    read_day(text).ok_or_else(|| "the calendar has no such day".to_owned())
}

impl ImportArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let format = self.format()?;
        let inputs: Vec<Input> = self.files.iter().map(|path| Input::new(path)).collect();
        match (format, &*self.files) {
            (Format::Events, _) => {
                // A mistyped name is told before anything is changed.
                inputs.iter().try_for_each(Input::check)?;
                self.refuse_other_formats()?;
                let session = self.session(config)?;
                let mut feed = EventFiles(&inputs);
                self.carry_out(config, session, &mut feed, &inputs, |_| (vec![], vec![]))
            }
            (Format::Stackexchange, [folder]) => {
                let mut feed = DumpFeed::open(folder, self.source.as_deref())?;
                let inputs = feed.inputs();
                let session = self.session(config)?;
                self.carry_out(config, session, &mut feed, &inputs, DumpFeed::account)
            }
            (Format::Hr, [_]) => {
                inputs[0].check()?;
                let (session, mut feed) = self.people(config, &inputs[0])?;
                self.carry_out(config, session, &mut feed, &inputs, PeopleFeed::account)
            }
            (Format::Esco | Format::Rome | Format::Skills, [path]) => {
                let of = format.nomenclature().unwrap_or(Nomenclature::Plain);
                let mut feed = TaxonomyFeed::open(of, path, self.source.as_deref(), self.as_of)?;
                let inputs = feed.inputs();
                let session = self.session(config)?;
                self.carry_out(config, session, &mut feed, &inputs, TaxonomyFeed::account)
            }
            _ => Err(Failure::usage(
                "a dump, a people file, or a nomenclature, is imported by itself: name one",
            )),
        }
    }

    /// What the files are, from what is said and what they look like.
    fn format(&self) -> Result<Format, Failure> {
        let is_dump = |path: &Path| path.is_dir() && Dump::is_in(path);
        let format = self.format.unwrap_or_else(|| match &*self.files {
            _ if self.mapping.is_some() => Format::Hr,
            [folder] if is_dump(folder) => Format::Stackexchange,
            _ => Format::Events,
        });
        let only_for = |set: bool, formats: &[Format], what: &str| {
            if set && !formats.contains(&format) {
                return Err(Failure::usage(what));
            }
            Ok(())
        };
        only_for(self.mapping.is_some(), &[Format::Hr], "--mapping is for a people file")?;
        let nomenclatures = [Format::Esco, Format::Rome, Format::Skills];
        only_for(
            self.as_of.is_some(),
            &[&[Format::Hr][..], &nomenclatures].concat(),
            "--as-of is for a people file or a nomenclature",
        )?;
        let translated = [&[Format::Hr, Format::Stackexchange][..], &nomenclatures].concat();
        only_for(
            self.source.is_some(),
            &translated,
            "--source is for what is translated: each event names its own",
        )?;
        if let Some(source) = self.source.as_deref().filter(|source| !is_source(source)) {
            return Err(Failure::usage(format!(
                "--source {source}: a source is 1 to 40 lower-case letters, digits and hyphens"
            )));
        }
        Ok(format)
    }

    /// Refuses files whose names say that they hold no events, unless it was said that they do.
    fn refuse_other_formats(&self) -> Result<(), Failure> {
        let told = self.files.iter().find_map(|path| looks::no_events(path));
        match told.filter(|_| self.format.is_none()) {
            Some(what) => Err(Failure::usage(format!("{what}; nothing was imported"))),
            None => Ok(()),
        }
    }

    /// The way to the data; none where nothing is there and nothing shall be made.
    fn session(&self, config: &Config) -> Result<Option<Session>, Failure> {
        if self.dry_run {
            Session::open_if_any(config)
        } else {
            Session::open(config, IfAbsent::Create).map(Some)
        }
    }

    fn people(&self, config: &Config, input: &Input) -> Result<(Option<Session>, PeopleFeed), Failure> {
        let Some(mapping) = &self.mapping else {
            return Err(Failure::usage(
                "a people file needs a mapping, which says which column is what: --mapping MAP.toml",
            ));
        };
        let file = PeopleFile::open(input, mapping, self.source.as_deref(), self.as_of)?;
        let mut session = self.session(config)?;
        let mut history = file.history();
        if let Some(session) = &mut session {
            rehearsal::each_line(session, &mut |line| history.learn(line))?;
        }
        Ok((session, file.compared(&history)))
    }

    /// Imports what `feed` gives, or rehearses it, and prints the report with what `account` says of the files.
    fn carry_out<F: Feed>(
        &self,
        config: &Config,
        session: Option<Session>,
        feed: &mut F,
        inputs: &[Input],
        account: impl Fn(&F) -> (Vec<FileAccount>, Vec<String>),
    ) -> Result<Done, Failure> {
        let names = inputs.iter().map(|input| input.name().to_owned()).collect();
        let mut report = Report::new(names, self.json);
        let progress = Progress::start(inputs);
        let ahead = if self.allow_future {
            Ahead::Taken
        } else {
            Ahead::Refused
        };
        let imported = if self.dry_run {
            let there = session.map_or_else(|| Ok(There::default()), |mut session| There::of(&mut session))?;
            report.is_rehearsal();
            rehearsal::run(feed, there, (sources(config)?, ahead), &progress, &mut report);
            Ok(())
        } else {
            let session = session.map_or_else(|| Session::open(config, IfAbsent::Create), Ok)?;
            pipeline::run(feed, &session.intake(ahead)?, &progress, &mut report)
        };
        progress.finish();
        let (files, notes) = account(feed);
        report.explain(files, notes);
        print(&report.shown())?;
        report.warn();
        imported?;
        report.ending()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(day("2024-02-29"), Ok(Day::from_days(19_782)));
        for (text, part) in [
            ("31/12/2024", "2024-12-31"),
            ("2024-12-31T08:00", "2024-12-31"),
            ("yesterday", "2024-12-31"),
            ("", "2024-12-31"),
            ("2023-02-29", "no such day"),
            ("----------", "no such day"),
        ] {
            assert!(day(text).unwrap_err().contains(part), "{text}");
        }
    }
}
