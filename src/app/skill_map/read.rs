//! Reading releases: a page of units and skills, trends over quarters, gaps against targets. Everything here follows from
//! what was published: no rule of masking is needed, and none could be broken.

use super::release::{Release, Slice};
use super::shelf::last_of_quarters;
use super::target::Target;
use super::tell::Number;
use crate::app::service::Service;
use crate::domain::{Timestamp, UnitPath};
use crate::recommend::{Tongue, labels};
use crate::world::View;
use std::sync::Arc;

/// What is to be shown of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapWish {
    /// Rows: this unit, and those below it; everything when empty.
    pub unit: String,
    /// How many steps below it.
    pub unit_depth: u32,
    /// Columns: this skill and those below it; from the broadest on when there is none.
    pub skill: Option<String>,
    /// How many steps below it; the broadest are one below none.
    pub skill_depth: u32,
    /// Who is counted.
    pub slice: Slice,
    /// Rows that are passed over.
    pub rows_from: usize,
    /// Rows at most.
    pub rows_most: usize,
    /// Columns that are passed over.
    pub columns_from: usize,
    /// Columns at most.
    pub columns_most: usize,
}

/// A column of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapColumn {
    /// The skill's identifier.
    pub skill: String,
    /// Its label in the reader's language.
    pub label: String,
    /// The identifier of the one skill above it.
    pub broader: Option<String>,
    place: usize,
}

/// A row of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRow {
    /// The unit's path; empty for the whole.
    pub unit: String,
    /// How many people are counted in it.
    pub people: Number,
    /// A number a column; `None` where none is told.
    pub cells: Vec<Option<Number>>,
}

/// A page of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapPage {
    /// Skills.
    pub columns: Vec<MapColumn>,
    /// Units.
    pub rows: Vec<MapRow>,
    /// Where rows go on.
    pub next_row: Option<usize>,
    /// Where columns go on.
    pub next_column: Option<usize>,
}

/// A skill over quarters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    /// Which.
    pub column: MapColumn,
    /// The last release of each quarter that is kept: its number, when it was made, and what it told.
    pub quarters: Vec<(u32, Timestamp, Option<Number>)>,
}

/// The label of the skill called `id` in the reader's language; the identifier when there is none.
fn label(view: &View, id: &str, tongue: Tongue) -> String {
    let skill = view.skills.find(id);
    skill.map_or_else(|| id.to_owned(), |skill| labels::skill(view, skill, tongue))
}

/// `items` from `from` on, at most `most`, and where they go on.
fn part<T>(items: Vec<T>, from: usize, most: usize) -> (Vec<T>, Option<usize>) {
    let next = from.saturating_add(most);
    let more = next < items.len();
    (items.into_iter().skip(from).take(most).collect(), more.then_some(next))
}

impl Release {
    /// Whether `column` stands on a page of `slice`: that somebody has a skill of which nothing is told is not told either.
    fn shows(&self, column: usize, slice: Slice) -> bool {
        self.told(column, Slice::All).is_some() || self.told(column, slice).is_some()
    }

    /// The places in the list of the skills that `skill` and `depth` name, for a page of `slice`; `None` when there is no such
    /// skill.
    fn columns_below(&self, skill: Option<&str>, depth: u32, slice: Slice) -> Option<Vec<usize>> {
        let known = |skill: &str| self.find(skill).filter(|&n| self.shows(n, slice));
        let top = skill.map(|skill| known(skill).ok_or(())).transpose().ok()?;
        // Steps below the skill that was named, or below none; those above come first in the list.
        let mut steps: Vec<Option<u32>> = Vec::with_capacity(self.columns.len());
        for (n, column) in self.columns.iter().enumerate() {
            let above = match column.broader {
                Some(above) => steps[above as usize],
                None => top.is_none().then_some(0),
            };
            steps.push(if top == Some(n) {
                Some(0)
            } else {
                above.map(|above| above + 1)
            });
        }
        let within = |n: &usize| steps[*n].is_some_and(|steps| steps <= depth) && self.shows(*n, slice);
        Some((0..self.columns.len()).filter(within).collect())
    }

    /// The place of a unit of which something is told; of one of too few people nothing is, not even that it is there.
    fn unit(&self, path: &str) -> Option<u32> {
        let told = |place: &u32| *place == 0 || self.people.as_ref().is_some_and(|people| people.heads(*place));
        self.tree.find(path).filter(told)
    }

    /// The number told of a skill in a unit.
    pub fn number(&self, unit: &str, skill: &str, slice: Slice) -> Option<Number> {
        let (place, column) = (self.tree.find(unit)?, self.find(skill)?);
        self.told(column, slice)?.number(&self.tree, place)
    }

    /// How many people there are of those that `target` wants; `None` where it is not told.
    pub fn towards(&self, target: &Target) -> Option<Number> {
        self.number(&target.unit, &target.skill, target.level)
    }

    fn column(&self, view: &View, place: usize, slice: Slice, tongue: Tongue) -> MapColumn {
        let column = &self.columns[place];
        let broader = column.broader.map(|above| above as usize);
        let broader = broader.filter(|&above| self.shows(above, slice));
        MapColumn {
            label: label(view, &column.skill, tongue),
            skill: column.skill.clone(),
            broader: broader.map(|above| self.columns[above].skill.clone()),
            place,
        }
    }

    /// A page, with labels as `view` has them; `None` when there is no such unit or skill. Cost: its cells × the units below
    /// each.
    pub fn page(&self, view: &View, wish: &MapWish, tongue: Tongue) -> Option<MapPage> {
        let top = self.unit(&wish.unit)?;
        let columns = self.columns_below(wish.skill.as_deref(), wish.skill_depth, wish.slice)?;
        let (columns, next_column) = part(columns, wish.columns_from, wish.columns_most);
        let rows = self.people.iter().flat_map(|people| {
            let places = self.tree.within(top);
            places.filter_map(|place| {
                let shown = self.tree.depth_below(top, place)? <= wish.unit_depth;
                shown.then_some((place, people.number(&self.tree, place)?))
            })
        });
        let (rows, next_row) = part(rows.collect(), wish.rows_from, wish.rows_most);
        let told: Vec<_> = columns.iter().map(|&column| self.told(column, wish.slice)).collect();
        let row = |(place, people)| MapRow {
            unit: self.tree.path(place).to_owned(),
            people,
            cells: told
                .iter()
                .map(|told| told.and_then(|told| told.number(&self.tree, place)))
                .collect(),
        };
        let column = |&place: &usize| self.column(view, place, wish.slice, tongue);
        Some(MapPage {
            columns: columns.iter().map(column).collect(),
            rows: rows.into_iter().map(row).collect(),
            next_row,
            next_column,
        })
    }
}

impl Service {
    /// The release called `number`; `latest` is the newest.
    pub fn skill_map(&self, number: &str) -> Option<Arc<Release>> {
        let releases = self.skill_maps();
        if number == "latest" {
            return releases.last().cloned();
        }
        let number: u32 = number.parse().ok()?;
        releases.iter().find(|release| release.number == number).cloned()
    }

    /// The label of the skill or subject called `id` in the reader's language.
    pub fn subject_label(&self, id: &str, tongue: Tongue) -> String {
        label(&self.snapshot().view, id, tongue)
    }

    /// A page of `release`; `None` when it has no such unit or skill. Cost: as [`Release::page`].
    pub fn skill_map_page(&self, release: &Release, wish: &MapWish, tongue: Tongue) -> Option<MapPage> {
        release.page(&self.snapshot().view, wish, tongue)
    }

    /// The columns that `wish` names, each with what the last release of every quarter up to `release` told of it in its
    /// unit, and where columns go on. Units and skills that were called otherwise, or merged, are found by what they are
    /// called now. `None` when there is no such unit or skill.
    pub fn skill_map_trends(
        &self,
        release: &Release,
        wish: &MapWish,
        tongue: Tongue,
    ) -> Option<(Vec<Trend>, Option<usize>)> {
        release.unit(&wish.unit)?;
        let columns = release.columns_below(wish.skill.as_deref(), wish.skill_depth, wish.slice)?;
        let (columns, next) = part(columns, wish.columns_from, wish.columns_most);
        let releases = self.skill_maps();
        let until = releases.partition_point(|known| known.number <= release.number);
        let quarters = last_of_quarters(&releases[..until]);
        let snapshot = self.snapshot();
        let trend = |place: usize| {
            let column = release.column(&snapshot.view, place, wish.slice, tongue);
            let told = |old: &Arc<Release>| {
                let number = number_then(&snapshot.view, old, &wish.unit, &column.skill, wish.slice);
                (old.number, old.made, number)
            };
            Trend {
                quarters: quarters.iter().map(told).collect(),
                column,
            }
        };
        Some((columns.into_iter().map(trend).collect(), next))
    }

    /// What the organisation wants, by its configuration; nothing while maps are off.
    pub fn skill_map_targets(&self) -> &[Target] {
        self.skill_map_rules()
            .map(|rules| &rules.targets[..])
            .unwrap_or_default()
    }
}

/// What `old` told of the unit and the skill that are called so now.
fn number_then(view: &View, old: &Release, unit: &str, skill: &str, slice: Slice) -> Option<Number> {
    let places = (0..)
        .zip(old.tree.paths())
        .filter(|(_, path)| **path == unit || view.unit_now(&UnitPath::new(path.as_str()), old.made).as_str() == unit);
    let places: Vec<u32> = places.map(|(place, _)| place).collect();
    let root = view.skills.find(skill).map(|skill| view.skill_root(skill));
    let columns = old.columns.iter().enumerate().filter(|(_, column)| {
        let now = view
            .skills
            .find(column.skill.as_str())
            .map(|skill| view.skill_root(skill));
        column.skill == skill || (now.is_some() && now == root)
    });
    let told = columns.filter_map(|(n, _)| old.told(n, slice));
    // Units that were joined since add up; of skills that were, the one of most people stands for both.
    let sum = |told: &super::tell::Told| {
        let numbers: Option<Vec<Number>> = places.iter().map(|&place| told.number(&old.tree, place)).collect();
        numbers?.into_iter().reduce(|a, b| Number {
            people: a.people + b.people,
            since: a.since.min(b.since),
        })
    };
    told.filter_map(sum).max_by_key(|number| number.people)
}

#[cfg(test)]
mod tests;
