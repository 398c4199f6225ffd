//! Answers under the question's tags and in its community, at three half-lives.

use super::{Experts, ExpertsQuery, Family, Proof};
use crate::pipeline::{Scale, Signal, Subjects};
use crate::world::{PersonIx, QuestionIx, View};

/// The names of a signal at each half-life, in the order of `ExpertsQuery::weeks`.
const TAG_NAMES: [&str; 3] = ["tags_30d", "tags_180d", "tags_ever"];
const COMMUNITY_NAMES: [&str; 3] = ["community_30d", "community_180d", "community_ever"];

/// Σ over the question's tags of idf · ln(1 + decayed answers under the tag). Better; rises with every answer; a rare
/// tag tells more. Cost: one look-up a tag. `.0` is the half-life: 0 for 30 days, 1 for 180 days, 2 for none.
pub struct TagAffinity(pub usize);

impl Signal<Experts> for TagAffinity {
    fn name(&self) -> &'static str {
        TAG_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, view: &View, query: &ExpertsQuery, subjects: Subjects<'_, Experts>, out: &mut [f64]) {
        if query.tags.is_empty() {
            return;
        }
        for (person, strength) in subjects.iter().zip(out) {
            let evidence = &view.people.get(person).evidence;
            for &(tag, idf) in &query.tags {
                if let Some(weeks) = evidence.tag(tag) {
                    *strength += idf * libm::log1p(weeks.decayed(&query.weeks[self.0]));
                }
            }
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let tagged = |q: QuestionIx| {
            let tags = &view.questions.get(q).tags;
            query.tags.iter().any(|(tag, _)| tags.contains(tag))
        };
        if query.tags.is_empty() {
            Vec::new()
        } else {
            newest_answers(view, query, person, tagged)
        }
    }
}

/// ln(1 + decayed answers in the question's community). Better; rises with every answer. Cost: one look-up.
/// `.0` is the half-life: 0 for 30 days, 1 for 180 days, 2 for none.
pub struct CommunityAffinity(pub usize);

impl Signal<Experts> for CommunityAffinity {
    fn name(&self) -> &'static str {
        COMMUNITY_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Community
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, view: &View, query: &ExpertsQuery, subjects: Subjects<'_, Experts>, out: &mut [f64]) {
        let Some(community) = query.community else { return };
        for (person, strength) in subjects.iter().zip(out) {
            if let Some(weeks) = view.people.get(person).evidence.community(community) {
                *strength = libm::log1p(weeks.decayed(&query.weeks[self.0]));
            }
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let Some(community) = query.community else {
            return Vec::new();
        };
        newest_answers(view, query, person, |q| {
            view.questions.get(q).community == Some(community)
        })
    }
}

/// The person's counted answers to questions that `wanted` accepts and the viewer may see, the newest first.
fn newest_answers(
    view: &View,
    query: &ExpertsQuery,
    person: PersonIx,
    wanted: impl Fn(QuestionIx) -> bool,
) -> Vec<Proof> {
    let given = view
        .accounts(person)
        .flat_map(|account| &view.people.get(account).answered);
    let mut answers: Vec<_> = given
        .copied()
        .filter(|&answer| {
            let question = view.answers.get(answer).question;
            question.is_some_and(|q| wanted(q) && query.shows(view, view.questions.get(q).community))
        })
        .filter_map(|answer| view.contribution(answer).map(|c| (c.at, answer)))
        .collect();
    answers.sort_unstable_by(|a, b| {
        let id = |answer| &view.answers.get(answer).id;
        b.0.cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1)))
    });
    answers.into_iter().map(|(_, answer)| Proof::Answer(answer)).collect()
}
