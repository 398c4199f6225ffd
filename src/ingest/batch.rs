//! Input cut into lines: NDJSON or one JSON array, from a body in memory or a file of any length.
//!
//! Memory is bounded by [`MAX_LINE_BYTES`], whatever the input. A line that is too long is passed over, never held; the
//! next goes on. What a line says is not looked at here: an array's items are told apart by brackets and strings alone.

mod item;

use super::gzip::{self, GzipError};
use super::limits::{MAX_BATCH_BYTES, MAX_BATCH_LINES, MAX_LINE_BYTES};
use super::{Rejection, too_long};
use item::Item;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Why a batch could not be cut into lines to its end.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// More bytes than a batch may have.
    #[error("a batch has at most {MAX_BATCH_BYTES} bytes: send it in parts")]
    TooManyBytes,
    /// More lines than a batch may have.
    #[error("a batch has at most {MAX_BATCH_LINES} lines: send it in parts")]
    TooManyLines,
    /// The array breaks off, or holds something that is no item.
    #[error("the JSON array cannot be read after item {items}: {detail}")]
    Array {
        /// How many items came through whole.
        items: u64,
        /// What was found.
        detail: &'static str,
    },
    /// The compressed file cannot be read to its end; every line before came through.
    #[error(transparent)]
    Gzip(#[from] GzipError),
    /// The input cannot be read.
    #[error("the input cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for BatchError {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<GzipError>()) {
            Some(inner) => Self::Gzip(*inner),
            None => Self::Io(error),
        }
    }
}

/// One line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<B> {
    /// Counted from 1: the line of the text, empty ones included, or the item of the array.
    pub number: u64,
    /// The line without its end, or why it was not held.
    pub bytes: Result<B, Rejection>,
}

/// Cuts the body of a request into lines; all of it, before any line is looked at.
///
/// # Errors
/// Over a limit of a batch, or an array that cannot be read.
pub fn split(body: &[u8]) -> Result<Vec<Line<Vec<u8>>>, BatchError> {
    if body.len() > MAX_BATCH_BYTES {
        return Err(BatchError::TooManyBytes);
    }
    let mut reader = Lines::new(body);
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line()? {
        if lines.len() == MAX_BATCH_LINES {
            return Err(BatchError::TooManyLines);
        }
        lines.push(Line {
            number: line.number,
            bytes: line.bytes.map(<[u8]>::to_vec),
        });
    }
    Ok(lines)
}

/// Opens a file of events; gzip is known by its first bytes, and may have several members.
///
/// # Errors
/// When the file cannot be opened. A bomb, or an end that comes too early, shows when its place is reached.
pub fn open_file(path: &Path) -> Result<Lines<Box<dyn Read + Send>>, BatchError> {
    Ok(Lines::new(gzip::open(path)?))
}

/// The lines of `input`, compressed with gzip or not, as those of a file.
///
/// # Errors
/// As [`open_file`].
pub fn read_lines<'a>(input: impl Read + Send + 'a) -> Result<Lines<Box<dyn Read + Send + 'a>>, BatchError> {
    Ok(Lines::new(gzip::unpacked(input)?))
}

/// What kind of text the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Not known yet.
    Unread,
    /// One value a line.
    Lines,
    /// One array.
    Array,
    /// Behind the closing bracket of an array.
    AfterArray,
    /// At its end, or past an error.
    Ended,
}

/// Cuts input into lines as it comes.
#[derive(Debug)]
pub struct Lines<R> {
    input: BufReader<R>,
    form: Form,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: Read> Lines<R> {
    /// The lines of `input`.
    pub fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, input),
            form: Form::Unread,
            number: 0,
            buffer: Vec::new(),
        }
    }

    /// The next line that is not empty; `None` at the end, and after an error.
    ///
    /// # Errors
    /// When the input cannot be read further. The lines before were given out whole.
    pub fn next_line(&mut self) -> Result<Option<Line<&[u8]>>, BatchError> {
        let found = self.advance();
        if !matches!(found, Ok(Some(_))) {
            self.form = Form::Ended;
        }
        let held = found?;
        Ok(held.map(|held| Line {
            number: self.number,
            bytes: if held { Ok(&self.buffer[..]) } else { Err(too_long()) },
        }))
    }

    /// Moves on: whether the line is held in the buffer, or was too long for it.
    fn advance(&mut self) -> Result<Option<bool>, BatchError> {
        if self.form == Form::Unread {
            self.form = self.recognise()?;
        }
        match self.form {
            Form::Lines => self.advance_line(),
            Form::Array => self.advance_item(),
            Form::AfterArray => self.after_array(),
            Form::Unread | Form::Ended => Ok(None),
        }
    }

    /// Passes over what stands before the first value, and tells the form by its first byte.
    fn recognise(&mut self) -> Result<Form, BatchError> {
        // `fill_buf` may give fewer bytes than the mark has, so that the mark is read byte by byte.
        for mark in *b"\xef\xbb\xbf" {
            if self.peek()? != Some(mark) {
                break;
            }
            self.input.consume(1);
        }
        Ok(match self.skip_space()? {
            None => Form::Ended,
            Some(b'[') => {
                self.input.consume(1);
                self.number = 0;
                Form::Array
            }
            Some(_) => Form::Lines,
        })
    }

    fn peek(&mut self) -> Result<Option<u8>, BatchError> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    /// Passes over white space, counting line feeds: the byte that follows.
    fn skip_space(&mut self) -> Result<Option<u8>, BatchError> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.number += u64::from(byte == b'\n');
            self.input.consume(1);
        }
        Ok(None)
    }

    fn advance_line(&mut self) -> Result<Option<bool>, BatchError> {
        loop {
            self.buffer.clear();
            // One byte more than a line and its end may have tells that it is too long.
            let most = MAX_LINE_BYTES as u64 + 3;
            let read = (&mut self.input).take(most).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let ended = self.buffer.ends_with(b"\n");
            if !ended && read as u64 == most {
                self.input.skip_until(b'\n')?;
                return Ok(Some(false));
            }
            let end = if ended {
                self.buffer.len() - 1
            } else {
                self.buffer.len()
            };
            self.buffer.truncate(end);
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(self.buffer.len() <= MAX_LINE_BYTES));
            }
        }
    }

    fn advance_item(&mut self) -> Result<Option<bool>, BatchError> {
        self.buffer.clear();
        let items = self.number;
        let broken = |detail| BatchError::Array { items, detail };
        let mut item = Item::default();
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Err(broken("it ends without its closing bracket"));
            }
            let end = item.scan(chunk);
            let inside = &chunk[..end.unwrap_or(chunk.len())];
            item.hold(inside, &mut self.buffer);
            let stop = end.map(|end| chunk[end]);
            let used = inside.len() + usize::from(stop.is_some());
            self.input.consume(used);
            match stop {
                None => {}
                Some(b']') if item.is_empty() && items == 0 => return self.after_array(),
                Some(_) if item.is_empty() => return Err(broken("an item is missing beside a comma")),
                Some(stop) => {
                    self.number += 1;
                    if stop == b']' {
                        self.form = Form::AfterArray;
                    }
                    return Ok(Some(!item.is_too_long()));
                }
            }
        }
    }

    /// Only white space may follow the array.
    fn after_array(&mut self) -> Result<Option<bool>, BatchError> {
        let items = self.number;
        let after = self.skip_space()?;
        if after.is_some() {
            let detail = "something follows its closing bracket";
            return Err(BatchError::Array { items, detail });
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
