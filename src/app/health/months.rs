//! Whole UTC months, and spans of time that questions are counted over.

use crate::calendar::{date_of, day_of};
use crate::domain::{DAY_MICROS, Day, Timestamp};

/// The instants after `since` and until `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
}

impl Span {
    /// The `days` days that end at `until`.
    pub(super) const fn ending(until: Timestamp, days: i64) -> Self {
        Self {
            since: until.plus_micros(-days * DAY_MICROS),
            until,
        }
    }

    /// The part of this that is not after `last`.
    pub(super) fn up_to(self, last: Timestamp) -> Self {
        Self {
            until: self.until.min(last),
            ..self
        }
    }

    pub(super) fn holds(self, at: Timestamp) -> bool {
        self.since < at && at <= self.until
    }
}

/// A whole month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    /// Its first day.
    pub(super) first: Day,
    /// The first day of the next one.
    pub(super) next: Day,
}

impl Month {
    /// Its instants: from the first of its first day to the last of its last one.
    pub(super) const fn span(self) -> Span {
        Span {
            since: self.first.start().plus_micros(-1),
            until: self.end(),
        }
    }

    /// Its last instant.
    pub(super) const fn end(self) -> Timestamp {
        self.next.start().plus_micros(-1)
    }
}

/// The last `count` months that were over at `as_of`, in order; fewer where the calendar ends.
pub(super) fn last_months(as_of: Timestamp, count: usize) -> Vec<Month> {
    let mut next = date_of(as_of.day()).first_of_month();
    let mut months = Vec::with_capacity(count);
    while months.len() < count {
        let Ok(first) = next.checked_sub(jiff::Span::new().months(1)) else {
            break;
        };
        months.push(Month {
            first: day_of(first),
            next: day_of(next),
        });
        next = first;
    }
    months.reverse();
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn months_are_whole_and_follow_one_another() {
        let months = last_months(at("2024-03-31T23:59:59Z"), 12);
        assert_eq!(months.len(), 12);
        assert!(months.windows(2).all(|pair| pair[0].next == pair[1].first));
        let february = months[11];
        assert_eq!(february.first.start(), at("2024-02-01T00:00:00Z"));
        assert_eq!(
            february.end().plus_micros(1),
            at("2024-03-01T00:00:00Z"),
            "of a leap year"
        );
        assert_eq!(
            last_months(at("2024-04-01T00:00:00Z"), 1)[0].first.start(),
            at("2024-03-01T00:00:00Z")
        );
        assert_eq!(months[0].first.start(), at("2023-03-01T00:00:00Z"));
        let span = february.span();
        assert!(span.holds(at("2024-02-01T00:00:00Z")) && span.holds(at("2024-02-29T23:59:59.999999Z")));
        assert!(!span.holds(at("2024-01-31T23:59:59.999999Z")) && !span.holds(at("2024-03-01T00:00:00Z")));
    }

    #[test]
    fn a_span_can_end_earlier() {
        let span = Span::ending(at("2024-03-31T00:00:00Z"), 7);
        assert!(span.holds(at("2024-03-31T00:00:00Z")) && !span.holds(at("2024-03-24T00:00:00Z")));
        assert!(!span.up_to(at("2024-03-30T00:00:00Z")).holds(at("2024-03-30T00:00:01Z")));
    }
}
