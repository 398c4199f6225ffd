//! Marks of what was erased: keyed hashes by which it is known again when it comes back, and from which nobody without the
//! data can read anything.

use crate::domain::{Fact, FactBody, PersonId, VoteTarget};
use crate::store::Tombstone;
use crate::world::View;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;

/// The bytes of a mark.
type Mark = [u8; 16];

/// What can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Erasable<'i> {
    /// An account.
    Person(&'i str),
    /// A question: what is said of it later may hold its text again.
    Question(&'i str),
    /// An answer.
    Answer(&'i str),
    /// An invitation to answer: what became of it may come again.
    Ask(&'i str),
}

/// The marks that stand, and the secret that keys them: the identity of the data.
pub(in crate::app) struct Marks {
    secret: [u8; 16],
    standing: HashSet<Mark>,
}

impl Marks {
    /// The marks of `stones`.
    pub(in crate::app) fn of<'s>(secret: [u8; 16], stones: impl Iterator<Item = &'s Tombstone>) -> Self {
        let standing = stones.map(|stone| stone.mark).collect();
        Self { secret, standing }
    }

    /// Lets `stones` stand.
    pub(in crate::app) fn stand(&mut self, stones: &[Tombstone]) {
        self.standing.extend(stones.iter().map(|stone| stone.mark));
    }

    /// What stands for `thing`.
    pub(in crate::app) fn mark(&self, thing: Erasable<'_>) -> Mark {
        let (noun, id) = match thing {
            Erasable::Person(id) => ("person", id),
            Erasable::Question(id) => ("question", id),
            Erasable::Answer(id) => ("answer", id),
            Erasable::Ask(id) => ("ask", id),
        };
        let hash = Sha256::new().chain_update(b"erased\0").chain_update(self.secret);
        let digest: [u8; 32] = hash
            .chain_update(noun)
            .chain_update(b"\0")
            .chain_update(id)
            .finalize()
            .into();
        let mut mark = Mark::default();
        mark.copy_from_slice(&digest[..16]);
        mark
    }

    /// Whether `thing` was erased.
    pub(in crate::app) fn hold(&self, thing: Erasable<'_>) -> bool {
        !self.standing.is_empty() && self.standing.contains(&self.mark(thing))
    }

    /// Whether `fact` names somebody who was erased, or says something of what they asked or answered. Others' answers to
    /// their questions are taken. Cost: nothing where nobody was erased, a hash for each name otherwise.
    pub(in crate::app) fn refuse(&self, view: &View, fact: &Fact) -> bool {
        if self.standing.is_empty() {
            return false;
        }
        let names = fact.body.people().into_iter().map(PersonId::as_str);
        names.into_iter().any(|id| self.hold(Erasable::Person(id))) || self.refuse_about(view, fact)
    }

    /// The people whom `fact` names or judges, and who were erased.
    pub(in crate::app) fn erased_in<'f>(
        &self,
        view: &View,
        fact: &'f Fact,
    ) -> impl Iterator<Item = PersonId> + use<'f> {
        let judged = judged(view, fact).map(PersonId::new);
        let mut people: Vec<PersonId> = fact.body.people().into_iter().cloned().chain(judged).collect();
        people.retain(|person| self.hold(Erasable::Person(person.as_str())));
        people.into_iter()
    }

    fn refuse_about(&self, view: &View, fact: &Fact) -> bool {
        use FactBody as F;
        match &fact.body {
            F::QuestionEdited { question, .. }
            | F::QuestionDeleted { question }
            | F::QuestionClosed { question }
            | F::QuestionReopened { question }
            | F::VoteAdded {
                target: VoteTarget::Question(question),
                ..
            }
            | F::VoteRemoved {
                target: VoteTarget::Question(question),
                ..
            } => self.hold(Erasable::Question(question.as_str())),
            F::AnswerDeleted { answer }
            | F::AnswerAccepted { answer }
            | F::AnswerUnaccepted { answer }
            | F::AnswerScored { answer, .. }
            | F::VoteAdded {
                target: VoteTarget::Answer(answer),
                ..
            }
            | F::VoteRemoved {
                target: VoteTarget::Answer(answer),
                ..
            } => self.hold(Erasable::Answer(answer.as_str())),
            F::AskAnswered { ask, .. } | F::AskDeclined { ask, .. } | F::AskReferred { ask, .. } => {
                self.hold(Erasable::Ask(ask.as_str()))
            }
            _ => judged(view, fact).is_some_and(|id| self.hold(Erasable::Person(id))),
        }
    }
}

/// Whom a verdict is about; it may be about a community instead, which may bear the same name.
fn judged<'f>(view: &View, fact: &'f Fact) -> Option<&'f str> {
    match &fact.body {
        FactBody::FeedbackGiven { subject, .. } => Some(&**subject).filter(|id| view.communities.find(*id).is_none()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_for_one_thing_of_one_organisation() {
        let marks = Marks::of([1; 16], std::iter::empty());
        let all = [
            marks.mark(Erasable::Person("a")),
            marks.mark(Erasable::Question("a")),
            marks.mark(Erasable::Answer("a")),
            marks.mark(Erasable::Ask("a")),
            marks.mark(Erasable::Person("b")),
            Marks::of([2; 16], std::iter::empty()).mark(Erasable::Person("a")),
        ];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        let stone = Tombstone {
            mark: all[0],
            at_micros: 0,
        };
        let mut marks = marks;
        assert!(!marks.hold(Erasable::Person("a")));
        marks.stand(&[stone]);
        assert!(marks.hold(Erasable::Person("a")) && !marks.hold(Erasable::Question("a")));
    }
}
