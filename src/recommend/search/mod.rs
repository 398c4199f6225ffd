//! "Who knows about it": the declaration, and its ranking put into words.

mod answer;
mod texts;
mod wording;

pub use answer::{Covers, FacetValue, Hit, Nobody, SearchAnswer, TopicShown};

use super::tongue::Tongue;
use super::weights::{self, Declared, Weights, WeightsError};
use crate::domain::{Day, PersonId};
use crate::parallel::in_parts;
use crate::pipeline::{Pipeline, Source};
use crate::signals::Direction;
use crate::signals::search::{
    Apart, Broader, Eligible, Exclusion, Facet, Found, HereAndThere, Holders, LEAD, PlaceAnswers, Places, Projects,
    Search, SearchQuery, SkillsShown, TagAnswerers, WHOLE, Writers,
};
use crate::world::{PersonIx, View};
use wording::Wording;

/// The section of the weights.
const SECTION: &str = "search";

/// People who are scored at most: of more, those who are deepest. A list names three quarters of them, so that it goes on
/// when others come before them meanwhile.
const SCORED: usize = 400;

/// Every signal with the direction that its shipped weight obeys. Those of "who could answer" keep theirs.
fn signals() -> Declared<Search> {
    use Direction::Better;
    let direction = |name| super::ExpertsRecommender::direction(name);
    let whole = WHOLE.map(|signal| Box::new(signal) as Box<dyn crate::pipeline::Signal<Search>>);
    let lead = LEAD.map(|signal| Box::new(signal) as Box<dyn crate::pipeline::Signal<Search>>);
    let borrowed = whole.into_iter().chain(lead).map(|signal| {
        let told = direction(signal.name());
        (signal, told)
    });
    let mut signals: Declared<Search> = borrowed.collect();
    signals.extend([
        (Box::new(SkillsShown) as Box<_>, Better),
        (Box::new(Broader) as Box<_>, Better),
        (Box::new(Places) as Box<_>, Better),
        (Box::new(Projects) as Box<_>, Better),
        (Box::new(PlaceAnswers(0)) as Box<_>, Better),
        (Box::new(PlaceAnswers(1)) as Box<_>, Better),
        (Box::new(PlaceAnswers(2)) as Box<_>, Better),
    ]);
    signals
}

/// People who are explained in one piece.
const EXPLAINED_AT_ONCE: usize = 1;

/// What part of a search is wanted, and how.
#[derive(Clone, Copy)]
pub struct SearchPage<'a> {
    /// How many people at most.
    pub limit: usize,
    /// The language of the texts.
    pub tongue: Tongue,
    /// Whom the parts before named.
    pub named: &'a (dyn Fn(&PersonId) -> bool + Sync),
}

/// The recommender of people who know about something.
pub struct SearchRecommender {
    pipeline: Pipeline<Search>,
    model: String,
    made: Option<Day>,
}

impl SearchRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let (weights, model) = Weights::shipped_model(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`; the shipped ones when it says nothing of searches.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        let (weights, model) = Weights::custom_or_shipped(text, SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With learnt weights, under the name `model`; a signal that is not named weighs nothing.
    pub fn learnt(weights: &[(&str, f64)], model: String) -> Self {
        Self::new(&Weights::of_pairs(weights), model)
    }

    /// The direction of the signal called `name`; either for one that does not exist.
    pub fn direction(name: &str) -> Direction {
        weights::direction(&signals(), name)
    }

    /// Every signal's name and the direction of its shipped weight.
    pub fn directions() -> Vec<(&'static str, Direction)> {
        weights::directions(&signals())
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<Search>>> = vec![
            Box::new(Writers),
            Box::new(TagAnswerers),
            Box::new(Holders),
            Box::new(HereAndThere),
        ];
        let filters = Exclusion::ALL.map(|reason| Box::new(Eligible(reason)) as Box<_>);
        Self {
            pipeline: Pipeline::new(sources, filters.into(), weights.weigh(signals()), Box::new(Apart)),
            model,
            made: weights.made(),
        }
    }

    /// The pipeline itself, for measuring it.
    pub fn pipeline(&self) -> &Pipeline<Search> {
        &self.pipeline
    }

    /// The name of the weights in use.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The day on which the weights in use were made, where that is told.
    pub fn made(&self) -> Option<Day> {
        self.made
    }

    /// Those who know about what `query` seeks, with the evidence, and what they are like. Cost: a row of everybody who is
    /// found, for the facets; one ranking of four hundred; explaining those shown.
    pub fn answer(&self, view: &View, query: &SearchQuery, page: SearchPage<'_>) -> SearchAnswer {
        let found = Found::of(view, query, &self.pipeline.candidates(view, query), SCORED);
        let [exact, close] = found.matching;
        let nobody_fits = exact + close == 0 && found.beside;
        let (ranking, kept) = self.pipeline.shortlist_of(&Apart, view, query, found.first, usize::MAX);
        let wording = Wording {
            view,
            query,
            tongue: page.tongue,
        };
        let is_new = |person: PersonIx| !(page.named)(view.person_id(person));
        let mut left: Vec<_> = ranking.picks.into_iter().filter(|pick| is_new(pick.subject)).collect();
        let more = left.len() > page.limit;
        left.truncate(page.limit);
        let subjects: Vec<PersonIx> = left.iter().map(|pick| pick.subject).collect();
        let explain = |part: &[PersonIx]| {
            let parts = part
                .iter()
                .map(|&person| self.pipeline.explain(view, query, &kept, person));
            parts.collect::<Vec<_>>()
        };
        let explained = in_parts(&subjects, EXPLAINED_AT_ONCE, explain);
        for (pick, parts) in left.iter_mut().zip(explained.into_iter().flatten()) {
            pick.parts = parts;
        }
        let nobody = match (exact + close, nobody_fits) {
            (0, true) => Some(nobody("all_filtered", page.tongue, found.leave_out)),
            (0, false) => Some(nobody("nobody_known", page.tongue, Vec::new())),
            _ => None,
        };
        SearchAnswer {
            items: left.iter().map(|pick| wording.hit(pick)).collect(),
            more,
            topics: wording.topics(),
            exact,
            close,
            facets: found.facets.into_iter().map(|facet| wording.facet(facet)).collect(),
            nobody,
            model: self.model.clone(),
        }
    }

    /// The answer to what nobody here would understand.
    pub fn nothing_understood(&self, tongue: Tongue) -> SearchAnswer {
        SearchAnswer {
            items: Vec::new(),
            more: false,
            topics: Vec::new(),
            exact: 0,
            close: 0,
            facets: Facet::ALL.map(|facet| (facet, Vec::new())).into(),
            nobody: Some(nobody("nothing_understood", tongue, Vec::new())),
            model: self.model.clone(),
        }
    }
}

fn nobody(code: &'static str, tongue: Tongue, leave_out: Vec<Facet>) -> Nobody {
    Nobody {
        code,
        text: texts::nobody(tongue, code, &leave_out),
        leave_out: leave_out.into_iter().map(Facet::code).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_names_are_their_own() {
        SearchRecommender::shipped().expect("data/weights.toml is in order");
        let mut names: Vec<_> = SearchRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
