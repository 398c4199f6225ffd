//! `antenne skill-map`: a page of a published skill map, as over HTTP; or the next release, made now.

use super::control::wire::{Request, SkillMapWish};
use super::failure::{Done, Failure};
use super::machine::print;
use super::session::{IfAbsent, Session};
use crate::app::{AuditAction, AuditEntry, MapWish, Service, Slice, Tongue};
use crate::config::{Config, Language};
use crate::http;
use serde_json::{Value, json};
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// What stands in the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Rows {
    Unit,
}

/// What stands in the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Columns {
    Skill,
}

/// Show a published skill map: people by unit and skill, no small numbers
#[derive(Debug, clap::Args)]
pub struct SkillMapArgs {
    /// What stands in the rows
    #[arg(long, value_enum, default_value = "unit")]
    rows: Rows,
    /// What stands in the columns
    #[arg(long, value_enum, default_value = "skill")]
    columns: Columns,
    /// The number of a release
    #[arg(long, default_value = "latest")]
    release: String,
    /// Make the next release now, and show it
    #[arg(long)]
    publish: bool,
    /// This unit and those right below it [default: the whole organisation]
    #[arg(long)]
    unit: Option<String>,
    /// This skill and those right below it [default: the broadest]
    #[arg(long)]
    skill: Option<String>,
    /// How many steps below the unit and the skill
    #[arg(long, default_value_t = 1)]
    depth: u32,
    /// Count who has a level or more: all, practising, autonomous, mastery
    #[arg(long, conflicts_with = "origin")]
    level: Option<String>,
    /// Count by whose word: declared, endorsed, imported, confirmed; or, apart, those of whom it is only inferred
    #[arg(long)]
    origin: Option<String>,
    /// Rows, and columns, at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// The language of the labels [default: en]
    #[arg(long, alias = "lang")]
    language: Option<Language>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON, as over HTTP
    #[arg(long)]
    json: bool,
}

impl SkillMapArgs {
    /// Carries the command out.
    pub fn run(self, config: &Config) -> Result<Done, Failure> {
        let (Rows::Unit, Columns::Skill) = (self.rows, self.columns);
        let named = self.level.as_deref().map(|code| (code, &Slice::LEVELS[..]));
        let named = named.or(self.origin.as_deref().map(|code| (code, &Slice::BY_ORIGIN[..])));
        if let Some((code, slices)) = named
            && !slices.iter().any(|slice| slice.code() == code)
        {
            let codes: Vec<_> = slices.iter().map(|slice| slice.code()).collect();
            return Err(Failure::usage(format!("`{code}` is none of {}", codes.join(", "))));
        }
        let wish = SkillMapWish {
            release: self.release,
            publish: self.publish,
            unit: self.unit.unwrap_or_default(),
            skill: self.skill,
            depth: self.depth,
            counted: named.map_or(Slice::All.code(), |(code, _)| code).to_owned(),
            limit: self.limit as usize,
            language: self.language.unwrap_or(config.language).tag().to_owned(),
        };
        let answer = Session::open(config, IfAbsent::Fail)?.ask(Request::SkillMap(wish))?;
        let table = answer["csv"].as_str().unwrap_or_default();
        print(&match (self.json, self.csv) {
            (true, _) => format!("{}\n", answer["map"]),
            (_, true) => table.to_owned(),
            _ => listed(&answer["map"]),
        })?;
        Ok(Done::Whole)
    }
}

/// The answer, with its table.
///
/// # Errors
/// When maps are off, there is no such release, or nothing is told of what is asked for.
pub fn answer(service: &Service, wish: SkillMapWish) -> Result<Value, Failure> {
    let refused = |error: &dyn std::fmt::Display| Failure::new(error.to_string());
    if service.skill_map_rules().is_none() {
        return Err(refused(&crate::app::SkillMapError::Off));
    }
    let release = if wish.publish {
        service.publish_skill_map().map_err(|error| refused(&error))?
    } else {
        let none = "there is no such release: `antenne skill-map --publish` makes one, and the server one a week";
        service.skill_map(&wish.release).ok_or_else(|| Failure::new(none))?
    };
    let slice = Slice::ALL.into_iter().find(|slice| slice.code() == wish.counted);
    let page = MapWish {
        unit: wish.unit.nfc().collect(),
        unit_depth: wish.depth,
        skill: wish.skill.map(|skill| skill.nfc().collect()),
        skill_depth: wish.depth,
        slice: slice.unwrap_or(Slice::All),
        rows_from: 0,
        rows_most: wish.limit,
        columns_from: 0,
        columns_most: wish.limit,
    };
    let what = format!("page of {}: {} of `{}`", release.number, page.slice.code(), page.unit);
    service
        .audit(&AuditEntry::of_operator(AuditAction::SkillMapRead).what(what))
        .map_err(|error| refused(&error))?;
    let found = service.skill_map_page(&release, &page, Tongue::accepted(&wish.language));
    let found = found.ok_or_else(|| Failure::new("nothing is told of this unit or this skill in this release"))?;
    let (map, csv) = http::skill_map_page(&release, page.slice, found);
    Ok(json!({"map": map, "csv": csv}))
}

/// The page as lines to read: a unit, its people, and what is told of it.
fn listed(map: &Value) -> String {
    let number = |value: &Value| {
        value["people"]
            .as_u64()
            .map_or("·".to_owned(), |people| people.to_string())
    };
    let columns = map["columns"].as_array().cloned().unwrap_or_default();
    let mut text = format!(
        "release {} of {}: no number of {} people or fewer\n",
        map["release"],
        map["as_of"].as_str().unwrap_or_default(),
        map["k"]
    );
    if map["too_small"] == true {
        text.push_str("too few people are counted for any number of a skill\n");
    }
    if map["counted"] == Slice::Inferred.code() && map["inferred"] != true {
        text.push_str("those of whom a skill is only inferred are not counted: `[skill_maps] inferred` is off\n");
    }
    for row in map["rows"].as_array().into_iter().flatten() {
        let unit = row["unit"].as_str().filter(|unit| !unit.is_empty()).unwrap_or("*");
        let _ = writeln!(text, "{unit}  {}", number(&row["people"]));
        for (column, cell) in columns.iter().zip(row["cells"].as_array().into_iter().flatten()) {
            let label = column["label"].as_str().unwrap_or_default();
            let _ = writeln!(text, "    {label}: {}", number(cell));
        }
    }
    text
}
