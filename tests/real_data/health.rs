//! The figures of community health, worked out a second time from the raw lines of a real place, without our World.
//!
//! Nothing of the library is used to work them out (`raw`). What the service says must agree exactly, for every community, at
//! many instants of its life: circles, questions and their months, succession with its bridges, newcomers and those who wait,
//! answers worth thanking, and findings with their figures.

use super::raw::{DAY, Raw, micros, months};
use antenne::app::{CardRequest, Clock, CommunityHealth, Finding, Reader, Service, Settings, Sources, ToldFinding};
use antenne::domain::Timestamp;
use antenne::recommend::Param;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::sync::Arc;

struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// What the service tells of a community.
struct Told {
    health: CommunityHealth,
    /// People who are new.
    newcomers: usize,
    /// Answers worth thanking.
    thanks: Vec<String>,
}

/// The service with the lines until `as_of`, and its answer about every community.
fn told(lines: &[(Value, Vec<u8>)], as_of: i64, communities: &BTreeSet<String>) -> BTreeMap<String, Told> {
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
        let thanks = service.thanks(community, &request).expect("its animators read it");
        let newcomers = service.newcomers(community, 1, None, &request).expect("so is this");
        let told = Told {
            health: card.shows.health,
            newcomers: newcomers.shows.people,
            thanks: thanks.shows.items.iter().map(|item| item.answer.to_string()).collect(),
        };
        (community.clone(), told)
    };
    communities.iter().map(card).collect()
}

/// A finding as the second reckoning writes it: its code, and its figures in order.
fn written(told: &ToldFinding) -> String {
    let figures = told.params.iter().filter_map(|(_, param)| match param {
        Param::Count(count) => Some(count.to_string()),
        Param::Text(text) => Some(text.clone()),
        Param::List(_) => None,
    });
    let words: Vec<String> = std::iter::once(told.finding.code().to_owned()).chain(figures).collect();
    words.join(" ")
}

/// What was compared, so that nothing is compared in vain.
#[derive(Debug, Default)]
struct Seen {
    months: usize,
    core: usize,
    asked: usize,
    bridges: usize,
    newcomers: usize,
    waiting: usize,
    thanks: usize,
    findings: BTreeMap<String, usize>,
}

impl Seen {
    /// What is told of `community` beside its months agrees with the raw lines.
    fn compare(&mut self, told: &Told, raw: &Raw, community: &str, at: i64) {
        let place = format!("{community} at {at}");
        let health = &told.health;
        assert_eq!(health.succession.bridges, raw.bridges(community, at), "{place}");
        let (new, waiting, _) = raw.welcome(community, at);
        assert_eq!((health.newcomers, health.newcomers_waiting), (new, waiting), "{place}");
        assert_eq!(told.newcomers, new, "{place}");
        assert_eq!(told.thanks, raw.thanks(community, at), "{place}");
        let (themes, others): (Vec<_>, Vec<_>) = health
            .findings
            .iter()
            .partition(|told| told.finding == Finding::AskedAgain);
        let others: Vec<String> = others.into_iter().map(written).collect();
        assert_eq!(others, raw.findings(community, at), "{place}");
        // What is close in words is not reckoned again, but only what nobody answered can be a theme here.
        for theme in themes {
            let Some((_, Param::Count(count))) = theme.params.first() else {
                panic!("{theme:?}")
            };
            assert!(
                (4..=raw.unanswered_in_a_year(community, at)).contains(count),
                "{place}: {theme:?}"
            );
        }
        self.bridges += health.succession.bridges;
        self.newcomers += new;
        self.waiting += waiting;
        self.thanks += told.thanks.len();
        for finding in &health.findings {
            *self.findings.entry(finding.finding.code().to_owned()).or_default() += 1;
        }
    }
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
    let mut seen = Seen::default();
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
        for (community, told) in told(&lines, at, &raw.communities) {
            let place = format!("{community} as of {as_of}");
            seen.compare(&told, &raw, &community, at);
            let health = told.health;
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
                seen.months += 1;
                seen.core += month.circles.core;
                seen.asked += month.questions.asked;
            }
        }
    }
    assert!(
        newest < micros("2025-12-31T00:00:00Z"),
        "the last reckoning knows everything"
    );
    assert!(seen.months > 1_500 && seen.core > 30 && seen.asked > 500, "{seen:?}");
    assert!(
        seen.bridges > 20 && seen.newcomers > 100 && seen.waiting > 5 && seen.thanks > 20,
        "{seen:?}"
    );
    for finding in ["no_animator", "newcomers_waiting", "answers_from_few", "quiet"] {
        assert!(
            seen.findings.get(finding).is_some_and(|&count| count > 1),
            "{finding}: {seen:?}"
        );
    }
    println!("no figure differs: {seen:?}");
}
