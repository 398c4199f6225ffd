//! `antenne evaluate defaults`: default weights learnt from several organisations together, and how those of the others
//! do on each that was left out.

use super::{PartName, read, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::{cores, print};
use crate::evaluate::{ExpertsSettings, Measured, Report, experts};
use crate::fit::{Example, Joint, unkept_basis};
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, ExpertsProtocol, History, Part, Protocol as _};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Learn default weights from several organisations, and hold those of the others against each
///
/// Each file is one organisation, and each weighs the same. Learnt from are the fit parts alone.
#[derive(Debug, clap::Args)]
pub(super) struct DefaultsArgs {
    /// The events of one organisation, gzip or not; at least two
    #[arg(long, value_name = "FILE", required = true)]
    events: Vec<PathBuf>,
    /// Weights to be pulled towards, instead of the shipped ones
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// How strongly they are pulled there
    #[arg(long, default_value_t = 0.03, value_parser = pull)]
    pull: f64,
    /// On which questions they are held against each organisation: choices are made on `fit`
    #[arg(long, default_value = "fit")]
    part: PartName,
    /// Write the weights that all organisations teach together, two decimals each
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn pull(text: &str) -> Result<f64, String> {
    let pull = text.parse::<f64>().map_err(|error| error.to_string())?;
    let sound = pull.is_finite() && pull > 0.0;
    sound
        .then_some(pull)
        .ok_or_else(|| "a pull is a number above 0".to_owned())
}

/// One organisation.
struct Place {
    name: String,
    history: History,
    examples: Vec<Example>,
}

/// How the weights of the others do at one place; beside them, as those that are shipped, the weights of all.
struct Held {
    name: String,
    report: Report,
}

impl DefaultsArgs {
    pub(super) fn run(&self) -> Result<Done, Failure> {
        if self.events.len() < 2 {
            return Err(Failure::new(
                "leaving one out takes at least two organisations: give --events several times",
            ));
        }
        let shipped = ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let from = self.from.as_deref().map(super::weights_of).transpose()?;
        let joint = Joint {
            prior: from.as_ref().unwrap_or(&shipped),
            pull: self.pull,
            threads: cores(),
        };
        let places: Result<Vec<Place>, Failure> = self.events.iter().map(|path| place(path, &joint)).collect();
        let places = places?;
        let every: Vec<&[Example]> = places.iter().map(|place| place.examples.as_slice()).collect();
        let all = rounded(joint.weigh(&every));
        let of_all = ExpertsRecommender::learnt(&all, "all".to_owned(), None);
        let held = |(n, place): (usize, &Place)| {
            let mut others = every.clone();
            others.remove(n);
            let of_others = ExpertsRecommender::learnt(&rounded(joint.weigh(&others)), "left-out".to_owned(), None);
            let settings = ExpertsSettings {
                shipped: &of_all,
                measured: Measured::Given(&of_others),
                part: self.part.part(),
                threads: cores(),
            };
            Held {
                name: place.name.clone(),
                report: watched(|progress| experts(&place.history, &settings, progress)).report(),
            }
        };
        let held: Vec<Held> = places.iter().enumerate().map(held).collect();
        if let Some(path) = &self.out {
            std::fs::write(path, file(&all, &places)).map_err(|error| Failure::file("write", path, error))?;
        }
        print(&if self.json {
            format!("{}\n", to_json(&all, &held))
        } else {
            table(&all, &held)
        })?;
        Ok(Done::Whole)
    }
}

/// Reads an organisation's events and what its fit part teaches.
fn place(path: &Path, joint: &Joint<'_>) -> Result<Place, Failure> {
    let history = read(path)?;
    let protocol = ExpertsProtocol::of(&history);
    let queries = protocol.part(Part::Fit);
    let basis = BasisRule::Refreshed(&unkept_basis);
    let examples = watched(|progress| joint.examples(&history, &protocol, &queries, &basis, progress));
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let name = name.split('.').next().unwrap_or_default().to_owned();
    if examples.is_empty() {
        return Err(Failure::new(format!(
            "{}: no question of the fit part was answered by somebody known: it teaches nothing",
            path.display()
        )));
    }
    Ok(Place {
        name,
        history,
        examples,
    })
}

/// Default weights are shipped with two decimals, and measured as they are shipped.
fn rounded(mut weights: Vec<(&'static str, f64)>) -> Vec<(&'static str, f64)> {
    for (_, weight) in &mut weights {
        // Adding zero makes a negative zero positive.
        *weight = (*weight * 100.0).round() / 100.0 + 0.0;
    }
    weights
}

fn file(weights: &[(&'static str, f64)], places: &[Place]) -> String {
    let names: Vec<_> = places
        .iter()
        .map(|place| format!("{} ({} questions)", place.name, place.examples.len()))
        .collect();
    let mut text = format!("# Learnt together from {}.\n\n[experts]\n", names.join(", "));
    for (signal, weight) in weights {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{signal} = {weight:?}");
    }
    text
}

/// The best baseline of a report, by nDCG at 10.
fn baseline(report: &Report) -> Option<&(&'static str, crate::evaluate::Figures)> {
    report.baselines.iter().max_by(|a, b| a.1.ndcg10.total_cmp(&b.1.ndcg10))
}

fn to_json(weights: &[(&'static str, f64)], held: &[Held]) -> Value {
    let weights = weights
        .iter()
        .map(|&(signal, weight)| (signal.to_owned(), json!(weight)));
    let places = held.iter().map(|held| {
        json!({
            "place": held.name,
            "baseline": baseline(&held.report).map(|(name, _)| name),
            "left_out": held.report.to_json(),
        })
    });
    json!({"weights": Value::Object(weights.collect()), "places": places.collect::<Vec<_>>()})
}

/// Writing into a string cannot fail.
fn table(weights: &[(&'static str, f64)], held: &[Held]) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<20} {:>7}   {:<32} {:<20} learnt with it: MRR, nDCG@10",
        "place", "queries", "best baseline: MRR, nDCG@10", "left out: MRR, nDCG@10"
    );
    for held in held {
        let left_out = &held.report.figures;
        let all = held.report.shipped.as_ref().unwrap_or(left_out);
        let baseline = baseline(&held.report).map_or(String::new(), |(name, figures)| {
            format!("{name} {:.3} {:.3}", figures.mrr, figures.ndcg10)
        });
        let _ = writeln!(
            text,
            "{:<20} {:>7}   {:<32} {:.3} {:.3}            {:.3} {:.3}",
            held.name, left_out.queries, baseline, left_out.mrr, left_out.ndcg10, all.mrr, all.ndcg10
        );
    }
    text.push_str("\nweights that all teach together:\n");
    for (signal, weight) in weights {
        let _ = writeln!(text, "  {signal:<20} {weight:>6.2}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_shipped_with_two_decimals_and_no_negative_zero() {
        let shown = |weight: f64| format!("{:?}", rounded(vec![("a", weight)])[0].1);
        assert_eq!(
            [shown(0.126), shown(-0.004), shown(-1.0), shown(2.004)],
            ["0.13", "0.0", "-1.0", "2.0"]
        );
    }

    #[test]
    fn a_pull_is_above_zero() {
        assert_eq!(pull("0.03"), Ok(0.03));
        for text in ["0", "-1", "inf", "NaN", "much"] {
            assert!(pull(text).is_err(), "{text}");
        }
    }
}
