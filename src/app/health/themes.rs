//! Themes that come again and again in a community, without an answer to refer to.
//!
//! What an answer to refer to is depends on the place: where answers are accepted, an accepted one; where none ever was, one
//! that people voted for; where nothing marks any answer, nobody can tell, and every answer may be one.

use super::questions::asked_at;
use super::succession::asked_in_a_year;
use crate::domain::Timestamp;
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

/// A tag says what the community is about, and is no theme of it, when it stands on more than one in so many of its
/// questions, and on more than so many of them.
const COMMON: (usize, usize) = (5, 10);

/// A theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    /// What it is called: a tag, or the title of its newest question.
    pub(super) name: String,
    /// How many questions asked about it in the last 365 days.
    pub(super) asked: usize,
}

/// The themes of `community` asked about four times or more in the last 365 days, none of whose questions has an answer to
/// refer to; the most asked first, then by name. Questions are about the same when they bear one tag that most others do not
/// bear; of those under no such tag, when each is close to another one in words. Cost: the questions of the year, of which
/// the newest hundred are compared with one another, and every answer where none was ever accepted.
pub(super) fn themes(view: &View, community: CommunityIx, as_of: Timestamp) -> Vec<Theme> {
    let asked = asked_in_a_year(view, community, as_of);
    let mut under: BTreeMap<TagIx, Vec<QuestionIx>> = BTreeMap::new();
    for &question in &asked {
        for &tag in &view.questions.get(question).tags {
            under.entry(tag).or_default().push(question);
        }
    }
    let mark = Mark::of(view);
    let open = |questions: &[QuestionIx]| {
        questions.len() >= OFTEN && !questions.iter().any(|&question| mark.refers(view, question))
    };
    let mut themes = Vec::new();
    let mut told: BTreeSet<QuestionIx> = BTreeSet::new();
    for (tag, questions) in under {
        if !is_common(questions.len(), asked.len()) && open(&questions) {
            themes.push(Theme {
                name: view.tags.get(tag).id.to_string(),
                asked: questions.len(),
            });
            told.extend(questions);
        }
    }
    let rest: Vec<QuestionIx> = asked.into_iter().filter(|question| !told.contains(question)).collect();
    themes.extend(
        groups(view, rest)
            .into_iter()
            .filter(|group| open(group))
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

/// Whether a tag that stands on so many of all questions is no theme of them.
fn is_common(under: usize, all: usize) -> bool {
    under > COMMON.1 && COMMON.0 * under > all
}

/// By what an organisation marks the answers that others may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Answers are accepted.
    Accepted,
    /// None ever was, but people vote.
    Voted,
    /// Neither: no answer stands out.
    Nothing,
}

impl Mark {
    fn of(view: &View) -> Self {
        let known = || view.answers.iter().filter_map(|(_, answer)| answer.state.as_ref());
        if known().any(|state| state.accepted) {
            Self::Accepted
        } else if known().any(|state| state.score > 0) {
            Self::Voted
        } else {
            Self::Nothing
        }
    }

    /// Whether one of the question's answers is one to refer to.
    fn refers(self, view: &View, question: QuestionIx) -> bool {
        let mut answers = view.questions.get(question).answers.iter();
        match self {
            Self::Nothing => view.first_answer(question).is_some(),
            _ => answers.any(|&answer| {
                let state = view.answers.get(answer).state.as_ref();
                state.is_some_and(|state| {
                    if self == Self::Accepted {
                        state.accepted
                    } else {
                        state.score > 0
                    }
                })
            }),
        }
    }
}

/// The groups of questions that are close in words: linked, directly or through others, by a closeness of at least [`CLOSE`]
/// of that to itself.
fn groups(view: &View, mut questions: Vec<QuestionIx>) -> Vec<Vec<QuestionIx>> {
    questions.sort_unstable_by(|&a, &b| newer(view, a, b));
    questions.truncate(COMPARED);
    let rows: Vec<u32> = questions.iter().map(|question| question.row()).collect();
    let mut group: Vec<usize> = (0..questions.len()).collect();
    let id = |place: usize| &view.questions.get(questions[place]).id;
    for (place, &row) in rows.iter().enumerate() {
        let scores = view.texts.like_each(row, &rows);
        let mut near: Vec<usize> = (0..rows.len()).filter(|&other| scores[other] > 0.0).collect();
        near.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]).then_with(|| id(a).cmp(id(b))));
        near.truncate(NEIGHBOURS + 1);
        let own = if near.contains(&place) {
            f64::from(scores[place])
        } else {
            0.0
        };
        let is_close = |other: &&usize| own > 0.0 && f64::from(scores[**other]) >= CLOSE * own;
        for &other in near.iter().filter(is_close) {
            let (from, to) = (group[place], group[other]);
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
