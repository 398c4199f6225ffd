//! Both protocols worked out by hand.

use super::*;

/// A file whose lines are written as `day kind person community role`, or `day profile person`.
pub(super) fn history(lines: &[&str]) -> History {
    let mut history = History::default();
    for (line, number) in lines.iter().zip(1..) {
        let words: Vec<&str> = line.split(' ').collect();
        let at = format!("{}T00:00:00Z", words[0]);
        let (kind, data) = match words[1..] {
            ["profile", person] => ("person.upserted", format!(r#""person":"{person}","title":"T""#)),
            [kind, person, community, role] => {
                let unknown = if kind == "seen" { r#","since_unknown":true"# } else { "" };
                let kind = if kind == "leaves" {
                    "membership.removed"
                } else {
                    "membership.added"
                };
                let data = format!(r#""person":"{person}","community":"{community}","role":"{role}"{unknown}"#);
                (kind, data)
            }
            _ => panic!("{line}"),
        };
        let text = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{at}","data":{{{data}}}}}"#);
        history.push(number, text.as_bytes(), Timestamp::from_micros(0));
    }
    assert_eq!(history.rejected(), []);
    history
}

/// Ten communities with one member each, seen on the first day.
fn ten(more: &[&str]) -> History {
    let seen: Vec<String> = (0..10).map(|n| format!("2024-01-01 seen old{n} c{n} member")).collect();
    let lines: Vec<&str> = seen.iter().map(String::as_str).chain(more.iter().copied()).collect();
    history(&lines)
}

fn communities(history: &History, max_batch: usize) -> DaysProtocol {
    let rule = CommunitiesRule {
        from: "2024-01-01".into(),
        min_members: 1,
        max_batch,
    };
    DaysProtocol::communities(history, &rule)
}

fn names(protocol: &DaysProtocol) -> Vec<String> {
    protocol.queries().iter().map(|query| query.name().join("|")).collect()
}

#[test]
fn a_first_join_is_a_query_and_nothing_else_is() {
    let history = ten(&[
        "2024-01-02 joins p c3 member",
        "2024-01-02 joins p c1 animator",
        "2024-01-03 leaves p c3 member",
        "2024-01-04 joins p c3 member",
        "2024-01-05 seen q c4 member",
        r#"2024-01-06 joins é\" new member"#,
        r#"2024-01-06 joins é\" c9 member"#,
    ]);
    let protocol = communities(&history, 10);
    let lines: Vec<String> = protocol.queries_jsonl().collect();
    // Coming back is no first join, what was only seen is none either, and a community without members is no candidate.
    let expected = [
        r#"{"query": "p|2024-01-02", "at": "2024-01-02", "part": "fit", "candidates": ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"], "gold": ["c1", "c3"], "warm": false}"#,
        r#"{"query": "é\"|2024-01-06", "at": "2024-01-06", "part": "test", "candidates": ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"], "gold": ["c9"], "warm": false}"#,
    ];
    assert_eq!(lines, expected);
    let first = &protocol.queries()[0];
    assert_eq!((first.at(), first.part()), (Day::from_days(19_724).start(), Part::Fit));
}

#[test]
fn whoever_belongs_already_is_warm_and_must_have_ten_to_choose_from() {
    let eleven = |more: &[&str]| {
        let mut lines = vec!["2024-01-01 seen x c10 member"];
        lines.extend(more);
        ten(&lines)
    };
    let history = eleven(&["2024-01-02 seen p c0 member", "2024-01-03 joins p c5 animator"]);
    let protocol = communities(&history, 10);
    let warm = &protocol.queries()[0];
    assert_eq!((warm.warm(), warm.candidate_count()), (Some(true), 10));
    assert!(!warm.is_candidate(protocol.subjects.iter().position(|id| **id == *"c0").unwrap() as u32));
    let twice = eleven(&[
        "2024-01-02 seen p c0 member",
        "2024-01-02 seen p c1 member",
        "2024-01-03 joins p c5 member",
    ]);
    assert_eq!(
        names(&communities(&twice, 10)),
        Vec::<String>::new(),
        "nine are too few"
    );
}

#[test]
fn who_comes_in_a_batch_chose_nothing() {
    let history = ten(&[
        "2024-01-02 joins a c3 member",
        "2024-01-02 joins b c3 member",
        "2024-01-02 seen c c3 member",
        "2024-01-02 joins c c4 member",
    ]);
    assert_eq!(
        names(&communities(&history, 4)),
        ["a|2024-01-02", "b|2024-01-02", "c|2024-01-02"]
    );
    assert_eq!(
        names(&communities(&history, 3)),
        ["c|2024-01-02"],
        "whoever was only seen counts"
    );
    assert_eq!(names(&communities(&history, 0)).len(), 3, "0 takes all");
}

#[test]
fn of_the_day_only_the_persons_own_profile_is_seen() {
    let history = ten(&[
        "2024-01-01 profile p",
        "2024-01-02 profile q",
        "2024-01-02 profile p",
        "2024-01-02 joins p c3 member",
        "2024-01-03 profile p",
    ]);
    let protocol = communities(&history, 10);
    let days: Vec<Day> = protocol.queries()[0]
        .besides()
        .iter()
        .map(|fact| fact.at.day())
        .collect();
    assert_eq!(
        days,
        [Day::from_days(19_724)],
        "yesterday's is seen anyway, tomorrow's never"
    );
    assert!(
        protocol.queries()[0]
            .besides()
            .iter()
            .all(|fact| matches!(&fact.body, FactBody::PersonUpserted { person, .. } if person.as_str() == "p"))
    );
}

#[test]
fn somebody_of_whom_nothing_was_said_is_there_all_the_same() {
    let protocol = communities(&ten(&["2024-01-02 joins p c3 member", "2024-01-03 profile p"]), 10);
    let [fact] = protocol.queries()[0].besides() else {
        panic!("an empty profile")
    };
    assert!(
        matches!(&fact.body, FactBody::PersonUpserted { person, patch } if person.as_str() == "p" && **patch == crate::domain::PersonPatch::default())
    );
    let known = communities(
        &ten(&["2024-01-02 seen p new member", "2024-01-03 joins p c3 member"]),
        10,
    );
    assert_eq!(
        known.queries()[0].besides(),
        [],
        "their membership says that they are there"
    );
}

fn co_animators(history: &History, pool: Pool) -> Vec<String> {
    let rule = CoAnimatorsRule {
        from: "2024-01-03".into(),
        max_batch: 2,
        pool,
    };
    DaysProtocol::co_animators(history, &rule).queries_jsonl().collect()
}

#[test]
fn a_first_animator_beside_another_is_a_query() {
    let history = history(&[
        "2024-01-01 seen a club animator",
        "2024-01-01 seen b club member",
        "2024-01-01 seen c club member",
        "2024-01-01 seen d other member",
        "2024-01-02 joins e club animator",
        "2024-01-03 joins b club animator",
        "2024-01-04 joins d other animator",
        "2024-01-05 leaves b club animator",
        "2024-01-06 joins b club animator",
        "2024-01-07 joins d club animator",
        "2024-01-08 joins x late animator",
        "2024-01-09 joins y late animator",
    ]);
    // Before the first day; without an animator to join; animator again; nobody but two candidates: none of these.
    let everyone = [
        r#"{"query": "club|2024-01-03", "at": "2024-01-03", "part": "fit", "candidates": ["b", "c", "d"], "gold": ["b"]}"#,
        r#"{"query": "club|2024-01-07", "at": "2024-01-07", "part": "test", "candidates": ["c", "d"], "gold": ["d"]}"#,
    ];
    assert_eq!(co_animators(&history, Pool::Everyone), everyone);
    let members = [
        r#"{"query": "club|2024-01-03", "at": "2024-01-03", "part": "test", "candidates": ["b", "c"], "gold": ["b"]}"#,
    ];
    assert_eq!(co_animators(&history, Pool::Members), members);
}

#[test]
fn the_test_begins_with_a_day() {
    let mut lines = Vec::new();
    for (day, people) in [(2, 1), (3, 2), (4, 5)] {
        for n in 0..people {
            lines.push(format!("2024-01-{day:02} joins p{day}{n} c{n} member"));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let protocol = communities(&ten(&lines), 10);
    // Of eight, the cut lies at six, amid the last day: it moves back to where that day begins.
    let parts: Vec<Part> = protocol.queries().iter().map(PastQuery::part).collect();
    assert_eq!(parts.iter().filter(|&&part| part == Part::Fit).count(), 3);
    assert_eq!(protocol.part(Part::Test).len(), 5);
}

#[test]
fn a_day_written_elsewhere_on_earth_shows_nothing_of_itself() {
    let mut history = ten(&[]);
    let line = r#"{"id":"x","source":"s","type":"membership.added","at":"2024-01-05T00:30:00+02:00","data":{"person":"p","community":"c3","role":"member"}}"#;
    history.push(99, line.as_bytes(), Timestamp::from_micros(0));
    let protocol = communities(&history, 10);
    assert_eq!(
        names(&protocol),
        ["p|2024-01-05"],
        "the day is the one that was written"
    );
    let joined = history.facts().last().expect("a fact").at;
    assert_eq!(protocol.queries()[0].at(), joined, "the join itself is not yet known");
}

#[test]
fn many_queries_are_thinned_evenly_to_what_can_be_held() {
    let lines: Vec<String> = (1..=20)
        .map(|day| format!("2024-02-{day:02} joins p{day:02} c0 member"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let history = ten(&lines);
    let rule = CommunitiesRule {
        from: "2024-01-01".into(),
        min_members: 1,
        max_batch: 10,
    };
    let held = |most: usize| {
        names(&thinned(most, |keep| {
            DaysProtocol::of_communities(&history, &rule, keep)
        }))
    };
    let all = names(&communities(&history, 10));
    // Ten candidates each.
    assert_eq!((all.len(), held(200)), (20, all.clone()));
    assert_eq!(
        held(50),
        [
            "p04|2024-02-04",
            "p08|2024-02-08",
            "p12|2024-02-12",
            "p16|2024-02-16",
            "p20|2024-02-20"
        ]
    );
    assert_eq!(held(9), Vec::<String>::new());
    assert_eq!(names(&DaysProtocol::communities_to_learn(&history, &rule)), all);
}
