//! Recommenders: declarations over the shared components, and the words in which their answers are given.
//!
//! A recommender lists sources, filters and weighted signals; the engine does the rest. Nothing here loops over
//! candidates or does arithmetic on strengths.

mod answer;
mod co_animators;
mod communities;
mod experts;
mod health;
pub mod labels;
mod plans;
mod recommender;
mod records;
mod search;
mod skills;
mod tongue;
mod weights;

pub use answer::{Citation, Param, Reason};
pub use co_animators::{
    Added, AnimatorLoad, CoAnimatorPick, CoAnimatorsAnswer, CoAnimatorsRecommender, InFull, LoadShown, Needs, Share,
    Someone, Told,
};
pub use communities::{CommunitiesAnswer, CommunitiesPage, CommunitiesRecommender, Greeting, Note, Waiting, Welcome};
pub use experts::{
    Calibration, Candidate, Confidence, ExpertsAnswer, ExpertsRecommender, OwnReasons, Page, Pick, Shortlist,
};
pub use health::{
    Aim, Finding, Guide, HandOver, Letter, LetterQuestion, LetterThanks, Occasion, Playbook, PlaybookError, Seen,
    Thanked, Voice, Way, hand_over, letter, reason, said,
};
pub use labels::skill as skill_label;
pub use plans::{
    AsksItem, AsksPlan, AsksWish, CoAnimatorsItem, CoAnimatorsPlan, CoAnimatorsWish, Idle, OpenCommunity, OpenQuestion,
    PLANNED_FROM, Spread, Unshared, plan_asks, plan_co_animators, worth_of,
};
pub use recommender::Recommender;
pub use search::{Covers, FacetValue, Hit, Nobody, SearchAnswer, SearchPage, SearchRecommender, TopicShown};
pub use skills::{Conclusion, SkillsRecommender};
pub use tongue::{Manner, Tongue};
pub use weights::{Weights, WeightsError};
