//! What is there, counted.

use crate::domain::EventType;
use crate::world::World;
use std::collections::BTreeMap;

/// What is there, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Accepted events by type; only types that came.
    pub events: BTreeMap<&'static str, u64>,
    /// How many of each noun are described, stubs left out, by the noun's plural.
    pub nouns: BTreeMap<&'static str, usize>,
    /// The digest of all states, in hexadecimal.
    pub digest: String,
    /// The last sequence of the log.
    pub generation: u64,
}

impl Stats {
    pub(super) fn of(world: &World, generation: u64) -> Self {
        let view = world.view();
        let described = BTreeMap::from([
            (
                "people",
                view.people
                    .iter()
                    .filter(|(_, p)| p.state.as_ref().is_some_and(|s| s.known))
                    .count(),
            ),
            (
                "skills",
                view.skills
                    .iter()
                    .filter(|(_, s)| s.state.as_ref().is_some_and(|s| s.known))
                    .count(),
            ),
            (
                "projects",
                view.projects.iter().filter(|(_, p)| p.state.is_some()).count(),
            ),
            (
                "communities",
                view.communities
                    .iter()
                    .filter(|(_, c)| c.state.as_ref().is_some_and(|s| s.known))
                    .count(),
            ),
            (
                "questions",
                view.questions.iter().filter(|(_, q)| q.state.is_some()).count(),
            ),
            (
                "answers",
                view.answers.iter().filter(|(_, a)| a.state.is_some()).count(),
            ),
        ]);
        let events = world
            .events()
            .iter()
            .map(|(kind, &count): (&EventType, _)| (kind.name(), count))
            .collect();
        Self {
            events,
            nouns: described,
            digest: world.digest().to_string(),
            generation,
        }
    }
}
