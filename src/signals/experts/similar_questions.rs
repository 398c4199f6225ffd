//! Who answered questions close to this one: three readings of the list of those that share its words, and one of those
//! that share its subject.
//!
//! An answer's worth is 1, half more when it is accepted, a little more with its score, and fades with a half-life of
//! two years. Answers to one question saturate: 1 − 2^(−worth), so that a long exchange does not outweigh ten questions.

use super::{Experts, ExpertsQuery, Family, Proof, Similar};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{PersonIx, View};

/// The person's answers to similar questions, those to the closest first; only what the viewer may see.
fn answers(view: &View, query: &ExpertsQuery, similar: &[Similar], person: PersonIx) -> Vec<Proof> {
    let visible = similar
        .iter()
        .filter(|s| query.shows(view, view.questions.get(s.question).community));
    let answers = visible.flat_map(|s| view.answers_by(person, s.question));
    answers
        .filter(|&a| view.counted(a).is_some())
        .map(Proof::Answer)
        .collect()
}

macro_rules! similar_signal {
    ($(#[$doc:meta])* $name:ident, $label:literal, $scale:expr, $theme:literal, $similar_list:ident, $votes:ident, $voters:ident, |$out:ident, $similar:ident, $vote:ident| $body:expr) => {
        $(#[$doc])*
        pub struct $name;

        impl Signal<Experts> for $name {
            fn name(&self) -> &'static str {
                $label
            }

            fn family(&self) -> Family {
                Family::SimilarQuestions
            }

            fn scale(&self) -> Scale {
                $scale
            }

            fn theme(&self) -> &'static str {
                $theme
            }

            fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
                for (vote, &place) in round.query.$votes.iter().zip(&round.gathered.$voters) {
                    let Some(place) = place else { continue };
                    let ($out, $similar, $vote) = (&mut out[place], &round.query.$similar_list[vote.rank], vote.worth);
                    $body;
                }
            }

            fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
                answers(view, query, &query.$similar_list, person)
            }
        }
    };
}

similar_signal!(
    /// Σ over similar questions of strength · vote. Better; rises with every answer. Cost: one product a vote.
    /// After the BM25 vote of expert-finding literature (Balog, "Language models for expert finding", voting models).
    SimilarVote,
    "similar_vote",
    Scale::ByMaximum,
    "similar",
    similar,
    votes,
    voters,
    |out, similar, vote| *out += similar.strength * vote
);

similar_signal!(
    /// Σ over similar questions of vote / (10 + rank). Better; rises with every answer; insensitive to score gaps.
    /// After reciprocal rank fusion (Cormack et al. 2009).
    SimilarRank,
    "similar_rank",
    Scale::ByMaximum,
    "similar",
    similar,
    votes,
    voters,
    |out, similar, vote| *out += vote / (10.0 + similar.rank as f64)
);

similar_signal!(
    /// The largest strength · vote. Better; one very close question suffices.
    SimilarMax,
    "similar_max",
    Scale::ByMaximum,
    "similar",
    similar,
    votes,
    voters,
    |out, similar, vote| *out = out.max(similar.strength * vote)
);

similar_signal!(
    /// Σ over related questions, those about the same subject whatever their words, of cosine · vote, in tenths of Σ
    /// cosine: how much of the neighbourhood the person answered. In 0..=10, and rarely above 2. Better; rises with every
    /// answer. Cost: one product a vote.
    RelatedShare,
    "related_share",
    Scale::Fixed,
    "related",
    related,
    related_votes,
    related_voters,
    |out, similar, vote| *out += similar.strength * vote * 10.0 / similar.of
);
