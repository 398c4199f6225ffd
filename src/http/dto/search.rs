//! People who know about something, on the wire: evidence and bands, no number that compares people. A small count is never
//! told: it can give a person away.

use super::people::{CitationDto, Value};
use super::tally::Tally;
use crate::app::{Covers, FacetValue, Hit, Nobody, Reason, SearchAnswer, TopicShown};
use crate::calendar::rfc3339;
use crate::domain::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A part of the list of people who know about something.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Search {
    /// The people: exact matches first, then close ones; of several topics, the deeper first.
    items: Vec<HitDto>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
    /// The topics that were read out of what was typed.
    understood_as: Vec<TopicDto>,
    /// How many are found, whatever part of them is shown.
    matches: Matches,
    /// What they are like, by facet: `skill`, `unit`, `site`, `language`, `availability`, `community`, `origin`. A facet's own
    /// filter is left out of its counts.
    facets: BTreeMap<&'static str, Vec<FacetDto>>,
    /// Why nobody is found, when nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    nothing: Option<NothingDto>,
    /// The weights that were used.
    model: String,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// How many are found.
#[derive(Serialize, ToSchema)]
struct Matches {
    /// They know about all of it.
    exact: Tally,
    /// They come close: some of the topics, a wider skill, a community or project of the subject.
    close: Tally,
}

/// A topic.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchTopic)]
struct TopicDto {
    /// As it was typed.
    topic: String,
    /// What it was recognised by: `skill`, `tag` or `words`.
    kind: &'static str,
    /// The skills of that name.
    skills: Vec<NamedSkill>,
}

/// A skill by its name.
#[derive(Serialize, ToSchema)]
struct NamedSkill {
    /// Its identifier.
    skill: String,
    /// What it is called, in the reader's language.
    label: String,
}

/// Somebody who knows about it.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchHit)]
struct HitDto {
    /// Who.
    subject: String,
    /// The name that colleagues use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// `exact` or `close`.
    #[serde(rename = "match")]
    matched: &'static str,
    /// Why: three reasons at most, those with records first, and all others as one, `other`.
    reasons: Vec<EvidenceDto>,
    /// The topics that they cover, each with how deep.
    covers: Vec<CoversDto>,
    /// `available` or `unavailable`; which of the reasons it is, is theirs.
    availability: &'static str,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// Where they work, from the top down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<String>,
    /// Town or building.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    site: Option<String>,
    /// Where the platform shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
}

/// Why somebody is found.
#[derive(Serialize, ToSchema)]
#[schema(as = Evidence)]
struct EvidenceDto {
    /// What it is about, stable.
    code: &'static str,
    /// Its values, for platforms that word it themselves.
    params: BTreeMap<&'static str, Value>,
    /// It, in the reader's language.
    text: String,
    /// The records behind it, the weightiest first.
    facts: Vec<CitationDto>,
}

/// How deep somebody is in a topic.
#[derive(Serialize, ToSchema)]
#[schema(as = Covers)]
struct CoversDto {
    /// The topic, as it was typed.
    topic: String,
    /// `some`, `solid` or `deep`: by what they did and what is said of them, not by how they compare.
    depth: &'static str,
}

/// A value of a facet.
#[derive(Serialize, ToSchema)]
#[schema(as = FacetValue)]
struct FacetDto {
    /// What to send to filter by it.
    value: String,
    /// What it is called, in the reader's language.
    label: String,
    /// How many of those who are found have it; `some` stands for fewer than five.
    count: Tally,
}

/// Why nobody is found.
#[derive(Serialize, ToSchema)]
#[schema(as = NobodyFound)]
struct NothingDto {
    /// `nothing_understood`, `nobody_known` or `all_filtered`.
    code: &'static str,
    /// It, and what to do.
    text: String,
    /// The filters without each of which somebody is found.
    leave_out: Vec<&'static str>,
}

impl From<Reason> for EvidenceDto {
    fn from(reason: Reason) -> Self {
        let params = reason.params.into_iter().map(|(name, param)| (name, param.into()));
        Self {
            code: reason.code,
            params: params.collect(),
            text: reason.text,
            facts: reason.facts.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Covers> for CoversDto {
    fn from(covers: Covers) -> Self {
        Self {
            topic: covers.topic,
            depth: covers.depth,
        }
    }
}

impl From<Hit> for HitDto {
    fn from(hit: Hit) -> Self {
        let text = |text: Option<std::sync::Arc<str>>| text.map(|text| text.to_string());
        Self {
            subject: hit.subject.to_string(),
            name: text(hit.name),
            matched: hit.matched.code(),
            reasons: hit.reasons.into_iter().map(Into::into).collect(),
            covers: hit.covers.into_iter().map(Into::into).collect(),
            availability: if hit.available { "available" } else { "unavailable" },
            title: text(hit.title),
            unit: text(hit.unit),
            site: text(hit.site),
            url: text(hit.url),
        }
    }
}

impl From<TopicShown> for TopicDto {
    fn from(topic: TopicShown) -> Self {
        let skills = topic.skills.into_iter().map(|(skill, label)| NamedSkill {
            skill: skill.to_string(),
            label,
        });
        Self {
            topic: topic.words,
            kind: topic.kind.code(),
            skills: skills.collect(),
        }
    }
}

impl From<FacetValue> for FacetDto {
    fn from(value: FacetValue) -> Self {
        Self {
            value: value.value,
            label: value.label,
            count: value.count.into(),
        }
    }
}

impl From<Nobody> for NothingDto {
    fn from(nobody: Nobody) -> Self {
        Self {
            code: nobody.code,
            text: nobody.text,
            leave_out: nobody.leave_out,
        }
    }
}

impl Search {
    /// The part `answer` of a list that goes on at `next_cursor`.
    pub(in crate::http) fn of(
        answer: SearchAnswer,
        next_cursor: Option<String>,
        (generation, as_of): (u64, Timestamp),
    ) -> Self {
        let facets = answer.facets.into_iter();
        Self {
            items: answer.items.into_iter().map(Into::into).collect(),
            next_cursor,
            understood_as: answer.topics.into_iter().map(Into::into).collect(),
            matches: Matches {
                exact: answer.exact.into(),
                close: answer.close.into(),
            },
            facets: facets
                .map(|(facet, values)| (facet.code(), values.into_iter().map(Into::into).collect()))
                .collect(),
            nothing: answer.nobody.map(Into::into),
            model: answer.model,
            generation,
            as_of: rfc3339(as_of),
        }
    }
}
