//! A look at the database and its write-ahead log *before* the engine opens them, because the engine repairs silently:
//! it drops everything after the first bad frame of a log, and starts an empty log when the log is gone.
//!
//! Invariant: reads only. What a power cut can leave is let through; what it cannot leave is refused. The two are told
//! apart by the marker of [`DataFolder`] and by one fact: at most one transaction is unsynced at any time, and it is the
//! last. So a broken frame with a whole later transaction behind it is damage, and a broken tail is not.
//!
//! Layouts: <https://www.sqlite.org/fileformat2.html>, chapters 1.3 and 4. Must not know what the tables hold.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use super::error::{Result, StoreError};
use super::folder::DataFolder;
use super::schema;

const HEADER_BYTES: usize = 100;
const LOG_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// The page around this offset carries the engine's locks and is never written.
const LOCK_OFFSET: u64 = 1 << 30;

/// Refuses a database that is not ours, is too new, or cannot be what was acknowledged.
/// Cost: reads the first page and the whole write-ahead log.
pub(super) fn refuse_unless_whole(folder: &DataFolder) -> Result<()> {
    let path = folder.database();
    let header = Header::read(&path)?;
    let log_path = folder.log();
    let log = read_log(&log_path, header.page_bytes).map_err(|e| StoreError::io(&log_path, "read", e))?;
    let marked = folder
        .marker()
        .try_exists()
        .map_err(|e| StoreError::io(&folder.marker(), "look at", e))?;
    if marked {
        let smallest = (LOG_HEADER_BYTES + FRAME_HEADER_BYTES) as u64 + header.page_bytes;
        let length = log_path.metadata().map_or(0, |meta| meta.len());
        if length < smallest {
            return Err(StoreError::Damaged {
                path: log_path,
                what: format!("the last run did not end cleanly, and of its write-ahead log {length} bytes are left"),
                record: None,
                remedy: "put the write-ahead log back beside the database, or restore the newest backup",
            });
        }
    }
    match log {
        Log::Empty => header.check_length(None, &BTreeSet::new()),
        Log::BadHeader if marked => Err(StoreError::damaged(&log_path, "its header fails its checksum")),
        Log::BadHeader => Ok(()),
        Log::Broken { frame } => {
            let what = format!("frame {frame} fails its checksum, but later transactions follow it");
            Err(StoreError::damaged(&log_path, what))
        }
        Log::Sound { database_pages, pages } => header.check_length(database_pages, &pages),
    }
}

/// What the first bytes of the database file say.
struct Header<'p> {
    path: &'p Path,
    page_bytes: u64,
    pages: u64,
    length: u64,
}

impl<'p> Header<'p> {
    fn read(path: &'p Path) -> Result<Self> {
        let mut bytes = [0_u8; HEADER_BYTES];
        let mut file = File::open(path).map_err(|e| StoreError::io(path, "open", e))?;
        let length = file.metadata().map_err(|e| StoreError::io(path, "look at", e))?.len();
        match file.read_exact(&mut bytes) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                return Err(StoreError::damaged(path, format!("it is cut short, to {length} bytes")));
            }
            other => other.map_err(|e| StoreError::io(path, "read", e))?,
        }
        if &bytes[..16] != b"SQLite format 3\0" {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
                what: "it does not begin as an SQLite database does".to_owned(),
                remedy: "point the data folder elsewhere, or restore the newest backup",
            });
        }
        schema::refuse_foreign(path, be32(&bytes[68..]))?;
        schema::refuse_newer(path, be32(&bytes[60..]))?;
        let page_bytes = match u16::from_be_bytes([bytes[16], bytes[17]]) {
            1 => 65_536,
            n if n >= 512 && n.is_power_of_two() => u64::from(n),
            n => {
                return Err(StoreError::damaged(
                    path,
                    format!("its header gives a page size of {n} bytes"),
                ));
            }
        };
        Ok(Self {
            path,
            page_bytes,
            pages: u64::from(be32(&bytes[28..])),
            length,
        })
    }

    /// Every page of the database must be in its file or in the log.
    fn check_length(&self, pages_by_log: Option<u32>, in_log: &BTreeSet<u32>) -> Result<()> {
        let pages = pages_by_log.map_or(self.pages, u64::from);
        let in_file = self.length / self.page_bytes;
        let lock_page = LOCK_OFFSET / self.page_bytes + 1;
        let absent = (in_file + 1..=pages).find(|&page| page != lock_page && !in_log.contains(&(page as u32)));
        match absent {
            None => Ok(()),
            Some(page) => {
                let what = format!(
                    "it is cut short: page {page} of {pages} is missing ({} bytes left)",
                    self.length
                );
                Err(StoreError::damaged(self.path, what))
            }
        }
    }
}

/// What a write-ahead log holds, by its own checksums.
#[derive(Debug, PartialEq, Eq)]
enum Log {
    /// No file, or an empty one.
    Empty,
    /// Its header was never whole, or is no longer.
    BadHeader,
    /// A frame is bad, and a transaction that was synced later lies behind it.
    Broken { frame: u64 },
    /// Whole up to the last committed transaction.
    Sound {
        /// The size of the database in pages after that transaction; `None` if there is none.
        database_pages: Option<u32>,
        /// The pages that committed transactions hold.
        pages: BTreeSet<u32>,
    },
}

fn read_log(path: &Path, page_bytes: u64) -> std::io::Result<Log> {
    let file = match File::open(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Log::Empty),
        other => other?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(Log::Empty);
    }
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut header = [0_u8; LOG_HEADER_BYTES];
    let Some(seal) = fill(&mut reader, &mut header)?
        .then(|| Seal::of_header(&header, page_bytes))
        .flatten()
    else {
        return Ok(Log::BadHeader);
    };
    walk_frames(&mut reader, seal, page_bytes)
}

fn walk_frames(reader: &mut impl Read, mut seal: Seal, page_bytes: u64) -> std::io::Result<Log> {
    let mut frame = vec![0_u8; FRAME_HEADER_BYTES + page_bytes as usize];
    let (mut pending, mut pages) = (Vec::new(), BTreeSet::new());
    let (mut database_pages, mut broken_at, mut later_commit) = (None, None, false);
    let mut number = 0_u64;
    while fill(reader, &mut frame)? {
        number += 1;
        let commit = be32(&frame[4..]);
        if broken_at.is_none() && seal.extends_to(&frame) {
            pending.push(be32(&frame));
            if commit != 0 {
                database_pages = Some(commit);
                pages.extend(pending.drain(..));
            }
            continue;
        }
        let first_bad = *broken_at.get_or_insert(number);
        if seal.same_log(&frame) {
            if later_commit {
                return Ok(Log::Broken { frame: first_bad });
            }
            later_commit = commit != 0;
        }
    }
    Ok(Log::Sound { database_pages, pages })
}

/// The running checksum of a log, and the salts that its frames share.
struct Seal {
    big_endian: bool,
    salts: [u8; 8],
    sum: (u32, u32),
}

impl Seal {
    fn of_header(header: &[u8; LOG_HEADER_BYTES], page_bytes: u64) -> Option<Self> {
        let magic = be32(header);
        let mut salts = [0; 8];
        salts.copy_from_slice(&header[16..24]);
        let mut seal = Self {
            big_endian: magic & 1 == 1,
            salts,
            sum: (0, 0),
        };
        seal.sum = seal.add(seal.sum, &header[..24]);
        let whole = magic & !1 == 0x377f_0682
            && u64::from(be32(&header[8..])) == page_bytes
            && seal.sum == (be32(&header[24..]), be32(&header[28..]));
        whole.then_some(seal)
    }

    /// Whether the frame is the next sound one; if so the seal moves on to it.
    fn extends_to(&mut self, frame: &[u8]) -> bool {
        if be32(frame) == 0 || frame[8..16] != self.salts {
            return false;
        }
        let sum = self.add(self.add(self.sum, &frame[..8]), &frame[FRAME_HEADER_BYTES..]);
        let whole = sum == (be32(&frame[16..]), be32(&frame[20..]));
        if whole {
            self.sum = sum;
        }
        whole
    }

    /// Whether a bad frame was written by this log and not by an older one in the same file: each salt differs between
    /// logs, so one that matches is enough, and the other may be what was hit.
    fn same_log(&self, frame: &[u8]) -> bool {
        frame[8..12] == self.salts[..4] || frame[12..16] == self.salts[4..]
    }

    fn add(&self, (mut s0, mut s1): (u32, u32), bytes: &[u8]) -> (u32, u32) {
        for [a, b, c, d, e, f, g, h] in bytes.as_chunks::<8>().0 {
            let words = ([*a, *b, *c, *d], [*e, *f, *g, *h]);
            let (x0, x1) = if self.big_endian {
                (u32::from_be_bytes(words.0), u32::from_be_bytes(words.1))
            } else {
                (u32::from_le_bytes(words.0), u32::from_le_bytes(words.1))
            };
            s0 = s0.wrapping_add(x0).wrapping_add(s1);
            s1 = s1.wrapping_add(x1).wrapping_add(s0);
        }
        (s0, s1)
    }
}

/// Fills the buffer, or says that the file ends before.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: u64 = 512;

    /// A log as the engine would write it: each transaction is a list of pages.
    fn log_of(transactions: &[&[u32]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for word in [0x377f_0682_u32, 3_007_000, PAGE as u32, 0, 77, 99] {
            bytes.extend(word.to_be_bytes());
        }
        let mut seal = Seal {
            big_endian: false,
            salts: [0, 0, 0, 77, 0, 0, 0, 99],
            sum: (0, 0),
        };
        seal.sum = seal.add((0, 0), &bytes);
        bytes.extend(seal.sum.0.to_be_bytes());
        bytes.extend(seal.sum.1.to_be_bytes());
        for pages in transactions {
            for (i, page) in pages.iter().enumerate() {
                let commit = if i + 1 == pages.len() { 9_u32 } else { 0 };
                let mut frame = [page.to_be_bytes(), commit.to_be_bytes()].concat();
                let content = vec![*page as u8; PAGE as usize];
                seal.sum = seal.add(seal.add(seal.sum, &frame), &content);
                frame.extend(seal.salts);
                frame.extend(seal.sum.0.to_be_bytes());
                frame.extend(seal.sum.1.to_be_bytes());
                bytes.extend(frame.into_iter().chain(content));
            }
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Log {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read_log(file.path(), PAGE).unwrap()
    }

    fn frame_at(number: usize) -> usize {
        LOG_HEADER_BYTES + (number - 1) * (FRAME_HEADER_BYTES + PAGE as usize)
    }

    #[test]
    fn a_sound_log_tells_its_pages() {
        let expected = Log::Sound {
            database_pages: Some(9),
            pages: BTreeSet::from([1, 2, 5]),
        };
        assert_eq!(read(&log_of(&[&[1, 2], &[5]])), expected);
        assert_eq!(read(&[]), Log::Empty);
        assert_eq!(
            read(&log_of(&[])),
            Log::Sound {
                database_pages: None,
                pages: BTreeSet::new()
            }
        );
    }

    #[test]
    fn a_torn_tail_is_what_a_power_cut_leaves() {
        let whole = log_of(&[&[1, 2], &[5, 6, 7]]);
        let kept = Log::Sound {
            database_pages: Some(9),
            pages: BTreeSet::from([1, 2]),
        };
        for length in frame_at(3)..whole.len() {
            assert_eq!(read(&whole[..length]), kept, "cut at {length}");
        }
        for torn in 3..=5 {
            let mut bytes = whole.clone();
            bytes[frame_at(torn)..][..300].fill(0);
            assert_eq!(
                read(&bytes),
                kept,
                "frame {torn} of the last transaction was never written"
            );
        }
    }

    #[test]
    fn any_flip_before_the_last_transactions_is_damage() {
        let whole = log_of(&[&[1, 2], &[5], &[6], &[7]]);
        for at in 0..frame_at(4) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            let found = read(&bytes);
            assert!(
                matches!(found, Log::Broken { .. } | Log::BadHeader),
                "byte {at}: {found:?}"
            );
        }
    }

    #[test]
    fn frames_of_an_older_log_in_the_same_file_are_ignored() {
        let mut bytes = log_of(&[&[1], &[2], &[3]]);
        let newer = log_of(&[&[4]]);
        for frame in 2..=3 {
            bytes[frame_at(frame) + 8..][..8].copy_from_slice(&[9; 8]);
        }
        bytes[..newer.len()].copy_from_slice(&newer);
        assert_eq!(
            read(&bytes),
            Log::Sound {
                database_pages: Some(9),
                pages: BTreeSet::from([4])
            }
        );
    }

    #[test]
    fn every_page_must_be_somewhere() {
        let header = Header {
            path: Path::new("x"),
            page_bytes: PAGE,
            pages: 4,
            length: 4 * PAGE,
        };
        header.check_length(None, &BTreeSet::new()).unwrap();
        header.check_length(Some(5), &BTreeSet::from([5])).unwrap();
        assert!(header.check_length(Some(6), &BTreeSet::from([5])).is_err());
        let cut = Header {
            length: 4 * PAGE - 1,
            ..header
        };
        assert!(cut.check_length(None, &BTreeSet::new()).is_err());
    }
}
