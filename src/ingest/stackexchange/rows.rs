//! The rows of one XML file of a dump, as a stream: `<posts><row …/><row …/></posts>` and nothing else.
//!
//! Invariants: memory is bounded by [`MAX_ROW_BYTES`], whatever the file; entities are never declared, never expanded
//! and never fetched, because a document type declaration ends the reading; no input makes it panic. Whatever is not a
//! row of attributes under the expected root is an error with its line and byte.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::{self, BufRead, Read};

/// Most bytes of one row, its mark-up included. The longest post of the platform has a tenth of it.
pub const MAX_ROW_BYTES: usize = 2 << 20;
/// Most attributes of one row. No table of the dump has as many; it bounds the search for repeated ones.
const MAX_ATTRIBUTES: usize = 100;
/// Most characters that an error repeats of the file.
const MAX_ECHO: usize = 200;

/// Why a file cannot be read further. The rows before came through whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, byte {byte}: {detail}")]
pub struct XmlError {
    /// The line, from 1.
    pub line: u64,
    /// The byte, from 0.
    pub byte: u64,
    /// What is wrong.
    pub detail: String,
}

/// A row: those of its attributes that were asked for.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub(super) line: u64,
    wanted: &'static [&'static str],
    values: Vec<Option<String>>,
}

impl Row {
    /// The value of an attribute; an empty one says as little as an absent one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let at = self.wanted.iter().position(|wanted| *wanted == name)?;
        self.values.get(at)?.as_deref().filter(|value| !value.is_empty())
    }

    fn fill(&mut self, tag: &BytesStart<'_>, wanted: &'static [&'static str]) -> Result<(), String> {
        self.wanted = wanted;
        self.values.clear();
        self.values.resize(wanted.len(), None);
        for (count, attribute) in tag.attributes().enumerate() {
            if count == MAX_ATTRIBUTES {
                return Err(format!("a row has more than {MAX_ATTRIBUTES} attributes"));
            }
            let attribute = attribute.map_err(|error| error.to_string())?;
            // Read even when nobody asked for it: a row with an entity in it is not taken in part.
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| format!("{error}; only the five entities that XML itself has are read"))?;
            if let Some(at) = wanted.iter().position(|name| *name == attribute.key.into_inner()) {
                self.values[at] = Some(value.into_owned());
            }
        }
        Ok(())
    }
}

/// Where in the document the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Before,
    Inside,
    InRow,
    After,
}

/// What an event of the document comes to.
enum Step {
    Row,
    On,
    End,
}

/// Reads rows one after the other.
pub(super) struct Rows<R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    root: &'static str,
    place: Place,
}

impl<R: BufRead> Rows<R> {
    /// The rows of `input`, whose outermost element is `root`.
    pub(super) fn new(input: R, root: &'static str) -> Self {
        Self {
            reader: Reader::from_reader(Bounded {
                inner: input,
                left: 0,
                overrun: false,
                line: 1,
            }),
            buffer: Vec::new(),
            root,
            place: Place::Before,
        }
    }

    /// Reads the next row's `wanted` attributes into `row`; `false` at the end of the file.
    ///
    /// # Errors
    /// At whatever is not a row, and where the file breaks off. Do not read on after one.
    pub(super) fn next(&mut self, wanted: &'static [&'static str], row: &mut Row) -> Result<bool, XmlError> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = MAX_ROW_BYTES;
            let (line, byte) = (self.reader.get_ref().line, self.reader.buffer_position());
            let step = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => step(&event, self.root, &mut self.place, wanted, row),
                Err(error) => Err(error.to_string()),
            };
            match step {
                Ok(Step::Row) => {
                    row.line = line;
                    return Ok(true);
                }
                Ok(Step::On) => {}
                Ok(Step::End) => return Ok(false),
                Err(_) if self.reader.get_ref().overrun => {
                    let detail = format!("a row, or a text, has more than {MAX_ROW_BYTES} bytes");
                    return Err(XmlError { line, byte, detail });
                }
                Err(detail) => {
                    let detail = detail.chars().filter(|c| !c.is_control()).take(MAX_ECHO).collect();
                    return Err(XmlError { line, byte, detail });
                }
            }
        }
    }
}

/// What `event` comes to at `place`, and the place after it.
fn step(
    event: &Event<'_>,
    root: &str,
    place: &mut Place,
    wanted: &'static [&'static str],
    row: &mut Row,
) -> Result<Step, String> {
    match (event, *place) {
        (Event::Start(tag), Place::Before) if tag.name().into_inner() == root => *place = Place::Inside,
        (Event::Empty(tag), Place::Before) if tag.name().into_inner() == root => *place = Place::After,
        (Event::Start(tag) | Event::Empty(tag), Place::Inside) if tag.name().into_inner() == "row" => {
            row.fill(tag, wanted)?;
            if matches!(event, Event::Start(_)) {
                *place = Place::InRow;
            }
            return Ok(Step::Row);
        }
        (Event::Start(tag) | Event::Empty(tag), _) => {
            let name = tag.name().into_inner().to_owned();
            return Err(format!(
                "<{name}> has no place here: this file is <{root}> with <row …/> in it"
            ));
        }
        (Event::End(_), Place::InRow) => *place = Place::Inside,
        (Event::End(_), _) => *place = Place::After,
        (Event::Eof, Place::After) => return Ok(Step::End),
        (Event::Eof, Place::Before) => return Err(format!("the file ends before <{root}>")),
        (Event::Eof, _) => return Err(format!("the file breaks off: </{root}> is missing")),
        (Event::DocType(_), _) => {
            return Err("a document type declaration is refused: it can declare entities, and no dump has one".into());
        }
        (Event::Decl(declared), _) => {
            let utf8 = |name: &str| name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8");
            let encoding = declared.encoding().transpose().map_err(|error| error.to_string())?;
            if encoding.is_some_and(|name| !utf8(&name)) {
                return Err("the file is not in UTF-8: convert it".to_owned());
            }
        }
        (Event::Text(text), _) if is_blank(text) => {}
        (Event::Comment(_) | Event::PI(_), _) => {}
        (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_), _) => {
            return Err("text has no place between rows".to_owned());
        }
    }
    Ok(Step::On)
}

/// Whether `text` is white space; a byte-order mark counts as such.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_whitespace() || c == '\u{feff}')
}

/// Input that gives so many bytes and then fails, and counts lines.
struct Bounded<R> {
    inner: R,
    left: usize,
    overrun: bool,
    line: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(into.len());
        into[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        if self.left == 0 && !available.is_empty() {
            self.overrun = true;
            return Err(io::Error::other("more than a row may have"));
        }
        Ok(&available[..available.len().min(self.left)])
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was given out before, so that nothing is read here and nothing can fail.
        if let Ok(bytes) = self.inner.fill_buf() {
            let passed = &bytes[..amount.min(bytes.len())];
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        }
        self.left -= amount.min(self.left);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    /// A row's line, Id and Text.
    type Seen = (u64, Option<String>, Option<String>);

    /// Each row, and the error at the end, if there is one.
    fn read(bytes: &[u8]) -> (Vec<Seen>, Option<XmlError>) {
        let mut rows = Rows::new(BufReader::with_capacity(7, bytes), "posts");
        let (mut all, mut row) = (Vec::new(), Row::default());
        loop {
            match rows.next(&["Id", "Text"], &mut row) {
                Ok(true) => all.push((
                    row.line,
                    row.get("Id").map(str::to_owned),
                    row.get("Text").map(str::to_owned),
                )),
                Ok(false) => return (all, None),
                Err(error) => return (all, Some(error)),
            }
        }
    }

    fn error(text: &str) -> XmlError {
        read(text.as_bytes()).1.expect("an error")
    }

    #[test]
    fn rows_come_with_their_lines_and_unescaped_values() {
        let text = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- a dump -->\n<posts>\n  \
                    <row Id=\"1\" Text=\"&lt;p&gt;a&#xA;b &amp;amp; c&lt;/p&gt;\" Else=\"x\" />\n\n  \
                    <row Text='' Id=\"2\"></row>\n</posts>\n";
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read(text.as_bytes()),
            (
                vec![(4, some("1"), some("<p>a\nb &amp; c</p>")), (6, some("2"), None)],
                None
            )
        );
        assert_eq!(read(b"<posts/>"), (vec![], None));
    }

    #[test]
    fn what_is_no_dump_is_an_error_with_its_place() {
        for (text, part) in [
            ("", "ends before <posts>"),
            ("<users>\n</users>", "<users> has no place here"),
            ("<posts>\n<row Id=\"1\"/>\n", "breaks off"),
            ("<posts><row Id=\"1", "not closed"),
            (
                "<posts><row Id=\"1\"><row Id=\"2\"/></row></posts>",
                "<row> has no place",
            ),
            ("<posts><row Id=\"1\"></posts></row>", "expected `</row>`"),
            ("<posts></posts><posts></posts>", "has no place"),
            ("<posts>words</posts>", "text has no place"),
            ("<posts><![CDATA[x]]></posts>", "text has no place"),
            ("<posts><row Id=1/></posts>", "enclosed"),
            ("<posts><row Id=\"1\" Id=\"2\"/></posts>", "duplicated"),
            (
                "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><posts/>",
                "not in UTF-8",
            ),
        ] {
            let error = error(text);
            assert!(error.to_string().contains(part), "{text}: {error}");
        }
        assert_eq!(error("<posts>\n\n<b/></posts>").line, 3);
        assert_eq!(error("<posts>\n\n<b/></posts>").byte, 9);
        let (rows, why) = read(b"<posts><row Id=\"1\"/><row Id=\"\xff\"/></posts>");
        assert_eq!((rows.len(), why.map(|why| why.byte)), (1, Some(20)));
    }

    #[test]
    fn entities_are_neither_declared_nor_expanded_nor_fetched() {
        let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE posts [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n\
                    <posts><row Id=\"&b;\"/></posts>";
        let why = error(bomb);
        assert!(why.line == 2 && why.detail.contains("document type"), "{why}");
        assert!(
            error("<!DOCTYPE posts SYSTEM \"file:///etc/passwd\"><posts/>")
                .detail
                .contains("refused")
        );
        assert!(error("<posts><row Id=\"&b;\"/></posts>").detail.contains("entities"));
        assert!(
            error("<posts><row Unasked=\"&b;\"/></posts>")
                .detail
                .contains("entities")
        );
        assert!(error("<posts>&b;</posts>").detail.contains("text has no place"));
    }

    #[test]
    fn a_row_without_end_is_not_held() {
        // Twice the bound in one value, then in white space, then in a comment.
        let long = "a".repeat(2 * MAX_ROW_BYTES);
        for text in [
            format!("<posts>\n<row Id=\"{long}\"/></posts>"),
            format!("<posts>\n<!--{long}--></posts>"),
            format!("<posts>\n{long}</posts>"),
        ] {
            let why = error(&text);
            assert!(why.line <= 2 && why.detail.contains("bytes"), "{why}");
        }
        let many = (0..200).fold(String::new(), |all, n| format!("{all} a{n}=\"\""));
        assert!(
            error(&format!("<posts><row{many}/></posts>"))
                .detail
                .contains("attributes")
        );
        let fits = format!("<posts><row Id=\"{}\"/></posts>", &long[..MAX_ROW_BYTES - 20]);
        assert_eq!(read(fits.as_bytes()).0.len(), 1);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes);
        }

        #[test]
        fn no_mark_up_makes_it_panic(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<posts>", "</posts>", "<row ", "/>", ">", "Id=\"", "\"", "'", "&", "&amp;", "&#x0;", "&#xA;", "<!--",
                    "-->", "<![CDATA[", "]]>", "<!DOCTYPE ", "<?xml ", "?>", "<", "é", "\n", "[", "]", "</row>",
                ]),
                0..30,
            )
        ) {
            let (rows, why) = read(parts.concat().as_bytes());
            prop_assert!(rows.len() <= parts.len() && why.is_none_or(|why| why.byte <= 400));
        }
    }
}
