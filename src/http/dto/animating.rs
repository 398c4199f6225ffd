//! What animators read and send, on the wire: newcomers who wait, answers worth thanking, texts to edit, ways of animating.

use super::cards::NamedDto;
use super::questions::Question;
use super::tally::Tally;
use crate::app::{Card, Digest as Written, Edition, Thanks as Thanked, Tongue, WaitingNewcomers, Way, WorthThanking};
use crate::calendar::rfc3339;
use crate::http::animating::behind;
use serde::Serialize;
use utoipa::ToSchema;

/// The open questions of newcomers, the oldest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Newcomers {
    /// The questions; without the asker where the name is withheld or the person does not want to be found.
    items: Vec<Question>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
    /// Whether it goes on.
    more: bool,
    /// People who joined, or asked for the first time, in the last 90 days.
    people: Tally,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Answers worth thanking, in the order of their identifiers: no order of worth, one a person, no totals.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Thanks {
    /// The answers.
    #[schema(max_items = 10)]
    items: Vec<GestureDto>,
    /// Always null: there are ten at most.
    next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// An answer worth thanking.
#[derive(Serialize, ToSchema)]
#[schema(as = WorthThanking)]
struct GestureDto {
    /// The answer.
    answer: String,
    /// The question that it answers.
    question: String,
    /// The question's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    title: Option<String>,
    /// Who gave it.
    author: NamedDto,
    /// What for: `accepted`, `welcomed_newcomer` or `ended_a_wait`.
    #[serde(rename = "for")]
    thanked: &'static str,
    /// Where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
}

/// A text to edit and send.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Digest {
    /// The community.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// The language of the text: `fr` or `en`.
    language: &'static str,
    /// The text, plain, with line feeds.
    text: String,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// Ways of animating.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Playbook {
    /// The ways, in the order of the playbook.
    items: Vec<WayDto>,
    /// Always null: the playbook is told whole.
    next_cursor: Option<String>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A way of animating.
#[derive(Serialize, ToSchema)]
#[schema(as = Way)]
struct WayDto {
    /// Its identifier.
    way: String,
    /// What it is for: `collective_intelligence`, `belonging`, `shared_vision`, `commitment`.
    aims: Vec<&'static str>,
    /// The findings that it answers.
    findings: Vec<&'static str>,
    /// Its name.
    title: String,
    /// What it is, and what it brings.
    idea: String,
    /// How it goes.
    rules: Vec<String>,
    /// How long it takes, in minutes.
    minutes: RangeDto,
    /// For how many people.
    people: RangeDto,
    /// How it goes when people are not in one place.
    remote: String,
    /// How to draw people in without constraint.
    invite: String,
}

/// From one number to another, both included.
#[derive(Serialize, ToSchema)]
#[schema(as = Range)]
struct RangeDto {
    from: u32,
    to: u32,
}

impl From<Card<WaitingNewcomers>> for Newcomers {
    fn from(card: Card<WaitingNewcomers>) -> Self {
        Self {
            items: card.shows.items.into_iter().map(Question::from).collect(),
            next_cursor: card.shows.last.as_ref().map(behind),
            more: card.shows.last.is_some(),
            people: card.shows.people.into(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}

impl From<WorthThanking> for GestureDto {
    fn from(worth: WorthThanking) -> Self {
        Self {
            answer: worth.answer.to_string(),
            question: worth.question.to_string(),
            title: worth.title.map(|title| title.to_string()),
            author: worth.author.into(),
            thanked: worth.thanked.code(),
            url: worth.url.map(|url| url.to_string()),
        }
    }
}

impl From<Card<Thanked>> for Thanks {
    fn from(card: Card<Thanked>) -> Self {
        Self {
            items: card.shows.items.into_iter().map(Into::into).collect(),
            next_cursor: None,
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}

impl From<Card<Written>> for Digest {
    fn from(card: Card<Written>) -> Self {
        let written = card.shows;
        Self {
            community: written.community.to_string(),
            name: written.name.map(|name| name.to_string()),
            language: written.tongue.tag(),
            text: written.text,
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}

impl WayDto {
    fn of(way: &Way, tongue: Tongue) -> Self {
        let guide = way.guide(tongue).clone();
        let range = |range: &std::ops::RangeInclusive<u32>| RangeDto {
            from: *range.start(),
            to: *range.end(),
        };
        Self {
            way: way.id.clone(),
            aims: way.aims.iter().map(|aim| aim.code()).collect(),
            findings: way.findings.iter().map(|finding| finding.code()).collect(),
            title: guide.title,
            idea: guide.idea,
            rules: guide.rules,
            minutes: range(&way.minutes),
            people: range(&way.people),
            remote: guide.remote,
            invite: guide.invite,
        }
    }
}

impl Playbook {
    /// These ways, in `tongue`, as of `edition`.
    pub(in crate::http) fn of<'a>(ways: impl Iterator<Item = &'a Way>, tongue: Tongue, edition: Edition) -> Self {
        Self {
            items: ways.map(|way| WayDto::of(way, tongue)).collect(),
            next_cursor: None,
            generation: edition.generation,
            as_of: rfc3339(edition.as_of),
        }
    }
}
