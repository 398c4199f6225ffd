//! A file compared with what its source said before: the events that make up the difference.
//!
//! Invariants: comparing the same file twice gives nothing the second time; an event says only what changed; whoever is
//! not in the file is left alone, unless the mapping says that the file is complete *and* every row of it was read.

use super::known::{History, Known, KnownPerson};
use super::mapping::Mapping;
use super::people::{Data, People, Person, skill_data};
use crate::calendar::rfc3339;
use crate::domain::{Day, EventType, Timestamp};
use crate::ingest::translate::{digest, line};
use crate::ingest::{Rejection, Tally};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a file comes to.
pub struct Changes {
    /// Lines of events and rejected rows, each with its line in the file, in order; what no row says has the line 0.
    pub lines: Vec<(u64, Result<Vec<u8>, Rejection>)>,
    /// What became of the rows.
    pub tally: Tally,
    /// What is worth knowing beside the rows, in sentences.
    pub notes: Vec<String>,
}

impl People {
    /// What this file changes in what `source` said before, which `history` tells, if it shows things as of `as_of`.
    /// Cost: linear in both.
    pub fn compared(self, mapping: &Mapping, source: &str, history: &History, as_of: Timestamp) -> Changes {
        let known = history.fold();
        let nameless = self.nameless(history);
        let mut work = Work {
            mapping,
            source,
            at: not_before(&known, as_of),
            lines: Vec::new(),
            tally: self.tally,
            announced: BTreeSet::new(),
            leave_later: 0,
            unchanged: 0,
        };
        let nobody = KnownPerson::default();
        for (id, person) in &self.by_id {
            let before = work.lines.len();
            work.person(id, person, known.people.get(id).unwrap_or(&nobody), &known);
            work.unchanged += u64::from(work.lines.len() == before);
        }
        let mut notes = Vec::new();
        let missing = known.people.iter().filter(|(id, _)| !self.by_id.contains_key(*id));
        let missing: Vec<_> = missing.collect();
        if mapping.complete && self.rejected.is_empty() {
            for (id, was) in missing {
                work.missing(id, was);
            }
        } else if mapping.complete && !missing.is_empty() {
            notes.push("some rows were rejected, so that nobody is said to have left for not being in the file".into());
        }
        notes.extend(counted(&[
            ("people who are as they were", work.unchanged),
            (
                "people who leave on a day to come (import again when it has passed)",
                work.leave_later,
            ),
            ("managers without a row of their own", self.unknown_managers),
        ]));
        notes.extend(nameless);
        if !self.ignored_columns.is_empty() {
            let columns = self.ignored_columns.join(", ");
            notes.push(format!("columns that were not read: {columns}"));
        }
        let mut lines = work.lines;
        lines.extend(self.rejected.into_iter().map(|(line, why)| (line, Err(why))));
        lines.sort_by_key(|(line, _)| *line);
        Changes {
            lines,
            tally: work.tally,
            notes,
        }
    }
}

/// A note for each count that is not zero.
fn counted<'c>(counts: &'c [(&str, u64)]) -> impl Iterator<Item = String> + 'c {
    let seen = counts.iter().filter(|(_, count)| *count > 0);
    seen.map(|(what, count)| format!("{what}: {count}"))
}

impl People {
    /// A sentence on the skills that the mapping has identifiers for and nobody described: a slip, or a list of skills
    /// that is still to come.
    fn nameless(&self, history: &History) -> Option<String> {
        let named = self.by_id.values().flat_map(|person| &person.skills);
        let nameless: BTreeSet<&str> = named
            .filter(|(skill, named)| named.label.is_none() && !history.describes(skill))
            .map(|(skill, _)| skill.as_str())
            .collect();
        let list = nameless.into_iter().collect::<Vec<_>>().join(", ");
        (!list.is_empty()).then(|| {
            format!(
                "skills that the mapping identifies and nobody described: {list}; they have no name until a skill.upserted \
                 gives them one (docs/EVENTS.md), or check skills.ids"
            )
        })
    }
}

/// `as_of`, or just behind the newest known event where that lies on the same day: a corrected file of one day wins over
/// the one that it corrects.
fn not_before(known: &Known, as_of: Timestamp) -> Timestamp {
    let newest = known.newest.map(Timestamp::from_micros);
    newest
        .filter(|newest| *newest >= as_of && newest.day() == as_of.day())
        .map_or(as_of, |newest| newest.plus_micros(1))
}

struct Work<'w> {
    mapping: &'w Mapping,
    source: &'w str,
    at: Timestamp,
    lines: Vec<(u64, Result<Vec<u8>, Rejection>)>,
    tally: Tally,
    /// Skills that were named in this comparison.
    announced: BTreeSet<String>,
    leave_later: u64,
    unchanged: u64,
}

impl Work<'_> {
    fn event(&mut self, row: u64, kind: EventType, at: Timestamp, data: Value) {
        let at = rfc3339(at);
        let id = format!("hr-{}", digest(&[kind.name(), &at, &data.to_string()], 16));
        self.tally.event(kind);
        self.lines.push((row, Ok(line(self.source, &id, kind, &at, &data))));
    }

    fn person(&mut self, id: &str, person: &Person, was: &KnownPerson, known: &Known) {
        if self.mapping.describes_people() {
            self.profile(id, person, was);
        }
        if self.mapping.skills.is_some() {
            self.skills(id, person, was, known);
        }
        if self.mapping.absence.is_some() {
            for ((from, until), row) in &person.absences {
                if !was.absences.contains(&(from.clone(), until.clone())) {
                    let data = json!({"person": id, "from": from, "until": until});
                    self.event(*row, EventType::AbsenceSet, self.at, data);
                }
            }
            self.clear_absences(id, person.line, was, |days| person.absences.contains_key(days));
        }
    }

    /// Who the person is, and whether they have left.
    fn profile(&mut self, id: &str, person: &Person, was: &KnownPerson) {
        let left = person.left.and_then(|last| self.left_at(last, was));
        let mut changed = self.difference(&person.fields, &was.fields);
        let came_back = was.left.is_some() && left.is_none();
        let first = was.upserted.is_none();
        if !changed.is_empty() || first || came_back {
            changed.insert("person".to_owned(), id.into());
            self.event(
                person.line,
                EventType::PersonUpserted,
                left.unwrap_or(self.at),
                changed.into(),
            );
        }
        if let Some(at) = left.filter(|at| was.left.is_none_or(|known| known < at.micros())) {
            self.event(person.line, EventType::PersonLeft, at, json!({"person": id}));
        }
    }

    /// When somebody whose last day is `last` had left; `None` while that day lies ahead. Never before the source last
    /// said who they are: that would bring them back.
    fn left_at(&mut self, last: Date, was: &KnownPerson) -> Option<Timestamp> {
        let days = last.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
        let gone = Day::from_days(days).plus(1).start();
        if gone > self.at {
            self.leave_later += 1;
            return None;
        }
        Some(gone.max(Timestamp::from_micros(was.upserted.unwrap_or(i64::MIN))))
    }

    /// The fields that are not as they were; one that says nothing any more is null. Only what the mapping reads is
    /// compared.
    fn difference(&self, now: &Data, before: &Data) -> Data {
        let read = |field: &str| {
            let key = format!("person.{field}");
            let by_manager = field == "heads" && self.mapping.person.manager.is_some();
            by_manager || self.mapping.columns().iter().any(|(name, _)| *name == key)
        };
        let gone = before.keys().filter(|field| !now.contains_key(*field) && read(field));
        let gone = gone.map(|field| (field.clone(), Value::Null));
        let new = now.iter().filter(|(field, value)| before.get(*field) != Some(value));
        gone.chain(new.map(|(field, value)| (field.clone(), value.clone())))
            .collect()
    }

    fn skills(&mut self, id: &str, person: &Person, was: &KnownPerson, known: &Known) {
        for (skill, named) in &person.skills {
            if let (Some(label), Some(how)) = (&named.label, &self.mapping.skills)
                && !known.skills.contains(skill)
                && self.announced.insert(skill.clone())
            {
                self.event(
                    person.line,
                    EventType::SkillUpserted,
                    self.at,
                    skill_data(skill, label, how),
                );
            }
            if was.skills.get(skill) != Some(&named.data) {
                let mut data = named.data.clone();
                data.insert("person".to_owned(), id.into());
                self.event(person.line, EventType::SkillAsserted, self.at, data.into());
            }
        }
        let gone = was.skills.keys().filter(|skill| !person.skills.contains_key(*skill));
        self.retract(id, person.line, gone);
    }

    fn retract<'s>(&mut self, id: &str, row: u64, skills: impl Iterator<Item = &'s String>) {
        for skill in skills {
            let data = json!({"person": id, "skill": skill, "origin": "imported"});
            self.event(row, EventType::SkillRetracted, self.at, data);
        }
    }

    /// Takes back absences that are not over and that nobody keeps.
    fn clear_absences(&mut self, id: &str, row: u64, was: &KnownPerson, kept: impl Fn(&(String, String)) -> bool) {
        let today = rfc3339(self.at)[..10].to_owned();
        for days in was.absences.iter().filter(|days| days.1 >= today && !kept(days)) {
            let data = json!({"person": id, "from": days.0, "until": days.1});
            self.event(row, EventType::AbsenceCleared, self.at, data);
        }
    }

    /// Somebody whom the source knew and who is not in the file, which is complete.
    fn missing(&mut self, id: &str, was: &KnownPerson) {
        if self.mapping.describes_people() && was.upserted.is_some() && was.left.is_none() {
            self.event(0, EventType::PersonLeft, self.at, json!({"person": id}));
        }
        if self.mapping.skills.is_some() {
            self.retract(id, 0, was.skills.keys());
        }
        if self.mapping.absence.is_some() {
            self.clear_absences(id, 0, was, |_| false);
        }
    }
}
