//! People who could answer, on the wire. A small count is never told: it can give a person away.

use super::tally::Tally;
use crate::app::{AlreadyAnswered, Citation, DraftAnswer, ExpertsAnswer, Param, Pick, Reason, Reply, UnderstoodAs};
use crate::calendar::rfc3339;
use crate::http::experts::cursor;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// People who could answer.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Experts {
    /// Those to turn to, in order; empty when there is nobody.
    items: Vec<PickDto>,
    /// What to send as `cursor` for those who come after; null when nobody does.
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
    /// When to turn to the next wave, if nobody answered: a day after the last was sent, or after the question was asked.
    /// It does not move with the clock, and may be past.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    next_wave_at: Option<String>,
}

/// Somebody who could answer.
#[derive(Serialize, ToSchema)]
#[schema(as = Pick)]
pub(super) struct PickDto {
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
    wave: u16,
    /// Relevance within this one answer; comparable to nothing else.
    score: f64,
    /// How likely they answer: `high`, `medium` or `low`.
    confidence: &'static str,
    /// Why: the three reasons that weigh most, the weightiest first, and all others as one, `other`. The contributions
    /// sum to the score.
    reasons: Vec<ReasonDto>,
    /// Why the place is not the one by relevance: `load`, `wave`, `group` or `plan`; `returning` to the person alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    moved_by: Option<&'static str>,
    /// A few words to send, to be edited.
    invitation: String,
}

/// Why somebody is named.
#[derive(Serialize, ToSchema)]
#[schema(as = Reason)]
pub(super) struct ReasonDto {
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
pub(super) enum Value {
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
pub(super) struct CitationDto {
    /// What it is: `answer`, `skill_declared`, `skill_endorsed`, `skill_imported`, `interest`, `membership`,
    /// `participation`, `question`, `person` or `proposal`.
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
            next_cursor: reply.next.as_deref().map(cursor),
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
pub(in crate::http) struct DraftExperts {
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
            next: reply.next,
        };
        Self {
            experts: experts.into(),
            understood_as: answer.understood_as.into(),
            already_answered: answer.already_answered.into_iter().map(Into::into).collect(),
        }
    }
}
