//! A search put into words: who, which topics they cover, and the evidence, as far as the reader may see it.

use super::answer::{Covers, FacetValue, Hit, TopicShown};
use super::texts::{self, Words};
use crate::pipeline::{Part, Placed};
use crate::recommend::answer::{Param, Reason};
use crate::recommend::labels;
use crate::recommend::records;
use crate::recommend::tongue::Tongue;
use crate::signals::Proof;
use crate::signals::search::{Counted, Facet, Family, Key, Match, Search, SearchQuery, available};
use crate::world::{AnswerIx, TagIx, View};
use std::collections::BTreeSet;

/// Reasons that are told one by one at most.
const REASONS: usize = 3;
/// Records cited for one reason at most.
const FACTS_PER_REASON: usize = 3;

/// Puts a search into words.
pub(super) struct Wording<'a> {
    pub(super) view: &'a View,
    pub(super) query: &'a SearchQuery,
    pub(super) tongue: Tongue,
}

impl Wording<'_> {
    /// Somebody who is found.
    pub(super) fn hit(&self, placed: &Placed<Search>) -> Hit {
        let (view, person) = (self.view, placed.subject);
        let depths = self.query.depths(person);
        let covers = depths.iter().map(|shown| Covers {
            topic: self.query.topics[shown.topic].words.clone(),
            depth: shown.depth.code(),
        });
        let text = |field: fn(&crate::world::PersonState) -> Option<&std::sync::Arc<str>>| {
            view.profile(person, |profile| field(profile)).cloned()
        };
        let is_available = available(view, self.query, person);
        Hit {
            subject: view.person_id(person).clone(),
            name: view.name(person).cloned(),
            matched: Match::of_wave(placed.wave),
            covers: covers.collect(),
            reasons: self.reasons(&placed.parts, is_available),
            available: is_available,
            title: text(|profile| profile.title.as_ref()),
            unit: view
                .profile(person, |profile| profile.unit.as_ref())
                .map(|unit| unit.as_str().into()),
            site: text(|profile| profile.site.as_ref()),
            url: text(|profile| profile.url.as_ref()),
        }
    }

    /// What is told of `parts`: what has records, the weightiest three; where there is room, that somebody seems available; the
    /// rest as one. Without records nothing else is told: answers that the reader may not see are not hinted at.
    fn reasons(&self, parts: &[Part<Search>], is_available: bool) -> Vec<Reason> {
        let mut shown: Vec<&Part<Search>> = parts.iter().filter(|part| part.contribution != 0.0).collect();
        shown.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let seems =
            |part: &Part<Search>| part.family == Family::Availability && is_available && part.contribution > 0.0;
        let tells = |part: &Part<Search>| !part.facts.is_empty() || seems(part);
        let (mut told, mut rest): (Vec<_>, Vec<_>) = shown.into_iter().partition(|part| tells(part));
        told.sort_by_key(|part| part.facts.is_empty());
        rest.extend(told.split_off(told.len().min(REASONS)));
        let mut reasons: Vec<Reason> = told
            .into_iter()
            .map(|part| self.reason(part, self.names(part)))
            .collect();
        let smaller: f64 = rest.iter().map(|part| part.contribution).sum();
        reasons.extend((!rest.is_empty()).then(|| Reason::rest(self.tongue, smaller)));
        reasons
    }

    fn reason(&self, part: &Part<Search>, names: Vec<String>) -> Reason {
        let title = match part.facts.first() {
            Some(&Proof::Answer(answer)) if part.family != Family::Topic => self.title_of(answer),
            _ => None,
        };
        let offers = part.facts.iter().all(|fact| matches!(fact, Proof::Interest(..)));
        let words = Words {
            count: part.facts.len(),
            title,
            names: &names,
            offers,
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
        let cited = part.facts.iter().take(FACTS_PER_REASON);
        Reason {
            code: part.family.code(),
            params,
            text,
            contribution: part.contribution,
            facts: cited.map(|&fact| records::citation(self.view, fact)).collect(),
        }
    }

    /// The names that a reason speaks of: tags, skills, communities, projects.
    fn names(&self, part: &Part<Search>) -> Vec<String> {
        let view = self.view;
        let borne = |fact: &Proof| match fact {
            Proof::Answer(answer) => view.answers.get(*answer).question.map(|q| &view.questions.get(q).tags),
            _ => None,
        };
        let mut names: Vec<String> = if part.family == Family::Topic {
            let borne: BTreeSet<&TagIx> = part.facts.iter().filter_map(borne).flatten().collect();
            let tags = self.query.whole().tags.iter().map(|(tag, _)| tag);
            let shown = tags.filter(|tag| borne.contains(tag));
            shown.map(|tag| view.tags.get(*tag).id.to_string()).collect()
        } else {
            let named = part.facts.iter();
            named.filter_map(|&fact| self.name_of(part.family, fact)).collect()
        };
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(FACTS_PER_REASON);
        names
    }

    /// What a record is about, by name; of answers in a community, the community.
    fn name_of(&self, family: Family, fact: Proof) -> Option<String> {
        let view = self.view;
        match fact {
            Proof::Answer(answer) if family == Family::Community => {
                let question = view.answers.get(answer).question?;
                view.questions
                    .get(question)
                    .community
                    .map(|community| labels::community(view, community))
            }
            _ => records::name_of(view, fact, self.tongue),
        }
    }

    fn title_of(&self, answer: AnswerIx) -> Option<&str> {
        let question = self.view.answers.get(answer).question?;
        self.view.questions.get(question).state.as_ref()?.title.as_deref()
    }

    /// What was read out of what was typed.
    pub(super) fn topics(&self) -> Vec<TopicShown> {
        let skill = |&skill: &_| {
            let label = labels::skill(self.view, skill, self.tongue);
            (self.view.skills.get(skill).id.clone(), label)
        };
        let topics = self.query.topics.iter().map(|topic| TopicShown {
            words: topic.words.clone(),
            kind: topic.kind,
            skills: topic.named.iter().map(skill).collect(),
        });
        topics.collect()
    }

    /// A facet with its values, as they are sent and as they are called.
    pub(super) fn facet(&self, (facet, counted): (Facet, Vec<Counted>)) -> (Facet, Vec<FacetValue>) {
        let value = |Counted { key, count }: Counted| {
            let (value, label) = match &key {
                Key::Skill(skill) => {
                    let id = self.view.skills.get(*skill).id.to_string();
                    (id, labels::skill(self.view, *skill, self.tongue))
                }
                Key::Community(community) => {
                    let id = self.view.communities.get(*community).id.to_string();
                    (id, labels::community(self.view, *community))
                }
                Key::Text(text) => (text.to_string(), texts::label(self.tongue, facet, text)),
            };
            FacetValue { value, label, count }
        };
        (facet, counted.into_iter().map(value).collect())
    }
}
