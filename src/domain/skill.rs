//! Skills: what people know, who says so, and who may see it.

use super::{Patch, SkillId};
use std::sync::Arc;

/// What one `skill.upserted` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SkillPatch {
    /// Language tag and label, sorted by tag.
    pub labels: Patch<Vec<(Arc<str>, Arc<str>)>>,
    /// Other names, matched whole.
    pub aliases: Patch<Vec<Arc<str>>>,
    /// Wider skills.
    pub broader: Patch<Vec<SkillId>>,
    /// Where a public nomenclature describes it.
    pub uri: Patch<Arc<str>>,
}

/// Who says that a person has a skill. The service's own inferences are not facts and have no origin here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The person.
    Declared,
    /// A colleague.
    Endorsed,
    /// Another system.
    Imported,
}

/// What somebody wants to do with a skill: being interested in it is not being good at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    /// Ready to answer questions about it.
    CanHelp,
    /// Ready to accompany somebody.
    CanMentor,
    /// Ready to teach it.
    CanTrain,
    /// Would like to learn it.
    WantsToLearn,
    /// Keeps an eye on it.
    Follows,
}

/// Who may see that a person has a skill. Ordered: each audience includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The person alone.
    Me,
    /// Animators of communities as well.
    Animators,
    /// The whole organisation.
    Organisation,
}
