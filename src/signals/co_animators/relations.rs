//! What somebody has to do with those who animate the community.

use super::{CoAnimators, CoAnimatorsQuery, Family};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::experts::Proof;
use crate::world::{CommunityIx, PersonIx, ProjectIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Σ over the present animators and the other communities shared with each of 1 / ln(2 + people there). Better; a small
/// place tells more; sensitive communities tell nothing. Cost: the communities of animators and candidates.
pub struct SharedCommunities;

/// How often an animator belongs to each community, the query's own and sensitive ones left out.
fn animators_places(view: &View, query: &CoAnimatorsQuery) -> BTreeMap<CommunityIx, u32> {
    let mut places = BTreeMap::new();
    for community in query
        .animators
        .iter()
        .flat_map(|&animator| view.communities_of(animator))
    {
        if community != query.community && !view.is_sensitive(community) {
            *places.entry(community).or_insert(0) += 1;
        }
    }
    places
}

/// 1 / ln(2 + people), in whole 1024ths: sums do not depend on their order.
fn tells(people: usize) -> f64 {
    (1024.0 / libm::log(2.0 + people as f64)).round() / 1024.0
}

impl Signal<CoAnimators> for SharedCommunities {
    fn name(&self) -> &'static str {
        "shared_communities"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let places = animators_places(round.world, round.query);
        if places.is_empty() {
            return;
        }
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let shared = round.world.communities_of(person).into_iter();
            let shared = shared.filter_map(|community| {
                let animators = places.get(&community)?;
                Some(f64::from(*animators) * tells(round.world.communities.get(community).members.len()))
            });
            *strength = shared.sum();
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let places = animators_places(view, query);
        let mut shared: Vec<CommunityIx> = view.communities_of(person).into_iter().collect();
        shared.retain(|&c| places.contains_key(&c) && query.viewer.sees(view, Some(c)));
        shared.sort_by_key(|&c| (view.communities.get(c).members.len(), &view.communities.get(c).id));
        shared.into_iter().map(Proof::Membership).collect()
    }
}

/// Σ over the present animators and the projects shared with each of 1 / ln(2 + people there). Better. Cost: the projects
/// of animators and candidates.
pub struct SharedProjects;

/// The projects in which `person` takes part now.
fn projects_of(view: &View, person: PersonIx) -> BTreeSet<ProjectIx> {
    let parts = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).participations);
    let present = parts.filter(|(_, part)| part.ended.is_none());
    present.map(|((project, _), _)| *project).collect()
}

fn animators_projects(view: &View, query: &CoAnimatorsQuery) -> BTreeMap<ProjectIx, u32> {
    let mut projects = BTreeMap::new();
    for project in query.animators.iter().flat_map(|&animator| projects_of(view, animator)) {
        *projects.entry(project).or_insert(0) += 1;
    }
    projects
}

impl Signal<CoAnimators> for SharedProjects {
    fn name(&self) -> &'static str {
        "shared_projects"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        let projects = animators_projects(round.world, round.query);
        if projects.is_empty() {
            return;
        }
        for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
            let shared = projects_of(round.world, person).into_iter().filter_map(|project| {
                let animators = projects.get(&project)?;
                Some(f64::from(*animators) * tells(round.world.projects.get(project).people.len()))
            });
            *strength = shared.sum();
        }
    }

    fn facts(&self, view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Vec<Proof> {
        let projects = animators_projects(view, query);
        let mut shared: Vec<ProjectIx> = projects_of(view, person).into_iter().collect();
        shared.retain(|project| projects.contains_key(project));
        shared.sort_by_key(|&project| &view.projects.get(project).id);
        shared.into_iter().map(Proof::Participation).collect()
    }
}

/// Σ over the other communities of the person of how many people these have in common with the community, as a cosine:
/// who belongs where its members belong. Better. Cost: constant.
pub struct NearCommunities;

impl Signal<CoAnimators> for NearCommunities {
    fn name(&self) -> &'static str {
        "near_communities"
    }

    fn family(&self) -> Family {
        Family::Relation
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            *strength = profile.among_near;
        }
    }
}
