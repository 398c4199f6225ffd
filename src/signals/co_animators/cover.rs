//! What those who animate a community leave uncovered, and what somebody more would add: days, hours, units, sites, time
//! zones and languages.
//!
//! What is covered is a coverage function of the set (a second person on a day adds less than the first), so that what
//! somebody adds never grows as the set does: the greedy choice of `set` reaches at least 1 − 1/e of the most that a set of
//! its size can cover. (G. Nemhauser, L. Wolsey, M. Fisher,
//! *An analysis of approximations for maximizing submodular set functions*, 1978.)

use super::need::Need;
use crate::domain::{Timestamp, UnitPath};
use crate::signals::days::Days;
use crate::world::{PersonIx, View};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Days without anybody that are felt in full: fewer weigh in proportion.
const FELT_DAYS: f64 = 14.0;
/// Hours between two time zones that count in full.
const FAR_HOURS: f64 = 6.0;

/// A side on which somebody can complement others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Is there on days when nobody else is.
    Cover,
    /// Is there on days when one person would be alone.
    Relief,
    /// Has hours that are short.
    Hours,
    /// Works in another unit.
    Unit,
    /// Works at another site.
    Site,
    /// Lives in another time zone.
    TimeZone,
    /// Works in another language.
    Language,
}

impl Side {
    /// Every side, in the order in which they are summed.
    pub const ALL: [Self; 7] = [
        Self::Cover,
        Self::Relief,
        Self::Hours,
        Self::Unit,
        Self::Site,
        Self::TimeZone,
        Self::Language,
    ];

    /// Its name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Relief => "relief",
            Self::Hours => "hours",
            Self::Unit => "unit",
            Self::Site => "site",
            Self::TimeZone => "time_zone",
            Self::Language => "language",
        }
    }

    /// Whether it tells when somebody is there, or how many hours they have left.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Cover | Self::Relief | Self::Hours)
    }

    /// What covering all of it is worth, where the closest fit of all is worth 1.
    pub const fn worth(self) -> f64 {
        match self {
            Self::Cover => 2.0,
            Self::Hours => 1.0,
            Self::Unit => 0.8,
            Self::Relief => 0.5,
            Self::Site | Self::TimeZone | Self::Language => 0.3,
        }
    }
}

/// What somebody adds on each side, in the order of [`Side::ALL`]; each is ≥ 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gain([f64; Side::ALL.len()]);

impl Gain {
    /// What is added on `side`.
    pub fn on(&self, side: Side) -> f64 {
        self.0[side as usize]
    }

    /// What is added in all.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }

    /// The sides on which something is added, the one that adds most first.
    pub fn sides(&self) -> Vec<(Side, f64)> {
        let mut sides: Vec<_> = Side::ALL
            .map(|side| (side, self.on(side)))
            .into_iter()
            .filter(|s| s.1 > 0.0)
            .collect();
        sides.sort_by(|a, b| b.1.total_cmp(&a.1));
        sides
    }
}

/// What somebody brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Days on which they are there.
    pub there: Days,
    /// Hours a week that they can give.
    pub hours: f64,
    units: BTreeSet<UnitPath>,
    sites: BTreeSet<Arc<str>>,
    /// Minutes from UTC.
    zones: BTreeSet<i32>,
    languages: BTreeSet<Arc<str>>,
}

impl Brought {
    /// What `person` brings at `as_of`; `hours` is what they can give to the community. Cost: their profiles and absences.
    pub fn by(view: &View, person: PersonIx, hours: f64, as_of: Timestamp) -> Self {
        let mut brought = Self {
            there: Days::ALL.without(Days::away(view, person, as_of)),
            hours,
            ..Self::default()
        };
        for profile in view.profiles(person) {
            brought.units.extend(profile.unit.clone());
            brought.sites.extend(profile.site.clone());
            let offset = profile
                .time_zone
                .as_deref()
                .and_then(|zone| offset_minutes(zone, as_of));
            brought.zones.extend(offset);
            let tags = profile.languages.iter().flatten();
            brought
                .languages
                .extend(tags.map(|tag| Arc::from(tag.split('-').next().unwrap_or(tag))));
        }
        brought
    }
}

fn offset_minutes(zone: &str, at: Timestamp) -> Option<i32> {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
    Some(TimeZone::get(zone).ok()?.to_offset(instant).seconds() / 60)
}

/// What is covered so far, by the present animators and those chosen.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The days that were without anybody, at first.
    needed: Days,
    /// Days on which nobody is there.
    open: Days,
    /// Days on which one person is there.
    thin: Days,
    short: f64,
    hours_open: f64,
    all: Brought,
}

impl Cover {
    /// What the present animators cover.
    pub fn of(need: &Need) -> Self {
        let mut cover = Self {
            needed: need.days,
            open: Days::ALL,
            thin: Days::NONE,
            short: need.hours_short,
            hours_open: need.hours_short,
            all: Brought::default(),
        };
        for one in &need.present {
            // Their hours are counted already: they leave those that are short.
            let brought = Brought {
                hours: 0.0,
                ..one.brought.clone()
            };
            cover.add(&brought);
        }
        cover
    }

    /// Days on which nobody is there.
    pub fn open_days(&self) -> Days {
        self.open
    }

    /// What `brought` adds. Each side is the share of it that is newly covered, times its worth:
    /// * cover: days on which nobody was there / max(such days at first, 14);
    /// * relief: days on which one person was there / 90;
    /// * hours: hours given of those that are short / max(hours short at first, 1);
    /// * unit, site, language: 1 when it has none of those covered (a unit within one that is covered, or above it, is);
    /// * time zone: hours to the nearest one covered / 6, at most 1.
    ///
    /// A side of which nothing is known adds nothing. Cost: the units and zones covered.
    pub fn gain(&self, brought: &Brought) -> Gain {
        let opened = f64::from(self.open.and(brought.there).count()) / f64::from(self.needed.count()).max(FELT_DAYS);
        let relieved = f64::from(self.thin.and(brought.there).count()) / f64::from(Days::AHEAD);
        let hours = brought.hours.min(self.hours_open) / self.short.max(1.0);
        let shares = [
            opened,
            relieved,
            hours,
            f64::from(u8::from(is_new(&brought.units, &self.all.units, |a, b| {
                a.is_within(b) || b.is_within(a)
            }))),
            f64::from(u8::from(is_new(&brought.sites, &self.all.sites, |a, b| a == b))),
            self.apart(&brought.zones),
            f64::from(u8::from(
                brought.languages.iter().any(|tag| !self.all.languages.contains(tag)),
            )),
        ];
        let mut gain = Gain::default();
        for (n, side) in Side::ALL.into_iter().enumerate() {
            gain.0[n] = side.worth() * shares[n];
        }
        gain
    }

    /// Somebody who brings this is chosen.
    pub fn add(&mut self, brought: &Brought) {
        self.thin = self.thin.without(brought.there).union(self.open.and(brought.there));
        self.open = self.open.without(brought.there);
        self.hours_open = (self.hours_open - brought.hours).max(0.0);
        self.all.units.extend(brought.units.iter().cloned());
        self.all.sites.extend(brought.sites.iter().cloned());
        self.all.zones.extend(&brought.zones);
        self.all.languages.extend(brought.languages.iter().cloned());
    }

    /// How far the nearest of `zones` and those covered lie apart, as a share of what counts in full.
    fn apart(&self, zones: &BTreeSet<i32>) -> f64 {
        if zones.is_empty() {
            return 0.0;
        }
        let pairs = zones
            .iter()
            .flat_map(|a| self.all.zones.iter().map(move |b| (a - b).abs()));
        let nearest = pairs.map(|minutes| minutes.min(1440 - minutes)).min();
        nearest.map_or(1.0, |minutes| (f64::from(minutes) / 60.0 / FAR_HOURS).min(1.0))
    }
}

/// Whether something is known, and none of it is covered.
fn is_new<T>(brought: &BTreeSet<T>, covered: &BTreeSet<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    !brought.is_empty() && !brought.iter().any(|own| covered.iter().any(|other| same(own, other)))
}
