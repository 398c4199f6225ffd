//! The mapping of a people file: which column says what. TOML, written once by whoever knows the file.
//!
//! A key that does not exist is refused by name, so that a slip never leaves a column out silently. What a cell means is
//! said in `cells`; `docs/IMPORT.md` is the reference.

use crate::ingest::values::nfc;
use crate::ingest::{is_source, limits};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The source of the events.
    #[serde(default)]
    pub source: Option<String>,
    /// What stands between cells; told by the first line when left out.
    #[serde(default)]
    pub(super) delimiter: Option<Delimiter>,
    /// The encoding; told by the bytes when left out.
    #[serde(default)]
    pub(super) encoding: Option<Encoding>,
    /// Whether whoever is not in the file any more has left.
    #[serde(default)]
    pub(super) complete: bool,
    pub(super) person: PersonColumns,
    #[serde(default)]
    pub(super) skills: Option<SkillColumns>,
    #[serde(default)]
    pub(super) absence: Option<AbsenceColumns>,
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Delimiter {
    #[serde(rename = ";")]
    Semicolon,
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = "tab")]
    Tab,
}

impl Delimiter {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }

    /// As a sentence says it.
    pub(super) const fn shown(self) -> &'static str {
        match self {
            Self::Semicolon => "`;`",
            Self::Comma => "`,`",
            Self::Tab => "a tab",
        }
    }
}

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// One column, or several whose cells are joined.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "this takes the name of a column, or a list of names")]
pub(super) enum Columns {
    One(String),
    Several(Vec<String>),
}

impl Columns {
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// A column whose cells hold several values.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "this takes the name of a column, or a table of column, separator and values"
)]
pub(super) enum ListColumn {
    Plain(String),
    Table(ListTable),
}

/// How a column of several values is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListTable {
    pub(super) column: String,
    #[serde(default = "comma")]
    pub(super) separator: String,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
}

impl ListColumn {
    pub(super) fn column(&self) -> &str {
        match self {
            Self::Plain(column) | Self::Table(ListTable { column, .. }) => column,
        }
    }

    pub(super) fn separator(&self) -> &str {
        match self {
            Self::Plain(_) => ",",
            Self::Table(table) => &table.separator,
        }
    }

    pub(super) fn values(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Self::Plain(_) => None,
            Self::Table(table) => Some(&table.values),
        }
    }
}

/// A column that says yes by certain words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct YesColumn {
    pub(super) column: String,
    pub(super) yes: Vec<String>,
}

/// What is said of the person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonColumns {
    pub(super) id: String,
    #[serde(default)]
    pub(super) id_prefix: String,
    pub(super) name: Option<Columns>,
    pub(super) unit: Option<Columns>,
    #[serde(default)]
    pub(super) unit_prefix: String,
    pub(super) site: Option<String>,
    pub(super) title: Option<String>,
    pub(super) employer: Option<String>,
    pub(super) status: Option<String>,
    pub(super) languages: Option<ListColumn>,
    pub(super) time_zone: Option<String>,
    pub(super) joined: Option<String>,
    pub(super) left: Option<String>,
    pub(super) external: Option<YesColumn>,
    pub(super) heads: Option<ListColumn>,
    pub(super) manager: Option<String>,
    pub(super) url: Option<String>,
}

/// What is said of skills.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillColumns {
    pub(super) column: String,
    #[serde(default = "comma")]
    pub(super) separator: String,
    /// What stands between a skill and its level in one cell.
    pub(super) level_after: Option<String>,
    /// A column of its own for the level, where a row has one skill.
    pub(super) level_column: Option<String>,
    /// What a level given as a number is divided by.
    #[serde(default = "one")]
    pub(super) level_max: f64,
    /// Levels by word.
    #[serde(default)]
    pub(super) levels: BTreeMap<String, f64>,
    /// Identifiers of skills by name.
    #[serde(default)]
    pub(super) ids: BTreeMap<String, String>,
    /// The language of the names.
    pub(super) language: Option<String>,
}

/// What is said of absences.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsenceColumns {
    pub(super) from: String,
    pub(super) until: String,
}

fn comma() -> String {
    ",".to_owned()
}

const fn one() -> f64 {
    1.0
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// One sentence that names the line and the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        // As the file's text is, so that columns are found by what people read.
        let text = &*nfc(text.into());
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
            let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            let why: Vec<&str> = error.message().split_whitespace().collect();
            format!("{place}{}", why.join(" "))
        })?;
        mapping.checked()
    }

    fn checked(self) -> Result<Self, String> {
        if let Some(source) = self.source.as_deref().filter(|source| !is_source(source)) {
            return Err(format!(
                "source: `{source}` is not 1 to {} lower-case letters, digits and hyphens",
                limits::MAX_SOURCE
            ));
        }
        let lists = [&self.person.languages, &self.person.heads];
        let separators = lists.into_iter().flatten().map(ListColumn::separator);
        let skills = self.skills.as_ref();
        let after = skills.and_then(|skills| skills.level_after.as_deref());
        let skill_separator = skills.map(|skills| skills.separator.as_str());
        if separators.chain(after).chain(skill_separator).any(str::is_empty) {
            return Err("a separator is at least one character".to_owned());
        }
        if let Some(skills) = skills {
            let level = |level: &f64| (0.0..=1.0).contains(level);
            if !skills.levels.values().all(level) {
                return Err("skills.levels: a level is a number of 0 to 1".to_owned());
            }
            if !(skills.level_max.is_finite() && skills.level_max > 0.0) {
                return Err("skills.level_max: this is a number above 0".to_owned());
            }
            if skills.level_after.is_some() && skills.level_column.is_some() {
                return Err(
                    "skills: a level stands in the cell (level_after) or in a column of its own \
                            (level_column), not in both"
                        .to_owned(),
                );
            }
        }
        Ok(self)
    }

    /// Every column that the mapping names, with the key that names it.
    pub(super) fn columns(&self) -> Vec<(&'static str, &str)> {
        let person = &self.person;
        let mut all = vec![("person.id", person.id.as_str())];
        for (key, columns) in [("person.name", &person.name), ("person.unit", &person.unit)] {
            all.extend(columns.iter().flat_map(Columns::names).map(|name| (key, name.as_str())));
        }
        let singles = [
            ("person.site", &person.site),
            ("person.title", &person.title),
            ("person.employer", &person.employer),
            ("person.status", &person.status),
            ("person.time_zone", &person.time_zone),
            ("person.joined", &person.joined),
            ("person.left", &person.left),
            ("person.manager", &person.manager),
            ("person.url", &person.url),
        ];
        all.extend(singles.iter().filter_map(|(key, name)| Some((*key, name.as_deref()?))));
        for (key, list) in [("person.languages", &person.languages), ("person.heads", &person.heads)] {
            all.extend(list.as_ref().map(|list| (key, list.column())));
        }
        all.extend(
            person
                .external
                .as_ref()
                .map(|yes| ("person.external", yes.column.as_str())),
        );
        if let Some(skills) = &self.skills {
            all.push(("skills.column", skills.column.as_str()));
            all.extend(skills.level_column.as_deref().map(|name| ("skills.level_column", name)));
        }
        if let Some(absence) = &self.absence {
            all.push(("absence.from", &absence.from));
            all.push(("absence.until", &absence.until));
        }
        all
    }

    /// Whether the file says something of persons themselves: then each comes once.
    pub(super) fn describes_people(&self) -> bool {
        self.columns()
            .iter()
            .any(|(key, _)| key.starts_with("person.") && *key != "person.id")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_refused_by_name_and_line() {
        for (text, parts) in [
            ("[person]\nid = \"A\"\nnmae = \"B\"\n", &["line 3", "nmae"][..]),
            ("[person]\nname = \"B\"\n", &["id"]),
            ("[persons]\nid = \"A\"\n", &["persons"]),
            ("[person]\nid = \"A\"\nname = 3\n", &["line 3", "a list of names"]),
            (
                "[person]\nid = \"A\"\nheads = {colum = \"B\"}\n",
                &["line 3", "a table of column"],
            ),
            ("delimiter = \"|\"\n[person]\nid = \"A\"\n", &["line 1", "|"]),
            ("source = \"RH\"\n[person]\nid = \"A\"\n", &["source", "RH"]),
            (
                "[person]\nid=\"A\"\n[skills]\ncolumn=\"S\"\nlevels={haut=2.0}\n",
                &["levels"],
            ),
            (
                "[person]\nid=\"A\"\n[skills]\ncolumn=\"S\"\nseparator=\"\"\n",
                &["separator"],
            ),
            (
                "[person]\nid=\"A\"\n[skills]\ncolumn=\"S\"\nlevel_max=0\n",
                &["level_max"],
            ),
            ("[absence]\nfrom=\"A\"\n", &["until"]),
            ("[person", &["line 1"]),
        ] {
            let why = Mapping::parse(text).unwrap_err();
            assert!(
                parts.iter().all(|part| why.contains(part)) && !why.contains('\n'),
                "{text}: {why}"
            );
        }
    }

    #[test]
    fn every_column_is_listed_with_its_key() {
        let mapping = Mapping::parse(
            "[person]\nid = \"A\"\nname = [\"B\", \"C\"]\nunit = \"D\"\nsite = \"E\"\nlanguages = \"F\"\n\
             external = { column = \"G\", yes = [\"x\"] }\n[skills]\ncolumn = \"H\"\nlevel_column = \"I\"\n\
             [absence]\nfrom = \"J\"\nuntil = \"K\"\n",
        )
        .unwrap();
        let mut names: Vec<_> = mapping.columns().iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        assert_eq!(names.concat(), "ABCDEFGHIJK");
        assert!(mapping.describes_people());
        assert!(!Mapping::parse("[person]\nid = \"A\"\n").unwrap().describes_people());
    }
}
