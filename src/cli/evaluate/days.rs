//! `antenne evaluate communities` and `co-animators`: what people joined, and who began to animate, day by day.

use super::{Output, Weighed, history, warn_of_rejected, watched};
use crate::calendar::read_day;
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::cores;
use crate::config::Config;
use crate::evaluate::{Daily, DaysEvaluation, DaysReport, DaysSettings, Together, days};
use crate::recommend::{CoAnimatorsRecommender, CommunitiesRecommender, SearchRecommender};
use crate::replay::{CoAnimatorsRule, CommunitiesRule, Pool};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Measure communities for people: on each day on which somebody first joined one, all are ranked from what was known before
#[derive(Debug, clap::Args)]
pub(super) struct CommunitiesArgs {
    #[command(flatten)]
    days: Days,
    /// Members that a community has at least to be ranked
    #[arg(long, default_value_t = 1, value_name = "N")]
    min_members: usize,
    #[command(flatten)]
    weighed: Weighed,
    #[command(flatten)]
    output: Output,
}

/// Measure co-animators: on each day on which somebody first animated a community that had animators, people are ranked from
/// what was known before
#[derive(Debug, clap::Args)]
pub(super) struct CoAnimatorsArgs {
    #[command(flatten)]
    days: Days,
    /// Who is ranked
    #[arg(long, default_value = "members")]
    pool: PoolName,
    #[command(flatten)]
    weighed: Weighed,
    #[command(flatten)]
    output: Output,
}

/// Measure searches: for each tag at each of several instants, those who answered before are ranked from what was known
/// then, and held against who gave most of the accepted or liked answers under the tag until the next
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    #[command(flatten)]
    weighed: Weighed,
    #[command(flatten)]
    output: Output,
}

/// Which days count.
#[derive(Debug, clap::Args)]
struct Days {
    /// A file of events, gzip or not; without, the events of the data folder. Several are measured one after the other, and
    /// their queries together
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// The first day that counts
    #[arg(long, default_value = "2018-01-01", value_name = "DATE", value_parser = day)]
    from: Arc<str>,
    /// From so many people on one day on, a community took in a batch: nobody's own choice; 0 counts everybody
    #[arg(long, default_value_t = 10, value_name = "N")]
    max_batch: usize,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum PoolName {
    /// The members who do not animate the community
    Members,
    /// All people known
    Everyone,
}

impl PoolName {
    /// What it names.
    pub(super) fn pool(self) -> Pool {
        match self {
            Self::Members => Pool::Members,
            Self::Everyone => Pool::Everyone,
        }
    }
}

/// A day as events write it.
pub(super) fn day(text: &str) -> Result<Arc<str>, String> {
    match read_day(text) {
        Some(_) => Ok(text.into()),
        None => Err("a day is written as in 2024-01-31".to_owned()),
    }
}

impl CommunitiesArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let rule = CommunitiesRule {
            from: Arc::clone(&self.days.from),
            min_members: self.min_members,
            max_batch: self.days.max_batch,
        };
        measure::<CommunitiesRecommender>(config, &self.days.events, &rule, (&self.weighed, &self.output))
    }
}

impl SearchArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        measure::<SearchRecommender>(config, self.events.as_slice(), &(), (&self.weighed, &self.output))
    }
}

impl CoAnimatorsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let rule = CoAnimatorsRule {
            from: Arc::clone(&self.days.from),
            max_batch: self.days.max_batch,
            pool: self.pool.pool(),
        };
        measure::<CoAnimatorsRecommender>(config, &self.days.events, &rule, (&self.weighed, &self.output))
    }
}

/// Measures each file of `events`, or the data folder; where they are several, their queries together too.
fn measure<R: Daily>(
    config: &Config,
    events: &[PathBuf],
    rule: &R::Rule,
    (weighed, output): (&Weighed, &Output),
) -> Result<Done, Failure> {
    let shipped = R::shipped().map_err(|error| Failure::new(error.to_string()))?;
    let given = weighed.given(R::weighed_by)?;
    let settings = DaysSettings {
        shipped: &shipped,
        measured: weighed.measured(&shipped, given.as_ref())?,
        part: weighed.part.part(),
        threads: cores(),
    };
    if events.len() > 1 && output.writes() {
        return Err(Failure::new(
            "--run, --qrels and --queries take one file of events at a time",
        ));
    }
    let files = events.iter().map(|path| Some(path.as_path()));
    let files: Vec<Option<&Path>> = if events.is_empty() { vec![None] } else { files.collect() };
    let (mut reports, mut ended) = (Vec::new(), Done::Whole);
    for file in &files {
        let history = history(*file, config)?;
        let evaluation = watched(|progress| days(&history, rule, &settings, progress));
        write_files(output, &evaluation)?;
        reports.push(evaluation.report());
        if matches!(warn_of_rejected(&history, *file), Done::WithRejectedLines) {
            ended = Done::WithRejectedLines;
        }
    }
    show(output, &files, &reports)?;
    if reports.iter().any(|report| report.queries() == 0) {
        return Err(Failure::new("nothing was measured: no day counts in this part"));
    }
    Ok(ended)
}

/// Prints one report as it is; several under the names of their files, and what they come to together.
fn show(output: &Output, files: &[Option<&Path>], reports: &[DaysReport]) -> Result<(), Failure> {
    if let [report] = reports {
        return output.show(report, &report.to_json());
    }
    let together = Together::of(reports);
    let (mut text, mut places) = (String::new(), Vec::new());
    for (file, report) in files.iter().zip(reports) {
        let name = file.map_or_else(String::new, |path| path.display().to_string());
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name}\n{report}");
        places.push(json!({"events": name, "report": report.to_json()}));
    }
    text.extend(together.as_ref().map(ToString::to_string));
    let json = json!({"places": places, "together": together.as_ref().map(Together::to_json)});
    output.show(&text, &json)
}

fn write_files<R: Daily>(output: &Output, evaluation: &DaysEvaluation<R>) -> Result<(), Failure> {
    output.write_run(|out| evaluation.write_run(out))?;
    output.write_qrels(|out| evaluation.write_qrels(out))?;
    output.write_queries(|out| {
        let mut lines = evaluation.protocol().queries_jsonl();
        lines.try_for_each(|line| writeln!(out, "{line}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_events_write_it() {
        assert_eq!(day("2024-01-31").as_deref(), Ok("2024-01-31"));
        for text in ["2024-1-31", "yesterday", "2024-02-30"] {
            assert!(day(text).is_err(), "{text}");
        }
    }
}
