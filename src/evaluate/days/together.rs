//! Several places measured one after the other: their queries together, each query weighing the same.
//!
//! How sure such a mean is, is told by drawing the queries of each place anew by themselves (a stratified bootstrap): how many
//! each place has is given, and no chance.

use super::report::{DaysReport, Group};
use crate::evaluate::metrics::{Metric, rounded};
use crate::replay::bootstrap_of_places;
use serde_json::{Value, json};
use std::fmt;

/// The queries of several places, together.
#[derive(Clone, Debug)]
pub struct Together {
    metric: Metric,
    places: usize,
    groups: Vec<Line>,
}

/// One group of queries.
#[derive(Clone, Debug)]
struct Line {
    name: &'static str,
    queries: usize,
    /// The mean over all queries, and its 95 % interval.
    mean: f64,
    interval: (f64, f64),
    /// The same less the best simple line of each place.
    less_best: f64,
    less_best_interval: (f64, f64),
}

impl Together {
    /// What `reports`, of one measurement each, come to; `None` without queries. The draws are always the same ones.
    pub fn of(reports: &[DaysReport]) -> Option<Self> {
        let first = reports.first()?;
        let lines = (0..first.groups.len()).filter_map(|place| {
            let groups: Vec<&Group> = reports.iter().map(|report| &report.groups[place]).collect();
            Line::of(first.metric, &groups)
        });
        let groups: Vec<Line> = lines.collect();
        (!groups.is_empty()).then_some(Self {
            metric: first.metric,
            places: reports.len(),
            groups,
        })
    }

    /// For programs: one object a group.
    pub fn to_json(&self) -> Value {
        let groups = self.groups.iter().map(|line| {
            json!({
                "group": (!line.name.is_empty()).then_some(line.name),
                "queries": line.queries,
                "metric": self.metric.name(),
                "mean": rounded(line.mean, 4),
                "lo": rounded(line.interval.0, 4),
                "hi": rounded(line.interval.1, 4),
                "less_best_line": {
                    "mean": rounded(line.less_best, 4),
                    "lo": rounded(line.less_best_interval.0, 4),
                    "hi": rounded(line.less_best_interval.1, 4),
                },
            })
        });
        groups.collect()
    }
}

impl Line {
    fn of(metric: Metric, groups: &[&Group]) -> Option<Self> {
        let ours: Vec<Vec<f64>> = groups.iter().map(|group| group.figures.each(metric).to_vec()).collect();
        let less = |group: &&Group| -> Vec<f64> {
            let against = group.interval.as_ref().map(|interval| interval.against);
            let best = group.baselines.iter().find(|(name, _)| Some(*name) == against);
            let theirs = best.map_or(&[][..], |(_, figures)| figures.each(metric));
            let own = group.figures.each(metric).iter();
            own.zip(theirs).map(|(own, theirs)| own - theirs).collect()
        };
        let differences: Vec<Vec<f64>> = groups.iter().map(less).collect();
        let mean = |places: &[Vec<f64>]| {
            let count: usize = places.iter().map(Vec::len).sum();
            places.iter().flatten().sum::<f64>() / count as f64
        };
        Some(Self {
            name: groups.first()?.name,
            queries: ours.iter().map(Vec::len).sum(),
            interval: bootstrap_of_places(&ours)?,
            less_best_interval: bootstrap_of_places(&differences)?,
            mean: mean(&ours),
            less_best: mean(&differences),
        })
    }
}

impl fmt::Display for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (metric, places) = (self.metric.heading(), self.places);
        writeln!(
            f,
            "\n{places} places together, each query weighing the same (95 %, stratified bootstrap)"
        )?;
        self.groups.iter().try_for_each(|line| {
            let Line {
                name,
                queries,
                mean,
                interval,
                ..
            } = line;
            let (lo, hi) = interval;
            let space = if name.is_empty() { "" } else { " " };
            write!(
                f,
                "{name}{space}{metric} {mean:.4} ({lo:.4} to {hi:.4}) over {queries} queries; "
            )?;
            let (less, (lo, hi)) = (line.less_best, line.less_best_interval);
            writeln!(f, "less the best line of each place {less:+.4} ({lo:+.4} to {hi:+.4})")
        })
    }
}
