//! `antenne evaluate signals`: what each signal earns on an organisation's own past.

use super::{history, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::{cores, print};
use crate::config::Config;
use crate::fit::{Ablation, Learner, unkept_basis};
use crate::recommend::ExpertsRecommender;
use crate::replay::{BasisRule, ExpertsProtocol, Part, PastQuery as _, Protocol as _};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Measure what each signal earns: weights are learnt again without it, and tried on rolling folds
///
/// Only the questions before the test part are looked at.
#[derive(Debug, clap::Args)]
pub(super) struct SignalsArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl SignalsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let shipped = ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let history = history(self.events.as_deref(), config)?;
        let protocol = ExpertsProtocol::of(&history);
        let past = protocol
            .part(Part::Test)
            .first()
            .map(|query| history.before(query.at()));
        let learner = Learner {
            current: &shipped,
            prior: &shipped,
            basis: BasisRule::Refreshed(&unkept_basis),
            since: None,
            threads: cores(),
        };
        let ablation = past
            .and_then(|past| watched(|progress| learner.ablate(&past, &ExpertsProtocol::to_learn(&past), progress)));
        let ablation = ablation.ok_or_else(|| {
            Failure::new("too few answered questions before the test part: nothing can be said of the signals")
        })?;
        print(&if self.json {
            format!("{}\n", to_json(&ablation))
        } else {
            table(&ablation)
        })?;
        Ok(Done::Whole)
    }
}

fn to_json(ablation: &Ablation) -> serde_json::Value {
    let without = ablation
        .without
        .iter()
        .map(|&(signal, ndcg10)| json!({"signal": signal, "ndcg10": ndcg10, "earns": ablation.all - ndcg10}));
    json!({
        "questions": ablation.questions,
        "pull": ablation.pull,
        "ndcg10": ablation.all,
        "without": without.collect::<Vec<_>>(),
    })
}

/// The signals, those that earn most first. Writing into a string cannot fail.
fn table(ablation: &Ablation) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "nDCG@10 on rolling folds of {} questions before the test part, pull {}: {:.3}",
        ablation.questions, ablation.pull, ablation.all
    );
    let _ = writeln!(text, "\n{:<20} {:>8} {:>8}", "without", "nDCG@10", "earns");
    let mut without = ablation.without.clone();
    without.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    for (signal, ndcg10) in without {
        let _ = writeln!(text, "{signal:<20} {ndcg10:>8.3} {:>+8.3}", ablation.all - ndcg10);
    }
    text
}
