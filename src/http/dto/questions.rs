//! Questions on the wire: those that are listed, and one that is being written.

use crate::app::QuestionCard;
use crate::calendar::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// A part of the list of questions.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Questions {
    /// The questions, those that wait longest first.
    pub(in crate::http) items: Vec<Question>,
    /// What to send as `cursor` for the next part; null at the end.
    pub(in crate::http) next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    pub(in crate::http) generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    pub(in crate::http) as_of: String,
}

/// A question in a list.
#[derive(Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "the identifier bears the noun's name, as in events"
)]
pub(in crate::http) struct Question {
    /// Its identifier.
    question: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// Who asked, unless they withheld their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    asker: Option<String>,
    /// The community in which it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    community: Option<String>,
    /// Its tags.
    tags: Vec<String>,
    /// The primary tag of its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    language: Option<String>,
    /// When it was asked.
    #[schema(format = DateTime)]
    at: String,
    /// Answers by others than the asker.
    answers: usize,
    /// Whether it is closed.
    closed: bool,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
}

impl From<QuestionCard> for Question {
    fn from(card: QuestionCard) -> Self {
        Self {
            question: card.question.to_string(),
            title: card.title.map(|title| title.to_string()),
            asker: card.asker.map(|asker| asker.to_string()),
            community: card.community.map(|community| community.to_string()),
            tags: card.tags.iter().map(ToString::to_string).collect(),
            language: card.language.map(|language| language.to_string()),
            at: rfc3339(card.at),
            answers: card.answers,
            closed: card.closed,
            url: card.url.map(|url| url.to_string()),
        }
    }
}

/// A question being written.
#[derive(Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(example = json!({
    "title": "How do I rotate the signing certificate?", "body": "The **old one** ends on Friday.",
    "body_format": "markdown", "tags": ["certificates"], "community": "security", "asker": "p-17", "language": "en"
}))]
pub(in crate::http) struct Draft {
    /// The title.
    #[schema(min_length = 1, max_length = 500)]
    pub(in crate::http) title: String,
    /// The body.
    #[schema(max_length = 20_000)]
    pub(in crate::http) body: Option<String>,
    /// How the body is written: `text` (the default), `markdown` or `html`.
    #[schema(pattern = "^(text|markdown|html)$")]
    pub(in crate::http) body_format: Option<String>,
    /// Tags.
    #[schema(max_items = 50)]
    pub(in crate::http) tags: Option<Vec<String>>,
    /// The community in which it would be asked.
    #[schema(min_length = 1, max_length = 200)]
    pub(in crate::http) community: Option<String>,
    /// Who asks.
    #[schema(min_length = 1, max_length = 200)]
    pub(in crate::http) asker: Option<String>,
    /// Its language, BCP 47.
    #[schema(min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    pub(in crate::http) language: Option<String>,
}
