//! Depth, order and matches on small organisations: bands say what somebody did, not how they compare; exact before close,
//! and depth in one topic before a little of all.

use super::{Apart, Depth, Match, SearchQuery, Sought};
use crate::domain::{AnswerId, FactBody, Origin, Patch, PersonId, QuestionId, QuestionPatch, SkillId, SkillPatch};
use crate::pipeline::Selector as _;
use crate::signals::sample::{Sample, hour};
use crate::world::PersonIx;

/// A skill with its name, and a wider one if there is one.
fn skill(sample: &mut Sample, skill: &str, broader: &[&str]) {
    let patch = SkillPatch {
        labels: Patch::Set(vec![("en".into(), skill.into())]),
        broader: Patch::Set(broader.iter().map(|&wider| SkillId::new(wider)).collect()),
        ..SkillPatch::default()
    };
    let skill = SkillId::new(skill);
    let patch = Box::new(patch);
    sample.say(-60, FactBody::SkillUpserted { skill, patch });
}

fn endorsed(sample: &mut Sample, person: &str, skill: &str, by: &str) {
    sample.say(
        -30,
        FactBody::SkillAsserted {
            person: PersonId::new(person),
            skill: SkillId::new(skill),
            origin: Origin::Endorsed,
            level: None,
            by: Some(PersonId::new(by)),
        },
    );
}

/// Answers of `person` under `tag`.
fn answers(sample: &mut Sample, person: &str, tag: &str, count: usize) {
    for n in 0..count {
        let id = format!("{person}-{tag}-{n}");
        let patch = QuestionPatch {
            title: Patch::Set("Why is it so?".into()),
            tags: Patch::Set(vec![tag.into()]),
            ..QuestionPatch::default()
        };
        let question = QuestionId::new(id.as_str());
        sample.say(
            -20,
            FactBody::QuestionCreated {
                question: question.clone(),
                asker: PersonId::new("eve"),
                patch: Box::new(patch),
                anonymous: false,
            },
        );
        sample.say(
            -10,
            FactBody::AnswerCreated {
                answer: AnswerId::new(id.as_str()),
                question,
                author: PersonId::new(person),
                body: None,
                url: None,
            },
        );
    }
}

fn query(sample: &Sample, text: &str) -> SearchQuery {
    let sought = Sought {
        text,
        ..Sought::default()
    };
    SearchQuery::of(sample.view(), sought, hour(1)).expect("it says something")
}

fn depths(sample: &Sample, query: &SearchQuery, person: &str) -> Vec<(usize, Depth)> {
    let shown = query.depths(sample.ix(person));
    shown.into_iter().map(|shown| (shown.topic, shown.depth)).collect()
}

#[test]
fn depth_is_what_somebody_did_and_what_is_said_of_them() {
    let mut sample = Sample::of(&["eve", "one", "three", "eight", "said", "by", "also"]);
    skill(&mut sample, "welding", &[]);
    for (person, count) in [("one", 1), ("three", 3), ("eight", 8)] {
        answers(&mut sample, person, "welding", count);
    }
    endorsed(&mut sample, "said", "welding", "by");
    let asked = query(&sample, "welding");
    assert_eq!(depths(&sample, &asked, "one"), [(0, Depth::Touched)]);
    assert_eq!(depths(&sample, &asked, "three"), [(0, Depth::Solid)]);
    assert_eq!(depths(&sample, &asked, "eight"), [(0, Depth::Deep)]);
    assert_eq!(depths(&sample, &asked, "said"), [(0, Depth::Solid)]);
    assert_eq!(depths(&sample, &asked, "eve"), []);
}

#[test]
fn somebody_deep_in_one_topic_comes_before_somebody_shallow_in_all() {
    let mut sample = Sample::of(&["eve", "deep", "both", "shallow"]);
    for (person, count) in [("deep", 9), ("shallow", 1)] {
        answers(&mut sample, person, "pumps", count);
    }
    answers(&mut sample, "shallow", "turbines", 1);
    for tag in ["pumps", "turbines"] {
        answers(&mut sample, "both", tag, 4);
    }
    let asked = query(&sample, "pumps, turbines");
    assert_eq!(asked.topics.len(), 2);
    // However the scores are, the groups hold.
    let ranked: Vec<(PersonIx, f64)> = [("shallow", 9.0), ("deep", 2.0), ("both", 1.0)]
        .map(|(person, score)| (sample.ix(person), score))
        .into();
    let seats = Apart.seats(sample.view(), &asked, &ranked);
    let order: Vec<(Match, usize)> = seats
        .iter()
        .map(|seat| (Match::of_wave(seat.wave), seat.turn))
        .collect();
    assert_eq!(order, [(Match::Close, 2), (Match::Close, 1), (Match::Exact, 0)]);
}

#[test]
fn a_wide_skill_takes_in_the_narrow_ones_and_notes_the_wider_ones_apart() {
    let mut sample = Sample::of(&["eve"]);
    skill(&mut sample, "programming", &[]);
    skill(&mut sample, "embedded", &["programming"]);
    skill(&mut sample, "firmware", &["embedded", "firmware"]);
    let view = sample.view();
    let names = |skills: &[_]| {
        skills
            .iter()
            .map(|&s| view.skills.get(s).id.to_string())
            .collect::<Vec<_>>()
    };
    let wide = query(&sample, "programming");
    assert_eq!(names(&wide.topics[0].skills), ["programming", "embedded", "firmware"]);
    let narrow = query(&sample, "firmware");
    assert_eq!(names(&narrow.topics[0].skills), ["firmware"], "a circle ends");
    assert_eq!(names(&narrow.topics[0].broader), ["embedded", "programming"]);
}
