//! "Who could co-animate": the declaration, and its ranking put into words.

mod answer;
mod invitation;
mod shortlist;
mod texts;
mod told;
mod wording;

pub use answer::{
    Added, AnimatorLoad, CoAnimatorPick, CoAnimatorsAnswer, InFull, LoadShown, Needs, Share, Someone, Told,
};
pub use shortlist::{Giver, Shortlist};

use super::recommender::Recommender;
use super::tongue::{Manner, Tongue};
use super::weights::{self, Declared, Weights, WeightsError};
use crate::domain::Day;
use crate::pipeline::{Order, Pipeline, Source};
use crate::signals::Direction;
use crate::signals::co_animators::{
    Animated, Animates, Appointed, Appointments, Arrived, CircleStanding, CoAnimators, CoAnimatorsQuery,
    CommunityAnswers, CommunityUnit, Complement, Eligibility, Exclusion, Experienced, FieldAnimator, FieldMember,
    FieldPeople, FreeHours, Gifts, JoinsOthers, Kin, KinEver, LastActivity, LastAppointed, LastArrival, LastGift,
    Members, Memberships, NearCommunities, Newest, ProjectPeople, Quickness, Seniority, SharedCommunities,
    SharedProjects, SharesLanguage, SteppedDown, Taken, Tenure, TopicAnswers, TopicFocus, TopicSkills, UnitPeople,
    Volunteers,
};
use crate::world::View;
use told::Telling;
use wording::Wording;

/// The section of the weights.
const SECTION: &str = Recommender::CoAnimators.section();

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Declared<CoAnimators> {
    use Direction::{Better, Either, Worse};
    vec![
        (Box::new(TopicAnswers(0)), Better),
        (Box::new(TopicAnswers(1)), Better),
        (Box::new(TopicAnswers(2)), Better),
        (Box::new(TopicFocus), Better),
        (Box::new(CommunityAnswers(0)), Better),
        (Box::new(CommunityAnswers(1)), Better),
        (Box::new(CommunityAnswers(2)), Better),
        (Box::new(TopicSkills), Better),
        (Box::new(CircleStanding), Better),
        (Box::new(Gifts), Better),
        (Box::new(Tenure), Either),
        (Box::new(Arrived(0)), Either),
        (Box::new(Arrived(1)), Either),
        (Box::new(Arrived(2)), Either),
        (Box::new(Newest), Either),
        (Box::new(Animates), Either),
        (Box::new(Animated), Better),
        (Box::new(Appointed(0)), Either),
        (Box::new(Appointed(1)), Either),
        (Box::new(Appointed(2)), Either),
        (Box::new(LastAppointed), Either),
        (Box::new(Appointments), Either),
        (Box::new(Experienced), Worse),
        (Box::new(Seniority), Either),
        (Box::new(JoinsOthers), Either),
        (Box::new(SteppedDown), Worse),
        (Box::new(Memberships), Better),
        (Box::new(SharedCommunities), Better),
        (Box::new(SharedProjects), Better),
        (Box::new(Kin), Better),
        (Box::new(KinEver), Better),
        (Box::new(NearCommunities), Better),
        (Box::new(FieldAnimator), Better),
        (Box::new(FieldMember), Better),
        (Box::new(CommunityUnit), Better),
        (Box::new(SharesLanguage), Better),
        (Box::new(LastGift), Better),
        (Box::new(LastActivity), Better),
        (Box::new(LastArrival), Better),
        (Box::new(Quickness), Either),
        (Box::new(Taken), Worse),
        (Box::new(FreeHours), Better),
    ]
}

/// The recommender of people who could co-animate.
pub struct CoAnimatorsRecommender {
    pipeline: Pipeline<CoAnimators>,
    model: String,
    made: Option<Day>,
}

impl CoAnimatorsRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let (weights, model) = Weights::shipped_model(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, model))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`; the shipped ones where it has no section for them.
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

    fn directions() -> Vec<(&'static str, Direction)> {
        weights::directions(&signals())
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<CoAnimators>>> = vec![
            Box::new(Members),
            Box::new(ProjectPeople),
            Box::new(UnitPeople),
            Box::new(Volunteers),
            Box::new(FieldPeople),
        ];
        let filters = Exclusion::ALL
            .into_iter()
            .map(|reason| Box::new(Eligibility(reason)) as Box<_>);
        let signals = weights.weigh(signals());
        Self {
            pipeline: Pipeline::new(sources, filters.collect(), signals, Box::new(Complement)),
            model,
            made: weights.made(),
        }
    }

    /// Those who could co-animate the query's community, `query.places` at most: the set, with reasons, what each adds, and
    /// what the community needs. An archived community is proposed nobody.
    pub fn answer(&self, view: &View, query: &CoAnimatorsQuery, tongue: Tongue, manner: Manner) -> CoAnimatorsAnswer {
        let limit = if query.archived { 0 } else { query.places };
        let ranking = self.pipeline.run(view, query, limit, Order::Waves);
        let wording = Wording {
            view,
            query,
            tongue,
            manner,
        };
        let (chosen, cover) = wording.chosen(&ranking.picks);
        let items = (1..).zip(&chosen).map(|(rank, one)| wording.pick(rank, one)).collect();
        let telling = Telling {
            wording: &wording,
            ranking: &ranking,
            cover: &cover,
        };
        CoAnimatorsAnswer {
            items,
            reserve: ranking.reserve.len(),
            excluded: telling.excluded(),
            kind: query.kind,
            rule: texts::rule(tongue, query.kind).to_owned(),
            needs: telling.needs(),
            load: telling.load(),
            in_full: query.told_in_full().then(|| telling.in_full()),
            you: telling.you(),
            nobody: telling.nobody(),
            model: self.model.clone(),
            as_of: query.as_of,
        }
    }

    /// The pipeline itself, for measuring it and for plans.
    pub fn pipeline(&self) -> &Pipeline<CoAnimators> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_name_every_signal_once() {
        CoAnimatorsRecommender::shipped().expect("data/weights.toml is in order");
        let mut names: Vec<_> = CoAnimatorsRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
