//! Communities that lack animators, and those who could co-animate them, shared over the whole network.

use super::people::{People, counted};
use super::{Idle, Spread, Unshared};
use crate::domain::{CommunityId, Timestamp};
use crate::pipeline::flow::{Assignment, Column, Row, assign};
use crate::recommend::co_animators::{CoAnimatorPick, CoAnimatorsRecommender, Giver, Shortlist};
use crate::recommend::tongue::{Manner, Tongue};
use crate::signals::Viewer;
use crate::signals::co_animators::{CoAnimatorsQuery, Exclusion, Sharing, TopicMap};
use crate::signals::workload::{Workload, is_archived};
use crate::world::{CommunityIx, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a plan is wanted.
#[derive(Clone, Debug)]
pub struct CoAnimatorsWish {
    /// The instant as of which it is made.
    pub as_of: Timestamp,
    /// Who reads it.
    pub viewer: Viewer,
    /// The language of the texts.
    pub tongue: Tongue,
    /// How French ones address people.
    pub manner: Manner,
    /// The topics of every community.
    pub topics: Arc<TopicMap>,
}

/// A community that lacks animators, and those who could co-animate it.
pub struct OpenCommunity {
    community: CommunityIx,
    list: Shortlist,
    /// What each new one is worth, the first one first.
    places: Vec<i64>,
}

/// Whom to propose for one community.
#[derive(Clone, Debug, PartialEq)]
pub struct CoAnimatorsItem {
    /// The community.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The people, what is worth most first; at least one.
    pub picks: Vec<CoAnimatorPick>,
    /// Why there are fewer than it lacks, when there are.
    pub fewer: Option<Idle>,
}

/// One sharing of people among many communities.
#[derive(Clone, Debug, PartialEq)]
pub struct CoAnimatorsPlan {
    /// The communities that have somebody, by identifier.
    pub items: Vec<CoAnimatorsItem>,
    /// The others, by identifier.
    pub unassigned: Vec<Unshared>,
    /// How many people were not considered for some community, by code: each once a code.
    pub excluded: BTreeMap<&'static str, usize>,
    /// Communities animated, over all who could co-animate one: as it is,
    pub before: Spread,
    /// and as it is when everybody accepts.
    pub after: Spread,
    /// The weights that were used.
    pub model: String,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

impl OpenCommunity {
    /// Looks for those who could co-animate `community`, the first `most` of them; `Err` says why nobody is looked for.
    /// Cost: as one answer.
    ///
    /// # Errors
    /// When the community is archived, or lacks nobody.
    pub fn of(
        recommender: &CoAnimatorsRecommender,
        view: &View,
        community: CommunityIx,
        wish: &CoAnimatorsWish,
        most: usize,
    ) -> Result<Self, Idle> {
        if is_archived(view, community) {
            return Err(Idle::Archived);
        }
        let query = CoAnimatorsQuery::on(view, &wish.topics, community, wish.as_of, wish.viewer.clone());
        if !query.need.is_open() {
            return Err(Idle::NotNeeded);
        }
        let places = Sharing::places(&query);
        Ok(Self {
            community,
            list: recommender.shortlist(view, query, most),
            places,
        })
    }

    /// How many people give it a place.
    pub fn givers(&self) -> usize {
        self.list.givers.len()
    }

    /// Why nobody is proposed, or fewer than it lacks, when `proposed` people are.
    fn lacks(&self, proposed: usize) -> Idle {
        let list = &self.list;
        let alone = || list.dropped.iter().any(|(_, why)| *why == Exclusion::Alone);
        if list.givers.len() > proposed {
            Idle::SharedOut
        } else if !list.to_be_asked.is_empty() {
            Idle::ToBeAsked
        } else if !list.need_company.is_empty() || alone() {
            Idle::NeedsCompany
        } else if proposed == 0 && list.dropped.is_empty() {
            Idle::NobodyKnown
        } else {
            Idle::NobodyAvailable
        }
    }

    fn row(&self, people: &People) -> Row {
        let value = |giver: &Giver| (people.column(giver.person), giver.worth);
        Row {
            places: self.places.clone(),
            values: self.list.givers.iter().map(value).collect(),
        }
    }
}

/// The people of `communities`, and who is given to which: the sharing of most worth.
fn share(view: &View, communities: &[OpenCommunity], as_of: Timestamp) -> (People, Assignment) {
    let givers = communities.iter().flat_map(|community| &community.list.givers);
    let people = People::of(view, givers.map(|giver| giver.person));
    let columns = people.names.iter().map(|&person| Column {
        costs: Sharing::costs(view, person, as_of),
    });
    let columns: Vec<Column> = columns.collect();
    let rows: Vec<Row> = communities.iter().map(|community| community.row(&people)).collect();
    let found = assign(&rows, &columns);
    (people, found)
}

/// What the best sharing of `communities` is worth, in thousandths: to hold lists of different lengths against each other.
pub fn worth_of(view: &View, communities: &[OpenCommunity], as_of: Timestamp) -> i64 {
    share(view, communities, as_of).1.worth
}

/// Shares people among `communities`, each once; `unshared` are those that nobody was looked for. Exact for the terms of
/// [`Sharing`] and the lists: no other sharing is worth more in which nobody has two communities, and none without a free
/// slot. Cost: near the sum of the
/// lists, plus putting the picks into words.
pub fn plan_co_animators(
    recommender: &CoAnimatorsRecommender,
    view: &View,
    mut communities: Vec<OpenCommunity>,
    mut unshared: Vec<Unshared>,
    wish: &CoAnimatorsWish,
) -> CoAnimatorsPlan {
    communities.sort_by(|a, b| {
        let id = |open: &OpenCommunity| &view.communities.get(open.community).id;
        id(a).cmp(id(b))
    });
    let (people, found) = share(view, &communities, wish.as_of);
    let animated = |person| Workload::of(view, person, wish.as_of).posts.len() as u32;
    let (before, after) = people.spread(animated, &people.given(&found.filled));
    let mut items = Vec::new();
    for (open, columns) in communities.iter().zip(&found.filled) {
        let givers = &open.list.givers;
        let is_chosen = |&place: &usize| columns.contains(&people.column(givers[place].person));
        let chosen: Vec<usize> = (0..givers.len()).filter(is_chosen).collect();
        let node = view.communities.get(open.community);
        if chosen.is_empty() {
            unshared.push(Unshared {
                id: node.id.to_string(),
                why: open.lacks(0),
            });
            continue;
        }
        items.push(CoAnimatorsItem {
            community: node.id.clone(),
            name: node.state.as_ref().and_then(|state| state.name.clone()),
            fewer: (chosen.len() < open.places.len()).then(|| open.lacks(chosen.len())),
            picks: recommender.told(view, &open.list, &chosen, (wish.tongue, wish.manner)),
        });
    }
    unshared.sort_unstable();
    CoAnimatorsPlan {
        items,
        unassigned: unshared,
        excluded: excluded(&communities),
        before,
        after,
        model: recommender.model().to_owned(),
        as_of: wish.as_of,
    }
}

/// How many people were dropped for some community, by code.
fn excluded(communities: &[OpenCommunity]) -> BTreeMap<&'static str, usize> {
    let told = communities.iter().flat_map(|community| {
        let list = &community.list;
        let dropped = list.dropped.iter().map(|(person, reason)| (*person, reason.code()));
        let to_be_asked = list.to_be_asked.iter().map(|&person| (person, Idle::ToBeAsked.code()));
        let need_company = list
            .need_company
            .iter()
            .map(|&person| (person, Idle::NeedsCompany.code()));
        dropped.chain(to_be_asked).chain(need_company)
    });
    counted(told)
}
