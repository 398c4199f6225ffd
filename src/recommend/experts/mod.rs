//! "Who could answer": the declaration, and its ranking put into words.

mod answer;
mod confidence;
mod own;
mod shortlist;
mod texts;
mod wording;

pub use answer::{ExpertsAnswer, Pick};
pub use confidence::{Calibration, Confidence};
pub use own::OwnReasons;
pub use shortlist::{Candidate, Shortlist};

use super::recommender::Recommender;
use super::tongue::{Manner, Tongue};
use super::weights::{self, Declared, Weights, WeightsError};
use crate::domain::Day;
use crate::pipeline::{Order, Pipeline, Ranking, Source};
use crate::signals::{
    Acceptance, Activity, Answerers, CommunityAffinity, CommunityPeople, Direction, Dominance, Eligibility, Exclusion,
    Experts, ExpertsQuery, GROUP, HelpedAsker, JustNow, Language, LatentProfile, Named, Newcomer, NotTheirs, Recency,
    RecentAnswerers, Referred, RelatedAuthors, RelatedShare, Responsiveness, Sent, SharedPlaces, SimilarAuthors,
    SimilarMax, SimilarRank, SimilarVote, SkillHolders, SkillMatch, Spread, TagAffinity, TagFocus, Together,
    TotalAnswers, UsualHours,
};
use crate::world::View;
use std::collections::BTreeMap;
use wording::Wording;

/// The section of the weights.
const SECTION: &str = Recommender::Experts.section();

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Declared<Experts> {
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
        (Box::new(Referred), Better),
        (Box::new(NotTheirs), Worse),
        (Box::new(Activity(0)), Better),
        (Box::new(Activity(1)), Better),
        (Box::new(Activity(2)), Better),
        (Box::new(JustNow), Either),
        (Box::new(Dominance), Either),
        (Box::new(Recency), Better),
        (Box::new(TotalAnswers), Worse),
        (Box::new(Acceptance), Either),
        (Box::new(Responsiveness), Either),
        (Box::new(UsualHours(0)), Either),
        (Box::new(UsualHours(1)), Either),
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
    /// Whether a group is wanted that covers the question together: it has an order of its own.
    pub group: bool,
    /// The language of the texts.
    pub tongue: Tongue,
    /// How French ones address people.
    pub manner: Manner,
}

/// The recommender of people who could answer.
pub struct ExpertsRecommender {
    pipeline: Pipeline<Experts>,
    model: String,
    made: Option<Day>,
    calibration: Option<Calibration>,
}

impl ExpertsRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let (weights, model) = Weights::shipped_model(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        let (weights, model) = Weights::custom_model(text, SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With learnt weights, under the name `model`; a signal that is not named weighs nothing. `calibration` tells how
    /// scores become chances where that was learnt too.
    pub fn learnt(weights: &[(&str, f64)], model: String, calibration: Option<Calibration>) -> Self {
        Self {
            calibration,
            ..Self::new(&Weights::of_pairs(weights), model)
        }
    }

    /// How scores become chances, where that was learnt.
    pub fn calibration(&self) -> Option<Calibration> {
        self.calibration
    }

    /// The direction of the signal called `name`; either for one that does not exist.
    pub fn direction(name: &str) -> Direction {
        weights::direction(&signals(), name)
    }

    fn directions() -> Vec<(&'static str, Direction)> {
        weights::directions(&signals())
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<Experts>>> = vec![
            Box::new(SimilarAuthors),
            Box::new(RelatedAuthors),
            Box::new(Answerers),
            Box::new(SkillHolders),
            Box::new(RecentAnswerers),
            Box::new(CommunityPeople),
            Box::new(Named),
        ];
        let filters = Exclusion::ALL
            .into_iter()
            .map(|reason| Box::new(Eligibility(reason)) as Box<_>)
            .collect();
        let signals = weights.weigh(signals());
        Self {
            pipeline: Pipeline::new(sources, filters, signals, Box::new(Spread::default())),
            model,
            made: weights.made(),
            calibration: None,
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
        let ranking = if page.group {
            let limit = page.limit.min(GROUP);
            self.pipeline.run_seated(&Together, view, query, limit, Order::Waves)
        } else {
            self.pipeline.run(view, query, page.limit, page.order)
        };
        let mut excluded = BTreeMap::new();
        for (_, reason) in &ranking.dropped {
            *excluded.entry(reason.code()).or_insert(0) += 1;
        }
        let sent = Sent::of(view, query);
        let all = || ranking.picks.iter().chain(&ranking.reserve).map(|placed| placed.wave);
        let more = all().any(|wave| wave > sent.waves.max(1));
        // A group is its wave alone.
        let wave = all().min().filter(|_| page.group);
        let shown = ranking
            .picks
            .iter()
            .filter(|pick| wave.is_none_or(|wave| pick.wave == wave));
        let confidence = self.confidence(&ranking);
        let wording = Wording {
            view,
            query,
            title,
            tongue: page.tongue,
            manner: page.manner,
        };
        let items: Vec<_> = shown
            .enumerate()
            .map(|(place, pick)| wording.pick(place + 1, pick, confidence[place]))
            .collect();
        ExpertsAnswer {
            reserve: ranking.picks.len() - items.len() + ranking.reserve.len(),
            items,
            excluded,
            next_wave_at: more.then(|| sent.next_wave_at(query)),
            model: self.model.clone(),
            as_of: query.as_of,
        }
    }

    /// How likely each pick answers, among all who were considered.
    fn confidence(&self, ranking: &Ranking<Experts>) -> Vec<Confidence> {
        let Some(calibration) = self.calibration else {
            return vec![Confidence::Low; ranking.picks.len()];
        };
        let placed = ranking.picks.iter().chain(&ranking.reserve);
        let scores: Vec<f64> = placed.map(|placed| placed.score).collect();
        let chances = calibration.chances(&scores).take(ranking.picks.len());
        chances.map(Confidence::of).collect()
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
