//! Who is not proposed, and why: the first reason that holds.

use super::experience::{accompanies, is_experienced};
use super::kinds::{Standing, standing};
use super::sources;
use super::{CoAnimators, CoAnimatorsQuery};
use crate::domain::{MemberRole, Purpose};
use crate::pipeline::Filter;
use crate::signals::days::Days;
use crate::signals::workload::Workload;
use crate::world::{PersonIx, View};

/// Why somebody is not proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// They left.
    Left,
    /// They animate it already.
    AnimatesAlready,
    /// They may not read the community, or are guests of the organisation and do not belong to it.
    NoAccess,
    /// They do not want to be named.
    OptedOut,
    /// They declined a proposal within 180 days.
    Declined,
    /// Something was proposed to them within 30 days.
    ProposedLately,
    /// They are away.
    Away,
    /// They are away on most of the days on which somebody is needed.
    AwayWhenNeeded,
    /// They have no hours left.
    Full,
    /// They are none of those who animate such a community.
    Kind,
    /// They would animate for the first time, and nobody is there to accompany them.
    Alone,
}

impl Exclusion {
    /// Every reason, in the order in which they are tested.
    pub const ALL: [Self; 11] = [
        Self::Left,
        Self::AnimatesAlready,
        Self::NoAccess,
        Self::OptedOut,
        Self::Declined,
        Self::ProposedLately,
        Self::Away,
        Self::AwayWhenNeeded,
        Self::Full,
        Self::Kind,
        Self::Alone,
    ];

    /// Its name in answers. What is the person's own (will, absence, hours) has one name for everybody else.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::AnimatesAlready => "animates_already",
            Self::NoAccess => "no_access",
            Self::OptedOut | Self::Declined | Self::ProposedLately | Self::Away | Self::AwayWhenNeeded | Self::Full => {
                "unavailable"
            }
            Self::Kind => "kind",
            Self::Alone => "needs_company",
        }
    }

    /// Its name for the person whom it concerns.
    pub const fn own_code(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::Declined => "declined",
            Self::ProposedLately => "proposed_lately",
            Self::Away => "away",
            Self::AwayWhenNeeded => "away_when_needed",
            Self::Full => "hours_full",
            other => other.code(),
        }
    }
}

/// Tests one reason.
pub struct Eligibility(pub Exclusion);

impl Filter<CoAnimators> for Eligibility {
    fn excludes(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Option<Exclusion> {
        let as_of = query.as_of;
        let holds = match self.0 {
            Exclusion::Left => view.has_left(person),
            Exclusion::AnimatesAlready => view.role(person, query.community) == Some(MemberRole::Animator),
            Exclusion::NoAccess => !view.may_read(person, query.community),
            Exclusion::OptedOut => !view.allows(person, Purpose::CoAnimators, as_of),
            Exclusion::Declined => query.proposals.to(person).declined,
            Exclusion::ProposedLately => query.proposals.to(person).lately,
            Exclusion::Away => view.is_away(person, as_of),
            Exclusion::AwayWhenNeeded => query.need.misses_most(Days::away(view, person, as_of)),
            Exclusion::Full => Workload::of(view, person, as_of).slots() == 0,
            Exclusion::Kind => standing(view, query, person) == Standing::Outside,
            Exclusion::Alone => !query.company && !is_experienced(view, person, as_of),
        };
        holds.then_some(self.0)
    }
}

impl Exclusion {
    /// Why `person` is not proposed for the query's community: the first reason that holds.
    pub fn of(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Option<Self> {
        let mut tests = Self::ALL.into_iter().map(Eligibility);
        tests.find_map(|test| test.excludes(view, query, person))
    }
}

/// Whether anybody can be proposed. Cost: the candidates looked at until one is found.
pub(super) fn somebody_eligible(view: &View, query: &CoAnimatorsQuery) -> bool {
    let mut candidates = sources::everybody(view, query).into_iter();
    candidates.any(|person| Exclusion::of(view, query, person).is_none())
}

/// Whether somebody can be proposed who would accompany a first-time animator. Cost: the candidates looked at until one is
/// found.
pub(super) fn somebody_accompanies(view: &View, query: &CoAnimatorsQuery) -> bool {
    let mut candidates = sources::everybody(view, query).into_iter();
    candidates.any(|person| accompanies(view, person, query.as_of) && Exclusion::of(view, query, person).is_none())
}
