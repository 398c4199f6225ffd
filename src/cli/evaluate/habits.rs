//! Which days are learnt from, as the command line says it: options for all files, and words behind the name of one.

use super::days::{PoolName, day};
use crate::cli::learning::habits;
use crate::config::Config;
use crate::replay::Habits;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// Which days of communities and co-animators count; what is not said is read off each past itself
#[derive(Clone, Debug, Default, clap::Args)]
pub struct HabitArgs {
    /// The first day that counts [default: five years before the last one, if they hold enough]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from_day: Option<Arc<str>>,
    /// Members that a community has at least to be ranked [default: 3 or 1, as people join]
    #[arg(long, value_name = "N")]
    min_members: Option<usize>,
    /// From so many people on one day on, a community took in a batch; 0 counts everybody [default: 10, or 0 where most came
    /// so]
    #[arg(long, value_name = "N")]
    max_batch: Option<usize>,
    /// Among whom co-animators are looked for [default: as most of them came]
    #[arg(long)]
    pool: Option<PoolName>,
}

impl HabitArgs {
    /// What is said, over what the configuration says.
    pub fn over(&self, config: &Config) -> Habits {
        let configured = habits(&config.models);
        Habits {
            from: self.from_day.clone().or(configured.from),
            min_members: self.min_members.or(configured.min_members),
            max_batch: self.max_batch.or(configured.max_batch),
            pool: self.pool.map(PoolName::pool).or(configured.pool),
        }
    }
}

/// A file of one place's events, with the days and topics that count there: `FILE`, or
/// `FILE,from=2022-01-01,min-members=3,max-batch=0`, or `FILE,topics=dev:|web:`.
#[derive(Clone, Debug)]
pub(super) struct PlaceArg {
    /// The file.
    pub path: PathBuf,
    /// Topics of projects that count as skills there, by how they begin, where nobody is said to have a skill.
    pub topics: Vec<String>,
    said: Habits,
}

impl PlaceArg {
    /// What is said of this place, over what is said of all.
    pub fn over(&self, all: &Habits) -> Habits {
        Habits {
            from: self.said.from.clone().or_else(|| all.from.clone()),
            min_members: self.said.min_members.or(all.min_members),
            max_batch: self.said.max_batch.or(all.max_batch),
            pool: self.said.pool.or(all.pool),
        }
    }
}

impl FromStr for PlaceArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words: Vec<&str> = text.split(',').collect();
        let (mut said, mut topics) = (Habits::default(), Vec::new());
        // A file may have commas in its name: words are read from the end, as long as they say something.
        while let Some((key, value)) = words.last().filter(|_| words.len() > 1).and_then(|w| w.split_once('=')) {
            let number = || value.parse().map_err(|_| format!("{key} is a number: {value}"));
            match key {
                "from" => said.from = Some(day(value)?),
                "min-members" => said.min_members = Some(number()?),
                "max-batch" => said.max_batch = Some(number()?),
                "pool" => said.pool = Some(<PoolName as clap::ValueEnum>::from_str(value, false)?.pool()),
                "topics" => topics = value.split('|').map(str::to_owned).collect(),
                _ => {
                    return Err(format!(
                        "{key}: known are from, min-members, max-batch, pool and topics"
                    ));
                }
            }
            words.pop();
        }
        Ok(Self {
            path: words.join(",").into(),
            topics,
            said,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Pool;

    #[test]
    fn a_place_says_which_days_count_over_what_holds_for_all() {
        let place: PlaceArg = "a,b.jsonl,from=2022-01-01,max-batch=0,pool=everyone".parse().unwrap();
        let all = Habits {
            min_members: Some(3),
            max_batch: Some(7),
            ..Habits::default()
        };
        let found = place.over(&all);
        assert_eq!(place.path, PathBuf::from("a,b.jsonl"));
        assert_eq!(found.from.as_deref(), Some("2022-01-01"));
        assert_eq!(
            (found.min_members, found.max_batch, found.pool),
            (Some(3), Some(0), Some(Pool::Everyone))
        );
        let drawn: PlaceArg = "a.jsonl,topics=dev:|web::".parse().unwrap();
        assert_eq!(drawn.topics, ["dev:", "web::"]);
        let plain: PlaceArg = "=.jsonl".parse().unwrap();
        assert_eq!(plain.path, PathBuf::from("=.jsonl"));
        for bad in [
            "f,from=yesterday",
            "f,min-members=few",
            "f,pool=some",
            "f,form=2022-01-01",
        ] {
            assert!(bad.parse::<PlaceArg>().is_err(), "{bad}");
        }
    }
}
