//! Finding what facts speak about, and forgetting facts as if they had never come.
//!
//! Invariant: a World that forgot facts equals one that was never told them, to the bit; only memory that no answer reads
//! may remember that they were there.

use super::World;
use super::slot::SlotKey;
use crate::domain::{AnswerId, AskId, EventKey, Fact, FactBody, PersonId, QuestionId};
use std::collections::BTreeSet;

/// Things that facts speak about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Things {
    /// Questions: what they say, and the votes on them.
    pub questions: BTreeSet<QuestionId>,
    /// Answers: what they say, whether they are accepted, and the votes on them.
    pub answers: BTreeSet<AnswerId>,
    /// Invitations, and what became of them.
    pub asks: BTreeSet<AskId>,
    /// People whom a verdict on a recommendation is about.
    pub people: BTreeSet<PersonId>,
}

impl Things {
    fn speaks(&self, fact: &Fact) -> bool {
        match SlotKey::of(&fact.key, &fact.body) {
            Some(SlotKey::Question(id)) => self.questions.contains(&id),
            Some(SlotKey::Answer(id)) => self.answers.contains(&id),
            Some(SlotKey::Ask(id)) => self.asks.contains(&id),
            _ => self.judges(fact),
        }
    }

    fn judges(&self, fact: &Fact) -> bool {
        match &fact.body {
            FactBody::FeedbackGiven { subject, .. } => self.people.contains(&PersonId::new(&**subject)),
            _ => false,
        }
    }
}

impl World {
    /// Every fact that came about one of `things`, whether or not it holds. Cost: these facts, all verdicts, and all facts
    /// that were undone.
    pub fn facts_about(&self, things: &Things) -> Vec<&Fact> {
        let questions = things.questions.iter().cloned().map(SlotKey::Question);
        let answers = things.answers.iter().cloned().map(SlotKey::Answer);
        let asks = things.asks.iter().cloned().map(SlotKey::Ask);
        let slots: Vec<SlotKey> = questions.chain(answers).chain(asks).collect();
        let holding = slots.iter().flat_map(|slot| self.ledger.facts_of(slot));
        let verdicts = self
            .view
            .feedback()
            .flat_map(|(_, facts)| facts.iter().map(|fact| &**fact));
        let undone = self.ledger.undone().filter(|fact| things.speaks(fact));
        holding
            .chain(verdicts.filter(|fact| things.judges(fact)))
            .chain(undone)
            .collect()
    }

    /// The retractions that came of the event under `key`, whether or not they hold.
    pub fn retractions_of(&self, key: &EventKey) -> impl Iterator<Item = &Fact> {
        self.ledger.retractions_of(key)
    }

    /// Every fact that came, whether or not it holds, in no order. Cost: all of them.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.ledger.facts()
    }

    /// Forgets the events under `keys` as if they had never come; unknown ones are passed over. Cost: the facts of their
    /// slots, and what these contribute to the view; all facts once when the very latest goes.
    pub fn forget(&mut self, keys: &BTreeSet<EventKey>) {
        for slot in self.ledger.remove(keys) {
            let state = self.ledger.state(&slot);
            self.view.update(&slot, state);
        }
        self.view.set_newest(self.ledger.newest());
    }
}
