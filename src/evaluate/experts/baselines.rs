//! Simple rankings that ours is held against: whoever does not beat them has nothing to explain.
//!
//! Each reads the same snapshot and the same understood question as ours, and ranks the same candidates.

use crate::signals::ExpertsQuery;
use crate::world::{PersonIx, View};

/// The place, among the query's decays of day buckets, of a half-life of 30 days.
const HALF_LIFE_30D: usize = 1;
/// The place, among the query's decays of week buckets, of a half-life of 180 days.
const HALF_LIFE_180D: usize = 1;

/// A simple ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// Answers so far.
    MostActive,
    /// Answers, decayed with a half-life of 30 days.
    RecentlyActive,
    /// Σ of the BM25 scores of those of the 100 closest past questions that the person answered.
    Bm25Vote,
    /// Σ over the question's tags of ln(1 + answers under the tag, decayed with a half-life of 180 days). For a question
    /// without tags, its community is its tag.
    TagAffinity,
}

impl Baseline {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::MostActive,
        Self::RecentlyActive,
        Self::Bm25Vote,
        Self::TagAffinity,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MostActive => "most_active",
            Self::RecentlyActive => "recently_active",
            Self::Bm25Vote => "bm25_vote",
            Self::TagAffinity => "tag_affinity",
        }
    }

    /// The score of each of `people`, in their order; ≥ 0.
    pub(super) fn scores(self, view: &View, query: &ExpertsQuery, people: &[PersonIx]) -> Vec<f64> {
        let answers = |person: PersonIx| f64::from(view.people.get(person).evidence.answers);
        match self {
            Self::MostActive => people.iter().map(|&person| answers(person)).collect(),
            Self::RecentlyActive => people.iter().map(|&person| recent(view, query, person)).collect(),
            Self::Bm25Vote => {
                let votes = votes(view, query);
                let vote = |person| {
                    votes
                        .binary_search_by_key(&person, |vote| vote.0)
                        .map_or(0.0, |n| votes[n].1)
                };
                people.iter().map(|&person| vote(person)).collect()
            }
            Self::TagAffinity => people.iter().map(|&person| under_tags(view, query, person)).collect(),
        }
    }
}

fn recent(view: &View, query: &ExpertsQuery, person: PersonIx) -> f64 {
    view.people.get(person).evidence.days.decayed(&query.days)[HALF_LIFE_30D]
}

/// Who answered similar questions, in order of index, with the sum of the scores; each sum in the order of questions.
pub(in crate::evaluate) fn votes(view: &View, query: &ExpertsQuery) -> Vec<(PersonIx, f64)> {
    let mut votes: Vec<(PersonIx, f64)> = Vec::new();
    for similar in &query.similar {
        let answers = &view.questions.get(similar.question).answers;
        let mut authors: Vec<PersonIx> = answers
            .iter()
            .filter_map(|&answer| view.contribution(answer))
            .map(|c| c.author)
            .collect();
        authors.sort_unstable();
        authors.dedup();
        votes.extend(authors.into_iter().map(|author| (author, similar.strength)));
    }
    // Stable: a person's votes stay in the order of questions, and so does their sum.
    votes.sort_by_key(|vote| vote.0);
    votes.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    votes
}

fn under_tags(view: &View, query: &ExpertsQuery, person: PersonIx) -> f64 {
    let evidence = &view.people.get(person).evidence;
    let tags = query.tags.iter().filter_map(|&(tag, _)| evidence.tag(tag));
    let community = query.community.filter(|_| query.tags.is_empty());
    let community = community.and_then(|community| evidence.community(community));
    tags.chain(community)
        .map(|weeks| libm::log1p(weeks.decayed(&query.weeks)[HALF_LIFE_180D]))
        .sum()
}
