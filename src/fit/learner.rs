//! Learning the weights of a recommender from what happened: the questions that were answered, the communities that people
//! joined, those who began to animate.
//!
//! Everything is chosen on older queries and checked on newer ones, by rolling folds: how strongly the weights are pulled to
//! the prior on all of them, whether they are worth taking on each by what those before it chose. Nobody's future is looked at: each query is replayed from what was known
//! before it.

use super::calibration::calibrate;
use super::examples::{Example, Replaying, subjects_max};
use super::fitting::{Fitting, Folds};
use super::learnable::{Learnable, PastQueryOf, QUERIES_MIN};
use super::mixture::{Mixture, Tried, mean};
use super::teachable::Teachable;
use crate::domain::Timestamp;
use crate::recommend::{Calibration, ExpertsRecommender, Weights};
use crate::replay::{BasisRule, History, PastQuery, Protocol as _, bootstrap};
use std::collections::BTreeMap;

/// Queries learnt from at most, evenly spread over the past.
pub(super) const EXAMPLES_MAX: usize = 5_000;
/// Queries newer than the weights in use below which these are held against nothing.
pub const NEWER_MIN: usize = 40;

/// How the weights in use and the new ones did on the newest queries, which neither was learnt from.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Queries.
    pub questions: usize,
    /// Queries below which it says nothing.
    pub questions_min: usize,
    /// Mean worth of the rankings of the weights in use: nDCG at 10, where the recommender says nothing else.
    pub current: f64,
    /// The same of weights learnt the same way from the queries before.
    pub learnt: f64,
    /// The 95 % interval of the mean difference, paired bootstrap.
    pub interval: (f64, f64),
}

impl Check {
    /// Whether the new weights may be taken: they do not lose, and there was enough to tell.
    pub fn passed(&self) -> bool {
        self.says() && self.learnt >= self.current
    }

    /// Whether there were enough queries to tell.
    pub fn says(&self) -> bool {
        self.questions >= self.questions_min
    }
}

/// What one group of queries taught, where groups are learnt apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    /// Which.
    pub group: String,
    /// Its queries learnt from.
    pub examples: usize,
    /// The pull with the largest share in its weights.
    pub pull: f64,
    /// How its weights did. Those that did not pass are left as they were, unless no group's passed.
    pub check: Check,
}

/// One pull, as it did on the folds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// How strongly the weights were pulled to the prior.
    pub pull: f64,
    /// The mean worth that it reached on the folds.
    pub worth: f64,
    /// Its share in the weights, in 0..=1.
    pub share: f64,
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// Every signal's weight, in the order of the pipeline.
    pub weights: Vec<(&'static str, f64)>,
    /// How scores become chances here.
    pub calibration: Calibration,
    /// The pull with the largest share in the weights: where groups are learnt apart, of the one with the most queries among
    /// those that are taken.
    pub pull: f64,
    /// Each pull that was tried, the most strongly first.
    pub tried: Vec<Trial>,
    /// Queries learnt from.
    pub examples: usize,
    /// When the first and the last of them were.
    pub span: (Timestamp, Timestamp),
    /// How it did: where groups are learnt apart, on all those that are taken; on the one with the most queries, when none is.
    pub check: Check,
    /// Group by group, where they are learnt apart.
    pub apart: Vec<Apart>,
}

impl Learnt {
    /// A short name for exactly these weights.
    pub fn model(&self) -> String {
        format!("learnt-{}", Weights::of_pairs(&self.weights).model())
    }

    /// The recommender that uses them.
    pub fn recommender<R: Teachable>(&self) -> R {
        R::taught(&self.weights, self.model(), Some(self.calibration))
    }
}

/// What learning needs besides the past.
pub struct Learner<'a, R = ExpertsRecommender> {
    /// The weights in use: what the new ones are held against.
    pub current: &'a R,
    /// The shipped weights: what the new ones are pulled to.
    pub prior: &'a R,
    /// By which basis subjects are read.
    pub basis: BasisRule<'a>,
    /// What the weights in use were learnt from ends here: only later questions tell them from the new ones, and there
    /// must be [`NEWER_MIN`] of them. `None` when they were learnt from none of these.
    pub since: Option<Timestamp>,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl<R: Learnable> Learner<'_, R> {
    /// Learns from `queries` of `history`; `None` when there are too few. Cost: folding the past once, and one ranking
    /// of a few hundred people a question, of 5,000 at most.
    pub fn learn(
        &self,
        history: &History,
        protocol: &R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<Learnt> {
        let (queries, examples) = self.examples(history, protocol, progress)?;
        let instants: Vec<Timestamp> = queries.iter().map(|query| query.at()).collect();
        let span = span(&instants);
        let groups = Pile::by_group::<R>(&queries, examples);
        let fitting = Fitting::of(self.prior, R::worth, self.threads);
        let told = groups.into_iter().filter(|group| group.examples.len() >= QUERIES_MIN);
        let lessons: Vec<Lesson> = told.map(|group| self.lesson(&fitting, &group)).collect();
        self.whole(&fitting, lessons, span)
    }

    /// The questions learnt from, and the example that each of them is; `None` when there are too few.
    pub(super) fn examples<'q>(
        &self,
        history: &History,
        protocol: &'q R::Protocol,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<(Vec<&'q PastQueryOf<R>>, Vec<Example>)> {
        let queries = self.sample(&protocol.queries().iter().collect::<Vec<_>>());
        if queries.len() < QUERIES_MIN {
            return None;
        }
        let replaying = Replaying {
            prior: self.prior,
            subjects_max: subjects_max::<R>(queries.len()),
            basis: &self.basis,
            threads: self.threads,
        };
        let examples = Example::all(history, protocol, &queries, &replaying, progress);
        Some((queries, examples))
    }

    /// At most [`EXAMPLES_MAX`] of `queries`, evenly spread; a quarter of the places is kept for those that are newer than
    /// the weights in use, so that the check has enough of them.
    fn sample<'q>(&self, queries: &[&'q PastQueryOf<R>]) -> Vec<&'q PastQueryOf<R>> {
        let (older, newer) = queries.split_at(self.since.map_or(0, |since| older_than(queries, since)));
        let places = EXAMPLES_MAX.saturating_sub(older.len()).max(EXAMPLES_MAX / 4);
        let newer = spread(newer, if older.is_empty() { EXAMPLES_MAX } else { places });
        let mut sampled = spread(older, EXAMPLES_MAX - newer.len());
        sampled.extend(newer);
        sampled
    }

    /// What the queries of one group teach.
    fn lesson(&self, fitting: &Fitting, group: &Pile) -> Lesson {
        let Pile { examples, instants, .. } = group;
        let folds = Folds::of(instants);
        let tried = fitting.on_folds(examples, &folds, R::PULLS);
        let mixture = Mixture::of(&tried, R::CHOICE);
        let gains = fitting.on_folds_ahead(examples, &folds, &tried, R::CHOICE);
        // The weights in use may have been learnt from what is older.
        let older = (self.since).map_or(0, |since| instants.partition_point(|at| *at <= since));
        let newest_from = folds.first().max(older);
        let (newest, ours) = (&examples[newest_from..], &gains[newest_from - folds.first()..]);
        let theirs = fitting.gains(newest, &self.in_use(fitting));
        let last = &examples[folds.last()..];
        Lesson {
            group: group.group,
            examples: examples.len(),
            weights: fitting.fit_mixed(examples, &mixture),
            calibration: calibrate(last, &mixture.of_fold(&tried, Folds::LAST)),
            pull: mixture.main_pull(),
            tried: trials(&tried, &mixture),
            check: self.check(ours, &theirs),
            gains: ours.iter().copied().zip(theirs).collect(),
        }
    }

    /// The weights in use, in the order of the pipeline.
    fn in_use(&self, fitting: &Fitting) -> Vec<f64> {
        let in_use: BTreeMap<&str, f64> = self.current.pipeline().weights().collect();
        let weight = |name: &&str| in_use.get(name).copied().unwrap_or(0.0);
        fitting.names.iter().map(weight).collect()
    }

    fn check(&self, ours: &[f64], theirs: &[f64]) -> Check {
        let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
        Check {
            questions: theirs.len(),
            questions_min: self.since.map_or(0, |_| NEWER_MIN),
            current: mean(theirs),
            learnt: mean(ours),
            interval: bootstrap(&differences).unwrap_or_default(),
        }
    }

    /// What all groups taught: the weights of those that passed, and those in use of the others; what was learnt of each, when
    /// none did. `None` when no group had enough.
    fn whole(&self, fitting: &Fitting, lessons: Vec<Lesson>, span: (Timestamp, Timestamp)) -> Option<Learnt> {
        let none = !lessons.iter().any(|lesson| lesson.check.passed());
        let taken = |lesson: &&Lesson| none || lesson.check.passed();
        // Of groups of one size the first.
        let largest = lessons
            .iter()
            .filter(taken)
            .rev()
            .max_by_key(|lesson| lesson.examples)?;
        let check = if none {
            largest.check.clone()
        } else {
            let gains = lessons
                .iter()
                .filter(taken)
                .flat_map(|lesson| lesson.gains.iter().copied());
            let (ours, theirs): (Vec<f64>, Vec<f64>) = gains.unzip();
            self.check(&ours, &theirs)
        };
        let in_use = self.in_use(fitting);
        let weight = |(k, &name): (usize, &&'static str)| {
            let mut taught = lessons.iter().filter(taken);
            let lesson = taught.find(|lesson| lesson.group == R::group_of(name));
            (name, lesson.map_or(in_use[k], |lesson| lesson.weights[k]))
        };
        let (calibration, pull, tried) = (largest.calibration, largest.pull, largest.tried.clone());
        Some(Learnt {
            weights: fitting.names.iter().enumerate().map(weight).collect(),
            calibration,
            pull,
            tried,
            examples: lessons.iter().map(|lesson| lesson.examples).sum(),
            span,
            check,
            apart: if R::groups().len() > 1 {
                lessons.into_iter().map(Lesson::apart::<R>).collect()
            } else {
                Vec::new()
            },
        })
    }
}

/// The examples of one group, in the order of their instants.
pub(super) struct Pile {
    /// Its place among the groups.
    pub(super) group: usize,
    pub(super) examples: Vec<Example>,
    pub(super) instants: Vec<Timestamp>,
}

impl Pile {
    /// `examples`, each of the query at its place, group by group.
    pub(super) fn by_group<R: Learnable>(queries: &[&PastQueryOf<R>], examples: Vec<Example>) -> Vec<Self> {
        let empty = |group| Self {
            group,
            examples: Vec::new(),
            instants: Vec::new(),
        };
        let mut groups: Vec<Self> = (0..R::groups().len()).map(empty).collect();
        for (query, example) in queries.iter().zip(examples) {
            let group = &mut groups[R::group(query)];
            group.examples.push(example);
            group.instants.push(query.at());
        }
        groups
    }
}

/// What one group taught.
struct Lesson {
    group: usize,
    examples: usize,
    weights: Vec<f64>,
    calibration: Calibration,
    pull: f64,
    tried: Vec<Trial>,
    check: Check,
    /// What the rankings of its newest queries are worth: ours, and those of the weights in use.
    gains: Vec<(f64, f64)>,
}

impl Lesson {
    fn apart<R: Learnable>(self) -> Apart {
        Apart {
            group: R::groups()[self.group].to_owned(),
            examples: self.examples,
            pull: self.pull,
            check: self.check,
        }
    }
}

/// What was `tried`, with the shares of `mixture`.
pub(super) fn trials(tried: &[Tried], mixture: &Mixture) -> Vec<Trial> {
    let trial = |tried: &Tried| Trial {
        pull: tried.pull,
        worth: tried.mean(),
        share: mixture.share(tried.pull),
    };
    tried.iter().map(trial).collect()
}

/// When the first and the last of queries were.
fn span(instants: &[Timestamp]) -> (Timestamp, Timestamp) {
    let first = instants.first().copied().unwrap_or(Timestamp::from_micros(0));
    (first, instants.last().copied().unwrap_or(first))
}

/// At most `places` of `queries`, evenly spread.
pub(super) fn spread<'q, Q>(queries: &[&'q Q], places: usize) -> Vec<&'q Q> {
    let kept = queries.len().min(places);
    (0..kept).map(|n| queries[n * queries.len() / kept]).collect()
}

/// How many of `queries`, which are in order, are not newer than `since`.
fn older_than(queries: &[&impl PastQuery], since: Timestamp) -> usize {
    let newer = queries.iter().position(|query| query.at() > since);
    newer.unwrap_or(queries.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::CommunitiesRecommender;

    /// A group that taught 9 for each signal, and did better than the weights in use, or worse.
    fn lesson(group: usize, examples: usize, better: bool) -> Lesson {
        let gains: Vec<(f64, f64)> = (0..60)
            .map(|_| if better { (0.5, 0.25) } else { (0.25, 0.5) })
            .collect();
        let (ours, theirs): (Vec<f64>, Vec<f64>) = gains.iter().copied().unzip();
        Lesson {
            group,
            examples,
            weights: vec![9.0; CommunitiesRecommender::directions().len()],
            calibration: Calibration {
                slope: 1.0,
                offset: 0.0,
            },
            pull: group as f64 + 1.0,
            tried: vec![],
            check: Check {
                questions: 60,
                questions_min: 0,
                current: mean(&theirs),
                learnt: mean(&ours),
                interval: (0.0, 0.0),
            },
            gains,
        }
    }

    fn whole(lessons: Vec<Lesson>) -> Option<Learnt> {
        let shipped = CommunitiesRecommender::shipped().unwrap();
        let learner = Learner {
            current: &shipped,
            prior: &shipped,
            basis: BasisRule::Held(None),
            since: None,
            threads: 1,
        };
        let span = (Timestamp::from_micros(0), Timestamp::from_micros(1));
        learner.whole(&Fitting::of(&shipped, CommunitiesRecommender::worth, 1), lessons, span)
    }

    #[test]
    fn each_group_is_taken_or_left_by_itself() {
        let shipped = CommunitiesRecommender::shipped().unwrap();
        let learnt = whole(vec![lesson(0, 70, false), lesson(1, 50, true)]).unwrap();
        assert!(
            learnt.check.passed() && learnt.check.questions == 60,
            "{:?}",
            learnt.check
        );
        assert_eq!((learnt.pull.to_bits(), learnt.examples), (2.0_f64.to_bits(), 120));
        for &(name, weight) in &learnt.weights {
            let of_settled = CommunitiesRecommender::is_of_settled(name);
            let expected = if of_settled {
                9.0
            } else {
                shipped.pipeline().weight(name)
            };
            assert!((weight - expected).abs() < 1e-12, "{name}");
        }
        let taken: Vec<_> = learnt
            .apart
            .iter()
            .map(|apart| (apart.group.as_str(), apart.check.passed()))
            .collect();
        assert_eq!(taken, [("cold", false), ("warm", true)]);
        let both = whole(vec![lesson(0, 70, true), lesson(1, 50, true)]).unwrap();
        assert!(both.check.passed() && both.check.questions == 120 && both.weights.iter().all(|(_, w)| *w > 8.9));
    }

    #[test]
    fn where_no_group_passes_nothing_does_and_without_enough_nothing_is_learnt() {
        let learnt = whole(vec![lesson(0, 70, false), lesson(1, 50, false)]).unwrap();
        assert!(!learnt.check.passed(), "{:?}", learnt.check);
        assert!(
            learnt.weights.iter().all(|(_, weight)| *weight > 8.9),
            "what was learnt is told all the same"
        );
        assert_eq!(whole(vec![]), None);
    }

    #[test]
    fn every_signal_of_communities_counts_for_one_group() {
        let names = CommunitiesRecommender::directions();
        let of = |group: usize| {
            names
                .iter()
                .filter(|(name, _)| CommunitiesRecommender::group_of(name) == group)
                .count()
        };
        assert_eq!(CommunitiesRecommender::groups().len(), 2);
        assert!(of(0) > 30 && of(1) > 30 && of(0) + of(1) == names.len());
        assert_eq!(CommunitiesRecommender::group_of("together"), 1);
        assert_eq!(CommunitiesRecommender::group_of("departures"), 0);
    }
}
