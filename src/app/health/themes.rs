//! Themes that come again and again in a community, without an accepted answer to refer to.

use super::questions::{asked_at, has_reference};
use super::succession::asked_in_a_year;
use crate::domain::Timestamp;
use crate::world::text::Scratch;
use crate::world::{CommunityIx, Ix as _, QuestionIx, TagIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Questions from which a theme comes again and again.
const OFTEN: usize = 4;
/// Themes that are told at most.
const THEMES: usize = 3;
/// Questions whose words are compared: the newest ones.
const COMPARED: usize = 100;
/// Closest questions that each is linked to at most.
const NEIGHBOURS: usize = 5;
/// The share of a question's closeness to itself from which another one is about the same.
const CLOSE: f64 = 0.35;

/// A theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    /// What it is called: a tag, or the title of its newest question.
    pub(super) name: String,
    /// How many questions asked about it in the last 365 days.
    pub(super) asked: usize,
}

/// The themes of `community` asked about four times or more in the last 365 days, none of whose questions has an accepted
/// answer; the most asked first, then by name. Questions are about the same when they bear one tag; of those under no such
/// tag, when each is close to another one in words. Cost: the questions of the year, and a search a question for the newest
/// hundred.
pub(super) fn themes(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<Theme> {
    let asked = asked_in_a_year(view, community, as_of);
    let mut under: BTreeMap<TagIx, Vec<QuestionIx>> = BTreeMap::new();
    for &question in &asked {
        for &tag in &view.questions.get(question).tags {
            under.entry(tag).or_default().push(question);
        }
    }
    let mut themes = Vec::new();
    let mut told: BTreeSet<QuestionIx> = BTreeSet::new();
    for (tag, questions) in under {
        if open(view, &questions) {
            themes.push(Theme {
                name: view.tags.get(tag).id.to_string(),
                asked: questions.len(),
            });
            told.extend(questions);
        }
    }
    let rest: Vec<QuestionIx> = asked.into_iter().filter(|question| !told.contains(question)).collect();
    themes.extend(
        groups(view, community, rest)
            .into_iter()
            .filter(|group| open(view, group))
            .map(|group| Theme {
                name: newest_title(view, &group),
                asked: group.len(),
            }),
    );
    themes.sort_unstable_by(|a, b| (b.asked, &a.name).cmp(&(a.asked, &b.name)));
    themes.dedup_by(|a, b| a.name == b.name);
    themes.truncate(THEMES);
    themes
}

/// Whether these are a theme: often enough, and no answer to refer to.
fn open(view: &View, questions: &[QuestionIx]) -> bool {
    questions.len() >= OFTEN && !questions.iter().any(|&question| has_reference(view, question))
}

/// The groups of questions that are close in words: linked, directly or through others, by a closeness of at least [`CLOSE`]
/// of that to itself.
fn groups(view: &View, community: CommunityIx, mut questions: Vec<QuestionIx>) -> Vec<Vec<QuestionIx>> {
    questions.sort_unstable_by(|&a, &b| newer(view, a, b));
    questions.truncate(COMPARED);
    let among: BTreeMap<u32, usize> = questions.iter().map(|q| q.row()).zip(0..).collect();
    let mut group: Vec<usize> = (0..questions.len()).collect();
    let mut scratch = Scratch::default();
    let by_id = |a: u32, b: u32| {
        let id = |row| &view.questions.get(QuestionIx::from_row(row)).id;
        id(a).cmp(id(b))
    };
    let here = |row: u32| view.questions.get(QuestionIx::from_row(row)).community == Some(community);
    for (place, question) in questions.iter().enumerate() {
        let keep = |row: u32| among.contains_key(&row) && here(row);
        let hits = view
            .texts
            .top_like(question.row(), NEIGHBOURS + 1, &mut scratch, by_id, keep);
        let own = hits
            .iter()
            .find(|hit| hit.doc == question.row())
            .map_or(0.0, |hit| f64::from(hit.score));
        for hit in hits
            .iter()
            .filter(|hit| own > 0.0 && f64::from(hit.score) >= CLOSE * own)
        {
            let (from, to) = (group[place], group[among[&hit.doc]]);
            group.iter_mut().filter(|of| **of == from).for_each(|of| *of = to);
        }
    }
    let mut groups: BTreeMap<usize, Vec<QuestionIx>> = BTreeMap::new();
    for (question, of) in questions.into_iter().zip(group) {
        groups.entry(of).or_default().push(question);
    }
    groups.into_values().collect()
}

fn newest_title(view: &View, questions: &[QuestionIx]) -> String {
    let mut ordered = questions.to_vec();
    ordered.sort_unstable_by(|&a, &b| newer(view, a, b));
    let named = ordered
        .iter()
        .filter_map(|&question| view.questions.get(question).state.as_ref()?.title.as_deref());
    named.map(str::to_owned).next().unwrap_or_default()
}

/// The newest first, equal instants by identifier.
fn newer(view: &View, a: QuestionIx, b: QuestionIx) -> std::cmp::Ordering {
    let id = |question: QuestionIx| &view.questions.get(question).id;
    asked_at(view, b).cmp(&asked_at(view, a)).then_with(|| id(a).cmp(id(b)))
}
