//! Searching people by name: not by what they know.

use super::reader::{Reader, sees_person, viewer};
use super::service::Service;
use crate::domain::{PersonId, Timestamp};
use crate::world::text::Closeness;
use crate::world::{Ix, PersonIx, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a list of names goes on: how close, the name, and the identifier of its last person so far.
pub type NamePlace = (Closeness, Arc<str>, PersonId);

/// What is wanted.
#[derive(Clone, Debug)]
pub struct NamesRequest {
    /// What is remembered of the name.
    pub query: String,
    /// How many at most, 1..=100.
    pub limit: usize,
    /// Those after this one.
    pub after: Option<NamePlace>,
    /// Who reads the list.
    pub viewer: Option<Reader>,
}

/// Somebody in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPerson {
    /// Who.
    pub person: PersonId,
    /// The name that colleagues use.
    pub name: Arc<str>,
    /// Where they work.
    pub unit: Option<Arc<str>>,
    /// Town or building.
    pub site: Option<Arc<str>>,
    /// Job title.
    pub title: Option<Arc<str>>,
    /// How close one of their names comes.
    pub closeness: Closeness,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamesPage {
    /// The people: closest first, then by name, then by identifier.
    pub items: Vec<NamedPerson>,
    /// Where the next part begins, when there is one.
    pub next: Option<NamePlace>,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

impl Service {
    /// People whose name begins like, or sounds like, what is remembered of it. Those who left, and those who do not
    /// want to be found, are not among them.
    ///
    /// Cost: the names that begin as the query's parts do.
    pub fn names(&self, request: &NamesRequest) -> NamesPage {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let as_of = snapshot.as_of(self.now());
        let viewer = viewer(view, request.viewer.as_ref());
        let mut humans: BTreeMap<PersonIx, Closeness> = BTreeMap::new();
        for (row, closeness) in view.names.find(&request.query) {
            let human = view.human(PersonIx::from_row(row));
            let closest = humans.entry(human).or_insert(closeness);
            *closest = closeness.min(*closest);
        }
        let mut found: Vec<(NamePlace, PersonIx)> = humans
            .into_iter()
            .filter(|&(person, _)| sees_person(view, &viewer, person, as_of))
            .filter_map(|(person, closeness)| Some((place(view, person, closeness)?, person)))
            .filter(|(place, _)| request.after.as_ref().is_none_or(|after| place > after))
            .collect();
        found.sort_unstable();
        let more = found.len() > request.limit;
        found.truncate(request.limit);
        let next = found.last().filter(|_| more).map(|(place, _)| place.clone());
        NamesPage {
            items: found
                .into_iter()
                .map(|(place, person)| named(view, place, person))
                .collect(),
            next,
            generation: snapshot.generation,
            as_of,
        }
    }
}

fn place(view: &View, person: PersonIx, closeness: Closeness) -> Option<NamePlace> {
    let name = Arc::clone(view.name(person)?);
    Some((closeness, name, view.person_id(person).clone()))
}

fn named(view: &View, (closeness, name, person): NamePlace, ix: PersonIx) -> NamedPerson {
    NamedPerson {
        person,
        name,
        unit: view.profile(ix, |p| p.unit.as_ref()).map(|unit| unit.as_str().into()),
        site: view.profile(ix, |p| p.site.clone()),
        title: view.profile(ix, |p| p.title.clone()),
        closeness,
    }
}
