//! How much somebody is asked already, and how much may be asked of them now.
//!
//! Everything here is read from invitations and absences that were told, as of one instant. What it finds is the person's
//! own: answers to others never say more than that somebody is not turned to first.

use crate::domain::{DAY_MICROS, DaySpan, DeclineReason, Timestamp};
use crate::world::{AskOutcome, PersonIx, View};

/// Microseconds in the seven days of a cap.
const WEEK_MICROS: i64 = 7 * DAY_MICROS;
/// Days for which an invitation is felt, and after how many it is felt half as much.
const FELT_DAYS: i64 = 14;
const HALF_LIFE_DAYS: f64 = 7.0;
/// Days over which somebody who was on leave comes back to their full share.
const EASED_DAYS: i32 = 14;
/// Days away at a stretch, at least, that are a leave: whoever is off every Wednesday does not come back from one.
const LEAVE_DAYS: i32 = 5;
/// Invitations in any seven days that a person receives at most when they set no limit.
pub const DEFAULT_ASKS_PER_WEEK: u32 = 5;

/// What is asked of somebody at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Σ over the invitations of the last 14 days of what each weighs · 2^(−age / 7 days); ≥ 0. One that waits for a word
    /// weighs 1½, one that was turned down for want of time 2, any other 1.
    pub asked: f64,
    /// The part of a usual load that may be asked of them, in 0..=1: less than 1 in the two weeks after a leave.
    pub share: f64,
    /// Invitations that they accept in seven days when they are not just back.
    pub cap: u32,
}

impl Load {
    /// The load of `person` at `as_of`. Cost: their invitations and absences.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp) -> Self {
        let since = as_of.plus_micros(-FELT_DAYS * DAY_MICROS);
        let asks = view.accounts(person).flat_map(|ix| &view.people.get(ix).asks);
        let states = asks.filter_map(|&ask| view.asks.get(ask).state.as_deref());
        let mut felt: Vec<(Timestamp, f64)> = states
            .filter(|ask| since < ask.at && ask.at <= as_of)
            .map(|ask| (ask.at, weight(&ask.outcome)))
            .collect();
        // Floats are summed in an order that does not depend on arrival.
        felt.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let decayed = |&(at, weight): &(Timestamp, f64)| {
            let days = as_of.minutes_since(at) as f64 / 1440.0;
            weight * libm::exp2(-days / HALF_LIFE_DAYS)
        };
        Self {
            asked: felt.iter().map(decayed).sum(),
            share: share(view, person, as_of),
            cap: view.asks_per_week(person).unwrap_or(DEFAULT_ASKS_PER_WEEK),
        }
    }

    /// How heavily the person is asked, ≥ 0: 0 for whoever was not asked for two weeks, about 1 for whoever is asked as
    /// often as they accept. Somebody just back from leave, who cannot have been asked, begins at 1 less a day's share.
    pub fn burden(&self) -> f64 {
        self.asked / f64::from(self.cap.max(1)) + (1.0 - self.share)
    }

    /// Whether another invitation at `as_of` would be more than the person accepts.
    pub fn is_full(&self, view: &View, person: PersonIx, as_of: Timestamp) -> bool {
        self.room(view, person, as_of) == 0
    }

    /// How many more invitations the person accepts at `as_of`: their cap, cut down to their share, less the invitations
    /// of the last seven days.
    pub fn room(&self, view: &View, person: PersonIx, as_of: Timestamp) -> u32 {
        let eased = (f64::from(self.cap) * self.share).ceil() as u32;
        eased.saturating_sub(asks_of_week(view, person, as_of))
    }

    /// How heavily the person would be asked after `more` invitations that wait for a word, as [`Self::burden`] counts.
    pub fn burden_after(&self, more: u32) -> f64 {
        self.burden() + weight(&AskOutcome::Open) * f64::from(more) / f64::from(self.cap.max(1))
    }
}

/// Invitations that the person received in the last seven days.
pub fn asks_of_week(view: &View, person: PersonIx, as_of: Timestamp) -> u32 {
    view.asks_between(person, as_of.plus_micros(-WEEK_MICROS), as_of)
}

fn weight(outcome: &AskOutcome) -> f64 {
    match outcome {
        AskOutcome::Open => 1.5,
        AskOutcome::Declined(Some(DeclineReason::Overloaded | DeclineReason::Away)) => 2.0,
        AskOutcome::Answered | AskOutcome::Declined(_) | AskOutcome::Referred(_) => 1.0,
    }
}

/// Days since the last leave ended / 14, at most 1: rises linearly from 1/14 on the first day back.
fn share(view: &View, person: PersonIx, as_of: Timestamp) -> f64 {
    let absences = view.accounts(person).flat_map(|ix| &view.people.get(ix).absences);
    let mut spans: Vec<DaySpan> = absences.copied().collect();
    if spans.is_empty() {
        return 1.0;
    }
    spans.sort_unstable();
    let today = view.local_day(person, as_of);
    let mut ended = None;
    let mut stretch: Option<(i32, i32)> = None;
    for span in spans {
        let (from, until) = (span.from().days(), span.until().days());
        let joined = stretch.filter(|&(_, last)| from <= last.saturating_add(1));
        let (first, last) = joined.map_or((from, until), |(first, last)| (first, last.max(until)));
        stretch = Some((first, last));
        if last.saturating_sub(first) + 1 >= LEAVE_DAYS && last < today.days() {
            ended = ended.max(Some(last));
        }
    }
    let back = ended.map_or(EASED_DAYS, |last| today.days().saturating_sub(last));
    f64::from(back.min(EASED_DAYS)) / f64::from(EASED_DAYS)
}

#[cfg(test)]
mod tests;
