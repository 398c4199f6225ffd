//! What somebody began lately, anywhere, and what they gave up here. A stay that was only "seen by then" has no beginning.

use super::tenure::days_since;
use super::{CoAnimators, Family};
use crate::domain::{MemberRole, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::world::{CommunityIx, PersonIx, Stay, View};

/// Days in which the last arrival counts half as much.
const ARRIVAL_DAYS: f64 = 180.0;
/// Days in which an appointment counts half as much.
const APPOINTMENT_DAYS: f64 = 90.0;

/// 2^(−days since the person's last stay in any community, in any role, began / 180); 0 where nobody knows. In 0..=1.
/// Better: whoever joins things now is around. Cost: their memberships.
pub struct LastArrival;

/// ln(1 + Σ over the communities that the person animates or animated of 2^(−days since they last began to / 90)). Either
/// direction: in some places whoever takes one on takes others on; elsewhere they have enough. Cost: their memberships.
pub struct Appointments;

/// 1 for whoever animated the community once and does not now. Worse: they stepped down, and may be asked, but not first.
/// Cost: their memberships.
pub struct SteppedDown;

/// 1 for whoever ever animated any community. Either direction: it is experience, and load. Cost: their memberships.
pub struct Experienced;

fn stays(view: &View, person: PersonIx) -> impl Iterator<Item = (CommunityIx, &[Stay])> {
    let memberships = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    memberships.map(|(community, membership)| (*community, membership.stays()))
}

fn animating(stays: &[Stay]) -> impl Iterator<Item = &Stay> {
    stays.iter().filter(|stay| stay.role == MemberRole::Animator)
}

/// When the last of `stays` began, where that is known.
fn began<'s>(stays: impl Iterator<Item = &'s Stay>) -> Option<Timestamp> {
    let last = stays.max_by_key(|stay| stay.since)?;
    (!last.since_unknown).then_some(last.since)
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

read!(LastArrival, "last_arrival", Availability, Fixed, |round, person| {
    let last = stays(round.world, person).filter_map(|(_, stays)| {
        let members = stays.iter().filter(|stay| stay.role == MemberRole::Member);
        began(members).max(began(animating(stays)))
    });
    let days = last.max().map(|at| days_since(at, round.query.as_of));
    days.map_or(0.0, |days| libm::exp2(-days / ARRIVAL_DAYS))
});

read!(Appointments, "appointments", Experience, ByMaximum, |round, person| {
    let mut all: Vec<Timestamp> = stays(round.world, person)
        .filter_map(|(_, stays)| began(animating(stays)))
        .collect();
    // Floats are summed in an order that does not depend on arrival.
    all.sort_unstable();
    let worth = |&at: &Timestamp| libm::exp2(-days_since(at, round.query.as_of) / APPOINTMENT_DAYS);
    libm::log1p(all.iter().map(worth).sum())
});

read!(SteppedDown, "stepped_down", Experience, Fixed, |round, person| {
    let here = || {
        round
            .world
            .stays(person, round.query.community)
            .filter(|stay| stay.role == MemberRole::Animator)
    };
    let left = here().next().is_some() && here().all(|stay| stay.ended.is_some());
    f64::from(u8::from(left))
});

read!(Experienced, "experienced", Experience, Fixed, |round, person| {
    let ever = stays(round.world, person).any(|(_, stays)| animating(stays).next().is_some());
    f64::from(u8::from(ever))
});
