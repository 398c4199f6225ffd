//! `antenne evaluate experts`: our ranking and the baselines over one part of a file, query by query, each from what was
//! known before it.
//!
//! Every candidate of the protocol is ranked, by score alone: who may be asked and how load is spread are left out. What
//! would have been served is measured beside it. A person with several accounts has one score, which each of their
//! accounts bears.

mod baselines;
mod reliability;
mod report;

pub use baselines::Baseline;
pub(super) use baselines::votes;
pub use reliability::Bin;
pub use report::Report;

use super::metrics::{DEPTH, Figures, Interval, Metric};
use super::runs;
use crate::fit::{Learner, Learnt, unkept_basis};
use crate::pipeline::Order;
use crate::recommend::ExpertsRecommender;
use crate::replay::{
    BasisRule, ExpertsProtocol, History, Part, PastQuery as _, PastQuestion, Protocol as _, ndcg10, recall, replay,
};
use crate::signals::ExpertsQuery;
use crate::world::{PersonIx, View};
use std::io::{self, Write};

/// How many of the people whom sources propose are looked at.
const SOURCES_DEPTH: usize = 50;

/// What the pipeline as served would have reached: people from its sources, without those whom filters exclude.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Served {
    /// nDCG at 10, mean over queries.
    pub ndcg10: f64,
    /// Recall at 10, mean over queries.
    pub r10: f64,
    /// Recall at 50 of those whom sources propose, in the order of the full ranking, mean over queries.
    pub sources_r50: f64,
    /// Share, of the gold that the full ranking has among its first 10, that sources propose at all.
    pub sources_keep: f64,
}

/// One query, ranked.
struct Judged {
    /// Answerers' numbers, best first, with our scores.
    ours: Vec<(u32, f64)>,
    /// The ranking by the shipped weights, when ours are others.
    shipped: Option<Vec<u32>>,
    baselines: [Vec<u32>; Baseline::ALL.len()],
    served: Served,
    /// Gold among our first 10.
    found: f64,
    /// The chances of our first 10, where chances were learnt, and whether each answered.
    chances: Vec<(f64, bool)>,
}

/// A part of a file, ranked.
pub struct ExpertsEvaluation {
    protocol: ExpertsProtocol,
    part: Part,
    model: String,
    learnt: Option<Learnt>,
    judged: Vec<Judged>,
}

/// Which weights are measured.
pub enum Measured<'a, R = ExpertsRecommender> {
    /// These.
    Given(&'a R),
    /// Those that the organisation's own past teaches before the first query of the test.
    Learnt,
}

/// How to measure.
pub struct ExpertsSettings<'a> {
    /// The shipped weights: what learning starts from, and a line of the report.
    pub shipped: &'a ExpertsRecommender,
    /// Which weights are measured.
    pub measured: Measured<'a>,
    /// Which queries are ranked. The fit part is for given weights: learnt ones have seen it.
    pub part: Part,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

/// Ranks every query of a part. `progress` hears how many queries are done, and of how many, first for learning and then
/// for measuring.
///
/// Cost: folding the file once, twice with learning, and one full ranking a query.
pub fn experts(
    history: &History,
    settings: &ExpertsSettings<'_>,
    progress: &mut dyn FnMut(usize, usize),
) -> ExpertsEvaluation {
    let protocol = ExpertsProtocol::of(history);
    let learnt = match settings.measured {
        Measured::Given(_) => None,
        Measured::Learnt => learn(history, &protocol, settings, progress),
    };
    let taken = learnt.as_ref().filter(|learnt| learnt.check.passed());
    let taken = taken.map(Learnt::recommender::<ExpertsRecommender>);
    let recommender = match (&settings.measured, &taken) {
        (Measured::Given(given), _) => given,
        (Measured::Learnt, Some(own)) => own,
        (Measured::Learnt, None) => settings.shipped,
    };
    let beside = (recommender.model() != settings.shipped.model()).then_some(settings.shipped);
    let judge = |view: &View, query: &PastQuestion| Judge::new(&protocol, view, query).judge(recommender, beside);
    let queries = protocol.part(settings.part);
    let judged = replay(
        history,
        &queries,
        &BasisRule::Refreshed(&unkept_basis),
        settings.threads,
        judge,
        progress,
    );
    let model = recommender.model().to_owned();
    ExpertsEvaluation {
        protocol,
        part: settings.part,
        model,
        learnt,
        judged,
    }
}

/// Learns from what was known before the first query of the test, as if the file ended there.
fn learn(
    history: &History,
    protocol: &ExpertsProtocol,
    settings: &ExpertsSettings<'_>,
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
    learner.learn(&past, &ExpertsProtocol::to_learn(&past), progress)
}

impl ExpertsEvaluation {
    /// The queries of both parts.
    pub fn protocol(&self) -> &ExpertsProtocol {
        &self.protocol
    }

    /// The queries that were ranked, each with the identifiers of those ranked for it, best first, at most 1,000, and
    /// their scores.
    pub fn rankings(&self) -> impl Iterator<Item = (&PastQuestion, Vec<(&str, f64)>)> {
        let named = |ours: &[(u32, f64)]| ours.iter().map(|&(n, score)| (self.protocol.id(n), score)).collect();
        self.protocol
            .part(self.part)
            .into_iter()
            .zip(&self.judged)
            .map(move |(query, judged)| (query, named(&judged.ours)))
    }

    /// The figures.
    pub fn report(&self) -> Report {
        let queries = self.protocol.part(self.part);
        let numbers = |judged: &Judged| judged.ours.iter().map(|&(number, _)| number).collect();
        let ours: Vec<Vec<u32>> = self.judged.iter().map(numbers).collect();
        let figures = Figures::of(&self.protocol, &queries, ours.iter().map(Vec::as_slice));
        let shipped = self.judged.iter().map(|judged| judged.shipped.as_deref());
        let shipped: Option<Vec<&[u32]>> = shipped.collect();
        let shipped = shipped.filter(|rankings| !rankings.is_empty());
        let baselines = Baseline::ALL.map(|baseline| {
            let rankings = self
                .judged
                .iter()
                .map(|judged| judged.baselines[baseline as usize].as_slice());
            (baseline.name(), Figures::of(&self.protocol, &queries, rankings))
        });
        let mut best = &baselines[0];
        for other in &baselines[1..] {
            if other.1.ndcg10 > best.1.ndcg10 {
                best = other;
            }
        }
        let interval = Interval::of(Metric::Ndcg10, &figures, best.0, &best.1);
        let candidates = queries.last().map_or(0, |query| query.candidate_count());
        Report {
            model: self.model.clone(),
            part: self.part,
            fit_queries: self.protocol.part(Part::Fit).len(),
            test_queries: self.protocol.part(Part::Test).len(),
            coverage: figures.suggested as f64 / candidates.max(1) as f64,
            figures,
            shipped: shipped.map(|rankings| Figures::of(&self.protocol, &queries, rankings)),
            learnt: self.learnt.clone(),
            baselines: baselines.to_vec(),
            interval,
            served: self.served(),
            reliability: Bin::of(self.judged.iter().flat_map(|judged| &judged.chances)),
        }
    }

    /// Writes our rankings as a TREC run.
    ///
    /// # Errors
    /// When `out` does not take them.
    pub fn write_run(&self, out: &mut impl Write) -> io::Result<()> {
        self.rankings()
            .try_for_each(|(query, ranking)| runs::write_run(out, &query.name(), &ranking))
    }

    /// Writes who answered, as TREC qrels: the gold of the queries ranked.
    ///
    /// # Errors
    /// When `out` does not take them.
    pub fn write_qrels(&self, out: &mut impl Write) -> io::Result<()> {
        self.protocol.part(self.part).into_iter().try_for_each(|query| {
            let mut gold = query.gold().to_vec();
            gold.sort_unstable_by_key(|&number| self.protocol.place(number));
            let ids: Vec<&str> = gold.iter().map(|&number| self.protocol.id(number)).collect();
            runs::write_qrels(out, &query.name(), &ids)
        })
    }

    fn served(&self) -> Served {
        let count = self.judged.len().max(1) as f64;
        let mean = |value: fn(&Judged) -> f64| self.judged.iter().map(value).sum::<f64>() / count;
        let found: f64 = self.judged.iter().map(|judged| judged.found).sum();
        Served {
            ndcg10: mean(|judged| judged.served.ndcg10),
            r10: mean(|judged| judged.served.r10),
            sources_r50: mean(|judged| judged.served.sources_r50),
            sources_keep: if found > 0.0 {
                mean(|judged| judged.served.sources_keep) * count / found
            } else {
                1.0
            },
        }
    }
}

/// One query, before it is ranked.
struct Judge<'a> {
    protocol: &'a ExpertsProtocol,
    view: &'a View,
    query: &'a PastQuestion,
    understood: ExpertsQuery,
    /// Candidates with the person of each; `None` for an account that the view does not know.
    candidates: Vec<(u32, Option<PersonIx>)>,
    /// The people behind them, in order of index, each once.
    people: Vec<PersonIx>,
}

impl<'a> Judge<'a> {
    fn new(protocol: &'a ExpertsProtocol, view: &'a View, query: &'a PastQuestion) -> Self {
        let candidates: Vec<_> = query.candidates().map(|n| (n, view.person(protocol.id(n)))).collect();
        let mut people: Vec<PersonIx> = candidates.iter().filter_map(|&(_, person)| person).collect();
        people.sort_unstable();
        people.dedup();
        let understood = query.understood(view);
        Self {
            protocol,
            view,
            query,
            understood,
            candidates,
            people,
        }
    }

    /// The candidates as `recommender` ranks them.
    fn ranked(&self, recommender: &ExpertsRecommender) -> Vec<(u32, f64)> {
        let mut scores = (recommender.pipeline()).rank(self.view, &self.understood, self.people.clone());
        scores.sort_unstable_by_key(|score| score.0);
        let scores: Vec<f64> = scores.into_iter().map(|(_, score)| score).collect();
        self.order(&scores)
    }

    fn judge(&self, recommender: &ExpertsRecommender, beside: Option<&ExpertsRecommender>) -> Judged {
        let pipeline = recommender.pipeline();
        let mut ours = self.ranked(recommender);
        let numbers = |ranked: Vec<(u32, f64)>| ranked.into_iter().take(DEPTH).map(|(number, _)| number).collect();
        let shipped = beside.map(|shipped| numbers(self.ranked(shipped)));
        let proposed = pipeline.candidates(self.view, &self.understood);
        let is_proposed = |number: u32| {
            let person = self.view.person(self.protocol.id(number));
            person.is_some_and(|person| proposed.binary_search(&person).is_ok())
        };
        let from_sources: Vec<u32> = ours
            .iter()
            .map(|&(number, _)| number)
            .filter(|&number| is_proposed(number))
            .take(SOURCES_DEPTH)
            .collect();
        let chances = self.chances(recommender, ours.iter().filter(|(n, _)| is_proposed(*n)));
        let top: Vec<u32> = ours.iter().take(10).map(|&(number, _)| number).collect();
        let gold = self.query.gold().len();
        let found: Vec<u32> = top
            .into_iter()
            .filter(|number| self.query.gold().contains(number))
            .collect();
        let served = self.relevant(&self.served(recommender));
        let served = Served {
            ndcg10: ndcg10(&served, gold),
            r10: recall(&served, 10, gold),
            sources_r50: recall(&self.relevant(&from_sources), SOURCES_DEPTH, gold),
            sources_keep: found.iter().filter(|&&number| is_proposed(number)).count() as f64,
        };
        ours.truncate(DEPTH);
        let baselines = Baseline::ALL.map(|baseline| {
            let scores = baseline.scores(self.view, &self.understood, &self.people);
            numbers(self.order(&scores))
        });
        Judged {
            ours,
            shipped,
            baselines,
            served,
            found: found.len() as f64,
            chances,
        }
    }

    /// The chances of the first ten of `proposed`, who stand in order: those whom the sources propose, as in service and in
    /// learning; and whether each answered. Empty when no chances were learnt.
    fn chances<'r>(
        &self,
        recommender: &ExpertsRecommender,
        proposed: impl Iterator<Item = &'r (u32, f64)>,
    ) -> Vec<(f64, bool)> {
        let Some(calibration) = recommender.calibration() else {
            return Vec::new();
        };
        let (numbers, scores): (Vec<u32>, Vec<f64>) = proposed.copied().unzip();
        let answered = numbers.iter().map(|number| self.query.gold().contains(number));
        calibration.chances(&scores).zip(answered).take(10).collect()
    }

    /// Candidates by the score of their person, best first; equal ones by identifier, those unknown to the view last.
    fn order(&self, scores: &[f64]) -> Vec<(u32, f64)> {
        let score = |person: Option<PersonIx>| {
            let place = self.people.binary_search(&person?).ok()?;
            Some(scores[place])
        };
        let scored = self
            .candidates
            .iter()
            .map(|&(number, person)| (number, score(person).unwrap_or(f64::NEG_INFINITY)));
        let mut order: Vec<(u32, f64)> = scored.collect();
        order.sort_unstable_by(|a, b| {
            b.1.total_cmp(&a.1)
                .then_with(|| self.protocol.place(a.0).cmp(&self.protocol.place(b.0)))
        });
        order
    }

    /// The accounts that the pipeline as served gives, best first; people who are no candidates keep their place.
    fn served(&self, recommender: &ExpertsRecommender) -> Vec<u32> {
        let ranking = recommender.pipeline().run(self.view, &self.understood, 0, Order::Score);
        let number = |person: PersonIx| {
            let same = self.candidates.iter().filter(|candidate| candidate.1 == Some(person));
            same.map(|&(number, _)| number)
                .min_by_key(|&number| self.protocol.place(number))
        };
        ranking
            .reserve
            .iter()
            .take(10)
            .map(|placed| number(placed.subject).unwrap_or(u32::MAX))
            .collect()
    }

    /// The ranks of the gold in `ranking`, from 0.
    fn relevant(&self, ranking: &[u32]) -> Vec<usize> {
        (0..ranking.len())
            .filter(|&rank| self.query.gold().binary_search(&ranking[rank]).is_ok())
            .collect()
    }
}

#[cfg(test)]
mod tests;
