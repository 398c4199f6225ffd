//! What is to become of what was learnt, and why.

use crate::fit::{NEWER_MIN, QUERIES_MIN, QUESTIONS_MIN};
use crate::recommend::Recommender;

/// Why what was looked for was not taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Too few questions with words for a basis, of which there are so many.
    FewQuestions(usize),
    /// No word of the questions is one that several people use, and not everybody.
    NoTerms,
    /// Too few questions that somebody else than a stranger answered, for weights.
    FewAnswered,
    /// Too few days on which people joined or began to animate, of which there are so many.
    FewDays(usize),
    /// Too few people of whom five skills are stated, of which there are so many.
    FewPeople(usize),
    /// Too few questions or days since the weights in use were learnt, of which there are so many.
    FewNew(usize),
    /// The weights in use do better.
    Loses,
    /// It is what is in use.
    Same,
    /// Somebody was erased, of whom the basis before held a share.
    Erased,
}

impl Reason {
    /// A word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FewQuestions(_) => "few_questions",
            Self::NoTerms => "no_terms",
            Self::FewAnswered => "few_answered",
            Self::FewDays(_) => "few_days",
            Self::FewPeople(_) => "few_people",
            Self::FewNew(_) => "few_new",
            Self::Loses => "loses",
            Self::Same => "same",
            Self::Erased => "erased",
        }
    }

    /// The same in a sentence about `which`.
    pub fn sentence(self, which: Recommender) -> String {
        let queries = match which {
            Recommender::Experts => "questions",
            Recommender::Communities => "first joins of communities",
            Recommender::CoAnimators => "first times of animating beside others",
            Recommender::Search => "tags that people went on answering under",
            Recommender::Skills => "people with stated skills",
        };
        match self {
            Self::FewQuestions(found) => {
                format!("too little history: {found} questions have words, and it takes {QUESTIONS_MIN}")
            }
            Self::NoTerms => {
                "too little to learn from: no word is used by three people and in less than a fifth of the questions"
                    .to_owned()
            }
            Self::FewAnswered => format!(
                "too little history: it takes {QUERIES_MIN} questions that were answered by people who had answered before"
            ),
            Self::FewDays(found) => {
                format!("too little history: {found} {queries} can be learnt from, and it takes {QUERIES_MIN}")
            }
            Self::FewPeople(found) => {
                format!("too little is stated: {found} people have five skills or more, and it takes {QUERIES_MIN}")
            }
            Self::FewNew(found) => format!(
                "too few new {queries} since the model in use: {found} of {NEWER_MIN} that it takes to tell which is better"
            ),
            Self::Loses => format!("on the newest {queries} the weights in use do better"),
            Self::Same => "it is what is in use already".to_owned(),
            Self::Erased => "somebody was erased, of whom the basis before held a share".to_owned(),
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
