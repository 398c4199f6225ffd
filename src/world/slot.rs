//! Registers: which facts speak about the same thing, and so are folded together.

use crate::domain::{
    AnswerId, AskId, CommunityId, EventKey, FactBody, Origin, PersonId, ProjectId, ProjectRole, ProposalId, Purpose,
    QuestionId, SkillId, Stance, VoteTarget,
};

/// The thing that a fact speaks about. All facts of one slot, in their total order, determine its state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotKey {
    Person(PersonId),
    /// Two accounts of one human, the smaller id first.
    Identity(PersonId, PersonId),
    /// All renamings of units: they concern every path.
    UnitRenames,
    Skill(SkillId),
    Assertion(PersonId, SkillId, Origin, Option<PersonId>),
    Interest(PersonId, SkillId, Stance),
    Project(ProjectId),
    Participation(PersonId, ProjectId, ProjectRole),
    Community(CommunityId),
    Membership(PersonId, CommunityId),
    Question(QuestionId),
    Answer(AnswerId),
    /// A fact that stands alone: a contribution, hours of animation, feedback.
    Record(EventKey),
    Offer(PersonId),
    Proposal(ProposalId),
    Absence(PersonId),
    Capacity(PersonId),
    Preference(PersonId, Purpose),
    Visibility(PersonId, SkillId),
    /// Whether a person contested or confirmed a skill.
    Stand(PersonId, SkillId),
    Ask(AskId),
}

impl SlotKey {
    /// The slot of a fact with key `key` and body `body`; `None` for a retraction, which speaks about another fact.
    #[expect(clippy::too_many_lines, reason = "one arm for each type of fact")]
    pub fn of(key: &EventKey, body: &FactBody) -> Option<Self> {
        use FactBody as F;
        Some(match body {
            F::PersonUpserted { person, .. } | F::PersonLeft { person } => Self::Person(person.clone()),
            F::IdentityLinked { person, same_as } | F::IdentityUnlinked { person, same_as } => {
                let (low, high) = if person <= same_as {
                    (person, same_as)
                } else {
                    (same_as, person)
                };
                Self::Identity(low.clone(), high.clone())
            }
            F::UnitRenamed { .. } => Self::UnitRenames,
            F::SkillUpserted { skill, .. } | F::SkillMerged { skill, .. } => Self::Skill(skill.clone()),
            F::SkillAsserted {
                person,
                skill,
                origin,
                by,
                ..
            }
            | F::SkillRetracted {
                person,
                skill,
                origin,
                by,
            } => Self::Assertion(person.clone(), skill.clone(), *origin, by.clone()),
            F::InterestDeclared { person, skill, stance } | F::InterestWithdrawn { person, skill, stance } => {
                Self::Interest(person.clone(), skill.clone(), *stance)
            }
            F::ProjectUpserted { project, .. } => Self::Project(project.clone()),
            F::ParticipationStarted { person, project, role } | F::ParticipationEnded { person, project, role } => {
                Self::Participation(person.clone(), project.clone(), *role)
            }
            F::CommunityUpserted { community, .. }
            | F::CommunityObjectiveSet { community, .. }
            | F::CommunityArchived { community } => Self::Community(community.clone()),
            F::MembershipAdded { person, community, .. } | F::MembershipRemoved { person, community, .. } => {
                Self::Membership(person.clone(), community.clone())
            }
            F::QuestionCreated { question, .. }
            | F::QuestionEdited { question, .. }
            | F::QuestionDeleted { question }
            | F::QuestionClosed { question }
            | F::QuestionReopened { question } => Self::Question(question.clone()),
            F::AnswerCreated { answer, .. }
            | F::AnswerDeleted { answer }
            | F::AnswerAccepted { answer }
            | F::AnswerUnaccepted { answer }
            | F::AnswerScored { answer, .. } => Self::Answer(answer.clone()),
            F::VoteAdded { target, .. } | F::VoteRemoved { target, .. } => match target {
                VoteTarget::Question(question) => Self::Question(question.clone()),
                VoteTarget::Answer(answer) => Self::Answer(answer.clone()),
            },
            F::ContributionRecorded { .. } | F::AnimationRecorded { .. } | F::FeedbackGiven { .. } => {
                Self::Record(key.clone())
            }
            other => return Self::of_wish(other),
        })
    }

    /// The slots of what binds a person or is asked of them.
    fn of_wish(body: &FactBody) -> Option<Self> {
        use FactBody as F;
        Some(match body {
            F::AnimationOffered { offer } | F::AnimationWithdrawn { offer } => Self::Offer(offer.person.clone()),
            F::ProposalSent { proposal, .. }
            | F::ProposalAccepted { proposal, .. }
            | F::ProposalDeclined { proposal, .. } => Self::Proposal(proposal.clone()),
            F::AbsenceSet { person, .. } | F::AbsenceCleared { person, .. } => Self::Absence(person.clone()),
            F::CapacitySet { person, .. } => Self::Capacity(person.clone()),
            F::PreferenceSet { person, purpose, .. } => Self::Preference(person.clone(), *purpose),
            F::SkillVisibilitySet { person, skill, .. } => Self::Visibility(person.clone(), skill.clone()),
            F::SkillContested { person, skill } | F::SkillConfirmed { person, skill } => {
                Self::Stand(person.clone(), skill.clone())
            }
            F::AskSent { ask, .. }
            | F::AskAnswered { ask, .. }
            | F::AskDeclined { ask, .. }
            | F::AskReferred { ask, .. } => Self::Ask(ask.clone()),
            _ => return None,
        })
    }
}
