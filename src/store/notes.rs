//! Notes beside the log: small entries under names that come in order, the newest last, of which the oldest go.
//!
//! Invariants: a name keeps its first content; what a note holds was written so, or an error says that it was not; the
//! head knows how many there are and what room they take. Names that come in order keep a group of notes on a few pages,
//! whatever their number. What went is overwritten where it lay, but copies of it may stay on pages that the engine split:
//! nothing may be noted that has to be erased without a trace.
//!
//! Must not know what a note says.

use rusqlite::{OptionalExtension, Transaction, params};

use super::error::Result;
use super::rows::{Db, signed};
use super::{Dropped, Keep, Note, NoteName};

/// What a note takes besides its content: its name, its checksum, and its place on a page.
const BESIDES: u64 = 32;
/// The schema in which there are notes first: an older one may be looked at, and has none.
const FIRST_VERSION: u32 = 2;
/// The most notes that one change removes, so that it never holds the log up for long; the rest goes the next time.
const MOST_REMOVED: i64 = 20_000;

fn checksum(name: &NoteName, content: &[u8]) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(name);
    hasher.update(content);
    i64::from(hasher.finalize())
}

/// How many notes there are, and what room they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Extent {
    notes: u64,
    bytes: u64,
}

impl Extent {
    fn less(self, other: Self) -> Self {
        Self {
            notes: self.notes.saturating_sub(other.notes),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}

/// Adds notes and removes what `keep` does not keep, inside the caller's transaction.
pub(super) fn change(tx: &Transaction<'_>, notes: &[Note<'_>], keep: &Keep) -> rusqlite::Result<Dropped> {
    let head = "SELECT notes, bytes FROM note_head WHERE id = 1";
    let number = |row: &rusqlite::Row<'_>, column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let mut extent = tx.prepare_cached(head)?.query_row([], |row| {
        Ok(Extent {
            notes: number(row, 0)?,
            bytes: number(row, 1)?,
        })
    })?;
    let sql = "INSERT INTO note (name, checksum, content) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING";
    let mut insert = tx.prepare_cached(sql)?;
    for note in notes {
        if insert.execute(params![note.name, checksum(&note.name, note.content), note.content])? == 1 {
            extent.notes += 1;
            extent.bytes += note.content.len() as u64 + BESIDES;
        }
    }
    let old = remove_first(tx, |name, _| *name < keep.from)?;
    extent = extent.less(old);
    let over = remove_first(tx, |_, removed| extent.bytes.saturating_sub(removed) > keep.most_bytes)?;
    extent = extent.less(over);
    tx.prepare_cached("UPDATE note_head SET notes = ?1, bytes = ?2 WHERE id = 1")?
        .execute(params![signed(extent.notes), signed(extent.bytes)])?;
    Ok(Dropped {
        old: old.notes,
        for_room: over.notes,
    })
}

/// Removes the first notes for as long as `go` says so of a name and of the bytes that were removed before it.
fn remove_first(tx: &Transaction<'_>, go: impl Fn(&NoteName, u64) -> bool) -> rusqlite::Result<Extent> {
    let mut find = tx.prepare_cached("SELECT name, length(content) FROM note ORDER BY name LIMIT ?1")?;
    let mut rows = find.query([MOST_REMOVED])?;
    let (mut removed, mut last) = (Extent::default(), None);
    while let Some(row) = rows.next()? {
        let name: NoteName = row.get(0)?;
        if !go(&name, removed.bytes) {
            break;
        }
        removed.notes += 1;
        removed.bytes += row.get::<_, i64>(1)?.unsigned_abs() + BESIDES;
        last = Some(name);
    }
    if let Some(last) = last {
        tx.prepare_cached("DELETE FROM note WHERE name <= ?1")?
            .execute([last])?;
    }
    Ok(removed)
}

impl Db {
    /// One note, verified.
    pub(super) fn note(&self, name: &NoteName) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT content, checksum FROM note WHERE name = ?1";
        let row = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?));
            statement.query_row([name], row).optional()
        });
        match row.map_err(self.error("read a note"))? {
            None => Ok(None),
            Some((content, sum)) if sum == checksum(name, &content) => Ok(Some(content)),
            Some(_) => Err(self.damaged("table note: a row fails its checksum")),
        }
    }

    /// Verifies every note, and that the head counts them all.
    pub(super) fn check_notes(&self) -> Result<()> {
        let error = self.error("read the notes");
        let version = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
        if version.map_err(&error)? < FIRST_VERSION {
            return Ok(());
        }
        let sql = "SELECT name, content, checksum FROM note";
        let mut statement = self.connection.prepare(sql).map_err(&error)?;
        let mut rows = statement.query([]).map_err(&error)?;
        let mut found = Extent::default();
        while let Some(row) = rows.next().map_err(&error)? {
            let read = || -> rusqlite::Result<_> {
                let (name, content) = (row.get::<_, NoteName>(0)?, row.get_ref(1)?.as_blob()?);
                Ok((checksum(&name, content) == row.get::<_, i64>(2)?, content.len() as u64))
            };
            let (sound, length) = read().map_err(&error)?;
            if !sound {
                return Err(self.damaged("table note: a row fails its checksum"));
            }
            found.notes += 1;
            found.bytes += length + BESIDES;
        }
        let head = self
            .connection
            .query_row("SELECT notes, bytes FROM note_head WHERE id = 1", [], |row| {
                Ok(Extent {
                    notes: row.get::<_, i64>(0)?.unsigned_abs(),
                    bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                })
            });
        match head.optional().map_err(&error)? {
            Some(head) if head == found => Ok(()),
            _ => Err(self.damaged("table note_head, row 1: it does not count the notes that there are")),
        }
    }
}
