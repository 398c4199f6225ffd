//! A file of cells: its bytes become text, its text becomes rows with their lines.
//!
//! The file is held whole, so that its encoding can be told from all of it; [`MAX_FILE_BYTES`] bounds it.

use super::mapping::{Delimiter, Encoding, Mapping};
use crate::ingest::rejection::{echo, nearest};
use crate::ingest::values::nfc;
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::borrow::Cow;
use std::collections::HashMap;

/// Most bytes of a people file: some hundreds of thousands of people.
pub const MAX_FILE_BYTES: usize = 256 << 20;
/// Most columns of a file.
const MAX_COLUMNS: usize = 1_000;
/// Most columns that a sentence names.
const SHOWN_COLUMNS: usize = 12;
/// What archives begin with, and so do the spreadsheets that are archives.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Why a file cannot be read at all. Nothing of it is imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file itself is not in order.
    #[error("{0}")]
    File(String),
    /// The file is not the one that the mapping was written for.
    #[error("{0}")]
    Mapping(String),
}

/// A row with its line in the file, from 1.
pub(super) struct TableRow {
    pub(super) line: u64,
    cells: csv::StringRecord,
}

/// The rows of a file, and which column is called what.
pub(super) struct Table {
    columns: HashMap<String, usize>,
    pub(super) rows: Vec<TableRow>,
    /// Names of columns that the mapping does not ask for.
    pub(super) ignored: Vec<String>,
    width: usize,
}

impl Table {
    /// Reads `bytes`.
    ///
    /// # Errors
    /// When the bytes are no text, when a quote is never closed, or when a column of the mapping is not there.
    pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Result<Self, FileError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FileError::File(format!(
                "a people file has at most {MAX_FILE_BYTES} bytes"
            )));
        }
        if bytes.starts_with(ARCHIVE) {
            let why = "this is a spreadsheet or an archive: save the table as CSV, and name that file";
            return Err(FileError::File(why.to_owned()));
        }
        // As every text of an event is, so that what is known and what is read compare equal.
        let text = nfc(decode(bytes, mapping.encoding)?);
        if text.trim().is_empty() {
            let why = "the file is empty: its first line should name the columns";
            return Err(FileError::File(why.to_owned()));
        }
        let told = guess(&text);
        let delimiter = mapping.delimiter.or(told).unwrap_or(Delimiter::Semicolon);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .flexible(true)
            .from_reader(text.as_bytes());
        let broken = |error: csv::Error| FileError::File(error.to_string());
        let header = reader.headers().map_err(broken)?.clone();
        let other = told.filter(|told| header.len() == 1 && *told != delimiter);
        let (columns, ignored) = columns(&header, mapping).map_err(|error| match (error, other) {
            (FileError::Mapping(_), Some(other)) => FileError::Mapping(format!(
                "its delimiter is {}, but {} separates the columns of the file's first line",
                delimiter.shown(),
                other.shown()
            )),
            (error, _) => error,
        })?;
        let (mut rows, mut last) = (Vec::new(), (0, 0, false));
        for record in reader.into_records() {
            let cells = record.map_err(broken)?;
            let (line, byte) = cells.position().map_or((0, 0), |at| begin(&text, at));
            last = (line, byte, cells.iter().any(|cell| cell.contains('\n')));
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push(TableRow { line, cells });
            }
        }
        check_quotes(&text, last)?;
        Ok(Self {
            columns,
            rows,
            ignored,
            width: header.len(),
        })
    }

    /// What stands in the column called `name`, without surrounding white space.
    pub(super) fn cell<'r>(&self, row: &'r TableRow, name: &str) -> &'r str {
        let at = self.columns.get(name);
        at.and_then(|at| row.cells.get(*at)).map_or("", str::trim)
    }

    /// How many cells `row` has, and how many it should have, where these differ.
    pub(super) fn misshapen(&self, row: &TableRow) -> Option<(usize, usize)> {
        (row.cells.len() != self.width).then_some((row.cells.len(), self.width))
    }
}

/// The text of `bytes`: as stated, else by its mark, else UTF-8 where it is, else Windows-1252.
fn decode(bytes: &[u8], stated: Option<Encoding>) -> Result<Cow<'_, str>, FileError> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_with_bom_removal(bytes);
        if broken {
            return Err(FileError::File(format!(
                "the file begins as {} and is not {0} throughout",
                encoding.name()
            )));
        }
        return Ok(text);
    }
    match (std::str::from_utf8(bytes), stated) {
        (Ok(text), None | Some(Encoding::Utf8)) => Ok(Cow::Borrowed(text)),
        (Err(error), Some(Encoding::Utf8)) => {
            let at = error.valid_up_to();
            let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
            Err(FileError::File(format!(
                "line {line}, byte {at}: this is not {}, as the mapping says: try encoding = \"windows-1252\"",
                UTF_8.name()
            )))
        }
        _ => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// The line and the byte at which a row begins: the reader tells where the one before ended, and empty lines may follow.
fn begin(text: &str, after: &csv::Position) -> (u64, usize) {
    let byte = after.byte() as usize;
    let rest = text.as_bytes().get(byte..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let lines = memchr::memchr_iter(b'\n', &rest[..empty]).count();
    (after.line() + lines as u64, byte + empty)
}

/// What separates the cells of the first line: the sign that comes most often outside quotes; `None` where none comes.
fn guess(text: &str) -> Option<Delimiter> {
    let mut counts = [Delimiter::Semicolon, Delimiter::Comma, Delimiter::Tab].map(|sign| (sign, 0));
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => counts
                .iter_mut()
                .filter(|(sign, _)| sign.byte() == byte)
                .for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
    // On a draw the first.
    counts.iter().find(|(_, count)| *count == most).map(|(sign, _)| *sign)
}

/// Which column is called what, and those that nobody asks for.
fn columns(header: &csv::StringRecord, mapping: &Mapping) -> Result<(HashMap<String, usize>, Vec<String>), FileError> {
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    if names.len() > MAX_COLUMNS {
        return Err(FileError::File(format!("the file has more than {MAX_COLUMNS} columns")));
    }
    let wanted = mapping.columns();
    let mut columns = HashMap::new();
    for (key, name) in &wanted {
        let mut places = (0..names.len()).filter(|at| names[*at] == *name);
        match (places.next(), places.next()) {
            (Some(at), None) => _ = columns.insert((*name).to_owned(), at),
            (Some(_), Some(_)) => {
                return Err(FileError::Mapping(format!(
                    "{key}: the file has two columns called `{name}`"
                )));
            }
            (None, _) => {
                let hint = nearest(name, names.iter().copied()).map_or_else(
                    || format!("its columns are {}", listed(&names)),
                    |name| format!("did you mean `{name}`?"),
                );
                return Err(FileError::Mapping(format!(
                    "{key}: the file has no column `{name}`: {hint}"
                )));
            }
        }
    }
    let asked = |name: &&&str| !wanted.iter().any(|(_, wanted)| wanted == *name);
    let ignored = names.iter().filter(asked).map(|name| (*name).to_owned()).collect();
    Ok((columns, ignored))
}

/// The names of columns as a sentence may repeat them: the first ones, each cut short.
fn listed(names: &[&str]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN_COLUMNS).map(|name| echo(name)).collect();
    if names.len() > SHOWN_COLUMNS {
        shown.push(format!("and {} more", names.len() - SHOWN_COLUMNS));
    }
    shown.join(", ")
}

/// Refuses a last row, of some lines, in which a quote begins that nobody closes: it swallowed the rest of the file.
fn check_quotes(text: &str, (line, byte, several_lines): (u64, usize, bool)) -> Result<(), FileError> {
    let rest = text.as_bytes().get(byte..).unwrap_or_default();
    let quotes = memchr::memchr_iter(b'"', rest).count();
    if several_lines && quotes % 2 == 1 {
        let why = format!("line {line}: a quote begins in this row and never ends");
        return Err(FileError::File(why));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8], more: &str) -> Result<Table, FileError> {
        Table::read(
            bytes,
            &Mapping::parse(&format!("{more}\n[person]\nid = \"Né\"\n")).unwrap(),
        )
    }

    fn ids(bytes: &[u8], more: &str) -> Vec<(u64, String)> {
        let table = table(bytes, more).unwrap();
        let id = |row: &TableRow| (row.line, table.cell(row, "Né").to_owned());
        table.rows.iter().map(id).collect()
    }

    #[test]
    fn encodings_and_delimiters_are_told() {
        let expected = [(2, "é;1".to_owned()), (4, "b".to_owned())];
        let text = "Né;X\n\"é;1\";x\n\n b ;y\n";
        assert_eq!(ids(text.as_bytes(), ""), expected);
        assert_eq!(ids(format!("\u{feff}{text}").as_bytes(), ""), expected);
        assert_eq!(
            ids(format!("\u{feff}{text}").as_bytes(), "encoding = \"windows-1252\""),
            expected
        );
        let latin = WINDOWS_1252.encode(text).0;
        assert_eq!(ids(&latin, ""), expected);
        assert_eq!(ids(&latin, "encoding = \"windows-1252\""), expected);
        let utf16: Vec<u8> = "\u{feff}Né\tX\r\né;1\tx\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(ids(&utf16, ""), [(2, "é;1".to_owned())]);
        assert_eq!(ids("X,Né\n1,2\n".as_bytes(), ""), [(2, "2".to_owned())]);
        assert_eq!(
            ids("\"a;b;c;d\",Né\n1,2\n".as_bytes(), "").len(),
            1,
            "quoted signs do not count"
        );
        assert_eq!(ids("Né,;\n".as_bytes(), "delimiter = \",\"").len(), 0);
    }

    #[test]
    fn what_is_no_table_says_where() {
        let why = |bytes: &[u8], more| table(bytes, more).err().expect("an error").to_string();
        let latin = WINDOWS_1252.encode("Né;X\né;x\n").0;
        assert!(why(&latin, "encoding = \"utf-8\"").contains("line 1, byte 1"));
        assert!(why(b"\xef\xbb\xbfN\xff;X\n", "").contains("UTF-8"));
        assert!(why("Ne;X\n1;2\n".as_bytes(), "").contains("no column `Né`"));
        assert!(why("Né;Né\n1;2\n".as_bytes(), "").contains("two columns"));
        for empty in [&b""[..], b"\n\n", b"\xef\xbb\xbf \r\n"] {
            assert!(why(empty, "").contains("the file is empty"));
        }
        assert!(why(b"PK\x03\x04\x14", "").contains("save the table as CSV"));
        let said = why("Né;X\n1;2\n".as_bytes(), "delimiter = \",\"");
        assert!(said.contains("delimiter is `,`") && said.contains("`;`"), "{said}");
        assert!(why(b"N|X\n1|2\n", "").contains("its columns are N|X"));
        let wide = vec!["column"; 500].join(";");
        assert!(why(wide.as_bytes(), "").ends_with("column, and 488 more"));
        let open = "Né;X\n1;2\n3;\"4\n5;6\n7;8\n";
        assert!(
            why(open.as_bytes(), "").contains("line 3: a quote"),
            "{}",
            why(open.as_bytes(), "")
        );
        assert_eq!(ids("Né;X\n1;\"two\nlines\"\n3;4\n".as_bytes(), "").len(), 2);
    }

    #[test]
    fn rows_of_another_width_are_told_and_columns_that_nobody_asks_for_are_listed() {
        let table = table("Né;X;Y\n1;2\n3;4;5\n".as_bytes(), "").unwrap();
        assert_eq!(table.misshapen(&table.rows[0]), Some((2, 3)));
        assert_eq!(table.misshapen(&table.rows[1]), None);
        assert_eq!(table.ignored, ["X", "Y"]);
    }
}
