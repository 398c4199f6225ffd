//! Answers: who could answer a question that is there, or one that is being written.

use super::reader::{Reader, sees_person, sees_question, viewer};
use super::recommendations::{Mark, Name, name, write_name};
use super::service::Service;
use super::snapshot::Snapshot;
use crate::domain::{PersonId, QuestionId, Timestamp};
use crate::pipeline::Order;
use crate::recommend::{ExpertsAnswer, Page, Tongue};
use crate::signals::{Draft, ExpertsQuery};
use crate::world::View;
use sha2::{Digest as _, Sha256};
use std::fmt::Debug;
use std::sync::Arc;

/// Past questions that a draft is told of.
const ALREADY_ANSWERED: usize = 3;
/// People whom the parts of one list name at most; it ends there.
const MOST_NAMED: usize = 300;
/// A past question that has less of the best one's closeness is not mentioned.
const CLOSE: f64 = 0.35;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Nothing of that name is known, or the reader may not see it.
    #[error("there is no such {0}, or you may not see it")]
    NotFound(&'static str),
}

/// How an answer about people is wanted.
#[derive(Clone, Debug)]
pub struct ExpertsRequest {
    /// How many people at most, 1..=100.
    pub limit: usize,
    /// In which order.
    pub order: Order,
    /// Whether a group is wanted that covers the question together.
    pub group: bool,
    /// Whether nobody of the asker's unit is wanted.
    pub outside_unit: bool,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads the answer.
    pub viewer: Option<Reader>,
    /// Whom the parts before named, when a list is read on: it goes on behind them, whatever came meanwhile.
    pub after: Vec<Mark>,
}

/// A question being written.
#[derive(Clone, Debug, Default)]
pub struct DraftRequest {
    /// The title.
    pub title: String,
    /// The body, plain text.
    pub body: String,
    /// Tags.
    pub tags: Vec<Arc<str>>,
    /// The community in which it would be asked.
    pub community: Option<String>,
    /// Who asks.
    pub asker: Option<String>,
    /// Its language, BCP 47.
    pub language: Option<String>,
}

/// An answer, with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply<T> {
    /// The answer.
    pub answer: T,
    /// The last sequence of the log that it knows.
    pub generation: u64,
    /// The instant as of which it holds.
    pub as_of: Timestamp,
    /// What feedback quotes.
    pub recommendation: String,
    /// Whom this part and those before it named, when there is more.
    pub next: Option<Vec<Mark>>,
}

/// Answers about several questions, in the order in which they were asked for, all from one state.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyExperts {
    /// One for each question.
    pub answers: Vec<Result<Reply<ExpertsAnswer>, QueryError>>,
    /// The last sequence of the log that they know.
    pub generation: u64,
    /// The instant as of which they hold.
    pub as_of: Timestamp,
}

/// What a draft is taken to be about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnderstoodAs {
    /// Tags that the organisation uses.
    pub tags: Vec<String>,
    /// Identifiers of skills that it names.
    pub skills: Vec<String>,
    /// The primary tag of its language.
    pub language: Option<String>,
}

/// A past question that resembles a draft and has an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlreadyAnswered {
    /// The question.
    pub question: QuestionId,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// Where the platform shows it.
    pub url: Option<Arc<str>>,
    /// Whether one of its answers is accepted.
    pub accepted: bool,
}

/// People who could answer a draft, and what is known already.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftAnswer {
    /// The people.
    pub experts: ExpertsAnswer,
    /// What it is taken to be about.
    pub understood_as: UnderstoodAs,
    /// Past questions close to it that have an answer, accepted ones first.
    pub already_answered: Vec<AlreadyAnswered>,
}

impl Service {
    /// Who could answer the question called `id`.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when the question is unknown, or in a private community to which the viewer does not
    /// belong.
    pub fn experts(&self, id: &str, request: &ExpertsRequest) -> Result<Reply<ExpertsAnswer>, QueryError> {
        self.experts_at(&self.snapshot(), id, request)
    }

    /// Who could answer each of the questions called `ids`, all from one state of the World.
    pub fn experts_of_many(&self, ids: &[String], request: &ExpertsRequest) -> ManyExperts {
        let snapshot = self.snapshot();
        let answers = ids.iter().map(|id| self.experts_at(&snapshot, id, request));
        ManyExperts {
            answers: answers.collect(),
            generation: snapshot.generation,
            as_of: snapshot.as_of(self.now()),
        }
    }

    fn experts_at(
        &self,
        snapshot: &Snapshot,
        id: &str,
        request: &ExpertsRequest,
    ) -> Result<Reply<ExpertsAnswer>, QueryError> {
        let view = &snapshot.view;
        let as_of = snapshot.as_of(self.now());
        let not_found = QueryError::NotFound("question");
        let question = view.questions.find(id).ok_or(not_found)?;
        let viewer = viewer(view, request.viewer.as_ref());
        // A reader who is somebody sees only what that person sees; a platform asks about its own questions.
        if request.viewer.is_some() && !sees_question(view, &viewer, question) {
            return Err(not_found);
        }
        let mut query = ExpertsQuery::of(view, question, as_of, viewer).ok_or(not_found)?;
        query.outside_unit = request.outside_unit;
        let title = view
            .questions
            .get(question)
            .state
            .as_ref()
            .and_then(|s| s.title.clone());
        let answer = snapshot
            .experts()
            .answer(view, &query, title.as_deref().unwrap_or(id), self.page(request));
        let (answer, next) = self.part(answer, request);
        let name = self.name_of(snapshot, as_of, &format!("question\0{id}"), request);
        self.note(name, &answer);
        Ok(Reply {
            answer,
            generation: snapshot.generation,
            as_of,
            recommendation: write_name(name),
            next,
        })
    }

    /// Who could answer a question that is being written, and which past questions answer it already.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when the community or the asker is unknown.
    pub fn draft_experts(
        &self,
        draft: &DraftRequest,
        request: &ExpertsRequest,
    ) -> Result<Reply<DraftAnswer>, QueryError> {
        let snapshot = self.snapshot();
        let view = &snapshot.view;
        let as_of = snapshot.as_of(self.now());
        let viewer = viewer(view, request.viewer.as_ref());
        let community = match draft.community.as_deref() {
            Some(id) => {
                // A platform drafts in its own communities; a reader who is somebody, where they may read.
                let hidden = |&c: &_| request.viewer.is_none() || viewer.sees(view, Some(c));
                let found = view.communities.find(id).filter(hidden);
                Some(found.ok_or(QueryError::NotFound("community"))?)
            }
            None => None,
        };
        let asker = match draft.asker.as_deref() {
            Some(id) => {
                // A platform drafts for its people; a person for themself alone; others for whom they may see.
                let may_ask = |&person: &_| match viewer.person {
                    Some(reader) => person == reader,
                    None => request.viewer.is_none() || sees_person(view, &viewer, person, as_of),
                };
                Some(view.person(id).filter(may_ask).ok_or(QueryError::NotFound("person"))?)
            }
            None => viewer.person,
        };
        let words = Draft {
            title: &draft.title,
            body: &draft.body,
            tags: &draft.tags,
            community,
            asker,
            language: draft.language.as_deref(),
        };
        let mut query = ExpertsQuery::draft(view, &words, as_of, viewer);
        query.outside_unit = request.outside_unit;
        let experts = snapshot
            .experts()
            .answer(view, &query, &draft.title, self.page(request));
        let (experts, next) = self.part(experts, request);
        let answer = DraftAnswer {
            experts,
            understood_as: understood(view, &query),
            already_answered: already_answered(view, &query),
        };
        let name = self.name_of(&snapshot, as_of, &format!("draft\0{draft:?}"), request);
        self.note(name, &answer.experts);
        Ok(Reply {
            answer,
            generation: snapshot.generation,
            as_of,
            recommendation: write_name(name),
            next,
        })
    }

    fn page(&self, request: &ExpertsRequest) -> Page {
        Page {
            limit: request.limit + request.after.len(),
            order: request.order,
            group: request.group,
            tongue: request.tongue,
            manner: self.manner,
        }
    }

    /// The part of `answer`, which was made for [`Self::page`], that `request` is about; and whom all parts named, when there is
    /// more.
    fn part(&self, mut answer: ExpertsAnswer, request: &ExpertsRequest) -> (ExpertsAnswer, Option<Vec<Mark>>) {
        let mark = |subject: &PersonId| self.register.mark(subject.as_str());
        let before = &request.after;
        if !before.is_empty() {
            answer.items.retain(|pick| !before.contains(&mark(&pick.subject)));
        }
        answer.reserve += answer.items.len().saturating_sub(request.limit);
        answer.items.truncate(request.limit);
        for (rank, pick) in (before.len() + 1..).zip(&mut answer.items) {
            pick.rank = rank;
        }
        // A group is given whole.
        let more = !request.group && answer.reserve > 0 && before.len() + answer.items.len() < MOST_NAMED;
        let named = || {
            before
                .iter()
                .copied()
                .chain(answer.items.iter().map(|pick| mark(&pick.subject)))
        };
        let next = more.then(|| named().collect());
        (answer, next)
    }

    /// A name for exactly this answer; nobody without it can guess it.
    pub(super) fn name_of(&self, at: &Snapshot, as_of: Timestamp, query: &str, request: &impl Debug) -> Name {
        let mut hash = Sha256::new();
        let parts = format!(
            "{query}\0{request:?}\0{}\0{}\0{}",
            as_of.micros(),
            at.generation,
            at.models.tag()
        );
        hash.update(self.data_id);
        hash.update(parts.as_bytes());
        name(as_of, &hash.finalize().into())
    }

    /// Remembers whom an answer named, for the feedback that quotes it.
    fn note(&self, name: Name, answer: &ExpertsAnswer) {
        let subjects = answer.items.iter().map(|pick| pick.subject.as_str());
        self.register.note(name, subjects);
    }
}

fn understood(view: &View, query: &ExpertsQuery) -> UnderstoodAs {
    UnderstoodAs {
        tags: query
            .tags
            .iter()
            .map(|(tag, _)| view.tags.get(*tag).id.to_string())
            .collect(),
        skills: query
            .skills
            .iter()
            .map(|&skill| view.skills.get(skill).id.to_string())
            .collect(),
        language: query.language.as_deref().map(str::to_owned),
    }
}

/// Close past questions that the reader may see and that somebody answered, accepted answers first.
fn already_answered(view: &View, query: &ExpertsQuery) -> Vec<AlreadyAnswered> {
    let close = query.similar.iter().filter(|similar| similar.strength >= CLOSE);
    let visible = close.filter(|similar| query.shows(view, view.questions.get(similar.question).community));
    let mut past: Vec<_> = visible
        .filter_map(|similar| {
            view.first_answer(similar.question)?;
            let node = view.questions.get(similar.question);
            let state = node.state.as_ref()?;
            let accepted = node
                .answers
                .iter()
                .any(|&a| view.answers.get(a).state.as_ref().is_some_and(|s| s.accepted));
            Some(AlreadyAnswered {
                question: node.id.clone(),
                title: state.title.clone(),
                url: state.url.clone(),
                accepted,
            })
        })
        .take(ALREADY_ANSWERED)
        .collect();
    past.sort_by_key(|question| !question.accepted);
    past
}
