//! Sharing the people who could co-animate among many communities: what a place is worth, and what one more costs them, in
//! whole numbers.
//!
//! A pair is worth what the one person adds to those who animate the community *now* (`Complement::value`): plans add up
//! worth pair by pair, and do not count how two newcomers would complement each other; sets for one community do. The
//! order of tiers is that of sets. Whole numbers, in thousandths: sums have no rounding, equal states give equal plans.

use super::kinds::{Standing, standing};
use super::set::{Complement, Invited};
use super::{CoAnimators, CoAnimatorsQuery, Move};
use crate::domain::Timestamp;
use crate::pipeline::{Seat, Selector};
use crate::signals::workload::{SLOT_HOURS, Workload};
use crate::world::{PersonIx, View};
use std::cmp::Reverse;

/// Whole numbers in one unit of value: the closest fit of all is worth 1.
const UNIT: f64 = 1_000.0;
/// What one tier is worth against the next: more than all fit and all complement together, as in sets.
const TIER: f64 = 8.0;
/// The last tier of sets.
const LAST_TIER: u8 = 5;
/// What somebody for a community that would have nobody more is worth: more than all that can be said of a pair.
const FIRST: f64 = 200.0;
/// Places that a plan fills in one community, at most.
const PLACES: usize = 2;

/// What somebody has to give to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A place beside the present animators, worth so much.
    Place(i64),
    /// Nothing before they were asked: they never offered nor animated.
    ToBeAsked,
    /// Nothing here: they would animate for the first time, and nobody who has animated is there to accompany them.
    NeedsCompany,
}

/// The terms on which people are shared, for one community.
pub struct Sharing<'a> {
    view: &'a View,
    query: &'a CoAnimatorsQuery,
    /// The largest of all scores.
    most: f64,
    /// Whether nobody animates it whom the rule of its kind names.
    natural_wanted: bool,
    /// Whether somebody who has animated before animates it now and is there: a first-time animator would have company.
    /// Whoever else the plan proposes is no company: they may say no.
    company: bool,
}

impl<'a> Sharing<'a> {
    /// The terms for the query's community, whose candidates have `scores`. Cost: its animators, and the scores.
    pub fn of(view: &'a View, query: &'a CoAnimatorsQuery, scores: &[f64]) -> Self {
        let is_natural = |&animator: &PersonIx| standing(view, query, animator) == Standing::Natural;
        Self {
            most: scores.iter().copied().fold(f64::MIN, f64::max),
            natural_wanted: !query.animators.iter().any(is_natural),
            company: query.need.company(view, query.as_of).next().is_some(),
            view,
            query,
        }
    }

    /// What each new animator of the query's community is worth, the first one first: as many as it lacks, one at least and
    /// two at most. Falls.
    pub fn places(query: &CoAnimatorsQuery) -> Vec<i64> {
        let need = &query.need;
        let lacks_two = need.people >= 2 || need.hours_short + 1e-6 >= 2.0 * SLOT_HOURS;
        let places = if lacks_two { PLACES } else { 1 };
        [whole(FIRST), 0].into_iter().take(places).collect()
    }

    /// What `person` gives, whose score is `score`. Rises with it, with what they cover, and with their tier. Cost: their
    /// profiles, absences and records.
    pub fn gives(&self, person: PersonIx, score: f64) -> Gives {
        let invited = Invited::of(self.view, self.query, person);
        if invited.slots(&Workload::of(self.view, person, self.query.as_of)) == 0 {
            return Gives::ToBeAsked;
        }
        if invited.first_time && !self.company {
            return Gives::NeedsCompany;
        }
        let before = LAST_TIER.saturating_sub(invited.tier(self.natural_wanted));
        let value = Complement::value(self.view, self.query, person, Complement::fit(score, self.most));
        Gives::Place(whole(value + TIER * f64::from(before)))
    }

    /// What the one community that a plan may give to the person costs: the share of their hours that is taken already;
    /// nothing to give, no cost. One, whatever their free hours: each pick is a proposal, and nobody is proposed anything
    /// twice in thirty days.
    pub fn costs(view: &View, person: PersonIx, as_of: Timestamp) -> Vec<i64> {
        let load = Workload::of(view, person, as_of);
        let share = (load.hours / load.capacity.max(SLOT_HOURS)).min(1.0);
        (load.slots() > 0).then(|| whole(share)).into_iter().collect()
    }
}

/// Seats those who give a place by what it is worth, then those who have to be asked first, then those who would be alone.
/// Cost: that of [`Sharing::gives`] for everybody.
pub struct ByWorth;

impl ByWorth {
    /// What those seated in `wave` give; a place without its worth.
    pub const fn group(wave: u16) -> Gives {
        match wave {
            1 => Gives::Place(0),
            2 => Gives::ToBeAsked,
            _ => Gives::NeedsCompany,
        }
    }
}

impl Selector<CoAnimators> for ByWorth {
    fn seats(&self, view: &View, query: &CoAnimatorsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let scores: Vec<f64> = ranked.iter().map(|&(_, score)| score).collect();
        let terms = Sharing::of(view, query, &scores);
        let key = |&(person, score): &(PersonIx, f64)| match terms.gives(person, score) {
            Gives::Place(worth) => (1, Reverse(worth)),
            Gives::ToBeAsked => (2, Reverse(0)),
            Gives::NeedsCompany => (3, Reverse(0)),
        };
        let keys: Vec<(u16, Reverse<i64>)> = ranked.iter().map(key).collect();
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        // Equal worth by score, and equal scores by identifier: as they come.
        order.sort_by_key(|&place| keys[place]);
        let mut seats: Vec<Seat<Move>> = keys
            .iter()
            .map(|&(wave, _)| Seat {
                wave,
                turn: 0,
                moved_by: None,
            })
            .collect();
        for (turn, place) in order.into_iter().enumerate() {
            seats[place].turn = turn;
        }
        seats
    }
}

fn whole(worth: f64) -> i64 {
    (worth * UNIT).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        CapacityPatch, CommunityId, CommunityKind, CommunityPatch, FactBody, Hours, MemberRole, Offer, Patch, PersonId,
    };
    use crate::signals::sample::{Sample, hour};
    use crate::signals::viewer::Viewer;

    /// A hundred days after everything began: whoever animates since then has experience.
    const LATER: i64 = 2_400;

    /// Ann animates `tea` for long; all four belong to `herbs`, which nobody animates.
    fn sample() -> Sample {
        let mut sample = Sample::of(&["ann", "bob", "cat", "dan"]);
        for (community, kind) in [("herbs", CommunityKind::Interest), ("tea", CommunityKind::Practice)] {
            let patch = CommunityPatch {
                kind: Patch::Set(kind),
                ..CommunityPatch::default()
            };
            let community = CommunityId::new(community);
            sample.say(
                -30,
                FactBody::CommunityUpserted {
                    community,
                    patch: Box::new(patch),
                },
            );
        }
        sample.animator("ann", "tea");
        for person in ["ann", "bob", "cat", "dan"] {
            let (person, community) = (PersonId::new(person), CommunityId::new("herbs"));
            let role = MemberRole::Member;
            sample.say(
                -24,
                FactBody::MembershipAdded {
                    person,
                    community,
                    role,
                    since_unknown: false,
                },
            );
        }
        sample
    }

    fn offers(sample: &mut Sample, person: &str) {
        let offer = Offer {
            person: PersonId::new(person),
            communities: vec![],
            topics: vec![],
            hours_per_week: None,
            until: None,
        };
        let offer = Box::new(offer);
        sample.say(0, FactBody::AnimationOffered { offer });
    }

    fn query(sample: &Sample, community: &str) -> CoAnimatorsQuery {
        let ix = sample.view().communities.find(community).expect("a community");
        CoAnimatorsQuery::of(sample.view(), ix, hour(LATER), Viewer::default())
    }

    fn gives(sample: &Sample, community: &str, person: &str, score: f64) -> Gives {
        let query = query(sample, community);
        Sharing::of(sample.view(), &query, &[0.0, 2.0]).gives(sample.ix(person), score)
    }

    #[test]
    fn whoever_never_offered_nor_animated_gives_nothing_and_a_first_time_needs_company() {
        let mut sample = sample();
        offers(&mut sample, "bob");
        assert_eq!(gives(&sample, "herbs", "cat", 2.0), Gives::ToBeAsked);
        assert_eq!(gives(&sample, "herbs", "bob", 2.0), Gives::NeedsCompany);
        let alone = gives(&sample, "herbs", "ann", 0.0);
        assert!(matches!(alone, Gives::Place(worth) if worth > 0), "{alone:?}");
        sample.animator("dan", "herbs");
        let (Gives::Place(volunteer), Gives::Place(other)) =
            (gives(&sample, "herbs", "bob", 0.0), gives(&sample, "herbs", "ann", 2.0))
        else {
            panic!("both are beside somebody now");
        };
        assert!(
            volunteer > other,
            "a volunteer first, whatever the fit: {volunteer} {other}"
        );
        let Gives::Place(less) = gives(&sample, "herbs", "ann", 1.0) else {
            panic!("as before");
        };
        assert!(less < other, "more fit is worth more");
    }

    #[test]
    fn a_community_is_given_as_many_as_it_lacks() {
        let mut sample = sample();
        assert_eq!(
            Sharing::places(&query(&sample, "herbs")).len(),
            2,
            "an interest has two animators"
        );
        assert_eq!(Sharing::places(&query(&sample, "tea")).len(), 1);
        let places = Sharing::places(&query(&sample, "herbs"));
        assert!(places.is_sorted_by(|a, b| a > b));
        sample.animator("dan", "herbs");
        assert_eq!(Sharing::places(&query(&sample, "herbs")).len(), 1);
    }

    #[test]
    fn one_community_a_person_is_all_that_a_plan_may_give() {
        let mut sample = sample();
        let costs = |sample: &Sample, person: &str| Sharing::costs(sample.view(), sample.ix(person), hour(LATER));
        assert_eq!(costs(&sample, "cat").len(), 1, "two hours where nothing is said");
        assert!(costs(&sample, "ann") > costs(&sample, "cat"), "one of hers is taken");
        for (hours, places) in [(5.5, 1), (0.0, 0)] {
            let patch = CapacityPatch {
                animation_hours_per_week: Patch::Set(Hours::new(hours).expect("hours")),
                ..CapacityPatch::default()
            };
            let person = PersonId::new("cat");
            sample.say(0, FactBody::CapacitySet { person, patch });
            assert_eq!(costs(&sample, "cat").len(), places, "{hours}");
        }
    }
}
