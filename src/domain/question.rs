//! Questions, answers, and what people make of them.

use super::{AnswerId, CommunityId, Patch, QuestionId};
use std::sync::Arc;

/// A body of text as the World keeps it: enough to index and to tell whether it changed, never the whole.
///
/// The whole plain text is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The first words (at most 200), plain text. Empty for an answer, whose words are not indexed.
    pub excerpt: Arc<str>,
    /// The first 128 bits of the SHA-256 of the whole plain text.
    pub hash: [u8; 16],
    /// BCP 47 primary tag of the language it is written in, where that could be told.
    pub language: Option<Arc<str>>,
}

/// What a `question.created` or `question.edited` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct QuestionPatch {
    /// The title.
    pub title: Patch<Arc<str>>,
    /// The body.
    pub body: Patch<Text>,
    /// Tags, matched whole.
    pub tags: Patch<Vec<Arc<str>>>,
    /// Where it was asked.
    pub community: Patch<CommunityId>,
    /// BCP 47 tag of its language, as the platform says or as the text shows.
    pub language: Patch<Arc<str>>,
    /// Where the platform shows it.
    pub url: Patch<Arc<str>>,
}

/// What a vote is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoteTarget {
    /// A question.
    Question(QuestionId),
    /// An answer.
    Answer(AnswerId),
}

/// Why somebody declined an invitation to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclineReason {
    /// It is not what they know.
    NotMySkill,
    /// They have too much to do.
    Overloaded,
    /// They are away.
    Away,
    /// Something else.
    Other,
}

/// What somebody thought of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Taken up.
    Accepted,
    /// Turned down.
    Declined,
    /// Beside the point.
    NotRelevant,
}
