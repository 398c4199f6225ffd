//! `antenne evaluate communities` and `co-animators`: our ranking and the baselines over one part of a file, day by day, each
//! from what was known before the day.
//!
//! Every candidate of the protocol is ranked by score alone: who is let in, how many are shown and in which order a page or a
//! set lists them are left out. A person with several accounts has one score, which each of their accounts bears.

mod co_animators;
mod communities;
mod report;
mod search;
mod together;

pub use report::{DaysReport, Group};
pub use together::Together;

use super::experts::Measured;
use super::metrics::{DEPTH, Metric};
use super::runs;
use crate::fit::{Learnable, Learner, Learnt, SubjectOf, UnderstoodBy, unkept_basis};
use crate::replay::{BasisRule, DayQuery, DaysProtocol, Habits, History, Part, PastQuery as _, Protocol as _, replay};
use crate::world::View;
use std::io::{self, Write};

/// A recommender that is held against what happened on days.
pub trait Daily: Learnable<Protocol = DaysProtocol> + 'static {
    /// What counts as a query.
    type Rule: Sync;

    /// What is measured, in reports.
    const TITLE: &'static str;
    /// What it is held against the baselines by.
    const METRIC: Metric;
    /// The baseline that must be beaten, whichever is the strongest: its difference is always told.
    const BAR: Option<&'static str> = None;
    /// Simple rankings that ours is held against.
    const BASELINES: &'static [Baseline<Self>];

    /// The rule that `habits` name, or that is read off `history` where they say nothing.
    fn rule(history: &History, habits: &Habits) -> Self::Rule;

    /// The queries of `history`.
    fn protocol(history: &History, rule: &Self::Rule) -> DaysProtocol;

    /// The queries of `history` from which weights are learnt: the same, or as many as can be held.
    fn to_learn(history: &History, rule: &Self::Rule) -> DaysProtocol;
}

/// The score of each of some subjects of a query, in their order.
type Scores<R> = fn(&View, &UnderstoodBy<R>, &[SubjectOf<R>]) -> Vec<f64>;

/// A simple ranking: whoever does not beat it has nothing to explain.
pub struct Baseline<R: Learnable> {
    /// Its name in reports.
    pub name: &'static str,
    /// The score of each of the subjects, in their order; it reads the same snapshot and the same understood query as ours.
    pub scores: Scores<R>,
}

/// How to measure.
pub struct DaysSettings<'a, R> {
    /// The shipped weights: what learning starts from, and a line of the report.
    pub shipped: &'a R,
    /// Which weights are measured.
    pub measured: Measured<'a, R>,
    /// Which queries are ranked. The fit part is for given weights: learnt ones have seen it.
    pub part: Part,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

/// One query, ranked: numbers of subjects, best first.
struct Judged {
    ours: Vec<(u32, f64)>,
    /// By the shipped weights, when ours are others.
    shipped: Option<Vec<u32>>,
    /// In the order of the baselines.
    baselines: Vec<Vec<u32>>,
}

/// A part of a file, ranked.
pub struct DaysEvaluation<R> {
    protocol: DaysProtocol,
    part: Part,
    model: String,
    learnt: Option<Learnt>,
    judged: Vec<Judged>,
    of: std::marker::PhantomData<R>,
}

/// Ranks every query of a part. `progress` hears how many queries are done, and of how many, first for learning and then for
/// measuring.
///
/// Cost: folding the file once, twice with learning, and one full ranking a query.
pub fn days<R: Daily>(
    history: &History,
    rule: &R::Rule,
    settings: &DaysSettings<'_, R>,
    progress: &mut dyn FnMut(usize, usize),
) -> DaysEvaluation<R> {
    let protocol = R::protocol(history, rule);
    let learnt = match settings.measured {
        Measured::Given(_) => None,
        Measured::Learnt => learn(history, &protocol, rule, settings, progress),
    };
    let taken: Option<R> = (learnt.as_ref().filter(|learnt| learnt.check.passed())).map(Learnt::recommender);
    let (recommender, model) = match (&settings.measured, &taken, &learnt) {
        (Measured::Given(given), ..) => (*given, R::model(given).to_owned()),
        (Measured::Learnt, Some(own), Some(learnt)) => (own, learnt.model()),
        _ => (settings.shipped, R::model(settings.shipped).to_owned()),
    };
    let beside = (model != R::model(settings.shipped)).then_some(settings.shipped);
    let judge = |view: &View, query: &DayQuery| judge(&protocol, view, query, recommender, beside);
    let queries = protocol.part(settings.part);
    let basis = BasisRule::Refreshed(&unkept_basis);
    let judged = replay(history, &queries, &basis, settings.threads, judge, progress);
    DaysEvaluation {
        protocol,
        part: settings.part,
        model,
        learnt,
        judged,
        of: std::marker::PhantomData,
    }
}

/// Learns from what was known before the first query of the test, as if the file ended there.
fn learn<R: Daily>(
    history: &History,
    protocol: &DaysProtocol,
    rule: &R::Rule,
    settings: &DaysSettings<'_, R>,
    progress: &mut dyn FnMut(usize, usize),
) -> Option<Learnt> {
    let past = history.before(protocol.part(Part::Test).first()?.at());
    let learner = Learner {
        current: settings.shipped,
        prior: settings.shipped,
        basis: BasisRule::Refreshed(&unkept_basis),
        since: None,
        threads: settings.threads,
    };
    learner.learn(&past, &R::to_learn(&past, rule), progress)
}

/// Ranks the candidates of `query` in every way.
fn judge<R: Daily>(
    protocol: &DaysProtocol,
    view: &View,
    query: &DayQuery,
    recommender: &R,
    beside: Option<&R>,
) -> Judged {
    let subject = |number| R::subject(view, protocol.id(number));
    let candidates: Vec<(u32, Option<SubjectOf<R>>)> = query.candidates().map(|n| (n, subject(n))).collect();
    let mut subjects: Vec<SubjectOf<R>> = candidates.iter().filter_map(|&(_, subject)| subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let order = |scores: &[f64]| {
        let score = |subject: Option<SubjectOf<R>>| Some(scores[subjects.binary_search(&subject?).ok()?]);
        let scored = candidates
            .iter()
            .map(|&(n, subject)| (n, score(subject).unwrap_or(f64::NEG_INFINITY)));
        let mut order: Vec<(u32, f64)> = scored.collect();
        order.sort_unstable_by(|a, b| {
            b.1.total_cmp(&a.1)
                .then_with(|| protocol.place(a.0).cmp(&protocol.place(b.0)))
        });
        order.truncate(DEPTH);
        order
    };
    let numbers = |ranked: Vec<(u32, f64)>| ranked.into_iter().map(|(number, _)| number).collect();
    let understood = R::understood(view, query);
    // Of somebody unknown nothing can be told: the order of identifiers is left.
    let of_query = |scores: &dyn Fn(&UnderstoodBy<R>) -> Vec<f64>| {
        order(&understood.as_ref().map_or(vec![0.0; subjects.len()], scores))
    };
    let ranked = |by: &R| {
        of_query(&|understood| {
            let mut ranked = by.pipeline().rank(view, understood, subjects.clone());
            ranked.sort_unstable_by_key(|score| score.0);
            ranked.into_iter().map(|(_, score)| score).collect()
        })
    };
    let baseline =
        |baseline: &Baseline<R>| numbers(of_query(&|understood| (baseline.scores)(view, understood, &subjects)));
    Judged {
        ours: ranked(recommender),
        shipped: beside.map(|shipped| numbers(ranked(shipped))),
        baselines: R::BASELINES.iter().map(baseline).collect(),
    }
}

impl<R: Daily> DaysEvaluation<R> {
    /// The queries of both parts.
    pub fn protocol(&self) -> &DaysProtocol {
        &self.protocol
    }

    /// The figures.
    pub fn report(&self) -> DaysReport {
        report::of(self)
    }

    /// Writes our rankings as a TREC run.
    ///
    /// # Errors
    /// When `out` does not take them.
    pub fn write_run(&self, out: &mut impl Write) -> io::Result<()> {
        let queries = self.protocol.part(self.part);
        queries.into_iter().zip(&self.judged).try_for_each(|(query, judged)| {
            let named: Vec<(&str, f64)> = judged
                .ours
                .iter()
                .map(|&(n, score)| (self.protocol.id(n), score))
                .collect();
            runs::write_run(out, &query.name(), &named)
        })
    }

    /// Writes what happened, as TREC qrels: the gold of the queries ranked.
    ///
    /// # Errors
    /// When `out` does not take them.
    pub fn write_qrels(&self, out: &mut impl Write) -> io::Result<()> {
        self.protocol.part(self.part).into_iter().try_for_each(|query| {
            let ids: Vec<&str> = query.gold().iter().map(|&number| self.protocol.id(number)).collect();
            runs::write_qrels(out, &query.name(), &ids)
        })
    }
}

#[cfg(test)]
mod tests;
