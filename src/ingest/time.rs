//! Instants and days on the wire. Nothing here reads a clock.
//!
//! Instants are kept in microseconds; finer digits are cut off. A leap second counts as the second before it.

use super::fields::{Place, Read};
use super::json::Node;
use super::limits::{MAX_YEAR, MIN_YEAR};
use super::rejection::Code;
use super::values::string;
use crate::domain::{Day, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use std::io::Write as _;

/// An RFC 3339 instant with its offset, written in UTC.
pub(super) fn instant(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Timestamp> {
    let text = string(node, place)?;
    let instant = parse_instant(&text).filter(|instant| in_range(instant.to_zoned(jiff::tz::TimeZone::UTC).year()));
    let Some(instant) = instant.map(whole_micros) else {
        let detail = "an instant is written like 2024-05-02T08:30:00Z or 2024-05-02T10:30:00+02:00, in 1970 to 2100";
        return Err(place.reject(Code::BadTimestamp, detail));
    };
    write!(out, "\"{instant}\"").expect("a Vec takes every instant");
    Ok(Timestamp::from_micros(instant.as_microsecond()))
}

/// A calendar day, `YYYY-MM-DD`.
pub(super) fn day(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Day> {
    let text = string(node, place)?;
    let date = (text.len() == 10).then(|| parse_date(text.as_bytes())).flatten();
    let start = date
        .filter(|date| in_range(date.year()))
        .and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
    let Some(start) = start else {
        let detail = "a day is written like 2024-05-02, in 1970 to 2100";
        return Err(place.reject(Code::BadDate, detail));
    };
    write!(out, "\"{text}\"").expect("a Vec takes every day");
    Ok(Timestamp::from_micros(start.as_microsecond()).day())
}

pub(in crate::ingest) fn in_range(year: i16) -> bool {
    (MIN_YEAR..=MAX_YEAR).contains(&year)
}

fn whole_micros(instant: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(instant.as_microsecond()).expect("it came from an instant in range")
}

/// The number that exactly these digits write.
fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i32::from(byte - b'0'))
    })
}

/// The day that `YYYY-MM-DD` at the start of `bytes` writes.
fn parse_date(bytes: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..] = *bytes else {
        return None;
    };
    let year = digits(&[y1, y2, y3, y4])?;
    Date::new(year as i16, digits(&[m1, m2])? as i8, digits(&[d1, d2])? as i8).ok()
}

/// The instant that RFC 3339 writes as `text`.
fn parse_instant(text: &str) -> Option<jiff::Timestamp> {
    let bytes = text.as_bytes();
    let date = parse_date(bytes)?;
    let [b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = bytes.get(10..)? else {
        return None;
    };
    let second = digits(&[*s1, *s2])?;
    let second = if second == 60 { 59 } else { second };
    let (nanos, zone) = parse_fraction(rest)?;
    let (hour, minute) = (digits(&[*h1, *h2])? as i8, digits(&[*m1, *m2])? as i8);
    let local = DateTime::new(date.year(), date.month(), date.day(), hour, minute, second as i8, nanos).ok()?;
    parse_offset(zone)?.to_timestamp(local).ok()
}

/// The nanoseconds of `.digits`, and what follows.
fn parse_fraction(bytes: &[u8]) -> Option<(i32, &[u8])> {
    let Some(rest) = bytes.strip_prefix(b".") else {
        return Some((0, bytes));
    };
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, zone) = rest.split_at(count);
    let kept = &fraction[..count.min(9)];
    let nanos = digits(kept)? * 10_i32.pow(9 - kept.len() as u32);
    (count > 0).then_some((nanos, zone))
}

/// The offset of `Z` or `±hh:mm`.
fn parse_offset(bytes: &[u8]) -> Option<Offset> {
    let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = bytes else {
        return matches!(bytes, b"Z" | b"z").then_some(Offset::UTC);
    };
    let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
    let seconds = (hours * 60 + minutes) * 60;
    let in_range = hours <= 23 && minutes <= 59;
    let signed = if *sign == b'-' { -seconds } else { seconds };
    in_range.then(|| Offset::from_seconds(signed).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Option<String> {
        let mut out = Vec::new();
        let read = instant(Node::Text(text.into()), &Place::LINE, &mut out);
        read.ok().map(|_| String::from_utf8(out).expect("ASCII"))
    }

    #[test]
    fn instants_are_written_in_utc_with_the_digits_they_need() {
        for (written, expected) in [
            ("2024-05-02T08:30:00Z", "2024-05-02T08:30:00Z"),
            ("2024-05-02t08:30:00z", "2024-05-02T08:30:00Z"),
            ("2024-05-02 10:30:00+02:00", "2024-05-02T08:30:00Z"),
            ("2024-05-02T08:30:00.120Z", "2024-05-02T08:30:00.12Z"),
            ("2024-05-02T08:30:00.1234567891Z", "2024-05-02T08:30:00.123456Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2100-12-31T23:59:59.999999-00:00", "2100-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(canonical(written), Some(format!("\"{expected}\"")), "{written}");
        }
    }

    #[test]
    fn what_is_not_an_instant_of_our_time_is_rejected() {
        for text in [
            "",
            "2024-05-02",
            "2024-05-02T08:30:00",
            "2024-05-02T08:30Z",
            "2024-02-30T08:30:00Z",
            "2024-05-02T24:00:00Z",
            "2024-05-02T08:30:00.Z",
            "2024-05-02T08:30:00+2:00",
            "2024-05-02T08:30:00+24:00",
            "2024-05-02T08:30:00Z ",
            "+2024-05-02T08:30:00Z",
            "1970-01-01T00:00:00+00:01",
            "2100-12-31T23:59:59-00:01",
            "１９７０-01-01T00:00:00Z",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_the_epoch() {
        let read = |text: &str| day(Node::Text(text.to_owned().into()), &Place::LINE, &mut Vec::new());
        assert_eq!(read("1970-01-01"), Ok(Day::from_days(0)));
        assert_eq!(read("2000-03-01"), Ok(Day::from_days(11_017)));
        assert_eq!(read("2100-12-31"), Ok(Day::from_days(47_846)));
        for text in [
            "2101-01-01",
            "1969-12-31",
            "2023-02-29",
            "2024-5-2",
            "02/05/2024",
            "2024-05-02T00:00:00Z",
        ] {
            assert_eq!(read(text).expect_err(text).code, Code::BadDate);
        }
    }
}
