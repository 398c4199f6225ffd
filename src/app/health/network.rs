//! The health of the network, for its stewards: counts of communities and people, a forecast, and who answers whom between
//! units. No person is named, and of load there is but a count.

use super::animating::{animators, living, usual_members};
use super::silos::Silos;
use super::told::ToldFinding;
use crate::app::cards::{Card, CardRequest};
use crate::app::reader::sees_community;
use crate::app::service::Service;
use crate::domain::{CommunityId, DAY_MICROS, Timestamp};
use crate::recommend::{Finding, Occasion, Seen};
use crate::signals::Viewer;
use crate::signals::workload::Workload;
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Days over which growth is seen.
const SEEN_DAYS: i64 = 90;
/// Days ahead for which animators are forecast.
pub(super) const AHEAD_DAYS: [u32; 3] = [90, 180, 365];

/// A community by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCommunity {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
}

/// How many roles of animator there are, and how many will be needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Members usual for an animator: the organisation's own median, or 25.
    pub usual_members: usize,
    /// Roles of animator that are filled now, once a community that a person animates.
    pub filled: usize,
    /// Roles needed now.
    pub needed_now: usize,
    /// Roles needed so many days from now.
    pub needed: Vec<(u32, usize)>,
}

/// How the network is.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkHealth {
    /// Communities that are not archived.
    pub communities: usize,
    /// How many of these nobody animates.
    pub without_animator: usize,
    /// Those of them that the whole organisation may see, in the order of identifiers.
    pub named_without_animator: Vec<NamedCommunity>,
    /// Animators needed as communities grow.
    pub forecast: Forecast,
    /// People who animate more hours than they can give.
    pub stretched: usize,
    /// Who answers whom between units.
    pub silos: Silos,
    /// What is worth attention.
    pub findings: Vec<ToldFinding>,
}

impl Service {
    /// How the network is. Cost: every membership, every answer of the last year.
    pub fn network_health(&self, request: &CardRequest) -> Card<NetworkHealth> {
        let (snapshot, as_of) = self.state();
        let view = &snapshot.view;
        let communities = living(view);
        let alone: Vec<CommunityIx> = communities
            .iter()
            .copied()
            .filter(|&c| animators(view, c).is_empty())
            .collect();
        let anybody = Viewer::default();
        let named = alone
            .iter()
            .filter(|&&community| sees_community(view, &anybody, community))
            .map(|&community| {
                let node = view.communities.get(community);
                NamedCommunity {
                    community: node.id.clone(),
                    name: node.state.as_ref().and_then(|state| state.name.clone()),
                }
            });
        let mut health = NetworkHealth {
            communities: communities.len(),
            without_animator: alone.len(),
            named_without_animator: named.collect(),
            forecast: forecast(view, &communities, as_of),
            stretched: stretched(view, &communities, as_of),
            silos: Silos::of(view, as_of),
            findings: Vec::new(),
        };
        let teller = self.teller(request.tongue);
        let found = findings(&health).into_iter();
        health.findings = found
            .map(|seen| teller.tell(seen.into(), Occasion::default(), false))
            .collect();
        Card {
            shows: health,
            generation: snapshot.generation,
            as_of,
        }
    }
}

/// In `d` days a community of `m` members that had `m₀` of them 90 days ago has `m + max(0, m − m₀) · d / 90`; a community
/// needs one animator for each [`usual_members`] of these that it has begun, one at least.
pub(super) fn forecast(view: &View, communities: &[CommunityIx], as_of: Timestamp) -> Forecast {
    let usual = usual_members(view);
    let before = as_of.plus_micros(-SEEN_DAYS * DAY_MICROS);
    let sizes = communities
        .iter()
        .map(|&community| (members_at(view, community, before), members_at(view, community, as_of)));
    let sizes: Vec<(usize, usize)> = sizes.collect();
    let needed = |days: usize| {
        let roles = sizes.iter().map(|&(before, now)| {
            let members = now + (now.saturating_sub(before) * days).div_ceil(SEEN_DAYS as usize);
            members.div_ceil(usual).max(1)
        });
        roles.sum()
    };
    Forecast {
        usual_members: usual,
        filled: communities
            .iter()
            .map(|&community| animators(view, community).len())
            .sum(),
        needed_now: needed(0),
        needed: AHEAD_DAYS.iter().map(|&days| (days, needed(days as usize))).collect(),
    }
}

/// How many people belonged to `community` at `at` and have not left: who only asks or answers there is no member.
fn members_at(view: &View, community: CommunityIx, at: Timestamp) -> usize {
    let accounts = view.communities.get(community).members.iter();
    let humans: BTreeSet<PersonIx> = accounts.map(|&account| view.human(account)).collect();
    let belonged = |person: &&PersonIx| {
        let mut stays = view.stays(**person, community);
        stays.any(|stay| stay.holds_at(at)) && !view.has_left(**person)
    };
    humans.iter().filter(belonged).count()
}

/// How many people animate more hours than they can give.
fn stretched(view: &View, communities: &[CommunityIx], as_of: Timestamp) -> usize {
    let people: BTreeSet<PersonIx> = communities
        .iter()
        .flat_map(|&community| animators(view, community))
        .collect();
    let over = |person: &&PersonIx| {
        let load = Workload::of(view, **person, as_of);
        load.hours > load.capacity
    };
    people.iter().filter(over).count()
}

fn findings(health: &NetworkHealth) -> Vec<Seen> {
    let forecast = &health.forecast;
    let needed = forecast.needed.get(1).map_or(0, |(_, needed)| *needed);
    let some = |finding, count| (count > 0).then(|| Seen::of(finding).counting(count));
    let growing = (needed > forecast.filled).then(|| {
        Seen::of(Finding::AnimatorsNeeded)
            .counting(needed)
            .against(forecast.filled)
    });
    [
        some(Finding::CommunitiesWithoutAnimator, health.without_animator),
        growing,
        some(Finding::AnimatorsStretched, health.stretched),
        some(Finding::UnitsApart, health.silos.apart),
    ]
    .into_iter()
    .flatten()
    .collect()
}
