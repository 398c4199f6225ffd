//! Asking the index: the best documents for a query, and why.
//!
//! Term at a time over dense accumulators. Invariants: each document's score is summed over the query's terms in the
//! byte order of the terms, in `f32`, so it depends neither on document numbers, nor on the order of writes, nor on what
//! else was asked; [`TextIndex::explain`] gives the very addends. Equal scores are ordered by the caller's rule alone.
//! Terms held by too many documents, and the least telling ones of a long query, are passed over (see [`super::Bm25`]).

use super::document::{Document, Entry};
use super::index::{Bm25, Forward, TextIndex};
use super::postings::PostingList;
use std::cmp::Ordering;

/// How many accumulators are compared with the threshold at once.
const STRIDE: usize = 64;

/// A document found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The document's number.
    pub doc: u32,
    /// Its BM25 score, finite and positive.
    pub score: f32,
}

/// A term that a query shares with a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedWord<'q> {
    /// The term.
    pub term: &'q str,
    /// The word as the query's author wrote it, in lowercase.
    pub surface: &'q str,
    /// What it adds to the score, positive.
    pub contribution: f32,
}

/// Working memory of a search, kept from one to the next by whoever asks often: four bytes a document. Its content never
/// influences an answer.
#[derive(Debug, Default)]
pub struct Scratch {
    scores: Vec<f32>,
}

impl TextIndex {
    /// The `k` best documents among those that share a term with the query and that `keep` accepts, best first; equal
    /// scores in the order of `tie_break`, which must be a total order (by external id, say).
    ///
    /// `keep` is asked only about documents that could still enter. Cost: the postings of the query's terms, plus
    /// one pass over four bytes a document.
    pub fn top(
        &self,
        query: &Document,
        k: usize,
        scratch: &mut Scratch,
        tie_break: impl Fn(u32, u32) -> Ordering,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<Hit> {
        self.best(&self.addends(query), k, scratch, tie_break, keep)
    }

    /// [`Self::top`] with a document of the index as the query, to the bit, without analysing its text again; it finds
    /// itself unless `keep` prevents it. Nothing when the document is unknown.
    pub fn top_like(
        &self,
        doc: u32,
        k: usize,
        scratch: &mut Scratch,
        tie_break: impl Fn(u32, u32) -> Ordering,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<Hit> {
        let Some(forward) = self.forward(doc) else {
            return Vec::new();
        };
        self.best(&self.addends_like(forward), k, scratch, tie_break, keep)
    }

    /// What [`Self::top_like`] scores each of `others` for `doc`, to the bit; 0 for one that shares nothing telling with it, or
    /// is unknown. For comparing few documents with one another: the rest of the index is not looked at. Cost: the terms of
    /// `doc` times `others`.
    pub fn like_each(&self, doc: u32, others: &[u32]) -> Vec<f32> {
        let addends = self
            .forward(doc)
            .map_or_else(Vec::new, |forward| self.addends_like(forward));
        let numbered = addends
            .into_iter()
            .filter_map(|(list, weight)| Some((self.list(list.term())?.0, weight)));
        let numbered: Vec<(u32, f32)> = numbered.collect();
        let norm = self.norm();
        let score = |&other: &u32| {
            let Some(forward) = self.forward(other) else { return 0.0 };
            let norm = norm.of(forward.length);
            let shared = numbered.iter().filter_map(|&(number, weight)| {
                let at = forward
                    .terms
                    .binary_search_by_key(&number, |(number, _)| *number)
                    .ok()?;
                Some(contribution(weight, forward.terms[at].1, norm))
            });
            shared.fold(0.0, |score, addend| score + addend)
        };
        others.iter().map(score).collect()
    }

    /// The lists of the terms of a document of the index, as a query, with their weights.
    fn addends_like(&self, forward: &Forward) -> Vec<(&PostingList, f32)> {
        self.telling(forward.terms.iter().filter_map(|&(number, count)| {
            let list = &**self.lists.get(number as usize)?;
            Some((list, self.weight(list, count)?))
        }))
    }

    fn addends(&self, query: &Document) -> Vec<(&PostingList, f32)> {
        self.telling(query.entries().iter().filter_map(|entry| {
            let (_, list) = self.list(&entry.term)?;
            Some((list, self.weight(list, entry.count)?))
        }))
    }

    /// The most telling of a query's terms with their weights, in the byte order of the terms.
    fn telling<'i>(&self, terms: impl Iterator<Item = (&'i PostingList, f32)>) -> Vec<(&'i PostingList, f32)> {
        let mut terms: Vec<_> = terms.collect();
        let most = self.parameters.query_terms.max(1);
        if terms.len() > most {
            let telling = |a: &(&PostingList, f32), b: &(&PostingList, f32)| {
                b.1.total_cmp(&a.1).then_with(|| a.0.term().cmp(b.0.term()))
            };
            terms.select_nth_unstable_by(most - 1, telling);
            terms.truncate(most);
        }
        terms.sort_unstable_by(|a, b| a.0.term().cmp(b.0.term()));
        terms
    }

    /// `addends` are the lists of the query's terms with their weights, in the byte order of the terms.
    fn best(
        &self,
        addends: &[(&PostingList, f32)],
        k: usize,
        scratch: &mut Scratch,
        tie_break: impl Fn(u32, u32) -> Ordering,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<Hit> {
        scratch.scores.clear();
        scratch.scores.resize(self.documents.len(), 0.0);
        let norm = self.norm();
        for &(list, weight) in addends {
            accumulate(list, weight, norm, &mut scratch.scores);
        }
        select(&scratch.scores, k, tie_break, keep)
    }

    /// The terms that a query shares with a document and what each adds; in the order in which they are summed, so the
    /// contributions add up to the score of [`Self::top`] to the bit. Empty if the document is unknown or shares none.
    /// Cost: one look-up a term of the query.
    pub fn explain<'q>(&self, query: &'q Document, doc: u32) -> Vec<SharedWord<'q>> {
        let Some(forward) = self.forward(doc) else {
            return Vec::new();
        };
        let norm = self.norm().of(forward.length);
        let addends = self.addends(query);
        let shared = |entry: &'q Entry| {
            let (number, _) = self.list(&entry.term)?;
            let found = addends.binary_search_by(|(list, _)| (**list.term()).cmp(&entry.term));
            let weight = addends[found.ok()?].1;
            let at = forward
                .terms
                .binary_search_by_key(&number, |(number, _)| *number)
                .ok()?;
            Some(SharedWord {
                term: &entry.term,
                surface: entry.surface(),
                contribution: contribution(weight, forward.terms[at].1, norm),
            })
        };
        query.entries().iter().filter_map(shared).collect()
    }

    /// Whether a term is passed over because too many documents hold it.
    pub fn is_common(&self, term: &str) -> bool {
        self.is_common_at(self.doc_frequency(term))
    }

    fn is_common_at(&self, frequency: u32) -> bool {
        let Bm25 {
            common_percent,
            common_from_documents,
            ..
        } = self.parameters;
        self.count >= common_from_documents
            && u64::from(frequency) * 100 > u64::from(self.count) * u64::from(common_percent)
    }

    /// count · idf · (k1 + 1) of a query's term; `None` when it is passed over.
    fn weight(&self, list: &PostingList, count: u16) -> Option<f32> {
        if self.is_common_at(list.len()) {
            return None;
        }
        let (documents, frequency) = (f64::from(self.count), f64::from(list.len()));
        let idf = libm::log1p((documents - frequency + 0.5) / (frequency + 0.5));
        Some((f64::from(count) * idf * (self.parameters.k1 + 1.0)) as f32)
    }

    fn norm(&self) -> Norm {
        let Bm25 { k1, b, .. } = self.parameters;
        let mean = self.total_length.max(1) as f64 / f64::from(self.count.max(1));
        Norm {
            base: (k1 * (1.0 - b)) as f32,
            slope: (k1 * b / mean) as f32,
        }
    }
}

/// k1 · (1 − b + b · length / mean length): what a count is weighed against. A line in the length, cheaper than a table.
#[derive(Clone, Copy)]
struct Norm {
    base: f32,
    slope: f32,
}

impl Norm {
    fn of(self, length: u16) -> f32 {
        self.base + self.slope * f32::from(length)
    }
}

/// One addend of a score; the only place that divides.
fn contribution(weight: f32, count: u16, norm: f32) -> f32 {
    let count = f32::from(count);
    weight * (count / (count + norm))
}

fn accumulate(list: &PostingList, weight: f32, norm: Norm, scores: &mut [f32]) {
    for posting in list.slices().flatten() {
        scores[posting.doc as usize] += contribution(weight, posting.count, norm.of(posting.length));
    }
}

/// The best `k` of the positive scores. Keeps up to `2 k` in hand and halves them by selection, so each document costs
/// a comparison with the worst of the best so far, a stride at a time, and little else.
fn select(scores: &[f32], k: usize, tie_break: impl Fn(u32, u32) -> Ordering, keep: impl Fn(u32) -> bool) -> Vec<Hit> {
    if k == 0 {
        return Vec::new();
    }
    let k = k.min(scores.len().max(1));
    let better = |a: &Hit, b: &Hit| b.score.total_cmp(&a.score).then_with(|| tie_break(a.doc, b.doc));
    let mut hits: Vec<Hit> = Vec::with_capacity(2 * k);
    // The least score that can still enter; every addend is positive, so 0 means "shares nothing".
    let mut least = f32::MIN_POSITIVE;
    for (at, stride) in scores.chunks(STRIDE).enumerate() {
        if stride.iter().copied().fold(0.0, f32::max) < least {
            continue;
        }
        for (offset, &score) in stride.iter().enumerate() {
            let doc = (at * STRIDE + offset) as u32;
            if score < least || !keep(doc) {
                continue;
            }
            hits.push(Hit { doc, score });
            if hits.len() == 2 * k {
                hits.select_nth_unstable_by(k - 1, better);
                hits.truncate(k);
                least = hits[k - 1].score;
            }
        }
    }
    hits.sort_unstable_by(better);
    hits.truncate(k);
    hits
}
