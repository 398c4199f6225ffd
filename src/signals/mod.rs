//! The library of components: sources, filters and signals, each one small file a theme.
//!
//! A component reads a snapshot of the World and a query; it keeps nothing. Each signal documents its formula, range,
//! direction (what it is monotone in), cost and source. Strengths read exact counts, in canonical order only. One folder
//! a use; what several uses read lies beside the folders.

mod circles;
pub mod co_animators;
pub mod communities;
mod days;
mod discretion;
mod experts;
mod foremost;
mod load;
#[cfg(test)]
mod sample;
pub mod search;
pub mod skills;
mod statements;
mod viewer;
pub mod workload;

pub use circles::{Circle, FAR_DAYS, NEAR_DAYS, circles, circles_at, near_circles};
pub use days::Days;
pub use discretion::{openly_helped, takes_part_openly};
pub use experts::{
    Acceptance, Activity, Answerers, CommunityAffinity, CommunityPeople, Dominance, Draft, Eligibility, Exclusion,
    Experts, ExpertsQuery, FACTS_GATHERED, Family, GROUP, Gathered, HelpedAsker, JustNow, Language, LatentProfile,
    Move, Named, Newcomer, NotTheirs, Precedence, Proof, Recency, RecentAnswerers, Referrals, Referred, RelatedAuthors,
    RelatedShare, Responsiveness, Sent, SharedPlaces, Sharing, Similar, SimilarAuthors, SimilarMax, SimilarRank,
    SimilarVote, SkillHolders, SkillMatch, Spread, TagAffinity, TagFocus, Together, TotalAnswers, UsualHours, Vote,
    WAVE, speaks,
};
pub use load::{DEFAULT_ASKS_PER_WEEK, Load, asks_of_week};
pub use statements::Decision;
pub use viewer::Viewer;

/// What the sign of a shipped weight may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More of it speaks for the person: weight ≥ 0.
    Better,
    /// More of it speaks against: weight ≤ 0.
    Worse,
    /// Differs from place to place: shipped as 0, learnt where there is history.
    Either,
}
