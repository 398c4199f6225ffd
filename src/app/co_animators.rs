//! Who could co-animate a community.

use super::answers::{QueryError, Reply};
use super::reader::{Reader, sees_community, viewer};
use super::recommendations::write_name;
use super::service::Service;
use crate::recommend::{CoAnimatorsAnswer, Tongue};
use crate::signals::co_animators::CoAnimatorsQuery;

/// How an answer about co-animators is wanted.
#[derive(Clone, Debug)]
pub struct CoAnimatorsRequest {
    /// How many people at most, 1..=100.
    pub limit: usize,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Who reads the answer.
    pub viewer: Option<Reader>,
    /// Whether private and sensitive communities are answered for too: the operator of the machine may ask about any, and
    /// is told no more than everybody is told of an open one.
    pub anywhere: bool,
}

impl Service {
    /// A set of people who could co-animate the community called `id`. Nothing is sent to anybody. Cost: its people and
    /// what they gave, a look at everybody's offers, and the topics of all communities.
    ///
    /// # Errors
    /// [`QueryError::NotFound`] when it is not described, or the reader may not see it.
    pub fn co_animators(&self, id: &str, request: &CoAnimatorsRequest) -> Result<Reply<CoAnimatorsAnswer>, QueryError> {
        let snapshot = self.snapshot();
        let (view, as_of) = (&snapshot.view, snapshot.as_of(self.now()));
        let viewer = viewer(view, request.viewer.as_ref());
        let known = |c| view.communities.get(c).state.as_ref().is_some_and(|state| state.known);
        let seen = |c| sees_community(view, &viewer, c) || (request.anywhere && known(c));
        let found = view.communities.find(id).filter(|&c| seen(c));
        let community = found.ok_or(QueryError::NotFound("community"))?;
        let mut query = CoAnimatorsQuery::on(view, snapshot.topics(), community, as_of, viewer);
        query.places = request.limit;
        let answer = snapshot
            .co_animators()
            .answer(view, &query, request.tongue, self.manner);
        // The same answer has the same name, whoever may ask for it.
        let wanted = (request.limit, request.tongue, &request.viewer);
        let name = self.name_of(&snapshot, as_of, &format!("co-animators\0{id}"), &wanted);
        let subjects = answer.items.iter().map(|pick| pick.subject.as_str());
        self.register.note(name, subjects);
        Ok(Reply {
            answer,
            generation: snapshot.generation,
            as_of,
            recommendation: write_name(name),
            next: None,
        })
    }
}
