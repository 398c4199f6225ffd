//! The text index: documents in, documents out; what it holds is only a function of the documents present.
//!
//! A BM25 inverted index in memory. Invariants:
//! * every statistic (number of documents, total length, document frequencies) is an integer, updated by exactly what a
//!   document adds, so after `retract` the index answers as if the document had never been there, to the bit;
//! * a forward list per document says what to retract, and serves explanations;
//! * a term that no document holds any more is forgotten, so an erased text leaves no word behind;
//! * a clone is a snapshot: it costs a few hundred pointers, and later writes copy only the blocks they touch.
//!
//! Document numbers are the caller's and should be dense: memory and query time grow with the highest one.
//! It does not know languages, questions or time. Scoring lives in `search`.

use super::document::Document;
use super::lexicon::Lexicon;
use super::postings::{Posting, PostingList};
use super::shared_vec::SharedVec;
use std::sync::Arc;

/// The greatest document length that scoring distinguishes, in terms; a longer document is scored as one of this
/// length. A question (title, 200 words, tags) stays well under it.
pub const LENGTH_MAX: u16 = 4_095;

/// The parameters of BM25, and of what it passes over.
///
/// score(q, d) = Σ over terms t of q: count(t, q) · idf(t) · (k1 + 1) · tf / (tf + k1 · (1 − b + b · |d| / avg|d|)), with
/// idf(t) = ln(1 + (N − df + ½) / (df + ½)): positive, growing with rarity.
/// (S. Robertson, H. Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bm25 {
    /// How soon repeats of a term stop counting, ≥ 0.
    pub k1: f64,
    /// How much a long document is held back, 0..=1.
    pub b: f64,
    /// A term held by more than this percentage of the documents is passed over, 0..=100.
    pub common_percent: u32,
    /// Below this many documents no term is passed over: one in five of a handful says nothing.
    pub common_from_documents: u32,
    /// How many terms of a query are looked at, ≥ 1: those that weigh most, count · idf. It bounds what a pasted log costs;
    /// ordinary questions have fewer (`docs/QUALITY.md`).
    pub query_terms: usize,
}

impl Default for Bm25 {
    fn default() -> Self {
        Self {
            k1: 1.2,
            b: 0.75,
            common_percent: 20,
            common_from_documents: 50,
            query_terms: 256,
        }
    }
}

/// What a document added: its length and its terms' numbers, sorted, with their counts.
#[derive(Debug)]
pub(super) struct Forward {
    pub length: u16,
    pub terms: Box<[(u32, u16)]>,
}

/// An in-memory BM25 index over numbered documents. See the module for its promises.
#[derive(Clone, Debug, Default)]
pub struct TextIndex {
    pub(super) parameters: Bm25,
    pub(super) lexicon: Lexicon,
    pub(super) lists: SharedVec<Arc<PostingList>>,
    pub(super) documents: SharedVec<Option<Arc<Forward>>>,
    pub(super) count: u32,
    pub(super) total_length: u64,
}

impl TextIndex {
    /// An empty index.
    pub fn new(parameters: Bm25) -> Self {
        Self {
            parameters,
            ..Self::default()
        }
    }

    /// Adds a document under a number; a document already there is replaced. Numbers may come in any order (ascending
    /// is fastest). Cost: O(distinct terms), each copying at most one block that a snapshot shares.
    pub fn add(&mut self, doc: u32, document: &Document) {
        self.retract(doc);
        let length = document.length().min(u32::from(LENGTH_MAX)) as u16;
        let mut terms: Vec<(u32, u16)> = Vec::with_capacity(document.entries().len());
        for entry in document.entries() {
            let number = self.number(&entry.term);
            if let Some(list) = self.lists.get_mut(number as usize) {
                Arc::make_mut(list).insert(Posting {
                    doc,
                    count: entry.count,
                    length,
                });
            }
            terms.push((number, entry.count));
        }
        terms.sort_unstable();
        self.documents.grow(doc as usize + 1, &None);
        if let Some(place) = self.documents.get_mut(doc as usize) {
            *place = Some(Arc::new(Forward {
                length,
                terms: terms.into(),
            }));
        }
        self.count += 1;
        self.total_length += u64::from(length);
    }

    /// Takes a document out, and with it all it ever added; whether it was there. Cost: as for [`Self::add`].
    pub fn retract(&mut self, doc: u32) -> bool {
        if !self.contains(doc) {
            return false;
        }
        let Some(forward) = self.documents.get_mut(doc as usize).and_then(Option::take) else {
            return false;
        };
        for &(number, _) in &forward.terms {
            let Some(list) = self.lists.get_mut(number as usize) else {
                continue;
            };
            let list = Arc::make_mut(list);
            list.remove(doc);
            if list.len() == 0 {
                self.lexicon.remove(list.term());
                *list = PostingList::new(Arc::from(""));
            }
        }
        self.count -= 1;
        self.total_length -= u64::from(forward.length);
        true
    }

    /// Whether a document is there.
    pub fn contains(&self, doc: u32) -> bool {
        self.forward(doc).is_some()
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many distinct terms the documents hold.
    pub fn term_count(&self) -> usize {
        self.lexicon.len()
    }

    /// How many documents hold a term (as [`super::analyze`] gives it, or `#tag`).
    pub fn doc_frequency(&self, term: &str) -> u32 {
        self.list(term).map_or(0, |(_, list)| list.len())
    }

    /// The terms of a document with their counts, in the order of the alphabet; nothing for one that is not there.
    pub fn terms_of(&self, doc: u32) -> Vec<(&str, u16)> {
        let terms = self.forward(doc).into_iter().flat_map(|forward| &forward.terms);
        let named = terms.filter_map(|&(number, count)| Some((&**self.lists.get(number as usize)?.term(), count)));
        let mut named: Vec<_> = named.collect();
        named.sort_unstable();
        named
    }

    /// Whether a document holds a term (as [`super::analyze`] gives it, or `#tag`). Cost: a look-up, and the document's terms.
    pub fn holds(&self, doc: u32, term: &str) -> bool {
        let number = self.lexicon.get(term);
        let terms = self.forward(doc).map_or(&[][..], |forward| &forward.terms);
        number.is_some_and(|number| terms.iter().any(|&(other, _)| other == number))
    }

    pub(super) fn forward(&self, doc: u32) -> Option<&Forward> {
        self.documents.get(doc as usize)?.as_deref()
    }

    /// A known term's number and list.
    pub(super) fn list(&self, term: &str) -> Option<(u32, &PostingList)> {
        let number = self.lexicon.get(term)?;
        self.lists.get(number as usize).map(|list| (number, &**list))
    }

    /// A term's number; a new term gets an empty list.
    fn number(&mut self, term: &str) -> u32 {
        if let Some(known) = self.lexicon.get(term) {
            return known;
        }
        let term: Arc<str> = Arc::from(term);
        let number = self.lexicon.insert(&term);
        let list = Arc::new(PostingList::new(term));
        match self.lists.get_mut(number as usize) {
            Some(recycled) => *recycled = list,
            None => self.lists.push(list),
        }
        number
    }
}

#[cfg(test)]
mod tests;
