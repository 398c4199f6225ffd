//! What animating takes, what can be given, and what is left.

use super::*;
use crate::domain::{CapacityPatch, CommunityId, Day, MemberRole, Offer, Patch, PersonId};
use crate::signals::sample::{FIRST_DAY, Sample, hour};

const WEEK: i64 = 7 * 24;
/// The instant of the tests, in hours: ten weeks after everything began.
const NOW: i64 = 10 * WEEK;

fn load(sample: &Sample, person: &str) -> Workload {
    Workload::of(sample.view(), sample.ix(person), hour(NOW))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn hours(value: f64) -> Hours {
    Hours::new(value).expect("a few hours")
}

fn declare(sample: &mut Sample, person: &str, community: &str, value: f64, at: i64) {
    let body = FactBody::AnimationRecorded {
        person: PersonId::new(person),
        community: CommunityId::new(community),
        hours: hours(value),
        estimated: false,
    };
    sample.say(at, body);
}

fn limit(sample: &mut Sample, person: &str, value: f64) {
    let patch = CapacityPatch {
        animation_hours_per_week: Patch::Set(hours(value)),
        ..CapacityPatch::default()
    };
    let person = PersonId::new(person);
    sample.say(0, FactBody::CapacitySet { person, patch });
}

fn offer_hours(sample: &mut Sample, person: &str, value: Option<f64>, until: Option<i32>, at: i64) {
    let offer = Offer {
        person: PersonId::new(person),
        communities: vec![],
        topics: vec![],
        hours_per_week: value.map(hours),
        until: until.map(|day| Day::from_days(FIRST_DAY + day)),
    };
    let offer = Box::new(offer);
    sample.say(at, FactBody::AnimationOffered { offer });
}

#[test]
fn what_was_not_declared_takes_what_is_usual() {
    let mut sample = Sample::of(&["ann", "bob"]);
    for club in ["a", "b"] {
        sample.animator("ann", club);
    }
    let (ann, bob) = (load(&sample, "ann"), load(&sample, "bob"));
    assert_eq!(
        (ann.hours, ann.capacity, ann.slots(), ann.band()),
        (2.0, 2.0, 0, Band::Full)
    );
    assert_eq!(
        (bob.hours, bob.free(), bob.slots(), bob.band()),
        (0.0, 2.0, 2, Band::Light)
    );
    assert!(!ann.stated);
    // An archived community takes nothing.
    let community = CommunityId::new("a");
    sample.say(1, FactBody::CommunityArchived { community });
    let ann = load(&sample, "ann");
    assert_eq!((ann.hours, ann.slots(), ann.band()), (1.0, 1, Band::Usual));
}

#[test]
fn declared_hours_are_averaged_over_the_weeks_seen() {
    // Every week for ten weeks: the last eight count.
    let mut sample = Sample::of(&["ann"]);
    sample.animator("ann", "club");
    for week in 1..=10 {
        declare(&mut sample, "ann", "club", 3.0, NOW - week * WEEK + 1);
    }
    assert!(close(load(&sample, "ann").hours, 3.0));
    // For two weeks only: over two weeks.
    let mut sample = Sample::of(&["bob"]);
    sample.animator("bob", "club");
    declare(&mut sample, "bob", "club", 4.0, NOW - 2 * WEEK);
    declare(&mut sample, "bob", "club", 2.0, NOW - WEEK);
    assert!(close(load(&sample, "bob").hours, 3.0));
    // This very day: over one week, not over an hour.
    let mut sample = Sample::of(&["cy"]);
    sample.animator("cy", "club");
    declare(&mut sample, "cy", "club", 1.5, NOW - 1);
    assert!(close(load(&sample, "cy").hours, 1.5));
    // What is older than eight weeks is forgotten, and what lies ahead is not known.
    let mut sample = Sample::of(&["di"]);
    sample.animator("di", "club");
    declare(&mut sample, "di", "club", 9.0, NOW - 8 * WEEK - 1);
    declare(&mut sample, "di", "club", 9.0, NOW + 1);
    assert!(close(load(&sample, "di").hours, USUAL_HOURS));
}

#[test]
fn hours_given_without_the_role_count_until_the_role_ended() {
    let mut sample = Sample::of(&["ann"]);
    declare(&mut sample, "ann", "club", 1.5, NOW - 1);
    assert!(close(load(&sample, "ann").hours, 1.5), "never had the role, and helps");
    sample.animator("ann", "club");
    assert!(close(load(&sample, "ann").hours, 1.5));
    let removed = FactBody::MembershipRemoved {
        person: PersonId::new("ann"),
        community: CommunityId::new("club"),
        role: MemberRole::Animator,
    };
    sample.say(NOW - 1, removed);
    assert!(close(load(&sample, "ann").hours, 0.0), "stepped down");
}

#[test]
fn a_limit_and_an_offer_bind_both() {
    let mut sample = Sample::of(&["ann", "bob", "cy", "di"]);
    for person in ["ann", "bob", "cy", "di"] {
        sample.animator(person, "club");
    }
    limit(&mut sample, "ann", 5.0);
    assert!(close(load(&sample, "ann").free(), 4.0));
    // Offered on top of the one hour that was given already.
    offer_hours(&mut sample, "bob", Some(1.5), None, 1);
    let bob = load(&sample, "bob");
    assert_eq!((bob.capacity, bob.free(), bob.stated), (2.5, 1.5, true));
    limit(&mut sample, "cy", 2.0);
    offer_hours(&mut sample, "cy", Some(4.0), None, 1);
    assert!(close(load(&sample, "cy").free(), 1.0), "the limit stands");
    // An offer that has run out is none.
    offer_hours(&mut sample, "di", Some(4.0), Some(9), 1);
    assert!(close(load(&sample, "di").capacity, DEFAULT_CAPACITY_HOURS));
}

#[test]
fn hours_beyond_the_limit_are_not_given_anywhere() {
    let mut sample = Sample::of(&["ann"]);
    for club in ["a", "b"] {
        sample.animator("ann", club);
        declare(&mut sample, "ann", club, 3.0, NOW - 1);
    }
    limit(&mut sample, "ann", 3.0);
    let (load, view) = (load(&sample, "ann"), sample.view());
    let [a, c] = ["a", "b"].map(|id| view.communities.find(id).expect("a community"));
    assert_eq!((load.hours_in(a), load.given_to(a), load.given_to(c)), (3.0, 1.5, 1.5));
    assert_eq!(load.band(), Band::Full);
}

#[test]
fn a_band_begins_where_it_is_said() {
    let band = |hours: f64, capacity: f64| {
        let load = Workload {
            posts: vec![],
            hours,
            capacity,
            stated: true,
        };
        load.band()
    };
    assert_eq!(band(1.9, 4.0), Band::Light);
    assert_eq!(band(2.0, 4.0), Band::Usual);
    assert_eq!(band(3.0, 4.0), Band::Usual, "a slot is left");
    assert_eq!(band(3.1, 4.0), Band::Full);
    assert_eq!(band(0.0, 0.5), Band::Full, "half an hour is no slot");
}
