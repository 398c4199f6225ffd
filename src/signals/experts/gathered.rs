//! What several signals read of the people of one query: each list of answers and each history is walked once, not once
//! a signal.

use super::{Experts, ExpertsQuery};
use crate::pipeline::Subjects;
use crate::world::View;

/// What is read of the people.
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
        let activity = |person| view.people.get(person).evidence.days.decayed(&query.days);
        Self {
            activity: people.iter().map(activity).collect(),
            ..Self::about(view, query, people)
        }
    }

    /// As [`Self::of`], without what does not depend on the question: nobody's activity is read. Cost: their weeks under
    /// the question's tags.
    pub fn about(view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        let mut gathered = Self {
            voters: query.votes.iter().map(|vote| people.position(vote.person)).collect(),
            related_voters: query
                .related_votes
                .iter()
                .map(|vote| people.position(vote.person))
                .collect(),
            tags: vec![[0.0; 3]; people.len()],
            tagged: vec![0.0; people.len()],
            community: vec![[0.0; 3]; people.len()],
            activity: vec![[0.0; 3]; people.len()],
        };
        for (place, person) in people.iter().enumerate() {
            let evidence = &view.people.get(person).evidence;
            for &(tag, idf) in &query.tags {
                let Some(weeks) = evidence.tag(tag) else { continue };
                let answers = weeks.decayed(&query.weeks);
                for (sum, answers) in gathered.tags[place].iter_mut().zip(answers) {
                    *sum += idf * libm::log1p(answers);
                }
                // The last half-life is endless: nothing fades, and the sum is a count.
                gathered.tagged[place] += answers[2];
            }
            if let Some(weeks) = query.community.and_then(|community| evidence.community(community)) {
                gathered.community[place] = weeks.decayed(&query.weeks);
            }
        }
        gathered
    }
}
