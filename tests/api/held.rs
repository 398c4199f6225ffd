//! What is handed to a person is all that is held about them: every line that an erasure would take, but for what others did
//! under their own names; and what is concluded from it, with what it came from.

use crate::client::{Server, bearer, event};
use antenne::domain::EventType;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Whose an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Pia's: by her, about her, or about what she asked, answered or was invited to.
    Hers,
    /// About something of hers, under another's name.
    Anothers,
    /// Nothing to do with her.
    Nobodys,
}
use Whose::{Anothers, Hers, Nobodys};

/// Every type of event at least once, each as near to Pia as its type allows, and some that are not hers.
#[expect(clippy::too_many_lines, reason = "one line for each type of event")]
pub fn told() -> Vec<(&'static str, Value, Whose)> {
    let skill = |person: &str| json!({"person": person, "skill": "tls"});
    let endorsed = |person: &str, by: &str| json!({"person": person, "skill": "tls", "origin": "endorsed", "by": by});
    let interest = json!({"person": "pia", "skill": "ssh", "stance": "can_help"});
    let part = json!({"person": "pia", "project": "badge", "role": "lead"});
    let member = json!({"person": "pia", "community": "security", "role": "member"});
    let proposal = |id: &str| json!({"proposal": id, "kind": "co_animator", "person": "pia", "community": "security"});
    let span = json!({"person": "pia", "from": "2026-05-01", "until": "2026-05-02"});
    let question = |id: &str, asker: &str| json!({"question": id, "asker": asker, "title": "How?", "tags": ["tls"]});
    let answer = |id: &str, to: &str, author: &str| json!({"answer": id, "question": to, "author": author});
    let vote = |answer: &str, voter: &str| json!({"target": {"answer": answer}, "voter": voter, "value": 1});
    let ask = |id: &str, person: &str| json!({"ask": id, "question": "theirs", "person": person});
    vec![
        (
            "person.upserted",
            json!({"person": "pia", "name": "Pia Ferro", "unit": "Works"}),
            Hers,
        ),
        ("person.upserted", json!({"person": "bo", "name": "Bo Lind"}), Nobodys),
        ("person.left", json!({"person": "pia-forum"}), Hers),
        ("person.upserted", json!({"person": "pia-forum", "name": "pia"}), Hers),
        (
            "identity.linked",
            json!({"person": "pia-forum", "same_as": "pia"}),
            Hers,
        ),
        ("identity.linked", json!({"person": "pia-chat", "same_as": "pia"}), Hers),
        (
            "identity.unlinked",
            json!({"person": "pia-chat", "same_as": "pia"}),
            Hers,
        ),
        ("unit.renamed", json!({"from": "Works", "to": "Plants"}), Nobodys),
        (
            "skill.upserted",
            json!({"skill": "tls", "labels": {"en": "TLS"}}),
            Nobodys,
        ),
        (
            "skill.upserted",
            json!({"skill": "ssh", "labels": {"en": "SSH"}}),
            Nobodys,
        ),
        ("skill.merged", json!({"skill": "ssl", "into": "tls"}), Nobodys),
        ("skill.asserted", endorsed("pia", "bo"), Hers),
        ("skill.asserted", endorsed("bo", "pia"), Hers),
        ("skill.asserted", endorsed("bo", "cy"), Nobodys),
        ("skill.retracted", endorsed("bo", "pia"), Hers),
        (
            "skill.visibility_set",
            json!({"person": "pia", "skill": "ssh", "audience": "me"}),
            Hers,
        ),
        ("skill.contested", skill("pia"), Hers),
        ("skill.confirmed", skill("pia"), Hers),
        ("interest.declared", interest.clone(), Hers),
        ("interest.withdrawn", interest, Hers),
        (
            "project.upserted",
            json!({"project": "badge", "name": "Badges"}),
            Nobodys,
        ),
        ("participation.started", part.clone(), Hers),
        ("participation.ended", part, Hers),
        (
            "community.upserted",
            json!({"community": "security", "kind": "practice", "access": "open", "sponsor": "pia"}),
            Hers,
        ),
        (
            "community.objective_set",
            json!({"community": "security", "problem": "Slow.", "measure": "first_answer"}),
            Nobodys,
        ),
        ("community.archived", json!({"community": "old"}), Nobodys),
        ("membership.added", member.clone(), Hers),
        (
            "membership.removed",
            json!({"person": "pia", "community": "old", "role": "member"}),
            Hers,
        ),
        (
            "membership.added",
            json!({"person": "pia", "community": "security", "role": "animator"}),
            Hers,
        ),
        ("question.created", question("hers", "pia-forum"), Hers),
        ("question.created", question("theirs", "bo"), Nobodys),
        ("question.created", question("taken-back", "pia"), Hers),
        (
            "question.edited",
            json!({"question": "hers", "body": "And when?"}),
            Hers,
        ),
        (
            "question.edited",
            json!({"question": "theirs", "body": "And why?"}),
            Nobodys,
        ),
        ("question.closed", json!({"question": "hers"}), Hers),
        ("question.reopened", json!({"question": "hers"}), Hers),
        ("question.deleted", json!({"question": "taken-back"}), Hers),
        ("answer.created", answer("hers", "theirs", "pia"), Hers),
        ("answer.created", answer("to-hers", "hers", "bo"), Nobodys),
        ("answer.created", answer("taken-back", "theirs", "pia"), Hers),
        ("answer.accepted", json!({"answer": "hers"}), Hers),
        ("answer.unaccepted", json!({"answer": "hers"}), Hers),
        ("answer.scored", json!({"answer": "hers", "score": 3}), Hers),
        ("answer.scored", json!({"answer": "to-hers", "score": 2}), Nobodys),
        ("answer.deleted", json!({"answer": "taken-back"}), Hers),
        ("vote.added", vote("to-hers", "pia"), Hers),
        ("vote.added", vote("hers", "cy"), Anothers),
        (
            "vote.removed",
            json!({"target": {"answer": "to-hers"}, "voter": "pia"}),
            Hers,
        ),
        (
            "contribution.recorded",
            json!({"person": "pia", "community": "security", "count": 2, "form": "minutes"}),
            Hers,
        ),
        (
            "animation.recorded",
            json!({"person": "pia", "community": "security", "hours": 1.5}),
            Hers,
        ),
        (
            "animation.offered",
            json!({"person": "pia", "communities": ["security"], "hours_per_week": 2}),
            Hers,
        ),
        (
            "animation.withdrawn",
            json!({"person": "pia", "communities": ["security"]}),
            Hers,
        ),
        ("proposal.sent", proposal("first"), Hers),
        ("proposal.accepted", proposal("first"), Hers),
        ("proposal.declined", proposal("second"), Hers),
        ("absence.set", span.clone(), Hers),
        ("absence.cleared", span, Hers),
        ("capacity.set", json!({"person": "pia", "asks_per_week": 4}), Hers),
        (
            "preference.set",
            json!({"person": "pia", "purpose": "thanks", "allowed": false}),
            Hers,
        ),
        ("ask.sent", ask("one", "pia"), Hers),
        ("ask.answered", json!({"ask": "one"}), Hers),
        ("ask.sent", ask("two", "pia-forum"), Hers),
        ("ask.declined", json!({"ask": "two", "reason": "overloaded"}), Hers),
        ("ask.sent", ask("three", "pia"), Hers),
        ("ask.referred", json!({"ask": "three", "to": "bo"}), Hers),
        ("ask.sent", ask("four", "bo"), Nobodys),
        ("ask.referred", json!({"ask": "four", "to": "pia"}), Hers),
        (
            "feedback.given",
            json!({"recommendation": "r1", "subject": "bo", "verdict": "accepted", "by": "pia"}),
            Hers,
        ),
        (
            "feedback.given",
            json!({"recommendation": "r2", "subject": "pia", "verdict": "declined", "by": "cy"}),
            Anothers,
        ),
        (
            "feedback.given",
            json!({"recommendation": "r3", "subject": "pia", "verdict": "accepted"}),
            Hers,
        ),
        ("fact.retracted", json!({"source": "forum", "id": "39"}), Hers),
        ("fact.retracted", json!({"source": "forum", "id": "46"}), Anothers),
        ("fact.retracted", json!({"source": "forum", "id": "13"}), Nobodys),
    ]
}

/// When the event under `number` became true: each an hour after the one before.
fn at(number: u32) -> String {
    format!("2026-02-{:02}T{:02}:00:00Z", 1 + number / 24, number % 24)
}

fn furnished() -> Server {
    let server = Server::start();
    let lines: Vec<String> = (0..)
        .zip(told())
        .map(|(n, (kind, data, _))| event(n, kind, &at(n), &data))
        .collect();
    let all = server.key("all", &["events:write", "dpo"], None);
    let reply = server.send("POST", "/v1/events", &[&bearer(&all)], lines.join("\n").as_bytes());
    assert_eq!(reply.json()["accepted"], lines.len(), "{}", reply.text());
    server
}

/// The lines of the log, by the number that each was told under.
fn log(server: &Server) -> BTreeMap<u32, Value> {
    let mut lines = BTreeMap::new();
    let mut each = |line: &[u8]| {
        let line: Value = serde_json::from_slice(line).unwrap();
        lines.insert(line["id"].as_str().unwrap().parse().unwrap(), line);
        ControlFlow::Continue(())
    };
    server.service.export(&mut each).unwrap();
    lines
}

fn numbers(of: Whose) -> BTreeSet<u32> {
    let all = (0..).zip(told());
    all.filter(|(_, (_, _, whose))| *whose == of).map(|(n, _)| n).collect()
}

#[test]
fn every_type_of_event_is_handed_to_whom_it_is_about() {
    let types: BTreeSet<_> = told().iter().map(|(kind, ..)| *kind).collect();
    let known: BTreeSet<_> = EventType::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(types, known, "a type of event is not told here");
    let server = furnished();
    let officer = server.key("officer", &["dpo"], None);
    let export = server.get_as(&officer, "/v1/people/pia/export").json();
    let handed: BTreeMap<u32, Value> = export["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["id"].as_str().unwrap().parse().unwrap(), line.clone()))
        .collect();
    let log = log(&server);
    let wanted: BTreeMap<u32, Value> = numbers(Hers).into_iter().map(|n| (n, log[&n].clone())).collect();
    let missing: Vec<_> = wanted.iter().filter(|(n, _)| !handed.contains_key(n)).collect();
    let surplus: Vec<_> = handed.iter().filter(|(n, _)| !wanted.contains_key(n)).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing {missing:#?}, surplus {surplus:#?}"
    );
    assert_eq!(handed, wanted, "as the log holds them");
    // By whichever of her accounts she is named.
    let by_account = server.get_as(&officer, "/v1/people/pia-forum/export").json();
    assert_eq!(by_account["events"], export["events"]);
    assert_eq!(export["accounts"], json!(["pia", "pia-forum"]));
    // What others did under their own names is told as counts, and who did it is not.
    assert_eq!(export["derived"]["verdicts"], 2);
    assert!(!export["events"].to_string().contains("\"cy\""));
}

#[test]
fn nothing_is_erased_that_was_not_handed_out_or_another_s_act() {
    let server = furnished();
    let officer = server.key("officer", &["dpo"], None);
    let before = log(&server);
    assert_eq!(
        server
            .send("DELETE", "/v1/people/pia", &[&bearer(&officer)], b"")
            .status,
        200
    );
    let after = log(&server);
    let gone: BTreeSet<u32> = before.keys().filter(|n| !after.contains_key(n)).copied().collect();
    // The community that she sponsored stands without her name.
    let sponsored = before.iter().find(|(_, line)| line["data"]["sponsor"] == "pia");
    let sponsored = *sponsored.unwrap().0;
    assert_eq!(after[&sponsored]["data"]["sponsor"], Value::Null);
    let mut expected: BTreeSet<u32> = numbers(Hers).union(&numbers(Anothers)).copied().collect();
    expected.remove(&sponsored);
    assert_eq!(gone, expected);
}

/// The same organisation, in which Pia answered about SSH too.
fn with_an_answer() -> Server {
    let server = furnished();
    server.told(&[
        event(
            200,
            "question.created",
            &at(100),
            &json!({"question": "q", "asker": "bo", "title": "SSH?", "tags": ["ssh"]}),
        ),
        event(
            201,
            "answer.created",
            &at(101),
            &json!({"answer": "a", "question": "q", "author": "pia"}),
        ),
    ]);
    server
}

#[test]
fn what_is_concluded_is_handed_out_with_what_it_came_from() {
    let server = with_an_answer();
    let pia = server.key("pia", &["member"], Some("pia"));
    let export = server.get_as(&pia, "/v1/me/export").json();
    let page = server.get_as(&pia, "/v1/me/skills").json();
    let held = &export["skills"];
    assert_eq!(
        (&held["items"], &held["projects"]),
        (&page["skills"], &page["projects"])
    );
    assert_eq!(held["inference"], true);
    let of = |name: &str| {
        let mut skills = held["items"].as_array().unwrap().iter();
        skills.find(|skill| skill["skill"] == name).unwrap()
    };
    let ssh = of("ssh");
    assert_eq!(
        (&ssh["origins"], &ssh["audience"]),
        (&json!(["inferred"]), &json!("me"))
    );
    assert_eq!(ssh["inferred"]["reasons"][0]["facts"][0]["id"], "a", "{ssh}");
    assert_eq!(of("tls")["statements"][0]["by"]["person"], "bo");
    // While she refuses it, nothing is concluded, and so nothing is held.
    let refuse = json!({"purpose": "inference", "allowed": false}).to_string();
    let refused = server.send("PUT", "/v1/me/preferences", &[&bearer(&pia)], refuse.as_bytes());
    assert_eq!(refused.status, 200);
    let held = &server.get_as(&pia, "/v1/me/export").json()["skills"];
    assert_eq!(held["inference"], false);
    assert!(!held.to_string().contains("inferred"), "{held}");
}

#[test]
fn what_was_proposed_is_handed_out_with_what_became_of_it() {
    let server = with_an_answer();
    let pia = server.key("pia", &["member"], Some("pia"));
    let export = server.get_as(&pia, "/v1/me/export").json();
    let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let invitations = export["invitations"].as_array().unwrap();
    let became: Vec<_> = invitations
        .iter()
        .map(|one| (word(one, "ask"), word(one, "outcome")))
        .collect();
    let wanted = [("one", "answered"), ("two", "declined"), ("three", "referred")];
    assert_eq!(
        became,
        wanted.map(|(ask, outcome)| (ask.to_owned(), outcome.to_owned()))
    );
    assert_eq!(
        (&invitations[1]["reason"], &invitations[2]["to"]),
        (&json!("overloaded"), &json!("bo"))
    );
    let proposals = export["proposals"].as_array().unwrap();
    let answers: Vec<_> = proposals
        .iter()
        .map(|one| (&one["proposal"], &one["accepted"]))
        .collect();
    assert_eq!(
        answers,
        [(&json!("first"), &json!(true)), (&json!("second"), &json!(false))]
    );
    let load = &export["load"];
    assert_eq!(load["asks_per_week"], 4);
    assert_eq!(load["communities"].as_object().unwrap().len(), 1);
    assert!(
        load["band"].is_string() && load["weeks"].as_object().unwrap().len() == 8,
        "{load}"
    );
    let place = &export["derived"]["communities"][0];
    assert!(
        place["community"] == "security" && place["circle"].is_string(),
        "{place}"
    );
}
