//! "Where a newcomer belongs": the components that score communities for a person.
//!
//! What sensitive communities know of their members feeds nothing here: neither as a candidate, nor as a place that two
//! people share.

mod attributes;
mod census;
mod colleagues;
mod deeds;
mod eligibility;
mod gathered;
mod greeting;
mod joins;
mod likeness;
mod neighbours;
mod profile;
mod query;
mod questions;
mod roll;
mod seats;
mod sources;
mod standing;
mod subjects;
#[cfg(test)]
mod tests;
mod tides;
mod ties;
mod vigour;

pub use attributes::{Attribute, Attributes, Trait};
pub use census::{Census, Place, Whose};
pub use colleagues::{Acquaintance, Acquaintances};
pub use deeds::{ActiveInside, TopicDeeds};
pub use eligibility::{Exclusion, Openness, belongs_by_right};
pub use gathered::Gathered;
pub use greeting::{Greeters, may_be_named};
pub use joins::{Age, Growth, Joins, LastJoin, MateJoins, Mates, Members};
pub use likeness::Likeness;
pub use neighbours::{Lift, NeighboursMax, NeighboursSum, ThenJoined, Together};
pub use profile::Profile;
pub use query::NewcomerQuery;
pub use questions::{OpenQuestion, open_questions};
pub use roll::Roll;
pub use seats::{Ground, Table, ground, is_lively};
pub use sources::Everywhere;
pub use standing::{Cold, Warm};
pub use subjects::{Kindred, NameCover, OriginWords, Stated, Subject, Topics, Words};
pub use tides::{Arrivals, Departures, Fresh, KindOfNewcomers, Tides, WasIn};
pub use ties::{Invited, ProjectTie, UnitTie};
pub use vigour::{Animated, Kind, Lately, SharedLanguage};

use crate::domain::{Origin, Stance};
use crate::pipeline::{Subjects, Task};
use crate::world::{AnswerIx, CommunityIx, PersonIx, ProjectIx, QuestionIx, SkillIx, View};
use std::cmp::Ordering;

/// "Where a newcomer belongs": communities are scored for a person.
pub struct Communities;

impl Task for Communities {
    type World = View;
    type Query = NewcomerQuery;
    type Subject = CommunityIx;
    type Family = Family;
    type Drop = Exclusion;
    type Move = Move;
    type Fact = Proof;
    type Gathered = Gathered;

    fn gather(view: &View, query: &NewcomerQuery, communities: Subjects<'_, Self>) -> Gathered {
        Gathered::of(view, query, communities)
    }

    fn tie(view: &View, a: CommunityIx, b: CommunityIx) -> Ordering {
        view.communities.get(a).id.cmp(&view.communities.get(b).id)
    }
}

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Somebody of it invited the person.
    Invitation,
    /// It accompanies their project, or belongs to their unit.
    Place,
    /// Its topics and words are those of their skills, interests and projects.
    Topic,
    /// They asked or answered in it, or under its topics.
    Deed,
    /// Colleagues are in it.
    Colleague,
    /// People like them are in it.
    Likeness,
    /// Those with whom they share a community are in it.
    Neighbour,
    /// It works in a language that they work in.
    Language,
    /// It is alive: people join, give, and animate.
    Vigour,
}

impl Family {
    /// Every family, in the order in which they are summed.
    pub const ALL: [Self; 9] = [
        Self::Invitation,
        Self::Place,
        Self::Topic,
        Self::Deed,
        Self::Colleague,
        Self::Likeness,
        Self::Neighbour,
        Self::Language,
        Self::Vigour,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Place => "place",
            Self::Topic => "topic",
            Self::Deed => "deed",
            Self::Colleague => "colleague",
            Self::Likeness => "likeness",
            Self::Neighbour => "neighbour",
            Self::Language => "language",
            Self::Vigour => "vigour",
        }
    }
}

/// Why a community stands elsewhere than relevance alone puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// Lively ones with an animator come first.
    Vigour,
    /// Others of its theme or its unit stand there already.
    Diversity,
    /// It is of the person's own subjects, which have a seat on every page.
    OwnSubject,
    /// It is one in five from outside the person's usual circle.
    SideStep,
}

impl Move {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vigour => "vigour",
            Self::Diversity => "diversity",
            Self::OwnSubject => "own_subject",
            Self::SideStep => "side_step",
        }
    }
}

/// A record behind a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// An invitation to join the community, which waits for a word.
    Invitation(CommunityIx),
    /// A project in which the person takes part.
    Participation(ProjectIx),
    /// Somebody's word that the person has a skill; the endorser, when there is one.
    Assertion(SkillIx, Origin, Option<PersonIx>),
    /// An interest that the person declared.
    Interest(SkillIx, Stance),
    /// An answer that the person gave.
    Answer(AnswerIx),
    /// A question that the person asked.
    Question(QuestionIx),
    /// A colleague who belongs to it.
    Colleague(PersonIx),
    /// A community to which the person belongs.
    Membership(CommunityIx),
}
