//! Who answered questions close to this one: three readings of one list of past questions.
//!
//! An answer's worth is 1, half more when it is accepted, a little more with its score, and fades with a half-life of
//! two years. Answers to one question saturate: 1 − 2^(−worth), so that a long exchange does not outweigh ten questions.

use super::{Experts, ExpertsQuery, Family, Proof, Similar};
use crate::domain::Timestamp;
use crate::pipeline::{Scale, Signal, Subjects};
use crate::world::{AnswerIx, PersonIx, View};

/// Days after which an answer weighs half.
const HALF_LIFE_DAYS: f64 = 730.0;

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

/// Calls `each` with every person who answered a similar question, and what their answers to it are worth, 0..1.
fn votes(view: &View, query: &ExpertsQuery, mut each: impl FnMut(&Similar, PersonIx, f64)) {
    let mut people: Vec<(PersonIx, f64)> = Vec::new();
    for similar in &query.similar {
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
        people
            .iter()
            .for_each(|&(person, sum)| each(similar, person, 1.0 - libm::exp2(-sum)));
    }
}

/// The person's answers to similar questions, those to the closest first; only what the viewer may see.
fn answers(view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
    let visible = query
        .similar
        .iter()
        .filter(|s| query.shows(view, view.questions.get(s.question).community));
    let answers = visible.flat_map(|s| view.answers_by(person, s.question));
    answers
        .filter(|&a| view.counted(a).is_some())
        .map(Proof::Answer)
        .collect()
}

macro_rules! similar_signal {
    ($(#[$doc:meta])* $name:ident, $label:literal, |$out:ident, $similar:ident, $vote:ident| $body:expr) => {
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
                Scale::ByMaximum
            }

            fn theme(&self) -> &'static str {
                "similar"
            }

            fn measure(&self, view: &View, query: &ExpertsQuery, subjects: Subjects<'_, Experts>, out: &mut [f64]) {
                votes(view, query, |$similar, person, $vote| {
                    if let Some(place) = subjects.position(person) {
                        let $out = &mut out[place];
                        $body;
                    }
                });
            }

            fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
                answers(view, query, person)
            }
        }
    };
}

similar_signal!(
    /// Σ over similar questions of strength · vote. Better; rises with every answer. Cost: the answers of 100 questions.
    /// After the BM25 vote of expert-finding literature (Balog, "Language models for expert finding", voting models).
    SimilarVote,
    "similar_vote",
    |out, similar, vote| *out += similar.strength * vote
);

similar_signal!(
    /// Σ over similar questions of vote / (10 + rank). Better; rises with every answer; insensitive to score gaps.
    /// After reciprocal rank fusion (Cormack et al. 2009).
    SimilarRank,
    "similar_rank",
    |out, similar, vote| *out += vote / (10.0 + similar.rank as f64)
);

similar_signal!(
    /// The largest strength · vote. Better; one very close question suffices.
    SimilarMax,
    "similar_max",
    |out, similar, vote| *out = out.max(similar.strength * vote)
);
