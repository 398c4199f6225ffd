//! What animators read and send, on the wire: newcomers who wait, answers worth thanking, texts to edit, ways of animating,
//! and their own load.

use super::cards::{NamedDto, date};
use super::questions::Question;
use super::rfc3339;
use super::tally::Tally;
use crate::app::{
    AnimatedPlace, Card, Companion, Digest as Written, Edition, OwnLoad, Thanks as Thanked, Tongue, WaitingNewcomers, Way,
    WorthThanking,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The open questions of newcomers, the oldest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Newcomers {
    /// The questions; without the asker where the name is withheld or the person does not want to be found.
    items: Vec<Question>,
    /// Always null: what does not fit `limit` is told by `more`.
    next_cursor: Option<String>,
    /// Whether there are more.
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
#[expect(clippy::struct_field_names, reason = "the identifier bears the noun's name, as in events")]
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

/// What animating takes from the reader.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Load {
    #[serde(flatten)]
    who: NamedDto,
    /// Hours a week that animating takes.
    hours: f64,
    /// Hours a week that they can give.
    capacity: f64,
    /// Whether the capacity is their own word; else it is what is usual.
    stated: bool,
    /// Hours a week that are left.
    free: f64,
    /// What those who animate with them are told: `light`, `usual` or `full`.
    band: &'static str,
    /// The communities that they animate.
    communities: Vec<PostDto>,
    /// Hours that they declared, week by week; the present one last.
    weeks: Vec<WeekDto>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A community that the reader animates.
#[derive(Serialize, ToSchema)]
#[schema(as = Post)]
struct PostDto {
    /// Its identifier.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Hours a week that it takes from the reader.
    hours: f64,
    /// Whether these were declared; else they are what is usual.
    declared: bool,
    /// Those who animate it too.
    companions: Vec<CompanionDto>,
}

/// Somebody who animates with the reader.
#[derive(Serialize, ToSchema)]
#[schema(as = Companion)]
struct CompanionDto {
    #[serde(flatten)]
    who: NamedDto,
    /// How full their hours are: `light`, `usual` or `full`.
    band: &'static str,
}

/// Hours of one week.
#[derive(Serialize, ToSchema)]
#[schema(as = WeekHours)]
struct WeekDto {
    /// Its Monday.
    #[schema(format = Date)]
    week: String,
    /// Hours declared.
    hours: f64,
}

impl From<Card<WaitingNewcomers>> for Newcomers {
    fn from(card: Card<WaitingNewcomers>) -> Self {
        Self {
            items: card.shows.items.into_iter().map(Question::from).collect(),
            next_cursor: None,
            more: card.shows.more,
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

impl From<Companion> for CompanionDto {
    fn from(companion: Companion) -> Self {
        Self {
            who: companion.who.into(),
            band: companion.band.code(),
        }
    }
}

impl From<AnimatedPlace> for PostDto {
    fn from(place: AnimatedPlace) -> Self {
        Self {
            community: place.community.to_string(),
            name: place.name.map(|name| name.to_string()),
            hours: place.hours,
            declared: place.declared,
            companions: place.companions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Card<OwnLoad>> for Load {
    fn from(card: Card<OwnLoad>) -> Self {
        let load = card.shows;
        let week = |week: crate::app::WeekHours| WeekDto {
            week: date(week.week),
            hours: week.hours,
        };
        Self {
            who: load.who.into(),
            hours: load.hours,
            capacity: load.capacity,
            stated: load.stated,
            free: load.free,
            band: load.band.code(),
            communities: load.communities.into_iter().map(Into::into).collect(),
            weeks: load.weeks.into_iter().map(week).collect(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
