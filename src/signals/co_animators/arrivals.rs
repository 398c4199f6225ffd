//! What somebody began lately, anywhere, what they gave up here, and how they usually begin. What was only "seen by then" has
//! no beginning.

use super::tenure::days_since;
use super::{CoAnimators, Family};
use crate::domain::{MemberRole, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, PersonIx, Stay, View};

/// Days in which the last arrival counts half as much.
const ARRIVAL_DAYS: f64 = 180.0;
/// Days in which an appointment counts half as much.
const APPOINTMENT_DAYS: f64 = 90.0;
/// Days of acquaintance beyond which no more is learnt.
const SEEN_DAYS_MAX: f64 = 5_000.0;

/// The last time that somebody was present without a break, in one role or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    /// When it began; `None` where nobody knows.
    pub since: Option<Timestamp>,
    ended: Option<Timestamp>,
}

impl Presence {
    /// Of `stays` in one community, in order of time; `None` without any.
    pub(super) fn last<'s>(stays: impl Iterator<Item = &'s Stay>) -> Option<Self> {
        stays.fold(None, |last: Option<Self>, stay| {
            let goes_on = last.filter(|last| last.ended.is_none_or(|ended| ended >= stay.since));
            let since = goes_on.map_or((!stay.since_unknown).then_some(stay.since), |last| last.since);
            let ended = match goes_on {
                Some(last) => last.ended.zip(stay.ended).map(|(a, b)| a.max(b)),
                None => stay.ended,
            };
            Some(Self { since, ended })
        })
    }
}

/// 2^(−days since `at` / `half_life`).
pub(super) fn days_half(at: Timestamp, as_of: Timestamp, half_life: f64) -> f64 {
    libm::exp2(-days_since(at, as_of) / half_life)
}

/// 2^(−days since the person last came to any community, this one included / 180), by its maximum; 0 where nobody knows.
/// Better: whoever joins things now is around. Cost: their memberships.
pub struct LastArrival;

/// ln(1 + Σ over the communities that the person animates or animated of 2^(−days since they last began to / 90)). Either
/// direction: in some places whoever takes one on takes others on; elsewhere they have enough. Cost: their memberships.
pub struct Appointments;

/// 1 for whoever animated the community once and does not now. Worse: they handed it on, and are not turned to first. Cost:
/// their memberships.
pub struct SteppedDown;

/// 1 for whoever ever animated any community. Worse: those who never did come first, so that animating spreads; how much
/// somebody animated speaks for them apart. Cost: their memberships.
pub struct Experienced;

/// ln(1 + days since the person was first seen in any community, at most 5,000). Either direction. Cost: their memberships.
pub struct Seniority;

/// (Communities where somebody animated already when the person last began to + ½) / (communities that they animate or
/// animated + 1): whether they join others, or begin alone. In 0..1. Either direction. Cost: the animators of these.
pub struct JoinsOthers;

fn stays(view: &View, person: PersonIx) -> impl Iterator<Item = (CommunityIx, &[Stay])> {
    let memberships = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    memberships.map(|(community, membership)| (*community, membership.stays()))
}

fn animating(stays: &[Stay]) -> impl Iterator<Item = &Stay> {
    stays.iter().filter(|stay| stay.role == MemberRole::Animator)
}

/// Whether somebody else animated `community` when the day of `at` began.
fn had_animator(view: &View, community: CommunityIx, but: PersonIx, at: Timestamp) -> bool {
    let day = at.day().start();
    let others = view.communities.get(community).members.iter();
    others
        .map(|&account| view.human(account))
        .filter(|&other| other != but)
        .any(|other| {
            let mut stays = view
                .stays(other, community)
                .filter(|stay| stay.role == MemberRole::Animator);
            stays.any(|stay| stay.since < day && stay.ended.is_none_or(|ended| ended >= day))
        })
}

macro_rules! read {
    ($signal:ident, $name:literal, $family:ident, $scale:ident, $read:expr) => {
        impl Signal<CoAnimators> for $signal {
            fn name(&self) -> &'static str {
                $name
            }

            fn family(&self) -> Family {
                Family::$family
            }

            fn scale(&self) -> Scale {
                Scale::$scale
            }

            fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
                let read: fn(&Round<'_, CoAnimators>, PersonIx) -> f64 = $read;
                for (strength, person) in out.iter_mut().zip(round.subjects.iter()) {
                    *strength = read(round, person);
                }
            }
        }
    };
}

read!(LastArrival, "last_arrival", Availability, ByMaximum, |round, person| {
    let came = stays(round.world, person).filter_map(|(_, stays)| Presence::last(stays.iter())?.since);
    came.max()
        .map_or(0.0, |at| days_half(at, round.query.as_of, ARRIVAL_DAYS))
});

read!(Appointments, "appointments", Experience, ByMaximum, |round, person| {
    let began = stays(round.world, person).filter_map(|(_, stays)| Presence::last(animating(stays))?.since);
    let mut began: Vec<Timestamp> = began.collect();
    // Floats are summed in an order that does not depend on arrival.
    began.sort_unstable();
    let worth = |&at: &Timestamp| days_half(at, round.query.as_of, APPOINTMENT_DAYS);
    libm::log1p(began.iter().map(worth).sum())
});

read!(SteppedDown, "stepped_down", Experience, Fixed, |round, person| {
    let here = round.world.stays(person, round.query.community);
    let mut animating = here.filter(|stay| stay.role == MemberRole::Animator).peekable();
    let left = animating.peek().is_some() && animating.all(|stay| stay.ended.is_some());
    f64::from(u8::from(left))
});

read!(Experienced, "experienced", Experience, Fixed, |round, person| {
    let ever = stays(round.world, person).any(|(_, stays)| animating(stays).next().is_some());
    f64::from(u8::from(ever))
});

read!(Seniority, "seniority", Tenure, ByMaximum, |round, person| {
    let first = stays(round.world, person)
        .flat_map(|(_, stays)| stays)
        .map(|stay| stay.since);
    let days = first
        .min()
        .map(|at| days_since(at, round.query.as_of).min(SEEN_DAYS_MAX));
    days.map_or(0.0, libm::log1p)
});

read!(JoinsOthers, "joins_others", Experience, Fixed, |round, person| {
    let (mut joined, mut all) = (0.5, 1.0);
    for (community, stays) in stays(round.world, person) {
        if let Some(last) = animating(stays).last() {
            all += 1.0;
            joined += f64::from(u8::from(had_animator(round.world, community, person, last.since)));
        }
    }
    joined / all
});

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(since: i64, ended: Option<i64>, since_unknown: bool) -> Stay {
        Stay {
            role: MemberRole::Member,
            since: Timestamp::from_micros(since),
            since_unknown,
            ended: ended.map(Timestamp::from_micros),
        }
    }

    fn since(stays: &[Stay]) -> Option<i64> {
        Presence::last(stays.iter())
            .and_then(|last| last.since)
            .map(Timestamp::micros)
    }

    #[test]
    fn a_presence_begins_when_somebody_came_and_not_when_their_role_changed() {
        assert_eq!(since(&[]), None);
        assert_eq!(since(&[stay(1, None, false), stay(5, None, false)]), Some(1));
        assert_eq!(since(&[stay(1, Some(4), false), stay(5, None, false)]), Some(5));
        assert_eq!(
            since(&[stay(1, Some(7), false), stay(5, Some(6), false), stay(7, None, false)]),
            Some(1)
        );
        assert_eq!(
            since(&[stay(1, None, true), stay(5, None, false)]),
            None,
            "nobody knows when"
        );
        assert_eq!(since(&[stay(1, Some(2), true), stay(5, None, false)]), Some(5));
    }
}
