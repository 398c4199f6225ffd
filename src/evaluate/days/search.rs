//! Who knows about a tag: simple lines that a search is held against.

use super::{Baseline, Daily};
use crate::evaluate::experts::votes;
use crate::evaluate::metrics::Metric;
use crate::recommend::SearchRecommender;
use crate::replay::{DaysProtocol, Habits, History};
use crate::signals::search::SearchQuery;
use crate::signals::{Draft, ExpertsQuery};
use crate::world::text::tag_name;
use crate::world::{Buckets, PersonIx, View};

/// The place, among the query's decays of week buckets, of a half-life of 180 days.
const HALF_LIFE_180D: usize = 1;

impl Daily for SearchRecommender {
    type Rule = ();

    const TITLE: &'static str = "who knows about a tag";
    const METRIC: Metric = Metric::Ndcg10;
    const BAR: Option<&'static str> = Some("counting");
    const BASELINES: &'static [Baseline<Self>] = &[
        Baseline {
            name: "counting",
            scores: counting,
        },
        Baseline {
            name: "decayed_count",
            scores: decayed_count,
        },
        Baseline {
            name: "bm25_vote",
            scores: bm25_vote,
        },
    ];

    fn rule(_: &History, _: &Habits) {}

    fn protocol(history: &History, (): &()) -> DaysProtocol {
        DaysProtocol::search(history)
    }

    fn to_learn(history: &History, (): &()) -> DaysProtocol {
        DaysProtocol::search(history)
    }
}

/// What the person's weeks under the tag, or in the community of that name, are worth.
fn under(view: &View, query: &SearchQuery, person: PersonIx, worth: impl Fn(&Buckets) -> f64) -> f64 {
    let evidence = &view.people.get(person).evidence;
    let named = |words: &str| {
        let tag = tag_name(words).and_then(|name| view.tags.find(name.as_str()));
        if let Some(weeks) = tag.and_then(|tag| evidence.tag(tag)) {
            return worth(weeks);
        }
        let called = |name: &str| tag_name(name) == tag_name(words);
        let community = evidence.communities.iter().find(|(community, _)| {
            let node = view.communities.get(*community);
            let name = node.state.as_ref().and_then(|state| state.name.as_deref());
            called(name.unwrap_or(node.id.as_str()))
        });
        community.map_or(0.0, |(_, weeks)| worth(weeks))
    };
    named(query.text())
}

/// Answers under the tag so far.
fn counting(view: &View, query: &SearchQuery, people: &[PersonIx]) -> Vec<f64> {
    let count = |&person: &PersonIx| under(view, query, person, |weeks| f64::from(weeks.total()));
    people.iter().map(count).collect()
}

/// Answers under the tag, decayed with a half-life of 180 days.
fn decayed_count(view: &View, query: &SearchQuery, people: &[PersonIx]) -> Vec<f64> {
    let weeks = &query.whole().weeks;
    let count = |&person: &PersonIx| under(view, query, person, |own| own.decayed(weeks)[HALF_LIFE_180D]);
    people.iter().map(count).collect()
}

/// Σ of the BM25 scores of those of the 100 past questions closest to the words that the person answered.
fn bm25_vote(view: &View, query: &SearchQuery, people: &[PersonIx]) -> Vec<f64> {
    let draft = Draft {
        title: query.text(),
        ..Draft::default()
    };
    let asked = ExpertsQuery::draft(view, &draft, query.as_of(), query.viewer().clone());
    let votes = votes(view, &asked);
    let vote = |person: &PersonIx| {
        let found = votes.binary_search_by_key(person, |vote| vote.0);
        found.map_or(0.0, |place| votes[place].1)
    };
    people.iter().map(vote).collect()
}
