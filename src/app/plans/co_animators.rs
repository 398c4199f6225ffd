//! Who could co-animate which of the communities that lack animators, shared over the whole network.

use super::unshared;
use crate::app::reader::{Reader, sees_community, viewer};
use crate::app::service::Service;
use crate::recommend::{
    CoAnimatorsPlan, CoAnimatorsWish, Idle, OpenCommunity, PLANNED_FROM, Tongue, Unshared, plan_co_animators,
};
use crate::signals::Viewer;
use crate::signals::workload::is_archived;
use crate::world::{CommunityIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a plan of co-animators is wanted.
#[derive(Clone, Debug)]
pub struct CoAnimatorsPlanRequest {
    /// Which communities; without, all that lack somebody and that the reader may see.
    pub communities: Option<Vec<String>>,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads the plan.
    pub viewer: Option<Reader>,
    /// Whether private and sensitive communities are planned for too: the operator of the machine may ask for all.
    pub anywhere: bool,
}

/// A plan, with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCoAnimators {
    /// The plan.
    pub plan: CoAnimatorsPlan,
    /// What feedback quotes: one name for each item of the plan, in their order.
    pub recommendations: Vec<String>,
    /// How many communities a plan for all leaves out because the reader may not see them. Exact: whoever tells it masks a
    /// small count.
    pub left_out: usize,
    /// The last sequence of the log that it knows.
    pub generation: u64,
}

impl Service {
    /// Who could co-animate which community, shared over the network. Cost: an answer a community, and the sharing.
    pub fn plan_co_animators(&self, request: &CoAnimatorsPlanRequest) -> PlannedCoAnimators {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let wish = CoAnimatorsWish {
            as_of: snapshot.as_of(self.now()),
            viewer: viewer(view, request.viewer.as_ref()),
            tongue: request.tongue,
            manner: self.manner,
            topics: Arc::clone(snapshot.topics()),
        };
        let recommender = snapshot.co_animators();
        let Wanted {
            communities,
            unknown: mut none,
            left_out,
        } = Wanted::of(view, request, &wish.viewer);
        let mut open = Vec::new();
        for community in communities {
            match OpenCommunity::of(recommender, view, community, &wish, PLANNED_FROM) {
                Ok(found) => open.push(found),
                // What lacks nobody is told of where somebody asked for it by name.
                Err(Idle::NotNeeded | Idle::Archived) if request.communities.is_none() => {}
                Err(why) => none.push(unshared(view.communities.get(community).id.as_str(), why)),
            }
        }
        let plan = plan_co_animators(recommender, view, open, none, &wish);
        let recommendations = plan.items.iter().map(|item| {
            let subjects = item.picks.iter().map(|pick| pick.subject.as_str());
            self.note_planned(
                &snapshot,
                plan.as_of,
                &format!("co-animators\0{}", item.community),
                subjects,
            )
        });
        PlannedCoAnimators {
            recommendations: recommendations.collect(),
            generation: snapshot.generation,
            left_out,
            plan,
        }
    }
}

/// What a request is about.
struct Wanted {
    /// Communities, each once.
    communities: Vec<CommunityIx>,
    /// The names of those that are not there for this reader.
    unknown: Vec<Unshared>,
    /// How many that are there, of a request for all, the reader may not see.
    left_out: usize,
}

impl Wanted {
    fn of(view: &View, request: &CoAnimatorsPlanRequest, reader: &Viewer) -> Self {
        let known = |c: CommunityIx| view.communities.get(c).state.as_ref().is_some_and(|state| state.known);
        let seen = |&c: &CommunityIx| sees_community(view, reader, c) || (request.anywhere && known(c));
        let Some(ids) = &request.communities else {
            let all = view.communities.iter().map(|(community, _)| community);
            let (communities, others): (Vec<_>, Vec<_>) = all.filter(|&c| known(c)).partition(seen);
            let left_out = others.into_iter().filter(|&c| !is_archived(view, c)).count();
            return Self {
                communities,
                unknown: Vec::new(),
                left_out,
            };
        };
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let (mut communities, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            match view.communities.find(id).filter(seen) {
                Some(community) => communities.push(community),
                None => unknown.push(unshared(id, Idle::NotFound)),
            }
        }
        Self {
            communities,
            unknown,
            left_out: 0,
        }
    }
}
