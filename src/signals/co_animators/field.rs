//! The field of a community: other communities about the same topics, and other communities of the same people.

use super::{CoAnimators, Family, Profile};
use crate::domain::TagName;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, Ix as _, PersonIx, View, text};
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
    /// The field of `community`; `topics` are those of `view`. Sensitive communities are in nobody's field, and have none.
    /// Cost: the communities of its topics, and the memberships of its members.
    pub fn of(view: &View, topics: &TopicMap, community: CommunityIx) -> Self {
        if view.is_sensitive(community) {
            return Self::default();
        }
        Self {
            topics: topics.near(community),
            people: near_by_people(view, community),
        }
    }
}

/// The topics of every community, in the form in which tags are compared, and what each tells: read once for all
/// communities of one state of the organisation. Sensitive communities are not in it.
#[derive(Clone, Debug, Default)]
pub struct TopicMap {
    /// By row of a community: its topics with their weights, in the order of names, and the length of these as a vector.
    of: Vec<(Vec<(TagName, f64)>, f64)>,
    /// The communities that bear each topic, in order of index.
    bearers: BTreeMap<TagName, Vec<CommunityIx>>,
}

impl TopicMap {
    /// Reads every community. Cost: all topics.
    pub fn of(view: &View) -> Self {
        let mut bearers: BTreeMap<TagName, Vec<CommunityIx>> = BTreeMap::new();
        let mut told = vec![BTreeSet::new(); view.communities.len()];
        let mut all = 0.0;
        for (ix, _) in view.communities.iter().filter(|&(ix, _)| !view.is_sensitive(ix)) {
            let names = topic_names(view, ix);
            for name in &names {
                bearers.entry(name.clone()).or_default().push(ix);
            }
            told[ix.row() as usize] = names;
            all += 1.0;
        }
        // Names come in their own order: so do the sums.
        let weigh = |names: BTreeSet<TagName>| {
            let weight = |name: &TagName| libm::log1p(all / bearers.get(name).map_or(1, Vec::len) as f64);
            let names: Vec<(TagName, f64)> = names
                .into_iter()
                .map(|name| {
                    let weight = weight(&name);
                    (name, weight)
                })
                .collect();
            let length = names.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            (names, length)
        };
        Self {
            of: told.into_iter().map(weigh).collect(),
            bearers,
        }
    }

    /// How near the others lie to `community`.
    fn near(&self, community: CommunityIx) -> BTreeMap<CommunityIx, f64> {
        let (own, own_length) = &self.of[community.row() as usize];
        let mut products: BTreeMap<CommunityIx, f64> = BTreeMap::new();
        for (name, weight) in own {
            for &other in self
                .bearers
                .get(name)
                .into_iter()
                .flatten()
                .filter(|other| **other != community)
            {
                *products.entry(other).or_default() += weight * weight;
            }
        }
        let near = |(other, product): (CommunityIx, f64)| {
            let length = self.of[other.row() as usize].1;
            (other, grained(product / (own_length * length)))
        };
        products.into_iter().map(near).collect()
    }
}

fn near_by_people(view: &View, community: CommunityIx) -> BTreeMap<CommunityIx, f64> {
    let members = view.members_of(community);
    let mut both: BTreeMap<CommunityIx, usize> = BTreeMap::new();
    for &(person, _) in &members {
        for other in present(view, person) {
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

/// The communities to which `person` belongs, each once.
fn present(view: &View, person: PersonIx) -> Vec<CommunityIx> {
    let memberships = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    let present = memberships.filter(|(_, membership)| membership.role().is_some());
    let mut present: Vec<CommunityIx> = present.map(|(community, _)| *community).collect();
    present.sort_unstable();
    present.dedup();
    present
}

fn grained(nearness: f64) -> f64 {
    (nearness * 1024.0).round() / 1024.0
}

/// The topics of a community that is there, in the form in which tags are compared.
fn topic_names(view: &View, community: CommunityIx) -> BTreeSet<TagName> {
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
