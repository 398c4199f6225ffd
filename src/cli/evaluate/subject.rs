//! What `evaluate signals` and `evaluate defaults` need of a recommender: its queries, and how given weights do on them.

use crate::cli::failure::Failure;
use crate::cli::machine::cores;
use crate::evaluate::{Daily, DaysSettings, ExpertsSettings, Figures, Measured, days, experts};
use crate::fit::Kept;
use crate::recommend::{ExpertsRecommender, Recommender};
use crate::replay::{ExpertsProtocol, Habits, History, Part};

/// A recommender that is evaluated.
pub(super) trait Evaluated: Kept {
    /// What counts as a query.
    type Rule;

    /// The rule that `habits` name, or that is read off `history`.
    fn rule(history: &History, habits: &Habits) -> Self::Rule;

    /// The queries of `history`, of both parts.
    fn queries(history: &History, rule: &Self::Rule) -> Self::Protocol;

    /// The queries that `past`, which is all there is, teaches.
    fn to_learn(past: &History, rule: &Self::Rule) -> Self::Protocol;

    /// How `measured` and, beside them, the weights `of_all` do on a part of `history`.
    fn held(
        history: &History,
        rule: &Self::Rule,
        weights: (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine>;

    /// The shipped weights.
    fn default_weights() -> Result<Self, Failure> {
        Self::shipped().map_err(|error| Failure::new(error.to_string()))
    }
}

/// The figures of some queries of one place.
pub(super) struct HeldLine {
    /// Which queries; empty for all.
    pub group: &'static str,
    /// The best simple line, by nDCG at 10.
    pub baseline: Option<(&'static str, Figures)>,
    /// The weights of the other places.
    pub left_out: Figures,
    /// The weights of all places.
    pub of_all: Figures,
}

impl Evaluated for ExpertsRecommender {
    type Rule = ();

    fn rule(_: &History, _: &Habits) {}

    fn queries(history: &History, (): &()) -> ExpertsProtocol {
        ExpertsProtocol::of(history)
    }

    fn to_learn(past: &History, (): &()) -> ExpertsProtocol {
        ExpertsProtocol::to_learn(past)
    }

    fn held(
        history: &History,
        (): &(),
        (measured, of_all): (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine> {
        let settings = ExpertsSettings {
            shipped: of_all,
            measured: Measured::Given(measured),
            part,
            threads: cores(),
        };
        let report = experts(history, &settings, progress).report();
        vec![HeldLine {
            group: "",
            baseline: best(report.baselines),
            of_all: report.shipped.unwrap_or_else(|| report.figures.clone()),
            left_out: report.figures,
        }]
    }
}

impl<R: Daily + Kept> Evaluated for R {
    type Rule = <R as Daily>::Rule;

    fn rule(history: &History, habits: &Habits) -> Self::Rule {
        <R as Daily>::rule(history, habits)
    }

    fn queries(history: &History, rule: &Self::Rule) -> Self::Protocol {
        R::protocol(history, rule)
    }

    fn to_learn(past: &History, rule: &Self::Rule) -> Self::Protocol {
        <R as Daily>::to_learn(past, rule)
    }

    fn held(
        history: &History,
        rule: &Self::Rule,
        (measured, of_all): (&Self, &Self),
        part: Part,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<HeldLine> {
        let settings = DaysSettings {
            shipped: of_all,
            measured: Measured::Given(measured),
            part,
            threads: cores(),
        };
        let groups = days(history, rule, &settings, progress).report().groups;
        let line = |group: crate::evaluate::Group| HeldLine {
            group: group.name,
            baseline: best(group.baselines),
            of_all: group.shipped.unwrap_or_else(|| group.figures.clone()),
            left_out: group.figures,
        };
        groups.into_iter().map(line).collect()
    }
}

/// The best of some lines, by nDCG at 10; the first of equal ones.
fn best(lines: Vec<(&'static str, Figures)>) -> Option<(&'static str, Figures)> {
    lines
        .into_iter()
        .reduce(|best, line| if line.1.ndcg10 > best.1.ndcg10 { line } else { best })
}

/// The recommender called `name`, on the command line.
pub(in crate::cli) fn recommender(name: &str) -> Result<Recommender, String> {
    Recommender::named(name).ok_or_else(|| {
        let known: Vec<&str> = Recommender::ALL.iter().map(|recommender| recommender.name()).collect();
        format!("known are {}", known.join(", "))
    })
}
