//! The next 90 days, one by one: on which of them somebody is away.

use crate::domain::{Day, DaySpan, Timestamp};
use crate::world::{PersonIx, View};

/// A set of the days ahead. Day 0 is the UTC day of the instant that it is seen from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Days(u128);

impl Days {
    /// How many days ahead are looked at.
    pub const AHEAD: u32 = 90;
    /// No day.
    pub const NONE: Self = Self(0);
    /// Every day ahead.
    pub const ALL: Self = Self((1 << Self::AHEAD) - 1);

    /// The first `count` days ahead, 90 at most.
    pub const fn first(count: u32) -> Self {
        Self(Self::ALL.0 >> Self::AHEAD.saturating_sub(count))
    }

    /// The days ahead of `as_of` on which `person` said they are away. Absences are calendar days where the person lives:
    /// the same date counts as the same day everywhere. Cost: their absences.
    pub fn away(view: &View, person: PersonIx, as_of: Timestamp) -> Self {
        let today = as_of.day();
        let absences = view.accounts(person).flat_map(|ix| &view.people.get(ix).absences);
        absences.fold(Self::NONE, |days, span| days.union(Self::of_span(*span, today)))
    }

    /// The days of `span` that lie ahead of `today`, which counts.
    fn of_span(span: DaySpan, today: Day) -> Self {
        let last = Self::AHEAD as i32 - 1;
        let from = span.from().days().saturating_sub(today.days()).max(0);
        let until = span.until().days().saturating_sub(today.days()).min(last);
        (from..=until).fold(Self::NONE, |days, day| Self(days.0 | 1 << day))
    }

    /// How many days there are, 0..=90.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The days of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These days but those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// These days as spans of dates, in order; `today` is the UTC day of the instant that they are seen from.
    pub fn spans(self, today: Day) -> Vec<DaySpan> {
        let mut spans: Vec<DaySpan> = Vec::new();
        for day in (0..Self::AHEAD as i32).filter(|day| self.0 >> day & 1 == 1) {
            let day = today.plus(day);
            let joined = spans.last().filter(|last| last.until().plus(1) == day);
            let from = joined.map_or(day, |last| last.from());
            if joined.is_some() {
                spans.pop();
            }
            spans.extend(DaySpan::new(from, day));
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::sample::{FIRST_DAY, Sample, hour};

    #[test]
    fn absences_are_told_day_by_day_within_ninety_days() {
        let mut sample = Sample::of(&["ann", "bob"]);
        sample.away("ann", -3, 1);
        sample.away("ann", 5, 5);
        sample.away("ann", 88, 200);
        let (view, ann) = (sample.view(), sample.ix("ann"));
        let days = Days::away(view, ann, hour(1));
        assert_eq!(days.count(), 2 + 1 + 2);
        let today = Day::from_days(FIRST_DAY);
        let spans: Vec<_> = days.spans(today).iter().map(|s| (s.from(), s.until())).collect();
        let dates = |from, until| (today.plus(from), today.plus(until));
        assert_eq!(spans, [dates(0, 1), dates(5, 5), dates(88, 89)]);
        assert_eq!(Days::away(view, sample.ix("bob"), hour(1)), Days::NONE);
        assert_eq!(Days::ALL.count(), 90);
        assert_eq!((Days::first(90), Days::first(200)), (Days::ALL, Days::ALL));
        assert_eq!((Days::first(0), Days::first(6).count()), (Days::NONE, 6));
        assert_eq!(
            Days::first(6).and(days).count(),
            3,
            "today, tomorrow and the fifth day from now"
        );
        assert_eq!(Days::ALL.without(days).count(), 85);
        assert_eq!(Days::away(view, ann, hour(24 * 201)), Days::NONE, "all that is over");
    }
}
