//! Communities for a person: simple lines, and cold and warm apart.

use super::{Baseline, Daily};
use crate::evaluate::metrics::Metric;
use crate::recommend::CommunitiesRecommender;
use crate::replay::{CommunitiesRule, DaysProtocol, Habits, History};
use crate::signals::communities::{Likeness, NeighboursSum, NewcomerQuery, Trait};
use crate::world::{CommunityIx, View};

/// Days in which a join counts half as much for the baseline of recent joins.
const HALF_LIFE_DAYS: f64 = 180.0;

impl Daily for CommunitiesRecommender {
    type Rule = CommunitiesRule;

    const TITLE: &'static str = "communities for a person";
    const METRIC: Metric = Metric::Ndcg10;
    const BASELINES: &'static [Baseline<Self>] = &[
        Baseline {
            name: "popularity",
            scores: popularity,
        },
        Baseline {
            name: "recent_joins",
            scores: recent_joins,
        },
        Baseline {
            name: "attributes",
            scores: attributes,
        },
        Baseline {
            name: "item_item",
            scores: item_item,
        },
    ];

    fn rule(history: &History, habits: &Habits) -> CommunitiesRule {
        CommunitiesRule::to_learn(history, habits)
    }

    fn protocol(history: &History, rule: &CommunitiesRule) -> DaysProtocol {
        DaysProtocol::communities(history, rule)
    }

    fn to_learn(history: &History, rule: &CommunitiesRule) -> DaysProtocol {
        DaysProtocol::communities_to_learn(history, rule)
    }
}

fn each(communities: &[CommunityIx], score: impl Fn(CommunityIx) -> f64) -> Vec<f64> {
    communities.iter().map(|&community| score(community)).collect()
}

/// Present members.
fn popularity(_: &View, query: &NewcomerQuery, communities: &[CommunityIx]) -> Vec<f64> {
    each(communities, |community| {
        f64::from(query.census.place(community).present)
    })
}

/// Σ over first joins whose day is known of 2^(−age / 180 days).
fn recent_joins(_: &View, query: &NewcomerQuery, communities: &[CommunityIx]) -> Vec<f64> {
    let today = query.as_of.day().days();
    let worth = |day: &i32| libm::exp2(-f64::from((today - day).max(0)) / HALF_LIFE_DAYS);
    each(communities, |community| {
        query.census.place(community).joins.iter().map(worth).sum()
    })
}

/// Σ over everything that the profile says of how much more often it is said in the community (naive Bayes).
fn attributes(_: &View, query: &NewcomerQuery, communities: &[CommunityIx]) -> Vec<f64> {
    let ratios = |community| {
        Trait::ALL
            .iter()
            .map(|&about| Likeness::ratio(about, query, community))
            .sum()
    };
    each(communities, ratios)
}

/// Σ over the person's communities of the cosine of their people and the community's.
fn item_item(_: &View, query: &NewcomerQuery, communities: &[CommunityIx]) -> Vec<f64> {
    each(communities, |community| NeighboursSum::near(query, community))
}
