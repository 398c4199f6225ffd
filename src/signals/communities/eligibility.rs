//! Which communities are not shown to somebody, and why: the first reason that holds.
//!
//! **Belonging** to a committee (`instance`) or to a private community before joining it takes one of four things: an
//! invitation that waits for a word, sent by whoever animates it or sees to arrivals; taking part in the project that it
//! accompanies; working in the unit whose team it is; and, for a committee of a unit, heading that unit or one right below
//! it. A guest is shown nothing else than communities to which they belong so.

use super::vigour::SharedLanguage;
use super::{Communities, NewcomerQuery};
use crate::domain::{Access, CommunityKind, DAY_MICROS, ProposalId, ProposalKind, Purpose, Timestamp, UnitPath};
use crate::pipeline::Filter;
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Days for which a community is not shown again to somebody who turned it down.
const DECLINED_DAYS: i64 = 180;

/// Why a community is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// The person left.
    Left,
    /// The person does not want to be shown communities.
    OptedOut,
    /// They belong to it.
    AlreadyIn,
    /// Belonging to it says something private: nobody is sent there.
    Sensitive,
    /// It was archived.
    Archived,
    /// They are a guest, and it is none of theirs.
    Guest,
    /// It is private, or a committee, and they do not belong to it.
    NotOpen,
    /// They turned it down lately.
    Declined,
    /// It works in a language that they do not work in, and something else is left.
    OtherLanguage,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Left,
        Self::OptedOut,
        Self::AlreadyIn,
        Self::Sensitive,
        Self::Archived,
        Self::Guest,
        Self::NotOpen,
        Self::Declined,
        Self::OtherLanguage,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::OptedOut => "opted_out",
            Self::AlreadyIn => "already_in",
            Self::Sensitive => "sensitive",
            Self::Archived => "archived",
            Self::Guest => "guest",
            Self::NotOpen => "not_open",
            Self::Declined => "declined",
            Self::OtherLanguage => "other_language",
        }
    }

    /// Whether it is about the person, so that no community at all is shown.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Left | Self::OptedOut)
    }

    /// Its name in an answer to somebody else than the person: their will is theirs.
    pub const fn code_for_others(self) -> &'static str {
        match self {
            Self::OptedOut | Self::Declined => "unavailable",
            other => other.code(),
        }
    }
}

impl Filter<Communities> for Exclusion {
    fn excludes(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Option<Exclusion> {
        let state = view.communities.get(community).state.as_deref();
        let holds = match self {
            Self::Left => view.has_left(query.person),
            Self::OptedOut => !view.allows(query.person, Purpose::Communities, query.as_of),
            Self::AlreadyIn => view.role(query.person, community).is_some(),
            Self::Sensitive => view.is_sensitive(community),
            Self::Archived => state.is_some_and(|s| s.archived.is_some()),
            Self::Guest => view.is_external(query.person) && !belongs_by_right(view, query, community),
            Self::NotOpen => {
                let committee = state.is_some_and(|s| s.kind == Some(CommunityKind::Instance));
                let private = state.is_some_and(|s| s.access == Some(Access::Private));
                (committee || private) && !belongs_by_right(view, query, community)
            }
            Self::Declined => query.openness.declined.contains(&community),
            Self::OtherLanguage => !query.any_language && SharedLanguage::sureness(view, query, community) <= 0.0,
        };
        holds.then_some(*self)
    }
}

/// Whether every community that nothing else speaks against works in a language that the person does not work in, and there
/// is one. Cost: the communities looked at until one in their language is found.
pub(super) fn only_other_languages(view: &View, query: &NewcomerQuery) -> bool {
    let described = view
        .communities
        .iter()
        .filter(|(_, node)| node.state.as_ref().is_some_and(|s| s.known));
    let barred = |community| {
        let mut reasons = Exclusion::ALL
            .iter()
            .filter(|reason| **reason != Exclusion::OtherLanguage);
        reasons.any(|reason| reason.excludes(view, query, community).is_some())
    };
    let mut open = described
        .map(|(community, _)| community)
        .filter(|&community| !barred(community))
        .peekable();
    open.peek().is_some() && open.all(|community| SharedLanguage::sureness(view, query, community) <= 0.0)
}

/// Whether the person belongs to `community` before joining it. The module says what that takes.
pub fn belongs_by_right(view: &View, query: &NewcomerQuery, community: CommunityIx) -> bool {
    if query.openness.is_invited(community) || query.profile.accompanied.contains_key(&community) {
        return true;
    }
    let state = view.communities.get(community).state.as_deref();
    let Some((kind, unit)) = state.and_then(|s| s.kind.zip(s.unit.as_ref())) else {
        return false;
    };
    match kind {
        CommunityKind::Team => works_in(view, query.person, unit),
        CommunityKind::Instance => heads_in(view, query.person, unit),
        _ => false,
    }
}

fn works_in(view: &View, person: PersonIx, unit: &UnitPath) -> bool {
    let mut units = view.profiles(person).filter_map(|profile| profile.unit.as_ref());
    units.any(|own| own.is_within(unit))
}

/// Whether the person heads `unit` or one right below it.
fn heads_in(view: &View, person: PersonIx, unit: &UnitPath) -> bool {
    let right_below = |own: &UnitPath| {
        let rest = own.as_str().strip_prefix(unit.as_str());
        rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && !rest[1..].contains('/')))
    };
    view.profiles(person)
        .flat_map(|profile| profile.heads.iter().flatten())
        .any(right_below)
}

/// What was proposed to somebody, and what they said.
#[derive(Clone, Debug, Default)]
pub struct Openness {
    invited: BTreeMap<CommunityIx, ProposalId>,
    declined: BTreeSet<CommunityIx>,
}

impl Openness {
    /// The proposals to join a community that were made to `person`. Cost: all proposals.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp) -> Self {
        let mut openness = Self::default();
        let since = as_of.plus_micros(-DECLINED_DAYS * DAY_MICROS);
        for (id, to, proposal) in view.proposals() {
            if to != person || proposal.kind != ProposalKind::Community || proposal.at > as_of {
                continue;
            }
            let Some(community) = view.communities.find(proposal.community.as_str()) else {
                continue;
            };
            match proposal.answered {
                None => _ = openness.invited.insert(community, id.clone()),
                Some((false, at)) if since < at => _ = openness.declined.insert(community),
                Some(_) => {}
            }
        }
        openness
    }

    /// The invitation to `community` that waits for a word, when none was turned down lately.
    pub fn invitation(&self, community: CommunityIx) -> Option<&ProposalId> {
        let invitation = self.invited.get(&community);
        invitation.filter(|_| !self.declined.contains(&community))
    }

    /// Whether such an invitation waits.
    pub fn is_invited(&self, community: CommunityIx) -> bool {
        self.invitation(community).is_some()
    }
}
