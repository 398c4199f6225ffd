//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod co_animators;
mod experts;
mod plans;
mod tongue;
mod weights;

pub use answer::{Citation, Param, Reason};
pub use co_animators::CoAnimatorsRecommender;
pub use experts::{Calibration, Candidate, Confidence, ExpertsAnswer, ExpertsRecommender, Page, Pick, Shortlist};
pub use plans::{AsksItem, AsksPlan, AsksWish, Idle, OpenQuestion, PLANNED_FROM, Spread, Unshared, plan_asks};
pub use tongue::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
