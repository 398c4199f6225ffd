//! What animating takes from somebody: told to themself in hours, and of those who animate with them as a band.

use super::animating::animators;
use crate::app::answers::QueryError;
use crate::app::cards::{Card, Named, named};
use crate::app::reader::{Reader, sees_person, viewer};
use crate::app::service::Service;
use crate::domain::{CommunityId, Day, FactBody, Timestamp};
use crate::signals::Viewer;
use crate::signals::workload::{Band, SEEN_WEEKS, Workload};
use crate::world::{CommunityIx, PersonIx, View};
use std::sync::Arc;

/// Somebody who animates a community with the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Who.
    pub who: Named,
    /// How full their hours are.
    pub band: Band,
}

/// A community that the reader animates.
#[derive(Clone, Debug, PartialEq)]
pub struct AnimatedPlace {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Hours a week that it takes from the reader.
    pub hours: f64,
    /// Whether these were declared; else they are what is usual.
    pub declared: bool,
    /// Those who animate it too and want to be found, by name, then identifier.
    pub companions: Vec<Companion>,
}

/// Hours of one week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekHours {
    /// Its Monday.
    pub week: Day,
    /// Hours declared, in all communities.
    pub hours: f64,
}

/// What animating takes from the reader, in hours a week.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnLoad {
    /// Who.
    pub who: Named,
    /// Hours that animating takes.
    pub hours: f64,
    /// Hours that they can give.
    pub capacity: f64,
    /// Whether the capacity is their own word.
    pub stated: bool,
    /// Hours that are left.
    pub free: f64,
    /// How full the hours are: what those who animate with them are told.
    pub band: Band,
    /// The communities that they animate, in the order of identifiers.
    pub communities: Vec<AnimatedPlace>,
    /// The hours that they declared, week by week: the last eight, the present one last.
    pub weeks: Vec<WeekHours>,
}

impl Service {
    /// What animating takes from the reader, who is a person. Cost: their memberships and records, and those of the people
    /// who animate with them.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when the reader is nobody that is known.
    pub fn own_load(&self, reader: Option<&Reader>) -> Result<Card<OwnLoad>, QueryError> {
        let (snapshot, as_of) = self.state();
        let view = &snapshot.view;
        let viewer = viewer(view, reader);
        let person = viewer.person.ok_or(QueryError::NotFound("person"))?;
        Ok(Card {
            shows: OwnLoad::of(view, (person, &viewer), as_of),
            generation: snapshot.generation,
            as_of,
        })
    }
}

impl OwnLoad {
    /// The load of `person`, who stands for a human, with the companions whom `viewer` sees.
    pub(in crate::app) fn of(view: &View, (person, viewer): (PersonIx, &Viewer), as_of: Timestamp) -> Self {
        let load = Workload::of(view, person, as_of);
        let mut communities: Vec<AnimatedPlace> = load
            .posts
            .iter()
            .map(|post| AnimatedPlace {
                hours: tenths(post.hours),
                declared: post.declared,
                ..place(view, viewer, post.community, as_of)
            })
            .collect();
        communities.sort_unstable_by(|a, b| a.community.cmp(&b.community));
        Self {
            who: named(view, person),
            hours: tenths(load.hours),
            capacity: tenths(load.capacity),
            stated: load.stated,
            free: tenths(load.free()),
            band: load.band(),
            communities,
            weeks: weeks(view, person, as_of),
        }
    }
}

fn place(view: &View, viewer: &Viewer, community: CommunityIx, as_of: Timestamp) -> AnimatedPlace {
    let node = view.communities.get(community);
    let others = animators(view, community).into_iter();
    let others = others.filter(|&other| Some(other) != viewer.person && sees_person(view, viewer, other, as_of));
    let mut companions: Vec<Companion> = others
        .map(|other| Companion {
            who: named(view, other),
            band: Workload::of(view, other, as_of).band(),
        })
        .collect();
    companions.sort_unstable_by(|a, b| (&a.who.name, &a.who.person).cmp(&(&b.who.name, &b.who.person)));
    AnimatedPlace {
        community: node.id.clone(),
        name: node.state.as_ref().and_then(|state| state.name.clone()),
        hours: 0.0,
        declared: false,
        companions,
    }
}

/// The hours that `person` declared in each of the last eight weeks, in whole thousandths so that order leaves no trace.
fn weeks(view: &View, person: PersonIx, as_of: Timestamp) -> Vec<WeekHours> {
    let last = as_of.day().week();
    let mut thousandths = [0_i64; SEEN_WEEKS as usize];
    for fact in view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).records)
    {
        let FactBody::AnimationRecorded { hours, .. } = &fact.body else {
            continue;
        };
        let ago = last - fact.at.day().week();
        if (0..SEEN_WEEKS).contains(&ago) && fact.at <= as_of {
            thousandths[ago as usize] += (hours.value() * 1e3).round() as i64;
        }
    }
    let told = |ago: i32| WeekHours {
        week: Day::of_week(last - ago),
        hours: thousandths[ago as usize] as f64 / 1e3,
    };
    (0..SEEN_WEEKS).rev().map(told).collect()
}

/// To a tenth of an hour: finer would not be meant.
fn tenths(hours: f64) -> f64 {
    (hours * 10.0).round() / 10.0
}
