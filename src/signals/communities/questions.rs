//! Questions that wait in a community and that the newcomer could answer: the first thing to give.

use super::{NewcomerQuery, Proof};
use crate::domain::{DAY_MICROS, Timestamp};
use crate::world::text::Document;
use crate::world::{CommunityIx, Ix, QuestionIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Days after which a question that nobody answered is not shown to newcomers any more.
const FRESH_DAYS: i64 = 365;

/// A question that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// Which.
    pub question: QuestionIx,
    /// Words or tags that it shares with what the person knows, as their profile writes them, the most telling first;
    /// empty when it is only the newest.
    pub shared: Vec<String>,
    /// The records of the person that these come from.
    pub proofs: Vec<Proof>,
}

/// At most `most` questions of `community` that nobody else than the asker answered, that were asked by somebody else
/// within a year, that are not closed, and that are written in a language the person works in. First those that share the
/// most telling terms with the person's profile and deeds (BM25), then the newest. Nothing where the viewer may not read.
/// Cost: the community's questions.
pub fn open_questions(view: &View, query: &NewcomerQuery, community: CommunityIx, most: usize) -> Vec<OpenQuestion> {
    if !query.shows(view, community) {
        return Vec::new();
    }
    let known = known(query);
    let waiting = view
        .communities
        .get(community)
        .questions
        .iter()
        .filter(|&&q| waits(view, query, q));
    let mut found: Vec<(f64, Option<Timestamp>, OpenQuestion)> = waiting
        .map(|&question| {
            let mut terms = view.texts.explain(&known, question.row());
            let worth = terms.iter().map(|word| f64::from(word.contribution)).sum();
            terms.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.term.cmp(b.term)));
            let words = view.texts.explain(&query.profile.words, question.row());
            let written: BTreeMap<&str, &str> = words.iter().map(|word| (word.term, word.surface)).collect();
            let shared = terms.iter().map(|word| {
                let written = written.get(word.term).copied();
                written.unwrap_or(word.surface).trim_start_matches('#').to_owned()
            });
            let mut seen = BTreeSet::new();
            let open = OpenQuestion {
                question,
                shared: shared.filter(|word| seen.insert(word.clone())).collect(),
                proofs: proofs(query, terms.iter().map(|word| word.term)),
            };
            (worth, view.questions.get(question).state.as_ref().map(|s| s.at), open)
        })
        .collect();
    found.sort_by(|a, b| {
        let id = |open: &OpenQuestion| &view.questions.get(open.question).id;
        b.0.total_cmp(&a.0)
            .then(b.1.cmp(&a.1))
            .then_with(|| id(&a.2).cmp(id(&b.2)))
    });
    found.into_iter().take(most).map(|(.., open)| open).collect()
}

/// What the person knows, as one document.
fn known(query: &NewcomerQuery) -> Document {
    let profile = &query.profile;
    let terms = [&profile.tags, &profile.words, &profile.deeds]
        .into_iter()
        .flat_map(Document::terms);
    Document::from_terms(terms.map(|(term, _)| (term, 1)))
}

fn proofs<'t>(query: &NewcomerQuery, terms: impl Iterator<Item = &'t str>) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = Vec::new();
    for proof in terms.filter_map(|term| query.profile.sources.get(term)).flatten() {
        if !proofs.contains(proof) {
            proofs.push(*proof);
        }
    }
    proofs
}

fn waits(view: &View, query: &NewcomerQuery, question: QuestionIx) -> bool {
    let node = view.questions.get(question);
    let Some(state) = node.state.as_deref() else {
        return false;
    };
    let fresh = query.as_of.plus_micros(-FRESH_DAYS * DAY_MICROS) < state.at;
    let own = node.asker.map(|asker| view.human(asker)) == Some(query.person);
    let languages = &query.profile.languages;
    let readable = node.language.as_deref().is_none_or(|tag| {
        languages.is_empty()
            || languages
                .iter()
                .any(|known| **known == *super::attributes::primary(tag))
    });
    fresh && !own && readable && state.closed.is_none() && view.first_answer(question).is_none()
}
