//! Files of invented people, compared with what was said before.

use super::*;
use crate::domain::Timestamp;
use crate::ingest::{FutureRule, decode};
use proptest::prelude::*;
use serde_json::{Value, json};

const MAPPING: &str = r#"
[person]
id = "Matricule"
id_prefix = "hr/"
name = ["Prénom", "Nom"]
unit = ["Direction", "Service"]
unit_prefix = "Groupe"
languages = { column = "Langues", separator = "/", values = { "Français" = "fr", "Anglais" = "en" } }
joined = "Entrée"
left = "Sortie"
manager = "Responsable"

[skills]
column = "Compétences"
level_after = ":"
level_max = 4
language = "fr"
ids = { "SQL" = "skill/sql" }
"#;

const FILE: &str = "\
Matricule;Prénom;Nom;Direction;Service;Langues;Entrée;Sortie;Responsable;Compétences;Note
1;Odile;Schmitt;Qualité;;Français/Anglais;01/09/2010;;;SQL:4, Soudage TIG:2;x
2;Emre;Yild;Qualité;Contrôle;Français;15/03/2021;;1;soudage tig;y
3;Jean;Parti;Qualité;;;;31/12/2023;1;;z
";

/// The days of 2024 at which a file is read.
fn day(number: i64) -> Timestamp {
    Timestamp::from_micros(1_704_067_200_000_000 + (number - 1) * 86_400_000_000)
}

/// A log of one source, as the service would keep it.
struct Log {
    history: History,
    known: std::collections::HashMap<String, Vec<u8>>,
}

impl Log {
    fn new() -> Self {
        Self {
            history: History::new("hr"),
            known: std::collections::HashMap::new(),
        }
    }

    /// Imports a file: its new events as `at type data`, and its rejections.
    fn import(&mut self, file: &str, mapping: &str, at: Timestamp) -> (Vec<String>, Vec<String>, Vec<String>) {
        let mapping = Mapping::parse(mapping).unwrap();
        let people = People::read(file.as_bytes(), &mapping).unwrap();
        let changes = people.compared(&mapping, "hr", &self.history, at);
        let (mut events, mut rejected) = (Vec::new(), Vec::new());
        let rows = changes.tally.rows;
        assert_eq!(rows, changes.tally.used + changes.tally.rejected);
        for (line, change) in changes.lines {
            match change {
                Err(why) => rejected.push(format!("{line}: {why}")),
                Ok(bytes) => {
                    let decoded = decode(&bytes, FutureRule::Accept { now: at }).expect("a good line");
                    let value: Value = serde_json::from_slice(&decoded.canonical).unwrap();
                    let id = value["id"].as_str().unwrap().to_owned();
                    let before = self.known.insert(id, decoded.canonical.clone());
                    assert!(before.is_none(), "{value} came before");
                    self.history.learn(&decoded.canonical);
                    let at = &value["at"].as_str().unwrap()[..10];
                    events.push(format!("{at} {} {}", value["type"].as_str().unwrap(), value["data"]));
                }
            }
        }
        (events, rejected, changes.notes)
    }
}

fn event(at: &str, kind: &str, data: Value) -> String {
    format!("{at} {kind} {data}")
}

#[test]
fn a_file_says_who_people_are_and_the_same_file_again_says_nothing() {
    let mut log = Log::new();
    let (events, rejected, notes) = log.import(FILE, MAPPING, day(2));
    let odile = json!({"person": "hr/1", "name": "Odile Schmitt", "unit": "Groupe/Qualité", "languages": ["fr", "en"],
        "joined": "2010-09-01", "heads": ["Groupe/Qualité"]});
    let emre = json!({"person": "hr/2", "name": "Emre Yild", "unit": "Groupe/Qualité/Contrôle", "languages": ["fr"],
        "joined": "2021-03-15"});
    let jean = json!({"person": "hr/3", "name": "Jean Parti", "unit": "Groupe/Qualité"});
    let now = "2024-01-02";
    let asserted = "skill.asserted";
    assert_eq!(
        events,
        [
            event(now, "person.upserted", odile),
            event(
                now,
                asserted,
                json!({"person": "hr/1", "skill": "skill/sql", "origin": "imported", "level": 1})
            ),
            event(
                now,
                "skill.upserted",
                json!({"skill": "soudage tig", "labels": {"fr": "Soudage TIG"}})
            ),
            event(
                now,
                asserted,
                json!({"person": "hr/1", "skill": "soudage tig", "origin": "imported", "level": 0.5})
            ),
            event(now, "person.upserted", emre),
            event(
                now,
                asserted,
                json!({"person": "hr/2", "skill": "soudage tig", "origin": "imported"})
            ),
            event("2024-01-01", "person.upserted", jean),
            event("2024-01-01", "person.left", json!({"person": "hr/3"})),
        ]
    );
    assert!(rejected.is_empty());
    assert!(notes[0].starts_with("skills that the mapping identifies and nobody described: skill/sql;"));
    assert_eq!(notes[1..], ["columns that were not read: Note"]);
    let (again, _, notes) = log.import(FILE, MAPPING, day(9));
    assert_eq!(again, [""; 0]);
    assert!(
        notes.contains(&"people who are as they were: 3".to_owned()),
        "{notes:?}"
    );
}

#[test]
fn a_skill_that_any_source_described_is_not_told_as_nameless() {
    let mut log = Log::new();
    let nameless = |notes: &[String]| notes.iter().any(|note| note.contains("nobody described: skill/sql;"));
    assert!(nameless(&log.import(FILE, MAPPING, day(2)).2));
    log.history.learn(
        br#"{"id":"1","source":"catalogue","type":"skill.upserted","at":"2024-01-02T00:00:00Z","data":{"skill":"skill/sql"}}"#,
    );
    assert!(!nameless(&log.import(FILE, MAPPING, day(3)).2));
}

#[test]
fn only_what_changed_is_said_and_back_again_too() {
    let mut log = Log::new();
    log.import(FILE, MAPPING, day(2));
    let moved = FILE.replace("2;Emre;Yild;Qualité;Contrôle;Français", "2;Emre;Yild;Exploitation;;");
    let (events, ..) = log.import(&moved, MAPPING, day(3));
    let data = json!({"person": "hr/2", "unit": "Groupe/Exploitation", "languages": null});
    assert_eq!(events, [event("2024-01-03", "person.upserted", data)]);
    let (events, ..) = log.import(FILE, MAPPING, day(4));
    let data = json!({"person": "hr/2", "unit": "Groupe/Qualité/Contrôle", "languages": ["fr"]});
    assert_eq!(events, [event("2024-01-04", "person.upserted", data)]);
    // Corrected on the same day: later by a microsecond, so that it wins.
    let (events, ..) = log.import(&moved, MAPPING, day(4));
    assert_eq!(events.len(), 1);
    assert!(log.import(&moved, MAPPING, day(4)).0.is_empty());

    let unlearnt = FILE.replace("SQL:4, Soudage TIG:2", "SQL:3");
    let (events, ..) = log.import(&unlearnt, MAPPING, day(6));
    assert_eq!(
        events[..2],
        [
            event(
                "2024-01-06",
                "skill.asserted",
                json!({"person": "hr/1", "skill": "skill/sql", "origin": "imported", "level": 0.75})
            ),
            event(
                "2024-01-06",
                "skill.retracted",
                json!({"person": "hr/1", "skill": "soudage tig", "origin": "imported"})
            ),
        ]
    );
}

#[test]
fn who_leaves_has_left_the_day_after_and_may_come_back() {
    let mut log = Log::new();
    log.import(FILE, MAPPING, day(2));
    let leaves = FILE.replace("15/03/2021;;1", "15/03/2021;10/01/2024;1");
    let (events, _, notes) = log.import(&leaves, MAPPING, day(5));
    assert!(
        events.is_empty()
            && notes
                .iter()
                .any(|note| note.starts_with("people who leave") && note.ends_with(": 1")),
        "{events:?} {notes:?}"
    );
    let (events, ..) = log.import(&leaves, MAPPING, day(20));
    assert_eq!(events, [event("2024-01-11", "person.left", json!({"person": "hr/2"}))]);
    assert!(log.import(&leaves, MAPPING, day(21)).0.is_empty());
    let (events, ..) = log.import(FILE, MAPPING, day(22));
    assert_eq!(
        events,
        [event("2024-01-22", "person.upserted", json!({"person": "hr/2"}))]
    );
    // Told late, of a day before the last file: they are gone from that file on.
    let late = FILE.replace("15/03/2021;;1", "15/03/2021;15/01/2024;1");
    assert_eq!(
        log.import(&late, MAPPING, day(25)).0,
        [event("2024-01-22", "person.left", json!({"person": "hr/2"}))]
    );
}

#[test]
fn whoever_is_missing_has_left_only_where_the_file_is_complete_and_whole() {
    let without = FILE
        .lines()
        .filter(|line| !line.starts_with('2'))
        .fold(String::new(), |all, line| all + line + "\n");
    let complete = format!("complete = true\n{MAPPING}");
    let mut log = Log::new();
    log.import(FILE, MAPPING, day(2));
    assert!(log.import(&without, MAPPING, day(3)).0.is_empty());
    let damaged = without.replace("01/09/2010", "soon");
    let (events, rejected, notes) = log.import(&damaged, &complete, day(3));
    assert_eq!(rejected.len(), 1);
    assert!(
        notes.iter().any(|note| note.contains("nobody is said to have left")),
        "{notes:?}"
    );
    assert!(!events.iter().any(|event| event.contains("hr/2")), "{events:?}");
    let (events, ..) = log.import(&without, &complete, day(4));
    let retracted = json!({"person": "hr/2", "skill": "soudage tig", "origin": "imported"});
    assert_eq!(
        events,
        [
            event("2024-01-04", "person.left", json!({"person": "hr/2"})),
            event("2024-01-04", "skill.retracted", retracted),
        ]
    );
}

#[test]
fn absences_come_row_by_row_and_go_when_they_are_gone() {
    let mapping = "[person]\nid = \"Matricule\"\n[absence]\nfrom = \"Du\"\nuntil = \"Au\"\n";
    let file =
        "Matricule,Du,Au,Motif\n1,01/01/2024,05/01/2024,x\n1,12/02/2024,16/02/2024,y\n2,2024-03-01,2024-03-02,z\n";
    let mut log = Log::new();
    let (events, ..) = log.import(file, mapping, day(2));
    assert_eq!(events.len(), 3);
    assert!(!events.concat().contains('x') && events.iter().all(|event| event.contains("absence.set")));
    // The first is over; the second was called off; nobody knows about the third.
    let (events, ..) = log.import("Matricule,Du,Au,Motif\n1,,,\n", mapping, day(20));
    let data = json!({"person": "1", "from": "2024-02-12", "until": "2024-02-16"});
    assert_eq!(events, [event("2024-01-20", "absence.cleared", data)]);
    let (_, rejected, _) = log.import(
        "Matricule,Du,Au\n1,02/01/2024,01/01/2024\n1,01/01/2024,\n",
        mapping,
        day(20),
    );
    assert!(rejected[0].starts_with("2: Au: out_of_range"), "{rejected:?}");
    assert!(rejected[1].starts_with("3: Au: missing"), "{rejected:?}");
}

#[test]
fn rows_that_are_not_in_order_are_told_by_line_and_column() {
    let header = FILE.lines().next().unwrap();
    let rows = [
        ("7;A;B;C;D;;31/02/2024;;;;", "Entrée: bad_date"),
        (";A;B;C;D;;;;;;", "Matricule: missing"),
        ("7;A;B;C;D;klingon language;;;;;", "Langues: bad_language"),
        ("8;A;B;C;D;;;;;SQL:9;", "Compétences: out_of_range"),
        ("8;A;B;C/;D;;;;;;", "Direction + Service: bad_value"),
        ("8;A;B", "bad_value: the row has 3 cells"),
        ("9;A;B;C;D;;;;;;", ""),
        ("9;A;B;C;E;;;;;;", "Matricule: id_reused"),
    ];
    let file = rows
        .iter()
        .fold(header.to_owned() + "\n", |all, (row, _)| all + row + "\n");
    let (events, rejected, _) = Log::new().import(&file, MAPPING, day(2));
    let expected: Vec<_> = (2..).zip(rows).filter(|(_, (_, why))| !why.is_empty()).collect();
    assert_eq!(rejected.len(), expected.len(), "{rejected:?}");
    for (found, (line, (_, why))) in rejected.iter().zip(expected) {
        assert!(found.starts_with(&format!("{line}: {why}")), "{found}");
    }
    assert_eq!(events.len(), 1);
}

proptest! {
    /// Whatever is done to a file: no panic, every row is accounted for, and a second import gives nothing.
    #[test]
    fn any_file_is_taken_or_told_and_then_known(
        at in 0..2_000_usize, with in "\\PC{0,3}|[;\"\n\r,/:]{1,4}", cut in any::<bool>(), complete in any::<bool>()
    ) {
        let mut chars: Vec<char> = FILE.chars().collect();
        let at = at % chars.len();
        if cut { chars.truncate(at) } else { chars.splice(at..=at, with.chars()); }
        let file: String = chars.into_iter().collect();
        let text = format!("complete = {complete}\n{MAPPING}");
        let mapping = Mapping::parse(&text).unwrap();
        if People::read(file.as_bytes(), &mapping).is_ok() {
            let mut log = Log::new();
            log.import(&file, &text, day(2));
            let (again, ..) = log.import(&file, &text, day(3));
            prop_assert_eq!(again, Vec::<String>::new());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mapping = Mapping::parse("[person]\nid = \"a\"\n[skills]\ncolumn = \"b\"\nlevel_after = \":\"\n").unwrap();
        let file = [&b"a;b\n"[..], &bytes].concat();
        let _ = People::read(&file, &mapping);
        let _ = People::read(&bytes, &mapping);
        let _ = Mapping::parse(&String::from_utf8_lossy(&bytes));
    }
}
