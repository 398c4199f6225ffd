//! What a source said before: folded out of the log, so that a file is compared with it and only what changed is sent.

use super::people::Data;
use crate::domain::{EventType, Rank};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a line within which its source is found: an id has at most 200 characters.
const HEAD_BYTES: usize = 2_048;

/// A line of the log, as far as it is looked at.
#[derive(Deserialize)]
struct Line {
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    at: String,
    data: Data,
}

/// Gathers the lines of one source.
pub struct History {
    source: String,
    marks: [Vec<u8>; 3],
    lines: Vec<(i64, Rank, String, EventType, Data)>,
    retracted: BTreeSet<String>,
    /// Skills that any source described.
    described: BTreeSet<String>,
}

impl History {
    /// Of `source`.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            marks: [
                format!(r#","source":"{source}","#).into_bytes(),
                br#","type":"fact.retracted","#.to_vec(),
                br#","type":"skill.upserted","#.to_vec(),
            ],
            lines: Vec::new(),
            retracted: BTreeSet::new(),
            described: BTreeSet::new(),
        }
    }

    /// Looks at a canonical line of the log; lines of other sources cost little.
    pub fn learn(&mut self, line: &[u8]) {
        let head = &line[..line.len().min(HEAD_BYTES)];
        let has = |mark: &Vec<u8>| head.windows(mark.len()).any(|bytes| bytes == mark);
        if !self.marks.iter().any(has) {
            return;
        }
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            return;
        };
        let (Some(kind), Ok(at)) = (EventType::from_name(&line.kind), line.at.parse::<jiff::Timestamp>()) else {
            return;
        };
        if kind == EventType::SkillUpserted
            && let Some(skill) = line.data.get("skill").and_then(Value::as_str)
        {
            self.described.insert(skill.to_owned());
        }
        if kind == EventType::FactRetracted {
            if line.data.get("source").and_then(Value::as_str) == Some(&self.source)
                && let Some(id) = line.data.get("id").and_then(Value::as_str)
            {
                self.retracted.insert(id.to_owned());
            }
        } else if line.source == self.source {
            self.lines
                .push((at.as_microsecond(), kind.rank(), line.id, kind, line.data));
        }
    }

    /// Whether somebody, this source or another, said what `skill` is.
    pub(super) fn describes(&self, skill: &str) -> bool {
        self.described.contains(skill)
    }

    /// What the source says, all in all.
    pub(super) fn fold(&self) -> Known {
        let mut order: Vec<_> = self
            .lines
            .iter()
            .filter(|line| !self.retracted.contains(&line.2))
            .collect();
        order.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        let mut known = Known::default();
        for (at, _, _, kind, data) in order {
            known.fold(*at, *kind, data);
        }
        known
    }
}

/// What a source says of one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KnownPerson {
    pub(super) fields: Data,
    /// When it was last said who they are.
    pub(super) upserted: Option<i64>,
    /// When they left, unless they came back.
    pub(super) left: Option<i64>,
    /// The data of `skill.asserted`, by skill.
    pub(super) skills: BTreeMap<String, Data>,
    /// First and last days.
    pub(super) absences: BTreeSet<(String, String)>,
}

/// What a source says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    pub(super) people: BTreeMap<String, KnownPerson>,
    /// Skills that it gave a name to.
    pub(super) skills: BTreeSet<String>,
    /// The instant of its newest event.
    pub(super) newest: Option<i64>,
}

impl Known {
    fn fold(&mut self, at: i64, kind: EventType, data: &Data) {
        self.newest = self.newest.max(Some(at));
        let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if kind == EventType::SkillUpserted {
            self.skills.insert(text("skill"));
            return;
        }
        let imported = text("origin") == "imported";
        match kind {
            EventType::SkillAsserted | EventType::SkillRetracted if !imported => return,
            EventType::PersonUpserted
            | EventType::PersonLeft
            | EventType::SkillAsserted
            | EventType::SkillRetracted
            | EventType::AbsenceSet
            | EventType::AbsenceCleared => {}
            _ => return,
        }
        let person = self.people.entry(text("person")).or_default();
        match kind {
            EventType::PersonUpserted => person.upsert(at, data),
            EventType::PersonLeft => person.left = Some(at),
            EventType::SkillAsserted => {
                let mut said = data.clone();
                said.remove("person");
                person.skills.insert(text("skill"), said);
            }
            EventType::SkillRetracted => _ = person.skills.remove(&text("skill")),
            EventType::AbsenceSet => _ = person.absences.insert((text("from"), text("until"))),
            _ => _ = person.absences.remove(&(text("from"), text("until"))),
        }
    }
}

impl KnownPerson {
    fn upsert(&mut self, at: i64, data: &Data) {
        for (key, value) in data.iter().filter(|(key, _)| *key != "person") {
            if value.is_null() {
                self.fields.remove(key);
            } else {
                self.fields.insert(key.clone(), value.clone());
            }
        }
        self.upserted = Some(at);
        self.left = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn history(lines: &[(&str, &str, Value)]) -> History {
        let mut history = History::new("hr");
        for (n, (at, kind, data)) in lines.iter().enumerate() {
            let line =
                format!(r#"{{"id":"{n}","source":"hr","type":"{kind}","at":"2024-01-{at}T00:00:00Z","data":{data}}}"#);
            history.learn(line.as_bytes());
        }
        history
    }

    #[test]
    fn the_newest_of_each_field_stands_whatever_the_order() {
        let known = history(&[
            (
                "02",
                "person.upserted",
                json!({"person": "a", "site": null, "title": "x"}),
            ),
            (
                "01",
                "person.upserted",
                json!({"person": "a", "site": "Nantes", "name": "Ana"}),
            ),
            ("03", "person.left", json!({"person": "a"})),
            (
                "03",
                "skill.asserted",
                json!({"person": "a", "skill": "s", "origin": "imported", "level": 0.5}),
            ),
            (
                "04",
                "skill.retracted",
                json!({"person": "a", "skill": "s", "origin": "imported"}),
            ),
        ])
        .fold();
        let ana = &known.people["a"];
        assert_eq!(Value::Object(ana.fields.clone()), json!({"title": "x", "name": "Ana"}));
        assert!(ana.left > ana.upserted && ana.skills.is_empty());
        assert_eq!(known.newest, Some(1_704_326_400_000_000));
    }

    #[test]
    fn what_was_retracted_was_never_said() {
        let mut history = history(&[("01", "person.upserted", json!({"person": "a", "name": "Ana"}))]);
        let other = r#"{"id":"9","source":"x","type":"fact.retracted","at":"2024-01-01T00:00:00Z","data":{"source":"hr","id":"0"}}"#;
        history.learn(other.as_bytes());
        history.learn(
            br#"{"id":"1","source":"x","type":"person.left","at":"2024-01-01T00:00:00Z","data":{"person":"b"}}"#,
        );
        history.learn(b"no json, \"source\":\"hr\", at all");
        assert_eq!(history.fold(), Known::default());
    }
}
