//! Reading the JSON object of a body key by key, so that everything that is wrong with it is named at once.

use super::error::{ApiError, FieldProblem, ProblemCode};
use super::params::normal;
use crate::app::{canonical_tag, limits};
use crate::calendar::{date_of, read_day};
use crate::domain::Day;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// Characters of a language tag.
const MAX_LANGUAGE: usize = 35;

/// What is wrong with one field.
pub(super) fn problem(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> FieldProblem {
    FieldProblem {
        field: field.into(),
        code,
        detail: detail.into(),
    }
}

/// The keys of an object that were not taken yet, and what was wrong with those that were. In every reader null is as
/// if the key were absent, and what is refused is noted and read as absent.
pub(super) struct Fields {
    object: Map<String, Value>,
    errors: Vec<FieldProblem>,
}

impl Fields {
    /// The object that `body` holds.
    ///
    /// # Errors
    /// `unreadable_body` when it is not one JSON object.
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiError> {
        let unreadable = |error: serde_json::Error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let detail = format!("the body is not one JSON object: {place}");
            ApiError::new(ProblemCode::UnreadableBody, detail)
        };
        Ok(Self {
            object: serde_json::from_slice(body).map_err(unreadable)?,
            errors: Vec::new(),
        })
    }

    /// The text under `key`, of at most `most` characters.
    pub(super) fn text(&mut self, key: &str, most: usize) -> Option<String> {
        match self.object.remove(key)? {
            Value::Null => None,
            Value::String(text) if text.chars().nth(most).is_none() => Some(text),
            Value::String(_) => self.refuse(key, "too_long", format!("this has at most {most} characters")),
            _ => self.refuse(key, "wrong_type", "this is a string"),
        }
    }

    /// The text under `key`, which must be there and say something: `needs` tells so.
    pub(super) fn required(&mut self, key: &str, most: usize, needs: &str) -> String {
        let earlier = self.errors.len();
        let text = self.text(key, most).unwrap_or_default();
        if text.trim().is_empty() && self.errors.len() == earlier {
            self.errors.push(problem(key, "missing", needs));
        }
        text
    }

    /// The texts under `key`: at most `most`, of at most `most_characters` each.
    pub(super) fn texts(&mut self, key: &str, most: usize, most_characters: usize) -> Option<Vec<String>> {
        let items = match self.object.remove(key)? {
            Value::Null => return None,
            Value::Array(items) if items.len() <= most => items,
            Value::Array(_) => return self.refuse(key, "too_many", format!("there are at most {most}")),
            _ => return self.refuse(key, "wrong_type", "this is a list of strings"),
        };
        let mut texts = Vec::with_capacity(items.len());
        for (place, item) in items.into_iter().enumerate() {
            let field = format!("{key}[{place}]");
            match item {
                Value::String(text) if text.chars().nth(most_characters).is_none() => texts.push(text),
                Value::String(_) => {
                    let detail = format!("this has at most {most_characters} characters");
                    self.errors.push(problem(field, "too_long", detail));
                }
                _ => self.errors.push(problem(field, "wrong_type", "this is a string")),
            }
        }
        Some(texts)
    }

    /// The identifier under `key`.
    pub(super) fn id(&mut self, key: &str) -> Option<String> {
        let id = normal(&self.text(key, limits::MAX_ID)?);
        if id.is_empty() {
            return self.refuse(key, "bad_id", "an identifier has at least one character");
        }
        Some(id)
    }

    /// The identifiers under `key`, at most `most`.
    pub(super) fn ids(&mut self, key: &str, most: usize) -> Option<Vec<String>> {
        let ids: Vec<String> = self
            .texts(key, most, limits::MAX_ID)?
            .iter()
            .map(|id| normal(id))
            .collect();
        for (place, _) in ids.iter().enumerate().filter(|(_, id)| id.is_empty()) {
            let detail = "an identifier has at least one character";
            self.errors.push(problem(format!("{key}[{place}]"), "bad_id", detail));
        }
        Some(ids)
    }

    /// The value under `key` as the one of `choices` that it names.
    pub(super) fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key, limits::MAX_NAME)?;
        if let Some(&(_, value)) = choices.iter().find(|(choice, _)| *choice == text) {
            return Some(value);
        }
        let names: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
        self.refuse(key, "bad_value", format!("this is one of {}", names.join(", ")))
    }

    /// The whole number under `key`, within `range`.
    pub(super) fn whole(&mut self, key: &str, range: &RangeInclusive<usize>) -> Option<usize> {
        let number = match self.object.remove(key)? {
            Value::Null => return None,
            Value::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            _ => return self.refuse(key, "wrong_type", "this is a whole number"),
        };
        let number = number.filter(|number| range.contains(number));
        number.or_else(|| {
            let detail = format!("this is a whole number from {} to {}", range.start(), range.end());
            self.refuse(key, "out_of_range", detail)
        })
    }

    /// The number under `key`, within `range`.
    pub(super) fn decimal(&mut self, key: &str, range: &RangeInclusive<f64>) -> Option<f64> {
        let number = match self.object.remove(key)? {
            Value::Null => return None,
            Value::Number(number) => number.as_f64(),
            _ => return self.refuse(key, "wrong_type", "this is a number"),
        };
        number.filter(|number| range.contains(number)).or_else(|| {
            let detail = format!("this is a number from {} to {}", range.start(), range.end());
            self.refuse(key, "out_of_range", detail)
        })
    }

    /// The yes or no under `key`.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        match self.object.remove(key)? {
            Value::Null => None,
            Value::Bool(flag) => Some(flag),
            _ => self.refuse(key, "wrong_type", "this is true or false"),
        }
    }

    /// The day under `key`, as events write it.
    pub(super) fn day(&mut self, key: &str) -> Option<Day> {
        let text = self.text(key, limits::MAX_NAME)?;
        let years = limits::MIN_YEAR..=limits::MAX_YEAR;
        match read_day(&text).filter(|&day| years.contains(&date_of(day).year())) {
            Some(day) => Some(day),
            None => self.refuse(key, "bad_date", "a day is written like 2024-05-02, in 1970 to 2100"),
        }
    }

    /// The BCP 47 tag under `key`, its cases made regular as those of events are.
    pub(super) fn language(&mut self, key: &str) -> Option<String> {
        let tag = self.text(key, MAX_LANGUAGE)?;
        match canonical_tag(&tag) {
            None => self.refuse(key, "bad_language", "this is a BCP 47 tag, such as fr or en-GB"),
            regular => regular,
        }
    }

    /// Notes that `key` is missing, unless something was wrong with it already.
    pub(super) fn need<T>(&mut self, key: &str, value: Option<T>) -> Option<T> {
        let named = |error: &FieldProblem| error.field == key || error.field.starts_with(&format!("{key}["));
        if value.is_none() && !self.errors.iter().any(named) {
            self.errors.push(problem(key, "missing", "this must be there"));
        }
        value
    }

    /// Notes what is wrong with a field that was read.
    pub(super) fn note(&mut self, field: String, code: &'static str, detail: &str) {
        self.errors.push(problem(field, code, detail));
    }

    fn refuse<T>(&mut self, key: &str, code: &'static str, detail: impl Into<String>) -> Option<T> {
        self.errors.push(problem(key, code, detail));
        None
    }

    /// Refuses what is left, and what was wrong; `has` names the keys that there are.
    ///
    /// # Errors
    /// `bad_body` with every field that is wrong.
    pub(super) fn close(mut self, has: &str) -> Result<(), ApiError> {
        /// Characters of an unknown key that a refusal repeats, and unknown keys that it names.
        const ECHO: (usize, usize) = (60, 20);
        for key in self.object.keys().take(ECHO.1) {
            let shown: String = key.chars().filter(|c| !c.is_control()).take(ECHO.0).collect();
            self.errors.push(problem(shown, "unknown_key", has));
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiError::of_body(self.errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, read: impl FnOnce(&mut Fields), expected: &[&str]) {
        let mut fields = Fields::read(body.as_bytes()).unwrap();
        read(&mut fields);
        let errors = fields.close("nothing else").err();
        let found: Vec<_> = errors
            .iter()
            .flat_map(ApiError::fields)
            .map(|e| format!("{} {}", e.field, e.code))
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn a_number_is_whole_and_within_its_range() {
        let read = |fields: &mut Fields| {
            let _ = fields.whole("n", &(1..=100));
        };
        for good in ["{}", r#"{"n":null}"#, r#"{"n":1}"#, r#"{"n":100}"#] {
            check(good, read, &[]);
        }
        for bad in ["0", "101", "-1", "1.5", "1e99", "18446744073709551616"] {
            check(&format!(r#"{{"n":{bad}}}"#), read, &["n out_of_range"]);
        }
        check(r#"{"n":"1"}"#, read, &["n wrong_type"]);
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        let read = |fields: &mut Fields| {
            let day = fields.day("d");
            assert!(day.is_none_or(|day| day == Day::from_days(59)), "{day:?}");
        };
        check(r#"{"d":"1970-03-01"}"#, read, &[]);
        for bad in [
            "1970-02-29",
            "1969-12-31",
            "2101-01-01",
            "1970-3-1",
            "1970-03-01T00:00:00",
            "soon",
            "",
        ] {
            check(&format!(r#"{{"d":"{bad}"}}"#), read, &["d bad_date"]);
        }
        check(r#"{"d":7}"#, read, &["d wrong_type"]);
    }

    #[test]
    fn a_list_of_identifiers_is_looked_at_one_by_one() {
        let read = |fields: &mut Fields| {
            let ids = fields.ids("ids", 3);
            fields.need("ids", ids);
        };
        check(r#"{"ids":["a","",7]}"#, read, &["ids[2] wrong_type", "ids[1] bad_id"]);
        check(r#"{"ids":["a","b","c","d"]}"#, read, &["ids too_many"]);
        check("{}", read, &["ids missing"]);
    }
}
