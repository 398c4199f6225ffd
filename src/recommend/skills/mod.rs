//! "What somebody knows": the declaration, and its conclusions put into words.

mod texts;
mod wording;

pub use wording::Conclusion;

use super::tongue::Tongue;
use super::weights::{self, Declared, Weights, WeightsError};
use crate::domain::Day;
use crate::pipeline::{Order, Pipeline};
use crate::signals::Direction;
use crate::signals::skills::{
    Accepted, Alike, Answered, ByScore, Common, Contributed, Evidenced, Exclusion, Follows, InCommunities, InProjects,
    Inferred, Lift, Narrower, NearSkills, NearestSkill, SharedWork, Skills, SkillsQuery, Subject, conclude,
};
use crate::world::View;
use wording::Wording;

/// The section of the weights.
const SECTION: &str = "skills";
/// Skills that are looked at for a conclusion, those that score highest.
const CONCLUDED: usize = 50;

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Declared<Skills> {
    use Direction::Better;
    vec![
        (Box::new(Answered), Better),
        (Box::new(Accepted), Better),
        (Box::new(InProjects), Better),
        (Box::new(InCommunities), Better),
        (Box::new(Contributed), Better),
        (Box::new(SharedWork), Better),
        (Box::new(NearSkills), Better),
        (Box::new(NearestSkill), Better),
        (Box::new(Follows), Better),
        (Box::new(Narrower), Better),
        (Box::new(Subject), Better),
        (Box::new(Lift), Better),
        (Box::new(Alike), Better),
        (Box::new(Common), Better),
    ]
}

/// The recommender of skills for a person.
pub struct SkillsRecommender {
    pipeline: Pipeline<Skills>,
    model: String,
    made: Option<Day>,
}

impl SkillsRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let (weights, model) = Weights::shipped_model(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`; the shipped ones when it says nothing of skills.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        let (weights, model) = Weights::custom_or_shipped(text, SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With learnt weights, under the name `model`; a signal that is not named weighs nothing.
    pub fn learnt(weights: &[(&str, f64)], model: String) -> Self {
        Self::new(&Weights::of_pairs(weights), model)
    }

    /// The direction of the signal called `name`; either for one that does not exist.
    pub fn direction(name: &str) -> Direction {
        weights::direction(&signals(), name)
    }

    /// Every signal's name and the direction of its shipped weight.
    pub fn directions() -> Vec<(&'static str, Direction)> {
        weights::directions(&signals())
    }

    fn new(weights: &Weights, model: String) -> Self {
        let filters = Exclusion::ALL.map(|reason| Box::new(reason) as Box<_>);
        Self {
            pipeline: Pipeline::new(
                vec![Box::new(Evidenced)],
                filters.into(),
                weights.weigh(signals()),
                Box::new(ByScore),
            ),
            model,
            made: weights.made(),
        }
    }

    /// The pipeline itself, for measuring it.
    pub fn pipeline(&self) -> &Pipeline<Skills> {
        &self.pipeline
    }

    /// The name of the weights in use.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The day on which the weights in use were made, where that is told.
    pub fn made(&self) -> Option<Day> {
        self.made
    }

    /// What is concluded of the person of `query`, the surest by score first, without words. Cost: one ranking.
    pub fn inferred(&self, view: &View, query: &SkillsQuery) -> Vec<Inferred> {
        let ranking = self.pipeline.run(view, query, CONCLUDED, Order::Score);
        ranking
            .picks
            .iter()
            .filter_map(|placed| conclude(query, placed))
            .collect()
    }

    /// The same, each with its reasons in words. Cost: one ranking, and the names of what is cited.
    pub fn conclusions(&self, view: &View, query: &SkillsQuery, tongue: Tongue) -> Vec<Conclusion> {
        let ranking = self.pipeline.run(view, query, CONCLUDED, Order::Score);
        let wording = Wording { view, tongue };
        let concluded = |placed| Some(wording.conclusion(conclude(query, placed)?, placed));
        ranking.picks.iter().filter_map(concluded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::skills::Family;
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_weights_are_in_order() {
        let shipped = SkillsRecommender::shipped().expect("data/weights.toml is in order");
        assert!(shipped.pipeline().weights().all(|(_, weight)| weight >= 0.0));
    }

    #[test]
    fn what_is_concluded_and_from_what_is_a_closed_list() {
        // A new kind of evidence about people is a decision for the papers, not a line of code: this list is that of
        // docs/QUALITY.md, and what stands here is all that is ever looked at.
        let evidence: BTreeSet<&str> = signals().iter().map(|(signal, _)| signal.family().code()).collect();
        let closed = [
            "answers",
            "colleagues",
            "communities",
            "likeness",
            "narrower_skills",
            "projects",
            "related_skills",
            "subject",
        ];
        assert_eq!(evidence, BTreeSet::from(closed));
        assert_eq!(
            Family::ALL.map(Family::code).iter().copied().collect::<BTreeSet<_>>(),
            evidence
        );
        let signals: BTreeSet<&str> = signals().iter().map(|(signal, _)| signal.name()).collect();
        let known = [
            "accepted",
            "alike",
            "answered",
            "colleagues",
            "common",
            "communities",
            "contributed",
            "follows",
            "lift",
            "narrower",
            "near_skills",
            "nearest_skill",
            "projects",
            "subject",
        ];
        assert_eq!(signals, BTreeSet::from(known));
    }
}
