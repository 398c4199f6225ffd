//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod confidence;
mod experts;
mod texts;
mod weights;
mod wording;

pub use answer::{Citation, ExpertsAnswer, Param, Pick, Reason};
pub use confidence::{Calibration, Confidence};
pub use experts::{ExpertsRecommender, Page};
pub use texts::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
