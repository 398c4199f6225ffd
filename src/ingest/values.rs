//! The kinds of value that keys take: each function checks one value and writes its canonical form.
//!
//! Invariant: what is written reads back as the same value and is written the same again.

use super::fields::{Place, Read};
use super::json::Node;
use super::limits;
use super::plain_text;
use super::rejection::Code;
use crate::domain::{
    AnswerId, AskId, CommunityId, Hours, Level, PersonId, ProjectId, ProposalId, QuestionId, RecommendationId, SkillId,
    UnitPath,
};
use std::borrow::Cow;
use std::io::Write as _;
use std::sync::Arc;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Writes `text` as a JSON string.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a Vec takes every string");
}

/// `text` in the composed normal form.
pub(in crate::ingest) fn nfc(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The string `node` is.
pub(super) fn string<'a>(node: Node<'a>, place: &Place<'_>) -> Read<Cow<'a, str>> {
    match node {
        Node::Text(text) => Ok(text),
        other => Err(place.wrong_type("a string", &other)),
    }
}

/// An identifier: any characters but control characters, normalised.
pub(super) fn id(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let text = nfc(string(node, place)?);
    let most = limits::MAX_ID;
    if text.is_empty() {
        return Err(place.reject(Code::BadId, "an identifier has at least one character"));
    }
    if !fits(&text, most) {
        return Err(place.reject(Code::BadId, format!("an identifier has at most {most} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(place.reject(Code::BadId, "an identifier has no control characters"));
    }
    write_text(out, &text);
    Ok(Arc::from(&*text))
}

macro_rules! ids {
    ($($name:ident => $id:ident;)*) => {$(
        pub(super) fn $name(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<$id> {
            id(node, place, out).map($id::new)
        }
    )*};
}

ids! {
    person => PersonId;
    skill => SkillId;
    project => ProjectId;
    community => CommunityId;
    question => QuestionId;
    answer => AnswerId;
    ask => AskId;
    proposal => ProposalId;
    recommendation => RecommendationId;
}

/// The name of a source.
pub(super) fn source(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let text = string(node, place)?;
    let fits = (1..=limits::MAX_SOURCE).contains(&text.len());
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if !fits || !text.bytes().all(allowed) {
        let detail = "a source is 1 to 40 lower-case letters, digits and hyphens";
        return Err(place.reject(Code::BadId, detail));
    }
    write_text(out, &text);
    Ok(Arc::from(&*text))
}

/// One line of text with at most `most` characters: control characters and surplus white space are taken out.
pub(super) fn line(most: usize) -> impl Fn(Node<'_>, &Place<'_>, &mut Vec<u8>) -> Read<Arc<str>> {
    move |node, place, out| {
        let text = string(node, place)?;
        written_text(&plain_text::one_line(&text), most, place, out)
    }
}

/// A name, title, tag or other short text.
pub(super) fn name(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    line(limits::MAX_NAME)(node, place, out)
}

/// A text of some lines.
pub(super) fn description(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let text = string(node, place)?;
    written_text(&plain_text::paragraphs(&text), limits::MAX_DESCRIPTION, place, out)
}

/// Writes a text that was normalised, unless it is empty or too long.
fn written_text(text: &str, most: usize, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    if text.is_empty() {
        let detail = "this text is empty: leave the key out, or send null where an upsert clears a field";
        return Err(place.reject(Code::Empty, detail));
    }
    if !fits(text, most) {
        return Err(place.reject(Code::TooLong, format!("this text has at most {most} characters")));
    }
    write_text(out, text);
    Ok(Arc::from(text))
}

/// Whether `text` has at most `most` characters.
fn fits(text: &str, most: usize) -> bool {
    text.len() <= most || text.chars().nth(most).is_none()
}

/// A path of units: names joined by `/`, none empty.
pub(super) fn unit(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<UnitPath> {
    let text = string(node, place)?;
    let text = plain_text::one_line(&text);
    if text.split('/').any(|name| name.trim().is_empty()) {
        let detail = "a unit is a path of names joined by `/`, none of them empty, such as Group/IT/Data";
        let code = if text.is_empty() { Code::Empty } else { Code::BadValue };
        return Err(place.reject(code, detail));
    }
    let path: Vec<&str> = text.split('/').map(str::trim).collect();
    written_text(&path.join("/"), limits::MAX_NAME, place, out).map(UnitPath::new)
}

/// An address that a browser opens.
pub(super) fn url(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let text = string(node, place)?;
    let lower = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
    if !(lower.starts_with("https://") || lower.starts_with("http://")) {
        let detail = "an address begins with https:// or http://";
        return Err(place.reject(Code::BadValue, detail));
    }
    address(&text, place, out)
}

/// The name of something in a public nomenclature.
pub(super) fn uri(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    address(&string(node, place)?, place, out)
}

fn address(text: &str, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let detail = "an address has no white space and no control characters";
        return Err(place.reject(Code::BadValue, detail));
    }
    written_text(text, limits::MAX_URL, place, out)
}

/// `true` or `false`.
pub(super) fn boolean(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<bool> {
    let value = match node {
        Node::Bool(value) => value,
        other => return Err(place.wrong_type("true or false", &other)),
    };
    out.extend_from_slice(if value { b"true" } else { b"false" });
    Ok(value)
}

/// A whole number of `least` to `most`; `3.0` is one.
pub(super) fn integer(least: i64, most: i64) -> impl Fn(Node<'_>, &Place<'_>, &mut Vec<u8>) -> Read<i64> {
    move |node, place, out| {
        let out_of_range = || place.reject(Code::OutOfRange, format!("this is a whole number of {least} to {most}"));
        let value = match node {
            Node::Integer(value) => value,
            Node::Number(value) if value.fract() == 0.0 && value.abs() < 9e15 => value as i64,
            Node::Number(value) if value.fract() == 0.0 => return Err(out_of_range()),
            other => return Err(place.wrong_type("a whole number", &other)),
        };
        if !(least..=most).contains(&value) {
            return Err(out_of_range());
        }
        write!(out, "{value}").expect("a Vec takes every number");
        Ok(value)
    }
}

fn number(node: Node<'_>, place: &Place<'_>) -> Read<f64> {
    match node {
        Node::Integer(value) => Ok(value as f64),
        Node::Number(value) => Ok(value),
        other => Err(place.wrong_type("a number", &other)),
    }
}

/// A level of skill.
pub(super) fn level(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Level> {
    let level = Level::new(number(node, place)?);
    let level = level.ok_or_else(|| place.reject(Code::OutOfRange, "a level is a number of 0 to 1"))?;
    write_decimal(out, (level.value() * 1e6).round() as i64, 6);
    Ok(level)
}

/// Hours of a week.
pub(super) fn hours(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Hours> {
    let hours = Hours::new(number(node, place)?);
    let hours = hours.ok_or_else(|| place.reject(Code::OutOfRange, "hours are a number of 0 to 168"))?;
    write_decimal(out, (hours.value() * 1e3).round() as i64, 3);
    Ok(hours)
}

/// A figure aimed at, in millionths.
pub(super) fn target(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<i64> {
    let value = number(node, place)?;
    if value.abs() > limits::MAX_TARGET {
        return Err(place.reject(
            Code::OutOfRange,
            "a target lies between minus and plus one thousand million",
        ));
    }
    let micros = (value * 1e6).round() as i64;
    write_decimal(out, micros, 6);
    Ok(micros)
}

/// Writes `value` / 10^`digits` without needless zeros.
fn write_decimal(out: &mut Vec<u8>, value: i64, digits: usize) {
    let scale = 10_u64.pow(digits as u32);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, part) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    write!(out, "{sign}{whole}").expect("a Vec takes every number");
    if part > 0 {
        let fraction = format!("{part:0digits$}");
        write!(out, ".{}", fraction.trim_end_matches('0')).expect("a Vec takes every number");
    }
}

/// A list of at most `most` values; a value that comes again is left out.
pub(super) fn list<'a, T: PartialEq>(
    most: usize,
    read: impl Fn(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<T>,
) -> impl FnOnce(Node<'a>, &Place<'_>, &mut Vec<u8>) -> Read<Vec<T>> {
    move |node, place, out| {
        let Node::List(nodes) = node else {
            return Err(place.wrong_type("an array", &node));
        };
        if nodes.len() > most {
            return Err(place.reject(Code::TooMany, format!("this list has at most {most} items")));
        }
        let mut items = Vec::with_capacity(nodes.len());
        out.push(b'[');
        for (index, node) in nodes.into_iter().enumerate() {
            let end = out.len();
            if !items.is_empty() {
                out.push(b',');
            }
            let item = read(node, &place.item(index), out)?;
            if items.contains(&item) {
                out.truncate(end);
            } else {
                items.push(item);
            }
        }
        out.push(b']');
        Ok(items)
    }
}

/// Tags of a question.
pub(super) fn tags(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Vec<Arc<str>>> {
    list(limits::MAX_TAGS, name)(node, place, out)
}

/// Subjects of anything else.
pub(super) fn topics(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Vec<Arc<str>>> {
    list(limits::MAX_TOPICS, name)(node, place, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short_and_exact() {
        let written = |value, digits| {
            let mut out = Vec::new();
            write_decimal(&mut out, value, digits);
            String::from_utf8(out).expect("ASCII")
        };
        assert_eq!(written(800_000, 6), "0.8");
        assert_eq!(written(1, 6), "0.000001");
        assert_eq!(written(-1_500, 3), "-1.5");
        assert_eq!(written(168_000, 3), "168");
        assert_eq!(written(0, 6), "0");
    }

    #[test]
    fn lengths_are_characters_not_bytes() {
        assert!(fits(&"é".repeat(200), 200) && !fits(&"é".repeat(201), 200));
        assert!(fits("", 0) && !fits("a", 0));
    }
}
