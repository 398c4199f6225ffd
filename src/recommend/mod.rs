//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod co_animators;
mod experts;
mod health;
mod tongue;
mod weights;

pub use answer::{Citation, Param, Reason};
pub use co_animators::CoAnimatorsRecommender;
pub use experts::{Calibration, Confidence, ExpertsAnswer, ExpertsRecommender, Page, Pick};
pub use health::{
    Aim, Finding, Guide, HandOver, Letter, LetterQuestion, LetterThanks, Occasion, Playbook, PlaybookError, Seen,
    Thanked, Voice, Way, hand_over, letter, reason, said,
};
pub use tongue::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
