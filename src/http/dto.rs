//! The JSON of the wire, and how answers become it. The only file of this room that knows serde's derives.
//!
//! Instants are RFC 3339 in UTC. A key whose value says nothing is left out, except `next_cursor`, which is `null` at
//! the end of a list.

use crate::app::{
    AlreadyAnswered, Citation, DraftAnswer, ExpertsAnswer, IngestReport, Param, Pick, QuestionCard, Reason,
    RejectedLine, Reply, UnderstoodAs,
};
use crate::domain::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Counts below this are told as `some`: a small count can give a person away.
const FEW: usize = 5;

/// An instant as RFC 3339 in UTC.
pub(super) fn rfc3339(at: Timestamp) -> String {
    let clamped = at.micros().clamp(-377_705_023_201_000_000, 253_402_207_200_999_999);
    jiff::Timestamp::from_microsecond(clamped).map_or_else(|_| String::new(), |instant| instant.to_string())
}

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal;)*) => {
        /// Why a request is refused. Stable: platforms may test it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
        pub(super) enum ProblemCode { $($(#[$doc])* #[serde(rename = $name)] $code,)* }

        impl ProblemCode {
            /// The code on the wire.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }
        }
    };
}

problem_codes! {
    /// A parameter lies outside its range.
    OutOfRange = "out_of_range";
    /// There is no parameter of that name.
    UnknownParameter = "unknown_parameter";
    /// A parameter cannot be read.
    BadParameter = "bad_parameter";
    /// The body cannot be read.
    UnreadableBody = "unreadable_body";
    /// No key, or one that is unknown or revoked.
    Unauthenticated = "unauthenticated";
    /// The key may not do this.
    ScopeMissing = "scope_missing";
    /// There is no such thing, or the caller may not see it.
    NotFound = "not_found";
    /// The route does not take this method.
    MethodNotAllowed = "method_not_allowed";
    /// The body is over a limit.
    TooLarge = "too_large";
    /// The body is compressed.
    UnsupportedEncoding = "unsupported_encoding";
    /// The body can be read, but what it says is not in order.
    BadBody = "bad_body";
    /// Too much to do right now.
    Overloaded = "overloaded";
    /// The service is stopping.
    Stopping = "stopping";
    /// No room on the disk.
    DiskFull = "disk_full";
    /// Something went wrong inside.
    Internal = "internal";
}

/// A refusal (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: the code tells the kinds apart.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The status in words.
    pub(super) title: &'static str,
    /// The status.
    pub(super) status: u16,
    pub(super) code: ProblemCode,
    /// What was wrong and what to do, for people.
    pub(super) detail: String,
    /// The parameters or fields that were wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) errors: Vec<FieldProblem>,
}

/// What is wrong with one parameter or field.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// The parameter, or the path of the field, such as `tags[3]`.
    pub(super) field: String,
    /// Why, stable.
    pub(super) code: &'static str,
    /// What was wrong and what to do, for people.
    pub(super) detail: String,
}

/// What became of a batch.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    /// New events: durable, and visible to whoever asks next.
    accepted: u64,
    /// Events that came before: nothing changed.
    duplicate: u64,
    /// Lines that were not taken, in order of line.
    rejected: Vec<Rejected>,
    /// The last sequence of the log.
    generation: u64,
}

/// A line that was not taken.
#[derive(Serialize, ToSchema)]
pub(super) struct Rejected {
    /// The line of the text or the item of the array, from 1.
    #[schema(minimum = 1)]
    line: u64,
    /// The path of the field, such as `data.tags[3]`; empty when it is the line itself.
    field: String,
    /// Why, stable.
    code: &'static str,
    /// What was wrong and what to do, for people.
    detail: String,
}

impl From<IngestReport> for Report {
    fn from(report: IngestReport) -> Self {
        let rejected = |r: RejectedLine| Rejected {
            line: r.line,
            field: r.field,
            code: r.code,
            detail: r.detail,
        };
        Self {
            accepted: report.accepted,
            duplicate: report.duplicate,
            rejected: report.rejected.into_iter().map(rejected).collect(),
            generation: report.generation,
        }
    }
}

/// Whether the service is well.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    pub(super) status: &'static str,
}

/// People who could answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Experts {
    /// Those to turn to, in order; empty when there is nobody.
    items: Vec<PickDto>,
    /// Always null: the answer is whole.
    next_cursor: Option<String>,
    /// How many candidates were not considered, by reason; `some` stands for fewer than five.
    excluded: BTreeMap<&'static str, Tally>,
    /// The name of exactly this answer: quoted by `feedback.given` and `ask.sent`.
    recommendation: String,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
    /// When to turn to the next wave, if nobody answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    next_wave_at: Option<String>,
}

/// A count, or `some` where it is below five.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Tally {
    /// Five or more.
    Many(usize),
    /// Fewer.
    Few(Few),
}

/// Fewer than five.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Few {
    /// Fewer than five.
    Some,
}

impl From<usize> for Tally {
    fn from(count: usize) -> Self {
        if count < FEW {
            Self::Few(Few::Some)
        } else {
            Self::Many(count)
        }
    }
}

/// Somebody who could answer.
#[derive(Serialize, ToSchema)]
#[schema(as = Pick)]
struct PickDto {
    /// Who.
    subject: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Place in this answer.
    #[schema(minimum = 1)]
    rank: usize,
    /// Place by relevance alone.
    #[schema(minimum = 1)]
    base_rank: usize,
    /// The wave in which to turn to them.
    #[schema(minimum = 1)]
    wave: u8,
    /// Relevance within this one answer; comparable to nothing else.
    score: f64,
    /// How likely they answer: `high`, `medium` or `low`.
    confidence: &'static str,
    /// Why, the weightiest first. The contributions sum to the score.
    reasons: Vec<ReasonDto>,
    /// Why the place is not the one by relevance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    moved_by: Option<&'static str>,
    /// A few words to send, to be edited.
    invitation: String,
}

/// Why somebody is named.
#[derive(Serialize, ToSchema)]
#[schema(as = Reason)]
struct ReasonDto {
    /// What it is about, stable.
    code: &'static str,
    /// Its values, for platforms that word it themselves.
    params: BTreeMap<&'static str, Value>,
    /// It, in the reader's language.
    text: String,
    /// What it adds to the score.
    contribution: f64,
    /// The records behind it, the weightiest first.
    facts: Vec<CitationDto>,
}

/// A value of a reason.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Value {
    /// A count.
    Count(usize),
    /// A name or a title.
    Text(String),
    /// Names.
    List(Vec<String>),
}

/// A record that the reader can look up.
#[derive(Serialize, ToSchema)]
#[schema(as = Citation)]
struct CitationDto {
    /// What it is: `answer`, `assertion`, `interest`, `membership` or `participation`.
    kind: &'static str,
    /// Its identifier on the platform.
    id: String,
    /// When it became true, where that is one instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    at: Option<String>,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
}

impl From<Citation> for CitationDto {
    fn from(fact: Citation) -> Self {
        Self {
            kind: fact.kind,
            id: fact.id,
            at: fact.at.map(rfc3339),
            url: fact.url.map(|url| url.to_string()),
        }
    }
}

impl From<Param> for Value {
    fn from(param: Param) -> Self {
        match param {
            Param::Count(count) => Self::Count(count),
            Param::Text(text) => Self::Text(text),
            Param::List(names) => Self::List(names),
        }
    }
}

impl From<Reason> for ReasonDto {
    fn from(reason: Reason) -> Self {
        Self {
            code: reason.code,
            params: reason
                .params
                .into_iter()
                .map(|(name, param)| (name, param.into()))
                .collect(),
            text: reason.text,
            contribution: reason.contribution,
            facts: reason.facts.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Pick> for PickDto {
    fn from(pick: Pick) -> Self {
        Self {
            subject: pick.subject.to_string(),
            name: pick.name.map(|name| name.to_string()),
            rank: pick.rank,
            base_rank: pick.base_rank,
            wave: pick.wave,
            score: pick.score,
            confidence: pick.confidence.code(),
            reasons: pick.reasons.into_iter().map(Into::into).collect(),
            moved_by: pick.moved_by,
            invitation: pick.invitation,
        }
    }
}

impl From<Reply<ExpertsAnswer>> for Experts {
    fn from(reply: Reply<ExpertsAnswer>) -> Self {
        let Reply { answer, .. } = reply;
        Self {
            items: answer.items.into_iter().map(Into::into).collect(),
            next_cursor: None,
            excluded: answer.excluded.into_iter().map(|(code, n)| (code, n.into())).collect(),
            recommendation: reply.recommendation,
            model: answer.model,
            generation: reply.generation,
            as_of: rfc3339(reply.as_of),
            next_wave_at: answer.next_wave_at.map(rfc3339),
        }
    }
}

/// People who could answer a draft, and what is known already.
#[derive(Serialize, ToSchema)]
pub(super) struct DraftExperts {
    #[serde(flatten)]
    experts: Experts,
    understood_as: Understood,
    /// Past questions close to it that have an answer, at most three, accepted answers first.
    #[schema(max_items = 3)]
    already_answered: Vec<Answered>,
}

/// What a draft is taken to be about.
#[derive(Serialize, ToSchema)]
struct Understood {
    /// Tags that the organisation uses.
    tags: Vec<String>,
    /// Identifiers of skills that it names.
    skills: Vec<String>,
    /// The primary tag of its language, where that could be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    language: Option<String>,
}

/// A past question that has an answer.
#[derive(Serialize, ToSchema)]
struct Answered {
    /// The question.
    question: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
    /// Whether one of its answers is accepted.
    accepted: bool,
}

impl From<UnderstoodAs> for Understood {
    fn from(as_: UnderstoodAs) -> Self {
        Self {
            tags: as_.tags,
            skills: as_.skills,
            language: as_.language,
        }
    }
}

impl From<AlreadyAnswered> for Answered {
    fn from(past: AlreadyAnswered) -> Self {
        Self {
            question: past.question.to_string(),
            title: past.title.map(|title| title.to_string()),
            url: past.url.map(|url| url.to_string()),
            accepted: past.accepted,
        }
    }
}

impl From<Reply<DraftAnswer>> for DraftExperts {
    fn from(reply: Reply<DraftAnswer>) -> Self {
        let answer = reply.answer;
        let experts = Reply {
            answer: answer.experts,
            generation: reply.generation,
            as_of: reply.as_of,
            recommendation: reply.recommendation,
        };
        Self {
            experts: experts.into(),
            understood_as: answer.understood_as.into(),
            already_answered: answer.already_answered.into_iter().map(Into::into).collect(),
        }
    }
}

/// A part of the list of questions.
#[derive(Serialize, ToSchema)]
pub(super) struct Questions {
    /// The questions, those that wait longest first.
    pub(super) items: Vec<Question>,
    /// What to send as `cursor` for the next part; null at the end.
    pub(super) next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    pub(super) generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    pub(super) as_of: String,
}

/// A question in a list.
#[derive(Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "the identifier bears the noun's name, as in events"
)]
pub(super) struct Question {
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
pub(super) struct Draft {
    /// The title.
    #[schema(min_length = 1, max_length = 500)]
    pub(super) title: String,
    /// The body.
    #[schema(max_length = 20_000)]
    pub(super) body: Option<String>,
    /// How the body is written: `text` (the default), `markdown` or `html`.
    #[schema(pattern = "^(text|markdown|html)$")]
    pub(super) body_format: Option<String>,
    /// Tags.
    #[schema(max_items = 50)]
    pub(super) tags: Option<Vec<String>>,
    /// The community in which it would be asked.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) community: Option<String>,
    /// Who asks.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) asker: Option<String>,
    /// Its language, BCP 47.
    #[schema(min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    pub(super) language: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_told() {
        let tell = |n: usize| serde_json::to_string(&Tally::from(n)).unwrap();
        assert_eq!(
            (tell(1), tell(4), tell(5)),
            ("\"some\"".into(), "\"some\"".into(), "5".into())
        );
    }

    #[test]
    fn instants_are_in_utc() {
        assert_eq!(rfc3339(Timestamp::from_micros(0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(Timestamp::from_micros(1_500_000)), "1970-01-01T00:00:01.5Z");
    }
}
