//! Those who could answer a question, before it is decided who is asked: many questions are looked at first, and only
//! those who are chosen are put into words.

use super::answer::Pick;
use super::confidence::Confidence;
use super::wording::Wording;
use super::{ExpertsRecommender, Manner, Tongue};
use crate::pipeline::{Kept, Placed};
use crate::signals::{Exclusion, Experts, ExpertsQuery, Move, Precedence};
use crate::world::{PersonIx, View};

/// Somebody who could answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub person: PersonIx,
    /// Relevance for this one question.
    pub score: f64,
    /// Place by relevance alone, from 1.
    pub base_rank: usize,
    /// 1 for peers, 2 for heads of the asker's unit, 3 for the animators of the question's community.
    pub precedence: u16,
    /// How likely they answer.
    pub confidence: Confidence,
}

/// Those who could answer one question. Some 40 kB.
pub struct Shortlist {
    /// The question, as it was understood.
    pub query: ExpertsQuery,
    /// The candidates, peers first, by score within.
    pub people: Vec<Candidate>,
    /// Who was not considered, and why.
    pub dropped: Vec<(PersonIx, Exclusion)>,
    kept: Kept<Experts>,
}

impl ExpertsRecommender {
    /// The `most` who come first among those who could answer `query`: peers, then heads of the asker's unit, then the
    /// animators of its community. Cost: as one answer.
    pub fn shortlist(&self, view: &View, query: ExpertsQuery, most: usize) -> Shortlist {
        let (ranking, kept) = self.pipeline.shortlist(&Precedence, view, &query, most);
        let confidence = self.confidence(&ranking);
        let candidate = |(placed, confidence): (&Placed<Experts>, Confidence)| Candidate {
            person: placed.subject,
            score: placed.score,
            base_rank: placed.base_rank,
            precedence: placed.wave,
            confidence,
        };
        Shortlist {
            people: ranking.picks.iter().zip(confidence).map(candidate).collect(),
            dropped: ranking.dropped,
            query,
            kept,
        }
    }

    /// The candidates at the places `chosen` of a shortlist, in that order, as an answer about the one question shows
    /// them: all in the first wave. Whoever does not stand where relevance alone puts them was moved by the plan.
    pub fn told(
        &self,
        view: &View,
        list: &Shortlist,
        title: &str,
        chosen: &[usize],
        (tongue, manner): (Tongue, Manner),
    ) -> Vec<Pick> {
        let wording = Wording {
            view,
            query: &list.query,
            title,
            tongue,
            manner,
        };
        let tell = |(rank, &place): (usize, &usize)| {
            let candidate = list.people[place];
            let parts = self.pipeline.explain(view, &list.query, &list.kept, candidate.person);
            let placed = Placed {
                subject: candidate.person,
                score: candidate.score,
                base_rank: candidate.base_rank,
                wave: 1,
                moved_by: (candidate.base_rank != rank).then_some(Move::Plan),
                parts,
            };
            wording.pick(rank, &placed, candidate.confidence)
        };
        (1..).zip(chosen).map(tell).collect()
    }
}
