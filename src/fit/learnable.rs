//! What learning from past queries needs of a recommender: its past, and whom a query of the past is about.

use super::mixture::Choice;
use super::teachable::Teachable;
use crate::pipeline::Task;
use crate::recommend::{CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, SearchRecommender};
use crate::replay::{DayQuery, DaysProtocol, ExpertsProtocol, PastQuery as _, PastQuestion, Protocol, ndcg10};
use crate::signals::co_animators::CoAnimatorsQuery;
use crate::signals::communities::NewcomerQuery;
use crate::signals::search::{SearchQuery, Sought};
use crate::signals::{ExpertsQuery, Viewer};
use crate::world::{CommunityIx, PersonIx, View};

/// Queries below which no weights are learnt.
pub const QUERIES_MIN: usize = 40;

/// A query of the past that `R` ranks.
pub type PastQueryOf<R> = <<R as Learnable>::Protocol as Protocol>::Query;
/// A query as `R`'s pipeline takes it.
pub type UnderstoodBy<R> = <<R as Teachable>::Task as Task>::Query;
/// What `R` ranks.
pub type SubjectOf<R> = <<R as Teachable>::Task as Task>::Subject;

/// Pulls where queries are few: stronger ones too.
pub(super) const FEW_PULLS: &[f64] = &[1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1, 0.000_03];

/// A recommender that the queries of an organisation's past can teach.
pub trait Learnable: Teachable {
    /// What it is held against.
    type Protocol: Protocol;

    /// Subjects in an example at most; of more, those whom the prior puts first are kept.
    const SUBJECTS_MAX: usize;

    /// How strongly weights may be pulled to the prior, the most strongly first.
    const PULLS: &'static [f64];

    /// How they become weights, by what each did on the folds.
    const CHOICE: Choice;

    /// `query` as it is understood in `view`, which holds what was known for it; `None` when whoever asks is not known.
    fn understood(view: &View, query: &PastQueryOf<Self>) -> Option<UnderstoodBy<Self>>;

    /// The subject whose identifier in the protocol is `id`.
    fn subject(view: &View, id: &str) -> Option<SubjectOf<Self>>;

    /// Those of `candidates`, which are in order, from whom an example teaches to choose, in order; the gold ones are added to
    /// be judged by. All of them, unless they are so many that sources have to choose.
    fn considered(
        &self,
        _view: &View,
        _query: &UnderstoodBy<Self>,
        candidates: &[SubjectOf<Self>],
    ) -> Vec<SubjectOf<Self>> {
        candidates.to_vec()
    }

    /// The groups of queries that are learnt apart, each with a pull of its own: their names, of which one without a name is
    /// all of them.
    fn groups() -> &'static [&'static str] {
        &[""]
    }

    /// The place of the query's group among them.
    fn group(_query: &PastQueryOf<Self>) -> usize {
        0
    }

    /// The place of the group for whose queries the signal called `name` counts; it tells nothing of the others.
    fn group_of(_name: &str) -> usize {
        0
    }

    /// What a ranking is worth in which `gold` subjects are wanted and some of them stand at the ranks `relevant`, from 0,
    /// ascending; in 0..=1.
    fn worth(relevant: &[usize], gold: usize) -> f64 {
        ndcg10(relevant, gold)
    }
}

impl Learnable for ExpertsRecommender {
    type Protocol = ExpertsProtocol;

    /// Those who come later have next to no chance under any weights near these.
    const SUBJECTS_MAX: usize = 150;
    const PULLS: &'static [f64] = &[0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1, 0.000_03, 0.000_01];
    const CHOICE: Choice = Choice::Mean;

    fn understood(view: &View, query: &PastQuestion) -> Option<ExpertsQuery> {
        Some(query.understood(view))
    }

    fn subject(view: &View, id: &str) -> Option<PersonIx> {
        view.person(id)
    }

    /// Those whom the sources propose, as in service.
    fn considered(&self, view: &View, query: &ExpertsQuery, candidates: &[PersonIx]) -> Vec<PersonIx> {
        let mut proposed = self.pipeline().candidates(view, query);
        proposed.retain(|person| candidates.binary_search(person).is_ok());
        proposed
    }
}

impl Learnable for CommunitiesRecommender {
    type Protocol = DaysProtocol;

    const SUBJECTS_MAX: usize = usize::MAX;
    const PULLS: &'static [f64] = FEW_PULLS;
    const CHOICE: Choice = Choice::Strongest(0.0);

    fn understood(view: &View, query: &DayQuery) -> Option<NewcomerQuery> {
        let person = view.person(query.who())?;
        Some(NewcomerQuery::of(view, person, query.at(), Viewer::default()))
    }

    fn subject(view: &View, id: &str) -> Option<CommunityIx> {
        view.communities.find(id)
    }

    fn groups() -> &'static [&'static str] {
        &["cold", "warm"]
    }

    fn group(query: &DayQuery) -> usize {
        usize::from(query.warm() == Some(true))
    }

    fn group_of(name: &str) -> usize {
        usize::from(Self::is_of_settled(name))
    }
}

impl Learnable for CoAnimatorsRecommender {
    type Protocol = DaysProtocol;

    /// Among everybody, those who come later have next to no chance.
    const SUBJECTS_MAX: usize = 200;
    const PULLS: &'static [f64] = FEW_PULLS;
    const CHOICE: Choice = Choice::Strongest(1.0);

    fn understood(view: &View, query: &DayQuery) -> Option<CoAnimatorsQuery> {
        let community = view.communities.find(query.who())?;
        Some(CoAnimatorsQuery::of(view, community, query.at(), Viewer::default()))
    }

    fn subject(view: &View, id: &str) -> Option<PersonIx> {
        view.person(id)
    }
}

impl Learnable for SearchRecommender {
    type Protocol = DaysProtocol;

    /// Those who come later have next to no chance.
    const SUBJECTS_MAX: usize = 150;
    const PULLS: &'static [f64] = FEW_PULLS;
    const CHOICE: Choice = Choice::Mean;

    fn understood(view: &View, query: &DayQuery) -> Option<SearchQuery> {
        let sought = Sought {
            text: query.who(),
            ..Sought::default()
        };
        SearchQuery::of(view, sought, query.at())
    }

    fn subject(view: &View, id: &str) -> Option<PersonIx> {
        view.person(id)
    }

    /// Those whom the sources propose, as in service.
    fn considered(&self, view: &View, query: &SearchQuery, candidates: &[PersonIx]) -> Vec<PersonIx> {
        let mut proposed = self.pipeline().candidates(view, query);
        proposed.retain(|person| candidates.binary_search(person).is_ok());
        proposed
    }
}
