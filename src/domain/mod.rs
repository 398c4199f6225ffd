//! The words of the field: identifiers, units, instants and facts. Floor 0: sees the standard library only.
//!
//! Nothing here computes a ranking, reads a clock or knows a wire format. Every type is plain, ordered and hashable, so
//! that what is folded from it can be compared and digested to the bit.

mod community;
mod event;
mod fact;
mod id;
mod person;
mod project;
mod question;
mod skill;
mod time;
mod unit;

pub use community::{
    Access, CommunityKind, CommunityPatch, Contribution, ContributionForm, ContributionPlace, MemberRole, Objective,
    ObjectiveMeasure, Offer, ProposalKind,
};
pub use event::{ContentHash, EventKey, EventType, Rank};
pub use fact::{Fact, FactBody, Patch};
pub use id::{
    AnswerId, AskId, CommunityId, PersonId, ProjectId, ProposalId, QuestionId, RecommendationId, SkillId, TagName,
};
pub use person::{CapacityPatch, PersonPatch, Preference, Purpose, UnitPath};
pub use project::{ProjectPatch, ProjectRole};
pub use question::{DeclineReason, QuestionPatch, Text, Verdict, VoteTarget};
pub use skill::{Audience, Origin, SkillPatch, Stance};
pub use time::{DAY_MICROS, Day, DaySpan, HOUR_MICROS, Timestamp};
pub use unit::{Hours, Level};
