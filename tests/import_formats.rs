//! Files of other systems through the real binary: a Stack Exchange dump and people files, whole, damaged and again.
//!
//! The dumps are invented here. The long test at the end reads a whole site, which is not part of the project, from
//! `../shared/data/raw` (or below the folder that `ANTENNE_SHARED` names), and skips, saying so, where it is absent:
//! `cargo test --release --test import_formats -- --ignored --nocapture`.

#[expect(dead_code, reason = "not every test asks everything of the binary")]
mod common;

use common::{Server, on};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

fn run(data: &Path, arguments: &[&str], code: i32) -> Output {
    let output = on(data, arguments).output().expect("the binary runs");
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn text(data: &Path, arguments: &[&str], code: i32) -> String {
    String::from_utf8(run(data, arguments, code).stdout).expect("UTF-8")
}

fn why(data: &Path, arguments: &[&str], code: i32) -> String {
    let text = String::from_utf8(run(data, arguments, code).stderr).expect("UTF-8");
    assert!(
        !text.contains("panicked") && !text.contains("Err("),
        "a sentence, not {text}"
    );
    text
}

fn json(data: &Path, arguments: &[&str], code: i32) -> Value {
    let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    serde_json::from_slice(&run(data, &with_json, code).stdout).expect("JSON")
}

/// Every event that is there.
fn events(data: &Path) -> Vec<Value> {
    let lines = text(data, &["export"], 0);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("an event"))
        .collect()
}

fn of_type<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["type"] == kind).collect()
}

const POSTS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2020-03-01T10:00:00.500" Score="9" Title="How do I rotate keys?" Body="&lt;p&gt;They &lt;b&gt;expire&lt;/b&gt;&lt;/p&gt;" Tags="&lt;security&gt;" OwnerUserId="1" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2020-03-01T11:00:00.000" Score="7" Body="&lt;p&gt;One at a time&lt;/p&gt;" OwnerUserId="2" />
  <row Id="3" PostTypeId="4" CreationDate="2020-03-02T11:00:00.000" Body="about security" OwnerUserId="2" />
</posts>
"#;
const USERS: &str = r#"<users>
  <row Id="1" CreationDate="2020-01-02T08:00:00.000" DisplayName="Ana" />
  <row Id="2" CreationDate="2020-01-03T08:00:00.000" DisplayName="Bo" />
</users>"#;
const VOTES: &str = r#"<votes>
  <row Id="1" PostId="2" VoteTypeId="2" CreationDate="2020-03-01T00:00:00.000" />
  <row Id="2" PostId="2" VoteTypeId="3" CreationDate="2020-03-02T00:00:00.000" />
  <row Id="3" PostId="2" VoteTypeId="1" CreationDate="2020-03-02T00:00:00.000" />
  <row Id="4" PostId="1" VoteTypeId="2" CreationDate="2020-03-02T00:00:00.000" />
</votes>"#;

/// A folder with a dump in it, and its name.
fn dump(home: &TempDir, posts: &str, votes: &str) -> String {
    let folder = home.path().join("keys.example.com");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, content) in [
        ("Posts.xml", posts),
        ("Users.xml", USERS),
        ("Votes.xml", votes),
        ("Comments.xml", ""),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn a_dump_is_known_by_its_folder_and_a_second_import_changes_nothing() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("d");
    let folder = dump(&home, POSTS, VOTES);
    let dry = text(&data, &["import", "--dry-run", &folder], 0);
    assert!(
        dry.contains("nothing was changed") && dry.contains("accepted 7,"),
        "{dry}"
    );
    assert!(!data.exists(), "a rehearsal makes no folder");

    let report = text(&data, &["import", &folder], 0);
    for part in [
        "Posts.xml: 3 rows, 2 used",
        "1 not imported: excerpts of tag wikis",
        "Votes.xml: 4 rows, 3 used",
        "1 not imported: votes on questions",
        "files that were not read: Comments.xml",
        "accepted 7, duplicate 0, rejected 0",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let events = events(&data);
    assert!(events.iter().all(|event| event["source"] == "keys-example-com"));
    let scores: Vec<_> = of_type(&events, "answer.scored")
        .iter()
        .map(|event| format!("{} {}", event["at"], event["data"]["score"]))
        .collect();
    assert_eq!(scores, ["\"2020-03-01T23:59:59Z\" 1", "\"2020-03-02T23:59:59Z\" 0"]);
    assert_eq!(of_type(&events, "question.created")[0]["data"]["body"], "They expire");
    assert_eq!(of_type(&events, "answer.accepted")[0]["at"], "2020-03-02T23:59:59Z");

    let again = json(&data, &["import", "--format", "stackexchange", &folder], 0);
    assert_eq!((&again["accepted"], &again["duplicate"]), (&0.into(), &7.into()));
    assert_eq!(again["files"][2]["not_imported"].as_object().unwrap().len(), 1);
    let dry = json(&data, &["import", "--dry-run", &folder], 0);
    assert_eq!((&dry["accepted"], &dry["duplicate"]), (&0.into(), &7.into()));
    let other = json(&data, &["import", "--source", "keys", &folder], 0);
    assert_eq!(other["accepted"], 7, "another source is another site");
}

#[test]
fn an_import_that_was_cut_short_is_finished_by_the_next() {
    let home = TempDir::new().unwrap();
    let (cut, whole) = (home.path().join("cut"), home.path().join("whole"));
    let half = &POSTS[..POSTS.find("<row Id=\"2\"").unwrap() + 40];
    let folder = dump(&home, half, VOTES);
    let said = why(&cut, &["import", &folder], 1);
    assert!(
        said.contains("Posts.xml: line 4, byte ") && said.contains("not closed"),
        "{said}"
    );
    assert_eq!(
        of_type(&events(&cut), "question.created").len(),
        1,
        "what came before is in"
    );
    let folder = dump(&home, POSTS, VOTES);
    run(&cut, &["import", &folder], 0);
    run(&whole, &["import", &folder], 0);
    let digest = |data: &Path| json(data, &["stats"], 0)["digest"].clone();
    assert_eq!(digest(&cut), digest(&whole));
}

#[test]
fn bombs_and_what_is_no_dump_are_refused_in_a_sentence() {
    let home = TempDir::new().unwrap();
    let laugh = |n: u32| format!("<!ENTITY l{n} \"&l{0};&l{0};&l{0};&l{0};&l{0};\">", n - 1);
    let laughs = (1..10).map(laugh).collect::<Vec<_>>().concat();
    let long = "x".repeat(3 << 20);
    for (content, parts) in [
        (
            format!(
                "<?xml version=\"1.0\"?>\n<!DOCTYPE posts [<!ENTITY l0 \"ha\">{laughs}]>\n<posts><row Id=\"&l9;\"/></posts>"
            ),
            ["line 2", "document type declaration is refused"],
        ),
        (
            "<!DOCTYPE posts SYSTEM \"file:///etc/hostname\">\n<posts/>".to_owned(),
            ["line 1", "document type declaration is refused"],
        ),
        (
            "<posts>\n<row Id=\"&unknown;\"/></posts>".to_owned(),
            ["line 2", "entities"],
        ),
        (
            format!("<posts>\n<row Id=\"{long}\"/></posts>"),
            ["line 2", "more than 2097152 bytes"],
        ),
        (
            "<posts>\n<row Id=\"1\"><b/></row></posts>".to_owned(),
            ["line 2", "<b> has no place"],
        ),
        ("<posts>\n</users>".to_owned(), ["line 2", "expected `</posts>`"]),
        ("{\"no\": \"xml\"}".to_owned(), ["line 1", "text has no place"]),
    ] {
        let folder = dump(&home, &content, VOTES);
        let said = why(&home.path().join("d"), &["import", &folder], 1);
        assert!(parts.iter().all(|part| said.contains(part)), "{parts:?}: {said}");
    }
    let folder = dump(&home, "<posts>", VOTES);
    let mut bytes = b"<posts>\n<row Id=\"".to_vec();
    bytes.extend([0xff, 0xfe]);
    bytes.extend(b"\"/></posts>");
    std::fs::write(Path::new(&folder).join("Posts.xml"), bytes).unwrap();
    let said = why(&home.path().join("d"), &["import", &folder], 1);
    assert!(said.contains("Posts.xml: line 2, byte 8"), "{said}");

    let data = home.path().join("none");
    std::fs::create_dir(home.path().join("empty")).unwrap();
    let empty = home.path().join("empty").to_str().unwrap().to_owned();
    assert!(why(&data, &["import", &empty], 1).contains("Posts.xml"));
    assert!(why(&data, &["import", "--format", "stackexchange", &empty], 1).contains("Posts.xml"));
    assert!(why(&data, &["import", &folder, &folder], 2).contains("by itself"));
    assert!(why(&data, &["import", "--format", "stackexchange", &folder, &folder], 2).contains("name one"));
    assert!(why(&data, &["import", "--source", "Keys", &folder], 2).contains("lower-case"));
    assert!(!data.exists());
}

#[test]
fn a_row_that_is_not_in_order_is_rejected_by_its_line() {
    let home = TempDir::new().unwrap();
    let posts = POSTS.replace("2020-03-01T11:00:00.000", "yesterday");
    let folder = dump(&home, &posts, VOTES);
    let report = text(&home.path().join("d"), &["import", &folder], 3);
    assert!(
        report.contains("Posts.xml:4: CreationDate: bad_timestamp: "),
        "{report}"
    );
    assert!(report.contains("Posts.xml: 3 rows, 1 used, 1 rejected"), "{report}");
}

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/hr").join(name);
    path.to_str().unwrap().to_owned()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one file through a year of changes")]
fn the_sample_people_are_taken_once_and_a_changed_cell_is_one_field() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("d");
    let (people, mapping) = (sample("personnel.csv"), sample("personnel.toml"));
    let arguments = ["import", &people, "--mapping", &mapping];
    let dry = text(&data, &[&arguments[..], &["--dry-run"]].concat(), 0);
    assert!(
        dry.contains(r#"personnel.csv:2: person.upserted {"person":"rh/A1004","name":"Édith Vauquelain""#),
        "{dry}"
    );
    assert!(
        dry.contains("columns that were not read: Téléphone") && !data.exists(),
        "{dry}"
    );
    assert!(dry.contains("nobody described: skill/gmao, skill/sql;"), "{dry}");

    let report = text(&data, &arguments, 0);
    assert!(
        report.contains("personnel.csv: 8 rows, 8 used") && report.contains("8 person.upserted"),
        "{report}"
    );
    let known = events(&data);
    let person = |id: &str| {
        of_type(&known, "person.upserted")
            .into_iter()
            .find(|e| e["data"]["person"] == id)
            .unwrap()
    };
    let omer = person("rh/A1060");
    assert_eq!(omer["data"]["unit"], "Groupe/Études/Hydraulique");
    assert_eq!(omer["data"]["heads"], serde_json::json!(["Groupe/Études/Hydraulique"]));
    assert_eq!(omer["data"]["languages"], serde_json::json!(["fr", "de"]));
    assert_eq!(person("rh/P2003")["data"]["external"], true);
    let left = of_type(&known, "person.left");
    assert_eq!((left.len(), &left[0]["at"]), (1, &"2024-07-01T00:00:00Z".into()));
    let before = json(&data, &["stats"], 0);
    let again = json(&data, &arguments, 0);
    assert_eq!(
        (&again["accepted"], &again["rejected"]),
        (&0.into(), &serde_json::json!([]))
    );
    assert_eq!(json(&data, &["stats"], 0), before, "a second import changes nothing");

    // One cell changes, in another encoding and with another sign between cells than before.
    let latin = std::fs::read(&people).unwrap();
    let moved = encoding_rs::WINDOWS_1252
        .decode(&latin)
        .0
        .replace("Technicien de maintenance", "Chef d'équipe");
    let moved = format!("\u{feff}{}", moved.replace(',', "|").replace(';', ","));
    let (file, map) = (home.path().join("moved.csv"), home.path().join("moved.toml"));
    std::fs::write(&file, moved).unwrap();
    let text_of = std::fs::read_to_string(&mapping)
        .unwrap()
        .replace("separator = \",\"", "separator = \"|\"");
    let text_of = text_of.replace("delimiter = \";\"\nencoding = \"windows-1252\"\n", "");
    std::fs::write(&map, text_of).unwrap();
    let (file, map) = (file.to_str().unwrap(), map.to_str().unwrap());
    let dry = json(&data, &["import", file, "--mapping", map, "--dry-run"], 0);
    assert_eq!(dry["accepted"], 1, "{dry}");
    assert_eq!(
        dry["would_take"][0]["event"],
        r#"person.upserted {"person":"rh/A1102","title":"Chef d'équipe"}"#
    );
    assert_eq!(dry["would_take"][0]["line"], 4);
    assert_eq!(
        json(&data, &["import", file, "--format", "hr", "--mapping", map], 0)["accepted"],
        1
    );

    let absences = [
        "import",
        &sample("absences.csv"),
        "--mapping",
        &sample("absences.toml"),
        "--as-of",
        "2024-07-01",
    ]
    .map(str::to_owned);
    let absences: Vec<&str> = absences.iter().map(String::as_str).collect();
    assert_eq!(json(&data, &absences, 0)["accepted"], 3);
    assert_eq!(json(&data, &absences, 0)["accepted"], 0);
    assert!(!text(&data, &["export"], 0).contains("RTT"), "no reason is kept");
}

#[test]
fn rejected_rows_are_told_by_line_and_column_and_the_rest_is_taken() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("d");
    let file = home.path().join("p.csv");
    let map = home.path().join("m.toml");
    std::fs::write(
        &file,
        "N°;Nom;Entrée\n1;Ana;31/02/2024\n2;Bo;01/02/2024\n2;Bo;01/02/2024\n;Cy;\n",
    )
    .unwrap();
    std::fs::write(&map, "[person]\nid = \"N°\"\nname = \"Nom\"\njoined = \"Entrée\"\n").unwrap();
    let (file, map) = (file.to_str().unwrap(), map.to_str().unwrap());
    for dry in [&["--dry-run"][..], &[]] {
        let report = text(&data, &[&["import", file, "--mapping", map], dry].concat(), 3);
        for part in [
            "p.csv:2: Entrée: bad_date: ",
            "p.csv:4: N°: id_reused: ",
            "p.csv:5: N°: missing: ",
            "accepted 1,",
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
    }
    assert_eq!(events(&data)[0]["source"], "hr");

    let refused = |mapping: &str, code| {
        std::fs::write(map, mapping).unwrap();
        why(&data, &["import", file, "--mapping", map], code)
    };
    assert!(refused("[person]\nid = \"N°\"\nnmae = \"Nom\"\n", 2).contains("line 3: unknown field `nmae`"));
    let said = refused("[person]\nid = \"N°\"\nname = \"Nmo\"\n", 2);
    assert!(
        said.contains("person.name") && said.contains("no column `Nmo`"),
        "{said}"
    );
    // Rows that only name people may name them twice; nobody is named on line 5.
    std::fs::write(map, "encoding = \"utf-8\"\n[person]\nid = \"N°\"\n").unwrap();
    let said = text(&data, &["import", file, "--mapping", map], 3);
    assert!(
        said.contains("p.csv:5: N°: missing: ") && !said.contains("p.csv:4"),
        "{said}"
    );
    assert!(why(&data, &["import", file, "--format", "hr"], 2).contains("--mapping"));
    assert!(why(&data, &["import", file, "--as-of", "2024-01-01"], 2).contains("--as-of"));
    let said = refused("delimiter = \",\"\n[person]\nid = \"N°\"\nname = \"Nom\"\n", 2);
    assert!(said.contains("delimiter is `,`") && said.contains("`;`"), "{said}");
    std::fs::write(file, "\n").unwrap();
    let said = refused("[person]\nid = \"N°\"\n", 1);
    assert!(said.contains("p.csv: the file is empty"), "{said}");
    std::fs::write(file, "N°;Nom;Entrée\n1;\"Ana;\n2;Bo;\n").unwrap();
    assert!(refused("[person]\nid = \"N°\"\n", 1).contains("line 2: a quote begins"));
}

/// A nomenclature of three skills in the form of ESCO, and the same in that of ROME: a group, and below it a skill with
/// another name in each of two languages.
fn nomenclatures(home: &TempDir) -> [(&'static str, String); 2] {
    let folder = |name: &str, files: &[(&str, &str)]| {
        let folder = home.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        for (name, content) in files {
            std::fs::write(folder.join(name), content).unwrap();
        }
        folder.to_str().unwrap().to_owned()
    };
    let esco = [
        (
            "skills_en.csv",
            "conceptType,conceptUri,skillType,preferredLabel,altLabels,hiddenLabels,status,modifiedDate\n\
             KnowledgeSkillCompetence,http://e.example/skill/1,knowledge,SQL,\"structured query language\nsequel\",,released,2024-05-02T08:00:00.000Z\n\
             KnowledgeSkillCompetence,http://e.example/skill/2,knowledge,flash,,,obsolete,\n\
             KnowledgeSkillCompetence,,knowledge,nothing,,,released,\n",
        ),
        (
            "skills_fr.csv",
            "conceptType,conceptUri,skillType,preferredLabel,altLabels\n\
             KnowledgeSkillCompetence,http://e.example/skill/1,knowledge,langage de requêtes,\n",
        ),
        (
            "skillGroups_en.csv",
            "conceptType,conceptUri,preferredLabel,altLabels\nSkillGroup,http://e.example/group/g,databases,\n",
        ),
        (
            "broaderRelationsSkillPillar_en.csv",
            "conceptType,conceptUri,broaderType,broaderUri\n\
             KnowledgeSkillCompetence,http://e.example/skill/1,SkillGroup,http://e.example/group/g\n",
        ),
        ("dictionary_en.csv", "about,these\nfiles,all\n"),
    ];
    let rome = [
        (
            "unix_arborescence_competences_v460_utf8.csv",
            "code_domaine_competence;domaine_competence;code_enjeu;enjeu;code_objectif;objectif;code_macro_competence;\
             code_ogr_macro_competence;libelle_macro_competence;code_ogr_competence;libelle_competence\n\
             1;Pilotage;1A;Gestion;1A1;Budget;M1;300;Gérer un budget;101;Établir un budget\n",
        ),
        (
            "unix_referentiel_competence_v460_utf8.csv",
            "code_ogr,libelle_competence,code_ogr_macro_comp\n101,Établir un budget,300\n102,Chiffrer un projet,300\n,sans code,300\n",
        ),
    ];
    [("esco", folder("esco", &esco)), ("rome", folder("rome", &rome))]
}

/// Who is found for `text`, each with what they cover.
fn found(data: &Path, text: &str, rest: &[&str]) -> Vec<(String, String)> {
    let answer = json(data, &[&["search", text], rest].concat(), 0);
    let items = answer["items"].as_array().expect("a list").iter();
    let told = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items
        .map(|item| (told(&item["subject"]), told(&item["match"])))
        .collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "two nomenclatures, file by file")]
fn nomenclatures_are_taken_from_their_folders_once_and_their_skills_are_found_by_every_name() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("d");
    let [esco, rome] = nomenclatures(&home);
    let take = |(format, folder): &(&str, String), code: i32| {
        json(
            &data,
            &["import", "--format", format, folder, "--as-of", "2024-06-01"],
            code,
        )
    };
    let report = take(&esco, 3);
    assert_eq!((&report["accepted"], &report["duplicate"]), (&2.into(), &0.into()));
    let rejected = report["rejected"].as_array().expect("a list");
    assert_eq!(rejected.len(), 1);
    let place = rejected[0]["file"].as_str().unwrap();
    assert!(place.ends_with("skills_en.csv") && rejected[0]["line"] == 5, "{report}");
    let of = |name: &str| {
        let files = report["files"].as_array().expect("files").iter();
        let mut named = files.filter(|file| file["file"].as_str().is_some_and(|path| path.ends_with(name)));
        named.next().cloned().unwrap_or_else(|| panic!("{report}"))
    };
    let skills = of("skills_en.csv");
    assert_eq!(
        (&skills["rows"], &skills["used"], &skills["rejected"]),
        (&3.into(), &1.into(), &1.into())
    );
    assert_eq!(skills["not_imported"]["obsolete concepts"], 1, "{skills}");
    let report = take(&rome, 3);
    let rejected = report["rejected"].as_array().expect("a list");
    assert_eq!((rejected.len(), &rejected[0]["line"]), (1, &4.into()), "{report}");
    let taken = report["accepted"].as_u64().unwrap();
    assert_eq!(of_type(&events(&data), "skill.upserted").len() as u64, 2 + taken);
    // The rejected row is told of again, and nothing else is new.
    for (nomenclature, known) in [(&esco, 2), (&rome, taken)] {
        let again = take(nomenclature, 3);
        assert_eq!(
            (&again["accepted"], &again["duplicate"]),
            (&0.into(), &known.into()),
            "{}",
            nomenclature.0
        );
    }
    let people = home.path().join("people.jsonl");
    let has = |n: u32, person: &str, skill: &str| {
        format!(
            r#"{{"id":"{n}","source":"hr","type":"person.upserted","at":"2024-06-01T08:00:00Z","data":{{"person":"{person}","name":"{person}"}}}}
{{"id":"s{n}","source":"hr","type":"skill.asserted","at":"2024-06-01T08:00:00Z","data":{{"person":"{person}","skill":"{skill}","origin":"declared","level":0.8}}}}
"#
        )
    };
    std::fs::write(
        &people,
        has(1, "ana", "http://e.example/skill/1") + &has(2, "bo", "rome/102"),
    )
    .unwrap();
    text(&data, &["import", people.to_str().unwrap()], 0);
    let one = |who: &str, how: &str| vec![(who.to_owned(), how.to_owned())];
    for name in [
        "SQL",
        "sequel",
        "structured query language",
        "langage de requêtes",
        "databases",
    ] {
        assert_eq!(found(&data, name, &[]), one("ana", "exact"), "{name}");
    }
    for name in ["chiffrer un projet", "Gérer un budget"] {
        assert_eq!(found(&data, name, &[]), one("bo", "exact"), "{name}");
    }
    assert_eq!(found(&data, "flash", &[]), [], "an obsolete skill is none");
}

#[test]
fn both_formats_are_taken_beside_a_running_server() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("d");
    let folder = dump(&home, POSTS, VOTES);
    let server = Server::start(&data, &[], &[]);
    let (people, mapping) = (sample("personnel.csv"), sample("personnel.toml"));
    let arguments = ["import", &people, "--mapping", &mapping];
    assert_eq!(json(&data, &["import", &folder], 0)["accepted"], 7);
    let dry = json(&data, &["import", "--dry-run", &folder], 0);
    assert_eq!((&dry["accepted"], &dry["duplicate"]), (&0.into(), &7.into()));
    assert!(json(&data, &arguments, 0)["accepted"].as_u64().unwrap() > 8);
    assert_eq!(json(&data, &arguments, 0)["accepted"], 0);
    server.stop();
}

/// The attributes of each row of an XML file, read by this test alone: by hand, line by line.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).expect("a file of the dump");
    let row = |line: &str| {
        let mut attributes = BTreeMap::new();
        let mut rest = line.trim_start().strip_prefix("<row ")?;
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"')?;
            attributes.insert(name.trim().to_owned(), value.to_owned());
            rest = after;
        }
        Some(attributes)
    };
    text.lines().filter_map(row).collect()
}

fn site() -> Option<PathBuf> {
    let shared = std::env::var_os("ANTENNE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("data/raw/stackexchange-quantumcomputing-2018");
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
    }
    path.exists().then_some(path)
}

fn accounted(report: &Value, file: &str, rows: usize) {
    let account = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["file"] == file)
        .unwrap();
    let left_out: u64 = account["not_imported"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    let sum = account["used"].as_u64().unwrap() + account["rejected"].as_u64().unwrap() + left_out;
    assert_eq!(
        (account["rows"].as_u64(), sum),
        (Some(rows as u64), rows as u64),
        "{file}: {account:#}"
    );
}

#[test]
#[ignore = "long: needs ../shared/data/raw"]
#[expect(clippy::too_many_lines, reason = "one import, looked at from every side")]
fn a_whole_site_is_imported_or_accounted_for_and_past_scores_are_those_of_the_votes() {
    let Some(site) = site() else { return };
    let home = TempDir::new().unwrap();
    let folder = site.to_str().unwrap();
    let report = json(home.path(), &["import", folder, "--source", "qc"], 0);
    let (posts, votes) = (rows(&site.join("Posts.xml")), rows(&site.join("Votes.xml")));
    assert_eq!((posts.len(), votes.len()), (1_986, 12_560));
    for (file, count) in [("Posts.xml", 1_986), ("Votes.xml", 12_560)] {
        accounted(&report, file, count);
    }
    for file in ["Users.xml", "Badges.xml", "Tags.xml"] {
        accounted(&report, file, rows(&site.join(file)).len());
    }
    println!("{report:#}");

    let answers: BTreeSet<&str> = posts
        .iter()
        .filter(|post| post["PostTypeId"] == "2")
        .map(|post| post["Id"].as_str())
        .collect();
    let questions = posts.iter().filter(|post| post["PostTypeId"] == "1").count();
    let known = events(home.path());
    assert_eq!(of_type(&known, "question.created").len(), questions);
    assert_eq!(of_type(&known, "answer.created").len(), answers.len());

    // The score that a replay up to the end of each day knows, against the votes up to that day, counted here.
    let mut scored: BTreeMap<(String, String), i64> = BTreeMap::new();
    for event in of_type(&known, "answer.scored") {
        let answer = event["data"]["answer"]
            .as_str()
            .unwrap()
            .trim_start_matches("qc/")
            .to_owned();
        let day = event["at"].as_str().unwrap()[..10].to_owned();
        let before = scored.insert((answer, day), event["data"]["score"].as_i64().unwrap());
        assert_eq!(before, None, "one sum for each answer and day");
    }
    let days: BTreeSet<&str> = votes.iter().map(|vote| &vote["CreationDate"][..10]).collect();
    let mut compared = 0;
    for answer in &answers {
        let mine: Vec<_> = votes.iter().filter(|vote| vote["PostId"] == *answer).collect();
        for day in &days {
            let value =
                |vote: &BTreeMap<String, String>| match (&vote["CreationDate"][..10] <= *day, &*vote["VoteTypeId"]) {
                    (true, "2") => 1,
                    (true, "3") => -1,
                    _ => 0,
                };
            let sum: i64 = mine.iter().map(|vote| value(vote)).sum();
            let span = ((*answer).to_owned(), String::new())..=((*answer).to_owned(), (*day).to_owned());
            let score = scored.range(span).next_back().map_or(0, |(_, score)| *score);
            assert_eq!(score, sum, "answer {answer} on {day}");
            compared += 1;
        }
    }
    let accepted: BTreeMap<_, _> = of_type(&known, "answer.accepted")
        .iter()
        .map(|event| {
            (
                event["data"]["answer"].as_str().unwrap().to_owned(),
                event["at"].as_str().unwrap()[..10].to_owned(),
            )
        })
        .collect();
    let voted = votes
        .iter()
        .filter(|vote| vote["VoteTypeId"] == "1" && answers.contains(vote["PostId"].as_str()));
    let voted: BTreeMap<_, _> = voted
        .map(|vote| (format!("qc/{}", vote["PostId"]), vote["CreationDate"][..10].to_owned()))
        .collect();
    assert_eq!(accepted, voted);
    println!(
        "{compared} scores of {} answers on {} days are the sums of their votes",
        answers.len(),
        days.len()
    );

    let before = json(home.path(), &["stats"], 0);
    let again = json(home.path(), &["import", folder, "--source", "qc"], 0);
    assert_eq!(
        (&again["accepted"], &again["duplicate"]),
        (&0.into(), &report["accepted"])
    );
    assert_eq!(
        json(home.path(), &["stats"], 0),
        before,
        "a second import changes nothing"
    );
}
