//! A ranking of people who could answer, put into words: names, reasons with their records, and an invitation.

use super::answer::Pick;
use super::confidence::Confidence;
use super::texts::{self, Words};
use crate::pipeline::{Part, Placed};
use crate::recommend::answer::{Param, Reason, split};
use crate::recommend::labels;
use crate::recommend::records;
use crate::recommend::tongue::{Manner, Tongue};
use crate::signals::{Experts, ExpertsQuery, Family, Move, Proof, speaks};
use crate::world::{AnswerIx, PersonIx, TagIx, View};
use std::collections::BTreeSet;

/// Records cited for one reason at most.
const FACTS_PER_REASON: usize = 3;

/// Puts a ranking into words.
pub(super) struct Wording<'a> {
    pub(super) view: &'a View,
    pub(super) query: &'a ExpertsQuery,
    pub(super) title: &'a str,
    pub(super) tongue: Tongue,
    pub(super) manner: Manner,
}

impl Wording<'_> {
    /// The pick at `rank`: who, where, and why.
    pub(super) fn pick(&self, rank: usize, placed: &Placed<Experts>, confidence: Confidence) -> Pick {
        let shown = placed.parts.iter().filter(|part| part.contribution != 0.0);
        let mut named: Vec<_> = shown.map(|part| (part, self.names(part))).collect();
        named.sort_by(|a, b| b.0.contribution.total_cmp(&a.0.contribution));
        let name = self.view.name(placed.subject).cloned();
        let invitation = self.invitation(name.as_deref(), &named);
        let reasons = self.reasons(placed.subject, named);
        Pick {
            subject: self.view.person_id(placed.subject).clone(),
            name,
            rank,
            base_rank: placed.base_rank,
            wave: placed.wave,
            score: placed.score,
            confidence,
            reasons,
            moved_by: placed.moved_by.map(|why| self.told(why, placed.subject).code()),
            invitation,
        }
    }

    /// What is told of `named`, which stand in the order of their contributions: three at most, and the rest as one.
    fn reasons(&self, person: PersonIx, named: Vec<(&Part<Experts>, Vec<String>)>) -> Vec<Reason> {
        let (told, rest) = split(named, |part| self.holds(part, person));
        let mut reasons: Vec<Reason> = told.into_iter().map(|(part, names)| self.reason(part, names)).collect();
        reasons.extend(rest.map(|contribution| Reason::rest(self.tongue, contribution)));
        reasons
    }

    /// Whether what a reason says without records is so: that somebody works in a language takes more than a doubt.
    fn holds(&self, part: &Part<Experts>, person: PersonIx) -> bool {
        let language = || self.query.language.as_deref();
        part.family != Family::Language || language().is_some_and(|tag| speaks(self.view, person, tag) > 0.5)
    }

    /// What the reader is told of why `person` stands where they stand: their absences are theirs.
    fn told(&self, why: Move, person: PersonIx) -> Move {
        let own = self.query.viewer.person == Some(person);
        if why == Move::Returning && !own {
            Move::Load
        } else {
            why
        }
    }

    /// A few words to send, which give the weightiest reason that has records. `named` are the reasons in order.
    fn invitation(&self, name: Option<&str>, named: &[(&Part<Experts>, Vec<String>)]) -> String {
        let telling = [Family::SimilarQuestions, Family::Topic, Family::Skill];
        let tells = |part: &Part<Experts>| telling.contains(&part.family) && !part.facts.is_empty();
        let best = named.iter().find(|(part, _)| tells(part));
        let words = Words {
            title: best.and_then(|(part, _)| self.closest(part)),
            names: best.map_or(&[], |(_, names)| names),
            ..Words::default()
        };
        texts::invitation(self.tongue, self.manner, name, self.title, &words)
    }

    /// The title of the closest question that the person answered.
    pub(super) fn closest(&self, part: &Part<Experts>) -> Option<&str> {
        match part.facts.first() {
            Some(&Proof::Answer(answer)) if part.family == Family::SimilarQuestions => self.title_of(answer),
            _ => None,
        }
    }

    pub(super) fn reason(&self, part: &Part<Experts>, names: Vec<String>) -> Reason {
        let view = self.view;
        let title = self.closest(part);
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
                .map(|&fact| records::citation(view, fact))
                .collect(),
        }
    }

    /// The names that a reason speaks of: tags, the community, skills, shared places.
    pub(super) fn names(&self, part: &Part<Experts>) -> Vec<String> {
        let view = self.view;
        let mut names: Vec<String> = match part.family {
            Family::Topic => {
                let bears = |fact: &Proof, tag: &TagIx| match fact {
                    Proof::Answer(answer) => {
                        let question = view.answers.get(*answer).question;
                        question.is_some_and(|q| view.questions.get(q).tags.contains(tag))
                    }
                    _ => false,
                };
                let tags = self.query.tags.iter().map(|(tag, _)| tag);
                let shown = tags.filter(|tag| part.facts.iter().any(|fact| bears(fact, tag)));
                shown.map(|tag| view.tags.get(*tag).id.to_string()).collect()
            }
            Family::Community if !part.facts.is_empty() => self
                .query
                .community
                .map(|c| labels::community(view, c))
                .into_iter()
                .collect(),
            Family::Skill | Family::Relation => (part.facts.iter())
                .filter_map(|fact| records::name_of(view, *fact, self.tongue))
                .collect(),
            _ => vec![],
        };
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(FACTS_PER_REASON);
        names
    }

    fn title_of(&self, answer: AnswerIx) -> Option<&str> {
        let question = self.view.answers.get(answer).question?;
        self.view.questions.get(question).state.as_ref()?.title.as_deref()
    }
}
