//! A fact: an event that was validated at the door, in the words of the field.
//!
//! Facts are totally ordered by (instant, rank of their type, source, id). What the World shows is a function of the
//! *set* of facts under that order, never of the order in which they arrived.

use super::{
    AnswerId, AskId, Audience, CapacityPatch, CommunityId, CommunityPatch, ContentHash, Contribution, DaySpan,
    DeclineReason, EventKey, EventType, Hours, Level, MemberRole, Objective, Offer, Origin, PersonId, PersonPatch,
    Preference, ProjectId, ProjectPatch, ProjectRole, ProposalId, ProposalKind, Purpose, QuestionId, QuestionPatch,
    RecommendationId, SkillId, SkillPatch, Stance, Text, Timestamp, UnitPath, Verdict, VoteTarget,
};
use std::cmp::Ordering;
use std::sync::Arc;

/// What an upsert says of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Patch<T> {
    /// Nothing: what was known stays.
    #[default]
    Keep,
    /// That it has no value.
    Clear,
    /// Its value.
    Set(T),
}

impl<T> Patch<T> {
    /// Writes what this says over `field`.
    pub fn apply_to(&self, field: &mut Option<T>)
    where
        T: Clone,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value.clone()),
        }
    }
}

/// A validated event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// What makes it the same event when it comes again.
    pub key: EventKey,
    /// When it became true.
    pub at: Timestamp,
    /// What tells a repetition from another event under the same key.
    pub content: ContentHash,
    /// What became true.
    pub body: FactBody,
}

impl Fact {
    /// The total order of facts: instant, rank, source, id. Two facts compare equal only when they share their key.
    pub fn order(&self, other: &Self) -> Ordering {
        (self.at, self.body.kind().rank(), &self.key).cmp(&(other.at, other.body.kind().rank(), &other.key))
    }
}

/// What became true. Each variant is the event type of the same name (`EventType::name`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the variants and fields are those of the event types, which docs/EVENTS.md describes"
)]
pub enum FactBody {
    PersonUpserted {
        person: PersonId,
        patch: Box<PersonPatch>,
    },
    PersonLeft {
        person: PersonId,
    },
    IdentityLinked {
        person: PersonId,
        same_as: PersonId,
    },
    IdentityUnlinked {
        person: PersonId,
        same_as: PersonId,
    },
    UnitRenamed {
        from: UnitPath,
        to: UnitPath,
    },
    SkillUpserted {
        skill: SkillId,
        patch: Box<SkillPatch>,
    },
    SkillAsserted {
        person: PersonId,
        skill: SkillId,
        origin: Origin,
        level: Option<Level>,
        by: Option<PersonId>,
    },
    SkillRetracted {
        person: PersonId,
        skill: SkillId,
        origin: Origin,
        by: Option<PersonId>,
    },
    SkillMerged {
        skill: SkillId,
        into: SkillId,
    },
    InterestDeclared {
        person: PersonId,
        skill: SkillId,
        stance: Stance,
    },
    InterestWithdrawn {
        person: PersonId,
        skill: SkillId,
        stance: Stance,
    },
    ProjectUpserted {
        project: ProjectId,
        patch: Box<ProjectPatch>,
    },
    ParticipationStarted {
        person: PersonId,
        project: ProjectId,
        role: ProjectRole,
    },
    ParticipationEnded {
        person: PersonId,
        project: ProjectId,
        role: ProjectRole,
    },
    CommunityUpserted {
        community: CommunityId,
        patch: Box<CommunityPatch>,
    },
    CommunityObjectiveSet {
        community: CommunityId,
        objective: Box<Objective>,
    },
    CommunityArchived {
        community: CommunityId,
    },
    MembershipAdded {
        person: PersonId,
        community: CommunityId,
        role: MemberRole,
        since_unknown: bool,
    },
    MembershipRemoved {
        person: PersonId,
        community: CommunityId,
        role: MemberRole,
    },
    QuestionCreated {
        question: QuestionId,
        asker: PersonId,
        patch: Box<QuestionPatch>,
        anonymous: bool,
    },
    QuestionEdited {
        question: QuestionId,
        patch: Box<QuestionPatch>,
    },
    QuestionDeleted {
        question: QuestionId,
    },
    QuestionClosed {
        question: QuestionId,
    },
    QuestionReopened {
        question: QuestionId,
    },
    AnswerCreated {
        answer: AnswerId,
        question: QuestionId,
        author: PersonId,
        body: Option<Text>,
        url: Option<Arc<str>>,
    },
    AnswerDeleted {
        answer: AnswerId,
    },
    AnswerAccepted {
        answer: AnswerId,
    },
    AnswerUnaccepted {
        answer: AnswerId,
    },
    AnswerScored {
        answer: AnswerId,
        score: i64,
    },
    VoteAdded {
        target: VoteTarget,
        voter: PersonId,
        up: bool,
    },
    VoteRemoved {
        target: VoteTarget,
        voter: PersonId,
    },
    ContributionRecorded {
        contribution: Box<Contribution>,
    },
    AnimationRecorded {
        person: PersonId,
        community: CommunityId,
        hours: Hours,
        estimated: bool,
    },
    AnimationOffered {
        offer: Box<Offer>,
    },
    AnimationWithdrawn {
        offer: Box<Offer>,
    },
    ProposalSent {
        proposal: ProposalId,
        kind: ProposalKind,
        person: PersonId,
        community: CommunityId,
    },
    ProposalAccepted {
        proposal: ProposalId,
        kind: ProposalKind,
        person: PersonId,
        community: CommunityId,
    },
    ProposalDeclined {
        proposal: ProposalId,
        kind: ProposalKind,
        person: PersonId,
        community: CommunityId,
    },
    AbsenceSet {
        person: PersonId,
        span: DaySpan,
    },
    AbsenceCleared {
        person: PersonId,
        span: DaySpan,
    },
    CapacitySet {
        person: PersonId,
        patch: CapacityPatch,
    },
    PreferenceSet {
        person: PersonId,
        purpose: Purpose,
        preference: Preference,
    },
    SkillVisibilitySet {
        person: PersonId,
        skill: SkillId,
        audience: Audience,
    },
    SkillContested {
        person: PersonId,
        skill: SkillId,
    },
    SkillConfirmed {
        person: PersonId,
        skill: SkillId,
    },
    AskSent {
        ask: AskId,
        question: QuestionId,
        person: PersonId,
        recommendation: Option<RecommendationId>,
    },
    AskAnswered {
        ask: AskId,
        reason: Option<DeclineReason>,
    },
    AskDeclined {
        ask: AskId,
        reason: Option<DeclineReason>,
    },
    AskReferred {
        ask: AskId,
        to: PersonId,
    },
    FactRetracted {
        target: EventKey,
    },
    FeedbackGiven {
        recommendation: RecommendationId,
        subject: Arc<str>,
        verdict: Verdict,
        by: Option<PersonId>,
    },
}

impl FactBody {
    /// The type of the event that said it.
    pub const fn kind(&self) -> EventType {
        macro_rules! kinds {
            ($($fact:ident => $kind:ident,)*) => { match self { $(Self::$fact { .. } => EventType::$kind,)* } };
            ($($same:ident)*) => { kinds!($($same => $same,)*) };
        }
        kinds!(
            PersonUpserted PersonLeft IdentityLinked IdentityUnlinked UnitRenamed SkillUpserted SkillAsserted
            SkillRetracted SkillMerged InterestDeclared InterestWithdrawn ProjectUpserted ParticipationStarted
            ParticipationEnded CommunityUpserted CommunityObjectiveSet CommunityArchived MembershipAdded
            MembershipRemoved QuestionCreated QuestionEdited QuestionDeleted QuestionClosed QuestionReopened
            AnswerCreated AnswerDeleted AnswerAccepted AnswerUnaccepted AnswerScored VoteAdded VoteRemoved
            ContributionRecorded AnimationRecorded AnimationOffered AnimationWithdrawn ProposalSent ProposalAccepted
            ProposalDeclined AbsenceSet AbsenceCleared CapacitySet PreferenceSet SkillVisibilitySet SkillContested
            SkillConfirmed AskSent AskAnswered AskDeclined AskReferred FactRetracted FeedbackGiven
        )
    }

    /// The people whom this fact names: what the log is searched by when somebody asks for their data or leaves.
    #[expect(clippy::too_many_lines, reason = "one arm for each type of fact")]
    pub fn people(&self) -> Vec<&PersonId> {
        match self {
            Self::PersonUpserted { person, .. }
            | Self::PersonLeft { person }
            | Self::InterestDeclared { person, .. }
            | Self::InterestWithdrawn { person, .. }
            | Self::ParticipationStarted { person, .. }
            | Self::ParticipationEnded { person, .. }
            | Self::MembershipAdded { person, .. }
            | Self::MembershipRemoved { person, .. }
            | Self::AnimationRecorded { person, .. }
            | Self::ProposalSent { person, .. }
            | Self::ProposalAccepted { person, .. }
            | Self::ProposalDeclined { person, .. }
            | Self::AbsenceSet { person, .. }
            | Self::AbsenceCleared { person, .. }
            | Self::CapacitySet { person, .. }
            | Self::PreferenceSet { person, .. }
            | Self::SkillVisibilitySet { person, .. }
            | Self::SkillContested { person, .. }
            | Self::SkillConfirmed { person, .. }
            | Self::AskSent { person, .. } => vec![person],
            Self::IdentityLinked { person, same_as } | Self::IdentityUnlinked { person, same_as } => {
                vec![person, same_as]
            }
            Self::SkillAsserted { person, by, .. } | Self::SkillRetracted { person, by, .. } => {
                std::iter::once(person).chain(by).collect()
            }
            Self::CommunityUpserted { patch, .. } => match &patch.sponsor {
                Patch::Set(sponsor) => vec![sponsor],
                Patch::Keep | Patch::Clear => vec![],
            },
            Self::QuestionCreated { asker, .. } => vec![asker],
            Self::AnswerCreated { author, .. } => vec![author],
            Self::VoteAdded { voter, .. } | Self::VoteRemoved { voter, .. } => vec![voter],
            Self::ContributionRecorded { contribution } => vec![&contribution.person],
            Self::AnimationOffered { offer } | Self::AnimationWithdrawn { offer } => vec![&offer.person],
            Self::AskReferred { to, .. } => vec![to],
            Self::FeedbackGiven { by, .. } => by.iter().collect(),
            Self::UnitRenamed { .. }
            | Self::SkillUpserted { .. }
            | Self::SkillMerged { .. }
            | Self::ProjectUpserted { .. }
            | Self::CommunityObjectiveSet { .. }
            | Self::CommunityArchived { .. }
            | Self::QuestionEdited { .. }
            | Self::QuestionDeleted { .. }
            | Self::QuestionClosed { .. }
            | Self::QuestionReopened { .. }
            | Self::AnswerDeleted { .. }
            | Self::AnswerAccepted { .. }
            | Self::AnswerUnaccepted { .. }
            | Self::AnswerScored { .. }
            | Self::AskAnswered { .. }
            | Self::AskDeclined { .. }
            | Self::FactRetracted { .. } => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(at: i64, id: &str, body: FactBody) -> Fact {
        let key = EventKey {
            source: Arc::from("test"),
            id: Arc::from(id),
        };
        Fact {
            key,
            at: Timestamp::from_micros(at),
            content: [0; 16],
            body,
        }
    }

    #[test]
    fn the_order_is_instant_then_rank_then_key() {
        let person = PersonId::new("a");
        let left = fact(1, "0", FactBody::PersonLeft { person: person.clone() });
        let upsert = fact(
            1,
            "1",
            FactBody::PersonUpserted {
                person: person.clone(),
                patch: Box::default(),
            },
        );
        let twin = fact(
            1,
            "2",
            FactBody::PersonUpserted {
                person,
                patch: Box::default(),
            },
        );
        assert_eq!(
            upsert.order(&left),
            Ordering::Less,
            "an upsert comes before a removal of the same instant"
        );
        assert_eq!(upsert.order(&twin), Ordering::Less);
        assert_eq!(upsert.order(&upsert), Ordering::Equal);
    }

    #[test]
    fn a_patch_keeps_clears_and_sets() {
        let mut field = Some(1);
        Patch::Keep.apply_to(&mut field);
        assert_eq!(field, Some(1));
        Patch::Set(2).apply_to(&mut field);
        assert_eq!(field, Some(2));
        Patch::Clear.apply_to(&mut field);
        assert_eq!(field, None);
    }
}
