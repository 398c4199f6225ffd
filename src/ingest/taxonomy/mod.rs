//! Skills out of public nomenclatures (ESCO, ROME) and plain lists: rows of CSV files become `skill.upserted`.
//!
//! Invariants: every row is used, left out for a reason that is told, or rejected by its line; one skill becomes one event,
//! whatever the number of files that speak of it; the same files with the same day say the same, byte by byte. What is
//! longer or more than an event may hold is cut, and counted.
//!
//! Knows nothing of where the files are, or of what came before.

mod esco;
mod plain;
mod rome;
mod sheet;
#[cfg(test)]
mod tests;

pub use sheet::SheetError;

use super::limits::{MAX_ID, MAX_LABELS, MAX_NAME, MAX_URL};
use super::translate::{digest, line};
use super::{Code, Rejection, Tally};
use crate::domain::EventType;
use serde_json::{Map, Value, json};
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};

/// What files there are to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nomenclature {
    /// The European Skills, Competences, Qualifications and Occupations, as its CSV download holds them.
    Esco,
    /// The French Répertoire opérationnel des métiers et des emplois, as its open CSV files hold it.
    Rome,
    /// A list of one's own: one row a skill.
    Plain,
}

/// What a file of a nomenclature tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Skills,
    Links,
    Tree,
}

impl Nomenclature {
    /// The source that its events have unless another is named.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Esco => "esco",
            Self::Rome => "rome",
            Self::Plain => "skills",
        }
    }

    /// Whether a file of this name tells something of skills.
    pub fn reads(self, name: &str) -> bool {
        self.sort(name).is_some()
    }

    /// What stands in a folder of it, for whoever named another one.
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Esco => {
                "skills_en.csv or skills_fr.csv, with broaderRelationsSkillPillar_en.csv and skillGroups_en.csv"
            }
            Self::Rome => "unix_arborescence_competences_v…_utf8.csv or unix_referentiel_competence_v…_utf8.csv",
            Self::Plain => "a CSV file with the columns skill, label_en or label_fr, aliases, broader",
        }
    }

    fn sort(self, name: &str) -> Option<Sort> {
        match self {
            Self::Esco => esco::sort(name),
            Self::Rome => rome::sort(name),
            Self::Plain => Some(Sort::Skills),
        }
    }
}

/// One skill, as far as the files tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// The file and line that spoke of it first.
    place: (usize, u64),
    labels: BTreeMap<String, String>,
    aliases: BTreeSet<String>,
    broader: BTreeSet<String>,
    uri: Option<String>,
}

/// The skills of some files.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    of: Nomenclature,
    skills: BTreeMap<String, Entry>,
    newest: Option<String>,
    rejected: Vec<(usize, u64, Rejection)>,
}

/// What the skills of some files become.
#[derive(Clone, Debug, Default)]
pub struct SkillLines {
    /// File, line, and the event or why there is none; in the order of files and lines.
    pub lines: Vec<(usize, u64, Result<Vec<u8>, Rejection>)>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

impl Taxonomy {
    /// Without any file yet.
    pub fn new(of: Nomenclature) -> Self {
        Self {
            of,
            skills: BTreeMap::new(),
            newest: None,
            rejected: Vec::new(),
        }
    }

    /// Reads the file of number `file`, called `name`. What became of the rows is added to `tally`. Cost: the file, held
    /// whole.
    ///
    /// # Errors
    /// When it is no table, or lacks a column that it should have; nothing of it was taken.
    pub fn read(&mut self, file: usize, name: &str, bytes: &[u8], tally: &mut Tally) -> Result<(), SheetError> {
        let Some(sort) = self.of.sort(name) else {
            return Ok(());
        };
        let sheet = Sheet::read(bytes)?;
        match self.of {
            Nomenclature::Esco => esco::needs(sort, &sheet),
            Nomenclature::Rome => rome::needs(sort, &sheet),
            Nomenclature::Plain => plain::needs(&sheet),
        }?;
        for (line, row) in sheet.rows() {
            let place = (file, line);
            let fate = match self.of {
                Nomenclature::Esco => esco::row(self, sort, name, place, &row),
                Nomenclature::Rome => rome::row(self, sort, place, &row),
                Nomenclature::Plain => plain::row(self, &sheet, place, &row),
            };
            match fate {
                Ok(None) => tally.used(),
                Ok(Some(reason)) => tally.skipped(reason),
                Err(why) => {
                    tally.rejected();
                    self.rejected.push((file, line, missing(why)));
                }
            }
        }
        Ok(())
    }

    /// How many skills there are.
    pub fn len(&self) -> usize {
        self.skills.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.skills.is_empty()
    }

    /// The skills as events of `source`, as of the newest change that the files tell of, else of `day`, RFC 3339. A link to a
    /// skill that no file describes is left out. `tallies` has one place a file.
    pub fn lines(self, source: &str, day: &str, tallies: &mut [Tally]) -> SkillLines {
        let at = self.newest.as_deref().unwrap_or(day);
        let mut cuts = Cuts::default();
        let mut out = SkillLines::default();
        for (id, entry) in &self.skills {
            let (file, number) = entry.place;
            if entry.labels.is_empty() && entry.broader.is_empty() && entry.aliases.is_empty() {
                continue;
            }
            let known = |id: &&String| self.skills.get(*id).is_some_and(|broad| !broad.labels.is_empty());
            let data = entry.data(id, entry.broader.iter().filter(known), &mut cuts);
            let name = format!("skill-{}", digest(&[at, &data.to_string()], 16));
            let bytes = line(source, &name, EventType::SkillUpserted, at, &data);
            if let Some(tally) = tallies.get_mut(file) {
                tally.event(EventType::SkillUpserted);
            }
            out.lines.push((file, number, Ok(bytes)));
        }
        let rejected = self.rejected.into_iter();
        out.lines
            .extend(rejected.map(|(file, line, why)| (file, line, Err(why))));
        out.lines.sort_by_key(|(file, line, _)| (*file, *line));
        out.notes = cuts.notes();
        out
    }

    /// The skill `id`; `None` when no event may call one so.
    fn entry(&mut self, id: &str, place: (usize, u64)) -> Option<&mut Entry> {
        let fits = !id.is_empty() && id.chars().nth(MAX_ID).is_none() && !id.chars().any(char::is_control);
        fits.then(|| {
            self.skills.entry(id.to_owned()).or_insert_with(|| Entry {
                place,
                ..Entry::default()
            })
        })
    }

    /// Notes that `narrow` is a kind of `broad`.
    fn link(&mut self, narrow: &str, broad: &str, place: (usize, u64)) -> Result<(), &'static str> {
        if narrow == broad {
            return Ok(());
        }
        self.entry(broad, place).ok_or(NO_ID)?;
        let entry = self.entry(narrow, place).ok_or(NO_ID)?;
        entry.broader.insert(broad.to_owned());
        Ok(())
    }

    /// Notes an instant at which something of the files changed.
    fn changed(&mut self, at: &str) {
        let is_instant = at.parse::<jiff::Timestamp>().is_ok();
        if is_instant && self.newest.as_deref().is_none_or(|newest| newest < at) {
            self.newest = Some(at.to_owned());
        }
    }
}

/// Why a row is rejected.
const NO_ID: &str = "the identifier is missing, longer than 200 characters, or has control characters in it";
const NO_LABEL: &str = "the label is missing";

/// Why a row is left out, or that it was used; or what is wrong with it.
type Fate = Result<Option<&'static str>, &'static str>;

fn missing(why: &str) -> Rejection {
    Rejection::of_line(Code::Missing, why.to_owned())
}

impl Entry {
    /// The label in `language`; the first one said stays.
    fn label(&mut self, language: &str, label: &str) {
        let label = label.trim();
        if !label.is_empty() {
            self.labels
                .entry(language.to_owned())
                .or_insert_with(|| label.to_owned());
        }
    }

    fn aliases<'a>(&mut self, aliases: impl Iterator<Item = &'a str>) {
        let said = aliases.map(str::trim).filter(|alias| !alias.is_empty());
        self.aliases.extend(said.map(str::to_owned));
    }

    /// What the event says.
    fn data<'a>(&self, id: &str, broader: impl Iterator<Item = &'a String>, cuts: &mut Cuts) -> Value {
        let mut data = json!({"skill": id});
        let labels = self
            .labels
            .iter()
            .map(|(tag, label)| (tag.clone(), Value::from(cuts.label(label))));
        let labels: Map<String, Value> = labels.collect();
        if !labels.is_empty() {
            data["labels"] = labels.into();
        }
        let named = |alias: &&String| !self.labels.values().any(|label| label == *alias);
        let aliases = cuts.aliases(self.aliases.iter().filter(named));
        if !aliases.is_empty() {
            data["aliases"] = aliases.into();
        }
        let broader: Vec<&String> = broader.collect();
        cuts.broader += broader.len().saturating_sub(MAX_LABELS);
        if !broader.is_empty() {
            data["broader"] = broader.into_iter().take(MAX_LABELS).cloned().collect::<Vec<_>>().into();
        }
        if let Some(uri) = self
            .uri
            .as_ref()
            .filter(|uri| uri.chars().nth(MAX_URL).is_none() && !uri.contains(char::is_whitespace))
        {
            data["uri"] = uri.as_str().into();
        }
        data
    }
}

/// What was more or longer than an event holds.
#[derive(Default)]
struct Cuts {
    labels: usize,
    aliases: usize,
    broader: usize,
}

impl Cuts {
    fn label(&mut self, label: &str) -> String {
        let end = label.char_indices().nth(MAX_NAME).map(|(end, _)| end);
        self.labels += usize::from(end.is_some());
        label[..end.unwrap_or(label.len())].to_owned()
    }

    /// The aliases that fit, the shortest first: those are what people write.
    fn aliases<'a>(&mut self, aliases: impl Iterator<Item = &'a String>) -> Vec<String> {
        let all: Vec<&String> = aliases.collect();
        let mut fit: Vec<&String> = all
            .iter()
            .copied()
            .filter(|alias| alias.chars().nth(MAX_NAME).is_none())
            .collect();
        fit.sort_by_key(|alias| alias.chars().count());
        fit.truncate(MAX_LABELS);
        self.aliases += all.len() - fit.len();
        fit.sort_unstable();
        fit.into_iter().cloned().collect()
    }

    fn notes(&self) -> Vec<String> {
        let told = [
            (self.labels, format!("labels cut to {MAX_NAME} characters")),
            (
                self.aliases,
                format!("aliases left out: beyond {MAX_LABELS} of one skill, or longer than {MAX_NAME} characters"),
            ),
            (
                self.broader,
                format!("broader links left out: beyond {MAX_LABELS} of one skill"),
            ),
        ];
        told.into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect()
    }
}
