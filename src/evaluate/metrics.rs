//! Figures of rankings: means over queries, the spread of the load, and how sure a difference is.
//!
//! Every figure is worked out as the independent scorer of run files does, the first [`DEPTH`] subjects of each ranking
//! counting, and rounded only when shown.

use crate::replay::{PastQuery, Protocol, bootstrap, ndcg10, recall};
use std::collections::HashMap;

/// How many subjects of a ranking count.
pub(super) const DEPTH: usize = 1000;
/// Errors that are spelt out.
const ERRORS_SHOWN: usize = 5;

/// Means over queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Queries ranked.
    pub queries: usize,
    /// Share with any gold in the first 1, 3, 5 and 10, in 0..=1.
    pub hits: [f64; 4],
    /// Mean reciprocal rank of the first gold, in 0..=1.
    pub mrr: f64,
    /// Binary nDCG at 10; ideal over the gold, in 0..=1.
    /// (K. Järvelin, J. Kekäläinen, *Cumulated gain-based evaluation of IR techniques*, 2002.)
    pub ndcg10: f64,
    /// Share of the gold in the first 10, in 0..=1.
    pub r10: f64,
    /// People who are at least once among the first three.
    pub suggested: usize,
    /// Share of all places among the first three that goes to the top 5 % of those people, in 0..=1.
    pub top5pct_share: f64,
    /// What is wrong with the rankings.
    pub error_count: usize,
    /// The first of these.
    pub errors: Vec<String>,
    /// nDCG at 10 of each query, in order.
    pub(super) ndcg10_each: Vec<f64>,
    /// Reciprocal rank of the first gold of each query, in order; 0 without.
    pub(super) reciprocal_each: Vec<f64>,
}

/// What one ranking is held against another by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// nDCG at 10.
    Ndcg10,
    /// Mean reciprocal rank.
    Mrr,
}

impl Metric {
    /// Its key in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndcg10 => "ndcg10",
            Self::Mrr => "mrr",
        }
    }

    /// Its heading in tables.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Ndcg10 => "nDCG@10",
            Self::Mrr => "MRR",
        }
    }
}

/// The ranks at which K of hits is read.
const HIT_RANKS: [usize; 4] = [1, 3, 5, 10];

impl Figures {
    /// Scores `rankings`, one for each of `queries`, best first: numbers of subjects.
    pub fn of<'a, P: Protocol>(
        protocol: &P,
        queries: &[&P::Query],
        rankings: impl IntoIterator<Item = &'a [u32]>,
    ) -> Self {
        let mut figures = Self {
            queries: queries.len(),
            ..Self::default()
        };
        let mut places: HashMap<u32, usize> = HashMap::new();
        for (query, ranking) in queries.iter().zip(rankings) {
            figures.check(protocol, query, ranking);
            ranking
                .iter()
                .take(3)
                .for_each(|&number| *places.entry(number).or_default() += 1);
            let relevant: Vec<usize> = (0..ranking.len().min(DEPTH))
                .filter(|&rank| query.gold().binary_search(&ranking[rank]).is_ok())
                .collect();
            figures.add(&relevant, query.gold().len());
        }
        let count = queries.len().max(1) as f64;
        let sums = figures
            .hits
            .iter_mut()
            .chain([&mut figures.mrr, &mut figures.ndcg10, &mut figures.r10]);
        sums.for_each(|sum| *sum /= count);
        figures.spread(places.into_values().collect());
        figures
    }

    /// The mean of `metric`.
    pub fn mean(&self, metric: Metric) -> f64 {
        match metric {
            Metric::Ndcg10 => self.ndcg10,
            Metric::Mrr => self.mrr,
        }
    }

    /// `metric` of each query, in order.
    pub(super) fn each(&self, metric: Metric) -> &[f64] {
        match metric {
            Metric::Ndcg10 => &self.ndcg10_each,
            Metric::Mrr => &self.reciprocal_each,
        }
    }

    /// Adds a query whose gold stands at the ranks `relevant`, from 0, ascending.
    fn add(&mut self, relevant: &[usize], gold: usize) {
        let ndcg = ndcg10(relevant, gold);
        self.ndcg10_each.push(ndcg);
        self.reciprocal_each
            .push(relevant.first().map_or(0.0, |first| 1.0 / (first + 1) as f64));
        let Some(&first) = relevant.first() else { return };
        for (hit, rank) in self.hits.iter_mut().zip(HIT_RANKS) {
            *hit += f64::from(u8::from(first < rank));
        }
        self.mrr += 1.0 / (first + 1) as f64;
        self.ndcg10 += ndcg;
        self.r10 += recall(relevant, 10, gold);
    }

    /// The share of places that goes to the twentieth of people who get most of them.
    fn spread(&mut self, places: Vec<usize>) {
        self.suggested = places.len();
        self.top5pct_share = head_share(places);
    }

    /// Notes what is wrong with a ranking.
    fn check<P: Protocol>(&mut self, protocol: &P, query: &P::Query, ranking: &[u32]) {
        let id = query.name().join("|");
        if ranking.is_empty() {
            self.error(format!("{id}: no ranking"));
        }
        let mut seen = ranking.to_vec();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() != ranking.len() {
            self.error(format!("{id}: repeated subjects"));
        }
        let strangers = || ranking.iter().filter(|&&number| !query.is_candidate(number));
        if strangers().next().is_some() {
            let named: Vec<&str> = strangers().take(3).map(|&number| protocol.id(number)).collect();
            self.error(format!("{id}: not candidates: {}", named.join(", ")));
        }
        let candidates = query.candidate_count();
        if ranking.len() < candidates.min(DEPTH) {
            self.error(format!("{id}: {} ranked of {candidates} candidates", ranking.len()));
        }
    }

    fn error(&mut self, text: String) {
        self.error_count += 1;
        if self.errors.len() < ERRORS_SHOWN {
            self.errors.push(text);
        }
    }
}

/// The share of all `places` that goes to the twentieth of the people who get most, at least one person; in 0..=1.
pub(super) fn head_share(mut places: Vec<usize>) -> f64 {
    places.sort_unstable_by(|a, b| b.cmp(a));
    let head = ((0.05 * places.len() as f64).round_ties_even() as usize)
        .max(1)
        .min(places.len());
    let all: usize = places.iter().sum();
    places[..head].iter().sum::<usize>() as f64 / all.max(1) as f64
}

/// How sure a difference of means is.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// Of what.
    pub metric: Metric,
    /// Whose figures are taken off.
    pub against: &'static str,
    /// 2.5th percentile of the mean difference.
    pub lo: f64,
    /// 97.5th percentile.
    pub hi: f64,
}

impl Interval {
    /// The paired bootstrap interval, 95 %, of the mean `metric` of `ours` less that of `theirs`, over the same queries; `None` without queries. The draws are always the same ones.
    /// (B. Efron, R. Tibshirani, *An Introduction to the Bootstrap*, 1993: the percentile interval.)
    pub fn of(metric: Metric, ours: &Figures, against: &'static str, theirs: &Figures) -> Option<Self> {
        let pairs = ours.each(metric).iter().zip(theirs.each(metric));
        let differences: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
        let (lo, hi) = bootstrap(&differences)?;
        Some(Self {
            metric,
            against,
            lo,
            hi,
        })
    }
}

/// `value` to `digits` decimals, never a negative zero; halves that are exact go to the even digit.
pub(super) fn rounded(value: f64, digits: usize) -> f64 {
    // A sum of nothing is a negative zero.
    format!("{value:.digits$}").parse().unwrap_or(value) + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn means_count_queries_without_a_hit() {
        let mut figures = Figures::default();
        figures.add(&[2], 1);
        figures.add(&[], 1);
        assert!(close(figures.mrr, 1.0 / 3.0));
        let hits = figures.hits.map(f64::to_bits);
        assert_eq!(hits, [0.0_f64, 1.0, 1.0, 1.0].map(f64::to_bits));
        assert_eq!(figures.ndcg10_each.len(), 2);
    }

    #[test]
    fn the_head_of_the_load_is_at_least_one_person() {
        let mut figures = Figures::default();
        figures.spread(vec![1, 5, 2]);
        assert!(close(figures.top5pct_share, 5.0 / 8.0));
        figures.spread(Vec::new());
        assert!(close(figures.top5pct_share, 0.0));
        // 5 % of 50 is 2.5: the even neighbour.
        figures.spread(vec![1; 50]);
        assert!(close(figures.top5pct_share, 2.0 / 50.0));
    }

    #[test]
    fn an_interval_holds_the_mean_and_is_always_the_same() {
        let with = |each: &[f64]| Figures {
            ndcg10_each: each.to_vec(),
            ..Figures::default()
        };
        let ours = with(&[0.5, 1.0, 0.0, 0.7, 0.9, 0.4]);
        let theirs = with(&[0.4, 0.2, 0.1, 0.7, 0.5, 0.4]);
        let interval = Interval::of(Metric::Ndcg10, &ours, "b", &theirs).expect("six queries");
        assert!(interval.lo < 0.2 && 0.2 < interval.hi, "{interval:?}");
        assert_eq!(Interval::of(Metric::Ndcg10, &ours, "b", &theirs), Some(interval));
        let same = Interval::of(Metric::Ndcg10, &ours, "b", &ours).expect("six queries");
        assert!(close(same.lo, 0.0) && close(same.hi, 0.0));
        assert_eq!(Interval::of(Metric::Ndcg10, &with(&[]), "b", &with(&[])), None);
    }

    #[test]
    fn rounding_is_to_the_even_digit_when_exact() {
        assert!(rounded(-0.0, 4).is_sign_positive() && rounded(-0.000_01, 4).is_sign_positive());
        assert!(close(rounded(0.125, 2), 0.12));
        assert!(close(rounded(0.375, 2), 0.38));
        assert!(close(rounded(0.123_45, 4), 0.123_5) || close(rounded(0.123_45, 4), 0.123_4));
    }
}
