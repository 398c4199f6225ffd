//! Skills of a person: what is said of them by whom, what the service concludes, and who may see which.
//!
//! [`SkillsOf`] is the one reading of a person's skills: the person's own page, cards and skill maps show what it says,
//! for the eyes that look. Being interested in a skill ([`HeldSkill::stances`]) is kept apart from having it. A
//! conclusion is not a fact: it is worked out anew when it is read, its owner alone sees it, and it ends when they
//! contest it.

mod bands;
mod held;

pub use bands::{LevelBand, SkillOrigin, Sureness};
pub use held::{Eyes, HeldSkill, Inferred, SkillsOf, Statement};

use crate::domain::Origin;
use crate::world::{AnswerIx, CommunityIx, PersonIx, ProjectIx, SkillIx};

/// A record behind a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// An answer that the person gave.
    Answer(AnswerIx),
    /// A project in which the person takes or took part.
    Participation(ProjectIx),
    /// A community to which the person belongs.
    Membership(CommunityIx),
    /// Something that the person contributed to a community: volume without text.
    Contribution(CommunityIx),
    /// Somebody's word that the person has a related skill; the endorser, when there is one.
    Assertion(SkillIx, Origin, Option<PersonIx>),
    /// A colleague of a project who has the skill.
    Colleague(PersonIx),
}
