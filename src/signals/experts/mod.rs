//! "Who could answer": the components that score people for a question.

mod activity;
mod eligibility;
mod gathered;
mod group;
mod habits;
mod language;
mod latent_profile;
mod query;
mod referrals;
mod relations;
mod sharing;
mod similar_questions;
mod skills;
mod sources;
mod topics;
mod waves;

pub use activity::{Activity, Dominance, JustNow, Recency, TotalAnswers};
pub use eligibility::{Eligibility, Exclusion};
pub use gathered::Gathered;
pub use group::{GROUP, Together};
pub use habits::{Acceptance, Newcomer, Responsiveness, UsualHours, quickness};
pub use language::{Language, speaks};
pub use latent_profile::LatentProfile;
pub use query::{Draft, ExpertsQuery, Similar, Sought, Vote};
pub use referrals::{Named, NotTheirs, Referrals, Referred};
pub use relations::{HelpedAsker, SharedPlaces};
pub use sharing::{Precedence, Sharing};
pub use similar_questions::{RelatedShare, SimilarMax, SimilarRank, SimilarVote};
pub use skills::{SkillMatch, skill_statements, skill_statements_to};
pub(in crate::signals) use sources::most;
pub use sources::{Answerers, CommunityPeople, RecentAnswerers, RelatedAuthors, SimilarAuthors, SkillHolders};
pub use topics::{CommunityAffinity, TagAffinity, TagFocus, focus, newest_answers};
pub use waves::{Sent, Spread, WAVE};

use crate::domain::{Origin, Stance};
use crate::pipeline::{Subjects, Task};
use crate::world::{AnswerIx, CommunityIx, PersonIx, ProjectIx, SkillIx, View};
use std::cmp::Ordering;

/// "Who could answer": people are scored for a question.
pub struct Experts;

impl Task for Experts {
    type World = View;
    type Query = ExpertsQuery;
    type Subject = PersonIx;
    type Family = Family;
    type Drop = Exclusion;
    type Move = Move;
    type Fact = Proof;
    type Gathered = Gathered;

    fn gather(view: &View, query: &ExpertsQuery, people: Subjects<'_, Self>) -> Gathered {
        Gathered::of(view, query, people)
    }

    fn tie(view: &View, a: PersonIx, b: PersonIx) -> Ordering {
        view.person_id(a).cmp(view.person_id(b))
    }
}

/// Records that a signal gathers for one person at most: a reason says "so many or more" beyond.
pub const FACTS_GATHERED: usize = 20;

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Answered questions close to this one.
    SimilarQuestions,
    /// What they answer is about the same subject, whatever the words.
    Subject,
    /// Answers under the question's tags.
    Topic,
    /// Answers in the question's community.
    Community,
    /// Has, or offers help with, a skill that the question names.
    Skill,
    /// Works in the question's language.
    Language,
    /// Knows the asker, or shares places with them.
    Relation,
    /// Was named by somebody who was asked.
    Referral,
    /// Answers these days, and how: never detailed to others than the person.
    Availability,
}

impl Family {
    /// Every family, in the order in which they are summed.
    pub const ALL: [Self; 9] = [
        Self::SimilarQuestions,
        Self::Subject,
        Self::Topic,
        Self::Community,
        Self::Skill,
        Self::Language,
        Self::Relation,
        Self::Referral,
        Self::Availability,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SimilarQuestions => "similar_questions",
            Self::Subject => "subject",
            Self::Topic => "topic",
            Self::Community => "community",
            Self::Skill => "skill",
            Self::Language => "language",
            Self::Relation => "relation",
            Self::Referral => "referral",
            Self::Availability => "availability",
        }
    }
}

/// Why somebody stands elsewhere than relevance alone puts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// They were asked lately: others come first.
    Load,
    /// They are just back from leave, and eased in.
    Returning,
    /// The waves put them there: others make room, or they hold back as an animator or as the head of the asker's unit.
    Wave,
    /// A group was wanted that covers the question together.
    Group,
    /// Many questions were shared among people, so that nobody gets more than they accept.
    Plan,
}

impl Move {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Returning => "returning",
            Self::Wave => "wave",
            Self::Group => "group",
            Self::Plan => "plan",
        }
    }
}

/// A record behind a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// An answer that the person gave.
    Answer(AnswerIx),
    /// Somebody's word that the person has a skill; the endorser, when there is one.
    Assertion(SkillIx, Origin, Option<PersonIx>),
    /// An interest that the person declared.
    Interest(SkillIx, Stance),
    /// A community to which both belong.
    Membership(CommunityIx),
    /// A project in which both take part.
    Participation(ProjectIx),
}
