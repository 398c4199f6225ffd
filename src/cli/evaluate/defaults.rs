//! `antenne evaluate defaults`: default weights learnt from several organisations together, and how those of the others
//! do on each that was left out.

use super::habits::{HabitArgs, PlaceArg};
use super::subject::{Evaluated, HeldLine, Named, Said, recommender};
use super::{PartName, read, read_weights, watched};
use crate::cli::failure::{Done, Failure};
use crate::cli::machine::{cores, print};
use crate::config::Config;
use crate::evaluate::Figures;
use crate::fit::{Example, Joint};
use crate::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    SkillsRecommender,
};
use crate::replay::{Habits, History};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Learn default weights from several organisations, and hold those of the others against each
///
/// Each file is one organisation, and each weighs the same. Learnt from are the fit parts alone.
#[derive(Debug, clap::Args)]
pub(super) struct DefaultsArgs {
    /// The events of one organisation, gzip or not; at least two. Words behind a comma say which days count there:
    /// FILE,from=2022-01-01,min-members=3,max-batch=0,pool=members, or for skills which topics are some where none is
    /// stated: FILE,topics=dev:|web:
    #[arg(long, value_name = "FILE", required = true)]
    events: Vec<PlaceArg>,
    /// Whose weights: experts, communities, co-animators, search or skills
    #[arg(long, default_value = "experts", value_name = "NAME", value_parser = recommender)]
    recommender: Recommender,
    #[command(flatten)]
    habits: HabitArgs,
    /// Weights to be pulled towards, instead of the shipped ones
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// How strongly they are pulled there
    #[arg(long, default_value_t = 0.03, value_parser = pull)]
    pull: f64,
    /// On which queries they are held against each organisation: choices are made on `fit`
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
struct Place<R: Evaluated> {
    name: String,
    history: History,
    rule: R::Rule,
    examples: Vec<Example>,
}

/// How the weights of the others do at one place, and those of all.
struct Held {
    name: String,
    lines: Vec<HeldLine>,
}

impl DefaultsArgs {
    pub(super) fn run(&self, config: &Config) -> Result<Done, Failure> {
        if self.events.len() < 2 {
            return Err(Failure::new(
                "leaving one out takes at least two organisations: give --events several times",
            ));
        }
        match self.recommender {
            Recommender::Experts => self.learn::<ExpertsRecommender>(config),
            Recommender::Communities => self.learn::<CommunitiesRecommender>(config),
            Recommender::CoAnimators => self.learn::<CoAnimatorsRecommender>(config),
            Recommender::Search => self.learn::<SearchRecommender>(config),
            Recommender::Skills => self.learn::<SkillsRecommender>(config),
        }
    }

    fn learn<R: Evaluated>(&self, config: &Config) -> Result<Done, Failure> {
        let shipped = R::default_weights()?;
        let from = self.from.as_deref().map(|path| read_weights(path, R::weighed_by));
        let from = from.transpose()?;
        let joint = Joint {
            prior: from.as_ref().unwrap_or(&shipped),
            pull: self.pull,
            threads: cores(),
        };
        let habits = self.habits.over(config);
        let places: Result<Vec<Place<R>>, Failure> =
            self.events.iter().map(|event| place(event, &habits, &joint)).collect();
        let places = places?;
        let every: Vec<&[Example]> = places.iter().map(|place| place.examples.as_slice()).collect();
        let weigh = |places: &[&[Example]]| rounded(R::to_be_used(joint.prior, joint.weigh(places), places));
        let all = weigh(&every);
        let of_all: R = named(&all, "all");
        let held = |(n, place): (usize, &Place<R>)| {
            let mut others = every.clone();
            others.remove(n);
            let of_others: R = named(&weigh(&others), "left-out");
            let weights = (&of_others, &of_all);
            let held = |progress: &mut dyn FnMut(usize, usize)| {
                R::held(&place.history, &place.rule, weights, self.part.part(), progress)
            };
            Held {
                name: place.name.clone(),
                lines: watched(held),
            }
        };
        let held: Vec<Held> = places.iter().enumerate().map(held).collect();
        if let Some(path) = &self.out {
            let learnt_from: Vec<(&str, usize)> = places
                .iter()
                .map(|place| (&*place.name, place.examples.len()))
                .collect();
            std::fs::write(path, file::<R>(&all, &learnt_from)).map_err(|error| Failure::file("write", path, error))?;
        }
        print(&if self.json {
            format!("{}\n", to_json(&all, &held))
        } else {
            table(&all, &held)
        })?;
        Ok(Done::Whole)
    }
}

fn named<R: Evaluated>(weights: &Named, model: &str) -> R {
    R::taught(weights, model.to_owned(), None)
}

/// Reads an organisation's events and what its fit part teaches.
fn place<R: Evaluated>(event: &PlaceArg, habits: &Habits, joint: &Joint<'_, R>) -> Result<Place<R>, Failure> {
    let history = read(&event.path)?;
    let said = Said {
        habits: event.over(habits),
        topics: event.topics.clone(),
    };
    let rule = R::rule(&history, &said);
    let examples = watched(|progress| R::taught_by(joint, &history, &rule, progress));
    let name = event
        .path
        .file_name()
        .unwrap_or(event.path.as_os_str())
        .to_string_lossy();
    let name = name.split('.').next().unwrap_or_default().to_owned();
    if examples.is_empty() {
        return Err(Failure::new(format!(
            "{}: the fit part has no query that anybody known answers: it teaches nothing",
            event.path.display()
        )));
    }
    Ok(Place {
        name,
        history,
        rule,
        examples,
    })
}

/// Default weights are shipped with two decimals, and measured as they are shipped.
fn rounded(mut weights: Named) -> Named {
    for (_, weight) in &mut weights {
        // Adding zero makes a negative zero positive.
        *weight = (*weight * 100.0).round() / 100.0 + 0.0;
    }
    weights
}

fn file<R: Evaluated>(weights: &Named, places: &[(&str, usize)]) -> String {
    let names: Vec<_> = places
        .iter()
        .map(|(name, queries)| format!("{name} ({queries} queries)"))
        .collect();
    let section = R::WHICH.section();
    let mut text = format!("# Learnt together from {}.\n\n[{section}]\n", names.join(", "));
    for (signal, weight) in weights {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{signal} = {weight:?}");
    }
    text
}

fn to_json(weights: &Named, held: &[Held]) -> Value {
    let weights = weights
        .iter()
        .map(|&(signal, weight)| (signal.to_owned(), json!(weight)));
    let figures = |figures: &Figures| json!({"queries": figures.queries, "mrr": figures.mrr, "ndcg10": figures.ndcg10});
    let line = |line: &HeldLine| {
        json!({
            "group": (!line.group.is_empty()).then_some(line.group),
            "baseline": line.baseline.as_ref().map(|(name, _)| name),
            "of_baseline": line.baseline.as_ref().map(|(_, of)| figures(of)),
            "left_out": figures(&line.left_out),
            "learnt_with_it": figures(&line.of_all),
        })
    };
    let places = held
        .iter()
        .map(|held| json!({"place": held.name, "groups": held.lines.iter().map(line).collect::<Vec<_>>()}));
    json!({"weights": Value::Object(weights.collect()), "places": places.collect::<Vec<_>>()})
}

/// Writing into a string cannot fail.
fn table(weights: &Named, held: &[Held]) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<24} {:>7}   {:<32} {:<20} learnt with it: MRR, nDCG@10",
        "place", "queries", "best baseline: MRR, nDCG@10", "left out: MRR, nDCG@10"
    );
    for (held, line) in held
        .iter()
        .flat_map(|held| held.lines.iter().map(move |line| (held, line)))
    {
        let (left_out, all) = (&line.left_out, &line.of_all);
        let baseline = line.baseline.as_ref().map_or(String::new(), |(name, figures)| {
            format!("{name} {:.3} {:.3}", figures.mrr, figures.ndcg10)
        });
        let _ = writeln!(
            text,
            "{:<24} {:>7}   {:<32} {:.3} {:.3}            {:.3} {:.3}",
            format!("{} {}", held.name, line.group).trim_end(),
            left_out.queries,
            baseline,
            left_out.mrr,
            left_out.ndcg10,
            all.mrr,
            all.ndcg10
        );
    }
    text.push_str("\nweights that all teach together:\n");
    for (signal, weight) in weights {
        let _ = writeln!(text, "  {signal:<24} {weight:>6.2}");
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

    #[test]
    fn what_is_written_can_be_given_as_weights() {
        let shipped = CommunitiesRecommender::shipped().unwrap();
        let weights: Named = shipped.pipeline().weights().collect();
        let text = file::<CommunitiesRecommender>(&weights, &[("here", 3)]);
        assert!(
            text.starts_with("# Learnt together from here (3 queries).\n\n[communities]\n"),
            "{text}"
        );
        let read = CommunitiesRecommender::weighed_by(&text).unwrap();
        assert!(read.model().starts_with("custom-"));
        assert_eq!(read.pipeline().weights().collect::<Named>(), weights);
    }
}
