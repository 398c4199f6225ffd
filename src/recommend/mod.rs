//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod communities;
mod experts;
mod labels;
mod tongue;
mod weights;

pub use answer::{Citation, Param, Reason};
pub use communities::{CommunitiesAnswer, CommunitiesPage, CommunitiesRecommender, Greeting, Waiting, Welcome};
pub use experts::{Calibration, Confidence, ExpertsAnswer, ExpertsRecommender, Page, Pick};
pub use tongue::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
