//! The rows of the World: one struct a noun, with its state and what refers to it.
//!
//! Lists of indices are sets in order of index: what must not depend on arrival sorts by identifier when it reads.

use super::evidence::{Counts, Evidence};
use crate::domain::{
    AnswerId, AskId, Audience, CommunityId, DaySpan, Fact, Origin, PersonId, ProjectId, ProjectRole, Purpose,
    QuestionId, SkillId, Stance, TagName, Timestamp,
};
use crate::world::fold::{
    AnswerState, AskState, AssertionState, CapacityState, Chosen, CommunityState, MembershipState, OfferState,
    ParticipationState, PersonState, ProjectState, ProposalState, QuestionState, SkillState, Stand,
};
use crate::world::table::{AnswerIx, AskIx, CommunityIx, Node, PersonIx, ProjectIx, QuestionIx, SkillIx, TagIx};
use std::sync::Arc;

macro_rules! nodes {
    ($($(#[$doc:meta])* $name:ident($id:ty) { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The external identifier.
            pub id: $id,
            $($(#[$field_doc])* pub $field: $kind,)*
        }

        impl Node for $name {
            type Id = $id;

            fn stub(id: $id) -> Self {
                Self { id, $($field: Default::default(),)* }
            }

            fn id(&self) -> &$id {
                &self.id
            }

            fn is_blank(&self) -> bool {
                $(self.$field == <$kind as Default>::default() &&)* true
            }
        }
    )*};
}

nodes! {
    /// A person's account. Evidence is kept on the account that stands for the human.
    PersonNode(PersonId) {
        /// The profile.
        state: Option<Box<PersonState>>,
        /// The account that stands for the human, when it is another one.
        leader: Option<PersonIx>,
        /// All accounts of the human in the order of identifiers, on the one that stands for them; empty when there is
        /// but one.
        accounts: Vec<PersonIx>,
        /// Accounts linked directly.
        links: Vec<PersonIx>,
        /// Questions asked.
        asked: Vec<QuestionIx>,
        /// Answers given, in order of time, then identifier.
        answered: Vec<AnswerIx>,
        /// Communities, past and present.
        memberships: Vec<(CommunityIx, Box<MembershipState>)>,
        /// Projects, past and present.
        participations: Vec<((ProjectIx, ProjectRole), ParticipationState)>,
        /// Skills that somebody ascribes, by origin and endorser.
        assertions: Vec<((SkillIx, Origin, Option<PersonIx>), AssertionState)>,
        /// Interests.
        interests: Vec<((SkillIx, Stance), Timestamp)>,
        /// What the person says of skills ascribed.
        stands: Vec<(SkillIx, Stand)>,
        /// Who may see a skill.
        visibility: Vec<(SkillIx, Audience)>,
        /// Days away.
        absences: Vec<DaySpan>,
        /// Limits.
        capacity: CapacityState,
        /// Choices by purpose.
        preferences: Vec<(Purpose, Vec<Chosen>)>,
        /// A standing offer to animate.
        offer: Option<Box<OfferState>>,
        /// Invitations to answer.
        asks: Vec<AskIx>,
        /// Contributions and hours recorded, in the order of facts.
        records: Vec<Arc<Fact>>,
        /// What the answers given show.
        evidence: Evidence,
    }

    /// A skill.
    SkillNode(SkillId) {
        /// Labels, aliases, broader skills.
        state: Option<Box<SkillState>>,
        /// The skill it was merged into.
        merged_into: Option<SkillIx>,
        /// Skills merged into it directly.
        merged_from: Vec<SkillIx>,
        /// Skills that name this one as wider.
        narrower: Vec<SkillIx>,
        /// Accounts with an assertion or an interest.
        people: Vec<PersonIx>,
    }

    /// A project.
    ProjectNode(ProjectId) {
        /// Name, topics, dates.
        state: Option<Box<ProjectState>>,
        /// Accounts that take or took part.
        people: Vec<PersonIx>,
    }

    /// A community.
    CommunityNode(CommunityId) {
        /// Name, kind, access.
        state: Option<Box<CommunityState>>,
        /// Accounts that are or were members.
        members: Vec<PersonIx>,
        /// Questions asked in it.
        questions: Vec<QuestionIx>,
        /// How many answers each person gave in it.
        answerers: Counts<PersonIx>,
        /// How many records each account has that name it: contributions, and hours of animating.
        recorders: Counts<PersonIx>,
    }

    /// A question.
    QuestionNode(QuestionId) {
        /// What was asked.
        state: Option<Box<QuestionState>>,
        /// Who asked.
        asker: Option<PersonIx>,
        /// Where.
        community: Option<CommunityIx>,
        /// Its tags.
        tags: Vec<TagIx>,
        /// The language it is written in, stated or told from its words.
        language: Option<Arc<str>>,
        /// Its answers in order of time, then identifier.
        answers: Vec<AnswerIx>,
        /// Invitations to answer it.
        asks: Vec<AskIx>,
    }

    /// An answer.
    AnswerNode(AnswerId) {
        /// What was answered.
        state: Option<Box<AnswerState>>,
        /// To which question.
        question: Option<QuestionIx>,
        /// By whom.
        author: Option<PersonIx>,
    }

    /// A tag or topic.
    TagNode(TagName) {
        /// How many answers each person gave under it.
        answerers: Counts<PersonIx>,
        /// Questions that bear it.
        questions: u32,
    }

    /// An invitation to answer.
    AskNode(AskId) {
        /// What became of it.
        state: Option<Box<AskState>>,
    }
}

/// A proposal, with the account it was made to.
pub type ProposalRow = (PersonIx, Box<ProposalState>);

/// Writes `value` under `key` into a list kept in order of key; `None` takes it out.
pub fn put<K: Ord, V>(list: &mut Vec<(K, V)>, key: K, value: Option<V>) {
    match (list.binary_search_by(|(k, _)| k.cmp(&key)), value) {
        (Ok(place), Some(value)) => list[place].1 = value,
        (Ok(place), None) => {
            list.remove(place);
        }
        (Err(place), Some(value)) => list.insert(place, (key, value)),
        (Err(_), None) => {}
    }
}

/// Makes `item` a member of an ordered set, or not.
pub fn set_member<T: Ord>(set: &mut Vec<T>, item: T, member: bool) {
    match (set.binary_search(&item), member) {
        (Err(place), true) => set.insert(place, item),
        (Ok(place), false) => {
            set.remove(place);
        }
        (Ok(_), true) | (Err(_), false) => {}
    }
}
