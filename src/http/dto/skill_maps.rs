//! Skill maps on the wire: what was published, as JSON and as tables. Counts only, and none of fewer than it says.

use crate::app::{Inference, MapColumn, MapPage, MapRow, Number, Release, Slice, Trend};
use crate::calendar::{rfc3339, write_day};
use crate::domain::{Day, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// What can be written as a table: a head, and lines of as many cells.
pub(in crate::http) trait Table {
    /// The head and the lines.
    fn table(&self) -> Vec<Vec<String>>;
}

/// A number of people.
#[derive(Serialize, ToSchema)]
#[schema(as = MapNumber)]
pub(in crate::http) struct NumberDto {
    /// How many, or as many as were told last: never fewer than one more than `k`.
    people: u32,
    /// Their part of the people counted in the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 1)]
    share: Option<f64>,
    /// The day on which the oldest part of the number was counted.
    #[schema(format = Date)]
    since: String,
}

/// The day `days` after 1970-01-01, as it is written.
pub(super) fn day(days: i32) -> String {
    write_day(Day::from_days(days))
}

impl NumberDto {
    pub(super) fn of(number: Number, among: Option<Number>) -> Self {
        let share = among.filter(|among| among.people > 0).map(|among| {
            let share = f64::from(number.people) / f64::from(among.people);
            (share.min(1.0) * 1e3).round() / 1e3
        });
        Self {
            people: number.people,
            share,
            since: day(number.since),
        }
    }
}

/// A number as a cell of a table; nothing where it is not told.
pub(super) fn cell(number: Option<&NumberDto>) -> String {
    number.map_or_else(String::new, |number| number.people.to_string())
}

/// Which release an answer is from.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillMapHead)]
pub(in crate::http) struct HeadDto {
    /// Its number.
    #[schema(minimum = 1)]
    release: u32,
    /// No number of so many people or fewer is told.
    #[schema(minimum = 5)]
    k: u32,
    /// Whether people of whom a skill is only inferred are counted too, apart.
    inferred: bool,
    /// Whether the organisation has too few people for any count of a skill.
    too_small: bool,
    /// The people counted; null when they are too few to tell.
    people: Option<NumberDto>,
    /// The last sequence of the log that it knows.
    generation: u64,
    /// When it was made.
    #[schema(format = DateTime)]
    as_of: String,
}

impl From<&Release> for HeadDto {
    fn from(release: &Release) -> Self {
        let people = release.people.as_ref().and_then(|told| told.number(&release.tree, 0));
        Self {
            release: release.number,
            k: release.k,
            inferred: release.inference == Inference::Counted,
            too_small: release.is_too_small(),
            people: people.map(|number| NumberDto::of(number, None)),
            generation: release.generation,
            as_of: rfc3339(release.made),
        }
    }
}

/// The releases that there are.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SkillMaps {
    /// Newest first.
    items: Vec<HeadDto>,
    /// Always null: they are few.
    #[schema(value_type = Option<String>)]
    next_cursor: Option<&'static str>,
}

impl SkillMaps {
    pub(in crate::http) fn of<'r>(releases: impl Iterator<Item = &'r Release>) -> Self {
        Self {
            items: releases.map(HeadDto::from).collect(),
            next_cursor: None,
        }
    }
}

impl Table for SkillMaps {
    fn table(&self) -> Vec<Vec<String>> {
        let head = ["release", "as_of", "k", "inferred", "too_small", "people"]
            .map(str::to_owned)
            .to_vec();
        let line = |item: &HeadDto| {
            vec![
                item.release.to_string(),
                item.as_of.clone(),
                item.k.to_string(),
                item.inferred.to_string(),
                item.too_small.to_string(),
                cell(item.people.as_ref()),
            ]
        };
        [head].into_iter().chain(self.items.iter().map(line)).collect()
    }
}

/// A skill as a column.
#[derive(Serialize, ToSchema)]
#[schema(as = MapColumn)]
struct ColumnDto {
    /// Its identifier.
    skill: String,
    /// What it is called.
    label: String,
    /// The one skill above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    broader: Option<String>,
}

impl From<MapColumn> for ColumnDto {
    fn from(column: MapColumn) -> Self {
        Self {
            skill: column.skill,
            label: column.label,
            broader: column.broader,
        }
    }
}

/// A unit as a row.
#[derive(Serialize, ToSchema)]
#[schema(as = MapRow)]
struct RowDto {
    /// Its path; empty for the whole organisation.
    unit: String,
    /// People counted in it.
    people: NumberDto,
    /// A cell a column: null where nothing is told, for whatever reason.
    cells: Vec<Option<NumberDto>>,
}

impl From<MapRow> for RowDto {
    fn from(row: MapRow) -> Self {
        let among = row.people;
        let cell = |cell: Option<Number>| cell.map(|number| NumberDto::of(number, Some(among)));
        Self {
            unit: row.unit,
            people: NumberDto::of(among, None),
            cells: row.cells.into_iter().map(cell).collect(),
        }
    }
}

/// A page of a skill map.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SkillMap {
    /// Which.
    #[serde(flatten)]
    head: HeadDto,
    /// Who is counted: `all`, those of a level or more, those of an origin, or `inferred`.
    counted: &'static str,
    /// Skills.
    columns: Vec<ColumnDto>,
    /// Units.
    rows: Vec<RowDto>,
    /// What to send as `row_cursor` for more rows; null at the end.
    next_row_cursor: Option<String>,
    /// What to send as `column_cursor` for more columns; null at the end.
    next_column_cursor: Option<String>,
}

impl SkillMap {
    pub(in crate::http) fn of(release: &Release, slice: Slice, page: MapPage, cursor: fn(usize) -> String) -> Self {
        Self {
            head: release.into(),
            counted: slice.code(),
            columns: page.columns.into_iter().map(Into::into).collect(),
            rows: page.rows.into_iter().map(Into::into).collect(),
            next_row_cursor: page.next_row.map(cursor),
            next_column_cursor: page.next_column.map(cursor),
        }
    }
}

impl Table for SkillMap {
    fn table(&self) -> Vec<Vec<String>> {
        let skills = self.columns.iter().map(|column| column.skill.clone());
        let head = ["unit", "people"]
            .map(str::to_owned)
            .into_iter()
            .chain(skills)
            .collect();
        let line = |row: &RowDto| {
            let cells = row.cells.iter().map(|number| cell(number.as_ref()));
            let front = [row.unit.clone(), cell(Some(&row.people))];
            front.into_iter().chain(cells).collect()
        };
        [head].into_iter().chain(self.rows.iter().map(line)).collect()
    }
}

/// Skills over quarters.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SkillTrends {
    /// Up to which release.
    #[serde(flatten)]
    head: HeadDto,
    /// The unit; empty for the whole organisation.
    unit: String,
    /// Who is counted.
    counted: &'static str,
    /// Skills.
    items: Vec<TrendDto>,
    /// What to send as `cursor` for the next part; null at the end.
    next_cursor: Option<String>,
}

/// A skill over quarters.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillTrend)]
struct TrendDto {
    /// Which.
    #[serde(flatten)]
    column: ColumnDto,
    /// The last release of each quarter, oldest first.
    quarters: Vec<QuarterDto>,
}

/// What the last release of a quarter told.
#[derive(Serialize, ToSchema)]
#[schema(as = SkillQuarter)]
struct QuarterDto {
    /// The release.
    release: u32,
    /// When it was made.
    #[schema(format = DateTime)]
    made: String,
    /// How many people; null where nothing was told.
    number: Option<NumberDto>,
}

impl SkillTrends {
    pub(in crate::http) fn of(
        release: &Release,
        (unit, slice): (String, Slice),
        trends: Vec<Trend>,
        next_cursor: Option<String>,
    ) -> Self {
        let quarter = |(release, made, number): (u32, Timestamp, Option<Number>)| QuarterDto {
            release,
            made: rfc3339(made),
            number: number.map(|number| NumberDto::of(number, None)),
        };
        let trend = |trend: Trend| TrendDto {
            column: trend.column.into(),
            quarters: trend.quarters.into_iter().map(quarter).collect(),
        };
        Self {
            head: release.into(),
            unit,
            counted: slice.code(),
            items: trends.into_iter().map(trend).collect(),
            next_cursor,
        }
    }
}

impl Table for SkillTrends {
    fn table(&self) -> Vec<Vec<String>> {
        let made = self
            .items
            .first()
            .into_iter()
            .flat_map(|trend| trend.quarters.iter().map(|q| q.made.clone()));
        let head = ["skill".to_owned()].into_iter().chain(made).collect();
        let line = |trend: &TrendDto| {
            let cells = trend.quarters.iter().map(|quarter| cell(quarter.number.as_ref()));
            [trend.column.skill.clone()].into_iter().chain(cells).collect()
        };
        [head].into_iter().chain(self.items.iter().map(line)).collect()
    }
}
