//! Which counts may be told: the one place that decides what of a map leaves the house. Knows numbers and a tree, nothing
//! of people, skills or the wire.
//!
//! A column counts people who have something (a skill, a skill at a level, a skill by an origin), among those whom the
//! column *over* it counts (a broader skill, all levels, everybody). Of a column nothing is told but the sizes of
//! **classes**: parts of the organisation that do not overlap and leave nothing out, each told by the place at its head,
//! less the places below that head a class of their own. Every number that is told is a sum of classes. Invariants, for
//! what is told at any one time (`docs/adr/0009-skill-maps-tell-classes.md` has the proof that they suffice):
//!
//! 1. a class has at least [`Rule::least`] people of the column, or nobody of the column over it is told there at all;
//! 2. at least as many people of the column over it are in the class and not in the column;
//! 3. the classes of a column are unions of classes of the column over it;
//! 4. a number that was told stays as it is until it is at least [`Rule::least`] away, and one whose parts were told apart
//!    before stays for [`Rule::wait`] releases;
//! 5. columns that together make up the one over them (the origins) are told together, in the same classes, and only where
//!    they could cover it without those that are not told.

mod part;
mod told;
mod walk;

pub use told::{Anchor, Number, Told};

use super::tree::Tree;
use walk::Walk;

/// How careful the map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The fewest people that a class may have: one more than `k`, so that a number that is not told may still be any of
    /// 1 to k once it is known not to be 0.
    pub least: u32,
    /// The number of this release, from 1.
    pub release: u32,
    /// The day of this release, in days since 1970.
    pub day: i32,
    /// Releases for which a class that was joined from others stays as it is.
    pub wait: u32,
}

/// What was told of a column before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before<'a> {
    /// There was no such column.
    Unseen,
    /// There was, and nothing was told of it.
    Untold,
    /// These classes, in today's places.
    Told(&'a Told),
}

/// A column to be told of.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// How many people it counts right in each place, by number.
    pub own: &'a [u32],
    /// What was told of it before.
    pub before: Before<'a>,
}

/// The column over others.
#[derive(Clone, Copy, Debug)]
pub struct Over<'a> {
    /// How many people it counts right in each place.
    pub own: &'a [u32],
    /// What is told of it now.
    pub told: &'a Told,
    /// Whether the columns below make it up together.
    pub covered: bool,
}

/// What is told of `columns`, which are told in the same classes or not at all; `None` for each of which nothing is.
/// Without a column over them they count everybody. Cost: places × classes at worst, linear as a rule.
pub fn tell(tree: &Tree, columns: &[Column<'_>], over: Option<Over<'_>>, rule: Rule) -> Vec<Option<Told>> {
    let chosen = chosen(columns, over, rule);
    let mut all: Vec<Option<Told>> = vec![None; columns.len()];
    if chosen.is_empty() {
        return all;
    }
    let picked: Vec<Column<'_>> = chosen.iter().map(|&n| columns[n]).collect();
    let mut walk = Walk::new(tree, &picked, over, rule);
    let told = if picked.iter().any(|column| matches!(column.before, Before::Told(_))) {
        walk.go_on(&picked)
    } else {
        walk.begin()
    };
    if let Some(told) = told {
        for (n, told) in chosen.into_iter().zip(told) {
            all[n] = Some(told);
        }
    }
    all
}

/// The columns that are told of, if any can be: those told before, as long as there are any; otherwise those that may be
/// told of the whole.
fn chosen(columns: &[Column<'_>], over: Option<Over<'_>>, rule: Rule) -> Vec<usize> {
    let told = |n: &usize| matches!(columns[*n].before, Before::Told(_));
    let before: Vec<usize> = (0..columns.len()).filter(told).collect();
    if !before.is_empty() {
        return before;
    }
    let may = |n: &usize| {
        let column = &columns[*n];
        let people: u32 = column.own.iter().sum();
        // What was too few to tell may have been any number up to `least - 1`, or as close to the column over it.
        let far = match column.before {
            Before::Unseen => rule.least,
            _ => 2 * rule.least - 1,
        };
        let others = over.map_or(u32::MAX, |over| over.own.iter().sum::<u32>().saturating_sub(people));
        people >= far && others >= far
    };
    let chosen: Vec<usize> = (0..columns.len()).filter(may).collect();
    if is_short(columns, &chosen, over, rule) {
        return Vec::new();
    }
    chosen
}

/// Whether columns that make up the one over them may have come to cover it by what `k` people do, each of whom may be in all
/// of them: then that they are told now would say what they were before.
fn is_short(columns: &[Column<'_>], chosen: &[usize], over: Option<Over<'_>>, rule: Rule) -> bool {
    let Some(over) = over.filter(|over| over.covered) else {
        return false;
    };
    let people: u32 = chosen.iter().flat_map(|&n| columns[n].own).sum();
    let covered: u32 = over.told.anchors.iter().map(|anchor| anchor.people).sum();
    let untold = columns.iter().any(|column| matches!(column.before, Before::Untold));
    untold && people < covered + chosen.len() as u32 * (rule.least - 1)
}

#[cfg(test)]
mod tests;
