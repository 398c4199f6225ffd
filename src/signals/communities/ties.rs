//! What ties a community to the person before anybody joins: an invitation, a project, a unit.

use super::{Communities, Family, NewcomerQuery, Proof};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, View};

/// 1 when the person has an invitation to join that waits for a word, else 0. Better. Cost: one look-up.
pub struct Invited;

impl Signal<Communities> for Invited {
    fn name(&self) -> &'static str {
        "invited"
    }

    fn family(&self) -> Family {
        Family::Invitation
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = f64::from(u8::from(round.query.openness.is_invited(community)));
        }
    }

    fn facts(&self, _: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        let invited = query.openness.is_invited(community);
        invited.then_some(Proof::Invitation(community)).into_iter().collect()
    }
}

/// ln(1 + projects of the person that the community accompanies). Better; rises with every project. Cost: one look-up.
pub struct ProjectTie;

impl Signal<Communities> for ProjectTie {
    fn name(&self) -> &'static str {
        "project"
    }

    fn family(&self) -> Family {
        Family::Place
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            let projects = round.query.profile.accompanied.get(&community).copied().unwrap_or(0);
            *strength = libm::log1p(f64::from(projects));
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        let node = view.communities.get(community);
        let accompanied = node.state.as_ref().and_then(|s| s.project.as_ref());
        let tied = query.profile.projects.iter().filter(|&&project| {
            let project = view.projects.get(project);
            let named = project.state.as_ref().and_then(|s| s.community.as_ref());
            named == Some(&node.id) || accompanied == Some(&project.id)
        });
        tied.map(|&project| Proof::Participation(project)).collect()
    }
}

/// Parts of the community's unit / parts of the person's, when the person works in it or below it; else 0. In 0..=1.
/// Better: the nearer the unit, the more. Cost: the length of a path.
pub struct UnitTie;

impl UnitTie {
    /// How near the unit of `community` is to the person's.
    pub fn nearness(view: &View, query: &NewcomerQuery, community: CommunityIx) -> f64 {
        let state = view.communities.get(community).state.as_ref();
        let Some(of) = state.and_then(|s| s.unit.as_ref()) else {
            return 0.0;
        };
        let parts = |path: &str| path.split('/').count() as f64;
        let units = view.profiles(query.person).filter_map(|profile| profile.unit.as_ref());
        let above = units.filter(|unit| unit.is_within(of));
        above
            .map(|unit| parts(of.as_str()) / parts(unit.as_str()))
            .fold(0.0, f64::max)
    }
}

impl Signal<Communities> for UnitTie {
    fn name(&self) -> &'static str {
        "unit"
    }

    fn family(&self) -> Family {
        Family::Place
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        for (community, strength) in round.subjects.iter().zip(out) {
            *strength = Self::nearness(round.world, round.query, community);
        }
    }
}
