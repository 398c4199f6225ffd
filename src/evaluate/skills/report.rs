//! The figures of links hidden and looked for, ours beside the simple lines.

use super::{Found, LINES, SkillsEvaluation};
use crate::evaluate::metrics::{Figures, rounded};
use crate::replay::{Part, bootstrap, ndcg10, recall};
use serde_json::{Map, Value, json};
use std::fmt;

/// How many of a ranking are read for recall.
const DEPTH: usize = 10;

/// Means over people, in 0..=1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: &'static str,
    /// Share of the hidden links among the first ten.
    pub r10: f64,
    /// Mean reciprocal rank of the first one.
    pub mrr: f64,
    /// Binary nDCG at 10.
    pub ndcg10: f64,
    /// nDCG at 10 of each person.
    each: Vec<f64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillsReport {
    /// People whose links were looked for.
    pub people: usize,
    /// Links hidden of them.
    pub hidden: usize,
    /// People, links and skills in all.
    pub of: [usize; 3],
    /// Whether links were drawn from the topics of projects.
    pub drawn: bool,
    /// Whose they are.
    pub part: Part,
    /// The weights that were used.
    pub model: String,
    weights: Vec<(&'static str, f64)>,
    /// Ours first, then the simple lines.
    pub lines: Vec<Line>,
    /// By simple line: 95 % of the difference of our mean nDCG at 10 to its.
    pub intervals: Vec<(&'static str, (f64, f64))>,
}

pub(super) fn of(evaluation: &SkillsEvaluation) -> SkillsReport {
    let found = &evaluation.found;
    let mut lines = vec![line("ours", found, |found| &found.ours)];
    for (n, (name, _)) in LINES.iter().enumerate() {
        lines.push(line(name, found, |found| &found.lines[n]));
    }
    let (ours, others) = lines.split_first().expect("ours is among them");
    let against = |other: &Line| {
        let differences: Vec<f64> = ours.each.iter().zip(&other.each).map(|(a, b)| a - b).collect();
        Some((other.name, bootstrap(&differences)?))
    };
    SkillsReport {
        intervals: others.iter().filter_map(against).collect(),
        people: found.len(),
        hidden: found.iter().map(|found| found.hidden).sum(),
        of: [
            evaluation.links.people(),
            evaluation.links.len(),
            evaluation.links.skills().len(),
        ],
        drawn: evaluation.links.are_drawn(),
        part: evaluation.part,
        model: evaluation.model.clone(),
        weights: evaluation.weights.clone(),
        lines,
    }
}

fn line(name: &'static str, found: &[Found], ranks: impl Fn(&Found) -> &[usize]) -> Line {
    let mean = |each: &dyn Fn(&Found) -> f64| found.iter().map(each).sum::<f64>() / found.len().max(1) as f64;
    let first = |found: &Found| ranks(found).first().map_or(0.0, |&rank| 1.0 / (rank + 1) as f64);
    let gain = |found: &Found| ndcg10(ranks(found), found.hidden);
    Line {
        name,
        r10: mean(&|found| recall(ranks(found), DEPTH, found.hidden)),
        mrr: mean(&first),
        ndcg10: mean(&gain),
        each: found.iter().map(gain).collect(),
    }
}

impl SkillsReport {
    /// What `line`, which is one of its own, amounts to.
    pub fn figures(&self, line: &Line) -> Figures {
        Figures {
            queries: self.people,
            mrr: line.mrr,
            ndcg10: line.ndcg10,
            r10: line.r10,
            ..Figures::default()
        }
    }

    /// The figures for programs.
    pub fn to_json(&self) -> Value {
        let line = |line: &Line| {
            let (r10, mrr, ndcg) = (rounded(line.r10, 4), rounded(line.mrr, 4), rounded(line.ndcg10, 4));
            (line.name.to_owned(), json!({"r10": r10, "mrr": mrr, "ndcg10": ndcg}))
        };
        let interval = |(against, (lo, hi)): &(&str, (f64, f64))| json!({"metric": "ndcg10", "against": against, "lo": rounded(*lo, 4), "hi": rounded(*hi, 4)});
        let weights: Map<String, Value> = self
            .weights
            .iter()
            .map(|(name, weight)| ((*name).to_owned(), json!(rounded(*weight, 3))))
            .collect();
        let [people, links, skills] = self.of;
        json!({
            "people": self.people, "hidden": self.hidden, "links_from": self.source(),
            "of": {"people": people, "links": links, "skills": skills},
            "part": self.part_name(), "model": self.model, "weights": weights,
            "lines": self.lines.iter().map(line).collect::<Map<_, _>>(),
            "intervals": self.intervals.iter().map(interval).collect::<Vec<_>>(),
        })
    }

    fn source(&self) -> &'static str {
        if self.drawn { "project_topics" } else { "statements" }
    }

    fn part_name(&self) -> &'static str {
        match self.part {
            Part::Fit => "fit",
            Part::Test => "test",
        }
    }
}

impl fmt::Display for SkillsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [people, links, skills] = self.of;
        writeln!(
            f,
            "skills: {} hidden links of {} people ({} part), of {links} links of {people} people with {skills} skills",
            self.hidden,
            self.people,
            self.part_name()
        )?;
        let from = if self.drawn {
            "links are drawn from the topics of projects, which are not shown"
        } else {
            "links are the skills stated of people"
        };
        writeln!(f, "{from}; weights: {}", self.model)?;
        writeln!(f, "{:<16} {:>8} {:>8} {:>8}", "", "R@10", "MRR", "nDCG@10")?;
        for line in &self.lines {
            writeln!(
                f,
                "{:<16} {:>8.3} {:>8.3} {:>8.3}",
                line.name, line.r10, line.mrr, line.ndcg10
            )?;
        }
        for (against, (lo, hi)) in &self.intervals {
            writeln!(
                f,
                "nDCG@10 less that of {against}: {lo:+.3} to {hi:+.3} (95 %, paired bootstrap)"
            )?;
        }
        Ok(())
    }
}
