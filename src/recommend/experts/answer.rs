//! What an answer about people who could answer holds.

use super::confidence::Confidence;
use crate::domain::{PersonId, Timestamp};
use crate::recommend::answer::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Somebody who could answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// Who.
    pub subject: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
    /// Place in this answer, from 1.
    pub rank: usize,
    /// Place by relevance alone.
    pub base_rank: usize,
    /// The wave in which to turn to them, from 1.
    pub wave: u16,
    /// Relevance within this one answer; comparable to nothing else.
    pub score: f64,
    /// How likely they answer.
    pub confidence: Confidence,
    /// Why: the three that weigh most, the weightiest first, and whatever else counts as one.
    pub reasons: Vec<Reason>,
    /// Why the place is not the one by relevance: `load`, `returning`, `wave`, `group` or `plan`. That somebody is back
    /// from leave is told to them alone; to others it is their load.
    pub moved_by: Option<&'static str>,
    /// A few words to send, to be edited.
    pub invitation: String,
}

/// People who could answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertsAnswer {
    /// Those to turn to, in order.
    pub items: Vec<Pick>,
    /// How many candidates come after them.
    pub reserve: usize,
    /// How many candidates were not considered, by code.
    pub excluded: BTreeMap<&'static str, usize>,
    /// When to turn to the next wave, if there is one and nobody answered: a day after the last was sent, or after the
    /// question was asked. It does not move with the clock, and may be past.
    pub next_wave_at: Option<Timestamp>,
    /// The weights that were used.
    pub model: String,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}
