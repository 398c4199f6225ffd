//! The rows of a file become people: what each row says, checked by the same rules as every event, or why it cannot be.

use super::cells::{day, folded, list, looked_up, reject, skills};
use super::mapping::{Mapping, SkillColumns};
use super::table::{FileError, Table, TableRow};
use crate::domain::EventType;
use crate::ingest::translate::line;
use crate::ingest::{Code, FutureRule, Rejection, Tally, decode};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the events of a person say: canonical data without the key of the person.
pub(super) type Data = Map<String, Value>;

/// The name of a skill, as an event says it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NamedSkill {
    /// What the file calls it, where the mapping has no identifier for it.
    pub(super) label: Option<String>,
    /// The canonical data of `skill.asserted`.
    pub(super) data: Data,
}

/// What the file says of one person.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    /// The line of the first row about them.
    pub(super) line: u64,
    /// The fields of `person.upserted` that say something.
    pub(super) fields: Data,
    /// The last day, if one is given.
    pub(super) left: Option<Date>,
    /// By identifier.
    pub(super) skills: BTreeMap<String, NamedSkill>,
    /// First and last days, with the line that says so.
    pub(super) absences: BTreeMap<(String, String), u64>,
}

/// Everybody in the file.
pub struct People {
    /// By identifier.
    pub(super) by_id: BTreeMap<String, Person>,
    /// Rows that are not in order, by line.
    pub(super) rejected: Vec<(u64, Rejection)>,
    pub(super) tally: Tally,
    /// Columns that the mapping does not ask for.
    pub ignored_columns: Vec<String>,
    /// Managers whom rows name and who have no row.
    pub(super) unknown_managers: u64,
}

impl People {
    /// Reads a file. Cost: linear in it; it is held whole.
    ///
    /// # Errors
    /// When the file is no table, or not the one that the mapping was written for. A row that is not in order is no
    /// error: it is told by its line.
    pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Self, FileError> {
        let mut table = Table::read(bytes, mapping)?;
        let mut people = Self {
            by_id: BTreeMap::new(),
            rejected: Vec::new(),
            tally: Tally::default(),
            ignored_columns: std::mem::take(&mut table.ignored),
            unknown_managers: 0,
        };
        let mut managers = BTreeSet::new();
        for row in &table.rows {
            let reader = RowReader {
                table: &table,
                row,
                mapping,
            };
            let read = reader
                .read()
                .and_then(|(id, person)| Ok((id, person, reader.manager()?)));
            match read.and_then(|(id, person, manager)| people.add(id, person, mapping).map(|()| manager)) {
                Ok(manager) => {
                    people.tally.used();
                    managers.extend(manager);
                }
                Err(rejection) => {
                    people.tally.rejected();
                    people.rejected.push((row.line, rejection));
                }
            }
        }
        people.promote(&managers);
        Ok(people)
    }

    /// Adds what a row says. Where the file describes people, each has one row.
    fn add(&mut self, id: String, person: Person, mapping: &Mapping) -> Result<(), Rejection> {
        let Some(known) = self.by_id.get_mut(&id) else {
            self.by_id.insert(id, person);
            return Ok(());
        };
        if mapping.describes_people() {
            let detail = format!(
                "this person has a row already, on line {}: the first is kept",
                known.line
            );
            return Err(reject(&mapping.person.id, Code::IdReused, detail));
        }
        known.skills.extend(person.skills);
        known.absences.extend(person.absences);
        Ok(())
    }

    /// Makes everybody whom others name as manager head of their own unit.
    fn promote(&mut self, managers: &BTreeSet<String>) {
        for manager in managers {
            let Some(person) = self.by_id.get_mut(manager) else {
                self.unknown_managers += 1;
                continue;
            };
            let Some(unit) = person.fields.get("unit").cloned() else {
                continue;
            };
            let heads = person.fields.entry("heads").or_insert_with(|| json!([]));
            if let Some(heads) = heads.as_array_mut().filter(|heads| !heads.contains(&unit)) {
                heads.push(unit);
            }
        }
    }
}

/// Reads one row.
struct RowReader<'t> {
    table: &'t Table,
    row: &'t TableRow,
    mapping: &'t Mapping,
}

impl RowReader<'_> {
    fn cell(&self, column: &str) -> &str {
        self.table.cell(self.row, column)
    }

    fn read(&self) -> Result<(String, Person), Rejection> {
        if let Some((cells, columns)) = self.table.misshapen(self.row) {
            let detail = format!("the row has {cells} cells, and the first line has {columns}");
            return Err(Rejection::of_line(Code::BadValue, detail));
        }
        let id = self.id(&self.mapping.person.id)?.ok_or_else(|| {
            let detail = "the row does not say whom it is about";
            reject(&self.mapping.person.id, Code::Missing, detail)
        })?;
        let mut fields = self.canonical(EventType::PersonUpserted, self.fields(&id)?, &self.mapping.person.id)?;
        let Some(Value::String(id)) = fields.remove("person") else {
            return Err(reject(&self.mapping.person.id, Code::BadId, "this is no identifier"));
        };
        let left = self.mapping.person.left.as_deref();
        let left = left.map(|column| day(self.cell(column), column)).transpose()?.flatten();
        let person = Person {
            line: self.row.line,
            fields,
            left,
            skills: self.skills(&id)?,
            absences: self.absence(&id)?,
        };
        Ok((id, person))
    }

    /// The identifier in a column, with its prefix.
    fn id(&self, column: &str) -> Result<Option<String>, Rejection> {
        let cell = self.cell(column);
        if cell.chars().any(char::is_control) {
            return Err(reject(column, Code::BadId, "an identifier has no line breaks"));
        }
        Ok((!cell.is_empty()).then(|| format!("{}{cell}", self.mapping.person.id_prefix)))
    }

    fn manager(&self) -> Result<Option<String>, Rejection> {
        let column = self.mapping.person.manager.as_deref();
        column.map_or(Ok(None), |column| self.id(column))
    }

    /// The data of `person.upserted`, as the cells say it.
    fn fields(&self, id: &str) -> Result<Value, Rejection> {
        let person = &self.mapping.person;
        let mut data = json!({"person": id});
        let mut say = |key: &str, value: Value| {
            if value != "" && value != json!([]) {
                data[key] = value;
            }
        };
        if let Some(columns) = &person.name {
            say("name", self.joined(columns.names(), "", " ").into());
        }
        if let Some(columns) = &person.unit {
            say("unit", self.joined(columns.names(), &person.unit_prefix, "/").into());
        }
        let texts = [
            ("site", &person.site),
            ("title", &person.title),
            ("employer", &person.employer),
            ("status", &person.status),
            ("time_zone", &person.time_zone),
            ("url", &person.url),
        ];
        for (key, column) in texts {
            if let Some(column) = column {
                say(key, self.cell(column).into());
            }
        }
        if let Some(column) = &person.joined {
            let joined = day(self.cell(column), column)?;
            say("joined", joined.map(|day| day.to_string()).unwrap_or_default().into());
        }
        for (key, column) in [("languages", &person.languages), ("heads", &person.heads)] {
            if let Some(how) = column {
                say(key, list(self.cell(how.column()), how).into());
            }
        }
        if let Some(how) = &person.external {
            let cell = folded(self.cell(&how.column));
            say("external", how.yes.iter().any(|yes| folded(yes) == cell).into());
        }
        Ok(data)
    }

    /// The cells of some columns, those that are not empty, joined; nothing where all are empty.
    fn joined(&self, columns: &[String], prefix: &str, with: &str) -> String {
        let cells = columns.iter().map(|column| self.cell(column));
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        if cells.is_empty() {
            return String::new();
        }
        let prefix = Some(prefix.trim_matches('/')).filter(|prefix| !prefix.is_empty());
        let parts: Vec<&str> = prefix.into_iter().chain(cells).collect();
        parts.join(with)
    }

    fn skills(&self, id: &str) -> Result<BTreeMap<String, NamedSkill>, Rejection> {
        let mut all = BTreeMap::new();
        let Some(how) = &self.mapping.skills else {
            return Ok(all);
        };
        let level_cell = how.level_column.as_deref().map_or("", |column| self.cell(column));
        for (name, level) in skills(self.cell(&how.column), level_cell, how)? {
            let (skill, label) = named(name, how);
            let mut data = json!({"person": id, "skill": skill, "origin": "imported"});
            if let Some(level) = level {
                data["level"] = level.into();
            }
            let mut data = self.canonical(EventType::SkillAsserted, data, &how.column)?;
            data.remove("person");
            if let Some(label) = &label {
                self.canonical(EventType::SkillUpserted, skill_data(&skill, label, how), &how.column)?;
            }
            all.insert(skill, NamedSkill { label, data });
        }
        Ok(all)
    }

    fn absence(&self, id: &str) -> Result<BTreeMap<(String, String), u64>, Rejection> {
        let Some(how) = &self.mapping.absence else {
            return Ok(BTreeMap::new());
        };
        let days = (
            day(self.cell(&how.from), &how.from)?,
            day(self.cell(&how.until), &how.until)?,
        );
        let (from, until) = match days {
            (None, None) => return Ok(BTreeMap::new()),
            (Some(from), Some(until)) => (from.to_string(), until.to_string()),
            (None, _) => {
                return Err(reject(
                    &how.from,
                    Code::Missing,
                    "an absence has a first and a last day",
                ));
            }
            (_, None) => {
                return Err(reject(
                    &how.until,
                    Code::Missing,
                    "an absence has a first and a last day",
                ));
            }
        };
        let data = json!({"person": id, "from": from, "until": until});
        self.canonical(EventType::AbsenceSet, data, &how.until)?;
        Ok(BTreeMap::from([((from, until), self.row.line)]))
    }

    /// `data` as the door reads it. A rejection names the column that the field comes from.
    fn canonical(&self, kind: EventType, data: Value, otherwise: &str) -> Result<Data, Rejection> {
        let now = crate::domain::Timestamp::from_micros(0);
        let bytes = line("hr", "1", kind, "2000-01-01T00:00:00Z", &data);
        let decoded = decode(&bytes, FutureRule::Accept { now }).map_err(|rejection| Rejection {
            field: self.column_of(&rejection.field, otherwise),
            ..rejection
        })?;
        let mut line: Value = serde_json::from_slice(&decoded.canonical).expect("a canonical line is JSON");
        match line["data"].take() {
            Value::Object(data) => Ok(data),
            _ => unreachable!("the data of a canonical line is an object"),
        }
    }

    /// The columns that the field of an event is made of; `data.languages[1]` is the field `languages`.
    fn column_of(&self, field: &str, otherwise: &str) -> String {
        let field = field
            .trim_start_matches("data.")
            .split(['[', '.'])
            .next()
            .unwrap_or_default();
        let key = format!("person.{field}");
        let columns = self.mapping.columns();
        let named: Vec<&str> = columns
            .iter()
            .filter(|(name, _)| *name == key)
            .map(|(_, name)| *name)
            .collect();
        if named.is_empty() {
            otherwise.to_owned()
        } else {
            named.join(" + ")
        }
    }
}

/// The identifier of the skill that the file calls `name`, and its label where the file names it.
fn named(name: &str, how: &SkillColumns) -> (String, Option<String>) {
    match looked_up(&how.ids, name) {
        Some(id) => (id.clone(), None),
        None => (folded(name), Some(name.to_owned())),
    }
}

/// What a file says of a skill that the mapping has no identifier for.
pub(super) fn skill_data(skill: &str, label: &str, how: &SkillColumns) -> Value {
    match &how.language {
        Some(language) => json!({"skill": skill, "labels": {(language.as_str()): label}}),
        None => json!({"skill": skill, "aliases": [label]}),
    }
}
