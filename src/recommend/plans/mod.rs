//! Plans: one fair sharing of many wishes among many people, put into words. Nothing is sent or assigned: a person sends
//! each proposal, and whoever gets one may decline.
//!
//! A plan is exact for the terms that `signals` sets and the lists that it is made from: `pipeline::flow` finds the
//! sharing of most worth. It is a function of the state and the wish alone; the order in which wishes are named leaves no
//! trace, because rows go by time and identifier, and people by identifier.

mod asks;
mod co_animators;
mod people;
mod spread;
mod texts;

pub use asks::{AsksItem, AsksPlan, AsksWish, OpenQuestion, plan_asks};
pub use co_animators::{CoAnimatorsItem, CoAnimatorsPlan, CoAnimatorsWish, OpenCommunity, plan_co_animators, worth_of};
pub use spread::Spread;

/// Candidates of one wish that a plan looks at: those who come first.
pub const PLANNED_FROM: usize = 50;

/// Why a wish goes without anybody, or with fewer than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Idle {
    /// There is no such thing, or the reader may not see it.
    NotFound,
    /// The question is answered or closed.
    NotOpen,
    /// People were asked less than a day ago: they have their day.
    AskedLately,
    /// No past answer, skill or membership points to anybody.
    NobodyKnown,
    /// Those who could are not available, or have a part in it already.
    NobodyAvailable,
    /// Those who could have as much as they accept, in this plan or before it.
    SharedOut,
    /// The community is archived.
    Archived,
    /// The community lacks nobody.
    NotNeeded,
    /// Those who could never offered nor animated: they give no hours to a plan before they were asked.
    ToBeAsked,
    /// Those who could would animate for the first time, and nobody who has animated is there to accompany them.
    NeedsCompany,
    /// The community is private or sensitive, and the reader does not belong to it.
    Closed,
}

impl Idle {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::NotFound,
        Self::NotOpen,
        Self::AskedLately,
        Self::NobodyKnown,
        Self::NobodyAvailable,
        Self::SharedOut,
        Self::Archived,
        Self::NotNeeded,
        Self::ToBeAsked,
        Self::NeedsCompany,
        Self::Closed,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotOpen => "not_open",
            Self::AskedLately => "asked_lately",
            Self::NobodyKnown => "nobody_known",
            Self::NobodyAvailable => "nobody_available",
            Self::SharedOut => "shared_out",
            Self::Archived => "archived",
            Self::NotNeeded => "not_needed",
            Self::ToBeAsked => "to_be_asked",
            Self::NeedsCompany => "needs_company",
            Self::Closed => "closed",
        }
    }

    /// It, in words.
    pub fn text(self, tongue: super::Tongue) -> &'static str {
        texts::idle(tongue, self)
    }
}

/// A wish to which the plan gives nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unshared {
    /// The question, or the community.
    pub id: String,
    /// Why.
    pub why: Idle,
}
