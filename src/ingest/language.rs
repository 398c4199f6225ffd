//! Languages and time zones: the tags that platforms send, and the language that a text shows.

use super::fields::{Place, Read};
use super::json::Node;
use super::rejection::Code;
use super::values::{string, write_text};
use std::sync::{Arc, LazyLock};
use whatlang::{Detector, Lang};

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
pub(super) fn canonical_tag(text: &str) -> Option<String> {
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

/// The most bytes of a text that its language is told from: more costs time and settles nothing.
const SAMPLE_BYTES: usize = 240;

/// Short words that are frequent in one language and rare in every other listed below. Sorted.
const ENGLISH: &[&str] = &[
    "and", "are", "from", "have", "how", "that", "the", "there", "this", "what", "when", "which", "with", "would",
    "you",
];
const FRENCH: &[&str] = &[
    "avec", "cette", "dans", "est", "les", "nous", "pas", "pour", "sont", "sur", "une", "vous", "être",
];

/// How many of its words show a language by themselves.
const CLEAR_WORDS: usize = 4;

/// The languages told apart, and their tags: those of the Latin script that organisations of Europe work in, and one or
/// more of every other script. A language that is not listed is taken for none, or for its nearest neighbour.
const LANGUAGES: &[(Lang, &str)] = &[
    (Lang::Fra, "fr"),
    (Lang::Eng, "en"),
    (Lang::Deu, "de"),
    (Lang::Spa, "es"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Ron, "ro"),
    (Lang::Swe, "sv"),
    (Lang::Rus, "ru"),
    (Lang::Ukr, "uk"),
    (Lang::Bul, "bg"),
    (Lang::Ell, "el"),
    (Lang::Ara, "ar"),
    (Lang::Pes, "fa"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Ben, "bn"),
    (Lang::Tam, "ta"),
    (Lang::Tha, "th"),
    (Lang::Cmn, "zh"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
];

/// The primary tag of the language that `text` is written in, when its first words show it reliably.
///
/// Frequent words settle plain cases of the two languages that most texts are in, at a fiftieth of the cost of the
/// general detector, which is asked about the rest. Cost: bounded, whatever the length of `text`.
pub(super) fn detect(text: &str) -> Option<&'static str> {
    let sample = sample(text);
    by_frequent_words(sample).or_else(|| by_trigrams(sample))
}

/// The start of `text`, cut between two characters.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn by_frequent_words(sample: &str) -> Option<&'static str> {
    let (mut english, mut french) = (0, 0);
    for word in sample
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase();
        english += usize::from(ENGLISH.binary_search(&&*word).is_ok());
        french += usize::from(FRENCH.binary_search(&&*word).is_ok());
    }
    let clear = |most: usize, least: usize| most >= CLEAR_WORDS && most >= CLEAR_WORDS * least;
    if clear(english, french) {
        Some("en")
    } else {
        clear(french, english).then_some("fr")
    }
}

fn by_trigrams(sample: &str) -> Option<&'static str> {
    static DETECTOR: LazyLock<Detector> =
        LazyLock::new(|| Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect()));
    let info = DETECTOR.detect(sample)?;
    let tag = LANGUAGES.iter().find(|(lang, _)| *lang == info.lang());
    tag.filter(|_| info.is_reliable()).map(|(_, tag)| *tag)
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

    #[test]
    fn languages_show_in_the_first_words() {
        let french =
            "Bonjour à tous, comment configurez-vous la sauvegarde de la base de données avant une mise à jour ?";
        let english = "Hello everybody, how do you configure the backup of the database before you run an upgrade?";
        assert_eq!(detect(french), Some("fr"));
        assert_eq!(detect(english), Some("en"));
        assert_eq!(detect(&"é".repeat(1_000)).is_some(), detect(&"é".repeat(120)).is_some());
        assert_eq!(detect("12345 67890"), None);
        assert_eq!(detect(""), None);
    }

    #[test]
    fn frequent_words_settle_only_what_is_clear() {
        assert!(ENGLISH.is_sorted() && FRENCH.is_sorted());
        assert_eq!(
            by_frequent_words("The log and the lock are with the service"),
            Some("en")
        );
        assert_eq!(
            by_frequent_words("Les journaux sont dans une base pour vous"),
            Some("fr")
        );
        assert_eq!(
            by_frequent_words("the service and les journaux dans une base with you"),
            None
        );
        assert_eq!(by_frequent_words("Wie richtet man das ein?"), None);
        assert_eq!(
            detect("Καλημέρα σε όλους"),
            Some("el"),
            "the general detector knows the rest"
        );
    }
}
