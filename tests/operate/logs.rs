//! Logs hold no secret and no personal text: a canary sits in every input, everything is logged, and none may sing.

use crate::support::{Server, antenne, bearer, furnished, stdout, temp};
use axum::body::Body;
use axum::extract::Request;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;

/// Texts that nothing else contains, one for each place in which somebody may write.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn hatch(&mut self, place: &str) -> String {
        let canary = format!("kanari{}{place}", self.0.len());
        self.0.push(canary.clone());
        canary
    }

    /// Those that are found in `log`, whatever their case.
    fn heard_in(&self, log: &str) -> Vec<String> {
        let log = log.to_lowercase();
        self.0
            .iter()
            .filter(|canary| log.contains(&canary.to_lowercase()))
            .cloned()
            .collect()
    }
}

/// Event lines with a canary in each text that they have.
fn events(nest: &mut Canaries) -> String {
    let mut text = |place: &str| nest.hatch(place);
    let at = "2024-05-02T08:30:00Z";
    let lines = [
        json!({"id": text("id"), "source": "forum", "type": "person.upserted", "at": at, "data": {"person": text("person"),
            "name": text("name"), "unit": text("unit"), "email": text("email")}}),
        json!({"id": "e2", "source": "forum", "type": "person.upserted", "at": at,
            "data": {"person": text("person"), "name": text("name"), "unit": text("unit"), "job": text("job")}}),
        json!({"id": "e3", "source": "forum", "type": "question.created", "at": at, "data": {"question": text("question"),
            "asker": text("asker"), "title": text("title"), "body": text("body"), "tags": [text("tag")],
            "community": text("community"), "url": format!("https://forum.example/{}", text("url"))}}),
        json!({"id": "e4", "source": "forum", "type": "answer.created", "at": at, "data": {"answer": text("answer"),
            "question": "q", "author": text("author"), "body": format!("<p>{}</p>", text("html")), "body_format": "html"}}),
        json!({"id": "e5", "source": text("source"), "type": "person.upserted", "at": at, "data": {"person": "p"}}),
        json!({"id": "e6", "source": "forum", "type": text("type"), "at": at, "data": {}}),
        json!({"id": "e7", "source": "forum", "type": "person.upserted", "at": text("at"), "data": {"person": "p"}}),
        json!({"id": "e8", "source": "forum", "type": "absence.set", "at": at,
            "data": {"person": text("absent"), "from": "2024-05-02", "until": text("until")}}),
        json!({"id": "e9", "source": "forum", "type": "question.created", "at": at,
            "data": {"question": "q9", "asker": "p", "title": 7, (text("key")): text("value")}}),
    ];
    let all: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let (broken, nojson) = (text("broken"), text("nojson"));
    all + &format!("{{\"id\": \"{broken}\", broken\n{nojson}\n")
}

/// Says everything that can be said to a server, with a canary in each place; the number of requests.
#[expect(
    clippy::too_many_lines,
    reason = "one list of the places where somebody's words can stand"
)]
fn ask(server: &Server, key: &str, nest: &mut Canaries) -> usize {
    let lines = events(nest);
    let mut text = |place: &str| nest.hatch(place);
    let loud = [
        format!("User-Agent: {}", text("agent")),
        format!("Cookie: session={}", text("cookie")),
        format!("Referer: https://intranet.example/{}", text("referer")),
        format!("Accept-Language: {}", text("language")),
        format!("traceparent: 00-{}-01", text("trace")),
        format!("X-{}: {}", text("header"), text("headervalue")),
    ];
    let with = |header: String| [std::slice::from_ref(&header), &loud[..]].concat();
    let known = with(bearer(key));
    let mut requests = 0;
    let mut send = |method: &str, target: &str, headers: &[String], body: &str| {
        requests += 1;
        server.send(method, target, headers, body).0
    };
    assert_eq!(send("POST", "/v1/events", &known, &lines), 200);
    let wrong = format!("antenne_{}", text("wrongkey"));
    assert_eq!(send("GET", "/v1/questions", &with(bearer(&wrong)), ""), 401);
    assert_eq!(
        send(
            "GET",
            "/v1/questions",
            &with(format!("Authorization: Basic {}", text("basic"))),
            ""
        ),
        401
    );
    let webhook = [
        format!("webhook-id: {}", text("deliveryid")),
        format!("webhook-timestamp: {}", text("timestamp")),
        format!("webhook-signature: v1,{}", text("signature")),
    ];
    let target = format!("/v1/events?source={}", text("webhooksource"));
    let status = send("POST", &target, &webhook, &text("webhookbody"));
    assert!((400..500).contains(&status), "{status}");
    for target in [
        format!("/v1/questions/{}/experts", text("pathid")),
        format!("/v1/questions?community={}", text("query")),
        format!("/v1/questions?{}={}", text("queryname"), text("queryvalue")),
        format!("/v1/questions?cursor={}", text("cursor")),
        format!("/{}/{}", text("nopath"), text("nopath")),
        format!("/livez?{}", text("open")),
        format!("/v1/names/people?q={}", text("namequery")),
        format!("/v1/people/{}", text("personid")),
        format!("/v1/communities/{}", text("communityid")),
        format!("/v1/admin/keys?cursor={}", text("keycursor")),
    ] {
        let status = send("GET", &target, &known, "");
        assert!(status < 500, "{target}: {status}");
    }
    let draft = json!({"title": text("draft"), "body": text("draftbody"), "tags": [text("drafttag")],
        "asker": text("draftasker"), "community": text("draftcommunity")});
    for body in [
        draft.to_string(),
        json!({(text("draftkey")): text("draftvalue")}).to_string(),
        format!("{{\"title\": \"{}", text("halfbody")),
        text("wrongjson"),
    ] {
        let status = send("POST", "/v1/experts", &known, &body);
        assert!((200..500).contains(&status), "{body}: {status}");
    }
    for (target, body) in [
        ("/v1/questions/experts", json!({"questions": [text("pageid")]})),
        (
            "/v1/feedback",
            json!({"recommendation": format!("rec_{}", text("recommendation")), "subject": text("subject"),
                "verdict": "accepted", "by": text("feedbackby")}),
        ),
        (
            "/v1/admin/keys",
            json!({"name": text("newkey"), "scopes": ["member"], "person": text("newkeyperson")}),
        ),
    ] {
        let status = send("POST", target, &known, &body.to_string());
        assert!((200..500).contains(&status) && status != 403, "{target}: {status}");
    }
    let status = send(&text("METHOD"), "/v1/events", &known, "");
    assert!((400..500).contains(&status), "{status}");
    server.raw(
        format!(
            "{} /{} HTTP/9\r\n{}\r\n\r\n",
            text("rubbish"),
            text("rubbish"),
            text("rubbish")
        )
        .as_bytes(),
    );
    server.raw(
        format!(
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n{}",
            text("cut")
        )
        .as_bytes(),
    );
    requests
}

/// An organisation of which every name is a canary, told to the server, with a key of each scope and one that speaks for its
/// person.
struct Cage {
    /// What stands in a path, by the word before it.
    known: [(&'static str, String); 5],
    /// Keys: one that speaks for the person, and one for every other scope.
    keys: [String; 2],
}

/// Imports facts of one source.
fn import(data: &Path, facts: &[(&str, Value)]) {
    let lines = facts.iter().enumerate().map(|(n, (kind, told))| {
        let at = "2024-05-02T08:30:00Z";
        json!({"id": format!("cage-{n}"), "source": "cage", "type": kind, "at": at, "data": told}).to_string() + "\n"
    });
    let lines: String = lines.collect();
    antenne(data).args(["import", "-"]).write_stdin(lines).assert().code(0);
}

impl Cage {
    #[expect(clippy::too_many_lines, reason = "an organisation, told fact by fact")]
    fn open(server: &Server, data: &Path, nest: &mut Canaries) -> Self {
        let all = ["person", "question", "community", "skill", "project"].map(|noun| nest.hatch(noun));
        let [person, question, community, skill, project] = &all;
        let facts = [
            (
                "person.upserted",
                json!({"person": person, "name": nest.hatch("personname")}),
            ),
            (
                "skill.upserted",
                json!({"skill": skill, "labels": {"en": nest.hatch("skillname")}}),
            ),
            (
                "project.upserted",
                json!({"project": project, "name": nest.hatch("projectname")}),
            ),
            (
                "community.upserted",
                json!({"community": community, "name": nest.hatch("communityname"), "kind": "practice", "access": "open"}),
            ),
            (
                "membership.added",
                json!({"person": person, "community": community, "role": "animator"}),
            ),
            (
                "participation.started",
                json!({"person": person, "project": project, "role": "member"}),
            ),
            (
                "skill.asserted",
                json!({"person": person, "skill": skill, "origin": "imported"}),
            ),
            (
                "question.created",
                json!({"question": question, "asker": person, "title": nest.hatch("titleofcage")}),
            ),
        ];
        import(data, &facts);
        let mut key = |name: &str, scopes: &str, rest: &[&str]| {
            let mut create = antenne(data);
            create
                .args(["keys", "create", "--name", name, "--scopes", scopes])
                .args(rest);
            let key = stdout(&mut create, 0).trim().to_owned();
            nest.0.push(key["antenne_".len()..].to_owned());
            key
        };
        let own = key("own", "member", &["--person", person]);
        let every = "events:write,recommend:read,search:read,animator,steward,hr:read,admin,dpo,members:delegate";
        let every = key("every", every, &["--communities", community]);
        let token = json!({"person": person}).to_string();
        let (status, made) = server.send("POST", "/v1/member-tokens", &[bearer(&every)], &token);
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().unwrap().to_owned();
        nest.0.push(token["antenne_member_".len()..].to_owned());
        assert_eq!(server.send("GET", "/v1/me/skills", &[bearer(&token)], "").0, 200);
        let known = ["people", "questions", "communities", "skills", "projects"];
        let mut values = all.into_iter();
        Self {
            known: known.map(|noun| (noun, values.next().unwrap())),
            keys: [own, every],
        }
    }

    /// `path` with its places filled: with what there is, or else with canaries.
    fn fill(&self, path: &str, there: bool, nest: &mut Canaries) -> String {
        let mut before = "";
        let parts = path.split('/').map(|part| {
            let known = self.known.iter().find(|(noun, _)| *noun == before);
            before = part;
            match (part.starts_with('{'), known.filter(|_| there)) {
                (false, _) => part.to_owned(),
                (true, Some((_, id))) => id.clone(),
                (true, None) => nest.hatch("inpath"),
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// A body for `schema` of the document with a canary for each thing that it may hold, right or wrong.
fn filled(document: &Value, schema: &Value, nest: &mut Canaries) -> Value {
    let named = schema["$ref"].as_str().and_then(|name| document.pointer(&name[1..]));
    let schema = named.unwrap_or(schema);
    let Some(properties) = schema["properties"].as_object() else {
        return json!(nest.hatch("inbody"));
    };
    let filled = properties
        .keys()
        .map(|name| (name.clone(), json!(nest.hatch("inproperty"))));
    let mut body: serde_json::Map<String, Value> = filled.collect();
    body.insert(nest.hatch("newproperty"), json!(nest.hatch("newvalue")));
    Value::Object(body)
}

/// Calls every operation of the document with canaries in its path, in each of its parameters, and in its body; the number
/// of requests.
fn call_everything(server: &Server, data: &Path, nest: &mut Canaries) -> usize {
    let cage = Cage::open(server, data, nest);
    let document = serde_json::to_value(antenne::http::openapi()).unwrap();
    let mut requests = 2;
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let ways = operation["security"].as_array().cloned().unwrap_or_default();
            let own = !ways.is_empty() && ways.iter().all(|way| way["key"] == json!(["member"]));
            let key = &cage.keys[usize::from(!own)];
            let target = cage.fill(path, true, nest);
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let query = parameters.iter().filter(|parameter| parameter["in"] == "query");
            let mut targets = vec![
                cage.fill(path, false, nest),
                format!("{target}?{}", nest.hatch("unknown")),
                target.clone(),
            ];
            for parameter in query {
                let name = parameter["name"].as_str().unwrap();
                targets.push(format!("{target}?{name}={}", nest.hatch("inquery")));
            }
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = match schema {
                Value::Null => String::new(),
                schema => filled(&document, schema, nest).to_string(),
            };
            let last = method == "delete";
            calls.extend(
                targets
                    .into_iter()
                    .map(|target| (last, method.to_uppercase(), target, key.clone(), body.clone())),
            );
        }
    }
    // What takes away comes last, so that it has something to take.
    calls.sort_by_key(|(last, ..)| *last);
    let mut done = 0;
    for (_, method, target, key, body) in calls {
        let (status, answer) = server.send(&method, &target, &[bearer(&key)], &body);
        assert!(
            status < 500 && status != 401 && status != 403,
            "{method} {target}: {status} {answer}"
        );
        done += usize::from(status < 300);
        requests += 1;
    }
    assert!(done > 30, "{done} of {requests} calls were carried out");
    requests
}

/// Asks the commands for people and words that are not there.
fn look_up(data: &Path, nest: &mut Canaries) {
    for (words, code) in [
        (vec!["search", "WORDS"], 0),
        (
            vec![
                "search", "pumps", "--skill", "WORDS", "--unit", "WORDS", "--site", "WORDS",
            ],
            0,
        ),
        (vec!["search", "pumps", "--origin", "WORDS"], 2),
        (vec!["communities-for", "WORDS"], 1),
        (vec!["person", "export", "WORDS"], 1),
        (vec!["person", "pause", "WORDS"], 1),
        (vec!["person", "erase", "WORDS"], 1),
        (vec!["audit", "list", "--person", "WORDS"], 0),
    ] {
        let words: Vec<String> = words
            .into_iter()
            .map(|word| {
                if word == "WORDS" {
                    nest.hatch("word")
                } else {
                    word.to_owned()
                }
            })
            .collect();
        antenne(data).args(words).assert().code(code);
    }
}

/// Says everything that can be said to the commands beside a server, with a canary in each place.
fn command(data: &Path, nest: &mut Canaries) {
    let (imported, somebody) = (nest.hatch("imported"), nest.hatch("imported"));
    let line = json!({"id": imported, "source": "cli", "type": "person.upserted", "at": "2024-05-02T08:30:00Z",
        "data": {"person": somebody, "name": nest.hatch("imported")}});
    antenne(data)
        .args(["import", "-"])
        .write_stdin(line.to_string())
        .assert()
        .code(0);
    antenne(data)
        .args(["experts", "--text", &nest.hatch("typed")])
        .assert()
        .code(0);
    antenne(data).args(["experts", &nest.hatch("asked")]).assert().code(1);
    antenne(data)
        .args(["questions", "--community", &nest.hatch("asked")])
        .assert()
        .code(1);
    look_up(data, nest);
    let mut create = antenne(data);
    create.args(["keys", "create", "--scopes", "member", "--name", &nest.hatch("keyname")]);
    let made = stdout(create.args(["--person", &nest.hatch("keyperson")]), 0);
    nest.0.push(made.trim().to_owned());
    antenne(data)
        .args(["keys", "revoke", &nest.hatch("keyname")])
        .assert()
        .code(1);
    for act in ["pause", "export", "erase"] {
        antenne(data).args(["person", act, &somebody]).assert().code(0);
    }
}

#[test]
fn no_canary_is_heard_in_the_log_at_its_loudest() {
    for format in ["text", "json"] {
        let home = temp();
        let (data, key) = furnished(home.path(), 3);
        let mut nest = Canaries(vec![key.clone(), key["antenne_".len()..].to_owned()]);
        let secret = "whsec_a2FuYXJpV2ViaG9va1NlY3JldDEyMzQ1Njc4";
        nest.0
            .extend([secret["whsec_".len()..].to_owned(), "kanariWebhookSecret".to_owned()]);
        let config = format!("[sources.forum]\nwebhook_secrets = [\"{secret}\"]\n[skill_maps]\nenabled = true\n");
        std::fs::write(data.join("antenne.toml"), config).unwrap();
        let server = Server::start(&data, &["--log-format", format], &[("ANTENNE_LOG", "trace")]);
        let requests = ask(&server, &key, &mut nest) + call_everything(&server, &data, &mut nest);
        command(&data, &mut nest);
        let log = server.stop();
        let answered = log.matches("answered").count();
        assert!(
            answered >= requests,
            "{answered} of {requests} requests were logged: the log is too quiet to show anything"
        );
        assert!(nest.0.len() > 300, "{} canaries", nest.0.len());
        let heard = nest.heard_in(&log);
        assert!(
            heard.is_empty(),
            "{} of {} canaries in the {format} log: {heard:?}",
            heard.len(),
            nest.0.len()
        );
        println!(
            "{format}: {} canaries, {requests} requests, {} bytes of log, none heard",
            nest.0.len(),
            log.len()
        );
    }
}

#[test]
fn a_structured_log_is_json_from_the_first_line_to_the_last() {
    let home = temp();
    let (data, key) = furnished(home.path(), 3);
    let loud = [("ANTENNE_LOG", "antenne=debug")];
    let server = Server::start(&data, &["--log-format", "json"], &loud);
    server.send("GET", "/v1/questions", &[bearer(&key)], "");
    let log = server.stop();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    let answered = lines
        .iter()
        .find(|line| line["fields"]["message"] == "answered")
        .unwrap();
    assert_eq!(answered["fields"]["status"], 200);
    assert_eq!(answered["fields"]["route"], "/v1/questions");

    // A start that fails says so in the same form.
    let whole = std::fs::read(data.join("antenne.db")).unwrap();
    std::fs::write(data.join("antenne.db"), &whole[..whole.len() / 2]).unwrap();
    let mut failing = antenne(&data);
    failing.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    let output = failing.assert().code(1).get_output().clone();
    let line: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert!(
        line["fields"]["error"].as_str().unwrap().contains("cut short"),
        "{line}"
    );
}

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The answers in a structured log: status, level, route and trace.
fn answers(log: &str) -> Vec<(u64, String, String, String)> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines
        .filter(|line| line["fields"]["message"] == "answered")
        .map(|line| {
            let status = line["fields"]["status"].as_u64().unwrap();
            (
                status,
                text(&line["level"]),
                text(&line["fields"]["route"]),
                text(&line["fields"]["trace"]),
            )
        })
        .collect()
}

#[test]
fn answers_are_told_as_loudly_as_they_concern_the_operator_and_under_the_callers_trace() {
    let home = temp();
    let (data, key) = furnished(home.path(), 3);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = format!("traceparent: 00-{trace}-00f067aa0ba902b7-01");
    let forged = "traceparent: 00-ana@example.org-00f067aa0ba902b7-01".to_owned();
    let heard = |log: &str| {
        let server = Server::start(&data, &["--log-format", "json"], &[("ANTENNE_LOG", log)]);
        server.send("GET", "/v1/questions", &[bearer(&key), sent.clone()], "");
        server.send("GET", "/v1/questions", &[bearer(&key), forged.clone()], "");
        server.send("GET", "/v1/people/nobody", std::slice::from_ref(&sent), "");
        answers(&server.stop())
    };
    let all = heard("antenne=debug");
    let levels: Vec<_> = all.iter().map(|(status, level, ..)| (*status, &**level)).collect();
    assert_eq!(levels, [(200, "DEBUG"), (200, "DEBUG"), (401, "INFO")]);
    assert_eq!((&*all[0].3, &*all[2].3), (trace, trace));
    let own = &all[1].3;
    assert!(
        own.len() == 32 && own != trace && own.bytes().all(|b| b.is_ascii_hexdigit()),
        "{own}"
    );
    let usual = heard("warn,antenne=info");
    assert_eq!(usual.len(), 1, "what went well is not told unless it is asked for");
    assert_eq!((usual[0].0, &*usual[0].2), (401, "/v1/people/{id}"));
}

/// The planted fault: a layer that logs what it should not is heard, in a path, a query, a header and a key.
#[test]
fn a_planted_indiscretion_is_heard() {
    async fn indiscreet(request: Request, next: axum::middleware::Next) -> axum::response::Response {
        tracing::trace!(uri = %request.uri(), headers = ?request.headers(), "received");
        next.run(request).await
    }
    let page = Page::default();
    let writer = page.clone();
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let mut nest = Canaries::default();
    let request = Request::builder()
        .uri(format!("/livez/{}?q={}", nest.hatch("path"), nest.hatch("query")))
        .header("authorization", format!("Bearer {}", nest.hatch("key")))
        .header("user-agent", nest.hatch("agent"))
        .body(Body::empty())
        .unwrap();
    let router = axum::Router::new()
        .fallback(|| async { "" })
        .layer(axum::middleware::from_fn(indiscreet));
    tracing::subscriber::with_default(log, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(router.oneshot(request)).unwrap();
    });
    let log = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert_eq!(nest.heard_in(&log).len(), 4, "{log}");
}
