//! A CSV file as rows of named cells: bytes become text, the first line names the columns.

use crate::ingest::hr::MAX_FILE_BYTES;
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;
use std::collections::HashMap;

/// Delimiters that are told apart, by how many columns they make of the first line.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is too big.
    #[error("a file has at most {MAX_FILE_BYTES} bytes")]
    TooBig,
    /// It is no table.
    #[error("this is no CSV file: {0}")]
    NoTable(String),
    /// A column is not there.
    #[error("there is no column {0}: is this the file as it is published?")]
    NoColumn(String),
}

/// A table, held whole.
pub(super) struct Sheet {
    columns: HashMap<String, usize>,
    names: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row.
pub(super) struct Row<'s> {
    sheet: &'s Sheet,
    cells: &'s csv::StringRecord,
}

impl Sheet {
    /// Reads `bytes`: UTF-8, with or without a mark, else Windows-1252; commas, semicolons or tabs.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(SheetError::TooBig);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        };
        let first = text.lines().next().unwrap_or_default();
        let columns = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
        let delimiter = DELIMITERS
            .into_iter()
            .max_by_key(|d| (columns(d), u8::from(*d == b',')))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let broken = |error: csv::Error| SheetError::NoTable(error.to_string());
        let names: Vec<String> = reader
            .headers()
            .map_err(broken)?
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        if names.iter().all(String::is_empty) {
            return Err(SheetError::NoTable("its first line names no column".to_owned()));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(broken)?;
            let line = row.position().map_or(0, csv::Position::line);
            rows.push((line, row));
        }
        let columns = names
            .iter()
            .enumerate()
            .map(|(place, name)| (name.clone(), place))
            .collect();
        Ok(Self { columns, names, rows })
    }

    /// Whether there is a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Refuses a table without one of `columns`.
    pub(super) fn needs(&self, columns: &[&str]) -> Result<(), SheetError> {
        match columns.iter().find(|column| !self.has(column)) {
            Some(column) => Err(SheetError::NoColumn((*column).to_owned())),
            None => Ok(()),
        }
    }

    /// The names of the columns, in lowercase.
    pub(super) fn columns(&self) -> &[String] {
        &self.names
    }

    /// The rows with their lines in the file, from 1; those without any cell filled left out.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, Row<'_>)> {
        let filled = self
            .rows
            .iter()
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
        filled.map(move |(line, cells)| (*line, Row { sheet: self, cells }))
    }
}

impl Row<'_> {
    /// The cell under `column`, trimmed; empty when there is none.
    pub(super) fn get(&self, column: &str) -> &str {
        let place = self.sheet.columns.get(column);
        place
            .and_then(|&place| self.cells.get(place))
            .unwrap_or_default()
            .trim()
    }
}
