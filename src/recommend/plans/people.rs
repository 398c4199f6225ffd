//! Everybody who is on some list of a plan, in one order that does not depend on how the lists came about.

use super::Spread;
use crate::world::{PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// People by identifier, and the column of the flow that each one is.
pub(super) struct People {
    /// Everybody, in the order of identifiers: the columns.
    pub(super) names: Vec<PersonIx>,
    place: BTreeMap<PersonIx, usize>,
}

impl People {
    /// Those of `listed`, each once.
    pub(super) fn of(view: &View, listed: impl Iterator<Item = PersonIx>) -> Self {
        let listed: BTreeSet<PersonIx> = listed.collect();
        let mut names: Vec<PersonIx> = listed.into_iter().collect();
        names.sort_unstable_by(|&a, &b| view.person_id(a).cmp(view.person_id(b)));
        let places = names.iter().enumerate();
        Self {
            place: places.map(|(place, &person)| (person, place)).collect(),
            names,
        }
    }

    /// The column of `person`, who is on some list.
    pub(super) fn column(&self, person: PersonIx) -> usize {
        self.place[&person]
    }

    /// How often each one is in `filled`, in the order of columns.
    pub(super) fn given(&self, filled: &[Vec<usize>]) -> Vec<u32> {
        let mut given = vec![0; self.names.len()];
        filled.iter().flatten().for_each(|&column| given[column] += 1);
        given
    }

    /// How what everybody has `now` is spread, without and with `more` for each, which are in the order of columns.
    pub(super) fn spread(&self, now: impl Fn(PersonIx) -> u32, more: &[u32]) -> (Spread, Spread) {
        let before: Vec<u32> = self.names.iter().map(|&person| now(person)).collect();
        let after = before.iter().zip(more).map(|(before, more)| before + more).collect();
        (Spread::of(before), Spread::of(after))
    }
}

/// How many people stand under each code in `told`: each once a code.
pub(super) fn counted(told: impl Iterator<Item = (PersonIx, &'static str)>) -> BTreeMap<&'static str, usize> {
    let mut people: BTreeMap<&'static str, BTreeSet<PersonIx>> = BTreeMap::new();
    for (person, code) in told {
        people.entry(code).or_default().insert(person);
    }
    people.into_iter().map(|(code, people)| (code, people.len())).collect()
}
