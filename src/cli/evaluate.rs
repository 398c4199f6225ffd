//! `antenne evaluate`: how good the answers would have been on an organisation's own past.

mod days;
mod defaults;
mod experts;
mod habits;
mod signals;
mod skills;
mod subject;

pub(super) use habits::HabitArgs;
pub(super) use subject::recommender;

use super::failure::{Done, Failure};
use super::machine::{SystemClock, print};
use super::session::{IfAbsent, Session};
use crate::app::Clock as _;
use crate::config::Config;
use crate::evaluate::Measured;
use crate::recommend::{ExpertsRecommender, WeightsError};
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
    Experts(experts::ExpertsArgs),
    Communities(days::CommunitiesArgs),
    CoAnimators(days::CoAnimatorsArgs),
    Search(days::SearchArgs),
    Signals(signals::SignalsArgs),
    Skills(skills::SkillsArgs),
    Defaults(defaults::DefaultsArgs),
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PartName {
    /// The later ones, kept for measuring
    Test,
    /// The earlier ones, from which weights are learnt
    Fit,
}

impl PartName {
    fn part(self) -> Part {
        match self {
            Self::Test => Part::Test,
            Self::Fit => Part::Fit,
        }
    }

    fn is_fit(self) -> bool {
        self.part() == Part::Fit
    }
}

impl EvaluateArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        match &self.what {
            What::Experts(args) => args.run(config),
            What::Communities(args) => args.run(config),
            What::CoAnimators(args) => args.run(config),
            What::Search(args) => args.run(config),
            What::Signals(args) => args.run(config),
            What::Skills(args) => args.run(config),
            What::Defaults(args) => args.run(config),
        }
    }
}

/// Which weights are measured, and on which queries.
#[derive(Debug, clap::Args)]
struct Weighed {
    /// The weights: `learnt` from the earlier part, `default`, or a TOML file
    #[arg(long, default_value = "learnt", value_name = "learnt|default|FILE")]
    weights: PathBuf,
    /// What is ranked
    #[arg(long, default_value = "test")]
    part: PartName,
}

impl Weighed {
    fn is(&self, name: &str) -> bool {
        self.weights.as_os_str() == name
    }

    /// The weights of a file, if one is named.
    fn given<R>(&self, parse: impl Fn(&str) -> Result<R, WeightsError>) -> Result<Option<R>, Failure> {
        if self.is("learnt") || self.is("default") {
            return Ok(None);
        }
        read_weights(&self.weights, parse).map(Some)
    }

    fn measured<'a, R>(&self, shipped: &'a R, given: Option<&'a R>) -> Result<Measured<'a, R>, Failure> {
        match given {
            Some(given) => Ok(Measured::Given(given)),
            None if self.is("default") => Ok(Measured::Given(shipped)),
            None if self.part.is_fit() => Err(Failure::new(
                "learnt weights have seen the fit part: choose --weights default or a file with --part fit",
            )),
            None => Ok(Measured::Learnt),
        }
    }
}

/// Where figures, rankings and queries go.
#[derive(Debug, clap::Args)]
struct Output {
    /// Write the rankings as a TREC run
    #[arg(long, value_name = "OUT")]
    run: Option<PathBuf>,
    /// Write what happened as TREC qrels
    #[arg(long, value_name = "OUT")]
    qrels: Option<PathBuf>,
    /// Write the queries with their candidates, one JSON object a line
    #[arg(long, value_name = "OUT")]
    queries: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Output {
    fn show(&self, report: &impl std::fmt::Display, json: &serde_json::Value) -> Result<(), Failure> {
        let text = if self.json {
            json.to_string()
        } else {
            report.to_string()
        };
        print(&format!("{}\n", text.trim_end()))
    }

    /// Whether anything but the report is wanted.
    fn writes(&self) -> bool {
        [&self.run, &self.qrels, &self.queries].iter().any(|out| out.is_some())
    }

    fn write_run(&self, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
        write(self.run.as_deref(), content)
    }

    fn write_qrels(&self, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
        write(self.qrels.as_deref(), content)
    }

    fn write_queries(&self, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
        write(self.queries.as_deref(), content)
    }
}

/// How a measurement ends: with a warning when lines of the file were left out.
pub(super) fn warn_of_rejected(history: &History, events: Option<&Path>) -> Done {
    let rejected = history.rejected().len();
    if rejected == 0 {
        return Done::Whole;
    }
    let name = events.map_or("the log".to_owned(), |path| path.display().to_string());
    eprintln!(
        "antenne: warning: {rejected} lines of {name} are no events and were left out: `antenne import --dry-run` names them"
    );
    Done::WithRejectedLines
}

/// The weights of a file.
pub(super) fn weights_of(path: &Path) -> Result<ExpertsRecommender, Failure> {
    read_weights(path, ExpertsRecommender::weighed_by)
}

/// The weights of one recommender in a file.
pub(super) fn read_weights<R>(path: &Path, parse: impl Fn(&str) -> Result<R, WeightsError>) -> Result<R, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read the weights", path, error))?;
    parse(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
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
