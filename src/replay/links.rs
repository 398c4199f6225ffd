//! Links between people and skills: which there are in a file, and which of them are hidden.

use super::history::History;
use super::protocol::Part;
use crate::chance;
use crate::domain::{EventKey, Fact, FactBody, Origin, Patch, PersonId, SkillId, SkillPatch, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One link in so many is hidden of each person.
const HIDDEN: usize = 5;
/// The source of the facts that stand for links drawn from topics.
const SOURCE: &str = "links";

/// Which links count, and how those to be hidden are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRule {
    /// Topics that count as skills, by how they begin; every topic when there is none. Only where nobody is said to have a
    /// skill.
    pub topics: Vec<String>,
    /// Links that somebody has at least for some to be hidden.
    pub links_min: usize,
    /// What decides which are hidden.
    pub seed: u64,
}

/// A person of whom links are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Who.
    pub person: PersonId,
    /// The skills, by identifier.
    pub skills: BTreeSet<SkillId>,
}

/// The links of a file. Where skills are stated of people, each is a link. Where none is, a link is a person who takes
/// part in a project, and a topic of that project; where no project has one, a member of a community and a topic of it. Then
/// the topics of projects and communities, from which the links were drawn, are not shown, and what is shown is stated
/// instead.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// By person, in the order of identifiers.
    known: BTreeMap<PersonId, BTreeSet<SkillId>>,
    hidden: Vec<Hidden>,
    drawn: bool,
    newest: Option<Timestamp>,
}

impl LinkRule {
    /// The links from which a service learns: those that are stated of people with five or more.
    pub fn to_learn() -> Self {
        Self {
            topics: Vec::new(),
            links_min: 5,
            seed: 1,
        }
    }
}

impl Links {
    /// The links of `history`. Cost: its facts once.
    pub fn of(history: &History, rule: &LinkRule) -> Self {
        let facts = history.facts();
        let mut links = Self {
            known: stated(&facts),
            newest: facts.last().map(|fact| fact.at),
            ..Self::default()
        };
        if links.known.is_empty() {
            (links.known, links.drawn) = (drawn(&facts, rule), true);
        }
        let enough = links
            .known
            .iter()
            .filter(|(_, skills)| skills.len() >= rule.links_min.max(2));
        links.hidden = enough
            .map(|(person, skills)| Hidden::of(person, skills, rule.seed))
            .collect();
        links
    }

    /// Whether they were drawn from the topics of projects.
    pub fn are_drawn(&self) -> bool {
        self.drawn
    }

    /// How many there are, hidden ones included.
    pub fn len(&self) -> usize {
        self.known.values().map(BTreeSet::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How many people have one.
    pub fn people(&self) -> usize {
        self.known.len()
    }

    /// Every skill with a link, by identifier.
    pub fn skills(&self) -> BTreeSet<&SkillId> {
        self.known.values().flatten().collect()
    }

    /// Everybody of whom links are hidden, by identifier.
    pub fn all_hidden(&self) -> impl Iterator<Item = &Hidden> {
        self.hidden.iter()
    }

    /// Those of whom links are hidden in `part`, by identifier. Which part somebody is in hangs on their identifier alone.
    pub fn hidden(&self, part: Part) -> impl Iterator<Item = &Hidden> {
        let of = move |hidden: &&Hidden| {
            let fit = chance::drawn(&[hidden.person.as_str().as_bytes()]).is_multiple_of(2);
            fit == (part == Part::Fit)
        };
        self.hidden.iter().filter(of)
    }

    /// The facts of `history` without what is hidden.
    pub fn shown(&self, history: &History) -> Vec<Fact> {
        let hidden: BTreeMap<&PersonId, &BTreeSet<SkillId>> = self
            .hidden
            .iter()
            .map(|hidden| (&hidden.person, &hidden.skills))
            .collect();
        let is_hidden = |person: &PersonId, skill: &SkillId| hidden.get(person).is_some_and(|of| of.contains(skill));
        let mut facts: Vec<Fact> = Vec::new();
        for fact in history.facts() {
            let gives_away = match &fact.body {
                FactBody::SkillAsserted { person, skill, .. }
                | FactBody::SkillRetracted { person, skill, .. }
                | FactBody::SkillConfirmed { person, skill }
                | FactBody::SkillContested { person, skill }
                | FactBody::InterestDeclared { person, skill, .. }
                | FactBody::InterestWithdrawn { person, skill, .. } => is_hidden(person, skill),
                _ => false,
            };
            if !gives_away {
                facts.push(if self.drawn { without_topics(fact) } else { fact.clone() });
            }
        }
        if self.drawn {
            facts.extend(self.stated_instead(&is_hidden));
        }
        facts
    }

    /// Facts that state the links that are not hidden.
    fn stated_instead(&self, is_hidden: &dyn Fn(&PersonId, &SkillId) -> bool) -> Vec<Fact> {
        let at = self.newest.unwrap_or(Timestamp::from_micros(0));
        let mut facts = Vec::new();
        let mut state = |body: FactBody| {
            let id = facts.len().to_string().into();
            let key = EventKey {
                source: SOURCE.into(),
                id,
            };
            facts.push(Fact {
                key,
                at,
                content: [0; 16],
                body,
            });
        };
        for skill in self.skills() {
            let patch = SkillPatch {
                labels: Patch::Set(vec![("en".into(), skill.as_str().into())]),
                ..SkillPatch::default()
            };
            let (skill, patch) = (skill.clone(), Box::new(patch));
            state(FactBody::SkillUpserted { skill, patch });
        }
        for (person, skills) in &self.known {
            for skill in skills.iter().filter(|skill| !is_hidden(person, skill)) {
                state(FactBody::SkillAsserted {
                    person: person.clone(),
                    skill: skill.clone(),
                    origin: Origin::Imported,
                    level: None,
                    by: None,
                });
            }
        }
        facts
    }
}

impl Hidden {
    /// The one of so many parts into which the person falls, by their identifier alone.
    pub fn part(&self, of: usize) -> usize {
        (chance::drawn(&[b"part", self.person.as_str().as_bytes()]) % of.max(1) as u64) as usize
    }

    /// One in five of the links, at least one: those whose draw is smallest.
    fn of(person: &PersonId, skills: &BTreeSet<SkillId>, seed: u64) -> Self {
        let mut drawn: Vec<(u64, &SkillId)> = skills
            .iter()
            .map(|skill| {
                let parts = [
                    &seed.to_le_bytes()[..],
                    person.as_str().as_bytes(),
                    skill.as_str().as_bytes(),
                ];
                (chance::drawn(&parts), skill)
            })
            .collect();
        drawn.sort_unstable();
        let hidden = drawn.into_iter().take((skills.len() / HIDDEN).max(1));
        Self {
            person: person.clone(),
            skills: hidden.map(|(_, skill)| skill.clone()).collect(),
        }
    }
}

/// The skills that are stated of people at the end of the file.
fn stated(facts: &[&Fact]) -> BTreeMap<PersonId, BTreeSet<SkillId>> {
    let mut known: BTreeMap<PersonId, BTreeSet<SkillId>> = BTreeMap::new();
    for fact in facts {
        match &fact.body {
            FactBody::SkillAsserted { person, skill, .. } => {
                known.entry(person.clone()).or_default().insert(skill.clone());
            }
            FactBody::SkillRetracted { person, skill, .. } | FactBody::SkillContested { person, skill } => {
                if let Some(skills) = known.get_mut(person) {
                    skills.remove(skill);
                }
            }
            _ => {}
        }
    }
    known.retain(|_, skills| !skills.is_empty());
    known
}

/// The topics of the projects in which people take or took part; where no project says what it is about, those of the
/// communities to which they belong or belonged.
fn drawn(facts: &[&Fact], rule: &LinkRule) -> BTreeMap<PersonId, BTreeSet<SkillId>> {
    let counts =
        |topic: &str| rule.topics.is_empty() || rule.topics.iter().any(|begin| topic.starts_with(begin.as_str()));
    let mut projects: BTreeMap<&str, &[Arc<str>]> = BTreeMap::new();
    let mut communities: BTreeMap<&str, &[Arc<str>]> = BTreeMap::new();
    for fact in facts {
        let (place, id, topics) = match &fact.body {
            FactBody::ProjectUpserted { project, patch } => (&mut projects, project.as_str(), &patch.topics),
            FactBody::CommunityUpserted { community, patch } => (&mut communities, community.as_str(), &patch.topics),
            _ => continue,
        };
        if let Patch::Set(topics) = topics {
            place.insert(id, topics);
        }
    }
    let of_projects = projects.values().any(|topics| topics.iter().any(|topic| counts(topic)));
    let mut known: BTreeMap<PersonId, BTreeSet<SkillId>> = BTreeMap::new();
    for fact in facts {
        let (person, of) = match &fact.body {
            FactBody::ParticipationStarted { person, project, .. } if of_projects => {
                (person, projects.get(project.as_str()))
            }
            FactBody::MembershipAdded { person, community, .. } if !of_projects => {
                (person, communities.get(community.as_str()))
            }
            _ => continue,
        };
        let topics = of.copied().unwrap_or_default().iter().filter(|topic| counts(topic));
        let skills = topics.map(|topic| SkillId::new(Arc::clone(topic)));
        known.entry(person.clone()).or_default().extend(skills);
    }
    known.retain(|_, skills| !skills.is_empty());
    known
}

/// `fact` as it is when nothing says what projects and communities are about.
fn without_topics(fact: &Fact) -> Fact {
    let mut fact = fact.clone();
    match &mut fact.body {
        FactBody::ProjectUpserted { patch, .. } => patch.topics = Patch::Keep,
        FactBody::CommunityUpserted { patch, .. } => patch.topics = Patch::Keep,
        _ => {}
    }
    fact
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two people in a community about two things; with `project`, also in a project about a third.
    fn links(project: bool, states: bool) -> Vec<String> {
        let mut lines = vec![
            r#"{"id":"1","source":"s","type":"community.upserted","at":"2026-01-01T00:00:00Z","data":{"community":"c","kind":"practice","access":"open","topics":["sql","css"]}}"#,
            r#"{"id":"2","source":"s","type":"membership.added","at":"2026-01-02T00:00:00Z","data":{"community":"c","person":"ana","role":"member"}}"#,
            r#"{"id":"3","source":"s","type":"membership.added","at":"2026-01-02T00:00:00Z","data":{"community":"c","person":"bo","role":"member"}}"#,
        ];
        if project {
            lines.extend([
                r#"{"id":"4","source":"s","type":"project.upserted","at":"2026-01-01T00:00:00Z","data":{"project":"p","topics":["rust"]}}"#,
                r#"{"id":"5","source":"s","type":"participation.started","at":"2026-01-02T00:00:00Z","data":{"project":"p","person":"bo","role":"member"}}"#,
            ]);
        }
        if states {
            lines.push(r#"{"id":"6","source":"s","type":"skill.asserted","at":"2026-01-03T00:00:00Z","data":{"person":"bo","skill":"ada","origin":"declared"}}"#);
        }
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let history = History::read(lines.join("\n").as_bytes(), now).expect("lines of text");
        assert_eq!(history.rejected().len(), 0);
        let links = Links::of(&history, &LinkRule::default());
        assert_eq!(links.are_drawn(), !states);
        let pair = |(person, skills): (&PersonId, &BTreeSet<SkillId>)| {
            let skills: Vec<&str> = skills.iter().map(SkillId::as_str).collect();
            format!("{person} {}", skills.join(" "))
        };
        links.known.iter().map(pair).collect()
    }

    #[test]
    fn links_are_what_is_stated_or_else_drawn_from_projects_or_else_from_communities() {
        assert_eq!(links(false, false), ["ana css sql", "bo css sql"]);
        assert_eq!(links(true, false), ["bo rust"]);
        assert_eq!(links(true, true), ["bo ada"]);
    }
}
