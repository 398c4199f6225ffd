//! Markdown to plain text, by pulldown-cmark: block quotes are left out, code is kept, links keep their words alone.
//! HTML within goes the way of HTML.

use super::Page;
use super::html::HtmlReader;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The words of `body`.
pub(super) fn read(body: &str) -> Page {
    let reader = HtmlReader::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut skipped = 0_usize;
    for event in Parser::new_ext(body, options) {
        if skipped > 0 {
            skipped = match event {
                Event::Start(_) => skipped + 1,
                Event::End(_) => skipped - 1,
                _ => skipped,
            };
            continue;
        }
        match event {
            Event::Start(tag) if is_quotation(&tag) => {
                reader.quotation();
                skipped = 1;
            }
            Event::Start(Tag::Image { .. }) => skipped = 1,
            Event::Start(tag) => boundary(&reader, tag.to_end()),
            Event::End(tag) => boundary(&reader, tag),
            Event::Text(text) | Event::Code(text) => reader.text(&text),
            Event::Html(html) | Event::InlineHtml(html) => reader.html(&html),
            Event::SoftBreak | Event::HardBreak | Event::Rule => reader.break_line(),
            _ => {}
        }
    }
    reader.finish()
}

/// Whether what begins here repeats somebody else; chats mark that by a fence of the language `quote`.
fn is_quotation(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::BlockQuote(_) => true,
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => &**language == "quote",
        _ => false,
    }
}

/// Breaks the line where a block begins or ends, and parts the cells of a row.
fn boundary(reader: &HtmlReader, tag: TagEnd) {
    match tag {
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {}
        TagEnd::TableCell => reader.text(" "),
        _ => reader.break_line(),
    }
}
