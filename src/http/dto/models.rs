//! Models on the wire: their weights, and how these were learnt.

use super::admin::State;
use super::rfc3339;
use crate::app::{self, Edition, SHIPPED};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The one recommender that has models.
const EXPERTS: &str = "experts";

/// The models that there are.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Models {
    /// Weights that the configuration gives, then the kept models, newest first, then what the program ships.
    items: Vec<Model>,
    /// Always null: the list is whole.
    next_cursor: Option<String>,
    #[serde(flatten)]
    state: State,
}

/// A model.
#[derive(Serialize, ToSchema)]
struct Model {
    /// What it weighs for.
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
    /// Past questions that they were learnt from.
    examples: usize,
    /// When the first of these was asked.
    #[schema(format = DateTime)]
    first: String,
    /// When the last of these was asked.
    #[schema(format = DateTime)]
    last: String,
    /// How strongly they are pulled to what the program ships.
    pull: f64,
    /// How they did before they were taken.
    check: Check,
}

/// New weights against those in use before, on the newest questions, which neither had seen.
#[derive(Serialize, ToSchema)]
struct Check {
    /// Questions.
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
    /// Everything that is known of `models`.
    pub(in crate::http) fn of(models: &app::Models, edition: Edition) -> Self {
        let mut items = Vec::new();
        if models.given().is_some() {
            items.push(Model {
                recommender: EXPERTS,
                name: models.name().to_owned(),
                version: None,
                in_use: true,
                pinned: false,
                made: None,
                terms: models.basis().map_or(0, |basis| basis.terms() as u64),
                learnt: None,
                weights: models.experts().pipeline().weights().collect(),
            });
        }
        let kept = models.newest_first().map(Some);
        items.extend(kept.chain([None]).map(|model| Model::of(models, model)));
        Self {
            items,
            next_cursor: None,
            state: edition.into(),
        }
    }
}

impl Model {
    /// `model`, or what the program ships.
    fn of(models: &app::Models, model: Option<&app::Model>) -> Self {
        let version = model.map_or(SHIPPED, |model| model.version);
        Self {
            recommender: EXPERTS,
            name: models.name_of(model),
            version: Some(version),
            in_use: models.given().is_none() && models.in_use() == version,
            pinned: models.pinned() == Some(version),
            made: model.map(|model| rfc3339(model.made)),
            terms: model.map_or(0, |model| model.terms),
            learnt: model.and_then(Learning::of),
            weights: models.weights_of(model).iter().copied().collect(),
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
            check: Check {
                questions: learnt.check.questions,
                current: learnt.check.current,
                learnt: learnt.check.learnt,
                low: learnt.check.interval.0,
                high: learnt.check.interval.1,
            },
        })
    }
}
