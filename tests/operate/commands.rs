//! The configuration says where each value is from, shells complete commands, and waiting questions are listed.

use crate::support::{Server, answer, antenne, bearer, clean, furnished, stderr, stdout, temp};
use std::process::Stdio;

#[test]
fn the_configuration_says_where_each_value_is_from() {
    let home = temp();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("antenne.toml"), "language = \"fr\"\nlog_format = \"json\"\n").unwrap();
    let mut command = antenne(&data);
    command
        .args(["config", "check", "--json", "--allow-plaintext"])
        .env("ANTENNE_LOG_FORMAT", "text");
    let settings = answer(&mut command, 0);
    let of = |key: &str| {
        let found = settings
            .as_array()
            .unwrap()
            .iter()
            .find(|setting| setting["key"] == key)
            .unwrap();
        (
            found["value"].to_string(),
            found["origin"].as_str().unwrap().to_owned(),
            found["from"].to_string(),
        )
    };
    assert_eq!(of("language").0, "\"fr\"");
    assert!(of("language").1 == "file" && of("language").2.contains("antenne.toml"));
    assert_eq!(
        (of("log_format").0.as_str(), of("log_format").1.as_str()),
        ("\"text\"", "environment")
    );
    assert!(of("log_format").2.contains("ANTENNE_LOG_FORMAT"));
    assert_eq!(
        (of("allow_plaintext").0.as_str(), of("allow_plaintext").1.as_str()),
        ("true", "flag")
    );
    assert_eq!(
        (of("data").1, of("listen").1),
        ("flag".to_owned(), "default".to_owned())
    );

    let shown = stdout(antenne(&data).args(["config", "show"]), 0);
    assert!(shown.contains("language = \"fr\""), "{shown}");
    let again = home.path().join("again.toml");
    std::fs::write(&again, shown).unwrap();
    antenne(&data)
        .args(["config", "check", "--config"])
        .arg(&again)
        .assert()
        .code(0);
}

#[test]
fn a_configuration_that_cannot_hold_ends_with_2_and_names_the_key() {
    let home = temp();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    for (text, named) in [
        ("lisen = \"x\"", "lisen"),
        ("listen = 7411", "listen"),
        ("listen = \"0.0.0.0:7411\"", "--allow-plaintext"),
        ("weights = \"/nowhere/w.toml\"", "/nowhere/w.toml"),
        ("log = \"antenne=loud\"", "antenne=loud"),
        ("[sources.Forum]\nignore = []", "did you mean `forum`?"),
        ("lisen = [", "antenne.toml"),
    ] {
        std::fs::write(data.join("antenne.toml"), text).unwrap();
        let mut check = antenne(&data);
        check.args(["config", "check"]).env("ANTENNE_LANGUAGE", "fr");
        let why = stderr(&mut check, 2);
        assert!(why.contains(named), "{text}: {why}");
        // What the others say is shown all the same.
        let table = stdout(&mut check, 2);
        let language = table.lines().find(|line| line.starts_with("language "));
        assert!(
            language.is_some_and(|line| line.ends_with("environment: ANTENNE_LANGUAGE")),
            "{text}: {table}"
        );
    }
}

#[test]
fn a_variable_that_sets_nothing_is_told_by_its_name() {
    let home = temp();
    let (data, _) = furnished(home.path(), 1);
    let slip = ("ANTENNE_LISTN", "127.0.0.1:1");
    let meant = "the variable ANTENNE_LISTN sets nothing: did you mean ANTENNE_LISTEN?";
    let warning = stderr(antenne(&data).args(["config", "check"]).env(slip.0, slip.1), 0);
    assert_eq!(warning, format!("antenne: warning: {meant}\n"));
    let mut doctor = antenne(&data);
    doctor
        .args(["doctor", "--json", "--listen", "127.0.0.1:0"])
        .env(slip.0, slip.1);
    let report = answer(&mut doctor, 0);
    let found = &report["checks"][0];
    assert_eq!(
        (&found["check"], &found["level"], &found["detail"]),
        (&"environment".into(), &"warn".into(), &meant.into())
    );
    let log = Server::start(&data, &[], &[slip]).stop();
    assert!(log.contains(meant), "{log}");
    assert_eq!(stderr(antenne(&data).args(["config", "check"]), 0), "");
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let mut command = clean();
        let script = stdout(command.args(["completions", shell]), 0);
        for word in [
            "backup",
            "restore",
            "verify",
            "doctor",
            "questions",
            "older-than",
            "config",
        ] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
        // Whether the shell takes it, where there is one.
        let mut check = std::process::Command::new(shell);
        check.arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped());
        let Ok(mut child) = check.spawn() else { continue };
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{shell}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let mut command = clean();
    command.args(["completions", "tcsh"]).assert().code(2);
}

#[test]
fn waiting_questions_are_those_that_http_lists() {
    let home = temp();
    let (data, key) = furnished(home.path(), 12);
    let alone = answer(
        antenne(&data).args(["questions", "--json", "--older-than", "3d", "--limit", "2"]),
        0,
    );
    assert_eq!(alone["items"].as_array().unwrap().len(), 2);
    let server = Server::start(&data, &[], &[]);
    let mut beside = answer(antenne(&data).args(["questions", "--json", "--limit", "2"]), 0);
    let (status, mut over_http) = server.send("GET", "/v1/questions?limit=2", &[bearer(&key)], "");
    assert_eq!(status, 200);
    // Both know the minute in which they were asked, and the cursor knows it too.
    for list in [&mut beside, &mut over_http] {
        list.as_object_mut()
            .unwrap()
            .retain(|name, _| name == "items" || name == "generation");
    }
    assert_eq!(beside, over_http);
    server.stop();
    let text = stdout(antenne(&data).args(["questions", "--limit", "1"]), 0);
    assert!(
        text.starts_with("q-0-0  Comment régler la pompe du poste 0 ?\n    waits "),
        "{text}"
    );
    assert!(text.contains("asked by p-0, about pompe"), "{text}");
    assert!(stderr(antenne(&data).args(["questions", "--community", "nowhere"]), 1).contains("`nowhere`"));
    for bad in [["--older-than", "3w"], ["--limit", "0"], ["--limit", "101"]] {
        stderr(antenne(&data).arg("questions").args(bad), 2);
    }
}
