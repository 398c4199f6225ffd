//! What several signals read of the people of one query: each list of answers and each history is walked once, not once
//! a signal.

use super::{Experts, ExpertsQuery};
use crate::domain::Timestamp;
use crate::pipeline::Subjects;
use crate::world::{AnswerIx, PersonIx, View};

/// Days after which an answer weighs half.
const HALF_LIFE_DAYS: f64 = 730.0;

/// A person's answers to one similar question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vote {
    /// The person's place among the subjects.
    pub place: usize,
    /// The question's place in `ExpertsQuery::similar`.
    pub rank: usize,
    /// What the answers are worth, 0..1.
    pub worth: f64,
}

/// What is read of the people.
pub struct Gathered {
    /// Who answered similar questions, in the order of questions.
    pub votes: Vec<Vote>,
    /// For each person, Σ over the question's tags of idf · ln(1 + decayed answers under the tag), at the half-lives of
    /// `ExpertsQuery::weeks`.
    pub tags: Vec<[f64; 3]>,
    /// For each person, decayed answers in the question's community, at the half-lives of `ExpertsQuery::weeks`.
    pub community: Vec<[f64; 3]>,
    /// For each person, decayed answers, at the half-lives of `ExpertsQuery::days`.
    pub activity: Vec<[f64; 3]>,
}

impl Gathered {
    /// Reads `people`. Cost: the answers of the similar questions, and each person's weeks under the tags and days.
    pub fn of(view: &View, query: &ExpertsQuery, people: Subjects<'_, Experts>) -> Self {
        let mut gathered = Self {
            votes: votes(view, query, people),
            tags: vec![[0.0; 3]; people.len()],
            community: vec![[0.0; 3]; people.len()],
            activity: Vec::with_capacity(people.len()),
        };
        for (place, person) in people.iter().enumerate() {
            let evidence = &view.people.get(person).evidence;
            for &(tag, idf) in &query.tags {
                let Some(weeks) = evidence.tag(tag) else { continue };
                for (sum, answers) in gathered.tags[place].iter_mut().zip(weeks.decayed(&query.weeks)) {
                    *sum += idf * libm::log1p(answers);
                }
            }
            if let Some(weeks) = query.community.and_then(|community| evidence.community(community)) {
                gathered.community[place] = weeks.decayed(&query.weeks);
            }
            gathered.activity.push(evidence.days.decayed(&query.days));
        }
        gathered
    }
}

/// Worth of one answer: (1 + ½·accepted + ¼·ln(1 + score)) · 2^(−age / half-life); rises with acceptance and score.
fn worth(view: &View, answer: AnswerIx, as_of: Timestamp) -> f64 {
    let Some(state) = view.answers.get(answer).state.as_deref() else {
        return 0.0;
    };
    let accepted = if state.accepted { 0.5 } else { 0.0 };
    let liked = 0.25 * libm::log1p(state.score.max(0) as f64);
    let age_days = (as_of.minutes_since(state.at) as f64) / 1440.0;
    (1.0 + accepted + liked) * libm::exp2(-age_days / HALF_LIFE_DAYS)
}

/// Every person's answers to every similar question. Answers to one question saturate, 1 − 2^(−Σ worth), so that a long
/// exchange does not outweigh ten questions.
fn votes(view: &View, query: &ExpertsQuery, subjects: Subjects<'_, Experts>) -> Vec<Vote> {
    let mut votes = Vec::new();
    let mut people: Vec<(PersonIx, f64)> = Vec::new();
    for (rank, similar) in query.similar.iter().enumerate() {
        people.clear();
        for &answer in &view.questions.get(similar.question).answers {
            let Some((author, _)) = view.counted(answer) else {
                continue;
            };
            let worth = worth(view, answer, query.as_of);
            match people.iter_mut().find(|(person, _)| *person == author) {
                Some((_, sum)) => *sum += worth,
                None => people.push((author, worth)),
            }
        }
        let vote = |&(person, sum): &(PersonIx, f64)| {
            let place = subjects.position(person)?;
            let worth = 1.0 - libm::exp2(-sum);
            Some(Vote { place, rank, worth })
        };
        votes.extend(people.iter().filter_map(vote));
    }
    votes
}
