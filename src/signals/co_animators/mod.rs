//! "Who could co-animate": the components that score people for a community, and choose a set that complements those
//! who animate it.
//!
//! The score is how well somebody fits, whoever else animates. What somebody adds to those who animate already is their
//! gain: it depends on who was chosen before, decides the order of the set, and is told beside the score.

mod arrivals;
mod breadth;
mod circle;
mod cover;
mod eligibility;
mod experience;
mod expertise;
mod field;
mod habits;
mod kin;
mod kinds;
mod load;
mod need;
mod offers;
mod place;
mod profiles;
mod proposals;
mod query;
mod relations;
mod set;
mod shares;
mod sharing;
mod sources;
mod tenure;

pub use arrivals::{Appointments, Experienced, JoinsOthers, LastArrival, Seniority, SteppedDown};
pub use breadth::Memberships;
pub use circle::{CircleStanding, Gifts, LastGift};
pub use cover::{Brought, Cover, Gain, Side};
pub use eligibility::{Eligibility, Exclusion};
pub use experience::{Animated, Animates, Appointed, LastAppointed, accompanies, is_experienced};
pub use expertise::{CommunityAnswers, TopicAnswers, TopicFocus, TopicSkills};
pub use field::{Field, FieldAnimator, FieldMember, TopicMap};
pub use habits::{LastActivity, Quickness};
pub use kin::{Kin, KinEver, KinMap};
pub use kinds::{Standing, standing};
pub use load::{FreeHours, Taken};
pub use need::{Need, Present};
pub use offers::{Offered, offered};
pub use place::{CommunityUnit, SharesLanguage};
pub use profiles::{Profile, Profiles};
pub use proposals::{Proposals, Proposed};
pub use query::CoAnimatorsQuery;
pub use relations::{NearCommunities, SharedCommunities, SharedProjects};
pub use set::{Complement, Invited};
pub use shares::{Shares, Spread};
pub use sharing::{ByWorth, Gives, Sharing};
pub use sources::{FieldPeople, Members, ProjectPeople, UnitPeople, Volunteers};
pub use tenure::{Arrived, Newest, Tenure};

use super::experts::Proof;
use crate::pipeline::{Subjects, Task};
use crate::world::{PersonIx, View};
use std::cmp::Ordering;

/// "Who could co-animate": people are scored for a community.
pub struct CoAnimators;

impl Task for CoAnimators {
    type World = View;
    type Query = CoAnimatorsQuery;
    type Subject = PersonIx;
    type Family = Family;
    type Drop = Exclusion;
    type Move = Move;
    type Fact = Proof;
    type Gathered = Profiles;

    fn gather(view: &View, query: &CoAnimatorsQuery, people: Subjects<'_, Self>) -> Profiles {
        Profiles::of(view, query, people)
    }

    fn tie(view: &View, a: PersonIx, b: PersonIx) -> Ordering {
        view.person_id(a).cmp(view.person_id(b))
    }
}

/// What a reason to be proposed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Answers under the community's topics and in it, and skills that these name.
    Expertise,
    /// Stands in the core or the active circle of the community: how much it weighs is told to nobody but the person.
    Circle,
    /// Knows the community: for how long, since when.
    Tenure,
    /// Animates or animated communities.
    Experience,
    /// Knows the organisation: belongs to several communities.
    Breadth,
    /// Shares communities and projects with those who animate.
    Relation,
    /// Belongs to, or animates, communities of the same field.
    Field,
    /// Works where the community belongs, in its language.
    Place,
    /// Is there these days and has hours left: told to nobody but the person.
    Availability,
}

impl Family {
    /// Every family, in the order in which they are summed.
    pub const ALL: [Self; 9] = [
        Self::Expertise,
        Self::Circle,
        Self::Tenure,
        Self::Experience,
        Self::Breadth,
        Self::Relation,
        Self::Field,
        Self::Place,
        Self::Availability,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expertise => "expertise",
            Self::Circle => "circle",
            Self::Tenure => "tenure",
            Self::Experience => "experience",
            Self::Breadth => "breadth",
            Self::Relation => "relation",
            Self::Field => "field",
            Self::Place => "place",
            Self::Availability => "availability",
        }
    }

    /// Whether it is made of what is the person's own: what they do and how fast, what they carry, when they are there. From
    /// a figure others could work that out.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Circle | Self::Availability)
    }
}

/// Why somebody stands elsewhere than the fit alone puts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// They offered to animate: volunteers come first.
    Offered,
    /// The kind of the community puts them first: the lead of its project, the head of its unit.
    Natural,
    /// They complement those who animate and those chosen before them.
    Complement,
    /// Others come before them: volunteers, members, or people who complement better.
    Later,
    /// People were shared among many communities.
    Plan,
}

impl Move {
    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Natural => "natural",
            Self::Complement => "complement",
            Self::Later => "later",
            Self::Plan => "plan",
        }
    }
}

#[cfg(test)]
mod tests;
