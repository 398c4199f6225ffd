//! What every event has: its key, its type and its place in the total order.

use std::sync::Arc;

/// What makes an event the same event when it comes again: its source and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// The platform or file it comes from.
    pub source: Arc<str>,
    /// Its id within that source.
    pub id: Arc<str>,
}

/// The first 128 bits of the SHA-256 of an event's canonical line: the same key with another hash is another event.
pub type ContentHash = [u8; 16];

/// The order of kinds at one instant: what makes comes before what changes, and that before what takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Says what something is.
    Upsert,
    /// Makes or adds.
    Create,
    /// Changes what is there.
    Edit,
    /// Ends or takes away.
    Remove,
}

macro_rules! event_types {
    ($($variant:ident = $name:literal, $rank:ident;)*) => {
        /// The type of an event. The list is closed: an unknown name is rejected, never skipped.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the event type of the same name, which `name` spells")]
        pub enum EventType { $($variant,)* }

        impl EventType {
            /// Every type, in a fixed order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire, such as `question.created`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its place among the kinds at one instant.
            pub const fn rank(self) -> Rank {
                match self { $(Self::$variant => Rank::$rank,)* }
            }

            /// The type called `name`, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

event_types! {
    PersonUpserted = "person.upserted", Upsert;
    PersonLeft = "person.left", Remove;
    IdentityLinked = "identity.linked", Create;
    IdentityUnlinked = "identity.unlinked", Remove;
    UnitRenamed = "unit.renamed", Edit;
    SkillUpserted = "skill.upserted", Upsert;
    SkillAsserted = "skill.asserted", Create;
    SkillRetracted = "skill.retracted", Remove;
    SkillMerged = "skill.merged", Edit;
    InterestDeclared = "interest.declared", Create;
    InterestWithdrawn = "interest.withdrawn", Remove;
    ProjectUpserted = "project.upserted", Upsert;
    ParticipationStarted = "participation.started", Create;
    ParticipationEnded = "participation.ended", Remove;
    CommunityUpserted = "community.upserted", Upsert;
    CommunityObjectiveSet = "community.objective_set", Edit;
    CommunityArchived = "community.archived", Remove;
    MembershipAdded = "membership.added", Create;
    MembershipRemoved = "membership.removed", Remove;
    QuestionCreated = "question.created", Create;
    QuestionEdited = "question.edited", Edit;
    QuestionDeleted = "question.deleted", Remove;
    QuestionClosed = "question.closed", Remove;
    QuestionReopened = "question.reopened", Edit;
    AnswerCreated = "answer.created", Create;
    AnswerDeleted = "answer.deleted", Remove;
    AnswerAccepted = "answer.accepted", Create;
    AnswerUnaccepted = "answer.unaccepted", Remove;
    AnswerScored = "answer.scored", Edit;
    VoteAdded = "vote.added", Create;
    VoteRemoved = "vote.removed", Remove;
    ContributionRecorded = "contribution.recorded", Create;
    AnimationRecorded = "animation.recorded", Create;
    AnimationOffered = "animation.offered", Create;
    AnimationWithdrawn = "animation.withdrawn", Remove;
    ProposalSent = "proposal.sent", Create;
    ProposalAccepted = "proposal.accepted", Edit;
    ProposalDeclined = "proposal.declined", Edit;
    AbsenceSet = "absence.set", Create;
    AbsenceCleared = "absence.cleared", Remove;
    CapacitySet = "capacity.set", Edit;
    PreferenceSet = "preference.set", Edit;
    SkillVisibilitySet = "skill.visibility_set", Edit;
    SkillContested = "skill.contested", Remove;
    SkillConfirmed = "skill.confirmed", Create;
    AskSent = "ask.sent", Create;
    AskAnswered = "ask.answered", Edit;
    AskDeclined = "ask.declined", Edit;
    AskReferred = "ask.referred", Edit;
    FactRetracted = "fact.retracted", Remove;
    FeedbackGiven = "feedback.given", Create;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_the_unknown_is_unknown() {
        for &kind in EventType::ALL {
            assert_eq!(EventType::from_name(kind.name()), Some(kind));
        }
        assert_eq!(
            EventType::from_name("question.read"),
            None,
            "no reading is ever recorded"
        );
        assert_eq!(EventType::ALL.len(), 51);
    }

    #[test]
    fn making_comes_before_taking_away_at_one_instant() {
        assert!(EventType::MembershipAdded.rank() < EventType::MembershipRemoved.rank());
        assert!(EventType::PersonUpserted.rank() < EventType::IdentityLinked.rank());
        assert!(EventType::QuestionCreated.rank() < EventType::QuestionEdited.rank());
    }
}
