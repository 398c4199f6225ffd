//! One fair sharing of many open questions among those who could answer them.

use super::unshared;
use crate::app::answers::QueryError;
use crate::app::reader::{Reader, sees_question, viewer};
use crate::app::service::Service;
use crate::domain::{QuestionId, Timestamp};
use crate::recommend::{AsksPlan, AsksWish, Idle, OpenQuestion, Tongue, Unshared, plan_asks};
use crate::signals::Viewer;
use crate::world::{CommunityIx, QuestionIx, View};
use std::collections::BTreeSet;

/// Questions in one plan, at most.
pub const PLANNED_MOST: usize = 5_000;

/// How a plan of whom to ask is wanted.
#[derive(Clone, Debug)]
pub struct AsksRequest {
    /// Which questions, [`PLANNED_MOST`] at most; without, all that wait and that the reader may see, the newest first.
    pub questions: Option<Vec<String>>,
    /// Only those asked there.
    pub community: Option<String>,
    /// How many people a question is to have, 1..=3.
    pub people: usize,
    /// The communities whose questions alone may be planned, when the reader plans for some only.
    pub own: Option<Vec<String>>,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads the plan.
    pub viewer: Option<Reader>,
}

/// A plan, with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedAsks {
    /// The plan.
    pub plan: AsksPlan,
    /// What feedback and invitations quote: one name for each item of the plan, in their order.
    pub recommendations: Vec<String>,
    /// How many questions that wait the plan leaves out, because it has as many as one may have.
    pub left_out: usize,
    /// The last sequence of the log that it knows.
    pub generation: u64,
}

impl Service {
    /// Whom to ask about many questions, shared fairly. Cost: an answer a question, and the sharing.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when the community is unknown, or the reader may not plan for it.
    pub fn plan_asks(&self, request: &AsksRequest) -> Result<PlannedAsks, QueryError> {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let reader = viewer(view, request.viewer.as_ref());
        let wish = AsksWish {
            people: request.people,
            as_of: snapshot.as_of(self.now()),
            viewer: reader,
            tongue: request.tongue,
            manner: self.manner,
        };
        let wanted = Wanted::of(view, request, &wish.viewer)?;
        let (mut questions, mut none) = (Vec::new(), wanted.unknown);
        for question in wanted.questions {
            match OpenQuestion::of(snapshot.experts(), view, question, &wish) {
                Ok(open) => questions.push(open),
                Err(why) => none.push(unshared(view.questions.get(question).id.as_str(), why)),
            }
        }
        let plan = plan_asks(snapshot.experts(), view, questions, none, &wish);
        let recommendations = plan.items.iter().map(|item| {
            let subjects = item.picks.iter().map(|pick| pick.subject.as_str());
            self.note_planned(&snapshot, plan.as_of, &format!("asks\0{}", item.question), subjects)
        });
        Ok(PlannedAsks {
            recommendations: recommendations.collect(),
            left_out: wanted.left_out,
            generation: snapshot.generation,
            plan,
        })
    }
}

/// Which questions a request is about.
struct Wanted {
    questions: Vec<QuestionIx>,
    /// Those that are not there, for this reader.
    unknown: Vec<Unshared>,
    left_out: usize,
}

impl Wanted {
    fn of(view: &View, request: &AsksRequest, reader: &Viewer) -> Result<Self, QueryError> {
        let own = request.own.as_ref().map(|own| {
            let known = own.iter().filter_map(|id| view.communities.find(id.as_str()));
            known.collect::<BTreeSet<CommunityIx>>()
        });
        let may_plan = |community: Option<CommunityIx>| match &own {
            Some(own) => community.is_some_and(|community| own.contains(&community)),
            None => true,
        };
        let community = match request.community.as_deref() {
            Some(id) => {
                let seen = |&c: &CommunityIx| may_plan(Some(c)) && reader.sees(view, Some(c));
                let found = view.communities.find(id).filter(seen);
                Some(found.ok_or(QueryError::NotFound("community"))?)
            }
            None => None,
        };
        let there = |question: QuestionIx| {
            let place = view.questions.get(question).community;
            may_plan(place) && community.is_none_or(|community| place == Some(community))
        };
        Ok(match &request.questions {
            Some(ids) => {
                // A reader who is somebody sees only what that person sees; a platform asks about its own questions.
                let seen = |&q: &QuestionIx| there(q) && (request.viewer.is_none() || sees_question(view, reader, q));
                Self::named(view, ids, seen)
            }
            None => Self::waiting(view, |&q| there(q) && sees_question(view, reader, q)),
        })
    }

    /// The questions called `ids`, each once.
    fn named(view: &View, ids: &[String], seen: impl Fn(&QuestionIx) -> bool) -> Self {
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let known = |id: &str| {
            let found = view.questions.find(id).filter(&seen);
            found.filter(|&question| view.questions.get(question).state.is_some())
        };
        let (mut questions, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            match known(id) {
                Some(question) => questions.push(question),
                None => unknown.push(unshared(id, Idle::NotFound)),
            }
        }
        Self {
            questions,
            unknown,
            left_out: 0,
        }
    }

    /// The questions that wait, the newest first, as many as a plan may have.
    fn waiting(view: &View, seen: impl Fn(&QuestionIx) -> bool) -> Self {
        let waits = |&q: &QuestionIx| {
            let state = view.questions.get(q).state.as_ref();
            state.is_some_and(|state| state.closed.is_none()) && view.first_answer(q).is_none()
        };
        let all = view.questions.iter().map(|(question, _)| question);
        let mut questions: Vec<QuestionIx> = all.filter(waits).filter(seen).collect();
        let key = |&q: &QuestionIx| -> (Option<Timestamp>, &QuestionId) {
            let node = view.questions.get(q);
            (node.state.as_ref().map(|state| state.at), &node.id)
        };
        questions.sort_unstable_by(|a, b| key(b).cmp(&key(a)));
        let left_out = questions.len().saturating_sub(PLANNED_MOST);
        questions.truncate(PLANNED_MOST);
        Self {
            questions,
            unknown: Vec::new(),
            left_out,
        }
    }
}
