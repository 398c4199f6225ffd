//! What several signals read of the people of one query: each list of answers and each history is walked once, not once
//! a signal.

use super::{Experts, ExpertsQuery, Vote};
use crate::pipeline::Subjects;
use crate::world::{TagIx, View};

/// What is read of the people; what was not read is empty.
#[derive(Default)]
pub struct Gathered {
    /// Where each of the query's votes belongs among the people; `None` for whoever is not one of them.
    pub voters: Vec<Option<usize>>,
    /// As `voters`, for the query's votes of related questions.
    pub related_voters: Vec<Option<usize>>,
    /// For each person, Σ over the question's tags of idf · ln(1 + decayed answers under the tag), at the half-lives of
    /// `ExpertsQuery::weeks`.
    pub tags: Vec<[f64; 3]>,
    /// For each person, Σ over the question's tags of answers under the tag: a whole number.
    pub tagged: Vec<f64>,
    /// For each person, decayed answers in the question's community, at the half-lives of `ExpertsQuery::weeks`.
    pub community: Vec<[f64; 3]>,
    /// For each person, decayed answers, at the half-lives of `ExpertsQuery::days`.
    pub activity: Vec<[f64; 3]>,
}

impl Gathered {
    /// Reads `people`. Cost: each person's days, and their weeks under the question's tags.
    pub fn of(view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        Self::deeds(view, query, people).with_topics(view, query, people)
    }

    /// Votes and activity, without what depends on tags and community. Cost: each person's days.
    pub fn deeds(view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        let place = |vote: &Vote| people.position(vote.person);
        let activity = |person| view.people.get(person).evidence.days.decayed(&query.days);
        Self {
            voters: query.votes.iter().map(place).collect(),
            related_voters: query.related_votes.iter().map(place).collect(),
            activity: people.iter().map(activity).collect(),
            ..Self::default()
        }
    }

    /// What depends on tags and community, without votes and activity. Cost: each person's weeks under the question's tags.
    pub fn topics(view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        Self::default().with_topics(view, query, people)
    }

    /// This, and what depends on tags and community. Cost: as [`Self::topics`].
    #[must_use]
    pub fn with_topics(mut self, view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        let mut tags: Vec<(TagIx, usize)> = query.tags.iter().zip(0..).map(|(&(tag, _), n)| (tag, n)).collect();
        tags.sort_unstable();
        let mut under: Vec<(usize, [f64; 3])> = Vec::new();
        for person in people.iter() {
            let evidence = &view.people.get(person).evidence;
            let (mut worth, mut answers) = ([0.0; 3], 0.0);
            under.clear();
            // Weeks lie far apart in memory: many are read before anything hangs on one of them.
            let weeks = evidence.tags_among(&tags);
            under.extend(weeks.map(|(n, weeks)| (n, weeks.decayed(&query.weeks))));
            // In the order of names: the same sum whatever came first.
            under.sort_unstable_by_key(|(n, _)| *n);
            for (n, decayed) in &under {
                let idf = query.tags[*n].1;
                for (sum, answers) in worth.iter_mut().zip(decayed) {
                    *sum += idf * libm::log1p(*answers);
                }
                // The last half-life is endless: nothing fades, and the sum is a count.
                answers += decayed[2];
            }
            self.tags.push(worth);
            self.tagged.push(answers);
            let weeks = query.community.and_then(|community| evidence.community(community));
            self.community
                .push(weeks.map_or([0.0; 3], |weeks| weeks.decayed(&query.weeks)));
        }
        self
    }
}
