//! Models on the wire: their weights, and how these were learnt.

use super::admin::State;
use crate::app::{self, Edition, Recommender, SHIPPED, Shelf};
use crate::calendar::rfc3339;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The models that there are.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Models {
    /// Recommender by recommender: weights that the configuration gives, then the kept models, newest first, then what the
    /// program ships.
    items: Vec<Model>,
    /// Always null: the list is whole.
    next_cursor: Option<String>,
    #[serde(flatten)]
    state: State,
}

/// A model.
#[derive(Serialize, ToSchema)]
struct Model {
    /// What it weighs for: `experts`, `communities` or `co-animators`.
    recommender: &'static str,
    /// The name that answers bear as `model`.
    name: String,
    /// Its number; 0 for what the program ships, absent for weights that the configuration gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    version: Option<u64>,
    /// Whether answers are computed by its weights.
    in_use: bool,
    /// Whether the operator pinned it.
    pinned: bool,
    /// When it was made; absent for what was not learnt here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    made: Option<String>,
    /// How many terms its latent basis knows; 0 without one.
    terms: u64,
    /// How its weights were learnt; absent for those that were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    learnt: Option<Learning>,
    /// What each signal's strength is worth.
    weights: BTreeMap<&'static str, f64>,
}

/// How weights were learnt.
#[derive(Serialize, ToSchema)]
struct Learning {
    /// Past questions that they were learnt from; days on which somebody joined, or began to animate, for the others.
    examples: usize,
    /// When the first of these was.
    #[schema(format = DateTime)]
    first: String,
    /// When the last of these was.
    #[schema(format = DateTime)]
    last: String,
    /// How strongly they are pulled to what the program ships.
    pull: f64,
    /// How they did before they were taken.
    check: Check,
    /// Group by group, where groups of days are learnt apart: people who belonged nowhere yet (`cold`), and people who belonged
    /// somewhere (`warm`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    apart: Vec<Apart>,
}

/// What one group of days taught.
#[derive(Serialize, ToSchema)]
struct Apart {
    /// Which.
    group: String,
    /// Days that it was learnt from.
    examples: usize,
    /// How strongly its weights are pulled to what the program ships.
    pull: f64,
    /// Whether its weights were taken; those of the others stay as they were.
    taken: bool,
    /// How they did.
    check: Check,
}

/// New weights against those in use before, on the newest questions or days, which neither had seen.
#[derive(Serialize, ToSchema)]
struct Check {
    /// Questions or days.
    questions: usize,
    /// Mean nDCG at 10 of the weights in use before.
    current: f64,
    /// Mean nDCG at 10 of the new ones.
    learnt: f64,
    /// The lower end of the 95 % interval of the difference.
    low: f64,
    /// The upper end.
    high: f64,
}

impl Models {
    /// Everything that is known of `models`; of one recommender alone, when one is named.
    pub(in crate::http) fn of(models: &app::Models, only: Option<Recommender>, edition: Edition) -> Self {
        let basis_terms = models.basis().map_or(0, |basis| basis.terms() as u64);
        let wanted = models
            .shelves()
            .filter(|shelf| only.is_none_or(|only| shelf.which() == only));
        Self {
            items: wanted.flat_map(|shelf| Model::all(shelf, basis_terms)).collect(),
            next_cursor: None,
            state: edition.into(),
        }
    }
}

impl Model {
    fn all(shelf: &Shelf, basis_terms: u64) -> Vec<Self> {
        let is_experts = shelf.which() == Recommender::Experts;
        let given = shelf.given().map(|_| Self {
            recommender: shelf.which().name(),
            name: shelf.name(),
            version: None,
            in_use: true,
            pinned: false,
            made: None,
            terms: if is_experts { basis_terms } else { 0 },
            learnt: None,
            weights: shelf.weights().into_iter().collect(),
        });
        let kept = shelf.newest_first().map(Some).chain([None]);
        given
            .into_iter()
            .chain(kept.map(|model| Self::of(shelf, model)))
            .collect()
    }

    /// `model`, or what the program ships.
    fn of(shelf: &Shelf, model: Option<&app::Model>) -> Self {
        let version = model.map_or(SHIPPED, |model| model.version);
        Self {
            recommender: shelf.which().name(),
            name: shelf.name_of(model),
            version: Some(version),
            in_use: shelf.given().is_none() && shelf.in_use() == version,
            pinned: shelf.pinned() == Some(version),
            made: model.map(|model| rfc3339(model.made)),
            terms: model.map_or(0, |model| model.terms),
            learnt: model.and_then(Learning::of),
            weights: shelf.weights_of(model).iter().copied().collect(),
        }
    }
}

impl Learning {
    fn of(model: &app::Model) -> Option<Self> {
        let learnt = model.learnt.as_ref()?;
        Some(Self {
            examples: learnt.examples,
            first: rfc3339(learnt.span.0),
            last: rfc3339(learnt.span.1),
            pull: learnt.pull,
            check: Check::of(&learnt.check),
            apart: learnt.apart.iter().map(Apart::of).collect(),
        })
    }
}

impl Apart {
    fn of(apart: &app::LearntApart) -> Self {
        Self {
            group: apart.group.clone(),
            examples: apart.examples,
            pull: apart.pull,
            taken: apart.check.passed(),
            check: Check::of(&apart.check),
        }
    }
}

impl Check {
    fn of(check: &app::LearntCheck) -> Self {
        Self {
            questions: check.questions,
            current: check.current,
            learnt: check.learnt,
            low: check.interval.0,
            high: check.interval.1,
        }
    }
}
