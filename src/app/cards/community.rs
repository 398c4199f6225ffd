//! The card of a community.

use super::{Card, CardRequest, Named, named};
use crate::app::answers::QueryError;
use crate::app::health::{CommunityHealth, WINDOW_DAYS, animates, community_health};
use crate::app::reader::{sees_community, sees_person, viewer};
use crate::app::service::Service;
use crate::domain::{Access, CommunityId, CommunityKind, MemberRole, Objective, ProjectId, Purpose, Timestamp};
use crate::signals::Viewer;
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How questions fare in a community: those of the 90 days that ended seven days ago.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QuestionFigures {
    /// How many were asked.
    pub asked: usize,
    /// The share without an answer by another person within seven days; from five questions on.
    pub unanswered_rate: Option<f64>,
    /// Median of hours to the first answer; from five people who gave one on, so that it is nobody's own.
    pub first_answer_hours: Option<f64>,
    /// Days over which they are taken.
    pub over_days: u32,
}

/// What everybody may read of a community.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunityCard {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// What it is about.
    pub description: Option<Arc<str>>,
    /// What it is for.
    pub kind: CommunityKind,
    /// Who may join and read.
    pub access: Option<Access>,
    /// Subjects.
    pub topics: Vec<Arc<str>>,
    /// Working language.
    pub language: Option<Arc<str>>,
    /// The unit it belongs to.
    pub unit: Option<Arc<str>>,
    /// The project it accompanies.
    pub project: Option<ProjectId>,
    /// Who backs it.
    pub sponsor: Option<Named>,
    /// Where its charter is.
    pub charter_url: Option<Arc<str>>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Whether it was archived.
    pub archived: bool,
    /// Who animates it, by name, then identifier.
    pub animators: Vec<Named>,
    /// How many people belong to it.
    pub members: usize,
    /// How its questions fare.
    pub questions: QuestionFigures,
    /// Its own stated objective.
    pub objective: Option<Objective>,
    /// How it is.
    pub health: CommunityHealth,
}

impl Service {
    /// The card of the community called `id`. Cost: its members and questions.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when it is not described, or the reader may not see it.
    pub fn community_card(&self, id: &str, request: &CardRequest) -> Result<Card<CommunityCard>, QueryError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let viewer = viewer(view, request.viewer.as_ref());
        let found = view.communities.find(id).filter(|&c| sees_community(view, &viewer, c));
        let (teller, usual) = (self.teller(request.tongue), || snapshot.usual_members());
        let health = |c| community_health(view, c, as_of, animates(view, &viewer, c), (&teller, &usual));
        let shows = found.and_then(|c| community(view, &viewer, c, as_of, health(c)));
        Ok(Card {
            shows: shows.ok_or(QueryError::NotFound("community"))?,
            generation: snapshot.generation,
            as_of,
        })
    }
}

fn community(
    view: &View,
    viewer: &Viewer,
    ix: CommunityIx,
    as_of: Timestamp,
    health: CommunityHealth,
) -> Option<CommunityCard> {
    let node = view.communities.get(ix);
    let state = node.state.as_deref()?;
    let (animators, members) = people_of(view, viewer, ix, as_of);
    let sponsor = state.sponsor.as_ref().and_then(|id| view.person(id.as_str()));
    Some(CommunityCard {
        community: node.id.clone(),
        name: state.name.clone(),
        description: state.description.clone(),
        kind: state.kind.unwrap_or(CommunityKind::Unspecified),
        access: state.access,
        topics: state.topics.clone().unwrap_or_default(),
        language: state.language.clone(),
        unit: state.unit.as_ref().map(|unit| unit.as_str().into()),
        project: state.project.clone(),
        sponsor: sponsor
            .filter(|&person| sees_person(view, viewer, person, as_of))
            .map(|person| named(view, person)),
        charter_url: state.charter_url.clone(),
        url: state.url.clone(),
        archived: state.archived.is_some(),
        animators,
        members,
        questions: figures(&health),
        objective: state.objective.clone(),
        health,
    })
}

/// Those who animate it and want to be found, by name, then identifier; and how many people belong to it.
fn people_of(view: &View, viewer: &Viewer, community: CommunityIx, as_of: Timestamp) -> (Vec<Named>, usize) {
    let accounts = &view.communities.get(community).members;
    let humans: BTreeSet<PersonIx> = accounts.iter().map(|&account| view.human(account)).collect();
    let (mut animators, mut members) = (Vec::new(), 0);
    for person in humans {
        let Some(role) = view.role(person, community).filter(|_| !view.has_left(person)) else {
            continue;
        };
        members += 1;
        let shown = viewer.person == Some(person) || view.allows(person, Purpose::Search, as_of);
        if role == MemberRole::Animator && shown {
            animators.push(named(view, person));
        }
    }
    animators.sort_unstable_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    (animators, members)
}

/// How questions fare, as far as it is told.
fn figures(health: &CommunityHealth) -> QuestionFigures {
    let fares = &health.questions;
    QuestionFigures {
        asked: fares.asked,
        unanswered_rate: fares.unanswered_rate(),
        first_answer_hours: fares.first_answer_hours(),
        over_days: WINDOW_DAYS as u32,
    }
}
