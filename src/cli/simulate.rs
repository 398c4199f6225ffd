//! `antenne simulate`: what a year of an organisation's questions would ask of its people.

use super::evaluate::{history, warn_of_rejected, watched, weights_of};
use super::failure::{Done, Failure};
use super::machine::{cores, print};
use crate::config::Config;
use crate::evaluate::{AskSettings, simulate_asks};
use crate::recommend::ExpertsRecommender;
use crate::signals::Spread;
use std::path::PathBuf;

/// Play a year through, to see what it asks of people
#[derive(Debug, clap::Args)]
pub struct SimulateArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Asks(AsksArgs),
}

/// Ask the questions of the last 365 days in waves, of people who tire of being asked
#[derive(Debug, clap::Args)]
struct AsksArgs {
    /// A file of events, gzip or not; without, the events of the data folder
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// What luck is drawn from: the same number gives the same figures
    #[arg(long, value_name = "N")]
    seed: u64,
    /// A TOML file of weights, instead of the shipped ones
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl SimulateArgs {
    /// Carries the command out.
    pub fn run(&self, config: &Config) -> Result<Done, Failure> {
        match &self.what {
            What::Asks(args) => args.run(config),
        }
    }
}

impl AsksArgs {
    fn run(&self, config: &Config) -> Result<Done, Failure> {
        let recommender = match &self.weights {
            None => ExpertsRecommender::shipped().map_err(|error| Failure::new(error.to_string()))?,
            Some(path) => weights_of(path)?,
        };
        let history = history(self.events.as_deref(), config)?;
        let settings = AskSettings {
            recommender: &recommender,
            spread: Spread::default(),
            seed: self.seed,
            threads: cores(),
        };
        let simulation = watched(|progress| simulate_asks(&history, &settings, progress));
        let text = if self.json {
            simulation.to_json().to_string()
        } else {
            simulation.to_string()
        };
        print(&format!("{}\n", text.trim_end()))?;
        let done = warn_of_rejected(&history, self.events.as_deref());
        if simulation.questions == 0 {
            return Err(Failure::new(
                "nothing was played: nobody asked a question in the last 365 days of these events",
            ));
        }
        Ok(done)
    }
}
