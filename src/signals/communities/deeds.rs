//! What the person did already: in the community itself, and under its topics.

use super::{Communities, Family, NewcomerQuery, Proof, profile};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::text::Document;
use crate::world::{CommunityIx, Ix, QuestionIx, View};
use std::collections::BTreeSet;

/// Records that one reason gathers at most.
const GATHERED: usize = 50;

/// BM25 of the tags of the questions that the person asked and answered, outside sensitive communities, against the
/// community's topics. Better; rises with every one. Cost: the postings of the tags.
pub struct TopicDeeds;

impl Signal<Communities> for TopicDeeds {
    fn name(&self) -> &'static str {
        "deeds_on_topics"
    }

    fn family(&self) -> Family {
        Family::Deed
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        out.copy_from_slice(&round.gathered.deeds);
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        let shared = view.community_texts.explain(&query.profile.deeds, community.row());
        let shared: BTreeSet<&str> = shared.iter().map(|word| word.term).collect();
        let bears = |question: QuestionIx| {
            let tags = view.questions.get(question).tags.iter();
            let named = Document::default().tagged(tags.map(|&tag| view.tags.get(tag).id.as_str()));
            named.terms().any(|(term, _)| shared.contains(term))
        };
        if shared.is_empty() {
            Vec::new()
        } else {
            deeds(view, query, bears)
        }
    }
}

/// ln(1 + questions asked and answers given in the community). Better; rises with every one: whoever gives belongs. Cost:
/// the person's questions and answers.
pub struct ActiveInside;

impl Signal<Communities> for ActiveInside {
    fn name(&self) -> &'static str {
        "deeds_inside"
    }

    fn family(&self) -> Family {
        Family::Deed
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, Communities>, out: &mut [f64]) {
        let (view, person) = (round.world, round.query.person);
        let mut counts = vec![0_u32; out.len()];
        for (community, weeks) in &view.people.get(person).evidence.communities {
            if let Some(place) = round.subjects.position(*community) {
                counts[place] += weeks.total();
            }
        }
        let asked = profile::asked(view, person, round.query.is_own());
        for community in asked.filter_map(|question| view.questions.get(question).community) {
            if let Some(place) = round.subjects.position(community) {
                counts[place] += 1;
            }
        }
        for (count, strength) in counts.into_iter().zip(out) {
            *strength = libm::log1p(f64::from(count));
        }
    }

    fn facts(&self, view: &View, query: &NewcomerQuery, community: CommunityIx) -> Vec<Proof> {
        deeds(view, query, |question| {
            view.questions.get(question).community == Some(community)
        })
    }
}

/// The newest of the person's answers and questions that `wanted` accepts, answers first; only what the viewer may see.
fn deeds(view: &View, query: &NewcomerQuery, wanted: impl Fn(QuestionIx) -> bool) -> Vec<Proof> {
    let shown = |question: QuestionIx| {
        let community = view.questions.get(question).community;
        !community.is_some_and(|c| view.is_sensitive(c)) && query.viewer.sees(view, community) && wanted(question)
    };
    let answered = view
        .accounts(query.person)
        .flat_map(|account| &view.people.get(account).answered);
    let mut answers: Vec<_> = answered
        .filter(|&&answer| view.counted(answer).is_some() && view.answers.get(answer).question.is_some_and(shown))
        .map(|&answer| {
            (
                view.answers.get(answer).state.as_ref().map(|s| s.at),
                &view.answers.get(answer).id,
                answer,
            )
        })
        .collect();
    answers.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    let asked = profile::asked(view, query.person, query.is_own());
    let mut questions: Vec<_> = asked
        .filter(|&question| shown(question))
        .map(|question| {
            let node = view.questions.get(question);
            (node.state.as_ref().map(|s| s.at), &node.id, question)
        })
        .collect();
    questions.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    let answers = answers.into_iter().map(|(.., answer)| Proof::Answer(answer));
    let questions = questions.into_iter().map(|(.., question)| Proof::Question(question));
    answers.chain(questions).take(GATHERED).collect()
}
