//! Experience of animating, elsewhere and before.

use super::tenure::{days_since, latest_first};
use super::{CoAnimators, Family};
use crate::domain::{DAY_MICROS, MemberRole, Timestamp};
use crate::pipeline::{Round, Scale, Signal};
use crate::signals::days::Days;
use crate::world::{PersonIx, View};

/// Days of animating after which somebody can accompany a first-time animator.
const EXPERIENCED_DAYS: i64 = 30;
/// Days ahead in which somebody begins: that is when they need company.
const BEGINNING_DAYS: u32 = 30;
/// Of these, days on which whoever accompanies them is there, at least: a working week in which to show how it is done.
const COMPANY_DAYS: u32 = 5;

/// Whether the human has animated some community for 30 days or more by `as_of`, or was first seen to animate it. Cost:
/// their memberships.
pub fn is_experienced(view: &View, person: PersonIx, as_of: Timestamp) -> bool {
    let memberships = view.accounts(person).flat_map(|ix| &view.people.get(ix).memberships);
    let mut stays = memberships.flat_map(|(_, membership)| membership.stays());
    stays.any(|stay| {
        let until = stay.ended.map_or(as_of, |ended| ended.min(as_of));
        let days = until.micros().saturating_sub(stay.since.micros());
        stay.role == MemberRole::Animator && (stay.since_unknown || days >= EXPERIENCED_DAYS * DAY_MICROS)
    })
}

/// Whether the human could accompany somebody who begins: they have animated before, and are there on five or more of the next
/// thirty days. Cost: their memberships and absences.
pub fn accompanies(view: &View, person: PersonIx, as_of: Timestamp) -> bool {
    let there = || Days::first(BEGINNING_DAYS).without(Days::away(view, person, as_of));
    is_experienced(view, person, as_of) && there().count() >= COMPANY_DAYS
}

/// ln(1 + other communities that they animate). Either direction: it is experience, and load. Cost: constant.
pub struct Animates;

impl Signal<CoAnimators> for Animates {
    fn name(&self) -> &'static str {
        "animates"
    }

    fn family(&self) -> Family {
        Family::Experience
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            *strength = libm::log1p(f64::from(profile.animates));
        }
    }
}

/// ln(1 + other communities that they animate or animated). Better. Cost: constant.
pub struct Animated;

impl Signal<CoAnimators> for Animated {
    fn name(&self) -> &'static str {
        "animated"
    }

    fn family(&self) -> Family {
        Family::Experience
    }

    fn scale(&self) -> Scale {
        Scale::ByMaximum
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            *strength = libm::log1p(f64::from(profile.animated));
        }
    }
}

const APPOINTED_NAMES: [&str; 3] = ["appointed_7d", "appointed_90d", "appointed_730d"];
const APPOINTED_DAYS: [f64; 3] = [7.0, 90.0, 730.0];

/// 2^(−days since they last became animator of any community / half-life); 0 for whoever never did. In 0..=1. Either
/// direction: in some places whoever takes one on takes others on at the same time. Cost: constant. `.0` is the half-life:
/// 0 for 7 days, 1 for 90 days, 2 for 730 days.
pub struct Appointed(pub usize);

impl Signal<CoAnimators> for Appointed {
    fn name(&self) -> &'static str {
        APPOINTED_NAMES[self.0]
    }

    fn family(&self) -> Family {
        Family::Experience
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        for (strength, profile) in out.iter_mut().zip(&round.gathered.0) {
            let days = profile.appointed.map(|at| days_since(at, round.query.as_of));
            *strength = days.map_or(0.0, |days| libm::exp2(-days / APPOINTED_DAYS[self.0]));
        }
    }
}

/// 1 / (1 + candidates who became animators of some community later); 0 for whoever never did. In 0..=1. Either direction.
/// Cost: sorting.
pub struct LastAppointed;

impl Signal<CoAnimators> for LastAppointed {
    fn name(&self) -> &'static str {
        "last_appointed"
    }

    fn family(&self) -> Family {
        Family::Experience
    }

    fn scale(&self) -> Scale {
        Scale::Fixed
    }

    fn measure(&self, round: &Round<'_, CoAnimators>, out: &mut [f64]) {
        latest_first(&round.gathered.0, |profile| profile.appointed, out);
    }
}
