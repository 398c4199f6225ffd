//! The demo company shows every finding, each with a way of animating, and none with a person's name.

use crate::company::{NOW, demo};
use antenne::app::{CardRequest, Clock, Finding, Manner, Reader, Service, Settings, Sources, ToldFinding, Tongue};
use antenne::domain::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// The demo company, served from `folder`.
fn served(folder: &std::path::Path) -> Service {
    let settings = Settings {
        folder: folder.join("data"),
        create: true,
        new_data_id: [7; 16],
        weights: None,
        sources: Sources::default(),
        manner: Manner::Vous,
        recommendations_bytes: antenne::app::RECOMMENDATIONS_BYTES,
    };
    let service = Service::open(settings, Arc::new(Still)).expect("a service");
    let lines: Vec<String> = demo().iter().map(ToString::to_string).collect();
    let mut numbered = (1..).zip(lines.iter().map(|line| Ok(line.as_bytes())));
    let taken = service.submit(&mut numbered, None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let report = runtime.block_on(taken).expect("everything is taken");
    assert_eq!(report.accepted, lines.len() as u64);
    service
}

fn communities() -> BTreeSet<String> {
    let events = demo();
    let described = events.iter().filter(|event| event["type"] == "community.upserted");
    described
        .map(|event| event["data"]["community"].as_str().expect("a community").to_owned())
        .collect()
}

fn as_animator(community: &str, tongue: Tongue) -> CardRequest {
    CardRequest {
        tongue,
        viewer: Some(Reader {
            person: None,
            communities: vec![community.to_owned()],
            animates: true,
        }),
    }
}

#[test]
fn the_demo_shows_every_finding_with_a_way_and_no_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = served(folder.path());
    let events = demo();
    let people = events.iter().filter(|event| event["type"] == "person.upserted");
    let names: BTreeSet<&str> = people.filter_map(|event| event["data"]["name"].as_str()).collect();
    assert!(names.len() > 150, "{}", names.len());
    let mut shown: BTreeMap<Finding, Vec<String>> = BTreeMap::new();
    for tongue in [Tongue::French, Tongue::English] {
        let mut told: Vec<(String, ToldFinding)> = Vec::new();
        for community in communities() {
            let card = service
                .community_card(&community, &as_animator(&community, tongue))
                .expect("a community");
            told.extend(
                card.shows
                    .health
                    .findings
                    .into_iter()
                    .map(|finding| (community.clone(), finding)),
            );
        }
        let network = service.network_health(&CardRequest { tongue, viewer: None }).shows;
        told.extend(
            network
                .findings
                .into_iter()
                .map(|finding| ("the network".to_owned(), finding)),
        );
        for (place, finding) in told {
            assert!(!finding.ways.is_empty(), "{place}: {}", finding.text);
            let named = names.iter().find(|name| finding.text.contains(**name));
            assert_eq!(named, None, "{place}: {}", finding.text);
            shown
                .entry(finding.finding)
                .or_default()
                .push(format!("{place}: {}", finding.text));
        }
    }
    let missing: Vec<_> = Finding::ALL
        .iter()
        .filter(|finding| !shown.contains_key(finding))
        .collect();
    assert!(
        missing.is_empty(),
        "the demo does not show {missing:?}; it shows {shown:#?}"
    );
}

#[test]
fn every_digest_of_the_demo_is_free_of_absences_and_of_names_outside_its_thanks() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = served(folder.path());
    let mut thanked = 0;
    for community in communities() {
        for (tongue, away) in [(Tongue::French, "disponible"), (Tongue::English, "available")] {
            let request = as_animator(&community, tongue);
            let text = service
                .digest(&community, None, false, &request)
                .expect("a digest")
                .shows
                .text;
            assert!(!text.contains(away), "{text}");
            let thanks = service.thanks(&community, &request).expect("thanks").shows.items;
            thanked += thanks.len();
            for worth in &thanks {
                let name = worth.author.name.as_deref().expect("a name");
                assert!(text.contains(name), "{name} is not in {text}");
            }
            assert!(
                !text.contains("Didier Poncetin"),
                "he does not want to be thanked: {text}"
            );
        }
    }
    assert!(thanked > 20, "{thanked} answers were worth thanking");
    let sheet = service.digest(
        "com/chantiers",
        Some("perrine.vautherot"),
        false,
        &as_animator("com/chantiers", Tongue::French),
    );
    let sheet = sheet.expect("a sheet").shows.text;
    assert!(
        sheet.starts_with("Reprendre ") && sheet.contains("Perrine Vautherot"),
        "{sheet}"
    );
    assert!(
        sheet.contains("La marche de transmission") && sheet.contains("Les fils ouverts"),
        "{sheet}"
    );
    let never = service.digest(
        "com/chantiers",
        Some("amina.ouazzanine"),
        false,
        &as_animator("com/chantiers", Tongue::French),
    );
    assert!(never.is_err(), "she never animated it");
}
