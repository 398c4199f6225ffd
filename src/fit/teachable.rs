//! What learning needs of any recommender, whatever teaches it: its weights, its signals, and how to take new ones.

use crate::domain::Day;
use crate::pipeline::{Pipeline, Task};
use crate::recommend::{
    Calibration, CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    SkillsRecommender, WeightsError,
};
use crate::signals::co_animators::CoAnimators;
use crate::signals::communities::Communities;
use crate::signals::search::Search;
use crate::signals::skills::Skills;
use crate::signals::{Direction, Experts};
use crate::world::View;

/// A recommender whose weights can be learnt.
pub trait Teachable: Sized + Sync {
    /// Its types.
    type Task: Task<World = View>;

    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    fn shipped() -> Result<Self, WeightsError>;

    /// With weights read from a TOML text, as in `data/weights.toml`.
    ///
    /// # Errors
    /// As [`crate::recommend::Weights::parse`].
    fn weighed_by(text: &str) -> Result<Self, WeightsError>;

    /// The name of the weights in use.
    fn model(&self) -> &str;

    /// The day on which the weights in use were made, where that is told.
    fn made(&self) -> Option<Day>;

    /// With learnt weights, under the name `model`; `calibration` tells how scores become chances, where that was learnt too.
    fn taught(weights: &[(&str, f64)], model: String, calibration: Option<Calibration>) -> Self;

    /// Sources, filters, signals.
    fn pipeline(&self) -> &Pipeline<Self::Task>;

    /// The direction of the signal called `name`.
    fn direction(name: &str) -> Direction;
}

/// A recommender whose learnt weights a service keeps.
pub trait Kept: Teachable {
    /// Which it is.
    const WHICH: Recommender;
}

/// A recommender says these things of itself; what differs is its types, and whether scores become chances.
macro_rules! teachable {
    ($($recommender:ty: $task:ty, $which:ident, |$weights:ident, $model:ident, $calibration:ident| $taught:expr;)*) => {$(
        impl Teachable for $recommender {
            type Task = $task;

            fn shipped() -> Result<Self, WeightsError> {
                Self::shipped()
            }

            fn weighed_by(text: &str) -> Result<Self, WeightsError> {
                Self::weighed_by(text)
            }

            fn model(&self) -> &str {
                self.model()
            }

            fn made(&self) -> Option<Day> {
                self.made()
            }

            fn taught($weights: &[(&str, f64)], $model: String, $calibration: Option<Calibration>) -> Self {
                $taught
            }

            fn pipeline(&self) -> &Pipeline<$task> {
                self.pipeline()
            }

            fn direction(name: &str) -> Direction {
                Self::direction(name)
            }
        }

        impl Kept for $recommender {
            const WHICH: Recommender = Recommender::$which;
        }
    )*};
}

teachable! {
    ExpertsRecommender: Experts, Experts, |weights, model, calibration| Self::learnt(weights, model, calibration);
    CommunitiesRecommender: Communities, Communities, |weights, model, _calibration| Self::learnt(weights, model);
    CoAnimatorsRecommender: CoAnimators, CoAnimators, |weights, model, _calibration| Self::learnt(weights, model);
    SearchRecommender: Search, Search, |weights, model, _calibration| Self::learnt(weights, model);
    SkillsRecommender: Skills, Skills, |weights, model, _calibration| Self::learnt(weights, model);
}
