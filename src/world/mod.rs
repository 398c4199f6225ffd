//! The World: an organisation in memory, as the fold of its facts.
//!
//! [`World::apply`] is the only way anything changes. Layer 1 (`ledger`, `fold`) keeps the facts and says what each slot
//! shows; layer 2 ([`View`]) is what answers are computed from. Whatever the order of arrival, the same set of facts
//! gives the same view and the same [`Digest`]. Nothing here reads a clock, a file or a socket, and nothing can fail.

mod buckets;
mod digest;
mod fold;
mod forget;
mod graph;
pub mod latent;
mod ledger;
mod slot;
#[cfg(test)]
#[path = "tests/small.rs"]
mod small;
mod table;
pub mod text;
mod view;

pub use buckets::{Buckets, Decay, Width};
pub use digest::Digest;
pub use fold::{
    AnswerState, AskOutcome, AskState, AssertionState, CapacityState, Chosen, CommunityState, MembershipState,
    OfferState, ParticipationState, PersonState, ProjectState, ProposalState, QuestionState, SkillState, Stand, Stay,
};
pub use forget::Things;
pub use graph::{Network, Relation, Thing, Tie};
pub use table::{AnswerIx, AskIx, CommunityIx, Ix, PersonIx, ProjectIx, QuestionIx, SEGMENT, SkillIx, Table, TagIx};
pub use view::{
    AnswerNode, AskNode, CommunityNode, Contribution, Counts, Difference, Evidence, Gift, PersonNode, ProjectNode,
    QuestionNode, SkillNode, TagNode, View, latency_log_minutes,
};

use crate::domain::{ContentHash, EventKey, EventType, Fact};
use hashbrown::HashMap;
use latent::Basis;
use ledger::Ledger;
use std::sync::Arc;

/// What became of a fact that was given to the World.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is new, and taken in.
    New,
    /// The same event came before: nothing changed.
    Duplicate,
    /// Another event came before under the same key: it was kept, this one is not taken in.
    Reused,
}

/// An organisation: its facts, and the view folded from them.
#[derive(Default)]
pub struct World {
    ledger: Ledger,
    view: View,
}

impl World {
    /// Takes in a fact. Cost: the facts of its slot, and what that slot contributes to the view.
    pub fn apply(&mut self, fact: Fact) -> Applied {
        match self.ledger.content(&fact.key) {
            Some(content) if content == fact.content => return Applied::Duplicate,
            Some(_) => return Applied::Reused,
            None => {}
        }
        for slot in self.ledger.insert(fact) {
            let state = self.ledger.state(&slot);
            self.view.update(&slot, state);
        }
        self.view.set_newest(self.ledger.newest());
        Applied::New
    }

    /// The event under `key`, if one came, whether or not it holds.
    pub fn fact(&self, key: &EventKey) -> Option<&Fact> {
        self.ledger.fact(key)
    }

    /// The content of the event under `key`, if one came.
    pub fn content(&self, key: &EventKey) -> Option<ContentHash> {
        self.ledger.content(key)
    }

    /// What readers see. A clone of it is a snapshot.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The view as it would be if `facts` came too; the World stays as it is. Retractions and renamings of units, which
    /// reach beyond one slot, are passed over. Cost: a clone of the view, and the facts of the slots that are touched.
    pub fn view_with(&self, facts: &[Fact]) -> View {
        let mut view = self.view.clone();
        if facts.is_empty() {
            return view;
        }
        let mut newest = self.ledger.newest();
        for (slot, state, latest) in self.ledger.states_with(facts) {
            view.update(&slot, state);
            newest = newest.max(Some(latest));
        }
        view.set_newest(newest);
        view
    }

    /// The digest of all states. Cost: every slot is folded once.
    pub fn digest(&self) -> Digest {
        digest::digest(&self.ledger)
    }

    /// How many events of each type came; only types that came.
    pub fn events(&self) -> &HashMap<EventType, u64> {
        self.ledger.counts()
    }

    /// Reads what questions are about by `basis` from now on; `None` reads nothing. No fact changes by it. Cost: every
    /// question's terms, and every answer once.
    pub fn set_basis(&mut self, basis: Option<Arc<Basis>>) {
        self.view.set_basis(basis);
    }

    /// A view built anew from layer 1 and the basis alone, slot by slot: what incremental updates must equal.
    pub fn rebuilt(&self) -> View {
        let mut view = View::default();
        view.set_basis(self.view.basis().cloned());
        for slot in self.ledger.slots() {
            view.update(slot, self.ledger.state(slot));
        }
        view.set_newest(self.ledger.newest());
        view
    }
}
