//! `antenne import`: files of events in; a report of what became of each line out.
//!
//! One rejected line stops no other. A file that breaks off in the middle is imported up to there, and said.

mod pipeline;
mod progress;
mod report;

use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::config::Config;
use pipeline::Input;
use progress::Progress;
use report::Report;
use std::path::PathBuf;

/// Take in files of events: NDJSON or a JSON array, gzip or not
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the report as JSON, with every rejected line
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        let inputs: Vec<Input> = self.files.iter().map(|path| Input::new(path)).collect();
        // A mistyped name is told before anything is changed.
        for input in &inputs {
            input.check()?;
        }
        let intake = Session::open(config, IfAbsent::Create)?.intake()?;
        let progress = Progress::start(&inputs);
        let names = inputs.iter().map(|input| input.name().to_owned()).collect();
        let mut report = Report::new(names, self.json);
        let imported = pipeline::run(&inputs, &intake, &progress, &mut report);
        progress.finish();
        print(&report.shown())?;
        report.warn();
        imported?;
        report.ending()
    }
}
