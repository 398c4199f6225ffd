//! Newcomers of a community, and those of their questions that still wait for an answer.

use super::own_community;
use super::questions::{WINDOW_DAYS, asked_at, first_questions};
use crate::app::answers::QueryError;
use crate::app::cards::{Card, CardRequest};
use crate::app::reader::sees_person;
use crate::app::service::Service;
use crate::app::triage::{QuestionCard, card};
use crate::domain::{DAY_MICROS, MemberRole, QuestionId, Timestamp};
use crate::world::{CommunityIx, PersonIx, QuestionIx, View};
use std::collections::BTreeSet;

/// The open questions of newcomers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingNewcomers {
    /// How many people are new.
    pub people: usize,
    /// Their open questions without an answer by another person, the oldest first. The asker is left out where the name is
    /// withheld, or the person does not want to be found.
    pub items: Vec<QuestionCard>,
    /// The instant and the identifier of the last of them, where there are more.
    pub last: Option<(Timestamp, QuestionId)>,
}

impl Service {
    /// The open questions of those new to the community called `id`, which the reader animates; `limit` at most, of those that
    /// come after the question `after`, when a list is read on. Cost: its members and questions.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when there is no such community, or the reader does not animate it.
    pub fn newcomers(
        &self,
        id: &str,
        limit: usize,
        after: Option<&(Timestamp, QuestionId)>,
        request: &CardRequest,
    ) -> Result<Card<WaitingNewcomers>, QueryError> {
        let (snapshot, as_of) = self.state();
        let view = &snapshot.view;
        let (viewer, community) = own_community(view, request.viewer.as_ref(), id)?;
        let newcomers = Newcomers::of(view, community, as_of);
        let place = |question: QuestionIx| (asked_at(view, question), &view.questions.get(question).id);
        let read = |&question: &QuestionIx| after.is_some_and(|(at, id)| place(question) <= (Some(*at), id));
        let rest = &newcomers.waiting[newcomers.waiting.partition_point(read)..];
        let last = rest.get(limit.max(1) - 1).filter(|_| rest.len() > limit);
        let last = last.and_then(|&last| Some((asked_at(view, last)?, view.questions.get(last).id.clone())));
        let shown = rest.iter().take(limit).filter_map(|&question| {
            let mut shown = card(view, question)?;
            let asker = shown.asker.as_ref().and_then(|asker| view.person(asker.as_str()));
            if !asker.is_some_and(|asker| sees_person(view, &viewer, asker, as_of)) {
                shown.asker = None;
            }
            Some(shown)
        });
        Ok(Card {
            shows: WaitingNewcomers {
                people: newcomers.people,
                items: shown.collect(),
                last,
            },
            generation: snapshot.generation,
            as_of,
        })
    }
}

/// Who came to a community lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Newcomers {
    /// How many.
    pub(super) people: usize,
    /// Their open questions without an answer by another person, the oldest first.
    pub(super) waiting: Vec<QuestionIx>,
}

impl Newcomers {
    /// Those who joined `community`, or asked their first question there, in the last 90 days, asked none there before, and
    /// do not animate it. Who is only known to have been a member by then is none. Cost: its members and questions.
    pub(super) fn of(view: &View, community: CommunityIx, as_of: Timestamp) -> Self {
        let since = as_of.plus_micros(-WINDOW_DAYS * DAY_MICROS);
        let lately = |at: Timestamp| since < at && at <= as_of;
        let firsts = first_questions(view, community);
        let joined = |person: PersonIx| {
            let first = view.stays(person, community).min_by_key(|stay| stay.since);
            first.is_some_and(|stay| !stay.since_unknown && lately(stay.since))
        };
        let members = view.members_of(community).into_iter();
        let mut people: BTreeSet<PersonIx> = members
            .map(|(person, _)| person)
            .filter(|&person| joined(person))
            .collect();
        people.retain(|person| firsts.get(person).is_none_or(|(at, _)| lately(*at)));
        people.extend(
            firsts
                .iter()
                .filter(|(_, (at, _))| lately(*at))
                .map(|(&person, _)| person),
        );
        people.retain(|&person| !view.has_left(person) && view.role(person, community) != Some(MemberRole::Animator));
        let mut waiting: Vec<QuestionIx> = waiting(view, community)
            .filter(|&question| view.shown_asker(question).is_some_and(|asker| people.contains(&asker)))
            .collect();
        sort(view, &mut waiting);
        Self {
            people: people.len(),
            waiting,
        }
    }

    /// How many people have waited for `days` days or more.
    pub(super) fn waiting_for(&self, view: &View, days: i64, as_of: Timestamp) -> usize {
        let long = as_of.plus_micros(-days * DAY_MICROS);
        let waits = self
            .waiting
            .iter()
            .filter(|&&question| asked_at(view, question).is_some_and(|at| at <= long));
        let askers: BTreeSet<_> = waits.filter_map(|&question| view.shown_asker(question)).collect();
        askers.len()
    }
}

/// The open questions of `community` without an answer by another person.
pub(super) fn waiting(view: &View, community: CommunityIx) -> impl Iterator<Item = QuestionIx> + '_ {
    let questions = view.communities.get(community).questions.iter().copied();
    questions.filter(|&question| {
        let open = view
            .questions
            .get(question)
            .state
            .as_ref()
            .is_some_and(|state| state.closed.is_none());
        open && view.first_answer(question).is_none()
    })
}

/// Questions in the order in which they were asked, equal instants by identifier.
pub(super) fn sort(view: &View, questions: &mut [QuestionIx]) {
    questions.sort_unstable_by_key(|&question| (asked_at(view, question), &view.questions.get(question).id));
}
