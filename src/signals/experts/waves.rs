//! Who is turned to first: small waves, so that a question asks few people and not always the same ones.
//!
//! Relevance stays what it is; only the order in which people are turned to changes, and each pick says so. The first
//! wave is of the able who are asked least, the second of those whom relevance puts first, the next of everybody else by
//! relevance less burden. Heads of the asker's unit come after the peers who are as able, and the animators of the
//! question's community in the last wave, while anyone else is there.

use super::{Experts, ExpertsQuery, Move};
use crate::domain::{DAY_MICROS, MemberRole, Timestamp};
use crate::pipeline::{Seat, Selector};
use crate::signals::load::Load;
use crate::world::{PersonIx, View};

/// People in a wave.
pub const WAVE: usize = 3;
/// How long the people of one wave have before the next is turned to.
const WAVE_MICROS: i64 = DAY_MICROS;
/// Who is at most this far below the best score is able to answer too. Scores are log-odds, as the fit of weights makes
/// them: e^−2 is a seventh of the best one's chance.
pub(super) const ABLE: f64 = 2.0;
/// What being asked as often as one accepts costs, in the same unit: ten invitations in two weeks make whoever tires fast
/// (willingness e^(−invitations / 2)) so much less likely to answer.
pub(super) const BURDEN: f64 = 5.0;

/// The waves in which a question was sent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many.
    pub waves: u16,
    /// When the last of them began.
    pub last: Option<Timestamp>,
    /// Seats of the last one that are still free, and may be filled at `as_of`.
    free: usize,
}

impl Sent {
    /// Reads the invitations to answer the query's question: three make a wave, and so do fewer once a day has passed.
    /// Cost: sorting them.
    pub fn of(view: &View, query: &ExpertsQuery) -> Self {
        let asks = query.question.map_or(&[][..], |q| &view.questions.get(q).asks);
        let states = asks.iter().filter_map(|&ask| view.asks.get(ask).state.as_deref());
        let mut sent: Vec<Timestamp> = states.map(|ask| ask.at).filter(|&at| at <= query.as_of).collect();
        sent.sort_unstable();
        let mut waves = Self::default();
        for at in sent {
            if waves.is_open(at) {
                waves.free -= 1;
            } else {
                waves = Self {
                    waves: waves.waves.saturating_add(1),
                    last: Some(at),
                    free: WAVE - 1,
                };
            }
        }
        if !waves.is_open(query.as_of) {
            waves.free = 0;
        }
        waves
    }

    fn is_open(&self, at: Timestamp) -> bool {
        self.free > 0 && self.last.is_some_and(|last| at < last.plus_micros(WAVE_MICROS))
    }

    /// The wave to turn to, and its seats.
    fn turn(self) -> (u16, usize) {
        if self.free > 0 {
            (self.waves, self.free)
        } else {
            (self.waves.saturating_add(1), WAVE)
        }
    }

    /// Whether a wave was sent that has not had its day yet: nobody else is turned to before.
    pub fn waits(self, query: &ExpertsQuery) -> bool {
        self.waves > 0 && query.as_of < self.next_wave_at(query)
    }

    /// When the wave after the last one sent, or after the first, may be turned to: a day after the last was sent, or
    /// after the question was asked, or after now for one that is being written. It does not move with the clock.
    pub fn next_wave_at(self, query: &ExpertsQuery) -> Timestamp {
        let from = self.last.or(query.asked_at).unwrap_or(query.as_of);
        from.plus_micros(WAVE_MICROS)
    }
}

/// Whether `person` animates the community of the question.
pub(super) fn animates(view: &View, query: &ExpertsQuery, person: PersonIx) -> bool {
    let role = query.community.and_then(|community| view.role(person, community));
    role == Some(MemberRole::Animator)
}

/// Spreads questions over those who could answer. Cost: each person's invitations, and sorting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Who is at most this far below the best score is able too, ≥ 0.
    pub able: f64,
    /// What being asked as often as one accepts costs, in the unit of scores, ≥ 0; with 0 load does not count.
    pub burden: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            able: ABLE,
            burden: BURDEN,
        }
    }
}

/// Somebody to be seated.
struct Guest {
    /// The place by score, from 0.
    place: usize,
    /// 0 for able peers, 1 for able heads of the asker's unit, 2 and 3 for the others likewise.
    tier: u8,
    /// The score less what asking them costs.
    value: f64,
    load: Load,
    holds_back: bool,
}

impl Guest {
    /// Why they are turned to later than their score says.
    fn held_by(&self) -> Move {
        if self.holds_back || self.tier % 2 == 1 {
            Move::Wave
        } else if self.load.share < 1.0 {
            Move::Returning
        } else if self.load.asked > 0.0 {
            Move::Load
        } else {
            Move::Wave
        }
    }
}

impl Spread {
    fn guests(self, view: &View, query: &ExpertsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Guest> {
        let holds_back: Vec<bool> = ranked.iter().map(|&(p, _)| animates(view, query, p)).collect();
        let best = ranked.iter().zip(&holds_back).find(|(_, holds_back)| !**holds_back);
        let able = best.map_or(f64::INFINITY, |((_, score), _)| score - self.able);
        let guest = |(place, &(person, score)): (usize, &(PersonIx, f64))| {
            let load = Load::of(view, person, query.as_of);
            let heads = query.asker_unit.as_ref().is_some_and(|unit| view.heads(person, unit));
            Guest {
                place,
                tier: if score >= able { 0 } else { 2 } + u8::from(heads),
                value: score - self.burden * load.burden(),
                load,
                holds_back: holds_back[place],
            }
        };
        ranked.iter().enumerate().map(guest).collect()
    }

    /// The places of `ranked` in the order in which they are turned to, each with its wave.
    fn order(guests: &[Guest], sent: Sent) -> Vec<(usize, u16)> {
        let (mut wave, mut seats) = sent.turn();
        let (animators, mut waiting): (Vec<&Guest>, Vec<&Guest>) = guests.iter().partition(|guest| guest.holds_back);
        waiting.sort_by(|a, b| {
            let by_value = b.value.total_cmp(&a.value).then(a.load.asked.total_cmp(&b.load.asked));
            a.tier.cmp(&b.tier).then(by_value).then(a.place.cmp(&b.place))
        });
        let mut order = Vec::with_capacity(guests.len());
        let mut next = 0;
        while next < waiting.len() {
            if wave == 2 {
                waiting[next..].sort_by_key(|guest| (guest.tier, guest.place));
            }
            let end = waiting.len().min(next + seats);
            order.extend(waiting[next..end].iter().map(|guest| (guest.place, wave)));
            if wave == 2 {
                let by_value = |a: &&Guest, b: &&Guest| b.value.total_cmp(&a.value).then(a.place.cmp(&b.place));
                waiting[end..].sort_by(|a, b| a.tier.cmp(&b.tier).then(by_value(a, b)));
            }
            (next, seats, wave) = (end, WAVE, wave.saturating_add(1));
        }
        order.extend(animators.iter().map(|guest| (guest.place, wave)));
        order
    }
}

impl Selector<Experts> for Spread {
    fn seats(&self, view: &View, query: &ExpertsQuery, ranked: &[(PersonIx, f64)]) -> Vec<Seat<Move>> {
        let guests = self.guests(view, query, ranked);
        let order = Self::order(&guests, Sent::of(view, query));
        let nowhere = Seat {
            wave: 0,
            turn: 0,
            moved_by: None,
        };
        let mut seats = vec![nowhere; guests.len()];
        for (turn, &(place, wave)) in order.iter().enumerate() {
            let moved_by = match turn.cmp(&place) {
                std::cmp::Ordering::Less => Some(Move::Wave),
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(guests[place].held_by()),
            };
            seats[place] = Seat { wave, turn, moved_by };
        }
        seats
    }
}

#[cfg(test)]
mod tests;
