//! Hours of animating: what somebody gives in a week, what they can give, and what is left.
//!
//! Read from hours that animators declared, roles, limits and offers, as of one instant. What it finds is the person's
//! own: to the animators of the same community it is told as a band, to nobody else at all.

use crate::domain::{DAY_MICROS, FactBody, Hours, MemberRole, Timestamp};
use crate::world::{CommunityIx, OfferState, PersonIx, View};
use std::collections::BTreeMap;

/// Weeks over which declared hours are averaged.
pub const SEEN_WEEKS: i32 = 8;
/// Hours a week that a community takes from each of its animators where none were declared.
pub const USUAL_HOURS: f64 = 1.0;
/// Hours a week that somebody can give to animating when they said nothing: two communities as they usually are.
pub const DEFAULT_CAPACITY_HOURS: f64 = 2.0;
/// Hours a week that one community more takes at least: plans give capacity away in slots of so many.
pub const SLOT_HOURS: f64 = 1.0;
const WEEK_MICROS: i64 = 7 * DAY_MICROS;

/// A community that somebody animates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Post {
    /// Which.
    pub community: CommunityIx,
    /// When they began to animate it, or were first seen to.
    pub since: Timestamp,
    /// Hours a week that it takes from them.
    pub hours: f64,
    /// Whether those were declared.
    pub declared: bool,
}

/// How full somebody's hours are, the emptiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Less than half of their hours are taken.
    Light,
    /// Half or more, and a slot is left.
    Usual,
    /// There is no slot left.
    Full,
}

impl Band {
    /// Every band, the emptiest first.
    pub const ALL: [Self; 3] = [Self::Light, Self::Usual, Self::Full];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Usual => "usual",
            Self::Full => "full",
        }
    }
}

/// What animating takes from somebody, and what they can give to it, in hours a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// The communities that they animate now, in order of index; archived ones take nothing.
    pub posts: Vec<Post>,
    /// Hours that animating takes: the sum over the communities they animate, and hours declared elsewhere.
    pub hours: f64,
    /// Hours that they can give: the limit they set; else what they gave already when they offered hours, and those;
    /// else [`DEFAULT_CAPACITY_HOURS`].
    pub capacity: f64,
    /// Whether the capacity is the person's own word.
    pub stated: bool,
}

impl Workload {
    /// The workload of `person` at `as_of`. Cost: their memberships and records.
    pub fn of(view: &View, person: PersonIx, as_of: Timestamp) -> Self {
        let declared = declared(view, person, as_of);
        let posts = posts(view, person, as_of, &declared);
        let elsewhere = declared
            .iter()
            .filter(|(community, _)| !was_animator(view, person, **community));
        let mut hours: f64 = posts.iter().map(|post| post.hours).sum();
        hours += elsewhere.map(|(_, hours)| hours).sum::<f64>();
        let limit = limit(view, person);
        let offered = offer(view, person, as_of).and_then(|offer| Some((offer.at, offer.hours_per_week?.value())));
        let offered = offered.map(|(at, more)| {
            let before = posts.iter().filter(|post| post.since <= at).map(|post| post.hours);
            before.sum::<f64>() + more
        });
        let own = match (limit, offered) {
            (Some(limit), Some(offered)) => Some(f64::min(limit, offered)),
            (limit, offered) => limit.or(offered),
        };
        Self {
            posts,
            hours,
            capacity: own.unwrap_or(DEFAULT_CAPACITY_HOURS),
            stated: own.is_some(),
        }
    }

    /// Hours that are left, ≥ 0.
    pub fn free(&self) -> f64 {
        (self.capacity - self.hours).max(0.0)
    }

    /// Whole slots of [`SLOT_HOURS`] that are left.
    pub fn slots(&self) -> u32 {
        // A hair is added, so that hours that were averaged do not lose a slot to rounding.
        ((self.free() + 1e-6) / SLOT_HOURS) as u32
    }

    /// How full the hours are.
    pub fn band(&self) -> Band {
        if self.slots() == 0 {
            Band::Full
        } else if self.hours < self.capacity / 2.0 {
            Band::Light
        } else {
            Band::Usual
        }
    }

    /// Hours a week that `community` takes; 0 for one that they do not animate.
    pub fn hours_in(&self, community: CommunityIx) -> f64 {
        let post = self.posts.iter().find(|post| post.community == community);
        post.map_or(0.0, |post| post.hours)
    }

    /// Hours a week that `community` gets within what they can give: those that are too many are cut everywhere alike.
    pub fn given_to(&self, community: CommunityIx) -> f64 {
        let hours = self.hours_in(community);
        if self.hours > self.capacity {
            hours * self.capacity / self.hours
        } else {
            hours
        }
    }
}

/// The offer to animate that stands at `as_of`: the newest of the human's accounts that has not run out.
pub fn offer(view: &View, person: PersonIx, as_of: Timestamp) -> Option<&OfferState> {
    let offers = view
        .accounts(person)
        .filter_map(|ix| view.people.get(ix).offer.as_deref());
    let newest = offers.filter(|offer| offer.at <= as_of).max_by_key(|offer| offer.at)?;
    let lasts = newest.until.is_none_or(|until| view.local_day(person, as_of) <= until);
    lasts.then_some(newest)
}

/// The smallest limit on hours of animating that the human set.
fn limit(view: &View, person: PersonIx) -> Option<f64> {
    let limits = view
        .accounts(person)
        .filter_map(|ix| view.people.get(ix).capacity.animation_hours_per_week);
    limits.min().map(Hours::value)
}

/// Hours a week that the human declared for each community within [`SEEN_WEEKS`], averaged over those weeks, or over the
/// time since the first declaration where that is shorter, one week at least. In order of index, and in whole 1024ths of
/// an hour: their sums do not depend on that order.
fn declared(view: &View, person: PersonIx, as_of: Timestamp) -> BTreeMap<CommunityIx, f64> {
    let window = as_of.plus_micros(-i64::from(SEEN_WEEKS) * WEEK_MICROS);
    let mut told: BTreeMap<CommunityIx, (Timestamp, i64)> = BTreeMap::new();
    for fact in view.accounts(person).flat_map(|ix| &view.people.get(ix).records) {
        let FactBody::AnimationRecorded { community, hours, .. } = &fact.body else {
            continue;
        };
        let Some(community) = view.communities.find(community).filter(|_| fact.at <= as_of) else {
            continue;
        };
        // Thousandths, which are whole: their sum does not depend on its order.
        let counted = if fact.at > window {
            (hours.value() * 1e3).round() as i64
        } else {
            0
        };
        let entry = told.entry(community).or_insert((fact.at, 0));
        *entry = (entry.0.min(fact.at), entry.1 + counted);
    }
    let a_week = |(first, sum): (Timestamp, i64)| {
        let since = as_of.micros().saturating_sub(first.max(window).micros());
        let hours = sum as f64 / 1e3 / (since as f64 / WEEK_MICROS as f64).max(1.0);
        (hours * 1024.0).round() / 1024.0
    };
    told.retain(|_, (_, sum)| *sum > 0);
    told.into_iter()
        .map(|(community, told)| (community, a_week(told)))
        .collect()
}

fn posts(view: &View, person: PersonIx, as_of: Timestamp, declared: &BTreeMap<CommunityIx, f64>) -> Vec<Post> {
    let communities = view.communities_of(person).into_iter();
    let animated = communities.filter(|&c| view.role(person, c) == Some(MemberRole::Animator) && !is_archived(view, c));
    animated
        .map(|community| {
            let open = view
                .stays(person, community)
                .filter(|stay| stay.role == MemberRole::Animator);
            let since = open.filter(|stay| stay.ended.is_none()).map(|stay| stay.since).min();
            let told = declared.get(&community);
            Post {
                community,
                since: since.unwrap_or(as_of),
                hours: told.copied().unwrap_or(USUAL_HOURS),
                declared: told.is_some(),
            }
        })
        .collect()
}

/// Whether the human animates or animated `community`: hours declared there are those of the post, or ended with it.
fn was_animator(view: &View, person: PersonIx, community: CommunityIx) -> bool {
    view.stays(person, community)
        .any(|stay| stay.role == MemberRole::Animator)
}

/// Whether `community` was archived.
pub fn is_archived(view: &View, community: CommunityIx) -> bool {
    let state = view.communities.get(community).state.as_ref();
    state.is_some_and(|state| state.archived.is_some())
}
