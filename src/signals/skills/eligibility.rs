//! Of which skills nothing is concluded, and why: the first reason that holds.

use super::inferable::Kind;
use super::{Skills, SkillsQuery};
use crate::domain::Purpose;
use crate::pipeline::Filter;
use crate::world::{SkillIx, View};

/// Why a skill is not concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// The person left.
    Left,
    /// The person does not want anything to be concluded.
    OptedOut,
    /// The person said that they do not have it: never again, whatever comes.
    Contested,
    /// It is not in the organisation's list: nobody described it, and nobody is said to have it.
    Unlisted,
    /// It is a way of animating: declared, endorsed or confirmed only.
    Animating,
    /// It is a trait of character or a state of mind: none is ever concluded.
    Trait,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Left,
        Self::OptedOut,
        Self::Contested,
        Self::Unlisted,
        Self::Animating,
        Self::Trait,
    ];
}

impl Filter<Skills> for Exclusion {
    fn excludes(&self, view: &View, query: &SkillsQuery, skill: SkillIx) -> Option<Exclusion> {
        let holds = match self {
            Self::Left => view.has_left(query.person),
            Self::OptedOut => !view.allows(query.person, Purpose::Inference, query.as_of),
            Self::Contested => query.contested.contains(&skill),
            Self::Unlisted => {
                let node = view.skills.get(skill);
                let described = node.state.as_ref().is_some_and(|s| s.known);
                !described && node.people.is_empty()
            }
            Self::Animating => query.kind(view, skill) == Kind::Animating,
            Self::Trait => query.kind(view, skill) == Kind::Trait,
        };
        holds.then_some(*self)
    }
}
