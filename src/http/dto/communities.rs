//! Communities for a person, on the wire. A small count is never told: it can give a person away.

use super::cards::{kind, role};
use super::people::ReasonDto;
use super::tally::Tally;
use crate::app::{CommunitiesAnswer, Greeting, Reply, Waiting, Welcome};
use crate::calendar::rfc3339;
use crate::http::experts::cursor;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Communities where a person may belong.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Communities {
    /// Those shown, in order; empty when there is none.
    items: Vec<WelcomeDto>,
    /// Where the page goes on; null at its end.
    next_cursor: Option<String>,
    /// How many communities were not considered, by reason; `some` stands for fewer than five.
    excluded: BTreeMap<&'static str, Tally>,
    /// Why there is no item, when there is none: `left`, `opted_out` (`unavailable` to others than the person), or
    /// `nothing_open`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    nothing: Option<&'static str>,
    /// What is to be known of all that is shown: `other_language` when nothing in a language of the person's is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    note: Option<NoteDto>,
    /// The name of exactly this answer: quoted by `feedback.given`.
    recommendation: String,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// What is to be known of all that is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = PageNote)]
struct NoteDto {
    /// Stable.
    code: &'static str,
    /// It, in the reader's language.
    text: &'static str,
}

/// A community where the person may belong.
#[derive(Serialize, ToSchema)]
#[schema(as = Welcome)]
struct WelcomeDto {
    /// Which.
    subject: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// What it is for: `interest`, `practice`, `project`, `instance`, `watch`, `team`, `process` or `unspecified`.
    kind: &'static str,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// Where its charter is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    charter_url: Option<String>,
    /// Place in this answer.
    #[schema(minimum = 1)]
    rank: usize,
    /// Place by relevance alone.
    #[schema(minimum = 1)]
    base_rank: usize,
    /// Relevance within this one answer; comparable to nothing else.
    score: f64,
    /// For what it is shown: `close` to what the person knows, likes or works on; `around`, where people near them are;
    /// `open` to all.
    ground: &'static str,
    /// Whether it lies outside the person's usual circle: one in five does, where there is one.
    side_step: bool,
    /// Why the place is not the one by relevance: `vigour`, `diversity`, `own_subject` or `side_step`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    moved_by: Option<&'static str>,
    /// Why: the three reasons that weigh most, the weightiest first, and all others as one, `other`. The contributions
    /// sum to the score.
    reasons: Vec<ReasonDto>,
    /// Somebody to greet, who has the time; absent when nobody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    greet: Option<GreetingDto>,
    /// Questions that wait there and that the person could answer, at most two.
    #[schema(max_items = 2)]
    questions: Vec<WaitingDto>,
}

/// Somebody to greet.
#[derive(Serialize, ToSchema)]
#[schema(as = Greeting)]
struct GreetingDto {
    /// Who.
    person: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Their part in the community: `member` or `animator`.
    role: &'static str,
    /// Where the platform shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// A few words to send, to be edited.
    words: String,
}

/// A question that waits for an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = Waiting)]
struct WaitingDto {
    /// Which.
    question: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// When it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    at: Option<String>,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// Why this one, in the reader's language.
    text: String,
}

impl From<Greeting> for GreetingDto {
    fn from(greet: Greeting) -> Self {
        Self {
            person: greet.person.to_string(),
            name: greet.name.map(|name| name.to_string()),
            role: role(greet.role),
            url: greet.url.map(|url| url.to_string()),
            words: greet.words,
        }
    }
}

impl From<Waiting> for WaitingDto {
    fn from(waiting: Waiting) -> Self {
        Self {
            question: waiting.question.to_string(),
            title: waiting.title.map(|title| title.to_string()),
            at: waiting.at.map(rfc3339),
            url: waiting.url.map(|url| url.to_string()),
            text: waiting.text,
        }
    }
}

impl From<Welcome> for WelcomeDto {
    fn from(welcome: Welcome) -> Self {
        Self {
            subject: welcome.community.to_string(),
            name: welcome.name.map(|name| name.to_string()),
            kind: kind(welcome.kind),
            url: welcome.url.map(|url| url.to_string()),
            charter_url: welcome.charter_url.map(|url| url.to_string()),
            rank: welcome.rank,
            base_rank: welcome.base_rank,
            score: welcome.score,
            ground: welcome.ground,
            side_step: welcome.side_step,
            moved_by: welcome.moved_by,
            reasons: welcome.reasons.into_iter().map(Into::into).collect(),
            greet: welcome.greet.map(Into::into),
            questions: welcome.questions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Reply<CommunitiesAnswer>> for Communities {
    fn from(reply: Reply<CommunitiesAnswer>) -> Self {
        let answer = reply.answer;
        Self {
            items: answer.items.into_iter().map(Into::into).collect(),
            next_cursor: reply.next.as_deref().map(cursor),
            excluded: answer.excluded.into_iter().map(|(code, n)| (code, n.into())).collect(),
            nothing: answer.nothing,
            note: answer.note.map(|note| NoteDto {
                code: note.code,
                text: note.text,
            }),
            recommendation: reply.recommendation,
            model: answer.model,
            generation: reply.generation,
            as_of: rfc3339(reply.as_of),
        }
    }
}
