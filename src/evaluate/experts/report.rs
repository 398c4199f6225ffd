//! Figures for people and for programs: a table of fixed width, and JSON.

use super::{Bin, Served};
use crate::evaluate::metrics::{Figures, Interval, Metric, rounded};
use crate::evaluate::table;
use crate::fit::Learnt;
use crate::replay::Part;
use serde_json::{Value, json};
use std::fmt;

/// Everything that an evaluation found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The weights in use.
    pub model: String,
    /// What was ranked.
    pub part: Part,
    /// Queries kept for fitting.
    pub fit_queries: usize,
    /// Queries kept for the test.
    pub test_queries: usize,
    /// Our line.
    pub figures: Figures,
    /// Share of all candidates that is at least once among the first three, in 0..=1.
    pub coverage: f64,
    /// The line of the shipped weights, when ours are others.
    pub shipped: Option<Figures>,
    /// What was learnt for our line, if anything was to be.
    pub learnt: Option<Learnt>,
    /// The baselines' lines, by name.
    pub baselines: Vec<(&'static str, Figures)>,
    /// How sure the difference to the best baseline is; `None` without queries.
    pub interval: Option<Interval>,
    /// The pipeline as served.
    pub served: Served,
    /// Chances that were told and what happened, over our first ten; empty when no chances were learnt.
    pub reliability: Vec<Bin>,
}

impl Report {
    /// The scorer's keys at the top, with `fit_queries`, `part`, `model`, `coverage`, `interval`, `served` and
    /// `baselines`. `test_queries` counts the queries ranked, whatever the part.
    pub fn to_json(&self) -> Value {
        let mut report = table::keys(&self.figures);
        let lines = self
            .baselines
            .iter()
            .map(|(name, figures)| ((*name).to_owned(), Value::Object(table::keys(figures))));
        let served = json!({
            "ndcg10": rounded(self.served.ndcg10, 4),
            "r10": rounded(self.served.r10, 4),
            "sources_r50": rounded(self.served.sources_r50, 4),
            "sources_r50_of_r10": rounded(self.sources_r50_of_r10(), 4),
            "sources_keep": rounded(self.served.sources_keep, 4),
        });
        let own = [
            ("fit_queries", json!(self.fit_queries)),
            ("part", json!(self.part.name())),
            ("model", json!(self.model)),
            ("coverage", json!(rounded(self.coverage, 4))),
            (
                "interval",
                self.interval.as_ref().map_or(Value::Null, table::interval_json),
            ),
            ("served", served),
            (
                "shipped",
                self.shipped
                    .as_ref()
                    .map_or(Value::Null, |figures| Value::Object(table::keys(figures))),
            ),
            ("learnt", self.learnt.as_ref().map_or(Value::Null, table::learnt_json)),
            (
                "reliability",
                self.reliability.iter().map(Bin::to_json).collect::<Value>(),
            ),
            ("baselines", Value::Object(lines.collect())),
        ];
        report.extend(own.map(|(key, value)| (key.to_owned(), value)));
        Value::Object(report)
    }

    /// What the sources' recall at 50 is of the full ranking's recall at 10; 1 when that is 0.
    fn sources_r50_of_r10(&self) -> f64 {
        if self.figures.r10 > 0.0 {
            self.served.sources_r50 / self.figures.r10
        } else {
            1.0
        }
    }

    /// What would have been served, and how far chances hold.
    fn served_notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Served {
            ndcg10,
            r10,
            sources_r50,
            sources_keep,
        } = self.served;
        writeln!(f, "as served: nDCG@10 {ndcg10:.3}, R@10 {r10:.3}")?;
        let of_r10 = self.sources_r50_of_r10();
        writeln!(
            f,
            "sources: R@50 {sources_r50:.3} ({of_r10:.2} of R@10), {:.1} % of hits proposed",
            sources_keep * 100.0
        )?;
        if !self.reliability.is_empty() {
            let bins: Vec<String> = self.reliability.iter().map(Bin::to_string).collect();
            writeln!(
                f,
                "chances told → share who answered (people among the first ten): {}",
                bins.join(", ")
            )?;
        }
        let (suggested, coverage) = (self.figures.suggested, self.coverage * 100.0);
        writeln!(
            f,
            "suggested among the first three at least once: {suggested} people ({coverage:.0} % of candidates)"
        )?;
        Ok(())
    }

    /// What the lines alone do not tell.
    fn notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.interval.iter()).try_for_each(|interval| table::interval(f, interval))?;
        (self.learnt.iter()).try_for_each(|learnt| table::learnt(f, learnt, "questions", Metric::Ndcg10))?;
        table::few(f, self.figures.queries)?;
        self.served_notes(f)?;
        self.figures
            .errors
            .iter()
            .try_for_each(|error| writeln!(f, "error: {error}"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            fit_queries,
            test_queries,
            model,
            ..
        } = self;
        writeln!(
            f,
            "experts, {} part ({fit_queries} fit queries, {test_queries} test queries)",
            self.part.name()
        )?;
        writeln!(f, "weights: {model}")?;
        if self.figures.queries == 0 {
            // What was learnt is told all the same: it rests on the fit part.
            (self.learnt.iter()).try_for_each(|learnt| table::learnt(f, learnt, "questions", Metric::Ndcg10))?;
            return writeln!(
                f,
                "nothing to measure: no question of this part was answered by somebody who had answered before"
            );
        }
        writeln!(f)?;
        table::head(f)?;
        table::line(f, "antenne", &self.figures)?;
        (self.shipped.iter()).try_for_each(|figures| table::line(f, "default weights", figures))?;
        self.baselines
            .iter()
            .try_for_each(|(name, figures)| table::line(f, name, figures))?;
        writeln!(f)?;
        self.notes(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(queries: usize) -> Report {
        let figures = Figures {
            queries,
            hits: [0.25, 0.5, 0.5, 1.0],
            mrr: 0.333_35,
            ndcg10: 0.5,
            r10: 0.75,
            ..Figures::default()
        };
        Report {
            model: "m".into(),
            part: Part::Test,
            fit_queries: 7,
            test_queries: queries,
            shipped: None,
            learnt: None,
            baselines: vec![("bm25_vote", figures.clone())],
            figures,
            coverage: 0.5,
            interval: Some(Interval {
                metric: Metric::Ndcg10,
                against: "bm25_vote",
                lo: -0.012_34,
                hi: 0.056_78,
            }),
            served: Served {
                ndcg10: 0.5,
                r10: 0.7,
                sources_r50: 0.9,
                sources_keep: 1.0,
            },
            reliability: vec![Bin {
                people: 8,
                said: 0.25,
                did: 0.125,
            }],
        }
    }

    #[test]
    fn json_has_the_scorers_keys_and_ours() {
        let json = report(4).to_json();
        assert_eq!(json["test_queries"], 4);
        assert_eq!(json["h1"], 0.25);
        assert_eq!(json["fit_queries"], 7);
        assert_eq!(json["baselines"]["bm25_vote"]["r10"], 0.75);
        assert_eq!(json["interval"]["lo"], -0.0123);
        assert_eq!(json["served"]["sources_r50_of_r10"], 1.2);
        assert_eq!(json["errors"], json!([]));
        assert_eq!(json["reliability"][0], json!({"people": 8, "said": 0.25, "did": 0.125}));
    }

    #[test]
    fn nothing_measured_is_no_row_of_zeros() {
        let told = report(0).to_string();
        assert!(told.contains("nothing to measure") && !told.contains("MRR"), "{told}");
    }

    #[test]
    fn the_table_warns_of_few_queries() {
        assert!(report(199).to_string().contains("only 199 queries"));
        assert!(!report(200).to_string().contains("only"));
        let table = report(4).to_string();
        let width = |name: &str| table.lines().find(|line| line.starts_with(name)).map(str::len);
        assert_eq!(width("antenne"), width("bm25_vote"));
    }
}
