//! A small invented site, read whole and in pieces.

use super::*;
use crate::domain::{FactBody, Timestamp};
use crate::ingest::{Decoded, FutureRule, decode};
use proptest::prelude::*;
use std::collections::BTreeMap;

const USERS: &str = r#"<users>
  <row Id="-1" CreationDate="2020-01-01T00:00:00.000" DisplayName="Community" />
  <row Id="1" CreationDate="2020-01-02T08:00:00.000" DisplayName="Ana &amp; Bo" LastAccessDate="2021-01-01T00:00:00.000" />
  <row Id="2" CreationDate="2020-01-03T08:00:00.000" DisplayName="" />
  <row Id="3" CreationDate="2020-13-03T08:00:00.000" DisplayName="Cy" />
</users>"#;
const BADGES: &str = r#"<badges>
  <row Id="1" UserId="1" Name="Teacher" Date="2020-02-01T00:00:00.000" Class="3" TagBased="False" />
  <row Id="2" UserId="2" Name="c#" Date="2020-02-03T00:00:00.000" Class="2" TagBased="True" />
  <row Id="3" UserId="1" Name="c#" Date="2020-02-02T00:00:00.000" Class="3" TagBased="True" />
</badges>"#;
const TAGS: &str = r#"<tags><row Id="1" TagName="c#" Count="1" /><row Id="2" TagName="sql" Count="9" /></tags>"#;
const POSTS: &str = r#"<posts>
  <row Id="10" PostTypeId="1" AcceptedAnswerId="11" CreationDate="2020-03-01T10:00:00.500" Score="99" Title="Why?" Body="&lt;p&gt;So&lt;/p&gt;" Tags="&lt;c#&gt;&lt;sql&gt;" OwnerUserId="1" LastEditDate="2020-03-05T00:00:00.000" ClosedDate="2020-03-09T00:00:00.000" />
  <row Id="11" PostTypeId="2" ParentId="10" CreationDate="2020-03-01T11:00:00.000" Score="99" Body="Because" OwnerUserId="2" />
  <row Id="12" PostTypeId="2" ParentId="10" CreationDate="2020-03-02T11:00:00.000" Body="Perhaps" />
  <row Id="13" PostTypeId="2" ParentId="10" CreationDate="2020-03-02T12:00:00.000" Body="No" OwnerUserId="77" />
  <row Id="14" PostTypeId="2" ParentId="10" CreationDate="2020-03-02T13:00:00.000" Body="Yes" OwnerUserId="77" />
  <row Id="15" PostTypeId="1" AcceptedAnswerId="14" CreationDate="2020-03-03T10:00:00.000" Title="How?" Tags="|sql|" OwnerUserId="-1" />
  <row Id="16" PostTypeId="5" CreationDate="2020-03-03T10:00:00.000" />
  <row Id="17" PostTypeId="1" CreationDate="2020-03-03T10:00:00.000" DeletionDate="2020-03-04T10:00:00.000" Title="Gone" />
  <row Id="18" PostTypeId="1" CreationDate="2020-03-03T10:00:00.000" OwnerUserId="1" />
</posts>"#;
const VOTES: &str = r#"<votes>
  <row Id="1" PostId="11" VoteTypeId="2" CreationDate="2020-03-01T00:00:00.000" />
  <row Id="2" PostId="11" VoteTypeId="2" CreationDate="2020-03-03T00:00:00.000" />
  <row Id="3" PostId="11" VoteTypeId="3" CreationDate="2020-03-03T00:00:00.000" />
  <row Id="4" PostId="11" VoteTypeId="3" CreationDate="2020-03-02T00:00:00.000" />
  <row Id="5" PostId="11" VoteTypeId="1" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="6" PostId="12" VoteTypeId="3" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="7" PostId="10" VoteTypeId="2" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="8" PostId="16" VoteTypeId="2" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="9" PostId="99" VoteTypeId="3" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="10" PostId="10" VoteTypeId="5" UserId="1" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="11" PostId="11" VoteTypeId="77" CreationDate="2020-03-04T00:00:00.000" />
  <row Id="12" PostId="eleven" VoteTypeId="2" CreationDate="2020-03-04T00:00:00.000" />
</votes>"#;

const FILES: [(DumpFile, &str); 5] = [
    (DumpFile::Users, USERS),
    (DumpFile::Badges, BADGES),
    (DumpFile::Tags, TAGS),
    (DumpFile::Posts, POSTS),
    (DumpFile::Votes, VOTES),
];

#[derive(Default)]
struct Read {
    events: Vec<(u64, Decoded)>,
    rejected: Vec<(DumpFile, u64, String)>,
    tallies: BTreeMap<DumpFile, Tally>,
    notes: Vec<String>,
}

fn read(files: &[(DumpFile, &str)]) -> Read {
    let mut read = Read::default();
    let mut translator = Translator::new("site");
    let now = Timestamp::from_micros(1_600_000_000_000_000);
    for (file, text) in files {
        let mut tally = Tally::default();
        let (events, rejected) = (&mut read.events, &mut read.rejected);
        let mut sink = |line, bytes: Result<&[u8], Rejection>| {
            match bytes {
                Ok(bytes) => events.push((line, decode(bytes, FutureRule::Accept { now }).expect("a good line"))),
                Err(why) => rejected.push((*file, line, why.to_string())),
            }
            true
        };
        let went_on = translator.translate(*file, text.as_bytes(), &mut tally, &mut sink);
        assert_eq!(went_on, Ok(true));
        read.tallies.insert(*file, tally);
    }
    read.notes = translator.notes();
    read
}

fn left_out(tally: &Tally) -> Vec<(&str, u64)> {
    tally.left_out().collect()
}

#[test]
fn every_row_is_used_left_out_or_rejected() {
    let read = read(&FILES);
    for (file, tally) in &read.tallies {
        let rows = FILES
            .iter()
            .find(|(name, _)| name == file)
            .unwrap()
            .1
            .matches("<row")
            .count() as u64;
        let left_out: u64 = tally.left_out().map(|(_, count)| count).sum();
        assert_eq!(
            (tally.rows, tally.used + left_out + tally.rejected),
            (rows, rows),
            "{file:?}"
        );
    }
    let votes = &read.tallies[&DumpFile::Votes];
    assert_eq!(
        left_out(votes),
        [
            ("bookmarks", 1),
            ("votes of another type", 1),
            ("votes on posts that are not imported", 1),
            ("votes on posts that the dump does not hold", 1),
            ("votes on questions: only answers have a sum of votes", 1),
        ]
    );
    assert_eq!(
        left_out(&read.tallies[&DumpFile::Posts]),
        [("deleted posts", 1), ("tag wikis", 1)]
    );
    let lines: Vec<_> = read.rejected.iter().map(|(file, line, _)| (*file, *line)).collect();
    assert_eq!(
        lines,
        [(DumpFile::Users, 5), (DumpFile::Posts, 10), (DumpFile::Votes, 13)]
    );
    assert!(read.rejected[0].2.starts_with("CreationDate: bad_timestamp"));
    assert!(read.rejected[1].2.starts_with("Title: missing"));
    assert_eq!(read.notes.len(), 2, "{:?}", read.notes);
}

#[test]
fn scores_are_running_sums_at_the_end_of_each_day() {
    let read = read(&FILES);
    let scores: Vec<_> = read
        .events
        .iter()
        .filter_map(|(line, event)| match &event.fact.body {
            FactBody::AnswerScored { answer, score } => {
                let at = jiff::Timestamp::from_microsecond(event.fact.at.micros())
                    .unwrap()
                    .to_string();
                Some((*line, answer.as_str().to_owned(), at, *score))
            }
            _ => None,
        })
        .collect();
    let expected = [
        (2, "site/11", "2020-03-01T23:59:59Z", 1),
        (5, "site/11", "2020-03-02T23:59:59Z", 0),
        (4, "site/11", "2020-03-03T23:59:59Z", 0),
        (7, "site/12", "2020-03-04T23:59:59Z", -1),
    ];
    let expected: Vec<_> = expected
        .map(|(line, answer, at, score)| (line, answer.to_owned(), at.to_owned(), score))
        .into();
    assert_eq!(scores, expected);
}

#[test]
fn who_is_gone_has_left_and_who_is_the_platform_is_nobody() {
    let read = read(&FILES);
    let left: Vec<_> = read
        .events
        .iter()
        .filter_map(|(_, event)| match &event.fact.body {
            FactBody::PersonLeft { person } => Some(person.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(left, ["site/author-of-12", "site/77", "site/author-of-15"]);
    let canonical: String = read
        .events
        .iter()
        .map(|(_, event)| String::from_utf8_lossy(&event.canonical).into_owned() + "\n")
        .collect();
    assert!(canonical.contains(r#""person":"site/1","name":"Ana & Bo","joined":"2020-01-02""#));
    assert!(
        !canonical.contains("site/-1") && !canonical.contains("2021-01-01"),
        "{canonical}"
    );
    assert!(canonical.contains(r#""skill":"c#","origin":"imported","level":0.75"#));
    assert!(canonical.contains(r#""type":"skill.upserted","at":"2020-02-02T00:00:00Z","data":{"skill":"c#""#));
    assert!(canonical.contains(r#""tags":["c#","sql"]"#) && canonical.contains(r#""tags":["sql"]"#));
    assert!(canonical.contains(r#""type":"question.closed","at":"2020-03-09T00:00:00Z""#));
    assert!(canonical.contains(r#""type":"answer.accepted","at":"2020-03-04T23:59:59Z""#));
}

#[test]
fn a_second_reading_gives_the_same_events_and_a_later_dump_gives_later_ones() {
    let keys = |read: &Read| -> BTreeMap<_, _> {
        let fact = |event: &Decoded| (event.fact.key.id.to_string(), event.fact.content);
        read.events.iter().map(|(_, event)| fact(event)).collect()
    };
    let (one, again) = (read(&FILES), read(&FILES));
    assert_eq!(keys(&one), keys(&again));
    assert_eq!(keys(&one).len(), one.events.len(), "each event has its own id");

    let edited = POSTS.replace("Why?", "Why so?").replace("2020-03-05", "2020-04-05");
    let voted = VOTES.replace(
        "</votes>",
        r#"<row Id="13" PostId="12" VoteTypeId="2" CreationDate="2020-03-04T00:00:00.000" /></votes>"#,
    );
    let mut files = FILES;
    files[3].1 = &edited;
    files[4].1 = &voted;
    let (old, new) = (keys(&one), keys(&read(&files)));
    for (id, content) in &new {
        assert!(
            old.get(id).is_none_or(|known| known == content),
            "{id} was used for something else"
        );
    }
    let fresh: Vec<_> = new.keys().filter(|id| !old.contains_key(*id)).collect();
    let [question, score] = fresh[..] else {
        panic!("{fresh:?}")
    };
    // At one instant the greater id wins.
    let before = |part: &str| old.keys().find(|id| id.starts_with(part)).unwrap();
    assert!(question > before("se-question-10-"));
    assert!(score > before("se-score-12-2020-03-04"));
}

#[test]
fn what_came_before_a_break_is_given_out_with_its_sums() {
    let mut translator = Translator::new("site");
    let (mut tally, mut kinds) = (Tally::default(), Vec::new());
    let mut sink = |_: u64, line: Result<&[u8], Rejection>| {
        let event: Value = serde_json::from_slice(line.expect("an event")).unwrap();
        kinds.push(event["type"].as_str().unwrap().to_owned());
        true
    };
    assert_eq!(
        translator
            .translate(
                DumpFile::Posts,
                POSTS.split("<row Id=\"15\"").next().unwrap().as_bytes(),
                &mut tally,
                &mut sink
            )
            .unwrap_err()
            .line,
        7
    );
    let cut = &VOTES[..VOTES.find("<row Id=\"3\"").unwrap() + 20];
    let why = translator
        .translate(DumpFile::Votes, cut.as_bytes(), &mut tally, &mut sink)
        .unwrap_err();
    assert!(why.line == 4 && why.detail.contains("not closed"), "{why}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "answer.scored").count(), 2);
    let mut stop = |_: u64, _: Result<&[u8], Rejection>| false;
    let stopped = Translator::new("s").translate(DumpFile::Users, USERS.as_bytes(), &mut tally, &mut stop);
    assert_eq!(stopped, Ok(false), "nobody takes more");
}

proptest! {
    /// Whatever single damage is done to a file: no panic, and never an event that the door would not read at all.
    #[test]
    fn damage_never_panics(which in 0..5_usize, at in 0..4_000_usize, with in any::<u8>(), cut in any::<bool>()) {
        let (file, text) = FILES[which];
        let mut bytes = text.as_bytes().to_vec();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = with }
        let mut sink = |_: u64, line: Result<&[u8], Rejection>| {
            assert!(line.is_err() || serde_json::from_slice::<Value>(line.unwrap()).is_ok());
            true
        };
        let _ = Translator::new("site").translate(file, &bytes[..], &mut Tally::default(), &mut sink);
    }
}
