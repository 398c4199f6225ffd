//! What readers hold: one view of the World, with its place in the log and the model in use.

use super::health::usual_members;
use super::models::Models;
use crate::domain::Timestamp;
use crate::recommend::{CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, SearchRecommender};
use crate::signals::co_animators::TopicMap;
use crate::signals::communities::Roll;
use crate::world::View;
use std::sync::{Arc, OnceLock};

/// A published state of the World. Nothing that comes later shows in it.
#[derive(Clone)]
pub struct Snapshot {
    /// What answers are computed from.
    pub view: View,
    /// The last sequence of the log that it holds.
    pub generation: u64,
    /// The models that there are, and the one by which answers are computed.
    pub models: Arc<Models>,
    whole: Arc<Whole>,
}

/// What is read of a whole view, for all answers that are computed from it: worked out when the first one asks.
#[derive(Default)]
struct Whole {
    roll: OnceLock<Arc<Roll>>,
    topics: OnceLock<Arc<TopicMap>>,
    usual_members: OnceLock<usize>,
}

impl Snapshot {
    /// The state that `view` shows, which nobody has read anything of yet.
    pub(super) fn new(view: View, generation: u64, models: Arc<Models>) -> Self {
        Self {
            view,
            generation,
            models,
            whole: Arc::default(),
        }
    }

    /// Everybody's part in every community. Cost: the first time, all people and memberships; then none.
    pub fn roll(&self) -> &Arc<Roll> {
        self.whole.roll.get_or_init(|| Arc::new(Roll::of(&self.view)))
    }

    /// The topics of every community. Cost: the first time, all of them; then none.
    pub fn topics(&self) -> &Arc<TopicMap> {
        self.whole.topics.get_or_init(|| Arc::new(TopicMap::of(&self.view)))
    }

    /// Members usual for an animator. Cost: the first time, all memberships; then none.
    pub(super) fn usual_members(&self) -> usize {
        *self.whole.usual_members.get_or_init(|| usual_members(&self.view))
    }

    /// The recommender of people who could answer, as the model in use weighs it.
    pub fn experts(&self) -> &ExpertsRecommender {
        self.models.experts()
    }

    /// The recommender of people who could co-animate.
    pub fn co_animators(&self) -> &CoAnimatorsRecommender {
        self.models.co_animators()
    }

    /// The recommender of communities for a person.
    pub fn communities(&self) -> &CommunitiesRecommender {
        self.models.communities()
    }

    /// The recommender of people who know about something.
    pub fn search(&self) -> &SearchRecommender {
        self.models.search()
    }

    /// The instant as of which answers hold: the clock, floored to the minute so that answers can be cached, but never
    /// earlier than the newest fact. Whole seconds.
    pub fn as_of(&self, now: Timestamp) -> Timestamp {
        let minute = now.floored_to(60);
        self.view.newest().map_or(minute, |newest| minute.max(ceiling(newest)))
    }
}

/// The first whole second that is not before `at`.
fn ceiling(at: Timestamp) -> Timestamp {
    let second = at.floored_to(1);
    if second < at {
        second.plus_micros(1_000_000)
    } else {
        second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_is_a_whole_second_and_never_before() {
        for (at, whole) in [
            (0, 0),
            (1, 1),
            (999_999, 1),
            (1_000_000, 1),
            (1_000_001, 2),
            (-1, 0),
            (-1_000_000, -1),
        ] {
            let found = ceiling(Timestamp::from_micros(at));
            assert_eq!(found, Timestamp::from_micros(whole * 1_000_000), "{at}");
        }
    }
}
