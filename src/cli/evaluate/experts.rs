//! `antenne evaluate experts`: who could answer, on past questions.

use super::{Output, Weighed, history, warn_of_rejected, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::cores;
use crate::config::Config;
use crate::evaluate::{ExpertsEvaluation, ExpertsSettings, experts};
use crate::recommend::ExpertsRecommender;
use std::io::Write as _;
use std::path::PathBuf;

/// Measure who could answer: each past question is ranked from what was known before it
#[derive(Debug, clap::Args)]
pub(super) struct ExpertsArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    #[command(flatten)]
    weighed: Weighed,
    #[command(flatten)]
    output: Output,
}

impl ExpertsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let shipped = ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let given = self.weighed.given(ExpertsRecommender::weighed_by)?;
        let history = history(self.events.as_deref(), config)?;
        let settings = ExpertsSettings {
            shipped: &shipped,
            measured: self.weighed.measured(&shipped, given.as_ref())?,
            part: self.weighed.part.part(),
            threads: cores(),
        };
        let evaluation = watched(|progress| experts(&history, &settings, progress));
        self.write_files(&evaluation)?;
        let report = evaluation.report();
        self.output.show(&report, &report.to_json())?;
        let done = warn_of_rejected(&history, self.events.as_deref());
        if report.figures.queries == 0 {
            return Err(Failure::new(
                "nothing was measured: a question counts once somebody who had answered before answers it",
            ));
        }
        Ok(done)
    }

    fn write_files(&self, evaluation: &ExpertsEvaluation) -> Result<(), Failure> {
        self.output.write_run(|out| evaluation.write_run(out))?;
        self.output.write_qrels(|out| evaluation.write_qrels(out))?;
        self.output.write_queries(|out| {
            let mut lines = evaluation.protocol().queries_jsonl();
            lines.try_for_each(|line| writeln!(out, "{}", line.trim_end()))
        })
    }
}
