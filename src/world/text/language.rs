//! Which language a text is written in, when its platform does not say.
//!
//! A guess over a bounded prefix: trigrams, and where they are unsure the function words of French and English. Cheap,
//! pure, and silent when unsure. It must never override a language that a fact states.

/// How many characters are looked at; more does not change the guess, less makes it unsure.
const PREFIX_CHARS: usize = 400;

/// Words that hold sentences together and belong to one of the two languages only.
const FRENCH_WORDS: [&str; 24] = [
    "le", "la", "les", "des", "du", "un", "une", "est", "et", "pour", "dans", "avec", "sur", "je", "vous", "nous",
    "il", "qui", "que", "comment", "pas", "au", "mon", "cette",
];
const ENGLISH_WORDS: [&str; 24] = [
    "the", "of", "and", "to", "is", "are", "how", "what", "with", "this", "that", "my", "it", "have", "has", "not",
    "for", "from", "do", "does", "can", "be", "you", "an",
];
/// So many more of one language's words than of the other's settle it.
const WORDS_LEAD: usize = 2;

/// The BCP 47 primary tag of a text's language (`"fr"`, `"en"`, `"de"` …), only when the guess is reliable.
///
/// A short title is often unsure: give title and body together. Cost: bounded by the first 400 characters.
pub fn detect_language(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(PREFIX_CHARS).map_or(text.len(), |(at, _)| at);
    let prefix = &text[..end];
    let info = whatlang::detect(prefix)?;
    if info.is_reliable() {
        Some(primary_tag(info.lang().code()))
    } else {
        by_function_words(prefix)
    }
}

/// `"fr"` or `"en"` when one has clearly more function words in the text than the other.
fn by_function_words(text: &str) -> Option<&'static str> {
    let (mut french, mut english) = (0, 0);
    for word in text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase) {
        french += usize::from(FRENCH_WORDS.contains(&word.as_str()));
        english += usize::from(ENGLISH_WORDS.contains(&word.as_str()));
    }
    if french >= 2 * english + WORDS_LEAD {
        Some("fr")
    } else if english >= 2 * french + WORDS_LEAD {
        Some("en")
    } else {
        None
    }
}

/// BCP 47 asks for the two-letter code where one exists; the detector speaks ISO 639-3.
fn primary_tag(iso_639_3: &'static str) -> &'static str {
    #[rustfmt::skip]
    const TAGS: &[(&str, &str)] = &[
        ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("ara", "ar"), ("aze", "az"), ("bel", "be"), ("ben", "bn"),
        ("bul", "bg"), ("cat", "ca"), ("ces", "cs"), ("cmn", "zh"), ("cym", "cy"), ("dan", "da"), ("deu", "de"),
        ("ell", "el"), ("eng", "en"), ("epo", "eo"), ("est", "et"), ("fin", "fi"), ("fra", "fr"), ("guj", "gu"),
        ("heb", "he"), ("hin", "hi"), ("hrv", "hr"), ("hun", "hu"), ("hye", "hy"), ("ind", "id"), ("ita", "it"),
        ("jav", "jv"), ("jpn", "ja"), ("kan", "kn"), ("kat", "ka"), ("khm", "km"), ("kor", "ko"), ("lat", "la"),
        ("lav", "lv"), ("lit", "lt"), ("mal", "ml"), ("mar", "mr"), ("mkd", "mk"), ("mya", "my"), ("nep", "ne"),
        ("nld", "nl"), ("nob", "nb"), ("ori", "or"), ("pan", "pa"), ("pes", "fa"), ("pol", "pl"), ("por", "pt"),
        ("ron", "ro"), ("rus", "ru"), ("sin", "si"), ("slk", "sk"), ("slv", "sl"), ("sna", "sn"), ("spa", "es"),
        ("srp", "sr"), ("swe", "sv"), ("tam", "ta"), ("tel", "te"), ("tgl", "tl"), ("tha", "th"), ("tuk", "tk"),
        ("tur", "tr"), ("ukr", "uk"), ("urd", "ur"), ("uzb", "uz"), ("vie", "vi"), ("yid", "yi"), ("zul", "zu"),
    ];
    TAGS.iter()
        .find(|(long, _)| *long == iso_639_3)
        .map_or(iso_639_3, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_language_of_a_paragraph() {
        let french = "Bonjour, je cherche quelqu'un qui saurait configurer la sauvegarde quotidienne de notre serveur.";
        let english = "Hello, I am looking for somebody who knows how to set up the daily backup of our server.";
        let german = "Guten Tag, ich suche jemanden, der die tägliche Sicherung unseres Servers einrichten kann.";
        assert_eq!(detect_language(french), Some("fr"));
        assert_eq!(detect_language(english), Some("en"));
        assert_eq!(detect_language(german), Some("de"));
    }

    #[test]
    fn short_questions_are_told_by_their_function_words() {
        assert_eq!(detect_language("How do I restore the backup of a table?"), Some("en"));
        assert_eq!(
            detect_language("Comment restaurer la sauvegarde d'une table avec les droits ?"),
            Some("fr")
        );
    }

    #[test]
    fn says_nothing_when_unsure() {
        assert_eq!(detect_language(""), None);
        assert_eq!(detect_language("0x80070005 1.2.3"), None);
        assert_eq!(detect_language("VPN"), None);
    }

    #[test]
    fn only_the_prefix_counts() {
        let french =
            "Je cherche quelqu'un qui saurait configurer la sauvegarde quotidienne de notre serveur. ".repeat(6);
        let mixed = format!("{french}{}", "The quick brown fox jumps over the lazy dog. ".repeat(50));
        assert_eq!(detect_language(&mixed), Some("fr"));
    }

    #[test]
    fn every_language_of_the_detector_has_a_two_letter_tag() {
        assert!(
            whatlang::Lang::all()
                .iter()
                .all(|lang| primary_tag(lang.code()).len() == 2)
        );
    }
}
