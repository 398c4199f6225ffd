//! Skills: their labels and merges, who says that somebody has them, and the person's own stand.

use super::History;
use crate::domain::{Audience, FactBody, Level, SkillId, Timestamp};
use std::sync::Arc;

/// What is known of a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SkillState {
    /// Whether it was described.
    pub known: bool,
    /// Language tag and label, sorted by tag.
    pub labels: Option<Vec<(Arc<str>, Arc<str>)>>,
    /// Other names.
    pub aliases: Option<Vec<Arc<str>>>,
    /// Wider skills.
    pub broader: Option<Vec<SkillId>>,
    /// Where a public nomenclature describes it.
    pub uri: Option<Arc<str>>,
    /// The skill it was merged into. Describing it again does not part them: only undoing the merge does.
    pub merged_into: Option<SkillId>,
}

impl SkillState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state = Self::default();
        for fact in history {
            match &fact.body {
                FactBody::SkillUpserted { patch, .. } => {
                    state.known = true;
                    patch.labels.apply_to(&mut state.labels);
                    patch.aliases.apply_to(&mut state.aliases);
                    patch.broader.apply_to(&mut state.broader);
                    patch.uri.apply_to(&mut state.uri);
                }
                FactBody::SkillMerged { into, .. } => state.merged_into = Some(into.clone()),
                _ => {}
            }
        }
        (!history.is_empty()).then_some(state)
    }
}

/// An assertion that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssertionState {
    /// When it was made.
    pub at: Timestamp,
    /// The level stated.
    pub level: Option<Level>,
}

impl AssertionState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        match &history.last()?.body {
            FactBody::SkillAsserted { level, .. } => Some(Self {
                at: history.last()?.at,
                level: *level,
            }),
            _ => None,
        }
    }
}

/// What a person says of a skill that others or the service ascribe to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stand {
    /// It is mine.
    Confirmed,
    /// It is not mine: never inferred again.
    Contested,
}

impl Stand {
    pub(super) fn fold(history: &History) -> Option<Self> {
        match &history.last()?.body {
            FactBody::SkillConfirmed { .. } => Some(Self::Confirmed),
            FactBody::SkillContested { .. } => Some(Self::Contested),
            _ => None,
        }
    }
}

/// The audience that the person chose last.
pub(super) fn visibility(history: &History) -> Option<Audience> {
    match &history.last()?.body {
        FactBody::SkillVisibilitySet { audience, .. } => Some(*audience),
        _ => None,
    }
}
