//! `antenne evaluate skills`: known links between people and skills are hidden and looked for again.
//!
//! Of each person's links one in five is hidden, everybody's at once; every skill that the person is not left with is
//! then ranked by what is left, and by simple lines beside. People are parted by their identifiers, once and for all:
//! weights are chosen on one half, and measured on the other.

mod links;
mod report;

pub use links::{LinkRule, Links};
pub use report::SkillsReport;

use super::experts::Measured;
use crate::fit::{Example, SoftmaxTerms, softmax};
use crate::recommend::SkillsRecommender;
use crate::replay::{History, Part};
use crate::signals::Viewer;
use crate::signals::skills::{Holdings, SkillsQuery};
use crate::world::{SkillIx, View, World};
use links::Hidden;
use std::collections::BTreeSet;

/// How strongly learnt weights are pulled to the shipped ones.
const PULL: f64 = 1e-4;

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
    let mut world = World::default();
    for fact in links.shown(history) {
        world.apply(fact);
    }
    let view = world.view();
    let mut search = Search {
        view,
        holdings: Holdings::default(),
        skills: links
            .skills()
            .iter()
            .filter_map(|id| view.skills.find(id.as_str()))
            .collect(),
    };
    search.skills.sort_unstable();
    search.skills.dedup();
    let learnt = matches!(settings.measured, Measured::Learnt).then(|| search.learn(&links, settings, progress));
    let recommender = match (&settings.measured, &learnt) {
        (Measured::Given(given), _) => *given,
        (Measured::Learnt, Some(learnt)) => learnt,
        (Measured::Learnt, None) => settings.shipped,
    };
    let people: Vec<&Hidden> = links.hidden(settings.part).collect();
    let mut found = Vec::with_capacity(people.len());
    for (done, hidden) in people.iter().enumerate() {
        found.extend(search.found(recommender, hidden));
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

/// The World as it is without what is hidden.
struct Search<'a> {
    view: &'a View,
    holdings: Holdings,
    skills: Vec<SkillIx>,
}

impl Search<'_> {
    /// The person as somebody without a name sees them, what they lack, and what of it is hidden.
    fn asked(&mut self, hidden: &Hidden) -> Option<(SkillsQuery, Vec<SkillIx>, BTreeSet<SkillIx>)> {
        let view = self.view;
        let person = view.person(hidden.person.as_str())?;
        let as_of = view.newest()?;
        let query = SkillsQuery::of(view, person, as_of, Viewer::default(), &mut self.holdings);
        let known: BTreeSet<SkillIx> = query.known.iter().map(|(skill, _)| *skill).collect();
        let lacks = self
            .skills
            .iter()
            .copied()
            .filter(|&skill| view.skill_root(skill) == skill);
        let lacks = lacks.filter(|skill| !known.contains(skill)).collect();
        let gold = hidden.skills.iter().filter_map(|id| view.skills.find(id.as_str()));
        let gold = gold
            .map(|skill| view.skill_root(skill))
            .filter(|skill| !known.contains(skill));
        Some((query, lacks, gold.collect()))
    }

    /// The ranks at which the person's hidden links are found.
    fn found(&mut self, recommender: &SkillsRecommender, hidden: &Hidden) -> Option<Found> {
        let (query, lacks, gold) = self.asked(hidden)?;
        let view = self.view;
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
        Some(Found {
            hidden: gold.len(),
            lines: LINES.iter().map(line).collect(),
            ours: at(recommender.pipeline().rank(view, &query, lacks.clone())),
        })
        .filter(|found| found.hidden > 0)
    }

    /// Weights learnt from the fit part alone: those under which the hidden links are the likeliest of all that the
    /// person lacks, none against its direction.
    fn learn(
        &mut self,
        links: &Links,
        settings: &SkillsSettings<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> SkillsRecommender {
        let pipeline = settings.shipped.pipeline();
        let (names, prior): (Vec<&'static str>, Vec<f64>) = pipeline.weights().unzip();
        let people: Vec<&Hidden> = links.hidden(Part::Fit).collect();
        let mut examples = Vec::with_capacity(people.len());
        for (done, hidden) in people.iter().enumerate() {
            if let Some((query, lacks, gold)) = self.asked(hidden) {
                let (skills, columns) = pipeline.strengths(self.view, &query, lacks);
                let rows = skills.len();
                let row = |row: usize| {
                    columns[row..]
                        .iter()
                        .step_by(rows.max(1))
                        .map(|&strength| strength as f32)
                };
                examples.push(Example {
                    strengths: (0..rows).flat_map(row).collect(),
                    gold: skills.iter().map(|skill| gold.contains(skill)).collect(),
                });
            }
            progress(done + 1, people.len());
        }
        let weighed: Vec<(&Example, f64)> = examples.iter().map(|example| (example, 1.0)).collect();
        let bounds = vec![0.0..=f64::INFINITY; names.len()];
        let terms = SoftmaxTerms {
            start: &prior,
            prior: &prior,
            pull: PULL,
            bounds: &bounds,
            threads: settings.threads,
        };
        let weights = softmax(&weighed, &terms);
        let pairs: Vec<(&str, f64)> = names.into_iter().zip(weights).collect();
        SkillsRecommender::learnt(&pairs, "learnt".to_owned())
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
