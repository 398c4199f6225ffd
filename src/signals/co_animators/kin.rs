//! How near somebody stands to those who animate the community: by what both animate, and by where both belong.

use super::{CoAnimators, CoAnimatorsQuery, Family};
use crate::domain::MemberRole;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::Proof;
use crate::world::{CommunityIx, MembershipState, PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// The largest, over the other communities that the person animates or animated, of the cosine of those who animate or
/// animated it and the present animators: common ones / √(those of the one · those of the other). In 0..=1. Better: whoever
/// animated beside them elsewhere can do so here. Sensitive communities tell nothing. Cost: the memberships of candidates,
/// and those of the communities that the present animators animated.
pub struct Kin;

/// The largest, over the present animators, of the cosine of the other communities to which both belong. In 0..=1. Better.
/// Sensitive communities tell nothing. Cost: the communities of animators and candidates.
pub struct LikestAnimator;

/// Whether somebody animates or animated a community.
fn ever_animates(membership: &MembershipState) -> bool {
    membership.stays().iter().any(|stay| stay.role == MemberRole::Animator)
}

/// The other communities that `person` animates or animated.
fn animated_by(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> BTreeSet<CommunityIx> {
    let memberships = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    let animated = memberships.filter(|(community, membership)| {
        *community != query.community && ever_animates(membership) && !view.is_sensitive(*community)
    });
    animated.map(|(community, _)| *community).collect()
}

/// The humans who animate or animated `community`.
fn animators_ever(view: &View, community: CommunityIx) -> BTreeSet<PersonIx> {
    let accounts = view.communities.get(community).members.iter();
    let animate = accounts.filter(|&&account| {
        let memberships = &view.people.get(account).memberships;
        let place = memberships.binary_search_by_key(&community, |(c, _)| *c);
        place.is_ok_and(|place| ever_animates(&memberships[place].1))
    });
    animate.map(|&account| view.human(account)).collect()
}

/// How near each community lies that one of the present animators animates or animated.
fn near(view: &View, query: &CoAnimatorsQuery) -> BTreeMap<CommunityIx, f64> {
    let mut common: BTreeMap<CommunityIx, u32> = BTreeMap::new();
    for &animator in &query.animators {
        for community in animated_by(view, query, animator) {
            *common.entry(community).or_default() += 1;
        }
    }
    let present = query.animators.len() as f64;
    let cosine = |(community, common): (CommunityIx, u32)| {
        let theirs = animators_ever(view, community).len() as f64;
        (community, f64::from(common) / (theirs * present).sqrt())
    };
    common.into_iter().map(cosine).collect()
}

impl Signal<CoAnimators> for Kin {
    fn name(&self) -> &'static str {
        "kin"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let near = near(round.world, round.query);
        if near.is_empty() {
            return;
        }
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let animated = animated_by(round.world, round.query, person).into_iter();
            *strength = animated.filter_map(|c| near.get(&c)).copied().fold(0.0, f64::max);
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let near = near(view, query);
        let mut shared: Vec<CommunityIx> = animated_by(view, query, person).into_iter().collect();
        shared.retain(|c| near.contains_key(c) && query.viewer.sees(view, Some(*c)));
        shared.sort_by(|a, b| {
            let by_id = || view.communities.get(*a).id.cmp(&view.communities.get(*b).id);
            near[b].total_cmp(&near[a]).then_with(by_id)
        });
        // One is what the strength is: without it, the next would be less.
        shared.into_iter().take(1).map(Proof::Membership).collect()
    }
}

/// The other communities to which `person` belongs.
fn places(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> BTreeSet<CommunityIx> {
    let mut places = view.communities_of(person);
    places.retain(|&place| place != query.community && !view.is_sensitive(place));
    places
}

impl Signal<CoAnimators> for LikestAnimator {
    fn name(&self) -> &'static str {
        "likest_animator"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    /// The records are those of the communities shared.
    fn theme(&self) -> &'static str {
        "shared_communities"
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let places = |person| places(round.world, round.query, person);
        let animators: Vec<_> = round.query.animators.iter().map(|&animator| places(animator)).collect();
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let own = places(person);
            let cosine = |theirs: &BTreeSet<CommunityIx>| {
                let common = own.intersection(theirs).count() as f64;
                if common > 0.0 {
                    common / (own.len() as f64 * theirs.len() as f64).sqrt()
                } else {
                    0.0
                }
            };
            *strength = animators.iter().map(cosine).fold(0.0, f64::max);
        }
    }
}
