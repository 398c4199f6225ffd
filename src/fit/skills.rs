//! Learning the weights of conclusions about skills: known links between people and skills are hidden, everybody's at once, and
//! looked for again among all that each person lacks.
//!
//! What people know has no order in time that would part what teaches from what is tried: folds are people, and each is judged
//! by weights learnt from others. Who refuses that anything is concluded of them teaches nothing, and neither does a skill
//! that somebody keeps from others.

use super::ablation::Ablation;
use super::examples::{Example, room};
use super::fitting::Fitting;
use super::learnable::{FEW_PULLS, QUERIES_MIN};
use super::learner::{Check, EXAMPLES_MAX, Learnt, spread, trials};
use super::mixture::{Mixture, Tried, best, mean};
use crate::domain::{Purpose, Timestamp};
use crate::pipeline::Pipeline;
use crate::recommend::{Calibration, SkillsRecommender};
use crate::replay::{Hidden, History, Links, bootstrap, ndcg10};
use crate::signals::skills::{Holdings, LIKELY, Skills, SkillsQuery};
use crate::signals::{Decision, Viewer};
use crate::world::{SkillIx, View, World};
use std::collections::{BTreeMap, BTreeSet};

/// Parts into which people fall: each is judged by what the others teach.
const PARTS: usize = 4;

/// What is left of a file when links are hidden.
pub struct Left {
    world: World,
    /// Every skill with a link, in order.
    skills: Vec<SkillIx>,
    span: (Timestamp, Timestamp),
}

/// A person of whom links are hidden, as somebody without a name sees them.
pub struct Asked {
    /// What is left of them.
    pub query: SkillsQuery,
    /// The skills that they are not left with.
    pub lacks: Vec<SkillIx>,
    /// Those of them that are hidden; at least one.
    pub gold: BTreeSet<SkillIx>,
}

impl Left {
    /// What is left of `history` without what is hidden of `links`. Cost: folding the file once.
    pub fn of(history: &History, links: &Links) -> Self {
        let mut world = World::default();
        let shown = links.shown(history);
        let at = |fact: Option<&crate::domain::Fact>| fact.map_or(Timestamp::from_micros(0), |fact| fact.at);
        let span = (at(shown.first()), at(shown.last()));
        for fact in shown {
            world.apply(fact);
        }
        let view = world.view();
        let linked = links.skills();
        let linked = linked.iter().filter_map(|id| view.skills.find(id.as_str()));
        let skills: BTreeSet<SkillIx> = linked.filter(|&skill| view.skill_root(skill) == skill).collect();
        Self {
            skills: skills.into_iter().collect(),
            span,
            world,
        }
    }

    /// What is left, as it is read.
    pub fn view(&self) -> &View {
        self.world.view()
    }

    /// The person of `hidden`; `None` when nobody may conclude anything of them, or nothing that shows is hidden. `holdings`
    /// may have served others. Cost: that of [`SkillsQuery::of`].
    pub fn asked(&self, hidden: &Hidden, holdings: &mut Holdings) -> Option<Asked> {
        let view = self.view();
        let person = view.person(hidden.person.as_str())?;
        let as_of = view.newest()?;
        if view.has_left(person) || !view.allows(person, Purpose::Inference, as_of) {
            return None;
        }
        let query = SkillsQuery::of(view, person, as_of, Viewer::default(), holdings);
        let known: BTreeSet<SkillIx> = query.known.iter().map(|(skill, _)| *skill).collect();
        let lacks = self.skills.iter().copied().filter(|skill| !known.contains(skill));
        let gold = hidden.skills.iter().filter_map(|id| view.skills.find(id.as_str()));
        let gold = gold.map(|skill| view.skill_root(skill));
        let gold: BTreeSet<SkillIx> = gold
            .filter(|skill| !known.contains(skill) && Decision::on(view, person, *skill).is_open())
            .collect();
        let lacks = lacks.collect();
        (!gold.is_empty()).then_some(Asked { query, lacks, gold })
    }
}

/// What each example is worth under the pull that did best on the other parts: it had no part in what it is judged by.
fn judged_apart(tried: &[Tried], part_of: &[usize]) -> Vec<f64> {
    let chosen = |part: usize| {
        let others: Vec<Tried> = tried
            .iter()
            .map(|tried| tried.on(|place| part_of[place] != part))
            .collect();
        let best = best(&others, 0.0).pull.to_bits();
        tried
            .iter()
            .position(|tried| tried.pull.to_bits() == best)
            .unwrap_or_default()
    };
    let chosen: Vec<usize> = (0..PARTS).map(chosen).collect();
    let gain = |(place, &part): (usize, &usize)| tried[chosen[part]].gains[place];
    part_of.iter().enumerate().map(gain).collect()
}

/// What learning weights of skills needs besides what is left.
pub struct SkillsLearner<'a> {
    /// The weights that the new ones are held against: those in use, unless they were learnt from the same people.
    pub current: &'a SkillsRecommender,
    /// The shipped weights: what the new ones are pulled to.
    pub prior: &'a SkillsRecommender,
    /// Threads; they change nothing but the time.
    pub threads: usize,
}

impl SkillsLearner<'_> {
    /// Learns from what is hidden of `people`; `None` when they are too few. `progress` hears how many are done, and of how
    /// many. Cost: one ranking of all skills a person, of 5,000 at most.
    pub fn learn(&self, left: &Left, people: &[&Hidden], progress: &mut dyn FnMut(usize, usize)) -> Option<Learnt> {
        let (part_of, examples) = self.folds(left, people, progress)?;
        let fitting = Fitting::of(self.prior, ndcg10, self.threads);
        let tried = fitting.across(&examples, &part_of, PARTS, FEW_PULLS);
        let best = best(&tried, 0.0);
        let in_use: BTreeMap<&str, f64> = self.current.pipeline().weights().collect();
        let weight = |name: &&str| in_use.get(name).copied().unwrap_or(0.0);
        let current: Vec<f64> = fitting.names.iter().map(weight).collect();
        let (ours, theirs) = (judged_apart(&tried, &part_of), fitting.gains(&examples, &current));
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let weights = fitting.fit(&examples, best.pull, &fitting.prior);
        let weights: Vec<(&'static str, f64)> = fitting.names.iter().copied().zip(weights).collect();
        let all: Vec<&Example> = examples.iter().collect();
        Some(Learnt {
            weights: as_many_likely(self.prior.pipeline(), weights, &all),
            calibration: Calibration {
                slope: 1.0,
                offset: 0.0,
            },
            pull: best.pull,
            tried: trials(&tried, &Mixture::alone(best)),
            examples: examples.len(),
            span: left.span,
            check: Check {
                questions: examples.len(),
                questions_min: 0,
                current: mean(&theirs),
                learnt: mean(&ours),
                interval: bootstrap(&differences).unwrap_or_default(),
            },
            apart: Vec::new(),
        })
    }

    /// What each signal earns across the parts; `None` when the people are too few. Cost: that of learning, and four fits a
    /// signal.
    pub fn ablate(&self, left: &Left, people: &[&Hidden], progress: &mut dyn FnMut(usize, usize)) -> Option<Ablation> {
        let (part_of, examples) = self.folds(left, people, progress)?;
        let fitting = Fitting::of(self.prior, ndcg10, self.threads);
        let tried = fitting.across(&examples, &part_of, PARTS, FEW_PULLS);
        let best = best(&tried, 0.0);
        let without = |signal: usize| {
            let without = fitting.without(signal);
            let tried = without.across(&examples, &part_of, PARTS, &[best.pull]);
            (fitting.names[signal], tried[0].mean())
        };
        Some(Ablation {
            questions: examples.len(),
            pull: best.pull,
            all: best.mean(),
            without: (0..fitting.names.len()).map(without).collect(),
        })
    }

    /// The examples of `people` with the part into which each falls; `None` when they are too few.
    fn folds(
        &self,
        left: &Left,
        people: &[&Hidden],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Option<(Vec<usize>, Vec<Example>)> {
        let told = self.examples(left, people, progress);
        let folds = told.into_iter().map(|(hidden, example)| (hidden.part(PARTS), example));
        let (part_of, examples): (Vec<usize>, Vec<Example>) = folds.unzip();
        (examples.len() >= QUERIES_MIN).then_some((part_of, examples))
    }

    /// One example a person of whom anything is hidden, evenly spread when they are many.
    pub fn examples<'h>(
        &self,
        left: &Left,
        people: &[&'h Hidden],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<(&'h Hidden, Example)> {
        let people = spread(people, EXAMPLES_MAX);
        let (mut holdings, most) = (Holdings::default(), room(people.len()));
        let pipeline = self.prior.pipeline();
        let mut examples = Vec::with_capacity(people.len());
        for (done, &hidden) in people.iter().enumerate() {
            if let Some(Asked { query, lacks, gold }) = left.asked(hidden, &mut holdings) {
                let measured = pipeline.strengths(left.view(), &query, lacks);
                let is_gold = |skill| gold.contains(&skill);
                let example = Example::among(left.view(), pipeline, measured, (is_gold, |_| true), most);
                examples.push((hidden, example));
            }
            progress(done + 1, people.len());
        }
        examples
    }
}

/// `weights`, those of signals that `examples` show stretched alike, so that as many skills are likely ([`LIKELY`]) as are under
/// the weights of `prior`: what is enough for a conclusion stays as it was, and no ranking changes. What they do not show
/// weighs what it weighed in `prior`.
pub fn as_many_likely(
    prior: &Pipeline<Skills>,
    mut weights: Vec<(&'static str, f64)>,
    examples: &[&Example],
) -> Vec<(&'static str, f64)> {
    let before: Vec<f64> = prior.weights().map(|(_, weight)| weight).collect();
    let utilities = |weights: &[f64]| -> Vec<f64> { examples.iter().flat_map(|e| e.utilities(weights)).collect() };
    let likely = utilities(&before).iter().filter(|score| **score >= LIKELY).count();
    let plain: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
    let mut scores = utilities(&plain);
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    let last = likely.checked_sub(1).and_then(|place| scores.get(place).copied());
    let stretch = last.filter(|last| *last > 0.0).map_or(1.0, |last| LIKELY / last);
    for (signal, (_, weight)) in weights.iter_mut().enumerate() {
        let shown = |example: &&Example| {
            example
                .strengths
                .iter()
                .skip(signal)
                .step_by(before.len())
                .any(|s| *s != 0.0)
        };
        *weight = if examples.iter().any(shown) {
            *weight * stretch
        } else {
            before[signal]
        };
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A person who lacks two skills, one of which is hidden; of each, how strongly a signal speaks for it.
    fn example(signals: usize, signal: usize, told: [f32; 2]) -> Example {
        let mut strengths = vec![0.0; 2 * signals];
        (strengths[signal], strengths[signals + signal]) = (told[0], told[1]);
        Example::whole(strengths, vec![true, false])
    }

    #[test]
    fn as_many_skills_are_likely_as_before_and_what_is_not_shown_stays() {
        let prior = SkillsRecommender::shipped().expect("in order");
        let weights: Vec<(&'static str, f64)> = prior.pipeline().weights().collect();
        let place = weights
            .iter()
            .position(|(name, _)| *name == "near_skills")
            .expect("there");
        let near = weights[place].1;
        // Under the shipped weights the first two are likely, the third is not.
        let told = [[1.2, 0.1], [1.0, 0.2], [0.9, 0.3]].map(|told| told.map(|times: f32| times / near as f32));
        let examples = told.map(|told| example(weights.len(), place, told));
        let all: Vec<&Example> = examples.iter().collect();
        let tenfold = weights.iter().map(|&(name, weight)| (name, 10.0 * weight)).collect();
        let scaled = as_many_likely(prior.pipeline(), tenfold, &all);
        assert!((scaled[place].1 - near).abs() < 1e-5, "{scaled:?}");
        for (signal, (name, weight)) in scaled.iter().enumerate().filter(|(signal, _)| *signal != place) {
            assert_eq!(weight.to_bits(), weights[signal].1.to_bits(), "{name}");
        }
    }
}
