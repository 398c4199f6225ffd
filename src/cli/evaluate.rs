//! `antenne evaluate`: how good the answers would have been on an organisation's own past.

use super::failure::{Done, Failure};
use super::machine::{SystemClock, print};
use crate::app::Clock as _;
use crate::evaluate::{ExpertsEvaluation, History, Part, experts};
use crate::recommend::ExpertsRecommender;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// Replay the past and measure the answers
#[derive(Debug, clap::Args)]
pub struct EvaluateArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Experts(ExpertsArgs),
}

/// Measure who could answer: each past question is ranked from what was known before it
#[derive(Debug, clap::Args)]
struct ExpertsArgs {
    /// A file of events, gzip or not
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// The weights: `default`, or a TOML file
    #[arg(long, default_value = "default", value_name = "default|FILE")]
    weights: PathBuf,
    /// Which questions are ranked
    #[arg(long, default_value = "test")]
    part: PartName,
    /// Write the rankings as a TREC run
    #[arg(long, value_name = "OUT")]
    run: Option<PathBuf>,
    /// Write who answered as TREC qrels
    #[arg(long, value_name = "OUT")]
    qrels: Option<PathBuf>,
    /// Write the questions with their candidates, one JSON object a line
    #[arg(long, value_name = "OUT")]
    queries: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PartName {
    /// The later questions, kept for measuring
    Test,
    /// The earlier questions, from which weights are learnt
    Fit,
}

impl EvaluateArgs {
    /// Carries the command out.
    pub fn run(&self) -> Result<Done, Failure> {
        match &self.what {
            What::Experts(args) => args.run(),
        }
    }
}

impl ExpertsArgs {
    fn run(&self) -> Result<Done, Failure> {
        let recommender = self.recommender()?;
        let path = &self.events;
        let file = File::open(path).map_err(|error| Failure::file("read", path, error))?;
        let history = History::read(file, SystemClock.now()).map_err(|error| Failure::file("read", path, error))?;
        let part = match self.part {
            PartName::Test => Part::Test,
            PartName::Fit => Part::Fit,
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let bar = bar();
        let evaluation = experts(&history, &recommender, part, threads, &mut |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        self.write_files(&evaluation)?;
        let report = evaluation.report();
        let text = if self.json {
            report.to_json().to_string()
        } else {
            report.to_string()
        };
        print(&format!("{}\n", text.trim_end()))?;
        let rejected = history.rejected().len();
        if rejected == 0 {
            return Ok(Done::Whole);
        }
        let name = path.display();
        eprintln!(
            "antenne: warning: {rejected} lines of {name} are no events and were left out: `antenne import` names them"
        );
        Ok(Done::WithRejectedLines)
    }

    fn recommender(&self) -> Result<ExpertsRecommender, Failure> {
        if self.weights.as_os_str() == "default" {
            return ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()));
        }
        let text = std::fs::read_to_string(&self.weights)
            .map_err(|error| Failure::file("read the weights", &self.weights, error))?;
        ExpertsRecommender::weighed_by(&text)
            .map_err(|error| Failure::new(format!("{}: {error}", self.weights.display())))
    }

    fn write_files(&self, evaluation: &ExpertsEvaluation) -> Result<(), Failure> {
        write(self.run.as_deref(), |out| evaluation.write_run(out))?;
        write(self.qrels.as_deref(), |out| evaluation.write_qrels(out))?;
        write(self.queries.as_deref(), |out| {
            let mut lines = evaluation.protocol().queries_jsonl();
            lines.try_for_each(|line| writeln!(out, "{}", line.trim_end()))
        })
    }
}

/// Writes a file, if one is wanted.
fn write(path: Option<&Path>, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        content(&mut out)?;
        out.flush()
    });
    written.map_err(|error| Failure::file("write", path, error))
}

/// A bar on a terminal; nothing elsewhere.
fn bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} questions, {eta} to go") {
        bar.set_style(style);
    }
    bar
}
