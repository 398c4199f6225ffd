//! What every answer is made of, before it is written as JSON or shown in a terminal: reasons, and records behind them.

use crate::domain::Timestamp;
use std::sync::Arc;

/// A record that the reader can look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// What it is: `answer`, `skill_declared`, `skill_endorsed`, `skill_imported`, `interest`, `membership`,
    /// `participation`, `question`, `person` or `proposal`.
    pub kind: &'static str,
    /// Its identifier on the platform.
    pub id: String,
    /// When it became true, where that is one instant.
    pub at: Option<Timestamp>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
}

/// A value in a reason, for platforms that word it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A count.
    Count(usize),
    /// A name or a title.
    Text(String),
    /// Names.
    List(Vec<String>),
}

/// Why somebody is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What it is about, stable across versions.
    pub code: &'static str,
    /// Its values.
    pub params: Vec<(&'static str, Param)>,
    /// It, in the reader's language.
    pub text: String,
    /// What it adds to the score. The contributions of a pick sum to its score.
    pub contribution: f64,
    /// The records behind it, the weightiest first.
    pub facts: Vec<Citation>,
}
