//! What an answer about communities for a person holds.

use crate::domain::{CommunityId, CommunityKind, MemberRole, PersonId, QuestionId, Timestamp};
use crate::recommend::answer::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Somebody to greet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Who.
    pub person: PersonId,
    /// The name that colleagues use.
    pub name: Option<Arc<str>>,
    /// Their part in the community.
    pub role: MemberRole,
    /// Where the platform shows them.
    pub url: Option<Arc<str>>,
    /// A few words to send, to be edited.
    pub words: String,
}

/// A question that waits, and that the person could answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub question: QuestionId,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// When it was asked.
    pub at: Option<Timestamp>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Why this one, in the reader's language.
    pub text: String,
}

/// A community where the person may belong.
#[derive(Clone, Debug, PartialEq)]
pub struct Welcome {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// What it is for.
    pub kind: CommunityKind,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Where its charter is.
    pub charter_url: Option<Arc<str>>,
    /// Place in this answer, from 1.
    pub rank: usize,
    /// Place by relevance alone.
    pub base_rank: usize,
    /// Relevance within this one answer; comparable to nothing else.
    pub score: f64,
    /// For what it is shown: `close` to what the person knows, `around` them, or `open` to all.
    pub ground: &'static str,
    /// Whether it lies outside the person's usual circle: one in five does.
    pub side_step: bool,
    /// Why the place is not the one by relevance: `vigour`, `diversity`, `own_subject` or `side_step`.
    pub moved_by: Option<&'static str>,
    /// Why: the three that weigh most, the weightiest first, and whatever else counts as one.
    pub reasons: Vec<Reason>,
    /// Somebody to greet, where there is somebody who has the time.
    pub greet: Option<Greeting>,
    /// Two questions to answer, where some wait.
    pub questions: Vec<Waiting>,
}

/// The code of a [`Note`]: nothing in a language of the person's is left, and what is shown works in others.
pub const OTHER_LANGUAGE: &str = "other_language";

/// What is to be known of all that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable across versions.
    pub code: &'static str,
    /// It, in the reader's language.
    pub text: &'static str,
}

/// Communities for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunitiesAnswer {
    /// Those shown, in order.
    pub items: Vec<Welcome>,
    /// How many come after them.
    pub reserve: usize,
    /// How many were not considered, by code.
    pub excluded: BTreeMap<&'static str, usize>,
    /// Why there is no item, when there is none: `left`, `opted_out` (`unavailable` to others than the person), or
    /// `nothing_open` when every community is excluded for a reason of its own.
    pub nothing: Option<&'static str>,
    /// What is to be known of all that is shown: the code `other_language`.
    pub note: Option<Note>,
    /// The weights that were used.
    pub model: String,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}
