//! Layer 1: the set of facts, and which of them hold.
//!
//! A fact holds unless a retraction that holds targets it; a retraction is undone only by a later one, so the question
//! always has an answer. Each slot keeps the facts that hold in their total order, whatever order they came in.

use super::fold::{self, Renames, State};
use super::slot::SlotKey;
use crate::domain::{ContentHash, EventKey, EventType, Fact, FactBody, Timestamp};
use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::sync::Arc;

/// The facts of an organisation.
#[derive(Default)]
pub struct Ledger {
    facts: HashTable<Arc<Fact>>,
    hasher: DefaultHashBuilder,
    slots: HashMap<SlotKey, Vec<Arc<Fact>>>,
    /// Retractions by the key they target, whether or not that event came.
    retractions: HashMap<EventKey, Vec<Arc<Fact>>>,
    /// Facts that came and do not hold.
    dead: HashSet<EventKey>,
    counts: HashMap<EventType, u64>,
    newest: Option<Timestamp>,
    renames: Renames,
}

impl Ledger {
    /// The content under `key`, if an event with that key came.
    pub fn content(&self, key: &EventKey) -> Option<ContentHash> {
        self.find(key).map(|fact| fact.content)
    }

    /// The event under `key`, if one came.
    pub fn fact(&self, key: &EventKey) -> Option<&Fact> {
        self.find(key).map(|fact| &**fact)
    }

    /// Takes in a fact whose key is new, and returns the slots whose facts changed.
    pub fn insert(&mut self, fact: Fact) -> BTreeSet<SlotKey> {
        let fact = Arc::new(fact);
        *self.counts.entry(fact.body.kind()).or_default() += 1;
        let hash = self.hasher.hash_one(&fact.key);
        let hasher = &self.hasher;
        self.facts
            .insert_unique(hash, Arc::clone(&fact), |other| hasher.hash_one(&other.key));
        // Nothing holds until it is looked at: a new fact starts as dead and is raised below.
        self.dead.insert(fact.key.clone());
        let mut changed = BTreeSet::new();
        let to_check = vec![fact.key.clone()];
        if let FactBody::FactRetracted { target } = &fact.body {
            self.retractions
                .entry(target.clone())
                .or_default()
                .push(Arc::clone(&fact));
        }
        self.settle(to_check, &mut changed);
        changed
    }

    /// Forgets the events under `keys`, and returns the slots whose facts changed. Cost: the facts of these slots; all facts
    /// once when the latest goes.
    pub fn remove(&mut self, keys: &BTreeSet<EventKey>) -> BTreeSet<SlotKey> {
        let (mut changed, mut to_check) = (BTreeSet::new(), Vec::new());
        let mut lost_newest = false;
        for key in keys {
            let hash = self.hasher.hash_one(key);
            let Ok(entry) = self.facts.find_entry(hash, |fact| fact.key == *key) else {
                continue;
            };
            let (fact, _) = entry.remove();
            if !self.dead.remove(key) {
                lost_newest |= self.newest == Some(fact.at);
                changed.extend(self.place(&fact, false));
            }
            self.uncount(fact.body.kind());
            if let FactBody::FactRetracted { target } = &fact.body {
                let others = self.retractions.remove(target).into_iter().flatten();
                let others: Vec<_> = others.filter(|other| other.key != *key).collect();
                if !others.is_empty() {
                    self.retractions.insert(target.clone(), others);
                }
                to_check.push(target.clone());
            }
        }
        self.settle(to_check, &mut changed);
        if lost_newest {
            self.newest = self.latest();
        }
        changed
    }

    /// Looks at the facts under `to_check` anew, and at what they retract, and notes the slots that change by it.
    fn settle(&mut self, mut to_check: Vec<EventKey>, changed: &mut BTreeSet<SlotKey>) {
        while let Some(key) = to_check.pop() {
            let Some(fact) = self.find(&key).cloned() else { continue };
            let holds = self.holds(&fact);
            if holds != self.dead.contains(&key) {
                continue;
            }
            if holds {
                self.dead.remove(&key);
            } else {
                self.dead.insert(key);
            }
            if let FactBody::FactRetracted { target } = &fact.body {
                to_check.push(target.clone());
            }
            self.note_instant(&fact, holds);
            changed.extend(self.place(&fact, holds));
        }
        if changed.contains(&SlotKey::UnitRenames) {
            self.renames = self
                .slots
                .get(&SlotKey::UnitRenames)
                .map(|h| Renames::fold(h))
                .unwrap_or_default();
            changed.extend(self.slots.keys().filter(|key| names_a_unit(key)).cloned());
        }
    }

    /// The state of `key`, folded from the facts that hold.
    pub fn state(&self, key: &SlotKey) -> Option<State> {
        fold::resolve(key, self.slots.get(key)?, &self.renames)
    }

    /// The slots that `facts` would change if they came too, each with the state it would have and the instant of the latest
    /// of them. Those whose key is known, that a retraction targets, or that speak about more than one slot are passed over.
    pub fn states_with(&self, facts: &[Fact]) -> Vec<(SlotKey, Option<State>, Timestamp)> {
        let mut come: HashSet<&EventKey> = HashSet::new();
        let mut touched: BTreeMap<SlotKey, Vec<Arc<Fact>>> = BTreeMap::new();
        for fact in facts {
            let is_new = self.find(&fact.key).is_none() && come.insert(&fact.key);
            let slot = SlotKey::of(&fact.key, &fact.body).filter(|slot| *slot != SlotKey::UnitRenames);
            if let Some(slot) = slot.filter(|_| is_new && self.holds(fact)) {
                touched.entry(slot).or_default().push(Arc::new(fact.clone()));
            }
        }
        let state = |(slot, mut history): (SlotKey, Vec<Arc<Fact>>)| {
            let latest = history.iter().map(|fact| fact.at).max()?;
            history.extend(self.slots.get(&slot).into_iter().flatten().cloned());
            history.sort_by(|a, b| a.order(b));
            let state = fold::resolve(&slot, &history, &self.renames);
            Some((slot, state, latest))
        };
        touched.into_iter().filter_map(state).collect()
    }

    /// Every slot that has facts, in the order of keys.
    pub fn slots(&self) -> Vec<&SlotKey> {
        let mut keys: Vec<_> = self.slots.keys().collect();
        keys.sort_unstable();
        keys
    }

    /// How many events of each type came, whether or not they hold; only types that came.
    pub fn counts(&self) -> &HashMap<EventType, u64> {
        &self.counts
    }

    /// The latest instant of a fact that holds, retractions apart.
    pub fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// The facts of `slot` that hold, in their order.
    pub fn facts_of(&self, slot: &SlotKey) -> impl Iterator<Item = &Fact> {
        self.slots.get(slot).into_iter().flatten().map(|fact| &**fact)
    }

    /// The facts that came and do not hold, in no order.
    pub fn undone(&self) -> impl Iterator<Item = &Fact> {
        self.dead.iter().filter_map(|key| self.fact(key))
    }

    /// The retractions that came of the event under `key`.
    pub fn retractions_of(&self, key: &EventKey) -> impl Iterator<Item = &Fact> {
        self.retractions.get(key).into_iter().flatten().map(|fact| &**fact)
    }

    /// Every fact that came, in no order.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().map(|fact| &**fact)
    }

    fn uncount(&mut self, kind: EventType) {
        if let Some(count) = self.counts.get_mut(&kind) {
            *count -= 1;
        }
        self.counts.retain(|_, count| *count > 0);
    }

    /// The latest instant of a fact that holds, retractions apart, found by looking at all.
    fn latest(&self) -> Option<Timestamp> {
        let speaks = |f: &&Arc<Fact>| !matches!(f.body, FactBody::FactRetracted { .. }) && !self.dead.contains(&f.key);
        self.facts.iter().filter(speaks).map(|f| f.at).max()
    }

    fn find(&self, key: &EventKey) -> Option<&Arc<Fact>> {
        self.facts.find(self.hasher.hash_one(key), |fact| fact.key == *key)
    }

    fn holds(&self, fact: &Fact) -> bool {
        let is_retraction = matches!(fact.body, FactBody::FactRetracted { .. });
        let undoes = |retraction: &Arc<Fact>| {
            !self.dead.contains(&retraction.key) && (!is_retraction || retraction.order(fact) == Ordering::Greater)
        };
        !self
            .retractions
            .get(&fact.key)
            .is_some_and(|all| all.iter().any(undoes))
    }

    /// Keeps the latest instant. Losing the very latest fact is rare: then all are looked through.
    fn note_instant(&mut self, fact: &Fact, holds: bool) {
        if matches!(fact.body, FactBody::FactRetracted { .. }) {
            return;
        }
        if holds {
            self.newest = self.newest.max(Some(fact.at));
        } else if self.newest == Some(fact.at) {
            self.newest = self.latest();
        }
    }

    /// Puts `fact` into its slot's history, or takes it out.
    fn place(&mut self, fact: &Arc<Fact>, holds: bool) -> Option<SlotKey> {
        let key = SlotKey::of(&fact.key, &fact.body)?;
        let history = self.slots.entry(key.clone()).or_default();
        match (history.binary_search_by(|other| other.order(fact)), holds) {
            (Err(place), true) => history.insert(place, Arc::clone(fact)),
            (Ok(place), false) => {
                history.remove(place);
            }
            (Ok(_), true) | (Err(_), false) => {}
        }
        if history.is_empty() {
            self.slots.remove(&key);
        }
        Some(key)
    }
}

/// Whether the state of the slot holds paths of units, which a renaming changes.
fn names_a_unit(key: &SlotKey) -> bool {
    matches!(key, SlotKey::Person(_) | SlotKey::Community(_) | SlotKey::Project(_))
}
