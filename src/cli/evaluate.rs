//! `antenne evaluate`: how good the answers would have been on an organisation's own past.

mod defaults;
mod signals;

use super::failure::{Done, Failure};
use super::machine::{SystemClock, cores, print};
use super::session::{IfAbsent, Session};
use crate::app::Clock as _;
use crate::config::Config;
use crate::evaluate::{ExpertsEvaluation, ExpertsSettings, Measured, Report, experts};
use crate::recommend::ExpertsRecommender;
use crate::replay::{History, Part};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::ops::ControlFlow;
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
    Signals(signals::SignalsArgs),
    Defaults(defaults::DefaultsArgs),
}

/// Measure who could answer: each past question is ranked from what was known before it
#[derive(Debug, clap::Args)]
struct ExpertsArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// The weights: `learnt` from the earlier questions, `default`, or a TOML file
    #[arg(long, default_value = "learnt", value_name = "learnt|default|FILE")]
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

impl PartName {
    fn part(self) -> Part {
        match self {
            Self::Test => Part::Test,
            Self::Fit => Part::Fit,
        }
    }
}

impl EvaluateArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        match &self.what {
            What::Experts(args) => args.run(config),
            What::Signals(args) => args.run(config),
            What::Defaults(args) => args.run(),
        }
    }
}

impl ExpertsArgs {
    fn run(&self, config: &Config) -> Result<Done, Failure> {
        let shipped = ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let given = self.given()?;
        let part = self.part.part();
        let measured = match (self.weights.to_str(), &given) {
            (_, Some(given)) => Measured::Given(given),
            (Some("default"), _) => Measured::Given(&shipped),
            _ if part == Part::Fit => {
                return Err(Failure::new(
                    "learnt weights have seen the fit part: choose --weights default or a file with --part fit",
                ));
            }
            _ => Measured::Learnt,
        };
        let history = history(self.events.as_deref(), config)?;
        let settings = ExpertsSettings {
            shipped: &shipped,
            measured,
            part,
            threads: cores(),
        };
        let evaluation = watched(|progress| experts(&history, &settings, progress));
        self.write_files(&evaluation)?;
        let report = evaluation.report();
        let text = if self.json {
            report.to_json().to_string()
        } else {
            report.to_string()
        };
        print(&format!("{}\n", text.trim_end()))?;
        measured_something(&report)?;
        let rejected = history.rejected().len();
        if rejected == 0 {
            return Ok(Done::Whole);
        }
        let name = self
            .events
            .as_ref()
            .map_or("the log".to_owned(), |path| path.display().to_string());
        eprintln!(
            "antenne: warning: {rejected} lines of {name} are no events and were left out: `antenne import` names them"
        );
        Ok(Done::WithRejectedLines)
    }

    /// The weights of a file, if one is named.
    fn given(&self) -> Result<Option<ExpertsRecommender>, Failure> {
        if ["learnt", "default"]
            .iter()
            .any(|name| self.weights.as_os_str() == *name)
        {
            return Ok(None);
        }
        weights_of(&self.weights).map(Some)
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

/// A report without questions is printed all the same, and is no success.
fn measured_something(report: &Report) -> Result<(), Failure> {
    if report.figures.queries > 0 {
        return Ok(());
    }
    Err(Failure::new(
        "nothing was measured: a question counts once somebody who had answered before answers it",
    ))
}

/// The weights of a file.
pub(super) fn weights_of(path: &Path) -> Result<ExpertsRecommender, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read the weights", path, error))?;
    ExpertsRecommender::weighed_by(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// The events of a file.
fn read(path: &Path) -> Result<History, Failure> {
    let file = File::open(path).map_err(|error| Failure::file("read", path, error))?;
    History::read(file, SystemClock.now()).map_err(|error| Failure::file("read", path, error))
}

/// The events of the file, or of the data folder.
pub(super) fn history(events: Option<&Path>, config: &Config) -> Result<History, Failure> {
    if let Some(path) = events {
        return read(path);
    }
    let now = SystemClock.now();
    let (mut history, mut number, mut pending) = (History::default(), 0, Vec::new());
    Session::open(config, IfAbsent::Fail)?.export(&mut |part| {
        pending.extend_from_slice(part);
        // A part may end amid a line.
        let whole = pending.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        for line in pending[..whole].split_inclusive(|&byte| byte == b'\n') {
            number += 1;
            history.push(number, line.trim_ascii(), now);
        }
        pending.drain(..whole);
        ControlFlow::Continue(())
    })?;
    Ok(history)
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

/// Does `work`, which tells how many questions are done, and of how many, under a bar.
pub(super) fn watched<T>(work: impl FnOnce(&mut dyn FnMut(usize, usize)) -> T) -> T {
    let bar = bar();
    let done = work(&mut |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    done
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
