//! Circles that are kin to those who animate the community: where somebody belongs beside them, or came after them.

use super::arrivals::{Presence, days_half};
use super::{CoAnimators, CoAnimatorsQuery, Family};
use crate::domain::MemberRole;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::Proof;
use crate::world::{CommunityIx, MembershipState, PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Days in which having come to a kin community counts half as much.
const CAME_DAYS: f64 = 730.0;

/// The largest, over the other communities to which the person belongs, of the cosine of their people and the present
/// animators: common ones / √(those of the one · those of the other). In 0..=1. Better: they work side by side already.
/// Sensitive communities tell nothing. Cost: the communities of candidates, and the people of those of the animators.
pub struct Kin;

/// The largest, over the other communities to which the person belongs or belonged, of the cosine of everybody who was ever
/// in it and everybody who ever animated the community · 2^(−days since the person came / 730). In 0..=1; 0 where nobody
/// knows when they came. Better: animators of the one came from the other before. Sensitive communities tell nothing. Cost:
/// the memberships of candidates, and the people of the communities of all who ever animated.
pub struct KinEver;

/// How near each community lies by `common`, which counts people that it shares with `of` people; `people` tells how many
/// it has.
fn cosines(
    common: BTreeMap<CommunityIx, u32>,
    of: usize,
    people: impl Fn(CommunityIx) -> usize,
) -> BTreeMap<CommunityIx, f64> {
    let cosine = |(community, common): (CommunityIx, u32)| {
        let all = people(community).max(common as usize) * of;
        (community, f64::from(common) / (all as f64).sqrt())
    };
    common.into_iter().map(cosine).collect()
}

/// How often `places` name each community, the query's own and sensitive ones left out.
fn count(
    view: &View,
    query: &CoAnimatorsQuery,
    places: impl Iterator<Item = CommunityIx>,
) -> BTreeMap<CommunityIx, u32> {
    let mut common = BTreeMap::new();
    for place in places.filter(|&place| place != query.community && !view.is_sensitive(place)) {
        *common.entry(place).or_default() += 1;
    }
    common
}

/// How near each community lies to those who animate a community, worked out where the first signal or reason asks.
#[derive(Debug, Default)]
pub struct KinMap {
    now: OnceLock<BTreeMap<CommunityIx, f64>>,
    ever: OnceLock<BTreeMap<CommunityIx, f64>>,
}

impl KinMap {
    /// To those who animate now.
    fn now<'q>(view: &View, query: &'q CoAnimatorsQuery) -> &'q BTreeMap<CommunityIx, f64> {
        query.kin.now.get_or_init(|| kin_now(view, query))
    }

    /// To those who ever animated.
    fn ever<'q>(view: &View, query: &'q CoAnimatorsQuery) -> &'q BTreeMap<CommunityIx, f64> {
        query.kin.ever.get_or_init(|| kin_ever(view, query))
    }
}

fn kin_now(view: &View, query: &CoAnimatorsQuery) -> BTreeMap<CommunityIx, f64> {
    let animators = query.animators.iter();
    let common = count(
        view,
        query,
        animators.flat_map(|&animator| view.communities_of(animator)),
    );
    cosines(common, query.animators.len(), |community| {
        view.members_of(community).len()
    })
}

fn kin_ever(view: &View, query: &CoAnimatorsQuery) -> BTreeMap<CommunityIx, f64> {
    let accounts = &view.communities.get(query.community).members;
    let animated = accounts.iter().filter(|&&account| {
        let membership = view.people.get(account).memberships.iter();
        let mut here = membership.filter(|(community, _)| *community == query.community);
        here.any(|(_, membership)| has_animated(membership))
    });
    let animators: BTreeSet<PersonIx> = animated.map(|&account| view.human(account)).collect();
    let ever = |&animator: &PersonIx| -> BTreeSet<CommunityIx> {
        memberships(view, animator).map(|(community, _)| community).collect()
    };
    let common = count(view, query, animators.iter().flat_map(ever));
    cosines(common, animators.len(), |community| {
        let accounts = view.communities.get(community).members.iter();
        accounts
            .map(|&account| view.human(account))
            .collect::<BTreeSet<_>>()
            .len()
    })
}

fn has_animated(membership: &MembershipState) -> bool {
    membership.stays().iter().any(|stay| stay.role == MemberRole::Animator)
}

fn memberships(view: &View, person: PersonIx) -> impl Iterator<Item = (CommunityIx, &MembershipState)> {
    let accounts = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    accounts.map(|(community, membership)| (*community, &**membership))
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
        let kin = KinMap::now(round.world, round.query);
        if kin.is_empty() {
            return;
        }
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let places = round.world.communities_of(person).into_iter();
            *strength = places.filter_map(|c| kin.get(&c)).copied().fold(0.0, f64::max);
        }
    }

    /// The nearest one is what the strength is: without it, the next one would be less.
    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let kin = KinMap::now(view, query);
        let near = |community: CommunityIx| Some((*kin.get(&community)?, community));
        let mut places: Vec<_> = view.communities_of(person).into_iter().filter_map(near).collect();
        let id = |community: CommunityIx| &view.communities.get(community).id;
        places.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        let nearest = places.first().map(|&(_, community)| community);
        let shown = nearest.filter(|&community| query.viewer.sees(view, Some(community)));
        shown.map(Proof::Membership).into_iter().collect()
    }
}

impl Signal<CoAnimators> for KinEver {
    fn name(&self) -> &'static str {
        "kin_ever"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let kin = KinMap::ever(round.world, round.query);
        if kin.is_empty() {
            return;
        }
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let near = memberships(round.world, person).filter_map(|(community, membership)| {
                let came = Presence::last(membership.stays().iter())?.since?;
                Some(kin.get(&community)? * days_half(came, round.query.as_of, CAME_DAYS))
            });
            *strength = near.fold(0.0, f64::max);
        }
    }
}
