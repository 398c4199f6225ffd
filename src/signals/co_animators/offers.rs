//! Who offered to animate, and where.

use super::CoAnimatorsQuery;
use crate::signals::workload::offer;
use crate::world::{CommunityIx, PersonIx, View, text};

/// What an offer has to do with a community, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offered {
    /// It names the community.
    Here,
    /// It names one of its topics.
    Topic,
    /// It is for wherever somebody is useful.
    Anywhere,
}

/// What the standing offer of `person` has to do with the query's community; `None` when there is none, or it is for
/// others. Cost: the offer's communities and topics.
pub fn offered(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Option<Offered> {
    let offer = offer(view, person, query.as_of)?;
    if offer.communities.is_empty() && offer.topics.is_empty() {
        return Some(Offered::Anywhere);
    }
    if offer.communities.contains(&view.communities.get(query.community).id) {
        return Some(Offered::Here);
    }
    let names = offer.topics.iter().any(|topic| is_topic(view, query.community, topic));
    names.then_some(Offered::Topic)
}

/// Whether `topic` is one of the community's, as tags are compared.
fn is_topic(view: &View, community: CommunityIx, topic: &str) -> bool {
    let Some(name) = text::tag_name(topic) else {
        return false;
    };
    let state = view.communities.get(community).state.as_deref();
    let topics = state.and_then(|s| s.topics.as_deref()).unwrap_or_default();
    topics.iter().any(|own| text::tag_name(own).as_ref() == Some(&name))
}
