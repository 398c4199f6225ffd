//! Communities, projects, who belongs to them, and what was offered or proposed.

use super::{History, Renames, people};
use crate::domain::{
    Access, CommunityId, CommunityKind, Day, FactBody, Hours, MemberRole, Objective, PersonId, ProjectId, ProposalKind,
    Timestamp, UnitPath,
};
use std::sync::Arc;

/// What is known of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommunityState {
    /// Whether it was described.
    pub known: bool,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// What it is about.
    pub description: Option<Arc<str>>,
    /// What it is for.
    pub kind: Option<CommunityKind>,
    /// Who may join and read.
    pub access: Option<Access>,
    /// Subjects.
    pub topics: Option<Vec<Arc<str>>>,
    /// Working language.
    pub language: Option<Arc<str>>,
    /// The unit it belongs to, as it is called now.
    pub unit: Option<UnitPath>,
    /// The project it accompanies.
    pub project: Option<ProjectId>,
    /// Who backs it.
    pub sponsor: Option<PersonId>,
    /// Where its charter is.
    pub charter_url: Option<Arc<str>>,
    /// Belonging to it says something private.
    pub sensitive: Option<bool>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Its stated objective.
    pub objective: Option<Objective>,
    /// When that was stated.
    pub objective_at: Option<Timestamp>,
    /// When it was first archived, unless a newer description came since.
    pub archived: Option<Timestamp>,
}

impl CommunityState {
    pub(super) fn fold(history: &History, renames: &Renames) -> Option<Self> {
        let mut state = Self::default();
        for fact in history {
            match &fact.body {
                FactBody::CommunityUpserted { patch, .. } => {
                    state.known = true;
                    state.archived = None;
                    patch.name.apply_to(&mut state.name);
                    patch.description.apply_to(&mut state.description);
                    patch.kind.apply_to(&mut state.kind);
                    patch.access.apply_to(&mut state.access);
                    patch.topics.apply_to(&mut state.topics);
                    patch.language.apply_to(&mut state.language);
                    people::current(&patch.unit, fact.at, renames).apply_to(&mut state.unit);
                    patch.project.apply_to(&mut state.project);
                    patch.sponsor.apply_to(&mut state.sponsor);
                    patch.charter_url.apply_to(&mut state.charter_url);
                    patch.sensitive.apply_to(&mut state.sensitive);
                    patch.url.apply_to(&mut state.url);
                }
                FactBody::CommunityObjectiveSet { objective, .. } => {
                    state.objective = Some((**objective).clone());
                    state.objective_at = Some(fact.at);
                }
                FactBody::CommunityArchived { .. } => {
                    state.archived.get_or_insert(fact.at);
                }
                _ => {}
            }
        }
        (!history.is_empty()).then_some(state)
    }
}

/// What is known of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProjectState {
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Subjects.
    pub topics: Option<Vec<Arc<str>>>,
    /// The community that accompanies it.
    pub community: Option<CommunityId>,
    /// The unit that carries it, as it is called now.
    pub unit: Option<UnitPath>,
    /// First day.
    pub starts: Option<Day>,
    /// Last day.
    pub ends: Option<Day>,
}

impl ProjectState {
    pub(super) fn fold(history: &History, renames: &Renames) -> Option<Self> {
        let mut state = Self::default();
        for fact in history {
            if let FactBody::ProjectUpserted { patch, .. } = &fact.body {
                patch.name.apply_to(&mut state.name);
                patch.topics.apply_to(&mut state.topics);
                patch.community.apply_to(&mut state.community);
                people::current(&patch.unit, fact.at, renames).apply_to(&mut state.unit);
                patch.starts.apply_to(&mut state.starts);
                patch.ends.apply_to(&mut state.ends);
            }
        }
        (!history.is_empty()).then_some(state)
    }
}

/// A person's part in a project, past or present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParticipationState {
    /// When the present or last part began.
    pub since: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

impl ParticipationState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state: Option<Self> = None;
        for fact in history {
            match (&fact.body, &mut state) {
                (FactBody::ParticipationStarted { .. }, Some(open)) if open.ended.is_none() => {}
                (FactBody::ParticipationStarted { .. }, _) => {
                    state = Some(Self {
                        since: fact.at,
                        ended: None,
                    });
                }
                (FactBody::ParticipationEnded { .. }, Some(open)) if open.ended.is_none() => open.ended = Some(fact.at),
                _ => {}
            }
        }
        state
    }
}

/// A stay in one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stay {
    /// The role.
    pub role: MemberRole,
    /// When it began, or was first seen.
    pub since: Timestamp,
    /// Whether `since` is only "seen by then".
    pub since_unknown: bool,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

impl Stay {
    /// Whether it had begun at `at` and had not ended.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.since <= at && self.ended.is_none_or(|ended| at < ended)
    }
}

/// A person's stays in a community, in order of time. An animator is a member; ending membership ends every role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MembershipState {
    stays: Vec<Stay>,
}

impl MembershipState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut stays: Vec<Stay> = Vec::new();
        for fact in history {
            match fact.body {
                FactBody::MembershipAdded {
                    role, since_unknown, ..
                } if !stays.iter().any(|s| s.role == role && s.ended.is_none()) => stays.push(Stay {
                    role,
                    since: fact.at,
                    since_unknown,
                    ended: None,
                }),
                FactBody::MembershipRemoved { role, .. } => {
                    let ends = |s: &&mut Stay| s.ended.is_none() && (role == MemberRole::Member || s.role == role);
                    stays.iter_mut().filter(ends).for_each(|s| s.ended = Some(fact.at));
                }
                _ => {}
            }
        }
        (!stays.is_empty()).then_some(Self { stays })
    }

    /// Every stay, past and present, in order of time.
    pub fn stays(&self) -> &[Stay] {
        &self.stays
    }

    /// The present role: animator when the person animates, else member, else none.
    pub fn role(&self) -> Option<MemberRole> {
        self.stays.iter().filter(|s| s.ended.is_none()).map(|s| s.role).max()
    }
}

/// An offer to animate that stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfferState {
    /// When it was made or last changed.
    pub at: Timestamp,
    /// Which communities; empty means wherever useful.
    pub communities: Vec<CommunityId>,
    /// Which subjects.
    pub topics: Vec<Arc<str>>,
    /// Hours a week.
    pub hours_per_week: Option<Hours>,
    /// Last day.
    pub until: Option<Day>,
}

impl OfferState {
    /// The newest offer, less what was withdrawn since. A withdrawal that names nothing withdraws all of it.
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state: Option<Self> = None;
        for fact in history {
            match &fact.body {
                FactBody::AnimationOffered { offer } => {
                    state = Some(Self {
                        at: fact.at,
                        communities: offer.communities.clone(),
                        topics: offer.topics.clone(),
                        hours_per_week: offer.hours_per_week,
                        until: offer.until,
                    });
                }
                FactBody::AnimationWithdrawn { offer } => {
                    state = state.and_then(|standing| standing.less(&offer.communities, &offer.topics));
                }
                _ => {}
            }
        }
        state
    }

    fn less(mut self, communities: &[CommunityId], topics: &[Arc<str>]) -> Option<Self> {
        if communities.is_empty() && topics.is_empty() {
            return None;
        }
        self.communities.retain(|c| !communities.contains(c));
        self.topics.retain(|t| !topics.contains(t));
        // What named places and names none any more must not turn into "wherever useful".
        (!self.communities.is_empty() || !self.topics.is_empty()).then_some(self)
    }
}

/// A proposal and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProposalState {
    /// What was proposed.
    pub kind: ProposalKind,
    /// To whom.
    pub person: PersonId,
    /// Where.
    pub community: CommunityId,
    /// When it was first heard of.
    pub at: Timestamp,
    /// The answer and its instant: `true` for yes.
    pub answered: Option<(bool, Timestamp)>,
}

impl ProposalState {
    pub(super) fn fold(history: &History) -> Option<Self> {
        let mut state: Option<Self> = None;
        for fact in history {
            let (FactBody::ProposalSent {
                kind,
                person,
                community,
                ..
            }
            | FactBody::ProposalAccepted {
                kind,
                person,
                community,
                ..
            }
            | FactBody::ProposalDeclined {
                kind,
                person,
                community,
                ..
            }) = &fact.body
            else {
                continue;
            };
            let open = || Self {
                kind: *kind,
                person: person.clone(),
                community: community.clone(),
                at: fact.at,
                answered: None,
            };
            let proposal = state.get_or_insert_with(open);
            match &fact.body {
                FactBody::ProposalAccepted { .. } => proposal.answered = Some((true, fact.at)),
                FactBody::ProposalDeclined { .. } => proposal.answered = Some((false, fact.at)),
                _ => {}
            }
        }
        state
    }
}
