//! The papers on privacy say what the program does, in both languages: every column, event, field, artefact, file, purpose,
//! scope and act has its entry, no entry is of something that is not there, and durations are those of the configuration.

use crate::client::{Server, bearer, event};
use crate::held::told;
use antenne::app::{AuditAction, Scope, artefact_kinds};
use antenne::config::{Retention, SkillMaps};
use antenne::domain::{EventType, Purpose};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The papers, each in its language.
const PAPERS: [(&str, &str); 2] = [
    ("PRIVACY.md", include_str!("../../docs/PRIVACY.md")),
    ("PRIVACY.fr.md", include_str!("../../docs/PRIVACY.fr.md")),
];
/// Files that are not there while a server of these tests runs, or only for a moment.
const PASSING: [&str; 4] = ["antenne.toml", "control.sock", "antenne.db.copy", "antenne.db.new"];

/// A heading and the tables under it.
struct Section {
    level: usize,
    rows: Vec<Vec<String>>,
}

/// Where what stands: the sections by their place, the same in both languages.
const PURPOSES: usize = 1;
const SCOPES: usize = 3;
const EVENTS: usize = 5;
const COLUMNS: usize = 6;
const ARTEFACTS: usize = 7;
const FILES: usize = 8;
const DURATIONS: usize = 10;
const RIGHTS: usize = 14;
const ACTS: usize = 15;
const HEADINGS: usize = 20;

/// The sections of a paper: headings, and the rows of tables below their first two lines.
fn sections(paper: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut before = 0;
    for line in paper.lines() {
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 && line[level..].starts_with(' ') {
            let rows = Vec::new();
            sections.push(Section { level, rows });
        }
        if !line.starts_with("| ") {
            before = usize::from(line.starts_with("|---"));
            continue;
        }
        if before == 1 {
            let cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
            sections.last_mut().unwrap().rows.push(cells.collect());
        }
    }
    sections
}

/// What stands between backticks.
fn codes(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// What the first cells of a section name, in order.
fn named(section: &Section) -> Vec<Vec<&str>> {
    section.rows.iter().map(|row| codes(&row[0])).collect()
}

/// What a program has of each sort.
#[derive(Clone, Debug)]
struct Truth {
    /// By section: what it must name, and nothing else.
    sorts: BTreeMap<usize, BTreeSet<String>>,
    /// Fields by type of event.
    fields: BTreeMap<String, BTreeSet<String>>,
    /// Settings with their defaults, as they are written.
    settings: BTreeMap<String, String>,
}

/// What differs between a paper and the truth.
fn faults(paper: &str, truth: &Truth) -> Vec<String> {
    let sections = sections(paper);
    let mut faults = Vec::new();
    for (&place, wanted) in &truth.sorts {
        let found: BTreeSet<String> = named(&sections[place])
            .iter()
            .map(|codes| codes[0].to_owned())
            .collect();
        faults.extend(wanted.difference(&found).map(|name| format!("no entry for {name}")));
        faults.extend(
            found
                .difference(wanted)
                .map(|name| format!("an entry for {name}, which is not there")),
        );
    }
    for codes in named(&sections[EVENTS]) {
        let found: BTreeSet<String> = codes[1..].iter().map(|&field| field.to_owned()).collect();
        if truth.fields.get(codes[0]).is_some_and(|wanted| *wanted != found) {
            faults.push(format!("the fields of {} are {:?}", codes[0], truth.fields[codes[0]]));
        }
    }
    let mut said = BTreeSet::new();
    for (name, value) in durations(paper) {
        match truth.settings.get(&name) {
            Some(default) if *default == value => _ = said.insert(name),
            default => faults.push(format!("{name} = {value} is said, and it is {default:?}")),
        }
    }
    let unsaid = truth.settings.keys().filter(|name| !said.contains(*name));
    faults.extend(unsaid.map(|name| format!("{name} is not said")));
    faults.extend(sections.iter().flat_map(|section| &section.rows).filter_map(|row| {
        let empty = row.iter().any(String::is_empty) && !row[0].contains("audience");
        (empty && row.len() == 5).then(|| format!("an entry with nothing in a cell: {}", row[0]))
    }));
    faults
}

/// Settings that a paper gives the value of: `` `section.key` = value ``.
fn durations(paper: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = paper.split('`').collect();
    let pairs = parts.windows(2).skip(1).step_by(2);
    pairs
        .filter_map(|pair| {
            let value = pair[1].strip_prefix(" = ")?;
            let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
            Some((pair[0].to_owned(), value[..end].to_owned()))
        })
        .collect()
}

/// Every column of every table of the database at `path`.
fn columns(path: &Path) -> BTreeSet<String> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

/// The fields that the door takes for each type of event: it lists them when it meets one that it does not know.
fn fields(server: &Server) -> BTreeMap<String, BTreeSet<String>> {
    let mut fields = BTreeMap::new();
    for (kind, mut data, _) in told() {
        data["unheard_of"] = Value::Bool(true);
        let line = event(1, kind, "2026-02-01T08:00:00Z", &data);
        let reply = server.post("/v1/events", line).json();
        let refused = &reply["rejected"][0];
        assert_eq!(
            (&refused["code"], &refused["field"]),
            (&"unknown_key".into(), &"data.unheard_of".into())
        );
        let known = refused["detail"]
            .as_str()
            .unwrap()
            .split_once("known keys: ")
            .unwrap()
            .1;
        let known = known.split(", ").map(str::to_owned).collect::<BTreeSet<_>>();
        fields.entry(kind.to_owned()).or_insert(known);
    }
    fields
}

/// The default of each setting that the papers must give, as it is written.
fn settings() -> BTreeMap<String, String> {
    let retention = serde_json::to_value(Retention::default()).unwrap();
    let maps = serde_json::to_value(SkillMaps::default()).unwrap();
    let of = |section: &str, value: &Value, wanted: &dyn Fn(&str) -> bool| {
        let all = value.as_object().unwrap().iter();
        let pairs = all.filter(|(key, _)| wanted(key));
        pairs
            .map(|(key, value)| (format!("{section}.{key}"), value.to_string()))
            .collect::<Vec<_>>()
    };
    let kept = of("retention", &retention, &|_| true);
    let told = of("skill_maps", &maps, &|key| key != "targets");
    kept.into_iter().chain(told).collect()
}

/// A fresh server, in which somebody was erased: every file is there.
fn furnished() -> Server {
    let server = Server::start();
    let ana = serde_json::json!({"person": "ana", "name": "Ana Ruiz"});
    server.told(&[event(1, "person.upserted", "2026-02-01T08:00:00Z", &ana)]);
    let officer = server.key("officer", &["dpo"], None);
    assert_eq!(
        server
            .send("DELETE", "/v1/people/ana", &[&bearer(&officer)], b"")
            .status,
        200
    );
    server
}

fn truth(server: &Server) -> Truth {
    let set = |names: &mut dyn Iterator<Item = &'static str>| names.map(str::to_owned).collect::<BTreeSet<_>>();
    let entries = std::fs::read_dir(server.data()).unwrap();
    let there = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files = there.chain(PASSING.map(str::to_owned)).collect();
    let settings = settings();
    let kept = settings.keys().filter(|name| name.starts_with("retention."));
    let sorts = [
        (PURPOSES, set(&mut Purpose::ALL.iter().map(|(name, _)| *name))),
        (SCOPES, set(&mut Scope::ALL.iter().map(|scope| scope.name()))),
        (EVENTS, set(&mut EventType::ALL.iter().map(|kind| kind.name()))),
        (COLUMNS, columns(&server.data().join("antenne.db"))),
        (ARTEFACTS, set(&mut artefact_kinds())),
        (FILES, files),
        (DURATIONS, kept.cloned().collect()),
        (ACTS, set(&mut AuditAction::ALL.iter().map(|action| action.name()))),
    ];
    Truth {
        sorts: sorts.into(),
        fields: fields(server),
        settings,
    }
}

#[test]
fn every_datum_has_its_entry_and_every_entry_its_datum() {
    let server = furnished();
    let truth = truth(&server);
    for (name, paper) in PAPERS {
        let faults = faults(paper, &truth);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

#[test]
fn a_planted_column_field_or_duration_turns_it_red() {
    let server = furnished();
    let sound = truth(&server);
    let database = server.data().join("planted.db");
    std::fs::copy(server.data().join("antenne.db"), &database).unwrap();
    let connection = Connection::open(&database).unwrap();
    connection
        .execute_batch("ALTER TABLE access_key ADD COLUMN mood TEXT")
        .unwrap();
    drop(connection);
    let mut column = sound.clone();
    column.sorts.insert(COLUMNS, columns(&database));
    let mut field = sound.clone();
    field.fields.get_mut("absence.set").unwrap().insert("reason".to_owned());
    let mut duration = sound.clone();
    duration
        .settings
        .insert("retention.absences_days".to_owned(), "90".to_owned());
    let mut gone = sound.clone();
    gone.sorts.get_mut(&EVENTS).unwrap().remove("vote.removed");
    for (name, paper) in PAPERS {
        assert_eq!(faults(paper, &column), ["no entry for access_key.mood"], "{name}");
        assert!(
            faults(paper, &field)[0].starts_with("the fields of absence.set are"),
            "{name}"
        );
        let red = faults(paper, &duration);
        assert!(
            red.iter()
                .any(|fault| fault.contains("= 30 is said, and it is Some(\"90\")")),
            "{name}: {red:?}"
        );
        assert_eq!(
            faults(paper, &gone),
            ["an entry for vote.removed, which is not there"],
            "{name}"
        );
        let shorter = paper.replace("| `note.content` |", "| `note.contents` |");
        let red = faults(&shorter, &sound);
        assert_eq!(red.len(), 2, "{name}: {red:?}");
    }
}

#[test]
fn both_languages_have_the_same_headings_and_entries() {
    let [english, french] = PAPERS.map(|(_, paper)| sections(paper));
    let levels = |sections: &[Section]| sections.iter().map(|section| section.level).collect::<Vec<_>>();
    assert_eq!(levels(&english), levels(&french));
    assert_eq!(english.len(), HEADINGS);
    for (place, (one, other)) in english.iter().zip(&french).enumerate() {
        assert_eq!(one.rows.len(), other.rows.len(), "section {place}");
        for (row, twin) in one.rows.iter().zip(&other.rows) {
            assert_eq!(row.len(), twin.len(), "{row:?} {twin:?}");
            for (cell, same) in row.iter().zip(twin) {
                assert_eq!(codes(cell), codes(same), "{cell} | {same}");
                assert!(cell.is_empty() == same.is_empty(), "{row:?} {twin:?}");
            }
        }
    }
    let mut settings = PAPERS.map(|(_, paper)| durations(paper));
    settings.iter_mut().for_each(|said| said.sort());
    assert_eq!(settings[0], settings[1]);
}

#[test]
fn what_the_papers_point_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    for (name, paper) in PAPERS {
        let all = codes(paper);
        let files = all
            .iter()
            .filter(|code| code.starts_with("tests/") || code.starts_with("src/"));
        let missing: Vec<_> = files.clone().filter(|path| !root.join(path).is_file()).collect();
        assert!(missing.is_empty() && files.count() > 20, "{name}: {missing:?}");
        let methods = ["GET ", "PUT ", "POST ", "DELETE "];
        let routes = all
            .iter()
            .filter(|code| methods.iter().any(|method| code.starts_with(method)));
        let absent: Vec<_> = routes
            .clone()
            .filter(|route| {
                let (method, path) = route.split_once(' ').unwrap();
                document["paths"][path][method.to_lowercase()].is_null()
            })
            .collect();
        assert!(absent.is_empty() && routes.count() > 10, "{name}: {absent:?}");
        assert_eq!(sections(paper)[RIGHTS].rows.len(), 8, "{name}: rights");
        let links = paper
            .split("](")
            .skip(1)
            .map(|rest| rest.split([')', '#']).next().unwrap());
        let dead: Vec<_> = links.filter(|link| !root.join("docs").join(link).is_file()).collect();
        assert!(dead.is_empty(), "{name}: {dead:?}");
    }
}
