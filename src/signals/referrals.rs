//! What those who were asked said: "not me, but ask Léa", and "this is not what I know".

use super::{Experts, ExpertsQuery, Family, Similar};
use crate::domain::DeclineReason;
use crate::pipeline::{Round, Scale, Signal, Source};
use crate::world::{AskOutcome, PersonIx, QuestionIx, View};

/// Words about people, each with how close the question they were said of is, 0..=1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Referrals {
    /// People whom somebody named who was asked.
    pub named: Vec<(PersonIx, f64)>,
    /// People who said that the subject is not theirs.
    pub declined: Vec<(PersonIx, f64)>,
}

impl Referrals {
    /// What was said when `question` and those `similar` to it were asked about. Cost: their invitations.
    pub fn of(view: &View, question: Option<QuestionIx>, similar: &[Similar]) -> Self {
        let mut said = Self::default();
        let own = question.map(|question| (question, 1.0));
        let others = similar.iter().map(|similar| (similar.question, similar.strength));
        for (question, close) in own.into_iter().chain(others) {
            let asks = view.questions.get(question).asks.iter();
            for ask in asks.filter_map(|&ask| view.asks.get(ask).state.as_deref()) {
                let person = |id: &str| view.person(id).map(|person| (person, close));
                match &ask.outcome {
                    AskOutcome::Referred(to) => said.named.extend(person(to.as_str())),
                    AskOutcome::Declined(Some(DeclineReason::NotMySkill)) => {
                        said.declined.extend(person(ask.person.as_str()));
                    }
                    AskOutcome::Open | AskOutcome::Answered | AskOutcome::Declined(_) => {}
                }
            }
        }
        // Sums do not depend on the order in which invitations came.
        for list in [&mut said.named, &mut said.declined] {
            list.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        }
        said
    }
}

/// 1 − 2^(−Σ closeness) of `words` about each subject.
fn measure(words: &[(PersonIx, f64)], round: &Round<'_, Experts>, out: &mut [f64]) {
    for &(person, close) in words {
        if let Some(place) = round.subjects.position(person) {
            out[place] += close;
        }
    }
    out.iter_mut().for_each(|sum| *sum = 1.0 - libm::exp2(-*sum));
}

/// 1 − 2^(−Σ closeness) of this question and of similar ones about which somebody who was asked named the person. In
/// 0..1. Better; rises with every hand-over. It cites nothing: who was asked is theirs to tell. Cost: the hand-overs.
pub struct Referred;

impl Signal<Experts> for Referred {
    fn name(&self) -> &'static str {
        "referred"
    }

    fn family(&self) -> Family {
        Family::Referral
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        measure(&round.query.referrals.named, round, out);
    }
}

/// 1 − 2^(−Σ closeness) of similar questions of which the person said that they are not what they know. In 0..1. Worse;
/// rises with every such word. Declining for want of time says nothing about a subject and does not count. It is the
/// person's own, and shown to nobody else. Cost: the words.
pub struct NotTheirs;

impl Signal<Experts> for NotTheirs {
    fn name(&self) -> &'static str {
        "not_theirs"
    }

    fn family(&self) -> Family {
        Family::Availability
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, Experts>, out: &mut [f64]) {
        measure(&round.query.referrals.declined, round, out);
    }
}

/// Those whom somebody named who was asked about this question or a similar one.
pub struct Named;

impl Source<Experts> for Named {
    fn name(&self) -> &'static str {
        "named"
    }

    fn propose(&self, _: &View, query: &ExpertsQuery, into: &mut Vec<PersonIx>) {
        into.extend(query.referrals.named.iter().map(|&(person, _)| person));
    }
}
