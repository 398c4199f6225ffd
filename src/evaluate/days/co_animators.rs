//! Co-animators of a community: simple lines.

use super::{Baseline, Daily};
use crate::domain::Timestamp;
use crate::evaluate::metrics::Metric;
use crate::recommend::CoAnimatorsRecommender;
use crate::replay::{CoAnimatorsRule, DaysProtocol, Habits, History};
use crate::signals::co_animators::{CoAnimatorsQuery, Profile};
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;

impl Daily for CoAnimatorsRecommender {
    type Rule = CoAnimatorsRule;

    const TITLE: &'static str = "co-animators of a community";
    const METRIC: Metric = Metric::Mrr;
    const BASELINES: &'static [Baseline<Self>] = &[
        Baseline {
            name: "newest_member",
            scores: newest_member,
        },
        Baseline {
            name: "longest_tenure",
            scores: longest_tenure,
        },
        Baseline {
            name: "most_memberships",
            scores: most_memberships,
        },
        Baseline {
            name: "overlap",
            scores: overlap,
        },
        Baseline {
            name: "last_appointed",
            scores: last_appointed,
        },
    ];

    fn rule(history: &History, habits: &Habits) -> CoAnimatorsRule {
        CoAnimatorsRule::to_learn(history, habits)
    }

    fn protocol(history: &History, rule: &CoAnimatorsRule) -> DaysProtocol {
        DaysProtocol::co_animators(history, rule)
    }

    fn to_learn(history: &History, rule: &CoAnimatorsRule) -> DaysProtocol {
        DaysProtocol::co_animators_to_learn(history, rule)
    }
}

fn each(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx], score: impl Fn(&Profile) -> f64) -> Vec<f64> {
    people
        .iter()
        .map(|&person| score(&Profile::of(view, query, person)))
        .collect()
}

/// The instant as a number, exact to the microsecond for centuries; those without one last.
fn moment(at: Option<Timestamp>) -> f64 {
    at.map_or(f64::NEG_INFINITY, |at| at.micros() as f64)
}

/// Whose present stay began last.
fn newest_member(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx]) -> Vec<f64> {
    each(view, query, people, |profile| moment(profile.arrived))
}

/// Who joined first.
fn longest_tenure(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx]) -> Vec<f64> {
    let joined = |profile: &Profile| profile.joined.map_or(f64::NEG_INFINITY, |at| -moment(Some(at)));
    each(view, query, people, joined)
}

/// Who belongs to most other communities.
fn most_memberships(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx]) -> Vec<f64> {
    each(view, query, people, |profile| f64::from(profile.memberships))
}

/// Who shares most other communities with those who animate: Σ over these of the communities shared.
fn overlap(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx]) -> Vec<f64> {
    let places = |person| -> BTreeSet<CommunityIx> {
        let places = view.communities_of(person).into_iter();
        places.filter(|&place| place != query.community).collect()
    };
    let animators: Vec<_> = query.animators.iter().map(|&animator| places(animator)).collect();
    let shared = |&person: &PersonIx| {
        let own = places(person);
        animators
            .iter()
            .map(|theirs| own.intersection(theirs).count())
            .sum::<usize>() as f64
    };
    people.iter().map(shared).collect()
}

/// Who last became animator of any community.
fn last_appointed(view: &View, query: &CoAnimatorsQuery, people: &[PersonIx]) -> Vec<f64> {
    each(view, query, people, |profile| moment(profile.appointed))
}
