//! What people are told apart by, for narrowing a search down: seven facets, what is wanted of each, and whether somebody
//! can be turned to. `found` counts them.

use super::SearchQuery;
use crate::domain::{Purpose, UnitPath};
use crate::signals::Load;
use crate::world::{CommunityIx, PersonIx, SkillIx, View};
use std::sync::Arc;

/// Counts below this are not told.
pub const FEW: usize = 5;

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

    /// The bit that stands for it in a set.
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
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

/// Whether the person can be turned to now: not away, not asked as often as they accept, not opted out of being asked. Which
/// of these it is, is theirs. Cost: their absences and invitations.
pub fn available(view: &View, query: &SearchQuery, person: PersonIx) -> bool {
    let at = query.as_of();
    view.allows(person, Purpose::Experts, at)
        && !view.is_away(person, at)
        && !Load::of(view, person, at).is_full(view, person, at)
}
