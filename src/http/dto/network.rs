//! How the network is, on the wire: counts, and nobody's name.

use super::health::FindingDto;
use super::tally::Tally;
use crate::app::{Card, Forecast, NamedCommunity, NetworkHealth, Silos};
use crate::calendar::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// How the network is.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Network {
    /// Communities that are not archived.
    communities: usize,
    /// How many of these nobody animates.
    without_animator: usize,
    /// Those of them that the whole organisation may see.
    named_without_animator: Vec<PlaceDto>,
    /// Animators needed as communities grow.
    forecast: ForecastDto,
    /// People who animate more hours than they can give.
    stretched: Tally,
    /// Who answers whom between units.
    silos: SilosDto,
    /// What is worth attention.
    findings: Vec<FindingDto>,
    /// The last sequence of the log that the answer knows.
    generation: u64,
    /// The instant as of which it holds.
    #[schema(format = DateTime)]
    as_of: String,
}

/// A community, by name where it is known.
#[derive(Serialize, ToSchema)]
#[schema(as = NamedCommunity)]
struct PlaceDto {
    /// Its identifier.
    community: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// Roles of animator, now and as communities grow.
#[derive(Serialize, ToSchema)]
#[schema(as = Forecast)]
struct ForecastDto {
    /// Members usual for an animator in this organisation.
    usual_members: usize,
    /// Roles that are filled.
    filled: usize,
    /// Roles needed now.
    needed_now: usize,
    /// Roles needed later, at the pace of the last 90 days.
    needed: Vec<NeededDto>,
}

/// Roles of animator needed later.
#[derive(Serialize, ToSchema)]
#[schema(as = Needed)]
struct NeededDto {
    /// In so many days.
    in_days: u32,
    /// How many.
    roles: usize,
}

/// Answers of the last 365 days between units.
#[derive(Serialize, ToSchema)]
#[schema(as = Silos)]
struct SilosDto {
    /// The units.
    units: Vec<String>,
    /// A row for each unit that asked, and in it the answers that each unit gave; `some` stands for fewer than five, and for
    /// those of fewer than five people.
    answers: Vec<Vec<Tally>>,
    /// Pairs of units that each received ten answers or more, and gave each other fewer than five.
    apart: usize,
}

impl From<Forecast> for ForecastDto {
    fn from(forecast: Forecast) -> Self {
        let needed = |(in_days, roles)| NeededDto { in_days, roles };
        Self {
            usual_members: forecast.usual_members,
            filled: forecast.filled,
            needed_now: forecast.needed_now,
            needed: forecast.needed.into_iter().map(needed).collect(),
        }
    }
}

impl From<Silos> for SilosDto {
    fn from(silos: Silos) -> Self {
        let cell = |cell: Option<usize>| Tally::from(cell.unwrap_or(0));
        Self {
            units: silos.units,
            answers: silos
                .answers
                .into_iter()
                .map(|row| row.into_iter().map(cell).collect())
                .collect(),
            apart: silos.apart,
        }
    }
}

impl From<Card<NetworkHealth>> for Network {
    fn from(card: Card<NetworkHealth>) -> Self {
        let health = card.shows;
        let place = |place: NamedCommunity| PlaceDto {
            community: place.community.to_string(),
            name: place.name.map(|name| name.to_string()),
        };
        Self {
            communities: health.communities,
            without_animator: health.without_animator,
            named_without_animator: health.named_without_animator.into_iter().map(place).collect(),
            forecast: health.forecast.into(),
            stretched: health.stretched.into(),
            silos: health.silos.into(),
            findings: health.findings.into_iter().map(Into::into).collect(),
            generation: card.generation,
            as_of: rfc3339(card.as_of),
        }
    }
}
