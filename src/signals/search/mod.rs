//! "Who knows about it": the components that find people by what they know.
//!
//! What is sought is understood as topics: skills, tags, and what is left of the words. How the past speaks for a person is
//! measured by the signals of "who could answer" (`borrowed`), on the same words and tags. Invariants: nobody is found by
//! what the reader may not see; a skill that is hidden from the reader, or contested, is as if it had never been said; depth
//! in one topic comes before a little of all.

mod apart;
mod borrowed;
mod depth;
mod eligibility;
mod facets;
mod found;
mod glance;
mod grounds;
mod held;
mod lens;
mod query;
mod reading;
mod rows;
mod sources;
mod topics;

pub use apart::{Apart, Match};
pub use borrowed::{LEAD, Lead, WHOLE, Whole};
pub use depth::{Depth, DepthShown};
pub use eligibility::{Eligible, Exclusion};
pub use facets::{Counted, FEW, Facet, Key, Said, Wanted, available};
pub use found::Found;
pub use glance::Glances;
pub use grounds::{Broader, PlaceAnswers, Places, Projects, SkillsShown};
pub use query::{SearchQuery, Sought};
pub use reading::TopicKind;
pub use sources::{HereAndThere, Holders, TagAnswerers, Writers};
pub use topics::Topic;

use super::Proof;
use crate::pipeline::{Subjects, Task};
use crate::world::{PersonIx, View};
use borrowed::Columns;
use std::cmp::Ordering;

/// "Who knows about it": people are scored for what is sought.
pub struct Search;

impl Task for Search {
    type World = View;
    type Query = SearchQuery;
    type Subject = PersonIx;
    type Family = Family;
    type Drop = Exclusion;
    type Move = Rotation;
    type Fact = Proof;
    type Gathered = Columns;

    fn gather(view: &View, query: &SearchQuery, people: Subjects<'_, Self>) -> Columns {
        Columns::of(view, query, people)
    }

    fn tie(view: &View, a: PersonIx, b: PersonIx) -> Ordering {
        view.person_id(a).cmp(view.person_id(b))
    }
}

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Answered questions close to the words.
    SimilarQuestions,
    /// Answered questions about the same subject, whatever their words.
    Subject,
    /// Answers under the tags.
    Topic,
    /// Has a skill that is sought or a narrower one, or offers help with it.
    Skill,
    /// Has a skill that is wider than the one sought.
    BroaderSkill,
    /// Animates, or is active in, a community of the subject.
    Community,
    /// Takes, or took, part in a project of the subject.
    Project,
    /// Answers these days: never detailed to others than the person.
    Availability,
}

impl Family {
    /// Every family, in the order in which they are summed.
    pub const ALL: [Self; 8] = [
        Self::SimilarQuestions,
        Self::Subject,
        Self::Topic,
        Self::Skill,
        Self::BroaderSkill,
        Self::Community,
        Self::Project,
        Self::Availability,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SimilarQuestions => "similar_questions",
            Self::Subject => "subject",
            Self::Topic => "topic",
            Self::Skill => "skill",
            Self::BroaderSkill => "broader_skill",
            Self::Community => "community",
            Self::Project => "project",
            Self::Availability => "availability",
        }
    }
}

/// Why somebody stands elsewhere than relevance alone puts them: the groups and their order do that to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rotation {
    /// Exact matches come first, depth before breadth, and among equals the order changes from day to day.
    Grouped,
}

#[cfg(test)]
mod tests;
