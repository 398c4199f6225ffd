//! `antenne evaluate skills`: known links between people and skills are hidden and looked for again.
//!
//! Of each person's links one in five is hidden, everybody's at once; every skill that the person is not left with is
//! then ranked by what is left, and by simple lines beside. People are parted by their identifiers, once and for all:
//! weights are chosen on one half, and measured on the other.

mod report;

pub use report::SkillsReport;

use super::experts::Measured;
use crate::fit::{Asked, Learnt, Left, SkillsLearner};
use crate::recommend::SkillsRecommender;
use crate::replay::{Hidden, History, LinkRule, Links, Part};
use crate::signals::skills::{Holdings, SkillsQuery};
use crate::world::{SkillIx, View};

/// How to measure.
pub struct SkillsSettings<'a> {
    /// Which links count, and which are hidden.
    pub rule: &'a LinkRule,
    /// Which weights are measured; learnt ones are learnt from the fit part.
    pub measured: Measured<'a, SkillsRecommender>,
    /// The shipped weights.
    pub shipped: &'a SkillsRecommender,
    /// Whose links are looked for. The fit part is for given weights: learnt ones have seen it.
    pub part: Part,
    /// Threads that learning uses; they change nothing but the time.
    pub threads: usize,
}

/// A simple ranking of skills.
type Line = (&'static str, fn(&SkillsQuery, SkillIx) -> f64);

/// The simple lines, the one that ours is held against first.
const LINES: [Line; 3] = [
    ("item_item", item_item),
    ("people_alike", people_alike),
    ("popularity", popularity),
];

/// Σ over the person's skills of the cosine of the two.
fn item_item(query: &SkillsQuery, skill: SkillIx) -> f64 {
    let near = query.near.get(&skill);
    near.map_or(0.0, |near| near.cosines.iter().map(|(_, cosine)| cosine).sum())
}

/// The share of those most like the person who have it.
fn people_alike(query: &SkillsQuery, skill: SkillIx) -> f64 {
    query.near.get(&skill).map_or(0.0, |near| near.alike)
}

/// How many have it.
fn popularity(query: &SkillsQuery, skill: SkillIx) -> f64 {
    query.near.get(&skill).map_or(0.0, |near| near.share)
}

/// What was found of one person's hidden links: ranks, from 0, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    hidden: usize,
    ours: Vec<usize>,
    lines: Vec<Vec<usize>>,
}

/// Links hidden and looked for.
pub struct SkillsEvaluation {
    links: Links,
    part: Part,
    model: String,
    weights: Vec<(&'static str, f64)>,
    found: Vec<Found>,
}

/// Hides links of `history` and looks for those of one part. `progress` hears how many people are done, and of how many.
///
/// Cost: folding the file once, and one ranking of all skills a person.
pub fn skills(
    history: &History,
    settings: &SkillsSettings<'_>,
    progress: &mut dyn FnMut(usize, usize),
) -> SkillsEvaluation {
    let links = Links::of(history, settings.rule);
    let left = Left::of(history, &links);
    let learner = SkillsLearner {
        current: settings.shipped,
        prior: settings.shipped,
        threads: settings.threads,
    };
    let teach: Vec<&Hidden> = links.hidden(Part::Fit).collect();
    let learnt = match settings.measured {
        Measured::Given(_) => None,
        Measured::Learnt => learner.learn(&left, &teach, progress),
    };
    let taken: Option<SkillsRecommender> =
        (learnt.as_ref().filter(|learnt| learnt.check.passed())).map(Learnt::recommender);
    let recommender = match (&settings.measured, &taken) {
        (Measured::Given(given), _) => *given,
        (Measured::Learnt, Some(taken)) => taken,
        (Measured::Learnt, None) => settings.shipped,
    };
    let people: Vec<&Hidden> = links.hidden(settings.part).collect();
    let (mut found, mut holdings) = (Vec::with_capacity(people.len()), Holdings::default());
    for (done, hidden) in people.iter().enumerate() {
        let asked = left.asked(hidden, &mut holdings);
        found.extend(asked.map(|asked| look(left.view(), recommender, asked)));
        progress(done + 1, people.len());
    }
    SkillsEvaluation {
        model: recommender.model().to_owned(),
        weights: recommender.pipeline().weights().collect(),
        part: settings.part,
        found,
        links,
    }
}

/// The ranks at which a person's hidden links are found.
fn look(view: &View, recommender: &SkillsRecommender, Asked { query, lacks, gold }: Asked) -> Found {
    let at = |ranked: Vec<(SkillIx, f64)>| -> Vec<usize> {
        let relevant = ranked.iter().enumerate().filter(|(_, (skill, _))| gold.contains(skill));
        relevant.map(|(rank, _)| rank).collect()
    };
    let line = |(_, score): &Line| {
        let mut ranked: Vec<(SkillIx, f64)> = lacks.iter().map(|&skill| (skill, score(&query, skill))).collect();
        let id = |skill: SkillIx| &view.skills.get(skill).id;
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(a.0).cmp(id(b.0))));
        at(ranked)
    };
    Found {
        hidden: gold.len(),
        lines: LINES.iter().map(line).collect(),
        ours: at(recommender.pipeline().rank(view, &query, lacks.clone())),
    }
}

impl SkillsEvaluation {
    /// The figures.
    pub fn report(&self) -> SkillsReport {
        report::of(self)
    }
}

#[cfg(test)]
mod tests;
