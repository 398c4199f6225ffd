//! Which language a text is written in, when nobody says.
//!
//! A guess over a bounded prefix, pure and silent when unsure: frequent words where they are clear, trigrams for the
//! rest, and for short questions that trigrams are unsure of, a lead of frequent words. It never overrides a language
//! that a fact states. Floor 0: sees the standard library and the detector of trigrams.

use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// The most bytes of a text that its language is told from: more costs time and settles nothing.
const SAMPLE_BYTES: usize = 240;

/// Words that hold sentences together in one of the two languages and are rare in every other. Sorted.
const ENGLISH: &[&str] = &[
    "and", "are", "can", "does", "for", "from", "has", "have", "how", "it", "my", "of", "that", "the", "there", "this",
    "to", "what", "when", "which", "with", "would", "you",
];
const FRENCH: &[&str] = &[
    "au", "avec", "cette", "comment", "dans", "des", "du", "est", "je", "les", "mon", "nous", "pas", "pour", "que",
    "qui", "sont", "sur", "une", "vous", "être",
];

/// So many words of one language, and so many times those of the other, show it by themselves.
const CLEAR: usize = 4;
/// Where trigrams are unsure: so many words more than twice those of the other.
const LEAD: usize = 2;

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

/// The BCP 47 primary tag of the language that `text` is written in (`"fr"`, `"en"`, `"de"` …), when its first words
/// show it.
///
/// A short title is often unsure: give title and body together. Cost: bounded, whatever the length of `text`; plain
/// French and English cost a fiftieth of the rest.
pub fn detect(text: &str) -> Option<&'static str> {
    let sample = sample(text);
    let (english, french) = frequent_words(sample);
    let clear = |most: usize, least: usize| most >= CLEAR && most >= CLEAR * least;
    let leads = |most: usize, least: usize| most >= 2 * least + LEAD;
    two(english, french, clear)
        .or_else(|| by_trigrams(sample))
        .or_else(|| two(english, french, leads))
}

/// English or French, when `wins` says so of their counts.
fn two(english: usize, french: usize, wins: impl Fn(usize, usize) -> bool) -> Option<&'static str> {
    if wins(english, french) {
        Some("en")
    } else {
        wins(french, english).then_some("fr")
    }
}

/// The start of `text`, cut between two characters.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// How many frequent words of English and of French there are.
fn frequent_words(sample: &str) -> (usize, usize) {
    let (mut english, mut french) = (0, 0);
    for word in sample
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase();
        english += usize::from(ENGLISH.binary_search(&&*word).is_ok());
        french += usize::from(FRENCH.binary_search(&&*word).is_ok());
    }
    (english, french)
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
    fn a_paragraph_shows_its_language() {
        let french = "Bonjour, je cherche quelqu'un qui saurait configurer la sauvegarde de notre serveur.";
        let english = "Hello, I am looking for somebody who knows how to set up the daily backup of our server.";
        let german = "Guten Tag, ich suche jemanden, der die tägliche Sicherung unseres Servers einrichten kann.";
        assert_eq!(detect(french), Some("fr"));
        assert_eq!(detect(english), Some("en"));
        assert_eq!(detect(german), Some("de"));
        assert_eq!(detect("Καλημέρα σε όλους"), Some("el"));
    }

    #[test]
    fn a_short_question_is_told_by_its_frequent_words() {
        assert_eq!(detect("How do I restore the backup of a table?"), Some("en"));
        assert_eq!(
            detect("Comment restaurer la sauvegarde d'une table avec les droits ?"),
            Some("fr")
        );
    }

    #[test]
    fn what_is_unsure_is_left_unsaid() {
        for text in ["", "0x80070005 1.2.3", "12345 67890", "VPN"] {
            assert_eq!(detect(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_first_words_count() {
        let french = "Je cherche quelqu'un qui saurait configurer la sauvegarde de notre serveur. ".repeat(6);
        let mixed = format!("{french}{}", "The quick brown fox jumps over the lazy dog. ".repeat(50));
        assert_eq!(detect(&mixed), Some("fr"));
        assert_eq!(
            detect(&"é".repeat(1_000)),
            detect(&"é".repeat(120)),
            "cut between characters"
        );
    }

    #[test]
    fn the_lists_are_sorted_and_share_no_word() {
        assert!(ENGLISH.is_sorted() && FRENCH.is_sorted());
        assert!(ENGLISH.iter().all(|word| !FRENCH.contains(word)));
    }
}
