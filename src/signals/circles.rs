//! How near somebody stands to the heart of a community: circles, from what they gave it.

use crate::domain::{DAY_MICROS, Timestamp};
use crate::world::{CommunityIx, Gift, PersonIx, Stay, View};
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

/// The circle of everybody who belonged to `community` at `as_of`, or had given something to it within 365 days, and had not
/// left the organisation; in order of index. What is dated after `as_of` does not count. Cost: all that was given to it.
pub fn circles(view: &View, community: CommunityIx, as_of: Timestamp) -> BTreeMap<PersonIx, Circle> {
    circles_among(view, &stays_of(view, community), &view.gifts(community), as_of)
}

/// Those in the core and the active circle of `community` at `as_of`, and who had not left the organisation; in order of
/// index. Cost: all that was given to it; its members are not looked at.
pub fn near_circles(view: &View, community: CommunityIx, as_of: Timestamp) -> BTreeMap<PersonIx, Circle> {
    let mut near = circles_among(view, &[], &view.gifts(community), as_of);
    near.retain(|_, circle| *circle >= Circle::Active);
    near
}

/// The circles of `community` at each of `instants`. Cost: its members and all that was given to it, once an instant; both
/// are gathered once.
pub fn circles_at(view: &View, community: CommunityIx, instants: &[Timestamp]) -> Vec<BTreeMap<PersonIx, Circle>> {
    let (stays, gifts) = (stays_of(view, community), view.gifts(community));
    instants
        .iter()
        .map(|&at| circles_among(view, &stays, &gifts, at))
        .collect()
}

/// Every stay in `community` with whose it was, in order of person.
fn stays_of(view: &View, community: CommunityIx) -> Vec<(PersonIx, Stay)> {
    let accounts = view.communities.get(community).members.iter();
    let mut humans: Vec<PersonIx> = accounts.map(|&account| view.human(account)).collect();
    humans.sort_unstable();
    humans.dedup();
    let stays = |&person: &PersonIx| view.stays(person, community).map(move |stay| (person, *stay));
    humans.iter().flat_map(stays).collect()
}

fn circles_among(
    view: &View,
    stays: &[(PersonIx, Stay)],
    gifts: &[Gift],
    as_of: Timestamp,
) -> BTreeMap<PersonIx, Circle> {
    let had_left = |person| {
        view.profiles(person)
            .any(|profile| profile.left.is_some_and(|left| left <= as_of))
    };
    let present = stays.iter().filter(|(_, stay)| stay.holds_at(as_of));
    let mut belonged: Vec<PersonIx> = present.map(|(person, _)| *person).collect();
    belonged.dedup();
    let members = belonged.into_iter().filter(|&person| !had_left(person));
    let mut circles: BTreeMap<PersonIx, Circle> = members.map(|person| (person, Circle::Silent)).collect();
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
        if !had_left(person) {
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
    use crate::domain::{CommunityId, FactBody, MemberRole, PersonId};
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

    #[test]
    fn the_past_knows_nothing_of_what_came_after() {
        let mut sample = Sample::of(&["ann", "bob"]);
        sample.animator("bob", "club");
        for day in [10, 11, 12] {
            sample.question(&format!("q{day}"), "ann", Some("club"), day * 24);
        }
        let (ann, bob) = (PersonId::new("ann"), PersonId::new("bob"));
        let community = CommunityId::new("club");
        let (role, since_unknown) = (MemberRole::Member, false);
        sample.say(
            20 * 24,
            FactBody::MembershipAdded {
                person: ann,
                community: community.clone(),
                role,
                since_unknown,
            },
        );
        sample.say(
            30 * 24,
            FactBody::MembershipRemoved {
                person: bob.clone(),
                community,
                role,
            },
        );
        sample.say(
            40 * 24,
            FactBody::PersonLeft {
                person: PersonId::new("ann"),
            },
        );
        let view = sample.view();
        let club = view.communities.find("club").expect("a community");
        let told = circles_at(view, club, &[9, 11, 12, 30, 40].map(|day| hour(day * 24)));
        let of = |n: usize, person: &str| told[n].get(&sample.ix(person)).copied();
        assert_eq!((of(0, "ann"), of(0, "bob")), (None, Some(Circle::Silent)));
        assert_eq!(of(1, "ann"), Some(Circle::Occasional), "gives, and is no member yet");
        assert_eq!(of(2, "ann"), Some(Circle::Active));
        assert_eq!(
            (of(3, "ann"), of(3, "bob")),
            (Some(Circle::Active), None),
            "bob went at that instant"
        );
        assert_eq!(of(4, "ann"), None, "left the organisation");
        assert_eq!(told[3], circles(view, club, hour(30 * 24)));
    }
}
