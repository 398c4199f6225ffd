//! The field of a community: other communities about the same topics, and other communities of the same people.

use super::{CoAnimators, Family, Profile};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, View, text};
use std::collections::{BTreeMap, BTreeSet};

/// Communities near one community, in order of index, itself excepted. Nearness is in 0..=1, and a whole number of 1024ths:
/// sums of it do not depend on their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// By topics: the cosine of the topics, each weighing ln(1 + communities / communities with it).
    pub topics: BTreeMap<CommunityIx, f64>,
    /// By people: those who belong to both / √(those who belong to one · those who belong to the other).
    pub people: BTreeMap<CommunityIx, f64>,
}

impl Field {
    /// The field of `community`. Sensitive communities are in nobody's field, and have none. Cost: the topics of all
    /// communities, and the memberships of its members.
    pub fn of(view: &View, community: CommunityIx) -> Self {
        if view.is_sensitive(community) {
            return Self::default();
        }
        Self {
            topics: near_by_topics(view, community),
            people: near_by_people(view, community),
        }
    }
}

fn near_by_topics(view: &View, community: CommunityIx) -> BTreeMap<CommunityIx, f64> {
    let own = topic_names(view, community);
    if own.is_empty() {
        return BTreeMap::new();
    }
    let others = view.communities.iter().map(|(ix, _)| ix).filter(|&ix| ix != community);
    let told: Vec<(CommunityIx, BTreeSet<_>)> = others
        .filter(|&ix| !view.is_sensitive(ix))
        .map(|ix| (ix, topic_names(view, ix)))
        .collect();
    let mut bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in told.iter().flat_map(|(_, names)| names).chain(&own) {
        *bearers.entry(name.as_str()).or_default() += 1;
    }
    let all = told.len() as f64 + 1.0;
    // Names come in their own order: so do the sums.
    let weight = |name: &str| libm::log1p(all / bearers.get(name).copied().unwrap_or(1) as f64);
    let length = |names: &BTreeSet<crate::domain::TagName>| {
        names
            .iter()
            .map(|name| weight(name.as_str()) * weight(name.as_str()))
            .sum::<f64>()
            .sqrt()
    };
    let own_length = length(&own);
    let near = told.iter().filter_map(|(ix, names)| {
        let shared = names
            .intersection(&own)
            .map(|name| weight(name.as_str()) * weight(name.as_str()));
        let product: f64 = shared.sum();
        (product > 0.0).then(|| (*ix, grained(product / (own_length * length(names)))))
    });
    near.collect()
}

fn near_by_people(view: &View, community: CommunityIx) -> BTreeMap<CommunityIx, f64> {
    let members = view.members_of(community);
    let mut both: BTreeMap<CommunityIx, usize> = BTreeMap::new();
    for &(person, _) in &members {
        for other in view.communities_of(person) {
            *both.entry(other).or_default() += 1;
        }
    }
    both.retain(|&other, _| other != community && !view.is_sensitive(other));
    let near = |(other, both): (CommunityIx, usize)| {
        let size = view.communities.get(other).members.len().max(both);
        let cosine = both as f64 / (members.len() as f64 * size as f64).sqrt();
        (other, grained(cosine.min(1.0)))
    };
    both.into_iter().map(near).collect()
}

fn grained(nearness: f64) -> f64 {
    (nearness * 1024.0).round() / 1024.0
}

/// The topics of a community that is there, in the form in which tags are compared.
fn topic_names(view: &View, community: CommunityIx) -> BTreeSet<crate::domain::TagName> {
    let state = view.communities.get(community).state.as_deref();
    let topics = state.and_then(|s| s.topics.as_deref()).unwrap_or_default();
    let there = !is_archived(view, community);
    let names = topics
        .iter()
        .filter(|_| there)
        .filter_map(|topic| text::tag_name(topic));
    names.collect()
}

/// Σ over the communities that the person animates of how near they are by topics. Better; rises with every such community.
/// Cost: the person's communities.
pub struct FieldAnimator;

/// Σ over the communities to which the person belongs of how near they are by topics. Better. Cost: the person's
/// communities.
pub struct FieldMember;

macro_rules! near {
    ($signal:ident, $name:literal, $read:expr) => {
        impl Signal<CoAnimators> for $signal {
            fn name(&self) -> &'static str {
                $name
            }

            fn family(&self) -> Family {
                Family::Field
            }

            fn scale(&self) -> Scale {
                Scale::ByMaximum
            }

            fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
                let read: fn(&Profile) -> f64 = $read;
                for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
                    *strength = read(profile);
                }
            }
        }
    };
}

near!(FieldAnimator, "field_animator", |profile| profile.animates_near);
near!(FieldMember, "field_member", |profile| profile.belongs_near);
