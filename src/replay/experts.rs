//! What is asked of a ranking of experts: queries, candidates and gold, worked out from the events alone.
//!
//! A query is a question; its gold are the authors of its answers other than the asker; its candidates are all who
//! answered somebody else's question before it was asked, minus the asker. Questions in the order of (instant as
//! written, identifier) are numbered 0..n: routable ones from 0.3 n on are kept for fitting, those from 0.8 n on for the
//! test. A question is routable when a candidate is among its gold. Nothing here ranks anything.

use super::history::{Asked, History};
use super::protocol::{Part, PastQuery, Protocol, places_of, quote};
use crate::domain::{CommunityId, QuestionId, Timestamp};
use crate::signals::{Draft, ExpertsQuery, Viewer};
use crate::world::View;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

/// The share of the questions that come before those kept for fitting, and before those kept for the test.
const FIT_FROM: f64 = 0.3;
const TEST_FROM: f64 = 0.8;

/// A question that could have been routed.
#[derive(Clone, Debug)]
pub struct PastQuestion {
    part: Part,
    /// Those who answered it, among the candidates: numbers of answerers, ascending.
    gold: Vec<u32>,
    /// How many answerers were known when it was asked: the candidates are those, minus the asker.
    known: u32,
    /// The asker's number, when they are an answerer themselves.
    asker: Option<u32>,
    asked: Asked,
}

impl PastQuestion {
    /// The question's identifier.
    pub fn id(&self) -> &QuestionId {
        &self.asked.question
    }

    /// The question as it was created, understood in `view`, which holds what was known before it.
    pub fn understood(&self, view: &View) -> ExpertsQuery {
        let patch = &self.asked.patch;
        let (mut title, mut body, mut tags, mut language) = (None, None, None, None);
        patch.title.apply_to(&mut title);
        patch.body.apply_to(&mut body);
        patch.tags.apply_to(&mut tags);
        patch.language.apply_to(&mut language);
        let mut community: Option<CommunityId> = None;
        patch.community.apply_to(&mut community);
        let told = body.as_ref().and_then(|text| text.language.clone());
        let draft = Draft {
            title: title.as_deref().unwrap_or_default(),
            body: body.as_ref().map_or("", |text| &text.excerpt),
            tags: tags.as_deref().unwrap_or_default(),
            community: community.and_then(|id| view.communities.find(id.as_str())),
            asker: view.person(self.asked.asker.as_str()),
            language: language.as_deref().or(told.as_deref()),
        };
        ExpertsQuery::draft(view, &draft, self.asked.at, Viewer::default())
    }
}

impl PastQuery for PastQuestion {
    fn part(&self) -> Part {
        self.part
    }

    fn at(&self) -> Timestamp {
        self.asked.at
    }

    fn name(&self) -> Vec<&str> {
        vec![self.asked.question.as_str()]
    }

    fn gold(&self) -> &[u32] {
        &self.gold
    }

    /// In the order in which they first answered.
    fn candidates(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.known).filter(|&number| Some(number) != self.asker)
    }

    fn candidate_count(&self) -> usize {
        self.known as usize - usize::from(self.asker.is_some_and(|asker| asker < self.known))
    }

    fn is_candidate(&self, number: u32) -> bool {
        number < self.known && Some(number) != self.asker
    }
}

/// The queries of a file.
#[derive(Debug)]
pub struct ExpertsProtocol {
    answerers: Vec<Arc<str>>,
    /// The place of each answerer in the order of identifiers.
    places: Vec<u32>,
    queries: Vec<PastQuestion>,
}

impl ExpertsProtocol {
    /// Works out the queries of `history`. Cost: sorting its questions and answers.
    pub fn of(history: &History) -> Self {
        Self::within(history, FIT_FROM, TEST_FROM)
    }

    /// The queries from which weights are learnt on all of `history`: what [`Self::of`] keeps for fitting on a history
    /// that goes on for another quarter.
    pub fn to_learn(history: &History) -> Self {
        Self::within(history, FIT_FROM / TEST_FROM, 1.0)
    }

    fn within(history: &History, from: f64, until: f64) -> Self {
        let mut asked: HashMap<&QuestionId, &Asked> = HashMap::new();
        for question in history.asked() {
            asked.entry(&question.question).or_insert(question);
        }
        let (answerers, arrivals, authors) = answerers_of(history, &asked);
        let mut order: Vec<&Asked> = asked.into_values().collect();
        order.sort_unstable_by_key(|a| (&a.written_at, &a.question));
        let numbers: HashMap<&str, u32> = answerers.iter().zip(0..).map(|(id, number)| (&**id, number)).collect();
        let share = |part: f64| (part * order.len() as f64).ceil() as usize;
        let (fit, test) = (share(from), share(until));
        let mut queries = Vec::new();
        for (n, &question) in order.iter().enumerate().skip(fit) {
            let known = arrivals.partition_point(|at| *at < question.written_at) as u32;
            let asker = numbers.get(question.asker.as_str()).copied();
            let wrote = authors.get(&question.question).into_iter().flatten();
            let gold: Vec<u32> = wrote.copied().filter(|&author| author < known).collect();
            if !gold.is_empty() {
                let part = if n < test { Part::Fit } else { Part::Test };
                let asked = question.clone();
                queries.push(PastQuestion {
                    part,
                    gold,
                    known,
                    asker,
                    asked,
                });
            }
        }
        let places = places_of(&answerers);
        Self {
            answerers,
            places,
            queries,
        }
    }

    /// Every query with its candidates and gold, one JSON object a line: keys `query`, `at`, `part`, `candidates` and
    /// `gold`, a space after each colon and comma, only control characters, quotes and backslashes escaped.
    pub fn queries_jsonl(&self) -> impl Iterator<Item = String> + '_ {
        let quoted: Vec<String> = self.answerers.iter().map(|id| quote(id)).collect();
        self.queries.iter().map(move |query| {
            let list = |numbers: Vec<u32>| {
                let mut numbers = numbers;
                numbers.sort_unstable_by_key(|&number| self.place(number));
                let ids: Vec<&str> = numbers.iter().map(|&number| &*quoted[number as usize]).collect();
                ids.join(", ")
            };
            let mut line = String::new();
            let written = write!(
                line,
                r#"{{"query": {}, "at": {}, "part": "{}", "candidates": [{}], "gold": [{}]}}"#,
                quote(query.id().as_str()),
                quote(&query.asked.written_at),
                query.part.name(),
                list(query.candidates().collect()),
                list(query.gold.clone()),
            );
            debug_assert!(written.is_ok(), "a String takes every line");
            line
        })
    }
}

impl Protocol for ExpertsProtocol {
    type Query = PastQuestion;

    fn queries(&self) -> &[PastQuestion] {
        &self.queries
    }

    fn id(&self, number: u32) -> &str {
        &self.answerers[number as usize]
    }

    fn place(&self, number: u32) -> u32 {
        self.places[number as usize]
    }
}

/// Those who answered others' questions, in the order of their first answer; the instants of these first answers; and
/// the numbers of the authors of each question.
type Answerers<'a> = (Vec<Arc<str>>, Vec<Arc<str>>, BTreeMap<&'a QuestionId, BTreeSet<u32>>);

fn answerers_of<'a>(history: &'a History, asked: &HashMap<&QuestionId, &Asked>) -> Answerers<'a> {
    let mut answers: Vec<_> = history
        .answered()
        .iter()
        .filter(|answer| asked.get(&answer.question).is_some_and(|q| q.asker != answer.author))
        .collect();
    answers.sort_by_key(|a| (&a.written_at, &a.question, &a.author));
    let (mut ids, mut arrivals) = (Vec::new(), Vec::new());
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut authors: BTreeMap<&QuestionId, BTreeSet<u32>> = BTreeMap::new();
    for answer in answers {
        let number = *numbers.entry(answer.author.as_str()).or_insert_with(|| {
            ids.push(Arc::from(answer.author.as_str()));
            arrivals.push(Arc::clone(&answer.written_at));
            ids.len() as u32 - 1
        });
        authors.entry(&answer.question).or_default().insert(number);
    }
    (ids, arrivals, authors)
}

#[cfg(test)]
mod tests;
