//! What is concluded about a person from the lines that are held about them, and what was proposed to them.

use crate::app::health::OwnLoad;
use crate::app::my_skills::MySkills;
use crate::app::skill_map::MapsOnMe;
use crate::app::snapshot::Snapshot;
use crate::domain::{AskId, CommunityId, DeclineReason, PersonId, ProposalId, ProposalKind, QuestionId, Timestamp};
use crate::recommend::Tongue;
use crate::signals::{Load, Viewer, asks_of_week};
use crate::world::{AskOutcome, PersonIx, View};

/// An invitation to answer that was sent to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldInvitation {
    /// Its identifier.
    pub ask: AskId,
    /// The question.
    pub question: QuestionId,
    /// When.
    pub at: Timestamp,
    /// What became of it: `open`, `answered`, `declined` or `referred`.
    pub outcome: &'static str,
    /// The reason that was given for declining.
    pub reason: Option<DeclineReason>,
    /// Whom they named instead.
    pub to: Option<PersonId>,
}

/// Something that was proposed to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldProposal {
    /// Its identifier.
    pub proposal: ProposalId,
    /// What.
    pub kind: ProposalKind,
    /// Where.
    pub community: CommunityId,
    /// When it was first heard of.
    pub at: Timestamp,
    /// Their answer and its instant.
    pub answered: Option<(bool, Timestamp)>,
}

/// How much is asked of the person, as the service reckons when it chooses whom to turn to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldAsked {
    /// Invitations of the last seven days.
    pub of_week: u32,
    /// Invitations that they accept in seven days: their own word, or what is usual.
    pub cap: u32,
    /// How many more would be sent now.
    pub room: u32,
    /// Whether they are eased in after a leave.
    pub eased_in: bool,
}

/// What is concluded about a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Concluded {
    /// Their skills: stated, concluded with the records behind each, wanted and contested; and their projects.
    pub skills: MySkills,
    /// What animating takes from them.
    pub animating: OwnLoad,
    /// How much is asked of them.
    pub asked: HeldAsked,
    /// Invitations, the oldest first.
    pub invitations: Vec<HeldInvitation>,
    /// Proposals, in the order of identifiers.
    pub proposals: Vec<HeldProposal>,
}

impl Concluded {
    /// What is concluded about `person`, who stands for a human; `maps` is what skill maps have to do with them. Cost: one
    /// ranking of skills, and all proposals.
    pub(super) fn of(
        snapshot: &Snapshot,
        (person, maps): (PersonIx, MapsOnMe),
        as_of: Timestamp,
        tongue: Tongue,
    ) -> Self {
        let view = &snapshot.view;
        let viewer = Viewer {
            person: Some(person),
            animates: Vec::new(),
        };
        let load = Load::of(view, person, as_of);
        Self {
            skills: MySkills::of(snapshot, (person, maps), as_of, tongue),
            animating: OwnLoad::of(view, (person, &viewer), as_of),
            asked: HeldAsked {
                of_week: asks_of_week(view, person, as_of),
                cap: load.cap,
                room: load.room(view, person, as_of),
                eased_in: load.share < 1.0,
            },
            invitations: invitations(view, person),
            proposals: proposals(view, person),
        }
    }
}

fn invitations(view: &View, person: PersonIx) -> Vec<HeldInvitation> {
    let asks = view.accounts(person).flat_map(|account| &view.people.get(account).asks);
    let mut told: Vec<HeldInvitation> = asks
        .filter_map(|&ask| {
            let node = view.asks.get(ask);
            let state = node.state.as_deref()?;
            let (outcome, reason, to) = match &state.outcome {
                AskOutcome::Open => ("open", None, None),
                AskOutcome::Answered => ("answered", None, None),
                AskOutcome::Declined(reason) => ("declined", *reason, None),
                AskOutcome::Referred(to) => ("referred", None, Some(to.clone())),
            };
            Some(HeldInvitation {
                ask: node.id.clone(),
                question: state.question.clone(),
                at: state.at,
                outcome,
                reason,
                to,
            })
        })
        .collect();
    told.sort_unstable_by(|a, b| (a.at, &a.ask).cmp(&(b.at, &b.ask)));
    told
}

fn proposals(view: &View, person: PersonIx) -> Vec<HeldProposal> {
    let theirs = view.proposals().filter(|(_, to, _)| *to == person);
    theirs
        .map(|(id, _, state)| HeldProposal {
            proposal: id.clone(),
            kind: state.kind,
            community: state.community.clone(),
            at: state.at,
            answered: state.answered,
        })
        .collect()
}
