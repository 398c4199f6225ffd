//! Which events go with a person, and which stay without their name.

use crate::domain::{EventKey, FactBody, PersonId, Timestamp};
use crate::ingest::{Decoded, FutureRule, decode};
use crate::world::{Things, World};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is to be done to the log.
#[derive(Default)]
pub(in crate::app) struct Selection {
    /// The events that go.
    pub(in crate::app) keys: BTreeSet<EventKey>,
    /// The events that stay, in other words: a community stands without its sponsor.
    pub(in crate::app) rewritten: Vec<Decoded>,
    /// The questions and answers of which nothing stays.
    pub(in crate::app) things: Things,
}

impl Selection {
    /// What goes with the people behind `accounts`, whom `named` are all the events that name. Cost: these, and what was
    /// said of their questions, answers and invitations.
    pub(in crate::app) fn of<'d>(
        world: &World,
        accounts: &BTreeSet<PersonId>,
        named: impl Iterator<Item = &'d Decoded>,
        now: Timestamp,
    ) -> Self {
        let mut selection = Self::default();
        selection.things.people.clone_from(accounts);
        for decoded in named {
            let things = &mut selection.things;
            match &decoded.fact.body {
                FactBody::CommunityUpserted { .. } => {
                    if let Some(other) = without_sponsor(decoded, now) {
                        selection.rewritten.push(other);
                        continue;
                    }
                }
                FactBody::QuestionCreated { question, .. } => _ = things.questions.insert(question.clone()),
                FactBody::AnswerCreated { answer, .. } => _ = things.answers.insert(answer.clone()),
                FactBody::AskSent { ask, .. } => _ = things.asks.insert(ask.clone()),
                _ => {}
            }
            selection.keys.insert(decoded.fact.key.clone());
        }
        for fact in world.facts_about(&selection.things) {
            // What somebody else asked, answered or was asked under the same identifier is theirs.
            let made = matches!(
                fact.body,
                FactBody::QuestionCreated { .. } | FactBody::AnswerCreated { .. } | FactBody::AskSent { .. }
            );
            if !made {
                selection.keys.insert(fact.key.clone());
            }
        }
        selection.close(world);
        selection
    }

    /// The events under `keys` alone, and their retractions.
    pub(in crate::app) fn of_keys(world: &World, keys: BTreeSet<EventKey>) -> Self {
        let mut selection = Self {
            keys,
            ..Self::default()
        };
        selection.close(world);
        selection
    }

    /// Adds the retractions of what goes, and theirs: they would name events that are not there.
    fn close(&mut self, world: &World) {
        let mut open: Vec<EventKey> = self.keys.iter().cloned().collect();
        while let Some(key) = open.pop() {
            for retraction in world.retractions_of(&key) {
                if self.keys.insert(retraction.key.clone()) {
                    open.push(retraction.key.clone());
                }
            }
        }
    }
}

/// The same description of a community, which now says that it has no sponsor.
fn without_sponsor(decoded: &Decoded, now: Timestamp) -> Option<Decoded> {
    let mut line: Value = serde_json::from_slice(&decoded.canonical).ok()?;
    *line.pointer_mut("/data/sponsor")? = Value::Null;
    decode(line.to_string().as_bytes(), FutureRule::Accept { now }).ok()
}
