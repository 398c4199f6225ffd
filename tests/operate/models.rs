//! Learning from the data over the real binary: what is adopted holds over a restart, what the operator chooses holds at
//! once, and nobody waits meanwhile.

use crate::support::{Server, answer, antenne, bearer, clean, stderr, stdout, temp};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Questions and answers `from..until`, two a day: each of six subjects has its words, and two people who answer it.
fn history(from: u32, until: u32) -> String {
    let words = [
        "pump pressure seal",
        "invoice supplier credit",
        "badge door access",
        "holiday rota shift",
        "crane hoist cable",
        "solvent paint booth",
    ];
    let mut lines = String::new();
    let mut line = |id: String, kind: &str, hour: u32, day: u32, data: Value| {
        let at = format!("2025-{:02}-{:02}T{hour:02}:00:00Z", day / 28 + 1, day % 28 + 1);
        let event = json!({"id": id, "source": "forum", "type": kind, "at": at, "data": data});
        lines.push_str(&event.to_string());
        lines.push('\n');
    };
    for n in from..until {
        let subject = n as usize % 6;
        let data = json!({"question": format!("q{n}"), "asker": format!("asker{}", n % 9),
            "title": format!("About the {} number {}", words[subject], n % 7)});
        line(format!("q{n}"), "question.created", 8 + n % 2 * 4, n / 2, data);
        let author = format!("expert{}-{}", subject, n / 6 % 2);
        let data = json!({"question": format!("q{n}"), "answer": format!("a{n}"), "author": author});
        line(format!("a{n}"), "answer.created", 9 + n % 2 * 4, n / 2, data);
    }
    lines
}

/// A folder with a history of `questions`, and a key that may do what these tests do.
fn furnished(home: &Path, questions: u32) -> (PathBuf, String) {
    let (data, events) = (home.join("data"), home.join("events.jsonl"));
    std::fs::write(&events, history(0, questions)).unwrap();
    antenne(&data).arg("import").arg(&events).assert().code(0);
    let mut keys = antenne(&data);
    keys.args(["keys", "create", "--name", "all", "--sources", "forum", "--scopes"]);
    let key = stdout(keys.arg("events:write,recommend:read,admin"), 0);
    (data, key.trim().to_owned())
}

/// The version in use, by the command.
fn in_use(data: &Path) -> Value {
    answer(antenne(data).args(["models", "show", "--json"]), 0)["version"].clone()
}

fn experts(server: &Server, key: &str) -> Value {
    let (status, answer) = server.send("GET", "/v1/questions/q159/experts", &[bearer(key)], "");
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn what_is_adopted_answers_the_same_after_a_restart() {
    let home = temp();
    let (data, key) = furnished(home.path(), 160);
    let outcome = answer(antenne(&data).args(["fit", "--json"]), 0);
    assert_eq!(
        (&outcome["verdict"], &outcome["version"]),
        (&json!("adopted"), &json!(1)),
        "{outcome}"
    );
    assert!(outcome["terms"].as_u64() > Some(0) && outcome["learnt"]["examples"].as_u64() >= Some(40));
    // Answers hold as of the minute: two that were asked for within one can be compared.
    for tries in 1.. {
        let [one, two] = [(), ()].map(|()| {
            let server = Server::start(&data, &[], &[]);
            let answer = experts(&server, &key);
            server.stop();
            answer
        });
        assert_eq!(one["model"], outcome["model"]);
        if one["as_of"] == two["as_of"] {
            assert_eq!(one.to_string(), two.to_string());
            break;
        }
        assert!(tries < 5, "a minute ended each time");
    }
    let refused = answer(antenne(&data).args(["fit", "--json"]), 0);
    assert_eq!(
        (&refused["verdict"], &refused["reason"]),
        (&json!("refused"), &json!("few_new"))
    );
    let text = stdout(antenne(&data).arg("fit"), 0);
    assert!(
        text.contains("refused: too few new questions since the model in use: 0 of 40"),
        "{text}"
    );
    assert_eq!(in_use(&data), 1);
}

#[test]
fn the_operator_chooses_beside_a_server_and_it_holds_at_once() {
    let home = temp();
    let (data, key) = furnished(home.path(), 160);
    let server = Server::start(&data, &[], &[]);
    let shipped = experts(&server, &key)["model"].clone();
    let said = stdout(antenne(&data).arg("fit"), 0);
    assert!(
        said.contains("weights that move most:") && said.contains("adopted as version 1"),
        "{said}"
    );
    let learnt = experts(&server, &key)["model"].clone();
    assert_ne!(shipped, learnt);
    let said = stdout(antenne(&data).args(["models", "rollback"]), 0);
    assert!(said.starts_with("in use: version 0, pinned, default-"), "{said}");
    assert_eq!(experts(&server, &key)["model"], shipped);
    assert!(stderr(antenne(&data).args(["models", "rollback"]), 1).contains("no model before it"));
    assert!(stderr(antenne(&data).args(["models", "pin", "7"]), 1).contains("there is no model 7"));
    server.stop();
    // Without the server the choice is still there, and so is the way back.
    assert_eq!(in_use(&data), 0);
    stdout(antenne(&data).args(["models", "unpin"]), 0);
    let list = stdout(antenne(&data).args(["models", "list"]), 0);
    let lines: Vec<_> = list.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    assert!(
        lines.len() == 2 && lines[0].contains("learnt from") && lines[0].ends_with("in use"),
        "{list}"
    );
    assert!(
        lines[1].trim_start().starts_with("0 ") && lines[1].ends_with("shipped"),
        "{list}"
    );
    stdout(antenne(&data).args(["models", "pin", "1"]), 0);
    let server = Server::start(&data, &[], &[]);
    assert_eq!(experts(&server, &key)["model"], learnt);
    let (_, models) = server.send("GET", "/v1/admin/models", &[bearer(&key)], "");
    let first = &models["items"][0];
    let (_, others) = server.send("GET", "/v1/admin/models?recommender=co-animators", &[bearer(&key)], "");
    assert_eq!(others["items"].as_array().map(Vec::len), Some(1), "{others}");
    assert_eq!(others["items"][0]["recommender"], "co-animators");
    assert!(
        first["pinned"] == true && first["in_use"] == true && first["name"] == learnt,
        "{models}"
    );
    assert!(first["learnt"]["check"]["questions"].as_u64() > Some(0), "{models}");
}

#[test]
fn events_that_come_while_a_model_is_learnt_wait_for_nothing_and_stay() {
    let home = temp();
    let (data, key) = furnished(home.path(), 320);
    let server = Server::start(&data, &[], &[]);
    let mut fit = clean_fit(&data).spawn().unwrap();
    let mut during = 0;
    let newer = history(320, 380);
    for line in newer.lines() {
        let (status, report) = server.send("POST", "/v1/events", &[bearer(&key)], line);
        assert_eq!((status, &report["accepted"]), (200, &json!(1)), "{report}");
        during += u32::from(fit.try_wait().unwrap().is_none());
    }
    assert!(during > 0, "some were taken in while it was learning");
    assert!(fit.wait().unwrap().success());
    assert_eq!(in_use(&data), 1);
    let stats = answer(antenne(&data).args(["stats", "--json"]), 0);
    assert_eq!(stats["events"]["question.created"], 380);
    let verified = answer(antenne(&data).args(["verify", "--json"]), 0);
    assert!(verified.to_string().contains("rebuild"), "{verified}");
    server.stop();
    antenne(&data).arg("verify").assert().code(0);
}

fn clean_fit(data: &Path) -> std::process::Command {
    let mut command = crate::common::on(data, &["fit", "--json"]);
    command.stdout(std::process::Stdio::null());
    command
}

#[test]
fn a_server_learns_by_itself_and_a_stop_does_not_wait_for_it() {
    let home = temp();
    let (data, key) = furnished(home.path(), 160);
    // It ends at once, whether a lesson is going on or not.
    Server::start(&data, &["--refit-days", "7"], &[]).stop();
    let mut server = Server::start(&data, &["--refit-days", "7"], &[]);
    for tries in 0.. {
        let log = server.log();
        if log.contains("a model was learnt: adopted as version 1") {
            break;
        }
        assert!(
            tries < 2_400 && server.ended(Duration::ZERO).is_none(),
            "nothing was learnt: {log}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let model = experts(&server, &key)["model"].clone();
    assert!(
        model.as_str().is_some_and(|name| name.starts_with("learnt-")),
        "{model}"
    );
    server.stop();
    assert_eq!(in_use(&data), 1);
}

#[test]
fn weights_learnt_from_a_file_can_be_given() {
    let home = temp();
    let (data, _) = furnished(home.path(), 160);
    let (first, second) = (home.path().join("first.jsonl"), home.path().join("second.jsonl"));
    std::fs::write(&first, history(0, 100)).unwrap();
    std::fs::write(&second, history(100, 160)).unwrap();
    let whole = home.path().join("events.jsonl");
    let learn = |files: &[&Path], out: &str| {
        let out = home.path().join(out);
        let mut fit = clean();
        fit.arg("fit").arg("--out").arg(&out);
        for file in files {
            fit.arg("--events").arg(file);
        }
        let text = stdout(&mut fit, 0);
        assert!(text.contains("these weights may be taken"), "{text}");
        assert!(
            text.contains("communities:\ntoo little history: 0 first joins of communities"),
            "{text}"
        );
        std::fs::read_to_string(out).unwrap()
    };
    let one = learn(&[&whole], "one.toml");
    assert_eq!(learn(&[&first, &second], "two.toml"), one, "parts are the whole");
    let mut evaluate = clean();
    evaluate.args(["evaluate", "experts", "--json", "--events"]).arg(&whole);
    let report = answer(evaluate.arg("--weights").arg(home.path().join("one.toml")), 0);
    assert!(
        report["model"].as_str().is_some_and(|name| name.starts_with("custom-")),
        "{report}"
    );
    // Given weights stand above learnt ones, and that is said.
    antenne(&data).arg("fit").assert().code(0);
    let mut list = antenne(&data);
    list.args(["models", "list"])
        .env("ANTENNE_WEIGHTS", home.path().join("one.toml"));
    let list = stdout(&mut list, 0);
    assert!(list.starts_with("experts:\ngiven  custom-"), "{list}");
    assert!(
        list.contains("weights of the configuration: learnt ones are not used  in use"),
        "{list}"
    );
    // Nothing can be learnt from next to nothing.
    let few = home.path().join("few.jsonl");
    std::fs::write(&few, history(0, 20)).unwrap();
    let mut fit = clean();
    let why = stderr(fit.arg("fit").arg("--events").arg(&few), 1);
    assert!(why.contains("too little history"), "{why}");
    stderr(clean().arg("fit").arg("--out").arg(&few), 2);
}

#[test]
fn how_often_is_set_like_everything_else() {
    let home = temp();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let setting = |arguments: &[&str], days: Option<&str>| {
        let mut check = antenne(&data);
        check.args(["config", "check", "--json"]).args(arguments);
        if let Some(days) = days {
            check.env("ANTENNE_MODELS_REFIT_DAYS", days);
        }
        let settings = answer(&mut check, 0);
        let found = settings
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["key"] == "models.refit_days");
        let found = found.unwrap();
        (found["value"].clone(), found["origin"].clone(), found["from"].clone())
    };
    assert_eq!(setting(&[], None), (json!(7), json!("default"), Value::Null));
    std::fs::write(data.join("antenne.toml"), "[models]\nrefit_days = 3\n").unwrap();
    assert_eq!(setting(&[], None).1, "file");
    assert_eq!(setting(&[], Some("2")).0, 2);
    let (value, _, from) = setting(&["--refit-days", "0"], Some("2"));
    assert_eq!((value, from), (json!(0), json!("command line: --refit-days")));
    let mut check = antenne(&data);
    let why = stderr(
        check.args(["config", "check"]).env("ANTENNE_MODELS_REFIT_DAYS", "366"),
        2,
    );
    assert!(why.contains("models.refit_days"), "{why}");
}
