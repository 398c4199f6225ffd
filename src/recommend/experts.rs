//! "Who could answer": the declaration, and its ranking put into words.

use super::answer::ExpertsAnswer;
use super::texts::Tongue;
use super::weights::{Weights, WeightsError};
use super::wording::Wording;
use crate::domain::{Day, MemberRole};
use crate::pipeline::{Order, Pipeline, Selector, Signal, Source, Weighted};
use crate::signals::{
    Acceptance, Activity, Answerers, CommunityAffinity, CommunityPeople, Direction, Dominance, Eligibility, Exclusion,
    Experts, ExpertsQuery, HelpedAsker, Language, LatentProfile, Newcomer, Recency, RecentAnswerers, RelatedAuthors,
    RelatedShare, Responsiveness, SharedPlaces, SimilarAuthors, SimilarMax, SimilarRank, SimilarVote, SkillHolders,
    SkillMatch, TagAffinity, TagFocus, TotalAnswers, UsualHours,
};
use crate::world::{PersonIx, View};
use std::collections::BTreeMap;

/// The section of the weights.
const SECTION: &str = "experts";
/// How long the people of one wave have before the next is turned to.
const WAVE_MICROS: i64 = 24 * 3_600_000_000;

/// The animators of the question's community hold back, so that the community answers.
struct AnimatorsLast;

impl Selector<Experts> for AnimatorsLast {
    fn wave(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> u8 {
        let animates = query
            .community
            .is_some_and(|c| view.role(person, c) == Some(MemberRole::Animator));
        if animates { 2 } else { 1 }
    }
}

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Vec<(Box<dyn Signal<Experts>>, Direction)> {
    use Direction::{Better, Either, Worse};
    vec![
        (Box::new(SimilarVote), Better),
        (Box::new(SimilarRank), Better),
        (Box::new(SimilarMax), Better),
        (Box::new(RelatedShare), Better),
        (Box::new(LatentProfile), Better),
        (Box::new(TagFocus), Better),
        (Box::new(TagAffinity(0)), Better),
        (Box::new(TagAffinity(1)), Better),
        (Box::new(TagAffinity(2)), Better),
        (Box::new(CommunityAffinity(0)), Better),
        (Box::new(CommunityAffinity(1)), Better),
        (Box::new(CommunityAffinity(2)), Better),
        (Box::new(SkillMatch), Better),
        (Box::new(Language), Better),
        (Box::new(SharedPlaces), Better),
        (Box::new(HelpedAsker), Either),
        (Box::new(Activity(0)), Better),
        (Box::new(Activity(1)), Better),
        (Box::new(Activity(2)), Better),
        (Box::new(Dominance), Either),
        (Box::new(Recency), Better),
        (Box::new(TotalAnswers), Worse),
        (Box::new(Acceptance), Either),
        (Box::new(Responsiveness), Either),
        (Box::new(UsualHours), Either),
        (Box::new(Newcomer), Either),
    ]
}

/// What part of an answer is wanted, and how.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many people at most.
    pub limit: usize,
    /// In which order.
    pub order: Order,
    /// The language of the texts.
    pub tongue: Tongue,
}

/// The recommender of people who could answer.
pub struct ExpertsRecommender {
    pipeline: Pipeline<Experts>,
    model: String,
    made: Option<Day>,
}

impl ExpertsRecommender {
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
        signals()
            .iter()
            .map(|(signal, direction)| (signal.name(), *direction))
            .collect()
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<Experts>>> = vec![
            Box::new(SimilarAuthors),
            Box::new(RelatedAuthors),
            Box::new(Answerers),
            Box::new(SkillHolders),
            Box::new(RecentAnswerers),
            Box::new(CommunityPeople),
        ];
        let filters = Exclusion::ALL
            .into_iter()
            .map(|reason| Box::new(Eligibility(reason)) as Box<_>)
            .collect();
        let weigh = |(signal, _): (Box<dyn Signal<Experts>>, _)| Weighted {
            weight: weights.of(signal.name()),
            signal,
        };
        let signals = signals().into_iter().map(weigh).collect();
        Self {
            pipeline: Pipeline::new(sources, filters, signals, Box::new(AnimatorsLast)),
            model,
            made: weights.made(),
        }
    }

    /// The pipeline itself, for measuring it.
    pub fn pipeline(&self) -> &Pipeline<Experts> {
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

    /// Those who could answer `query`, with reasons. `title` is what the invitation calls the question.
    pub fn answer(&self, view: &View, query: &ExpertsQuery, title: &str, page: Page) -> ExpertsAnswer {
        let ranking = self.pipeline.run(view, query, page.limit, page.order);
        let mut excluded = BTreeMap::new();
        for (_, reason) in &ranking.dropped {
            *excluded.entry(reason.code()).or_insert(0) += 1;
        }
        let waves = ranking
            .picks
            .iter()
            .chain(&ranking.reserve)
            .map(|placed| placed.wave)
            .max()
            .unwrap_or(1);
        let wording = Wording {
            view,
            query,
            title,
            tongue: page.tongue,
        };
        ExpertsAnswer {
            items: ranking
                .picks
                .iter()
                .enumerate()
                .map(|(place, pick)| wording.pick(place + 1, pick))
                .collect(),
            reserve: ranking.reserve.len(),
            excluded,
            next_wave_at: (waves > 1).then(|| query.as_of.plus_micros(WAVE_MICROS)),
            model: self.model.clone(),
            as_of: query.as_of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_leave_places_to_learn() {
        ExpertsRecommender::shipped().expect("data/weights.toml is in order");
        let weights = Weights::shipped(SECTION, &ExpertsRecommender::directions()).expect("as above");
        for (name, direction) in ExpertsRecommender::directions() {
            if direction == Direction::Either {
                assert!(
                    weights.of(name).abs() < f64::EPSILON,
                    "{name} differs from place to place"
                );
            }
        }
    }

    #[test]
    fn signals_have_names_of_their_own() {
        let mut names: Vec<_> = ExpertsRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
