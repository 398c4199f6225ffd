//! The calendar: instants and days as people and events write them.
//!
//! Days are those of UTC. What lies beyond the calendar becomes its first or last day. Nothing here reads a clock; which
//! years an event may name is decided at the door.

use crate::domain::{Day, Timestamp};
use jiff::civil::{Date, date};

/// Letters of a day, as in `2026-03-02`.
const DAY_LETTERS: usize = 10;
const EPOCH: Date = date(1970, 1, 1);

/// `at` as RFC 3339 in UTC, with as many digits as it needs.
pub fn rfc3339(at: Timestamp) -> String {
    let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let micros = at.micros().clamp(first.as_microsecond(), last.as_microsecond());
    jiff::Timestamp::from_microsecond(micros).unwrap_or(last).to_string()
}

/// The day of `date`.
pub fn day_of(date: Date) -> Day {
    Day::from_days((date - EPOCH).get_days())
}

/// The date of `day`.
pub fn date_of(day: Day) -> Date {
    let days = day.days().clamp(day_of(Date::MIN).days(), day_of(Date::MAX).days());
    EPOCH.saturating_add(jiff::Span::new().days(days))
}

/// `day` as events write it: `2026-03-02`.
pub fn write_day(day: Day) -> String {
    date_of(day).to_string()
}

/// The day that `text` writes so; `None` for whatever is written otherwise, and for a day that no calendar has.
pub fn read_day(text: &str) -> Option<Day> {
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'-';
    let written = text.len() == DAY_LETTERS && text.bytes().all(digits);
    let date: Date = written.then(|| text.parse().ok()).flatten()?;
    Some(day_of(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_they_are_read() {
        for (text, days) in [("1970-01-01", 0), ("2024-02-29", 19_782), ("1969-12-31", -1)] {
            let day = Day::from_days(days);
            assert_eq!((read_day(text), write_day(day).as_str()), (Some(day), text));
        }
        for text in [
            "2023-02-29",
            "2024-2-29",
            "20240229",
            "2024-02-29T00:00",
            "+02024-01-1",
            "2024-W01-1",
            "",
            "2024-01-0é",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_beyond_the_calendar_is_its_end() {
        assert_eq!(write_day(Day::from_days(i32::MAX)), "9999-12-31");
        assert_eq!(date_of(Day::from_days(i32::MIN)), Date::MIN);
        assert_eq!(rfc3339(Timestamp::from_micros(1_500_000)), "1970-01-01T00:00:01.5Z");
        assert!(rfc3339(Timestamp::from_micros(i64::MAX)).starts_with("9999-12-30"));
    }
}
