//! `antenne fit`: learns the weights and the latent basis from an organisation's own past, and adopts them, or says why
//! not.
//!
//! On the data folder what is adopted is kept there and used from then on, also by a running server. From files nothing
//! is kept: the weights go to a file that `serve` and `evaluate` can be given.

use super::evaluate::{watched, weights_of};
use super::failure::{Done, Failure};
use super::log;
use super::machine::{SystemClock, cores, print, rfc3339};
use super::session::{IfAbsent, Session};
use crate::app::{Clock as _, FitOutcome, FitReason, Verdict};
use crate::config::Config;
use crate::fit::{Learner, Learnt, unkept_basis};
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, ExpertsProtocol, History};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Weights that are shown when they move.
const MOVED: usize = 6;

/// Learn from your own past who could answer
///
/// Without --events: from the data folder, which keeps what is adopted; a running server uses it at once.
#[derive(Debug, clap::Args)]
pub struct FitArgs {
    /// Learn from this file of events alone, gzip or not; several are read one after the other
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Write the weights as a file for `evaluate --weights` and the setting `weights`
    #[arg(long, value_name = "FILE", requires = "events")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl FitArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        if !self.events.is_empty() {
            return self.on_files(config);
        }
        let mut session = Session::open(config, IfAbsent::Fail)?;
        self.show(&watched(|progress| session.fit(progress))?)?;
        Ok(Done::Whole)
    }

    fn show(&self, outcome: &Value) -> Result<(), Failure> {
        print(&if self.json {
            format!("{outcome}\n")
        } else {
            report(outcome)
        })
    }

    /// The events of the files.
    fn history(&self) -> Result<History, Failure> {
        let mut history = History::default();
        for path in &self.events {
            let file = File::open(path).map_err(|error| Failure::file("read", path, error))?;
            let read = history.read_on(file, SystemClock.now());
            read.map_err(|error| Failure::file("read", path, error))?;
        }
        Ok(history)
    }

    fn on_files(&self, config: &Config) -> Result<Done, Failure> {
        let history = self.history()?;
        let shipped = ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let given = config.weights.as_deref().map(weights_of).transpose()?;
        let current = given.as_ref().unwrap_or(&shipped);
        let learner = Learner {
            current,
            prior: &shipped,
            basis: BasisRule::Refreshed(&unkept_basis),
            since: None,
            threads: cores(),
        };
        let protocol = ExpertsProtocol::to_learn(&history);
        let learnt = watched(|progress| learner.learn(&history, &protocol, progress));
        let Some(learnt) = learnt else {
            return Err(Failure::new(format!("nothing was learnt: {}", FitReason::FewAnswered)));
        };
        let taken = learnt.check.passed();
        let why = if taken {
            "these weights may be taken".to_owned()
        } else {
            FitReason::Loses.to_string()
        };
        let before: Vec<_> = current.pipeline().weights().collect();
        self.show(&json!({
            "verdict": if taken { "adopted" } else { "refused" },
            "reason": (!taken).then(|| FitReason::Loses.code()),
            "why": why,
            "model": learnt.model(),
            "learnt": learnt_json(&learnt, &before),
        }))?;
        match &self.out {
            Some(path) if taken => write(path, &learnt)?,
            Some(path) => {
                return Err(Failure::new(format!(
                    "{} was not written: the weights in use do better",
                    path.display()
                )));
            }
            None => {}
        }
        let rejected = history.rejected().len();
        if rejected == 0 {
            return Ok(Done::Whole);
        }
        log::warn(&format!(
            "{rejected} lines are no events and were left out: `antenne import --dry-run` names them"
        ));
        Ok(Done::WithRejectedLines)
    }
}

fn write(path: &Path, learnt: &Learnt) -> Result<(), Failure> {
    std::fs::write(path, file(learnt)).map_err(|error| Failure::file("write", path, error))
}

/// The weights as a file that can be given instead of the shipped one; every number to the bit.
fn file(learnt: &Learnt) -> String {
    let mut text = format!(
        "# {}: learnt from {} questions, asked {} to {}.\n\n[experts]\n",
        learnt.model(),
        learnt.examples,
        rfc3339(learnt.span.0),
        rfc3339(learnt.span.1)
    );
    for (name, weight) in &learnt.weights {
        // Writing into a string cannot fail. A number always has a point or an exponent.
        let _ = writeln!(text, "{name} = {weight:?}");
    }
    text
}

/// What became of a lesson, for programs and for [`report`].
pub fn json(outcome: &FitOutcome) -> Value {
    let (verdict, reason) = match outcome.verdict {
        Verdict::Adopted => ("adopted", None),
        Verdict::BasisAlone(reason) => ("basis_alone", Some(reason)),
        Verdict::Refused(reason) => ("refused", Some(reason)),
    };
    let before: Vec<_> = outcome.before.experts().pipeline().weights().collect();
    let newest = outcome.after.newest_first().next();
    let kept = newest.filter(|_| verdict != "refused");
    json!({
        "verdict": verdict,
        "reason": reason.map(FitReason::code),
        "why": sentence(outcome),
        "model": outcome.after.name(),
        "version": kept.map(|model| model.version),
        "terms": kept.map(|model| model.terms),
        "learnt": outcome.learnt.as_ref().map(|learnt| learnt_json(learnt, &before)),
    })
}

/// What became of a lesson, and why.
pub fn sentence(outcome: &FitOutcome) -> String {
    let newest = outcome.after.newest_first().next().map_or(0, |model| model.version);
    let mut text = match outcome.verdict {
        Verdict::Adopted => format!("adopted as version {newest}"),
        Verdict::BasisAlone(reason) => format!(
            "what questions are about is adopted as version {newest}, and the weights stay as they are: {reason}"
        ),
        Verdict::Refused(reason) => return format!("refused: {reason}"),
    };
    if let Some(pinned) = outcome.after.pinned() {
        let _ = write!(
            text,
            "; not in use, because version {pinned} is pinned: `antenne models unpin`"
        );
    } else if outcome.after.given().is_some() {
        text.push_str("; its weights are not used, because the configuration gives others");
    }
    text
}

fn learnt_json(learnt: &Learnt, before: &[(&'static str, f64)]) -> Value {
    let mut moved: Vec<_> = before
        .iter()
        .zip(&learnt.weights)
        .map(|(&(signal, before), &(_, after))| (signal, before, after))
        .collect();
    moved.sort_by(|a, b| (b.2 - b.1).abs().total_cmp(&(a.2 - a.1).abs()).then(a.0.cmp(b.0)));
    let signal =
        |(signal, before, after): (&str, f64, f64)| json!({"signal": signal, "before": before, "after": after});
    let tried = learnt
        .tried
        .iter()
        .map(|(pull, gain)| json!({"pull": pull, "ndcg10": gain}));
    json!({
        "examples": learnt.examples,
        "first": rfc3339(learnt.span.0),
        "last": rfc3339(learnt.span.1),
        "pull": learnt.pull,
        "folds": tried.collect::<Vec<_>>(),
        "check": {
            "questions": learnt.check.questions,
            "current": learnt.check.current,
            "learnt": learnt.check.learnt,
            "low": learnt.check.interval.0,
            "high": learnt.check.interval.1,
        },
        "weights": moved.into_iter().map(signal).collect::<Vec<_>>(),
    })
}

/// The same for people.
fn report(outcome: &Value) -> String {
    let mut text = String::new();
    let learnt = &outcome["learnt"];
    if learnt.is_object() {
        figures(learnt, &mut text);
        text.push_str("weights that move most:\n");
        for moved in learnt["weights"].as_array().into_iter().flatten().take(MOVED) {
            let _ = writeln!(
                text,
                "  {:<20}{:>9.3} → {:.3}",
                moved["signal"].as_str().unwrap_or_default(),
                number(&moved["before"]),
                number(&moved["after"])
            );
        }
    }
    let _ = writeln!(
        text,
        "{}\nmodel {}",
        outcome["why"].as_str().unwrap_or_default(),
        outcome["model"].as_str().unwrap_or_default()
    );
    text
}

/// From what was learnt, and how it did. Writing into a string cannot fail.
fn figures(learnt: &Value, text: &mut String) {
    let day = |name: &str| {
        let at = learnt[name].as_str().unwrap_or_default();
        at.get(..10).unwrap_or(at).to_owned()
    };
    let _ = writeln!(
        text,
        "learnt from {} questions, asked {} to {}",
        learnt["examples"],
        day("first"),
        day("last")
    );
    let folds = learnt["folds"].as_array().into_iter().flatten();
    let folds: Vec<_> = folds
        .map(|fold| format!("{} → {:.3}", fold["pull"], number(&fold["ndcg10"])))
        .collect();
    let _ = writeln!(
        text,
        "nDCG@10 on the folds, by pull: {}; taken: {}",
        folds.join(", "),
        learnt["pull"]
    );
    let check = &learnt["check"];
    if check["questions"].as_u64() > Some(0) {
        let _ = writeln!(
            text,
            "nDCG@10 on the newest {} questions: {:.3}, and {:.3} with the weights in use; the difference lies in {:+.3} \
             to {:+.3}",
            check["questions"],
            number(&check["learnt"]),
            number(&check["current"]),
            number(&check["low"]),
            number(&check["high"])
        );
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::fit::Check;
    use crate::recommend::Calibration;

    fn learnt() -> Learnt {
        let shipped = ExpertsRecommender::shipped().unwrap();
        let bent = |(n, (name, weight)): (usize, (&'static str, f64))| (name, weight * (1.0 + n as f64 / 7e5));
        Learnt {
            weights: shipped.pipeline().weights().enumerate().map(bent).collect(),
            calibration: Calibration {
                slope: 1.0,
                offset: 0.0,
            },
            pull: 0.003,
            tried: vec![(0.003, 0.5)],
            examples: 99,
            span: (Timestamp::from_micros(0), Timestamp::from_micros(86_400_000_000)),
            check: Check {
                questions: 59,
                questions_min: 0,
                current: 0.25,
                learnt: 0.5,
                interval: (0.125, 0.375),
            },
        }
    }

    #[test]
    fn a_file_of_weights_is_read_to_the_bit() {
        let learnt = learnt();
        let read = ExpertsRecommender::weighed_by(&file(&learnt)).unwrap();
        let bits = |weights: &mut dyn Iterator<Item = (&'static str, f64)>| -> Vec<_> {
            weights.map(|(name, weight)| (name, weight.to_bits())).collect()
        };
        assert_eq!(
            bits(&mut read.pipeline().weights()),
            bits(&mut learnt.weights.iter().copied())
        );
    }

    #[test]
    fn a_report_says_what_moved_and_what_became_of_it() {
        let mut after = learnt();
        after.weights[4].1 += 3.0;
        let before = learnt().weights;
        let text = report(
            &json!({"why": "adopted as version 2", "model": "learnt-x", "learnt": learnt_json(&after, &before)}),
        );
        assert!(
            text.starts_with("learnt from 99 questions, asked 1970-01-01 to 1970-01-02\n"),
            "{text}"
        );
        assert!(
            text.contains(
                "newest 59 questions: 0.500, and 0.250 with the weights in use; the difference lies in +0.125 to +0.375"
            ),
            "{text}"
        );
        let moved = text.lines().skip_while(|line| !line.starts_with("weights")).nth(1);
        assert!(moved.is_some_and(|line| line.contains(before[4].0)), "{text}");
        assert!(text.ends_with("adopted as version 2\nmodel learnt-x\n"), "{text}");
        let nothing = report(&json!({"why": "refused: x", "model": "default-x", "learnt": null}));
        assert_eq!(nothing, "refused: x\nmodel default-x\n");
    }
}
