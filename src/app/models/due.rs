//! When a model should be learnt by itself: never while one is pinned, and not before there is something to learn from.

use super::Shelf;
use crate::app::Service;
use crate::domain::MemberRole;
use crate::fit::{QUERIES_MIN, QUESTIONS_MIN};
use crate::recommend::Recommender;
use crate::replay::LinkRule;
use crate::world::{Counts, Ix as _, PersonIx, View};

/// Answers under a tag of which a lesson on searches has three at each of its twelve instants; and such tags, from which
/// there are queries enough.
const ANSWERS: u32 = 60;
const TAGS: usize = QUERIES_MIN.div_ceil(12);

impl Service {
    /// The recommenders whose model should be learnt now, by itself: there is none and there is enough to try, or the newest is
    /// `days` old. None with 0 days, and none of which a model is pinned. Cost: looks at few questions and people, or, where
    /// hardly anybody joined anything, at all people.
    pub fn refit_due(&self, days: u32) -> Vec<Recommender> {
        let snapshot = self.snapshot();
        let now = self.now();
        let is_due = |shelf: &&Shelf| {
            let newest = shelf.newest_first().next();
            let enough = || has_enough(&snapshot.view, shelf.which());
            let is_old = |made| now.minutes_since(made) >= u64::from(days) * 24 * 60;
            shelf.pinned().is_none() && newest.map_or_else(enough, |newest| is_old(newest.made))
        };
        if days == 0 {
            return Vec::new();
        }
        snapshot.models.shelves().filter(is_due).map(Shelf::which).collect()
    }
}

/// Whether it is worth trying to learn for `which`: with fewer nothing could be learnt.
fn has_enough(view: &View, which: Recommender) -> bool {
    let joined = |role: Option<MemberRole>| {
        let memberships = view.people.iter().flat_map(|(_, node)| &node.memberships);
        let known = memberships.filter(|(_, membership)| {
            let wanted = role.is_none_or(|role| membership.role() == Some(role));
            wanted && membership.stays().iter().any(|stay| !stay.since_unknown)
        });
        known.take(QUERIES_MIN).count() == QUERIES_MIN
    };
    match which {
        Recommender::Experts => with_words(view, QUESTIONS_MIN) == QUESTIONS_MIN,
        Recommender::Communities => joined(None),
        Recommender::CoAnimators => joined(Some(MemberRole::Animator)),
        Recommender::Search => subjects(view, TAGS) == TAGS,
        Recommender::Skills => {
            let enough = LinkRule::to_learn().links_min;
            let stated = view.people.iter().filter(|(_, node)| node.assertions.len() >= enough);
            stated.take(QUERIES_MIN).count() == QUERIES_MIN
        }
    }
}

/// Tags and communities under which so many answers were given that each of the instants of a lesson has its share, counted up
/// to `most`.
fn subjects(view: &View, most: usize) -> usize {
    let tags = view.tags.iter().map(|(_, node)| &node.answerers);
    let communities = view.communities.iter().map(|(_, node)| &node.answerers);
    let answers = |answerers: &Counts<PersonIx>| answerers.iter().map(|(_, count)| count).sum::<u32>();
    let all = tags.chain(communities);
    all.filter(|answerers| answers(answerers) >= ANSWERS).take(most).count()
}

/// Questions with words, counted up to `most`.
pub(super) fn with_words(view: &View, most: usize) -> usize {
    let questions = view.questions.iter();
    questions
        .filter(|(ix, _)| view.texts.contains(ix.row()))
        .take(most)
        .count()
}
