//! Skill maps over HTTP: published releases in pages and tables, trends, targets and lists; nothing while they are off, to
//! nobody else, and never without a row in the audit log. What they count of somebody stands on that person's own page.

use crate::client::{Reply, Server, bearer, event};
use antenne::app::{MapRules, Slice, Target};
use serde_json::{Value, json};

const AT: &str = "2026-02-01T08:00:00Z";
const PATHS: [&str; 6] = [
    "",
    "/latest",
    "/latest/trends",
    "/latest/gaps",
    "/latest/few",
    "/latest/unmet",
];

/// Facts, numbered as they are told.
#[derive(Default)]
struct Story {
    lines: Vec<String>,
    number: u32,
}

impl Story {
    fn say(&mut self, kind: &str, at: &str, data: &Value) {
        self.number += 1;
        self.lines.push(event(self.number, kind, at, data));
    }

    fn person(&mut self, id: &str, unit: &str) {
        self.say("person.upserted", AT, &json!({"person": id, "unit": unit}));
    }

    fn skill(&mut self, id: &str, label: &str, broader: &[&str]) {
        let data = json!({"skill": id, "labels": {"en": label}, "broader": broader});
        self.say("skill.upserted", AT, &data);
    }

    fn has(&mut self, person: &str, skill: &str, origin: &str, level: f64) {
        let data = json!({"person": person, "skill": skill, "origin": origin, "level": level});
        self.say("skill.asserted", AT, &data);
    }

    /// `asker` asks a question under a tag, which `author` answers.
    fn thread(&mut self, name: &str, asker: &str, tag: &str, author: Option<&str>) {
        let data = json!({"question": name, "asker": asker, "title": "How?", "tags": [tag]});
        self.say("question.created", AT, &data);
        if let Some(author) = author {
            let data = json!({"answer": format!("answer to {name}"), "question": name, "author": author});
            self.say("answer.created", AT, &data);
        }
    }

    fn told_to(&mut self, server: &Server) {
        for lines in self.lines.chunks(200) {
            server.told(lines);
        }
        self.lines.clear();
    }
}

/// A hundred people: fifty in `G/IT`, of whom thirty program, 15 in Rust and 8 in COBOL; fifty in `G/HR`, of whom twenty
/// program, 10 in Rust; two of `G/HR` know Ada.
fn organisation() -> Story {
    let mut story = Story::default();
    story.skill("programming", "Programming", &[]);
    for (id, label) in [
        ("rust", "Rust"),
        ("cobol", "COBOL"),
        ("ada", "Ada"),
        ("ferris", "Ferris"),
    ] {
        story.skill(id, label, &["programming"]);
    }
    for n in 0..50 {
        let (it, hr) = (format!("it-{n}"), format!("hr-{n}"));
        story.person(&it, "G/IT");
        story.person(&hr, "G/HR");
        match n {
            0..15 => story.has(&it, "rust", "declared", 0.6),
            15..23 => story.has(&it, "cobol", "imported", 0.3),
            23..30 => story.has(&it, "programming", "declared", 0.3),
            _ => {}
        }
        match n {
            0..10 => story.has(&hr, "rust", "declared", 0.6),
            10..12 => story.has(&hr, "ada", "declared", 0.9),
            12..20 => story.has(&hr, "programming", "declared", 0.3),
            _ => {}
        }
    }
    story
}

fn rules(inferred: bool) -> MapRules {
    let target = |unit: &str, skill: &str, people| Target {
        unit: unit.to_owned(),
        skill: skill.to_owned(),
        level: Slice::All,
        people,
    };
    MapRules {
        k: 5,
        days: 7,
        inferred,
        targets: vec![
            target("G/IT", "rust", 20),
            target("", "rust", 20),
            target("G/IT", "cobol", 20),
        ],
    }
}

/// A server with a first release of [`organisation`], the story so far, and a key of scope `hr:read`.
fn published() -> (Server, Story, String) {
    let (server, mut story) = (Server::start(), organisation());
    story.told_to(&server);
    server.service.use_skill_maps(rules(false));
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    (server, story, planner)
}

fn table(server: &Server, key: &str, target: &str) -> Vec<Vec<String>> {
    let reply = server.send("GET", target, &[&bearer(key), "Accept: text/csv"], b"");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(
        reply.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    let mut file = csv::ReaderBuilder::new().has_headers(false).from_reader(&*reply.body);
    let lines = file
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect());
    lines.collect()
}

/// The numbers of a page by unit, skills in the order of its columns.
fn cells(page: &Value) -> Vec<(String, Vec<Option<u64>>)> {
    let rows = page["rows"].as_array().unwrap_or_else(|| panic!("{page}"));
    let cells = |row: &Value| {
        row["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["people"].as_u64())
            .collect()
    };
    rows.iter()
        .map(|row| (row["unit"].as_str().unwrap().to_owned(), cells(row)))
        .collect()
}

fn row(unit: &str, cells: &[Option<u64>]) -> (String, Vec<Option<u64>>) {
    (unit.to_owned(), cells.to_vec())
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("{list}"));
    items
        .iter()
        .map(|item| item[key].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_release_is_read_in_pages_by_both_trees_by_level_and_origin_and_as_a_table() {
    let (server, _, planner) = published();
    let get = |target: &str| server.get_as(&planner, &format!("/v1/skill-maps{target}"));
    let list = get("").json();
    let head = &list["items"][0];
    assert_eq!(
        (&head["release"], &head["k"], &head["people"]["people"]),
        (&json!(1), &json!(5), &json!(100))
    );
    assert_eq!((&head["inferred"], &head["too_small"]), (&json!(false), &json!(false)));
    let page = get("/latest?rows=unit&columns=skill&unit_depth=2&skill_depth=2").json();
    assert_eq!(names(&page["columns"], "skill"), ["programming", "cobol", "rust"]);
    assert_eq!(names(&page["columns"], "label"), ["Programming", "COBOL", "Rust"]);
    let whole = [Some(50), Some(8), Some(25)];
    // Eight know COBOL, all in one unit: nobody learns which. Two know Ada: it is not even there.
    let expected = [
        row("", &whole),
        row("G", &whole),
        row("G/HR", &[Some(20), None, Some(10)]),
        row("G/IT", &[Some(30), None, Some(15)]),
    ];
    assert_eq!(cells(&page), expected);
    assert_eq!(page["rows"][3]["cells"][2]["share"], 0.3);
    assert_eq!(page["rows"][3]["cells"][2]["since"], "2026-03-02");
    let below = get("/1?unit=G%2FIT&skill=rust").json();
    assert_eq!(cells(&below), [row("G/IT", &[Some(15)])]);
    let levels = |query: &str| cells(&get(&format!("/latest?unit=G%2FIT&skill=programming&{query}")).json());
    assert_eq!(levels("level=autonomous"), [row("G/IT", &[None, None, Some(15)])]);
    assert_eq!(levels("level=mastery"), [row("G/IT", &[None, None, None])]);
    // Of programming the word of those who have it by a narrower skill is not told, and so nobody's is.
    assert_eq!(levels("origin=declared"), [row("G/IT", &[None, None, Some(15)])]);
    assert_eq!(
        levels("origin=inferred"),
        [row("G/IT", &[None, None, None])],
        "they are not counted"
    );
    // As a table the same, on the same page.
    let lines = table(&server, &planner, "/v1/skill-maps/latest?unit_depth=2&skill_depth=2");
    assert_eq!(lines[0], ["unit", "people", "programming", "cobol", "rust"]);
    assert_eq!(lines[3], ["G/HR", "50", "20", "", "10"]);
    assert_eq!(lines.len(), 5);
    // Both ways on.
    let part = get("/latest?unit_depth=2&skill_depth=2&row_limit=3&column_limit=2").json();
    assert_eq!((cells(&part).len(), part["columns"].as_array().unwrap().len()), (3, 2));
    let (rows, columns) = (
        part["next_row_cursor"].as_str().unwrap(),
        part["next_column_cursor"].as_str().unwrap(),
    );
    let rest = get(&format!(
        "/latest?unit_depth=2&skill_depth=2&row_cursor={rows}&column_cursor={columns}"
    ))
    .json();
    assert_eq!(cells(&rest), [row("G/IT", &[Some(15)])]);
    assert!(rest["next_row_cursor"].is_null() && rest["next_column_cursor"].is_null());
}

#[test]
fn what_a_page_cannot_show_is_refused_by_name() {
    let (server, _, planner) = published();
    let get = |target: &str| server.get_as(&planner, &format!("/v1/skill-maps{target}"));
    for (target, code) in [
        ("/latest?level=mastery&origin=declared", "bad_parameter"),
        ("/latest?level=guru", "bad_parameter"),
        ("/latest?rows=person", "bad_parameter"),
        ("/latest?row_cursor=zz", "bad_parameter"),
        ("/latest?row_limit=51", "out_of_range"),
        ("/latest?person=it-1", "unknown_parameter"),
        ("/latest/few?unit=G", "unknown_parameter"),
    ] {
        get(target).problem(400, code);
    }
    for target in [
        "/2",
        "/0",
        "/x",
        "/latest?unit=G%2FNowhere",
        "/latest?skill=ada",
        "/latest/trends?skill=ada",
        "/9/few",
    ] {
        get(target).problem(404, "not_found");
    }
}

#[test]
fn trends_go_on_by_quarter_under_the_names_of_today() {
    let (server, mut story, planner) = published();
    server.pass(100 * 24 * 60);
    story.say(
        "unit.renamed",
        "2026-05-04T08:00:00Z",
        &json!({"from": "G/IT", "to": "G/Technology"}),
    );
    story.say(
        "skill.merged",
        "2026-05-04T08:00:00Z",
        &json!({"skill": "rust", "into": "ferris"}),
    );
    for n in 40..50 {
        story.has(&format!("it-{n}"), "ferris", "declared", 0.2);
    }
    story.told_to(&server);
    server.service.publish_skill_map().unwrap();
    let get = |target: &str| server.get_as(&planner, &format!("/v1/skill-maps{target}"));
    let trends = get("/latest/trends?unit=G%2FTechnology&skill=ferris").json();
    let quarters = trends["items"][0]["quarters"].as_array().unwrap();
    let told = |quarter: &Value| (quarter["release"].as_u64(), quarter["number"]["people"].as_u64());
    assert_eq!(
        quarters.iter().map(told).collect::<Vec<_>>(),
        [(Some(1), Some(15)), (Some(2), Some(25))]
    );
    assert_eq!(trends["items"][0]["label"], "Ferris");
    // By level too: those who came later are no further than aware.
    let levels = get("/latest/trends?unit=G%2FTechnology&skill=ferris&level=autonomous").json();
    let quarters = levels["items"][0]["quarters"].as_array().unwrap();
    assert_eq!(quarters[0]["number"]["people"], 15);
    let lines = table(
        &server,
        &planner,
        "/v1/skill-maps/latest/trends?unit=G%2FTechnology&skill=ferris",
    );
    assert_eq!(lines[1], ["ferris", "15", "25"]);
    // What is as it was stands with the day of the first count.
    let page = get("/latest?unit=G%2FHR&skill=ferris").json();
    assert_eq!(cells(&page), [row("G/HR", &[Some(10)])]);
    assert_eq!(page["rows"][0]["cells"][0]["since"], "2026-03-02");
    get("/latest/trends?unit=G%2FIT").problem(404, "not_found");
    // The first release is as it was, under the names of its day.
    assert_eq!(
        cells(&get("/1?unit=G%2FIT&skill=rust").json()),
        [row("G/IT", &[Some(15)])]
    );
    // Up to the first release there is one quarter.
    let first = get("/1/trends?unit=G%2FIT&skill=rust").json();
    assert_eq!(first["items"][0]["quarters"].as_array().unwrap().len(), 1);
}

#[test]
fn targets_are_held_against_what_is_told() {
    let (server, _, planner) = published();
    let gaps = server.get_as(&planner, "/v1/skill-maps/latest/gaps").json();
    let told = |gap: &Value| (gap["people"]["people"].as_u64(), gap["missing"].as_u64());
    let all: Vec<_> = gaps["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(all, [(Some(15), Some(5)), (Some(25), Some(0)), (None, None)]);
    assert_eq!(gaps["items"][0]["label"], "Rust");
    let part = server.get_as(&planner, "/v1/skill-maps/latest/gaps?limit=2").json();
    let next = part["next_cursor"].as_str().unwrap();
    let rest = server
        .get_as(&planner, &format!("/v1/skill-maps/latest/gaps?cursor={next}"))
        .json();
    assert_eq!(
        (&rest["items"][0]["skill"], &rest["next_cursor"]),
        (&json!("cobol"), &Value::Null)
    );
    let lines = table(&server, &planner, "/v1/skill-maps/latest/gaps");
    assert_eq!(lines[1], ["G/IT", "rust", "all", "20", "15", "5"]);
    assert_eq!(lines[3], ["G/IT", "cobol", "all", "20", "", ""]);
}

fn mine(server: &Server, key: &str, skill: &str) -> Value {
    let page = server.get_as(key, "/v1/me/skills").json();
    let skills = page["skills"].as_array().unwrap_or_else(|| panic!("{page}"));
    skills
        .iter()
        .find(|held| held["skill"] == skill)
        .cloned()
        .unwrap_or_default()
}

#[test]
fn what_few_have_is_named_without_them_and_they_choose_whether_to_hand_it_over() {
    let (server, _, planner) = published();
    let few = || server.get_as(&planner, "/v1/skill-maps/latest/few");
    let list = few().json();
    assert_eq!(names(&list["items"], "skill"), ["ada"]);
    assert_eq!(
        names(&list["items"][0]["near"], "skill"),
        ["programming", "rust", "cobol"]
    );
    let item = list["items"][0].as_object().unwrap();
    let mut keys: Vec<_> = item.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["label", "near", "skill"], "neither how many, nor who, nor where");
    assert_eq!(
        table(&server, &planner, "/v1/skill-maps/latest/few")[1],
        ["ada", "Ada", "programming; rust; cobol"]
    );
    // Those who have it are told, nobody else.
    let [holder, other, objector] = ["hr-10", "hr-0", "hr-11"].map(|id| server.key(id, &["member"], Some(id)));
    assert_eq!(
        mine(&server, &holder, "ada")["few"],
        json!({"k": 5, "listed": "2026-03-02", "hand_over": false})
    );
    assert_eq!(mine(&server, &holder, "ada")["counted"], "stated");
    assert!(mine(&server, &other, "rust")["few"].is_null() && mine(&server, &other, "ada").is_null());
    let put = |key: &str, target: &str, body: Value| -> Reply {
        server.send("PUT", target, &[&bearer(key)], body.to_string().as_bytes())
    };
    let objects = json!({"purpose": "skill_map", "allowed": false});
    assert_eq!(put(&objector, "/v1/me/preferences", objects).status, 200);
    let silent = mine(&server, &objector, "ada");
    assert!(
        silent["few"].is_null() && silent["counted"].is_null(),
        "who is not counted is not asked: {silent}"
    );
    // To offer it is theirs, and shows to those who plan in nothing.
    let before = few().text();
    for (stance, hands_over) in [
        ("can_train", true),
        ("follows", false),
        ("can_mentor", true),
        ("can_help", false),
        ("wants_to_learn", false),
    ] {
        let said = put(&holder, "/v1/me/skills/ada", json!({"stances": [stance]}));
        assert_eq!(said.status, 200, "{stance}");
        assert_eq!(
            mine(&server, &holder, "ada")["few"]["hand_over"],
            hands_over,
            "{stance}"
        );
        assert_eq!(few().text(), before, "{stance}");
    }
}

#[test]
fn my_page_is_as_new_as_the_last_release() {
    let (server, mut story) = (Server::start(), organisation());
    story.told_to(&server);
    server.service.use_skill_maps(rules(false));
    let me = server.key("me", &["member"], Some("hr-10"));
    let ask = |held: &str| {
        let held = format!("If-None-Match: {held}");
        server.send("GET", "/v1/me/skills", &[&bearer(&me), &held], b"")
    };
    let before = ask("\"none\"");
    let tag = before.header("etag").unwrap();
    assert_eq!(ask(tag).status, 304);
    // No event came, and not a minute passed.
    server.service.publish_skill_map().unwrap();
    let after = ask(tag);
    assert_eq!(after.status, 200);
    assert!(
        !before.text().contains("\"few\"") && after.text().contains("\"few\""),
        "{}",
        after.text()
    );
}

#[test]
fn what_is_asked_for_and_held_by_nobody_is_told_with_what_is_near() {
    let (server, mut story) = (Server::start(), organisation());
    // Thirteen people, of whom one asks much, and seven of whom wait.
    for asker in 0..13 {
        let author = (asker >= 7).then_some("hr-0");
        story.thread(&format!("f{asker}"), &format!("it-{asker}"), "ferris", author);
    }
    for more in 0..9 {
        story.thread(&format!("m{more}"), "it-0", "ferris", None);
    }
    // Six of whom all but one were answered, five askers make no demand, and what many have is met.
    for asker in 0..6 {
        let author = (asker > 0).then_some("hr-0");
        story.thread(&format!("e{asker}"), &format!("it-{asker}"), "elm", author);
        story.thread(&format!("r{asker}"), &format!("it-{asker}"), "rust", Some("hr-0"));
    }
    for asker in 0..5 {
        story.thread(&format!("g{asker}"), &format!("it-{asker}"), "gleam", None);
    }
    story.told_to(&server);
    server.service.use_skill_maps(rules(false));
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    let unmet = server.get_as(&planner, "/v1/skill-maps/latest/unmet").json();
    assert_eq!(names(&unmet["items"], "subject"), ["ferris", "elm"]);
    let (first, second) = (&unmet["items"][0], &unmet["items"][1]);
    assert_eq!(
        (&first["is_skill"], &first["asked_by"], &first["waiting"]),
        (&json!(true), &json!(12), &json!(6)),
        "in steps of six"
    );
    assert_eq!(
        (&second["is_skill"], &second["asked_by"], &second["waiting"]),
        (&json!(false), &json!(6), &Value::Null),
        "one who waits is nobody's business"
    );
    assert_eq!(
        names(&first["near"], "skill"),
        ["programming", "rust", "cobol"],
        "from which it could be grown"
    );
    let lines = table(&server, &planner, "/v1/skill-maps/latest/unmet");
    assert_eq!(
        lines[1],
        ["ferris", "Ferris", "true", "12", "6", "programming; rust; cobol"]
    );
    assert_eq!(lines[2][3..5], ["6", ""]);
}

/// A sixth asker beside five: who they are, and whether their question is nobody's.
fn demand_with(profile: &Value, kind: &str, data: &Value, anonymous: bool) -> Vec<String> {
    let (server, mut story) = (Server::start(), organisation());
    story.say("person.upserted", AT, profile);
    if !data.is_null() {
        story.say(kind, AT, data);
    }
    for asker in 0..5 {
        story.thread(&format!("g{asker}"), &format!("it-{asker}"), "gleam", None);
    }
    let asked =
        json!({"question": "sixth", "asker": "sixth", "title": "How?", "tags": ["gleam"], "anonymous": anonymous});
    story.say("question.created", AT, &asked);
    let officer = server.key("officer", &["events:write", "dpo"], None);
    let reply = server.send(
        "POST",
        "/v1/events",
        &[&bearer(&officer)],
        story.lines.join("\n").as_bytes(),
    );
    assert_eq!(reply.json()["accepted"], story.lines.len(), "{}", reply.text());
    server.service.use_skill_maps(rules(false));
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    let unmet = server.get_as(&planner, "/v1/skill-maps/latest/unmet").json();
    names(&unmet["items"], "subject")
}

#[test]
fn only_those_whom_maps_count_make_a_demand() {
    let person = json!({"person": "sixth", "unit": "G/IT"});
    let none = ("", Value::Null);
    let same = json!({"person": "sixth", "same_as": "it-0"});
    assert_eq!(demand_with(&person, none.0, &none.1, false), ["gleam"]);
    let nobody: [String; 0] = [];
    let left = json!({"person": "sixth"});
    let objects = json!({"person": "sixth", "purpose": "skill_map", "allowed": false});
    let guest = json!({"person": "sixth", "unit": "G/IT", "external": true});
    assert_eq!(demand_with(&guest, none.0, &none.1, false), nobody, "a guest");
    assert_eq!(demand_with(&person, "person.left", &left, false), nobody, "who left");
    assert_eq!(
        demand_with(&person, "preference.set", &objects, false),
        nobody,
        "who objects"
    );
    assert_eq!(
        demand_with(&person, "identity.linked", &same, false),
        nobody,
        "an account of one of the five"
    );
    assert_eq!(
        demand_with(&person, none.0, &none.1, true),
        nobody,
        "who asks without a name"
    );
}

/// What a spreadsheet takes for the beginning of a formula, or of a cell.
const STARTS: [&str; 6] = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"];

/// Of each of [`STARTS`] a unit, a skill that all its twenty people have, one that one of them has, and one that is asked for.
fn dangerous() -> Story {
    let mut story = Story::default();
    for (n, start) in STARTS.iter().enumerate() {
        let (many, few) = (format!("{start} many"), format!("{start} few"));
        story.skill(&many, &format!("{start} label"), &[]);
        story.skill(&few, &format!("{start} label"), &[&many]);
        for person in 0..20 {
            let id = format!("p-{n}-{person}");
            story.person(&id, &format!("{start} unit"));
            story.has(&id, &many, "declared", 0.5);
        }
        story.has(&format!("p-{n}-0"), &few, "declared", 0.5);
        for asker in 0..3 {
            let (question, asker) = (format!("q-{n}-{asker}"), format!("p-{n}-{asker}"));
            story.thread(&question, &asker, &format!("{start} wanted"), None);
        }
    }
    story
}

#[test]
fn no_cell_of_any_table_is_a_formula() {
    let server = Server::start();
    // What the door refuses reaches no table; the rest must be told apart from formulas.
    for lines in dangerous().lines.chunks(200) {
        let sent = server.post("/v1/events", lines.join("\n"));
        assert_eq!(sent.status, 200, "{}", sent.text());
    }
    let target = |start: &&str| Target {
        unit: format!("{start} unit"),
        skill: format!("{start} many"),
        level: Slice::All,
        people: 9,
    };
    server.service.use_skill_maps(MapRules {
        targets: STARTS.iter().map(target).collect(),
        ..rules(false)
    });
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    let mut quoted = 0;
    for path in PATHS {
        let lines = table(&server, &planner, &format!("/v1/skill-maps{path}"));
        assert!(lines.len() > 1, "{path} tells nothing");
        for cell in lines.iter().flatten() {
            // To a spreadsheet that separates cells by semicolons, one cell is several.
            for part in cell.split(';').map(|part| part.trim_start_matches(' ')) {
                assert!(
                    !part.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                    "{path}: {cell:?}"
                );
            }
            quoted += usize::from(cell.starts_with('\''));
        }
    }
    assert!(quoted >= 5 * 4, "only {quoted} cells were in danger");
}

#[test]
fn an_organisation_of_too_few_is_told_that_and_no_more() {
    let (server, mut story) = (Server::start(), Story::default());
    story.skill("rust", "Rust", &[]);
    for n in 0..11 {
        story.person(&format!("p-{n}"), if n < 6 { "G/IT" } else { "G/HR" });
        if n < 9 {
            story.has(&format!("p-{n}"), "rust", "declared", 0.5);
        }
    }
    story.told_to(&server);
    server.service.use_skill_maps(rules(false));
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    let page = server
        .get_as(&planner, "/v1/skill-maps/latest?unit_depth=9&skill_depth=9")
        .json();
    assert_eq!(
        (&page["too_small"], &page["people"]["people"]),
        (&json!(true), &json!(11))
    );
    assert_eq!(
        cells(&page).iter().flat_map(|(_, cells)| cells).flatten().count(),
        0,
        "{page}"
    );
    for list in ["few", "unmet"] {
        let list = server.get_as(&planner, &format!("/v1/skill-maps/latest/{list}")).json();
        assert_eq!((&list["too_small"], &list["items"]), (&json!(true), &json!([])));
    }
}

#[test]
fn off_they_answer_as_if_they_had_never_been() {
    let (on, _, planner) = published();
    let off = Server::start();
    organisation().told_to(&off);
    let idle = off.key("planner", &["hr:read"], None);
    assert_eq!(off.get_as(&idle, "/v1/skill-maps").json()["items"], json!([]));
    for path in &PATHS[1..] {
        let unknown = on.get_as(&planner, &format!("/v1/skill-maps{}", path.replace("latest", "77")));
        let silent = off.get_as(&idle, &format!("/v1/skill-maps{path}"));
        unknown.problem(404, "not_found");
        assert_eq!(
            (silent.status, &silent.json()["detail"]),
            (404, &unknown.json()["detail"]),
            "{path}"
        );
    }
    let member = off.key("member", &["member"], Some("hr-10"));
    let page = off.get_as(&member, "/v1/me/skills").json();
    assert_eq!(page["skill_maps"], "nothing");
    let ada = mine(&off, &member, "ada");
    assert!(ada["counted"].is_null() && ada["few"].is_null(), "{ada}");
    assert!(off.service.publish_skill_map().is_err());
}

#[test]
fn every_read_has_a_row_and_no_other_scope_reads() {
    let (server, _, planner) = published();
    let admin = server.key("auditor", &["admin"], None);
    let rows = || {
        let rows = server
            .get_as(&admin, "/v1/admin/audit?action=skill_map.read&limit=100")
            .json();
        rows["items"].as_array().unwrap().clone()
    };
    assert_eq!(rows().len(), 0);
    for (n, path) in (1..).zip(PATHS) {
        let target = format!("/v1/skill-maps{path}");
        assert_eq!(server.get_as(&planner, &target).status, 200);
        let told = rows();
        assert_eq!(told.len(), n, "{path}");
        assert_eq!(
            (&told[0]["action"], &told[0]["by"]),
            (&json!("skill_map.read"), &json!("planner"))
        );
        for scope in antenne::app::Scope::ALL
            .iter()
            .filter(|scope| scope.name() != "hr:read")
        {
            let name = format!("{n}-{}", scope.name());
            let key = server.colleague(&name, &[scope.name()], "it-1", &["security"]);
            server.get_as(&key, &target).problem(403, "scope_missing");
        }
    }
    // A table, what is not there, and what the caller held already are reads too.
    table(&server, &planner, "/v1/skill-maps/latest");
    server
        .get_as(&planner, "/v1/skill-maps/latest?unit=G%2FNowhere")
        .problem(404, "not_found");
    assert_eq!(
        rows()[0]["what"],
        "page of release 1",
        "nothing that the caller made up is kept"
    );
    let first = server.get_as(&planner, "/v1/skill-maps/latest");
    let held = format!("If-None-Match: {}", first.header("etag").unwrap());
    assert_eq!(
        server
            .send("GET", "/v1/skill-maps/latest", &[&bearer(&planner), &held], b"")
            .status,
        304
    );
    assert_eq!(rows().len(), PATHS.len() + 4);
}

/// Twenty people in each of two units: seven in each declare TLS, and of seven in `A` and six in `B` it can be concluded.
fn answering() -> Story {
    let mut story = Story::default();
    story.skill("tls", "TLS", &[]);
    for n in 0..20 {
        for unit in ["A", "B"] {
            let id = format!("{unit}-{n}");
            story.person(&id, unit);
            if n < 7 {
                story.has(&id, "tls", "declared", 0.5);
            } else if n < if unit == "A" { 14 } else { 13 } {
                for thread in 0..3 {
                    story.thread(&format!("{id}-{thread}"), "somebody", "tls", Some(&id));
                }
            }
        }
    }
    story
}

/// A server with a release of [`answering`], and a page of it.
fn answered(inferred: bool, query: &str) -> (Server, Value) {
    let server = Server::start();
    answering().told_to(&server);
    server.service.use_skill_maps(rules(inferred));
    server.service.publish_skill_map().unwrap();
    let planner = server.key("planner", &["hr:read"], None);
    let page = server.get_as(&planner, &format!("/v1/skill-maps/latest{query}")).json();
    (server, page)
}

#[test]
fn who_is_only_concluded_to_have_a_skill_is_counted_apart_where_that_is_switched_on() {
    let said = [row("", &[Some(14)]), row("A", &[Some(7)]), row("B", &[Some(7)])];
    let nothing = [row("", &[None]), row("A", &[None]), row("B", &[None])];
    let (_, told) = answered(false, "?origin=inferred");
    assert_eq!((cells(&told), &told["inferred"]), (nothing.to_vec(), &json!(false)));
    let (_, told) = answered(false, "");
    assert_eq!(cells(&told), said);
    let (_, told) = answered(true, "");
    assert_eq!((cells(&told), &told["inferred"]), (said.to_vec(), &json!(true)));
    let (_, told) = answered(true, "?origin=inferred");
    let apart = [row("", &[Some(13)]), row("A", &[Some(7)]), row("B", &[Some(6)])];
    assert_eq!((cells(&told), &told["counted"]), (apart.to_vec(), &json!("inferred")));
}

#[test]
fn my_page_says_whom_maps_count_and_as_what_i_am_counted() {
    for (inferred, maps, counted) in [(false, "stated", Value::Null), (true, "inferred", json!("inferred"))] {
        let (server, _) = answered(inferred, "");
        let me = server.key("me", &["member"], Some("A-8"));
        assert_eq!(server.get_as(&me, "/v1/me/skills").json()["skill_maps"], maps);
        let tls = mine(&server, &me, "tls");
        assert_eq!(
            (&tls["origins"], &tls["audience"]),
            (&json!(["inferred"]), &json!("me"))
        );
        assert_eq!(tls["counted"], counted);
        let say = |body: Value| {
            let reply = server.send("PUT", "/v1/me/skills/tls", &[&bearer(&me)], body.to_string().as_bytes());
            assert_eq!(reply.status, 200, "{}", reply.text());
        };
        say(json!({"stand": "confirmed"}));
        assert_eq!(mine(&server, &me, "tls")["counted"], "stated");
        say(json!({"audience": "me"}));
        assert!(
            mine(&server, &me, "tls")["counted"].is_null(),
            "what I keep is in no figure"
        );
        say(json!({"stand": "contested"}));
        assert!(mine(&server, &me, "tls")["counted"].is_null());
    }
}
