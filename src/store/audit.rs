//! The audit log: rows about acts, each bound to the one before it.
//!
//! A row's hash is SHA-256(hash of the row before ‖ number, 8 bytes, big-endian ‖ content); before the first row stands
//! SHA-256("antenne audit" ‖ data id), so that no row fits the log of other data. The head says which row is the last and
//! what its hash is, so that a lost end is noticed too.
//!
//! Invariants: rows are appended and never change or go, which triggers of the engine see to as well; numbers start at 1
//! and have no gap; what is read fits its row before, or an error says that it does not.
//!
//! What the chain alone cannot show: whoever may write the file may also write another chain with another head. A head
//! that was noted elsewhere shows that too ([`AuditCheck::hash_of`]). Must not know what a row says.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::error::Result;
use super::rows::{Db, signed};

/// The schema in which there is an audit log first: an older one may be looked at, and has none.
const FIRST_VERSION: u32 = 3;

/// A row of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditRow<'a> {
    /// Its place, from 1 on.
    pub number: u64,
    /// What it says, as it was appended.
    pub content: &'a [u8],
    /// Its hash, which binds it to every row before it.
    pub hash: [u8; 32],
}

/// The end of the audit log: as long as the chain holds, it stands for every row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of the last row; 0 when there is none.
    pub number: u64,
    /// The hash of the last row.
    pub hash: [u8; 32],
}

/// Where the chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditBreak {
    /// The first row that is not as it was written, or is missing.
    pub number: u64,
    /// What is wrong there.
    pub what: String,
}

/// What a check of the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditCheck {
    /// The head as it is kept.
    pub head: AuditHead,
    /// Rows whose place in the chain is right, counted from the first.
    pub sound: u64,
    /// The hash of the row that was asked for, when it is sound.
    pub hash_of: Option<[u8; 32]>,
    /// Where the chain breaks; `None` when it is whole.
    pub broken: Option<AuditBreak>,
}

/// What a visitor of rows is called with; `Break` ends the walk early without an error.
pub type VisitAudit<'v> = &'v mut dyn FnMut(AuditRow<'_>) -> ControlFlow<()>;

fn beginning(data_id: [u8; 16]) -> [u8; 32] {
    Sha256::new()
        .chain_update("antenne audit")
        .chain_update(data_id)
        .finalize()
        .into()
}

fn link(before: [u8; 32], number: u64, content: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(before)
        .chain_update(number.to_be_bytes())
        .chain_update(content)
        .finalize()
        .into()
}

fn head_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditHead> {
    Ok(AuditHead {
        number: row.get::<_, i64>(0)?.unsigned_abs(),
        hash: row.get(1)?,
    })
}

const HEAD: &str = "SELECT last_number, hash FROM audit_head WHERE id = 1";

/// Appends rows inside the caller's transaction; returns the new head.
pub(super) fn append(tx: &Transaction<'_>, data_id: [u8; 16], contents: &[&[u8]]) -> rusqlite::Result<AuditHead> {
    let mut head = tx.prepare_cached(HEAD)?.query_row([], head_of)?;
    if head.number == 0 {
        head.hash = beginning(data_id);
    }
    let mut insert = tx.prepare_cached("INSERT INTO audit (number, hash, content) VALUES (?, ?, ?)")?;
    for content in contents {
        head.number += 1;
        head.hash = link(head.hash, head.number, content);
        insert.execute(params![signed(head.number), head.hash, content])?;
    }
    tx.prepare_cached("UPDATE audit_head SET last_number = ?1, hash = ?2 WHERE id = 1")?
        .execute(params![signed(head.number), head.hash])?;
    Ok(head)
}

impl Db {
    fn has_audit(&self) -> Result<bool> {
        let version = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
        Ok(version.map_err(self.error("read the header"))? >= FIRST_VERSION)
    }

    fn audit_head(&self) -> Result<AuditHead> {
        let read = self.connection.query_row(HEAD, [], head_of).optional();
        read.map_err(self.error("read the head of the audit log"))?
            .ok_or_else(|| self.damaged("table audit_head, row 1 is missing"))
    }

    /// Walks the rows with a number below `before`, the newest first; each is held against the row before it.
    pub(super) fn walk_audit(&self, before: u64, visit: VisitAudit<'_>) -> Result<()> {
        if !self.has_audit()? {
            return Ok(());
        }
        let error = self.error("read the audit log");
        let first = beginning(self.data_id()?);
        let sql = "SELECT a.number, a.hash, a.content, b.hash FROM audit a LEFT JOIN audit b ON b.number = a.number - 1 \
                   WHERE a.number < ?1 ORDER BY a.number DESC";
        let mut statement = self.connection.prepare_cached(sql).map_err(&error)?;
        let mut rows = statement.query([signed(before)]).map_err(&error)?;
        while let Some(row) = rows.next().map_err(&error)? {
            let read = || -> rusqlite::Result<_> {
                let number = row.get::<_, i64>(0)?.unsigned_abs();
                let before: Option<[u8; 32]> = row.get(3)?;
                Ok((number, row.get(1)?, row.get_ref(2)?.as_blob()?, before))
            };
            let (number, hash, content, before) = read().map_err(&error)?;
            let before = if number == 1 { Some(first) } else { before };
            if before.is_none_or(|before| link(before, number, content) != hash) {
                let what =
                    format!("table audit, row {number} does not fit the row before it: see `antenne audit verify`");
                return Err(self.damaged(what));
            }
            let row = AuditRow { number, content, hash };
            if visit(row).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Follows the whole chain from its first row to its head, and notes the hash of the row `noted`.
    pub(super) fn check_audit_chain(&self, noted: Option<u64>) -> Result<AuditCheck> {
        if !self.has_audit()? {
            return Ok(AuditCheck::default());
        }
        let error = self.error("read the audit log");
        let mut check = AuditCheck {
            head: self.audit_head()?,
            ..AuditCheck::default()
        };
        let mut statement = self
            .connection
            .prepare("SELECT number, hash, content FROM audit ORDER BY number")
            .map_err(&error)?;
        let mut rows = statement.query([]).map_err(&error)?;
        let mut at = AuditHead {
            number: 0,
            hash: beginning(self.data_id()?),
        };
        while let Some(row) = rows.next().map_err(&error)? {
            let next = at.number + 1;
            let number = row.get::<_, i64>(0).map_err(&error)?.unsigned_abs();
            let content = row.get_ref(2).map_err(&error)?.as_blob().unwrap_or_default();
            if number != next {
                return Ok(check.broken_at(next, format!("row {next} is missing: row {number} comes instead")));
            }
            let hash = link(at.hash, number, content);
            if row.get::<_, [u8; 32]>(1).map_err(&error)? != hash {
                return Ok(check.broken_at(number, format!("row {number} is not as it was written")));
            }
            at = AuditHead { number, hash };
            check.sound = number;
            if noted == Some(number) {
                check.hash_of = Some(hash);
            }
        }
        Ok(check.ended_at(at))
    }

    /// The chain as a part of the whole: how many rows there are, or that it breaks.
    pub(super) fn examine_audit(&self) -> Result<u64> {
        let check = self.check_audit_chain(None)?;
        match check.broken {
            None => Ok(check.sound),
            Some(broken) => Err(self.damaged(format!("table audit: {}", broken.what))),
        }
    }
}

impl AuditCheck {
    fn broken_at(mut self, number: u64, what: String) -> Self {
        self.broken = Some(AuditBreak { number, what });
        self
    }

    /// Holds the last row that was found against the head that was kept.
    fn ended_at(self, last: AuditHead) -> Self {
        let head = self.head;
        if last.number < head.number {
            let what = format!(
                "the log ends at row {}, but {} rows were written",
                last.number, head.number
            );
            return self.broken_at(last.number + 1, what);
        }
        if last.number > head.number || (last.number > 0 && last.hash != head.hash) {
            let what = format!(
                "the head names row {}, and the last row is {}",
                head.number, last.number
            );
            return self.broken_at(last.number, what);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{OpenOptions, Part, Reader as _, SqliteStore, Store as _};
    use rusqlite::Connection;
    use std::path::Path;

    fn open(path: &Path) -> SqliteStore {
        let options = OpenOptions {
            reserve_bytes: 0,
            ..OpenOptions::new([1; 16])
        };
        SqliteStore::open(path, &options).unwrap()
    }

    fn written(path: &Path) {
        let mut store = open(path);
        let contents: Vec<Vec<u8>> = (1..=5).map(|n: u8| vec![n; 3]).collect();
        for content in &contents[..3] {
            store.append_audit(&[content]).unwrap();
        }
        let head = store.append_audit(&[&contents[3], &contents[4]]).unwrap();
        assert_eq!(head.number, 5);
        Box::new(store).close().unwrap();
    }

    fn tampered(sql: &str) -> AuditCheck {
        let temp = tempfile::tempdir().unwrap();
        written(temp.path());
        let connection = Connection::open(temp.path().join("antenne.db")).unwrap();
        let triggers = ["audit_row_stays", "audit_row_is_final"];
        let texts = triggers.map(|name| {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            connection
                .query_row(sql, [name], |row| row.get::<_, String>(0))
                .unwrap()
        });
        for name in triggers {
            connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        connection.execute_batch(sql).unwrap();
        for text in texts {
            connection.execute_batch(&text).unwrap();
        }
        drop(connection);
        let store = open(temp.path());
        let check = store.check_audit(Some(2)).unwrap();
        let part = store.examine(Part::Audit);
        assert_eq!(part.is_err(), check.broken.is_some(), "{part:?}");
        assert_eq!(store.check().is_err(), check.broken.is_some());
        check
    }

    #[test]
    fn every_kind_of_tampering_is_found_where_it_is() {
        let place = |sql: &str| tampered(sql).broken.map(|broken| broken.number);
        assert_eq!(place("SELECT 1"), None);
        assert_eq!(place("UPDATE audit SET content = x'00' WHERE number = 3"), Some(3));
        assert_eq!(place("UPDATE audit SET hash = zeroblob(32) WHERE number = 4"), Some(4));
        assert_eq!(place("DELETE FROM audit WHERE number = 2"), Some(2));
        assert_eq!(place("DELETE FROM audit WHERE number = 1"), Some(1));
        assert_eq!(place("DELETE FROM audit WHERE number >= 4"), Some(4));
        assert_eq!(place("DELETE FROM audit"), Some(1));
        assert_eq!(place("INSERT INTO audit VALUES (6, zeroblob(32), x'00')"), Some(6));
        let swapped = "UPDATE audit SET number = 9 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; \
                       UPDATE audit SET number = 3 WHERE number = 9";
        assert_eq!(place(swapped), Some(2));
        assert_eq!(place("UPDATE audit_head SET last_number = 4"), Some(5));
    }

    #[test]
    fn a_head_noted_elsewhere_shows_what_a_new_head_hides() {
        let whole = tampered("SELECT 1");
        let cut = "DELETE FROM audit WHERE number >= 2; \
                   UPDATE audit_head SET last_number = 1, hash = (SELECT hash FROM audit WHERE number = 1)";
        let hidden = tampered(cut);
        assert_eq!((hidden.broken, hidden.sound), (None, 1), "by itself, it looks whole");
        assert!(whole.hash_of.is_some() && hidden.hash_of.is_none(), "row 2 was noted");
    }

    #[test]
    fn rows_come_newest_first_and_are_never_changed() {
        let temp = tempfile::tempdir().unwrap();
        written(temp.path());
        let connection = Connection::open(temp.path().join("antenne.db")).unwrap();
        for sql in ["UPDATE audit SET content = x'00'", "DELETE FROM audit WHERE number = 5"] {
            let refused = connection.execute_batch(sql).unwrap_err().to_string();
            assert!(refused.contains("the audit log is only appended to"), "{refused}");
        }
        drop(connection);
        let store = open(temp.path());
        let mut seen = Vec::new();
        store
            .audit(5, &mut |row| {
                seen.push((row.number, row.content.to_vec()));
                if seen.len() == 2 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap();
        assert_eq!(seen, [(4, vec![4; 3]), (3, vec![3; 3])]);
    }

    #[test]
    fn rows_of_other_data_do_not_fit() {
        assert_ne!(link(beginning([1; 16]), 1, b"x"), link(beginning([2; 16]), 1, b"x"));
        assert_ne!(link([0; 32], 1, b"x"), link([0; 32], 2, b"x"));
    }
}
