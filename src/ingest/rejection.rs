//! Why a line was not taken: which field, which code, and what to do about it.
//!
//! A rejection never repeats what a line says of people: at most the name of a key, an event type or one value of a
//! closed list, cut short.

use std::fmt;

/// Why a line was rejected. Names are stable: platforms test them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The line is not one well-formed JSON value.
    NotJson,
    /// The line is not UTF-8.
    NotUtf8,
    /// The line, or a text, is over its limit.
    TooLong,
    /// Objects and arrays lie too deep inside one another.
    TooDeep,
    /// A key that the type needs is absent or null.
    Missing,
    /// A key that the type does not have.
    UnknownKey,
    /// There is no such event type.
    UnknownType,
    /// The value is of another JSON type than the key takes.
    WrongType,
    /// The identifier is empty, too long or holds control characters.
    BadId,
    /// Not a calendar day of 1970 to 2100.
    BadDate,
    /// Not an RFC 3339 instant of 1970 to 2100.
    BadTimestamp,
    /// Later than the clock allows.
    InTheFuture,
    /// The number or the span lies outside its range.
    OutOfRange,
    /// A list has too many items, or an object too many keys.
    TooMany,
    /// A text that must say something says nothing.
    Empty,
    /// Not one of the values that the key takes, or at odds with another key.
    BadValue,
    /// Not a BCP 47 language tag.
    BadLanguage,
    /// Not an IANA time zone.
    BadTimeZone,
    /// The same source and id came before with another content; the first was kept.
    IdReused,
    /// It names somebody who was erased, or says something of what they asked or answered.
    SubjectErased,
}

impl Code {
    /// The code on the wire, such as `unknown_key`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::NotUtf8 => "not_utf8",
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::Missing => "missing",
            Self::UnknownKey => "unknown_key",
            Self::UnknownType => "unknown_type",
            Self::WrongType => "wrong_type",
            Self::BadId => "bad_id",
            Self::BadDate => "bad_date",
            Self::BadTimestamp => "bad_timestamp",
            Self::InTheFuture => "in_the_future",
            Self::OutOfRange => "out_of_range",
            Self::TooMany => "too_many",
            Self::Empty => "empty",
            Self::BadValue => "bad_value",
            Self::BadLanguage => "bad_language",
            Self::BadTimeZone => "bad_time_zone",
            Self::IdReused => "id_reused",
            Self::SubjectErased => "subject_erased",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{code}: {detail}", if field.is_empty() { String::new() } else { format!("{field}: ") })]
pub struct Rejection {
    /// The path of the field, such as `data.tags[3]`; empty when it is the line itself.
    pub field: String,
    /// Why.
    pub code: Code,
    /// What was wrong and what to do, for people.
    pub detail: String,
}

impl Rejection {
    /// A rejection of the line as a whole.
    pub fn of_line(code: Code, detail: impl Into<String>) -> Self {
        Self {
            field: String::new(),
            code,
            detail: detail.into(),
        }
    }
}

/// The most characters that a rejection repeats of a key or a closed value.
const ECHO_CHARS: usize = 60;

/// `word` as a rejection may repeat it: cut short, without control characters.
pub(super) fn echo(word: &str) -> String {
    let mut short: String = word.chars().filter(|c| !c.is_control()).take(ECHO_CHARS).collect();
    if word.chars().nth(ECHO_CHARS).is_some() {
        short.push('…');
    }
    short
}

/// The one of `names` that `word` most likely meant: the nearest by edits, when it is near enough to be a slip.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let word: Vec<char> = word.chars().take(ECHO_CHARS).collect();
    names
        .map(|name| (edits(&word, name), name))
        .min()
        .filter(|(distance, name)| *distance * 3 <= name.chars().count())
        .map(|(_, name)| name)
}

/// Levenshtein's distance between `a` and `b`. Cost: the product of their lengths.
fn edits(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, right) in b.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &left) in a.iter().enumerate() {
            let substituted = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let names = ["question.created", "question.closed", "person.left"];
        assert_eq!(nearest("question.create", names.into_iter()), Some("question.created"));
        assert_eq!(nearest("quesiton.created", names.into_iter()), Some("question.created"));
        assert_eq!(nearest("page.viewed", names.into_iter()), None);
        assert_eq!(edits(&['k', 'i', 't', 't', 'e', 'n'], "sitting"), 3);
    }

    #[test]
    fn an_echo_is_short_and_printable() {
        assert_eq!(echo("persn"), "persn");
        assert_eq!(echo("a\u{7}b"), "ab");
        assert_eq!(echo(&"x".repeat(500)).chars().count(), ECHO_CHARS + 1);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let whole = Rejection::of_line(Code::NotJson, "say something");
        assert_eq!(whole.to_string(), "not_json: say something");
        let part = Rejection {
            field: "data.person".into(),
            ..whole
        };
        assert_eq!(part.to_string(), "data.person: not_json: say something");
    }
}
