//! A few people who together complement those who animate a community, instead of several who resemble one another.
//!
//! Volunteers come first, members before people of the same field, and among those of one tier whoever adds most to the
//! present animators and to those chosen before: their fit, in 0..=1, and their gain. A first-time animator is chosen only
//! beside somebody who has animated before and is there when they begin.

use super::cover::{Brought, Cover};
use super::experience::{accompanies, is_experienced};
use super::kinds::{Standing, standing};
use super::offers::{Offered, offered};
use super::{CoAnimators, CoAnimatorsQuery, Move};
use crate::pipeline::{Seat, Selector};
use crate::signals::workload::Workload;
use crate::world::{PersonIx, View};

/// The tier of whom the kind names, while none of those animates.
const NATURAL: u8 = 0;

/// How somebody is turned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// What they offered, where that is about the community; whoever offered nothing is to be asked.
    pub offered: Option<Offered>,
    /// Whether they do not belong to the community yet: they are to be introduced.
    pub to_be_introduced: bool,
    /// Whether they would animate for the first time: somebody accompanies them.
    pub first_time: bool,
    /// How they stand to the rule of the community's kind.
    pub standing: Standing,
}

impl Invited {
    /// How `person` would be turned to. Cost: their memberships and offer.
    pub fn of(view: &View, query: &CoAnimatorsQuery, person: PersonIx) -> Self {
        Self {
            offered: offered(view, query, person),
            to_be_introduced: view.role(person, query.community).is_none(),
            first_time: !is_experienced(view, person, query.as_of),
            standing: standing(view, query, person),
        }
    }

    /// Slots that a plan may give away: whoever never offered nor animated gives none before they were asked.
    pub fn slots(&self, load: &Workload) -> u32 {
        if self.first_time && self.offered.is_none() {
            0
        } else {
            load.slots()
        }
    }

    /// The tier in which they are seated, the first first.
    pub(super) fn tier(self, natural_wanted: bool) -> u8 {
        match (self.offered, self.to_be_introduced) {
            _ if natural_wanted && self.standing == Standing::Natural => NATURAL,
            (Some(_), false) => 1,
            (Some(Offered::Here | Offered::Topic), true) => 2,
            (None, false) => 3,
            (Some(Offered::Anywhere), true) => 4,
            (None, true) => 5,
        }
    }
}

/// Seats the set first, in the order in which it was chosen, and everybody else behind it by tier and score.
pub struct Complement;

/// Somebody to be seated.
struct Guest {
    tier: u8,
    first_time: bool,
    /// Whether somebody who begins could be beside them.
    accompanies: bool,
    offered: bool,
    /// As [`Complement::fit`].
    fit: f64,
    brought: Brought,
}

impl Complement {
    /// What a score is worth against `most`, the largest one, in 0..=1: e^(score − most). Scores are log-odds, as the fit of
    /// weights makes them: it is how likely they are chosen, against whoever fits closest.
    pub fn fit(score: f64, most: f64) -> f64 {
        libm::exp(score - most)
    }

    /// What `person` is worth beside the present animators alone: their gain, and their [`Self::fit`]. What a plan adds up.
    pub fn value(view: &View, query: &CoAnimatorsQuery, person: PersonIx, fit: f64) -> f64 {
        let hours = Workload::of(view, person, query.as_of).free();
        let brought = Brought::by(view, person, hours, query.as_of);
        fit + Cover::of(&query.need).gain(&brought).total()
    }

    fn guests(view: &View, query: &CoAnimatorsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Guest> {
        let is_natural = |&animator: &PersonIx| standing(view, query, animator) == Standing::Natural;
        let natural_wanted = !query.animators.iter().any(is_natural);
        let most = ranked.first().map_or(0.0, |&(_, score)| score);
        let guest = |&(person, score): &(PersonIx, f64)| {
            let invited = Invited::of(view, query, person);
            let tier = invited.tier(natural_wanted);
            let hours = Workload::of(view, person, query.as_of).free();
            Guest {
                tier,
                first_time: invited.first_time,
                accompanies: accompanies(view, person, query.as_of),
                offered: invited.offered.is_some(),
                fit: Self::fit(score, most),
                brought: Brought::by(view, person, hours, query.as_of),
            }
        };
        ranked.iter().map(guest).collect()
    }

    /// Places in the order in which they were chosen: the lowest tier first, within it whoever adds most.
    fn choose(guests: &[Guest], query: &CoAnimatorsQuery, company: bool) -> Vec<usize> {
        let mut cover = Cover::of(&query.need);
        let mut company = company;
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < query.places {
            let open = (0..guests.len()).filter(|place| !chosen.contains(place));
            let open = open.filter(|&place| company || !guests[place].first_time);
            // Of equal ones the last in `max_by` wins: reversed, that is the first by score.
            let valued = open.map(|place| (place, guests[place].fit + cover.gain(&guests[place].brought).total()));
            let next = valued.rev().max_by(|a, b| {
                let (one, other) = (&guests[a.0], &guests[b.0]);
                other.tier.cmp(&one.tier).then(a.1.total_cmp(&b.1))
            });
            let Some((place, _)) = next else { break };
            cover.add(&guests[place].brought);
            company |= guests[place].accompanies;
            chosen.push(place);
        }
        chosen
    }
}

impl Selector<CoAnimators> for Complement {
    fn seats(&self, view: &View, query: &CoAnimatorsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let guests = Self::guests(view, query, ranked);
        let mut order = Self::choose(&guests, query, query.need.company(view, query.as_of).next().is_some());
        let set = order.len();
        let mut others: Vec<usize> = (0..guests.len()).filter(|place| !order.contains(place)).collect();
        others.sort_by_key(|&place| (guests[place].tier, place));
        order.extend(others);
        let nowhere = Seat {
            wave: 0,
            turn: 0,
            moved_by: None,
        };
        let mut seats = vec![nowhere; guests.len()];
        for (turn, &place) in order.iter().enumerate() {
            let moved_by = match turn.cmp(&place) {
                std::cmp::Ordering::Less if guests[place].tier == NATURAL => Some(Move::Natural),
                std::cmp::Ordering::Less if guests[place].offered => Some(Move::Offered),
                std::cmp::Ordering::Less => Some(Move::Complement),
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(Move::Later),
            };
            let wave = if turn < set { 1 } else { 2 };
            seats[place] = Seat { wave, turn, moved_by };
        }
        seats
    }
}
