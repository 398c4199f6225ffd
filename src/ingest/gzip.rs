//! Compressed files: opened by their first bytes, read as a stream, with a bound on what a byte may become.

use super::limits::MAX_GZIP_RATIO;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The first bytes of every gzip file.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What a file may become before its ratio is looked at: a short file of one repeated word is no bomb.
const GRACE_BYTES: u64 = 1 << 20;

/// Why a compressed file could not be read to its end. Byte positions are those of the compressed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GzipError {
    /// It grows too much.
    #[error(
        "at byte {byte} this gzip file has become more than {MAX_GZIP_RATIO} times as large: it is not read further"
    )]
    Bomb {
        /// How far the file was read.
        byte: u64,
    },
    /// It ends too early.
    #[error("this gzip file ends at byte {byte} in the middle of its data: copy it again")]
    Truncated {
        /// Where it ends.
        byte: u64,
    },
    /// It is damaged, or something else follows it.
    #[error("this gzip file is damaged near byte {byte}: copy it again")]
    Damaged {
        /// How far the file was read.
        byte: u64,
    },
}

/// Opens `path`, decompressing it when it begins as gzip does, whatever its name. Several members count as one file.
///
/// # Errors
/// When the file cannot be opened or its first bytes cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    unpacked(File::open(path)?)
}

/// `input`, decompressed when it begins as gzip does.
///
/// # Errors
/// When its first bytes cannot be read.
pub(super) fn unpacked<'a>(input: impl Read + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    if input.fill_buf()?.starts_with(&MAGIC) {
        Ok(Box::new(Gunzip::new(input)))
    } else {
        Ok(Box::new(input))
    }
}

/// Decompresses, and stops at a bomb. Errors other than the file's own are [`GzipError`]s within `io::Error`.
pub(super) struct Gunzip<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    produced: u64,
}

impl<R: BufRead> Gunzip<R> {
    pub(super) fn new(input: R) -> Self {
        let counted = Counted { input, consumed: 0 };
        Self {
            decoder: MultiGzDecoder::new(counted),
            produced: 0,
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer);
        let byte = self.decoder.get_ref().consumed;
        match read {
            Ok(count) => {
                self.produced += count as u64;
                if self.produced > GRACE_BYTES + byte.saturating_mul(MAX_GZIP_RATIO) {
                    return Err(io::Error::other(GzipError::Bomb { byte }));
                }
                Ok(count)
            }
            Err(error) => Err(match error.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::other(GzipError::Truncated { byte }),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    io::Error::other(GzipError::Damaged { byte })
                }
                _ => error,
            }),
        }
    }
}

/// Counts the bytes that were taken from `input`.
struct Counted<R> {
    input: R,
    consumed: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.consumed += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.consumed += count as u64;
        self.input.consume(count);
    }
}
