//! The terms of one text, counted: what the index stores, and what it is asked.
//!
//! Invariants: terms are distinct and sorted by their bytes – the canonical order in which every score is summed –, each
//! count is at least 1, `length` is the sum of the counts. It knows how a question is read (the title counts twice, the
//! first [`BODY_WORDS`] words of the body) but neither who asked it nor what else exists.

use super::analysis::{Analyzer, Stemming};
use super::characters::fold_into;
use crate::language;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// How many words of a body are read: what a question is about is said first.
pub const BODY_WORDS: usize = 200;
/// How often each word of a title counts.
const TITLE_WEIGHT: u16 = 2;

/// A bag of terms, ready to be indexed or asked.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Document {
    entries: Vec<Entry>,
    length: u32,
}

/// One term of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub term: Box<str>,
    /// The first word that gave the term, when it is spelt otherwise.
    surface: Option<Box<str>>,
    pub count: u16,
}

impl Entry {
    /// The word as its author wrote it, in lowercase.
    pub(super) fn surface(&self) -> &str {
        self.surface.as_deref().unwrap_or(&self.term)
    }
}

impl Document {
    /// The document of a question. `language` is a BCP 47 tag; when it is not known it is guessed from the text, and
    /// when the guess is unsure words are not stemmed. Cost: linear in the title and the first 200 words.
    pub fn of(title: &str, body: &str, language: Option<&str>) -> Self {
        Analyzer::default().document(title, body, language)
    }

    /// The same document with one term for each tag, matched whole and apart from words: `#sql` is not `sql`. Case,
    /// accents and the kind of separator do not distinguish tags; a tag given twice counts once.
    #[must_use]
    pub fn tagged<T: AsRef<str>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let mut terms: Vec<String> = tags.into_iter().filter_map(|tag| tag_term(tag.as_ref())).collect();
        terms.sort_unstable();
        terms.dedup();
        let tags = terms.into_iter().map(|term| Entry {
            term: term.into(),
            surface: None,
            count: 1,
        });
        Self::from_entries(self.entries.into_iter().chain(tags).collect())
    }

    /// A document of ready-made terms, in any order; counts of a repeated term add up, zero counts are ignored.
    pub fn from_terms<T: Into<Box<str>>>(terms: impl IntoIterator<Item = (T, u16)>) -> Self {
        let entry = |(term, count): (T, u16)| Entry {
            term: term.into(),
            surface: None,
            count,
        };
        Self::from_entries(terms.into_iter().map(entry).filter(|entry| entry.count > 0).collect())
    }

    /// The terms with their counts, sorted by term.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (&str, u16)> {
        self.entries.iter().map(|entry| (&*entry.term, entry.count))
    }

    /// The length in terms: the sum of the counts.
    pub fn length(&self) -> u32 {
        self.length
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn from_entries(mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|a, b| a.term.cmp(&b.term));
        entries.dedup_by(|later, kept| {
            let same = later.term == kept.term;
            if same {
                kept.count = kept.count.saturating_add(later.count);
            }
            same
        });
        let length = entries.iter().map(|entry| u32::from(entry.count)).sum();
        Self { entries, length }
    }
}

impl Analyzer {
    /// [`Document::of`] with this analyzer's buffers, for bulk work.
    pub fn document(&mut self, title: &str, body: &str, language: Option<&str>) -> Document {
        let body = prefix_of_words(body, BODY_WORDS);
        let guess = if language.is_none() {
            language::detect(&format!("{title}\n{body}"))
        } else {
            None
        };
        let stemming = Stemming::of(language.or(guess));
        let mut tokens = Tokens::default();
        self.each(title, stemming, |term, surface| {
            tokens.push(term, surface, TITLE_WEIGHT);
        });
        self.each(body, stemming, |term, surface| tokens.push(term, surface, 1));
        tokens.count()
    }
}

/// The first `count` words of a text (UAX 29), so that only they are analysed.
fn prefix_of_words(text: &str, count: usize) -> &str {
    let end = text
        .unicode_word_indices()
        .take(count)
        .last()
        .map_or(0, |(at, word)| at + word.len());
    &text[..end]
}

/// A tag's term, `None` for a tag without any letter or digit.
fn tag_term(tag: &str) -> Option<String> {
    let mut term = String::from("#");
    let lower: String = tag.trim().nfkc().flat_map(char::to_lowercase).collect();
    let one_separator = lower
        .split([' ', '_', '-', '\t', '\u{2010}'])
        .filter(|part| !part.is_empty());
    for (at, part) in one_separator.enumerate() {
        if at > 0 {
            term.push('-');
        }
        fold_into(part, &mut term);
    }
    term.contains(char::is_alphanumeric).then_some(term)
}

/// Terms as they come, in one buffer, so that only distinct ones are allocated.
#[derive(Default)]
struct Tokens {
    text: String,
    found: Vec<(Range<usize>, Range<usize>, u16)>,
}

impl Tokens {
    fn push(&mut self, term: &str, surface: &str, weight: u16) {
        let start = self.text.len();
        self.text.push_str(term);
        let middle = self.text.len();
        self.text.push_str(surface);
        self.found.push((start..middle, middle..self.text.len(), weight));
    }

    fn count(self) -> Document {
        let Self { text, mut found } = self;
        // Stable, so that the first spelling of a term is its surface.
        found.sort_by(|a, b| text[a.0.clone()].cmp(&text[b.0.clone()]));
        let entries = found
            .chunk_by(|a, b| text[a.0.clone()] == text[b.0.clone()])
            .map(|same| {
                let (term, surface) = (&text[same[0].0.clone()], &text[same[0].1.clone()]);
                Entry {
                    term: term.into(),
                    surface: (surface != term).then(|| surface.into()),
                    count: same.iter().fold(0, |sum: u16, token| sum.saturating_add(token.2)),
                }
            });
        Document::from_entries(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(document: &Document) -> Vec<(&str, u16)> {
        document.terms().collect()
    }

    #[test]
    fn the_title_counts_twice_and_terms_are_sorted() {
        let document = Document::of("Cache poisoning", "The cache is stale", Some("en"));
        assert_eq!(
            counts(&document),
            [("cach", 3), ("is", 1), ("poison", 2), ("stale", 1), ("the", 1)]
        );
        assert_eq!(document.length(), 8);
        assert_eq!(document.entries()[0].surface(), "cache");
    }

    #[test]
    fn only_the_first_words_of_a_body_are_read() {
        let body = format!("{} sentinel", "word ".repeat(BODY_WORDS));
        assert_eq!(
            counts(&Document::of("", &body, Some("en"))),
            [("word", BODY_WORDS as u16)]
        );
    }

    #[test]
    fn a_prefix_of_words_ends_with_a_word() {
        assert_eq!(prefix_of_words("one, two; three.", 2), "one, two");
        assert_eq!(prefix_of_words("one", 9), "one");
        assert_eq!(prefix_of_words("…", 9), "");
    }

    #[test]
    fn tags_have_a_namespace_of_their_own() {
        let document = Document::of("", "sql", Some("en")).tagged(["SQL", "Données ouvertes", "donnees_ouvertes", "—"]);
        assert_eq!(counts(&document), [("#donnees-ouvertes", 1), ("#sql", 1), ("sql", 1)]);
    }

    #[test]
    fn an_unknown_language_is_guessed() {
        let body = "Bonjour, je cherche quelqu'un qui saurait automatiser les déploiements de notre serveur web.";
        assert_eq!(
            Document::of("Déployer", body, None),
            Document::of("Déployer", body, Some("fr"))
        );
    }

    #[test]
    fn ready_made_terms_add_up() {
        let document = Document::from_terms([("b", 1), ("a", 2), ("b", 3), ("c", 0)]);
        assert_eq!(counts(&document), [("a", 2), ("b", 4)]);
        assert_eq!(document.length(), 6);
    }
}
