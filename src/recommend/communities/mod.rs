//! "Where a newcomer belongs": the declaration, and its ranking put into words.

mod answer;
mod citations;
mod texts;
mod wording;

pub use answer::{CommunitiesAnswer, Greeting, Note, Waiting, Welcome};

use super::recommender::Recommender;
use super::tongue::{Manner, Tongue};
use super::weights::{self, Declared, Weights, WeightsError};
use crate::domain::{CommunityKind, Day};
use crate::pipeline::{Order, Pipeline, Ranking};
use crate::signals::Direction;
use crate::signals::communities::{
    Acquaintance, ActiveInside, Age, Animated, Arrivals, Cold, Communities, Departures, Everywhere, Exclusion, Fresh,
    Greeters, Growth, Invited, Joins, Kind, KindOfNewcomers, Kindred, LastJoin, Lately, Lift, Likeness, MateJoins,
    Mates, Members, NameCover, NeighboursMax, NeighboursSum, NewcomerQuery, OriginWords, ProjectTie, SharedLanguage,
    Stated, Subject, Table, ThenJoined, Together, TopicDeeds, Topics, Trait, UnitTie, Warm, WasIn, Words,
};

use crate::world::View;
use std::collections::BTreeMap;
use wording::Wording;

/// The section of the weights.
const SECTION: &str = Recommender::Communities.section();

/// Signals for whoever belongs nowhere yet: what they are about, and of whom and what they know.
fn newcomer_self() -> Declared<Communities> {
    use Direction::Better;
    let mut signals: Declared<Communities> = vec![
        (Box::new(Cold(Invited)), Better),
        (Box::new(Cold(ProjectTie)), Better),
        (Box::new(Cold(UnitTie)), Better),
        (Box::new(Cold(Stated)), Better),
        (Box::new(Cold(Topics)), Better),
        (Box::new(Cold(Words)), Better),
        (Box::new(Cold(OriginWords)), Better),
        (Box::new(Cold(Subject)), Better),
        (Box::new(Cold(TopicDeeds)), Better),
        (Box::new(Cold(ActiveInside)), Better),
        (Box::new(Cold(MateJoins(Mates::Unit))), Better),
        (Box::new(Cold(MateJoins(Mates::Employer))), Better),
    ];
    signals.extend(Acquaintance::ALL.map(|how| (Box::new(Cold(how)) as Box<_>, Better)));
    signals.extend(Trait::ALL.map(|about| (Box::new(Cold(Likeness(about))) as Box<_>, Better)));
    signals
}

/// Signals for whoever belongs nowhere yet: how a place is, and who comes to it.
fn newcomer_place() -> Declared<Communities> {
    use Direction::{Better, Either, Worse};
    let mut signals: Declared<Communities> = vec![
        (Box::new(Cold(SharedLanguage)), Better),
        (Box::new(Cold(Members)), Better),
        (Box::new(Cold(Joins(0))), Better),
        (Box::new(Cold(Joins(1))), Better),
        (Box::new(Cold(Joins(2))), Better),
        (Box::new(Cold(Arrivals::Newcomers)), Better),
        (Box::new(Cold(Arrivals::All)), Better),
        (Box::new(Cold(KindOfNewcomers)), Better),
        (Box::new(Cold(LastJoin)), Better),
        (Box::new(Cold(Fresh)), Better),
        (Box::new(Cold(Departures)), Worse),
        (Box::new(Cold(WasIn)), Worse),
        (Box::new(Cold(Growth)), Better),
        (Box::new(Cold(Lately)), Better),
        (Box::new(Cold(Animated)), Better),
        (Box::new(Cold(Age)), Either),
    ];
    signals.extend(KINDS.map(|(kind, _)| (Box::new(Cold(Kind(kind))) as Box<_>, Either)));
    signals
}

/// Signals for whoever belongs somewhere: what they are about, and of whom and what they know.
fn settled_self() -> Declared<Communities> {
    use Direction::Better;
    let mut signals: Declared<Communities> = vec![
        (Box::new(Warm("invited_warm", Invited)), Better),
        (Box::new(Warm("project_warm", ProjectTie)), Better),
        (Box::new(Warm("unit_warm", UnitTie)), Better),
        (Box::new(Warm("stated_warm", Stated)), Better),
        (Box::new(Warm("topics_warm", Topics)), Better),
        (Box::new(Warm("words_warm", Words)), Better),
        (Box::new(Warm("origin_words_warm", OriginWords)), Better),
        (Box::new(Warm("subject_warm", Subject)), Better),
        (Box::new(Warm("deeds_on_topics_warm", TopicDeeds)), Better),
        (Box::new(Warm("deeds_inside_warm", ActiveInside)), Better),
        (Box::new(Warm("joins_of_unit_warm", MateJoins(Mates::Unit))), Better),
        (
            Box::new(Warm("joins_of_employer_warm", MateJoins(Mates::Employer))),
            Better,
        ),
        (Box::new(Warm("neighbours_sum", NeighboursSum)), Better),
        (Box::new(Warm("neighbours_max", NeighboursMax)), Better),
        (Box::new(Warm("together", Together)), Better),
        (Box::new(Warm("then_joined", ThenJoined)), Better),
        (Box::new(Warm("lift", Lift)), Better),
        (Box::new(Warm("kindred", Kindred)), Better),
        (Box::new(Warm("name_cover", NameCover)), Better),
    ];
    signals.extend(COLLEAGUES_WARM.map(|(name, how)| (Box::new(Warm(name, how)) as Box<_>, Better)));
    signals.extend(LIKE_WARM.map(|(name, about)| (Box::new(Warm(name, Likeness(about))) as Box<_>, Better)));
    signals
}

/// Signals for whoever belongs somewhere: how a place is, and who comes to it.
fn settled_place() -> Declared<Communities> {
    use Direction::{Better, Either, Worse};
    let mut signals: Declared<Communities> = vec![
        (Box::new(Warm("language_warm", SharedLanguage)), Better),
        (Box::new(Warm("members_warm", Members)), Better),
        (Box::new(Warm("joins_30d_warm", Joins(0))), Better),
        (Box::new(Warm("joins_180d_warm", Joins(1))), Better),
        (Box::new(Warm("joins_730d_warm", Joins(2))), Better),
        (Box::new(Warm("arrivals_180d_warm", Arrivals::All)), Better),
        (Box::new(Warm("settled_730d", Arrivals::Settled)), Better),
        (Box::new(Warm("last_join_warm", LastJoin)), Better),
        (Box::new(Warm("fresh_warm", Fresh)), Better),
        (Box::new(Warm("departures_warm", Departures)), Worse),
        (Box::new(Warm("was_in_warm", WasIn)), Worse),
        (Box::new(Warm("growth_warm", Growth)), Better),
        (Box::new(Warm("given_lately_warm", Lately)), Better),
        (Box::new(Warm("animated_warm", Animated)), Better),
        (Box::new(Warm("age_warm", Age)), Either),
    ];
    signals.extend(KINDS.map(|(kind, name)| (Box::new(Warm(name, Kind(kind))) as Box<_>, Either)));
    signals
}

/// Every signal with the direction that its shipped weight obeys. Whoever belongs nowhere yet chooses otherwise than whoever
/// belongs somewhere: each signal counts for one of the two alone, so that nothing that is learnt of the one changes the other.
fn signals() -> Declared<Communities> {
    let mut signals = newcomer_self();
    signals.extend(newcomer_place());
    signals.extend(settled());
    signals
}

/// Those of [`signals`] that count for whoever belongs somewhere.
fn settled() -> Declared<Communities> {
    let mut signals = settled_self();
    signals.extend(settled_place());
    signals
}

/// The names of colleagues for whoever belongs somewhere.
const COLLEAGUES_WARM: [(&str, Acquaintance); 3] = [
    ("colleagues_unit_warm", Acquaintance::Unit),
    ("colleagues_project_warm", Acquaintance::Project),
    ("colleagues_exchange_warm", Acquaintance::Exchange),
];

/// The names of likeness for whoever belongs somewhere.
const LIKE_WARM: [(&str, Trait); 8] = [
    ("like_unit_warm", Trait::Unit),
    ("like_employer_warm", Trait::Employer),
    ("like_site_warm", Trait::Site),
    ("like_title_warm", Trait::Title),
    ("like_status_warm", Trait::Status),
    ("like_language_warm", Trait::Language),
    ("like_skill_warm", Trait::Skill),
    ("like_project_warm", Trait::Project),
];

/// The kinds that are told apart, with their names for whoever belongs somewhere.
const KINDS: [(CommunityKind, &str); 7] = [
    (CommunityKind::Interest, "kind_interest_warm"),
    (CommunityKind::Practice, "kind_practice_warm"),
    (CommunityKind::Project, "kind_project_warm"),
    (CommunityKind::Instance, "kind_instance_warm"),
    (CommunityKind::Watch, "kind_watch_warm"),
    (CommunityKind::Team, "kind_team_warm"),
    (CommunityKind::Process, "kind_process_warm"),
];

/// What part of an answer is wanted, and how.
#[derive(Clone, Copy, Debug)]
pub struct CommunitiesPage {
    /// How many communities at most.
    pub limit: usize,
    /// The language of the texts.
    pub tongue: Tongue,
    /// How French ones address people.
    pub manner: Manner,
}

/// The recommender of communities for a person.
pub struct CommunitiesRecommender {
    pipeline: Pipeline<Communities>,
    model: String,
    made: Option<Day>,
}

impl CommunitiesRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let (weights, model) = Weights::shipped_model(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`; the shipped ones when it says nothing of communities.
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

    /// Whether the signal called `name` counts for whoever belongs somewhere, rather than for whoever belongs nowhere yet.
    pub fn is_of_settled(name: &str) -> bool {
        settled().iter().any(|(signal, _)| signal.name() == name)
    }

    fn new(weights: &Weights, model: String) -> Self {
        let filters = Exclusion::ALL.map(|reason| Box::new(reason) as Box<_>);
        Self {
            pipeline: Pipeline::new(
                vec![Box::new(Everywhere)],
                filters.into(),
                weights.weigh(signals()),
                Box::new(Table),
            ),
            model,
            made: weights.made(),
        }
    }

    /// The pipeline itself, for measuring it.
    pub fn pipeline(&self) -> &Pipeline<Communities> {
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

    /// Communities for the person of `query`, with reasons. Cost: one ranking, and what was given to those shown.
    pub fn answer(&self, view: &View, query: &NewcomerQuery, page: CommunitiesPage) -> CommunitiesAnswer {
        let ranking = self.pipeline.run(view, query, page.limit, Order::Waves);
        let code = |reason: Exclusion| {
            if query.is_own() {
                reason.code()
            } else {
                reason.code_for_others()
            }
        };
        let mut excluded = BTreeMap::new();
        for (_, reason) in &ranking.dropped {
            *excluded.entry(code(*reason)).or_insert(0) += 1;
        }
        let wording = Wording {
            view,
            query,
            tongue: page.tongue,
            manner: page.manner,
        };
        let mut greeters = Greeters::default();
        let picks = ranking.picks.iter().enumerate();
        let items: Vec<_> = picks
            .map(|(place, pick)| wording.welcome(place + 1, pick, &mut greeters))
            .collect();
        let other_languages = query.any_language && !items.is_empty();
        CommunitiesAnswer {
            note: other_languages.then(|| Note {
                code: answer::OTHER_LANGUAGE,
                text: texts::other_languages(page.tongue, page.manner),
            }),
            nothing: items
                .is_empty()
                .then(|| why_nothing(&ranking).map_or(NOTHING_OPEN, code)),
            items,
            reserve: ranking.reserve.len(),
            excluded,
            model: self.model.clone(),
            as_of: query.as_of,
        }
    }
}

/// Why a page is empty when no reason is about the person.
const NOTHING_OPEN: &str = "nothing_open";

/// The reason about the person for which nothing is shown to them, if there is one.
fn why_nothing(ranking: &Ranking<Communities>) -> Option<Exclusion> {
    let reasons = ranking.dropped.iter().map(|(_, reason)| *reason);
    reasons.filter(|reason| reason.is_personal()).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_leave_places_to_learn() {
        let shipped = CommunitiesRecommender::shipped().expect("data/weights.toml is in order");
        for (name, direction) in CommunitiesRecommender::directions() {
            let weight = shipped.pipeline().weight(name);
            assert!(
                direction != Direction::Either || weight.abs() < f64::EPSILON,
                "{name} differs from place to place"
            );
        }
    }

    #[test]
    fn signals_have_names_of_their_own() {
        let mut names: Vec<_> = CommunitiesRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
