//! Scores: one table of strengths, one loop that turns a row of it into a number and its parts.

use super::stage::{Round, Scale, Signal, Subjects, Task, Weighted};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What each signal's raw strengths were divided by, in the order of the pipeline's signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Norms(Vec<f64>);

/// One reason's share of a score, with the records behind it.
pub struct Part<T: Task> {
    /// What the reason is about.
    pub family: T::Family,
    /// What it adds to the score; negative when it speaks against the subject.
    pub contribution: f64,
    /// Records without which it would be lower, the weightiest first.
    pub facts: Vec<T::Fact>,
}

/// What was measured of some subjects of a query, without the query: a few bytes a signal and subject.
pub struct Kept<T: Task> {
    subjects: Vec<T::Subject>,
    /// One column a signal, each as long as the subjects.
    strengths: Vec<f64>,
}

/// The strengths of all subjects of a query.
pub(super) struct Scores<'a, T: Task> {
    signals: &'a [Weighted<T>],
    subjects: Cow<'a, [T::Subject]>,
    /// One column a signal, each as long as the subjects.
    strengths: Cow<'a, [f64]>,
    norms: Norms,
}

impl<'a, T: Task> Scores<'a, T> {
    /// Measures every signal for every subject, under `held` normalisers if there are any.
    pub(super) fn measure(
        signals: &'a [Weighted<T>],
        world: &T::World,
        query: &T::Query,
        mut subjects: Vec<T::Subject>,
        held: Option<&Norms>,
    ) -> Self {
        subjects.sort_unstable();
        subjects.dedup();
        let rows = subjects.len();
        let round = Round {
            world,
            query,
            subjects: Subjects(&subjects),
            gathered: T::gather(world, query, Subjects(&subjects)),
        };
        let mut strengths = vec![0.0; rows * signals.len()];
        let mut norms = Vec::with_capacity(signals.len());
        for (n, weighted) in signals.iter().enumerate() {
            let column = &mut strengths[n * rows..(n + 1) * rows];
            weighted.signal.measure(&round, column);
            let norm = held.map_or_else(|| norm_of(&*weighted.signal, column), |norms| norms.0[n]);
            if norm > 0.0 {
                column.iter_mut().for_each(|strength| *strength /= norm);
            }
            norms.push(norm);
        }
        Self {
            signals,
            subjects: subjects.into(),
            strengths: strengths.into(),
            norms: Norms(norms),
        }
    }

    /// What was measured of `subjects`; those who were not measured are left out.
    pub(super) fn keep(&self, mut subjects: Vec<T::Subject>) -> Kept<T> {
        subjects.sort_unstable();
        let rows: Vec<usize> = subjects
            .iter()
            .filter_map(|subject| self.subjects.binary_search(subject).ok())
            .collect();
        let columns = self.strengths.chunks(self.subjects.len().max(1));
        Kept {
            subjects: rows.iter().map(|&row| self.subjects[row]).collect(),
            strengths: columns.flat_map(|column| rows.iter().map(|&row| column[row])).collect(),
        }
    }

    /// The scores of those of whom something was kept, as they were.
    pub(super) fn again(signals: &'a [Weighted<T>], kept: &'a Kept<T>) -> Self {
        Self {
            signals,
            subjects: Cow::Borrowed(&kept.subjects),
            strengths: Cow::Borrowed(&kept.strengths),
            norms: Norms(Vec::new()),
        }
    }

    /// Subjects and scores, best first; equal scores by external identifier.
    pub(super) fn ranked(&self, world: &T::World) -> Vec<(T::Subject, f64)> {
        let score = |(row, &subject)| (subject, self.sum(row, |_, _| {}));
        let mut ranked: Vec<_> = self.subjects.iter().enumerate().map(score).collect();
        ranked.sort_unstable_by(|a, b| match b.1.total_cmp(&a.1) {
            Ordering::Equal => T::tie(world, a.0, b.0),
            unequal => unequal,
        });
        ranked
    }

    /// The parts of a subject's score, in the order of families: in that order they sum to the score, to the bit.
    pub(super) fn explain(&self, world: &T::World, query: &T::Query, subject: T::Subject) -> Vec<Part<T>> {
        let Ok(row) = self.subjects.binary_search(&subject) else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        self.sum(row, |family, contribution| {
            let facts = self.facts(world, query, family, row);
            parts.push(Part {
                family,
                contribution,
                facts,
            });
        });
        parts
    }

    /// The records behind what `family` adds to the score of `row`: those of each theme that adds to it, each once.
    fn facts(&self, world: &T::World, query: &T::Query, family: T::Family, row: usize) -> Vec<T::Fact> {
        let (mut themes, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut facts = Vec::new();
        for (n, weighted) in self.signals.iter().enumerate() {
            let signal = &weighted.signal;
            if signal.family() == family && self.worth(n, row) > 0.0 && themes.insert(signal.theme()) {
                let cited = signal.facts(world, query, self.subjects[row]);
                facts.extend(cited.into_iter().filter(|&fact| seen.insert(fact)));
            }
        }
        facts
    }

    /// The subjects in order, and one column of strengths a signal.
    pub(super) fn into_strengths(self) -> (Vec<T::Subject>, Vec<f64>) {
        (self.subjects.into_owned(), self.strengths.into_owned())
    }

    pub(super) fn into_norms(self) -> Norms {
        self.norms
    }

    /// Σ over families of Σ weight · strength; `each` hears every family's sum.
    fn sum(&self, row: usize, mut each: impl FnMut(T::Family, f64)) -> f64 {
        let mut score = 0.0;
        let mut n = 0;
        while n < self.signals.len() {
            let family = self.signals[n].signal.family();
            let mut part = 0.0;
            while n < self.signals.len() && self.signals[n].signal.family() == family {
                part += self.worth(n, row);
                n += 1;
            }
            each(family, part);
            score += part;
        }
        score
    }

    fn worth(&self, signal: usize, row: usize) -> f64 {
        self.signals[signal].weight * self.strengths[signal * self.subjects.len() + row]
    }
}

fn norm_of<T: Task>(signal: &dyn Signal<T>, column: &[f64]) -> f64 {
    match signal.scale() {
        Scale::ByMaximum => column.iter().copied().fold(0.0, f64::max),
        Scale::Fixed => 1.0,
    }
}
