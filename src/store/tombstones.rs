//! Tombstones: marks of what was erased, so that it is known again when it comes back. They stand in the database, which
//! backups copy, and in a list beside it, which stays when an older database takes its place.
//!
//! The list has one line a mark: 32 hexadecimal digits, a space, the instant in microseconds. Invariants: a mark is in the
//! list, durably, before what it stands for is erased; a line that is cut short at the end was never relied upon. What the
//! list has and the database lacks is *due*: the database is older than that erasure, which must be repeated.
//!
//! Must not know what a mark stands for.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::{Transaction, params};

use super::error::{Result, StoreError};
use super::rows::Db;
use super::{NewRecord, folder};

/// The schema in which there are tombstones first: an older one may be looked at, and has none.
const FIRST_VERSION: u32 = 4;

/// The mark of something that was erased: by it, it is known again. A keyed hash, from which nothing can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tombstone {
    /// The mark.
    pub mark: [u8; 16],
    /// When it was erased, in microseconds since 1970.
    pub at_micros: i64,
}

/// The tombstones that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tombstones {
    /// Of what is gone, by mark.
    pub done: Vec<Tombstone>,
    /// Of what an older database that took this one's place may hold again: it must be erased again.
    pub due: Vec<Tombstone>,
}

/// What goes for good, and what comes in its place, together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Erasure<'a> {
    /// Records; unknown or erased sequences are ignored.
    pub sequences: &'a [u64],
    /// Records that are appended.
    pub group: &'a [NewRecord<'a>],
    /// By which what goes is known again; they stand before it goes.
    pub tombstones: &'a [Tombstone],
    /// Names of access keys, of which nothing stays.
    pub keys: &'a [String],
}

fn checksum(stone: &Tombstone) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&stone.mark);
    hasher.update(&stone.at_micros.to_le_bytes());
    i64::from(hasher.finalize())
}

/// Adds tombstones inside the caller's transaction; one that stands keeps its instant.
pub(super) fn insert(tx: &Transaction<'_>, stones: &[Tombstone]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO tombstone (mark, at_micros, checksum) VALUES (?1, ?2, ?3) ON CONFLICT (mark) DO NOTHING";
    let mut insert = tx.prepare_cached(sql)?;
    for stone in stones {
        insert.execute(params![stone.mark, stone.at_micros, checksum(stone)])?;
    }
    Ok(())
}

impl Db {
    /// Every tombstone of the database, verified, by mark.
    pub(super) fn tombstones(&self) -> Result<Vec<Tombstone>> {
        let error = self.error("read the tombstones");
        let version = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
        if version.map_err(&error)? < FIRST_VERSION {
            return Ok(Vec::new());
        }
        let sql = "SELECT mark, at_micros, checksum FROM tombstone ORDER BY mark";
        let mut statement = self.connection.prepare_cached(sql).map_err(&error)?;
        let rows = statement.query_map([], |row| {
            let stone = Tombstone {
                mark: row.get(0)?,
                at_micros: row.get(1)?,
            };
            Ok((stone, row.get::<_, i64>(2)?))
        });
        let mut stones = Vec::new();
        for row in rows.map_err(&error)? {
            let (stone, sum) = row.map_err(&error)?;
            if sum != checksum(&stone) {
                return Err(self.damaged("table tombstone: a row fails its checksum"));
            }
            stones.push(stone);
        }
        Ok(stones)
    }
}

/// The tombstones of the list at `path`; none when there is no list.
pub(super) fn read_list(path: &Path) -> Result<Vec<Tombstone>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(path, "read", error)),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = (1..).zip(whole.lines());
    lines
        .map(|(number, line)| {
            parse(line).ok_or_else(|| StoreError::damaged(path, format!("line {number} is none that was written")))
        })
        .collect()
}

fn parse(line: &str) -> Option<Tombstone> {
    let (digits, at) = line.split_once(' ')?;
    let lower = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let mark = (lower && digits.len() == 32)
        .then(|| u128::from_str_radix(digits, 16).ok())
        .flatten()?;
    Some(Tombstone {
        mark: mark.to_be_bytes(),
        at_micros: at.parse().ok()?,
    })
}

/// Adds those of `stones` that the list at `path` lacks, durable on return.
pub(super) fn extend_list(path: &Path, stones: &[Tombstone]) -> Result<()> {
    let known: BTreeSet<_> = read_list(path)?.into_iter().map(|stone| stone.mark).collect();
    let mut text = String::new();
    for stone in stones.iter().filter(|stone| !known.contains(&stone.mark)) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{:032x} {}", u128::from_be_bytes(stone.mark), stone.at_micros);
    }
    if text.is_empty() {
        return Ok(());
    }
    write_behind(path, &text).map_err(|error| StoreError::io(path, "write", error))?;
    folder::sync_folder(folder::parent(path))
}

/// Writes `text` behind the last whole line, for the owner alone.
fn write_behind(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file: File = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    let mut there = Vec::new();
    file.read_to_end(&mut there)?;
    let whole = there.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    file.set_len(whole as u64)?;
    file.seek(SeekFrom::Start(whole as u64))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stone(n: u8) -> Tombstone {
        Tombstone {
            mark: [n; 16],
            at_micros: i64::from(n) * 1_000_000,
        }
    }

    #[test]
    fn a_list_holds_each_mark_once_and_outlives_a_line_cut_short() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("erased");
        assert_eq!(read_list(&path).unwrap(), []);
        extend_list(&path, &[stone(1), stone(2)]).unwrap();
        extend_list(&path, &[stone(2), stone(0xab)]).unwrap();
        let all = [stone(1), stone(2), stone(0xab)];
        assert_eq!(read_list(&path).unwrap(), all);
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..30 {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            assert_eq!(read_list(&path).unwrap(), all[..2], "{cut} bytes missing");
            extend_list(&path, &[stone(0xab)]).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn a_line_that_was_never_written_is_damage() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("erased");
        let good = format!("{:032x} 7\n", 1);
        for bad in [
            "\n\n",
            "soon 7\n",
            &good.replace(" 7", ""),
            &good.replace('1', "G"),
            &good[1..],
        ] {
            std::fs::write(&path, format!("{good}{bad}")).unwrap();
            let error = read_list(&path).unwrap_err().to_string();
            assert!(error.contains("line 2"), "{error}");
        }
    }
}
