//! Values of a row: numbers, instants and lists of tags, or why a value is none.

use super::rows::Row;
use crate::ingest::limits::{MAX_YEAR, MIN_YEAR};
use crate::ingest::{Code, Rejection};
use jiff::civil::{Date, DateTime};

/// Digits of an instant in an id: year to millisecond.
const STAMP_DIGITS: usize = 17;

/// A rejection of the attribute `name`.
pub(super) fn reject(name: &str, code: Code, detail: &str) -> Rejection {
    Rejection {
        field: name.to_owned(),
        code,
        detail: detail.to_owned(),
    }
}

/// An attribute that must be there.
pub(super) fn required<'r>(row: &'r Row, name: &str) -> Result<&'r str, Rejection> {
    row.get(name)
        .ok_or_else(|| reject(name, Code::Missing, "this row has no such attribute, and needs it"))
}

/// The number of a row, post or user, which must be there.
pub(super) fn number(row: &Row, name: &str) -> Result<i64, Rejection> {
    let text = required(row, name)?;
    text.parse()
        .map_err(|_| reject(name, Code::BadId, "this is a whole number"))
}

/// The number of a row, post or user, where one is given.
pub(super) fn optional_number(row: &Row, name: &str) -> Result<Option<i64>, Rejection> {
    row.get(name).map(|_| number(row, name)).transpose()
}

/// An instant of the dump, which is in UTC without saying so.
pub(super) fn moment(row: &Row, name: &str) -> Result<DateTime, Rejection> {
    let parsed = required(row, name)?.parse::<DateTime>().ok();
    parsed
        .filter(|moment| (MIN_YEAR..=MAX_YEAR).contains(&moment.year()))
        .ok_or_else(|| {
            let detail = "an instant of a dump is written like 2018-03-12T17:00:45.567, in 1970 to 2100";
            reject(name, Code::BadTimestamp, detail)
        })
}

/// As an event says it.
pub(super) fn instant(moment: DateTime) -> String {
    format!("{moment}Z")
}

/// The last second of `day`: from then on, what the dump dates by the day alone is known for certain.
pub(super) fn end_of(day: Date) -> String {
    format!("{day}T23:59:59Z")
}

/// `moment` in digits that sort as it does.
pub(super) fn stamp(moment: DateTime) -> String {
    let digits: String = moment.to_string().chars().filter(char::is_ascii_digit).collect();
    let mut digits = digits;
    digits.truncate(STAMP_DIGITS);
    format!("{digits:0<STAMP_DIGITS$}")
}

/// The tags of a question: `<a><b>` in older dumps, `|a|b|` in newer ones.
pub(super) fn tags(row: &Row) -> Vec<&str> {
    let text = row.get("Tags").unwrap_or_default();
    text.split(['<', '>', '|']).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_sort_as_their_instants() {
        let stamps: Vec<_> = ["2018-03-12T17:00:45", "2018-03-12T17:00:45.567", "2018-03-12T17:00:46"]
            .map(|text| stamp(text.parse().unwrap()))
            .into();
        assert_eq!(stamps, ["20180312170045000", "20180312170045567", "20180312170046000"]);
    }

    #[test]
    fn a_day_ends_with_its_last_second() {
        assert_eq!(end_of(Date::constant(2018, 3, 12)), "2018-03-12T23:59:59Z");
        let moment: DateTime = "2018-03-12T17:00:45.567".parse().unwrap();
        assert_eq!(instant(moment), "2018-03-12T17:00:45.567Z");
    }
}
