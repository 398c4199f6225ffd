//! "Who could co-animate": the declaration, and its ranking put into words.

use super::weights::{Weights, WeightsError};
use crate::domain::Day;
use crate::pipeline::{Pipeline, Signal, Source, Weighted};
use crate::signals::Direction;
use crate::signals::co_animators::{
    Animated, Animates, Appointed, Arrived, CircleStanding, CoAnimators, CommunityAnswers, CommunityUnit, Complement,
    Eligibility, Exclusion, FieldAnimator, FieldMember, FieldPeople, FreeHours, Gifts, LastActivity, LastAppointed,
    LastGift, Members, Memberships, NearCommunities, Newest, ProjectPeople, Quickness, SharedCommunities,
    SharedProjects, SharesLanguage, Taken, Tenure, TopicAnswers, TopicFocus, TopicSkills, UnitPeople, Volunteers,
};

/// The section of the weights.
const SECTION: &str = "co_animators";

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Vec<(Box<dyn Signal<CoAnimators>>, Direction)> {
    use Direction::{Better, Either, Worse};
    vec![
        (Box::new(TopicAnswers(0)), Better),
        (Box::new(TopicAnswers(1)), Better),
        (Box::new(TopicAnswers(2)), Better),
        (Box::new(TopicFocus), Better),
        (Box::new(CommunityAnswers(0)), Better),
        (Box::new(CommunityAnswers(1)), Better),
        (Box::new(CommunityAnswers(2)), Better),
        (Box::new(TopicSkills), Better),
        (Box::new(CircleStanding), Better),
        (Box::new(Gifts), Better),
        (Box::new(Tenure), Either),
        (Box::new(Arrived(0)), Either),
        (Box::new(Arrived(1)), Either),
        (Box::new(Arrived(2)), Either),
        (Box::new(Newest), Either),
        (Box::new(Animates), Either),
        (Box::new(Animated), Better),
        (Box::new(Appointed(0)), Either),
        (Box::new(Appointed(1)), Either),
        (Box::new(Appointed(2)), Either),
        (Box::new(LastAppointed), Either),
        (Box::new(Memberships), Better),
        (Box::new(SharedCommunities), Better),
        (Box::new(SharedProjects), Better),
        (Box::new(NearCommunities), Better),
        (Box::new(FieldAnimator), Better),
        (Box::new(FieldMember), Better),
        (Box::new(CommunityUnit), Better),
        (Box::new(SharesLanguage), Better),
        (Box::new(LastGift), Better),
        (Box::new(LastActivity), Better),
        (Box::new(Quickness), Either),
        (Box::new(Taken), Worse),
        (Box::new(FreeHours), Better),
    ]
}

/// The recommender of people who could co-animate.
pub struct CoAnimatorsRecommender {
    pipeline: Pipeline<CoAnimators>,
    model: String,
    made: Option<Day>,
}

impl CoAnimatorsRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let weights = Weights::shipped(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, format!("default-{}", weights.model())))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        let weights = Weights::parse(text, SECTION, &Self::directions())?;
        Ok(Self::new(&weights, format!("custom-{}", weights.model())))
    }

    /// With learnt weights, under the name `model`; a signal that is not named weighs nothing.
    pub fn learnt(weights: &[(&str, f64)], model: String) -> Self {
        Self::new(&Weights::of_pairs(weights), model)
    }

    /// The direction of the signal called `name`; either for one that does not exist.
    pub fn direction(name: &str) -> Direction {
        let known = signals().into_iter().find(|(signal, _)| signal.name() == name);
        known.map_or(Direction::Either, |(_, direction)| direction)
    }

    /// The weight of the signal called `name`; 0 for one that does not exist.
    pub fn weight(&self, name: &str) -> f64 {
        let found = self.pipeline.weights().find(|(known, _)| *known == name);
        found.map_or(0.0, |(_, weight)| weight)
    }

    fn directions() -> Vec<(&'static str, Direction)> {
        let all = signals();
        all.iter()
            .map(|(signal, direction)| (signal.name(), *direction))
            .collect()
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<CoAnimators>>> = vec![
            Box::new(Members),
            Box::new(ProjectPeople),
            Box::new(UnitPeople),
            Box::new(Volunteers),
            Box::new(FieldPeople),
        ];
        let filters = Exclusion::ALL
            .into_iter()
            .map(|reason| Box::new(Eligibility(reason)) as Box<_>);
        let weigh = |(signal, _): (Box<dyn Signal<CoAnimators>>, _)| Weighted {
            weight: weights.of(signal.name()),
            signal,
        };
        let signals = signals().into_iter().map(weigh).collect();
        Self {
            pipeline: Pipeline::new(sources, filters.collect(), signals, Box::new(Complement)),
            model,
            made: weights.made(),
        }
    }

    /// The pipeline itself, for measuring it and for plans.
    pub fn pipeline(&self) -> &Pipeline<CoAnimators> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_name_every_signal_once() {
        CoAnimatorsRecommender::shipped().expect("data/weights.toml is in order");
        let mut names: Vec<_> = CoAnimatorsRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
