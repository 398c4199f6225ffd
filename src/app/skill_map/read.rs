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

/// A target, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What is wanted.
    pub target: Target,
    /// The skill's label in the reader's language.
    pub label: String,
    /// How many there are; `None` where it is not told.
    pub people: Option<Number>,
}

/// Some gaps of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapsPart {
    /// In the order of the targets.
    pub gaps: Vec<Gap>,
    /// Where they go on.
    pub next: Option<usize>,
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
    /// The places in the list of the skills that `skill` and `depth` name; `None` when there is no such skill.
    fn columns_below(&self, skill: Option<&str>, depth: u32) -> Option<Vec<usize>> {
        let known = |skill: &str| self.find(skill).filter(|&n| self.told(n, Slice::All).is_some());
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
        // That somebody has a skill of which nothing is told is not told either.
        let within = |n: &usize| steps[*n].is_some_and(|steps| steps <= depth) && self.told(*n, Slice::All).is_some();
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

    fn column(&self, release: &Release, place: usize, tongue: Tongue) -> MapColumn {
        let column = &release.columns[place];
        let broader = column
            .broader
            .map(|above| release.columns[above as usize].skill.clone());
        MapColumn {
            label: label(&self.snapshot().view, &column.skill, tongue),
            skill: column.skill.clone(),
            broader,
            place,
        }
    }

    /// The label of the skill or subject called `id` in the reader's language.
    pub fn subject_label(&self, id: &str, tongue: Tongue) -> String {
        label(&self.snapshot().view, id, tongue)
    }

    /// A page of `release`; `None` when it has no such unit or skill. Cost: its cells × the units below each.
    pub fn skill_map_page(&self, release: &Release, wish: &MapWish, tongue: Tongue) -> Option<MapPage> {
        let top = release.unit(&wish.unit)?;
        let columns = release.columns_below(wish.skill.as_deref(), wish.skill_depth)?;
        let (columns, next_column) = part(columns, wish.columns_from, wish.columns_most);
        let rows = release.people.iter().flat_map(|people| {
            let places = release.tree.within(top);
            places.filter_map(|place| {
                let shown = release.tree.depth_below(top, place)? <= wish.unit_depth;
                shown.then_some((place, people.number(&release.tree, place)?))
            })
        });
        let (rows, next_row) = part(rows.collect(), wish.rows_from, wish.rows_most);
        let told: Vec<_> = columns.iter().map(|&column| release.told(column, wish.slice)).collect();
        let row = |(place, people)| MapRow {
            unit: release.tree.path(place).to_owned(),
            people,
            cells: told
                .iter()
                .map(|told| told.and_then(|told| told.number(&release.tree, place)))
                .collect(),
        };
        Some(MapPage {
            columns: columns
                .iter()
                .map(|&place| self.column(release, place, tongue))
                .collect(),
            rows: rows.into_iter().map(row).collect(),
            next_row,
            next_column,
        })
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
        let columns = release.columns_below(wish.skill.as_deref(), wish.skill_depth)?;
        let (columns, next) = part(columns, wish.columns_from, wish.columns_most);
        let releases = self.skill_maps();
        let until = releases.partition_point(|known| known.number <= release.number);
        let quarters = last_of_quarters(&releases[..until]);
        let snapshot = self.snapshot();
        let trend = |place: usize| {
            let column = self.column(release, place, tongue);
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

    /// The targets of the configuration beside what `release` tells, from the one at `from` on.
    pub fn skill_map_gaps(&self, release: &Release, from: usize, most: usize, tongue: Tongue) -> GapsPart {
        let targets = self
            .skill_map_rules()
            .map(|rules| &rules.targets[..])
            .unwrap_or_default();
        let (targets, next) = part(targets.iter().collect(), from, most);
        let gap = |target: &Target| Gap {
            label: self.subject_label(&target.skill, tongue),
            people: release.number(&target.unit, &target.skill, target.level),
            target: target.clone(),
        };
        GapsPart {
            gaps: targets.into_iter().map(gap).collect(),
            next,
        }
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
