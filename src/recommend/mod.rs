//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod co_animators;
mod communities;
mod experts;
mod labels;
mod records;
mod tongue;
mod weights;

pub use answer::{Citation, Param, Reason};
pub use co_animators::{
    Added, AnimatorLoad, CoAnimatorPick, CoAnimatorsAnswer, CoAnimatorsRecommender, InFull, LoadShown, Needs, Share,
    Someone, Told,
};
pub use communities::{CommunitiesAnswer, CommunitiesPage, CommunitiesRecommender, Greeting, Waiting, Welcome};
pub use experts::{Calibration, Confidence, ExpertsAnswer, ExpertsRecommender, Page, Pick};
pub use tongue::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
