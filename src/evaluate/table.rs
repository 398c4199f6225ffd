//! What every report has in common: lines of figures in a table of fixed width, and the same for programs.

use super::metrics::{Figures, Interval, Metric, rounded};
use crate::fit::{Apart, Check, Learnt};
use serde_json::{Map, Value, json};
use std::fmt;

/// Below this many queries a mean says little: the table says so.
const FEW_QUERIES: usize = 200;

/// The headings of [`line()`].
pub(super) fn head(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let columns = [
        "P@1", "H@3", "H@5", "H@10", "MRR", "nDCG@10", "R@10", "subjects", "top 5 %",
    ];
    write!(f, "{:<20}", "")?;
    columns.iter().try_for_each(|column| write!(f, " {column:>8}"))?;
    writeln!(f)
}

/// One line of figures.
pub(super) fn line(f: &mut fmt::Formatter<'_>, name: &str, figures: &Figures) -> fmt::Result {
    write!(f, "{name:<20}")?;
    let means = [figures.mrr, figures.ndcg10, figures.r10];
    figures
        .hits
        .iter()
        .chain(&means)
        .try_for_each(|mean| write!(f, " {mean:>8.3}"))?;
    writeln!(f, " {:>8} {:>8.3}", figures.suggested, figures.top5pct_share)
}

/// How sure a difference is.
pub(super) fn interval(f: &mut fmt::Formatter<'_>, interval: &Interval) -> fmt::Result {
    let Interval {
        metric,
        against,
        lo,
        hi,
    } = interval;
    let metric = metric.heading();
    writeln!(
        f,
        "{metric} less that of {against}: {lo:+.3} to {hi:+.3} (95 %, paired bootstrap)"
    )
}

/// What was learnt, from so many `queries`, which are called so, and whether it is used.
pub(super) fn learnt(f: &mut fmt::Formatter<'_>, learnt: &Learnt, queries: &str, metric: Metric) -> fmt::Result {
    let (check, taken) = (&learnt.check, if learnt.check.passed() { "taken" } else { "not taken" });
    let metric = metric.heading();
    writeln!(
        f,
        "learnt from {} {queries}, {taken}: {metric} {:.3} on the newest {} of them, which a first fit did not see, against \
         {:.3} ({:+.3} to {:+.3})",
        learnt.examples, check.learnt, check.questions, check.current, check.interval.0, check.interval.1
    )?;
    learnt.apart.iter().try_for_each(|apart| {
        let (check, taken) = (&apart.check, if apart.check.passed() { "taken" } else { "not taken" });
        writeln!(
            f,
            "  {} from {}, pull {}, {taken}: {:.3} on the newest {}, against {:.3} ({:+.3} to {:+.3})",
            apart.group,
            apart.examples,
            apart.pull,
            check.learnt,
            check.questions,
            check.current,
            check.interval.0,
            check.interval.1
        )
    })
}

/// A warning when a mean over so many queries says little.
pub(super) fn few(f: &mut fmt::Formatter<'_>, queries: usize) -> fmt::Result {
    if (1..FEW_QUERIES).contains(&queries) {
        writeln!(f, "only {queries} queries: read the interval, not the means")?;
    }
    Ok(())
}

/// The keys of one line.
pub(super) fn keys(figures: &Figures) -> Map<String, Value> {
    let [h1, h3, h5, h10] = figures.hits.map(|hit| json!(rounded(hit, 4)));
    let keys = [
        ("test_queries", json!(figures.queries)),
        ("h1", h1),
        ("h3", h3),
        ("h5", h5),
        ("h10", h10),
        ("mrr", json!(rounded(figures.mrr, 4))),
        ("ndcg10", json!(rounded(figures.ndcg10, 4))),
        ("r10", json!(rounded(figures.r10, 4))),
        ("subjects_suggested", json!(figures.suggested)),
        ("top5pct_share_of_top3", json!(rounded(figures.top5pct_share, 3))),
        ("error_count", json!(figures.error_count)),
        ("errors", json!(figures.errors)),
    ];
    keys.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
}

/// How sure a difference is, for programs.
pub(super) fn interval_json(interval: &Interval) -> Value {
    let (lo, hi) = (rounded(interval.lo, 4), rounded(interval.hi, 4));
    json!({"metric": interval.metric.name(), "against": interval.against, "lo": lo, "hi": hi})
}

/// What was learnt, for programs.
pub(super) fn learnt_json(learnt: &Learnt) -> Value {
    let weights = learnt
        .weights
        .iter()
        .map(|(name, weight)| ((*name).to_owned(), json!(weight)));
    json!({
        "weights": Value::Object(weights.collect()),
        "pull": learnt.pull,
        "examples": learnt.examples,
        "taken": learnt.check.passed(),
        "check": check_json(&learnt.check),
        "apart": learnt.apart.iter().map(apart_json).collect::<Vec<_>>(),
    })
}

fn apart_json(apart: &Apart) -> Value {
    json!({
        "group": apart.group,
        "examples": apart.examples,
        "pull": apart.pull,
        "taken": apart.check.passed(),
        "check": check_json(&apart.check),
    })
}

fn check_json(check: &Check) -> Value {
    json!({
        "questions": check.questions,
        "current": rounded(check.current, 4),
        "learnt": rounded(check.learnt, 4),
        "lo": rounded(check.interval.0, 4),
        "hi": rounded(check.interval.1, 4),
    })
}
