//! Answers under the question's tags and in its community, at three half-lives.

use super::{Experts, ExpertsQuery, FACTS_GATHERED, Family, Proof};
use crate::domain::Day;
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::Viewer;
use crate::world::{AnswerIx, Buckets, PersonIx, QuestionIx, TagIx, View};

/// The names of a signal at each half-life, in the order of `ExpertsQuery::weeks`.
const TAG_NAMES: [&str; 3] = ["tags_30d", "tags_180d", "tags_ever"];
const COMMUNITY_NAMES: [&str; 3] = ["community_30d", "community_180d", "community_ever"];

/// Σ over the question's tags of idf · ln(1 + decayed answers under the tag). Better; rises with every answer; a rare
/// tag tells more. Cost: one look-up. `.0` is the half-life: 0 for 30 days, 1 for 180 days, 2 for none.
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

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (strength, sums) in out.iter_mut().zip(&round.gathered.tags) {
            *strength = sums[self.0];
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
            let evidence = &view.people.get(person).evidence;
            let weeks = query.tags.iter().filter_map(|&(tag, _)| evidence.tag(tag));
            newest_answers(view, &query.viewer, person, weeks, tagged)
        }
    }
}

/// Σ over the question's tags of answers under the tag / (answers + 3): how much of what the person answers is about
/// this, so that a specialist is told from somebody who answers everything. In 0..=the number of tags. Better; rises with
/// every answer under a tag. Cost: one look-up.
pub struct TagFocus;

impl Signal<Experts> for TagFocus {
    fn name(&self) -> &'static str {
        "tag_focus"
    }

    fn family(&self) -> Family {
        Family::Topic
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn theme(&self) -> &'static str {
        "answers"
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for ((person, tagged), strength) in round.subjects.iter().zip(&round.gathered.tagged).zip(out) {
            *strength = of_all(round.world, *tagged, person);
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        TagAffinity(0).facts(view, query, person)
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

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        for (strength, answers) in out.iter_mut().zip(&round.gathered.community) {
            *strength = libm::log1p(answers[self.0]);
        }
    }

    fn facts(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> Vec<Proof> {
        let Some(community) = query.community else {
            return Vec::new();
        };
        let weeks = view.people.get(person).evidence.community(community);
        newest_answers(view, &query.viewer, person, weeks, |q| {
            view.questions.get(q).community == Some(community)
        })
    }
}

/// The person's newest counted answers to questions that `wanted` accepts and the viewer may see, at most
/// [`FACTS_GATHERED`], the newest first; `weeks` is the evidence that counts all of them. Cost: the answers of those weeks,
/// looked through until so many are found.
pub fn newest_answers<'v>(
    view: &'v View,
    viewer: &Viewer,
    person: PersonIx,
    weeks: impl IntoIterator<Item = &'v Buckets>,
    wanted: impl Fn(QuestionIx) -> bool,
) -> Vec<Proof> {
    let mut weeks: Vec<i32> = weeks
        .into_iter()
        .flat_map(|of| of.iter().map(|(week, _)| week))
        .collect();
    weeks.sort_unstable();
    weeks.dedup();
    let shown = |&answer: &AnswerIx| {
        let question = view.answers.get(answer).question;
        question.is_some_and(|q| wanted(q) && viewer.sees(view, view.questions.get(q).community))
            && view.counted(answer).is_some()
    };
    let at = |&answer: &AnswerIx| view.answers.get(answer).state.as_ref().map(|state| state.at);
    let before = |week: i32| {
        let monday = Some(Day::of_week(week).start());
        move |answer: &AnswerIx| at(answer) < monday
    };
    let newest_of = |account| {
        let mut answered = view.people.get(account).answered.as_slice();
        let newest_first = weeks.iter().rev().flat_map(move |&week| {
            answered = &answered[..first_after(answered, before(week + 1))];
            let (earlier, given) = answered.split_at(first_after(answered, before(week)));
            answered = earlier;
            given.iter().rev().copied()
        });
        newest_first.filter(shown)
    };
    let mut answers: Vec<_> = view
        .accounts(person)
        .flat_map(|account| newest_of(account).take(FACTS_GATHERED))
        .map(|answer| {
            let node = view.answers.get(answer);
            (node.state.as_ref().map(|s| s.at), &node.id, answer)
        })
        .collect();
    answers.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    answers.truncate(FACTS_GATHERED);
    answers.into_iter().map(|(.., answer)| Proof::Answer(answer)).collect()
}

/// The place of the first item of `list` that is not `before`: as `partition_point`, but its cost is logarithmic in how far
/// from the end that is.
fn first_after<T>(list: &[T], before: impl Fn(&T) -> bool) -> usize {
    let (mut until, mut step) = (list.len(), 1);
    while until > 0 {
        let from = until.saturating_sub(step);
        if before(&list[from]) {
            return from + list[from..until].partition_point(before);
        }
        (until, step) = (from, 2 * step);
    }
    0
}

/// Σ over `tags` of the person's answers under the tag / (answers + 3), as [`TagFocus`] measures it.
pub fn focus(view: &View, tags: &[(TagIx, f64)], person: PersonIx) -> f64 {
    let evidence = &view.people.get(person).evidence;
    let under = |&(tag, _): &(TagIx, f64)| evidence.tag(tag).map_or(0, Buckets::total);
    let tagged: u32 = tags.iter().map(under).sum();
    of_all(view, f64::from(tagged), person)
}

/// `answers` of the person against all of theirs, smoothed by three.
fn of_all(view: &View, answers: f64, person: PersonIx) -> f64 {
    answers / f64::from(view.people.get(person).evidence.answers + 3)
}

#[cfg(test)]
mod tests {
    use super::first_after;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn from_the_end_the_same_place_is_found(mut list in prop::collection::vec(0..20, 0..60), bound in 0..21) {
            list.sort_unstable();
            let before = |item: &i32| *item < bound;
            prop_assert_eq!(first_after(&list, before), list.partition_point(before));
        }
    }
}
