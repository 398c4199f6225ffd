//! From a text to its terms: the one place that decides when two words are the same word.
//!
//! Steps: NFKC, lowercase, Unicode words (UAX 29), French elisions and the English possessive off, compounds taken apart
//! *and* kept whole, Snowball stemming by the text's language, accents folded, very long terms cut. Invariants: a pure
//! function of (text, stemming); no term is empty or a lone Latin letter or digit (labels find `C` and `R`, see
//! [`super::labels`]); a term is lowercase and never starts with `#` (that is the tags' own namespace).
//! It does not know what a question is, nor which terms are common.
//!
//! **Accents are folded after stemming**, because French suffix rules read them: `-ée` and `-ité` are suffixes, `-ee` and
//! `-ite` are not, so folding first would part `sécurisée` from `sécuriser`. The price: a text typed without accents meets
//! the accented one only where no suffix needed them (`reseau` = `réseaux`, but `securite` ≠ `sécurité`).

use super::characters::{fold_into, is_alphabetic, is_ideograph, is_numeric, normalise_into};
use frostem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// Longer terms are cut: nobody types them twice, and hostile ones must not fill the lexicon.
pub const TERM_CHARS_MAX: usize = 64;

/// A hyphenated number up to this many digits names a thing (`utf-8`, `sha-256`), a longer one is a code (`ORA-01555`).
const NAME_DIGITS_MAX: usize = 3;
/// Both sides of a slash pair that is kept whole beside its parts (`tcp/ip`, `i/o`) are at most this long.
const SLASH_PART_MAX: usize = 4;

/// Elided French words that end in an apostrophe; what follows is the word.
const ELISIONS: [&str; 13] = [
    "l", "d", "qu", "j", "n", "s", "c", "m", "t", "jusqu", "lorsqu", "puisqu", "quoiqu",
];
/// Words that French ties to a verb with a hyphen (`peut-on`): the pair is no compound.
const CLITICS: [&str; 17] = [
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "ci", "là", "le", "la", "les", "en", "moi",
];

/// Which inflections are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stemming {
    /// Snowball's English stemmer.
    English,
    /// Snowball's French stemmer.
    French,
    /// Words stay as they are written (any other language).
    None,
}

impl Stemming {
    /// The stemming for a BCP 47 language tag; region and script are ignored, an unknown language is not stemmed.
    pub fn of(language: Option<&str>) -> Self {
        let primary = language
            .and_then(|tag| tag.split(['-', '_']).next())
            .unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") {
            Self::English
        } else if primary.eq_ignore_ascii_case("fr") {
            Self::French
        } else {
            Self::None
        }
    }

    fn stemmer(self) -> Option<Stemmer> {
        match self {
            Self::English => Some(Stemmer::new(Algorithm::English)),
            Self::French => Some(Stemmer::new(Algorithm::French)),
            Self::None => None,
        }
    }
}

/// The terms of a text, in order, repeats included. Cost: linear in the text. Bulk work reuses an [`Analyzer`].
pub fn analyze(text: &str, stemming: Stemming) -> Vec<String> {
    let mut terms = Vec::new();
    Analyzer::default().each(text, stemming, |term, _| terms.push(term.to_owned()));
    terms
}

/// Analysis with reusable buffers; holds nothing between calls.
#[derive(Debug, Default)]
pub struct Analyzer {
    text: String,
    words: Vec<(usize, usize)>,
    term: String,
    joined: String,
}

impl Analyzer {
    /// Calls `sink(term, surface)` for each term of `text`, in order; `surface` is the word as it was written, in
    /// lowercase, for people to read. Cost: linear in the text; no allocation once the buffers have grown, except
    /// inside the stemmer.
    pub fn each(&mut self, text: &str, stemming: Stemming, sink: impl FnMut(&str, &str)) {
        normalise_into(text, &mut self.text);
        self.words.clear();
        self.words.extend(self.text.unicode_word_indices().map(|(at, word)| {
            // A word may begin with signs that a combining mark made part of it.
            let sound = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            (at + word.len() - sound.len(), at + word.len())
        }));
        let mut scan = Scan {
            text: &self.text,
            words: &self.words,
            stemmer: stemming.stemmer(),
            french: stemming == Stemming::French,
            term: &mut self.term,
            joined: &mut self.joined,
            sink,
        };
        scan.run();
    }
}

/// What an elision leaves: `l'eau` → `eau`, `jusqu'ici` → `ici`; anything else is returned whole.
fn without_elision(word: &str) -> &str {
    match word.split_once('\'') {
        Some((head, rest)) if ELISIONS.contains(&head) => rest,
        _ => word,
    }
}

/// One pass over the words of a normalised text.
struct Scan<'a, F> {
    text: &'a str,
    words: &'a [(usize, usize)],
    stemmer: Option<Stemmer>,
    french: bool,
    term: &'a mut String,
    joined: &'a mut String,
    sink: F,
}

impl<F: FnMut(&str, &str)> Scan<'_, F> {
    fn run(&mut self) {
        let mut first = 0;
        while first < self.words.len() {
            let mut last = first;
            while last + 1 < self.words.len() && self.gap(last) == "-" {
                last += 1;
            }
            for at in first..=last {
                self.word(self.words[at]);
            }
            if last > first {
                self.hyphenated(first, last);
            } else {
                self.slash_pair(first);
            }
            first = last + 1;
        }
    }

    /// The text between word `at` and the next one.
    fn gap(&self, at: usize) -> &str {
        &self.text[self.words[at].1..self.words[at + 1].0]
    }

    /// One word of UAX 29, which may still be dotted (`node.js`), underscored or elided, with the signs that belong to
    /// it (`c++`, `c#`, `.net`).
    fn word(&mut self, (start, end): (usize, usize)) {
        let text = self.text;
        let word = without_elision(&text[start..end]);
        let start = end - word.len();
        let after = &text[end..];
        if after.starts_with("++") {
            self.emit(&text[start..end + 2], &text[start..end + 2]);
        } else if after.starts_with('#') && word.len() == 1 && !after[1..].starts_with(char::is_alphabetic) {
            self.emit(&text[start..=end], &text[start..=end]);
        }
        let mut before = text[..start].chars().rev();
        if before.next() == Some('.')
            && word.starts_with(char::is_alphabetic)
            && before.next().is_none_or(|c| c != '.' && !c.is_alphanumeric())
        {
            self.emit(&text[start - 1..end], &text[start - 1..end]);
        }
        if word.contains(['.', '_', ':']) {
            self.dotted(word);
        } else {
            self.plain(word, word);
        }
    }

    /// `node.js`, `sec_error_expired`, `about:config`: whole, and its words; `1.2.3`: whole; `e.g`: its letters joined.
    fn dotted(&mut self, word: &str) {
        let word = word.trim_end_matches('_');
        if !word.contains(['.', '_', ':']) {
            return self.plain(word, word);
        }
        let pieces = || word.split(['.', '_', ':']).filter(|piece| !piece.is_empty());
        let numbered = word
            .strip_prefix('v')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if pieces().all(|piece| piece.len() == 1 && !is_numeric(piece)) {
            let mut joined = std::mem::take(self.joined);
            joined.clear();
            joined.extend(pieces());
            self.emit(&joined, word);
            *self.joined = joined;
            return;
        }
        self.emit(numbered.unwrap_or(word), word);
        for piece in pieces().filter(|piece| piece.starts_with(char::is_alphabetic) && *piece != word) {
            if numbered.is_none() {
                self.plain(piece, piece);
            }
        }
    }

    /// A hyphenated group, beside its parts: a code whole (`ora-01555`), a numbered name or a pair of words joined
    /// (`utf8`, `email`), so that both spellings meet.
    fn hyphenated(&mut self, first: usize, last: usize) {
        let part = |at: usize| {
            let (start, end) = self.words[at];
            &self.text[start..end]
        };
        let whole = &self.text[self.words[first].0..self.words[last].1];
        let head = without_elision(part(first));
        if !is_alphabetic(head) {
            return;
        }
        let pair = last == first + 1;
        if (first + 1..=last).all(|at| is_numeric(part(at))) {
            if !(pair && part(last).len() <= NAME_DIGITS_MAX) {
                self.emit(whole, whole);
                return;
            }
        } else if !pair || !is_alphabetic(part(last)) || (self.french && CLITICS.contains(&part(last))) {
            return;
        }
        let tail = part(last);
        let mut joined = std::mem::take(self.joined);
        joined.clear();
        joined.push_str(head);
        joined.push_str(tail);
        self.plain(&joined, whole);
        *self.joined = joined;
    }

    /// `tcp/ip`, `i/o`, `ci/cd`: two short words and a slash, no path, are also one term.
    fn slash_pair(&mut self, at: usize) {
        if at + 1 >= self.words.len() || self.gap(at) != "/" {
            return;
        }
        let ((start, middle), (next, end)) = (self.words[at], self.words[at + 1]);
        let path = |c: char| matches!(c, '/' | '\\' | '-' | ':' | '.');
        let apart = !self.text[..start].ends_with(path) && !self.text[end..].starts_with(['/', '\\', '-', '+', '#']);
        if apart && middle - start <= SLASH_PART_MAX && end - next <= SLASH_PART_MAX {
            let whole = &self.text[start..end];
            self.emit(whole, whole);
        }
    }

    /// A plain word: possessive and apostrophes off, stemmed if it is all letters.
    fn plain(&mut self, word: &str, surface: &str) {
        let word = without_elision(word);
        let word = word.strip_suffix("'s").unwrap_or(word);
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (None, _) => return,
            (Some(only), None) if !is_ideograph(only) => return,
            _ => {}
        }
        if word.contains('\'') {
            let closed: String = word.chars().filter(|c| *c != '\'').collect();
            self.stemmed(&closed, surface);
        } else {
            self.stemmed(word, surface);
        }
    }

    fn stemmed(&mut self, word: &str, surface: &str) {
        match self.stemmer {
            Some(stemmer) if is_alphabetic(word) => self.emit(&stemmer.stem(cut(word)), surface),
            _ => self.emit(word, surface),
        }
    }

    /// Folds, cuts and hands over one term.
    fn emit(&mut self, term: &str, surface: &str) {
        self.term.clear();
        fold_into(cut(term), self.term);
        if !self.term.is_empty() {
            (self.sink)(self.term, cut(surface));
        }
    }
}

/// The first [`TERM_CHARS_MAX`] characters.
fn cut(word: &str) -> &str {
    if word.len() <= TERM_CHARS_MAX {
        return word;
    }
    word.char_indices()
        .nth(TERM_CHARS_MAX)
        .map_or(word, |(at, _)| &word[..at])
}

#[cfg(test)]
mod tests;
