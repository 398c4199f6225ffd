//! A text's raw tokens, with the places they were found at: what labels are made of and looked for in.
//!
//! Unlike the terms of [`super::analysis`], raw tokens are not stemmed, keep the signs that tell `C`, `C++`, `C#` and
//! `.NET` apart, and know the bytes they come from. Invariants: ranges ascend, do not overlap and lie on character
//! borders of the original text. It does not know which labels exist.

use super::characters::fold_into;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// One run of letters and digits with its signs, or an ampersand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawToken {
    /// NFKC, lowercase, without accents, with trailing `+` and `#` and a leading `.` where they belong.
    pub folded: String,
    /// Where it stands in the original text.
    pub range: Range<usize>,
    /// The dot before it also ends something (`asp.net`, `crash.Java`): the token may be read without its dot.
    pub dot_between: bool,
    /// Nothing is glued to it on either side: it can be a label of one or two characters.
    pub alone: bool,
    /// Whether the token before it can belong to the same label: only a short soft gap lies between.
    pub follows: bool,
}

impl RawToken {
    /// The token without the dot that may belong to the sentence.
    pub(super) fn undotted(&self) -> Option<&str> {
        if self.dot_between {
            self.folded.strip_prefix('.')
        } else {
            None
        }
    }
}

/// The raw tokens of a text, in order. Cost: linear.
pub(super) fn raw_tokens(text: &str) -> Vec<RawToken> {
    let mut tokens: Vec<RawToken> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| is_word(c) || c == '&') {
        let start = at + found;
        let end = end_of_token(text, start);
        let start = start - usize::from(has_leading_dot(text, start));
        let previous = tokens.last().map_or(0, |token| token.range.end);
        tokens.push(RawToken {
            folded: folded(&text[start..end]),
            range: start..end,
            dot_between: text[start..].starts_with('.') && text[..start].ends_with(is_word),
            alone: stands_alone(text, start, end),
            follows: !tokens.is_empty() && is_soft(&text[previous..start]),
        });
        at = end;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// What only says where a word may be broken: text pasted from a page of print is full of it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}')
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The end of the run that starts at `start`, with the `+` and `#` that belong to it: `c++`, `c#`, not `c#7` or `1+2`.
fn end_of_token(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    if rest.starts_with('&') {
        return start + 1;
    }
    let word = rest
        .find(|c: char| !is_word(c) && !is_invisible(c))
        .unwrap_or(rest.len());
    let word = rest[..word].trim_end_matches(is_invisible).len();
    let after = &rest[word..];
    let signs = if after.starts_with("++") {
        2
    } else {
        usize::from(after.starts_with(['+', '#']))
    };
    let cut = signs == 1 && after[1..].starts_with(is_word) && !after.starts_with('#');
    start + word + if cut { 0 } else { signs }
}

/// `.net`, `node.js`: one dot right before a letter.
fn has_leading_dot(text: &str, start: usize) -> bool {
    text[start..].starts_with(char::is_alphabetic)
        && text[..start]
            .strip_suffix('.')
            .is_some_and(|before| !before.ends_with('.'))
}

/// A gap that a label of several words may span: a space, a hyphen, an underscore, a slash, an apostrophe, or none.
fn is_soft(gap: &str) -> bool {
    let sign = |c: char| matches!(c, '-' | '_' | '/' | '\'' | '’' | '\u{2010}' | '\u{2011}');
    let spaces = gap.chars().filter(|c| c.is_whitespace() || *c == '\u{ad}').count();
    let signs = gap.chars().filter(|c| sign(*c)).count();
    signs <= 1 && spaces <= 3 && spaces + signs == gap.chars().count()
}

/// No sign is glued to `start..end` that would make a short label part of something else (`C-section`, `R&D`, `main.c`);
/// the full stop of a sentence and a slash between alternatives (`C/C++`) are allowed.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let glue = |c: char| is_word(c) || matches!(c, '-' | '_' | '\'' | '’' | '&' | '@' | '+' | '#' | '.' | '\\');
    let mut after = text[end..].chars();
    let sentence_end = after.next() == Some('.') && !after.next().is_some_and(is_word);
    !text[..start].ends_with(glue) && (sentence_end || !text[end..].starts_with(glue))
}

pub(super) fn folded(word: &str) -> String {
    // Most words are: nothing of them is composed, invisible or marked.
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let lower: String = word
        .chars()
        .filter(|&c| !is_invisible(c))
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    let mut out = String::with_capacity(lower.len());
    fold_into(&lower, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded_tokens(text: &str) -> Vec<String> {
        raw_tokens(text).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn signs_belong_to_their_word() {
        assert_eq!(folded_tokens("C++, C# and .NET; C."), ["c++", "c#", "and", ".net", "c"]);
        assert_eq!(
            folded_tokens("Node.js 1+2 R&D"),
            ["node", ".js", "1", "2", "r", "&", "d"]
        );
        assert_eq!(folded_tokens("Énergie…fin"), ["energie", "fin"]);
    }

    #[test]
    fn gaps_and_glue() {
        let soft: Vec<bool> = raw_tokens("chef de-projet d’état. Fin")
            .into_iter()
            .map(|token| token.follows)
            .collect();
        assert_eq!(soft, [false, true, true, true, true, false]);
        let alone = |text: &str| raw_tokens(text)[0].alone;
        assert!(alone("C, then") && alone("C.") && alone("C/C++") && alone("R"));
        assert!(!alone("C-section") && !alone("R&D") && !alone("R's") && !alone("c.d"));
    }

    proptest! {
        #[test]
        fn ranges_ascend_and_lie_on_character_borders(text in "\\PC{0,60}|[a-cé.+#&'’ -]{0,40}") {
            let mut end = 0;
            for token in raw_tokens(&text) {
                prop_assert!(token.range.start >= end && token.range.end > token.range.start);
                prop_assert!(text.get(token.range.clone()).is_some());
                end = token.range.end;
            }
        }
    }
}
