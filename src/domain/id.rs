//! Identifiers: opaque, case-sensitive strings that the organisation's platforms chose.
//!
//! An identifier is never parsed, and two kinds of identifier are never mixed up: each is a type of its own. Cloning
//! one is a reference count.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps `id` as it stands; validation is the door's work.
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// The identifier as the platform wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A person's account on some platform; several may belong to one human (`identity.linked`).
    PersonId;
    /// Something that people can know or do.
    SkillId;
    /// A project.
    ProjectId;
    /// A community.
    CommunityId;
    /// A question, with its thread of answers.
    QuestionId;
    /// One answer to a question.
    AnswerId;
    /// An invitation to answer.
    AskId;
    /// A proposal to animate or to join a community.
    ProposalId;
    /// A tag or topic in the form in which tags are compared: see `world::text`.
    TagName;
    /// A recommendation that the service gave: quoted by feedback.
    RecommendationId;
}
