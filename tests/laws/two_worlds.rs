//! Two organisations that differ in nothing but what is one person's own: when they are away, how many hours they give, how
//! many they carry, how fast they answer. Whoever reads who could co-animate may find that person proposed in one and not in
//! the other, or elsewhere in the list; where both propose them, no figure and no sentence about them differs.
//!
//! Everything weighs here, what is shipped with no weight too: a place may learn any of it.

use crate::co_animators::organisation;
use crate::support::organisation::{fact, key};
use crate::support::{after, world};
use antenne::domain::*;
use antenne::recommend::{CoAnimatorPick, CoAnimatorsAnswer, CoAnimatorsRecommender, Manner, Tongue};
use antenne::signals::Viewer;
use antenne::signals::co_animators::CoAnimatorsQuery;
use antenne::world::{CommunityIx, View};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// People in a set: everybody who could be.
const PLACES: usize = 40;
const HOUR_MICROS: i64 = 3_600_000_000;

/// What is somebody's own.
#[derive(Clone, Copy, Debug)]
enum Own {
    Absence,
    Hours,
    Load,
    Pace,
}

impl Own {
    const ALL: [Self; 4] = [Self::Absence, Self::Hours, Self::Load, Self::Pace];

    /// What is told of `person` on the day that begins at `day`, in one world or in the other.
    fn facts(self, person: &PersonId, day: Timestamp, place: &CommunityId, other: bool) -> Vec<Fact> {
        let person = person.clone();
        let either = |one: f64, two: f64| Hours::new(if other { two } else { one }).expect("a few hours");
        let told = |body: FactBody| vec![fact(key("own", "1"), day, body)];
        match self {
            // Within the days that are looked at, or beyond them.
            Self::Absence => {
                let from = day.day().plus(if other { 30 } else { 300 });
                let span = DaySpan::new(from, from.plus(4)).expect("days in order");
                told(FactBody::AbsenceSet { person, span })
            }
            Self::Hours => told(FactBody::CapacitySet {
                person,
                patch: CapacityPatch {
                    animation_hours_per_week: Patch::Set(either(30.0, 90.0)),
                    ..CapacityPatch::default()
                },
            }),
            Self::Load => told(FactBody::AnimationRecorded {
                person,
                community: CommunityId::new("elsewhere"),
                hours: either(0.25, 0.75),
                estimated: false,
            }),
            Self::Pace => {
                let question = QuestionId::new("how fast");
                let asked = FactBody::QuestionCreated {
                    question: question.clone(),
                    asker: PersonId::new("somebody who asks"),
                    patch: Box::new(QuestionPatch {
                        community: Patch::Set(place.clone()),
                        ..QuestionPatch::default()
                    }),
                    anonymous: false,
                };
                let answered = FactBody::AnswerCreated {
                    answer: AnswerId::new("so fast"),
                    question,
                    author: person,
                    body: None,
                    url: None,
                };
                let hours = if other { 20 } else { 2 };
                vec![
                    fact(key("own", "1"), day.plus_micros(HOUR_MICROS), asked),
                    fact(key("own", "2"), day.plus_micros(hours * HOUR_MICROS), answered),
                ]
            }
        }
    }
}

/// A recommender for which everything that can be measured weighs the same.
fn all_weigh() -> CoAnimatorsRecommender {
    let shipped = CoAnimatorsRecommender::shipped().expect("the shipped weights are in order");
    let weights: Vec<(&str, f64)> = shipped.pipeline().weights().map(|(name, _)| (name, 1.0)).collect();
    CoAnimatorsRecommender::learnt(&weights, "all".to_owned())
}

/// The answers about every community, by identifier, as everybody reads them; or as `reader` would who animated them all.
fn answers(view: &View, as_of: Timestamp, reader: Option<&str>) -> BTreeMap<String, CoAnimatorsAnswer> {
    let recommender = all_weigh();
    let viewer = Viewer {
        person: reader.and_then(|id| view.person(id)),
        animates: reader.map_or_else(Vec::new, |_| view.communities.iter().map(|(ix, _)| ix).collect()),
    };
    let answer = |ix: CommunityIx| {
        let mut query = CoAnimatorsQuery::of(view, ix, as_of, viewer.clone());
        query.places = PLACES;
        recommender.answer(view, &query, Tongue::English, Manner::Vous)
    };
    let communities = view.communities.iter();
    communities
        .map(|(ix, node)| (node.id.to_string(), answer(ix)))
        .collect()
}

/// All that is said of a pick, but where they stand and what follows from who stands before them: the sides on which they
/// differ from these, and who accompanies them. A cited record bears its own date.
fn said(pick: &CoAnimatorPick) -> String {
    let reasons = pick.reasons.iter().map(|reason| {
        let cited: Vec<_> = reason.facts.iter().map(|fact| (fact.kind, &fact.id)).collect();
        format!(
            "{} {:?} {} {:e} {cited:?}",
            reason.code, reason.params, reason.text, reason.contribution
        )
    });
    let reasons: Vec<String> = reasons.collect();
    let public = ["unit", "site", "time_zone", "language"];
    let gain = pick.gain.iter().filter(|added| !public.contains(&added.code));
    let gain: Vec<_> = gain.collect();
    let turned_to = (pick.volunteer, pick.to_be_introduced, pick.first_time);
    format!("{:?} {:e} {reasons:#?} {gain:?} {turned_to:?}", pick.name, pick.score)
}

/// What is said of each pick.
fn all_said(answer: &CoAnimatorsAnswer) -> BTreeMap<&str, String> {
    answer
        .items
        .iter()
        .map(|pick| (pick.subject.as_str(), said(pick)))
        .collect()
}

/// Where the two worlds propose `person` to the reader and say something else of them, or of what stands beside when all are
/// the same people; and how many communities could be compared.
fn differing(worlds: &[View; 2], as_of: Timestamp, person: &str, reader: Option<&str>) -> (Vec<String>, usize) {
    let [one, other] = [0, 1].map(|n| answers(&worlds[n], as_of, reader));
    let (mut found, mut compared) = (Vec::new(), 0);
    for (community, one) in &one {
        let other = &other[community];
        let (said, otherwise) = (all_said(one), all_said(other));
        let (Some(mine), Some(mine_otherwise)) = (said.get(person), otherwise.get(person)) else {
            continue;
        };
        compared += 1;
        let beside = |answer: &CoAnimatorsAnswer| format!("{:?} {:?}", answer.needs, answer.load);
        let same_people = said.keys().eq(otherwise.keys());
        if mine != mine_otherwise || (same_people && (said != otherwise || beside(one) != beside(other))) {
            found.push(format!("{community}: {mine}\n{mine_otherwise}"));
        }
    }
    (found, compared)
}

#[test]
fn what_is_ones_own_shows_in_nothing_that_others_read() {
    let mut runner = TestRunner::deterministic();
    let (mut compared, mut own) = ([0; 4], [0; 4]);
    for _ in 0..crate::config(6).cases {
        let facts = organisation().new_tree(&mut runner).expect("an organisation").current();
        let day = after(&facts, 24).day().start();
        let as_of = day.plus_micros(23 * HOUR_MICROS);
        let view = world(&facts).view().clone();
        let answers = answers(&view, as_of, None);
        let proposed = answers
            .iter()
            .find_map(|(community, answer)| Some((community, answer.items.first()?)));
        let Some((community, pick)) = proposed else { continue };
        let place = CommunityId::new(community.as_str());
        for (n, kind) in Own::ALL.into_iter().enumerate() {
            let worlds = [false, true].map(|other| {
                let mut facts = facts.clone();
                facts.extend(kind.facts(&pick.subject, day, &place, other));
                world(&facts).view().clone()
            });
            let person = pick.subject.as_str();
            let (found, times) = differing(&worlds, as_of, person, None);
            assert!(found.is_empty(), "{kind:?} of {person}: {}", found.join("\n"));
            compared[n] += times;
            // The test of the test: to themself, and to those who animate, it shows.
            own[n] += differing(&worlds, as_of, person, Some(person)).0.len();
        }
    }
    assert!(compared.iter().all(|&times| times > 0), "{compared:?}");
    assert!(own.iter().all(|&times| times > 0), "{own:?} of {compared:?}");
}
