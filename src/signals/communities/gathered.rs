//! What several signals read of the communities of one query: joins decayed once, and what the person's tags and words
//! find in the text index of communities.

use super::census::decayed;
use super::tides::Tides;
use super::{Communities, NewcomerQuery};
use crate::pipeline::Subjects;
use crate::world::text::{Document, Scratch, TextIndex};
use crate::world::{CommunityIx, Ix, View};

/// What is read of the communities, in their order.
pub struct Gathered {
    /// Joins decayed at the half-lives of `NewcomerQuery::days`.
    pub joins: Vec<[f64; 3]>,
    /// BM25 of the person's tags.
    pub topics: Vec<f64>,
    /// BM25 of the tags of what they say of themselves.
    pub stated: Vec<f64>,
    /// BM25 of the words of their skills, interests and projects.
    pub words: Vec<f64>,
    /// BM25 of the words of their job title, employer and unit, as they are written.
    pub origin: Vec<f64>,
    /// BM25 of the tags of what they asked and answered.
    pub deeds: Vec<f64>,
    /// Σ over the person's communities of BM25 of what each says of itself, each by its largest.
    pub kindred: Vec<f64>,
    /// How who comes and who goes is felt.
    pub tides: Tides,
}

impl Gathered {
    /// Reads `communities`. Cost: their joins, and the postings of the person's terms.
    pub fn of(view: &View, query: &NewcomerQuery, communities: Subjects<'_, Communities>) -> Self {
        let joins = |c| decayed(query.census.place(c).joins, |day| query.days.weights(day));
        let mut scratch = Scratch::default();
        let mut found = |index: &TextIndex, document: &Document| found(index, document, communities, &mut scratch);
        let texts = &view.community_texts;
        Self {
            joins: communities.iter().map(joins).collect(),
            topics: found(texts, &query.profile.tags),
            stated: found(texts, &query.profile.stated),
            words: found(texts, &query.profile.pursuits),
            origin: found(&view.community_words, &query.profile.origin),
            deeds: found(texts, &query.profile.deeds),
            kindred: kindred(view, query, communities, &mut scratch),
            tides: Tides::at(query.as_of),
        }
    }
}

/// What `index` finds for `document`, for each community; 0 for one that shares no telling term.
fn found(index: &TextIndex, document: &Document, of: Subjects<'_, Communities>, scratch: &mut Scratch) -> Vec<f64> {
    let mut strengths = vec![0.0; of.len()];
    if document.length() == 0 {
        return strengths;
    }
    let hits = index.top(document, index.len(), scratch, |a, b| a.cmp(&b), |_| true);
    for hit in hits {
        if let Some(place) = of.position(CommunityIx::from_row(hit.doc)) {
            strengths[place] = f64::from(hit.score);
        }
    }
    strengths
}

fn kindred(view: &View, query: &NewcomerQuery, of: Subjects<'_, Communities>, scratch: &mut Scratch) -> Vec<f64> {
    let mut sums = vec![0.0; of.len()];
    for own in &query.own {
        let all = view.communities.len();
        let hits = view
            .community_texts
            .top_like(own.row(), all, scratch, |a, b| a.cmp(&b), |doc| doc != own.row());
        let most = hits.first().map_or(1.0, |hit| f64::from(hit.score));
        for hit in &hits {
            if let Some(place) = of.position(CommunityIx::from_row(hit.doc)) {
                sums[place] += f64::from(hit.score) / most;
            }
        }
    }
    sums
}
