//! Whether a community is alive, what kind it is, and the language it works in.

use super::attributes::primary;
use super::{Communities, Family, NewcomerQuery};
use crate::domain::CommunityKind;
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, View};

/// ln(1 + answers and recorded contributions of the last 13 weeks). Better. Questions do not count: where they wait, nothing
/// is lively. Cost: one look-up, after the census.
pub struct Lately;

impl Signal<Communities> for Lately {
    fn name(&self) -> &'static str {
        "given_lately"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = libm::log1p(f64::from(round.query.census.place(community).given_lately));
        }
    }
}

/// 1 when somebody animates it, else 0. Better: somebody sees to newcomers. Cost: one look-up.
pub struct Animated;

impl Signal<Communities> for Animated {
    fn name(&self) -> &'static str {
        "animated"
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let animated = !round.query.census.place(community).animators.is_empty();
            *strength = f64::from(u8::from(animated));
        }
    }
}

/// 1 when the community is of this kind, else 0. Either: which kinds people join differs from place to place. Cost: one
/// look-up.
pub struct Kind(pub CommunityKind);

impl Signal<Communities> for Kind {
    fn name(&self) -> &'static str {
        match self.0 {
            CommunityKind::Interest => "kind_interest",
            CommunityKind::Practice => "kind_practice",
            CommunityKind::Project => "kind_project",
            CommunityKind::Instance => "kind_instance",
            CommunityKind::Watch => "kind_watch",
            CommunityKind::Team => "kind_team",
            CommunityKind::Process => "kind_process",
            CommunityKind::Unspecified => "kind_unspecified",
        }
    }

    fn family(&self) -> Family {
        Family::Vigour
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let state = round.world.communities.get(community).state.as_ref();
            let kind = state.and_then(|s| s.kind).unwrap_or(CommunityKind::Unspecified);
            *strength = f64::from(u8::from(kind == self.0));
        }
    }
}

/// 1 when the person works in the community's language, 0 when they work in others alone, ½ when either is not known. In
/// 0..=1. Better. Cost: the person's languages.
pub struct SharedLanguage;

impl SharedLanguage {
    /// How sure it is that the person works in the language of `community`.
    pub fn sureness(view: &View, query: &NewcomerQuery, community: CommunityIx) -> f64 {
        let state = view.communities.get(community).state.as_ref();
        let spoken = state.and_then(|s| s.language.as_deref());
        let Some(language) = spoken.map(primary).filter(|_| !query.profile.languages.is_empty()) else {
            return 0.5;
        };
        f64::from(u8::from(
            query.profile.languages.iter().any(|known| **known == *language),
        ))
    }
}

impl Signal<Communities> for SharedLanguage {
    fn name(&self) -> &'static str {
        "language"
    }

    fn family(&self) -> Family {
        Family::Language
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = Self::sureness(round.world, round.query, community);
        }
    }
}
