//! A ranking of communities for a person, put into words: names, reasons with their records, somebody to greet, and
//! questions to answer.

use super::answer::{Greeting, Waiting, Welcome};
use super::texts::{self, Words};
use super::{citations, texts::reason};
use crate::domain::{Access, CommunityKind, MemberRole};
use crate::pipeline::{Part, Placed};
use crate::recommend::answer::{Param, Reason};
use crate::recommend::labels;
use crate::recommend::tongue::{Manner, Tongue};
use crate::signals::communities::{
    Communities, Family, Greeters, Ground, Likeness, Move, NewcomerQuery, OpenQuestion, Proof, SharedLanguage, Trait,
    UnitTie, ground, is_lively, open_questions,
};
use crate::world::{CommunityIx, View};
use std::collections::BTreeSet;

/// Reasons that are told one by one at most.
const REASONS: usize = 3;
/// What weighs less than this share of the weightiest reason is not told one by one.
const TOLD: f64 = 0.2;
/// The code of what is not.
const REST: &str = "other";
/// Records cited, and names told, for one reason at most.
const FACTS_PER_REASON: usize = 3;
/// Questions to answer for each community.
const QUESTIONS: usize = 2;
/// What an attribute tells of a community, at least, to be told: half as many again share it there as elsewhere.
const TELLING: f64 = 0.405;
/// People who share an attribute before it is told that they join: fewer would give somebody away.
const ENOUGH: u32 = 5;

/// Puts a ranking into words.
pub(super) struct Wording<'a> {
    pub(super) view: &'a View,
    pub(super) query: &'a NewcomerQuery,
    pub(super) tongue: Tongue,
    pub(super) manner: Manner,
}

impl Wording<'_> {
    /// The community at `rank`: which, where, why, and how to begin.
    pub(super) fn welcome(&self, rank: usize, placed: &Placed<Communities>, greeters: &mut Greeters) -> Welcome {
        let (view, community) = (self.view, placed.subject);
        let node = view.communities.get(community);
        let state = node.state.as_deref();
        let ground = ground(view, self.query, community);
        Welcome {
            community: node.id.clone(),
            name: state.and_then(|s| s.name.clone()),
            kind: state.and_then(|s| s.kind).unwrap_or(CommunityKind::Unspecified),
            url: state.and_then(|s| s.url.clone()),
            charter_url: state.and_then(|s| s.charter_url.clone()),
            rank,
            base_rank: placed.base_rank,
            score: placed.score,
            ground: ground.code(),
            side_step: placed.moved_by == Some(Move::SideStep),
            moved_by: placed.moved_by.map(Move::code),
            reasons: self.reasons(placed, ground),
            greet: self.greeting(community, greeters),
            questions: self.questions(community),
        }
    }

    /// Three reasons at most, and the rest as one: contributions sum to the score.
    fn reasons(&self, placed: &Placed<Communities>, ground: Ground) -> Vec<Reason> {
        let mut parts: Vec<&Part<Communities>> = placed.parts.iter().filter(|part| part.contribution != 0.0).collect();
        parts.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let most = parts.first().map_or(0.0, |part| part.contribution);
        let tells = |part: &Part<_>| part.contribution > 0.0 && part.contribution >= TOLD * most;
        let (mut told, mut rest) = (Vec::new(), 0.0);
        for part in parts {
            match tells(part).then(|| self.reason(placed.subject, part, ground)).flatten() {
                Some(reason) => told.push(reason),
                None => rest += part.contribution,
            }
        }
        // What has records says more of the person than what holds for nearly everybody.
        told.sort_by_key(|reason| reason.facts.is_empty());
        rest += told.iter().skip(REASONS).map(|reason| reason.contribution).sum::<f64>();
        told.truncate(REASONS);
        told.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let smaller = Reason {
            code: REST,
            params: Vec::new(),
            text: texts::rest(self.tongue).to_owned(),
            contribution: rest,
            facts: Vec::new(),
        };
        told.extend((rest != 0.0).then_some(smaller));
        told
    }

    /// A reason in words; `None` when nothing of it can be told.
    fn reason(&self, community: CommunityIx, part: &Part<Communities>, ground: Ground) -> Option<Reason> {
        let names = self.names(community, part);
        let unit = self.unit(community);
        let count = |wanted: fn(&Proof) -> bool| part.facts.iter().filter(|fact| wanted(fact)).count();
        let place = self.query.census.place(community);
        let state = self.view.communities.get(community).state.as_deref();
        let words = Words {
            names: &names,
            count: count(|fact| matches!(fact, Proof::Colleague(_))),
            answers: count(|fact| matches!(fact, Proof::Answer(_))),
            questions: count(|fact| matches!(fact, Proof::Question(_))),
            unit: unit.as_deref(),
            is_lively: is_lively(self.query, community),
            is_animated: !place.animators.is_empty(),
            is_open: ground == Ground::Open && state.is_some_and(|s| s.access == Some(Access::Open)),
        };
        self.holds(community, part, &words).then(|| {
            let mut params = Self::params(part.family, &words);
            if !names.is_empty() {
                params.push(("names", Param::List(names.clone())));
            }
            let cited = part.facts.iter().take(FACTS_PER_REASON);
            Reason {
                code: part.family.code(),
                params,
                text: reason(self.tongue, self.manner, part.family, &words),
                contribution: part.contribution,
                facts: cited
                    .filter_map(|&fact| citations::cite(self.view, self.query, fact))
                    .collect(),
            }
        })
    }

    /// Whether what the reason says is so, and gives nobody away.
    fn holds(&self, community: CommunityIx, part: &Part<Communities>, words: &Words<'_>) -> bool {
        match part.family {
            Family::Invitation => !part.facts.is_empty(),
            Family::Place => !words.names.is_empty() || words.unit.is_some(),
            Family::Deed => words.answers + words.questions > 0,
            Family::Colleague => !words.names.is_empty(),
            Family::Language => SharedLanguage::sureness(self.view, self.query, community) > 0.5,
            Family::Vigour => {
                words.is_lively || words.is_animated || self.query.census.place(community).present >= ENOUGH
            }
            Family::Topic | Family::Neighbour | Family::Likeness => true,
        }
    }

    fn params(family: Family, words: &Words<'_>) -> Vec<(&'static str, Param)> {
        let mut params = Vec::new();
        match family {
            Family::Deed => {
                params.push(("answers", Param::Count(words.answers)));
                params.push(("questions", Param::Count(words.questions)));
            }
            Family::Colleague => params.push(("count", Param::Count(words.count))),
            Family::Place => params.extend(words.unit.map(|unit| ("unit", Param::Text(unit.to_owned())))),
            Family::Vigour => {
                let signs = [
                    ("lively", words.is_lively),
                    ("animated", words.is_animated),
                    ("open_to_all", words.is_open),
                ];
                let told = signs
                    .into_iter()
                    .filter(|(_, holds)| *holds)
                    .map(|(name, _)| name.to_owned());
                params.push(("signs", Param::List(told.collect())));
            }
            _ => {}
        }
        params
    }

    /// The names that a reason speaks of, each once.
    fn names(&self, community: CommunityIx, part: &Part<Communities>) -> Vec<String> {
        let mut names: Vec<String> = match part.family {
            Family::Likeness => self.likenesses(community),
            _ => part.facts.iter().filter_map(|&fact| self.name_of(fact)).collect(),
        };
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(FACTS_PER_REASON);
        names
    }

    fn name_of(&self, fact: Proof) -> Option<String> {
        let view = self.view;
        match fact {
            Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => Some(labels::skill(view, skill, self.tongue)),
            Proof::Participation(project) => Some(labels::project(view, project)),
            Proof::Membership(own) => Some(labels::community(view, own)),
            Proof::Colleague(person) => {
                let name = view.name(person).map(ToString::to_string);
                Some(name.unwrap_or_else(|| view.person_id(person).to_string()))
            }
            Proof::Answer(_) | Proof::Question(_) | Proof::Invitation(_) => None,
        }
    }

    /// What the person has in common with those who join: attributes that tell for the community, which enough people
    /// there share; never the kind of contract.
    fn likenesses(&self, community: CommunityIx) -> Vec<String> {
        let (query, census) = (self.query, &self.query.census);
        let told = [
            Trait::Unit,
            Trait::Title,
            Trait::Skill,
            Trait::Project,
            Trait::Site,
            Trait::Employer,
        ];
        let mut likenesses: Vec<(f64, String)> = Vec::new();
        for about in told {
            // Of a path, the innermost part that enough people share.
            let mut shared: Vec<_> = query
                .attributes
                .range(about)
                .filter(|&bit| census.sharing_in(community, bit) >= ENOUGH)
                .map(|bit| (Likeness::of_bit(query, community, bit), bit))
                .filter(|(ratio, _)| *ratio >= TELLING)
                .collect();
            if about.is_path() {
                shared = shared.pop().into_iter().collect();
            }
            let value = |bit: usize| self.attribute(&query.attributes.list()[bit]);
            likenesses.extend(shared.into_iter().map(|(ratio, bit)| (ratio, value(bit))));
        }
        likenesses.sort_by(|a, b| b.0.total_cmp(&a.0));
        likenesses.into_iter().map(|(_, name)| name).collect()
    }

    fn attribute(&self, attribute: &crate::signals::communities::Attribute) -> String {
        let view = self.view;
        let named = match attribute.about {
            Trait::Skill => view
                .skills
                .find(&*attribute.value)
                .map(|s| labels::skill(view, s, self.tongue)),
            Trait::Project => view.projects.find(&*attribute.value).map(|p| labels::project(view, p)),
            _ => None,
        };
        named.unwrap_or_else(|| attribute.value.to_string())
    }

    /// The unit that the community belongs to, when it is the person's or one above it.
    fn unit(&self, community: CommunityIx) -> Option<String> {
        let near = UnitTie::nearness(self.view, self.query, community) > 0.0;
        let state = self.view.communities.get(community).state.as_ref();
        let unit = state.and_then(|s| s.unit.as_ref()).filter(|_| near);
        unit.map(ToString::to_string)
    }

    fn greeting(&self, community: CommunityIx, greeters: &mut Greeters) -> Option<Greeting> {
        let view = self.view;
        let person = greeters.choose(view, self.query, community)?;
        let name = view.name(person).cloned();
        let place = labels::community(view, community);
        Some(Greeting {
            person: view.person_id(person).clone(),
            role: view.role(person, community).unwrap_or(MemberRole::Member),
            url: view.profile(person, |p| p.url.clone()),
            words: texts::hello(self.tongue, self.manner, name.as_deref(), &place),
            name,
        })
    }

    fn questions(&self, community: CommunityIx) -> Vec<Waiting> {
        let waiting = |open: OpenQuestion| {
            let node = self.view.questions.get(open.question);
            let state = node.state.as_deref();
            let shared: Vec<String> = open.shared.into_iter().take(FACTS_PER_REASON).collect();
            Waiting {
                question: node.id.clone(),
                title: state.and_then(|s| s.title.clone()),
                at: state.map(|s| s.at),
                url: state.and_then(|s| s.url.clone()),
                text: texts::waiting(self.tongue, self.manner, &shared),
            }
        };
        let open = open_questions(self.view, self.query, community, QUESTIONS);
        open.into_iter().map(waiting).collect()
    }
}
