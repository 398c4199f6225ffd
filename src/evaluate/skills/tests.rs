//! Small organisations whose links are hidden and found again.

use super::*;
use crate::domain::Timestamp;
use crate::world::World;
use std::collections::BTreeSet;

/// A file in which twelve people take part in projects: those of `web` know html and css, those of `data` sql and python.
fn organisation() -> History {
    let mut lines = Vec::new();
    let mut tell = |kind: &str, data: serde_json::Value| {
        let id = format!("e{}", lines.len());
        let event =
            serde_json::json!({"id": id, "source": "test", "type": kind, "at": "2026-01-01T00:00:00Z", "data": data});
        lines.push(event.to_string());
    };
    for (project, topics) in [("web", ["html", "css", "js"]), ("data", ["sql", "python", "stats"])] {
        tell(
            "project.upserted",
            serde_json::json!({"project": project, "topics": topics}),
        );
    }
    for n in 0..40 {
        let project = if n % 2 == 0 { "web" } else { "data" };
        tell("person.upserted", serde_json::json!({"person": format!("p{n}")}));
        tell(
            "participation.started",
            serde_json::json!({"person": format!("p{n}"), "project": project, "role": "member"}),
        );
    }
    History::read(
        lines.join("\n").as_bytes(),
        Timestamp::from_micros(1_800_000_000_000_000),
    )
    .expect("lines of text")
}

fn rule(seed: u64) -> LinkRule {
    LinkRule {
        topics: vec![],
        links_min: 3,
        seed,
    }
}

fn measured(seed: u64, part: Part) -> SkillsReport {
    let shipped = SkillsRecommender::shipped().expect("the shipped weights are in order");
    let rule = rule(seed);
    let settings = SkillsSettings {
        rule: &rule,
        measured: Measured::Given(&shipped),
        shipped: &shipped,
        part,
        threads: 1,
    };
    skills(&organisation(), &settings, &mut |_, _| {}).report()
}

#[test]
fn what_goes_together_is_found_again_and_the_same_seed_gives_the_same_figures() {
    let report = measured(1, Part::Test);
    assert!(report.people > 5 && report.drawn);
    assert_eq!(report.hidden, report.people, "one of three links each");
    assert!(report.lines[0].ndcg10 > 0.9, "{report}");
    assert_eq!(measured(1, Part::Test), report);
    let drawn = |seed| {
        Links::of(&organisation(), &rule(seed))
            .hidden(Part::Test)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_ne!(drawn(1), drawn(2));
}

#[test]
fn nobody_is_in_both_parts_and_what_is_hidden_is_nowhere() {
    let links = Links::of(&organisation(), &rule(1));
    let people = |part| {
        links
            .hidden(part)
            .map(|hidden| hidden.person.clone())
            .collect::<BTreeSet<_>>()
    };
    let (fit, test) = (people(Part::Fit), people(Part::Test));
    assert!(fit.is_disjoint(&test));
    assert_eq!(fit.len() + test.len(), 40);
    let mut world = World::default();
    for fact in links.shown(&organisation()) {
        world.apply(fact);
    }
    let view = world.view();
    for hidden in links.hidden(Part::Test).chain(links.hidden(Part::Fit)) {
        let person = view.person(hidden.person.as_str()).expect("a person");
        let left = crate::signals::skills::stated_skills(view, person, true);
        assert_eq!(left.len(), 2, "two of three are left");
        assert!(
            left.iter()
                .all(|(skill, _)| !hidden.skills.contains(&view.skills.get(*skill).id))
        );
    }
    let topics = view
        .projects
        .iter()
        .filter_map(|(_, node)| node.state.as_ref()?.topics.clone());
    assert_eq!(topics.count(), 0, "what the links were drawn from is not shown");
}
