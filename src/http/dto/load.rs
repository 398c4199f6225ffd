//! What animating takes from the reader, on the wire: their own hours, and bands of those who animate with them.

use super::cards::{NamedDto, date};
use crate::app::{AnimatedPlace, Card, Companion, OwnLoad, WeekHours};
use crate::calendar::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

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
        let week = |week: WeekHours| WeekDto {
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
