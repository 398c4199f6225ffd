//! Figures of days for people and for programs: one table a group of queries, and JSON with the scorer's keys.

use super::{Daily, DaysEvaluation, Judged};
use crate::evaluate::metrics::{Figures, Interval, Metric, rounded};
use crate::evaluate::table;
use crate::fit::Learnt;
use crate::replay::{DayQuery, Part, PastQuery as _, Protocol as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt;

/// Everything that an evaluation found.
#[derive(Clone, Debug)]
pub struct DaysReport {
    /// What was measured.
    pub title: &'static str,
    /// What it is held against the baselines by.
    pub metric: Metric,
    /// The weights in use.
    pub model: String,
    /// What was ranked.
    pub part: Part,
    /// Queries kept for fitting.
    pub fit_queries: usize,
    /// Queries kept for the test.
    pub test_queries: usize,
    /// What was learnt for our line, if anything was to be.
    pub learnt: Option<Learnt>,
    /// The groups of queries, each by its name; one without a name is all of them.
    pub groups: Vec<Group>,
}

/// The figures of some queries.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name; empty when there is but one.
    pub name: &'static str,
    /// Our line.
    pub figures: Figures,
    /// Share of everything that was a candidate of some query that is at least once among the first three, in 0..=1.
    pub coverage: f64,
    /// The line of the shipped weights, when ours are others.
    pub shipped: Option<Figures>,
    /// The baselines' lines, by name.
    pub baselines: Vec<(&'static str, Figures)>,
    /// How sure the difference to the best baseline is; `None` without queries.
    pub interval: Option<Interval>,
    /// How sure the difference to the baseline that must be beaten is, by nDCG at 10 and by MRR.
    pub bar: Vec<Interval>,
}

pub(super) fn of<R: Daily>(evaluation: &DaysEvaluation<R>) -> DaysReport {
    let queries = evaluation.protocol.part(evaluation.part);
    let group = |(place, &name): (usize, &&'static str)| {
        let both = queries.iter().copied().zip(&evaluation.judged);
        let own: Vec<(&DayQuery, &Judged)> = both.filter(|(query, _)| R::group(query) == place).collect();
        group_of(evaluation, name, &own)
    };
    DaysReport {
        title: R::TITLE,
        metric: R::METRIC,
        model: evaluation.model.clone(),
        part: evaluation.part,
        fit_queries: evaluation.protocol.part(Part::Fit).len(),
        test_queries: evaluation.protocol.part(Part::Test).len(),
        learnt: evaluation.learnt.clone(),
        groups: R::groups().iter().enumerate().map(group).collect(),
    }
}

fn group_of<R: Daily>(evaluation: &DaysEvaluation<R>, name: &'static str, own: &[(&DayQuery, &Judged)]) -> Group {
    let queries: Vec<&DayQuery> = own.iter().map(|(query, _)| *query).collect();
    let figures = |rankings: Vec<&[u32]>| Figures::of(&evaluation.protocol, &queries, rankings);
    let numbers = |judged: &Judged| judged.ours.iter().map(|&(number, _)| number).collect();
    let ours: Vec<Vec<u32>> = own.iter().map(|(_, judged)| numbers(judged)).collect();
    let ours = figures(ours.iter().map(Vec::as_slice).collect());
    let shipped: Option<Vec<&[u32]>> = own.iter().map(|(_, judged)| judged.shipped.as_deref()).collect();
    let shipped = shipped.filter(|rankings| !rankings.is_empty());
    let baseline = |(place, name): (usize, &'static str)| {
        let rankings = own.iter().map(|(_, judged)| judged.baselines[place].as_slice());
        (name, figures(rankings.collect()))
    };
    let names = R::BASELINES.iter().map(|baseline| baseline.name);
    let baselines: Vec<(&'static str, Figures)> = names.enumerate().map(baseline).collect();
    let mut best = baselines.first();
    for other in &baselines {
        if best.is_some_and(|best| other.1.mean(R::METRIC) > best.1.mean(R::METRIC)) {
            best = Some(other);
        }
    }
    let interval = best.and_then(|(name, theirs)| Interval::of(R::METRIC, &ours, name, theirs));
    let bar = baselines.iter().filter(|(name, _)| R::BAR == Some(name));
    let both = [Metric::Ndcg10, Metric::Mrr];
    let bar = bar.flat_map(|(name, theirs)| both.map(|metric| Interval::of(metric, &ours, name, theirs)));
    let bar = bar.flatten().collect();
    let candidates: BTreeSet<u32> = queries.iter().flat_map(|query| query.candidates()).collect();
    Group {
        name,
        coverage: ours.suggested as f64 / candidates.len().max(1) as f64,
        shipped: shipped.map(figures),
        figures: ours,
        interval,
        bar,
        baselines,
    }
}

impl DaysReport {
    /// Queries ranked.
    pub fn queries(&self) -> usize {
        self.groups.iter().map(|group| group.figures.queries).sum()
    }

    /// The scorer's keys, one object a named group, or at the top when there is but one without a name; with
    /// `fit_queries`, `part`, `model` and `learnt`, and in each group `coverage`, `interval`, `shipped` and `baselines`.
    /// `test_queries` counts the queries ranked, whatever the part.
    pub fn to_json(&self) -> Value {
        let mut report = serde_json::Map::new();
        for group in &self.groups {
            let group_json = group.to_json();
            match (group.name, group_json) {
                ("", Value::Object(keys)) => report.extend(keys),
                (name, keys) => drop(report.insert(name.to_owned(), keys)),
            }
        }
        let own = [
            ("fit_queries", json!(self.fit_queries)),
            ("part", json!(self.part.name())),
            ("model", json!(self.model)),
            ("learnt", self.learnt.as_ref().map_or(Value::Null, table::learnt_json)),
        ];
        report.extend(own.map(|(key, value)| (key.to_owned(), value)));
        Value::Object(report)
    }
}

impl Group {
    fn to_json(&self) -> Value {
        let mut keys = table::keys(&self.figures);
        let baselines = self.baselines.iter();
        let lines = baselines.map(|(name, figures)| ((*name).to_owned(), Value::Object(table::keys(figures))));
        let shipped = self.shipped.as_ref();
        let own = [
            ("coverage", json!(rounded(self.coverage, 4))),
            (
                "interval",
                self.interval.as_ref().map_or(Value::Null, table::interval_json),
            ),
            (
                "shipped",
                shipped.map_or(Value::Null, |figures| Value::Object(table::keys(figures))),
            ),
            ("baselines", Value::Object(lines.collect())),
            ("bar", self.bar.iter().map(table::interval_json).collect()),
        ];
        keys.extend(own.map(|(key, value)| (key.to_owned(), value)));
        Value::Object(keys)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queries = self.figures.queries;
        if self.name.is_empty() {
            writeln!(f)?;
        } else {
            writeln!(f, "\n{} ({queries} queries)", self.name)?;
        }
        table::head(f)?;
        table::line(f, "antenne", &self.figures)?;
        (self.shipped.iter()).try_for_each(|figures| table::line(f, "default weights", figures))?;
        (self.baselines.iter()).try_for_each(|(name, figures)| table::line(f, name, figures))?;
        let beside = self.bar.iter().filter(|bar| self.interval.as_ref() != Some(bar));
        (self.interval.iter().chain(beside)).try_for_each(|interval| table::interval(f, interval))?;
        table::few(f, queries)?;
        let (suggested, coverage) = (self.figures.suggested, self.coverage * 100.0);
        writeln!(
            f,
            "suggested among the first three at least once: {suggested} ({coverage:.0} % of all candidates)"
        )?;
        (self.figures.errors.iter()).try_for_each(|error| writeln!(f, "error: {error}"))
    }
}

impl fmt::Display for DaysReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            title,
            fit_queries,
            test_queries,
            model,
            ..
        } = self;
        let part = self.part.name();
        writeln!(
            f,
            "{title}, {part} part ({fit_queries} fit queries, {test_queries} test queries)"
        )?;
        writeln!(f, "weights: {model}")?;
        if let Some(learnt) = &self.learnt {
            // Rankings are judged by this while weights are learnt, whatever they are held against the simple lines by.
            table::learnt(f, learnt, "queries", Metric::Ndcg10)?;
        }
        if self.queries() == 0 {
            return writeln!(f, "nothing to measure: this part has no query");
        }
        self.groups.iter().try_for_each(|group| group.show(f))
    }
}
