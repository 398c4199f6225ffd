//! What learning needs of a recommender: its signals, its past, and whom a query of the past is about.

use crate::domain::Day;
use crate::pipeline::{Pipeline, Task};
use crate::recommend::{
    Calibration, CoAnimatorsRecommender, CommunitiesRecommender, ExpertsRecommender, Recommender, SearchRecommender,
    WeightsError,
};
use crate::replay::{DayQuery, DaysProtocol, ExpertsProtocol, PastQuery as _, PastQuestion, Protocol, ndcg10};
use crate::signals::co_animators::{CoAnimators, CoAnimatorsQuery};
use crate::signals::communities::{Communities, NewcomerQuery};
use crate::signals::search::{Search, SearchQuery, Sought};
use crate::signals::{Direction, Experts, ExpertsQuery, Viewer};
use crate::world::{CommunityIx, PersonIx, View};

/// Queries below which no weights are learnt.
pub const QUERIES_MIN: usize = 40;

/// A query of the past that `R` ranks.
pub type PastQueryOf<R> = <<R as Learnable>::Protocol as Protocol>::Query;
/// A query as `R`'s pipeline takes it.
pub type UnderstoodBy<R> = <<R as Learnable>::Task as Task>::Query;
/// What `R` ranks.
pub type SubjectOf<R> = <<R as Learnable>::Task as Task>::Subject;

/// Pulls where queries are few: stronger ones too.
const FEW_PULLS: &[f64] = &[1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1, 0.000_03];

/// A recommender that an organisation's past can teach.
pub trait Learnable: Sized + Sync {
    /// Its types.
    type Task: Task<World = View>;
    /// What it is held against.
    type Protocol: Protocol;

    /// Subjects in an example at most; of more, those whom the prior puts first are kept.
    const SUBJECTS_MAX: usize;

    /// How strongly weights may be pulled to the prior, the most strongly first.
    const PULLS: &'static [f64];

    /// Standard errors by which a stronger pull may do worse on the folds than the best one and be preferred all the same.
    const SLACK: f64;

    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    fn shipped() -> Result<Self, WeightsError>;

    /// With weights read from a TOML text, as in `data/weights.toml`.
    ///
    /// # Errors
    /// As [`crate::recommend::Weights::parse`].
    fn weighed_by(text: &str) -> Result<Self, WeightsError>;

    /// The name of the weights in use.
    fn model(&self) -> &str;

    /// The day on which the weights in use were made, where that is told.
    fn made(&self) -> Option<Day>;

    /// With learnt weights, under the name `model`; `calibration` tells how scores become chances, where that was learnt too.
    fn taught(weights: &[(&str, f64)], model: String, calibration: Option<Calibration>) -> Self;

    /// Sources, filters, signals.
    fn pipeline(&self) -> &Pipeline<Self::Task>;

    /// The direction of the signal called `name`.
    fn direction(name: &str) -> Direction;

    /// `query` as it is understood in `view`, which holds what was known for it; `None` when whoever asks is not known.
    fn understood(view: &View, query: &PastQueryOf<Self>) -> Option<UnderstoodBy<Self>>;

    /// The subject whose identifier in the protocol is `id`.
    fn subject(view: &View, id: &str) -> Option<SubjectOf<Self>>;

    /// Those of `candidates`, which are in order, whom an example is about; the gold ones are added. All of them, unless
    /// they are so many that sources have to choose.
    fn considered(
        &self,
        _view: &View,
        _query: &UnderstoodBy<Self>,
        candidates: &[SubjectOf<Self>],
    ) -> Vec<SubjectOf<Self>> {
        candidates.to_vec()
    }

    /// What a ranking is worth in which `gold` subjects are wanted and some of them stand at the ranks `relevant`, from 0,
    /// ascending; in 0..=1.
    fn worth(relevant: &[usize], gold: usize) -> f64 {
        ndcg10(relevant, gold)
    }
}

/// A recommender whose learnt weights a service keeps.
pub trait Kept: Learnable {
    /// Which it is.
    const WHICH: Recommender;
}

impl Kept for ExpertsRecommender {
    const WHICH: Recommender = Recommender::Experts;
}

impl Kept for CommunitiesRecommender {
    const WHICH: Recommender = Recommender::Communities;
}

impl Kept for CoAnimatorsRecommender {
    const WHICH: Recommender = Recommender::CoAnimators;
}

impl Learnable for ExpertsRecommender {
    type Task = Experts;
    type Protocol = ExpertsProtocol;

    /// Those who come later have next to no chance under any weights near these.
    const SUBJECTS_MAX: usize = 150;
    const PULLS: &'static [f64] = &[0.1, 0.03, 0.01, 0.003, 0.001, 0.000_3, 0.000_1, 0.000_03, 0.000_01];
    const SLACK: f64 = 0.0;

    fn shipped() -> Result<Self, WeightsError> {
        Self::shipped()
    }

    fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        Self::weighed_by(text)
    }

    fn model(&self) -> &str {
        self.model()
    }

    fn made(&self) -> Option<Day> {
        self.made()
    }

    fn taught(weights: &[(&str, f64)], model: String, calibration: Option<Calibration>) -> Self {
        Self::learnt(weights, model, calibration)
    }

    fn pipeline(&self) -> &Pipeline<Experts> {
        self.pipeline()
    }

    fn direction(name: &str) -> Direction {
        Self::direction(name)
    }

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
    type Task = Communities;
    type Protocol = DaysProtocol;

    const SUBJECTS_MAX: usize = usize::MAX;
    const PULLS: &'static [f64] = FEW_PULLS;
    const SLACK: f64 = 0.0;

    fn shipped() -> Result<Self, WeightsError> {
        Self::shipped()
    }

    fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        Self::weighed_by(text)
    }

    fn model(&self) -> &str {
        self.model()
    }

    fn made(&self) -> Option<Day> {
        self.made()
    }

    fn taught(weights: &[(&str, f64)], model: String, _: Option<Calibration>) -> Self {
        Self::learnt(weights, model)
    }

    fn pipeline(&self) -> &Pipeline<Communities> {
        self.pipeline()
    }

    fn direction(name: &str) -> Direction {
        Self::direction(name)
    }

    fn understood(view: &View, query: &DayQuery) -> Option<NewcomerQuery> {
        let person = view.person(query.who())?;
        Some(NewcomerQuery::of(view, person, query.at(), Viewer::default()))
    }

    fn subject(view: &View, id: &str) -> Option<CommunityIx> {
        view.communities.find(id)
    }
}

impl Learnable for CoAnimatorsRecommender {
    type Task = CoAnimators;
    type Protocol = DaysProtocol;

    /// Among everybody, those who come later have next to no chance.
    const SUBJECTS_MAX: usize = 200;
    const PULLS: &'static [f64] = FEW_PULLS;
    const SLACK: f64 = 1.0;

    fn shipped() -> Result<Self, WeightsError> {
        Self::shipped()
    }

    fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        Self::weighed_by(text)
    }

    fn model(&self) -> &str {
        self.model()
    }

    fn made(&self) -> Option<Day> {
        self.made()
    }

    fn taught(weights: &[(&str, f64)], model: String, _: Option<Calibration>) -> Self {
        Self::learnt(weights, model)
    }

    fn pipeline(&self) -> &Pipeline<CoAnimators> {
        self.pipeline()
    }

    fn direction(name: &str) -> Direction {
        Self::direction(name)
    }

    fn understood(view: &View, query: &DayQuery) -> Option<CoAnimatorsQuery> {
        let community = view.communities.find(query.who())?;
        Some(CoAnimatorsQuery::of(view, community, query.at(), Viewer::default()))
    }

    fn subject(view: &View, id: &str) -> Option<PersonIx> {
        view.person(id)
    }
}

impl Learnable for SearchRecommender {
    type Task = Search;
    type Protocol = DaysProtocol;

    /// Those who come later have next to no chance.
    const SUBJECTS_MAX: usize = 150;
    const PULLS: &'static [f64] = FEW_PULLS;
    const SLACK: f64 = 0.0;

    fn shipped() -> Result<Self, WeightsError> {
        Self::shipped()
    }

    fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        Self::weighed_by(text)
    }

    fn model(&self) -> &str {
        self.model()
    }

    fn made(&self) -> Option<Day> {
        self.made()
    }

    fn taught(weights: &[(&str, f64)], model: String, _: Option<Calibration>) -> Self {
        Self::learnt(weights, model)
    }

    fn pipeline(&self) -> &Pipeline<Search> {
        self.pipeline()
    }

    fn direction(name: &str) -> Direction {
        Self::direction(name)
    }

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
}
