//! Texts as people read them: mark-up, quotations of others and invisible characters taken out, code kept as text.
//!
//! A [`Page`] collects words and line breaks from whatever format; [`Page::finish`] lays the lines out. Invariant: the
//! result, read again as plain text, is itself. That is why a line that begins with `>` without being a quotation (a
//! prompt in a block of code, say) is written with one space before it: a quotation begins at the very margin.

mod html;
mod markdown;

use super::BodyFormat;
use super::limits::MAX_BODY;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Stands in a page for a quotation that was left out. It cannot come from outside: it is a control character.
const QUOTATION: char = '\u{1}';

/// The plain text of `body`: at most [`MAX_BODY`] characters, in normal form C, without control characters other than
/// line feeds, without white space at the ends of lines or more than one empty line in a row.
///
/// Quotations of others are dropped, with the line that introduces them. Cost: linear in `body`.
pub fn to_plain(body: &str, format: BodyFormat) -> String {
    let page = match format {
        BodyFormat::Text => {
            let mut page = Page::default();
            page.lines(body);
            page.quoted_by_angle = true;
            page
        }
        BodyFormat::Markdown => markdown::read(body),
        BodyFormat::Html => html::read(body),
    };
    page.finish(true)
}

/// A text of some lines: as [`to_plain`] lays it out, its quotations kept and its length untouched.
pub(super) fn paragraphs(text: &str) -> String {
    let mut page = Page::default();
    page.lines(text);
    page.finish(false)
}

/// A text of one line.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if is_tidy(text) {
        return Cow::Borrowed(text);
    }
    let mut page = Page::default();
    page.words(text);
    let text = page.normalised();
    let words: Vec<&str> = text.split_whitespace().collect();
    Cow::Owned(words.join(" "))
}

/// Whether `text` is plain ASCII without control characters and surplus spaces: most names are.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|byte| (b' '..0x7f).contains(byte));
    let spaced = bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') || text.contains("  ");
    plain && !spaced
}

/// Words and line breaks on their way to plain text.
#[derive(Default)]
struct Page {
    text: String,
    /// A line that begins with `>` quotes somebody.
    quoted_by_angle: bool,
}

impl Page {
    /// Adds `text`, its line breaks kept.
    fn lines(&mut self, text: &str) {
        self.add(text, '\n');
    }

    /// Adds `text`, its line breaks being mere spaces.
    fn words(&mut self, text: &str) {
        self.add(text, ' ');
    }

    /// Begins a new line, unless one has just begun.
    fn break_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Notes that a quotation was left out here.
    fn quotation(&mut self) {
        self.break_line();
        self.text.push(QUOTATION);
        self.text.push('\n');
    }

    fn add(&mut self, text: &str, line_break: char) {
        let mut before = '\0';
        for c in text.chars() {
            match c {
                '\n' if before == '\r' => {}
                '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.text.push(line_break),
                _ if c.is_whitespace() => self.text.push(' '),
                _ if !is_invisible(c) => self.text.push(c),
                _ => {}
            }
            before = c;
        }
    }

    fn normalised(self) -> String {
        if self.text.is_ascii() || is_nfc_quick(self.text.chars()) == IsNormalized::Yes {
            self.text
        } else {
            self.text.nfc().collect()
        }
    }

    /// Lays the lines out. A body loses its quotations, and what goes beyond its limit.
    fn finish(self, is_body: bool) -> String {
        let by_angle = self.quoted_by_angle;
        let text = self.normalised();
        let mut laid = Laid {
            text: String::with_capacity(text.len()),
            empty_lines: 0,
        };
        let mut quoting = false;
        for line in text.split('\n') {
            let quoted = line.starts_with(QUOTATION) || (by_angle && line.starts_with('>'));
            if quoted && !quoting {
                laid.drop_introduction();
            }
            if quoted {
                laid.empty_lines += 1;
            } else {
                laid.line(line, is_body);
            }
            quoting = quoted;
        }
        let mut text = laid.text;
        if is_body && let Some((end, _)) = text.char_indices().nth(MAX_BODY) {
            text.truncate(end);
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// Characters that show nothing and only get in the way of matching: controls, soft hyphens, marks of direction.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The most characters of a line that introduces a quotation.
const INTRODUCTION_CHARS: usize = 200;

/// How an introduction ends, in the languages of common mail programs and chats.
const INTRODUCTION_ENDS: &[&str] = &[
    "wrote:",
    "said:",
    "a écrit :",
    "a écrit:",
    "a dit :",
    "a dit:",
    "schrieb:",
];

/// How one that takes two lines begins.
const INTRODUCTION_BEGINS: &[&str] = &["On ", "Le ", "Am "];

/// Lines laid out so far. The text never ends with a line feed.
struct Laid {
    text: String,
    empty_lines: usize,
}

impl Laid {
    /// Adds a line, its spaces collapsed. Empty lines in a row become one.
    fn line(&mut self, line: &str, is_body: bool) {
        let mut words = line.split(' ').filter(|word| !word.is_empty()).peekable();
        let Some(first) = words.peek() else {
            self.empty_lines += 1;
            return;
        };
        let at_margin = is_body && first.starts_with('>');
        if !self.text.is_empty() {
            self.text.push_str(if self.empty_lines > 0 { "\n\n" } else { "\n" });
        }
        self.empty_lines = 0;
        let start = self.text.len();
        for word in words {
            if at_margin || self.text.len() > start {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }

    /// Takes back the line, or the two lines, that introduce the quotation which begins here.
    fn drop_introduction(&mut self) {
        let start = self.text.rfind('\n').map_or(0, |at| at + 1);
        let last = &self.text[start..];
        let short = last.chars().nth(INTRODUCTION_CHARS).is_none();
        if !short || !INTRODUCTION_ENDS.iter().any(|end| last.ends_with(end)) {
            return;
        }
        let kept = &self.text[..start.saturating_sub(1)];
        let above = kept.rfind('\n').map_or(0, |at| at + 1);
        let opens = |line: &str| INTRODUCTION_BEGINS.iter().any(|begin| line.starts_with(begin));
        let continued = !opens(last) && opens(&kept[above..]) && !kept.ends_with(['.', '!', '?']);
        let end = if continued { above } else { start };
        self.text.truncate(end);
        self.text.truncate(self.text.trim_end_matches('\n').len());
        self.empty_lines += 1;
    }
}

#[cfg(test)]
mod tests;
