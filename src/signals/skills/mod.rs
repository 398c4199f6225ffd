//! Skills of a person: what is said of them by whom, what the service concludes, and who may see which.
//!
//! [`SkillsOf`] is the one reading of a person's skills: the person's own page, cards and skill maps show what it says,
//! for the eyes that look. Being interested in a skill ([`HeldSkill::stances`]) is kept apart from having it. A
//! conclusion is not a fact: it is worked out anew when it is read, its owner alone sees it, and it ends when they
//! contest it.
//!
//! Conclusions are the fifth use of the engine: skills are scored for a person ([`Skills`]). **What is concluded is
//! closed**: a skill of the organisation's own list, from the kinds of evidence in [`Family`], and nothing else. Ways of
//! animating and traits of character are never concluded ([`Exclusion`]); what sensitive communities know, what somebody
//! hides and what somebody contested feeds nothing.

mod bands;
mod colleagues;
mod common;
mod deeds;
mod eligibility;
mod held;
mod holdings;
mod inferable;
mod kin;
mod neighbours;
mod places;
mod query;
mod sources;
mod subject;
#[cfg(test)]
mod tests;
mod verdict;

pub use bands::{LevelBand, SkillOrigin, Sureness};
pub use colleagues::SharedWork;
pub use common::Common;
pub use deeds::{Accepted, Answered};
pub use eligibility::Exclusion;
pub use held::{Eyes, HeldSkill, Inferred, SkillsOf, Statement};
pub use holdings::{Holdings, stated_skills};
pub use inferable::{Kind, kind_of};
pub use kin::Narrower;
pub use neighbours::{Alike, Follows, Lift, NearSkills, NearestSkill};
pub use places::{Contributed, InCommunities, InProjects, is_withdrawn};
pub use query::SkillsQuery;
pub use sources::{ByScore, Evidenced};
pub use subject::Subject;
pub use verdict::{LIKELY, conclude};

use crate::domain::Origin;
use crate::pipeline::{Subjects, Task};
use crate::world::{AnswerIx, CommunityIx, PersonIx, ProjectIx, SkillIx, View};
use std::cmp::Ordering;
use std::convert::Infallible;

/// "What somebody knows": skills are scored for a person.
pub struct Skills;

impl Task for Skills {
    type World = View;
    type Query = SkillsQuery;
    type Subject = SkillIx;
    type Family = Family;
    type Drop = Exclusion;
    type Move = Infallible;
    type Fact = Proof;
    type Gathered = ();

    fn gather(_: &View, _: &SkillsQuery, _: Subjects<'_, Self>) {}

    fn tie(view: &View, a: SkillIx, b: SkillIx) -> Ordering {
        view.skills.get(a).id.cmp(&view.skills.get(b).id)
    }
}

/// What a conclusion is drawn from. The list is closed: nothing else about a person is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// They answered questions that bear or name the skill.
    Answers,
    /// They work or worked on projects about it.
    Project,
    /// They belong to communities about it, or recorded contributions to it.
    Community,
    /// Colleagues of their projects have it.
    Colleague,
    /// People who have what they have, have it too.
    Related,
    /// They have a narrower skill.
    Narrower,
    /// What they answer is about it, whatever the words.
    Subject,
    /// People like them have it: what nobody can be cited for.
    Likeness,
}

impl Family {
    /// Every family, in the order in which they are summed.
    pub const ALL: [Self; 8] = [
        Self::Answers,
        Self::Project,
        Self::Community,
        Self::Colleague,
        Self::Related,
        Self::Narrower,
        Self::Subject,
        Self::Likeness,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Project => "projects",
            Self::Community => "communities",
            Self::Colleague => "colleagues",
            Self::Related => "related_skills",
            Self::Narrower => "narrower_skills",
            Self::Subject => "subject",
            Self::Likeness => "likeness",
        }
    }

    /// Whether it is about what the person did themself.
    pub const fn is_own_doing(self) -> bool {
        matches!(self, Self::Answers | Self::Project | Self::Community)
    }
}

/// A record behind a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// An answer that the person gave.
    Answer(AnswerIx),
    /// A project in which the person takes or took part.
    Participation(ProjectIx),
    /// A community to which the person belongs.
    Membership(CommunityIx),
    /// Something that the person contributed, volume without text: the account, and the place among its records.
    Contribution(PersonIx, u32),
    /// Somebody's word that the person has a related skill; the endorser, when there is one.
    Assertion(SkillIx, Origin, Option<PersonIx>),
    /// A colleague of a project who has the skill.
    Colleague(PersonIx),
}
