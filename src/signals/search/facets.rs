//! What the people who are found are like, for narrowing a search down: seven facets, each counted over everybody who is
//! found, whatever part of the list is shown, with the facet's own filter left out of its own counts.
//!
//! A small count can give a person away: what counts fewer than five is told as *some*, and is not ordered by its count.

use super::depth::answers_under_tags;
use super::grounds::shows_members;
use super::{SearchQuery, Topic};
use crate::domain::{Origin, Purpose, UnitPath};
use crate::signals::experts::skill_statements_to;
use crate::signals::{Load, Proof};
use crate::world::text::tag_name;
use crate::world::{CommunityIx, PersonIx, SkillIx, Stand, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Counts below this are not told.
pub const FEW: usize = 5;
/// Values of a facet that are told at most.
const VALUES: usize = 20;

/// What people are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// A skill that shows to the reader.
    Skill,
    /// Where they work; the units above count too.
    Unit,
    /// Town or building.
    Site,
    /// A language in which they work.
    Language,
    /// Whether they can be turned to now.
    Availability,
    /// A community to which they belong and that the reader may see.
    Community,
    /// By what they are found: who says that they have the skill, or their answers.
    Origin,
}

impl Facet {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Skill,
        Self::Unit,
        Self::Site,
        Self::Language,
        Self::Availability,
        Self::Community,
        Self::Origin,
    ];

    /// Its name in answers, and the parameter that filters by it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Unit => "unit",
            Self::Site => "site",
            Self::Language => "language",
            Self::Availability => "availability",
            Self::Community => "community",
            Self::Origin => "origin",
        }
    }
}

/// What the people must be like; what is not said excludes nobody.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// They have one of these skills.
    pub skills: Option<Vec<SkillIx>>,
    /// They work in this unit, or below it.
    pub unit: Option<UnitPath>,
    /// They work there; case and accents do not matter.
    pub site: Option<String>,
    /// They work in this language: the primary tag.
    pub language: Option<String>,
    /// They can be turned to now, or cannot.
    pub available: Option<bool>,
    /// They belong to this community; whoever names one that the reader may not see, or that is not, finds nobody.
    pub community: Option<Option<CommunityIx>>,
    /// They are found by this.
    pub origin: Option<Said>,
}

/// By what somebody is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Said {
    /// Their answers.
    Answers,
    /// They say so.
    Declared,
    /// A colleague says so.
    Endorsed,
    /// Another system says so.
    Imported,
    /// Others say so, and they confirmed it.
    Confirmed,
    /// They offer help with it.
    Offered,
}

impl Said {
    /// Every one, with its name in answers.
    pub const ALL: [(&'static str, Self); 6] = [
        ("answers", Self::Answers),
        ("declared", Self::Declared),
        ("endorsed", Self::Endorsed),
        ("imported", Self::Imported),
        ("confirmed", Self::Confirmed),
        ("offered", Self::Offered),
    ];

    /// Its name in answers.
    pub fn code(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, said)| *said == self);
        found.map_or("", |(code, _)| code)
    }
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A skill.
    Skill(SkillIx),
    /// A community.
    Community(CommunityIx),
    /// A word.
    Text(Arc<str>),
}

/// A value, and how many of those who are found have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The value.
    pub key: Key,
    /// How many.
    pub count: usize,
}

/// Skills of the person that show to the reader: said, offered, not contested. Cost: their statements.
fn skills_of(view: &View, query: &SearchQuery, person: PersonIx) -> BTreeSet<SkillIx> {
    let nodes = || view.accounts(person).map(|ix| view.people.get(ix));
    let said = nodes().flat_map(|node| node.assertions.iter().map(|((skill, ..), _)| *skill));
    let interests = nodes().flat_map(|node| node.interests.iter().map(|((skill, _), _)| *skill));
    let mut all: Vec<SkillIx> = said.chain(interests).map(|skill| view.skill_root(skill)).collect();
    all.sort_unstable();
    all.dedup();
    let shown = skill_statements_to(query.audience(person), view, &all, person);
    let skill = |(proof, _): &(Proof, f64)| match *proof {
        Proof::Assertion(skill, ..) | Proof::Interest(skill, _) => Some(view.skill_root(skill)),
        _ => None,
    };
    shown.iter().filter_map(skill).collect()
}

/// By what the person is found. Cost: their statements.
pub fn origins(view: &View, query: &SearchQuery, person: PersonIx) -> BTreeSet<Said> {
    let mut origins = BTreeSet::new();
    let skills: Vec<SkillIx> = query.topics.iter().flat_map(Topic::all_skills).collect();
    let confirmed = |skill: SkillIx| {
        let root = view.skill_root(skill);
        let mut stands = view.accounts(person).flat_map(|ix| &view.people.get(ix).stands);
        stands.any(|&(other, stand)| view.skill_root(other) == root && stand == Stand::Confirmed)
    };
    for (proof, _) in skill_statements_to(query.audience(person), view, &skills, person) {
        match proof {
            Proof::Assertion(skill, origin, _) => {
                origins.insert(match origin {
                    Origin::Declared => Said::Declared,
                    Origin::Endorsed => Said::Endorsed,
                    Origin::Imported => Said::Imported,
                });
                origins.extend(confirmed(skill).then_some(Said::Confirmed));
            }
            Proof::Interest(..) => _ = origins.insert(Said::Offered),
            _ => {}
        }
    }
    let wrote = query.writers.binary_search(&person).is_ok() || answers_under_tags(view, query.whole(), person) > 0;
    origins.extend(wrote.then_some(Said::Answers));
    origins
}

/// Whether the person can be turned to now: not away, not asked as often as they accept, not opted out of being asked. Which
/// of these it is, is theirs. Cost: their absences and invitations.
pub fn available(view: &View, query: &SearchQuery, person: PersonIx) -> bool {
    let at = query.as_of();
    view.allows(person, Purpose::Experts, at)
        && !view.is_away(person, at)
        && !Load::of(view, person, at).is_full(view, person, at)
}

/// Communities of the person that the reader may be told of.
fn communities_of(view: &View, query: &SearchQuery, person: PersonIx) -> BTreeSet<CommunityIx> {
    let all = view.communities_of(person).into_iter();
    all.filter(|&community| shows_members(view, query.viewer(), community))
        .collect()
}

/// Primary tags of the languages that the person states.
fn languages_of(view: &View, person: PersonIx) -> BTreeSet<&str> {
    let stated = view
        .profiles(person)
        .flat_map(|profile| profile.languages.iter().flatten());
    stated.filter_map(|tag| tag.split('-').next()).collect()
}

impl Facet {
    /// Whether the person is as the reader wants people to be, as far as this facet goes.
    pub(super) fn passes(self, view: &View, query: &SearchQuery, person: PersonIx) -> bool {
        let wanted = &query.wanted;
        match self {
            Self::Skill => wanted.skills.as_ref().is_none_or(|skills| {
                let shown = skill_statements_to(query.audience(person), view, skills, person);
                !shown.is_empty()
            }),
            Self::Unit => wanted.unit.as_ref().is_none_or(|unit| {
                let own = view.profile(person, |profile| profile.unit.as_ref());
                own.is_some_and(|own| own.is_within(unit))
            }),
            Self::Site => wanted.site.as_ref().is_none_or(|site| {
                let own = view.profile(person, |profile| profile.site.as_ref());
                own.is_some_and(|own| tag_name(own) == tag_name(site))
            }),
            Self::Language => {
                let language = wanted.language.as_deref();
                language.is_none_or(|language| languages_of(view, person).contains(language))
            }
            Self::Availability => wanted
                .available
                .is_none_or(|wanted| available(view, query, person) == wanted),
            Self::Community => wanted.community.is_none_or(|community| {
                let shown = community.filter(|&community| shows_members(view, query.viewer(), community));
                shown.is_some_and(|community| view.role(person, community).is_some())
            }),
            Self::Origin => wanted
                .origin
                .is_none_or(|origin| origins(view, query, person).contains(&origin)),
        }
    }

    /// The values that the person has.
    fn values(self, view: &View, query: &SearchQuery, person: PersonIx) -> Vec<Key> {
        let text = |text: &str| Key::Text(Arc::from(text));
        match self {
            Self::Skill => skills_of(view, query, person).into_iter().map(Key::Skill).collect(),
            Self::Unit => {
                let unit = view.profile(person, |profile| profile.unit.as_ref());
                let path = unit.map_or("", UnitPath::as_str);
                let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
                ends.filter(|&end| end > 0).map(|end| text(&path[..end])).collect()
            }
            Self::Site => {
                let site = view.profile(person, |profile| profile.site.clone());
                site.map(Key::Text).into_iter().collect()
            }
            Self::Language => languages_of(view, person).into_iter().map(text).collect(),
            Self::Availability => {
                let code = if available(view, query, person) {
                    "available"
                } else {
                    "unavailable"
                };
                vec![text(code)]
            }
            Self::Community => communities_of(view, query, person)
                .into_iter()
                .map(Key::Community)
                .collect(),
            Self::Origin => origins(view, query, person)
                .into_iter()
                .map(|said| text(said.code()))
                .collect(),
        }
    }
}

impl Topic {
    fn all_skills(&self) -> impl Iterator<Item = SkillIx> + '_ {
        self.skills.iter().chain(&self.broader).copied()
    }
}

/// Counts of each facet over `people`, who are found whatever the filters say, and the filters without each of which somebody
/// would pass who does not. Cost: reading each person once.
pub fn count(view: &View, query: &SearchQuery, people: &[PersonIx]) -> (Vec<(Facet, Vec<Counted>)>, Vec<Facet>) {
    let mut counts: Vec<BTreeMap<Key, usize>> = vec![BTreeMap::new(); Facet::ALL.len()];
    let mut freed = BTreeSet::new();
    for &person in people {
        let mut failing = Facet::ALL.iter().filter(|facet| !facet.passes(view, query, person));
        let (first, second) = (failing.next(), failing.next());
        if second.is_some() {
            continue;
        }
        freed.extend(first);
        for (facet, counts) in Facet::ALL.iter().zip(&mut counts) {
            if first.is_none_or(|failed| failed == facet) {
                let values = facet.values(view, query, person);
                values.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
            }
        }
    }
    let told = Facet::ALL
        .iter()
        .zip(counts)
        .map(|(&facet, counts)| (facet, listed(view, counts)));
    (told.collect(), freed.into_iter().copied().collect())
}

/// The values that most have, first; those that fewer than five have come after, by name alone.
fn listed(view: &View, counts: BTreeMap<Key, usize>) -> Vec<Counted> {
    let name = |key: &Key| match key {
        Key::Skill(skill) => view.skills.get(*skill).id.to_string(),
        Key::Community(community) => view.communities.get(*community).id.to_string(),
        Key::Text(text) => text.to_string(),
    };
    let shown = |count: usize| if count < FEW { 0 } else { count };
    let mut listed: Vec<(usize, String, Counted)> = counts
        .into_iter()
        .map(|(key, count)| (shown(count), name(&key), Counted { key, count }))
        .collect();
    listed.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    listed.truncate(VALUES);
    listed.into_iter().map(|(.., counted)| counted).collect()
}
