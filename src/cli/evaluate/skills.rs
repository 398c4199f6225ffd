//! `antenne evaluate skills`: known links between people and skills, hidden and looked for again.

use super::{Weighed, history, warn_of_rejected, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::{cores, print};
use crate::config::Config;
use crate::evaluate::{SkillsSettings, skills};
use crate::recommend::SkillsRecommender;
use crate::replay::LinkRule;
use std::path::PathBuf;

/// Measure conclusions about skills: one known link in five is hidden, and looked for among all that the person lacks
#[derive(Debug, clap::Args)]
pub(super) struct SkillsArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// What decides which links are hidden
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Links that somebody has at least for some to be hidden
    #[arg(long, default_value_t = 5, value_name = "N")]
    min_links: usize,
    /// Where nobody is said to have a skill: topics of projects that count as skills, by how they begin, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "BEGIN")]
    topics: Vec<String>,
    #[command(flatten)]
    weighed: Weighed,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl SkillsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        let shipped = SkillsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?;
        let given = self.weighed.given(SkillsRecommender::weighed_by)?;
        let history = history(self.events.as_deref(), config)?;
        let rule = LinkRule {
            topics: self.topics.clone(),
            links_min: self.min_links,
            seed: self.seed,
        };
        let settings = SkillsSettings {
            rule: &rule,
            measured: self.weighed.measured(&shipped, given.as_ref())?,
            shipped: &shipped,
            part: self.weighed.part.part(),
            threads: cores(),
        };
        let report = watched(|progress| skills(&history, &settings, progress)).report();
        let text = if self.json {
            report.to_json().to_string()
        } else {
            report.to_string()
        };
        print(&format!("{}\n", text.trim_end()))?;
        let done = warn_of_rejected(&history, self.events.as_deref());
        if report.people == 0 {
            return Err(Failure::new(
                "nothing was measured: nobody of this part has so many links (`--min-links`), or no topic counts (`--topics`)",
            ));
        }
        Ok(done)
    }
}
