//! How near somebody stands to the heart of a community: circles, from what they gave it.

use crate::domain::{DAY_MICROS, Timestamp};
use crate::world::{CommunityIx, PersonIx, View};
use std::collections::{BTreeMap, BTreeSet};

/// Days over which the core and the active circle are told.
pub const NEAR_DAYS: i64 = 90;
/// Days over which the occasional circle is told.
pub const FAR_DAYS: i64 = 365;
/// Contributions in [`NEAR_DAYS`] of the core, and the distinct weeks over which they are spread.
const CORE: (u32, usize) = (8, 3);
/// Contributions in [`NEAR_DAYS`] of the active circle.
const ACTIVE: u32 = 3;

/// A circle, the outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Circle {
    /// Belongs, and gave nothing for a year. Nobody's reading is recorded: it says nothing of their interest.
    Silent,
    /// Gave something within 365 days.
    Occasional,
    /// Gave 3 or more within 90 days.
    Active,
    /// Gave 8 or more within 90 days, in 3 or more distinct weeks (Monday to Sunday, UTC).
    Core,
}

impl Circle {
    /// Every circle, the outermost first.
    pub const ALL: [Self; 4] = [Self::Silent, Self::Occasional, Self::Active, Self::Core];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Occasional => "occasional",
            Self::Active => "active",
            Self::Core => "core",
        }
    }
}

/// The circle of everybody who belongs to `community` at `as_of`, or gave something to it within 365 days, and has not left
/// the organisation; in order of index. What is dated after `as_of` does not count. Cost: all that was given to it.
pub fn circles(view: &View, community: CommunityIx, as_of: Timestamp) -> BTreeMap<PersonIx, Circle> {
    let members = view.members_of(community).into_iter();
    let mut circles: BTreeMap<PersonIx, Circle> = members.map(|(person, _)| (person, Circle::Silent)).collect();
    let gifts = view.gifts(community);
    let (near, far) = (before(as_of, NEAR_DAYS), before(as_of, FAR_DAYS));
    for given in gifts.chunk_by(|a, b| a.person == b.person) {
        let person = given[0].person;
        let lately = || given.iter().filter(|gift| near < gift.at && gift.at <= as_of);
        let count = lately().fold(0_u32, |sum, gift| sum.saturating_add(gift.count));
        let weeks: BTreeSet<i32> = lately().map(|gift| gift.at.day().week()).collect();
        let circle = if count >= CORE.0 && weeks.len() >= CORE.1 {
            Circle::Core
        } else if count >= ACTIVE {
            Circle::Active
        } else if given.iter().any(|gift| far < gift.at && gift.at <= as_of) {
            Circle::Occasional
        } else {
            continue;
        };
        if !view.has_left(person) {
            circles.insert(person, circle);
        }
    }
    circles
}

/// The instant `days` days before `at`.
fn before(at: Timestamp, days: i64) -> Timestamp {
    at.plus_micros(-days * DAY_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::sample::{Sample, hour};

    /// The circle of `ann`, who asked a question in `club` on each of `days`, at the end of day 400.
    fn circle(days: &[i64]) -> Option<Circle> {
        let mut sample = Sample::of(&["ann"]);
        sample.animator("bob", "club");
        for (n, day) in days.iter().enumerate() {
            sample.question(&format!("q{n}"), "ann", Some("club"), day * 24 + 1);
        }
        let view = sample.view();
        let club = view.communities.find("club").expect("a community");
        let circles = circles(view, club, hour(400 * 24));
        assert_eq!(circles.get(&sample.ix("bob")), Some(&Circle::Silent));
        circles.get(&sample.ix("ann")).copied()
    }

    #[test]
    fn each_boundary_lies_where_it_is_said() {
        assert_eq!(circle(&[]), None, "neither belongs nor gives");
        assert_eq!(circle(&[34]), None, "more than 365 days ago");
        assert_eq!(circle(&[35]), Some(Circle::Occasional));
        assert_eq!(circle(&[399, 398]), Some(Circle::Occasional));
        assert_eq!(
            circle(&[399, 398, 309]),
            Some(Circle::Occasional),
            "the third is too old"
        );
        assert_eq!(circle(&[399, 398, 310]), Some(Circle::Active));
        assert_eq!(circle(&[399; 8]), Some(Circle::Active), "all in one week");
        assert_eq!(circle(&[399, 399, 399, 399, 399, 399, 392, 385]), Some(Circle::Core));
        assert_eq!(
            circle(&[399, 399, 399, 399, 399, 392, 385]),
            Some(Circle::Active),
            "seven"
        );
    }
}
