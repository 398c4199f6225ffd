//! The figures of community health, worked out a second time from the raw lines of a real place, without our World.
//!
//! Nothing of the library is used to work them out: lines are JSON, instants are microseconds, months are read off the
//! calendar's own notation. What the service says must agree exactly, for every community, at many instants of its life.

use antenne::app::{CardRequest, CircleCounts, Clock, CommunityHealth, Fares, Reader, Service, Settings, Sources};
use antenne::domain::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::sync::Arc;

const DAY: i64 = 86_400_000_000;

/// What the raw lines say, as of one instant.
#[derive(Default)]
struct Raw {
    communities: BTreeSet<String>,
    /// Community and person, with the first instant at which the person belonged.
    members: BTreeMap<(String, String), i64>,
    questions: BTreeMap<String, Asked>,
    /// Question, instant, answer, author.
    answers: BTreeSet<(String, i64, String, String)>,
}

struct Asked {
    at: i64,
    asker: String,
    community: Option<String>,
}

fn micros(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

impl Raw {
    fn of(events: &[Value], until: i64) -> Self {
        let mut raw = Self::default();
        for event in events {
            let at = micros(event["at"].as_str().expect("an instant"));
            if at > until {
                continue;
            }
            let data = &event["data"];
            let text = |key: &str| data[key].as_str().map(str::to_owned);
            let word = |key: &str| text(key).unwrap_or_else(|| panic!("{key}: {event}"));
            match event["type"].as_str().expect("a type") {
                "community.upserted" => _ = raw.communities.insert(word("community")),
                "person.upserted" => {}
                "membership.added" => {
                    let since = raw.members.entry((word("community"), word("person"))).or_insert(at);
                    *since = at.min(*since);
                }
                "question.created" => {
                    let (asker, community) = (word("asker"), text("community"));
                    let before = raw.questions.insert(word("question"), Asked { at, asker, community });
                    assert!(before.is_none(), "asked twice: {event}");
                }
                "answer.created" => {
                    _ = raw
                        .answers
                        .insert((word("question"), at, word("answer"), word("author")));
                }
                other => panic!("{other} would need to be counted here too"),
            }
        }
        raw
    }

    /// Everything given to `community`: who, and when.
    fn gifts(&self, community: &str) -> BTreeMap<&str, Vec<i64>> {
        let mut gifts: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (id, asked) in self
            .questions
            .iter()
            .filter(|(_, asked)| asked.community.as_deref() == Some(community))
        {
            gifts.entry(&asked.asker).or_default().push(asked.at);
            for (_, at, _, author) in self.answers_to(id) {
                gifts.entry(author).or_default().push(*at);
            }
        }
        gifts
    }

    fn answers_to<'a>(&'a self, question: &'a str) -> impl Iterator<Item = &'a (String, i64, String, String)> {
        self.answers.iter().filter(move |(of, ..)| of == question)
    }

    fn circles(&self, community: &str, at: i64) -> CircleCounts {
        let gifts = self.gifts(community);
        let members = self
            .members
            .iter()
            .filter(|((of, _), since)| of == community && **since <= at);
        let mut people: BTreeSet<&str> = members.map(|((_, person), _)| person.as_str()).collect();
        people.extend(gifts.keys());
        let mut counts = CircleCounts::default();
        for person in people {
            let given = gifts.get(person).map_or(&[][..], Vec::as_slice);
            let within = |days: i64| given.iter().filter(move |&&gift| at - days * DAY < gift && gift <= at);
            let weeks: BTreeSet<i64> = within(90)
                .map(|gift| (gift.div_euclid(DAY) + 3).div_euclid(7))
                .collect();
            let belongs = self
                .members
                .get(&(community.to_owned(), person.to_owned()))
                .is_some_and(|since| *since <= at);
            match (within(90).count(), weeks.len(), within(365).count()) {
                (8.., 3.., _) => counts.core += 1,
                (3.., ..) => counts.active += 1,
                (_, _, 1..) => counts.occasional += 1,
                _ if belongs => counts.silent += 1,
                _ => {}
            }
        }
        counts
    }

    /// How the questions asked at `from` or later and before `to` fared, as far as they were asked by `ripe`.
    fn fares(&self, community: &str, from: i64, to: i64, ripe: i64) -> Fares {
        let mut fares = Fares::default();
        let (mut waits, mut first_answerers) = (Vec::new(), BTreeSet::new());
        for (id, asked) in self
            .questions
            .iter()
            .filter(|(_, asked)| asked.community.as_deref() == Some(community))
        {
            if asked.at < from || asked.at >= to || asked.at > ripe {
                continue;
            }
            fares.asked += 1;
            let others = self.answers_to(id).filter(|(.., author)| *author != asked.asker);
            let first = others.min_by_key(|(_, at, answer, _)| (*at, answer.clone()));
            let wait = first.map(|(_, at, ..)| (at - asked.at).max(0) / 60_000_000);
            fares.unanswered += usize::from(wait.is_none_or(|minutes| minutes > 7 * 1440));
            waits.extend(wait);
            first_answerers.extend(first.map(|(.., author)| author.clone()));
        }
        waits.sort_unstable();
        fares.first_answerers = first_answerers.len();
        fares.median_minutes = waits.get(waits.len() / 2).map(|minutes| *minutes as u64);
        fares
    }

    /// Answers of the year, people who gave them, and the smallest number of these who gave half.
    fn succession(&self, community: &str, at: i64) -> (usize, usize, usize) {
        let mut given: BTreeMap<&str, usize> = BTreeMap::new();
        for (question, when, _, author) in &self.answers {
            let asked = self
                .questions
                .get(question)
                .filter(|asked| asked.community.as_deref() == Some(community));
            if asked.is_some_and(|asked| asked.asker != *author) && at - 365 * DAY < *when && *when <= at {
                *given.entry(author).or_default() += 1;
            }
        }
        let mut counts: Vec<usize> = given.into_values().collect();
        counts.sort_unstable();
        counts.reverse();
        let all: usize = counts.iter().sum();
        let half = (0..=counts.len()).find(|&n| 2 * counts[..n].iter().sum::<usize>() >= all);
        (all, counts.len(), half.expect("all of them give all"))
    }
}

/// The months before `as_of`, the first of which is twelve months back: their names and first instants, and the instant at
/// which the last one ends.
fn months(as_of: &str) -> Vec<(String, i64)> {
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let (year, month) = (number(&as_of[..4]), number(&as_of[5..7]));
    let named = (0..=12).map(|ago| {
        let count = year * 12 + month - 1 - (12 - ago);
        format!("{:04}-{:02}-01", count.div_euclid(12), count.rem_euclid(12) + 1)
    });
    named
        .map(|day| (day.clone(), micros(&format!("{day}T00:00:00Z"))))
        .collect()
}

struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// The service with the lines until `as_of`, and its answer about every community.
fn told(lines: &[(Value, Vec<u8>)], as_of: i64, communities: &BTreeSet<String>) -> BTreeMap<String, CommunityHealth> {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        folder: folder.path().join("data"),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources: Sources::default(),
        manner: antenne::app::Manner::Vous,
        recommendations_bytes: antenne::app::RECOMMENDATIONS_BYTES,
    };
    let service = Service::open(settings, Arc::new(Still(Timestamp::from_micros(as_of)))).expect("a service");
    let past = lines
        .iter()
        .filter(|(event, _)| micros(event["at"].as_str().expect("an instant")) <= as_of);
    let past: Vec<&[u8]> = past.map(|(_, line)| line.as_slice()).collect();
    let mut numbered = (1..).zip(past.iter().map(|line| Ok(*line)));
    let taken = service.submit(&mut numbered, None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let report = runtime.block_on(taken).expect("everything is taken");
    assert_eq!((report.accepted, report.rejected.len()), (past.len() as u64, 0));
    let card = |community: &String| {
        let request = CardRequest {
            viewer: Some(Reader {
                communities: vec![community.clone()],
                animates: true,
                ..Reader::default()
            }),
            ..CardRequest::default()
        };
        let card = service.community_card(community, &request).expect("a community");
        assert_eq!(card.as_of.micros(), as_of);
        (community.clone(), card.shows.health)
    };
    communities.iter().map(card).collect()
}

#[test]
#[ignore = "long: needs ../shared/data"]
#[expect(clippy::too_many_lines, reason = "a table of what is told")]
fn circles_and_health_figures_agree_with_a_second_reckoning_from_the_raw_lines() {
    let Some(file) = super::real("ncar-zulip") else { return };
    let unpacked = BufReader::new(flate2::read::MultiGzDecoder::new(
        std::fs::File::open(file).expect("the file"),
    ));
    let lines = unpacked
        .split(b'\n')
        .map(|line| line.expect("a line"))
        .filter(|line| !line.is_empty());
    let lines: Vec<(Value, Vec<u8>)> = lines
        .map(|line| (serde_json::from_slice(&line).expect("JSON"), line))
        .collect();
    let events: Vec<Value> = lines.iter().map(|(event, _)| event.clone()).collect();
    let newest = events
        .iter()
        .map(|event| micros(event["at"].as_str().expect("an instant")))
        .max()
        .expect("events");
    let (mut compared, mut core, mut asked) = (0, 0, 0);
    for as_of in [
        "2020-06-17",
        "2021-01-01",
        "2021-09-30",
        "2022-03-08",
        "2023-02-28",
        "2024-07-01",
        "2025-12-31",
    ] {
        let at = micros(&format!("{as_of}T00:00:00Z"));
        let raw = Raw::of(&events, at);
        let months = months(as_of);
        for (community, health) in told(&lines, at, &raw.communities) {
            let place = format!("{community} as of {as_of}");
            assert_eq!(health.circles, raw.circles(&community, at), "{place}");
            let ripe = at - 7 * DAY;
            assert_eq!(
                health.questions,
                raw.fares(&community, ripe - 90 * DAY + 1, i64::MAX, ripe),
                "{place}"
            );
            let told = &health.succession;
            assert_eq!(
                (told.answers, told.people, told.half_from),
                raw.succession(&community, at),
                "{place}"
            );
            assert_eq!(health.months.len(), 12, "{place}");
            for (month, bounds) in health.months.iter().zip(months.windows(2)) {
                let (name, from, to) = (&bounds[0].0, bounds[0].1, bounds[1].1);
                assert_eq!(month.month.start().micros(), from, "{place}, {name}");
                assert_eq!(month.circles, raw.circles(&community, to - 1), "{place}, {name}");
                assert_eq!(
                    month.questions,
                    raw.fares(&community, from, to, ripe),
                    "{place}, {name}"
                );
                (compared, core, asked) = (compared + 1, core + month.circles.core, asked + month.questions.asked);
            }
        }
    }
    assert!(
        newest < micros("2025-12-31T00:00:00Z"),
        "the last reckoning knows everything"
    );
    assert!(
        compared > 1_500 && core > 30 && asked > 500,
        "{compared} months, {core} at the core, {asked} questions"
    );
    println!("{compared} months of communities, {asked} questions: no figure differs");
}
