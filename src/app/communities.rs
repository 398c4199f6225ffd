//! Communities for a person: where somebody who arrives, or has been there for years, may belong.

use super::answers::{QueryError, Reply};
use super::reader::{Reader, viewer};
use super::recommendations::{Mark, write_name};
use super::service::Service;
use crate::recommend::{CommunitiesAnswer, CommunitiesPage, Tongue, Welcome};
use crate::signals::communities::NewcomerQuery;

/// Communities that the parts of one page name at most; it ends there.
const MOST_NAMED: usize = 300;

/// How an answer about communities is wanted.
#[derive(Clone, Debug)]
pub struct CommunitiesRequest {
    /// How many communities at most, 1..=100.
    pub limit: usize,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads the answer.
    pub viewer: Option<Reader>,
    /// What the parts before named, when a page is read on: it goes on behind them, whatever came meanwhile.
    pub after: Vec<Mark>,
}

impl Service {
    /// Where the person called `id`, by any of their accounts, may belong. A page is the person's own: a platform asks for
    /// anybody, and a reader who is somebody for themself alone.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when nobody of that name is known, or the page is somebody else's.
    pub fn communities_for(
        &self,
        id: &str,
        request: &CommunitiesRequest,
    ) -> Result<Reply<CommunitiesAnswer>, QueryError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let viewer = viewer(view, request.viewer.as_ref());
        let own = |&person: &_| request.viewer.is_none() || viewer.person == Some(person);
        let person = view.person(id).filter(own).ok_or(QueryError::NotFound("person"))?;
        let query = NewcomerQuery::on(view, snapshot.roll(), person, as_of, viewer);
        let page = CommunitiesPage {
            limit: request.limit + request.after.len(),
            tongue: request.tongue,
            manner: self.manner,
        };
        let answer = snapshot.communities().answer(view, &query, page);
        let (answer, next) = self.communities_part(answer, request);
        let name = self.name_of(&snapshot, as_of, &format!("communities\0{id}"), request);
        self.register
            .note(name, answer.items.iter().map(|item| item.community.as_str()));
        Ok(Reply {
            answer,
            generation: snapshot.generation,
            as_of,
            recommendation: write_name(name),
            next,
        })
    }

    /// The part of `answer`, which was made for what was named before too, that `request` is about; and what all parts named,
    /// when there is more.
    fn communities_part(
        &self,
        mut answer: CommunitiesAnswer,
        request: &CommunitiesRequest,
    ) -> (CommunitiesAnswer, Option<Vec<Mark>>) {
        let before = &request.after;
        let mark = |item: &Welcome| self.register.mark(item.community.as_str());
        if !before.is_empty() {
            answer.items.retain(|item| !before.contains(&mark(item)));
            // Whoever was shown something is not told that there is nothing.
            answer.nothing = None;
        }
        answer.reserve += answer.items.len().saturating_sub(request.limit);
        answer.items.truncate(request.limit);
        for (rank, item) in (before.len() + 1..).zip(&mut answer.items) {
            item.rank = rank;
        }
        let named = before.iter().copied().chain(answer.items.iter().map(mark));
        let more = answer.reserve > 0 && before.len() + answer.items.len() < MOST_NAMED;
        let next = more.then(|| named.collect());
        (answer, next)
    }
}
