//! What every answer is made of, before it is written as JSON or shown in a terminal: reasons, and records behind them.

use super::tongue::Tongue;
use crate::domain::Timestamp;
use crate::pipeline::{Part, Task};
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

/// Reasons that are told one by one at most.
const REASONS: usize = 3;
/// What weighs less than this share of the weightiest reason is not told one by one.
const TOLD: f64 = 0.2;

impl Reason {
    /// All that weighs less than the reasons that are told, as one: contributions still sum to the score.
    pub(super) fn rest(tongue: Tongue, contribution: f64) -> Self {
        let text = match tongue {
            Tongue::English => "and smaller signs",
            Tongue::French => "et d’autres signes plus ténus",
        };
        Self {
            code: "other",
            params: Vec::new(),
            text: text.to_owned(),
            contribution,
            facts: Vec::new(),
        }
    }
}

/// What is told one by one of `named`, which stand in the order of their contributions: three at most, of those that
/// weigh enough and `holds`; and the sum of the rest, where there is one.
pub(super) fn split<T: Task, N>(
    named: Vec<(&Part<T>, N)>,
    holds: impl Fn(&Part<T>) -> bool,
) -> (Vec<(&Part<T>, N)>, Option<f64>) {
    let most = named.first().map_or(0.0, |(part, _)| part.contribution);
    let tells = |part: &Part<T>| part.contribution >= TOLD * most && holds(part);
    let (mut told, rest): (Vec<_>, Vec<_>) = named.into_iter().partition(|(part, _)| tells(part));
    // What has records says more of somebody than what holds for nearly everybody.
    told.sort_by_key(|(part, _)| part.facts.is_empty());
    let smaller = told.iter().skip(REASONS).chain(&rest);
    let smaller: Vec<f64> = smaller.map(|(part, _)| part.contribution).collect();
    told.truncate(REASONS);
    told.sort_by(|a, b| b.0.contribution.total_cmp(&a.0.contribution));
    (told, (!smaller.is_empty()).then(|| smaller.iter().sum()))
}
