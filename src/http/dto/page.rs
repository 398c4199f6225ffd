//! Answers about the questions of a page, on the wire.

use super::ProblemCode;
use super::people::Experts;
use crate::app::{ExpertsAnswer, ManyExperts as Many, QueryError, Reply};
use crate::calendar::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// The questions of a page.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"questions": ["forum/42", "forum/43"], "limit": 3, "order": "waves"}))]
#[expect(dead_code, reason = "only its description is used: the body is read key by key")]
pub(in crate::http) struct QuestionIds {
    /// Which; each is answered in its place.
    #[schema(max_items = 50)]
    questions: Vec<String>,
    /// How many people at most for each; 3 unless given.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u8>,
    /// `waves` (the default) or `score`.
    #[schema(pattern = "^(waves|score)$")]
    order: Option<String>,
}

/// People who could answer each question of a page.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ManyExperts {
    /// One for each question, in the order in which they were asked for.
    items: Vec<QuestionAnswer>,
    /// Always null: the answer is whole.
    next_cursor: Option<String>,
    /// The last sequence of the log that the answers know.
    generation: u64,
    /// The instant as of which they hold.
    #[schema(format = DateTime)]
    as_of: String,
}

/// What there is for one question: an answer, or why there is none.
#[derive(Serialize, ToSchema)]
struct QuestionAnswer {
    /// The question.
    question: String,
    /// As `GET /v1/questions/{id}/experts` answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    answer: Option<Experts>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    problem: Option<NoAnswer>,
}

/// Why one question has no answer.
#[derive(Serialize, ToSchema)]
struct NoAnswer {
    code: ProblemCode,
    /// What was wrong, for people.
    detail: String,
}

impl ManyExperts {
    /// `many` are the answers to `questions`.
    pub(in crate::http) fn of(questions: Vec<String>, many: Many) -> Self {
        let item = |(question, answer): (String, Result<Reply<ExpertsAnswer>, QueryError>)| {
            let (answer, problem) = match answer {
                Ok(reply) => (Some(Experts::from(reply)), None),
                Err(error) => (
                    None,
                    Some(NoAnswer {
                        code: ProblemCode::NotFound,
                        detail: error.to_string(),
                    }),
                ),
            };
            QuestionAnswer {
                question,
                answer,
                problem,
            }
        };
        Self {
            items: questions.into_iter().zip(many.answers).map(item).collect(),
            next_cursor: None,
            generation: many.generation,
            as_of: rfc3339(many.as_of),
        }
    }
}
