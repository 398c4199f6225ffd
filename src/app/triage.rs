//! Triage: the questions that wait, those that wait longest first.

use super::answers::QueryError;
use super::reader::{Reader, sees_question, viewer};
use super::service::Service;
use crate::domain::{CommunityId, PersonId, QuestionId, Timestamp};
use crate::signals::Viewer;
use crate::world::{CommunityIx, QuestionIx, View};
use std::sync::Arc;

/// Which questions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionStatus {
    /// Open, and nobody but the asker answered.
    #[default]
    Unanswered,
    /// Somebody else answered.
    Answered,
    /// Closed.
    Closed,
    /// All of them.
    All,
}

/// What is wanted.
#[derive(Clone, Debug, Default)]
pub struct QuestionsRequest {
    /// Which.
    pub status: QuestionStatus,
    /// Asked at least so many minutes ago.
    pub older_than_minutes: Option<u64>,
    /// Asked there.
    pub community: Option<String>,
    /// How many at most, 1..=100.
    pub limit: usize,
    /// Those after this one.
    pub after: Option<(Timestamp, QuestionId)>,
    /// Who reads the list.
    pub viewer: Option<Reader>,
}

/// A question in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionCard {
    /// Its identifier.
    pub question: QuestionId,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// Who asked, unless the name is withheld.
    pub asker: Option<PersonId>,
    /// Where.
    pub community: Option<CommunityId>,
    /// Its tags, as people wrote them.
    pub tags: Vec<Arc<str>>,
    /// The primary tag of its language.
    pub language: Option<Arc<str>>,
    /// When.
    pub at: Timestamp,
    /// Answers by somebody else than the asker.
    pub answers: usize,
    /// Whether it is closed.
    pub closed: bool,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionPage {
    /// The questions, oldest first, equal instants by identifier.
    pub items: Vec<QuestionCard>,
    /// Where the next part begins, when there is one.
    pub next: Option<(Timestamp, QuestionId)>,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
}

impl Service {
    /// Questions that the reader may see, oldest first. Questions of private communities show only to their members.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when the community is unknown, or the reader may not see it.
    pub fn questions(&self, request: &QuestionsRequest) -> Result<QuestionPage, QueryError> {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let as_of = snapshot.as_of(self.now());
        let viewer = viewer(view, request.viewer.as_ref());
        let community = match request.community.as_deref() {
            Some(id) => {
                let found = view.communities.find(id).filter(|&c| viewer.sees(view, Some(c)));
                Some(found.ok_or(QueryError::NotFound("community"))?)
            }
            None => None,
        };
        let mut found: Vec<(Timestamp, &QuestionId, QuestionIx)> = view
            .questions
            .iter()
            .filter(|(ix, _)| wanted(view, *ix, request, &viewer, community, as_of))
            .filter_map(|(ix, node)| Some((node.state.as_ref()?.at, &node.id, ix)))
            .filter(|(at, id, _)| request.after.as_ref().is_none_or(|(t, q)| (at, *id) > (t, q)))
            .collect();
        found.sort_unstable();
        let more = found.len() > request.limit;
        found.truncate(request.limit);
        let items: Vec<_> = found.iter().filter_map(|&(_, _, ix)| card(view, ix)).collect();
        let next = items
            .last()
            .filter(|_| more)
            .map(|last| (last.at, last.question.clone()));
        Ok(QuestionPage {
            items,
            next,
            generation: snapshot.generation,
            as_of,
        })
    }
}

fn wanted(
    view: &View,
    ix: QuestionIx,
    request: &QuestionsRequest,
    viewer: &Viewer,
    community: Option<CommunityIx>,
    as_of: Timestamp,
) -> bool {
    let node = view.questions.get(ix);
    let Some(state) = node.state.as_ref() else { return false };
    let answered = || view.first_answer(ix).is_some();
    let status = match request.status {
        QuestionStatus::Unanswered => state.closed.is_none() && !answered(),
        QuestionStatus::Answered => answered(),
        QuestionStatus::Closed => state.closed.is_some(),
        QuestionStatus::All => true,
    };
    status
        && sees_question(view, viewer, ix)
        && community.is_none_or(|c| node.community == Some(c))
        && request
            .older_than_minutes
            .is_none_or(|minutes| as_of.minutes_since(state.at) >= minutes)
}

/// The question at `ix` as it stands in a list.
pub(super) fn card(view: &View, ix: QuestionIx) -> Option<QuestionCard> {
    let node = view.questions.get(ix);
    let state = node.state.as_ref()?;
    let asker = node.asker.map(|p| view.human(p));
    let others = |&&a: &&_| view.answers.get(a).author.map(|p| view.human(p)) != asker;
    Some(QuestionCard {
        question: node.id.clone(),
        title: state.title.clone(),
        asker: asker.filter(|_| !state.anonymous).map(|p| view.person_id(p).clone()),
        community: node.community.map(|c| view.communities.get(c).id.clone()),
        tags: state.tags.clone().unwrap_or_default(),
        language: node.language.clone(),
        at: state.at,
        answers: node.answers.iter().filter(others).count(),
        closed: state.closed.is_some(),
        url: state.url.clone(),
    })
}
