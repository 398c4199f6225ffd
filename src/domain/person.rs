//! People: their profile, their wishes and their limits.

use super::{Day, Hours, Patch};
use std::fmt;
use std::sync::Arc;

/// Where somebody works: names from the top down, joined by `/`, such as `Group/IT/Data`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPath(Arc<str>);

impl UnitPath {
    /// Wraps `path` as it stands; validation is the door's work.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `self` is `ancestor` or lies below it.
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.0
            .strip_prefix(&*ancestor.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// This path after the unit `from` was renamed to `to`; itself when it does not lie within `from`.
    #[must_use]
    pub fn renamed(&self, from: &Self, to: &Self) -> Self {
        if self.is_within(from) {
            Self::new(format!("{}{}", to.0, &self.0[from.0.len()..]))
        } else {
            self.clone()
        }
    }
}

impl fmt::Display for UnitPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one `person.upserted` says: each field is kept, cleared or set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PersonPatch {
    /// The name that colleagues use.
    pub name: Patch<Arc<str>>,
    /// Where the person works.
    pub unit: Patch<UnitPath>,
    /// Town or building.
    pub site: Patch<Arc<str>>,
    /// Job title.
    pub title: Patch<Arc<str>>,
    /// Employer, when several work together.
    pub employer: Patch<Arc<str>>,
    /// Kind of contract or position, in the platform's own words.
    pub status: Patch<Arc<str>>,
    /// BCP 47 tags of the languages the person works in.
    pub languages: Patch<Vec<Arc<str>>>,
    /// IANA name of the person's time zone.
    pub time_zone: Patch<Arc<str>>,
    /// First day in the organisation.
    pub joined: Patch<Day>,
    /// A partner or supplier, guest of the communities they belong to.
    pub external: Patch<bool>,
    /// The units that this person heads.
    pub heads: Patch<Vec<UnitPath>>,
    /// Where the platform shows the person.
    pub url: Patch<Arc<str>>,
}

/// What one `capacity.set` says: limits that the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CapacityPatch {
    /// Invitations to answer that the person accepts in any seven days.
    pub asks_per_week: Patch<u32>,
    /// Hours a week for animating communities.
    pub animation_hours_per_week: Patch<Hours>,
}

/// What a person may agree to or object to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Being named as somebody who could answer.
    Experts,
    /// Being named as somebody who could co-animate.
    CoAnimators,
    /// Being shown communities.
    Communities,
    /// Being found by expertise search.
    Search,
    /// Being counted in skill maps.
    SkillMap,
    /// Having skills inferred.
    Inference,
    /// Being thanked in a digest.
    Thanks,
    /// All of them.
    All,
}

impl Purpose {
    /// Every purpose by the name that events give it; all of them together comes last.
    pub const ALL: [(&str, Self); 8] = [
        ("experts", Self::Experts),
        ("co_animators", Self::CoAnimators),
        ("communities", Self::Communities),
        ("search", Self::Search),
        ("skill_map", Self::SkillMap),
        ("inference", Self::Inference),
        ("thanks", Self::Thanks),
        ("all", Self::All),
    ];

    /// The name that events give it.
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }
}

/// A person's stated will for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Preference {
    /// Whether the purpose is allowed.
    pub allowed: bool,
    /// The last day on which this holds; without it, until changed.
    pub until: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_has_its_own_name() {
        for (place, (name, purpose)) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!((purpose as usize, purpose.name()), (place, name));
        }
    }

    #[test]
    fn renaming_moves_what_lies_below_and_nothing_beside() {
        let (from, to) = (UnitPath::new("Group/IT"), UnitPath::new("Group/Digital"));
        assert_eq!(
            UnitPath::new("Group/IT/Data").renamed(&from, &to),
            UnitPath::new("Group/Digital/Data")
        );
        assert_eq!(UnitPath::new("Group/IT").renamed(&from, &to), to);
        assert_eq!(
            UnitPath::new("Group/ITER").renamed(&from, &to),
            UnitPath::new("Group/ITER")
        );
    }
}
