//! Who answers whom between units, as a matrix that gives nobody away.
//!
//! A cell is told from five answers by five people to five others on, and a unit is apart from another from five askers on:
//! fewer people would be their own activity. No row, column or whole is summed, so that nothing masked can be worked out
//! from what is told.

use super::months::Span;
use super::questions::FEW;
use super::succession::YEAR_DAYS;
use crate::domain::{Timestamp, UnitPath};
use crate::world::{PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Units that are told at most: those that ask and answer most.
const UNITS: usize = 30;
/// Answers received in a year from which a unit takes part enough to be apart from another.
const TAKES_PART: usize = 10;

/// Answers of the last 365 days between units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Silos {
    /// The units, by name: those at the first level at which there are two.
    pub units: Vec<String>,
    /// For each unit that asked, the answers that each unit gave it; `None` for fewer than five, by fewer than five people,
    /// or to fewer.
    pub answers: Vec<Vec<Option<usize>>>,
    /// Pairs of units of which five people or more each received ten answers or more, and which gave each other fewer than
    /// five.
    pub apart: usize,
}

/// Answers of one unit to another.
#[derive(Default)]
struct Cell {
    answers: usize,
    /// Who gave them.
    authors: BTreeSet<PersonIx>,
    /// Who got them.
    askers: BTreeSet<PersonIx>,
}

/// One answer from one unit to another.
struct Exchange<'v> {
    asked: &'v str,
    gave: &'v str,
    author: PersonIx,
    asker: PersonIx,
}

impl Silos {
    /// Those of the organisation. Guests, people of no unit and sensitive communities are left out. Cost: every answer.
    pub(super) fn of(view: &View, as_of: Timestamp) -> Self {
        let pairs = pairs(view, as_of);
        let paths: BTreeSet<&str> = pairs.iter().flat_map(|pair| [pair.asked, pair.gave]).collect();
        let deepest = paths.iter().map(|path| path.split('/').count()).max().unwrap_or(0);
        let at = |depth: usize| paths.iter().map(|path| cut(path, depth)).collect::<BTreeSet<&str>>();
        let Some(depth) = (1..=deepest).find(|&depth| at(depth).len() >= 2) else {
            return Self::default();
        };
        let mut cells: BTreeMap<(&str, &str), Cell> = BTreeMap::new();
        let mut weight: BTreeMap<&str, usize> = BTreeMap::new();
        for pair in &pairs {
            let (asked, gave) = (cut(pair.asked, depth), cut(pair.gave, depth));
            let cell = cells.entry((asked, gave)).or_default();
            cell.answers += 1;
            cell.authors.insert(pair.author);
            cell.askers.insert(pair.asker);
            *weight.entry(asked).or_default() += 1;
            *weight.entry(gave).or_default() += 1;
        }
        let mut units: Vec<(&str, usize)> = weight.into_iter().collect();
        units.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let mut units: Vec<&str> = units.into_iter().take(UNITS).map(|(unit, _)| unit).collect();
        units.sort_unstable();
        let told = |asked: &str, gave: &str| {
            let enough = |cell: &&Cell| cell.answers >= FEW && cell.authors.len() >= FEW && cell.askers.len() >= FEW;
            cells.get(&(asked, gave)).filter(enough).map(|cell| cell.answers)
        };
        Self {
            answers: units
                .iter()
                .map(|asked| units.iter().map(|gave| told(asked, gave)).collect())
                .collect(),
            apart: apart(&units, &cells),
            units: units.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Each answer of the last year to a question asked under a name, with the units that asked and answered.
fn pairs(view: &View, as_of: Timestamp) -> Vec<Exchange<'_>> {
    let year = Span::ending(as_of, YEAR_DAYS);
    let unit = |person: PersonIx| {
        let unit = view.profile(person, |profile| profile.unit.as_ref());
        unit.filter(|_| !view.is_external(person)).map(UnitPath::as_str)
    };
    let answers = view.answers.iter();
    let lately = answers.filter(|(_, node)| node.state.as_ref().is_some_and(|state| year.holds(state.at)));
    let named = lately.filter(|(_, node)| node.question.is_some_and(|question| !view.is_anonymous(question)));
    let counted = named.filter_map(|(answer, _)| view.counted(answer));
    counted
        .filter_map(|(author, asker)| {
            Some(Exchange {
                asked: unit(asker)?,
                gave: unit(author)?,
                author,
                asker,
            })
        })
        .collect()
}

/// The first `depth` names of a unit's path.
fn cut(path: &str, depth: usize) -> &str {
    path.match_indices('/')
        .nth(depth - 1)
        .map_or(path, |(end, _)| &path[..end])
}

/// How many pairs of units take part, and hardly answer each other.
fn apart(units: &[&str], cells: &BTreeMap<(&str, &str), Cell>) -> usize {
    let count = |asked: &str, gave: &str| cells.get(&(asked, gave)).map_or(0, |cell| cell.answers);
    let takes_part = |unit: &&&str| {
        let received = || units.iter().filter_map(|gave| cells.get(&(**unit, *gave)));
        let askers: BTreeSet<PersonIx> = received().flat_map(|cell| cell.askers.iter().copied()).collect();
        received().map(|cell| cell.answers).sum::<usize>() >= TAKES_PART && askers.len() >= FEW
    };
    let part: Vec<&str> = units.iter().filter(takes_part).copied().collect();
    let pairs = part
        .iter()
        .enumerate()
        .flat_map(|(n, a)| part[n + 1..].iter().map(move |b| (*a, *b)));
    pairs.filter(|&(a, b)| count(a, b) + count(b, a) < FEW).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cut_at_a_level() {
        assert_eq!(cut("Group/IT/Data", 1), "Group");
        assert_eq!(cut("Group/IT/Data", 2), "Group/IT");
        assert_eq!(cut("Group", 2), "Group");
    }
}
