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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AskId, FactBody, PersonId};
    use crate::pipeline::Filter as _;
    use crate::signals::sample::Sample;
    use crate::signals::{Eligibility, Exclusion};

    #[test]
    fn who_is_named_is_proposed_and_who_declined_is_not_asked_again() {
        let mut sample = Sample::of(&["asker", "bo", "cy", "di", "lea"]);
        sample.question("q", "asker", None, 0);
        for (n, person) in ["bo", "cy", "di"].into_iter().enumerate() {
            sample.ask(&n.to_string(), "q", person, 1);
        }
        let to = PersonId::new("lea");
        sample.say(
            2,
            FactBody::AskReferred {
                ask: AskId::new("0"),
                to,
            },
        );
        sample.decline("1", Some(DeclineReason::NotMySkill), 2);
        let query = sample.query("q", 3);
        assert_eq!(query.referrals.named, [(sample.ix("lea"), 1.0)]);
        assert_eq!(query.referrals.declined, [(sample.ix("cy"), 1.0)]);
        let mut proposed = Vec::new();
        Named.propose(sample.view(), &query, &mut proposed);
        assert_eq!(proposed, [sample.ix("lea")]);
        let why = |person: &str| {
            let mut reasons = Exclusion::ALL.into_iter();
            reasons.find_map(|reason| Eligibility(reason).excludes(sample.view(), &query, sample.ix(person)))
        };
        assert_eq!(why("bo"), Some(Exclusion::Declined), "passed it on");
        assert_eq!(why("cy"), Some(Exclusion::Declined));
        assert_eq!(why("di"), Some(Exclusion::AskedAlready), "no word yet");
        assert_eq!(why("lea"), None);
    }

    #[test]
    fn nobody_of_the_unit_when_somebody_from_outside_is_wanted() {
        let mut sample = Sample::of(&[]);
        for (person, unit) in [
            ("asker", "works/pumps"),
            ("same", "works/pumps"),
            ("below", "works/pumps/night"),
            ("above", "works"),
            ("beside", "works/pumps2"),
        ] {
            sample.person(person, Some(unit), &[]);
        }
        sample.question("q", "asker", None, 0);
        let mut query = sample.query("q", 1);
        let excluded = |query: &ExpertsQuery| {
            let people = ["same", "below", "above", "beside"].into_iter();
            let out = people.filter(|person| {
                Eligibility(Exclusion::SameUnit)
                    .excludes(sample.view(), query, sample.ix(person))
                    .is_some()
            });
            out.collect::<Vec<_>>()
        };
        assert!(excluded(&query).is_empty());
        query.outside_unit = true;
        assert_eq!(excluded(&query), ["same", "below"]);
    }
}
