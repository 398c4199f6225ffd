//! What is asked of a search: "who knows about this tag, at this instant".
//!
//! The counted answers of a file, in the order of (instant, identifier), are cut into twenty parts; a query is a tag at the
//! start of the day of a part's first answer, for the parts from the ninth on. Its gold are the people with the most credited
//! answers under the tag from then on until the next cut, those with the third most included and everybody level with them;
//! an answer is credited when it is accepted or its score is above 0, at the end of the file; where nothing is ever accepted
//! or scored, every answer is. A tag counts with three credited answers or more. Where a question bears no tag, its community
//! is the tag, by its name. Candidates are all who answered before the cut; gold is among them. Nothing here ranks anything.

use super::{DayQuery, DaysProtocol};
use crate::calendar::write_day;
use crate::domain::Timestamp;
use crate::replay::history::History;
use crate::replay::protocol::Part;
use crate::world::{View, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Parts into which the answers are cut; the first that has queries, and the first of the test.
const PARTS: usize = 20;
const FROM: usize = 8;
const TEST_FROM: usize = 16;
/// Credited answers of a part under a tag that counts.
const ANSWERS_MIN: usize = 3;
/// Whoever has as many credited answers as the one at this place is gold.
const GOLD: usize = 3;

/// An answer that counts.
struct Given {
    at: Timestamp,
    author: Arc<str>,
    tags: Vec<Arc<str>>,
    credited: bool,
}

impl DaysProtocol {
    /// Who knows about a tag. Cost: folding the file once.
    pub fn search(history: &History) -> Self {
        let given = given(history);
        let authors: BTreeSet<&Arc<str>> = given.iter().map(|answer| &answer.author).collect();
        let subjects: Vec<Arc<str>> = authors.into_iter().cloned().collect();
        let number = |author: &Arc<str>| subjects.binary_search(author).map_or(0, |place| place as u32);
        let start = |part: usize| {
            given
                .get(part * given.len() / PARTS)
                .map(|answer| answer.at.day().start())
        };
        let mut queries = Vec::new();
        for part in FROM..PARTS {
            let (Some(at), until) = (start(part), start(part + 1)) else {
                continue;
            };
            let known = given.partition_point(|answer| answer.at < at);
            let ends = until.map_or(given.len(), |until| given.partition_point(|answer| answer.at < until));
            let candidates: BTreeSet<u32> = given[..known].iter().map(|answer| number(&answer.author)).collect();
            let candidates: Arc<[u32]> = candidates.into_iter().collect();
            for (tag, credits) in credited(&given[known.min(ends)..ends]) {
                let gold = most(credits)
                    .into_iter()
                    .map(number)
                    .filter(|n| candidates.binary_search(n).is_ok());
                let gold: BTreeSet<u32> = gold.collect();
                if !gold.is_empty() {
                    queries.push(DayQuery {
                        part: if part < TEST_FROM { Part::Fit } else { Part::Test },
                        who: Arc::clone(tag),
                        day: write_day(at.day()).into(),
                        at,
                        candidates: Arc::clone(&candidates),
                        gold: gold.into_iter().collect(),
                        warm: None,
                        besides: Vec::new(),
                    });
                }
            }
        }
        Self { subjects, queries }
    }
}

/// The answers that count, in the order of (instant, identifier).
fn given(history: &History) -> Vec<Given> {
    let mut world = World::default();
    for fact in history.facts() {
        world.apply(fact.clone());
    }
    let view = world.view();
    let mut rows: Vec<_> = view
        .answers
        .iter()
        .filter(|(ix, _)| view.counted(*ix).is_some())
        .collect();
    rows.sort_by_key(|(_, node)| (node.state.as_ref().map(|state| state.at), node.id.clone()));
    let is_judged = |(_, node): &(_, &crate::world::AnswerNode)| {
        let state = node.state.as_deref();
        state.is_some_and(|state| state.accepted || state.score != 0)
    };
    let judged = rows.iter().any(is_judged);
    let answer = |(ix, node): &(_, &crate::world::AnswerNode)| {
        let (author, _) = view.counted(*ix)?;
        let state = node.state.as_deref()?;
        Some(Given {
            at: state.at,
            author: view.person_id(author).as_str().into(),
            tags: tags(view, node.question?),
            credited: !judged || state.accepted || state.score > 0,
        })
    };
    rows.iter().filter_map(answer).collect()
}

/// The tags of a question; the name of its community when it has none.
fn tags(view: &View, question: crate::world::QuestionIx) -> Vec<Arc<str>> {
    let question = view.questions.get(question);
    let tags: Vec<Arc<str>> = question
        .tags
        .iter()
        .map(|&tag| view.tags.get(tag).id.as_str().into())
        .collect();
    let community = question.community.filter(|_| tags.is_empty()).map(|community| {
        let node = view.communities.get(community);
        let name = node.state.as_ref().and_then(|state| state.name.clone());
        name.unwrap_or_else(|| node.id.as_str().into())
    });
    tags.into_iter().chain(community).collect()
}

/// How many credited answers each person gave under each tag that counts.
fn credited(given: &[Given]) -> BTreeMap<&Arc<str>, BTreeMap<&Arc<str>, usize>> {
    let mut credits: BTreeMap<&Arc<str>, BTreeMap<&Arc<str>, usize>> = BTreeMap::new();
    for answer in given.iter().filter(|answer| answer.credited) {
        for tag in &answer.tags {
            *credits.entry(tag).or_default().entry(&answer.author).or_default() += 1;
        }
    }
    credits.retain(|_, people| people.values().sum::<usize>() >= ANSWERS_MIN);
    credits
}

/// Those with the most credits, and all that are level with the last of them.
fn most(credits: BTreeMap<&Arc<str>, usize>) -> Vec<&Arc<str>> {
    let mut counts: Vec<usize> = credits.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let least = counts.get(GOLD - 1).or(counts.last()).copied().unwrap_or(0);
    let enough = credits.into_iter().filter(|&(_, count)| count >= least);
    enough.map(|(person, _)| person).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::protocol::{PastQuery as _, Protocol as _};

    #[test]
    fn those_level_with_the_third_are_gold_too() {
        let people: Vec<Arc<str>> = ["a", "b", "c", "d", "e"].map(Arc::from).into();
        let credits = |counts: [usize; 5]| people.iter().zip(counts).filter(|(_, count)| *count > 0).collect();
        let gold = |counts| {
            most(credits(counts))
                .iter()
                .map(ToString::to_string)
                .collect::<String>()
        };
        assert_eq!(gold([5, 4, 3, 2, 1]), "abc");
        assert_eq!(gold([5, 2, 2, 2, 1]), "abcd");
        assert_eq!(gold([1, 0, 0, 0, 0]), "a");
    }

    /// One question and answer a day for forty days, by two people in turn, under one tag.
    fn history() -> History {
        let mut history = History::default();
        let mut number = 0;
        let mut say = |day: usize, kind: &str, data: &str| {
            number += 1;
            let date = format!("2024-{:02}-{:02}T10:00:00Z", 1 + day / 28, 1 + day % 28);
            let line = format!(r#"{{"id":"{number}","source":"s","type":"{kind}","at":"{date}","data":{data}}}"#);
            let now = Timestamp::from_micros(1_772_442_030_000_000);
            history.push(number, line.as_bytes(), now);
        };
        for day in 0..80 {
            let author = if day % 4 == 0 { "bo" } else { "ana" };
            say(
                day,
                "question.created",
                &format!(r#"{{"question":"q{day}","asker":"eve","title":"Why?","tags":["sql"]}}"#),
            );
            say(
                day,
                "answer.created",
                &format!(r#"{{"answer":"a{day}","question":"q{day}","author":"{author}"}}"#),
            );
        }
        history
    }

    #[test]
    fn a_query_is_a_tag_at_a_cut_and_its_gold_is_what_came_until_the_next() {
        let protocol = DaysProtocol::search(&history());
        let queries = protocol.queries();
        assert_eq!(queries.len(), PARTS - FROM);
        assert_eq!(protocol.part(Part::Test).len(), PARTS - TEST_FROM);
        for query in queries {
            assert_eq!(query.name()[0], "sql");
            let gold: Vec<&str> = query.gold().iter().map(|&number| protocol.id(number)).collect();
            assert_eq!(gold, ["ana", "bo"], "four answers a part, three of them by Ana");
            assert_eq!(query.candidate_count(), 2);
        }
        assert!(queries.windows(2).all(|pair| pair[0].at() < pair[1].at()));
    }
}
