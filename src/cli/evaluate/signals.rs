//! `antenne evaluate signals`: what each signal earns on an organisation's own past.

use super::habits::HabitArgs;
use super::subject::{Evaluated, Said, recommender};
use super::{history, warn_of_rejected, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::print;
use crate::config::Config;
use crate::fit::Ablation;
use crate::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    SkillsRecommender,
};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Measure what each signal earns: weights are learnt again without it, and tried on rolling folds
///
/// Only what came before the test part is looked at.
#[derive(Debug, clap::Args)]
pub(super) struct SignalsArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Whose signals: experts, communities, co-animators, search or skills
    #[arg(long, default_value = "experts", value_name = "NAME", value_parser = recommender)]
    recommender: Recommender,
    #[command(flatten)]
    habits: HabitArgs,
    /// Of skills, where nobody is said to have any: topics of projects that count as some, by how they begin, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "BEGIN")]
    topics: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl SignalsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let (ablation, done) = match self.recommender {
            Recommender::Experts => self.ablation::<ExpertsRecommender>(config),
            Recommender::Communities => self.ablation::<CommunitiesRecommender>(config),
            Recommender::CoAnimators => self.ablation::<CoAnimatorsRecommender>(config),
            Recommender::Search => self.ablation::<SearchRecommender>(config),
            Recommender::Skills => self.ablation::<SkillsRecommender>(config),
        }?;
        print(&if self.json {
            format!("{}\n", self.to_json(&ablation))
        } else {
            table(&ablation)
        })?;
        Ok(done)
    }

    fn ablation<R: Evaluated>(&self, config: &Config) -> Result<(Ablation, Done), Failure> {
        let shipped = R::default_weights()?;
        let history = history(self.events.as_deref(), config)?;
        let said = Said {
            habits: self.habits.over(config),
            topics: self.topics.clone(),
        };
        let rule = R::rule(&history, &said);
        let ablation = watched(|progress| R::ablated(&shipped, &history, &rule, progress));
        let done = warn_of_rejected(&history, self.events.as_deref());
        let few = "too few queries before the test part: nothing can be said of the signals";
        Ok((ablation.ok_or_else(|| Failure::new(few))?, done))
    }

    fn to_json(&self, ablation: &Ablation) -> serde_json::Value {
        let without = ablation
            .without
            .iter()
            .map(|&(signal, ndcg10)| json!({"signal": signal, "ndcg10": ndcg10, "earns": ablation.all - ndcg10}));
        json!({
            "recommender": self.recommender.name(),
            "questions": ablation.questions,
            "pull": ablation.pull,
            "ndcg10": ablation.all,
            "without": without.collect::<Vec<_>>(),
        })
    }
}

/// The signals, those that earn most first. Writing into a string cannot fail.
fn table(ablation: &Ablation) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "nDCG@10 on rolling folds of {} queries before the test part, pull {}: {:.3}",
        ablation.questions, ablation.pull, ablation.all
    );
    let _ = writeln!(text, "\n{:<24} {:>8} {:>8}", "without", "nDCG@10", "earns");
    let mut without = ablation.without.clone();
    without.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    for (signal, ndcg10) in without {
        let _ = writeln!(text, "{signal:<24} {ndcg10:>8.3} {:>+8.3}", ablation.all - ndcg10);
    }
    text
}
