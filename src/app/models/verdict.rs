//! What is to become of what was learnt, and why.

use crate::fit::{NEWER_MIN, QUESTIONS_MIN};
use std::fmt;

/// Why what was looked for was not taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Too few questions with words for a basis, of which there are so many.
    FewQuestions(usize),
    /// No word of the questions is one that several people use, and not everybody.
    NoTerms,
    /// Too few questions that somebody else than a stranger answered, for weights.
    FewAnswered,
    /// Too few questions since the weights in use were learnt, of which there are so many.
    FewNew(usize),
    /// The weights in use do better.
    Loses,
    /// It is what is in use.
    Same,
}

impl Reason {
    /// A word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FewQuestions(_) => "few_questions",
            Self::NoTerms => "no_terms",
            Self::FewAnswered => "few_answered",
            Self::FewNew(_) => "few_new",
            Self::Loses => "loses",
            Self::Same => "same",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewQuestions(found) => write!(
                f,
                "too little history: {found} questions have words, and it takes {QUESTIONS_MIN}"
            ),
            Self::NoTerms => f.write_str(
                "too little to learn from: no word is used by three people and in less than a fifth of the questions",
            ),
            Self::FewAnswered => f.write_str(
                "too little history: it takes 40 questions that were answered by people who had answered before",
            ),
            Self::FewNew(found) => write!(
                f,
                "too few new questions since the model in use: {found} of {NEWER_MIN} that it takes to tell which is better"
            ),
            Self::Loses => f.write_str("on the newest questions the weights in use do better"),
            Self::Same => f.write_str("it is what is in use already"),
        }
    }
}

/// What is to become of what was learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Weights and basis are taken.
    Adopted,
    /// The basis is taken, and the weights stay as they are, for this reason.
    BasisAlone(Reason),
    /// Nothing is taken.
    Refused(Reason),
}
