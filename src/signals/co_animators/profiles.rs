//! What several signals read of the candidates: each one's memberships are walked once, not once a signal.

use super::tenure::days_since;
use super::{CoAnimators, CoAnimatorsQuery};
use crate::domain::{MemberRole, Timestamp};
use crate::pipeline::Subjects;
use crate::signals::circles::NEAR_DAYS;
use crate::signals::workload::{Workload, is_archived};
use crate::world::{PersonIx, View};

/// What somebody's memberships show, as of the query's instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Profile {
    /// When they first joined the community, if they belong to it or did.
    pub joined: Option<Timestamp>,
    /// When their present stay in it began.
    pub arrived: Option<Timestamp>,
    /// Communities to which they belong, the community itself left out.
    pub memberships: u32,
    /// Of these, those that they animate.
    pub animates: u32,
    /// Communities that they ever animated, the community itself left out.
    pub animated: u32,
    /// When they last became animator of any community.
    pub appointed: Option<Timestamp>,
    /// Σ of the nearness by topics of the other communities that they animate.
    pub animates_near: f64,
    /// Σ of the nearness by topics of the other communities to which they belong.
    pub belongs_near: f64,
    /// Σ of the nearness by people of the other communities to which they belong.
    pub among_near: f64,
    /// What they gave to the community within 90 days.
    pub gifts: u32,
    /// When they last gave something to it.
    pub last_gift: Option<Timestamp>,
}

/// The profiles of the candidates, in their order, and what animating takes from each and what they can give to it, in hours
/// a week.
pub struct Profiles(pub Vec<Profile>, pub Vec<(f64, f64)>);

impl Profiles {
    /// Reads `people`. Cost: their memberships, and all that was given to the community.
    pub fn of(view: &View, query: &CoAnimatorsQuery, people: Subjects<'_, CoAnimators>) -> Self {
        let mut profiles: Vec<Profile> = people.iter().map(|person| Profile::of(view, query, person)).collect();
        for gift in view.gifts(query.community) {
            let place = people.position(gift.person).filter(|_| gift.at <= query.as_of);
            if let Some(profile) = place.map(|place| &mut profiles[place]) {
                if days_since(gift.at, query.as_of) < NEAR_DAYS as f64 {
                    profile.gifts = profile.gifts.saturating_add(gift.count);
                }
                profile.last_gift = profile.last_gift.max(Some(gift.at));
            }
        }
        let load = |person: PersonIx| {
            let load = Workload::of(view, person, query.as_of);
            (load.hours, load.capacity)
        };
        Self(profiles, people.iter().map(load).collect())
    }
}

impl Profile {
    /// What the memberships of one person show; what they gave is left out.
    pub fn of(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Self {
        let mut profile = Self::default();
        let accounts = view.accounts(person).map(|ix| &view.people.get(ix).memberships);
        for (community, membership) in accounts.flatten() {
            let here = *community == query.community;
            let mut ever = false;
            for stay in membership.stays() {
                if stay.role == MemberRole::Animator {
                    ever = true;
                    profile.appointed = profile.appointed.max(Some(stay.since));
                }
                if here {
                    profile.joined = Some(profile.joined.map_or(stay.since, |joined| joined.min(stay.since)));
                    if stay.ended.is_none() {
                        let arrived = profile.arrived.map_or(stay.since, |arrived| arrived.min(stay.since));
                        profile.arrived = Some(arrived);
                    }
                }
            }
            profile.animated += u32::from(ever && !here);
            if let Some(role) = membership.role().filter(|_| !here && !is_archived(view, *community)) {
                let near = query.field.topics.get(community).copied().unwrap_or(0.0);
                let animates = role == MemberRole::Animator;
                profile.memberships += 1;
                profile.animates += u32::from(animates);
                profile.belongs_near += near;
                profile.animates_near += if animates { near } else { 0.0 };
                profile.among_near += query.field.people.get(community).copied().unwrap_or(0.0);
            }
        }
        profile
    }
}
