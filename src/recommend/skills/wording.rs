//! A conclusion put into words: reasons with the records behind them.

use super::texts::{self, NAMES};
use crate::domain::{ContributionPlace, FactBody, Origin};
use crate::pipeline::{Part, Placed};
use crate::recommend::answer::{Citation, Param, Reason};
use crate::recommend::labels;
use crate::recommend::tongue::Tongue;
use crate::signals::skills::{Inferred, Proof, Skills};
use crate::world::View;
use std::sync::Arc;

/// Records cited for one reason at most.
const FACTS: usize = 5;

/// A conclusion, with the reasons for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// What is concluded.
    pub inferred: Inferred,
    /// Why, the weightiest first; the contributions sum to the score of the conclusion.
    pub reasons: Vec<Reason>,
}

/// Puts conclusions into words.
pub(super) struct Wording<'a> {
    pub(super) view: &'a View,
    pub(super) tongue: Tongue,
}

impl Wording<'_> {
    /// The conclusion `inferred` of what was `placed`, in words.
    pub(super) fn conclusion(&self, inferred: Inferred, placed: &Placed<Skills>) -> Conclusion {
        let mut parts: Vec<&Part<Skills>> = placed.parts.iter().filter(|part| part.contribution > 0.0).collect();
        parts.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.family.cmp(&b.family)));
        let reasons = parts.into_iter().map(|part| self.reason(part)).collect();
        Conclusion { inferred, reasons }
    }

    fn reason(&self, part: &Part<Skills>) -> Reason {
        let mut names: Vec<String> = Vec::new();
        for name in part.facts.iter().filter_map(|&fact| self.name_of(fact)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let count = part.facts.len();
        names.truncate(NAMES);
        let text = texts::reason(part.family, count, &names, self.tongue);
        let mut params = Vec::new();
        if count > 0 {
            params.push(("count", Param::Count(count)));
        }
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
                .take(FACTS)
                .filter_map(|&fact| self.cite(fact))
                .collect(),
        }
    }

    /// What a record is about, by name; nothing for an answer.
    fn name_of(&self, fact: Proof) -> Option<String> {
        let view = self.view;
        match fact {
            Proof::Answer(_) => None,
            Proof::Participation(project) => Some(labels::project(view, project)),
            Proof::Membership(community) => Some(labels::community(view, community)),
            Proof::Contribution(account, place) => {
                let fact = view.people.get(account).records.get(place as usize)?;
                let FactBody::ContributionRecorded { contribution } = &fact.body else {
                    return None;
                };
                match &contribution.place {
                    ContributionPlace::Community(id) => {
                        view.communities.find(id.as_str()).map(|c| labels::community(view, c))
                    }
                    ContributionPlace::Project(id) => view.projects.find(id.as_str()).map(|p| labels::project(view, p)),
                    ContributionPlace::Unspecified => None,
                }
            }
            Proof::Assertion(skill, ..) => Some(labels::skill(view, skill, self.tongue)),
            Proof::Colleague(person) => {
                let name = view.name(person).map(ToString::to_string);
                Some(name.unwrap_or_else(|| view.person_id(person).to_string()))
            }
        }
    }

    /// The record, as the platform knows it. What stands behind it was found visible to the reader when it was gathered.
    fn cite(&self, fact: Proof) -> Option<Citation> {
        let view = self.view;
        let citation = |kind, id: String, at, url: Option<Arc<str>>| Citation { kind, id, at, url };
        Some(match fact {
            Proof::Answer(answer) => {
                let node = view.answers.get(answer);
                let state = node.state.as_ref();
                citation(
                    "answer",
                    node.id.to_string(),
                    state.map(|s| s.at),
                    state.and_then(|s| s.url.clone()),
                )
            }
            Proof::Participation(project) => {
                citation("participation", view.projects.get(project).id.to_string(), None, None)
            }
            Proof::Membership(community) => {
                let node = view.communities.get(community);
                let url = node.state.as_ref().and_then(|s| s.url.clone());
                citation("membership", node.id.to_string(), None, url)
            }
            Proof::Contribution(account, place) => {
                let fact = view.people.get(account).records.get(place as usize)?;
                citation("contribution", fact.key.id.to_string(), Some(fact.at), None)
            }
            Proof::Assertion(skill, origin, _) => {
                let kind = match origin {
                    Origin::Declared => "skill_declared",
                    Origin::Endorsed => "skill_endorsed",
                    Origin::Imported => "skill_imported",
                };
                citation(kind, view.skills.get(skill).id.to_string(), None, None)
            }
            Proof::Colleague(person) => {
                let url = view.profile(person, |p| p.url.clone());
                citation("person", view.person_id(person).to_string(), None, url)
            }
        })
    }
}
