//! HTML to plain text, by html5ever's tokenizer: no tree is built, so that no nesting can exhaust anything.
//!
//! Blocks break lines; scripts, styles and quotations (with all that lies in them) are left out; entities are decoded.

use super::Page;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Elements whose content is no text of the author's.
const SKIPPED: &[&str] = &[
    "applet", "audio", "canvas", "iframe", "math", "noembed", "noframes", "object", "script", "style", "svg",
    "template", "title", "video",
];

/// Classes by which mail programs and forums mark what they quote.
const QUOTING_CLASSES: &[&str] = &["quote", "gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix"];

/// The words of `body`.
pub(super) fn read(body: &str) -> Page {
    let reader = HtmlReader::new();
    reader.html(body);
    reader.finish()
}

/// Takes HTML and text in turns.
pub(super) struct HtmlReader {
    tokenizer: Tokenizer<Sink>,
}

impl HtmlReader {
    pub(super) fn new() -> Self {
        let sink = Sink(RefCell::new(State::default()));
        Self {
            tokenizer: Tokenizer::new(sink, TokenizerOpts::default()),
        }
    }

    /// Reads a piece of HTML; it may begin and end anywhere.
    pub(super) fn html(&self, html: &str) {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        // The sink asks for nothing, so that the tokenizer reads to the end.
        let _ = self.tokenizer.feed(&input);
    }

    /// Adds what is text already, unless it lies within something skipped.
    pub(super) fn text(&self, text: &str) {
        let mut state = self.tokenizer.sink.0.borrow_mut();
        if state.skipping.is_none() {
            state.page.lines(text);
        }
    }

    /// Begins a new line.
    pub(super) fn break_line(&self) {
        self.tokenizer.sink.0.borrow_mut().page.break_line();
    }

    /// Notes a quotation that was left out.
    pub(super) fn quotation(&self) {
        self.tokenizer.sink.0.borrow_mut().page.quotation();
    }

    /// What was read.
    pub(super) fn finish(self) -> Page {
        self.tokenizer.end();
        self.tokenizer.sink.0.into_inner().page
    }
}

#[derive(Default)]
struct State {
    page: Page,
    /// The element being skipped, and how many of its name are open.
    skipping: Option<(String, usize)>,
    /// How many elements are open that keep their line breaks.
    preformatted: usize,
}

impl State {
    fn opened(&mut self, name: &str, tag: &Tag) {
        if let Some((skipped, open)) = &mut self.skipping {
            *open += usize::from(skipped == name);
            return;
        }
        if is_quotation(name, tag) {
            self.page.quotation();
            self.skipping = Some((name.to_owned(), 1));
        } else if SKIPPED.contains(&name) {
            self.skipping = Some((name.to_owned(), 1));
        } else {
            self.boundary(name);
            self.preformatted += usize::from(name == "pre");
        }
    }

    fn closed(&mut self, name: &str) {
        if let Some((skipped, open)) = &mut self.skipping {
            *open -= usize::from(skipped == name);
            if *open == 0 {
                self.skipping = None;
            }
            return;
        }
        self.boundary(name);
        self.preformatted = self.preformatted.saturating_sub(usize::from(name == "pre"));
    }

    fn boundary(&mut self, name: &str) {
        if BLOCKS.binary_search(&name).is_ok() {
            self.page.break_line();
        } else if matches!(name, "td" | "th") {
            self.page.words(" ");
        }
    }
}

fn is_quotation(name: &str, tag: &Tag) -> bool {
    let marked = || {
        let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
        class.is_some_and(|class| {
            class
                .value
                .split_ascii_whitespace()
                .any(|word| QUOTING_CLASSES.contains(&word))
        })
    };
    name == "blockquote" || (matches!(name, "aside" | "div") && marked())
}

struct Sink(RefCell<State>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.skipping.is_none() => {
                if state.preformatted > 0 {
                    state.page.lines(&text);
                } else {
                    state.page.words(&text);
                }
            }
            Token::TagToken(tag) => {
                let name: &str = &tag.name;
                if tag.kind == TagKind::EndTag {
                    state.closed(name);
                } else {
                    state.opened(name, &tag);
                    return raw_content(name);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the tokenizer goes on after the start of an element: as the HTML standard has it for a document without scripts.
fn raw_content(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => TokenSinkResult::RawData(RawKind::Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_blocks_is_sorted() {
        assert!(BLOCKS.is_sorted());
    }
}
