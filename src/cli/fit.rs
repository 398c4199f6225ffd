//! `antenne fit`: learns the weights of every recommender and the latent basis from an organisation's own past, and adopts
//! them, each recommender's on their own, or says why not.
//!
//! On the data folder what is adopted is kept there and used from then on, also by a running server. From files nothing
//! is kept: the weights go to a file that `serve` and `evaluate` can be given.

mod report;

pub use report::{json, sentence};

use super::evaluate::{HabitArgs, watched, weights_of};
use super::failure::{Done, Failure};
use super::log;
use super::machine::{SystemClock, cores, print};
use super::session::{IfAbsent, Session};
use crate::app::{Clock as _, FitReason};
use crate::calendar::rfc3339;
use crate::config::Config;
use crate::fit::{Kept, Learnable, Learner, Learnt, Left, SkillsLearner, unkept_basis};
use crate::recommend::{
    CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    SkillsRecommender,
};
use crate::replay::{
    BasisRule, CoAnimatorsRule, CommunitiesRule, DaysProtocol, ExpertsProtocol, Habits, Hidden, History, LinkRule,
    Links, Protocol as _,
};
use report::{Judged, of_file, report, whole};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Learn from your own past who could answer, where people belong, who could co-animate, who knows about something and what
/// speaks for a skill
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
    /// Which days count, of joins and of those who began to animate; for a data folder the section `models` of the
    /// configuration says so
    #[command(flatten)]
    habits: HabitArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a file taught one recommender.
struct Lesson {
    which: Recommender,
    /// The weights that were held against, and those to be used from now on.
    before: Vec<(&'static str, f64)>,
    current: String,
    judged: Judged,
    learnt: Option<Learnt>,
}

impl Lesson {
    fn taken(&self) -> Option<&Learnt> {
        self.learnt.as_ref().filter(|learnt| learnt.check.passed())
    }
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
        let lessons = lessons(&history, config.weights.as_deref(), &self.habits.over(config))?;
        if lessons.iter().all(|lesson| lesson.learnt.is_none()) {
            let why = lessons
                .iter()
                .map(|lesson| format!("{}: {}", lesson.which.name(), lesson.judged.why));
            return Err(Failure::new(format!(
                "nothing was learnt: {}",
                why.collect::<Vec<_>>().join("; ")
            )));
        }
        self.show(&whole(lessons.iter().map(|lesson| {
            let model = lesson.learnt.as_ref().map_or(lesson.current.clone(), Learnt::model);
            let told = of_file(&lesson.judged, &model, lesson.learnt.as_ref(), &lesson.before);
            (lesson.which, told)
        })))?;
        match &self.out {
            Some(path) if lessons.iter().any(|lesson| lesson.taken().is_some()) => {
                std::fs::write(path, file(&lessons)).map_err(|error| Failure::file("write", path, error))?;
            }
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

/// What `history` teaches every recommender, held against the weights of the file `given`, or the shipped ones.
fn lessons(history: &History, given: Option<&Path>, habits: &Habits) -> Result<Vec<Lesson>, Failure> {
    // What is wrong with the file is said before the hours of learning.
    given.map(weights_of).transpose()?;
    let protocol = ExpertsProtocol::to_learn(history);
    let experts = lesson::<ExpertsRecommender>(history, given, &protocol, FitReason::FewAnswered)?;
    let rule = CommunitiesRule::to_learn(history, habits);
    let protocol = DaysProtocol::communities_to_learn(history, &rule);
    let few = FitReason::FewDays(protocol.queries().len());
    let communities = lesson::<CommunitiesRecommender>(history, given, &protocol, few)?;
    let rule = CoAnimatorsRule::to_learn(history, habits);
    let protocol = DaysProtocol::co_animators_to_learn(history, &rule);
    let few = FitReason::FewDays(protocol.queries().len());
    let co_animators = lesson::<CoAnimatorsRecommender>(history, given, &protocol, few)?;
    let protocol = DaysProtocol::search(history);
    let few = FitReason::FewDays(protocol.queries().len());
    let search = lesson::<SearchRecommender>(history, given, &protocol, few)?;
    Ok(vec![
        experts,
        communities,
        co_animators,
        search,
        of_links(history, given)?,
    ])
}

/// The weights in use and the shipped ones.
fn weights_in_use<R: Kept>(given: Option<&Path>) -> Result<(Option<R>, R), Failure> {
    let shipped = R::shipped().map_err(|error| Failure::new(error.to_string()))?;
    let given = given.map(|path| super::evaluate::read_weights(path, R::weighed_by));
    Ok((given.transpose()?, shipped))
}

/// What stated skills teach.
fn of_links(history: &History, given: Option<&Path>) -> Result<Lesson, Failure> {
    let (given, shipped) = weights_in_use::<SkillsRecommender>(given)?;
    let links = Links::of(history, &LinkRule::to_learn());
    let people: Vec<&Hidden> = links.all_hidden().filter(|_| !links.are_drawn()).collect();
    let learner = SkillsLearner {
        current: given.as_ref().unwrap_or(&shipped),
        prior: &shipped,
        threads: cores(),
    };
    let left = (!people.is_empty()).then(|| Left::of(history, &links));
    let learnt = left.and_then(|left| watched(|progress| learner.learn(&left, &people, progress)));
    Ok(judged(learner.current, learnt, FitReason::FewPeople(people.len())))
}

fn lesson<R: Kept + Learnable>(
    history: &History,
    given: Option<&Path>,
    protocol: &R::Protocol,
    few: FitReason,
) -> Result<Lesson, Failure> {
    let (given, shipped) = weights_in_use::<R>(given)?;
    let learner = Learner {
        current: given.as_ref().unwrap_or(&shipped),
        prior: &shipped,
        basis: BasisRule::Refreshed(&unkept_basis),
        since: None,
        threads: cores(),
    };
    let learnt = watched(|progress| learner.learn(history, protocol, progress));
    Ok(judged(learner.current, learnt, few))
}

/// What becomes of what was `learnt` beside the weights in use; `few` is why nothing was.
fn judged<R: Kept>(current: &R, learnt: Option<Learnt>, few: FitReason) -> Lesson {
    let judged = match &learnt {
        None => Judged::refused(few, R::WHICH),
        Some(learnt) if learnt.check.passed() => Judged::taken(),
        Some(_) => Judged::refused(FitReason::Loses, R::WHICH),
    };
    Lesson {
        which: R::WHICH,
        before: current.pipeline().weights().collect(),
        current: current.model().to_owned(),
        judged,
        learnt,
    }
}

/// The weights as a file that can be given instead of the shipped one; every number to the bit. Where nothing was taken the
/// weights in use stand.
fn file(lessons: &[Lesson]) -> String {
    let mut text = String::new();
    for lesson in lessons {
        // Writing into a string cannot fail.
        let weights = if let Some(learnt) = lesson.taken() {
            let (queries, span) = (
                report::queries(lesson.which),
                [learnt.span.0, learnt.span.1].map(rfc3339),
            );
            let (model, examples) = (learnt.model(), learnt.examples);
            let _ = writeln!(
                text,
                "# {model}: learnt from {examples} {queries}, {} to {}.",
                span[0], span[1]
            );
            &learnt.weights
        } else {
            let _ = writeln!(text, "# {}: as they were; {}.", lesson.current, lesson.judged.why);
            &lesson.before
        };
        let _ = writeln!(text, "[{}]", lesson.which.section());
        for (name, weight) in weights {
            // A number always has a point or an exponent.
            let _ = writeln!(text, "{name} = {weight:?}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::report::tests::learnt;
    use super::*;

    #[test]
    fn a_file_of_weights_is_read_to_the_bit() {
        let lesson = |which, before: Vec<_>, judged, learnt| Lesson {
            which,
            before,
            current: "default-x".to_owned(),
            judged,
            learnt,
        };
        let communities: Vec<_> = CommunitiesRecommender::shipped()
            .unwrap()
            .pipeline()
            .weights()
            .collect();
        let experts = learnt();
        let lost = Judged::refused(FitReason::FewDays(3), Recommender::Communities);
        let text = file(&[
            lesson(Recommender::Experts, Vec::new(), Judged::taken(), Some(experts.clone())),
            lesson(Recommender::Communities, communities.clone(), lost, None),
        ]);
        let bits = |weights: &mut dyn Iterator<Item = (&'static str, f64)>| -> Vec<_> {
            weights.map(|(name, weight)| (name, weight.to_bits())).collect()
        };
        let read = ExpertsRecommender::weighed_by(&text).unwrap();
        assert_eq!(
            bits(&mut read.pipeline().weights()),
            bits(&mut experts.weights.iter().copied())
        );
        let read = CommunitiesRecommender::weighed_by(&text).unwrap();
        assert_eq!(bits(&mut read.pipeline().weights()), bits(&mut communities.into_iter()));
        assert!(
            text.contains("# default-x: as they were; too little history: 3 first joins"),
            "{text}"
        );
    }
}
