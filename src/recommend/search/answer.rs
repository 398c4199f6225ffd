//! What a search holds: people with the evidence for them, what it was taken to be about, and facets.

use crate::domain::{PersonId, SkillId};
use crate::recommend::answer::Reason;
use crate::signals::search::{Facet, Match, TopicKind};
use std::sync::Arc;

/// One of the topics that were read out of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicShown {
    /// As it was typed.
    pub words: String,
    /// What it was recognised by.
    pub kind: TopicKind,
    /// The skills of that name, with their labels.
    pub skills: Vec<(SkillId, String)>,
}

/// How deep somebody is in a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covers {
    /// The topic, as it was typed.
    pub topic: String,
    /// `some`, `solid` or `deep`.
    pub depth: &'static str,
}

/// Somebody who is found. No number compares them with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Who.
    pub subject: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
    /// How they match.
    pub matched: Match,
    /// The topics that they cover, in the order in which they were typed.
    pub covers: Vec<Covers>,
    /// Why: what has records first. Contributions are for checking, and are not told.
    pub reasons: Vec<Reason>,
    /// Whether they can be turned to now; why not is theirs.
    pub available: bool,
    /// Job title.
    pub title: Option<Arc<str>>,
    /// Where they work.
    pub unit: Option<Arc<str>>,
    /// Town or building.
    pub site: Option<Arc<str>>,
    /// Where the platform shows them.
    pub url: Option<Arc<str>>,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// What to send to filter by it.
    pub value: String,
    /// What it is called, in the reader's language.
    pub label: String,
    /// How many of those who are found have it.
    pub count: usize,
}

/// Why nobody is found, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nobody {
    /// Why, stable.
    pub code: &'static str,
    /// It, and what to do, in the reader's language.
    pub text: String,
    /// The filters without each of which somebody is found.
    pub leave_out: Vec<&'static str>,
}

/// People who know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchAnswer {
    /// A part of them, in order.
    pub items: Vec<Hit>,
    /// Whether others come after them.
    pub more: bool,
    /// What was read out of what was typed.
    pub topics: Vec<TopicShown>,
    /// How many match exactly, and how many come close, the parts before and after included.
    pub exact: usize,
    /// See `exact`.
    pub close: usize,
    /// What they are like.
    pub facets: Vec<(Facet, Vec<FacetValue>)>,
    /// Why there is nobody, when there is nobody.
    pub nobody: Option<Nobody>,
    /// The weights that were used.
    pub model: String,
}
