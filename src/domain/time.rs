//! Instants and days. Nothing here reads a clock.

use std::ops::RangeInclusive;

/// Microseconds in an hour.
pub const HOUR_MICROS: i64 = 3_600_000_000;
/// Microseconds in a day.
pub const DAY_MICROS: i64 = 24 * HOUR_MICROS;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The UTC day that holds this instant.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MICROS) as i32)
    }

    /// The UTC hour of the day, 0..=23.
    pub const fn hour(self) -> u8 {
        (self.0.rem_euclid(DAY_MICROS) / HOUR_MICROS) as u8
    }

    /// Whole minutes from `earlier` to `self`, never negative.
    pub const fn minutes_since(self, earlier: Self) -> u64 {
        let micros = self.0.saturating_sub(earlier.0);
        if micros <= 0 { 0 } else { (micros / 60_000_000) as u64 }
    }

    /// This instant moved by `micros` (which may be negative), kept within the representable range.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// This instant moved back to a multiple of `seconds`.
    #[must_use]
    pub const fn floored_to(self, seconds: i64) -> Self {
        let step = seconds * 1_000_000;
        Self(self.0.div_euclid(step) * step)
    }
}

/// A calendar day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day `days` days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The instant at which this day begins in UTC.
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as i64 * DAY_MICROS)
    }

    /// The number of the week that holds this day. Weeks begin on Mondays; the epoch lies in week 0.
    pub const fn week(self) -> i32 {
        (self.0 + 3).div_euclid(7)
    }

    /// The Monday that begins week `week`.
    pub const fn of_week(week: i32) -> Self {
        Self(week * 7 - 3)
    }

    /// This day moved by `days`, which may be negative.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

/// Inclusive days, `from` ≤ `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaySpan {
    from: Day,
    until: Day,
}

impl DaySpan {
    /// The days of `from` to `until`, both included; `None` when they are the wrong way round.
    pub fn new(from: Day, until: Day) -> Option<Self> {
        (from <= until).then_some(Self { from, until })
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day.
    pub const fn until(self) -> Day {
        self.until
    }

    /// Whether `day` is one of these days.
    pub fn contains(self, day: Day) -> bool {
        self.range().contains(&day)
    }

    fn range(self) -> RangeInclusive<Day> {
        self.from..=self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_hours_meet_at_their_boundaries() {
        let midnight = Timestamp::from_micros(DAY_MICROS);
        assert_eq!(midnight.day(), Day::from_days(1));
        assert_eq!(midnight.plus_micros(-1).day(), Day::from_days(0));
        assert_eq!(midnight.plus_micros(-1).hour(), 23);
        assert_eq!(Timestamp::from_micros(-1).day(), Day::from_days(-1));
        // 1970-01-01 was a Thursday: the first Monday is day 4.
        assert_eq!(Day::from_days(3).week(), 0);
        assert_eq!(Day::from_days(4).week(), 1);
        assert_eq!(Day::of_week(1), Day::from_days(4));
    }

    #[test]
    fn minutes_never_run_backwards() {
        let t = Timestamp::from_micros(600_000_000);
        assert_eq!(t.minutes_since(Timestamp::from_micros(0)), 10);
        assert_eq!(Timestamp::from_micros(0).minutes_since(t), 0);
    }

    #[test]
    fn a_span_includes_both_ends() {
        let span = DaySpan::new(Day::from_days(3), Day::from_days(5)).expect("in order");
        assert!(span.contains(Day::from_days(3)) && span.contains(Day::from_days(5)));
        assert!(!span.contains(Day::from_days(6)));
        assert!(DaySpan::new(Day::from_days(5), Day::from_days(3)).is_none());
    }
}
