//! Languages and time zones: the tags that platforms send.

use super::fields::{Place, Read};
use super::json::Node;
use super::rejection::Code;
use super::values::{string, write_text};
use std::sync::Arc;

/// A BCP 47 tag, its cases made regular: `fr`, `fr-CA`, `zh-Hant-TW`.
pub(super) fn tag(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let tag = canonical_tag(&string(node, place)?);
    let tag = tag.ok_or_else(|| {
        let detail = "a language is a BCP 47 tag of two or three letters with an optional region: fr, en, pt-BR";
        place.reject(Code::BadLanguage, detail)
    })?;
    write_text(out, &tag);
    Ok(Arc::from(tag))
}

/// `text` as a regular tag: language, then at most one script, one region and variants.
pub fn canonical_tag(text: &str) -> Option<String> {
    /// What may still come.
    #[derive(PartialEq, PartialOrd)]
    enum After {
        Language,
        Script,
        Region,
    }
    if text.len() > 35 {
        return None;
    }
    let mut parts = text.split('-');
    let language = parts.next()?;
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(2..=3).contains(&language.len()) || !letters(language) {
        return None;
    }
    let mut tag = language.to_ascii_lowercase();
    let mut after = After::Language;
    for part in parts {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        tag.push('-');
        match part.len() {
            4 if letters(part) && after < After::Script => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..].to_ascii_lowercase());
                after = After::Script;
            }
            2 if letters(part) && after < After::Region => {
                tag.push_str(&part.to_ascii_uppercase());
                after = After::Region;
            }
            3 if digits && after < After::Region => {
                tag.push_str(part);
                after = After::Region;
            }
            4..=8 if is_variant(part) => {
                tag.push_str(&part.to_ascii_lowercase());
                after = After::Region;
            }
            _ => return None,
        }
    }
    Some(tag)
}

/// Whether `part` names a variant: five letters or digits, or four of which the first is a digit.
fn is_variant(part: &str) -> bool {
    let long = part.len() >= 5 || part.as_bytes()[0].is_ascii_digit();
    long && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An IANA time zone, its cases made regular.
pub(super) fn time_zone(node: Node<'_>, place: &Place<'_>, out: &mut Vec<u8>) -> Read<Arc<str>> {
    let text = string(node, place)?;
    let zone = jiff::tz::TimeZone::get(&text).ok();
    let Some(name) = zone.as_ref().and_then(jiff::tz::TimeZone::iana_name) else {
        let detail = "a time zone is an IANA name such as Europe/Paris, never an abbreviation or an offset";
        return Err(place.reject(Code::BadTimeZone, detail));
    };
    write_text(out, name);
    Ok(Arc::from(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_made_regular() {
        for (written, expected) in [
            ("FR", "fr"),
            ("fr-ca", "fr-CA"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-CH-1996", "de-CH-1996"),
            ("ca-valencia", "ca-valencia"),
        ] {
            assert_eq!(canonical_tag(written).as_deref(), Some(expected), "{written}");
        }
        for text in ["", "f", "fr_FR", "french", "fr-", "fr-FR-BE", "fr-CA-Latn", "1", "é!"] {
            assert_eq!(canonical_tag(text), None, "{text}");
        }
    }

    #[test]
    fn zones_are_looked_up() {
        let read = |text: &'static str| time_zone(Node::Text(text.into()), &Place::LINE, &mut Vec::new());
        assert_eq!(read("europe/paris").as_deref(), Ok("Europe/Paris"));
        assert_eq!(read("Mars/Olympus").expect_err("no such zone").code, Code::BadTimeZone);
        assert_eq!(read("../etc/passwd").expect_err("no such zone").code, Code::BadTimeZone);
    }
}
