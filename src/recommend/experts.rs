//! "Who could answer": the declaration, and its ranking put into words.

use super::answer::{Citation, Confidence, ExpertsAnswer, Param, Pick, Reason};
use super::texts::{self, Tongue, Words};
use super::weights::{Weights, WeightsError};
use crate::domain::{MemberRole, Origin, Timestamp};
use crate::pipeline::{Order, Part, Pipeline, Placed, Selector, Signal, Source, Weighted};
use crate::signals::{
    Acceptance, Activity, Answerers, CommunityAffinity, CommunityPeople, Direction, Eligibility, Exclusion, Experts,
    ExpertsQuery, Family, HelpedAsker, Language, Proof, Recency, RecentAnswerers, Responsiveness, SharedPlaces,
    SimilarAuthors, SimilarMax, SimilarRank, SimilarVote, SkillHolders, SkillMatch, TagAffinity, TotalAnswers,
};
use crate::world::{AnswerIx, PersonIx, SkillIx, View};
use std::collections::BTreeMap;

/// The section of the weights.
const SECTION: &str = "experts";
/// Records cited for one reason at most.
const FACTS_PER_REASON: usize = 3;
/// How long the people of one wave have before the next is turned to.
const WAVE_MICROS: i64 = 24 * 3_600_000_000;

/// The animators of the question's community hold back, so that the community answers.
struct AnimatorsLast;

impl Selector<Experts> for AnimatorsLast {
    fn wave(&self, view: &View, query: &ExpertsQuery, person: PersonIx) -> u8 {
        let animates = query
            .community
            .is_some_and(|c| view.role(person, c) == Some(MemberRole::Animator));
        if animates { 2 } else { 1 }
    }
}

/// Every signal with the direction that its shipped weight obeys.
fn signals() -> Vec<(Box<dyn Signal<Experts>>, Direction)> {
    use Direction::{Better, Either, Worse};
    vec![
        (Box::new(SimilarVote), Better),
        (Box::new(SimilarRank), Better),
        (Box::new(SimilarMax), Better),
        (Box::new(TagAffinity(0)), Better),
        (Box::new(TagAffinity(1)), Better),
        (Box::new(TagAffinity(2)), Better),
        (Box::new(CommunityAffinity(0)), Better),
        (Box::new(CommunityAffinity(1)), Better),
        (Box::new(CommunityAffinity(2)), Better),
        (Box::new(SkillMatch), Better),
        (Box::new(Language), Better),
        (Box::new(SharedPlaces), Better),
        (Box::new(HelpedAsker), Either),
        (Box::new(Activity(0)), Better),
        (Box::new(Activity(1)), Better),
        (Box::new(Activity(2)), Better),
        (Box::new(Recency), Better),
        (Box::new(TotalAnswers), Worse),
        (Box::new(Acceptance), Either),
        (Box::new(Responsiveness), Either),
    ]
}

/// What part of an answer is wanted, and how.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many people at most.
    pub limit: usize,
    /// In which order.
    pub order: Order,
    /// The language of the texts.
    pub tongue: Tongue,
}

/// The recommender of people who could answer.
pub struct ExpertsRecommender {
    pipeline: Pipeline<Experts>,
    model: String,
}

impl ExpertsRecommender {
    /// With the shipped weights.
    ///
    /// # Errors
    /// When the shipped weights are not in order; a test sees to that.
    pub fn shipped() -> Result<Self, WeightsError> {
        let weights = Weights::shipped(SECTION, &Self::directions())?;
        Ok(Self::new(&weights, format!("default-{}", weights.model())))
    }

    /// With weights read from a TOML text, as in `data/weights.toml`.
    ///
    /// # Errors
    /// As [`Weights::parse`].
    pub fn weighed_by(text: &str) -> Result<Self, WeightsError> {
        let weights = Weights::parse(text, SECTION, &Self::directions())?;
        Ok(Self::new(&weights, format!("custom-{}", weights.model())))
    }

    fn directions() -> Vec<(&'static str, Direction)> {
        signals()
            .iter()
            .map(|(signal, direction)| (signal.name(), *direction))
            .collect()
    }

    fn new(weights: &Weights, model: String) -> Self {
        let sources: Vec<Box<dyn Source<Experts>>> = vec![
            Box::new(SimilarAuthors),
            Box::new(Answerers),
            Box::new(SkillHolders),
            Box::new(RecentAnswerers),
            Box::new(CommunityPeople),
        ];
        let filters = Exclusion::ALL
            .into_iter()
            .map(|reason| Box::new(Eligibility(reason)) as Box<_>)
            .collect();
        let weigh = |(signal, _): (Box<dyn Signal<Experts>>, _)| Weighted {
            weight: weights.of(signal.name()),
            signal,
        };
        let signals = signals().into_iter().map(weigh).collect();
        Self {
            pipeline: Pipeline::new(sources, filters, signals, Box::new(AnimatorsLast)),
            model,
        }
    }

    /// The pipeline itself, for measuring it.
    pub fn pipeline(&self) -> &Pipeline<Experts> {
        &self.pipeline
    }

    /// The name of the weights in use.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Those who could answer `query`, with reasons. `title` is what the invitation calls the question.
    pub fn answer(&self, view: &View, query: &ExpertsQuery, title: &str, page: Page) -> ExpertsAnswer {
        let ranking = self.pipeline.run(view, query, page.limit, page.order);
        let mut excluded = BTreeMap::new();
        for (_, reason) in &ranking.dropped {
            *excluded.entry(reason.code()).or_insert(0) += 1;
        }
        let waves = ranking
            .picks
            .iter()
            .chain(&ranking.reserve)
            .map(|placed| placed.wave)
            .max()
            .unwrap_or(1);
        let wording = Wording {
            view,
            query,
            title,
            tongue: page.tongue,
        };
        ExpertsAnswer {
            items: ranking
                .picks
                .iter()
                .enumerate()
                .map(|(place, pick)| wording.pick(place + 1, pick))
                .collect(),
            reserve: ranking.reserve.len(),
            excluded,
            next_wave_at: (waves > 1).then(|| query.as_of.plus_micros(WAVE_MICROS)),
            model: self.model.clone(),
            as_of: query.as_of,
        }
    }
}

/// Puts a ranking into words.
struct Wording<'a> {
    view: &'a View,
    query: &'a ExpertsQuery,
    title: &'a str,
    tongue: Tongue,
}

impl Wording<'_> {
    fn pick(&self, rank: usize, placed: &Placed<Experts>) -> Pick {
        let mut reasons: Vec<_> = placed
            .parts
            .iter()
            .filter(|p| p.contribution != 0.0)
            .map(|p| self.reason(p))
            .collect();
        reasons.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let name = self.view.name(placed.subject).cloned();
        let because = reasons
            .iter()
            .find(|r| !r.facts.is_empty() && r.contribution > 0.0)
            .map(|r| r.text.as_str());
        let invitation = texts::invitation(self.tongue, name.as_deref(), self.title, because);
        Pick {
            subject: self.view.person_id(placed.subject).clone(),
            name,
            rank,
            base_rank: placed.base_rank,
            wave: placed.wave,
            score: placed.score,
            confidence: Confidence::Low,
            reasons,
            moved_by: (rank > placed.base_rank).then_some("holds_back_as_animator"),
            invitation,
        }
    }

    fn reason(&self, part: &Part<Experts>) -> Reason {
        let names = self.names(part);
        let title = match part.facts.first() {
            Some(&Proof::Answer(answer)) if part.family == Family::SimilarQuestions => self.title_of(answer),
            _ => None,
        };
        let helped = part.facts.iter().any(|fact| matches!(fact, Proof::Answer(_)));
        let words = Words {
            count: part.facts.len(),
            title,
            names: &names,
            helped,
        };
        let mut params = vec![];
        if !part.facts.is_empty() {
            params.push(("count", Param::Count(part.facts.len())));
        }
        if let Some(title) = title {
            params.push(("title", Param::Text(title.to_owned())));
        }
        let text = texts::reason(self.tongue, part.family, &words);
        if !names.is_empty() {
            params.push(("names", Param::List(names)));
        }
        Reason {
            code: part.family.code(),
            params,
            text,
            contribution: part.contribution,
            facts: part
                .facts
                .iter()
                .take(FACTS_PER_REASON)
                .map(|&fact| self.citation(fact))
                .collect(),
        }
    }

    /// The names that a reason speaks of: tags, the community, skills, shared places.
    fn names(&self, part: &Part<Experts>) -> Vec<String> {
        let view = self.view;
        let mut names: Vec<String> = match part.family {
            Family::Topic => {
                let shown = part.facts.iter().filter_map(|fact| match fact {
                    Proof::Answer(answer) => view.answers.get(*answer).question,
                    _ => None,
                });
                let tags: Vec<_> = shown.flat_map(|q| &view.questions.get(q).tags).collect();
                let common = self.query.tags.iter().filter(|(tag, _)| tags.contains(&tag));
                common.map(|(tag, _)| view.tags.get(*tag).id.to_string()).collect()
            }
            Family::Community if !part.facts.is_empty() => self
                .query
                .community
                .map(|c| self.community_name(c))
                .into_iter()
                .collect(),
            Family::Skill | Family::Relation => part.facts.iter().filter_map(|fact| self.name_of(*fact)).collect(),
            _ => vec![],
        };
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(FACTS_PER_REASON);
        names
    }

    fn name_of(&self, fact: Proof) -> Option<String> {
        match fact {
            Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => Some(self.skill_label(skill)),
            Proof::Membership(community) => Some(self.community_name(community)),
            Proof::Participation(project) => {
                let node = self.view.projects.get(project);
                let name = node.state.as_ref().and_then(|s| s.name.as_deref());
                Some(name.map_or_else(|| node.id.to_string(), str::to_owned))
            }
            Proof::Answer(_) => None,
        }
    }

    fn community_name(&self, community: crate::world::CommunityIx) -> String {
        let node = self.view.communities.get(community);
        let name = node.state.as_ref().and_then(|s| s.name.as_deref());
        name.map_or_else(|| node.id.to_string(), str::to_owned)
    }

    /// The label in the reader's language, else the first one, else the identifier.
    fn skill_label(&self, skill: SkillIx) -> String {
        let node = self.view.skills.get(self.view.skill_root(skill));
        let labels = node
            .state
            .as_ref()
            .and_then(|s| s.labels.as_deref())
            .unwrap_or_default();
        let own = labels
            .iter()
            .find(|(tag, _)| tag.split('-').next() == Some(self.tongue.tag()));
        own.or(labels.first())
            .map_or_else(|| node.id.to_string(), |(_, label)| label.to_string())
    }

    fn title_of(&self, answer: AnswerIx) -> Option<&str> {
        let question = self.view.answers.get(answer).question?;
        self.view.questions.get(question).state.as_ref()?.title.as_deref()
    }

    fn citation(&self, fact: Proof) -> Citation {
        let view = self.view;
        let (kind, id, at, url) = match fact {
            Proof::Answer(answer) => {
                let node = view.answers.get(answer);
                let state = node.state.as_ref();
                let at: Option<Timestamp> = state.map(|s| s.at);
                ("answer", node.id.to_string(), at, state.and_then(|s| s.url.clone()))
            }
            Proof::Assertion(skill, origin, _) => {
                let id = view.skills.get(skill).id.to_string();
                let kind = match origin {
                    Origin::Declared => "skill_declared",
                    Origin::Endorsed => "skill_endorsed",
                    Origin::Imported => "skill_imported",
                };
                (kind, id, None, None)
            }
            Proof::Interest(skill, _) => ("interest", view.skills.get(skill).id.to_string(), None, None),
            Proof::Membership(community) => {
                let node = view.communities.get(community);
                let url = node.state.as_ref().and_then(|s| s.url.clone());
                ("membership", node.id.to_string(), None, url)
            }
            Proof::Participation(project) => ("participation", view.projects.get(project).id.to_string(), None, None),
        };
        Citation { kind, id, at, url }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_obey_every_direction_and_leave_places_to_learn() {
        ExpertsRecommender::shipped().expect("data/weights.toml is in order");
        let weights = Weights::shipped(SECTION, &ExpertsRecommender::directions()).expect("as above");
        for (name, direction) in ExpertsRecommender::directions() {
            if direction == Direction::Either {
                assert!(
                    weights.of(name).abs() < f64::EPSILON,
                    "{name} differs from place to place"
                );
            }
        }
    }

    #[test]
    fn signals_have_names_of_their_own() {
        let mut names: Vec<_> = ExpertsRecommender::directions()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
